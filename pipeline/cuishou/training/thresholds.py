"""Choices made on the validation split, and on nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cuishou.message import TAGS

Floats = NDArray[np.float64]
UNLAWFUL = TAGS.index("unlawful")


def unlawful_threshold(probabilities: Floats, tags: NDArray[np.int64], precision: float = 0.92) -> float:
    """The lowest probability from which ``unlawful`` is right in at least ``precision`` of cases on ``probabilities`` [n, tags].

    A wrong "unlawful" costs the user more than a missed one, so precision is bought with recall. 0.99 when nothing reaches it.
    """
    of_unlawful = probabilities[:, UNLAWFUL]
    for threshold in _hundredths(30, 99):
        said = of_unlawful >= threshold
        said &= probabilities.argmax(axis=1) == UNLAWFUL
        if said.any() and (tags[said] == UNLAWFUL).mean() >= precision:
            return threshold
    return 0.99


def review_threshold(probabilities: Floats, said: NDArray[np.int64], tags: NDArray[np.int64], accuracy: float = 0.98) -> float:
    """The lowest probability of the tag said from which on at least ``accuracy`` of messages are right."""
    sure = probabilities[np.arange(len(said)), said]
    for threshold in _hundredths(30, 100):
        kept = sure >= threshold
        if kept.any() and (said[kept] == tags[kept]).mean() >= accuracy:
            return threshold
    return 1.0


def reason_threshold(probabilities: Floats, reasons: NDArray[np.bool_], said: NDArray[np.int64]) -> float:
    """The probability from which a code is shown that gives the best micro-F1 among messages tagged unlawful."""
    shown = (said == UNLAWFUL)[:, None]
    best, best_f1 = 0.5, -1.0
    for threshold in _hundredths(20, 81):
        picked = (probabilities >= threshold) & shown
        f1 = 2 * (picked & reasons).sum() / max(picked.sum() + reasons.sum(), 1)
        if f1 > best_f1:
            best, best_f1 = threshold, f1
    return best


def _hundredths(start: int, stop: int) -> list[float]:
    """``start / 100`` up to but not including ``stop / 100``: exact two-digit numbers, as they are written down."""
    return [number / 100 for number in range(start, stop)]
