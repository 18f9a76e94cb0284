from cuishou.review import Answer
from cuishou.review.keys import ask
from tests.review.items import THREAT, parcel, threat


def typed(items, keys: str, *lines: str, language: str = "zh"):
    """Answers to ``keys`` and ``lines``, and what was printed."""
    pressed, entered, said = iter(keys), iter(lines), []

    def line(question: str) -> str:
        said.append(question)
        return next(entered)

    return list(ask(items, language, lambda: next(pressed), line, said.append)), "\n".join(said)


def test_nothing_to_ask():
    assert typed([], "") == ([], "")


def test_enter_agrees():
    answers, said = typed([threat()], "\r", language="en")
    assert answers == [Answer(threat().id, THREAT, "unlawful", (("THREAT_VIOLENCE", "打断腿😀，小心"),))]
    assert "possibly unlawful  80% sure" in said


def test_a_key_for_each_tag_and_quitting():
    items = [parcel(f"第{number}条短信") for number in range(5)]
    answers, _ = typed(items, "orpq")
    assert [answer.tag for answer in answers] == ["other", "reminder", "pressure"]


def test_unlawful_asks_for_codes_and_words():
    answers, said = typed([threat()], "u", "99 x", "2 1", "没有的字", "再不还钱", "")
    (answer,) = answers
    assert answer.reasons == (("INSULT", "再不还钱"), ("THREAT_VIOLENCE", "打断腿😀，小心"))
    assert "请输入上面的编号" in said
    assert "短信里没有这几个字" in said


def test_skipping_going_back_and_thinking_better_of_it():
    first, second = parcel("第一条短信"), parcel("第二条短信")
    answers, _ = typed([first, second], "xobpsq")
    assert answers == [Answer(first.id, first.text, "other"), first.id, Answer(first.id, first.text, "pressure")]
    assert typed([threat()], "us", "")[0] == []


def test_what_a_message_holds_is_shown_as_text():
    _, said = typed([parcel("\x1b[31m红\u202e")], "q")
    assert not {"\x1b", "\u202e"} & set(said)
