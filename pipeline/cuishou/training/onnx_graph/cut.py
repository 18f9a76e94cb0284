"""jieba's cut of the line, in the quick way that does for nearly every stretch of text."""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from spox import Var

from cuishou.training.onnx_graph.lexicon import SHORT, Lexicon
from cuishou.training.onnx_graph.line import Line
from cuishou.training.onnx_graph.operators import (
    behind,
    between,
    count,
    filled,
    float32,
    int32,
    ints,
    look_up,
    numbers_to,
    only,
    running,
    shifted,
)
from cuishou.training.onnx_graph.route import Route
from cuishou.training.onnx_graph.walk import Dictionary

#: Stands for the weight of a word that there is not: minus infinity would turn a product with zero into no number at all.
_NONE = -1e6
#: Two paths whose weights are closer than this are told apart by the exact route. Weights of up to four words, each above -18, are
#: added in float32: rounding makes less than 1e-5. In jieba's own sums it makes less than 1e-6 up to ten million characters.
_MARGIN = 1e-4


class Tokens:
    """``start`` int32 [T] on the line; ``length`` int32 [T]; ``number`` int32 [T] in the vocabulary, 0 for what is not in it.

    Where no word crosses from one character to the next, every path has a cut, so the line falls into islands, most of one or two
    characters. Islands of up to ``SHORT`` are solved all at once, without a loop. Stretches (a character outside blocks and the
    block behind it) with a longer island, or with two paths too close to call, are handed to :class:`Route`.
    """

    def __init__(self, line: Line, lexicon: Lexicon) -> None:
        self._line, self._lexicon, self._dictionary = line, lexicon, Dictionary(lexicon)
        self._states = op.concat(self._walk(), axis=0)  # [(SHORT + 1) * M]
        self._kinds = self._dictionary.kind(self._states)
        self.starts = self._joined(*self._cut())
        self.start = op.compress(line.everywhere, self.starts)
        following = op.concat([behind(self.start), op.reshape(line.length, ints(1))], axis=0)
        self.length = op.sub(following, self.start)
        self.number = self._numbers()

    def _walk(self) -> list[Var]:
        """Where the walk through the trie that began at a place stands after 1, 2, ... SHORT + 1 characters."""
        states = [self._line.ids]
        for depth in range(1, SHORT + 1):
            states.append(self._dictionary.step(states[-1], shifted(self._line.ids, -depth)))
        return states

    def _cut(self) -> tuple[Var, Var]:
        """Bool [M]: where a token starts, and where the token that would start has one character."""
        end = op.mul(op.shape(self._line.ids), ints(SHORT))
        short, deep = op.slice(self._kinds, ints(0), end, ints(0)), op.slice(self._kinds, end, op.shape(self._kinds), ints(0))
        weight = op.max([op.cast(self._dictionary.weight, to=np.float32), float32(_NONE)])  # once, when the file is loaded
        scores = list(op.split(look_up(weight, short), num_outputs=SHORT))
        scores[0] = op.where(op.equal(op.max(scores), float32(_NONE)), float32(self._lexicon.unknown_weight), scores[0])

        crossed = self._crossed(scores)
        paths = self._paths(scores, op.cast(crossed, to=np.float32))
        least = op.sub(op.max(paths), float32(_MARGIN))
        near = [op.greater(path, least) for path in paths]  # near[l - 1]: the best path, or one as good, takes l characters
        hard = look_up(op.const(self._lexicon.leads_on), deep)
        seen = near[0]
        for path in near[1:]:
            hard, seen = op.or_(hard, op.and_(seen, path)), op.or_(seen, path)
        run = op.and_(crossed, shifted(crossed, 1))
        hard = op.or_(hard, op.and_(run, shifted(run, 2)))  # an island of more than SHORT = 4

        starts = op.not_(crossed)
        for longest in range(SHORT - 1, 0, -1):  # of the second token of an island, the third, the fourth
            reached = [shifted(op.and_(starts, near[length - 1]), length) for length in range(1, longest + 1)]
            for more in reached:
                starts = op.or_(starts, more)
        return self._with_hard(hard, starts, near[0])

    def _crossed(self, scores: list[Var]) -> Var:
        """Whether a word leads from before a place to the place, bool [M]."""
        reach, crossed = None, None
        for length in range(SHORT, 1, -1):
            there = op.greater(scores[length - 1], float32(_NONE))
            reach = there if reach is None else op.or_(reach, there)  # a word of this length or longer
            into = shifted(reach, length - 1)
            crossed = into if crossed is None else op.or_(crossed, into)
        assert crossed is not None
        return crossed

    def _paths(self, scores: list[Var], inner: Var) -> list[Var]:
        """Weight of the best path to the island's end that begins with a word of 1, 2, ... SHORT characters.

        In rounds: after the n-th the last n characters of every island are right. ``inner`` is 0 where an island begins, so that
        no sum goes on into the next.
        """
        best = scores[0]
        for known in range(1, SHORT):
            rest = op.mul(best, inner)
            paths = [op.add(scores[length - 1], shifted(rest, -length)) for length in range(1, known + 1)]
            paths.append(scores[known])
            best = op.max(paths)
        return paths

    def _with_hard(self, hard: Var, starts: Var, single: Var) -> tuple[Var, Var]:
        """``starts`` and ``single`` with those of the exact route in all stretches in which ``hard`` holds somewhere."""
        line = self._line
        stretch = running(op.cast(line.outside, to=np.int32))
        asked = op.compress(stretch, hard)

        def exact() -> list[Var]:
            none = filled(op.add(op.shape(line.ids), ints(1)), np.False_)
            which = op.scatter_elements(none, asked, op.expand(op.const(True), op.shape(asked)))
            places = op.compress(line.everywhere, look_up(which, stretch))
            route = Route(look_up(line.ids, places), look_up(line.outside, places), self._dictionary)
            return [op.scatter_elements(starts, places, route.starts), op.scatter_elements(single, places, route.single)]

        def quick() -> list[Var]:
            return [op.identity(starts), op.identity(single)]

        exactly, alone = op.if_(_any(asked), then_branch=exact, else_branch=quick)
        return exactly, alone

    def _joined(self, starts: Var, single: Var) -> Var:
        """Jieba joins neighbouring single letters and digits into one token."""
        alphabet = self._line.alphabet
        loose = op.and_(op.and_(starts, single), between(self._line.ids, alphabet.alnum, alphabet.han))
        return op.and_(starts, op.not_(op.and_(loose, shifted(loose, 1))))

    def _numbers(self) -> Var:
        """The vocabulary number of each token: that of the trie state on which it ends."""
        known = SHORT + 1
        row = op.sub(op.min([self.length, int32(known)]), int32(1))
        kind = look_up(self._kinds, op.add(op.mul(row, self._line.length), self.start))
        number = self._dictionary.token(kind)
        number = only(op.less_or_equal(self.length, int32(known)), number)
        long = op.compress(numbers_to(count(self.start)), between(self.length, known + 1, self._lexicon.longest + 1))

        def walked() -> list[Var]:
            place = op.add(look_up(self.start, long), int32(SHORT))  # of the character that was read last
            last = op.sub(op.add(look_up(self.start, long), look_up(self.length, long)), int32(1))
            state = look_up(self._states, op.add(op.mul(self._line.length, int32(SHORT)), look_up(self.start, long)))

            def step(_number: Var, _going: Var, state: Var, place: Var) -> list[Var]:
                going = op.less(place, last)
                place = op.min([op.add(place, int32(1)), last])
                reached = self._dictionary.step(state, look_up(self._line.ids, place))
                state = op.add(only(going, reached), only(op.not_(going), state))
                left = op.reduce_max(only(op.less(place, last), state), keepdims=0)
                return [op.greater(left, int32(0)), state, place]

            most = op.const(self._lexicon.longest - known, np.int64)
            state, _ = op.loop(most, v_initial=[state, place], body=step)
            return [op.scatter_elements(number, long, self._dictionary.token(self._dictionary.kind(state)))]

        (numbers,) = op.if_(_any(long), then_branch=walked, else_branch=lambda: [op.identity(number)])
        return numbers


def _any(values: Var) -> Var:
    return op.greater(op.size(values), op.const(0, np.int64))
