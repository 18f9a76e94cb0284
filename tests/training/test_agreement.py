from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from cuishou.codes import REASONS
from cuishou.labels import Label, LabelError, read_labels
from cuishou.message import TAGS
from cuishou.training.agreement import COLUMNS, Twice, agreement, kappa, missing, read_twice

DATA = Path(__file__).parents[2] / "data"
FLAG = "IDENTITY_CONCEALMENT"


def twice(first: str, second: str, id: str = "a") -> Twice:
    (first_tag, *first_codes), (second_tag, *second_codes) = first.split(), second.split()
    return Twice(id, first_tag, frozenset(first_codes), second_tag, frozenset(second_codes))


def test_nothing_labelled():
    found = agreement([])
    assert (found.messages, found.tags_equal, found.kappa, found.codes_f1) == (0, 0, 0, 0)


def test_tags_and_codes_are_compared():
    found = agreement(
        [
            twice("other", "other"),
            twice("reminder", "pressure"),
            twice("unlawful INSULT", "unlawful INSULT THREAT_VIOLENCE"),
            twice("unlawful INSULT", "pressure"),
        ]
    )
    assert found.tags_equal == 0.5
    assert found.both_unlawful == 1
    assert found.codes_f1 == pytest.approx(2 / 3)
    assert found.by_code == {"INSULT": 1.0, "THREAT_VIOLENCE": 0.0}


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1))
def test_kappa_is_scikit_learns(pairs):
    if len({tag for pair in pairs for tag in pair}) > 1:  # with one label in use scikit-learn divides by nothing
        assert kappa(pairs) == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
    else:
        assert kappa(pairs) == 1


def test_labels_without_a_second_are_named():
    assert missing([twice("other", "other", "a")], [Label("a", "x", "other"), Label("b", "y", "other")]) == ["b"]


def test_rows_that_do_not_fit_are_refused_with_their_place(tmp_path: Path):
    file = tmp_path / "second.csv"
    file.write_text(",".join(COLUMNS) + "\na,other,,odd,\na,other,,unlawful,NO_CODE\n", encoding="utf-8")
    with pytest.raises(LabelError) as error:
        read_twice(file)
    assert error.value.problems == [
        f"{file}, row 2: unknown odd",
        f"{file}, row 3: unknown NO_CODE",
        f"{file}, row 3: a stands twice",
    ]
    file.write_text("id\na\n", encoding="utf-8")
    with pytest.raises(LabelError, match="columns"):
        read_twice(file)


def test_data_card_says_what_the_labels_say():
    rows, labels = read_twice(DATA / "second-labels.csv"), read_labels(DATA / "labels")
    found = agreement(rows)
    card = (DATA / "DATA_CARD.md").read_text(encoding="utf-8")
    lowest = min(f1 for code, f1 in found.by_code.items() if REASONS[code].flips)
    flagged = sum(FLAG in row.first_reasons for row in rows), sum(FLAG in label.reasons for label in labels)
    for said in (
        f"| {found.messages:,} messages labelled twice | |",
        f"| tags equal | {100 * found.tags_equal:.1f} % |",
        f"| Cohen's kappa of the tags | {found.kappa:.3f} |",
        f"| codes where both say unlawful ({found.both_unlawful:,} messages), micro-F1 | {found.codes_f1:.3f} |",
        f"| lowest of a code that decides (visits) | {lowest:.3f} |",
        f"| flag of a hidden sender | {found.by_code[FLAG]:.3f} |",
        f"from {flagged[0]:,} to {flagged[1]:,}",
    ):
        assert said in card


def test_every_message_of_the_corpus_is_labelled_twice():
    files = [file for file in (DATA / "labels").glob("*.csv") if not file.name.startswith("added-")]  # a user's own have one label
    assert missing(read_twice(DATA / "second-labels.csv"), read_labels(*files)) == []
