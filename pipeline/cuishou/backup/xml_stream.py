"""XML as phones write it: streamed, repaired where exporters break the standard, and never trusted.

What a conforming parser would stop at is mended on the way in: references to the two halves of a surrogate pair
(``&#55357;&#56832;``), references to characters that XML forbids, bare ampersands, control characters, bytes that are no text.
Where a file is broken beyond that, reading goes on at the next record, and the loss is noted with its place.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol
from xml.parsers import expat

from cuishou.backup.report import ImportReport

CHUNK = 1 << 20
_HEAD = 256  # bytes in which a file tells its encoding

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
#: References in a row, which begin with none to a tab or the end of a line: those are most, and nothing is wrong with them.
_REFERENCES = re.compile(rb"&#(?!(?:9|10|13);)(?:[xX][0-9A-Fa-f]{1,8}|[0-9]{1,10});(?:&#(?:[xX][0-9A-Fa-f]{1,8}|[0-9]{1,10});)*")
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));")
#: An ampersand that begins no reference: XML itself defines five names, and without a document type there are no others.
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[xX][0-9A-Fa-f]{1,8}|#[0-9]{1,10});)")
#: In a comment it is allowed, and every file of SMS Backup & Restore has one there.
_COMMENT_OR_BARE = re.compile(rb"<!--.*?-->|" + _BARE_AMPERSAND.pattern, re.DOTALL)
#: The end of a piece that goes on in the next: a reference to a high half, which waits for its low half, and a cut reference.
_OPEN_END = re.compile(
    rb"(?:&#(?:0{0,4}(?:55(?:29[6-9]|[3-9]\d\d)|56(?:[0-2]\d\d|3[01]\d))|[xX]0{0,4}[dD][89abAB][0-9a-fA-F]{2});)?"
    rb"(?:&[#0-9A-Za-z]{0,12})?\Z"
)
#: Characters that XML 1.0 does not allow (section 2.2, production Char), in UTF-8.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


#: What the phone's owner is told of a fault.
_NO_XML, _CUT_OFF = "此处内容损坏，不是完整的 XML", "文件到此中断，后面的内容缺失"


class ForbiddenXML(Exception):
    """The file holds a document type declaration, from which entity bombs are made. No exporter writes one."""


class Records(Protocol):
    """Who is told what the file holds."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the elements at which reading can go on after an error."""

    @property
    def wants_text(self) -> bool:
        """Whether the format has its values between tags and not in attributes."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def text(self, data: str) -> None:
        """Characters between tags; only told where wanted."""

    def end(self, name: str) -> None:
        """An element ends."""

    def forget(self) -> None:
        """What has begun is broken and will not end."""


def parse(file: BinaryIO, report: ImportReport, records: Records) -> Iterator[None]:
    """Parse ``file``, telling ``records`` of its elements; stops after each piece so that they can be handed on.

    Losses and repaired characters are noted in ``report``. Raises :class:`ForbiddenXML`.
    """
    names = b"|".join(name.encode() for name in records.names)
    resume = re.compile(b"<(?:" + names + rb")(?=[\s/>])")
    parser: _Parser | None = _Parser(records, fragment=False)
    carried = b""
    end = 0
    for offset, piece in _repaired(_pieces(file, report), report):
        rest = carried + piece
        offset -= len(carried)
        carried = b""
        end = offset + len(rest)
        least = 0  # bytes to go on by after an error: from where reading was resumed at least one, lest it resume there for ever
        while rest:
            if parser is None:
                if (found := resume.search(rest)) is None:
                    carried = rest[-16:]
                    break
                offset, rest = offset + found.start(), rest[found.start() :]
                parser, least = _Parser(records, fragment=True), 1
            if (fault := parser.feed(rest)) is None:
                break
            position = max(fault.position, least)
            offset, rest = offset + position, rest[position:]
            parser = None
            if not fault.is_end:
                report.lose(offset, fault.reason, _NO_XML)
                records.forget()
            elif not rest.startswith(b"<"):
                break
            else:
                rest, offset = rest[1:], offset + 1
        yield
    if parser is not None and (reason := parser.finish()):
        report.lose(end, reason, _CUT_OFF)
        records.forget()


class _Fault:
    """Why and where parsing stopped: ``position`` in the piece just fed. ``is_end``: it was only the document's own end."""

    def __init__(self, position: int, reason: str, is_end: bool) -> None:
        self.position, self.reason, self.is_end = position, reason, is_end


class _Parser:
    """One run of expat: over the whole document, or, after an error, over what is left of it."""

    def __init__(self, records: Records, fragment: bool) -> None:
        self._records, self._fragment = records, fragment
        self._open = 0
        self._expat = expat.ParserCreate("utf-8")
        # in a whole document nobody has to stand between expat and the records
        self._expat.StartElementHandler = self._start if fragment else records.start
        self._expat.EndElementHandler = self._end if fragment else records.end
        self._expat.StartDoctypeDeclHandler = self._refuse
        if records.wants_text:
            self._expat.buffer_text = True
            self._expat.CharacterDataHandler = records.text
        self._fed = 0
        if fragment:
            self._feed(b"<fragment>")

    def feed(self, piece: bytes) -> _Fault | None:
        """Parse ``piece``; returns what stopped it."""
        before = self._fed
        try:
            self._feed(piece)
        except expat.ExpatError as error:
            position = min(max(self._expat.ErrorByteIndex - before, 0), len(piece))
            is_end = self._fragment and self._open <= 1 and error.code == _MISMATCHED
            return _Fault(position, expat.ErrorString(error.code), is_end)
        return None

    def finish(self) -> str | None:
        """Tell the parser that nothing follows; returns what is missing."""
        try:
            self._expat.Parse(b"</fragment>" if self._fragment else b"", True)
        except expat.ExpatError:
            return "the file ends in the middle: it was cut off"
        return None

    def _feed(self, data: bytes) -> None:
        self._fed += len(data)
        self._expat.Parse(data, False)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open += 1
        if self._open > 1:  # the first is the root that we made ourselves
            self._records.start(name, attributes)

    def _end(self, name: str) -> None:
        self._open -= 1
        self._records.end(name)

    def _refuse(self, *_: object) -> None:
        raise ForbiddenXML("it holds a document type declaration (<!DOCTYPE), which no backup has; it was not read")


_MISMATCHED = expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]

Piece = tuple[int, bytes]  # place in the file, and what stands there


def _pieces(file: BinaryIO, report: ImportReport) -> Iterator[Piece]:
    """The file in UTF-8 and without media. A place is exact for UTF-8, and counts UTF-8 bytes for other encodings."""
    first = file.read(max(CHUNK, _HEAD))
    encoding = sniff_encoding(first)
    chunks = _chunks(first, file)
    if encoding.startswith("utf-16"):  # markup cannot be seen in it before it is decoded
        yield from _without_media(_decoded(chunks, encoding, report))
    else:
        yield from _decoded(_without_media(chunks), encoding, report)


def sniff_encoding(head: bytes) -> str:
    """The encoding of an XML file from its first bytes: byte order mark, else the declaration, else UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if head[0] else "utf-16-be"
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8)[:_HEAD])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    name = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8": "utf-8-sig", "utf8": "utf-8-sig"}.get(name, name)
    try:
        codecs.lookup(name)
    except LookupError:
        return "utf-8-sig"
    return "utf-8-sig" if name.startswith("utf-16") else name  # it says UTF-16 in plain ASCII: it is not


def _chunks(first: bytes, file: BinaryIO) -> Iterator[Piece]:
    offset, chunk = 0, first
    while chunk:
        yield offset, chunk
        offset += len(chunk)
        chunk = file.read(CHUNK)


def _decoded(pieces: Iterator[Piece], encoding: str, report: ImportReport) -> Iterator[Piece]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    offset = 0
    for offset, piece in pieces:
        text = decoder.decode(piece)
        if "\N{REPLACEMENT CHARACTER}" in text:
            report.repaired += text.count("\N{REPLACEMENT CHARACTER}") - piece.count(_REPLACEMENT)
        if offset == 0 and encoding != "utf-8-sig":
            text = text.removeprefix("\ufeff")
        yield offset, text.encode("utf-8", "replace")
    if tail := decoder.decode(b"", final=True):
        report.repaired += len(tail)
        yield offset, tail.encode()


def _without_media(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Empty the attribute ``data`` of ``<part>`` elements: pictures and sound, often most of the file, are never parsed.

    Only inside a ``<part>`` tag: a message's text may well contain `` data="``.
    """
    media = _MediaFilter()
    for offset, piece in pieces:
        yield from media.feed(offset, piece)
    yield from media.feed(media.end, b"", last=True)


class _MediaFilter:
    """Knows whether the bytes at hand are inside a ``<part>`` tag, and inside one of its values."""

    _PART = re.compile(rb"<part(?=[\s/>])")
    _ATTRIBUTE = re.compile(rb"\s*([^\s=<>\"'/]+)\s*=\s*([\"'])")
    #: Longer than any attribute's name with what stands around it; so much is held back at a piece's end.
    _HOLD = 256

    def __init__(self) -> None:
        self._buffer, self._offset = b"", 0
        self._position = self._kept_from = 0
        self._quote: bytes | None = None  # what ends the value that we are in
        self._dropping = self._in_part = False
        self._found: list[Piece] = []

    @property
    def end(self) -> int:
        """Where the next piece begins."""
        return self._offset + len(self._buffer)

    def feed(self, offset: int, piece: bytes, last: bool = False) -> list[Piece]:
        """What is left of the bytes so far."""
        self._offset = offset - len(self._buffer)
        self._buffer += piece
        self._position = self._kept_from = 0
        self._found = []
        while self._value() if self._quote else self._tag(last) if self._in_part else self._text(last):
            pass
        self._keep(self._position)
        self._buffer, self._offset = self._buffer[self._position :], self._offset + self._position
        return self._found

    def _keep(self, until: int) -> None:
        if until > self._kept_from:
            self._found.append((self._offset + self._kept_from, self._buffer[self._kept_from : until]))
        self._kept_from = until

    def _value(self) -> bool:
        """Go to the end of the value; False when it is not here yet."""
        assert self._quote is not None
        found = self._buffer.find(self._quote, self._position)
        self._position = len(self._buffer) if found < 0 else found
        if self._dropping:
            self._kept_from = self._position
        if found < 0:
            return False
        self._position += 1
        self._quote, self._dropping = None, False
        return True

    def _tag(self, last: bool) -> bool:
        """Go to the next value of the tag, or out of it; False when more bytes are needed to tell."""
        match = self._ATTRIBUTE.match(self._buffer, self._position)
        if match is not None:
            self._position, self._quote, self._dropping = match.end(), match[2], match[1] == b"data"
            if self._dropping:
                self._keep(self._position)
            return True
        rest = self._buffer[self._position : self._position + self._HOLD]
        if len(rest) < self._HOLD and not last and b">" not in rest:
            return False
        self._in_part = False
        return True

    def _text(self, last: bool) -> bool:
        """Go to the next ``<part>`` tag; False when there is none here."""
        match = self._PART.search(self._buffer, self._position)
        if match is None:
            self._position = len(self._buffer) if last else max(self._position, len(self._buffer) - self._HOLD)
            return False
        self._position, self._in_part = match.end(), True
        return True


def _repaired(pieces: Iterator[Piece], report: ImportReport) -> Iterator[Piece]:
    held, held_at = b"", 0
    for offset, piece in pieces:
        if held:
            offset, piece = held_at, held + piece
        open_end = _OPEN_END.search(piece, max(0, len(piece) - 32))
        cut = open_end.start() if open_end else len(piece)
        held, held_at, piece = piece[cut:], offset + cut, piece[:cut]
        yield offset, _repair(piece, report)
    if held:
        yield held_at, _repair(held, report)


def _repair(piece: bytes, report: ImportReport) -> bytes:
    # seldom there, and told ten times as fast without the pattern
    if len(piece.translate(None, _CONTROLS)) < len(piece) or b"\xef\xbf\xbe" in piece or b"\xef\xbf\xbf" in piece:
        piece, count = _FORBIDDEN.subn(_REPLACEMENT, piece)
        report.repaired += count
    if b"&" not in piece:
        return piece

    def written_out(found: re.Match[bytes]) -> bytes:
        if found[0] != b"&":
            return found[0]
        report.repaired += 1
        return b"&amp;"

    if _BARE_AMPERSAND.search(piece):
        piece = _COMMENT_OR_BARE.sub(written_out, piece)

    def join(run: re.Match[bytes]) -> bytes:
        fixed = join_surrogates([int(h, 16) if h else int(d) for h, d in _REFERENCE.findall(run[0])])
        report.repaired += sum(code is None for code in fixed)
        return b"".join(b"&#%d;" % (0xFFFD if code is None else code) for code in fixed)

    return _REFERENCES.sub(join, piece)


def join_surrogates(codes: list[int]) -> list[int | None]:
    """Join each high half and the low half behind it to one code point; None stands for what XML 1.0 has no character for."""
    joined: list[int | None] = []
    high: int | None = None
    for code in codes:
        if high is not None and 0xDC00 <= code <= 0xDFFF:
            joined[-1] = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
            high = None
            continue
        high = code if 0xD800 <= code <= 0xDBFF else None
        joined.append(code if _is_xml_character(code) else None)
    return joined


def _is_xml_character(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
