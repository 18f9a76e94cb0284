"""The first steps of the graph: all messages of a batch laid end to end in one line of kept characters."""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from numpy.typing import NDArray
from spox import Var

from cuishou.training.characters import TABLE_SIZE
from cuishou.training.onnx_graph.alphabet import DROPPED, SEPARATOR, Alphabet
from cuishou.training.onnx_graph.operators import (
    INT_MAX,
    behind,
    between,
    count,
    int32,
    ints,
    look_up,
    numbers_to,
    shifted,
)


class Line:
    """The kept characters of all messages, each message behind a separator.

    ``ids`` int32 [M]; ``place`` int32 [M] in the flattened [N, C + 1] input; ``everywhere`` 0 ... M - 1; ``outside`` bool [M],
    what is in no block of jieba's; ``first`` int32 [N], where each message's separator stands; ``lengths`` int32 [N], characters
    of each message.
    """

    def __init__(self, codes: Var, characters: NDArray[np.int16], alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        known = op.clip(codes, int32(0), int32(TABLE_SIZE))
        known = op.pad(known, ints(0, 1, 0, 0), int32(TABLE_SIZE + 1))
        self._grid = op.shape(known)
        ids = op.cast(look_up(op.const(characters), op.reshape(known, ints(-1))), to=np.int32)
        place = op.compress(numbers_to(count(ids)), op.greater(ids, int32(DROPPED)))
        noisy = look_up(ids, place)
        self.place = op.compress(place, op.not_(self._noise_between_han(noisy)))
        self.ids = look_up(ids, self.place)
        self.length = count(self.ids)
        self.everywhere = numbers_to(self.length)
        self.outside = op.less(self.ids, int32(alphabet.block))
        self.first = op.compress(self.everywhere, op.equal(self.ids, int32(SEPARATOR)))
        following = op.concat([behind(self.first), op.reshape(self.length, ints(1))], axis=0)
        self.lengths = op.sub(op.sub(following, self.first), int32(1))

    def _noise_between_han(self, ids: Var) -> Var:
        """Symbols in a run of one or two with Han on both sides."""
        han = op.greater_or_equal(ids, int32(self.alphabet.han))
        noise = between(ids, self.alphabet.noise, self.alphabet.alnum)
        behind_han = op.and_(noise, shifted(han, 1))
        before_han = op.and_(noise, shifted(han, -1))
        single_or_first = op.and_(behind_han, op.or_(before_han, shifted(before_han, -1)))
        return op.or_(single_or_first, op.and_(shifted(behind_han, 1), before_han))

    def spread(self, place: Var, values: Var) -> Var:
        """Put ``values`` [n, ...] at ``place`` [n] of an empty [N, C, ...]."""
        width = behind(op.shape(values))
        zero = np.zeros(1, dtype=values.unwrap_tensor().dtype)
        empty = op.constant_of_shape(op.concat([op.reduce_prod(self._grid, ints(0)), width], axis=0), value=zero)
        filled = op.scatter_nd(empty, op.unsqueeze(op.cast(place, to=np.int64), ints(1)), values)
        wide = op.reshape(filled, op.concat([self._grid, width], axis=0))
        return op.slice(wide, ints(1), ints(INT_MAX), ints(1))
