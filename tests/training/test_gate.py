from dataclasses import replace
from types import SimpleNamespace

import pytest

from cuishou.codes import REASONS
from cuishou.evaluation import evaluate
from cuishou.labels import Label
from cuishou.message import TAGS, Reason, Tagging
from cuishou.training.answers import Truth
from cuishou.training.bootstrap import Draws, intervals
from cuishou.training.gate import ORDINARY_TOLERANCES, TOLERANCES, compare, told
from tests.training.conftest import tiny_labels

LABELS = [replace(label, family=f"{label.family}/{copy}", id=f"{label.id}-{copy}") for label in tiny_labels() for copy in range(4)]


class Model:
    """Says what the labels say, but of the messages named in ``wrong`` the tag given there."""

    def __init__(self, wrong: dict[str, str] | None = None, codes: bool = True) -> None:
        self.metadata = SimpleNamespace(version="made up")
        self._wrong = wrong or {}
        self._codes = codes
        self._queues: dict[str, list[Label]] = {}

    def tag(self, texts, *, explain: bool = True) -> list[Tagging]:
        left = {text: [label for label in LABELS if label.text == text] for text in {label.text for label in LABELS}}
        return [self._say(left[text].pop(0) if left.get(text) else LABELS[0]) for text in texts]

    def _say(self, label: Label) -> Tagging:
        tag = self._wrong.get(label.id, label.tag)
        reasons = tuple(Reason(code, 1.0) for code in label.reasons) if self._codes and tag == "unlawful" else ()
        return Tagging(tag, dict.fromkeys(TAGS, 0.0) | {tag: 1.0}, reasons)


def verdict(wrong: dict[str, str] | None = None, old: Model | None = None, **named):
    return compare(old or Model(), Model(wrong), LABELS, {}, **named)


def broken(found) -> list[str]:
    return [row.what for row in found.rows if not row.holds]


def some(tag: str, count: int) -> list[str]:
    return [label.id for label in LABELS if label.tag == tag][:count]


def test_no_test_messages_is_no_comparison():
    found = compare(Model(), Model(), [], {})
    assert not found.passed
    assert "nothing can be compared" in found.faults[0]


def test_the_same_model_passes():
    found = verdict()
    assert found.passed
    assert [row.what for row in found.rows] == [*TOLERANCES, *ORDINARY_TOLERANCES, "time to tag"]
    assert {(row.low, row.high) for row in found.rows[:-1]} == {(0.0, 0.0)}
    assert (found.turned_wrong, found.turned_right) == ([], [])


def test_a_small_fall_passes_and_is_told():
    found = verdict(dict.fromkeys(some("other", 1), "reminder"))
    assert found.passed
    assert [one.id for one in found.turned_wrong] == some("other", 1)


@pytest.mark.parametrize(
    ("tag", "said", "figures"),
    [
        ("unlawful", "reminder", {"macro-F1", "unlawful: recall"}),
        ("pressure", "unlawful", {"macro-F1", "unlawful: precision"}),
        ("other", "reminder", {"macro-F1", "ordinary messages taken for collection"}),
        ("other", "unlawful", {"macro-F1", "unlawful: precision", "ordinary messages taken for unlawful"}),
    ],
)
def test_what_falls_too_far_is_named(tag: str, said: str, figures: set[str]):
    found = verdict(dict.fromkeys(some(tag, 20), said))
    assert figures <= set(broken(found))
    assert not found.passed
    lines = list(told(found))
    assert any("TOO FAR" in line for line in lines)
    assert sum(f"now taken for {said}" in line for line in lines) == 20
    assert next(row for row in found.rows if row.what == "macro-F1").high < 0


def test_a_rise_never_holds_a_model_back():
    found = verdict(old=Model(dict.fromkeys(some("unlawful", 50), "other")))
    assert found.passed
    assert len(found.turned_right) == 50


def test_lost_reasons_are_noticed():
    found = compare(Model(), Model(codes=False), LABELS, {})
    assert broken(found) == ["reason codes, micro-F1"]


def test_disguised_copies_count_by_themselves():
    found = compare(Model(), Model(), LABELS, {"all alike": lambda text: "快递"})
    row = next(row for row in found.rows if row.what == "disguised copies, macro-F1")
    assert row.old == row.new < 0.5


def test_a_file_much_larger_is_held():
    assert broken(verdict(sizes=(1000, 1249))) == []
    assert broken(verdict(sizes=(1000, 1251))) == ["size"]


def test_test_labels_that_were_changed_are_noticed():
    was = {"test": {"macro_f1": 1.0, "messages": len(LABELS)}}
    assert verdict(recorded=was).passed
    flipped = Model(dict.fromkeys(some("unlawful", 30), "reminder"))
    found = compare(flipped, flipped, LABELS, {}, recorded=was)
    assert broken(found) == []
    assert not found.passed
    assert "were changed" in found.faults[0]


def test_acceptance_is_written_down():
    worse = verdict(dict.fromkeys(some("unlawful", 50), "other"))
    assert worse.as_dict(accepted=True)["accepted_worse"]
    assert not worse.as_dict()["accepted_worse"]
    assert not verdict().as_dict(accepted=True)["accepted_worse"]


def test_figures_are_those_of_the_evaluation():
    model = Model(dict.fromkeys([*some("unlawful", 30), *some("other", 7)], "pressure"))
    truth = Truth.of(LABELS)
    answers, everything = truth.ask(model), range(len(LABELS))
    said = {name: measure(answers, list(everything)) for name, measure in truth.measures().items()}
    result = evaluate(LABELS, model.tag(label.text for label in LABELS))
    assert said["macro-F1"] == pytest.approx(result.macro_f1)
    assert said["unlawful: precision"] == pytest.approx(result.tags["unlawful"].precision)
    assert said["unlawful: recall"] == pytest.approx(result.tags["unlawful"].recall)
    assert said["reason codes, micro-F1"] == pytest.approx(result.reasons_micro.f1)
    assert next(iter(REASONS)) in truth.names


def test_draws_keep_families_whole_and_are_always_the_same():
    draws = [rows.tolist() for rows in Draws(["a", "b", "a", "c"], draws=50)]
    assert draws == [rows.tolist() for rows in Draws(["a", "b", "a", "c"], draws=50)]
    assert all(rows.count(0) == rows.count(2) for rows in draws)
    assert len({tuple(rows) for rows in draws}) > 5


def test_intervals_hold_the_figure():
    model = Model(dict.fromkeys(some("unlawful", 30), "pressure"))
    low, high = intervals(model, LABELS)["unlawful: recall"]
    assert low < 0.7 < high
