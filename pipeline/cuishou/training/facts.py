"""The facts rules against what a reader found: precision, recall and F1 of each kind of fact, on the half kept aside."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from cuishou.evaluation import Score
from cuishou.facts import KINDS, Facts, facts
from cuishou.labels import SEPARATOR, LabelError

COLUMNS = ("id", "text", "sent_at", "amounts", "days_overdue", "signature", "phones", "due", "links", "case_numbers")

#: The F1 that these kinds are meant to reach.
AIM = 0.95
AIMED = ("amount", "days overdue", "signature", "callback number")

#: kind, value, currency
ReadAmount = tuple[str, Decimal, str | None]


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """What a reader found in one message."""

    id: str
    text: str
    sent_at: date
    amounts: tuple[ReadAmount, ...] = ()
    days_overdue: int | None = None
    signature: str | None = None
    phones: tuple[str, ...] = ()
    due: tuple[date, ...] = ()
    links: tuple[str, ...] = ()
    case_numbers: tuple[str, ...] = ()


def read_facts(path: Path) -> list[ReadFacts]:
    """Read ``facts.csv``. Raises :class:`cuishou.labels.LabelError` naming every row that does not fit."""
    problems: list[str] = []
    rows: list[ReadFacts] = []
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise LabelError([f"{path}: the header row must be {','.join(COLUMNS)}"])
        for number, cells in enumerate(reader, 2):
            try:
                row = _row(cells)
            except (ValueError, InvalidOperation) as error:
                problems.append(f"{path}, row {number}: {error}")
                continue
            if row.id in seen:
                problems.append(f"{path}, row {number}: the id {row.id} stands twice")
            seen.add(row.id)
            rows.append(row)
    if problems:
        raise LabelError(problems)
    return rows


def _row(cells: dict[str, str]) -> ReadFacts:
    if not cells["id"] or not cells["text"]:
        raise ValueError("a row needs an id and a text")
    row = ReadFacts(
        id=cells["id"],
        text=cells["text"],
        sent_at=date.fromisoformat(cells["sent_at"]),
        amounts=tuple(_amount(words) for words in cells["amounts"].split()),
        days_overdue=int(cells["days_overdue"]) if cells["days_overdue"] else None,
        signature=cells["signature"] or None,
        phones=tuple(cells["phones"].split()),
        due=tuple(date.fromisoformat(words) for words in cells["due"].split()),
        links=tuple(cells["links"].split()),
        case_numbers=tuple(cells["case_numbers"].split(SEPARATOR)) if cells["case_numbers"] else (),
    )
    if absent := [words for words in (*row.links, *row.case_numbers) if words not in row.text]:
        raise ValueError(f"{absent[0]!r} is not in the text")
    return row


def _amount(words: str) -> ReadAmount:
    kind, value, currency = (*words.split(":"), "")[:3]
    if kind not in KINDS:
        raise ValueError(f"unknown kind of amount {kind!r}; known: {', '.join(KINDS)}")
    return kind, Decimal(value), currency or None


def half(id_: str) -> Literal["developing", "measuring"]:
    """Which half a message belongs to, by a hash of its id. Rules are written looking at the developing half alone."""
    return "measuring" if hashlib.sha256(f"facts/{id_}".encode()).digest()[0] % 2 else "developing"


#: What is compared, as (found by the reader, found by the rules). Each value counts as often as it stands there.
_COMPARED: dict[str, tuple[Callable[[ReadFacts], Iterable[Hashable]], Callable[[Facts], Iterable[Hashable]]]] = {
    "amount": (lambda row: [value for _, value, _ in row.amounts], lambda found: [amount.value for amount in found.amounts]),
    "amount with kind": (
        lambda row: [(kind, value) for kind, value, _ in row.amounts],
        lambda found: [(amount.kind, amount.value) for amount in found.amounts],
    ),
    "amount with currency": (
        lambda row: [(value, currency) for _, value, currency in row.amounts],
        lambda found: [(amount.value, amount.currency) for amount in found.amounts],
    ),
    "days overdue": (
        lambda row: _present(row.days_overdue),
        lambda found: _present(found.days_overdue and found.days_overdue.value),
    ),
    "signature": (lambda row: _present(row.signature), lambda found: _present(found.signature and found.signature.value)),
    "callback number": (lambda row: row.phones, lambda found: [phone.value for phone in found.phones]),
    "due date or deadline": (lambda row: set(row.due), lambda found: {day.value for day in found.days if day.value}),
    "link": (lambda row: row.links, lambda found: [link.value for link in found.links]),
    "case number": (lambda row: row.case_numbers, lambda found: [case.value for case in found.case_numbers]),
}


def _present(value: Hashable) -> list[Hashable]:
    return [] if value is None else [value]


def measure_facts(rows: Sequence[ReadFacts]) -> dict[str, Any]:
    """Scores of each kind of fact over ``rows``."""
    found = [facts(row.text, row.sent_at) for row in rows]
    scores = {
        name: sum((_score(read(row), seen(facts_)) for row, facts_ in zip(rows, found, strict=True)), Score(0, 0, 0))
        for name, (read, seen) in _COMPARED.items()
    }
    return {"messages": len(rows), "facts": {name: score.as_dict() for name, score in scores.items()}}


def figures(data: Path) -> dict[str, Any]:
    """For the metrics: the scores on the half kept aside of ``data``'s facts; nothing where it has none."""
    path = data / "facts.csv"
    if not path.exists():
        return {}
    return {"facts": measure_facts([row for row in read_facts(path) if half(row.id) == "measuring"])}


def _score(read: Iterable[Hashable], found: Iterable[Hashable]) -> Score:
    true, said = Counter(read), Counter(found)
    return Score(true.total(), said.total(), (true & said).total())


def differences(rows: Iterable[ReadFacts]) -> Iterator[tuple[ReadFacts, str, list[Hashable], list[Hashable]]]:
    """Where the rules differ from the reader: (message, kind of fact, missed, found beyond)."""
    for row in rows:
        found = facts(row.text, row.sent_at)
        for name, (read, seen) in _COMPARED.items():
            true, said = Counter(read(row)), Counter(seen(found))
            if true != said:
                yield row, name, list((true - said).elements()), list((said - true).elements())
