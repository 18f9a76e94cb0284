"""A message that is given out to be labelled, and what a person answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from cuishou.labels import Label, faults
from cuishou.message import Tagging

#: Begins the id of what was given out; the text's digest follows, so that a changed text is noticed.
PREFIX = "review-"


@dataclass(frozen=True, slots=True)
class Item:
    """A message to label, with the model's guess. ``guess`` pairs each code that the model says with the words that carried it."""

    id: str
    text: str
    tagging: Tagging
    guess: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of a message. ``reasons`` pairs codes with the exact words that show them; ``where`` it was read."""

    id: str
    text: str
    tag: str
    reasons: tuple[tuple[str, str], ...] = ()
    addressee: str = "debtor"
    note: str = ""
    where: str = ""


@dataclass
class Reviewed:
    """Labels read back, a line for each answer that does not fit, and how many messages were not answered."""

    labels: list[Label] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unanswered: int = 0


def item_of(text: str, tagging: Tagging) -> Item:
    """The item for ``text``; its id is the same whenever and wherever it is given out."""
    carried: dict[str, str] = {}
    for span in tagging.spans:
        carried.setdefault(span.label, text[span.start : span.end])
    guess = tuple((reason.code, carried.get(reason.code, "")) for reason in tagging.reasons)
    return Item(id_of(text), text, tagging, guess)


def id_of(text: str) -> str:
    """``review-`` and the beginning of the text's SHA-256."""
    return PREFIX + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def as_labels(answers: Iterable[Answer], unanswered: int = 0, problems: Iterable[str] = ()) -> Reviewed:
    """Labels of the ``answers`` that fit; the others become problems, as does a text that is not the one given out."""
    found = Reviewed(problems=list(problems), unanswered=unanswered)
    by_id: dict[str, Label] = {}
    for answer in answers:
        label = Label(
            id=answer.id or id_of(answer.text),
            text=answer.text,
            tag=answer.tag,
            reasons=tuple(code for code, _ in answer.reasons),
            evidence=tuple(words for _, words in answer.reasons if words),
            addressee=answer.addressee or "debtor",
            family=answer.id or id_of(answer.text),
            note=answer.note,
            source=answer.where,
        )
        wrong = list(faults(label))
        if label.id.startswith(PREFIX) and label.id != id_of(label.text):
            english = "the text is not the one that was given out; labels have to be of the message as it was sent"
            wrong.append(f"正文不是发出来标注的那一条，请从原文件复制回来 ({english})")
        if (first := by_id.setdefault(label.id, label)) is not label:
            wrong.append(f"这条短信在{first.source}已经答过，请删去一处 (the message was answered before)")
        found.problems += [f"{answer.where}: {fault}" for fault in wrong]
        if not wrong:
            found.labels.append(label)
    return found
