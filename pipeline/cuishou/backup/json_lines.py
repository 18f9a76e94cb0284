"""JSON whose keys say what they hold: one object a line or an array, from programs that we do not know, or from ourselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cuishou.backup import fields, table
from cuishou.backup.format import Options, Source
from cuishou.backup.json_records import keys, records
from cuishou.backup.report import ImportReport
from cuishou.message import Earlier, Instant, Message

NAME = "JSON Lines"
KEY = "jsonl"

#: Keys of a record that we wrote; nobody else's has all of them.
_OURS = frozenset(("number", "source", "record", "received_at", "sent_at", "body", "tag"))
#: No import has so many messages.
_ENOUGH = 10**12


def sniff(head: bytes) -> str | None:
    """Objects with a key that a table's column of texts might have."""
    found = table.header([*keys(head)], {"body": name} if (name := _body(keys(head))) else {})
    return f"key {name}" if name and found else None


def _body(found: set[str]) -> str | None:
    return next((name for name in table.SYNONYMS["body"] if name in found), None)


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Those that we wrote keep the number that papers cite them by, and the mark of an acquaintance."""
    last = 0
    with source.open() as file:
        for number, record in enumerate(records(file, report), 1):
            places = table.header([*record], options.columns or {"body": _body(set(record)) or "body"})
            if places is None:
                report.lose(0, f"record {number} has no text", f"第 {number} 条没有正文")
                continue
            names = {field: [*record][place] for field, place in places.items()}

            def value(field: str) -> str:
                return fields.text(record, names[field]) or "" if field in names else ""  # noqa: B023 (called at once)

            told = value("direction")
            way = fields.direction(told) if told else "in"
            at, sent = _instant(value("date"), options), _instant(value("date_sent"), options)
            if {"received_at", "sent_at"} & set(record):  # as written by us: nothing to be told from the direction
                instants = fields.Instants(received_at=at, sent_at=sent)
            else:
                instants = fields.instants(way, at, sent)
            earlier = _earlier(record, last)
            last = earlier.number if earlier else last + 1
            yield Message(
                body=value("body"),
                address=value("address"),
                direction=way,
                **instants,
                contact=value("contact") or None,
                sim=value("sim") or None,
                source=report.source,
                record=number,
                earlier=earlier,
            )


def _earlier(record: Mapping[str, Any], last: int) -> Earlier | None:
    """What an earlier import noted. Numbers go up in a file of ours; one that does not would be another message's as well."""
    if not record.keys() >= _OURS:
        return None
    number = record["number"]
    fits = type(number) is int and last < number < _ENOUGH
    return Earlier(number if fits else last + 1, record.get("familiar") is True, fields.text(record, "source") or "")


def _instant(value: str, options: Options) -> Instant | None:
    return table.instant(value, options) if value else None
