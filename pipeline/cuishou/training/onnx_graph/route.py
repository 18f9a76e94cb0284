"""jieba's best path, sum for sum as jieba adds it up: for the few stretches whose cut is not plain to see."""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from spox import Var

from cuishou.training.onnx_graph.operators import (
    before,
    behind,
    count,
    filled,
    int32,
    ints,
    look_up,
    numbers_to,
    running,
    shifted,
)
from cuishou.training.onnx_graph.walk import Dictionary

#: Rows of the folded line are at least this wide: fewer would make more rows than steps.
_MIN_WIDTH = 16


class Route:
    """The cut of ``ids`` int32 [M], stretches of which each begins with a character ``outside`` (bool [M]).

    ``starts`` bool [M], where a token begins; ``single`` bool [M], where the token that would begin has one character.
    """

    def __init__(self, ids: Var, outside: Var, dictionary: Dictionary) -> None:
        self._ids, self._outside = ids, outside
        self._dictionary, self._lexicon = dictionary, dictionary.lexicon
        self._length = count(ids)
        self._everywhere = numbers_to(self._length)
        self._end = op.shape(ids)
        best = self._best_length(self._word_scores())
        self.starts = self._starts(best)
        self.single = op.equal(best, int32(1))

    def _word_scores(self) -> Var:
        """Weight of the word of each length from each place, float64 [L, M]; minus infinity where there is none."""
        states = self._walk()
        kinds = op.reshape(self._dictionary.kind(op.reshape(states, ints(-1))), op.shape(states))
        weight = op.gather(self._dictionary.weight, kinds)
        none = op.equal(op.reduce_max(weight, ints(0), keepdims=1), op.const(-np.inf, np.float64))
        single = op.slice(weight, ints(0), ints(1), ints(0))
        single = op.where(none, op.const(self._lexicon.unknown_weight, np.float64), single)
        single = op.where(op.unsqueeze(self._outside, ints(0)), op.const(0.0, np.float64), single)
        return op.concat([single, behind(weight)], axis=0)

    def _walk(self) -> Var:
        """Walk the trie from every place at once until every walk is dead: states [L, M] after 1, 2, ... L characters."""
        beyond = op.pad(self._ids, ints(0, self._lexicon.longest), int32(0))
        length = op.shape(self._ids)

        def step(number: Var, _: Var, state: Var) -> list[Var]:
            start = op.reshape(op.add(number, op.const(1, np.int64)), ints(1))
            following = op.slice(beyond, start, op.add(start, length), ints(0))
            reached = self._dictionary.step(state, following)
            return [op.greater(op.reduce_max(reached, keepdims=0), int32(0)), reached, state]

        _, states = op.loop(op.const(self._lexicon.longest, np.int64), v_initial=[self._ids], body=step)
        return states

    def _best_length(self, score: Var) -> Var:
        """Length of the token that begins at each place on the best path, int32 [M].

        jieba's route: from the right, ``route[i] = max over l of score[l, i] + route[i + l]``, where the longer word wins a tie.
        Outside a block the route is 0, so the line can be folded there: it is cut into rows of about equal length, each
        beginning outside a block, and all rows are walked at once.
        """
        outside = op.compress(self._everywhere, self._outside)
        ends = op.concat([behind(outside), op.cast(self._end, to=np.int32)], axis=0)
        self._longest = op.reduce_max(op.sub(ends, outside), keepdims=0)
        row = op.div(outside, op.max([self._longest, int32(_MIN_WIDTH)]))
        opens = op.not_(op.equal(row, op.concat([op.const(np.array([-1], dtype=np.int32)), before(row)], axis=0)))
        row_start = op.compress(outside, opens)
        row_end = op.concat([behind(row_start), op.cast(self._end, to=np.int32)], axis=0)
        rows = op.shape(row_start)
        longest_row = op.reduce_max(op.sub(row_end, row_start), keepdims=0)

        # Column j holds the character of each row that is j before the end of the longest. Past a row's end comes the next row's
        # start, where the route is 0 as it must be, so nothing needs masking; the line itself is lengthened so that the last row
        # finds something there too.
        depth = op.slice(op.shape(score), ints(0), ints(1), ints(0))
        beyond = op.cast(op.reshape(longest_row, ints(1)), to=np.int64)
        ahead = op.sub(op.sub(longest_row, int32(1)), numbers_to(longest_row))
        place = op.add(op.unsqueeze(ahead, ints(1)), op.unsqueeze(row_start, ints(0)))  # [J, R]
        padded_score = op.pad(score, op.concat([ints(0, 0, 0), beyond], axis=0), op.const(0.0, np.float64))
        scores = op.transpose(op.gather(padded_score, place, axis=1), perm=[1, 0, 2])  # [J, L, R]
        inside = op.pad(op.not_(self._outside), op.concat([ints(0), beyond], axis=0), op.const(False))
        insides = op.unsqueeze(op.cast(op.gather(inside, place), to=np.float64), ints(1))  # [J, 1, R]
        window = op.constant_of_shape(op.concat([depth, rows], axis=0), value=np.zeros(1, dtype=np.float64))

        def step(number: Var, _going: Var, window: Var) -> list[Var]:
            column = op.reshape(number, ints())  # some say [1], some say [] of its shape
            best = op.reduce_max(op.add(op.gather(scores, column), window), ints(0), keepdims=1)
            best = op.mul(best, op.gather(insides, column))
            return [op.const(True), op.concat([best, before(window)], axis=0), best]

        _, columns = op.loop(op.cast(longest_row, to=np.int64), v_initial=[window], body=step)  # [J, 1, R]

        opened = op.scatter_elements(filled(self._end, np.int32(0)), row_start, op.expand(int32(1), rows))
        which = op.sub(running(opened), int32(1))
        offset = op.sub(self._everywhere, look_up(row_start, which))
        column = op.sub(op.sub(longest_row, int32(1)), offset)
        flat = op.add(op.mul(column, op.cast(op.squeeze(rows, ints(0)), to=np.int32)), which)
        route = look_up(op.reshape(columns, ints(-1)), flat)

        padded = op.pad(route, op.concat([ints(0), depth], axis=0), op.const(0.0, np.float64))
        deepest = op.cast(op.squeeze(depth, ints(0)), to=np.int32)
        lengths = op.unsqueeze(op.range(int32(1), op.add(deepest, int32(1)), int32(1)), ints(1))
        reached = op.gather(padded, op.add(lengths, op.unsqueeze(self._everywhere, ints(0))))
        best = op.arg_max(op.add(score, reached), axis=0, keepdims=0, select_last_index=1)
        return op.add(op.cast(best, to=np.int32), int32(1))

    def _starts(self, best: Var) -> Var:
        """Which places begin a token, bool [M]: those reached from a block's start, by doubling the jumps."""
        jump = op.concat([op.min([op.add(self._everywhere, best), self._length]), op.cast(self._end, to=np.int32)], axis=0)
        after = op.or_(shifted(self._outside, 1), op.equal(self._everywhere, int32(0)))
        first = op.cast(op.or_(self._outside, after), to=np.int32)
        doublings = op.ceil(op.div(op.log(op.cast(self._longest, to=np.float32)), op.const(np.float32(np.log(2)))))

        def step(_number: Var, _going: Var, reached: Var, jump: Var) -> list[Var]:
            further = op.scatter_elements(reached, jump, reached, reduction="max")
            return [op.const(True), further, look_up(jump, jump)]

        trips = op.add(op.cast(doublings, to=np.int64), op.const(1, np.int64))
        reached, _ = op.loop(trips, v_initial=[op.concat([first, op.const(np.zeros(1, np.int32))], axis=0), jump], body=step)
        return op.cast(before(reached), to=np.bool_)
