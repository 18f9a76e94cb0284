import pickle
from datetime import datetime, timedelta, timezone

import pytest

from cuishou.message import TAGS, Instant, Message, Tagging

AT = datetime(2024, 3, 5, 6, 7, 8, 901000, tzinfo=timezone.utc)


def test_empty_message_has_no_instant():
    assert Message("").instant is None


def test_sent_comes_before_received():
    received, sent = Instant(AT, "millisecond"), Instant(AT - timedelta(hours=1), "second")
    assert Message("", received_at=received, sent_at=sent).instant == sent
    assert Message("", received_at=received).instant == received


@pytest.mark.parametrize("at", [AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=8)))])
def test_instant_refuses_other_zones(at):
    with pytest.raises(ValueError, match="UTC"):
        Instant(at, "second")


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        ("millisecond", "2024-03-05T06:07:08.901+00:00"),
        ("second", "2024-03-05T06:07:08+00:00"),
        ("minute", "2024-03-05T06:07+00:00"),
        ("day", "2024-03-05"),
        ("unknown", "2024-03-05T06:07:08+00:00"),
    ],
)
def test_instant_shows_no_more_than_is_known(precision, shown):
    assert Instant(AT, precision).isoformat() == shown


def test_messages_cannot_be_changed():
    with pytest.raises(AttributeError):
        Message("好").body = "坏"


def test_tags_rise_from_other_to_unlawful():
    assert TAGS == ("other", "reminder", "pressure", "unlawful")
    assert not Tagging("other", {}).needs_review


@pytest.mark.parametrize("message", [Message(""), Message("a", "1", "out", Instant(AT, "day"), None, "b", "c", "d", 7)])
def test_a_message_goes_to_another_process_whole(message):
    assert pickle.loads(pickle.dumps(message)) == message
