"""The health report of an import in sentences: what was read and how it was recognised, what is missing, what to do about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cuishou.backup import ImportReport
from cuishou.output.words import IN_CHINESE, WORDS, visible

_MOST_LOSSES, _MOST_GAPS = 5, 3

Weight = Literal["plain", "note", "warning"]


class Note(NamedTuple):
    """A sentence and how much it matters."""

    text: str
    weight: Weight = "note"


def notes(report: ImportReport, language: str) -> list[Note]:
    """What the reader of a backup should know about its import: what it is, then losses, then what is odd."""
    words = WORDS[language]
    source = visible(report.source)
    found = [Note(_head(report, language), "plain")]
    if report.missing:
        found.append(Note(_losses(report, language), "warning"))
    elif report.declared is not None and report.declared != report.read + report.duplicates:
        found.append(Note(words["count_differs"].format(source=source, declared=report.declared, read=report.read)))
    if not report.read and not report.missing and not report.duplicates:
        found.append(Note(words["empty"].format(source=source)))
    found += [Note(words[name].format(source=source), "warning") for name in report.warnings if name != "count_differs"]
    counts = (
        ("ruined_numbers", report.ruined_numbers),
        ("unknown_dates", report.unknown_dates),
        ("coarse_dates", report.coarse_dates),
        ("no_text", report.without_text),
        ("repaired", report.repaired),
        ("duplicates", report.duplicates),
    )
    found += [Note(words[name].format(source=source, count=count)) for name, count in counts if count]
    return found + [Note(text) for text in _gaps(report, language)]


def _head(report: ImportReport, language: str) -> str:
    words = WORDS[language]
    dates = ""
    if report.first and report.last:
        dates = words["dates"].format(first=report.first.local()[:10], last=report.last.local()[:10])
    line = words["imported"].format(
        source=visible(report.source), format=_in(language, report.format), read=report.read, dates=dates
    )
    if report.recognised:
        encoding = words["encoding"].format(name=report.encoding) if report.encoding else ""
        line += "\n  " + words["recognised"].format(by=visible(_in(language, report.recognised)), encoding=encoding)
    return line


def _in(language: str, mark: str) -> str:
    """A format, or by what it was told, in the reader's language as far as it is no name of a program's."""
    for english, chinese in IN_CHINESE.items() if language == "zh" else ():
        if mark.startswith(english):
            return chinese + mark.removeprefix(english).replace(" and ", "、").replace(", ", "、")
    return mark


def _losses(report: ImportReport, language: str) -> str:
    words = WORDS[language]
    key = "lost" if report.declared is not None else "lost_undeclared"
    line = words[key].format(source=visible(report.source), missing=report.missing, declared=report.declared, read=report.read)
    reasons = [(loss.offset, loss.zh or loss.reason if language == "zh" else loss.reason) for loss in report.lost[:_MOST_LOSSES]]
    places = [words["lost_at"].format(offset=offset, reason=visible(reason)) for offset, reason in reasons]
    if len(report.lost) > _MOST_LOSSES:
        places.append(f"... (+{len(report.lost) - _MOST_LOSSES})")
    return "\n  ".join([line, *places, words["lost_advice"]])


def _gaps(report: ImportReport, language: str) -> list[str]:
    words, source = WORDS[language], visible(report.source)
    gaps = report.gaps
    found = [
        words["gap"].format(source=source, start=start, end=end, days=(end - start).days + 1) for start, end in gaps[:_MOST_GAPS]
    ]
    if len(gaps) > _MOST_GAPS:
        found.append(words["more_gaps"].format(source=source, count=len(gaps) - _MOST_GAPS))
    return found


def skipped(lines: Sequence[str], language: str, most: int = 5) -> list[Note]:
    """Which files were no backups, and what they are."""
    words = WORDS[language]
    found = [Note(words["skipped"].format(line=visible(line))) for line in lines[:most]]
    if len(lines) > most:
        found.append(Note(words["more_skipped"].format(count=len(lines) - most)))
    return found


def write(reports: Sequence[ImportReport], files: Sequence[str], path: Path, *, stopped_after: int | None = None) -> None:
    """Write the reports as JSON, with the files that were no backups; ``stopped_after`` is where a person ended the run."""
    record: dict[str, Any] = {"files": [report.record() for report in reports], "not_read": list(files)}
    if stopped_after is not None:
        record["stopped_after"] = stopped_after
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
