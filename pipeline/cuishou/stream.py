"""Tagging as the messages come: read, tag and write overlap, and memory does not grow with the number of messages."""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import partial
from heapq import nsmallest
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from operator import attrgetter
from pathlib import Path

from cuishou.acquaintances import Acquaintances
from cuishou.backup import Backup, ImportReport
from cuishou.case import (
    BATCH,
    Case,
    Finding,
    Outside,
    alleged,
    gravest_first,
    is_doubtful,
    is_grave,
    order_of_doubt,
    order_of_gravity,
    recognised,
    tag_messages,
)
from cuishou.message import TAGS, Earlier, Instant, Message, Tag, Tagging
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
    outside: Outside = field(default_factory=Outside)
    _senders: dict[str, Counter[Tag]] = field(default_factory=dict)
    _unsure: Counter[Tag] = field(default_factory=Counter)
    _numbers: dict[str, str] = field(default_factory=dict)
    _grave: list[tuple[Finding, Tagging]] = field(default_factory=list)
    _doubtful: list[tuple[Finding, Tagging]] = field(default_factory=list)

    def add(self, findings: Iterable[Finding]) -> None:
        """Count ``findings`` in."""
        senders = self._senders
        for finding in findings:
            self.messages += 1
            if (tagging := finding.tagging) is None:
                continue
            self.tags[tagging.tag] += 1
            if tagging.needs_review:
                self._unsure[tagging.tag] += 1
            sender = finding.sender
            if (tags := senders.get(sender)) is None:
                tags = senders[sender] = Counter()
            tags[tagging.tag] += 1
            if sender in (finding.message.contact, finding.message.address):
                self._numbers[sender] = finding.message.number
            if is_grave(tagging):
                self._grave.append((finding, tagging))
            elif is_doubtful(tagging):
                self._doubtful.append((finding, tagging))
        self._forget()

    def merge(self, other: Digest) -> None:
        """Count in what ``other`` counted, and take its counters over: it is not to be used after that."""
        self.messages += other.messages
        self.left_out += other.left_out
        self.tags.update(other.tags)
        for sender, tags in other._senders.items():
            if (known := self._senders.setdefault(sender, tags)) is not tags:
                known.update(tags)
        self.people.merge(other.people)
        self.outside.merge(other.outside)
        self._unsure.update(other._unsure)
        self._numbers.update(other._numbers)
        self._grave += other._grave
        self._doubtful += other._doubtful
        self._forget()

    def _forget(self) -> None:
        if len(self._grave) > _MOST_GRAVE:
            self._grave = nsmallest(_MOST_GRAVE, self._grave, key=order_of_gravity)
        if len(self._doubtful) > _MOST_GRAVE:
            self._doubtful = nsmallest(_MOST_GRAVE, self._doubtful, key=order_of_doubt)
        if len(self._senders) > 2 * MOST_SENDERS:
            kept = dict(_gravest_first(self._senders)[:MOST_SENDERS])
            self._senders = {sender: Counter(tags) for sender, tags in kept.items()}
            self._numbers = {sender: number for sender, number in self._numbers.items() if sender in kept}

    @property
    def unsure(self) -> tuple[int, int]:
        """Collection messages of which the model is unsure, and messages that may be some after all."""
        return self._unsure.total() - self._unsure["other"], self._unsure["other"]

    def explain(self, scorer: Scorer) -> None:
        """Work out which words carried the gravest messages, where the run did without."""
        taggings = scorer.tag(finding.message.body for finding, _ in self._grave)
        found = [replace(finding, tagging=tagging) for (finding, _), tagging in zip(self._grave, taggings, strict=True)]
        self._grave = [(finding, finding.tagging) for finding in found if finding.tagging]

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
        return self._not_counted(saved=False)

    @property
    def saved(self) -> dict[str, int]:
        """Collection messages from contacts saved under a person's name, who have to be checked."""
        return self._not_counted(saved=True)

    def _not_counted(self, *, saved: bool) -> dict[str, int]:
        found = {sender: tags.total() - tags["other"] for sender, tags in self._senders.items() if self._is_familiar(sender)}
        return {name: count for name, count in found.items() if count and self.people.seem(self._numbers[name]) == saved}

    def _is_familiar(self, sender: str) -> bool:
        return sender in self._numbers and self.people.know(self._numbers[sender])

    def doubtful(self, most: int) -> list[tuple[Finding, Tagging]]:
        """Messages that may concern collection after all, the least sure first; a hundred at most."""
        return sorted(self._doubtful, key=order_of_doubt)[:most]

    def gravest(self, most: int) -> list[tuple[Finding, Tagging]]:
        """The messages that a person should see first, a hundred at most."""
        found = recognised((finding for finding, _ in self._grave), self.people)
        first = gravest_first(zip(found, (tagging for _, tagging in self._grave), strict=True))[:most]
        # what a text refutes is looked for last: it takes longer than all else, and changes no order
        return [(finding, alleged(finding.message.body, tagging)) for finding, tagging in first]


def _gravest_first(senders: Mapping[str, Counter[Tag]]) -> list[tuple[str, dict[Tag, int]]]:
    rows = [(sender, {tag: tags[tag] for tag in TAGS}) for sender, tags in senders.items() if tags.total() > tags["other"]]
    return sorted(rows, key=lambda row: ([-row[1][tag] for tag in reversed(TAGS[1:])], row[0]))


@dataclass
class Summing:
    """What is done with each batch in the process that tagged it, so that messages need not travel back.

    ``keep`` says which findings count, and ``named`` that the owner named their senders; ``rows`` makes the text of each table from
    findings; without ``explain`` no message is explained. While ``whole`` is true findings are handed over as they are: they may be
    few enough for a report. ``again`` sums parts up whose findings were handed over so; None: this process does.
    """

    keep: Callable[[Finding], bool]
    rows: Sequence[Callable[[Iterable[Finding]], str]] = ()
    explain: bool = True
    whole: bool = False
    named: bool = False
    again: Callable[[list[Part], Summing], Iterator[Part]] | None = None

    def of(self, findings: Sequence[Finding]) -> Part:
        """``findings`` summed up."""
        kept = [finding for finding in findings if self.keep(finding)]
        part = Part(len(findings), Digest(left_out=len(findings) - len(kept)))
        part.digest.people.add((finding.message, finding.tagging) for finding in findings)
        if len(kept) < len(findings):
            part.digest.outside.add(finding for finding in findings if not self.keep(finding))
        if self.named:
            part.digest.people.doubt(finding.message.number for finding in kept)
        if self.whole:
            part.findings = kept
        else:
            self._sum_up(kept, part)
        return part

    def resum(self, part: Part) -> Part:
        """``part``, whose findings were handed over, summed up after all."""
        found = list(part)
        part.findings = None
        self._sum_up(found, part)
        return part

    def resumed(self, parts: list[Part]) -> Iterator[Part]:
        """Each of ``parts`` summed up after all; takes them out of the list, for they are large."""
        if self.again is not None:
            yield from self.again(parts, self)
        while parts:
            yield self.resum(parts.pop(0))

    def _sum_up(self, findings: Sequence[Finding], part: Part) -> None:
        part.digest.add(findings)
        part.texts = [rows(findings) for rows in self.rows]


@dataclass
class Part:
    """A batch of ``read`` messages: its findings (a list, or pickled), or else their digest and their lines of each table."""

    read: int
    digest: Digest
    findings: list[Finding] | bytes | None = None
    texts: Sequence[str] = ()

    def __iter__(self) -> Iterator[Finding]:
        if isinstance(self.findings, bytes):
            return iter(pickle.loads(self.findings))  # noqa: S301 (from a process of our own)
        return iter(self.findings or ())

    def packed(self) -> Part:
        """The findings pickled: a tenth of the memory, and no work for who only waits to pass them on."""
        return replace(self, findings=pickle.dumps(self.findings)) if self.findings is not None else self

    def join(self, digest: Digest, tables: Sequence[Table]) -> None:
        """Count in ``digest`` and write to ``tables``."""
        digest.merge(self.digest)
        if self.findings is None:
            for table, lines in zip(tables, self.texts, strict=True):
                table.write(lines)
        else:
            found = list(self)
            for table in tables:
                table.add(found)
            digest.add(found)


def tagged(backup: Iterable[Message], scorer: Scorer, model: Path, jobs: int, summing: Summing | None = None) -> Iterator[Part]:
    """Batches of findings in the order of ``backup``, summed up as ``summing`` says (default: as they are).

    More than two batches are tagged by ``jobs`` processes while this one reads; for fewer it is not worth starting them.
    """
    summing = summing or Summing(everything, whole=True)
    messages, first = iter(backup), 1
    start = list(islice(messages, BATCH))
    context = processes(model) if jobs > 1 and len(start) == BATCH else None  # they start while this process reads on
    start += islice(messages, BATCH + 1)
    is_short = len(start) <= 2 * BATCH
    messages = chain(start, messages)
    del start
    if context is None or is_short:
        while batch := list(islice(messages, BATCH)):
            yield _sum(batch, scorer, first, summing)
            first += len(batch)
        return
    with ProcessPoolExecutor(jobs, context, _start, (str(model),)) as pool:
        waiting: deque[Future[Part]] = deque()
        summing.again = partial(_again, pool, 2 * jobs)
        try:
            while batch := list(islice(messages, BATCH // 2)):
                with uninterrupted():  # a process half started would be waited for without end
                    waiting.append(pool.submit(_tag, packed(batch), first, replace(summing, again=None)))
                first += len(batch)
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            summing.again = None
            pool.shutdown(cancel_futures=True)


def _again(pool: ProcessPoolExecutor, most: int, parts: list[Part], summing: Summing) -> Iterator[Part]:
    """What :meth:`Summing.resumed` does, in the processes of ``pool``, ``most`` parts at a time."""
    waiting: deque[Future[Part]] = deque()
    while parts or waiting:
        while parts and len(waiting) < most:
            waiting.append(pool.submit(replace(summing, again=None).resum, parts.pop(0)))
        yield waiting.popleft().result()


def packed(messages: Sequence[Message]) -> bytes:
    """``messages`` for a process of our own: a third of the time that pickle takes, and every message goes there."""
    columns = list(zip(*map(_values, messages), strict=True))
    for place in _INSTANTS:
        columns[place] = tuple(at and (at.at.timestamp(), at.precision) for at in columns[place])  # exact to the microsecond
    columns[_EARLIER] = tuple(earlier and tuple(earlier) for earlier in columns[_EARLIER])  # marshal takes no named tuples
    return marshal.dumps(columns)


def unpacked(messages: bytes) -> list[Message]:
    """The messages that :func:`packed` packed."""
    columns = marshal.loads(messages)  # noqa: S302 (from a process of our own)
    for place in _INSTANTS:
        columns[place] = [at and Instant(datetime.fromtimestamp(at[0], timezone.utc), at[1]) for at in columns[place]]
    columns[_EARLIER] = [earlier and Earlier(*earlier) for earlier in columns[_EARLIER]]
    return list(map(Message, *columns))


_values = attrgetter(*Message.__slots__)
_EARLIER = Message.__slots__.index("earlier")
_INSTANTS = [Message.__slots__.index(name) for name in ("received_at", "sent_at")]


def _sum(messages: list[Message], scorer: Scorer, first: int, summing: Summing) -> Part:
    return summing.of(list(tag_messages(messages, scorer, first, explain=summing.explain)))


def everything(_: Finding) -> bool:
    """No selection."""
    return True


def collect_seldom() -> None:
    """Tell Python to look for cycles among objects a hundredth as often: a batch makes many objects, and no cycles.

    It is for a process that does nothing else: the search takes a sixth of the time.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes(model: Path) -> BaseContext:
    """How processes that tag are started. Who knows early that they will be needed may call it early.

    On Linux one process loads ``model``, once and while this one reads on, and the others are forked from it: they are there at
    once and share its memory. (It runs no thread: that of numpy's linear algebra, which nothing here uses, is not started.)
    """
    if sys.platform != "linux":
        return get_context("spawn")
    from multiprocessing import forkserver

    context = get_context("forkserver")
    context.set_forkserver_preload(["cuishou.preloaded"])
    before = dict(os.environ)
    os.environ |= {PRELOADED: str(model), "OPENBLAS_NUM_THREADS": "1"}
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ |= before
    return context


#: The variable of the environment by which :func:`processes` tells the process that it starts which model to load.
PRELOADED = "CUISHOU_PRELOADED_MODEL"
#: Scorers loaded ahead, by the path of their model.
ahead: dict[str, Scorer] = {}
_scorer: Scorer | None = None


def _start(model: str) -> None:
    global _scorer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that reads says when to stop
    collect_seldom()
    _scorer = ahead.get(model) or Scorer.load(model, threads=1, steady=True)


def _tag(messages: bytes, first: int, summing: Summing) -> Part:
    assert _scorer is not None
    return _sum(unpacked(messages), _scorer, first, summing).packed()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put ctrl-C off until what must be done whole is done. Only the main thread is ever interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
    if came and callable(before):
        before(signal.SIGINT, None)


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
        self.write(self._rows(findings))

    def write(self, lines: str) -> None:
        """Write the lines of a batch."""
        self._file.write(lines)
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


def run(
    backup: Backup,
    batches: Iterable[Part],
    digest: Digest,
    tables: Callable[[], list[Table]],
    progress: Callable[[int], object],
    summing: Summing,
    most: int | None = None,
) -> tuple[Case | Digest, list[Path]]:
    """Follow ``batches`` to their end.

    Up to ``most`` findings (None: all) are kept, and what comes back is a :class:`Case` and no file is written. Beyond that they go
    to the files that ``tables`` opens, and ``summing`` is told that no whole findings are wanted any more. Raises :class:`Stopped`
    at ctrl-C.
    """
    kept: list[Part] | None = None if most == 0 else []
    opened: list[Table] = [] if kept is not None else tables()
    shown = 0
    try:
        for part in batches:
            progress(part.read)
            with uninterrupted():
                shown += part.read - part.digest.left_out
                if kept is None:
                    part.join(digest, opened)
                    continue
                kept.append(part)
                if most is not None and shown > most:
                    opened, summing.whole = tables(), False
                    for summed in summing.resumed(kept):
                        summed.join(digest, opened)
                    kept = None
    except KeyboardInterrupt:
        opened = opened or tables()
        for part in kept or ():
            part.join(digest, opened)
        digest.reports, digest.skipped = list(backup.reports), list(backup.skipped)
        raise Stopped(digest, [table.stop() for table in opened]) from None
    if kept is not None:
        people, outside = Acquaintances(), Outside()
        for part in kept:
            people.merge(part.digest.people)
            outside.merge(part.digest.outside)
        found = recognised((finding for part in kept for finding in part), people)
        left_out = sum(part.digest.left_out for part in kept)
        return Case(found, backup.reports, digest.model_version, backup.skipped, left_out, outside=outside), []
    digest.reports, digest.skipped = backup.reports, backup.skipped
    return digest, [table.finish() for table in opened]
