"""The two records that everything passes on: what a phone held, and what the model said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from operator import attrgetter
from typing import Literal

Tag = Literal["other", "reminder", "pressure", "unlawful"]
#: From least to gravest; the order of the model's outputs.
TAGS: tuple[Tag, ...] = ("other", "reminder", "pressure", "unlawful")

Direction = Literal["in", "out", "draft", "unknown"]
#: How exactly an instant is known. Nothing finer than this may be concluded from it.
Precision = Literal["millisecond", "second", "minute", "day", "unknown"]


#: China's clock since 1991, and that of Hong Kong and Taiwan: no daylight saving, so a fixed offset is the whole truth.
CHINA = timezone(timedelta(hours=8))


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
        return None if self.precision == "unknown" else self.at.astimezone(CHINA).date()

    def local(self) -> str:
        """As a person in China reads it: ``2026-05-01 21:07:33``, to the second at most."""
        form = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M"}.get(self.precision, "%Y-%m-%d %H:%M:%S")
        return self.at.astimezone(CHINA).strftime(form)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a backup, unchanged.

    ``sent_at`` is the sender's clock and ``received_at`` the phone's; either may be missing. ``record`` counts from 1 in
    ``source``, in the order of the file, and counts what could not be read too.
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

    def __reduce__(self) -> tuple[type[Message], tuple[object, ...]]:
        """For pickle, as :meth:`Instant.__reduce__`."""
        return Message, _values(self)

    @property
    def instant(self) -> Instant | None:
        """When it was sent, or, where that isn't known, received."""
        return self.sent_at or self.received_at


_values = attrgetter(*Message.__slots__)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code that the model sees, and how sure it is of it."""

    code: str
    probability: float


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
