"""Which words carried a score: from a number for each character to a few spans."""

from __future__ import annotations

from collections.abc import Iterable

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
    positive = contributions[contributions > 0]
    total = float(positive.sum())
    if total < _NOTHING:
        return []
    scores = contributions - _THRESHOLD * positive.mean()
    spans = []
    for start, end in maximal_stretches(scores.tolist()):
        share = float(np.maximum(contributions[start:end], 0).sum()) / total
        spans.append((start, end, round(share, 4)))
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
    found: list[tuple[int, int, float, float]] = []  # start, end, sum before the start, sum at the end
    total = 0.0
    for place, score in enumerate(scores):
        before, total = total, total + score
        if score <= 0:
            continue
        start, low, high = place, before, total
        while True:
            left = next((i for i in range(len(found) - 1, -1, -1) if found[i][2] < low), None)
            if left is None or found[left][3] >= high:
                found.append((start, place + 1, low, high))
                break
            start, low = found[left][0], found[left][2]
            del found[left:]
    return [(start, end) for start, end, _, _ in found]
