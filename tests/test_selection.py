from datetime import date, datetime, timezone

import pytest

from cuishou.case import Case, Finding, Outside
from cuishou.message import Instant, Message, Tagging
from cuishou.selection import Selection, select


def finding(number=1, tag="pressure", body="【某某金融】还钱", at="2026-05-01T12:00:00", precision="second", **fields):
    instant = Instant(datetime.fromisoformat(at).replace(tzinfo=timezone.utc), precision) if at else None
    return Finding(Message(body, received_at=instant, **fields), Tagging(tag, {tag: 1.0}) if tag else None, number)


def numbers(*findings, **fields):
    return [found.number for found in select(Case(findings, [], "x"), Selection(**fields)).findings]


def test_nothing_chosen_is_everything():
    case = Case([finding(), finding(2, tag=None, direction="out", at=None)], [], "x")
    assert select(case, Selection()) == case


def test_what_is_left_out_is_counted_and_numbers_stay():
    case = select(Case([finding(1, "other"), finding(2), finding(3, "other")], [], "x"), Selection(tags=("pressure",)))
    assert ([found.number for found in case.findings], case.left_out) == ([2], 2)
    assert select(case, Selection(tags=("other",))).left_out == 3


def test_what_is_left_out_says_who_sent_it_and_when():
    assert (Outside().senders, Outside().first, Outside().last) == ({}, None, None)
    found = [
        finding(1, at="2026-05-01T00:00:00"),
        finding(2, body="【乙】x", at="2026-06-01T00:00:00"),
        finding(3, tag=None, at=None),
    ]
    outside = select(Case(found, [], "x"), Selection(senders=("无",))).outside
    assert (outside.senders, outside.first, outside.last) == ({"某某金融": 1, "乙": 1}, date(2026, 5, 1), date(2026, 6, 1))
    twice = Outside()
    twice.merge(outside)
    twice.merge(outside)
    assert (twice.senders, twice.last) == ({"某某金融": 2, "乙": 2}, date(2026, 6, 1))


def test_days_are_chinas_and_both_ends_count():
    late, early = finding(1, at="2026-05-01T15:59:59"), finding(2, at="2026-05-01T16:00:00")
    assert numbers(late, early, until=date(2026, 5, 1)) == [1]
    assert numbers(late, early, since=date(2026, 5, 2)) == [2]
    assert numbers(late, early, since=date(2026, 5, 1), until=date(2026, 5, 2)) == [1, 2]


def test_without_a_day_it_is_on_none():
    unknown = [finding(at=None), finding(precision="unknown")]
    assert numbers(*unknown) == [1, 1]
    assert numbers(*unknown, since=date(1970, 1, 1)) == []


@pytest.mark.parametrize(
    ("sender", "found"),
    [("某某金融", 1), ("某 某", 1), ("＋86 138-0013-8000", 0), ("13800138000", 1), ("1380013", 0), ("阿强", 1), ("别人", 0)],
)
def test_sender_by_name_or_whole_number(sender, found):
    assert len(numbers(finding(address="+86 13800138000", contact="阿强"), senders=(sender,))) == found


def test_several_of_a_kind_are_either_or():
    case = [
        finding(1, "reminder"),
        finding(2, "unlawful"),
        finding(3, None, direction="out"),
        finding(4, "other", direction="unknown"),
    ]
    assert numbers(*case, tags=("reminder", "unlawful")) == [1, 2]
    assert numbers(*case, directions=("out", "unknown")) == [3, 4]
    assert numbers(*case, directions=("out",), tags=("other",)) == []
