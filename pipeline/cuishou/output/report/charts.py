"""The geometry of the charts; the template draws them, the page's style colours them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from cuishou.message import TAGS, Tag
from cuishou.rhythm import Rhythm

#: Up to so many days a column is a day, up to so many a week, beyond that a month: a phone shows a hundred columns at most.
_DAILY, _WEEKLY = 100, 700
#: Fewer days than these get empty days around them: one message is a bar among days and not a wall.
_FEWEST = 15

Unit = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle, in parts of the chart's height from its top."""

    top: float
    height: float
    tag: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it counts, as words for the pointer, and its bars."""

    label: str
    total: int
    counts: dict[Tag, int]
    bars: tuple[Bar, ...]
    night: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns of the same width, the most that one of them counts, and what is left out because its time is not known."""

    columns: Sequence[Column]
    most: int
    unknown: int
    unit: Unit | Literal["hour"]

    @property
    def ticks(self) -> list[str]:
        """Labels below the chart: first, middle and last column, or what there is."""
        labels = [column.label for column in self.columns]
        places = sorted({0, (len(labels) - 1) // 2, len(labels) - 1}) if labels else []
        return [labels[place] for place in places]


def timeline(rhythm: Rhythm) -> Chart:
    """Messages a day, week or month by tag, also where there were none."""
    days = _with_room(list(rhythm.series()))
    unit: Unit = "day" if len(days) <= _DAILY else "week" if len(days) <= _WEEKLY else "month"
    sums: dict[date, dict[Tag, int]] = {}
    for day, counts in days:
        total = sums.setdefault(_start(day, unit), dict.fromkeys(TAGS[1:], 0))
        for tag, count in counts.items():
            total[tag] += count
    most = max((sum(counts.values()) for counts in sums.values()), default=0)
    columns = [_column(start.isoformat()[: 7 if unit == "month" else 10], counts, most) for start, counts in sums.items()]
    return Chart(columns, most, rhythm.undated, unit)


def hours(rhythm: Rhythm) -> Chart:
    """Messages in each hour of the day, those of the night marked."""
    most = max(rhythm.hours, default=0)
    night = rhythm.options.night
    columns = [
        Column(f"{hour:02}:00", count, {}, (Bar(1 - count / most, count / most, "any"),) if count else (), time(hour) in night)
        for hour, count in enumerate(rhythm.hours)
    ]
    return Chart(columns, most, rhythm.undated + rhythm.untimed, "hour")


def shares(counts: dict[Tag, int], most: int) -> list[tuple[Tag, float, float]]:
    """Tag, start and width of the parts of a bar that lies, gravest first, in hundredths of one that stands for ``most``."""
    start, found = 0.0, []
    for tag in reversed(TAGS[1:]):
        if counts[tag]:
            width = 100 * counts[tag] / most
            found.append((tag, round(start, 2), round(width, 2)))
            start += width
    return found


def _with_room(days: list[tuple[date, dict[Tag, int]]]) -> list[tuple[date, dict[Tag, int]]]:
    """``days`` in the middle of at least :data:`_FEWEST`; no days stay none."""
    lacking = _FEWEST - len(days)
    if not days or lacking <= 0:
        return days
    nothing: dict[Tag, int] = dict.fromkeys(TAGS[1:], 0)
    first = days[0][0].toordinal() - lacking // 2
    known = dict(days)
    return [(day, known.get(day, nothing)) for day in map(date.fromordinal, range(first, first + _FEWEST))]


def _start(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _column(label: str, counts: dict[Tag, int], most: int) -> Column:
    """Bars from the bottom up, gravest at the bottom: its height is then read against the line."""
    bars, bottom = [], 1.0
    for tag in reversed(TAGS[1:]):
        if counts[tag]:
            height = counts[tag] / most
            bottom -= height
            bars.append(Bar(round(max(bottom, 0), 4), round(height, 4), tag))
    return Column(label, sum(counts.values()), counts, tuple(bars))
