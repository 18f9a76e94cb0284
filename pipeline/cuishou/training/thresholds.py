"""Choices made on the validation split, and on nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cuishou.message import TAGS

Floats = NDArray[np.float64]
OTHER, UNLAWFUL = TAGS.index("other"), TAGS.index("unlawful")
#: A code with fewer labelled messages to choose by has no threshold of its own.
_FEW = 20


def unlawful_threshold(probabilities: Floats, tags: NDArray[np.int64], weights: Floats, precision: float = 0.95) -> float:
    """The lowest probability from which ``unlawful`` is right in at least ``precision`` of cases on ``probabilities`` [n, tags].

    ``weights`` [n]: how much each message counts, as on a phone. A wrong "unlawful" costs the user more than a missed one, so
    precision is bought with recall. 0.99 when nothing reaches it.
    """
    of_unlawful = probabilities[:, UNLAWFUL]
    for threshold in _hundredths(30, 99):
        said = of_unlawful >= threshold
        said &= probabilities.argmax(axis=1) == UNLAWFUL
        if said.any() and weights[said & (tags == UNLAWFUL)].sum() >= precision * weights[said].sum():
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


def reason_thresholds(
    probabilities: Floats, reasons: NDArray[np.bool_], said: NDArray[np.int64], flags: Sequence[bool]
) -> list[float]:
    """For each code the probability from which it is shown: together they give the best micro-F1 on ``probabilities`` [n, codes].

    Codes that make a message unlawful are shown with that tag only, ``flags`` with any but ``other``, as the scorer does. One
    code is moved at a time, beginning from the best threshold common to all, until nothing is gained. A code with fewer than
    ``_FEW`` examples keeps the common one: its own would be drawn from chance.
    """
    shown = np.where(np.asarray(flags)[None, :], (said != OTHER)[:, None], (said == UNLAWFUL)[:, None])
    candidates = _hundredths(15, 81)
    hits = np.array([((probabilities >= t) & shown & reasons).sum(axis=0) for t in candidates])  # [candidates, codes]
    picked = np.array([((probabilities >= t) & shown).sum(axis=0) for t in candidates])
    total = int(reasons.sum())

    def f1(chosen: NDArray[np.int64]) -> float:
        codes = np.arange(len(chosen))
        return float(2 * hits[chosen, codes].sum() / max(picked[chosen, codes].sum() + total, 1))

    codes = probabilities.shape[1]
    best = max((np.full(codes, common) for common in range(len(candidates))), key=f1)
    enough = np.flatnonzero(reasons.sum(axis=0) >= _FEW)
    gained = True
    while gained:
        gained = False
        for code in enough:
            for candidate in range(len(candidates)):
                tried = best.copy()
                tried[code] = candidate
                if f1(tried) > f1(best) + 1e-12:
                    best, gained = tried, True
    return [candidates[number] for number in best]


def _hundredths(start: int, stop: int) -> list[float]:
    """``start / 100`` up to but not including ``stop / 100``: exact two-digit numbers, as they are written down."""
    return [number / 100 for number in range(start, stop)]
