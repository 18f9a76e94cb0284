"""How to pay, and for what: ways to pay and products."""

from __future__ import annotations

import re

from cuishou.facts.found import Fact, Way
from cuishou.facts.reading import Reading

_WAYS: tuple[tuple[Way, str], ...] = (
    (
        "personal_account",
        r"(?:我|个人|私人|本人|同事.{0,8}|经理.{0,4}|主管.{0,4})(?:的)?(?:账?户口?|银行卡|私?人?卡(?![^，。]{0,4}都别)|收款码|微信|支付宝)|私(?:人)?[码户]",
    ),
    ("company_account", r"对公账?户|公司账户|公司户口|监管账户|专用账户|虚拟账号|原还款账户"),
    ("debit", r"自动(?:扣款|代扣|扣收|划扣|转账|还款)|代扣|扣款(?:卡|账户)|绑定的?(?:自动还款)?(?:账户|银行卡)|供款户口"),
    ("app", r"(?:手机)?APP|[客应]户端|应用内|小程序|公众号"),
    ("bank", r"手机银行|网上?银行?(?!点)|网银|网上理财"),
    ("counter", r"柜台|柜面|营业厅|网点|ATM|邮政局"),
    ("fps", r"转数快|FPS"),
    ("shop", r"超商|便利店|条码"),
    ("wechat", r"微信(?!提醒|群|通知|号|语音)"),
    ("alipay", r"支付宝"),
    ("code", r"(?:收款|还款|付款|二维)码|扫码"),
    ("cash", r"现金(?!贷|分期|流)"),
)
_WAY = re.compile("|".join(f"(?P<{way}>{words})" for way, words in _WAYS), re.IGNORECASE)

#: What is a way to pay only where money is spoken of: one writes and shops with them too, and a threat is to freeze them.
_PURSE = re.compile("(?:微信|支付宝)$")
_PAYING = re.compile(
    "还[款清钱上给]|归还|偿还|[付缴]|交[款钱费清]|汇[款到给入]|支付|转(?:[账帐到给入至过我钱]|$)|[元金][到至]|支持|打[款到钱给入过]|收[款钱]|存[入进到]|充值|扫[码一]|结清"
)
_BARRED = re.compile("冻结|查封|封[停号禁锁]|限制|停用|禁用|注销|解封|扣押|关[闭停]|无法|不能")
_STOPS = "，。；！？,;!?\n"
_NEAR = 12

_PRODUCT = re.compile(
    "信用卡|微粒贷|花呗|借呗|京东白条|白条|美团月付|月付|先[享用买]后付|助学贷款|就学贷款|房贷|按揭|住房贷款|车贷|汽车贷款|税贷|税务贷款|消费贷款?|"
    "经营贷款?|农户贷款|组合贷款|商铺贷款|流水贷|私人贷款|信贷|现金贷|网贷|教育分期|培训分期|租房贷|租金贷|医疗分期|卡数|结余转户|透支"
)


def find_ways(reading: Reading) -> tuple[Fact[Way], ...]:
    """Ways to pay that the text names, each once."""
    found: dict[Way, Fact[Way]] = {}
    for match in _WAY.finditer(reading.text):
        way: Way = match.lastgroup  # type: ignore[assignment]
        if way not in found and (not _PURSE.search(match[0]) or _pays(reading.text, *match.span())):
            found[way] = reading.fact(*match.span(), way)
    return tuple(found.values())


def _pays(text: str, start: int, end: int) -> bool:
    """Whether money is paid by the purse at ``[start, end)``: the words before it or the rest of its clause say so."""
    before = text[max(0, start - _NEAR) : start]
    opened = max(before.rfind(stop) for stop in _STOPS) + 1
    after = re.split(f"[{_STOPS}]", text[end : end + _NEAR], maxsplit=1)[0]
    if _BARRED.search(before[opened:] + after):
        return False
    return bool(_PAYING.search(before.replace("支付宝", "")) or _PAYING.search(after.replace("支付宝", "")))


def find_products(reading: Reading) -> tuple[Fact[str], ...]:
    """Names of credit products, each once."""
    found: dict[str, Fact[str]] = {}
    for match in _PRODUCT.finditer(reading.text):
        if match[0] not in found:
            found[match[0]] = reading.fact(*match.span(), reading.kept(*match.span()))
    return tuple(found.values())
