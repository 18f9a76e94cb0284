"""Corpora for tests: a part of the one at hand, and spoilt copies of it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cuishou.codes import REASONS
from cuishou.labels import Label, read_labels, write_labels
from cuishou.message import TAGS
from cuishou.training.curve import part
from cuishou.training.split import Side, side

DATA = Path(__file__).parents[1] / "data"


def corpus() -> list[Label]:
    return read_labels(DATA / "labels")


def small(share: float) -> list[Label]:
    """The labels of ``share`` of the families, always the same ones."""
    return part(corpus(), share)


def write(labels: Iterable[Label], folder: Path) -> Path:
    """A data folder with these labels and what else a corpus has."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "labels").mkdir(parents=True)
    for name in ("characters.tsv", "lexicon.txt"):
        shutil.copy(DATA / name, folder)
    write_labels(labels, folder / "labels" / "all.csv")
    return folder


def flipped(labels: Iterable[Label], share: float = 0.2, sides: tuple[Side, ...] = ("train", "validation")) -> list[Label]:
    """``share`` of the labels on ``sides`` with another tag, at random, such as still passes every check of a labels file."""
    chance = random.Random(20260501)
    return [_other(label, chance) if side(label.family) in sides and chance.random() < share else label for label in labels]


def _other(label: Label, chance: random.Random) -> Label:
    tag = chance.choice([tag for tag in TAGS if tag != label.tag])
    reasons = (chance.choice([code for code, reason in REASONS.items() if reason.flips]),) if tag == "unlawful" else ()
    return replace(label, tag=tag, reasons=reasons, evidence=(label.text[:6],) if reasons else ())


def renamed(labels: Iterable[Label], keep: float = 0.0, sides: tuple[Side, ...] = ("train", "validation")) -> list[Label]:
    """All ``unlawful`` on ``sides`` called ``reminder``, but for a share of them that is kept."""
    chance = random.Random(20260501)
    return [
        replace(label, tag="reminder", reasons=(), evidence=())
        if label.tag == "unlawful" and side(label.family) in sides and chance.random() >= keep
        else label
        for label in labels
    ]
