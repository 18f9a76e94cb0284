"""Numbers as people write them: ``1,280.50``, ``1 2 8 0``, ``1.2万``, ``4万8``, ``三千六百``, ``壹万贰仟``, ``一万五``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

_DIGITS = {
    c: n
    for n, chars in enumerate(("零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in chars
}
_UNITS = {"十": 10, "拾": 10, "廿": 20, "卅": 30, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SECTIONS = {"万": 10**4, "亿": 10**8}
_SUFFIXES = {"百": 100, "千": 1000, "k": 1000, "K": 1000, "w": 10**4, "W": 10**4, "万": 10**4, "亿": 10**8}
HAN_NUMERAL = "".join((*_DIGITS, *_UNITS, *_SECTIONS))

#: ``spaced``: single digits apart; ``thin``: groups of three apart; ``grouped``: with commas.
Form = Literal["spaced", "grouped", "thin", "plain", "han"]
_NUMBER = re.compile(
    rf"""
    (?P<spaced> (?<!\d)\d(?:[ .]\d(?!\d)){{2,14}} )
  | (?P<grouped> \d{{1,3}}(?:[,，]\d{{3}})+(?!\d)(?:\.\d{{1,2}}(?!\d))? )
  | (?P<thin> \d{{1,3}}(?:\ \d{{3}})+(?!\d)(?:\.\d{{1,2}}(?!\d))? )
  | (?P<plain> \d+(?:\.\d+)? )
  | (?P<han> [{HAN_NUMERAL}]+ )
    """,
    re.VERBOSE,
)
#: What stands before the rest of a number that was cut up (7,3.11).
_CUT = re.compile(r"\d[,.]$")
_SUFFIX = re.compile(r"[百千万亿wWkK](?![A-Za-z])")
_TAIL = re.compile(rf"(?P<full>\d,\d{{3}}|\d{{4}})(?!\d)|(?P<one>\d)(?![.,]?\d|[天日号月期点])|(?P<han>[{HAN_NUMERAL}]{{1,8}})")
#: A longer run of numerals means nothing.
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``[start, end)``. ``unit``: the greatest of 十, 百, 千, 万 in it, 1 where there is none."""

    start: int
    end: int
    value: Decimal
    form: Form
    unit: int = 1


def numbers(text: str) -> Iterator[Number]:
    """All numbers in ``text``, from left to right; runs too long to mean anything are passed over."""
    place = 0
    while match := _NUMBER.search(text, place):
        place = match.end()
        form: Form = match.lastgroup  # type: ignore[assignment]
        if len(match[0]) > _LONGEST or (form == "plain" and _CUT.search(text, max(0, match.start() - 2), match.start())):
            continue
        if form == "han":
            han = han_number(match[0])
            if han is not None:
                yield Number(match.start(), place, Decimal(han), form, _unit(match[0]))
            continue
        if form == "spaced" and (" " not in match[0] or match[0].count(".") > 1):  # 1.2.3: a version, a date
            continue
        value = Decimal(re.sub("[ ,，]", "", match[0]))
        value, place, unit = _suffixed(text, value, place)
        yield Number(match.start(), place, value, form, unit)


def _suffixed(text: str, value: Decimal, end: int) -> tuple[Decimal, int, int]:
    """``value`` with the 万, 千 or w after it and what is said after that: ``4万8``, ``12万5,300``."""
    suffix = _SUFFIX.match(text, end)
    if not suffix:
        return value, end, 1
    unit = _SUFFIXES[suffix[0]]
    value, end = value * unit, suffix.end()
    tail = _TAIL.match(text, end) if unit >= 1000 else None
    if tail and tail["full"]:
        value, end = value + Decimal(tail["full"].replace(",", "")), tail.end()
    elif tail and tail["one"]:
        further = _SUFFIX.match(text, tail.end())
        value += int(tail["one"]) * (_SUFFIXES[further[0]] if further else unit // 10)
        end = further.end() if further else tail.end()
    elif tail and (more := han_number(tail["han"])) is not None and more < unit:
        value += more * (unit // 10 if more < 10 else 1)
        end = tail.end()
    return value, end, unit


def _unit(numeral: str) -> int:
    return max((_SECTIONS.get(c) or _UNITS.get(c, 1) for c in numeral), default=1)


def han_number(numeral: str) -> int | None:
    """The value of a Chinese numeral, colloquial ones too (一万五 is 15,000); None when it is none (千万, 万一)."""
    if not numeral or len(numeral) > _LONGEST or numeral[0] in "百佰千仟万亿":
        return None
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral)) if len(numeral) != 2 or numeral[0] in "零〇" else None
    total = section = 0
    digit: int | None = None
    last = 0  # the value of the last unit, for 一万五
    for c in numeral:
        if c in _DIGITS:
            if digit:  # two digits in a row among units
                return None
            digit = _DIGITS[c]
            last = last if digit else 0
        elif c in _SECTIONS:
            total, section, digit, last = (total + section + (digit or 0)) * _SECTIONS[c], 0, None, _SECTIONS[c]
        else:
            unit = _UNITS[c]
            section += unit if digit is None or unit in (20, 30) else (digit or 1) * unit
            digit, last = None, unit
    if digit and last >= 100:
        digit *= last // 10
    return total + section + (digit or 0)
