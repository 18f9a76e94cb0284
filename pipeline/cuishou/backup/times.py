"""Times as exporters write them: read to an instant in UTC, with the precision that was written and no finer."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

from cuishou.message import Instant, Precision

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FILETIME = datetime(1601, 1, 1, tzinfo=timezone.utc)  # Windows counts 100 ns from here
_APPLE = datetime(2001, 1, 1, tzinfo=timezone.utc)  # iPhones count from here
_EXCEL = datetime(1899, 12, 30)
#: Before the first short message (1992) and long after the last; what lies outside is no date of one.
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc)

_FIRST_MILLISECOND, _END_MILLISECOND = (int(limit.timestamp()) * 1000 for limit in (_EARLIEST, _LATEST))

#: As milliseconds this is March 1973, before there were short messages: a smaller number counts seconds.
_SECONDS_BELOW = 10**11
_MILLISECONDS_BELOW = 10**14
#: The FILETIMEs of 1990 to 2100, in which no other count falls.
_FILETIMES = range(122_000_000_000_000_000, 158_000_000_000_000_000)


def from_epoch(value: str | float) -> Instant | None:
    """Milliseconds or seconds since 1970, or a Windows FILETIME, told by size; None when missing or beyond belief.

    A full second counts as known to the second only: ``date_sent`` always is, and many phones round ``date`` too.
    """
    if value == "":
        return None  # the commonest, and an exception costs more than all the rest
    number = _whole(value)
    if number is None:
        return None
    if _FIRST_MILLISECOND <= number < _END_MILLISECOND:  # what nearly every backup holds: no detours
        seconds, rest = divmod(number, 1000)
        at = datetime.fromtimestamp(seconds, timezone.utc)
        return Instant(at.replace(microsecond=1000 * rest), "millisecond") if rest else Instant(at, "second")
    if number in _FILETIMES:
        return from_filetime(number)
    if abs(number) >= _MILLISECONDS_BELOW:
        return None
    milliseconds = number * 1000 if abs(number) < _SECONDS_BELOW else number
    return _instant(_EPOCH, timedelta(milliseconds=milliseconds), "second" if milliseconds % 1000 == 0 else "millisecond")


def from_milliseconds(value: str | float) -> Instant | None:
    """Milliseconds since 1970 where nothing else can be meant.

    What is too small for that has lost its upper 32 bits (an exporter kept it in an ``int``), and cannot be had back.
    """
    number = _whole(value)
    return None if number is None or number < _SECONDS_BELOW else from_epoch(number)


def from_filetime(value: str | float) -> Instant | None:
    """100 ns since 1601, as Windows counts."""
    number = _whole(value)
    if number is None or number not in _FILETIMES:
        return None
    return _instant(_FILETIME, timedelta(microseconds=number // 10), "second" if number % 10**7 == 0 else "millisecond")


def from_apple(value: str | float) -> Instant | None:
    """Seconds (iOS 10 and before) or nanoseconds since 2001."""
    number = _whole(value)
    if not number:
        return None
    if abs(number) < _SECONDS_BELOW:
        return _instant(_APPLE, timedelta(seconds=number), "second")
    precision: Precision = "second" if number % 10**9 == 0 else "millisecond"
    return _instant(_APPLE, timedelta(microseconds=number // 1000), precision)


def from_excel(days: float, zone: tzinfo) -> Instant | None:
    """Days since 30 December 1899, as spreadsheets keep local times; exact to the second."""
    try:
        local = _EXCEL + timedelta(seconds=round(days * 86400))
    except (OverflowError, ValueError):
        return None
    return from_local(local, zone, "day" if float(days).is_integer() else "second")


def from_local(local: datetime, zone: tzinfo, precision: Precision) -> Instant | None:
    """A time without a zone, as it was in ``zone``."""
    try:
        at = (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(timezone.utc)
    except (OverflowError, ValueError):
        return None
    return Instant(at, precision) if _EARLIEST <= at < _LATEST else None


def _whole(value: str | float) -> int | None:
    try:
        if isinstance(value, str) and len(value) >= 25:
            value = value.strip()
            return int(value) if len(value) < 25 else None
        return int(value)
    except (ValueError, OverflowError):
        return None


def _instant(start: datetime, after: timedelta | None, precision: Precision) -> Instant | None:
    try:
        at = start + after if after is not None else start
    except OverflowError:
        return None
    if not _EARLIEST <= at < _LATEST:
        return None
    finer = at.microsecond % 1000
    return Instant(at.replace(microsecond=at.microsecond - finer) if finer else at, precision)


_WRITTEN = re.compile(
    r"""\s*(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?
    (?:[T\s,]*(?:(?:星期|周|週|礼拜)[一二三四五六日天])?\s*(?P<half>上午|下午|凌晨|早上|中午|晚上|[AaPp][Mm])?
    \s*(?P<hour>\d{1,2})\s*[:：时時点點]\s*(?P<minute>\d{1,2})\s*分?
    (?:\s*[:：]?\s*(?P<second>\d{1,2})\s*秒?(?:[.,](?P<fraction>\d{1,9}))?)?
    \s*(?P<half_behind>[AaPp][Mm])?\s*(?P<zone>Z|GMT|UTC|[+-]\d{2}:?\d{2})?)?\s*""",
    re.VERBOSE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(Z?)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?=\D|$)")
_AFTERNOON = ("下午", "晚上", "pm")
_MORNING = ("上午", "凌晨", "早上", "am")


def from_text(text: str, zone: tzinfo, day_first: bool | None = None) -> Instant | None:
    """A written date and time, in ``zone`` unless it says otherwise; also a number as :func:`from_epoch` takes it.

    ``2024-03-05 21:07:33``, ``2024/3/5 9:07``, ``2024年3月5日 下午9:07``, ``2013. 7.15  8:12``, ``20100111T160500Z``, ISO 8601.
    What has no seconds is known to the minute, what has no time to the day. A date that begins with its day or its month is
    only read when one cannot be the other, or ``day_first`` tells.
    """
    text = text.strip()
    if re.fullmatch(r"-?\d{9,20}", text):
        compact = _COMPACT.fullmatch(text)
        return (_compact(compact, zone) if compact else None) or from_epoch(text)
    if compact := _COMPACT.fullmatch(text):
        return _compact(compact, zone)
    if (found := _DAY_FIRST.match(text)) and (order := _order(int(found[1]), int(found[2]), day_first)):
        text = f"{found[3]}-{order[0]}-{order[1]}{text[found.end() :]}"
    match = _WRITTEN.fullmatch(text[:80])
    if match is None:
        return None
    return _written(match, zone)


def _order(first: int, second: int, day_first: bool | None) -> tuple[int, int] | None:
    """Month and day of the two, when that is certain."""
    if first > 12 or day_first:
        return second, first
    if second > 12 or day_first is False or first == second:
        return first, second
    return None


def _written(match: re.Match[str], zone: tzinfo) -> Instant | None:
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    half = (match["half"] or match["half_behind"] or "").lower()
    if (half in _AFTERNOON and hour < 12) or (half == "中午" and hour < 11):
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    fraction = int((match["fraction"] or "").ljust(6, "0")[:3] or 0) * 1000
    precision: Precision = "day"
    if match["hour"]:
        precision = "minute" if match["second"] is None else "millisecond" if match["fraction"] else "second"
    try:
        local = datetime(year, month, day, hour, minute, second, fraction, tzinfo=_zone(match["zone"]) or zone)
    except ValueError:
        return None
    return from_local(local, zone, precision)


def _zone(written: str | None) -> tzinfo | None:
    if not written:
        return None
    if written in ("Z", "GMT", "UTC"):
        return timezone.utc
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=minutes if written[0] == "+" else -minutes))


def _compact(match: re.Match[str], zone: tzinfo) -> Instant | None:
    try:
        year, month, day, hour, minute, second = map(int, match.groups()[:6])
        local = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc if match[7] else zone)
    except ValueError:
        return None
    return from_local(local, zone, "second")
