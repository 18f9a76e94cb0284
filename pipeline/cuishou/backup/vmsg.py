"""VMSG and VMG: messages as virtual cards, from Meizu, OPPO, Samsung's and Nokia's programs and Windows phones.

Between ``BEGIN:VMSG`` and ``END:VMSG`` stand properties, a card with the other party's number, and the text: a ``Subject``
property in quoted-printable, or the lines behind the date. A text may hold ``END:VBODY`` or ``END:VMSG`` itself; only the last
one before the next message or the file's end counts.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from datetime import timezone, tzinfo

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.report import ImportReport
from cuishou.backup.text import decode_head, lines
from cuishou.backup.times import from_text
from cuishou.message import Direction, Instant, Message

NAME = "VMSG / VMG"
KEY = "vmsg"

_LONGEST = 1 << 20
_DATE = re.compile(r"Date:\s*(.+?)\s*$", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:Subject|Body)((?:;[^:\n]*)?):", re.IGNORECASE)
_NOKIA_DATE = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})\s+(\d.*)")
_PROPERTY = re.compile(r"(X-[A-Z0-9-]+|TEL|FN|N|DateOrigin)(?:;[^:\n]*)?:(.*)", re.IGNORECASE)


def sniff(head: bytes) -> str | None:
    """The first line is ``BEGIN:VMSG``."""
    return "BEGIN:VMSG" if decode_head(head).lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VMSG") else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    with source.open() as file:
        for number, (offset, block, whole) in enumerate(_blocks(lines(file, report)), 1):
            if not whole:
                report.lose(offset, "a message without END:VMSG: the file was cut off", "这条短信没有结尾，文件不完整")
            else:
                yield _message(block, report.source, number, options.timezone)


def _blocks(found: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str], bool]]:
    """Place and lines of each message, and whether it ends. ``END:VMSG`` ends it where a new one or nothing follows."""
    start, block, size, closed = 0, list[str](), 0, 0
    for offset, line in found:
        word = line.strip().upper()
        if word == "BEGIN:VMSG" and (not block or closed == len(block)):
            if block:
                yield start, block, True
            start, block, size, closed = offset, [line], 0, 0
            continue
        if not block or (not word and closed == len(block)):
            continue
        size += len(line)
        if size <= _LONGEST:
            block.append(line)
            closed = len(block) if word == "END:VMSG" else closed
    if block:
        yield start, block[: closed or None], bool(closed)


def _message(block: list[str], source: str, number: int, zone: tzinfo) -> Message:
    head, body = _parts(block)
    properties: dict[str, str] = {}
    for line in head:
        if (match := _PROPERTY.match(line.strip())) and match[2].strip():
            properties.setdefault(match[1].upper(), match[2].strip())
    at, rest = _date(body, zone)
    if at is None and "X-NOK-DT" in properties:
        at = from_text(properties["X-NOK-DT"], zone)
    way = _direction(properties, body)
    return Message(
        body=_text(rest),
        address=properties.get("TEL", ""),
        direction=way,
        **fields.instants(way, at, None),
        contact=properties.get("FN") or properties.get("N", "").strip(";") or None,
        sim=properties.get("X-SIMID") or properties.get("X-MESSAGE-SLOT"),
        source=source,
        record=number,
    )


def _parts(block: list[str]) -> tuple[list[str], list[str]]:
    """The lines before the body, and those of the body."""
    words = [line.strip().upper() for line in block]
    begin = words.index("BEGIN:VBODY") if "BEGIN:VBODY" in words else len(words)
    ends = [place for place, word in enumerate(words) if word == "END:VBODY" and place > begin]
    return block[:begin], block[begin + 1 : ends[-1] if ends else len(block)]


def _direction(properties: dict[str, str], body: list[str]) -> Direction:
    boxes = [line.partition(":")[2].strip() for line in body if line.upper().startswith("X-BOX:")]
    boxes += [properties[name] for name in ("X-BOX", "X-MESSAGE-TYPE", "X-IRMC-BOX", "X-MSGBOX") if name in properties]
    return next((way for way in map(fields.direction, boxes) if way != "unknown"), "unknown")


def _date(body: list[str], zone: tzinfo) -> tuple[Instant | None, list[str]]:
    """The body's date, and the lines behind it."""
    for place, line in enumerate(body):
        if (match := _DATE.match(line)) is None:
            continue
        written = match[1]
        if written.upper().endswith("GMT"):
            written, zone = written[:-3].strip(), timezone.utc
        if nokia := _NOKIA_DATE.fullmatch(written):  # these phones write the day first
            written = f"{nokia[3]}-{nokia[2]}-{nokia[1]} {nokia[4]}"
        return from_text(written, zone), body[place + 1 :]
    return None, body


def _text(rest: list[str]) -> str:
    for place, line in enumerate(rest):
        if (match := _SUBJECT.match(line)) is not None:
            value = "".join([line[match.end() :], *rest[place + 1 :]])
            parameters = match[1].upper()
            if "QUOTED-PRINTABLE" in parameters:
                charset = re.search(r"CHARSET=([\w-]+)", parameters)
                return _decode(quopri.decodestring(value.encode("ascii", "ignore")), charset[1] if charset else "utf-8")
            return value.rstrip("\n")
    while rest and re.match(r"X-[A-Z-]+:", rest[0]):
        rest = rest[1:]
    return "".join(rest).rstrip("\n")


def _decode(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace").rstrip("\r\n")
    except LookupError:
        return data.decode("utf-8", "replace").rstrip("\r\n")
