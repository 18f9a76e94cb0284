import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.facts.reading import Reading


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", ""),
        ("欠款500元", "欠款500元"),
        ("欠款５００元", "欠款500元"),
        ("欠𝟗𝟎元", "欠90元"),
        ("逾*期", "逾期"),
        ("逾 期 三 天", "逾期三天"),
        ("逾\u200b期", "逾期"),
        ("應繳總額兩萬圓", "应缴总额两万元"),
        ("1 * 2", "1 * 2"),
        ("（０１０）", "(010)"),
        ("逾\n期", "逾\n期"),
    ],
)
def test_reading(text, read):
    assert Reading(text).text == read


@given(st.text())
def test_every_place_leads_back(text):
    reading = Reading(text)
    for place in range(len(reading.text)):
        start, end, words = reading.place(place, place + 1)
        assert end == start + 1
        assert text[start:end] == words
        assert reading.span(reading.fact(place, place + 1, None)) == (place, place + 1)
