"""Tags the same backups in Python and in Kotlin and compares the tables: JSON Lines by value, CSV and grounds byte by byte.

python compare_tables.py <the JVM's class path>
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from compare import close
from pack import codebook

from cuishou.backup import open_backup
from cuishou.case import Finding, examine
from cuishou.facts import signature
from cuishou.grounds import Grounds, kind_of
from cuishou.output import jsonl, table
from cuishou.scorer import Scorer, default_model

ROOT = Path(__file__).resolve().parents[1]


def backups() -> list[Path]:
    """The sample, and the backups that both readers are tested with."""
    fixtures = (ROOT / "tests" / "backup" / "fixtures").iterdir()
    return [*(ROOT / "data" / "samples").glob("sms-*.xml"), *sorted(path for path in fixtures if ".expected." not in path.name)]


def in_python(paths: list[Path], folder: Path) -> None:
    scorer = Scorer.load(threads=1)
    for path in paths:
        # the phone does not ask who is known to its owner
        findings = [replace(finding, familiar=None) for finding in examine(open_backup(path), scorer).findings]
        jsonl.write(findings, folder / f"{path.name}.jsonl")
        for language in ("zh", "en"):
            table.write(findings, folder / f"{path.name}.{language}.csv", language)
            (folder / f"{path.name}.{language}.grounds").write_text("".join(grounds(findings, language)), encoding="utf-8")


def grounds(findings: Sequence[Finding], language: str) -> Iterator[str]:
    """A line for each rule that is cited for a reason of a message."""
    book = Grounds.load()
    for finding in findings:
        message, codes = finding.message, [reason.code for reason in finding.tagging.reasons] if finding.tagging else []
        day = message.instant.day if message.instant else None
        for code in codes:
            also = [other for other in codes if other != code]
            for sentence in book.basis(code, day, kind_of(signature(message.body)), also).sentences(language):
                yield f"{message.record} {code} {sentence}\n"


def in_kotlin(paths: list[Path], folder: Path, class_path: str) -> None:
    book = folder / "codebook.json"
    book.write_text(json.dumps(codebook(), ensure_ascii=False), encoding="utf-8")
    command = ["java", "-cp", class_path, "cuishou.messages.ClassifyKt", default_model(), book, folder, *paths]
    subprocess.run(list(map(str, command)), check=True)


def differences(one: Path, other: Path) -> list[str]:
    """What differs between two tables; a file inside an archive has a longer name as its source, which does not count."""
    if one.suffix != ".jsonl":
        ours, theirs = (
            path.read_text(encoding="utf-8").replace(".zip/messages.ndjson", ".zip").splitlines() for path in (one, other)
        )
        return [f"{a!r} is not {b!r}" for a, b in zip(ours, theirs) if a != b] + ([] if len(ours) == len(theirs) else ["rows"])
    rows = [list(map(json.loads, path.read_text(encoding="utf-8").splitlines())) for path in (one, other)]
    for row in (*rows[0], *rows[1]):
        row["source"] = row["source"].replace(".zip/messages.ndjson", ".zip")
    if len(rows[0]) != len(rows[1]):
        return ["rows"]
    return [f"{a} is not {b}" for a, b in zip(*rows) if list(a) != list(b) or not close(a, b)]


def main(class_path: str) -> int:
    paths = backups()
    with tempfile.TemporaryDirectory() as folder:
        python, kotlin = Path(folder, "python"), Path(folder, "kotlin")
        python.mkdir(), kotlin.mkdir()
        in_python(paths, python)
        in_kotlin(paths, kotlin, class_path)
        differing = {path.name: found for path in sorted(python.iterdir()) if (found := differences(path, kotlin / path.name))}
        count = len(list(python.iterdir()))
    for name, found in differing.items():
        print(name, *found[:3], sep="\n  ")
    print(f"{count} tables of {len(paths)} backups; {len(differing)} differ")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
