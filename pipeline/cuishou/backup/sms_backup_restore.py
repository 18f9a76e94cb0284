"""SMS Backup & Restore (SyncTech): ``sms-YYYYMMDDHHMMSS.xml``, root element ``<smses>``.

The exporter copies Android's message tables: a missing value is the string ``null``, dates are milliseconds, direction is the
box a message lies in. Its published schema does not fit its own files, so attributes are read as the strings they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from cuishou.backup import fields
from cuishou.backup.format import Options, Source, UnreadableBackup
from cuishou.backup.report import ImportReport
from cuishou.backup.xml_stream import ForbiddenXML, Records, parse, sniff_encoding
from cuishou.message import Message

NAME = "SMS Backup & Restore XML"
KEY = "sbr"

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FIRST = re.compile(r"<([^?!\s>/][^\s>/]{0,40})")


def sniff(head: bytes) -> str | None:
    """The file's first element is ``<smses>``."""
    return "root element <smses>" if root(head) == "smses" else None


def root(head: bytes) -> str | None:
    """The name of the first element of an XML file that begins with ``head``; None when it begins with something else."""
    text = _COMMENT.sub("", head.decode(sniff_encoding(head), errors="replace")).lstrip("\ufeff\0 \t\r\n")
    first = _FIRST.search(text)
    return first[1] if first and text.startswith("<") else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Raises :class:`UnreadableBackup` for a file with a document type declaration."""
    records = Tables(report, root="smses")
    yield from read_xml(source, report, records)


class MessageRecords(Records, Protocol):
    """Records that make messages."""

    def take(self) -> list[Message]:
        """Hand over what was found since the last time."""


def read_xml(source: Source, report: ImportReport, records: MessageRecords) -> Iterator[Message]:
    """Yield what ``records`` makes of the elements of an XML file."""
    with source.open() as file:
        try:
            for _ in parse(file, report, records):
                yield from records.take()
        except ForbiddenXML as error:
            raise UnreadableBackup(f"{report.source}: {error}") from None
    yield from records.take()


class Tables:
    """``<sms>`` and ``<mms>`` elements with a table's columns as attributes, below an element ``root`` that may have a count."""

    names: tuple[str, ...] = ("sms", "mms")
    wants_text = False

    def __init__(self, report: ImportReport, root: str) -> None:
        self._report, self._root = report, root
        self._found: list[Message] = []
        self._mms: dict[str, str] | None = None
        self._texts: list[str] = []
        self._record = 0

    def take(self) -> list[Message]:
        """Hand over what was found since the last time."""
        found, self._found = self._found, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "sms":
            self._add(attributes, fields.nullable(attributes, "body") or "", attributes.get("type", ""))
        elif name == "mms":
            self._mms, self._texts = attributes, []
        elif name == "part" and self._mms is not None:
            text = fields.nullable(attributes, "text")
            if text is not None and attributes.get("ct") == "text/plain":
                self._texts.append(text)
        elif name == self._root and attributes.get("count", "").isdecimal():
            self._report.declared = int(attributes["count"][:12])

    def text(self, data: str) -> None:
        """Nothing stands between the tags."""

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "mms" and self._mms is not None:
            subject = fields.nullable(self._mms, "sub")
            texts = ([subject] if subject else []) + self._texts
            self._add(self._mms, "\n".join(texts), self._mms.get("msg_box", ""))
            self._mms = None

    def forget(self) -> None:
        """What has begun is broken."""
        self._mms = None
        self._record += 1

    def _add(self, attributes: dict[str, str], body: str, box: str) -> None:
        self._record += 1
        address, contact = fields.nullable(attributes, "address"), fields.nullable(attributes, "contact_name", "name")
        contact = None if contact == "(Unknown)" else contact
        self._found.append(
            fields.message(attributes, self._report, self._record, body=body, address=address, contact=contact, box=box)
        )
