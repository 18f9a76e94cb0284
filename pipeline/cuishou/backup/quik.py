"""QKSMS and QUIK: ``backup-yyyyMMddHHmmss.json``, ``{"messageCount": N, "messages": […]}``. MMS are listed without their text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.json_records import keys, records
from cuishou.backup.report import ImportReport
from cuishou.backup.text import decode_head
from cuishou.message import Message

NAME = "QKSMS / QUIK JSON"
KEY = "quik"

_COUNT = re.compile(r'"messageCount"\s*:\s*(\d{1,12})')


def sniff(head: bytes) -> str | None:
    """The keys ``messageCount`` and ``messages``."""
    return "keys messageCount and messages" if {"messageCount", "messages"} <= keys(head) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    if count := _COUNT.search(decode_head(source.head())):
        report.declared = int(count[1])
    with source.open() as file:
        for number, record in enumerate(records(file, report), 1):
            if "date" not in record and "body" not in record:
                continue
            body, address = fields.text(record, "body"), fields.text(record, "address")
            yield fields.message(record, report, number, body=body, address=address)
