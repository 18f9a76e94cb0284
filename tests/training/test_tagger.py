import numpy as np
import pytest
from scipy import sparse

from cuishou.labels import Label
from cuishou.message import TAGS
from cuishou.training.run import area, targets
from cuishou.training.segmenter import Segmenter
from cuishou.training.tagger import Tagger, as_on_phones, decide, tellingness
from tests.training.conftest import tiny_labels

OTHER, REMINDER, PRESSURE, UNLAWFUL = (TAGS.index(tag) for tag in TAGS)


def test_no_message_has_no_weight():
    assert as_on_phones(np.array([], dtype=np.int64)).shape == (0,)


def test_other_counts_for_more_than_what_is_about_debts():
    of_other, of_pressure, of_unlawful = as_on_phones(np.array([OTHER, PRESSURE, UNLAWFUL]))
    assert of_other > of_pressure == of_unlawful == 1


def test_no_feature_tells_nothing():
    assert tellingness(sparse.csr_matrix((2, 0)), np.array([OTHER, UNLAWFUL])).shape == (0,)


def test_a_word_of_one_tag_tells_more_than_a_word_of_all():
    one_tag, half, everywhere = tellingness(
        sparse.csr_matrix([[1, 1, 1], [0.5, 0, 1], [0, 1, 1], [0, 0, 1]]), np.array([OTHER, OTHER, UNLAWFUL, UNLAWFUL])
    )
    assert one_tag > half == everywhere == 0


def test_where_nothing_tells_all_features_count_alike():
    assert tellingness(sparse.csr_matrix([[1, 1], [1, 1]]), np.array([OTHER, UNLAWFUL])).tolist() == [1, 1]


def test_the_scale_keeps_the_features_as_large_as_they_were():
    scale = tellingness(sparse.csr_matrix([[1, 1], [1, 0], [0, 0]]), np.array([OTHER, UNLAWFUL, UNLAWFUL]))
    assert (scale**2).mean() == pytest.approx(1)


def test_below_its_threshold_unlawful_gives_way_to_the_likeliest_other_tag():
    probabilities = np.array([[0.1, 0.1, 0.3, 0.5], [0.1, 0.0, 0.1, 0.8]])
    assert decide(probabilities, 0.6).tolist() == [PRESSURE, UNLAWFUL]


def test_what_is_hardly_other_is_not_called_so_where_unlawful_falls_short():
    probabilities = np.array([[0.29, 0.01, 0.2, 0.5], [0.31, 0.01, 0.18, 0.5], [0.26, 0.25, 0.25, 0.24], [0.9, 0.1, 0.0, 0.0]])
    assert decide(probabilities, 0.6).tolist() == [PRESSURE, OTHER, REMINDER, OTHER]


def test_unlawful_may_be_asked_for_more_than_there_is():
    assert decide(np.array([[0.2, 0.0, 0.0, 0.8]]), 1.1).tolist() == [REMINDER]


@pytest.mark.parametrize(("id_", "expected"), [("chat-b-0012", "chat-b"), ("chat-b-0012+digits", "chat-b"), ("7", "talk/7")])
def test_area_is_the_id_without_its_number_else_the_family(id_: str, expected: str):
    assert area(Label(id_, "好的", "other", family="talk/7")) == expected


@pytest.mark.parametrize(
    "areas",
    [
        pytest.param(lambda tags: ["one"] * len(tags), id="too few areas"),
        pytest.param(lambda tags: [tag if tag == "reminder" else str(n) for n, tag in enumerate(tags)], id="a tag in one"),
    ],
)
def test_where_areas_cannot_be_held_apart_families_are(segmenter: Segmenter, areas):
    labels = tiny_labels()
    texts, y, families = [label.text for label in labels], targets(labels), [label.family for label in labels]
    by_areas = Tagger(segmenter).fit(texts, y, areas([label.tag for label in labels]), families).predict(texts)
    by_families = Tagger(segmenter).fit(texts, y, families).predict(texts)
    assert np.array_equal(by_areas.tag_probabilities, by_families.tag_probabilities)


def test_calibration_holds_areas_apart(segmenter: Segmenter):
    labels = tiny_labels()
    texts, y, families = [label.text for label in labels], targets(labels), [label.family for label in labels]
    openings = [label.family.split("/")[1] for label in labels]
    by_areas = Tagger(segmenter).fit(texts, y, openings, families).predict(texts)
    by_families = Tagger(segmenter).fit(texts, y, families).predict(texts)
    assert not np.array_equal(by_areas.tag_probabilities, by_families.tag_probabilities)
