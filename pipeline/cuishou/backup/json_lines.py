"""JSON whose keys say what they hold: one object a line or an array, from programs that we do not know, or from ourselves."""

from __future__ import annotations

from collections.abc import Iterator

from cuishou.backup import fields, table
from cuishou.backup.format import Options, Source
from cuishou.backup.json_records import keys, records
from cuishou.backup.report import ImportReport
from cuishou.message import Instant, Message

NAME = "JSON Lines"
KEY = "jsonl"


def sniff(head: bytes) -> str | None:
    """Objects with a key that a table's column of texts might have."""
    found = table.header([*keys(head)], {"body": name} if (name := _body(keys(head))) else {})
    return f"key {name}" if name and found else None


def _body(found: set[str]) -> str | None:
    return next((name for name in table.SYNONYMS["body"] if name in found), None)


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
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
            yield Message(
                body=value("body"),
                address=value("address"),
                direction=way,
                **instants,
                contact=value("contact") or None,
                sim=value("sim") or None,
                source=report.source,
                record=number,
            )


def _instant(value: str, options: Options) -> Instant | None:
    return table.instant(value, options) if value else None
