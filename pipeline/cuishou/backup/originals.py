"""The files an import was read from, byte for byte, to be kept as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cuishou.backup import Backup
from cuishou.backup.walk import COMPANIONS


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was given: an archive is kept whole. ``name`` has no path that leads anywhere else."""

    name: str
    open: Callable[[], BinaryIO]


def originals(backup: Backup) -> list[Original]:
    """The files that ``backup`` is read from, with the files that belong to a database; names are unique."""
    several = len(backup.paths) > 1
    found = []
    for place, path in enumerate(backup.paths, 1):
        prefix = f"{place}/" if several else ""
        found += [Original(prefix + _plain(name), opener) for name, opener in _files(backup, path)]
    return found


def is_original(backup: Backup, path: Path) -> bool:
    """Whether ``path`` is a file that ``backup`` is read from, and must not be written to."""
    wanted = path.resolve()
    for given in backup.paths:
        if given.resolve() == wanted:
            return True
        if given.is_dir() and wanted.is_relative_to(given.resolve()):
            return wanted.is_file() and _is_read(backup, wanted.relative_to(given.resolve()).as_posix())
    return False


def _files(backup: Backup, path: Path) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    if str(path) == "-":
        yield from ((source.name, source.open) for source, _, _ in backup.parts if source.name.startswith("standard-input"))
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path).as_posix()
            if file.is_file() and _is_read(backup, name):
                yield name, partial(_open, file)
    else:
        beside = [path.with_name(path.name + suffix) for suffix in COMPANIONS]
        if _is_read(backup, path.name):
            yield from ((file.name, partial(_open, file)) for file in (path, *beside) if file.is_file())


def _is_read(backup: Backup, name: str) -> bool:
    """Whether ``name`` in a folder is a backup, an archive with one, or belongs to a database that is one."""
    for suffix in COMPANIONS:
        name = name.removesuffix(suffix)
    return any(source.name == name or source.name.startswith(name + "/") for source, _, _ in backup.parts)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _plain(name: str) -> str:
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts).encode("utf-8", "replace").decode()
