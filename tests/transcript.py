"""The sample's summary as the READMEs show it, and what the model misses. ``python -m tests.transcript`` writes both there anew."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from cuishou.backup import open_backup
from cuishou.case import examine
from cuishou.measured import measured
from cuishou.output.terminal import show
from cuishou.output.words import REPORT_WORDS
from cuishou.scorer import Scorer

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
MOST_LINES = 36
BLOCK = re.compile(r"(?<=```text\n).*?(?=```)", re.DOTALL)
#: Where the READMEs say how many unlawful messages are missed.
MISSED = re.compile(r"(?<=<!-- missed -->).*?(?=<!-- /missed -->)", re.DOTALL)


def transcript(language: str) -> str:
    (sample,) = (ROOT / "data" / "samples").glob("*.xml")
    console = Console(file=io.StringIO(), width=100, color_system=None)
    show(examine(open_backup(sample), Scorer.load(threads=1)), console, language)
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().split("\n")]
    end = max(number for number, line in enumerate(lines[:MOST_LINES]) if not line)  # a message is shown whole or not at all
    return "\n".join([*lines[: end + 1], "..."]) + "\n"


def missed(language: str) -> str:
    """What was measured of the model in ``model/``, in a sentence."""
    found = measured(Scorer.load(threads=1).metadata.version)
    assert found is not None
    return "\n" + found.told(REPORT_WORDS[language]["missed"]) + "\n"


def main() -> None:
    for language, path in READMES.items():
        for block, text in ((BLOCK, transcript(language)), (MISSED, missed(language))):
            before, after = block.split(path.read_text(encoding="utf-8"))
            path.write_text(before + text + after, encoding="utf-8")


if __name__ == "__main__":
    main()
