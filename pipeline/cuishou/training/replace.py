"""Putting a model in the place of another: the folder as a whole, so that its files always belong together."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cuishou.scorer import set_aside

#: What a model's folder holds. ``learning-curve.svg`` is there once the curve was measured.
FILES = ("golden.jsonl", "metrics.json", "MODEL_CARD.md", "cuishou.onnx", "learning-curve.svg")

_AT_CWD = -100
_LINUX_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_MAC_SWAP = 2  # RENAME_SWAP of renamex_np(2)
#: What a system answers that knows the call, but not for this file system, or that does not know it at all.
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM)


class NotAModelFolder(OSError):
    """A folder holds other things than a model and is not replaced: they would be lost."""


@contextmanager
def staging(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` to make a model in; it is removed in the end, and what killed runs left is removed now.

    Raises :class:`NotAModelFolder` when ``out`` holds something that is no part of a model, and ``OSError``.
    """
    out = out.resolve()
    if out.exists() and (others := sorted(path.name for path in out.iterdir() if path.name not in FILES)):
        raise NotAModelFolder(f"{out} holds {others[0]}, which is no part of a model; choose a folder of its own for the model")
    out.parent.mkdir(parents=True, exist_ok=True)
    _recover(out)
    made = out.with_name(f".{out.name}.new-{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def replace(made: Path, out: Path) -> None:
    """Put the folder ``made`` in the place of ``out``; ``made`` then holds what was there, or is gone.

    Where the system can exchange two names, there is no moment without a whole model at ``out``. Elsewhere there are two renames,
    and between them the old model stands at :func:`cuishou.scorer.set_aside`, where the scorer finds it and the next training puts
    it back from.
    """
    out = out.resolve()
    for file in made.iterdir():
        _to_disk(file)
    _to_disk(made)
    if not out.exists():
        made.rename(out)
    elif not exchange(made, out):
        aside = set_aside(out)
        shutil.rmtree(aside, ignore_errors=True)
        out.rename(aside)
        made.rename(out)
        shutil.rmtree(aside, ignore_errors=True)
    _to_disk(out.parent)


def exchange(one: Path, other: Path) -> bool:
    """Let two names change places at once. False where the system or the file system cannot."""
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    names = (os.fsencode(one), os.fsencode(other))
    if hasattr(library, "renameat2"):
        status = library.renameat2(_AT_CWD, names[0], _AT_CWD, names[1], _LINUX_EXCHANGE)
    elif hasattr(library, "renamex_np"):
        status = library.renamex_np(*names, _MAC_SWAP)
    else:
        return False
    if status == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _recover(out: Path) -> None:
    """Undo what a killed run left half done, and remove its folders. A run that is still going keeps its own."""
    aside = set_aside(out)
    if aside.is_dir() and not out.exists():
        aside.rename(out)
    shutil.rmtree(aside, ignore_errors=True)
    for left in out.parent.glob(f".{out.name}.new-*"):
        if not _is_running(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: str) -> bool:
    if not process.isdecimal() or sys.platform == "win32":  # where asking with a signal would end the process asked
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _to_disk(path: Path) -> None:
    """Have the system write ``path`` out, so that a power cut leaves no empty file under its name."""
    if sys.platform == "win32":  # flushes nothing that is open for reading only
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
