"""What ``adb shell content query --uri content://sms`` prints: ``Row: 0 _id=1, address=…, body=…``, with nothing escaped.

Texts may hold line breaks, commas and whole imitations of rows. A row therefore begins only where the next number stands with
the first row's first column, and its columns are cut off from both ends in the order of the first rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuishou.backup import fields
from cuishou.backup.format import Options, Source, UnreadableBackup
from cuishou.backup.report import ImportReport
from cuishou.backup.text import decode_head, is_text, lines
from cuishou.backup.times import from_milliseconds
from cuishou.message import Message

NAME = "adb content query"
KEY = "adb"

_ROW = re.compile(r"Row: (\d{1,9}) (\w+)=")
_COLUMN = re.compile(r"(?:^|, )([a-z_]\w{0,40})=")
#: Characters of the longest row.
_LONGEST = 1 << 20
_SAFE = "adb shell content query --uri content://sms --projection _id:date:date_sent:type:read:sub_id:address:body"


def sniff(head: bytes) -> str | None:
    """The first line is ``Row: 0 column=``."""
    return "rows of adb" if is_text(head) and re.match(r"\s*Row: 0 \w+=", decode_head(head)) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Raises :class:`UnreadableBackup` when the rows have no column ``body``."""
    before, behind = _columns(decode_head(source.head()))
    if "body" not in before:
        raise UnreadableBackup(
            f"{report.source}: 各行没有 body 一列，请重新查询 (the rows have no column body; query them again with)\n  {_SAFE}"
        )
    with source.open() as file:
        for offset, number, row in _rows(lines(file, report), before[0], report):
            values = _values(row, before, behind)
            if values is None:
                report.lose(offset, f"row {number} has other columns than row 0", f"第 {number} 行的列与第 0 行不同")
                continue
            body, address = fields.text(values, "body"), fields.text(values, "address")
            yield fields.message(values, report, number + 1, body=body, address=address, read_time=from_milliseconds)


def _columns(head: str) -> tuple[list[str], list[str]]:
    """The columns up to ``body``, and those behind it, as all rows of ``head`` have them."""
    rows = re.split(r"(?m)^Row: \d+ ", head)[1:]
    whole = rows[:-1] or rows  # the last one may be cut
    before: list[str] = []
    behind: list[str] | None = None
    for row in whole:
        names = _COLUMN.findall(row.rstrip("\n"))
        if "body" not in names or (before and names[: len(before)] != before):
            continue
        place = names.index("body")
        before = before or names[: place + 1]
        tail = _distinct_end(names[place + 1 :], before)
        behind = tail if behind is None else _common_end(behind, tail)
    return before, behind or []


def _distinct_end(names: list[str], before: list[str]) -> list[str]:
    """The last of ``names``, as long as each stands once: what imitates a column in a text is not behind ``body``."""
    found: list[str] = []
    for name in reversed(names):
        if name in before or name in found:
            break
        found.insert(0, name)
    return found


def _common_end(one: list[str], other: list[str]) -> list[str]:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return one[len(one) - length :]


def _rows(found: Iterator[tuple[int, str]], first: str, report: ImportReport) -> Iterator[tuple[int, int, str]]:
    """Place, number and text of each row."""
    number, start, parts, size = -1, 0, [""], 0
    for offset, line in found:
        match = _ROW.match(line)
        if match and match[2] == first and int(match[1]) == number + 1:
            if number >= 0:
                yield start, number, "".join(parts).rstrip("\n")
            number, start, parts, size = number + 1, offset, [line[match.start(2) :]], len(line)
            continue
        if match and match[2] == first and int(match[1]) == number and number > 0:
            report.lose(
                offset,
                f"row {number} stands twice: one of the two is part of a message's text",
                f"第 {number} 行出现两次，其一是短信正文",
                0,
            )
        size += len(line)
        if number >= 0 and size <= _LONGEST:
            parts.append(line)
    if number >= 0:
        yield start, number, "".join(parts).rstrip("\n")


def _values(row: str, before: list[str], behind: list[str]) -> dict[str, str] | None:
    """The row's values: what stands before ``body`` cut from the left, what stands behind it from the right."""
    values: dict[str, str] = {}
    rest = row
    for name, following in zip(before, [*before[1:], None], strict=True):
        if not rest.startswith(f"{name}="):
            return None
        rest = rest[len(name) + 1 :]
        if following is not None:
            end = rest.find(f", {following}=")
            if end < 0:
                return None
            values[name], rest = rest[:end], rest[end + 2 :]
    for name in reversed(behind):
        start = rest.rfind(f", {name}=")
        if start < 0:
            return None
        values[name], rest = rest[start + len(name) + 3 :], rest[:start]
    values["body"] = rest
    return {name: value for name, value in values.items() if value != "NULL"}
