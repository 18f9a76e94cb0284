"""Plain text, one message a line: what people paste together by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuishou.backup import text
from cuishou.backup.format import Options, Source
from cuishou.backup.report import ImportReport
from cuishou.message import Message

NAME = "plain text"
KEY = "text"

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def sniff(head: bytes) -> str | None:
    """Text with Chinese characters in at least one of two lines."""
    if not text.is_text(head):
        return None
    lines = [line for line in text.decode_head(head).splitlines() if line.strip()]
    chinese = sum(_CHINESE.search(line) is not None for line in lines)
    return "lines of Chinese text" if chinese and 2 * chinese >= len(lines) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield a message for each line that is not empty."""
    with source.open() as file:
        for number, (_, line) in enumerate(text.lines(file, report), 1):
            if body := line.strip():
                yield Message(body, direction="unknown", source=report.source, record=number)
