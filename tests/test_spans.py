from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuishou.spans import carrying_spans, maximal_stretches, on_words, trimmed


def brute_force(scores):
    def total(stretch):
        return sum(scores[stretch[0] : stretch[1]])

    def inside(inner, outer):
        return inner != outer and outer[0] <= inner[0] and inner[1] <= outer[1]

    every = list(combinations(range(len(scores) + 1), 2))
    tight = [
        stretch
        for stretch in every
        if total(stretch) > 0 and all(total(part) < total(stretch) for part in every if inside(part, stretch))
    ]
    return [stretch for stretch in tight if not any(inside(stretch, other) for other in tight)]


def spans(*contributions):
    return carrying_spans(np.array(contributions, dtype=np.float32))


def test_nothing_has_no_stretches():
    assert maximal_stretches([]) == []


@pytest.mark.parametrize(
    ("scores", "stretches"),
    [
        ([-1, 0], []),
        ([2], [(0, 1)]),
        ([1, -1, 1], [(0, 1), (2, 3)]),
        ([2, -1, 2], [(0, 3)]),
        ([4, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5], [(0, 1), (2, 3), (4, 11)]),
    ],
)
def test_stretches(scores, stretches):
    assert maximal_stretches(scores) == stretches


@given(st.lists(st.integers(-5, 5), max_size=12))
def test_stretches_are_those_of_the_definition(scores):
    assert maximal_stretches(scores) == brute_force(scores)


def test_no_characters_have_no_spans():
    assert spans() == []


def test_nothing_in_favour_has_no_spans():
    assert spans(0, -1, -2) == []


def test_one_word_carries_all():
    assert spans(-1, 0, 3, 3, 0) == [(2, 4, 1.0)]


def test_words_with_a_small_gap_join():
    assert spans(3, 3, 2, 3, 3) == [(0, 5, 1.0)]


def test_words_with_a_wide_gap_stay_apart():
    assert spans(3, 0, 0, 0, 0, 0, 0, 2.5) == [(0, 1, 0.5455), (7, 8, 0.4545)]


def test_heaviest_comes_first():
    gap = [0] * 9
    assert [span[:2] for span in spans(5.5, *gap, 6.5, *gap, 6)] == [(10, 11), (20, 21), (0, 1)]


def test_no_more_than_three_and_no_crumbs():
    gap = [-5.0] * 5
    assert len(spans(1, *gap, 1, *gap, 1, *gap, 1, *gap, 1)) == 3
    assert spans(20, *gap, 16) == [(0, 1, 0.5556), (6, 7, 0.4444)]
    assert spans(95, *gap, 9) == [(0, 1, 0.9135)]


def test_many_equal_crumbs_still_leave_one():
    assert len(spans(*[1, -5] * 20)) == 1


def test_numbers_too_small_to_divide_carry_nothing():
    assert spans(1.401298464324817e-45) == []
    assert spans(2e-38) == [(0, 1, 1.0)]


@given(st.lists(st.floats(-100, 100, width=32), max_size=60))
@example([1.401298464324817e-45])
def test_spans_lie_in_the_text_apart_and_share_the_score(contributions):
    found = spans(*contributions)
    assert all(0 <= start < end <= len(contributions) and 0 <= share <= 1.0001 for start, end, share in found)
    assert sum(share for _, _, share in found) <= 1.001
    by_place = sorted(found)
    assert all(left[1] <= right[0] for left, right in pairwise(by_place))
    for_it = np.array([value for value in contributions if value > 0], dtype=np.float32)
    assert bool(found) == (for_it.sum() >= np.finfo(np.float32).tiny)
    assert [share for _, _, share in found] == sorted((share for _, _, share in found), reverse=True)


def test_trimmed_leaves_words_only():
    assert trimmed("", 0, 0) == (0, 0)
    assert trimmed("，还款。", 0, 4) == (1, 3)
    assert trimmed("还，款", 0, 3) == (0, 3)
    assert trimmed("。。", 0, 2) == (0, 2)


def words(text, *spans, **shares):
    """Spans of ``text``, whose words stand between bars, written out as they are shown."""
    plain = text.replace("|", "")
    edges = [0] * len(plain)
    place = 0
    for word in text.split("|"):
        if place < len(plain):
            edges[place] = 1
        place += len(word)
    found = on_words([(plain.index(part), plain.index(part) + len(part), share) for part, share in spans], plain, edges)
    return [(plain[start:end], share) for start, end, share in found]


@pytest.mark.parametrize(
    ("text", "spans", "shown"),
    [
        ("明天|我|就|上门", [("天我就上", 0.5)], [("明天我就上门", 0.5)]),
        ("你|，|让|你|全家|死", [("你", 0.3), ("，", 0.2), ("让", 0.2)], [("你，让", 0.7)]),
        ("马上|还|。|上门|找|你", [("还", 0.4), ("上门", 0.3)], [("上门", 0.3)]),
        ("上门|。|找|人", [("上门", 0.4), ("找人", 0.3)], [("上门", 0.4), ("找人", 0.3)]),
        ("欠钱|，|不还", [("欠钱", 0.25), ("不还", 0.5)], [("欠钱，不还", 0.75)]),
        ("。|。|你", [("。", 0.9)], [("。", 0.9)]),
        ("你|好", [("你", 0.9)], [("你", 0.9)]),
        ("公安机关|对|您|采取", [("公安机关对您", 0.6)], [("公安机关", 0.6)]),
        ("不|还|钱|的", [("不还钱的", 0.6)], [("不还钱", 0.6)]),
        ("http://a.example.com/long", [("example", 0.6)], [("example", 0.6)]),
    ],
)
def test_spans_are_words_that_tell_something(text, spans, shown):
    assert words(text, *spans) == shown


def test_no_spans_are_none():
    assert on_words([], "", b"") == []


@given(st.text(st.sampled_from("你的，。!a还钱上 "), min_size=1, max_size=12), st.data())
def test_spans_on_words_are_apart_within_the_text_and_again_the_same(text, data):
    places = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    spans = [(start, end, 0.25) for start, end in list(pairwise(places))[::2]]
    starts = [1, *data.draw(st.lists(st.integers(0, 1), min_size=len(text) - 1, max_size=len(text) - 1))]
    found = on_words(spans, text, starts)
    assert found
    ordered = sorted(found)
    assert all(0 <= start < end <= len(text) and 0 < share <= 1 for start, end, share in ordered)
    assert all(one[1] <= other[0] for one, other in pairwise(ordered))
