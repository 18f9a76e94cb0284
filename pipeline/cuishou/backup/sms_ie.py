"""SMS Import / Export (sms-ie): ``messages.ndjson`` in a ZIP (version 2) or a JSON array (version 1).

Every column of Android's tables that has a value is written as a string under its own name. What the app adds begins with
``__`` in version 2 and has the same names without it in version 1. An MMS has its date in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.json_records import keys, records
from cuishou.backup.report import ImportReport
from cuishou.message import Message

NAME = "SMS Import / Export JSON"
KEY = "sms-ie"


def sniff(head: bytes) -> str | None:
    """Objects with the columns ``_id``, ``thread_id`` and ``date``, and no column of other programs."""
    found = keys(head)
    return "columns _id, thread_id and date" if {"_id", "thread_id", "date"} <= found and "source" not in found else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    with source.open() as file:
        for number, record in enumerate(records(file, report), 1):
            if "date" in record:
                yield _message(record, report, number)


def _message(record: dict[str, Any], report: ImportReport, number: int) -> Message:
    box = fields.text(record, "type" if "type" in record else "msg_box") or ""
    sender = _app(record, "sender_address")
    sender = sender if isinstance(sender, dict) else {}
    others = _app(record, "recipient_addresses")
    to = next((other for other in others if isinstance(other, dict)), {}) if isinstance(others, list) else {}
    far = sender if fields.direction(box) == "in" else to
    names = "__display_name", "display_name"
    return fields.message(
        record,
        report,
        number,
        body=_body(record),
        address=fields.text(record, "address") or fields.text(far, "address"),
        contact=fields.text(record, *names) or fields.text(far, *names),
        box=box,
    )


def _app(record: dict[str, Any], name: str) -> object:
    return record.get(f"__{name}", record.get(name))


def _body(record: dict[str, Any]) -> str:
    if (body := fields.text(record, "body")) is not None:
        return body
    parts = _app(record, "parts")
    parts = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    texts = [fields.text(record, "sub")] + [fields.text(part, "text") for part in parts if part.get("ct") == "text/plain"]
    return "\n".join(text for text in texts if text)
