"""The files that ``classify`` writes to a folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cuishou.output import health, jsonl, parquet, report, table, workbook
from cuishou.study import Study

#: What a person opens first at the top.
NAMES = ("report.html", "messages.xlsx", "messages.csv", "messages.jsonl", "import.json")
PARQUET = "messages.parquet"


def write(study: Study, folder: Path, language: str, run_time: datetime, *, with_parquet: bool = False) -> list[Path]:
    """Write every form of ``study`` to ``folder``, and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    case = study.case
    page, book, rows, lines, imported = paths = [folder / name for name in NAMES]
    report.write(study, page, language, run_time)
    workbook.write(study, book, language, run_time)
    table.write(case.findings, rows, language)
    jsonl.write(case.findings, lines)
    health.write(case.reports, case.skipped, imported)
    if with_parquet:
        paths.append(folder / PARQUET)
        parquet.write(case.findings, paths[-1])
    return paths
