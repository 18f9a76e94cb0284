"""Records of a JSON file, one at a time: from an array, from lines, or from what is left of a file that was cut or damaged."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from cuishou.backup.report import ImportReport
from cuishou.backup.text import decode_head, pieces

#: Characters of the longest record that is read: pictures in a record make it megabytes long.
LONGEST = 32 << 20

#: Where a record begins: an object whose first key is not that of what exporters put around the records.
_RECORD = re.compile(r'\{\s*"(?!(?:messageCount|messages|sms|mms|\d+)"\s*:)')
_KEY = re.compile(r'"((?:[^"\\\n]|\\.){1,60})"\s*:')
#: So much of a file's text at least stands behind a fault for it to be one of the text and not of its end being out of sight.
_MARGIN = 64
#: Characters before a fault in which the next record may begin: a lost quotation mark swallows the beginning of the next one.
_BEFORE_FAULT = 256
#: Faults in a row after which the rest of a file is given up.
_MOST_FAULTS = 100_000

_decoder = json.JSONDecoder(strict=False)


def keys(head: bytes) -> set[str]:
    """The keys to be seen in the beginning of a JSON file; empty when it is none."""
    text = decode_head(head).lstrip()
    return set(_KEY.findall(text)) if text.startswith(("{", "[")) else set()


def records(file: BinaryIO, report: ImportReport) -> Iterator[dict[str, Any]]:
    """Yield the objects of ``file`` that are records, whatever arrays and objects stand around them.

    A record that cannot be read is noted in ``report`` and passed over. No more than one record is held in memory.
    """
    text, start, at = "", 0, 0  # what is held, its place in the file in bytes, and where in it we are
    faults = 0
    source = pieces(file, report)
    more = True
    while True:
        found = _RECORD.search(text, at)
        if found is None and not more:
            return
        if found is None:
            keep = max(at, len(text) - _MARGIN)
            start, text, at = start + _size(text[:keep], report), text[keep:], 0
            more = (piece := next(source, None)) is not None
            text += piece or ""
            continue
        if found.start() > 1 << 16:  # forget what has been read
            start, text = start + _size(text[: found.start()], report), text[found.start() :]
            at = 0
            continue
        at = found.start()
        record, end, fault = _decode(text, at)
        if fault is not None and more and _may_go_on(text, at, fault):
            goal = 2 * (len(text) - at)  # so that a long record is tried a few times only
            grown = [text]
            while goal > 0 and more:
                more = (piece := next(source, None)) is not None
                grown.append(piece or "")
                goal -= len(grown[-1])
            text = "".join(grown)
            continue
        if fault is not None:
            report.lose(start + _size(text[:at], report), fault.msg, "此处内容损坏，不是完整的 JSON")
            at, faults = max(at + 1, fault.pos - _BEFORE_FAULT), faults + 1
            if faults == _MOST_FAULTS:
                return
        elif record is not None:
            yield record
            at, faults = end, 0


def _decode(text: str, at: int) -> tuple[dict[str, Any] | None, int, json.JSONDecodeError | None]:
    try:
        record, end = _decoder.raw_decode(text, at)
    except json.JSONDecodeError as error:
        return None, at, error
    except (RecursionError, ValueError) as error:  # nested without end; a number of thousands of digits
        fault = json.JSONDecodeError(str(error), "", 0)
        fault.pos = at + _BEFORE_FAULT + 2 * sys.getrecursionlimit()
        return None, at, fault
    return record, end, None


def _may_go_on(text: str, at: int, fault: json.JSONDecodeError) -> bool:
    """Whether the record may be whole and its end not yet in sight."""
    open_end = fault.msg.startswith("Unterminated string") or fault.pos >= len(text) - _MARGIN
    return open_end and len(text) - at < LONGEST


def _size(text: str, report: ImportReport) -> int:
    return len(text.encode((report.encoding or "utf-8").removesuffix("-sig"), "replace"))
