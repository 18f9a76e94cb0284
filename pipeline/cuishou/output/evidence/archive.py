"""A ZIP whose bytes follow from its contents alone, with a seal over all of them.

The seal is the archive's comment: the SHA-256 of every byte before it. It catches what no file's own hash can see, such as a
date in the archive's directory. It shows accidents and careless changes; who wants to deceive can seal anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_SEAL = b"cuishou sha256 "
_DIGITS = 64
#: ZIP knows no time before; the time of making is in the manifest.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20


def pack(files: Iterable[tuple[str, Path]], path: Path) -> None:
    """Write ``files`` to a ZIP at ``path``, in their order. What was at ``path`` stays until the new pack is whole."""
    unfinished = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in files:
                _add(archive, name, file)
            archive.comment = _SEAL + b"0" * _DIGITS
        with unfinished.open("r+b") as sealed:
            digest = _digest_before_seal(sealed)
            sealed.seek(-_DIGITS, os.SEEK_END)
            sealed.write(digest.encode())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def sealed(path: Path) -> bool | None:
    """Whether the pack at ``path`` is as it was sealed; None when it has no seal, as after unpacking and packing again."""
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) < len(_SEAL) + _DIGITS:
            return None
        file.seek(-len(_SEAL) - _DIGITS, os.SEEK_END)
        if file.read(len(_SEAL)) != _SEAL:
            return None
        given = file.read(_DIGITS)
        return _digest_before_seal(file).encode() == given


def digest(file: BinaryIO) -> tuple[int, str]:
    """Size and SHA-256 of what is left to read of ``file``."""
    found, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        found.update(chunk)
        size += len(chunk)
    return size, found.hexdigest()


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # the same bytes whatever system packs
    info.external_attr = 0o644 << 16
    info.file_size = path.stat().st_size  # tells a file over 4 GiB before it is too late
    with path.open("rb") as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _digest_before_seal(file: BinaryIO) -> str:
    left = file.seek(0, os.SEEK_END) - len(_SEAL) - _DIGITS
    file.seek(0)
    found = hashlib.sha256()
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        found.update(chunk)
        left -= len(chunk)
    return found.hexdigest()
