"""A page as PDF, printed by the Chromium that the system has; there need be none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
#: Nothing is looked up, fetched or reported while it prints.
_QUIET = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
#: Thousands of pages take minutes.
_PATIENCE = 600
_STAMP = re.compile(rb"(/(?:CreationDate|ModDate) ?\(D:)[^)]*(\))")


class NoPdf(Exception):
    """No PDF can be had; the message is the name of the reason: ``pdf_missing``, ``pdf_failed`` or ``pdf_fonts``."""


def browser() -> str | None:
    """The browser that prints, if there is one."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def write(page: Path, path: Path, run_time: datetime) -> None:
    """Print ``page`` to ``path``; ``run_time`` stands in it as the time of its making. Raises :class:`NoPdf`."""
    command = browser()
    if command is None:
        raise NoPdf("pdf_missing")
    if not _has_chinese_font():
        raise NoPdf("pdf_fonts")
    # a browser run by root refuses its sandbox; the page is ours and runs nothing from a message
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory(prefix="cuishou-") as profile:
        arguments = [command, *_QUIET, *root, f"--user-data-dir={profile}", f"--print-to-pdf={path}", page.resolve().as_uri()]
        try:
            subprocess.run(arguments, check=True, timeout=_PATIENCE, capture_output=True)  # noqa: S603
        except (OSError, subprocess.SubprocessError):
            raise NoPdf("pdf_failed") from None
    if not path.is_file() or not path.stat().st_size:
        raise NoPdf("pdf_failed")
    path.write_bytes(_stamped(path.read_bytes(), run_time))


def _has_chinese_font() -> bool:
    """Whether Chinese would show; where fontconfig does not tell, the system brings fonts of its own."""
    tool = shutil.which("fc-list")
    if tool is None:
        return True
    return bool(subprocess.run([tool, ":lang=zh"], capture_output=True, check=False).stdout.strip())  # noqa: S603


def _stamped(data: bytes, run_time: datetime) -> bytes:
    """The PDF with its own times replaced, byte for byte of the same length, so that its tables of places stay right."""

    def replaced(match: re.Match[bytes]) -> bytes:
        length = len(match[0]) - len(match[1]) - len(match[2])
        zone = f"{run_time:%z}"
        stamp = f"{run_time:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'".encode()
        return match[1] + stamp.ljust(length)[:length] + match[2] if len(stamp) <= length else match[0]

    return _STAMP.sub(replaced, data)
