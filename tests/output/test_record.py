import json
from datetime import datetime, timezone

import pytest

from cuishou.case import Finding
from cuishou.message import Instant, Message, Reason, Span, Tagging
from cuishou.output.record import of_finding, of_tagging

AT = datetime(2024, 1, 2, 3, 4, 5, 6000, tzinfo=timezone.utc)
PROBABILITIES = {"other": 0.1, "reminder": 0.1, "pressure": 0.1, "unlawful": 0.7}


def test_empty_message():
    assert of_finding(Finding(Message(""), None)) == {
        "source": "",
        "record": 0,
        "direction": "in",
        "address": "",
        "contact": None,
        "sim": None,
        "received_at": None,
        "sent_at": None,
        "body": "",
        "number": 0,
        "familiar": None,
        "tag": None,
    }


def test_tagging_alone():
    assert of_tagging(Tagging("other", {"other": 1.0})) == {
        "tag": "other",
        "probabilities": {"other": 1.0},
        "reasons": [],
        "spans": [],
        "needs_review": False,
    }


def test_message_and_tagging():
    message = Message(
        body="废物\n还钱",
        address="1069",
        received_at=Instant(AT, "millisecond"),
        sent_at=Instant(AT, "second"),
        contact="催收",
        sim="1",
        source="a.xml",
        record=3,
    )
    tagging = Tagging("unlawful", PROBABILITIES, (Reason("INSULT", 0.8),), (Span(0, 2, "INSULT", 0.5),), needs_review=True)
    record = of_finding(Finding(message, tagging))
    assert (record["body"], record["record"], record["source"]) == ("废物\n还钱", 3, "a.xml")
    assert (record["contact"], record["sim"], record["address"]) == ("催收", "1", "1069")
    assert record["received_at"] == "2024-01-02T03:04:05.006+00:00"
    assert record["sent_at"] == "2024-01-02T03:04:05+00:00"
    assert record["tag"] == "unlawful"
    assert record["probabilities"] == PROBABILITIES
    assert record["reasons"] == [{"code": "INSULT", "probability": 0.8}]
    assert record["spans"] == [{"start": 0, "end": 2, "label": "INSULT", "weight": 0.5}]
    assert record["needs_review"] is True
    assert json.loads(json.dumps(record)) == record


def test_an_address_comes_before_the_number_of_the_message():
    """Readers that know nothing of it take the first of the two keys for the sender's number."""
    keys = list(of_finding(Finding(Message("", "1069"), None, 17)))
    assert keys.index("address") < keys.index("number")


@pytest.mark.parametrize("familiar", [None, False, True])
def test_mark_of_an_acquaintance(familiar):
    assert of_finding(Finding(Message(""), None, 17, familiar))["familiar"] is familiar


def test_body_is_not_changed():
    body = "=1+1\x00\x1b[31m\ud83d 【甲】"
    assert of_finding(Finding(Message(body), None))["body"] == body
