import numpy as np

from cuishou.message import TAGS
from cuishou.training.thresholds import UNLAWFUL, reason_thresholds, review_threshold, unlawful_threshold

REMINDER = TAGS.index("reminder")


def probabilities(*of_unlawful: float) -> np.ndarray:
    return np.array([[1 - p, 0, 0, p] for p in of_unlawful])


def test_unlawful_is_bought_as_dear_as_precision_needs():
    said = probabilities(0.95, 0.9, 0.8, 0.7, 0.6)
    right = np.array([UNLAWFUL, UNLAWFUL, UNLAWFUL, 0, UNLAWFUL])
    assert 0.7 < unlawful_threshold(said, right, np.ones(5), precision=0.95) <= 0.8
    assert unlawful_threshold(said, np.full(5, UNLAWFUL), np.ones(5), precision=0.95) == 0.3


def test_a_wrong_unlawful_counts_as_much_as_there_are_such_messages_on_a_phone():
    said, right = probabilities(0.95, 0.9, 0.8, 0.7), np.array([UNLAWFUL, UNLAWFUL, UNLAWFUL, 0])
    assert unlawful_threshold(said, right, np.array([1.0, 1, 1, 1]), precision=0.7) == 0.3
    assert 0.7 < unlawful_threshold(said, right, np.array([1.0, 1, 1, 2]), precision=0.7) <= 0.8


def test_unlawful_that_is_never_right_is_hardly_said():
    assert unlawful_threshold(probabilities(0.9, 0.8), np.array([0, 0]), np.ones(2)) == 0.99


def test_what_is_not_reviewed_is_right_often_enough():
    said = np.array([[0.99, 0.01, 0, 0]] * 98 + [[0.6, 0.4, 0, 0]] * 10)
    tags = np.array([0] * 98 + [0, 1] * 5)
    assert 0.6 < review_threshold(said, said.argmax(axis=1), tags, accuracy=0.98) <= 0.99


def test_everything_is_reviewed_when_nothing_is_sure():
    said = np.array([[0.9, 0.1, 0, 0]] * 4)
    assert review_threshold(said, said.argmax(axis=1), np.array([1, 1, 1, 1])) == 1.0


def test_reason_thresholds_of_nothing_are_common_to_all():
    nothing = np.zeros((0, 2))
    assert len(set(reason_thresholds(nothing, nothing.astype(bool), np.array([], dtype=int), [False, True]))) == 1


def test_reason_thresholds_find_the_gap_of_each_code():
    of_reasons = np.tile([[0.9, 0.3], [0.7, 0.2], [0.6, 0.3], [0.2, 0.18]], (20, 1))
    reasons = np.tile([[True, True], [True, False], [False, True], [False, False]], (20, 1))
    first, second = reason_thresholds(of_reasons, reasons, np.full(80, UNLAWFUL), [False, False])
    assert 0.6 < first <= 0.7
    assert 0.2 < second <= 0.3


def test_rare_codes_keep_the_common_threshold():
    of_reasons = np.array([[0.9, 0.6]] * 30 + [[0.3, 0.2]])
    reasons = np.array([[True, False]] * 30 + [[False, True]])
    first, second = reason_thresholds(of_reasons, reasons, np.full(31, UNLAWFUL), [False, False])
    assert first == second


def test_only_flags_count_where_nothing_is_unlawful():
    of_reasons = np.tile([[0.9, 0.9], [0.9, 0.5]], (30, 1))
    reasons = np.tile([[False, True], [False, False]], (30, 1))
    _, flag = reason_thresholds(of_reasons, reasons, np.full(60, REMINDER), [False, True])
    assert 0.5 < flag <= 0.9
