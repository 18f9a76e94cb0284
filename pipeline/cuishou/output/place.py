"""A place to write to, and what the phone's owner is told where nothing can be written there: Chinese first, with what to do."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: What the system says, and what helps. Windows says EACCES of a file that is open in another program.
_SAID: dict[int, tuple[str, str]] = {
    errno.ENOSPC: (
        "磁盘已满，没有写完；请腾出空间，或换到别的磁盘，再运行一次",
        "the disk is full; free some space or choose another disk, and run again",
    ),
    errno.EACCES: (
        "没有写入权限，或文件正在别的程序（如 Excel、WPS）中打开；请关闭该程序，或换一个目录",
        "no permission, or the file is open in another program; close that program or choose another folder",
    ),
    errno.EROFS: ("这个磁盘是只读的；请换一个目录", "the disk is read-only; choose another folder"),
    errno.EISDIR: ("这是目录，不是文件；请写出文件的名称", "this is a folder; name a file in it"),
    errno.ENOTDIR: (
        "这是文件或在文件之下，不是目录；请换一个目录",
        "this is a file, or under one, and no folder; choose another folder",
    ),
    errno.ENOENT: ("没有这个位置；请检查路径", "there is no such place; check the path"),
    errno.ENAMETOOLONG: ("名称太长；请换短一些的", "the name is too long; choose a shorter one"),
    errno.EFBIG: (
        "文件太大，这个磁盘放不下（如 FAT32 格式的 U 盘）；请换一个磁盘",
        "the file is too large for this disk; choose another",
    ),
}
#: By name, for no system has all of them. EEXIST: a folder was to be made where a file is.
_ALIKE = {"EDQUOT": "ENOSPC", "EPERM": "EACCES", "EBUSY": "EACCES", "ETXTBSY": "EACCES", "EEXIST": "ENOTDIR"}
_SAME = {getattr(errno, name): getattr(errno, other) for name, other in _ALIKE.items() if hasattr(errno, name)}
_ELSE = "写不进去；请换一个目录再试"


def told(error: OSError, path: Path) -> str:
    """Why ``path``, or the file that ``error`` names, could not be written, and what to do."""
    number = error.errno or 0
    chinese, english = _SAID.get(_SAME.get(number, number), (_ELSE, error.strerror or str(error)))
    return f"{error.filename2 or error.filename or path}: {chinese} ({english})"


def folder_fault(path: Path) -> str | None:
    """Why no file can be written to the folder ``path``, which may have to be made; None where nothing is known against it."""
    nearest = next((place for place in (path, *path.absolute().parents) if os.path.lexists(place)), path)
    if not nearest.is_dir():
        return told(OSError(errno.ENOTDIR, ""), nearest)
    return None if os.access(nearest, os.W_OK | os.X_OK) else told(OSError(errno.EACCES, ""), nearest)


def file_fault(path: Path) -> str | None:
    """Why the file ``path`` cannot be written; None where nothing is known against it."""
    return told(OSError(errno.EISDIR, ""), path) if path.is_dir() else folder_fault(path.absolute().parent)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An error while ``path`` is made names it, and not the file that it is made from."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A folder in ``folder`` to write files to that are moved up when all of them are whole: what was there stays until then."""
    with named(folder):
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".cuishou-", dir=folder))
    try:
        yield made
        for file in sorted(made.iterdir()):
            with named(folder / file.name):
                file.replace(folder / file.name)
    finally:
        with suppress(OSError):
            shutil.rmtree(made)
