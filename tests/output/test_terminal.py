import io
import unicodedata
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cuishou.backup import ImportReport
from cuishou.case import Case, Finding
from cuishou.message import Instant, Message, Reason, Span, Tagging
from cuishou.output.terminal import head, marked, show
from cuishou.output.words import WORDS, visible

ANY = st.text(st.characters(exclude_categories=()))


def tagging(tag, probability=0.75, **fields):
    return Tagging(tag, {tag: probability}, **fields)


def finding(body, tag=None, **fields):
    return Finding(Message(body, **fields), tagging(tag) if tag else None)


def shown(*findings, reports=None, language="en", most=10):
    if reports is None:
        reports = [ImportReport("a.xml", "x", declared=len(findings), read=len(findings))]
    file = io.StringIO()
    console = Console(file=file, width=200, color_system=None)
    show(Case(findings, reports, "made-1"), console, language, most)
    return file.getvalue()


def test_languages_say_the_same_things():
    assert WORDS["zh"].keys() == WORDS["en"].keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_case(language):
    text = shown(language=language)
    assert WORDS[language]["empty"].format(source="a.xml") in text
    assert WORDS[language]["limits"][:20] in text
    assert WORDS[language]["none"] not in text


def test_no_reports():
    assert "0 messages read, 0 of them received" in shown(reports=[])


def test_case_without_collection():
    text = shown(finding("早", "other"), finding("好"))
    assert "2 messages read, 1 of them received; 0 concern debt collection" in text
    assert "No debt-collection message was found." in text
    assert "Senders" not in text


def test_case_with_collection():
    text = shown(
        finding("【甲公司】快还钱", "pressure", record=1),
        finding("废物", "unlawful", address="1069", record=2),
        finding("账单已出", "reminder", address="95550", record=3),
        finding("早", "other", address="10010", record=4),
    )
    assert "4 messages read, 4 of them received; 3 concern debt collection, 1 are possibly unlawful" in text
    assert text.index("废物") < text.index("快还钱")
    assert "甲公司" in text
    assert "95550" in text
    assert "10010" not in text
    assert "账单已出" not in text


def test_no_more_than_asked_for():
    text = shown(*(finding(f"第{number}条", "pressure", address=f"1069{number}") for number in range(5)), most=2)
    assert "3 more senders are not shown" in text
    assert "3 more pressing or possibly unlawful messages are not shown" in text
    assert "第1条" in text
    assert "第2条" not in text


@pytest.mark.parametrize("place", [0, 50, 2000, 4990])
def test_long_message_is_shown_around_the_words_that_carried_the_tag(place):
    body = "长" * place + "弄死你" + "长" * (5000 - place)
    text = shown(Finding(Message(body), tagging("unlawful", spans=(Span(place, place + 3, "unlawful", 0.9),))))
    assert "弄死你" in "".join(text.split())
    assert "5003 characters" in text
    assert text.count("长") <= 400


def test_message_that_fits_is_shown_whole():
    text = shown(finding("长" * 400, "unlawful"))
    assert text.count("长") == 400
    assert "shown in part" not in text


def test_what_is_only_possible_is_not_said_to_concern():
    tags = tagging("unlawful", reasons=(Reason("INSULT", 0.4),))
    text = head(Finding(Message("废物"), tags, 1), tags, "zh").plain
    assert "也可能：辱骂、侮辱" in text and "可能涉及" not in text


def test_markup_in_messages_is_text():
    text = shown(finding("[bold]还钱[/bold] [/]", "pressure", address="[red]1069", contact=None))
    assert "[bold]还钱[/bold] [/]" in text
    assert "[red]1069" in text


def test_messages_cannot_drive_the_terminal():
    text = shown(
        finding("\x1b[2J\x9b31m\u202e还钱\ud83d", "unlawful", address="\x1b]0;x\x07", contact="\x1b[31m"),
        reports=[ImportReport("\x1b[31m.xml", "x", declared=9, read=1, without_text=1, repaired=1)],
    )
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in text.replace("\n", ""))
    assert "\u202e" not in text
    assert "\\u001b[2J" in text


def test_head_names_what_is_known():
    at = Instant(datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone.utc), "second")
    message = Message("废物", "1069", received_at=at, record=7)
    tags = tagging("unlawful", reasons=(Reason("INSULT", 0.9), Reason("UNLAWFUL_VISIT", 0.9)), needs_review=True)
    text = head(Finding(message, tags, 17), tags, "zh").plain
    for part in ("疑似违法", "2024-01-02 11:04:05", "1069", "#0017", "75%", "请人工核对", "辱骂、侮辱；上门滋扰、堵门、强搬"):
        assert part in text


def test_head_leaves_out_what_is_not_known():
    tags = tagging("reminder")
    assert head(Finding(Message("账单"), tags, 1), tags, "en").plain == "reminder  #0001  75% sure"


def test_marked_empty_body():
    assert marked("", tagging("other")).plain == ""


def test_marked_underlines_what_carried():
    text = marked("快\x1b还钱，废物", tagging("unlawful", spans=(Span(1, 3, "unlawful", 0.5), Span(5, 7, "INSULT", 0.5))))
    assert text.plain == "快\\u001b还钱，废物"
    underlined = "".join(text.plain[span.start : span.end] for span in text.spans if span.style == "underline")
    assert underlined == "\\u001b还废物"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", ""),
        ("还钱😀\n快", "还钱😀\n快"),
        ("a\tb", "a b"),
        ("\x1b[0m", "\\u001b[0m"),
        ("\u202e", "\\u202e"),
        ("\ud83d", "\\ud83d"),
    ],
)
def test_visible(text, seen):
    assert visible(text) == seen


@given(ANY | st.text(st.characters(categories=["Cc", "Cs", "Zl", "Zp"])))
def test_visible_leaves_no_control_character(text):
    seen = visible(text)
    assert not [
        character for character in seen if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character != "\n"
    ]
    assert seen.count("\n") == text.count("\n")
    seen.encode()


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_visible_keeps_letters(text):
    assert visible(text) == text
