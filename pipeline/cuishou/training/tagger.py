"""The scikit-learn model: texts in, tag and reason probabilities out. The ONNX graph is derived from it, never the reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from cuishou.codes import REASONS
from cuishou.message import TAGS
from cuishou.training.features import Segment, in_steps, token_features
from cuishou.training.segmenter import Segmenter
from cuishou.training.tally import FLAGS, SEED, Tally

Floats = NDArray[np.float64]
Tokens = Sequence[tuple[str, ...]]
#: For each message, the tokens of its evidence spans with the column of the code that each shows.
Evidence = Sequence[Sequence[tuple[tuple[str, ...], int]]]
#: Columns of the margins that belong to codes which make a message unlawful.
FLIPPING = [len(TAGS) + number for number, reason in enumerate(REASONS.values()) if reason.flips]
#: A message of this many characters or more is a step longer to the calibration. Chosen on validation.
LONGER = (12, 20, 30, 45, 70, 110)
#: How many ``other`` messages of a phone each of a corpus stands for. Half of a corpus for learning is about debts; of a phone far
#: less is, and a message that could be either is there likelier an ordinary one. Twice as many is still little for a phone.
OTHER_ON_PHONES = 2.0
#: Below this probability a message is not called ``other``. Else what is most likely about a debt would be, where ``unlawful``
#: does not reach its threshold. On validation 0.3 cost nothing; more took ordinary messages for pressure.
OTHER_FROM = 0.3
#: What the calibration of tags sees of :func:`calibrated_from`: all but the flags' tallies, which stand last.
OF_TAGS = slice(0, -len(FLAGS))


@dataclass(frozen=True)
class Targets:
    """What a classifier should say: ``tags`` int [messages] into ``TAGS``, ``reasons`` bool [messages, codes].

    ``evidence`` has, for each message, pairs of the words that show a code and that code's column.
    """

    tags: NDArray[np.int64]
    reasons: NDArray[np.bool_]
    evidence: tuple[tuple[tuple[str, int], ...], ...]

    def __getitem__(self, rows: NDArray[Any]) -> Targets:
        return Targets(self.tags[rows], self.reasons[rows], tuple(self.evidence[row] for row in rows))


class LinearHeads(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """One linear score for each tag and each reason code: features -> margins [messages, tags + codes].

    Tags are one multinomial logistic regression on features scaled by :func:`tellingness`; each code is a logistic regression of
    its own, over all messages and over the evidence by itself, so that it learns which words of a message show the code.
    """

    def __init__(self, C: float = 10.0, reason_C: float = 3.0, tag_weights: dict[int, float] | None = None) -> None:
        self.C = C
        self.reason_C = reason_C
        self.tag_weights = tag_weights

    def fit(self, X: Any, y: Targets, evidence: Any, evidence_codes: NDArray[np.int64]) -> LinearHeads:
        """Learn from features ``X`` and ``y``, and from the features of evidence spans with the column of each one's code.

        A code that never occurs gets a constant score.
        """
        scale = tellingness(X, y.tags)
        tags = LogisticRegression(C=self.C, class_weight=self.tag_weights, max_iter=1000, tol=1e-5)
        tags.fit(X @ sparse.diags(scale), y.tags)
        if len(tags.classes_) != len(TAGS):
            missing = [tag for number, tag in enumerate(TAGS) if number not in tags.classes_]
            raise ValueError(f"no training message is labelled {', '.join(missing)}; every tag needs some")
        coefficients, intercepts = [tags.coef_ * scale], [tags.intercept_]
        rows = sparse.vstack((X, evidence)).tocsr()
        for number, column in enumerate(y.reasons.T):
            if column.any():
                head = LogisticRegression(C=self.reason_C, solver="liblinear", random_state=SEED, max_iter=1000)
                head.fit(rows, np.concatenate((column, evidence_codes == number)))
                coefficients.append(head.coef_)
                intercepts.append(head.intercept_)
            else:
                coefficients.append(np.zeros((1, X.shape[1])))
                intercepts.append(np.array([-10.0]))
        self.coef_: Floats = np.concatenate(coefficients)
        self.intercept_: Floats = np.concatenate(intercepts)
        return self

    def transform(self, X: Any) -> Floats:
        """The margins of features ``X``."""
        check_is_fitted(self)
        return np.asarray(X @ self.coef_.T + self.intercept_)


def tellingness(X: Any, tags: NDArray[np.int64]) -> Floats:
    r"""How well each feature of ``X`` [messages, features] tells the ``tags`` [messages] apart: [features], mean square one.

    The square root of the largest :math:`|\ln(p_t / q_t)|` over tags t, where p is the share of messages with the tag that have
    the feature, and q that of the others, each with one message more that has it and one that has not. Ones where nothing tells.

    Weights are learned on features scaled by it, so that the penalty holds back chance words more than telling ones: after Wang
    and Manning, "Baselines and Bigrams", ACL 2012, who scale by the ratio itself (the root was better on validation).
    """
    has = sparse.csr_matrix((np.ones(X.nnz), X.indices, X.indptr), shape=X.shape)
    largest = np.zeros(X.shape[1])
    for tag in np.unique(tags):
        of_tag = tags == tag
        p, q = ((np.asarray(has[rows].sum(axis=0)).ravel() + 1) / (rows.sum() + 2) for rows in (of_tag, ~of_tag))
        largest = np.maximum(largest, np.abs(np.log(p / q)))
    total = largest.sum()
    return np.sqrt(largest * len(largest) / total) if total else np.ones(len(largest))


class Calibration(BaseEstimator):  # type: ignore[misc]
    """What :func:`calibrated_from` puts together -> probabilities, fitted on messages that the heads had not seen.

    Tags: a multinomial logistic regression on all margins (matrix scaling: Guo et al., "On Calibration of Modern Neural
    Networks", ICML 2017, §4.2) and what stands beside them, but for the flags' tallies: those were learned from messages about
    debts, and mean nothing in others. Messages count :func:`as_on_phones`. Codes: a logistic regression each (Platt scaling) on
    all of it, learned where the code can be shown at all: how likely it is *given* that the message is unlawful or, for a flag,
    that it is about a debt.
    """

    def __init__(self, C: float = 1.0, reason_C: float = 0.1) -> None:
        self.C = C
        self.reason_C = reason_C

    def fit(self, inputs: Floats, y: Targets) -> Calibration:
        """Learn from ``inputs`` [messages, what :func:`calibrated_from` gives] and ``y``."""
        self.tags_ = LogisticRegression(C=self.C, max_iter=5000).fit(inputs[:, OF_TAGS], y.tags, as_on_phones(y.tags))
        unlawful, of_debts = y.tags == TAGS.index("unlawful"), y.tags != TAGS.index("other")
        weights, offsets = [], []
        for reason, column in zip(REASONS.values(), y.reasons.T, strict=True):
            rows = unlawful if reason.flips else of_debts
            if 0 < column[rows].sum() < rows.sum():
                head = LogisticRegression(C=self.reason_C, max_iter=5000).fit(inputs[rows], column[rows])
                weights.append(head.coef_[0])
                offsets.append(head.intercept_[0])
            else:
                weights.append(np.zeros(inputs.shape[1]))
                offsets.append(10.0 if column[rows].any() else -10.0)
        self.reason_weights_: Floats = np.array(weights).reshape(-1, inputs.shape[1])
        self.reason_offsets_: Floats = np.array(offsets)
        return self

    def tag_probabilities(self, inputs: Floats) -> Floats:
        """Shape [messages, tags], rows sum to one."""
        return np.asarray(self.tags_.predict_proba(inputs[:, OF_TAGS]))

    def reason_probabilities(self, inputs: Floats) -> Floats:
        """Shape [messages, codes], each between zero and one by itself, given the tag that the code goes with."""
        return np.asarray(1 / (1 + np.exp(-(inputs @ self.reason_weights_.T + self.reason_offsets_))))


def as_on_phones(tags: NDArray[np.int64]) -> Floats:
    """How much each message counts, so that they are mixed more as on a phone: ``OTHER_ON_PHONES`` for ``other``, else 1."""
    return np.where(tags == TAGS.index("other"), OTHER_ON_PHONES, 1.0)


def calibrated_from(margins: Floats, tallies: Floats, lengths: NDArray[np.int64]) -> Floats:
    """What calibration looks at, side by side.

    ``margins`` [messages, tags + codes]; the largest of them among ``FLIPPING`` (one sure reason is enough, whichever it is, and
    no sum can say so); a 1 for each of ``LONGER`` that ``lengths`` [messages], in normalised characters, reach (features are
    normalised, so a few words weigh as much as many, and say less); ``tallies`` [messages, 1 + flags].
    """
    return np.column_stack((margins, margins[:, FLIPPING].max(axis=1), lengths[:, None] >= np.array(LONGER), tallies))


@dataclass(frozen=True)
class Prediction:
    """``tags`` int [messages]; ``tag_probabilities`` [messages, tags]; ``reason_probabilities`` [messages, codes]."""

    tags: NDArray[np.int64]
    tag_probabilities: Floats
    reason_probabilities: Floats


def lengths(tokens: Tokens) -> NDArray[np.int64]:
    """Normalised characters of each message, [messages]."""
    return np.array([sum(map(len, message)) for message in tokens], dtype=np.int64)


def _learn(heads: LinearHeads, tokens: Tokens, y: Targets, evidence: Evidence) -> Pipeline:
    features = token_features()
    X = features.fit_transform(tokens)
    spans = [span for spans in evidence for span in spans]
    codes = np.array([code for _, code in spans], dtype=np.int64)
    heads.fit(X, y, features.transform([words for words, _ in spans]), codes)
    idf = np.concatenate([part.named_steps["occurrencetfidf"].idf_ for _, part in features.transformer_list])
    heads.coef_ = in_steps(heads.coef_ * idf) / idf
    return Pipeline([("features", features), ("heads", heads)])


def _scored_unseen(
    heads: LinearHeads, tokens: Tokens, y: Targets, evidence: Evidence, seen: Any, unseen: Any
) -> tuple[Any, Floats, Floats]:
    known, asked = [tokens[i] for i in seen], [tokens[i] for i in unseen]
    with threadpool_limits(limits=1):  # as in the process that shares out the work
        learned = _learn(heads, known, y[seen], [evidence[i] for i in seen])
        tally = Tally().fit(known, y.tags[seen], y.reasons[seen])
    return unseen, np.asarray(learned.transform(asked)), tally.transform(asked)


class Tagger(BaseEstimator):  # type: ignore[misc]
    """Segmentation -> TF-IDF -> linear heads, and a tally of characters beside them -> calibrated probabilities.

    ``unlawful_threshold``: a message is only tagged unlawful when that probability reaches it; below, another tag is taken
    (:func:`decide`). It is chosen on the validation split, after fitting.
    """

    def __init__(self, segmenter: Segmenter, heads: LinearHeads | None = None, folds: int = 5) -> None:
        self.segmenter = segmenter
        self.heads = heads
        self.folds = folds

    def fit(self, texts: Sequence[str], y: Targets, *groupings: Sequence[str]) -> Tagger:
        """Learn from ``texts``. Calibration uses folds that tear no group apart.

        Each of ``groupings`` names the group of each text; the first is taken that is large enough: it has as many groups as there
        are folds, and none of the folds takes all that there is of a tag.
        """
        tokens = Segment(self.segmenter).transform(texts)
        evidence = self._evidence(y)
        folds = self._folds(y.tags, groupings)
        parts = Parallel(n_jobs=2)(
            delayed(_scored_unseen)(self._heads(), tokens, y, evidence, seen, unseen) for seen, unseen in folds
        )
        order = np.argsort(np.concatenate([unseen for unseen, _, _ in parts]))
        margins, tallies = (np.concatenate([part[which] for part in parts])[order] for which in (1, 2))
        self.calibration_ = Calibration().fit(calibrated_from(margins, tallies, lengths(tokens)), y)
        self.unlawful_threshold_ = 0.0
        return self.refit(texts, y)

    def _folds(self, tags: NDArray[np.int64], groupings: Sequence[Sequence[str]]) -> list[tuple[Any, Any]]:
        for groups in groupings[:-1]:
            if len(set(groups)) >= self.folds:
                folds = list(GroupKFold(self.folds).split(tags, groups=groups))
                if all(len(np.unique(tags[seen])) == len(TAGS) for seen, _ in folds):
                    return folds
        return list(GroupKFold(self.folds).split(tags, groups=groupings[-1]))

    def refit(self, texts: Sequence[str], y: Targets) -> Tagger:
        """Learn features, heads and tally from ``texts``; calibration and threshold stay as they are."""
        segment = Segment(self.segmenter)
        tokens = segment.transform(texts)
        learned = _learn(self._heads(), tokens, y, self._evidence(y))
        self.pipeline_ = Pipeline([("segment", segment), *learned.steps])
        self.tally_ = Tally().fit(tokens, y.tags, y.reasons)
        return self

    def _heads(self) -> LinearHeads:
        heads: LinearHeads = clone(self.heads or LinearHeads())
        return heads

    def _evidence(self, y: Targets) -> Evidence:
        return [[(self.segmenter.cut(words), code) for words, code in spans] for spans in y.evidence]

    def margins(self, texts: Sequence[str]) -> Floats:
        """Linear scores before calibration, [messages, tags + codes]."""
        return np.asarray(self.pipeline_.transform(list(texts)))

    def predict(self, texts: Sequence[str]) -> Prediction:
        """Tag each of ``texts``."""
        tokens = self.pipeline_[0].transform(list(texts))
        margins = np.asarray(self.pipeline_[1:].transform(tokens))
        inputs = calibrated_from(margins, self.tally_.transform(tokens), lengths(tokens))
        probabilities = self.calibration_.tag_probabilities(inputs)
        of_reasons = self.calibration_.reason_probabilities(inputs)
        return Prediction(decide(probabilities, self.unlawful_threshold_), probabilities, of_reasons)


def decide(probabilities: Floats, unlawful_threshold: float) -> NDArray[np.int64]:
    """The likeliest of the tags that reach what :func:`least_said` asks of them; ``reminder`` and ``pressure`` always do."""
    asked = least_said(unlawful_threshold)
    return np.asarray(np.where(probabilities < asked, probabilities - 1, probabilities).argmax(axis=1))


def least_said(unlawful_threshold: float) -> Floats:
    """The probability from which each tag is said, [tags]: ``unlawful_threshold``, ``OTHER_FROM``, and any of the other two."""
    asked = np.zeros(len(TAGS))
    asked[TAGS.index("other")], asked[TAGS.index("unlawful")] = OTHER_FROM, unlawful_threshold
    return asked
