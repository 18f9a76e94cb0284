from datetime import datetime, timezone

import pytest

from cuishou.case import Finding
from cuishou.message import Instant, Message, Tagging
from cuishou.output.told import FIELDS, told
from cuishou.output.words import REPORT_WORDS

AT = Instant(datetime(2026, 5, 1, 4, tzinfo=timezone.utc), "second")


def said(body, tag="pressure", language="zh"):
    finding = Finding(Message(body, received_at=AT), Tagging(tag, {tag: 1.0}) if tag else None)
    return {fact.label: fact.text for fact in told(finding, language)}


def test_each_is_told_as_it_stands():
    body = "【云杉消金】您欠款本金三千六百元，已逾期47天，请于明日前还款，详询400-000-2211"
    assert said(body) == {"金额": "本金 三千六百元", "逾期": "47天", "要求期限": "明日 (2026-05-02)", "回电号码": "4000002211"}


@pytest.mark.parametrize(
    ("body", "amount"),
    [
        ("应还金额：27,316.50，请今日处理", "27,316.50元"),
        ("欠款两千三百块", "两千三百块"),
        ("欠款HK$500", "HK$500"),
        ("欠款￥500", "￥500"),
    ],
)
def test_a_bare_sum_is_told_in_yuan(body, amount):
    assert said(body)["金额"].split(" ")[-1] == amount


@pytest.mark.parametrize("tag", ["other", None])
def test_others_are_not_asked(tag):
    assert said("本金3600元，已逾期47天", tag) == {}


def test_what_is_not_said_is_not_there():
    assert said("快还钱") == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_field_has_a_name(language):
    assert set(REPORT_WORDS[language]["told"]) == set(FIELDS)
