import pytest

from cuishou.facts import facts


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("", []),
        ("详询400-000-2211", ["4000002211"]),
        ("打我13800005512", ["13800005512"]),
        ("１３８００００５５１２", ["13800005512"]),
        ("0791-0000314", ["07910000314"]),
        ("(07)000-8877", ["070008877"]),
        ("致電2111-0000轉分機208", ["21110000"]),
        ("+86 138 0000 6677", ["13800006677"]),
        ("请致电 4 0 0 - 0 0 0 - 9 9 0 0", ["4000009900"]),
        ("客服：95000转2", ["95000"]),
        ("021-0000-7788 / 13800004455", ["02100007788", "13800004455"]),
        ("致电13800001234 18:00前", ["13800001234"]),
        ("0800-000-123", ["0800000123"]),
        ("订单13800001234", []),
        ("身份证11010119900307000X", []),
        ("138000000xx", []),
        ("卡号6222000000000000123", []),
        ("2111-0000", []),
        ("QQ 280000123", []),
        ("支付宝转我 138 0000 9821", []),
        ("充值话费到13900007781", []),
        ("1380000551234", []),
        ("拨打110", []),
        ("拨打96110", []),
        ("FPS ID 0000218", []),
        ("电话2026元", []),
    ],
)
def test_phones(text, phones):
    assert [phone.value for phone in facts(text).phones] == phones


def test_extension():
    (phone,) = facts("详询400-000-2211转3。").phones
    assert (phone.value, phone.extension, phone.text) == ("4000002211", "3", "400-000-2211转3")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("", []),
        ("点x3.cn/fq8试算", ["x3.cn/fq8"]),
        ("https://qh.example.com/p/8Ku2 查看", ["https://qh.example.com/p/8Ku2"]),
        ("见www.debt-pay.example查询", ["www.debt-pay.example"]),
        ("http://t.example.cn/a?b=1&c=2，立即", ["http://t.example.cn/a?b=1&c=2"]),
        ("邮箱zh@163.com", []),
        ("欠1,280.50元", []),
        ("lb1.tw/p。", ["lb1.tw/p"]),
    ],
)
def test_links(text, links):
    assert [link.value for link in facts(text).links] == links


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("", []),
        ("案号（2026）云0000民初246号", ["（2026）云0000民初246号"]),
        ("2022执字第A19号", ["2022执字第A19号"]),
        ("案号滨仲(2025)0**2号", ["滨仲(2025)0**2号"]),
        ("穗仲案字（2026）第00088号", ["穗仲案字（2026）第00088号"]),
        ("案件编号：TY-2026-004512", ["TY-2026-004512"]),
        ("案件HY-5510", ["HY-5510"]),
        ("合同编号QH20251108", []),
        ("订单号20260506", []),
    ],
)
def test_case_numbers(text, cases):
    assert [case.value for case in facts(text).case_numbers] == cases


def test_contracts_and_cards():
    found = facts("合同编号QH20251108-00332，尾号3307，账户****8812")
    assert [fact.value for fact in found.contracts] == ["QH20251108-00332"]
    assert [fact.value for fact in found.cards] == ["3307", "8812"]
