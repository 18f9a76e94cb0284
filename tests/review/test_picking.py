from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cuishou.alike import ALIKE, Index, shingles, similarity
from cuishou.review import known_texts, pick
from cuishou.review.item import id_of
from tests.review.items import case

PARCEL, BILL, CALL = "您的快递已经送到东门驿站请尽快领取", "本月信用卡账单已经生成请按时还款", "今天下午三点之前务必给我回个电话"


def texts(*pairs: tuple[str, float], count: int = 10, known: Index | None = None, **named: str) -> list[str]:
    return [item.text for item in pick(case(*pairs, **named), count, known)]


def test_nothing_to_pick():
    assert texts() == []
    assert texts(("", 0.3), ("   ", 0.3), ("长" * 2001, 0.3), ("半个\ud83d字符在这里", 0.3)) == []
    assert texts((PARCEL, 0.4), direction="out") == []


def test_the_unsure_come_first():
    assert texts((PARCEL, 0.9), (BILL, 0.4), (CALL, 0.6)) == [BILL, CALL, PARCEL]
    assert texts((PARCEL, 0.9), (BILL, 0.4), (CALL, 0.6), count=1) == [BILL]


def test_what_is_sure_beyond_doubt_is_not_picked():
    assert texts((PARCEL, 1.0), (BILL, 0.9)) == [BILL]


def test_what_the_corpus_holds_is_passed_over():
    known = Index([PARCEL + "谢谢"])
    assert texts((PARCEL, 0.3), (BILL, 0.9), known=known) == [BILL]


def test_what_is_like_the_corpus_comes_later():
    half = Index([BILL[:10] + "其余的都不一样了啊"])
    assert texts((BILL, 0.5), (CALL, 0.55), known=half) == [CALL, BILL]


def test_copies_are_picked_once():
    assert texts((PARCEL, 0.4), (PARCEL, 0.4), (PARCEL + "。", 0.41), (BILL, 0.9)) == [PARCEL, BILL]


def test_ids_follow_from_the_text():
    (item,) = pick(case((PARCEL, 0.4)), 1)
    assert item.id == id_of(PARCEL) != id_of(BILL)


def test_no_corpus(tmp_path: Path):
    assert known_texts(tmp_path) is None


@given(st.lists(st.tuples(st.text("催收还款逾期起诉律师电话", min_size=1, max_size=30), st.floats(0.3, 0.99)), max_size=30))
def test_no_two_are_alike(pairs: list[tuple[str, float]]):
    found = [shingles(text) for text in texts(*pairs)]
    assert all(similarity(one, other) < ALIKE for place, one in enumerate(found) for other in found[:place])
