"""What is in a pack of evidence, and its list: sources, versions, counts, every file and every message with a hash."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cuishou import __version__
from cuishou.backup import Backup
from cuishou.backup.originals import originals
from cuishou.output import health, jsonl, place, report, workbook
from cuishou.output.evidence import pdf
from cuishou.output.evidence.archive import digest, pack
from cuishou.output.record import of_finding
from cuishou.output.words import REPORT_WORDS
from cuishou.study import Study

#: Messages up to which the whole report is printed as PDF: so many make some thousand pages, and a browser minutes of work. Beyond,
#: and where a browser fails at it, the PDF holds the overview and the gravest.
MOST_PRINTED = 20_000
FORMAT = "cuishou-evidence-1"
COVER, MANIFEST, SUMS, RECORDS = "index.html", "manifest.json", "SHA256SUMS", "messages.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the pack, or a source: its size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass
class _Pack:
    """A pack in the making: what it is of, where its files lie, and what is in it so far."""

    study: Study
    language: str
    run_time: datetime
    folder: Path
    entries: list[Entry] = field(default_factory=list)
    sources: list[tuple[Entry, bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def path(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def add(self, name: str) -> Entry:
        """Note a file that has been written."""
        with self.path(name).open("rb") as file:
            entry = Entry(name, *digest(file))
        self.entries.append(entry)
        return entry


def write(study: Study, backup: Backup, path: Path, language: str, run_time: datetime, model: Path) -> list[str]:
    """Write the pack of evidence to ``path``; returns what is to be said about it, such as why there is no PDF.

    ``model`` is the file that the messages were tagged by. The pack of a redacted case holds no source, only its hash. An OSError
    names the pack, whatever part of it could not be written.
    """
    with place.named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return _write(study, backup, path, language, run_time, model)


def to_note(path: Path, language: str) -> str:
    """The SHA-256 of the pack at ``path``, and that a person should note it: only that shows later that nothing changed."""
    with path.open("rb") as file:
        return str(REPORT_WORDS[language]["note_sha256"].format(sha256=digest(file)[1]))


def _write(study: Study, backup: Backup, path: Path, language: str, run_time: datetime, model: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix=".cuishou-", dir=path.parent) as folder:
        made = _Pack(study, language, run_time, Path(folder))
        _reports(made)
        _tables(made)
        _sources(made, backup)
        counts = _counts(study)
        _cover(made, counts)
        made.path(MANIFEST).write_text(_manifest(made, counts, model), encoding="utf-8", newline="\n")
        listed = [*made.entries, made.add(MANIFEST)]
        sums = "".join(f"{entry.sha256}  {entry.name}\n" for entry in listed)
        made.path(SUMS).write_text(sums, encoding="utf-8", newline="\n")
        pack([(name, made.path(name)) for name in (COVER, *_names(listed), SUMS)], path)
    return made.notes


def _names(entries: Sequence[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.name for entry in entries if entry.name != COVER))


def _reports(made: _Pack) -> None:
    words = REPORT_WORDS[made.language]
    page, path = report.build(made.study, made.language, made.run_time), made.path("report.html")
    report.write_page(page, path)
    made.add("report.html")
    try:
        why = "pdf_large" if len(page.items) > MOST_PRINTED else _printed(path, made)
        if why is not None:
            brief = made.path("brief.html")
            report.write_page(page, brief, brief=True)
            pdf.write(brief, made.path("report.pdf"), made.run_time)
            made.notes.append(words["brief_pdf"].format(shown=len(page.on_paper), reason=words[why]))
        made.add("report.pdf")
    except pdf.NoPdf as reason:
        made.notes.append(words["no_pdf"].format(reason=words[str(reason)]))


def _printed(page: Path, made: _Pack) -> str | None:
    """Print the whole report; returns why that failed, where a shorter one may do better. Raises :class:`pdf.NoPdf`."""
    try:
        pdf.write(page, made.path("report.pdf"), made.run_time)
    except pdf.NoPdf as reason:
        if str(reason) != "pdf_failed":
            raise
        return "pdf_heavy"
    return None


def _tables(made: _Pack) -> None:
    case = made.study.case
    workbook.write(made.study, made.path("messages.xlsx"), made.language, made.run_time)
    jsonl.write(case.findings, made.path(RECORDS))
    health.write(case.reports, case.skipped, made.path("import.json"))
    for name in ("messages.xlsx", RECORDS, "import.json"):
        made.add(name)


def _sources(made: _Pack, backup: Backup) -> None:
    for count, original in enumerate(originals(backup), 1):
        if made.study.case.redacted:  # a file's name may tell as much as its contents
            with original.open() as file:
                made.sources.append((Entry(f"backup-{count}", *digest(file)), False))
            continue
        name = f"source/{original.name}"
        with original.open() as file, made.path(name).open("wb") as copy:
            shutil.copyfileobj(file, copy, 1 << 20)
        entry = made.add(name)
        made.sources.append((Entry(original.name, entry.size, entry.sha256), True))
    if made.study.case.redacted:
        made.notes.append(REPORT_WORDS[made.language]["withheld"])
    elif made.study.case.left_out and made.sources:
        made.notes.append(REPORT_WORDS[made.language]["whole_source"].format(count=made.study.case.left_out))


def _counts(study: Study) -> dict[str, Any]:
    """What the backup held is what is in the pack and what is not, each counted."""
    case = study.case
    dropped = {
        "unreadable": case.missing,
        "duplicates": sum(report.duplicates for report in case.reports),
        "selection": case.left_out,
    }
    return {"in": len(case.findings) + sum(dropped.values()), "out": len(case.findings), "dropped": dropped}


def _cover(made: _Pack, counts: dict[str, Any]) -> None:
    values = {
        "entries": made.entries,
        "sources": made.sources,
        "counts": counts,
        "notes": made.notes,
        "redacted": made.study.case.redacted,
        "notice": made.study.grounds.notice[made.language],
        "versions": report.versions(made.study, made.language, made.run_time),
    }
    report.render("cover.html.j2", made.path(COVER), made.language, **values)
    made.add(COVER)


def _manifest(made: _Pack, counts: dict[str, Any], model: Path) -> str:
    """The list as JSON, a message a line: people look into it too."""
    study, options = made.study, made.study.options
    head = {
        "format": FORMAT,
        "run_time": made.run_time.isoformat(timespec="seconds"),
        "zone": "Asia/Shanghai",
        "tool": {"name": "cuishou", "version": __version__},
        "model": {"version": study.case.model_version, "sha256": hashlib.sha256(model.read_bytes()).hexdigest()},
        "grounds": {
            "version": study.grounds.version,
            "as_of": study.grounds.as_of.isoformat(),
            "sha256": study.grounds.digest,
        },
        "options": {
            "night": str(options.night),
            "per_day": options.per_day,
            "per_week": options.per_week,
            "abusive_messages": options.abusive,
            "repeat_minutes": int(options.repeat.total_seconds() // 60),
            "asked_to_stop": [{"day": asked.day.isoformat(), "sender": asked.sender} for asked in options.asked_to_stop],
            "not_the_debtor": options.not_the_debtor,
        },
        "redacted": made.study.case.redacted,
        "sources": [{"name": e.name, "size": e.size, "sha256": e.sha256, "in_pack": kept} for e, kept in made.sources],
        "counts": counts,
        "files": [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in made.entries],
    }
    records = ",\n  ".join(json.dumps(record, ensure_ascii=True) for record in _records(study))
    text = json.dumps(head, ensure_ascii=False, indent=1)
    body = f',\n "records": [\n  {records}\n ]' if records else ',\n "records": []'
    return text.removesuffix("\n}") + body + "\n}\n"


def _records(study: Study) -> list[dict[str, Any]]:
    """Number, place and hash of each message; the hash is that of its line in ``messages.jsonl``."""
    return [
        {
            "number": finding.number,
            "source": finding.message.source,
            "record": finding.message.record,
            "sha256": hashlib.sha256(jsonl.line(of_finding(finding)).encode()).hexdigest(),
        }
        for finding in study.case.findings
    ]
