import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.facts import facts, signature
from cuishou.facts.reading import Reading
from cuishou.facts.sender import find_signature


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


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("【重要通知】您的账单已出", None),
        ("【紧急】您的账单已出", None),
        ("[家长]您的孩子已到校", None),
        ("【#机构#】尊敬的{name}", None),
        ("【最后通知】请还款【云杉消金】", "云杉消金"),
        ("您的账单已出【云杉消金】回T退订", "云杉消金"),
        ("您的账单已出【云杉消金】拒收请回复R", "云杉消金"),
        ("【润 达 普 惠】您好", "润达普惠"),
        ("【星\u200b桥】您好", "星桥"),
        ("［天悦·云邸］您好", "天悦·云邸"),
        ("【東嶽銀行】您好", "東嶽銀行"),
    ],
)
def test_headings_are_no_signatures_and_disguises_come_off(body, name):
    assert signature(body) == name


@pytest.mark.parametrize(
    ("body", "sender", "lender", "principal"),
    [
        ("", None, None, None),
        ("今晚一起吃饭吗", None, None, None),
        ("【云杉消金】请还款", "云杉消金", "云杉消金", None),
        ("云杉消金：请还款", "云杉消金", "云杉消金", None),
        ("请还款。云杉消金", "云杉消金", "云杉消金", None),
        ("【启衡催收】请还款", "启衡催收", None, None),
        ("【启衡催收】受南屿银行委托，请还款", "启衡催收", "南屿银行", "南屿银行"),
        ("【朗宁律师事务所】受天合易贷委托，请还款", "朗宁律师事务所", "天合易贷", "天合易贷"),
        ("【启衡催收】委托方：汇石银行，请还款", "启衡催收", "汇石银行", "汇石银行"),
        ("【启衡催收】受贵公司委托", "启衡催收", None, None),
    ],
)
def test_who_writes_and_for_whom(body, sender, lender, principal):
    found = facts(body)
    assert [fact and fact.value for fact in (found.sender, found.lender, found.principal)] == [sender, lender, principal]


@given(st.text("【】[]银行通知催收萬于 A1*\u200b", max_size=12), st.text("【】甲乙退订", max_size=8))
def test_the_short_way_to_a_signature_leads_to_the_same(start, end):
    found = find_signature(Reading("【" + start + "】请还款" + end))
    assert signature("【" + start + "】请还款" + end) == (found.value if found else None)
