import json
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from cuishou.scorer import default_model
from cuishou.training.card import card
from cuishou.training.curve import measure_curve, part, plot
from tests.corpora import write
from tests.training.conftest import tiny_labels

CURVE = {
    "data_sha256": "0" * 64,
    "points": [
        {"share": share / 10, "messages": 100 * share, "macro_f1": 0.7 + share / 100, "low": 0.65, "high": 0.85}
        for share in range(1, 11)
    ],
}


def test_no_labels():
    assert part([], 0.5) == []


def test_each_part_holds_the_smaller_ones_and_families_stay_whole():
    labels = tiny_labels()
    parts = [part(labels, share / 10) for share in range(1, 11)]
    assert parts[-1] == labels
    assert all(set(smaller) < set(larger) for smaller, larger in pairwise(parts))
    in_half = {label.family for label in parts[4]}
    assert parts[4] == [label for label in labels if label.family in in_half]


def test_the_plot_is_a_picture_of_the_points_and_nothing_else():
    drawn = plot(CURVE)
    assert drawn == plot(CURVE)
    root = ET.fromstring(drawn)
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 10
    assert "1,000: 0.800" in drawn
    assert not {"script", "href", "image"} & set(drawn.replace("<", " ").split())
    heights = [float(circle.get("cy")) for circle in root.findall("{http://www.w3.org/2000/svg}circle")]
    assert heights == sorted(heights, reverse=True)  # higher scores stand higher
    assert max(heights) - min(heights) > 20


def test_points_that_are_all_alike_can_be_drawn():
    flat = {"points": [{"share": 1.0, "messages": 10, "macro_f1": 1.0, "low": 1.0, "high": 1.0}]}
    ET.fromstring(plot(flat))


def test_the_card_shows_the_curve_and_on_which_corpus():
    metrics = json.loads((default_model().parent / "metrics.json").read_text(encoding="utf-8")) | {"learning_curve": CURVE}
    assert "![The learning curve](learning-curve.svg)" in card(metrics)
    assert "an older one than this model's" in card(metrics)
    assert "an older one than this model's" not in card(metrics | {"data_sha256": "0" * 64})
    assert "| 100% | 1,000 | 0.800 | 0.650 to 0.850 |" in card(metrics)


@pytest.fixture
def learned(tmp_path: Path) -> dict[str, object]:
    return measure_curve(write(tiny_labels(), tmp_path / "data"), (0.5, 1.0))


def test_a_curve_is_measured(learned: dict):
    half, whole = learned["points"]
    assert half["messages"] < whole["messages"]
    assert 0 < half["low"] <= half["macro_f1"] <= half["high"] <= 1
