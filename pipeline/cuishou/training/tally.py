"""Scores that no length divides: what tells that something is *missing* from a message."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted

from cuishou.codes import REASONS
from cuishou.message import TAGS
from cuishou.training.features import in_steps

Floats = NDArray[np.float64]
SEED = 20260501
#: A tally says no more than this, either way: a text of thousands of characters must not drown what the other scores say.
MOST = 20.0
_OTHER = TAGS.index("other")
#: Columns of the codes that are flags: those that say what a message lacks.
FLAGS = [number for number, reason in enumerate(REASONS.values()) if not reason.flips]


def characters(tokens: Sequence[str]) -> str:
    """Each character of the normalised text."""
    return "".join(tokens)


class Tally(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Tokens -> tallies [messages, 1 + flags], each the sum of a weight for every character as often as it occurs.

    In TF-IDF every message has length one, so a lender's name among forty other words weighs little, and no weight can say that
    there is none. A plain sum can. Columns: ``other``, no word of a debt; then each flag, among the messages that are not
    ``other``. Each is a logistic regression over counts of characters, its weights in whole steps as the file keeps them.
    """

    def __init__(self, C: float = 0.1, flag_C: float = 1.0, min_df: int = 2) -> None:
        self.C = C
        self.flag_C = flag_C
        self.min_df = min_df

    def fit(self, X: Sequence[tuple[str, ...]], tags: NDArray[np.int64], reasons: NDArray[np.bool_]) -> Tally:
        """Learn from token tuples ``X``, ``tags`` [messages] and ``reasons`` [messages, codes].

        A column of which all or none is true counts nothing.
        """
        self.counts_ = CountVectorizer(analyzer=characters, min_df=self.min_df).fit(X)
        counts = self.counts_.transform(X).astype(np.float64)
        of_debts, everything = tags != _OTHER, np.ones(len(tags), dtype=bool)
        columns = [(everything, ~of_debts, self.C), *((of_debts, reasons[:, number], self.flag_C) for number in FLAGS)]
        weights, offsets = np.zeros((len(columns), counts.shape[1])), np.zeros(len(columns))
        for row, (asked, column, C) in enumerate(columns):
            if 0 < column[asked].sum() < asked.sum():
                head = LogisticRegression(C=C, solver="liblinear", random_state=SEED, max_iter=1000)
                head.fit(counts[asked], column[asked])
                weights[row], offsets[row] = head.coef_[0], head.intercept_[0]
        self.coef_: Floats = in_steps(weights)
        self.intercept_: Floats = offsets
        return self

    def transform(self, X: Sequence[tuple[str, ...]]) -> Floats:
        """The tallies of token tuples ``X``, within ``MOST`` of zero."""
        check_is_fitted(self)
        tallies: Floats = self.counts_.transform(X).astype(np.float64) @ self.coef_.T + self.intercept_
        return np.clip(tallies, -MOST, MOST)
