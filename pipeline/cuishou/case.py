"""One person's messages with everything found in them: the unit that is written out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from functools import cached_property
from itertools import islice

from cuishou.acquaintances import Acquaintances
from cuishou.backup import Backup, ImportReport
from cuishou.codes import CONCEALED, REASONS
from cuishou.facts import facts, signature
from cuishou.message import TAGS, Message, Tag, Tagging
from cuishou.scorer import Scorer

#: Messages scored together.
BATCH = 4096
#: Senders of messages left out that are counted by name.
_MOST_OUTSIDE = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """A message and what the model says of it; ``tagging`` is None for what the phone's owner wrote.

    ``number`` counts from 1 over all files of an import and stays with the message whatever is left out: papers cite it.
    ``familiar``: it is from somebody whom the owner knows, who may only have passed it on; None where that is not asked, or not
    yet known. ``saved``: only the name that the sender is saved under speaks for that, and somebody has to check.
    """

    message: Message
    tagging: Tagging | None
    number: int = 0
    familiar: bool | None = None
    saved: bool = False

    @property
    def label(self) -> str:
        """The number as people are shown it: the same in report, workbook, pack and letters."""
        return f"{self.number:04}"

    @property
    def alleged(self) -> Tagging | None:
        """The tagging as people are shown it: :func:`alleged`. What the model said as it said it is ``tagging``."""
        return alleged(self.message.body, self.tagging) if self.tagging else None

    @property
    def sender(self) -> str:
        """Who it is from: the signature, else the contact, else the number."""
        return signature(self.message.body) or self.message.contact or self.message.address or "?"

    def is_from(self, wanted: str) -> bool:
        """Whether ``wanted`` names its sender: part of a signature or of a contact's name, or a whole number."""
        message = self.message
        if message.address and Message("", wanted).number == message.number:
            return True
        part = _plain(wanted)
        return any(part in _plain(name) for name in (self.sender, message.contact or "") if name != message.address)


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


@dataclass
class Outside:
    """What a selection left out, so that who chose nothing sees what there is: senders with their messages, first and last day."""

    senders: Counter[str] = field(default_factory=Counter)
    first: date | None = None
    last: date | None = None

    def add(self, findings: Iterable[Finding]) -> None:
        """Count ``findings`` in."""
        for finding in findings:
            if finding.tagging is not None and (len(self.senders) < _MOST_OUTSIDE or finding.sender in self.senders):
                self.senders[finding.sender] += 1
            self._reach(finding.message.day, finding.message.day)

    def merge(self, other: Outside) -> None:
        """Count in what ``other`` counted."""
        for sender, count in other.senders.items():
            if len(self.senders) < _MOST_OUTSIDE or sender in self.senders:
                self.senders[sender] += count
        self._reach(other.first, other.last)

    def _reach(self, first: date | None, last: date | None) -> None:
        self.first = min(filter(None, (self.first, first)), default=None)
        self.last = max(filter(None, (self.last, last)), default=None)


@dataclass(frozen=True)
class Case:
    """All findings in the order of the files, how the import went, and which files were no backups.

    ``left_out`` counts the messages that were read but that a selection does not show;
    ``outside`` says what they are. ``redacted`` tells that stand-ins replace what would tell a person, and ``replaced`` how many
    different things of each kind have one.
    """

    findings: Sequence[Finding]
    reports: Sequence[ImportReport]
    model_version: str
    skipped: Sequence[str] = ()
    left_out: int = 0
    redacted: bool = False
    replaced: Mapping[str, int] = field(default_factory=dict)
    outside: Outside = field(default_factory=Outside)

    @cached_property
    def received(self) -> list[tuple[Finding, Tagging]]:
        """The findings that have a tagging, each with that which people are shown."""
        return [(finding, tagging) for finding in self.findings if (tagging := finding.alleged) is not None]

    @property
    def missing(self) -> int:
        """Records that the backups lost."""
        return sum(report.missing for report in self.reports)

    def counts(self) -> dict[Tag, int]:
        """Messages by tag, every tag named."""
        counted = Counter(tagging.tag for _, tagging in self.received)
        return {tag: counted[tag] for tag in TAGS}

    @property
    def unsure(self) -> tuple[int, int]:
        """Collection messages of which the model is unsure, and messages that may be some after all."""
        unsure = [tagging.tag == "other" for _, tagging in self.received if tagging.needs_review]
        return len(unsure) - sum(unsure), sum(unsure)

    def doubtful(self, most: int) -> list[tuple[Finding, Tagging]]:
        """Messages that may concern collection after all, the least sure first."""
        found = (pair for pair in self.received if is_doubtful(pair[1]))
        return sorted(found, key=order_of_doubt)[:most]

    @property
    def familiar(self) -> dict[str, int]:
        """Collection messages from people whom the owner knows, by their name or number."""
        return self._not_counted(saved=False)

    @property
    def saved(self) -> dict[str, int]:
        """Collection messages from contacts saved under a person's name, who have to be checked."""
        return self._not_counted(saved=True)

    def _not_counted(self, *, saved: bool) -> dict[str, int]:
        found = (finding for finding, tagging in self.received if finding.familiar and tagging.tag != "other")
        return Counter(finding.sender for finding in found if finding.saved == saved)

    def senders(self) -> list[tuple[str, dict[Tag, int]]]:
        """Senders of collection messages with their messages by tag; who sent the gravest and the most comes first.

        Whom the owner knows is none of them.
        """
        counted: dict[str, Counter[Tag]] = {}
        for finding, tagging in self.received:
            if finding.familiar:
                continue
            counted.setdefault(finding.sender, Counter())[tagging.tag] += 1
        rows = [(sender, {tag: tags[tag] for tag in TAGS}) for sender, tags in counted.items() if tags.total() > tags["other"]]
        return sorted(rows, key=lambda row: ([-row[1][tag] for tag in reversed(TAGS[1:])], row[0]))

    def gravest(self, most: int) -> list[tuple[Finding, Tagging]]:
        """The messages that a person should see first: gravest tag, then surest, then latest; what acquaintances sent is last."""
        return gravest_first(pair for pair in self.received if is_grave(pair[1]))[:most]

    @property
    def shown(self) -> int:
        """Messages that are not left out."""
        return len(self.findings)


def alleged(body: str, tagging: Tagging) -> Tagging:
    """``tagging`` without what ``body`` itself refutes, and with the flags behind the graver reasons.

    Nobody hides who they are who sign with a name or begin with one.
    """
    if not tagging.reasons:
        return tagging
    refuted = (
        {CONCEALED} if any(reason.code == CONCEALED for reason in tagging.reasons) and facts(body).sender else frozenset[str]()
    )
    kept = [reason for reason in tagging.reasons if reason.code not in refuted]
    kept.sort(key=lambda reason: reason.code in REASONS and not REASONS[reason.code].flips)
    spans = tuple(span for span in tagging.spans if span.label not in refuted)
    return replace(tagging, reasons=tuple(kept), spans=spans)


def is_grave(tagging: Tagging) -> bool:
    """Whether a person should see the message first."""
    return tagging.tag in ("pressure", "unlawful")


def is_doubtful(tagging: Tagging) -> bool:
    """Whether the model takes the message for no collection, but is unsure."""
    return tagging.tag == "other" and tagging.needs_review


def order_of_doubt(pair: tuple[Finding, Tagging]) -> tuple[float, int]:
    """Sorts doubtful findings: the least sure first."""
    finding, tagging = pair
    return tagging.probabilities[tagging.tag], finding.number


def gravest_first(pairs: Iterable[tuple[Finding, Tagging]]) -> list[tuple[Finding, Tagging]]:
    """In the order of gravity, those from people whom the owner knows last."""
    return sorted(sorted(pairs, key=order_of_gravity), key=lambda pair: bool(pair[0].familiar))


def order_of_gravity(pair: tuple[Finding, Tagging]) -> tuple[int, bool, float, float]:
    """Sorts findings: gravest tag, then surest, then latest."""
    finding, tagging = pair
    instant = finding.message.instant
    at = instant.at if instant else datetime.min.replace(tzinfo=timezone.utc)
    return (
        -TAGS.index(tagging.tag),
        tagging.needs_review,
        -tagging.probabilities[tagging.tag],
        -at.timestamp() if instant else 0,
    )


def examine(backup: Backup, scorer: Scorer, progress: Callable[[int], object] | None = None, named: Collection[str] = ()) -> Case:
    """Read ``backup`` and tag every message received. ``progress`` is told of each batch's size.

    Whom one of ``named`` names (:meth:`Finding.is_from`) is no friend, whatever the contact is called.

    Raises :class:`cuishou.backup.UnreadableBackup`.
    """
    findings: list[Finding] = []
    people = Acquaintances()
    messages = iter(backup)
    while batch := list(islice(messages, BATCH)):
        findings += tag_messages(batch, scorer, len(findings) + 1)
        if progress is not None:
            progress(len(batch))
    people.add((finding.message, finding.tagging) for finding in findings)
    people.doubt(finding.message.number for finding in findings if any(map(finding.is_from, named)))
    return Case(recognised(findings, people), backup.reports, scorer.metadata.version, backup.skipped)


def recognised(findings: Iterable[Finding], people: Acquaintances) -> list[Finding]:
    """``findings`` with each that was received marked by whether ``people`` wrote it, or seem to have."""
    return [_recognised(finding, people) if finding.tagging else finding for finding in findings]


def _recognised(finding: Finding, people: Acquaintances) -> Finding:
    familiar = people.wrote(finding.message)
    return replace(finding, familiar=familiar, saved=familiar and people.seem(finding.message.number))


def tag_messages(messages: Sequence[Message], scorer: Scorer, first: int, *, explain: bool = True) -> Iterator[Finding]:
    """A finding for each message, numbered from ``first`` unless an earlier import numbered it.

    What was not received has no tagging. Without ``explain`` no spans.
    """
    bodies = (message.body for message in messages if _is_received(message))
    taggings = iter(scorer.tag(bodies) if explain else scorer.tag(bodies, explain=False))
    for number, message in enumerate(messages, first):
        cited = message.earlier.number if message.earlier else 0
        yield Finding(message, next(taggings) if _is_received(message) else None, cited or number)


def _is_received(message: Message) -> bool:
    return message.direction in ("in", "unknown")
