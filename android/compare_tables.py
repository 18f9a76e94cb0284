"""Tags the same backups in Python and in Kotlin and compares what is written: JSON Lines by value, all else byte by byte.

python compare_tables.py <the JVM's class path>

Beside the sample and the fixtures there is a backup made of the corpus, with friends who pass on what they got. What Kotlin wrote is
also read back by the readers of Python: a table shared from a phone is a backup on a computer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from compare import COUNT, close
from pack import codebook

from cuishou.backup import open_backup
from cuishou.case import examine
from cuishou.grounds import Grounds
from cuishou.labels import read_labels
from cuishou.message import Message
from cuishou.output import jsonl, table
from cuishou.rhythm import party_of
from cuishou.scorer import Scorer, default_model
from cuishou.study import Study, sender_kind

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("zh", "en")


def backups(folder: Path) -> list[Path]:
    """The sample, the backups that both readers are tested with, and one made of the corpus, in ``folder``."""
    fixtures = (ROOT / "tests" / "backup" / "fixtures").iterdir()
    samples = (ROOT / "data" / "samples").glob("sms-*.xml")
    return [*samples, *sorted(path for path in fixtures if ".expected." not in path.name), corpus(folder / "sms-corpus.xml")]


def corpus(path: Path) -> Path:
    """Texts of the corpus as a backup: friends write of other things, and some pass on what collectors wrote."""
    labels = read_labels(ROOT / "data" / "labels")
    rows = []
    for place, label in enumerate(labels[:: max(1, len(labels) // COUNT)]):
        friend, box = place % 40, 2 if place % 13 == 0 else 1
        if label.tag == "other" or place % 9 == 0:
            number = f"+86 139-0000-{friend:04}" if place % 2 else f"1390000{friend:04}"
            contact = "妈" if friend == 1 else "(Unknown)"
        else:
            number, contact, box = f"1069000{place % 25:04}" if place % 4 else f"1380000{place % 200:04}", "(Unknown)", 1
        date = 1_600_000_000_000 + place * 50_000_000
        body = quoteattr(label.text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
        rows.append(f'<sms address="{number}" date="{date}" type="{box}" contact_name="{contact}" body={body} />\n')
    path.write_text(f'<smses count="{len(rows)}">\n{"".join(rows)}</smses>\n', encoding="utf-8")
    return path


def in_python(paths: list[Path], folder: Path) -> None:
    scorer = Scorer.load(threads=1)
    for path in paths:
        case = examine(open_backup(path), scorer)
        study = Study.of(case, Grounds.load())
        jsonl.write(case.findings, folder / f"{path.name}.jsonl")
        write(folder / f"{path.name}.familiar", (str(f.message.record) for f in case.findings if f.familiar))
        for language in LANGUAGES:
            table.write(case.findings, folder / f"{path.name}.{language}.csv", language)
            write(folder / f"{path.name}.{language}.grounds", grounds(study, language))
            write(folder / f"{path.name}.{language}.turns", turns(study, language))


def write(path: Path, lines: Iterator[str]) -> None:
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def grounds(study: Study, language: str) -> Iterator[str]:
    """A line for each rule that is cited for a reason of a message."""
    for finding in study.case.findings:
        for basis in study.bases(finding, party_of(finding.message)):
            for sentence in basis.sentences(language):
                yield f"{finding.message.record} {basis.code} {sentence}"


def turns(study: Study, language: str) -> Iterator[str]:
    """A line for each place to complain at, with the senders if it is not for all of them."""
    groups = study.analysis.groups
    about: dict[str, list[str]] = {channel.id: [] for channel in study.grounds.channels}
    for group in groups:
        codes = {reason.code for _, tagging in group.messages for reason in tagging.likely}
        for channel in study.grounds.where_to_turn(sender_kind(group.party), codes):
            about[channel.id].append(group.party.name)
    for channel in study.grounds.channels:
        if names := sorted(about[channel.id], key=lambda name: name.encode("utf-16-be")):
            yield f"{channel.sentence(language)} [{', '.join(names) if len(names) < len(groups) else ''}]"


def unlike_original(path: Path, shared: Path) -> list[str]:
    """What Python reads back from a table that Kotlin wrote, where it is not what stands in the backup."""

    def values(message: Message) -> tuple[object, ...]:
        if shared.suffix == ".jsonl":
            instants = (message.received_at, message.sent_at)
            return message.body, message.address, message.direction, message.contact, message.sim, instants
        texts = (message.body, message.address, message.contact or "")
        return (
            *(table.cell(text).removeprefix("'").replace("\r\n", "\n").replace("\r", "\n") for text in texts),
            message.direction,
            message.local(),
        )

    # A table without a message has no line, and an empty file is rightly refused.
    read = [list(open_backup(file)) if file.stat().st_size else [] for file in (path, shared)]
    ours, theirs = (list(map(values, messages)) for messages in read)
    if shared.suffix == ".jsonl":  # the number by which papers cite it, and that it is from an acquaintance
        known = set(shared.with_suffix(".familiar").read_text().split())
        ours = [(*told, (number, str(m.record) in known)) for number, (told, m) in enumerate(zip(ours, read[0]), 1)]
        theirs = [(*told, m.earlier and (m.earlier.number, m.earlier.familiar)) for told, m in zip(theirs, read[1])]
    return [f"{a!r} was read back as {b!r}" for a, b in zip(ours, theirs) if a != b] + (
        [] if len(ours) == len(theirs) else ["rows"]
    )


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
    with tempfile.TemporaryDirectory() as folder:
        python, kotlin = Path(folder, "python"), Path(folder, "kotlin")
        python.mkdir(), kotlin.mkdir()
        paths = backups(Path(folder))
        in_python(paths, python)
        in_kotlin(paths, kotlin, class_path)
        differing = {path.name: found for path in sorted(python.iterdir()) if (found := differences(path, kotlin / path.name))}
        for path in paths:
            for shared in (kotlin / f"{path.name}.{end}" for end in ("jsonl", "zh.csv", "en.csv")):
                if found := unlike_original(path, shared):
                    differing[f"{shared.name}, read back"] = found
        count = len(list(python.iterdir()))
        friends = len((python / "sms-corpus.xml.familiar").read_text().splitlines())
    for name, found in differing.items():
        print(name, *found[:3], sep="\n  ")
    print(f"{count} tables of {len(paths)} backups, {friends} messages from acquaintances; {len(differing)} differ")
    return bool(differing) or not friends


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
