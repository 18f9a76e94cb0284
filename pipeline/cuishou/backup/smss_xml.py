"""The XML that a widely copied tutorial writes: ``<smss>`` with values between tags, ``<sms><address>…</address>…</sms>``."""

from __future__ import annotations

from collections.abc import Iterator

from cuishou.backup import fields
from cuishou.backup.format import Options, Source
from cuishou.backup.report import ImportReport
from cuishou.backup.sms_backup_restore import read_xml, root
from cuishou.message import Message

NAME = "<smss> XML"
KEY = "smss"


def sniff(head: bytes) -> str | None:
    """The file's first element is ``<smss>``."""
    return "root element <smss>" if root(head) == "smss" else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    return read_xml(source, report, _Elements(report))


class _Elements:
    names: tuple[str, ...] = ("sms",)
    wants_text = True

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._found: list[Message] = []
        self._values: dict[str, str] | None = None
        self._name: str | None = None
        self._record = 0

    def take(self) -> list[Message]:
        found, self._found = self._found, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sms":
            self._values, self._name = dict(attributes), None
        elif self._values is not None:
            self._name = name
            self._values[name] = ""
        elif name == "smss":
            count = attributes.get("max") or attributes.get("count") or ""
            if count.isdecimal():
                self._report.declared = int(count[:12])

    def text(self, data: str) -> None:
        if self._values is not None and self._name is not None:
            self._values[self._name] += data

    def end(self, name: str) -> None:
        if name != "sms" or self._values is None:
            self._name = None
            return
        values, self._values = self._values, None
        self._record += 1
        body, address = fields.nullable(values, "body"), fields.nullable(values, "address")
        contact = fields.nullable(values, "name", "person")
        self._found.append(fields.message(values, self._report, self._record, body=body, address=address, contact=contact))

    def forget(self) -> None:
        self._values = None
        self._record += 1
