"""The graph itself: code points in, tags and their reasons out, in standard ONNX operators.

All messages of a batch are laid end to end in one line of kept characters, each message behind one separator. What follows
then costs as much as there is text: padding and dropped characters are gone after the first step, and a long message among
short ones makes no one wait. Shapes: N messages of C code points; M places on the line; T tokens; K scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
import spox.opset.ai.onnx.v18 as op
from numpy.typing import NDArray
from spox import Tensor, Var, argument, build, inline

from cuishou.message import TAGS
from cuishou.training.characters import TABLE_SIZE
from cuishou.training.onnx_graph.alphabet import OTHER
from cuishou.training.onnx_graph.hoist import hoist
from cuishou.training.onnx_graph.lexicon import Lexicon, PairTable

_INT_MAX = np.iinfo(np.int64).max
UNLAWFUL = TAGS.index("unlawful")


@dataclass(frozen=True)
class LinearPart:
    """One part of the features: ``rows`` [features + 1, K + 1] of float16, row 0 empty.

    Columns: idf times the weight for each of the K scores, then idf squared for the norm.
    """

    rows: NDArray[np.float16]

    @classmethod
    def of(cls, idf: NDArray[np.float64], weights: NDArray[np.float64]) -> LinearPart:
        """From ``idf`` [features] and ``weights`` [K, features], which were fitted so that nothing is lost in float16."""
        rows = np.concatenate(((idf * weights).T, (idf**2)[:, None]), axis=1)
        return cls(np.concatenate((np.zeros((1, rows.shape[1])), rows)).astype(np.float16))


@dataclass(frozen=True)
class Parameters:
    """Everything the graph holds besides its shape."""

    characters: NDArray[np.int16]
    lexicon: Lexicon
    pair_table: PairTable
    words: LinearPart
    pairs: LinearPart
    character_table: PairTable
    character_pairs: LinearPart
    intercept: NDArray[np.float64]
    #: Columns of the margins whose largest is added to them before calibration.
    flipping: list[int]
    #: margins [N, K + 1] (input ``margins``) -> probabilities [N, tags]; converted by skl2onnx.
    tag_calibration: onnx.ModelProto
    reason_weights: NDArray[np.float32]
    reason_offsets: NDArray[np.float32]
    unlawful_threshold: float


def assemble(parameters: Parameters) -> onnx.ModelProto:
    """Build the model. Input ``codes`` int32 [N, C], zero-padded, N >= 1.

    Outputs: ``tag`` int64 [N]; ``tag_probabilities`` [N, tags]; ``reason_probabilities`` [N, codes]; ``token_starts`` bool
    [N, C]; ``contributions`` float32 [N, C, K], each character's share of each score before calibration.
    """
    codes = argument(Tensor(np.int32, ("N", "C")))
    line = _Line(codes, parameters)
    tokens = _Tokens(line, parameters)
    scores = _Scores(line, tokens, parameters)

    strongest = op.reduce_max(op.gather(scores.margins, _ints(*parameters.flipping), axis=1), _ints(1), keepdims=1)
    margins = op.concat([scores.margins, strongest], axis=1)
    tag_probabilities = inline(parameters.tag_calibration)(margins)["probabilities"]
    reason_scores = op.gemm(margins, op.const(parameters.reason_weights.T), op.const(parameters.reason_offsets))
    outputs = {
        "tag": _decide(tag_probabilities, parameters),
        "tag_probabilities": tag_probabilities,
        "reason_probabilities": op.sigmoid(reason_scores),
        "token_starts": op.cast(line.spread(tokens.place, op.expand(_int32(1), op.shape(tokens.place))), to=np.bool_),
        "contributions": scores.contributions(),
    }
    model = build({"codes": codes}, outputs)
    hoist(model.graph)
    return model


class _Line:
    """The kept characters of all messages: ``ids`` int32 [M], and ``place`` int64 [M] in the flattened [N, C + 1] input."""

    def __init__(self, codes: Var, parameters: Parameters) -> None:
        self.alphabet = alphabet = parameters.lexicon.alphabet
        known = op.clip(codes, _int32(0), _int32(TABLE_SIZE))
        ids = op.cast(op.gather(op.const(parameters.characters), known), to=np.int32)
        ids = op.pad(ids, _ints(0, 1, 0, 0), _int32(OTHER))  # the separator before each message
        self._grid = op.shape(ids)
        ids = op.reshape(ids, _ints(-1))
        place = op.squeeze(op.non_zero(ids), _ints(0))
        ids = op.gather(ids, place)

        kept = op.not_(self._noise_between_han(ids))
        self.ids = op.compress(ids, kept)
        self.place = op.compress(place, kept)
        self.length = op.shape(self.ids)
        self.outside = op.less(self.ids, _int32(alphabet.block))

    def _noise_between_han(self, ids: Var) -> Var:
        """Symbols in a run of one or two with Han on both sides."""
        wide = op.pad(ids, _ints(2, 2), _int32(OTHER))
        han = op.greater_or_equal(wide, _int32(self.alphabet.han))
        noise = op.and_(op.greater_or_equal(wide, _int32(self.alphabet.noise)), op.less(wide, _int32(self.alphabet.alnum)))

        def at(mask: Var, offset: int) -> Var:
            end = op.const(np.array([offset - 2], dtype=np.int64)) if offset < 2 else _ints(_INT_MAX)
            return op.slice(mask, _ints(offset + 2), end, _ints(0))

        single = op.and_(at(han, -1), at(han, 1))
        first_of_two = op.and_(at(han, -1), op.and_(at(noise, 1), at(han, 2)))
        second_of_two = op.and_(at(han, -2), op.and_(at(noise, -1), at(han, 1)))
        return op.and_(at(noise, 0), op.or_(single, op.or_(first_of_two, second_of_two)))

    def spread(self, place: Var, values: Var) -> Var:
        """Put ``values`` [n, ...] at ``place`` [n] of an empty [N, C, ...]."""
        width = op.slice(op.shape(values), _ints(1), _ints(_INT_MAX), _ints(0))
        zero = np.zeros(1, dtype=values.unwrap_tensor().dtype)
        empty = op.constant_of_shape(op.concat([op.reduce_prod(self._grid, _ints(0)), width], axis=0), value=zero)
        filled = op.scatter_nd(empty, op.unsqueeze(place, _ints(1)), values)
        return op.slice(op.reshape(filled, op.concat([self._grid, width], axis=0)), _ints(1), _ints(_INT_MAX), _ints(1))

    def is_separator(self, place: Var) -> Var:
        """Whether a place on the grid is in its first column."""
        return op.equal(op.mod(place, self.columns), _int64(0))

    @property
    def columns(self) -> Var:
        return op.gather(self._grid, _int64(1))


class _Tokens:
    """jieba's cut of the line. ``start`` int64 [T] on the line; ``length`` int64 [T]; ``number`` int32 [T] in the vocabulary."""

    def __init__(self, line: _Line, parameters: Parameters) -> None:
        self._line, self._lexicon = line, parameters.lexicon
        states = self._walk()  # [L, M]: where the walk that began at a place stands after 1, 2, ... L characters
        kinds = op.cast(op.gather(op.const(self._lexicon.kind), states), to=np.int32)
        score = self._word_scores(kinds)
        best = self._best_length(score)
        self.starts = self._starts(best)
        self.start = op.squeeze(op.non_zero(self.starts), _ints(0))
        self.place = op.gather(line.place, self.start)
        following = op.concat([op.slice(self.start, _ints(1), _ints(_INT_MAX), _ints(0)), line.length], axis=0)
        self.length = op.sub(following, self.start)
        self.number = self._numbers(kinds)

    def _walk(self) -> Var:
        """Walk the trie from every place at once, until every walk is dead."""
        base, check = op.const(self._lexicon.trie.base), op.const(self._lexicon.trie.check)
        beyond = op.pad(self._line.ids, _ints(0, self._lexicon.longest), _int32(0))

        def step(count: Var, _: Var, state: Var) -> list[Var]:
            start = op.reshape(op.add(count, _int64(1)), _ints(1))
            following = op.slice(beyond, start, op.add(start, self._line.length), _ints(0))
            slot = op.add(op.gather(base, state), following)
            reached = op.where(op.equal(op.cast(op.gather(check, slot), to=np.int32), following), slot, _int32(0))
            alive = op.greater(op.reduce_max(reached, keepdims=0), _int32(0))
            return [alive, reached, state]

        _, states = op.loop(_int64(self._lexicon.longest), v_initial=[self._line.ids], body=step)
        return states

    def _word_scores(self, kinds: Var) -> Var:
        """Weight of the word of each length from each place, float64 [L, M]; minus infinity where there is none."""
        weight = op.gather(op.const(self._lexicon.weight), kinds)
        none = op.equal(op.reduce_max(weight, _ints(0), keepdims=1), op.const(-np.inf, np.float64))
        single = op.slice(weight, _ints(0), _ints(1), _ints(0))
        single = op.where(none, op.const(self._lexicon.unknown_weight, np.float64), single)
        single = op.where(op.unsqueeze(self._line.outside, _ints(0)), op.const(0.0, np.float64), single)
        return op.concat([single, op.slice(weight, _ints(1), _ints(_INT_MAX), _ints(0))], axis=0)

    def _best_length(self, score: Var) -> Var:
        """Length of the token that begins at each place on the best path, int64 [M].

        jieba's route: from the right, ``route[i] = max over l of score[l, i] + route[i + l]``, where the longer word wins a tie.
        Outside a block the route is 0, so the line can be folded there: it is cut into rows of about equal length, each
        beginning outside a block, and all rows are walked at once.
        """
        outside = op.squeeze(op.non_zero(self._line.outside), _ints(0))
        ends = op.concat([op.slice(outside, _ints(1), _ints(_INT_MAX), _ints(0)), self._line.length], axis=0)
        self._longest = op.reduce_max(op.sub(ends, outside), keepdims=0)
        width = op.max([self._longest, _int64(_MIN_WIDTH)])
        row = op.div(outside, width)
        opens = op.not_(op.equal(row, op.concat([_ints(-1), op.slice(row, _ints(0), _ints(-1), _ints(0))], axis=0)))
        row_start = op.compress(outside, opens)
        row_end = op.concat([op.slice(row_start, _ints(1), _ints(_INT_MAX), _ints(0)), self._line.length], axis=0)
        rows = op.shape(row_start)
        longest_row = op.reduce_max(op.sub(row_end, row_start), keepdims=0)

        # Column j holds the j-th character of each row. Past a row's end comes the next row's start, where the route is 0 as it
        # must be, so nothing needs masking; the line itself is lengthened so that the last row finds something there too.
        depth = op.slice(op.shape(score), _ints(0), _ints(1), _ints(0))
        beyond = op.unsqueeze(longest_row, _ints(0))
        padded_score = op.pad(score, op.concat([_ints(0, 0, 0), beyond], axis=0), op.const(0.0, np.float64))
        inside = op.cast(op.not_(self._line.outside), to=np.float64)
        padded_inside = op.pad(inside, op.concat([_ints(0), beyond], axis=0), op.const(0.0, np.float64))
        window = op.constant_of_shape(op.concat([depth, rows], axis=0), value=np.zeros(1, dtype=np.float64))
        last = op.sub(op.add(row_start, longest_row), _int64(1))

        def step(_count: Var, _going: Var, place: Var, window: Var) -> list[Var]:
            best = op.reduce_max(op.add(op.gather(padded_score, place, axis=1), window), _ints(0), keepdims=1)
            best = op.mul(best, op.gather(padded_inside, op.unsqueeze(place, _ints(0))))
            window = op.concat([best, op.slice(window, _ints(0), _ints(-1), _ints(0))], axis=0)
            return [op.const(True), op.sub(place, _int64(1)), window, op.squeeze(best, _ints(0))]

        _, _, columns = op.loop(longest_row, v_initial=[last, window], body=step)  # [J, R], the last column first
        columns = op.reshape(columns, _ints(-1))

        which = op.sub(op.cum_sum(op.cast(self._opens_row(row_start), to=np.int64), _int64(0)), _int64(1))
        everywhere = op.range(_int64(0), op.squeeze(self._line.length, _ints(0)), _int64(1))
        offset = op.sub(everywhere, op.gather(row_start, which))
        column = op.sub(op.sub(longest_row, _int64(1)), offset)
        route = op.gather(columns, op.add(op.mul(column, op.squeeze(rows, _ints(0))), which))

        padded = op.pad(route, op.concat([_ints(0), depth], axis=0), op.const(0.0, np.float64))
        lengths = op.unsqueeze(op.range(_int64(1), op.add(op.squeeze(depth, _ints(0)), _int64(1)), _int64(1)), _ints(1))
        reached = op.gather(padded, op.add(lengths, op.unsqueeze(everywhere, _ints(0))))
        return op.add(op.arg_max(op.add(score, reached), axis=0, keepdims=0, select_last_index=1), _int64(1))

    def _opens_row(self, row_start: Var) -> Var:
        empty = op.constant_of_shape(self._line.length, value=np.zeros(1, dtype=np.int32))
        return op.scatter_elements(empty, row_start, op.expand(_int32(1), op.shape(row_start)))

    def _starts(self, best: Var) -> Var:
        """Which places begin a token, bool [M]: those reached from a block's start, by doubling the jumps."""
        end = op.squeeze(self._line.length, _ints(0))
        everywhere = op.range(_int64(0), end, _int64(1))
        jump = op.concat([op.min([op.add(everywhere, best), end]), self._line.length], axis=0)
        before = op.concat([op.const(np.array([True])), op.slice(self._line.outside, _ints(0), _ints(-1), _ints(0))], axis=0)
        first = op.cast(op.or_(self._line.outside, before), to=np.int32)
        doublings = op.ceil(op.div(op.log(op.cast(self._longest, to=np.float32)), op.const(np.float32(np.log(2)))))

        def step(_count: Var, _going: Var, reached: Var, jump: Var) -> list[Var]:
            further = op.scatter_elements(reached, jump, reached, reduction="max")
            return [op.const(True), further, op.gather(jump, jump)]

        trips = op.add(op.cast(doublings, to=np.int64), _int64(1))
        reached, _ = op.loop(trips, v_initial=[op.concat([first, op.const(np.zeros(1, np.int32))], axis=0), jump], body=step)
        starts = op.cast(op.slice(reached, _ints(0), _ints(-1), _ints(0)), to=np.bool_)

        # jieba joins neighbouring single letters and digits into one token.
        ids, alphabet = self._line.ids, self._line.alphabet
        alnum = op.and_(op.greater_or_equal(ids, _int32(alphabet.alnum)), op.less(ids, _int32(alphabet.han)))
        loose = op.and_(op.and_(starts, alnum), op.equal(best, _int64(1)))
        previous = op.concat([op.const(np.array([False])), op.slice(loose, _ints(0), _ints(-1), _ints(0))], axis=0)
        return op.and_(starts, op.not_(op.and_(loose, previous)))

    def _numbers(self, kinds: Var) -> Var:
        """The vocabulary number of each token: that of the trie state on which it ends."""
        depth = op.gather(op.shape(kinds), _int64(0))
        within = op.less_or_equal(self.length, depth)
        steps = op.sub(op.min([self.length, depth]), _int64(1))
        flat = op.reshape(kinds, _ints(-1))
        kind = op.gather(flat, op.add(op.mul(steps, op.squeeze(self._line.length, _ints(0))), self.start))
        return op.where(within, op.gather(op.const(self._lexicon.token), kind), _int32(0))


class _Scores:
    """Linear scores: sums over words, pairs of words and pairs of characters, each over its norm. ``margins`` float32 [N, K]."""

    def __init__(self, line: _Line, tokens: _Tokens, parameters: Parameters) -> None:
        self._line, self._tokens = line, tokens
        by_token, by_character = _Messages(line, tokens.place), _Messages(line, line.place)
        pairs = _pair_features(tokens.number, parameters.pair_table)
        character_pairs = _pair_features(line.ids, parameters.character_table)
        self._words = _Part(parameters.words, tokens.number, by_token)
        self._pairs = _Part(parameters.pairs, pairs, by_token)
        self._characters = _Part(parameters.character_pairs, character_pairs, by_character)
        score = op.add(op.add(self._words.scores, self._pairs.scores), self._characters.scores)
        self.margins = op.cast(op.add(score, op.const(parameters.intercept)), to=np.float32)

    def contributions(self) -> Var:
        """What each character adds to each score, [N, C, K].

        A pair's share goes to its two members in halves, a token's share evenly to its characters.
        """
        by_token = op.add(self._words.shares(), _halved(self._pairs.shares()))
        length = op.unsqueeze(op.cast(self._tokens.length, to=np.float32), _ints(1))
        token = op.sub(op.cum_sum(op.cast(self._tokens.starts, to=np.int64), _int64(0)), _int64(1))
        by_character = op.add(op.gather(op.div(by_token, length), token), _halved(self._characters.shares()))
        return self._line.spread(self._line.place, by_character)


class _Messages:
    """Which of the items in a row (tokens, or characters) belong to which message; each message begins with a separator."""

    def __init__(self, line: _Line, place: Var) -> None:
        separator = line.is_separator(place)
        first = op.squeeze(op.non_zero(separator), _ints(0))
        after = op.concat([op.slice(first, _ints(1), _ints(_INT_MAX), _ints(0)), op.shape(place)], axis=0)
        most = op.reduce_max(op.sub(after, first), keepdims=0)
        index = op.add(op.unsqueeze(first, _ints(1)), op.range(_int64(0), most, _int64(1)))
        #: int64 [N, most]: each message's items; item 0, a separator without any feature, where there are fewer.
        self.items = op.where(op.less(index, op.unsqueeze(after, _ints(1))), index, _int64(0))
        #: int64 [items]: the message of each item.
        self.message = op.sub(op.cum_sum(op.cast(separator, to=np.int64), _int64(0)), _int64(1))


class _Part:
    """One part of the features of all messages. Sums are float64: thousands of equal tokens would drift in float32."""

    def __init__(self, part: LinearPart, feature: Var, messages: _Messages) -> None:
        self._rows, self._feature, self._messages = op.const(part.rows), feature, messages
        addends = op.cast(op.gather(self._rows, op.gather(feature, messages.items)), to=np.float64)
        total = op.reduce_sum(addends, _ints(1), keepdims=0)  # [N, K + 1]
        norm = op.sqrt(_last(total))
        norm = op.where(op.greater(norm, op.const(0.0, np.float64)), norm, op.const(1.0, np.float64))
        self.scores = op.div(_but_last(total), norm)
        self._norm = op.cast(norm, to=np.float32)

    def shares(self) -> Var:
        """Each item's share of its message's scores, [items, K]."""
        rows = op.cast(_but_last(op.gather(self._rows, self._feature)), to=np.float32)
        return op.div(rows, op.gather(self._norm, self._messages.message))


def _halved(of_pairs: Var) -> Var:
    """Shares of pairs, which stand at the first member -> shares of the members."""
    half = op.mul(of_pairs, op.const(np.float32(0.5)))
    of_previous = op.slice(op.pad(half, _ints(1, 0, 0, 0), op.const(np.float32(0))), _ints(0), _ints(-1), _ints(0))
    return op.add(half, of_previous)


def _pair_features(number: Var, table: PairTable) -> Var:
    """The feature of each number with the one behind it, int32 of the same length; 0 where there is none."""
    behind = op.pad(op.slice(number, _ints(1), _ints(_INT_MAX), _ints(0)), _ints(0, 1), _int32(0))
    slot = op.add(op.gather(op.const(table.offset), number), behind)
    ours = op.and_(op.equal(op.cast(op.gather(op.const(table.second), slot), to=np.int32), behind), op.greater(number, _int32(0)))
    return op.where(ours, op.cast(op.gather(op.const(table.feature), slot), to=np.int32), _int32(0))


def _decide(probabilities: Var, parameters: Parameters) -> Var:
    """The likeliest tag, unlawful only from its threshold on."""
    unlawful = op.slice(probabilities, _ints(UNLAWFUL), _ints(UNLAWFUL + 1), _ints(1))
    doubtful = op.less(unlawful, op.const(np.float32(parameters.unlawful_threshold)))
    penalty = np.array([[2.0 if number == UNLAWFUL else 0.0 for number in range(len(TAGS))]], dtype=np.float32)
    held_back = op.sub(probabilities, op.mul(op.cast(doubtful, to=np.float32), op.const(penalty)))
    return op.arg_max(held_back, axis=1, keepdims=0)


#: Rows of the folded line are at least this wide: fewer would make more rows than steps.
_MIN_WIDTH = 16


def _last(value: Var) -> Var:
    return op.slice(value, _ints(-1), _ints(_INT_MAX), _ints(1))


def _but_last(value: Var) -> Var:
    return op.slice(value, _ints(0), _ints(-1), _ints(1))


def _ints(*values: int) -> Var:
    return op.const(np.array(values, dtype=np.int64))


def _int32(value: int) -> Var:
    return op.const(value, np.int32)


def _int64(value: int) -> Var:
    return op.const(value, np.int64)
