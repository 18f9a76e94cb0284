"""``make train``: from ``data/``, and new labels beside it, to ``model/``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

import cuishou
from cuishou.codes import REASONS
from cuishou.labels import Label, LabelError, as_csv, label_files, read_labels
from cuishou.message import TAGS
from cuishou.scorer import FORMAT, ModelError, Scorer
from cuishou.training import thresholds
from cuishou.training.baselines import baselines
from cuishou.training.bootstrap import intervals
from cuishou.training.card import card
from cuishou.training.characters import Characters
from cuishou.training.curve import plot
from cuishou.training.disguise import disguises
from cuishou.training.export import to_model
from cuishou.training.facts import figures
from cuishou.training.gate import Verdict, compare, told
from cuishou.training.golden import edge_texts, golden_texts, write_golden
from cuishou.training.measure import measure, table
from cuishou.training.merge import Merged, merge, read_added
from cuishou.training.parity import check_parity
from cuishou.training.replace import replace as replace_folder
from cuishou.training.replace import staging
from cuishou.training.segmenter import Segmenter
from cuishou.training.split import Side, split
from cuishou.training.tagger import OTHER_ON_PHONES, Tagger, Targets, as_on_phones, decide
from cuishou.training.unmask import unmasked

NOTICES = (
    "cuishou: Apache-2.0. Contains word frequencies of jieba's dictionary (MIT, copyright 2013 Sun Junyi) "
    "and a character map drawn from OpenCC (Apache-2.0, copyright BYVoid and contributors)."
)
#: Folds of the calibration, none of which shares a family with another.
FOLDS = 5


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
        characters, lexicon = data / "characters.tsv", data / "lexicon.txt"
        return cls(read_labels(data / "labels"), Characters.read(characters), lexicon, digest(data))

    def with_added(self, data: Path, added: Sequence[Path]) -> tuple[Corpus, Merged]:
        """The corpus with the labels of ``added``, as :func:`cuishou.training.merge.merge` takes them.

        The digest is the one that ``data`` has once they are kept there. Raises :class:`cuishou.labels.LabelError`.
        """
        merged = merge(self.labels, read_added(added), lambda text: self.characters.normalise(text).text)
        if not merged.added:
            return self, merged
        known = digest(data, {kept_file(data): as_csv(merged.added)})
        return replace(self, labels=[*self.labels, *merged.added], digest=known), merged

    def segmenter(self) -> Segmenter:
        """The tokeniser with this corpus's lexicon."""
        return Segmenter(self.characters, self.lexicon)


def kept_file(data: Path) -> Path:
    """Where the next added labels are kept: the first free ``labels/added-0001.csv``."""
    taken = {file.stem for file in (data / "labels").glob("added-*.csv")}
    return next(data / "labels" / f"added-{number:04}.csv" for number in count(1) if f"added-{number:04}" not in taken)


def digest(data: Path, beside: Mapping[Path, bytes] | None = None) -> str:
    """SHA-256 of what a model is made from: names and bytes of the files in ``data``, and of those that stand ``beside`` them."""
    beside = beside or {}
    found = hashlib.sha256()
    for file in [*sorted({*label_files(data / "labels"), *beside}), data / "lexicon.txt", data / "characters.tsv"]:
        found.update(file.relative_to(data).as_posix().encode() + b"\0" + (beside.get(file) or file.read_bytes()) + b"\0")
    return found.hexdigest()


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
    """Fit the tagger on ``labels`` and their unmasked copies.

    Calibration is learned on areas that the model did not see, not on families: an area was written by one hand, and a phone holds
    what no hand of ours wrote. Where there are too few areas it is families.
    """
    labels = [*labels, *unmasked(labels)]
    areas, families = [area(label) for label in labels], [label.family for label in labels]
    return Tagger(segmenter, folds=FOLDS).fit([label.text for label in labels], targets(labels), areas, families)


def area(label: Label) -> str:
    """What a label's id has before its number: all messages of an area were written together."""
    return label.id.rpartition("-")[0] or label.family


class Held(Exception):
    """The gate holds the new model back; the old one stays. The message says which figures fell and which messages turned wrong."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__("\n".join(told(verdict)))


def train(
    data: Path,
    out: Path,
    tell: Callable[[str], object] = lambda line: None,
    added: Sequence[Path] = (),
    accept_worse: bool = False,
    keep: bool = False,
) -> dict[str, Any]:
    """Train on ``data`` and the labels files ``added``, and write model, metrics, card and golden texts to ``out``; the metrics.

    Calibration and thresholds come from a model that learned from the training split alone, thresholds being chosen on the
    validation split; the model that is written then learns its weights from both, and is measured on the test split. Nothing is
    written unless the graph agrees with scikit-learn and the gate lets it pass, or ``accept_worse`` is given; then ``out`` is
    replaced as a whole. ``keep`` writes the added labels into ``data`` after that.

    Raises :class:`cuishou.labels.LabelError`, :class:`cuishou.training.parity.ParityError`, :class:`Held`,
    :class:`cuishou.training.replace.NotAModelFolder` and ``OSError``.
    """
    with staging(out) as made:
        corpus, merged = Corpus.read(data).with_added(data, added)
        if added:
            tell(f"{len(merged.added)} new labels, {len(merged.left_out)} left out")
            for line in merged.left_out:
                tell(f"  left out: {line}")
        with threadpool_limits(limits=1):  # sums in another order differ in the last digit, and so would the file
            metrics = _make(corpus, made, data, tell)
        metrics["added"] = _added(Scorer.load(made / "cuishou.onnx"), merged)
        metrics["gate"] = _gate(corpus, made, out, accept_worse, tell)
        _carry_curve(metrics, out)
        write_card(metrics, made)
        replace_folder(made, out)
    if keep and merged.added:
        file = kept_file(data)
        file.write_bytes(as_csv(merged.added))
        tell(f"kept the new labels as {file}")
    for what, reached, aim in table(metrics):
        tell(f"  {what:55} {reached:>7}  {aim}")
    if added:
        tell(f"of {len(merged.added)} new labels {metrics['added']['right']} are now tagged as labelled")
    tell(f"wrote {out / 'cuishou.onnx'}, {metrics['model_bytes'] / 1e6:.1f} MB")
    return metrics


def _make(corpus: Corpus, made: Path, data: Path, tell: Callable[[str], object]) -> dict[str, Any]:
    """Fit, export and check a model in the folder ``made``; returns its metrics."""
    # in the order of their ids: which file a label stands in does not change what is learned
    sides = {name: sorted(rows, key=lambda label: label.id) for name, rows in split(corpus.labels).items()}
    _enough(sides)
    tell(f"{len(corpus.labels)} labels: " + ", ".join(f"{len(rows)} {name}" for name, rows in sides.items()))
    tell(f"learning, {FOLDS} times in part for the calibration and twice in whole ...")
    segmenter = corpus.segmenter()
    tagger = fit(segmenter, sides["train"])
    chosen = _choose(tagger, sides["validation"])
    tell("chosen on validation: " + ", ".join(f"{name} {value}" for name, value in chosen.items() if name != "reason_thresholds"))
    known = sides["train"] + sides["validation"]
    learned = [*known, *unmasked(known)]
    tagger.refit([label.text for label in learned], targets(learned))
    tagger.unlawful_threshold_ = chosen["unlawful_threshold"]
    tell(f"fitted {tagger.pipeline_.named_steps['heads'].coef_.shape[1]} features")

    tell("writing the graph ...")
    model = to_model(tagger, metadata(corpus, chosen)).SerializeToString(deterministic=True)
    (made / "cuishou.onnx").write_bytes(model)
    scorer = Scorer.load(made / "cuishou.onnx")
    check_parity(tagger, scorer, [label.text for label in sides["test"]] + edge_texts())
    tell("the graph agrees with scikit-learn; measuring it, its disguised copies, and simpler means ...")
    write_golden(scorer, golden_texts(corpus.labels), made / "golden.jsonl")
    return {
        "version": scorer.metadata.version,
        "data_sha256": corpus.digest,
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "model_bytes": len(model),
        "messages": {name: len(rows) for name, rows in sides.items()},
        "other_on_phones": OTHER_ON_PHONES,
        "chosen_on_validation": chosen,
        **measure(scorer, sides["test"], sides["validation"], corpus.characters),
        "intervals": intervals(scorer, sides["test"]),
        "baselines": baselines(known, sides["test"]),
        **figures(data),
        "made_with": {name: version(name) for name in ("jieba", "scikit-learn", "skl2onnx", "onnx", "onnxruntime", "numpy")},
    }


def _enough(sides: Mapping[Side, Sequence[Label]]) -> None:
    """Raise :class:`LabelError` when there is too little to learn from or to measure with."""
    tags = {label.tag for label in sides["train"]}
    problems = [f"no message to learn from is labelled {tag}; every tag needs some" for tag in TAGS if tag not in tags]
    problems += [f"no family falls on the {name} side; more families are needed" for name, rows in sides.items() if not rows]
    if len({label.family for label in sides["train"]}) < FOLDS:
        problems.append(f"fewer than {FOLDS} families to learn from; calibration needs as many")
    if problems:
        raise LabelError(problems)


def _added(scorer: Scorer, merged: Merged) -> dict[str, Any]:
    """What the model says of the labels that were added to learn from."""
    taggings = scorer.tag((label.text for label in merged.added), explain=False)
    wrong = [label.id for label, tagging in zip(merged.added, taggings, strict=True) if label.tag != tagging.tag]
    return {"labels": len(merged.added), "left_out": len(merged.left_out), "right": len(taggings) - len(wrong), "wrong": wrong}


def _gate(corpus: Corpus, made: Path, out: Path, accept_worse: bool, tell: Callable[[str], object]) -> dict[str, Any] | None:
    """Compare with the model at ``out``; None where there is none. Raises :class:`Held`."""
    models = out / "cuishou.onnx", made / "cuishou.onnx"
    if not models[0].exists():
        tell("there is no older model to compare with")
        return None
    try:
        recorded = _recorded(out)
        old, new = (Scorer.load(model, threads=1) for model in models)
    except (ModelError, ValueError, KeyError, TypeError) as error:
        verdict = Verdict("?", [], faults=[f"the model at {out} cannot be compared with: {error}"])
    else:
        tell("comparing it with the old model ...")
        test, sizes = split(corpus.labels)["test"], (models[0].stat().st_size, models[1].stat().st_size)
        verdict = compare(old, new, test, disguises(corpus.characters), sizes, recorded)
    if not (verdict.passed or accept_worse):
        raise Held(verdict)
    for line in told(verdict):
        tell(line)
    return verdict.as_dict(accept_worse)


def _recorded(out: Path) -> dict[str, Any] | None:
    """The metrics of the model at ``out``. Raises ``ValueError`` when they are another model's."""
    if not (out / "metrics.json").exists():
        return None
    recorded: dict[str, Any] = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    if recorded["model_sha256"] != hashlib.sha256((out / "cuishou.onnx").read_bytes()).hexdigest():
        raise ValueError("its metrics.json was written for another model")
    return recorded


def _carry_curve(metrics: dict[str, Any], out: Path) -> None:
    """Keep the learning curve that was measured before, with the digest of the data it was measured on."""
    try:
        recorded = _recorded(out)
    except (ValueError, KeyError, TypeError):
        return
    if recorded and "learning_curve" in recorded:
        metrics["learning_curve"] = recorded["learning_curve"]


def write_card(metrics: dict[str, Any], folder: Path) -> None:
    """Write ``metrics.json``, and the card and the plot that follow from it."""
    (folder / "metrics.json").write_text(json.dumps(metrics, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(card(metrics), encoding="utf-8")
    if "learning_curve" in metrics:
        (folder / "learning-curve.svg").write_text(plot(metrics["learning_curve"]), encoding="utf-8")


def _choose(tagger: Tagger, validation: Sequence[Label]) -> dict[str, Any]:
    y = targets(validation)
    predicted = tagger.predict([label.text for label in validation])
    unlawful = thresholds.unlawful_threshold(predicted.tag_probabilities, y.tags, as_on_phones(y.tags))
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
