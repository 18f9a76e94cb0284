"""docs/benchmarks.md: one section a benchmark, each written by its own command."""

from __future__ import annotations

import re
from pathlib import Path

PATH = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = "# Benchmarks\n\nWritten by `make bench FULL=1`; not by hand.\n"


def write(title: str, text: str, path: Path = PATH) -> None:
    """Put ``text`` under the heading ``title``, in place of what was there; other sections stay."""
    old = path.read_text(encoding="utf-8") if path.exists() else HEAD
    sections = re.split(r"(?m)^## (.+)\n", old)
    found = dict(zip(sections[1::2], sections[2::2], strict=True)) | {title: f"\n{text.strip()}\n"}
    body = "\n".join(f"## {name}\n\n{section.strip()}\n" for name, section in found.items())
    path.write_text(f"{HEAD}\n{body}", encoding="utf-8")
