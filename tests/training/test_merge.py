from dataclasses import replace

import pytest

from cuishou.labels import Label, LabelError
from cuishou.training.characters import Characters
from cuishou.training.merge import Merged, merge
from cuishou.training.split import side, split

TEXTS = {
    "train": "您的快递已经送到东门驿站，请凭取件码尽快领取",
    "validation": "本月信用卡账单已经生成，最后还款日是二十五日",
    "test": "今天十八点以前仍未处理欠款，本公司将移交律师起诉",
}


def family(name: str) -> str:
    return next(f"kin/{number}" for number in range(100) if side(f"kin/{number}") == name)


@pytest.fixture
def corpus() -> list[Label]:
    return [Label(name, text, "other", family=family(name), source=f"{name}.csv") for name, text in TEXTS.items()]


@pytest.fixture
def put(corpus: list[Label], characters: Characters):
    def merged(*added: Label) -> Merged:
        return merge(corpus, added, lambda text: characters.normalise(text).text)

    return merged


def new(text: str, tag: str = "other", **named: str) -> Label:
    return Label("mine-2", text, tag, family="mine-2", source="mine.csv, row 2", **named)


def test_nothing_added_changes_nothing(put, corpus: list[Label]):
    assert put() == Merged(split(corpus))


def test_new_messages_are_for_learning_whatever_their_family(put):
    for number in range(20):
        merged = put(replace(new("王先生您好，我们明天上午到您单位走访"), family=f"x{number}"))
        assert [len(merged.sides[name]) for name in ("train", "validation", "test")] == [2, 1, 1]


@pytest.mark.parametrize("text", [TEXTS["test"], TEXTS["test"] + "谢谢", TEXTS["test"].replace("起诉", "起*诉")])
def test_what_is_like_a_test_message_is_left_out(put, text: str):
    merged = put(new(text))
    assert (len(merged.added), len(merged.sides["test"])) == (0, 1)
    assert "mine.csv, row 2" in merged.left_out[0]


def test_what_is_like_a_known_message_stands_with_it(put, corpus: list[Label]):
    for name in ("train", "validation"):
        merged = put(new(TEXTS[name] + "谢谢"))
        assert merged.sides[name][-1].family == family(name)


def test_the_same_message_again_is_told_and_not_learned_twice(put):
    merged = put(new(TEXTS["train"]))
    assert (len(merged.added), len(merged.left_out)) == (0, 1)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_with_two_labels_is_shown(put, name: str):
    with pytest.raises(LabelError, match=rf"mine.csv, row 2: the text is also at {name}.csv, as other there and reminder here"):
        put(new(TEXTS[name], "reminder"))


def test_two_new_labels_that_contradict_each_other_are_shown(put):
    with pytest.raises(LabelError, match="spelled otherwise"):
        put(new("张三快还钱"), replace(new("张*三快還钱", "pressure"), id="b"))


def test_ids_that_are_taken_are_changed(put):
    merged = put(replace(new("王先生您好，我们明天上午到您单位走访"), id="train"))
    assert merged.sides["train"][-1].id == "train+"


def test_a_new_label_written_down_stays_on_its_side(put, corpus: list[Label]):
    for number in range(20):
        merged = put(replace(new("王先生您好，我们明天上午到您单位走访"), family=f"x{number}"))
        assert split([*corpus, *merged.added]) == merged.sides
