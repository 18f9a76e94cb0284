"""Simple SMS Messenger and Fossify Messages: JSON, in two dialects.

Until 2023 an array of conversations, ``[{"sms": […], "mms": […]}, …]`` with Android's column names; since then one flat array
whose keys are in camel case and whose records say ``"backupType": "sms"`` or ``"mms"``. An MMS has its date in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.json_records import keys, records
from cuishou.backup.report import ImportReport
from cuishou.backup.text import decode_head
from cuishou.message import Message

NAME = "Fossify / Simple SMS Messenger JSON"
KEY = "fossify"

_CONVERSATIONS = re.compile(r'\s*\[\s*\{\s*"(?:sms|mms)"\s*:\s*\[')


def sniff(head: bytes) -> str | None:
    """Either dialect's own keys."""
    found = keys(head)
    if "backupType" in found and found & {"subscriptionId", "dateSent", "transactionId"}:
        return "key backupType"
    return "conversations with sms and mms" if found and _CONVERSATIONS.match(decode_head(head)) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    with source.open() as file:
        for number, record in enumerate(records(file, report), 1):
            if "date" in record:
                address = fields.text(record, "address") or _address(record)
                yield fields.message(record, report, number, body=_body(record), address=address)


def _address(record: dict[str, Any]) -> str:
    """An MMS's sender (address type 137), else whom it went to (151)."""
    addresses = record.get("addresses")
    known = [entry for entry in addresses if isinstance(entry, dict)] if isinstance(addresses, list) else []
    ranked = sorted(known, key=lambda entry: str(entry.get("type")) != "137")
    found = [fields.text(entry, "address") for entry in ranked]
    return next((entry for entry in found if entry and entry != "insert-address-token"), "")


def _body(record: dict[str, Any]) -> str:
    if (body := fields.text(record, "body")) is not None:
        return body
    parts = record.get("parts")
    parts = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    texts = [fields.text(record, "subject", "sub")]
    texts += [fields.text(part, "text") for part in parts if (part.get("contentType") or part.get("ct")) == "text/plain"]
    return "\n".join(text for text in texts if text)
