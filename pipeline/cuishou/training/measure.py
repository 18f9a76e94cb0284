"""The figures of the model card: everything that is promised of the model, measured on the test split. ``make evaluate``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cuishou.evaluation import evaluate
from cuishou.labels import Label
from cuishou.message import Tagging
from cuishou.scorer import Scorer
from cuishou.training.characters import Characters
from cuishou.training.disguise import disguises
from cuishou.training.facts import AIM, AIMED
from cuishou.training.facts import figures as of_facts


def measure(scorer: Scorer, test: Sequence[Label], validation: Sequence[Label], characters: Characters) -> dict[str, Any]:
    """Measure ``scorer``. On validation only what was chosen there is measured: how much is left to review."""
    taggings = scorer.tag(label.text for label in test)
    result = evaluate(test, taggings)
    hant = [row for row in zip(test, taggings, strict=True) if row[0].script == "hant"]
    plain = [label for label in test if "disguise" not in label.note]
    of_plain = _macro_f1(scorer, plain)
    return {
        "test": result.as_dict(),
        "minimal_pairs": minimal_pairs(test, taggings),
        "disguised_copies": {
            "plain_macro_f1": of_plain,
            "fall": {
                name: round(of_plain - _macro_f1(scorer, plain, disguise), 4) for name, disguise in disguises(characters).items()
            },
        },
        "traditional": {
            "messages": len(hant),
            "macro_f1": round(evaluate([label for label, _ in hant], [tagging for _, tagging in hant]).macro_f1, 4),
        },
        "calibration": {
            "expected_calibration_error": calibration_error(test, taggings),
            "reliability": reliability(test, taggings),
        },
        "review": {
            "validation": _review(validation, scorer.tag(label.text for label in validation)),
            "test": _review(test, taggings),
        },
        "evidence": evidence_overlap(test, taggings),
    }


def _macro_f1(scorer: Scorer, labels: Sequence[Label], disguise: Any = lambda text: text) -> float:
    taggings = scorer.tag((disguise(label.text) for label in labels), explain=False)
    return round(evaluate(labels, taggings).macro_f1, 4)


def minimal_pairs(labels: Sequence[Label], taggings: Sequence[Tagging]) -> dict[str, float]:
    """Families of two or three that differ in a few words and in their tags: how often all members are right."""
    families: dict[str, list[bool]] = {}
    for label, tagging in zip(labels, taggings, strict=True):
        if label.family.startswith("pair/"):
            families.setdefault(label.family, []).append(label.tag == tagging.tag)
    whole = [all(members) for members in families.values() if len(members) > 1]
    return {"pairs": len(whole), "both_right": round(float(np.mean(whole)), 4) if whole else 0.0}


def _confidence(labels: Sequence[Label], taggings: Sequence[Tagging]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    sure = np.array([tagging.probabilities[tagging.tag] for tagging in taggings])
    return sure, np.array([label.tag == tagging.tag for label, tagging in zip(labels, taggings, strict=True)], dtype=bool)


def reliability(labels: Sequence[Label], taggings: Sequence[Tagging], bins: int = 10) -> list[dict[str, float]]:
    """For each tenth of probability of the tag said: messages, mean probability, and how many were right."""
    sure, right = _confidence(labels, taggings)
    which = np.minimum((sure * bins).astype(int), bins - 1)
    rows = [(number, which == number) for number in range(bins) if (which == number).any()]
    return [
        {
            "from": number / bins,
            "messages": int(inside.sum()),
            "said": round(float(sure[inside].mean()), 4),
            "right": round(float(right[inside].mean()), 4),
        }
        for number, inside in rows
    ]


def calibration_error(labels: Sequence[Label], taggings: Sequence[Tagging]) -> float:
    """Expected calibration error in ten bins (Guo et al., ICML 2017, equation 3)."""
    rows = reliability(labels, taggings)
    total = sum(row["messages"] for row in rows)
    return round(sum(row["messages"] * abs(row["said"] - row["right"]) for row in rows) / max(total, 1), 4)


def _review(labels: Sequence[Label], taggings: Sequence[Tagging]) -> dict[str, float]:
    sure = [label.tag == tagging.tag for label, tagging in zip(labels, taggings, strict=True) if not tagging.needs_review]
    return {"coverage": round(len(sure) / max(len(labels), 1), 4), "accuracy": round(float(np.mean(sure)), 4) if sure else 0.0}


def evidence_overlap(labels: Sequence[Label], taggings: Sequence[Tagging]) -> dict[str, float]:
    """Among messages rightly tagged unlawful: how often a span shown overlaps the written evidence, and how long spans are."""
    hits, share = [], []
    for label, tagging in zip(labels, taggings, strict=True):
        if label.tag == tagging.tag == "unlawful" and label.evidence:
            written: set[int] = set()
            for part in label.evidence:
                start = label.text.index(part)
                written.update(range(start, start + len(part)))
            shown = {place for span in tagging.spans for place in range(span.start, span.end)}
            hits.append(bool(written & shown))
            share.append(len(shown) / len(label.text))
    return {
        "messages": len(hits),
        "overlap": round(float(np.mean(hits)), 4) if hits else 0.0,
        "share_of_text_shown": round(float(np.mean(share)), 4) if share else 0.0,
    }


def table(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The figures beside what they are meant to reach: (what, reached, aim)."""
    test, fall = figures["test"], figures["disguised_copies"]["fall"]
    unlawful = test["tags"]["unlawful"]
    worst = max(fall, key=lambda name: fall[name])
    evidence = figures["evidence"]
    of_kinds = figures["facts"]["facts"] if figures.get("facts") else {}
    return [
        ("macro-F1, families never seen", f"{test['macro_f1']:.3f}", "≥ 0.88"),
        ("unlawful: precision", f"{unlawful['precision']:.3f}", "≥ 0.92"),
        ("unlawful: recall", f"{unlawful['recall']:.3f}", "≥ 0.80"),
        ("reason codes, micro-F1", f"{test['reasons_micro']['f1']:.3f}", "≥ 0.75"),
        ("minimal pairs, all members right", f"{figures['minimal_pairs']['both_right']:.3f}", "≥ 0.70"),
        (f"disguised copies, worst fall of macro-F1 ({worst})", f"{fall[worst]:.3f}", "≤ 0.03"),
        ("traditional Chinese, macro-F1", f"{figures['traditional']['macro_f1']:.3f}", f"≥ {test['macro_f1'] - 0.04:.3f}"),
        ("expected calibration error", f"{figures['calibration']['expected_calibration_error']:.3f}", "≤ 0.03"),
        ("evidence: a span shown overlaps the written one", f"{evidence['overlap']:.3f}", "≥ 0.80"),
        ("not marked for review: accuracy", f"{figures['review']['test']['accuracy']:.3f}", "≥ 0.98"),
        ("not marked for review: share of messages", f"{figures['review']['test']['coverage']:.3f}", ""),
        *((f"facts: {name}, F1", f"{score['f1']:.3f}", f"≥ {AIM}" if name in AIMED else "") for name, score in of_kinds.items()),
    ]


def main() -> None:
    """Measure the model at hand on the corpus at hand and print the table."""
    from cuishou.training.run import Corpus
    from cuishou.training.split import split

    corpus = Corpus.read(Path("data"))
    sides = split(corpus.labels)
    figures = measure(Scorer.load(), sides["test"], sides["validation"], corpus.characters) | of_facts(Path("data"))
    print(json.dumps(figures["test"]["tags"], indent=1))  # noqa: T201 (this is its output)
    for what, reached, aim in table(figures):
        print(f"{what:55} {reached:>7}  {aim}")  # noqa: T201


if __name__ == "__main__":
    main()
