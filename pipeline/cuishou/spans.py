"""Which words carried a score: from a number for each character to a few spans."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: What a character must bring to count, as a part of the mean of those that speak for the score.
_THRESHOLD = 0.85
#: Spans that bring less than this part of what speaks for the score are left out.
_LEAST_SHARE = 0.12
_MOST_SPANS = 3
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
