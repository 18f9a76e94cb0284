"""Labelled messages in CSV files: reading them, and refusing what does not fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from cuishou.codes import REASONS
from cuishou.message import TAGS

#: Stands between the evidence spans of one message. Chosen because no message holds it.
SEPARATOR = "¦"
ADDRESSEES = ("debtor", "third")
SCRIPTS = ("hans", "hant")


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled message. ``evidence[i]`` is the exact part of ``text`` that shows ``reasons[i]``."""

    id: str
    text: str
    tag: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    addressee: str = "debtor"
    family: str = ""
    script: str = "hans"
    note: str = ""
    source: str = ""


COLUMNS = tuple(field.name for field in fields(Label) if field.name != "source")
REQUIRED = ("text", "tag")


class LabelError(ValueError):
    """A labels file cannot be used. ``problems`` has a line for each row at fault: file, row and reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = f"\n... and {len(problems) - 20} more" if len(problems) > 20 else ""
        super().__init__("\n".join(problems[:20]) + more)


def read_labels(*paths: Path) -> list[Label]:
    """Read labels from CSV files and from folders of them. Raises :class:`LabelError` naming every row that does not fit.

    The files are UTF-8 with or without a byte order mark, with a header row; columns may stand in any order. ``text`` and
    ``tag`` are required. A row without ``id`` is given one from its file and row.
    """
    files = [file for path in paths for file in (sorted(path.glob("**/*.csv")) if path.is_dir() else [path])]
    problems: list[str] = []
    labels: list[Label] = []
    for file in files:
        rows, faults = _read(file)
        labels += rows
        problems += faults
    problems += _clashes(labels)
    if not files:
        problems.append(f"no labels: {', '.join(map(str, paths))} holds no .csv file")
    if problems:
        raise LabelError(problems)
    return labels


def _read(file: Path) -> tuple[list[Label], list[str]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return [], [f"{file}: {error.strerror}"]
    except UnicodeDecodeError as error:
        return [], [f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8 (in Excel: CSV UTF-8)"]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    if missing := [name for name in REQUIRED if name not in header]:
        return [], [f"{file}: the header row lacks {', '.join(missing)}; it has {', '.join(header) or 'nothing'}"]
    labels: list[Label] = []
    problems: list[str] = []
    try:
        for number, row in enumerate(reader, 2):
            if any(row):
                cells = dict(zip(header, row, strict=False))
                where = f"{file}, row {number}"
                label = _label(cells, where, default_id=f"{file.stem}-{number}")
                problems += [f"{where}: {fault}" for fault in _faults(label)]
                labels.append(label)
    except csv.Error as error:
        problems.append(f"{file}, line {reader.line_num}: {error}")
    return labels, problems


def _label(cells: dict[str, str], where: str, default_id: str) -> Label:
    def cell(name: str, default: str = "") -> str:
        return cells.get(name, "").strip() or default

    return Label(
        id=cell("id", default_id),
        text=cells.get("text", ""),
        tag=cell("tag"),
        reasons=tuple(cell("reasons").split()),
        evidence=tuple(part for part in cells.get("evidence", "").split(SEPARATOR) if part),
        addressee=cell("addressee", "debtor"),
        family=cell("family") or cell("id", default_id),
        script=cell("script", "hans"),
        note=cell("note"),
        source=where,
    )


def _faults(label: Label) -> Iterator[str]:
    if not label.text:
        yield "empty text"
    if label.tag not in TAGS:
        yield f"unknown tag {label.tag!r}; known: {', '.join(TAGS)}"
    for column, known in (("addressee", ADDRESSEES), ("script", SCRIPTS)):
        if (value := getattr(label, column)) not in known:
            yield f"unknown {column} {value!r}; known: {', '.join(known)}"
    yield from (f"unknown reason code {code!r}" for code in label.reasons if code not in REASONS)
    flipping = [code for code in label.reasons if code in REASONS and REASONS[code].flips]
    if label.tag == "unlawful" and not flipping:
        yield "unlawful without a reason code that makes it so"
    if label.tag in TAGS and label.tag != "unlawful" and flipping:
        yield f"{label.tag} with {', '.join(flipping)}, which would make it unlawful"
    if len(set(label.reasons)) < len(label.reasons):
        yield "a reason code stands twice"
    if len(label.evidence) != len(label.reasons):
        yield f"{len(label.reasons)} reason codes but {len(label.evidence)} evidence spans (separated by {SEPARATOR})"
    yield from (f"evidence {span!r} is not in the text" for span in label.evidence if span not in label.text)


def _clashes(labels: Iterable[Label]) -> Iterator[str]:
    by_id: dict[str, Label] = {}
    by_text: dict[str, Label] = {}
    for label in labels:
        if (first := by_id.setdefault(label.id, label)) is not label:
            yield f"{label.source}: the id {label.id} is also at {first.source}"
        if (first := by_text.setdefault(label.text, label)) is not label:
            how = "with the same tag" if first.tag == label.tag else f"tagged {first.tag} there and {label.tag} here"
            yield f"{label.source}: the text is also at {first.source}, {how}"


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """Write labels as CSV (UTF-8 with a byte order mark, so that spreadsheets take it for what it is)."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for label in labels:
            row = [getattr(label, name) for name in COLUMNS]
            row[COLUMNS.index("reasons")] = " ".join(label.reasons)
            row[COLUMNS.index("evidence")] = SEPARATOR.join(label.evidence)
            writer.writerow(row)
