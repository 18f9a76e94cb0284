"""How well taggings agree with labels: precision, recall, F1 by tag and by reason, and what was confused with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cuishou.labels import Label
from cuishou.message import TAGS, Tag, Tagging


@dataclass(frozen=True, slots=True)
class Score:
    """``true``: labelled so; ``said``: tagged so; ``hit``: both. A ratio with nothing below the line is 0."""

    true: int
    said: int
    hit: int

    @property
    def precision(self) -> float:
        """Of those tagged so, how many rightly."""
        return self.hit / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Of those labelled so, how many were found."""
        return self.hit / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hit / (self.true + self.said) if self.true + self.said else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.true + other.true, self.said + other.said, self.hit + other.hit)

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return asdict(self) | {"precision": round(self.precision, 4), "recall": round(self.recall, 4), "f1": round(self.f1, 4)}


@dataclass(frozen=True)
class Evaluation:
    """``confusion[labelled][tagged]`` counts messages. ``reasons`` holds only codes that were labelled or said."""

    messages: int
    tags: Mapping[Tag, Score]
    reasons: Mapping[str, Score]
    confusion: Mapping[Tag, Mapping[Tag, int]]

    @property
    def accuracy(self) -> float:
        """Of all messages, how many were tagged as labelled."""
        return sum(score.hit for score in self.tags.values()) / self.messages if self.messages else 0.0

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the tags that occur."""
        scores = [score.f1 for score in self.tags.values() if score.true or score.said]
        return sum(scores) / len(scores) if scores else 0.0

    @property
    def reasons_micro(self) -> Score:
        """All reason codes together, each occurrence counted."""
        return sum(self.reasons.values(), Score(0, 0, 0))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "messages": self.messages,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "tags": {name: score.as_dict() for name, score in self.tags.items()},
            "reasons_micro": self.reasons_micro.as_dict(),
            "reasons": {name: score.as_dict() for name, score in self.reasons.items()},
            "confusion": self.confusion,
        }


def evaluate(labels: Sequence[Label], taggings: Iterable[Tagging]) -> Evaluation:
    """Compare ``taggings`` with ``labels``, one for one."""
    pairs = list(zip(labels, taggings, strict=True))
    both = Counter((label.tag, tagging.tag) for label, tagging in pairs)
    confusion = {true: {said: both[true, said] for said in TAGS} for true in TAGS}
    tags = {
        tag: Score(sum(confusion[tag].values()), sum(row[tag] for row in confusion.values()), confusion[tag][tag]) for tag in TAGS
    }
    true = Counter(code for label, _ in pairs for code in label.reasons)
    said = Counter(reason.code for _, tagging in pairs for reason in tagging.reasons)
    hit = Counter(reason.code for label, tagging in pairs for reason in tagging.reasons if reason.code in label.reasons)
    reasons = {code: Score(true[code], said[code], hit[code]) for code in sorted(true | said)}
    return Evaluation(len(pairs), tags, reasons, confusion)
