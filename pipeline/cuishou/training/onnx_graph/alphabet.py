"""The alphabet of the graph: a small number for each character, ordered so that a comparison tells its kind.

0          dropped, or padding
1          stands before each message, and is no character
2          any other character outside jieba's blocks
3 ...      named characters outside blocks, sentence punctuation first, then noise symbols (from ``noise``)
block      noise symbols that jieba counts among its block characters (``+#&._%-``)
alnum      the 26 letters and ``0``
han        Han: first the one id of all that begin no word, then the others
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cuishou.training.characters import ALNUM, BLOCK_SYMBOLS, TABLE_SIZE, Characters, is_block, is_han, is_noise

DROPPED, SEPARATOR, OTHER = 0, 1, 2


@dataclass(frozen=True)
class Alphabet:
    """``ids`` of the named (folded) characters, and where each kind begins."""

    ids: dict[str, int]
    noise: int
    block: int
    alnum: int
    han: int

    @classmethod
    def of(cls, entries: Iterable[str]) -> Alphabet:
        """Name each character of the given dictionary and vocabulary entries; the commonest of a kind get the smallest ids."""
        counts = Counter(character for entry in entries for character in entry)
        named = sorted(counts, key=lambda c: (-counts[c], c))
        outside = [c for c in named if not is_block(c)]
        plain = [c for c in outside if not is_noise(c)]
        noisy = [c for c in outside if is_noise(c)]
        han = [c for c in named if is_han(c)]
        ids: dict[str, int] = {}
        noise = _number(ids, plain, OTHER + 1)
        block = _number(ids, noisy, noise + 1)
        alnum = _number(ids, BLOCK_SYMBOLS, block)
        first_han = _number(ids, ALNUM, alnum)
        _number(ids, han, first_han + 1)
        return cls(ids, noise, block, alnum, first_han)

    def __len__(self) -> int:
        return max(self.ids.values(), default=self.han) + 1

    def encode(self, entry: str) -> tuple[int, ...]:
        """The ids of an entry's characters, each of which has a name."""
        return tuple(self.ids[character] for character in entry)

    def table(self, characters: Characters) -> NDArray[np.int16]:
        """Code point -> id, shape [TABLE_SIZE + 2]; the last but one serves all code points beyond, the last is the separator's."""
        ids = [self._id(characters.fold(code)) for code in range(TABLE_SIZE + 1)]
        return np.array([*ids, SEPARATOR], dtype=np.int16)

    def _id(self, folded: int | None) -> int:
        if folded is None:
            return DROPPED
        character = chr(folded)
        if character in self.ids:
            return self.ids[character]
        if is_han(character):
            return self.han
        return self.noise if is_noise(character) else OTHER


def _number(ids: dict[str, int], characters: Iterable[str], start: int) -> int:
    for number, character in enumerate(characters, start):
        ids[character] = number
    return start + len(list(characters))
