"""The two records that everything passes on: what a phone held, and what the model said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from operator import attrgetter
from typing import Literal, NamedTuple

Tag = Literal["other", "reminder", "pressure", "unlawful"]
#: From least to gravest; the order of the model's outputs.
TAGS: tuple[Tag, ...] = ("other", "reminder", "pressure", "unlawful")

Direction = Literal["in", "out", "draft", "unknown"]
#: How exactly an instant is known. Nothing finer than this may be concluded from it.
Precision = Literal["millisecond", "second", "minute", "day", "unknown"]

#: From this probability on, a reason is likelier than not.
LIKELY = 0.5

#: What people and exports put into a number, or before it.
_FILLING = re.compile(r"[\s()\-]|^(?:\+86|0086)")

#: China's clock since 1991, and that of Hong Kong and Taiwan: no daylight saving, so a fixed offset is the whole truth.
_AHEAD = timedelta(hours=8)
CHINA = timezone(_AHEAD)


@dataclass(frozen=True, slots=True)
class Instant:
    """A point in time as a backup gave it: ``at`` in UTC, and how exactly."""

    at: datetime
    precision: Precision

    def __post_init__(self) -> None:
        if self.at.tzinfo is not timezone.utc:
            raise ValueError(f"an instant is kept in UTC, not {self.at.tzinfo}")

    def __reduce__(self) -> tuple[type[Instant], tuple[datetime, Precision]]:
        """For pickle: what dataclasses bring for slots takes four times as long, and every message goes to another process."""
        return Instant, (self.at, self.precision)

    def isoformat(self) -> str:
        """ISO 8601 in UTC, no finer than the precision."""
        if self.precision == "day":
            return self.at.date().isoformat()
        spec = {"millisecond": "milliseconds", "minute": "minutes"}.get(self.precision, "seconds")
        return self.at.isoformat(timespec=spec)

    @property
    def day(self) -> date | None:
        """The day in China; None where not even the day is known."""
        return None if self.precision == "unknown" else (self.at + _AHEAD).date()

    def local(self) -> str:
        """As a person in China reads it: ``2026-05-01 21:07:33``, to the second at most."""
        return (self.at + _AHEAD).isoformat(" ", "seconds")[: {"day": 10, "minute": 16}.get(self.precision, 19)]


class Earlier(NamedTuple):
    """What an earlier import of ours noted beside a message: its number (0: none), that the owner knows its sender, its file."""

    number: int = 0
    familiar: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a backup, unchanged.

    ``sent_at`` is the sender's clock and ``received_at`` the phone's; either may be missing. ``record`` counts from 1 in
    ``source``, in the order of the file, and counts what could not be read too. ``earlier`` is there for messages of our own JSON
    Lines only.
    """

    body: str
    address: str = ""
    direction: Direction = "in"
    received_at: Instant | None = None
    sent_at: Instant | None = None
    contact: str | None = None
    sim: str | None = None
    source: str = ""
    record: int = 0
    earlier: Earlier | None = None

    def __reduce__(self) -> tuple[type[Message], tuple[object, ...]]:
        """For pickle, as :meth:`Instant.__reduce__`."""
        return Message, _values(self)

    @property
    def instant(self) -> Instant | None:
        """When it was sent, or, where that isn't known, received."""
        return self.sent_at or self.received_at

    @property
    def number(self) -> str:
        """The address without the country code and what exports put between digits; a contact's name where there is none."""
        return _FILLING.sub("", self.address) or self.contact or ""

    @property
    def day(self) -> date | None:
        """The day in China on which it was sent, or received; None where it is not known."""
        return self.instant.day if self.instant else None

    def local(self) -> str:
        """When, as a person in China reads it; empty where not even the day is known."""
        return self.instant.local() if self.instant and self.day else ""


_values = attrgetter(*Message.__slots__)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code that the model sees, and how sure it is of it."""

    code: str
    probability: float

    @property
    def is_likely(self) -> bool:
        """Whether it is likelier than not. What is not is shown to a person as a possibility, and no rule is held against it."""
        return self.probability >= LIKELY


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``[start, end)`` of the body that carried ``label`` (a tag or a reason code), with their share of its score."""

    start: int
    end: int
    label: str
    weight: float


@dataclass(frozen=True, slots=True)
class Tagging:
    """What the model says of one text. ``needs_review`` marks what a person should look at before relying on it."""

    tag: Tag
    probabilities: dict[str, float]
    reasons: tuple[Reason, ...] = field(default=())
    spans: tuple[Span, ...] = field(default=())
    needs_review: bool = False

    @property
    def likely(self) -> tuple[Reason, ...]:
        """The reasons that are likelier than not."""
        return tuple(reason for reason in self.reasons if reason.is_likely)

    @property
    def possible(self) -> tuple[Reason, ...]:
        """The other reasons: what a person may want to look for."""
        return tuple(reason for reason in self.reasons if not reason.is_likely)
