from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuishou.spans import carrying_spans, maximal_stretches, trimmed


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
