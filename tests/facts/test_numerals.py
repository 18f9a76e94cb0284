from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.facts.numerals import han_number, numbers

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """``number`` below a hundred million as it is read aloud."""
    if number >= 10_000:
        rest = number % 10_000
        return written(number // 10_000) + "万" + ("零" if 0 < rest < 1000 else "") + (written(rest) if rest else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
        gap = not digit
    return text


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("", None),
        ("十", 10),
        ("廿五", 25),
        ("三百", 300),
        ("三百二", 320),
        ("一百零五", 105),
        ("三千六百", 3600),
        ("五千六", 5600),
        ("一万五", 15_000),
        ("两万零五", 20_005),
        ("壹万贰仟", 12_000),
        ("六佰八拾", 680),
        ("十二万", 120_000),
        ("一亿", 10**8),
        ("二〇二六", 2026),
        ("千万", None),
        ("万一", None),
        ("三五", None),
        ("一二百", None),
        ("一" * 30, None),
    ],
)
def test_han_number(words, value):
    assert han_number(words) == value


@given(st.integers(1, 99_999_999))
def test_reads_what_is_read_aloud(number):
    assert han_number(written(number)) == number


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("没有", []),
        ("1,280.50", ["1280.50"]),
        ("1 2 8 0", ["1280"]),
        ("8 4.5 0", ["84.50"]),
        ("1 024.00", ["1024.00"]),
        ("1.2万", ["12000.0"]),
        ("2w", ["20000"]),
        ("4万8", ["48000"]),
        ("6千8", ["6800"]),
        ("12万5,300", ["125300"]),
        ("3k", ["3000"]),
        ("5百", ["500"]),
        ("2wx", ["2"]),
        ("7,3.11", ["7"]),
        ("1.2.3.4", []),
        ("9" * 40, []),
    ],
)
def test_numbers(text, values):
    assert [number.value for number in numbers(text)] == [Decimal(value) for value in values]
