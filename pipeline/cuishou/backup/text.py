"""Text files of any encoding that phones and spreadsheets write, in pieces or in lines."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from cuishou.backup.report import ImportReport

CHUNK = 1 << 20
#: Characters of the longest line that is read. Messages have some hundreds; a longer line is no table of messages.
LONGEST_LINE = 1 << 20

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def sniff_encoding(head: bytes) -> str:
    """The encoding of a text that begins with ``head``.

    A byte order mark decides; else UTF-8 where it fits; else UTF-16 where every second byte is zero; else GB18030 or Big5,
    whichever charset-normalizer finds to be more like writing: almost any bytes are valid GB18030.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head[:512]:
        even, odd = head[0:512:2].count(0), head[1:512:2].count(0)
        if max(even, odd) > len(head[:512]) // 8:
            return "utf-16-be" if even > odd else "utf-16-le"
    if _fits(head, "utf-8"):
        return "utf-8"
    if not _fits(head, "gb18030"):
        return "big5hkscs" if _fits(head, "big5hkscs") else "utf-8"
    if not _fits(head, "big5hkscs"):
        return "gb18030"
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=["gb18030", "big5hkscs", "big5"], preemptive_behaviour=False).best()
    return "big5hkscs" if best is not None and best.encoding.startswith("big5") else "gb18030"


def _fits(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def decode_head(head: bytes) -> str:
    """``head`` as text, for recognising a format."""
    decoder = codecs.getincrementaldecoder(sniff_encoding(head))("replace")
    return decoder.decode(head).removeprefix("\ufeff")


def is_text(head: bytes) -> bool:
    """Whether ``head`` begins a text: nothing in it that only binary files hold."""
    if not head:
        return False
    found = decode_head(head)
    strange = sum(character < " " and character not in "\t\n\r\f\x1a" for character in found)
    # A replacement character that was written as one is text: our own tables hold it for what no table can.
    strange += max(0, found.count("\ufffd") - head.count(b"\xef\xbf\xbd"))
    return "\0" not in found and strange <= len(found) // 100


def pieces(file: BinaryIO, report: ImportReport) -> Iterator[str]:
    """The text of ``file`` in pieces; notes the encoding and the characters that had to be replaced."""
    chunk = file.read(CHUNK)
    report.encoding = sniff_encoding(chunk[: 1 << 16])
    decoder = codecs.getincrementaldecoder(report.encoding)("replace")
    first = True
    while True:
        piece = decoder.decode(chunk, final=not chunk)
        if first:
            piece, first = piece.removeprefix("\ufeff"), False
        if report.encoding.startswith("utf-8"):
            report.repaired += piece.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
        else:
            report.repaired += piece.count("\ufffd")
        if piece:
            yield piece
        if not chunk:
            return
        chunk = file.read(CHUNK)


def lines(file: BinaryIO, report: ImportReport) -> Iterator[tuple[int, str]]:
    r"""The lines of ``file`` with their ends, each with its place in bytes; a line without end is left out and noted as lost.

    Only ``\n``, ``\r\n`` and a lone ``\r`` end a line: message texts hold the other characters that Python would split at.
    """
    offset, rest, skipped = 0, "", 0
    for piece in pieces(file, report):
        encoding = report.encoding or "utf-8"
        held = "\r" if piece.endswith("\r") else ""
        found = (rest + piece.removesuffix("\r")).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        *whole, rest = found
        rest += held
        for line in whole:
            size = len((line + "\n").encode(encoding.removesuffix("-sig"), "replace"))
            if skipped or len(line) > LONGEST_LINE:
                report.lose(offset, f"a line of more than {LONGEST_LINE:,} characters", f"一行超过 {LONGEST_LINE:,} 个字符")
            else:
                yield offset, line + "\n"
            offset, skipped = offset + skipped + size, 0
        if len(rest) > LONGEST_LINE:
            skipped += len(rest.encode(encoding.removesuffix("-sig"), "replace"))
            rest = held
    if skipped:
        report.lose(offset, f"a line of more than {LONGEST_LINE:,} characters", f"一行超过 {LONGEST_LINE:,} 个字符")
    elif rest.rstrip("\r"):
        yield offset, rest.rstrip("\r")
