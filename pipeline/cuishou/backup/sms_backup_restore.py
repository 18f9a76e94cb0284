"""SMS Backup & Restore (SyncTech): ``sms-YYYYMMDDHHMMSS.xml``, root element ``<smses>``.

The exporter copies Android's message tables: a missing value is the string ``null``, dates are milliseconds, direction is the
box a message lies in. Its published schema does not fit its own files, so attributes are read as the strings they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import BinaryIO

from cuishou.backup.report import ImportReport
from cuishou.backup.xml_stream import ForbiddenXML, parse, sniff_encoding
from cuishou.message import Direction, Instant, Message

NAME = "SMS Backup & Restore XML"

#: Android's boxes, the same for ``type`` of an SMS and ``msg_box`` of an MMS.
_BOXES: dict[str, Direction] = {"1": "in", "2": "out", "3": "draft", "4": "out", "5": "out", "6": "out"}
_ROOT = re.compile(r"<smses[\s>/]")
_MISSING = ("null", "")


def sniff(head: bytes) -> bool:
    """Whether the file's first element is ``<smses>``."""
    text = head.decode(sniff_encoding(head), errors="replace").lstrip("\ufeff")
    first = re.search(r"<(?![?!])[^>]{0,40}", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    return first is not None and _ROOT.match(first[0] + ">") is not None


def read(file: BinaryIO, report: ImportReport) -> Iterator[Message]:
    """Yield the messages. Raises :class:`cuishou.backup.UnreadableBackup` for a file with a document type declaration."""
    records = _Records(report)
    try:
        for _ in parse(file, report, records):
            yield from records.take()
    except ForbiddenXML as error:
        from cuishou.backup import UnreadableBackup

        raise UnreadableBackup(f"{report.source}: {error}") from None
    yield from records.take()


class _Records:
    names: tuple[str, ...] = ("sms", "mms")

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._found: list[Message] = []
        self._mms: dict[str, str] | None = None
        self._texts: list[str] = []
        self._record = 0

    def take(self) -> list[Message]:
        """Hand over what was found since the last time."""
        found, self._found = self._found, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sms":
            self._add(attributes, _value(attributes, "body") or "", attributes.get("type", ""))
        elif name == "mms":
            self._mms, self._texts = attributes, []
        elif name == "part" and self._mms is not None:
            text = _value(attributes, "text")
            if text is not None and attributes.get("ct") == "text/plain":
                self._texts.append(text)
        elif name == "smses" and attributes.get("count", "").isdecimal():
            self._report.declared = int(attributes["count"])

    def end(self, name: str) -> None:
        if name == "mms" and self._mms is not None:
            subject = _value(self._mms, "sub")
            texts = ([subject] if subject else []) + self._texts
            self._add(self._mms, "\n".join(texts), self._mms.get("msg_box", ""))
            self._mms = None

    def forget(self) -> None:
        self._mms = None
        self._record += 1

    def _add(self, attributes: dict[str, str], body: str, box: str) -> None:
        self._record += 1
        self._report.read += 1
        self._report.without_text += not body
        direction = _BOXES.get(box, "unknown")
        at = _instant(attributes.get("date", ""))
        sent = _instant(attributes.get("date_sent", ""))
        if direction != "in":  # the phone's clock is the sender's
            sent, at = sent or at, None
        contact = _value(attributes, "contact_name")
        sim = _value(attributes, "sub_id")
        self._found.append(
            Message(
                body=body,
                address=_value(attributes, "address") or "",
                direction=direction,
                received_at=at,
                sent_at=sent,
                contact=None if contact == "(Unknown)" else contact,
                sim=None if sim == "-1" else sim,
                source=self._report.source,
                record=self._record,
            )
        )


def _value(attributes: dict[str, str], name: str) -> str | None:
    value = attributes.get(name)
    return None if value in _MISSING else value


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc)
#: As milliseconds this is March 1973, before there were short messages: a smaller number counts seconds.
_SECONDS_BELOW = 100_000_000_000


def _instant(value: str) -> Instant | None:
    """Milliseconds (or, from careless tools, seconds) since 1970; None when missing or beyond belief.

    A full second counts as known to the second only: ``date_sent`` always is, and many phones round ``date`` too.
    """
    try:
        number = int(value)
    except ValueError:
        return None
    milliseconds = number * 1000 if abs(number) < _SECONDS_BELOW else number
    try:
        at = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    if not _EARLIEST <= at < _LATEST:
        return None
    return Instant(at, "second" if milliseconds % 1000 == 0 else "millisecond")
