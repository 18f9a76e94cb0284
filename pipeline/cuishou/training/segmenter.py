"""The reference segmentation: jieba without its hidden Markov model, on normalised text, with the project's lexicon."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cuishou.training.characters import Characters, is_block

if TYPE_CHECKING:
    import jieba


def load_tokenizer(characters: Characters | None = None, lexicon: Path | None = None) -> jieba.Tokenizer:
    """Make a jieba tokenizer; with ``characters``, one whose words are written as normalised text is.

    jieba's own dictionary, then every word of it that normalisation rewrites (``T恤`` -> ``t恤``), then the words of
    ``lexicon`` (jieba's user dictionary format: word, frequency, part of speech). jieba's cache file in the shared temporary
    folder is neither read nor written: it is unpickled with ``marshal``, and whoever owns that folder could have put it there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1: invalid escapes, and pkg_resources where it still exists
        import jieba
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word, frequency in _rewritten(tokenizer.FREQ, characters) if characters else ():
        tokenizer.add_word(word, frequency)
    if lexicon is not None:
        with lexicon.open("rb") as file:
            tokenizer.load_userdict(file)
    return tokenizer


def _rewritten(frequencies: dict[str, int], characters: Characters) -> Iterator[tuple[str, int]]:
    """Words that normalisation changes into one jieba does not know, with the highest frequency among their sources."""
    found: dict[str, int] = {}
    for word, frequency in frequencies.items():
        if frequency:
            plain = characters.normalise(word).text
            if plain != word and plain and all(map(is_block, plain)) and not frequencies.get(plain):
                found[plain] = max(frequency, found.get(plain, 0))
    yield from sorted(found.items())


class Segmenter:
    """Cuts texts into tokens."""

    def __init__(self, characters: Characters, lexicon: Path | None = None) -> None:
        self.characters = characters
        self.tokenizer = load_tokenizer(characters, lexicon)

    def cut(self, text: str) -> tuple[str, ...]:
        """The tokens of the normalised text."""
        return tuple(self.tokenizer.cut(self.characters.normalise(text).text, HMM=False))

    def starts(self, text: str) -> list[int]:
        """Where each token starts, as places in the original ``text``."""
        normalised = self.characters.normalise(text)
        places, place = [], 0
        for token in self.tokenizer.cut(normalised.text, HMM=False):
            places.append(normalised.origin[place])
            place += len(token)
        return places

    def words(self) -> Iterable[tuple[str, float]]:
        """Each word that can occur in normalised text with its weight ``log(frequency) - log(total)``, as jieba computes it."""
        log_total = math.log(self.tokenizer.total)
        for word, frequency in sorted(self.tokenizer.FREQ.items()):
            if frequency and all(map(is_block, word)) and self.characters.normalise(word).text == word:
                yield word, math.log(frequency) - log_total

    @property
    def unknown_weight(self) -> float:
        """The weight of a character that begins no word: ``log(1) - log(total)``."""
        return math.log(1) - math.log(self.tokenizer.total)
