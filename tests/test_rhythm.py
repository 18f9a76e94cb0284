from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.grounds import Grounds
from cuishou.message import CHINA, Instant, Message, Reason, Tagging
from cuishou.rhythm import Asked, Night, Options, Party, Run, analyse, party_of

GROUNDS = Grounds.load()
OPTIONS = Options.of(GROUNDS)
PRECISIONS = ("millisecond", "second", "minute", "day", "unknown")
TAG_OF = {"违": "unlawful", "催": "pressure", "提": "reminder", "闲": "other"}


def at(text: str, precision: str = "second") -> Instant:
    local = datetime.fromisoformat(text).replace(tzinfo=CHINA)
    return Instant(local.astimezone(timezone.utc), precision)


def pair(when: str | Instant | None, body: str = "", tag: str = "pressure", *codes: str, review: bool = False, **fields):
    instant = at(when) if isinstance(when, str) else when
    reasons = tuple(Reason(code, 0.9) for code in codes)
    message = Message(body or f"【甲】{when}", received_at=instant, **fields)
    return message, Tagging(tag, {tag: 0.9}, reasons, needs_review=review)


def only(*pairs, **changes):
    """The one group of ``pairs``."""
    (group,) = analyse(pairs, replace(OPTIONS, **changes)).groups
    return group


def asked(*texts: str) -> tuple[Asked, ...]:
    return tuple(map(Asked.parse, texts))


def codes(*pairs, **changes):
    return [pattern.code for pattern in analyse(pairs, replace(OPTIONS, **changes)).patterns]


def test_no_messages():
    analysis = analyse([], OPTIONS)
    overall = analysis.overall
    assert (analysis.groups, analysis.patterns) == ((), ())
    assert (overall.messages, overall.repeats, overall.undated, overall.untimed) == ([], 0, 0, 0)
    assert (overall.first, overall.last, overall.longest_run) == (None, None, None)
    assert (overall.days, overall.weeks, list(overall.series()), overall.hours) == ({}, {}, [], (0,) * 24)
    assert (overall.night, overall.after_stop, overall.busy_days, overall.busy_weeks) == ((), (), {}, {})
    assert overall.by_tag == {"reminder": 0, "pressure": 0, "unlawful": 0}


def test_what_is_no_collection_is_not_counted():
    assert analyse([pair("2026-05-01T23:00", tag="other")], OPTIONS).groups == ()


def test_thresholds_come_from_the_grounds():
    assert str(OPTIONS.night) == "22:00-08:00"
    assert (OPTIONS.per_day, OPTIONS.per_week, OPTIONS.abusive, OPTIONS.repeat) == (3, 10, 3, timedelta(minutes=10))


@pytest.mark.parametrize(
    ("body", "fields", "party"),
    [
        ("", {}, Party()),
        ("", {"address": "1069"}, Party(number="1069")),
        ("还款", {"address": "1069", "contact": "张三"}, Party(number="张三")),
        ("【甲 公司】还款", {"address": "1069"}, Party("甲公司")),
        ("【ＡＢＣ】还款", {"address": "1069"}, Party("ABC")),
        ("【通知】还款", {"address": "1069"}, Party(number="1069")),
    ],
)
def test_party(body, fields, party):
    assert party_of(Message(body, **fields)) == party


def test_party_without_anything_has_a_name_still():
    assert Party().name == "?"


def test_one_signature_from_many_numbers_is_one_group():
    one, other = pair("2026-05-01T10:00", "【甲】一", address="1"), pair("2026-05-01T11:00", "【甲】二", address="2")
    assert len(only(one, other).messages) == 2


def test_one_number_with_two_signatures_is_two_groups():
    pairs = [pair("2026-05-01T10:00", "【甲】一", address="1"), pair("2026-05-01T11:00", "【乙】二", address="1")]
    assert [group.party.name for group in analyse(pairs, OPTIONS).groups] == ["乙", "甲"]


def test_one_signature_for_two_principals_is_two_groups():
    bodies = ["【甲】受乙消费金融委托，还款", "【甲】受丙银行委托，还款", "【甲】受乙消费金融有限公司委托，再还", "【甲】还款"]
    pairs = [pair(f"2026-05-0{day}T10:00", body) for day, body in enumerate(bodies, 1)]
    groups = analyse(pairs, OPTIONS).groups
    assert {group.party.name: len(group.messages) for group in groups} == {
        "甲（受乙消费金融委托）": 2,
        "甲（受丙银行委托）": 1,
        "甲": 1,
    }


def test_the_only_principal_is_that_of_the_messages_without_one():
    pairs = [pair("2026-05-01T10:00", "【甲】受乙消费金融委托，还款"), pair("2026-05-02T10:00", "【甲】还款")]
    analysis = analyse(pairs, OPTIONS)
    assert [len(group.messages) for group in analysis.groups] == [2]
    assert {analysis.party_of(message) for message, _ in pairs} == {Party("甲", "乙消费金融")}


def test_unnamed_principals_make_no_group():
    assert party_of(Message("受公司委托，请还款", "1069")) == Party(number="1069")


def test_people_whom_the_owner_knows_are_counted_apart():
    stranger, friend = pair("2026-05-01T23:00", "【甲】还款"), pair("2026-05-01T23:30", "还我钱", contact="阿强")
    analysis = analyse([stranger], OPTIONS, [friend, pair("2026-05-01T23:30", "吃饭没", "other", contact="阿强")])
    assert [group.party.name for group in analysis.groups] == ["甲"]
    assert [(group.party.name, len(group.messages)) for group in analysis.familiar] == [("阿强", 1)]
    assert len(analysis.overall.messages) == 1


def test_gravest_group_comes_first():
    pairs = [pair("2026-05-01T10:00", f"【甲】{n}") for n in range(4)] + [pair("2026-05-01T10:00", "【乙】", "unlawful")]
    assert [group.party.name for group in analyse(pairs, OPTIONS).groups] == ["乙", "甲"]


@pytest.mark.parametrize(
    ("clock", "is_night"),
    [
        *(("21:59:59", False), ("22:00:00", True), ("23:40:00", True), ("00:00:00", True)),
        *(("05:55:00", True), ("07:59:59", True), ("08:00:00", False), ("12:00:00", False)),
    ],
)
@pytest.mark.parametrize("precision", ["millisecond", "second"])
def test_night_is_closed_at_its_start_and_open_at_its_end(clock, is_night, precision):
    assert bool(only(pair(at(f"2026-05-01T{clock}", precision))).night) == is_night


@pytest.mark.parametrize(("clock", "is_night"), [("21:59", False), ("22:00", True), ("07:59", True), ("08:00", False)])
def test_minutes_are_enough_for_the_night(clock, is_night):
    assert bool(only(pair(at(f"2026-05-01T{clock}", "minute"))).night) == is_night


@pytest.mark.parametrize("precision", ["day", "unknown"])
def test_time_that_is_not_known_is_no_night(precision):
    group = only(pair(at("2026-05-01T00:00", precision)))
    assert (group.night, sum(group.hours)) == ((), 0)
    assert (group.undated, group.untimed) == ((1, 0) if precision == "unknown" else (0, 1))


def test_time_of_sending_decides():
    message, tagging = pair("2026-05-01T23:00")
    late = replace(message, sent_at=at("2026-05-01T21:50"))
    assert only((late, tagging)).night == ()


def test_night_is_configurable():
    noon = pair("2026-05-01T12:30")
    assert only(noon, night=Night.parse("12:00-13:00")).night == (noon,)
    assert only(noon, night=Night.parse("13:00-12:00")).night == ()
    assert only(noon, night=Night.parse("21:00-12:31")).night == (noon,)


@pytest.mark.parametrize(
    "text", ["", "22-8", "22:00", "24:00-08:00", "22:60-08:00", "22:00-22:00", "22:00-08:00:30", "２２:00-08:00"]
)
def test_what_is_no_night_is_refused(text):
    with pytest.raises(ValueError, match=r"night|clock|starts"):
        Night.parse(text)


@given(st.times(), st.times())
def test_night_and_the_rest_of_the_day_share_no_moment(start, end):
    start, end = (moment.replace(second=0, microsecond=0) for moment in (start, end))
    if start != end:
        night, day = Night(start, end), Night(end, start)
        for clock in (start, end, time(0), time(12), time(23, 59, 59)):
            assert (clock in night) != (clock in day)
        assert Night.parse(str(night)) == night


def test_night_holds_clocks_only():
    assert "23:00" not in Night.parse("22:00-08:00")


def test_day_is_chinas():
    assert list(only(pair(Instant(datetime(2026, 4, 30, 16, 30, tzinfo=timezone.utc), "second"))).days) == [date(2026, 5, 1)]


def test_days_weeks_and_the_series_between():
    group = only(pair("2026-05-01T10:00"), pair("2026-05-04T10:00", tag="reminder"), pair("2026-05-04T11:00", tag="unlawful"))
    none = {"reminder": 0, "pressure": 0, "unlawful": 0}
    assert group.days == {date(2026, 5, 1): none | {"pressure": 1}, date(2026, 5, 4): none | {"reminder": 1, "unlawful": 1}}
    assert group.weeks == {date(2026, 4, 27): none | {"pressure": 1}, date(2026, 5, 4): none | {"reminder": 1, "unlawful": 1}}
    assert [sum(tags.values()) for _, tags in group.series()] == [1, 0, 0, 2]
    assert (group.first, group.last) == (at("2026-05-01T10:00"), at("2026-05-04T11:00"))
    assert [hour for hour, count in enumerate(group.hours) if count] == [10, 11]


@pytest.mark.parametrize(
    ("days", "run"),
    [
        ([3], Run(date(2026, 5, 3), 1)),
        ([3, 3, 3], Run(date(2026, 5, 3), 1)),
        ([1, 2, 5, 6, 7, 9], Run(date(2026, 5, 5), 3)),
        ([1, 2, 5, 6], Run(date(2026, 5, 1), 2)),
    ],
)
def test_longest_run(days, run):
    group = only(*(pair(f"2026-05-{day:02}T10:00", f"【甲】{n}") for n, day in enumerate(days)))
    assert group.longest_run == run
    assert group.longest_run.end == run.start + timedelta(run.days - 1)


def test_same_text_soon_after_is_a_repeat():
    group = only(*(pair(f"2026-05-01T10:{minute:02}", "【甲】还款") for minute in (0, 5, 10, 11, 21, 22)))
    assert (len(group.messages), group.repeats) == (3, 3)


def test_other_text_and_unknown_hours_are_no_repeats():
    a_day = at("2026-05-01T00:00", "day")
    group = only(
        pair("2026-05-01T10:00", "【甲】一"), pair("2026-05-01T10:01", "【甲】二"), pair(a_day, "【甲】一"), pair(None, "【甲】一")
    )
    assert (len(group.messages), group.repeats) == (4, 0)


def test_only_later_days_are_after_the_stop():
    pairs = [pair("2026-04-30T10:00"), pair("2026-05-01T23:59"), pair("2026-05-02T00:01"), pair(None)]
    assert only(*pairs, asked_to_stop=asked("2026-05-01")).after_stop == (pairs[2],)
    assert only(*pairs).after_stop == ()


def after(*pairs, stop, familiar=(), **changes) -> dict[str, int]:
    """How many messages of each sender came after the stop, by name."""
    analysis = analyse(pairs, replace(OPTIONS, asked_to_stop=asked(*stop), **changes), familiar)
    return {group.party.name: len(group.after_stop) for group in (*analysis.groups, *analysis.familiar) if group.after_stop}


EARLY = [pair("2026-04-20T10:00", "【甲】一"), pair("2026-05-03T10:00", "【甲】二"), pair("2026-05-04T10:00", "【甲】三")]
LATE = [pair("2026-05-02T10:00", "【乙】一"), pair("2026-05-05T10:00", "【乙】二")]


def test_who_wrote_first_after_the_stop_was_not_asked():
    assert after(*EARLY, *LATE, stop=[]) == {}
    assert after(*EARLY, *LATE, stop=["2026-05-01"]) == {"甲": 2}
    assert after(*EARLY, *LATE, stop=["2026-04-20"]) == {"甲": 2}
    assert after(*EARLY, *LATE, stop=["2026-04-19"]) == {}
    assert after(pair(None, "【甲】一"), *LATE, stop=["2026-05-01"]) == {}


def test_sender_who_is_named_was_asked_whenever_it_wrote():
    assert after(*EARLY, *LATE, stop=["2026-05-01=乙"]) == {"乙": 2}
    assert after(*EARLY, *LATE, stop=["2026-05-01", "2026-05-02＝乙"]) == {"甲": 2, "乙": 1}
    assert after(*EARLY, stop=["2026-04-20", "2026-05-03=甲"]) == {"甲": 1}
    assert after(*EARLY, stop=["2026-05-03=甲", "2026-04-20=甲"]) == {"甲": 2}


def test_number_and_part_of_a_name_name_a_sender():
    plain = [pair(f"2026-05-0{day}T10:00", f"第{day}次", address="+86 137 1234 5678") for day in (1, 4)]
    assert after(*plain, stop=["2026-05-02=13712345678"]) == {"+86 137 1234 5678": 1}
    ordered = pair("2026-05-03T10:00", "【砺川咨询】受橙帆借委托，请还款")
    assert after(ordered, stop=["2026-05-02=砺川"]) == {"砺川咨询（受橙帆借委托）": 1}
    assert after(*EARLY, pair("2026-05-03T10:00", "【甲丙】一"), stop=["2026-05-02=甲"]) == {"甲": 2}


def test_saved_contact_was_asked_only_if_named():
    friend = [pair(f"2026-05-0{day}T10:00", f"第{day}次", address="13712345678", contact="阿强") for day in (1, 4)]
    saved = [(replace(message, contact="催收2"), tagging) for message, tagging in friend]
    outsider = {"not_the_debtor": True}
    assert after(*friend, stop=["2026-05-02"]) == after(stop=["2026-05-02"], familiar=friend) == {}
    assert codes(*friend, asked_to_stop=asked("2026-05-02"), **outsider) == []
    assert after(*friend, stop=["2026-05-02=阿强"]) == after(stop=["2026-05-02=13712345678"], familiar=friend) == {"阿强": 1}
    assert codes(*friend, asked_to_stop=asked("2026-05-02=阿强"), **outsider) == ["HARASSMENT_FREQUENCY/third_party"]
    assert after(*saved, stop=["2026-05-02"]) == {"催收2": 1}


def test_name_that_nobody_bears_is_told():
    assert analyse(EARLY, replace(OPTIONS, asked_to_stop=asked("2026-05-01", "2026-05-01=丙"))).unheard == ["丙"]
    assert analyse(EARLY, replace(OPTIONS, asked_to_stop=asked("2026-05-01=甲"))).unheard == []


@pytest.mark.parametrize("text", ["", "May", "2026-13-01", "=甲", "2026-05-01=", "2026-05-01 甲"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"no|neither"):
        Asked.parse(text)


def volume(count: int, days: int = 1):
    return [pair(f"2026-05-{4 + n % days:02}T10:{n:02}", f"【甲】{n}") for n in range(count)]


def test_volume_is_more_than_the_heuristic_and_only_a_flag():
    assert codes(*volume(3)) == []
    assert codes(*volume(4)) == ["HARASSMENT_FREQUENCY/volume"]
    (pattern,) = analyse(volume(4), OPTIONS).patterns
    assert (pattern.flips, pattern.heuristic, len(pattern.messages)) == (False, True, 4)
    assert [citation.id for citation in pattern.basis(GROUNDS, "bank").citations] == ["CC-1033-1-arguable"]


def test_volume_of_a_week():
    assert codes(*volume(10, 7)) == []
    assert codes(*volume(11, 7)) == ["HARASSMENT_FREQUENCY/volume"]
    assert only(*volume(11, 7)).busy_weeks == {date(2026, 5, 4): 11}


def test_volume_of_two_senders_is_not_added_up():
    assert codes(*volume(3), *(pair("2026-05-04T10:00", f"【乙】{n}") for n in range(3))) == []


@pytest.mark.parametrize("code", ["THREAT_VIOLENCE", "INSULT", "FALSE_CRIMINAL_CLAIM", "PUBLIC_SHAMING"])
def test_three_abusive_messages_of_one_sender(code):
    pairs = [pair(f"2026-05-{day:02}T10:00", f"【甲】{day}", "unlawful", code, review=day == 1) for day in (1, 2, 3)]
    assert codes(*pairs[:2]) == []
    (pattern,) = analyse(pairs, OPTIONS).patterns
    assert (pattern.code, pattern.flips, pattern.to_check) == ("HARASSMENT_FREQUENCY/abuse", True, 1)
    assert "PS-50-5" in [citation.id for citation in pattern.basis(GROUNDS).citations]


def test_other_reasons_are_not_abusive():
    assert codes(*(pair(f"2026-05-{day:02}T10:00", "", "unlawful", "EXCESS_INTEREST") for day in (1, 2, 3))) == []


def test_abuse_of_two_senders_is_not_added_up():
    pairs = [pair("2026-05-01T10:00", f"【{name}】{n}", "unlawful", "INSULT") for name in "甲乙" for n in range(2)]
    assert codes(*pairs) == []


def test_abuse_across_the_new_year_cites_only_what_holds():
    days = ["2025-12-30", "2025-12-31", "2026-01-01"]
    pairs = [pair(f"{day}T10:00", f"【甲】{day}", "unlawful", "INSULT") for day in days]
    (pattern,) = analyse(pairs, OPTIONS).patterns
    assert [citation.id for citation in pattern.basis(GROUNDS).citations] == ["CC-1033-1"]


def test_abuse_without_days_has_no_basis():
    pairs = [pair(None, f"【甲】{n}", "unlawful", "INSULT") for n in range(3)]
    (pattern,) = analyse(pairs, OPTIONS).patterns
    assert pattern.days == []
    assert not pattern.basis(GROUNDS).dated


def test_outsider_after_a_refusal():
    before = pair("2026-05-01T10:00", "", "unlawful", "THIRD_PARTY_CONTACT")
    later = pair("2026-05-03T10:00", "", "unlawful", "THIRD_PARTY_CONTACT")
    plain = pair("2026-05-04T10:00")
    assert codes(before, later, plain) == []
    (pattern,) = analyse([before, later, plain], replace(OPTIONS, asked_to_stop=asked("2026-05-02"))).patterns
    assert (pattern.code, pattern.messages, pattern.flips) == ("HARASSMENT_FREQUENCY/third_party", [later], True)
    changes = {"asked_to_stop": asked("2026-05-02"), "not_the_debtor": True}
    (pattern,) = analyse([before, later, plain], replace(OPTIONS, **changes)).patterns
    assert pattern.messages == [later, plain]


def test_debtor_who_asked_to_stop_has_a_count_but_no_pattern():
    assert codes(pair("2026-05-01T10:00"), pair("2026-05-03T10:00"), asked_to_stop=asked("2026-05-02")) == []


def test_night_is_a_flag():
    (pattern,) = analyse([pair("2026-05-03T23:00")], OPTIONS).patterns
    assert (pattern.code, pattern.flips, pattern.heuristic) == ("NIGHT_CONTACT", False, False)
    assert [citation.id for citation in pattern.basis(GROUNDS, "bank").citations] == ["BA-time"]


instants = st.builds(
    Instant,
    st.datetimes(datetime(2026, 4, 1), datetime(2026, 4, 20)).map(lambda moment: moment.replace(tzinfo=timezone.utc)),
    st.sampled_from(PRECISIONS),
)
bodies = st.builds(
    lambda name, kind, n: f"{name}{kind}{n}",
    st.sampled_from(["", "【甲】", "【乙】"]),
    st.sampled_from("违催提闲"),
    st.integers(0, 2),
)


@st.composite
def tagged(draw):
    body, instant = draw(bodies), draw(st.none() | instants)
    tag = next(tag for mark, tag in TAG_OF.items() if mark in body)
    reasons = (Reason("INSULT", 0.9),) if tag == "unlawful" else ()
    return Message(body, address=draw(st.sampled_from(["1", "2"])), sent_at=instant), Tagging(tag, {tag: 0.9}, reasons)


@given(st.lists(tagged(), max_size=40), st.dates(date(2026, 3, 30), date(2026, 4, 22)), st.randoms())
def test_nothing_is_lost_or_counted_twice(pairs, day, random):
    options = replace(OPTIONS, asked_to_stop=(Asked(day),))
    analysis = analyse(pairs, options)
    overall = analysis.overall
    collection = [one for one in pairs if one[1].tag != "other"]
    assert len(overall.messages) + overall.repeats == len(collection)
    for rhythm in (overall, *analysis.groups):
        assert sum(rhythm.by_tag.values()) == len(rhythm.messages)
        for by in (rhythm.days, rhythm.weeks):
            assert sum(sum(tags.values()) for tags in by.values()) + rhythm.undated == len(rhythm.messages)
            assert list(by) == sorted(by)
        assert sum(rhythm.hours) + rhythm.untimed + rhythm.undated == len(rhythm.messages)
        assert sum(sum(tags.values()) for _, tags in rhythm.series()) + rhythm.undated == len(rhythm.messages)
        assert len(rhythm.night) <= sum(rhythm.hours)
        assert len(rhythm.after_stop) + rhythm.undated <= len(rhythm.messages)
        assert not rhythm.after_stop or min(rhythm.days) <= day
        assert (rhythm.longest_run is None) == (rhythm.days == {}) == (rhythm.first is None) == (rhythm.last is None)
        if rhythm.longest_run:
            assert 1 <= rhythm.longest_run.days <= len(rhythm.days)
            assert rhythm.first.at <= rhythm.last.at
    assert sum(len(group.messages) for group in analysis.groups) == len(overall.messages)
    assert len({group.party for group in analysis.groups}) == len(analysis.groups)
    for pattern in analysis.patterns:
        assert pattern.messages
        assert {party_of(message) for message, _ in pattern.messages} == {pattern.party}
    shuffled = list(pairs)
    random.shuffle(shuffled)
    again = analyse(shuffled, options)
    assert [(group.party, group.by_tag, group.days, group.hours) for group in again.groups] == [
        (group.party, group.by_tag, group.days, group.hours) for group in analysis.groups
    ]
