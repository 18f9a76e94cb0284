import pytest

from cuishou.facts import facts


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("", []),
        ("请在App还款", ["app"]),
        ("手机银行或任意网点", ["bank", "counter"]),
        ("转入对公账户", ["company_account"]),
        ("转到我个人卡", ["personal_account"]),
        ("可用轉數快繳付", ["fps"]),
        ("至超商繳款", ["shop"]),
        ("支付宝或微信", ["alipay", "wechat"]),
        ("App、App", ["app"]),
        ("自动扣款", ["debit"]),
    ],
)
def test_ways_to_pay(text, ways):
    assert [way.value for way in facts(text).ways_to_pay] == ways


@pytest.mark.parametrize(
    ("text", "products"),
    [("", []), ("您的信用卡账单，信用卡", ["信用卡"]), ("您的車貸已到期", ["車貸"]), ("微粒贷与花呗", ["微粒贷", "花呗"])],
)
def test_products(text, products):
    assert [product.value for product in facts(text).products] == products
