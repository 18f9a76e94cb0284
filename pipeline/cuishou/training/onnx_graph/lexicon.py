"""What the graph knows of words: the trie, each word's weight, and the feature a token stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cuishou.training.onnx_graph import trie
from cuishou.training.onnx_graph.alphabet import Alphabet
from cuishou.training.segmenter import Segmenter

#: Words up to so many characters are cut by the quick way (:mod:`cuishou.training.onnx_graph.cut`).
SHORT = 4


@dataclass(frozen=True)
class Lexicon:
    """The dictionary as arrays.

    ``kind`` [slots] leads from a trie state to a row of ``weight`` (float64: near ties must fall as in jieba), of ``token`` (a
    vocabulary token's number, 0 for a word that is no feature) and of ``leads_on`` (one character more than ``SHORT`` was read, and
    a word ends here or further on). Row 0 is "no word ends here". ``longest``: characters of the longest entry.
    """

    alphabet: Alphabet
    trie: trie.DoubleArray
    kind: NDArray[np.uint16]
    weight: NDArray[np.float64]
    token: NDArray[np.int32]
    leads_on: NDArray[np.bool_]
    unknown_weight: float
    longest: int

    @classmethod
    def of(cls, segmenter: Segmenter, vocabulary: Mapping[str, int], named: Iterable[str] = ()) -> Lexicon:
        """Join jieba's words and the vocabulary (token -> number from 1). A vocabulary token that is no word gets no weight.

        The characters of ``named`` get ids of their own, whether words hold them or not.
        """
        weights = dict(segmenter.words())
        entries = sorted(weights.keys() | vocabulary.keys())
        alphabet = Alphabet.of([*entries, *named])
        encoded = [alphabet.encode(entry) for entry in entries]
        states = trie.build(encoded, len(alphabet))

        beginnings = {word[: SHORT + 1] for word in weights if len(word) > SHORT}
        kind_of = {
            entry: (weights.get(entry, -np.inf), vocabulary.get(entry, 0), entry in beginnings)
            for entry in sorted({*entries, *beginnings})
        }
        commonest = [(-np.inf, 0, False), *(kind for kind, _ in Counter(kind_of.values()).most_common())]  # small numbers deflate
        if len(commonest) > np.iinfo(np.uint16).max + 1:
            raise ValueError(f"the vocabulary is too large: {len(commonest)} kinds of words, the most are 65,536")
        number_of = {kind: number for number, kind in enumerate(commonest)}
        kind = np.zeros(len(states.base), dtype=np.uint16)
        for entry, which in kind_of.items():
            kind[states.walk(alphabet.encode(entry))] = number_of[which]
        weight, token, leads_on = zip(*commonest, strict=True)
        return cls(
            alphabet=alphabet,
            trie=states,
            kind=kind,
            weight=np.array(weight),
            token=np.array(token, dtype=np.int32),
            leads_on=np.array(leads_on),
            unknown_weight=segmenter.unknown_weight,
            longest=max(map(len, entries)),
        )


@dataclass(frozen=True)
class PairTable:
    """Pairs of tokens, or of characters -> feature, by row displacement.

    The features of sorted pairs are 1, 2, 3 ...: so they need not be kept. A double-array trie of depth two tells which they are:
    pair ``(a, b)`` stands at ``base[a] + b`` if ``check`` there is ``b``.
    """

    trie: trie.DoubleArray
    pairs: int
    most: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]], most: int) -> PairTable:
        """Place ``pairs`` of numbers (1 to ``most``)."""
        words: list[tuple[int, ...]] = sorted(set(pairs))
        if len(words) >= 0xFFFF:
            raise ValueError(f"{len(words)} pairs: the most are 65,534")
        return cls(trie.build(words, most + 1), len(words), most)
