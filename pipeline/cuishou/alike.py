"""Which texts are nearly the same: by the sequences of five letters that they share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

LENGTH = 5
#: Jaccard similarity from which two texts are alike.
ALIKE = 0.6

_NO_LETTERS = re.compile(r"[\W\d_]+")


def folded(text: str) -> str:
    """``text`` with width and case folded."""
    return unicodedata.normalize("NFKC", text).lower()


def shingles(text: str, fold: Callable[[str], str] = folded) -> frozenset[str]:
    """What ``text`` is compared by: digits, punctuation and symbols do not count, unless there is nothing else."""
    letters = _NO_LETTERS.sub("", fold(text))
    if not letters:
        return frozenset({text})
    return frozenset(letters[start : start + LENGTH] for start in range(max(len(letters) - LENGTH + 1, 1)))


def similarity(mine: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard similarity: 1 the same, 0 nothing in common."""
    shared = len(mine & other)
    return shared / (len(mine) + len(other) - shared) if shared else 0.0


class Index:
    """Texts that can be asked for one that is like another."""

    def __init__(self, texts: Iterable[str] = (), fold: Callable[[str], str] = folded) -> None:
        self._fold = fold
        self._sets: list[frozenset[str]] = []
        self._where: dict[str, list[int]] = defaultdict(list)
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Texts are numbered from 0 as they are added."""
        mine = shingles(text, self._fold)
        for shingle in mine:
            self._where[shingle].append(len(self._sets))
        self._sets.append(mine)

    def nearest(self, text: str) -> tuple[int, float]:
        """The number of the text most like ``text``, with their similarity; (-1, 0.0) when none shares anything."""
        mine = shingles(text, self._fold)
        shared = Counter(number for shingle in mine for number in self._where.get(shingle, ()))
        best = max(
            ((count / (len(mine) + len(self._sets[number]) - count), -number) for number, count in shared.items()), default=(0.0, 1)
        )
        return -best[1], best[0]
