"""Termux:API's ``termux-sms-list``: a JSON array, or with ``-c`` an object of arrays by conversation.

Its times are the phone's local ones, without a zone. It lists ten messages unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.json_records import keys, records
from cuishou.backup.report import ImportReport
from cuishou.backup.times import from_text
from cuishou.message import Message

NAME = "termux-sms-list JSON"
KEY = "termux"

#: What ``termux-sms-list`` lists without ``-l``.
DEFAULT_LIMIT = 10


def sniff(head: bytes) -> str | None:
    """The keys ``threadid``, ``received`` and ``body``."""
    return "keys threadid, received and body" if {"threadid", "received", "body"} <= keys(head) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    report.row_limit = DEFAULT_LIMIT
    with source.open() as file:
        for number, record in enumerate(records(file, report), 1):
            if "received" not in record:
                continue
            way = fields.direction(fields.text(record, "type") or "")
            sender = fields.text(record, "sender")
            at = from_text(str(record["received"] or ""), options.timezone)
            yield Message(
                body=fields.text(record, "body") or "",
                address=fields.text(record, "address", "number") or "",
                direction=way,
                **fields.instants(way, at, None),
                contact=None if sender == "You" else sender,
                source=report.source,
                record=number,
            )
