"""超级备份 (Super Backup): ``<allsms>`` with ``<sms>`` elements. ``time`` is in the phone's language; only ``date`` is read."""

from __future__ import annotations

from collections.abc import Iterator

from cuishou.backup.format import Options, Source
from cuishou.backup.report import ImportReport
from cuishou.backup.sms_backup_restore import Tables, read_xml, root
from cuishou.message import Message

NAME = "超级备份 (Super Backup) XML"
KEY = "super-backup"


def sniff(head: bytes) -> str | None:
    """The file's first element is ``<allsms>``."""
    return "root element <allsms>" if root(head) == "allsms" else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages."""
    return read_xml(source, report, Tables(report, root="allsms"))
