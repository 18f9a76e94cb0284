"""Phone backups: one module a format, each with ``NAME``, ``sniff(head)`` and ``read(file, report)``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cuishou.backup import sms_backup_restore
from cuishou.backup.report import ImportReport, Loss
from cuishou.message import Message

__all__ = ["Backup", "ImportReport", "Loss", "UnreadableBackup", "open_backup"]

#: Bytes of a file's start that a format is recognised by.
HEAD = 64 * 1024


class UnreadableBackup(Exception):
    """A file is no backup that can be read; the message says what was found and what to do."""


class Format(Protocol):
    """A module that reads one format."""

    NAME: str

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with ``head`` is of this format."""

    def read(self, file: BinaryIO, report: ImportReport) -> Iterator[Message]:
        """Yield the messages of ``file`` as they come, and keep ``report``."""


FORMATS: tuple[Format, ...] = (sms_backup_restore,)


@dataclass(frozen=True)
class Backup:
    """An opened backup. Iterating reads it from its start; ``report`` is complete after the last message."""

    path: Path
    format: Format
    report: ImportReport

    def __iter__(self) -> Iterator[Message]:
        with self.path.open("rb") as file:
            yield from self.format.read(file, self.report)


def open_backup(path: str | Path) -> Backup:
    """Recognise the backup at ``path`` by its content. Raises :class:`UnreadableBackup` when there is none that we know."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise UnreadableBackup(f"{path}: {error.strerror or error}") from error
    if not head:
        raise UnreadableBackup(f"{path} is empty (0 bytes); make the backup again and copy it whole")
    for known in FORMATS:
        if known.sniff(head):
            return Backup(path, known, ImportReport(source=path.name, format=known.NAME))
    names = ", ".join(known.NAME for known in FORMATS)
    raise UnreadableBackup(f"{path} is not a backup that can be read; it begins with {head[:16]!r}. Known: {names}")
