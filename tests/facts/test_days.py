from datetime import date, time

import pytest

from cuishou.facts import facts

SENT = date(2026, 5, 6)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", None),
        ("逾期47天", 47),
        ("已逾期四十七天", 47),
        ("逾 期 4 2 天", 42),
        ("逾期第8天", 8),
        ("逾期天数：15", 15),
        ("逾期3期（92天）", 92),
        ("已逾期兩週", 14),
        ("拖了五十天", 50),
        ("晚了两天", 2),
        ("已过还款日4天", 4),
        ("已過期92日", 92),
        ("已超期3天", 3),
        ("逾期十来天", None),
        ("逾期30多天", None),
        ("逾期三个月", None),
        ("逾期超过60天", None),
        ("若逾期3天", None),
        ("逾期90天以上将上报", None),
        ("再拖一天", None),
        ("逾期第10天起", None),
        ("宽限期3天", None),
        ("逾期款请三日内还", None),
        ("还款日顺延至25日", None),
    ],
)
def test_days_overdue(text, days):
    found = facts(text).days_overdue
    assert (found and found.value) == days


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("还款日为5月20日", "due", date(2026, 5, 20)),
        ("请于2026年6月1日前还款", "limit", date(2026, 6, 1)),
        ("到期日2026/05/18", "due", date(2026, 5, 18)),
        ("繳款期限115/05/22", "limit", date(2026, 5, 22)),
        ("二〇二六年五月十五日前还清", "limit", date(2026, 5, 15)),
        ("26日到期", "due", date(2026, 5, 26)),
        ("3日到期", "due", date(2026, 6, 3)),
        ("3天到期", "due", date(2026, 5, 9)),
        ("3日后到期", "due", date(2026, 5, 9)),
        ("明天到期", "due", date(2026, 5, 7)),
        ("今日还款", "due", SENT),
        ("聽日過數", "due", date(2026, 5, 7)),
        ("25日扣款", "due", date(2026, 5, 25)),
        ("5号扣款", "due", date(2026, 6, 5)),
        ("本月25日前还款", "limit", date(2026, 5, 25)),
        ("下个月1号还", "due", date(2026, 6, 1)),
        ("每月15日扣款", "due", date(2026, 5, 15)),
        ("本周五前还款", "limit", date(2026, 5, 8)),
        ("下周一前还款", "limit", date(2026, 5, 11)),
        ("三日内还款", "limit", date(2026, 5, 9)),
        ("48小时内还款", "limit", date(2026, 5, 8)),
        ("月底前还款", "limit", date(2026, 5, 31)),
        ("12月20日前还款", "limit", date(2025, 12, 20)),
        ("3日后到期", "due", date(2026, 5, 9)),
        ("18:00前还款", "limit", SENT),
    ],
)
def test_days_on_which_to_pay(text, kind, day):
    assert [(found.kind, found.value) for found in facts(text, SENT).days] == [(kind, day)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5月20日起诉",
        "明日上门",
        "将于9日开庭",
        "截至5月1日",
        "2月30日到期",
        "验证码5分钟内有效",
        "10月14日提訊",
        "昨天还的",
        "24小时热线",
        "仅剩最后一天",
    ],
)
def test_other_days_are_passed_over(text):
    assert facts(text, SENT).days == ()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("今日18:00前还款", time(18)),
        ("今天下午四点前还款", time(16)),
        ("今晚八点前还款", time(20)),
        ("今日17时前还款", time(17)),
        ("今日五点前还款", None),
        ("今日还款", None),
        ("今日25:70前还款", None),
    ],
)
def test_hour_of_a_day(text, at):
    assert facts(text, SENT).days[0].at == at


def test_without_the_messages_own_day_only_full_dates_are_known():
    assert [day.value for day in facts("明天到期，或于2026年6月1日前还款").days] == [None, date(2026, 6, 1)]


@pytest.mark.parametrize(
    ("sent", "day"), [(date(2026, 1, 31), None), (date(2026, 12, 20), date(2027, 1, 5)), (date.max, None), (date.min, None)]
)
def test_edges_of_the_calendar(sent, day):
    found = facts("本月30日还款" if sent.year == 2026 and sent.month == 1 else "5日还款", sent).days
    assert day is None or [one.value for one in found] == [day]
