"""Tagging as the messages come: read, tag and write overlap, and memory does not grow with the number of messages."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from cuishou.acquaintances import Acquaintances
from cuishou.backup import Backup, ImportReport
from cuishou.case import BATCH, Case, Finding, is_grave, order_of_gravity, recognised, tag_messages
from cuishou.message import TAGS, Message, Tag, Tagging
from cuishou.scorer import Scorer

#: Up to so many messages all findings are kept, as a report needs them; beyond there are tables and a summary.
LARGE = 50_000
#: Senders counted by name. Beyond, those that sent no collection message are forgotten, then those that sent the least.
MOST_SENDERS = 100_000
#: Messages that a summary may want to show.
_MOST_GRAVE = 100


@dataclass
class Digest:
    """What the summary of a case needs when there are too many findings to keep them; answers as :class:`Case` does."""

    model_version: str = ""
    reports: Sequence[ImportReport] = ()
    skipped: Sequence[str] = ()
    messages: int = 0
    left_out: int = 0
    tags: Counter[Tag] = field(default_factory=Counter)
    people: Acquaintances = field(default_factory=Acquaintances)
    _senders: dict[str, Counter[Tag]] = field(default_factory=dict)
    _unsure: Counter[Tag] = field(default_factory=Counter)
    _numbers: dict[str, str] = field(default_factory=dict)
    _grave: list[tuple[Finding, Tagging]] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        """Count ``findings`` in."""
        for finding in findings:
            self.messages += 1
            if (tagging := finding.tagging) is None:
                continue
            self.tags[tagging.tag] += 1
            if tagging.needs_review:
                self._unsure[tagging.tag] += 1
            sender = finding.sender
            self._senders.setdefault(sender, Counter())[tagging.tag] += 1
            if sender in (finding.message.contact, finding.message.address):
                self._numbers[sender] = finding.message.number
            if is_grave(tagging):
                self._grave.append((finding, tagging))
        if len(self._grave) > _MOST_GRAVE:
            self._grave = sorted(self._grave, key=order_of_gravity)[:_MOST_GRAVE]
        if len(self._senders) > 2 * MOST_SENDERS:
            kept = dict(_gravest_first(self._senders)[:MOST_SENDERS])
            self._senders = {sender: Counter(tags) for sender, tags in kept.items()}
            self._numbers = {sender: number for sender, number in self._numbers.items() if sender in kept}

    @property
    def unsure(self) -> tuple[int, int]:
        """Collection messages of which the model is unsure, and messages that may be some after all."""
        return self._unsure.total() - self._unsure["other"], self._unsure["other"]

    @property
    def missing(self) -> int:
        """Records that the backups lost."""
        return sum(report.missing for report in self.reports)

    @property
    def shown(self) -> int:
        """Messages that are not left out."""
        return self.messages

    def counts(self) -> dict[Tag, int]:
        """Messages by tag, every tag named."""
        return {tag: self.tags[tag] for tag in TAGS}

    def senders(self) -> list[tuple[str, dict[Tag, int]]]:
        """Senders of collection messages with their messages by tag; who sent the gravest and the most comes first."""
        return _gravest_first({sender: tags for sender, tags in self._senders.items() if not self._is_familiar(sender)})

    @property
    def familiar(self) -> dict[str, int]:
        """Collection messages from people whom the owner knows, by their name or number."""
        known = {sender: tags.total() - tags["other"] for sender, tags in self._senders.items() if self._is_familiar(sender)}
        return {sender: count for sender, count in known.items() if count}

    def _is_familiar(self, sender: str) -> bool:
        return sender in self._numbers and self.people.know(self._numbers[sender])

    def gravest(self, most: int) -> list[tuple[Finding, Tagging]]:
        """The messages that a person should see first, a hundred at most."""
        return sorted(self._grave, key=order_of_gravity)[:most]


def _gravest_first(senders: Mapping[str, Counter[Tag]]) -> list[tuple[str, dict[Tag, int]]]:
    rows = [(sender, {tag: tags[tag] for tag in TAGS}) for sender, tags in senders.items() if tags.total() > tags["other"]]
    return sorted(rows, key=lambda row: ([-row[1][tag] for tag in reversed(TAGS[1:])], row[0]))


def tagged(backup: Iterable[Message], scorer: Scorer, model: Path, jobs: int) -> Iterator[list[Finding]]:
    """Batches of findings in the order of ``backup``. From the third batch on, ``jobs`` processes tag while this one reads."""
    messages, first = iter(backup), 1
    for _ in range(2):
        batch = list(islice(messages, BATCH))
        if batch:
            yield list(tag_messages(batch, scorer, first))
            first += len(batch)
    ahead = list(islice(messages, BATCH))
    messages = chain(ahead, messages)
    if jobs == 1 or not ahead:
        while batch := list(islice(messages, BATCH)):
            yield list(tag_messages(batch, scorer, first))
            first += len(batch)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (str(model),)) as pool:
        waiting: deque[Future[list[Finding]]] = deque()
        try:
            while batch := list(islice(messages, BATCH // 2)):
                waiting.append(pool.submit(_tag, batch, first))
                first += len(batch)
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_scorer: Scorer | None = None


def _start(model: str) -> None:
    global _scorer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that reads says when to stop
    _scorer = Scorer.load(model, threads=1)


def _tag(messages: list[Message], first: int) -> list[Finding]:
    assert _scorer is not None
    return list(tag_messages(messages, _scorer, first))


class Table:
    """A file that is written batch by batch and is whole whenever the writing stops: under another name until it is done."""

    def __init__(self, path: Path, head: str, rows: Callable[[Iterable[Finding]], str], encoding: str = "utf-8") -> None:
        self.path, self._part, self._rows = path, path.with_name(path.name + ".part"), rows
        self._file = self._part.open("w", encoding=encoding, newline="")
        self._file.write(head)
        self._file.flush()
        self._whole = self._file.tell()

    def add(self, findings: Iterable[Finding]) -> None:
        """Write a batch."""
        self._file.write(self._rows(findings))
        self._file.flush()
        self._whole = self._file.tell()

    def finish(self) -> Path:
        """Give the file its name."""
        self._file.close()
        return self._part.replace(self.path)

    def stop(self) -> Path:
        """Cut off what is half written. The file gets its name unless there is a finished one from before; returns where it is."""
        self._file.seek(self._whole)
        self._file.truncate()
        self._file.close()
        return self._part if self.path.exists() else self._part.replace(self.path)


class Stopped(Exception):
    """A person stopped the run; ``digest`` has what was done by then, ``paths`` where it is."""

    def __init__(self, digest: Digest, paths: Sequence[Path]) -> None:
        super().__init__(digest.messages)
        self.digest, self.paths = digest, paths


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep ctrl-C waiting until a batch is done."""
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield  # somebody else decides what ctrl-C does
        return
    waiting: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if waiting:
        raise KeyboardInterrupt


def run(
    backup: Backup,
    batches: Iterable[list[Finding]],
    digest: Digest,
    tables: Callable[[], list[Table]],
    progress: Callable[[int], object],
    keep: Callable[[Finding], bool],
    most: int | None = None,
) -> tuple[Case | Digest, list[Path]]:
    """Follow ``batches`` to their end.

    Up to ``most`` findings (None: all) are kept, and what comes back is a :class:`Case` and no file is written. Beyond that they go
    to the files that ``tables`` opens. Raises :class:`Stopped` at ctrl-C.
    """
    kept: list[Finding] | None = None if most == 0 else []
    opened: list[Table] = [] if kept is not None else tables()
    try:
        for batch in batches:
            digest.people.add((finding.message, finding.tagging) for finding in batch)
            found = [finding for finding in batch if keep(finding)]
            if kept is not None:
                kept += found
                if most is not None and len(kept) > most:
                    opened, found, kept = tables(), kept, None
            with _undisturbed():  # what is written and what is counted must agree
                for table in opened:
                    table.add(found)
                if kept is None:
                    digest.add(found)
                digest.left_out += len(batch) - sum(map(keep, batch))
            progress(len(batch))
    except KeyboardInterrupt:
        if kept is not None:
            opened = tables()
            for table in opened:
                table.add(kept)
            digest.add(kept)
        digest.reports, digest.skipped = list(backup.reports), list(backup.skipped)
        raise Stopped(digest, [table.stop() for table in opened]) from None
    if kept is not None:
        return Case(recognised(kept, digest.people), backup.reports, digest.model_version, backup.skipped, digest.left_out), []
    digest.reports, digest.skipped = backup.reports, backup.skipped
    return digest, [table.finish() for table in opened]
