"""Messages made for measuring: the labelled corpus with its numbers and names drawn anew, the same for the same number."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

LABELS = Path(__file__).parents[2] / "data" / "labels"
_DIGITS = re.compile(r"\d")


@lru_cache(maxsize=1)
def corpus() -> list[tuple[str, str]]:
    """All labelled texts with their tags."""
    from cuishou.labels import read_labels

    return [(label.text, label.tag) for label in read_labels(LABELS)]


def made(count: int, seed: int = 1) -> Iterator[str]:
    """``count`` texts of the corpus, shuffled, with other digits."""
    chance = random.Random(seed)
    known = [text for text, _ in corpus()]
    for _ in range(count):
        yield _DIGITS.sub(lambda _: str(chance.randrange(10)), chance.choice(known))


def texts(count: int, seed: int = 1) -> list[str]:
    return list(made(count, seed))


def write_backup(path: Path, count: int, seed: int = 1) -> None:
    """A backup of SMS Backup & Restore with ``count`` received messages."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>\n<smses count="{count}">\n')
        for number, text in enumerate(made(count, seed)):
            body = quoteattr(text, {"\n": "&#10;"})
            date = 1_700_000_000_000 + number * 61_000 % 60_000_000_000
            file.write(f'<sms address="1069{number % 977:04}" date="{date}" type="1" body={body} />\n')
        file.write("</smses>")
