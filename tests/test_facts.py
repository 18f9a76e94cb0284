import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.facts import signature


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("", None),
        ("今晚一起吃饭吗", None),
        ("【虚拟银行】您的账单已出", "虚拟银行"),
        ("[虚拟银行]您的账单已出", "虚拟银行"),
        ("您的账单已出【虚拟银行】", "虚拟银行"),
        ("您的账单已出【虚拟银行】 \n", "虚拟银行"),
        ("  【 虚拟银行 】您的账单已出", "虚拟银行"),
        ("请在【明天】之前回电", None),
        ("【】您的账单已出", None),
        ("【 】", None),
        ("【一二三四五六七八九十一二三四五六七八九十一二三四五】太长", None),
        ("【两\n行】", None),
        ("【没有结束", None),
    ],
)
def test_signature(body, name):
    assert signature(body) == name


def test_signature_at_the_start_wins():
    assert signature("【甲公司】请还款【乙公司】") == "甲公司"


@given(st.text())
def test_signature_is_a_trimmed_part_of_the_body(body):
    name = signature(body)
    assert name is None or (name in body and name == name.strip() != "")
