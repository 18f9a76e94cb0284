"""Many phones: a folder with a case in each entry, what they have in common, and where an interrupted run goes on."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cuishou.backup import Options, UnreadableBackup, open_backup
from cuishou.case import Finding
from cuishou.facts import signature
from cuishou.message import TAGS, Message
from cuishou.output import health, jsonl, table
from cuishou.output.record import of_finding
from cuishou.scorer import Scorer
from cuishou.stream import Digest, Summing, Table, everything, run, tagged

#: Texts whose three-character pieces agree by this share are one template.
ALIKE = 0.6
_PERMUTATIONS, _BANDS = 64, 32
_MASKED = re.compile(r"[0-9a-zA-Z.:/?=&_%*xX＊-]+")


@dataclass(frozen=True)
class Summary:
    """One case as the overview needs it; ``fault`` says why it could not be read."""

    name: str
    fingerprint: str
    messages: int = 0
    missing: int = 0
    tags: dict[str, int] | None = None
    senders: list[tuple[str, dict[str, int]]] | None = None
    fault: str | None = None


def entries(folder: Path) -> list[Path]:
    """The cases in ``folder``: each folder and each file that is not hidden."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def is_many(paths: list[Path]) -> bool:
    """Whether what is asked for is a folder of cases: two folders or more in it. One phone's backups lie side by side."""
    return len(paths) == 1 and paths[0].is_dir() and sum(path.is_dir() for path in entries(paths[0])) > 1


class Ids:
    """An id for each message that is the same in every run and every backup: of its direction, number, time and text.

    Copies within one case are told apart by their number.
    """

    def __init__(self) -> None:
        self._seen: dict[bytes, int] = {}

    def of(self, message: Message) -> str:
        """The id of ``message``, the next of its case."""
        at = message.instant
        number = message.address.removeprefix("+86").replace(" ", "").replace("-", "")
        parts = (message.direction, number, at.isoformat() if at else "", message.body)
        digest = hashlib.sha256(json.dumps(parts).encode()).digest()[:8]
        copies = self._seen[digest] = self._seen.get(digest, 0) + 1
        return digest.hex() if copies == 1 else f"{digest.hex()}-{copies}"


def examine_all(
    folder: Path,
    out: Path,
    scorer: Scorer,
    model: Path,
    *,
    jobs: int = 1,
    language: str = "zh",
    options: Options | None = None,
    progress: Callable[[int], object] = lambda count: None,
    tell: Callable[[str], object] = lambda name: None,
) -> list[Summary]:
    """Tag every case of ``folder`` into a folder of its own in ``out``; a case that is there already, unchanged, is not done again.

    Raises :class:`cuishou.stream.Stopped` at ctrl-C; the cases before that are finished.
    """
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    summaries = []
    for path in entries(folder):
        target, print_ = out / "cases" / path.name, fingerprint(path, f"{digest}{options}{language}")
        summary = _finished(target, print_)
        if summary is None:
            tell(path.name)
            summary = _examine(path, target, print_, scorer, model, jobs, language, options, progress)
        summaries.append(summary)
    return summaries


def fingerprint(path: Path, settings: str) -> str:
    """Changes when a file of a case, or what it is read with, does: names, sizes and times of writing."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    facts = [(str(file.relative_to(path.parent)), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()]
    return hashlib.sha256(json.dumps([settings, facts]).encode()).hexdigest()


def _finished(target: Path, print_: str) -> Summary | None:
    try:
        summary = Summary(**json.loads((target / "case.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return summary if summary.fingerprint == print_ else None


def _examine(
    path: Path,
    target: Path,
    print_: str,
    scorer: Scorer,
    model: Path,
    jobs: int,
    language: str,
    options: Options | None,
    progress: Callable[[int], object],
) -> Summary:
    target.mkdir(parents=True, exist_ok=True)
    for name in ("case.json", "messages.csv", "messages.jsonl", "import.json"):
        (target / name).unlink(missing_ok=True)
    try:
        backup = open_backup(path, options=options)
        summing = Summing(everything, whole=True)  # ids count copies, so rows are made here, in their order
        batches = tagged(backup, scorer, model, jobs, summing)
        digest = Digest(scorer.metadata.version)
        found, _ = run(backup, batches, digest, lambda: _tables(target, language), progress, summing, most=0)
        health.write(found.reports, found.skipped, target / "import.json")
        tags = {str(tag): count for tag, count in found.counts().items()}
        senders = [(name, {str(tag): count for tag, count in counts.items()}) for name, counts in found.senders()]
        summary = Summary(path.name, print_, found.shown, found.missing, tags, senders)
    except UnreadableBackup as error:
        summary = Summary(path.name, print_, fault=str(error))
    part = target / "case.json.part"
    part.write_text(json.dumps(asdict(summary), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(target / "case.json")  # last: a case without it is not finished
    return summary


def _tables(target: Path, language: str) -> list[Table]:
    ids = Ids()

    def rows(findings: Iterable[Finding]) -> str:
        return "".join(jsonl.line({"id": ids.of(finding.message)} | of_finding(finding)) + "\n" for finding in findings)

    return [
        Table(target / "messages.csv", table.head(language), lambda findings: table.rows(findings, language), "utf-8-sig"),
        Table(target / "messages.jsonl", "", rows),
    ]


@dataclass
class Template:
    """Texts that are one template, by the cases that got it."""

    text: str
    cases: set[str]
    senders: Counter[str]
    tags: Counter[str]
    messages: int = 0

    @property
    def id(self) -> str:
        """The same for the same text whose numbers differ."""
        return hashlib.sha256(masked(self.text).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def masked(text: str) -> str:
    """``text`` without what differs from person to person: numbers, codes, links, spaces."""
    return re.sub(r"\s+", "", _MASKED.sub("0", text))


def overview(out: Path, summaries: Iterable[Summary]) -> dict[str, Any]:
    """What the cases have in common, written to ``out``: overview.json, cases.csv, senders.csv, templates.csv.

    A message that several cases hold counts once in ``distinct`` and in the templates.
    """
    out.mkdir(parents=True, exist_ok=True)
    known = list(summaries)
    seen: set[int] = set()
    total: Counter[str] = Counter()
    senders: dict[str, tuple[Counter[str], set[str]]] = {}
    texts: dict[str, Template] = {}
    repeated: Counter[str] = Counter()
    for summary in known:
        strangers = {name for name, _ in summary.senders or ()}
        for record in _records(out / "cases" / summary.name / "messages.jsonl") if summary.fault is None else ():
            key = int.from_bytes(hashlib.blake2b(record["id"].encode(), digest_size=8).digest(), "big")
            if key in seen:
                repeated[summary.name] += 1
            tag = record["tag"]
            if tag is None:
                seen.add(key)
                continue
            sender = signature(record["body"]) or record["contact"] or record["address"] or "?"
            if tag != "other":
                form = texts.setdefault(masked(record["body"]), Template(record["body"], set(), Counter(), Counter()))
                form.cases.add(summary.name)
                if sender in strangers:
                    senders.setdefault(sender, (Counter(), set()))[1].add(summary.name)
                if key not in seen:
                    form.messages += 1
                    form.senders[sender] += 1
                    form.tags[tag] += 1
                    if sender in strangers:
                        senders[sender][0][tag] += 1
            if key not in seen:
                total[tag] += 1
            seen.add(key)
    forms = [form for form in clusters(list(texts.values())) if len(form.cases) > 1]
    forms.sort(key=lambda form: (-len(form.cases), -form.messages, form.id))
    worst = sorted(senders.items(), key=lambda item: ([-item[1][0][tag] for tag in reversed(TAGS[1:])], item[0]))
    _csv(
        out / "cases.csv",
        ["case", "messages", "missing", "in earlier cases", *TAGS, "fault"],
        ([s.name, s.messages, s.missing, repeated[s.name], *((s.tags or {}).get(tag, 0) for tag in TAGS), s.fault] for s in known),
    )
    _csv(
        out / "senders.csv",
        ["sender", "cases", *TAGS[1:]],
        ([name, len(cases), *(tags[tag] for tag in TAGS[1:])] for name, (tags, cases) in worst),
    )
    _csv(
        out / "by_case_and_sender.csv",
        ["case", "sender", *TAGS],
        ([s.name, name, *(tags[tag] for tag in TAGS)] for s in known for name, tags in s.senders or ()),
    )
    _csv(
        out / "templates.csv",
        ["template", "cases", "messages", "senders", *TAGS[1:], "text"],
        (
            [f.id, len(f.cases), f.messages, " / ".join(sorted(f.senders)), *(f.tags[tag] for tag in TAGS[1:]), f.text]
            for f in forms
        ),
    )
    result = {
        "cases": len(known),
        "unreadable": [s.name for s in known if s.fault is not None],
        "messages": sum(s.messages for s in known),
        "distinct": len(seen),
        "tags": {tag: total[tag] for tag in TAGS},
        "senders": [{"sender": name, "cases": len(cases), **tags} for name, (tags, cases) in worst[:20]],
        "templates": [
            {"template": f.id, "cases": sorted(f.cases), "messages": f.messages, "senders": sorted(f.senders), "text": f.text}
            for f in forms[:50]
        ],
    }
    (out / "overview.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return result


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _csv(path: Path, head: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([table.cell(str("" if value is None else value)) for value in row] for row in rows)


def clusters(forms: list[Template]) -> list[Template]:
    """``forms`` with near-duplicates joined; without rensa (the extra ``[cases]``) they stay as they are.

    Candidates come from MinHash, and are joined when their pieces really agree by :data:`ALIKE`.
    """
    try:
        from rensa import RMinHash, RMinHashLSH
    except ModuleNotFoundError:
        return forms
    forms = sorted(forms, key=lambda form: masked(form.text))
    leader = list(range(len(forms)))

    def first(place: int) -> int:
        while leader[place] != place:
            place = leader[place]
        return place

    index = RMinHashLSH(threshold=ALIKE, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    pieces = [_pieces(form.text) for form in forms]
    for place, own in enumerate(pieces):
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        sketch.update(sorted(own))
        for other in sorted(index.query(sketch)):
            if first(other) != first(place) and len(own & pieces[other]) >= ALIKE * len(own | pieces[other]):
                low, high = sorted((first(other), first(place)))
                leader[high] = low
        index.insert(place, sketch)
    joined: dict[int, Template] = {}
    for place, form in enumerate(forms):
        one = joined.setdefault(first(place), Template(forms[first(place)].text, set(), Counter(), Counter()))
        one.cases |= form.cases
        one.senders += form.senders
        one.tags += form.tags
        one.messages += form.messages
    return list(joined.values())


def _pieces(text: str) -> set[str]:
    plain = masked(text)
    return {plain[at : at + 3] for at in range(max(1, len(plain) - 2))}
