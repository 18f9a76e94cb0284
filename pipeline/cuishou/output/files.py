"""The files that ``classify`` writes to a folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cuishou.output import health, jsonl, parquet, report, table, workbook
from cuishou.study import Study


def write(study: Study, folder: Path, language: str, run_time: datetime, *, with_parquet: bool = False) -> list[Path]:
    """Write every form of ``study`` to ``folder``, and say which, what a person opens first at the top."""
    folder.mkdir(parents=True, exist_ok=True)
    case = study.case
    names = ["report.html", "messages.xlsx", "messages.csv", "messages.jsonl", "import.json"]
    report.write(study, folder / names[0], language, run_time)
    workbook.write(study, folder / names[1], language, run_time)
    table.write(case.findings, folder / names[2], language)
    jsonl.write(case.findings, folder / names[3])
    health.write(case.reports, case.skipped, folder / names[4])
    if with_parquet:
        parquet.write(case.findings, folder / "messages.parquet")
        names.append("messages.parquet")
    return [folder / name for name in names]
