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
        ("可用支付宝或微信还款", ["alipay", "wechat"]),
        ("还款方式：微信、支付宝", ["wechat", "alipay"]),
        ("请把钱转到支付宝，微信", ["alipay", "wechat"]),
        ("转我微信", ["personal_account"]),
        ("支付宝或微信", []),
        ("将冻结微信支付宝", []),
        ("冻结你名下的微信支付宝，请今天还款", []),
        ("微信支付宝已被限制收款", []),
        ("再不还款，微信支付宝全部冻结", []),
        ("加我微信详谈", []),
        ("保证金转至承办人微信", ["wechat"]),
        ("您的微信、支付宝支付功能将被关闭", []),
        ("看到微信回一下", []),
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
