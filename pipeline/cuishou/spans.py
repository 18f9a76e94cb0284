"""Which words carried a score: from a number for each character to a few spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: What a character must bring to count, as a part of the mean of those that speak for the score.
_THRESHOLD = 0.85
#: Spans that bring less than this part of what speaks for the score are left out.
_LEAST_SHARE = 0.12
_MOST_SPANS = 3
#: Characters by which an end of a span may move to that of its word; what is longer is a link or a number.
_FARTHEST = 4
#: A character between two spans that keeps them apart.
_STOPS = frozenset("。！？!?；;\n\r")
#: Words that say nothing by themselves.
_FUNCTION = frozenset(
    [
        *"你您我他她它们的了是在就都也还又再才吗吧呢啊和与及或跟让给把被将会要能可请这那有个不没为以于到从向对着过来去",
        *(
            "你们",
            "我们",
            "他们",
            "她们",
            "如果",
            "已经",
            "可以",
            "就是",
            "还是",
            "不要",
            "没有",
            "什么",
            "这个",
            "那个",
            "以及",
            "进行",
            "关于",
        ),
    ]
)
#: Of those, what may fall off the beginning or the end of a longer span without changing what it says.
_LOOSE_FIRST, _LOOSE_LAST = frozenset("的了和与及或也就"), frozenset("您你我他她的了和与及或也就对从向在是")
#: Below the least normal float32 a part of a number rounds to the number itself: nothing spoke for the score.
_NOTHING = float(np.finfo(np.float32).tiny)


def carrying_spans(contributions: NDArray[np.float32]) -> list[tuple[int, int, float]]:
    """The spans ``[start, end)`` that carried a score, heaviest first, with their share of what spoke for it (0 to 1).

    ``contributions`` [characters]: what each adds to the score. A character that adds little costs a span something, so that
    words with a gap of a character or two between them join; then the maximal scoring stretches are taken.
    """
    return carrying_spans_of_each(contributions[None])[0]


def carrying_spans_of_each(contributions: NDArray[np.float32]) -> list[list[tuple[int, int, float]]]:
    """:func:`carrying_spans` of each row of ``contributions`` [rows, characters]; rows end in zeros where a text is shorter."""
    positive = np.maximum(contributions, 0).astype(np.float64)
    total = positive.sum(axis=1)
    mean = total / np.maximum((contributions > 0).sum(axis=1), 1)
    scores = contributions - _THRESHOLD * mean[:, None]
    sums, weights = _running(scores), _running(positive)

    speaks = np.zeros((len(scores), scores.shape[1] + 2), dtype=np.int8)
    speaks[:, 1:-1] = scores > 0
    change = np.diff(speaks, axis=1)
    rows, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    runs = list(zip(starts.tolist(), ends.tolist(), sums[rows, starts].tolist(), sums[rows, ends].tolist(), strict=True))
    cuts = pairwise(np.searchsorted(rows, np.arange(len(scores) + 1)).tolist())
    return [
        _heaviest(_maximal(runs[first:last]), weights[row], sum_) if sum_ >= _NOTHING else []
        for row, ((first, last), sum_) in enumerate(zip(cuts, total.tolist(), strict=True))
    ]


def _running(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of ``values`` [rows, n] before each place and after the last, [rows, n + 1]."""
    sums = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _heaviest(stretches: Iterable[tuple[int, int]], weights: NDArray[np.float64], total: float) -> list[tuple[int, int, float]]:
    at = weights.item
    spans = [(start, end, round((at(end) - at(start)) / total, 4)) for start, end in stretches]
    spans.sort(key=lambda span: (-span[2], span[0]))
    kept = [span for span in spans[:_MOST_SPANS] if span[2] >= _LEAST_SHARE]
    return kept or spans[:1]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span ``[start, end)`` of ``text`` without punctuation at its ends; as it is when there is nothing else in it."""
    first, last = start, end
    while first < last and not text[first].isalnum():
        first += 1
    while first < last and not text[last - 1].isalnum():
        last -= 1
    return (first, last) if first < last else (start, end)


def on_words(spans: Iterable[tuple[int, int, float]], text: str, starts: Sequence[int]) -> list[tuple[int, int, float]]:
    """``spans`` of ``text`` as a person reads them, heaviest first: whole words without punctuation around them.

    ``starts`` [characters] is true where a word starts. What lies side by side, or but one character apart within a sentence, is
    one span. Punctuation alone, and a word that says nothing by itself, is left out where there is anything else.
    """
    whole = []
    for start, end, share in spans:
        start, end = trimmed(text, start, end)
        first, last = _word(start, starts, -1), _word(end, starts, 1)
        whole.append((*_tightened(text, *trimmed(text, first, last), starts), share))
    joined: list[tuple[int, int, float]] = []
    for start, end, share in sorted(whole):
        if joined and (start <= joined[-1][1] or (start == joined[-1][1] + 1 and text[start - 1] not in _STOPS)):
            before = joined[-1]
            joined[-1] = before[0], max(before[1], end), min(round(before[2] + share, 4), 1.0)
        else:
            joined.append((start, end, share))
    joined.sort(key=lambda span: (-span[2], span[0]))
    telling = [span for span in joined if any(map(str.isalnum, text[span[0] : span[1]]))] or joined
    return [span for span in telling if text[span[0] : span[1]] not in _FUNCTION] or telling


def _tightened(text: str, start: int, end: int, starts: Sequence[int]) -> tuple[int, int]:
    """The span ``[start, end)`` without single words at its ends that add nothing; two characters stay at least."""
    while end - start > 2 and text[end - 1] in _LOOSE_LAST and starts[end - 1]:
        start, end = trimmed(text, start, end - 1)
    while end - start > 2 and text[start] in _LOOSE_FIRST and starts[start + 1]:
        start, end = trimmed(text, start + 1, end)
    return start, end


def _word(place: int, starts: Sequence[int], way: int) -> int:
    """The edge of a word at ``place`` or in the direction ``way`` from it; ``place`` where that is too far."""
    at = place
    for _ in range(_FARTHEST + 1):
        if at <= 0 or at >= len(starts) or starts[at]:
            return at
        at += way
    return place


def maximal_stretches(scores: Iterable[float]) -> list[tuple[int, int]]:
    """All maximal scoring subsequences ``[start, end)``, in order, in linear time.

    Ruzzo and Tompa, "A Linear Time Algorithm for Finding All Maximal Scoring Subsequences", ISMB 1999.
    """
    runs, before = [], 0.0
    for place, score in enumerate(scores):
        if score > 0:
            runs.append((place, place + 1, before, before + score))
        before += score
    return _maximal(runs)


def _maximal(runs: Iterable[tuple[int, int, float, float]]) -> list[tuple[int, int]]:
    """The maximal stretches from the runs of positive scores: start, end, sum of all scores before the start and before the end."""
    found: list[tuple[int, int, float, float]] = []
    for start, end, low, high in runs:
        while True:
            left = len(found) - 1
            while left >= 0 and found[left][2] >= low:
                left -= 1
            if left < 0 or found[left][3] >= high:
                found.append((start, end, low, high))
                break
            start, low = found[left][0], found[left][2]
            del found[left:]
    return [(start, end) for start, end, _, _ in found]
