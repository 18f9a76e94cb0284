"""New labels beside the corpus: what may be learned from them without spoiling what the model is measured with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cuishou.alike import ALIKE, Index
from cuishou.labels import Label, LabelError, read_each
from cuishou.training.split import Side, name_on, split

Fold = Callable[[str], str]


@dataclass(frozen=True)
class Merged:
    """The labels of each side with the new ones among them, the new ones by themselves, and a line for each that was left out.

    A new label's family is named so that :func:`cuishou.training.split.split` puts it on its side: written down, it stays there.
    """

    sides: dict[Side, list[Label]]
    added: list[Label] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_added(paths: Sequence[Path]) -> list[Label]:
    """Read new labels. Raises :class:`cuishou.labels.LabelError`; contradictions are left to :func:`merge`."""
    if not paths:
        return []
    labels, problems = read_each(*paths)
    if problems:
        raise LabelError(problems)
    return labels


def merge(corpus: Sequence[Label], added: Iterable[Label], fold: Fold) -> Merged:
    """Put ``added`` beside ``corpus``.

    The test split stays what it is: whatever is, or is nearly, one of its messages is left out. What is nearly a validation
    message stands there with it, everything else is for learning, in the family of the message that it is like. ``fold`` makes
    spellings alike that the model does not tell apart.

    Raises :class:`LabelError` when a text, spelled alike, has two labels: which one is right is for a person to say.
    """
    sides = split(corpus)
    known = [*corpus]
    index = Index((label.text for label in known), fold)
    side_of = {label.id: name for name, rows in sides.items() for label in rows}
    by_text: dict[str, Label] = {}
    for label in known:
        by_text.setdefault(fold(label.text), label)
    problems: list[str] = []
    left_out: list[str] = []
    taken: list[Label] = []
    for label in added:
        same = by_text.get(fold(label.text))
        if same is not None and _says(same) != _says(label):
            problems.append(f"{label.source}: {_two(same, label)}")
            continue
        if same is not None and (same.text == label.text or side_of[same.id] == "test"):
            left_out.append(f"{label.source}: the message is already at {same.source or same.id}")
            continue
        number, how = index.nearest(label.text)
        kin = known[number] if how >= ALIKE else None
        if kin is not None and side_of[kin.id] == "test":
            left_out.append(f"{label.source}: too much like the test message {kin.id} ({how:.0%}) to learn from")
            continue
        side: Side = side_of[kin.id] if kin else "train"
        new = replace(label, id=_free(label.id, side_of), family=kin.family if kin else name_on("train", f"added/{label.family}"))
        sides[side].append(new)
        side_of[new.id] = side
        by_text.setdefault(fold(new.text), new)
        known.append(new)
        index.add(new.text)
        taken.append(new)
    if problems:
        raise LabelError(problems)
    return Merged(sides, taken, left_out)


def _says(label: Label) -> tuple[str, tuple[str, ...]]:
    return label.tag, tuple(sorted(label.reasons))


def _two(first: Label, second: Label) -> str:
    said = [" ".join((label.tag, *label.reasons)) for label in (first, second)]
    how = "the text" if first.text == second.text else "the text, spelled otherwise,"
    return f"{how} is also at {first.source or first.id}, as {said[0]} there and {said[1]} here; keep one: {second.text[:60]}"


def _free(name: str, taken: dict[str, Side]) -> str:
    while name in taken:
        name += "+"
    return name
