"""How far a figure would move with other test messages: the bootstrap, drawing whole families, whose messages are alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cuishou.labels import Label
from cuishou.scorer import Scorer
from cuishou.training.answers import Truth

#: What the card gives an interval for.
CARD_FIGURES = ("macro-F1", "unlawful: precision", "unlawful: recall", "reason codes, micro-F1")
SEED = 20260501
#: Enough for the ends of a 95 % interval to move by less than a tenth of its width from seed to seed.
DRAWS = 500


class Draws:
    """Samples with replacement of the families of messages: each one the rows drawn, int. Always the same ones.

    Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6 and 13. Two models measured on the same draws give a
    paired comparison.
    """

    def __init__(self, families: Sequence[str], draws: int = DRAWS) -> None:
        numbers = {family: number for number, family in enumerate(dict.fromkeys(families))}
        of_family: list[list[int]] = [[] for _ in numbers]
        for row, family in enumerate(families):
            of_family[numbers[family]].append(row)
        self._rows = [np.array(rows, dtype=np.int64) for rows in of_family]
        self._draws = draws

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        chance = np.random.default_rng(SEED)
        for _ in range(self._draws):
            picked = chance.integers(len(self._rows), size=len(self._rows))
            yield np.concatenate([self._rows[number] for number in picked])


def interval(values: Sequence[float]) -> list[float]:
    """The middle 95 % of ``values`` (percentile interval)."""
    low, high = np.percentile(values, (2.5, 97.5))
    return [round(float(low), 4), round(float(high), 4)]


def intervals(scorer: Scorer, test: Sequence[Label]) -> dict[str, list[float]]:
    """The 95 % intervals of what ``scorer`` reaches on ``test``, by figure."""
    truth = Truth.of(test)
    answers = truth.ask(scorer)
    draws = list(Draws([label.family for label in test]))
    measures = truth.measures()
    return {what: interval([measures[what](answers, rows) for rows in draws]) for what in CARD_FIGURES}
