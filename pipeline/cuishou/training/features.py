"""From tokens to TF-IDF: which features a message has, and how they are weighted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.utils.validation import check_is_fitted

from cuishou.training.segmenter import Segmenter

#: Stands between the two tokens of a pair in a feature's name. Normalised text never holds it.
PAIR_SEPARATOR = "\x1f"
#: Weights are kept as whole numbers up to this. An int8 would hold twice as many; on validation they said nothing more, and the
#: file deflates better.
STEPS = 63
#: The table of pairs in the model file counts them in 16 bits, and two of its numbers mean something else.
MOST_PAIRS = 65_534


class Segment(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts -> token tuples. Stateless; a step of the pipeline so that the pipeline takes texts."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.segmenter = segmenter

    def fit(self, X: Iterable[str], y: Any = None) -> Segment:
        """Nothing to learn."""
        return self

    def transform(self, X: Iterable[str]) -> list[tuple[str, ...]]:
        """Cut each text of ``X``."""
        return [self.segmenter.cut(text) for text in X]

    def __sklearn_is_fitted__(self) -> bool:
        return True


def words(tokens: Sequence[str]) -> Sequence[str]:
    """Each token is a feature."""
    return tokens


def word_pairs(tokens: Sequence[str]) -> list[str]:
    """Each two neighbouring tokens are a feature."""
    return [first + PAIR_SEPARATOR + second for first, second in pairwise(tokens)]


def character_pairs(tokens: Sequence[str]) -> list[str]:
    """Each two neighbouring characters of the normalised text are a feature, whatever words they belong to."""
    return list(map("".join, pairwise("".join(tokens))))


class Counts(CountVectorizer):  # type: ignore[misc]
    """Counts of the features that at least ``min_df`` messages have; of the commonest alone where more than ``most`` would remain.

    Features that equally many messages have stay or go together, so that the result hangs on no order of sorting, as it does with
    scikit-learn's ``max_features``.
    """

    def __init__(self, analyzer: Any, min_df: int = 1, most: int = MOST_PAIRS) -> None:
        super().__init__(analyzer=analyzer, min_df=min_df)
        self.most = most

    def fit_transform(self, raw_documents: Iterable[Any], y: Any = None) -> sparse.csr_matrix:
        """Learn which features there are, and count them: [messages, features]."""
        counts = super().fit_transform(raw_documents, y)
        if counts.shape[1] > self.most:
            documents = np.bincount(counts.indices, minlength=counts.shape[1])
            kept = documents > np.sort(documents)[-self.most - 1]
            self.vocabulary_ = {name: number for number, name in enumerate(self.get_feature_names_out()[kept])}
            counts = counts[:, kept]
        return counts


class OccurrenceTfidf(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    r"""Counts -> TF-IDF, each row divided by :math:`\sqrt{\sum_i tf_i\,idf_i^2}`.

    scikit-learn's own ``norm="l2"`` divides by :math:`\sqrt{\sum_i tf_i^2\,idf_i^2}`. The two agree when no token repeats. Ours is
    a sum over the tokens as they come, so a graph needs neither a vector as long as the vocabulary nor a count of equal
    tokens, and each token's share of the score is exact. ``idf = ln((1 + n) / (1 + df)) + 1``, as in scikit-learn, with its square
    rounded to float16, in which the model file keeps it.
    """

    def fit(self, X: sparse.csr_matrix, y: Any = None) -> OccurrenceTfidf:
        """Learn the inverse document frequencies from counts ``X`` of shape [messages, features]."""
        documents = np.bincount(X.indices, minlength=X.shape[1])
        idf = np.log((1 + X.shape[0]) / (1 + documents)) + 1
        self.idf_ = np.sqrt(half(idf**2))
        return self

    def transform(self, X: sparse.csr_matrix) -> sparse.csr_matrix:
        """Weight counts ``X``; a row without a known feature stays empty."""
        check_is_fitted(self)
        X = sparse.csr_matrix(X, dtype=np.float64)
        norm = np.sqrt(X @ self.idf_**2)
        scale = np.divide(1, norm, out=np.zeros_like(norm), where=norm > 0)
        return sparse.csr_matrix(sparse.diags(scale) @ X @ sparse.diags(self.idf_))


def half(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """``values`` rounded to float16: what the model file keeps, so that file and pipeline agree to the last digit."""
    return values.astype(np.float16).astype(np.float64)


def step_sizes(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each row of ``weights`` [K, features] is counted in where it is kept in int8: so much that the largest is ``STEPS``."""
    largest = np.abs(weights).max(axis=1, initial=0)
    return np.where(largest > 0, largest, 1) / STEPS


def in_steps(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """``weights`` [K, features] rounded to whole steps, in which the model file keeps them."""
    steps = step_sizes(weights)[:, None]
    return np.asarray(np.rint(weights / steps) * steps)


def _weighted(analyzer: Any, min_df: int) -> Any:
    return make_pipeline(Counts(analyzer, min_df), OccurrenceTfidf())


def token_features() -> FeatureUnion:
    """Tokens -> weighted words, pairs of words and pairs of characters side by side, each part normalised by itself.

    Pairs of characters hold what segmentation breaks: disguised and unknown words, and endings that a word shares with others.
    """
    parts = (("words", words, 2), ("pairs", word_pairs, 3), ("characters", character_pairs, 5))
    return FeatureUnion([(name, _weighted(analyzer, min_df)) for name, analyzer, min_df in parts])
