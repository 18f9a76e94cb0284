"""Tables without a header from phone assistants and Nokia's suites: lines that begin with ``sms,deliver`` or ``sms,submit``.

豌豆荚 and others descend from Nokia PC Suite and moved its columns. What is told apart by its form and not by its place: the
number (digits, with a tab or quotes before them), the time (the only thing that reads as one), the text (behind the time). In
豌豆荚's dialect the text is the rest of the line, commas and all, and a number of unknown meaning stands between.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.report import ImportReport
from cuishou.backup.text import decode_head, is_text, lines
from cuishou.backup.times import from_text
from cuishou.message import Direction, Message

NAME = "phone assistant CSV (豌豆荚, Nokia)"
KEY = "assistant"

_START = re.compile(r'"?sms"?\s*([,;])\s*"?(deliver|submit|READ|UNREAD|RECEIVED|SENT)', re.IGNORECASE)
_NUMBER = re.compile(r"\+?[\d\s-]{3,24}|\d(?:\.\d+)?E\+\d+")
_TIME = re.compile(r"\d{4}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2}\s+\d{1,2}:\d{2}(?::\d{2})?")
_TAIL = re.compile(r"\d{1,3}")
#: Lines that one quoted text may go over.
_MOST_LINES = 200


def sniff(head: bytes) -> str | None:
    """The first line begins with ``sms,deliver`` or a relative of it."""
    return "lines of sms,deliver" if is_text(head) and _START.match(decode_head(head).lstrip()) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. A line that begins otherwise belongs to the text before it."""
    with source.open() as file:
        for number, (offset, line) in enumerate(_records(lines(file, report)), 1):
            message = _message(line, report.source, number, options)
            if message is None:
                report.lose(offset, "no time in the line", "这一行没有时间")
            else:
                yield message


def _records(found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    start, parts = 0, [""]
    for offset, line in found:
        if _START.match(line):
            if parts[0]:
                yield start, "".join(parts).rstrip("\n")
            start, parts = offset, [line]
        elif parts[0] and len(parts) < _MOST_LINES:
            parts.append(line)
    if parts[0]:
        yield start, "".join(parts).rstrip("\n")


def _message(line: str, source: str, number: int, options: Options) -> Message | None:
    start, time = _START.match(line), _TIME.search(line)
    if start is None or time is None:
        return None
    delimiter = start[1]
    before = next(csv.reader([line[: time.start()].rstrip('"').replace("\n", " ")], delimiter=delimiter), [])
    # the quotation mark and delimiter that end the time, then the fields behind it
    behind = line[time.end() :].removeprefix('"').removeprefix(delimiter)
    way: Direction = "out" if re.search("submit|sent", before[1], re.IGNORECASE) else "in"
    cells = [fields.address(cell) for cell in before[2:]]
    address = next((cell for cell in cells if _NUMBER.fullmatch(cell)), "")
    contact = next((cell for cell in cells if cell and cell != address), None)
    at = from_text(re.sub(r"\.\s*", ".", time[0]), options.timezone)
    return Message(
        body=_body(behind, delimiter),
        address=address,
        direction=way,
        **fields.instants(way, at, None),
        contact=contact,
        source=source,
        record=number,
    )


def _body(behind: str, delimiter: str) -> str:
    """The text behind the time: quoted, after an empty or a short numeric field, or the rest of the line."""
    head, found, rest = behind.partition(delimiter)
    if found and (_TAIL.fullmatch(head) or head in ("", '""')):
        behind = rest
    if not behind.startswith('"'):
        return behind
    closed = re.match(r'"((?:[^"]|"")*)"(?=\Z|' + re.escape(delimiter) + ")", behind)
    return (closed[1] if closed else behind[1:].removesuffix('"')).replace('""', '"')
