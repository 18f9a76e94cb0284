"""From tokens to scores: sums over words, pairs of words and pairs of characters, each over its norm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import spox.opset.ai.onnx.v18 as op
from numpy.typing import NDArray
from spox import Var

from cuishou.training.onnx_graph.cut import Tokens
from cuishou.training.onnx_graph.lexicon import PairTable
from cuishou.training.onnx_graph.line import Line
from cuishou.training.onnx_graph.operators import (
    INT_MAX,
    before,
    behind,
    count,
    filled,
    float32,
    int32,
    ints,
    look_up,
    only,
    running,
    shifted,
)
from cuishou.training.onnx_graph.unpacked import Unpacked


@dataclass(frozen=True)
class LinearPart:
    """One part of the features; row 0 is that of no feature.

    ``weights`` int8 [features + 1, K]: idf times the weight for each of the K scores, in steps of :class:`Linear`.
    ``squares`` float16 [features + 1]: idf squared, for the norm.
    """

    weights: NDArray[np.int8]
    squares: NDArray[np.float16]

    @classmethod
    def of(cls, idf: NDArray[np.float64], weights: NDArray[np.float64], steps: NDArray[np.float64]) -> LinearPart:
        """From ``idf`` [features] and ``weights`` [K, features], which were fitted so that nothing is lost in rounding."""
        rows = np.rint((idf * weights).T / steps).astype(np.int8)
        return cls(np.pad(rows, ((1, 0), (0, 0))), np.pad(idf**2, (1, 0)).astype(np.float16))


@dataclass(frozen=True)
class Linear:
    """The linear model: parts for words, pairs of words and pairs of characters; ``steps`` and ``intercept`` float64 [K]."""

    words: LinearPart
    word_pairs: LinearPart
    character_pairs: LinearPart
    steps: NDArray[np.float64]
    intercept: NDArray[np.float64]


class Scores:
    """``margins`` float32 [N, K].

    All that can be a feature stands in one list of I items: each token with its word, each token with the pair it begins, each
    character with the pair it begins. Every message owns one piece of the list in each part, and each piece begins with the
    message's separator, which is no feature; so the sum over a piece is the difference of two running sums. Those are of whole
    numbers and exact: nothing drifts, however long the list. (idf squared is at least 1, so in float16 a multiple of 2^-10.)
    """

    _SQUARE_STEP = 2.0**-10

    def __init__(self, line: Line, tokens: Tokens, linear: Linear, word_pairs: PairTable, character_pairs: PairTable) -> None:
        self._line, self._tokens, self._linear = line, tokens, linear
        parts = [linear.words, linear.word_pairs, linear.character_pairs]
        weights = op.const(np.concatenate([part.weights for part in parts]))
        squares = op.cast(op.const(np.concatenate([part.squares for part in parts])), to=np.float32)
        of_pairs = _pair_features(tokens.number, word_pairs), _pair_features(line.ids, character_pairs)
        first_rows = np.cumsum([len(part.squares) for part in parts[:-1]]).tolist()
        features = [tokens.number, *(op.add(feature, int32(row)) for feature, row in zip(of_pairs, first_rows, strict=True))]
        item = op.concat(features, axis=0)

        many = count(tokens.start)
        first_token = op.sub(look_up(running(op.cast(tokens.starts, to=np.int32)), line.first), int32(1))
        last = op.reshape(op.sub(count(item), int32(1)), ints(1))
        pieces = [first_token, op.add(first_token, many), op.add(line.first, op.add(many, many)), last]
        self._piece = op.concat(pieces, axis=0)  # [3 * N + 1]

        self._rows = op.cast(op.gather(weights, item), to=np.int32)
        square = look_up(op.cast(op.div(squares, float32(self._SQUARE_STEP)), to=np.int64), item)
        norm = op.sqrt(op.mul(op.cast(self._sums(square), to=np.float64), op.const(self._SQUARE_STEP, np.float64)))
        self._norm = op.max([norm, op.const(1.0, np.float64)])  # no norm of a feature is below 1
        by_part = op.div(op.cast(self._sums(self._rows), to=np.float64), op.unsqueeze(self._norm, ints(1)))
        shape = np.array([len(parts), -1, len(linear.steps)], dtype=np.int64)
        score = op.reduce_sum(op.reshape(by_part, op.const(shape)), ints(0), keepdims=0)
        self.margins = op.cast(op.add(op.mul(score, op.const(linear.steps)), op.const(linear.intercept)), to=np.float32)

    def _sums(self, values: Var) -> Var:
        """Sums of whole numbers [I, ...] over each piece, [3 * N, ...]."""
        sums = op.gather(running(values), self._piece)
        return op.sub(behind(sums), before(sums))

    def contributions(self) -> Var:
        """What each character adds to each score, [N, C, K].

        A pair's share goes to its two members in halves, a token's share evenly to its characters.
        """
        pieces = before(self._piece)
        none = filled(op.slice(op.shape(self._rows), ints(0), ints(1), ints(0)), np.int32(0))
        opened = op.scatter_elements(none, pieces, op.expand(int32(1), op.shape(pieces)))
        piece = op.sub(running(opened), int32(1))
        scale = op.cast(op.div(op.const(1.0, np.float64), look_up(self._norm, piece)), to=np.float32)
        shares = op.mul(op.cast(self._rows, to=np.float32), op.unsqueeze(scale, ints(1)))
        shares = op.mul(shares, op.const(self._linear.steps.astype(np.float32)))

        many = op.reshape(op.size(self._tokens.start), ints(1))
        words = op.slice(shares, ints(0), many, ints(0))
        pairs = op.slice(shares, many, op.add(many, many), ints(0))
        of_characters = op.slice(shares, op.add(many, many), ints(INT_MAX), ints(0))
        by_token = op.div(op.add(words, _halved(pairs)), op.unsqueeze(op.cast(self._tokens.length, to=np.float32), ints(1)))
        token = op.sub(running(op.cast(self._tokens.starts, to=np.int32)), int32(1))
        return self._line.spread(self._line.place, op.add(op.gather(by_token, token), _halved(of_characters)))


def _halved(of_pairs: Var) -> Var:
    """Shares of pairs, which stand at the first member -> shares of the members."""
    half = op.mul(of_pairs, float32(0.5))
    return op.add(half, op.pad(half, ints(1, 0, -1, 0), float32(0)))


def _pair_features(number: Var, table: PairTable) -> Var:
    """The feature of each number with the one behind it, int32 of the same length; 0 where there is none."""
    following = shifted(number, -1)
    states = Unpacked(table.trie)
    slot = op.add(look_up(op.slice(states.base, ints(0), ints(table.most + 1), ints(0)), number), following)
    ours = op.equal(op.cast(look_up(states.check, slot), to=np.int32), following)
    nodes = len(table.trie.nodes)  # those of the second level, which are the last, are the pairs
    feature = states.table(
        op.cast(op.max([op.range(int32(table.pairs - nodes + 1), int32(table.pairs + 1), int32(1)), int32(0)]), to=np.uint16)
    )
    return only(ours, op.cast(look_up(feature, slot), to=np.int32))
