"""``make train``: from ``data/`` to ``model/``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import cuishou
from cuishou.codes import REASONS
from cuishou.labels import Label, read_labels
from cuishou.message import TAGS
from cuishou.scorer import FORMAT, Scorer
from cuishou.training import thresholds
from cuishou.training.baselines import baselines
from cuishou.training.card import card
from cuishou.training.characters import Characters
from cuishou.training.export import to_model
from cuishou.training.facts import figures
from cuishou.training.golden import edge_texts, golden_texts, write_golden
from cuishou.training.measure import measure, table
from cuishou.training.parity import check_parity
from cuishou.training.segmenter import Segmenter
from cuishou.training.split import split
from cuishou.training.tagger import Tagger, Targets, decide
from cuishou.training.unmask import unmasked

NOTICES = (
    "cuishou: Apache-2.0. Contains word frequencies of jieba's dictionary (MIT, copyright 2013 Sun Junyi) "
    "and a character map drawn from OpenCC (Apache-2.0, copyright BYVoid and contributors)."
)


@dataclass(frozen=True)
class Corpus:
    """The contents of ``data/``."""

    labels: list[Label]
    characters: Characters
    lexicon: Path
    digest: str

    @classmethod
    def read(cls, data: Path) -> Corpus:
        """Read ``data``. Raises :class:`cuishou.labels.LabelError` for labels that do not fit."""
        files = [*sorted((data / "labels").glob("**/*.csv")), data / "lexicon.txt", data / "characters.tsv"]
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.relative_to(data).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return cls(read_labels(data / "labels"), Characters.read(data / "characters.tsv"), data / "lexicon.txt", digest.hexdigest())

    def segmenter(self) -> Segmenter:
        """The tokeniser with this corpus's lexicon."""
        return Segmenter(self.characters, self.lexicon)


def targets(labels: Sequence[Label]) -> Targets:
    """What the classifier should say of ``labels``."""
    codes = list(REASONS)
    return Targets(
        tags=np.array([TAGS.index(label.tag) for label in labels], dtype=np.int64),
        reasons=np.array([[code in label.reasons for code in codes] for label in labels], dtype=bool),
        evidence=tuple(
            tuple((words, codes.index(code)) for code, words in zip(label.reasons, label.evidence, strict=True)) for label in labels
        ),
    )


def fit(segmenter: Segmenter, labels: Sequence[Label]) -> Tagger:
    """Fit the tagger on ``labels`` and their unmasked copies."""
    labels = [*labels, *unmasked(labels)]
    return Tagger(segmenter).fit([label.text for label in labels], targets(labels), [label.family for label in labels])


def train(data: Path, out: Path, tell: Callable[[str], object] = lambda line: None) -> dict[str, Any]:
    """Train on ``data`` and write the model, its metrics, its card and the golden texts to ``out``; returns the metrics.

    Calibration and thresholds come from a model that learned from the training split alone, thresholds being chosen on the
    validation split; the model that is written then learns its weights from both, and is measured on the test split. Nothing is
    written unless the graph agrees with scikit-learn.
    """
    corpus = Corpus.read(data)
    sides = split(corpus.labels)
    tell(f"{len(corpus.labels)} labels: " + ", ".join(f"{len(rows)} {name}" for name, rows in sides.items()))
    segmenter = corpus.segmenter()
    tagger = fit(segmenter, sides["train"])
    chosen = _choose(tagger, sides["validation"])
    tell("chosen on validation: " + ", ".join(f"{name} {value}" for name, value in chosen.items() if name != "reason_thresholds"))
    known = sides["train"] + sides["validation"]
    learned = [*known, *unmasked(known)]
    tagger.refit([label.text for label in learned], targets(learned))
    tagger.unlawful_threshold_ = chosen["unlawful_threshold"]
    tell(f"fitted {tagger.pipeline_.named_steps['heads'].coef_.shape[1]} features")

    model = to_model(tagger, metadata(corpus, chosen)).SerializeToString(deterministic=True)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix=".train-") as folder:
        made = Path(folder)
        (made / "cuishou.onnx").write_bytes(model)
        scorer = Scorer.load(made / "cuishou.onnx")
        check_parity(tagger, scorer, [label.text for label in sides["test"]] + edge_texts())
        tell("the graph agrees with scikit-learn")
        metrics: dict[str, Any] = {
            "version": scorer.metadata.version,
            "data_sha256": corpus.digest,
            "model_sha256": hashlib.sha256(model).hexdigest(),
            "model_bytes": len(model),
            "messages": {name: len(rows) for name, rows in sides.items()},
            "chosen_on_validation": chosen,
            **measure(scorer, sides["test"], sides["validation"], corpus.characters),
            "baselines": baselines(known, sides["test"]),
            **figures(data),
            "made_with": {name: version(name) for name in ("jieba", "scikit-learn", "skl2onnx", "onnx", "onnxruntime", "numpy")},
        }
        (made / "metrics.json").write_text(json.dumps(metrics, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        (made / "MODEL_CARD.md").write_text(card(metrics), encoding="utf-8")
        write_golden(scorer, golden_texts(corpus.labels), made / "golden.jsonl")
        for name in ("golden.jsonl", "metrics.json", "MODEL_CARD.md", "cuishou.onnx"):
            (made / name).replace(out / name)
    for what, reached, aim in table(metrics):
        tell(f"  {what:55} {reached:>7}  {aim}")
    tell(f"wrote {out / 'cuishou.onnx'}, {len(model) / 1e6:.1f} MB")
    return metrics


def _choose(tagger: Tagger, validation: Sequence[Label]) -> dict[str, Any]:
    y = targets(validation)
    predicted = tagger.predict([label.text for label in validation])
    unlawful = thresholds.unlawful_threshold(predicted.tag_probabilities, y.tags)
    said = decide(predicted.tag_probabilities, unlawful)
    flags = [not reason.flips for reason in REASONS.values()]
    of_reasons = thresholds.reason_thresholds(predicted.reason_probabilities, y.reasons, said, flags)
    return {
        "unlawful_threshold": unlawful,
        "review_below": thresholds.review_threshold(predicted.tag_probabilities, said, y.tags),
        "reason_thresholds": dict(zip(REASONS, of_reasons, strict=True)),
    }


def metadata(corpus: Corpus, chosen: dict[str, Any]) -> dict[str, Any]:
    """What a model made from ``corpus`` with the thresholds ``chosen`` says of itself."""
    return {
        "format": FORMAT,
        "version": f"{cuishou.__version__}+{corpus.digest[:12]}",
        "tags": list(TAGS),
        "reasons": list(REASONS),
        "flags": [code for code, reason in REASONS.items() if not reason.flips],
        "unlawful_threshold": chosen["unlawful_threshold"],
        "review_below": chosen["review_below"],
        "reason_thresholds": chosen["reason_thresholds"],
        "segmentation": f"jieba {version('jieba')}, HMM=False",
        "data_sha256": corpus.digest,
        "notices": NOTICES,
    }
