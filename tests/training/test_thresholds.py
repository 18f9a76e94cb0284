import numpy as np

from cuishou.training.thresholds import UNLAWFUL, reason_threshold, review_threshold, unlawful_threshold


def probabilities(*of_unlawful: float) -> np.ndarray:
    return np.array([[1 - p, 0, 0, p] for p in of_unlawful])


def test_unlawful_is_bought_as_dear_as_precision_needs():
    said = probabilities(0.95, 0.9, 0.8, 0.7, 0.6)
    right = np.array([UNLAWFUL, UNLAWFUL, UNLAWFUL, 0, UNLAWFUL])
    assert 0.7 < unlawful_threshold(said, right, precision=0.95) <= 0.8
    assert unlawful_threshold(said, np.full(5, UNLAWFUL), precision=0.95) == 0.3


def test_unlawful_that_is_never_right_is_hardly_said():
    assert unlawful_threshold(probabilities(0.9, 0.8), np.array([0, 0])) == 0.99


def test_what_is_not_reviewed_is_right_often_enough():
    said = np.array([[0.99, 0.01, 0, 0]] * 98 + [[0.6, 0.4, 0, 0]] * 10)
    tags = np.array([0] * 98 + [0, 1] * 5)
    assert 0.6 < review_threshold(said, said.argmax(axis=1), tags, accuracy=0.98) <= 0.99


def test_everything_is_reviewed_when_nothing_is_sure():
    said = np.array([[0.9, 0.1, 0, 0]] * 4)
    assert review_threshold(said, said.argmax(axis=1), np.array([1, 1, 1, 1])) == 1.0


def test_reason_threshold_finds_the_gap():
    of_reasons = np.array([[0.9, 0.3], [0.45, 0.3], [0.3, 0.7]])
    reasons = np.array([[True, False], [True, False], [False, True]])
    threshold = reason_threshold(of_reasons, reasons, np.full(3, UNLAWFUL))
    assert 0.3 < threshold <= 0.45
