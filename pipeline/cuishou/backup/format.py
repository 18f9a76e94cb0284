"""What every reader of a backup format is given, and what it has to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import BinaryIO, Protocol

from cuishou.backup.report import ImportReport
from cuishou.message import CHINA, Message

#: Bytes of a file's start that a format is recognised by.
HEAD = 64 * 1024


class UnreadableBackup(Exception):
    """A file is no backup that can be read; the message says what was found and what to do."""


def told(error: OSError) -> str:
    """What the system could not do, in Chinese first where the phone's owner may have to act on it."""
    english = error.strerror or str(error)
    chinese = {
        FileNotFoundError: "没有这个文件",
        PermissionError: "没有读取的权限",
        IsADirectoryError: "这是目录，不是文件",
    }.get(type(error))
    return f"{chinese} ({english})" if chinese else english


@dataclass(frozen=True, slots=True)
class Options:
    """What a file leaves open and its reader has to be told.

    ``timezone`` is that of times written without one. ``columns`` names a table's columns by field, such as
    ``{"body": "短信内容"}``, where its header is not understood.
    """

    timezone: tzinfo = CHINA
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: on disk, in an archive or from standard input.

    ``name`` is how it is called in reports. ``open`` gives it from its start, as often as wanted, and never for writing.
    ``beside`` opens the file of the same name with a suffix added (a database's ``-wal``), if there is one.
    """

    name: str
    open: Callable[[], BinaryIO]
    beside: Callable[[str], BinaryIO | None] = lambda suffix: None

    def head(self) -> bytes:
        """The first bytes, at most :data:`HEAD`."""
        with self.open() as file:
            return file.read(HEAD)


class Format(Protocol):
    """A module that reads one format."""

    #: For people.
    NAME: str
    #: For the option ``--format``.
    KEY: str

    def sniff(self, head: bytes) -> str | None:
        """By what the format is recognised in a file that begins with ``head``; None when it is another."""

    def read(self, source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
        """Yield the messages of ``source`` as they come, noting losses in ``report``. Raises :class:`UnreadableBackup`."""
