"""``adb backup`` files (``backup.ab``), unencrypted: a tar archive with the messages as deflated JSON, a thousand a file."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from cuishou.backup import fields
from cuishou.backup.format import Options, Source, UnreadableBackup
from cuishou.backup.json_records import records
from cuishou.backup.report import ImportReport
from cuishou.message import Message

NAME = "adb backup"
KEY = "ab"

_MAGIC = b"ANDROID BACKUP\n"
_MEMBERS = ("_sms_backup", "_mms_backup")


def sniff(head: bytes) -> str | None:
    """``ANDROID BACKUP`` and a header that says it is not encrypted."""
    return "header of an unencrypted adb backup" if head.startswith(_MAGIC) and head.split(b"\n", 4)[3:4] == [b"none"] else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Raises :class:`UnreadableBackup` when the archive holds none."""
    number, members = 0, 0
    with source.open() as file:
        compressed = [file.readline(64) for _ in range(4)][2].strip() == b"1"
        stream: BinaryIO = io.BufferedReader(Inflated(file)) if compressed else file
        try:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    if not member.name.endswith(_MEMBERS) or (content := archive.extractfile(member)) is None:
                        continue
                    members += 1
                    for record in records(io.BufferedReader(Inflated(content)), report):
                        number += 1
                        yield _message(record, report, number)
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            report.lose(file.tell(), f"the archive is damaged or was cut off here: {error}", "备份在此处损坏或中断")
    if not members and not report.lost:
        raise UnreadableBackup(
            f"{report.source}: adb 备份里没有短信，请这样备份 (an adb backup without messages; make it with)\n"
            "  adb backup com.android.providers.telephony"
        )


class Inflated(io.RawIOBase):
    """The inflated bytes of a zlib stream, a piece at a time: however much they are, little is held."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._inflate = file, zlib.decompressobj()

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer``; 0 at the end. Raises :class:`zlib.error`."""
        while not self._inflate.eof:
            data = self._inflate.unconsumed_tail or self._file.read(1 << 16)
            if not data:
                raise EOFError("it ends in the middle")
            if piece := self._inflate.decompress(data, len(buffer)):
                buffer[: len(piece)] = piece
                return len(piece)
        return 0


def _message(record: dict[str, object], report: ImportReport, number: int) -> Message:
    people = record.get("recipients") or record.get("mms_addresses")
    first = people[0] if isinstance(people, list) and people else None
    other = fields.text(first, "address") if isinstance(first, dict) else first if isinstance(first, str) else None
    body, address = fields.text(record, "body", "mms_body"), fields.text(record, "address") or other
    return fields.message(record, report, number, body=body, address=address)
