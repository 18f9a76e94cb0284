"""When collection messages came and how often, by sender: counts, nights, runs, and what several messages show together.

Nothing finer is concluded from a time than it was known: a day tells no hour, an unknown time not even a day. Both are
counted apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from typing import NamedTuple

from cuishou.facts import names
from cuishou.grounds import Basis, Grounds
from cuishou.message import CHINA, TAGS, Instant, Message, Tag, Tagging

Tagged = tuple[Message, Tagging]

#: Codes of abusive messages, of which several make a pattern.
ABUSIVE = frozenset(("THREAT_VIOLENCE", "INSULT", "FALSE_CRIMINAL_CLAIM", "PUBLIC_SHAMING"))
#: The end of a company's full name, which the short one lacks.
_COMPANY = re.compile(r"(?:股份|有限|责任){1,3}公司$")
#: Signatures and principals that name nobody; such messages are grouped by their number.
_NAMELESS = frozenset(
    [
        "通知",
        "重要通知",
        "提醒",
        "温馨提示",
        "重要提醒",
        "还款提醒",
        "逾期提醒",
        "催收",
        "催收通知",
        "催款通知",
        "系统通知",
        "短信",
        "短信通知",
        "公司",
        "我司",
        "平台",
        "银行",
        "公安",
        "债权人",
    ]
)
#: What people save collectors' numbers as.
_COLLECTOR = re.compile("催|讨债|要债|骚扰")
_TIMED = ("millisecond", "second", "minute")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Party:
    """Who writes: a signature and for whom, or where there is none, a contact or number. Collectors change numbers, not names."""

    signature: str | None = None
    principal: str | None = None
    number: str = ""

    @property
    def name(self) -> str:
        """What people call it; ``?`` where nothing at all is known."""
        if self.signature and self.principal:
            return f"{self.signature}（受{self.principal}委托）"
        return self.signature or self.principal or self.number or "?"


def party_of(message: Message) -> Party:
    """The sender group that ``message`` names by itself."""
    name, principal = names(message.body)
    name, principal = _named(name), _COMPANY.sub("", _named(principal) or "") or None
    if name or principal:
        return Party(name, principal)
    return Party(number=message.contact or message.address)


def _named(text: str | None) -> str | None:
    name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))
    return name if name and name not in _NAMELESS else None


def _merged(parties: Collection[Party]) -> dict[Party, Party]:
    """For a signature that names its principal in some messages only, the one that it always names."""
    principals: dict[str, set[str]] = {}
    for party in parties:
        if party.signature and party.principal:
            principals.setdefault(party.signature, set()).add(party.principal)
    named = {Party(name): Party(name, *found) for name, found in principals.items() if len(found) == 1}
    return {party: named.get(party, party) for party in parties}


class Asked(NamedTuple):
    """The phone's owner asked a sender to stop on ``day``; no ``sender``: all who had written until then."""

    day: date
    sender: str = ""

    @classmethod
    def parse(cls, text: str) -> Asked:
        """``2026-05-01`` or ``2026-05-01=蜂巢分期``. Raises ValueError."""
        day, sign, sender = text.replace("＝", "=", 1).partition("=")
        try:
            asked = cls(date.fromisoformat(day.strip()), sender.strip())
        except ValueError:
            english = f"{text!r} is neither a day nor a day and a sender"
            raise ValueError(f"请写成 2026-05-01 或 2026-05-01=蜂巢分期 ({english})") from None
        if sign and not asked.sender:
            raise ValueError(f"等号后面缺少发送方的署名或号码 (no sender behind the sign in {text!r})")
        return asked


class Night(NamedTuple):
    """From ``start`` up to, not including, ``end``, China's clock, to the minute."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Night:
        """``22:00-08:00``. Raises ValueError."""
        match = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text.strip(), re.ASCII)
        if match is None:
            raise ValueError(f"请写成 22:00-08:00 这样的时段 ({text!r} is no night; write it as 22:00-08:00)")
        from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
        try:
            night = cls(time(from_hour, from_minute), time(to_hour, to_minute))
        except ValueError:
            raise ValueError(f"没有这样的钟点 ({text!r} has an hour or minute that no clock shows)") from None
        if night.start == night.end:
            raise ValueError(f"起止时刻不能相同 ({text!r} starts when it ends)")
        return night

    def __contains__(self, clock: object) -> bool:
        if not isinstance(clock, time):
            return False
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Options:
    """What to count by. The numbers are heuristics, see the thresholds in ``data/grounds.toml``; only the night has a source."""

    night: Night
    per_day: int
    per_week: int
    abusive: int
    repeat: timedelta
    #: When the phone's owner asked whom to stop.
    asked_to_stop: tuple[Asked, ...] = ()
    #: The phone's owner is neither debtor nor guarantor.
    not_the_debtor: bool = False

    @classmethod
    def of(cls, grounds: Grounds) -> Options:
        """The thresholds of ``grounds``; change them with :func:`dataclasses.replace`."""
        value = {name: threshold.value for name, threshold in grounds.thresholds.items()}
        return cls(
            night=Night.parse(str(value["night"])),
            per_day=int(value["per_day"]),
            per_week=int(value["per_week"]),
            abusive=int(value["abusive_messages"]),
            repeat=timedelta(minutes=int(value["repeat_minutes"])),
        )


class Run(NamedTuple):
    """Consecutive days, each with a message."""

    start: date
    days: int

    @property
    def end(self) -> date:
        """Its last day."""
        return self.start + (self.days - 1) * _DAY


@dataclass(frozen=True)
class Rhythm:
    """The collection messages of one sender group (``party`` None: of all), and what their times show.

    ``messages`` in the order of time, those without a day last; ``repeats`` were delivered again and are counted nowhere else.
    """

    party: Party | None
    messages: Sequence[Tagged]
    repeats: int
    options: Options = field(repr=False)
    #: The day on which this sender was asked to stop; None for one who was not asked, and for all senders together.
    asked: date | None = None

    def is_called(self, text: str) -> bool:
        """Whether ``text`` is all of its name, its signature, its principal or one of its numbers."""
        party = self.party
        if party is None or not text:
            return False
        number = Message("", address=text).number
        names = (party.name, party.signature, party.principal)
        return text in names or any(message.number == number for message, _ in self.messages if message.address)

    @cached_property
    def by_tag(self) -> dict[Tag, int]:
        """Messages by tag, without ``other``."""
        return _count(tagging.tag for _, tagging in self.messages)

    @cached_property
    def days(self) -> dict[date, dict[Tag, int]]:
        """Messages by day in China and tag; days with a message only, in order."""
        return self._by(lambda day: day)

    @cached_property
    def weeks(self) -> dict[date, dict[Tag, int]]:
        """Messages by week, named by its Monday, and tag."""
        return self._by(lambda day: day - day.weekday() * _DAY)

    def _by(self, start: Callable[[date], date]) -> dict[date, dict[Tag, int]]:
        tags: dict[date, list[Tag]] = {}
        for message, tagging in self.messages:
            if (day := message.day) is not None:
                tags.setdefault(start(day), []).append(tagging.tag)
        return {day: _count(tags[day]) for day in sorted(tags)}

    def series(self) -> Iterator[tuple[date, dict[Tag, int]]]:
        """Every day from the first to the last, also those without a message: for charts."""
        if not self.days:
            return
        day, last = min(self.days), max(self.days)
        while day <= last:
            yield day, self.days.get(day) or _count(())
            day += _DAY

    @cached_property
    def hours(self) -> tuple[int, ...]:
        """Messages in each of the 24 hours in China."""
        counted = Counter(clock.hour for message, _ in self.messages if (clock := _clock(message.instant)) is not None)
        return tuple(counted[hour] for hour in range(24))

    @property
    def undated(self) -> int:
        """Messages of which not even the day is known."""
        return sum(message.day is None for message, _ in self.messages)

    @property
    def untimed(self) -> int:
        """Messages of which the day is known, but no hour."""
        return len(self.messages) - self.undated - sum(self.hours)

    @property
    def first(self) -> Instant | None:
        """When the first came."""
        return next((message.instant for message, _ in self.messages if message.day is not None), None)

    @property
    def last(self) -> Instant | None:
        """When the last came."""
        return next((message.instant for message, _ in reversed(self.messages) if message.day is not None), None)

    @cached_property
    def longest_run(self) -> Run | None:
        """The most days in a row with a message each; the first such run."""
        runs: list[Run] = []
        for day in self.days:
            if runs and runs[-1].end + _DAY == day:
                runs[-1] = Run(runs[-1].start, runs[-1].days + 1)
            else:
                runs.append(Run(day, 1))
        return max(runs, key=lambda run: run.days, default=None)

    @cached_property
    def night(self) -> tuple[Tagged, ...]:
        """Messages at night; one without an hour is none."""
        return tuple(pair for pair in self.messages if (clock := _clock(pair[0].instant)) and clock in self.options.night)

    @cached_property
    def after_stop(self) -> tuple[Tagged, ...]:
        """Messages on later days than the one on which their sender was asked to stop."""
        return tuple(pair for pair in self.messages if self.asked and (day := pair[0].day) and day > self.asked)

    @cached_property
    def busy_days(self) -> dict[date, int]:
        """Days with more messages than the heuristic allows."""
        return {day: sum(tags.values()) for day, tags in self.days.items() if sum(tags.values()) > self.options.per_day}

    @cached_property
    def busy_weeks(self) -> dict[date, int]:
        """Weeks, by their Monday, with more messages than the heuristic allows."""
        return {week: sum(tags.values()) for week, tags in self.weeks.items() if sum(tags.values()) > self.options.per_week}


@dataclass(frozen=True, slots=True)
class Pattern:
    """What several messages of one group show together. ``heuristic``: the number behind it is ours, not a rule's."""

    code: str
    party: Party
    messages: Sequence[Tagged]
    flips: bool
    heuristic: bool

    @property
    def days(self) -> list[date]:
        """The days of those messages whose day is known."""
        return [day for message, _ in self.messages if (day := message.day) is not None]

    @property
    def to_check(self) -> int:
        """How many of the messages the model was unsure of."""
        return sum(tagging.needs_review for _, tagging in self.messages)

    def basis(self, grounds: Grounds, sender: str = "unknown") -> Basis:
        """The citations that hold for these days and this kind of sender."""
        return grounds.basis(self.code, self.days, sender)


@dataclass(frozen=True, slots=True)
class Analysis:
    """All groups, gravest first, all of them together, and the patterns found in them.

    ``familiar``: groups of people whom the phone's owner knows. They are in none of the others.
    """

    overall: Rhythm
    groups: tuple[Rhythm, ...]
    patterns: tuple[Pattern, ...]
    familiar: tuple[Rhythm, ...] = ()
    _merged: Mapping[Party, Party] = field(default_factory=dict, repr=False)

    @property
    def unheard(self) -> list[str]:
        """Whom the owner says to have asked to stop, and who sent no collection message."""
        named = [asked.sender for asked in self.overall.options.asked_to_stop if asked.sender]
        return [name for name in named if not called((*self.groups, *self.familiar), name)]

    def party_of(self, message: Message) -> Party:
        """The sender group of ``message``."""
        party = party_of(message)
        return self._merged.get(party, party)


def analyse(tagged: Iterable[Tagged], options: Options, familiar: Iterable[Tagged] = ()) -> Analysis:
    """The rhythm of the collection messages among ``tagged``, together and by sender group.

    ``familiar`` are those from people whom the owner knows (:mod:`cuishou.acquaintances`): grouped, and counted nowhere else.
    """
    named = [(party_of(message), (message, tagging)) for message, tagging in tagged if tagging.tag != "other"]
    merged = _merged({party for party, _ in named})
    strangers = _groups(((merged[party], pair) for party, pair in named), options)
    friends = _groups(((party_of(pair[0]), pair) for pair in familiar if pair[1].tag != "other"), options)
    asked = _asked(strangers, friends, options)
    groups, friends = (tuple(replace(group, asked=asked.get(id(group))) for group in found) for found in (strangers, friends))
    every = sorted((pair for group in groups for pair in group.messages), key=_order)
    overall = Rhythm(None, every, sum(group.repeats for group in groups), options)
    patterns = tuple(pattern for group in groups for pattern in _patterns(group))
    return Analysis(overall, groups, patterns, friends, merged)


def called(groups: Sequence[Rhythm], text: str) -> list[Rhythm]:
    """The groups that ``text`` names: those that it names in full, else those whose name has it in it."""
    return [group for group in groups if group.is_called(text)] or [
        group for group in groups if group.party and text in group.party.name
    ]


def _asked(strangers: Sequence[Rhythm], friends: Sequence[Rhythm], options: Options) -> dict[int, date]:
    """The day on which each group was asked to stop, by its ``id()``.

    A day without a name holds for who had written by then: nobody else can have been asked. It does not hold for people whom the
    owner knows or saved as a contact, who may only have passed a message on; they have to be named. A name goes before.
    """
    days: dict[int, date] = {}
    for asked in sorted((asked for asked in options.asked_to_stop if asked.sender), reverse=True):
        days.update({id(group): asked.day for group in called((*strangers, *friends), asked.sender)})
    for asked in sorted(asked for asked in options.asked_to_stop if not asked.sender):
        for group in strangers:
            if not _is_contact(group) and group.days and min(group.days) <= asked.day:
                days.setdefault(id(group), asked.day)
    return days


def _is_contact(group: Rhythm) -> bool:
    """Whether it is somebody whom the owner saved under a name that does not tell a collector, and who signs as nobody."""
    assert group.party is not None
    contacts = {message.contact for message, _ in group.messages if message.contact}
    return not (group.party.signature or group.party.principal) and any(not _COLLECTOR.search(contact) for contact in contacts)


def _groups(pairs: Iterable[tuple[Party, Tagged]], options: Options) -> tuple[Rhythm, ...]:
    parties: dict[Party, list[Tagged]] = {}
    for party, pair in pairs:
        parties.setdefault(party, []).append(pair)
    groups = [_rhythm(party, found, options) for party, found in parties.items()]
    groups.sort(key=lambda group: ([-group.by_tag[tag] for tag in reversed(TAGS[1:])], group.party and group.party.name))
    return tuple(groups)


def _clock(instant: Instant | None) -> time | None:
    return instant.at.astimezone(CHINA).time() if instant and instant.precision in _TIMED else None


def _order(pair: Tagged) -> tuple[bool, datetime]:
    instant = pair[0].instant
    if instant is None or instant.precision == "unknown":
        return True, datetime.max.replace(tzinfo=timezone.utc)
    return False, instant.at


def _count(tags: Iterable[Tag]) -> dict[Tag, int]:
    counted = Counter(tags)
    return {tag: counted[tag] for tag in TAGS[1:]}


def _rhythm(party: Party, pairs: list[Tagged], options: Options) -> Rhythm:
    """Drop what was delivered again: the same text within the time that ``options`` allow, counted from the first delivery."""
    kept: list[Tagged] = []
    delivered: dict[str, datetime] = {}
    for pair in sorted(pairs, key=_order):
        message = pair[0]
        if message.instant is not None and message.instant.precision in _TIMED:
            before = delivered.get(message.body)
            if before is not None and message.instant.at - before <= options.repeat:
                continue
            delivered[message.body] = message.instant.at
        kept.append(pair)
    return Rhythm(party, kept, len(pairs) - len(kept), options)


def _patterns(group: Rhythm) -> Iterator[Pattern]:
    assert group.party is not None
    options, party = group.options, group.party
    abusive = [pair for pair in group.messages if _has(pair[1], ABUSIVE)]
    if len(abusive) >= options.abusive:
        yield Pattern("HARASSMENT_FREQUENCY/abuse", party, abusive, flips=True, heuristic=True)
    outsider = [pair for pair in group.after_stop if options.not_the_debtor or _has(pair[1], {"THIRD_PARTY_CONTACT"})]
    if outsider:
        yield Pattern("HARASSMENT_FREQUENCY/third_party", party, outsider, flips=True, heuristic=False)
    busy = [pair for pair in group.messages if (day := pair[0].day) and _is_busy(group, day)]
    if busy:
        yield Pattern("HARASSMENT_FREQUENCY/volume", party, busy, flips=False, heuristic=True)
    if group.night:
        yield Pattern("NIGHT_CONTACT", party, group.night, flips=False, heuristic=False)


def _is_busy(group: Rhythm, day: date) -> bool:
    return day in group.busy_days or day - day.weekday() * _DAY in group.busy_weeks


def _has(tagging: Tagging, codes: frozenset[str] | set[str]) -> bool:
    return tagging.tag == "unlawful" and any(reason.code in codes for reason in tagging.likely)
