"""The files that ``classify`` writes to a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from cuishou.case import Case, Finding
from cuishou.output import health, jsonl, parquet, place, report, table, workbook
from cuishou.output.words import WORDS
from cuishou.stream import LARGE, Digest, Table
from cuishou.study import Study

#: What a person opens first at the top.
NAMES = ("report.html", "messages.xlsx", "messages.csv", "messages.jsonl", "import.json")
PARQUET = "messages.parquet"


def write(study: Study, folder: Path, language: str, run_time: datetime, *, with_parquet: bool = False) -> list[Path]:
    """Write every form of ``study`` to ``folder``, and say which. What was there stays until all of them are whole.

    An OSError names the file that could not be written.
    """
    case = study.case
    forms: list[Callable[[Path], None]] = [
        lambda path: report.write(study, path, language, run_time),
        lambda path: workbook.write(study, path, language, run_time),
        lambda path: table.write(case.findings, path, language),
        lambda path: jsonl.write(case.findings, path),
        lambda path: health.write(case.reports, case.skipped, path),
    ]
    names = list(NAMES)
    if with_parquet:
        names.append(PARQUET)
        forms.append(lambda path: parquet.write(case.findings, path))
    with place.beside(folder) as made:
        for name, form in zip(names, forms, strict=True):
            with place.named(folder / name):
                form(made / name)
    return [folder / name for name in names]


def open_tables(folder: Path | None, language: str) -> list[Table]:
    """The tables that are written while the messages are read: those that programs and spreadsheets take at any length."""
    if folder is None:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    rows, lines = table_rows(language)
    return [
        Table(folder / "messages.csv", table.head(language), rows, "utf-8-sig"),
        Table(folder / "messages.jsonl", "", lines),
    ]


def table_rows(language: str) -> list[Callable[[Iterable[Finding]], str]]:
    """What makes the lines of each of :func:`open_tables`."""
    return [partial(table.rows, language=language), jsonl.rows]


def write_health(case: Case | Digest, folder: Path, *, stopped: bool = False) -> Path:
    """Write how the import went; ``stopped`` says that a person ended it before its end."""
    path = folder / "import.json"
    health.write(case.reports, case.skipped, path, stopped_after=case.shown if stopped else None)
    return path


def write_unkept(digest: Digest, folder: Path | None, language: str, written: list[Path]) -> list[str]:
    """Beside the tables of a run that kept no findings: how the import went. Returns what is to be said of it."""
    if folder is None:
        return []
    written.append(write_health(digest, folder))
    return [WORDS[language]["large"].format(most=LARGE)]
