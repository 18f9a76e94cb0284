import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.codes import REASONS
from cuishou.training.features import STEPS, step_sizes
from cuishou.training.tally import FLAGS, MOST, Tally

OTHER, FLAG = 0, 1  # columns

#: Debts with and without a lender's name (橙帆), in front of endings that say nothing, and messages that have to do with no debt.
ENDINGS = ["请今日还款", "账单已逾期", "再不还就起诉", "你等着挨打"]
TEXTS = [
    (name + ending, 1 + place % 3, not name) for place, ending in enumerate(ENDINGS) for name in ("橙帆", "") for _ in range(3)
]
TEXTS += [("快递已到东门", 0, False), ("今晚回家吃饭", 0, False)] * 6


def fitted(rows: list[tuple[str, int, bool]] = TEXTS) -> Tally:
    reasons = np.zeros((len(rows), len(REASONS)), dtype=bool)
    reasons[:, FLAGS[0]] = [flagged for _, _, flagged in rows]
    return Tally().fit([(text,) for text, _, _ in rows], np.array([tag for _, tag, _ in rows]), reasons)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return fitted()


def test_no_characters_no_more_than_the_intercept(tally: Tally):
    np.testing.assert_allclose(tally.transform([()]), [tally.intercept_])


def test_says_that_a_name_is_missing_however_long_the_message(tally: Tally):
    rest = "请今日还款账单已逾期" * 3
    named, unnamed = tally.transform([("橙帆", rest), (rest,)])[:, FLAG]
    short_named, short_unnamed = tally.transform([("橙帆",), ()])[:, FLAG]
    assert named < unnamed
    assert named - unnamed == pytest.approx(short_named - short_unnamed)


def test_other_is_what_has_no_word_of_a_debt(tally: Tally):
    parcel, reminder, unlawful = tally.transform([("快递已到东门",), ("请今日还款",), ("再不还就起诉",)])[:, OTHER]
    assert parcel > 0 > max(reminder, unlawful)


def test_what_is_never_or_always_so_counts_nothing():
    nothing = fitted([(text, tag, False) for text, tag, _ in TEXTS])
    np.testing.assert_array_equal(nothing.coef_[FLAG], 0)
    np.testing.assert_array_equal(nothing.transform([("请今日还款",)])[:, FLAG], 0)


def test_a_text_without_end_says_no_more_than_so_much(tally: Tally):
    assert np.abs(tally.transform([("橙帆" * 5000,), ("账单" * 5000,)])).max() == MOST


def test_weights_are_whole_steps_of_one_byte(tally: Tally):
    steps = tally.coef_ / step_sizes(tally.coef_)[:, None]
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
    assert np.abs(steps).max() <= STEPS + 1e-9


@given(st.lists(st.text(alphabet="橙帆请今日还款账单x", max_size=6), max_size=4))
def test_is_the_sum_over_characters_wherever_words_end(tally: Tally, tokens: list[str]):
    known = tally.counts_.vocabulary_
    expected = tally.intercept_ + sum(tally.coef_[:, known[c]] for c in "".join(tokens) if c in known)
    np.testing.assert_allclose(tally.transform([tuple(tokens)])[0], np.clip(expected, -MOST, MOST))
