from hypothesis import given
from hypothesis import strategies as st

from cuishou.alike import ALIKE, Index, shingles, similarity

TEXT = "您的账单已逾期，请于今日18点前还款，否则移交律师"


def test_nothing_is_like_nothing():
    assert Index().nearest("") == (-1, 0.0)
    assert Index([""]).nearest("") == (0, 1.0)


def test_numbers_width_and_punctuation_do_not_count():
    assert Index([TEXT]).nearest(TEXT.replace("18", "２０").replace("，", " ")) == (0, 1.0)


def test_numbers_alone_are_compared_as_they_are():
    assert similarity(shingles("1069"), shingles("1070")) == 0


def test_the_nearest_is_found_and_the_first_of_equals():
    index = Index(["快递已到驿站请凭码领取", TEXT, TEXT])
    number, how = index.nearest(TEXT + "谢谢")
    assert number == 1
    assert how > ALIKE


@given(st.text(), st.text())
def test_similarity_is_symmetric_and_in_bounds(one: str, other: str):
    a, b = shingles(one), shingles(other)
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, a) == 1
