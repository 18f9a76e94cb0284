"""SQLite databases of messages: Android's ``mmssms.db``, Huawei's ``sms_tb``, an iPhone's ``sms.db``.

The database is copied to a temporary folder together with its ``-wal`` file, which holds the latest rows, and read there.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from cuishou.backup import fields
from cuishou.backup.format import Options, Source, UnreadableBackup
from cuishou.backup.report import ImportReport
from cuishou.backup.times import from_apple
from cuishou.message import Message

NAME = "SQLite database of messages"
KEY = "sqlite"

_MAGIC = b"SQLite format 3\0"
#: What a damaged database raises; sqlite3 itself fails to decode the names of columns in its own error messages.
_FAULTS = (sqlite3.DatabaseError, UnicodeDecodeError)
#: Rows asked for together.
_ROWS = 500


def sniff(head: bytes) -> str | None:
    """SQLite's own first bytes; the tables are looked at when it is read."""
    return "SQLite header" if head.startswith(_MAGIC) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Raises :class:`UnreadableBackup` for a database that is damaged or holds no messages."""
    with tempfile.TemporaryDirectory(prefix="cuishou-") as folder:
        copy = Path(folder) / "messages.db"
        with source.open() as file, copy.open("wb") as target:
            shutil.copyfileobj(file, target, 1 << 20)
        if (wal := source.beside("-wal")) is not None:
            with wal, Path(f"{copy}-wal").open("wb") as target:
                shutil.copyfileobj(wal, target, 1 << 20)
        try:
            with closing(sqlite3.connect(copy)) as database:
                yield from _read(database, report)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            english = f"the database cannot be read: {error}; copy it again, with the file of the same name that ends in -wal"
            raise UnreadableBackup(
                f"{report.source}: 数据库读不了；请连同同名的 -wal 文件重新拷贝，拷贝前先退出短信应用 ({english})"
            ) from None


def _read(database: sqlite3.Connection, report: ImportReport) -> Iterator[Message]:
    database.row_factory = sqlite3.Row
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    # a view or a virtual table could hide a query that never ends: only plain tables are read
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' AND sql NOT LIKE '%GENERATED%'"
    )
    names = {row["name"] for row in tables}
    for known, make in _TABLES.items():
        if known in names and (known != "message" or "handle" in names):
            columns = {row["name"] for row in database.execute(f"PRAGMA table_info({known})")}
            if not columns & {"body", "text"}:
                continue
            report.declared = _count(database, known)
            yield from make(database, report)
            return
    shown = ", ".join(sorted(names)[:8]) or "none"
    english = f"a database without messages; its tables: {shown}; wanted is mmssms.db, a Huawei sms.db or an iPhone's sms.db"
    raise UnreadableBackup(f"{report.source}: 数据库里没有短信；能读的是 mmssms.db、华为的 sms.db 和 iPhone 的 sms.db ({english})")


def _count(database: sqlite3.Connection, table: str) -> int | None:
    try:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own names)
    except _FAULTS:
        return None


def _rows(database: sqlite3.Connection, query: str, table: str, report: ImportReport) -> Iterator[sqlite3.Row]:
    """The rows of ``query``, which has a place for conditions on ``rowid``, in its order; those on broken pages are passed over."""

    def ask(last: int, most: int) -> list[sqlite3.Row]:
        condition = f"{table}.rowid > {last} ORDER BY {table}.rowid LIMIT {most}"
        rows = database.execute(query.format(condition=condition)).fetchall()
        for row in rows:  # on a damaged page ids may stand still or go back: for ever
            if row["rowid"] <= last:
                raise sqlite3.DatabaseError("row ids out of order")
            last = row["rowid"]
        return rows

    last = -(2**63)
    while True:
        try:
            rows = ask(last, _ROWS)
        except _FAULTS as error:
            rows = _up_to_fault(ask, last)
            yield from rows
            last = rows[-1]["rowid"] if rows else last
            behind = _behind_fault(ask, last)
            row, lost = max(last, 0), 1 if behind is None else max(1, behind - max(last, 0))
            report.lose(0, f"{error} behind row {row}", f"数据库在第 {row} 行之后损坏", lost)
            if behind is None:
                return
            last = behind
            continue
        if not rows:
            return
        yield from rows
        last = rows[-1]["rowid"]


Ask = Callable[[int, int], list[sqlite3.Row]]


def _up_to_fault(ask: Ask, last: int) -> list[sqlite3.Row]:
    """The rows before the fault, one by one."""
    rows: list[sqlite3.Row] = []
    while len(rows) < _ROWS:
        try:
            row = ask(rows[-1]["rowid"] if rows else last, 1)
        except _FAULTS:
            break
        if not row:
            break
        rows += row
    return rows


def _behind_fault(ask: Ask, last: int) -> int | None:
    """The row id after which reading works again: found by ever longer steps, then by halving the last one."""
    broken, step = max(last, 0), 1
    while step < 2**40:
        try:
            if not ask(broken + step, 1):
                return None
        except _FAULTS:
            broken, step = broken + step, step * 2
            continue
        works = broken + step
        while works - broken > 1:
            middle = (works + broken) // 2
            try:
                ask(middle, 1)
            except _FAULTS:
                broken = middle
            else:
                works = middle
        return works
    return None


def _android(database: sqlite3.Connection, report: ImportReport, table: str) -> Iterator[Message]:
    query = f"SELECT {table}.rowid AS rowid, * FROM {table} WHERE {{condition}}"  # noqa: S608 (our own names)
    for number, row in enumerate(_rows(database, query, table, report), 1):
        values = _values(row)
        body, address = fields.text(values, "body"), fields.text(values, "address")
        yield fields.message(values, report, number, body=body, address=address)


def _iphone(database: sqlite3.Connection, report: ImportReport) -> Iterator[Message]:
    query = (
        "SELECT message.ROWID AS rowid, message.*, handle.id AS address FROM message"
        " LEFT JOIN handle ON handle.ROWID = message.handle_id WHERE {condition}"
    )
    for number, row in enumerate(_rows(database, query, "message", report), 1):
        values = _values(row)
        outgoing = str(values.get("is_from_me", "0")) == "1"
        at = from_apple(values.get("date") or 0)
        body = fields.text(values, "text")
        yield Message(
            body=_attributed(values.get("attributedBody")) if body is None else body,
            address=fields.text(values, "address") or "",
            direction="out" if outgoing else "in",
            **fields.instants("out" if outgoing else "in", at, None),
            source=report.source,
            record=number,
        )


def _values(row: sqlite3.Row) -> dict[str, Any]:
    return {name: row[name] for name in row.keys()}  # noqa: SIM118 (iterating a Row gives its values)


def _attributed(archive: object) -> str:
    """The text in an ``NSAttributedString`` archive (typedstream): behind ``NSString`` come five bytes, its length, itself."""
    if not isinstance(archive, bytes) or (start := archive.find(b"NSString")) < 0:
        return ""
    rest = archive[start + len(b"NSString") + 5 :]
    if not rest:
        return ""
    if rest[0] == 0x81:  # two bytes of length follow, 0x82: four
        size, rest = int.from_bytes(rest[1:3], "little"), rest[3:]
    elif rest[0] == 0x82:
        size, rest = int.from_bytes(rest[1:5], "little"), rest[5:]
    else:
        size, rest = rest[0], rest[1:]
    return rest[:size].decode("utf-8", "replace")


def _sms(database: sqlite3.Connection, report: ImportReport) -> Iterator[Message]:
    return _android(database, report, "sms")


def _sms_tb(database: sqlite3.Connection, report: ImportReport) -> Iterator[Message]:
    return _android(database, report, "sms_tb")


#: By table name; the first that a database has is read.
_TABLES: dict[str, Callable[[sqlite3.Connection, ImportReport], Iterator[Message]]] = {
    "sms": _sms,
    "sms_tb": _sms_tb,
    "message": _iphone,
}
