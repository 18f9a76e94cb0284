import numpy as np
import pytest

from cuishou.labels import Label
from cuishou.message import TAGS, Span, Tagging
from cuishou.training.baselines import baselines
from cuishou.training.measure import calibration_error, evidence_overlap, minimal_pairs, reliability
from tests.training.conftest import tiny_labels


def label(tag: str, family: str = "a", text: str = "打断你的腿，快还款", evidence: str = "") -> Label:
    return Label("1", text, tag, ("THREAT_VIOLENCE",) if evidence else (), (evidence,) if evidence else (), family=family)


def tagging(tag: str, sure: float = 0.9, *spans: Span) -> Tagging:
    return Tagging(tag, dict.fromkeys(TAGS, (1 - sure) / 3) | {tag: sure}, spans=spans)


def test_nothing_to_measure():
    assert minimal_pairs([], []) == {"pairs": 0, "both_right": 0.0}
    assert calibration_error([], []) == 0
    assert evidence_overlap([], [])["messages"] == 0


def test_a_pair_counts_when_both_members_are_right():
    labels = [
        label("other", "pair/1"),
        label("reminder", "pair/1"),
        label("other", "pair/2"),
        label("pressure", "pair/2"),
        label("other", "x"),
    ]
    taggings = [tagging(tag) for tag in ("other", "reminder", "other", "reminder", "pressure")]
    assert minimal_pairs(labels, taggings) == {"pairs": 2, "both_right": 0.5}


def test_calibration_error_is_the_gap_between_said_and_right():
    labels = [label("other")] * 10
    assert calibration_error(labels, [tagging("other", 0.95)] * 10) == pytest.approx(0.05)
    half = [tagging("other", 0.95)] * 5 + [tagging("reminder", 0.95)] * 5
    assert calibration_error(labels, half) == pytest.approx(0.45)
    assert reliability(labels, half) == [{"from": 0.9, "messages": 10, "said": 0.95, "right": 0.5}]


def test_evidence_counts_where_a_span_touches_it():
    labels = [label("unlawful", evidence="打断你的腿")] * 2 + [label("unlawful", evidence="打断你的腿")]
    hit, miss = Span(3, 6, "unlawful", 1.0), Span(6, 8, "unlawful", 1.0)
    found = evidence_overlap(labels, [tagging("unlawful", 0.9, hit), tagging("unlawful", 0.9, miss), tagging("pressure")])
    assert (found["messages"], found["overlap"]) == (2, 0.5)
    assert found["share_of_text_shown"] == pytest.approx(np.mean([3 / 9, 2 / 9]), abs=1e-4)


def test_baselines_are_measured_on_what_they_did_not_learn():
    labels = tiny_labels()
    scores = baselines(labels[::2], labels[1::2])
    assert scores["majority"] == pytest.approx(0.1, abs=0.01)
    assert scores["characters (1 to 3) + linear"] > 0.9
    assert 0 < scores["keyword list"] <= 1
