import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.evaluation import Score, evaluate
from cuishou.labels import Label
from cuishou.message import TAGS, Reason, Tagging


def label(tag, *reasons):
    return Label("x", "甲", tag, reasons=reasons)


def tagging(tag, *reasons):
    return Tagging(tag, {}, tuple(Reason(code, 0.9) for code in reasons))


def test_nothing_scores_zero():
    result = evaluate([], [])
    assert (result.messages, result.accuracy, result.macro_f1) == (0, 0.0, 0.0)
    assert result.reasons_micro == Score(0, 0, 0)
    assert result.as_dict()["reasons"] == {}


def test_score_with_nothing_below_the_line_is_zero():
    score = Score(0, 0, 0)
    assert (score.precision, score.recall, score.f1) == (0.0, 0.0, 0.0)


def test_score():
    score = Score(true=4, said=8, hit=2)
    assert (score.precision, score.recall) == (0.25, 0.5)
    assert score.f1 == pytest.approx(1 / 3)
    assert score.as_dict() == {"true": 4, "said": 8, "hit": 2, "precision": 0.25, "recall": 0.5, "f1": 0.3333}


def test_scores_add():
    assert Score(1, 2, 1) + Score(3, 4, 2) == Score(4, 6, 3)


def test_confusion_names_the_label_first():
    result = evaluate([label("pressure"), label("pressure"), label("other")], map(tagging, ("pressure", "reminder", "other")))
    assert result.confusion["pressure"] == {"other": 0, "reminder": 1, "pressure": 1, "unlawful": 0}
    assert result.confusion["reminder"]["pressure"] == 0
    assert result.tags["pressure"] == Score(true=2, said=1, hit=1)
    assert result.tags["reminder"] == Score(true=0, said=1, hit=0)
    assert result.accuracy == pytest.approx(2 / 3)


def test_macro_f1_leaves_out_tags_that_do_not_occur():
    result = evaluate([label("other"), label("pressure")], [tagging("other"), tagging("other")])
    assert result.macro_f1 == pytest.approx((2 / 3 + 0) / 2)


def test_reasons_count_each_occurrence():
    labels = [label("unlawful", "INSULT", "PUBLIC_SHAMING"), label("unlawful", "INSULT"), label("other")]
    said = [tagging("unlawful", "INSULT"), tagging("unlawful", "UNLAWFUL_VISIT"), tagging("unlawful", "INSULT")]
    result = evaluate(labels, said)
    assert result.reasons == {
        "INSULT": Score(true=2, said=2, hit=1),
        "PUBLIC_SHAMING": Score(true=1, said=0, hit=0),
        "UNLAWFUL_VISIT": Score(true=0, said=1, hit=0),
    }
    assert result.reasons_micro == Score(3, 3, 1)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_one_tagging_for_each_label(count):
    with pytest.raises(ValueError, match="zip"):
        evaluate([label("other")] * 2, [tagging("other")] * count)


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), max_size=30))
def test_counts_agree(pairs):
    result = evaluate([label(true) for true, _ in pairs], [tagging(said) for _, said in pairs])
    assert result.messages == len(pairs)
    assert sum(score.true for score in result.tags.values()) == len(pairs)
    assert sum(score.said for score in result.tags.values()) == len(pairs)
    assert round(result.accuracy * len(pairs)) == sum(true == said for true, said in pairs)
    assert 0 <= result.macro_f1 <= 1
    written = json.loads(json.dumps(result.as_dict()))
    assert sum(sum(row.values()) for row in written["confusion"].values()) == len(pairs)


@given(st.lists(st.sampled_from(TAGS), min_size=1))
def test_agreement_is_perfect(tags):
    result = evaluate([label(tag) for tag in tags], [tagging(tag) for tag in tags])
    assert (result.accuracy, result.macro_f1) == (1.0, 1.0)
