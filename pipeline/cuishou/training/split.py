"""Which messages are for learning, for choosing, and for the last measurement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

from cuishou.labels import Label

Side = Literal["train", "validation", "test"]
#: Of a hundred families.
_TRAIN, _VALIDATION = 70, 15


def side(family: str) -> Side:
    """The side of a family: a hash of its name, so that it never moves, whatever is added to the corpus."""
    bucket = int.from_bytes(hashlib.sha256(family.encode()).digest()[:8], "big") % 100
    return "train" if bucket < _TRAIN else "validation" if bucket < _TRAIN + _VALIDATION else "test"


def name_on(wanted: Side, family: str) -> str:
    """``family``, with a number behind it where its own name falls on another side than ``wanted``."""
    names = (family, *(f"{family}~{number}" for number in range(1, 1000)))
    return next(name for name in names if side(name) == wanted)


def split(labels: Iterable[Label]) -> dict[Side, list[Label]]:
    """The labels of each side, in their order."""
    sides: dict[Side, list[Label]] = {"train": [], "validation": [], "test": []}
    for label in labels:
        sides[side(label.family)].append(label)
    return sides
