"""The sample's summary as the READMEs show it. ``python -m tests.transcript`` writes it there anew."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from cuishou.backup import open_backup
from cuishou.case import examine
from cuishou.output.terminal import show
from cuishou.scorer import Scorer

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
MOST_LINES = 36
BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)


def transcript(language: str) -> str:
    (sample,) = (ROOT / "data" / "samples").glob("*.xml")
    console = Console(file=io.StringIO(), width=100, color_system=None)
    show(examine(open_backup(sample), Scorer.load(threads=1)), console, language)
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().split("\n")]
    end = max(number for number, line in enumerate(lines[:MOST_LINES]) if not line)  # a message is shown whole or not at all
    return "\n".join([*lines[: end + 1], "..."]) + "\n"


def main() -> None:
    for language, path in READMES.items():
        before, after = BLOCK.split(path.read_text(encoding="utf-8"))
        path.write_text(before + transcript(language) + after, encoding="utf-8")


if __name__ == "__main__":
    main()
