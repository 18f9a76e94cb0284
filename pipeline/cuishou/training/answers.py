"""What a model answers to labelled messages, as arrays: figures can then be taken of any rows of them, many times over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cuishou.labels import Label
from cuishou.message import TAGS, Tagging
from cuishou.scorer import Scorer

Disguises = Mapping[str, Callable[[str], str]]


@dataclass(frozen=True)
class Answers:
    """``tags`` int [messages]; ``disguised`` int [disguises, messages]; ``codes`` bool [messages, codes of the labels + 1]."""

    tags: NDArray[np.int64]
    disguised: NDArray[np.int64]
    codes: NDArray[np.bool_]


#: A figure of the answers at the rows asked for; a row may be asked for several times.
Measure = Callable[[Answers, NDArray[np.int64]], float]


@dataclass(frozen=True)
class Truth:
    """What the labels say: ``tags`` int [messages], ``codes`` bool [messages, ``names`` + 1]."""

    labels: Sequence[Label]
    tags: NDArray[np.int64]
    codes: NDArray[np.bool_]
    names: tuple[str, ...]

    @classmethod
    def of(cls, test: Sequence[Label]) -> Truth:
        """The truth about ``test``."""
        names = tuple(sorted({code for label in test for code in label.reasons}))
        tags = np.array([TAGS.index(label.tag) for label in test], dtype=np.int64)
        return cls(test, tags, _codes(names, [label.reasons for label in test]), names)

    def ask(self, scorer: Scorer, disguises: Disguises | None = None) -> Answers:
        """What ``scorer`` says of the messages, and of them in each of ``disguises``."""
        texts = [label.text for label in self.labels]
        taggings = scorer.tag(texts, explain=False)
        disguised = [_tags(scorer.tag(map(put, texts), explain=False)) for put in (disguises or {}).values()]
        codes = _codes(self.names, [[reason.code for reason in tagging.reasons] for tagging in taggings])
        return Answers(_tags(taggings), np.array(disguised, dtype=np.int64).reshape(len(disguised), len(texts)), codes)

    def measures(self) -> dict[str, Measure]:
        """Each figure, of the answers at the rows asked for."""
        other, unlawful = TAGS.index("other"), TAGS.index("unlawful")

        def share(said: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
            return float(said[among].mean()) if among.any() else 0.0

        def disguised(answers: Answers, rows: NDArray[np.int64]) -> float:
            scores = [macro_f1(self.tags[rows], said[rows]) for said in answers.disguised]
            return float(np.mean(scores)) if scores else 0.0

        def reasons(answers: Answers, rows: NDArray[np.int64]) -> float:
            true, said = self.codes[rows], answers.codes[rows]
            return float(2 * (true & said).sum() / max(true.sum() + said.sum(), 1))

        return {
            "macro-F1": lambda answers, rows: macro_f1(self.tags[rows], answers.tags[rows]),
            "unlawful: precision": lambda answers, rows: share(self.tags[rows] == unlawful, answers.tags[rows] == unlawful),
            "unlawful: recall": lambda answers, rows: share(answers.tags[rows] == unlawful, self.tags[rows] == unlawful),
            "reason codes, micro-F1": reasons,
            "disguised copies, macro-F1": disguised,
            "ordinary messages taken for collection": lambda answers, rows: share(
                answers.tags[rows] != other, self.tags[rows] == other
            ),
            "ordinary messages taken for unlawful": lambda answers, rows: share(
                answers.tags[rows] == unlawful, self.tags[rows] == other
            ),
        }


def macro_f1(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """The mean F1 of the tags that occur, as :attr:`cuishou.evaluation.Evaluation.macro_f1`."""
    both = np.bincount(truth * len(TAGS) + said, minlength=len(TAGS) ** 2).reshape(len(TAGS), len(TAGS))
    sums = both.sum(axis=0) + both.sum(axis=1)
    return float(np.mean(2 * both.diagonal()[sums > 0] / sums[sums > 0])) if sums.any() else 0.0


def _tags(taggings: Sequence[Tagging]) -> NDArray[np.int64]:
    return np.array([TAGS.index(tagging.tag) for tagging in taggings], dtype=np.int64)


def _codes(names: Sequence[str], said: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
    """Which codes were said, bool [messages, names + 1]; the last column counts those that nobody labelled."""
    found = np.zeros((len(said), len(names) + 1), dtype=bool)
    for row, codes in enumerate(said):
        for code in codes:
            found[row, names.index(code) if code in names else -1] = True
    return found
