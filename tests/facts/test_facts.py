import subprocess
import sys
import time
from dataclasses import fields
from datetime import date, datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuishou.facts import Fact, Facts, facts

SENT = date(2026, 5, 6)  # a Wednesday

#: What people and disguises write with, so that hypothesis comes near to messages.
PIECES = [
    "【云杉消金】",
    "欠款",
    "本金",
    "利息",
    "最低还款额",
    "1,280.50",
    "三千六百",
    "壹万",
    "1.2万",
    "2w",
    "５００",
    "1 2 8 0",
    "元",
    "￥",
    "HK$",
    "逾期",
    "47天",
    "五月六日",
    "2026-05-15",
    "25日",
    "本周五",
    "今日",
    "18:00",
    "前",
    "到期",
    "电话",
    "400-000-2211",
    "转3",
    "13800005512",
    "https://a.example/b?c=1",
    "x3.cn/fq8",
    "（2026）云0000民初246号",
    "尾号3307",
    "*",
    " ",
    "\u200b",
    "，",
    "。",
    "(",
    ")",
    "受",
    "委托",
    "𝟗",
    "①",
    "\ud800",
    "\U0001f4b0",
    "\n",
]


def found_in(found: Facts) -> list[Fact]:
    values = [getattr(found, field.name) for field in fields(found)]
    return [fact for value in values for fact in (value if isinstance(value, tuple) else [value]) if fact is not None]


def test_nothing_is_said_by_nothing():
    assert facts("") == Facts()
    assert facts("今晚一起吃饭吗") == Facts()


def test_one_message_whole():
    text = "【启衡催收】受南屿银行委托：本金三千六百元、利息215.50元，逾期47天，请于本周五18:00前还款，详询400-000-2211转3"
    found = facts(text, SENT)
    assert [(amount.kind, str(amount.value), amount.text) for amount in found.amounts] == [
        ("principal", "3600", "三千六百元"),
        ("fee", "215.50", "215.50元"),
    ]
    assert (found.days_overdue.value, found.days_overdue.text) == (47, "47天")
    assert [(day.value, day.at.hour, day.kind) for day in found.deadlines] == [(date(2026, 5, 8), 18, "limit")]
    assert [(phone.value, phone.extension) for phone in found.phones] == [("4000002211", "3")]
    assert (found.signature.value, found.lender.value) == ("启衡催收", "南屿银行")
    assert found.due == () == found.of_kind("total")


def test_a_moment_is_read_by_chinas_clock():
    late = datetime(2026, 5, 6, 17, 30, tzinfo=timezone.utc)  # 01:30 of the seventh in China
    assert facts("请今日还款", late).days[0].value == date(2026, 5, 7)
    assert facts("请今日还款", datetime(2026, 5, 6, 17, 30)).days[0].value == SENT


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=24).map("".join), st.none() | st.dates())
def test_every_fact_stands_where_it_says(text, sent_at):
    for fact in found_in(facts(text, sent_at)):
        assert 0 <= fact.start < fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.text


@given(st.text())
def test_any_text_will_do(text):
    assert isinstance(facts(text, SENT), Facts)


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
def test_days_of_the_calendar_need_the_message_to_have_one(text):
    dated, undated = facts(text, SENT), facts(text)
    assert undated.amounts == dated.amounts or len(undated.days) >= len(dated.days)
    assert {day.value for day in undated.days} - {None} <= {day.value for day in dated.days} | {date(2026, 5, 15)}


SEEDS = [
    "1",
    "1 ",
    "1-",
    "1,",
    "1元",
    "一",
    "*",
    "逾期",
    "【",
    "(0",
    "a.",
    "受",
    "5月6日",
    "编号A-",
    "https://",
    "\u200b",
    "3日内",
    "欠 ",
]


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_follows_the_length(seed):
    def seconds(length: int) -> float:
        start = time.perf_counter()
        facts((seed * length)[:length], SENT)
        return time.perf_counter() - start

    seconds(1000)
    assert seconds(100_000) < 60 * max(seconds(10_000), 0.01)  # ten times would be linear, a hundred times square
    assert seconds(100_000) < 20


def test_reads_without_further_packages():
    code = "import cuishou.facts, sys; cuishou.facts.facts('欠款500元'); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "onnxruntime", "sklearn", "jieba"} & set(modules)
