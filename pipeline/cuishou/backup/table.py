"""Tables with a header row: CSV, TSV and other separated text, in Chinese or English; the rows of spreadsheets too."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice

from cuishou.backup import fields, text
from cuishou.backup.format import Options, Source, UnreadableBackup
from cuishou.backup.report import ImportReport
from cuishou.backup.times import from_excel, from_local, from_text
from cuishou.message import CHINA, Direction, Instant, Message

NAME = "CSV table"
KEY = "table"

Row = Sequence[object]

#: What programs call the columns. Compared without spaces and in lower case.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "body": ("body", "text", "message", "content", "msg", "smsbody", "messagebody", "内容", "短信内容", "信息内容", "正文", "短信正文",
             "信息", "消息", "消息内容", "短信", "內容", "簡訊內容", "簡訊", "訊息", "訊息內容"),
    "address": ("address", "number", "phone", "phonenumber", "from", "sender", "from/to", "号码", "手机号", "手机号码", "电话", "电话号码",
                "对方号码", "发件人", "发送方", "发信人", "发送号码", "发件号码", "来信号码", "對方號碼", "號碼", "電話", "寄件者", "寄件人"),
    "contact": ("contact", "contact_name", "contactname", "name", "displayname", "姓名", "联系人", "名称", "联系人姓名", "聯絡人", "姓名/名称"),
    "date": ("date", "time", "datetime", "timestamp", "received", "received_at", "receivedat", "时间", "日期", "收发时间", "接收时间", "收到时间",
             "短信时间", "发送/接收时间", "日期时间", "時間", "接收時間", "收訊時間", "时间(北京时间)", "time(utc+8)"),
    "date_sent": ("date_sent", "datesent", "sent_at", "sentat", "senttime", "发送时间", "發送時間"),
    "direction": ("direction", "type", "box", "folder", "msgtype", "messagetype", "类型", "方向", "收发", "收/发", "短信类型", "信箱", "文件夹",
                  "類型", "收發"),
    "sim": ("sim", "simid", "sub_id", "simslot", "卡", "卡槽", "sim卡"),
}  # fmt: skip
_FIELDS = {name: field for field, names in SYNONYMS.items() for name in names}
#: Rows at the beginning among which the header is looked for: titles and empty rows may stand before it.
_TITLE_ROWS = 12
_DELIMITERS = ",;\t|，"
#: What we and others put before a text that a spreadsheet would run: no part of it.
_GUARD = re.compile(r"'(?=[\s\u200b\ufeff]*[=+\-@＝＋－＠\t\r])")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)


def sniff(head: bytes, columns: Mapping[str, str] | None = None) -> str | None:
    """A header row with a column of message texts and one more that we know, or with ``columns`` by field."""
    if not text.is_text(head) or (found := _dialect(text.decode_head(head), columns or {})) is None:
        return None
    return f"header row: {', '.join(str(cell) for cell in found[1].values())[:80]}"


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Raises :class:`UnreadableBackup` when no column can be told to hold the texts."""
    head = text.decode_head(source.head())
    dialect = _dialect(head, options.columns)
    if dialect is None:
        raise UnreadableBackup(_unknown_header(report.source, [line for line in head.splitlines() if line.strip()][:4]))
    with source.open() as file:
        yield from messages(_rows(text.lines(file, report), dialect[0], report), report, options)


def _dialect(head: str, columns: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """The delimiter with which a header row is found, and the fields with the names of their columns."""
    lines = [line for line in head.split("\n") if line.strip()][:_TITLE_ROWS]
    delimiters = told[1] if lines and (told := _SEPARATOR_LINE.fullmatch(lines[0])) else _DELIMITERS
    best: tuple[str, dict[str, str]] | None = None
    for delimiter in delimiters:
        try:
            rows = list(csv.reader((line + "\n" for line in lines), delimiter=delimiter))
        except csv.Error:
            continue
        for row in rows:
            found = header(row, columns)
            if found and (best is None or len(found) > len(best[1])):
                best = delimiter, {field: str(row[place]).strip() for field, place in found.items()}
    return best


def header(row: Row, columns: Mapping[str, str]) -> dict[str, int] | None:
    """The place of each field's column, when ``row`` is a header row.

    It is one when it names a column of texts, and another known column unless ``columns`` names the one of texts.
    """
    cells = [_plain(str(cell)) for cell in row]
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if (field := _FIELDS.get(cell)) is not None:
            found.setdefault(field, place)
    for field, name in columns.items():
        if _plain(name) not in cells:
            return None
        found = {other: place for other, place in found.items() if place != cells.index(_plain(name))}
        found[field] = cells.index(_plain(name))
    known = "body" in found and (len(found) > 1 or "body" in columns)
    return found if known else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", "", name).lower() if name.isascii() else re.sub(r"\s+", "", name)


_FIELDS |= {_plain(name): field for name, field in _FIELDS.items()}


def _unknown_header(name: str, rows: Iterable[object]) -> str:
    shown = "\n  ".join(str(row)[:120] for row in rows)
    return (
        f"{name}: 看不出哪一列是短信正文 (which column holds the messages' text cannot be told). 开头是 (it begins):\n  {shown}\n"
        "请按表中的列名指定 (name the columns as they are called there): --map body=短信内容 --map address=号码 --map date=时间"
    )


def _rows(lines: Iterator[tuple[int, str]], delimiter: str, report: ImportReport) -> Iterator[list[str]]:
    """The rows of a separated text. A quotation mark that never ends costs the rows it swallows, which are noted as lost."""
    at = [0, 0]  # place of the last line, and lines handed out since the last row

    def feed() -> Iterator[str]:
        for offset, line in lines:
            at[0], at[1] = offset, at[1] + 1
            yield line.replace("\0", "\N{REPLACEMENT CHARACTER}")

    reader = csv.reader(feed(), delimiter=delimiter)
    while True:
        at[1] = 0
        try:
            row = next(reader, None)
        except csv.Error as error:
            report.lose(at[0], str(error), "此处不是完整的表格行", max(at[1], 1))
            continue
        if row is None:
            return
        yield row


def messages(rows: Iterable[Row], report: ImportReport, options: Options) -> Iterator[Message]:
    """The messages of a table's rows, the header among the first of them. Raises :class:`UnreadableBackup` without one."""
    rows = iter(rows)
    first = list(islice(rows, _TITLE_ROWS))
    found = next(((number, places) for number, row in enumerate(first) if (places := header(row, options.columns))), None)
    if found is None:
        shown = [" | ".join(str(cell) for cell in row) for row in first[:4]]
        raise UnreadableBackup(_unknown_header(report.source, shown))
    number, places = found
    rest = first[number + 1 :]
    day_first = _day_first(rest, places)
    for record, row in enumerate(_chain(rest, rows), 1):
        if not any(cell not in (None, "") for cell in row):
            continue
        if (message := _message(row, places, report.source, record, options, day_first)) is not None:
            yield message
        else:
            report.lose(0, f"row {record} has too few cells", f"第 {record} 行缺少单元格")


def _chain(first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def _day_first(rows: Sequence[Row], places: Mapping[str, int]) -> bool | None:
    """Whether dates such as ``05/03/2024`` begin with the day, as one row among the first may show."""
    if (place := places.get("date")) is None:
        return None
    for row in rows:
        parts = re.match(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}", str(row[place])) if place < len(row) else None
        if parts and (int(parts[1]) > 12) != (int(parts[2]) > 12):
            return int(parts[1]) > 12
    return None


def _message(
    row: Row, places: Mapping[str, int], source: str, record: int, options: Options, day_first: bool | None
) -> Message | None:
    def cell(field: str) -> object:
        place = places.get(field)
        return row[place] if place is not None and place < len(row) else None

    if places["body"] >= len(row):
        return None
    told = cell("direction")
    way: Direction = fields.direction(told) if told not in (None, "") else "in" if "direction" not in places else "unknown"
    return Message(
        body=_text(cell("body")),
        address=fields.address(_some(cell("address"))),
        direction=way,
        **fields.instants(
            way, instant(cell("date"), options, day_first=day_first), instant(cell("date_sent"), options, day_first=day_first)
        ),
        contact=_text(cell("contact")) or None,
        sim=_text(cell("sim")) or None,
        source=source,
        record=record,
    )


def _some(cell: object) -> object:
    return _text(cell) if cell is None or isinstance(cell, str) else cell


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = "" if cell is None else str(cell)
    return text[1:] if _GUARD.match(text) else text


def instant(cell: object, options: Options, day_first: bool | None = None) -> Instant | None:
    """The instant that a cell tells: a date, a written one, or a number (a spreadsheet's days, or a count since 1970)."""
    zone = options.timezone or CHINA
    if cell is None or isinstance(cell, (bool, time)):
        return None
    if isinstance(cell, datetime):
        return from_local(cell, zone, "second")
    if isinstance(cell, date):
        return from_local(datetime(cell.year, cell.month, cell.day), zone, "day")
    if isinstance(cell, (int, float)):
        return from_excel(cell, zone) if abs(cell) < 100_000 else from_text(str(int(cell)), zone)
    written = str(cell).strip().lstrip("'")
    if re.fullmatch(r"\d{5}(?:\.\d+)?", written):
        return from_excel(float(written), zone)
    return from_text(written, zone, day_first)
