from decimal import Decimal

import pytest

from cuishou.facts import facts


def amounts(text: str) -> list[tuple[str, str]]:
    return [(amount.kind, f"{amount.value.normalize():f}") for amount in facts(text).amounts]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("欠款三千六百元", [("total", "3600")]),
        ("欠我的壹万贰仟元整", [("total", "12000")]),
        ("最低还款额RMB 617.28", [("minimum", "617.28")]),
        ("本期应还289.01元", [("instalment", "289.01")]),
        ("本金:1000 利息:36.5 合计:1036.5", [("principal", "1000"), ("fee", "36.5"), ("total", "1036.5")]),
        ("本息罚金合计玖仟捌佰柒拾陆元伍角肆分", [("total", "9876.54")]),
        ("利息合计87.24元", [("fee", "87.24")]),
        ("两期2,398.44元一分未动", [("unknown", "2398.44")]),
        ("加收850块调解费", [("fee", "850")]),
        ("欠4万8", [("total", "48000")]),
        ("借我嗰三皮嘢", [("principal", "30000")]),
        ("應繳總額NT$8,460，最低應繳NT$846", [("total", "8460"), ("minimum", "846")]),
        ("3500再不还", [("unknown", "3500")]),
        ("您的借款1,500元和800元到期", [("principal", "1500"), ("principal", "800")]),
    ],
)
def test_amounts_with_their_kind(text, found):
    assert amounts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "验证码583920",
        "验证码 583920，5分钟内有效",
        "订单号202605068812340001",
        "身份证11010119900307000X",
        "尾号3307",
        "逾期47天",
        "13800005512",
        "第3期",
        "24期",
        "利率7.2%",
        "积分12,000分",
        "2026年5月6日",
        "电话0791-0000314",
        "合同编号QH20251108",
        "8人小班",
        "一块还吧",
        "千万别还",
        "万一",
        "案号（2026）云0000民初246号",
        "取件码 73820041",
        "拨打110报警",
        "0元试用",
        "请于18:00前",
        "工号0913",
    ],
)
def test_other_numbers_are_no_amounts(text):
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("欠500元", None),
        ("欠¥500", "CNY"),
        ("欠HK$500", "HKD"),
        ("欠新台幣500元", "TWD"),
        ("欠$500", None),
        ("欠500美元", "USD"),
        ("欠500块", None),
    ],
)
def test_currency_only_where_it_is_said(text, currency):
    assert [(amount.value, amount.currency) for amount in facts(text).amounts] == [(Decimal(500), currency)]


@pytest.mark.parametrize(
    ("text", "approximate"), [("还差三百多", True), ("欠款1万出头", True), ("约540元", True), ("欠三百元", False)]
)
def test_approximate(text, approximate):
    assert [amount.approximate for amount in facts(text).amounts] == [approximate]


def test_sums_are_not_added_up():
    assert amounts("本金1,000元，利息50元") == [("principal", "1000"), ("fee", "50")]
