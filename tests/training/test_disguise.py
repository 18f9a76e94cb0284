import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.training.characters import Characters
from cuishou.training.disguise import disguises

TEXT = "您的贷款已逾期，请还款，否则起诉。APP 123"
REMOVED = ("symbol", "space", "zerowidth", "emoji", "fullwidth", "traditional")
KINDS = (*REMOVED, "homophone", "radical", "pinyin")


def test_every_kind_is_known(characters: Characters):
    assert tuple(disguises(characters)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_empty_text_stays_empty(characters: Characters, kind: str):
    assert disguises(characters)[kind]("") == ""


@pytest.mark.parametrize("kind", KINDS)
def test_changes_a_text_and_always_alike(characters: Characters, kind: str):
    disguise = disguises(characters)[kind]
    assert disguise(TEXT) != TEXT
    assert disguise(TEXT) == disguise(TEXT)


@pytest.mark.parametrize("kind", REMOVED)
@given(words=st.lists(st.sampled_from(["还款", "逾期", "您好", "法院", "，", "。", "app"]), max_size=12))
def test_what_normalisation_is_for_it_undoes(characters: Characters, kind: str, words: list[str]):
    text = "".join(words)
    assert characters.normalise(disguises(characters)[kind](text)).text == characters.normalise(text).text
