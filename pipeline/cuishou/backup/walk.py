"""Where the files of an import come from: a file, a folder, an archive, or standard input."""

from __future__ import annotations

import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from cuishou.backup.format import Source, UnreadableBackup

#: An entry of an archive that unpacks to more than this, at more than so many times its size, is a bomb and not a backup.
_LARGEST, _RATIO = 100 << 20, 200
#: Files by which a pack of evidence is told, and the one in it that holds all of its messages, with their numbers.
_PACK, _MESSAGES = frozenset(("manifest.json", "SHA256SUMS", "messages.jsonl")), "messages.jsonl"
#: Files that belong to a database beside them.
COMPANIONS = ("-wal", "-shm", "-journal")


def sources(path: Path) -> Iterator[Source]:
    """The files at ``path``: itself, or those in the folder or the archive that it is.

    Archives in folders are walked, those in archives are not; of a pack of evidence, which holds each message several times, the
    messages are read once. Raises :class:`UnreadableBackup` for one that cannot be opened.
    """
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not file.name.startswith(".") and not file.name.endswith(COMPANIONS):
                yield from _file(file, file.relative_to(path).as_posix())
    else:
        yield from _file(path, path.name)


def _file(path: Path, name: str) -> Iterator[Source]:
    source = Source(name, partial(_open, path), partial(_beside, path))
    head = source.head()
    if head.startswith(b"PK\x03\x04") and not _is_document(head):
        yield from archive(path, name)
    else:
        yield source


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _beside(path: Path, suffix: str) -> BinaryIO | None:
    other = path.with_name(path.name + suffix)
    return other.open("rb") if other.is_file() else None


def _is_document(head: bytes) -> bool:
    """Whether a ZIP is one of the formats that only look like one from outside: a spreadsheet, a text document, an app."""
    first = head[30:120]
    return first.startswith(
        (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"mimetypeapplication/vnd", b"AndroidManifest")
    )


def archive(path: Path, name: str) -> Iterator[Source]:
    """The files in the ZIP at ``path``. Their names are only shown: nothing is unpacked to where they point."""
    try:
        with zipfile.ZipFile(path) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        english = f"the archive is damaged or was cut off: {error}; copy it again, or unpack it first"
        raise UnreadableBackup(f"{name}: 压缩包已损坏或不完整；请重新拷贝，或先解压 ({english})") from None
    names = {entry.filename for entry in entries}
    if names >= _PACK:
        entries = [entry for entry in entries if entry.filename == _MESSAGES][:1]
    for entry in entries:
        if entry.filename.startswith("data/") and "messages.ndjson" in names:
            continue  # pictures of sms-ie
        if not entry.filename.endswith(COMPANIONS):
            companion = partial(_companion, path, entry.filename, names)
            yield Source(f"{name}/{entry.filename}", partial(_open_entry, path, entry), companion)


def _companion(path: Path, name: str, names: set[str], suffix: str) -> BinaryIO | None:
    if name + suffix not in names:
        return None
    with zipfile.ZipFile(path) as opened:
        return _open_entry(path, opened.getinfo(name + suffix))


def _open_entry(path: Path, entry: zipfile.ZipInfo) -> BinaryIO:
    if entry.flag_bits & 1:
        raise UnreadableBackup(f"{entry.filename}: 压缩包有密码；请先解压 (locked with a password; unpack the archive first)")
    if entry.file_size > _LARGEST and entry.file_size > _RATIO * entry.compress_size:
        english = f"would unpack to {entry.file_size:,} bytes, {_RATIO} times its size: no backup does"
        raise UnreadableBackup(f"{entry.filename}: 解压后大得不像备份，没有打开 ({english})")
    opened = zipfile.ZipFile(path)
    try:
        file = opened.open(entry)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        english = f"cannot be unpacked: {error}; unpack the archive first"
        raise UnreadableBackup(f"{entry.filename}: 无法解压；请先用别的软件解压 ({english})") from None
    finally:
        opened.close()  # the entry keeps the file open until it is closed itself
    return cast(BinaryIO, file)


def standard_input() -> Path:
    """A temporary file with all of standard input, removed when the program ends."""
    folder = tempfile.TemporaryDirectory(prefix="cuishou-")
    _kept.append(folder)
    path = Path(folder.name) / "standard-input"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
    return path


_kept: list[tempfile.TemporaryDirectory[str]] = []
