"""Does the graph do what the scikit-learn model does? Asked after every training, before anything is replaced."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cuishou.message import TAGS
from cuishou.scorer import Scorer
from cuishou.training.tagger import Tagger

TOLERANCE = 1e-5


class ParityError(Exception):
    """The graph and the model it was made from disagree; the graph must not be used."""


def check_parity(tagger: Tagger, scorer: Scorer, texts: Sequence[str]) -> None:
    """Compare token starts, tags and probabilities on ``texts``. Raises :class:`ParityError` on the first difference."""
    for text, starts in zip(texts, scorer.token_starts(texts), strict=True):
        if (expected := tagger.segmenter.starts(text)) != starts:
            raise ParityError(f"tokens of {text[:60]!r} start at {starts}, jieba says {expected}")
    expected_probabilities = tagger.predict(texts)
    tags, of_tags, of_reasons = scorer.probabilities(texts)
    for name, ours, theirs in (
        ("tag probabilities", of_tags, expected_probabilities.tag_probabilities),
        ("reason probabilities", of_reasons, expected_probabilities.reason_probabilities),
    ):
        worst = np.abs(ours - theirs).max(initial=0)
        if worst > TOLERANCE:
            text = texts[int(np.abs(ours - theirs).max(axis=1).argmax())]
            raise ParityError(f"{name} differ by {worst:.2e}, most for {text[:60]!r}")
    for text, ours, theirs in zip(texts, tags.tolist(), expected_probabilities.tags.tolist(), strict=True):
        if ours != theirs:
            raise ParityError(f"{text[:60]!r} is {TAGS[ours]} by the graph and {TAGS[theirs]} by scikit-learn")
