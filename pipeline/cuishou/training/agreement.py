"""How far two people who label by the same rules agree: ``data/second-labels.csv`` against the first labels. ``make agreement``."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cuishou.codes import REASONS
from cuishou.labels import Label, LabelError
from cuishou.message import TAGS

FILE = "second-labels.csv"
COLUMNS = ("id", "first_tag", "first_reasons", "second_tag", "second_reasons")


@dataclass(frozen=True, slots=True)
class Twice:
    """One message labelled twice, the second time without knowing of the first; before the two were compared."""

    id: str
    first_tag: str
    first_reasons: frozenset[str]
    second_tag: str
    second_reasons: frozenset[str]


@dataclass(frozen=True)
class Agreement:
    """``tags_equal`` and ``kappa`` (Cohen 1960) are over all messages, ``codes_f1`` (micro) over those that both call unlawful."""

    messages: int
    tags_equal: float
    kappa: float
    both_unlawful: int
    codes_f1: float
    by_code: dict[str, float]

    def lines(self) -> list[str]:
        """The figures for people, a line each."""
        return [
            f"{self.messages} messages labelled twice",
            f"tags: {self.tags_equal:.1%} equal, kappa {self.kappa:.3f}",
            f"codes, where both say unlawful ({self.both_unlawful} messages): micro-F1 {self.codes_f1:.3f}",
            *(f"  {code:22} {f1:.3f}" for code, f1 in sorted(self.by_code.items(), key=lambda item: item[1])),
        ]


def read_twice(file: Path) -> list[Twice]:
    """Read a file of double labels. Raises :class:`cuishou.labels.LabelError` with every row that does not fit."""
    found, problems, seen = [], [], set()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise LabelError([f"{file}: the columns must be {', '.join(COLUMNS)}"])
        for number, row in enumerate(rows, start=2):
            twice = Twice(
                row["id"],
                row["first_tag"],
                frozenset(row["first_reasons"].split()),
                row["second_tag"],
                frozenset(row["second_reasons"].split()),
            )
            unknown = [tag for tag in (twice.first_tag, twice.second_tag) if tag not in TAGS]
            unknown += sorted((twice.first_reasons | twice.second_reasons) - REASONS.keys())
            if unknown:
                problems.append(f"{file}, row {number}: unknown {', '.join(unknown)}")
            if twice.id in seen:
                problems.append(f"{file}, row {number}: {twice.id} stands twice")
            seen.add(twice.id)
            found.append(twice)
    if problems:
        raise LabelError(problems)
    return found


def kappa(pairs: Iterable[tuple[str, str]]) -> float:
    """Cohen's kappa of two labellers over ``pairs`` (first, second): 1 for full agreement, 0 for that of chance alone."""
    counts = Counter(pairs)
    total = sum(counts.values())
    if not total:
        return 0.0
    first, second = Counter[str](), Counter[str]()
    for (mine, other), count in counts.items():
        first[mine] += count
        second[other] += count
    observed = sum(count for (mine, other), count in counts.items() if mine == other) / total
    expected = sum(first[tag] * second[tag] for tag in first) / total**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def agreement(rows: Sequence[Twice]) -> Agreement:
    """Compare the two labels of each of ``rows``."""
    both = [row for row in rows if row.first_tag == row.second_tag == "unlawful"]
    shared = Counter(code for row in both for code in row.first_reasons & row.second_reasons)
    said = Counter(code for row in both for codes in (row.first_reasons, row.second_reasons) for code in codes)
    return Agreement(
        messages=len(rows),
        tags_equal=sum(row.first_tag == row.second_tag for row in rows) / max(len(rows), 1),
        kappa=kappa((row.first_tag, row.second_tag) for row in rows),
        both_unlawful=len(both),
        codes_f1=2 * sum(shared.values()) / max(sum(said.values()), 1),
        by_code={code: 2 * shared[code] / said[code] for code in said},
    )


def missing(rows: Iterable[Twice], labels: Iterable[Label]) -> list[str]:
    """The ids of ``labels`` that nobody has labelled a second time."""
    twice = {row.id for row in rows}
    return [label.id for label in labels if label.id not in twice]


def main() -> None:
    """Print the figures of ``data/``."""
    from cuishou.labels import read_labels

    rows = read_twice(Path("data") / FILE)
    print("\n".join(agreement(rows).lines()))  # noqa: T201 (this is its output)
    once = missing(rows, read_labels(Path("data") / "labels"))
    print(f"{len(once)} messages have one label so far")  # noqa: T201


if __name__ == "__main__":
    main()
