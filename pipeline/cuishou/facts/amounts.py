"""Sums of money and what each is said to be."""

from __future__ import annotations

import re
from decimal import Decimal

from cuishou.facts.found import Amount, Currency, Kind
from cuishou.facts.numerals import HAN_NUMERAL, Number, han_number, numbers
from cuishou.facts.reading import Reading

_CURRENCIES: tuple[tuple[str, Currency], ...] = (
    ("人民币|RMB|CNY|¥", "CNY"),
    (r"港币|港元|HKD|HK\$", "HKD"),
    (r"新台币|台币|TWD|NTD|NT\$", "TWD"),
    (r"美元|美金|USD|US\$", "USD"),
    ("欧元|EUR|€", "EUR"),
)
_CURRENCY = "|".join(words for words, _ in _CURRENCIES)
_SIGN = re.compile(rf"(?:{_CURRENCY}|(?P<bare>\$))\s?[:：]?\s?$", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?P<approximate>多|余|出头|来)?\s?(?:(?P<currency>{_CURRENCY})|\(?元\)?(?!旦|月|素|宝)|块(?![石儿地])|圆|蚊|皮(?=嘢))(?:整|正|钱|人民币|嘢)?",
    re.IGNORECASE,
)
_SMALL_CHANGE = re.compile(rf"(?:(?P<jiao>[\d{HAN_NUMERAL}])[角毛])?(?:(?P<fen>[\d{HAN_NUMERAL}])分)?(?:整)?")
_APPROXIMATE_BEFORE = re.compile(r"(?:约|大概|将近|近|差不多)$")
_APPROXIMATE_AFTER = re.compile(r"多(?!次)|余|出头|左右|上下")

#: What is counted and is no money.
_COUNTED = re.compile(
    r"\s?[)）]?\s?(?:[多余来]|几(?!时)|出头)?\s?(?:[%‰°%天日号月年期次笔个人条户家份件名位点时秒周星折倍级岁公米斤度吨页层楼栋单封张台套辆只头颗粒平厘届届室栋字词通句遍本届门场道届群组队批股寸尺里亩届线站路弄巷段股届轮]|分(?!期)|小时|分钟|国|块屏|[A-Za-z/\-*×:：]|\.\d)"
)
#: Words after which a bare number is money, and words before which it is.
_MONEY_BEFORE = re.compile(
    r"(?:欠|争|还|差|借|扣|交|付|缴|供|补|转|存|充|送|清|罚|赔|拿|返|减|首付|首其|末其|收|收到|取|打款|汇|花|金额|本金|利息|罚息|违约金|余额|合计|总额|共计?|费|款|账单|应收|凑个?整?|凑|剩|就是|抵|给|入账|"
    r"到手|滚到|滚|算|贷|算你|租|报价?|供款|标的额|修车|打个?|代偿|付清|最低|押金|下期|期)"
    r"[^\d，。,；;!！?？、]{0,5}$"
)
_MONEY_AFTER = re.compile(
    r"\s?(?:利息|的罚款|再不|都不|不还|没还|还没|什么时候|啥时|先还|还清|结清|到期|逾期|已逾期|未还|不交|的(?:账|钱|债|借款|贷款|货款)|借款|贷款|再拖|要还|拿来|给我|还给|打过来|到账|整|合同)"
)
_MONEY_RIGHT_BEFORE = re.compile(r"(?:欠|差|扣|付|交|缴|借|送|充|存|收)(?:[你我他您]|了)?\s?$")
_GIVEN = re.compile(r"[^\d，。,；;!！?？]{0,4}(?:金额|逾期金额|本金|余额|合计|利息|违约金|罚息)\s?(?:\(元\))?[:：]\s?$")

#: What each kind is called. The name that stands nearest before the sum says what it is.
_NAMES: tuple[tuple[Kind, str], ...] = (
    ("minimum", r"min(?:imum)? payment|最低(?:还款|应[还缴]|[还缴]款?)?(?:金?额)?"),
    ("principal", r"本金|借(?:给?[你您我他]|的|了|走|款(?!合|人|的分|本息|资产))|贷款(?!本息|合计|余额|已|[将还到第])|欠条借的|合同金额|放款|融资额|养牛的|盖房的|妇女贷|从我这拿的|透支本金|给你拿了|批核并过数"),
    ("fee", r"逾期费|(?:罚|利|付|年)?息费?(?!前|后|率)|违约金|滞纳金|手续费|[^消免缴浪花收经扣计保生欠餐运学话电税免]费(?!款|分|金|贷|者|用户|信|率|及|后)|费用|罚金"),
    (
        "total",
        r"结?欠费?|尚欠|合计|总[额计共]?|共计?|连本带息|本息(?:合计)?|结清|[还付缴清]清|清[缴付]|结余|余[额款](?!不足|宝)|剩余|账单|全款|债务|一次性还|委案金额|争(?:我|你|我[哋们])?|爭",
    ),
    ("instalment", r"[本今当每下一首末][期其]|每个?月|月[供还付]|第\s?\d{1,3}(?:/\d{1,3})?[期其]|第[一二三四五六七八九十]{1,3}期|供款|[本这]月(?!底)|\d月应缴|第\d季|本qi|今个月份|分\d{1,2}期"),
    ("unknown", r"已[还收缴付]|实[到拿收]|到手|应还|待还|还款|逾期金?额?款?|减免|额度|还$|[转充付存收扣](?!款日)|[账帐]?户?余额仅|公积金|缴费|取款|消费|借贷平台"),
)  # fmt: skip
_NAMED = re.compile("|".join(f"(?P<{kind}{number}>{words})" for number, (kind, words) in enumerate(_NAMES)))
_NAME_AFTER = re.compile(
    r"(?:整|块钱)?的?\s?(?:(?P<principal>(?:个人)?贷款(?!利|合)|借款)|(?P<fee>利息|滞纳金|违约金|[\u4e00-\u9fff]{0,3}费(?!用|后))|(?P<total>(?:一次性)?[结还付]清)|(?P<contract>合同))"
)
_CARD_STATEMENT = re.compile("信用卡|白金卡|金卡|卡(?:账单|友|号|片|中心|数)|银行")
_DEBT = re.compile("[欠贷债]|分期|逾期|还款|应还")
_SUMS = ("合计", "总计", "总额", "共计", "共", "总")
#: A clause that goes on about what the one before named.
_CARRIES_ON = re.compile(r"\s?(?:金额|累计|合计|已达|约|仅需|应还|应缴|还款|您?自付|定于|需|[于在]?\d|$|RMB|¥)")
_REACH = 30


def find_amounts(reading: Reading, taken: bytearray) -> tuple[Amount, ...]:
    """All sums of money in the order of the text; ``taken`` marks the places that mean something else."""
    text = reading.text
    found: list[Amount] = []
    ended, kind_before = 0, None
    for number in numbers(text):
        if any(taken[number.start : number.end]) or number.start < ended:
            continue
        sum_ = _sum(text, number)
        if sum_ is None:
            continue
        start, end, value, currency, approximate = sum_
        kind = _kind(text, ended, start, end, kind_before)
        found.append(Amount(*reading.place(start, end), value, kind, currency, approximate))
        ended, kind_before = end, kind
    return tuple(found)


def _sum(text: str, number: Number) -> tuple[int, int, Decimal, Currency | None, bool] | None:
    """The number as a sum with its sign and unit: start, end, value, currency, whether approximate; None when it is no money."""
    sign = _SIGN.search(text, max(0, number.start - 6), number.start)
    unit = _UNIT.match(text, number.end)
    if unit and unit[0].endswith("块") and not unit["approximate"] and number.value == 1 and number.form == "han":
        unit = None  # 一块: together
    value, end = number.value, number.end
    approximate = bool(_APPROXIMATE_BEFORE.search(text, max(0, number.start - 3), number.start))
    if not value or not (sign or unit or _is_money(text, number)):
        return None
    if unit:
        approximate |= unit["approximate"] is not None
        end = unit.end()
        if unit[0].startswith("皮"):
            value *= 10_000
        change = _SMALL_CHANGE.match(text, end)
        whole = value == value.to_integral_value()  # 2398.44元一分未动 has its fen already
        if change and change[0] not in ("", "整") and whole:
            value += (_digit(change["jiao"]) * 10 + _digit(change["fen"])) / Decimal(100)
            end = change.end()
    elif after := _APPROXIMATE_AFTER.match(text, end):
        approximate, end = True, after.end()
    words = (unit and unit["currency"]) or (sign[0] if sign else "")
    start = sign.start() if sign else number.start
    return start, end, value, _currency(words), approximate


def _digit(character: str | None) -> int:
    return (int(character) if character.isdecimal() else han_number(character) or 0) if character else 0


def _currency(words: str) -> Currency | None:
    return next((currency for pattern, currency in _CURRENCIES if re.match(pattern, words, re.IGNORECASE)), None)


def _is_money(text: str, number: Number) -> bool:
    """Whether a number without sign or unit is money, by how it is written and by the words around it."""
    if number.form == "spaced" or number.value < 10 or _COUNTED.match(text, number.end):
        return False
    before = text[max(0, number.start - 12) : number.start]
    if (before[-1:].isalnum() and before[-1:].isascii()) or before[-1:] in ("*", "/", "-", "#", "_"):
        return False
    if _GIVEN.search(before):
        return True
    if number.form == "grouped" or (number.form == "plain" and re.search(r"\.\d\d$", text[number.start : number.end])):
        return True
    if number.unit >= 1000 and not before.endswith(("第", "成")):
        return True
    if number.form == "plain" and number.unit == 1:
        digits = text[number.start : number.end]
        if len(digits) > 8 or re.match("0\\d", digits):
            return False
        if number.value < 100 and "." not in digits and not _MONEY_RIGHT_BEFORE.search(before):
            return False
    if number.form == "han" and number.unit < 100:
        return False
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(text, number.end))


def _kind(text: str, ended: int, start: int, end: int, before: Kind | None) -> Kind:
    """What the sum at ``[start, end)`` is: by the nearest name before it in its clause, then by the name right after it."""
    window = text[max(ended, start - _REACH) : start]
    if ended and before and re.fullmatch(r"\s?[、和及与或]\s?", window):
        return before
    sentence = re.split("[。；;！!？?\n]", window)[-1]
    clause = re.split("[，,]", sentence)[-1]
    kind = _named(clause) or ("unknown" if not _CARRIES_ON.match(clause) else _named(sentence)) or "unknown"
    if kind == "unknown" and (after := _NAME_AFTER.match(text, end)):
        kind = "principal" if after.lastgroup == "contract" else after.lastgroup  # type: ignore[assignment]
    if kind == "total" and "账单" in sentence and re.search("[本今]期|分期", sentence) and not _CARD_STATEMENT.search(text):
        return "instalment"
    if kind == "total" and "余额" in clause and not _DEBT.search(text):
        return "unknown"
    return kind


def _named(words: str) -> Kind | None:
    """The kind that the last name in ``words`` says; 利息合计 is a fee."""
    names: list[tuple[Kind, re.Match[str]]] = [(match.lastgroup[:-1], match) for match in _NAMED.finditer(words)]  # type: ignore[misc, index]
    if not names:
        return None
    kind, match = names.pop()
    while names and names[-1][1].end() >= match.start() - 1:
        before, earlier = names.pop()
        if kind == "unknown" or (kind == "total" and match[0] in _SUMS and (before == "fee" or earlier[0] == "本金")):
            kind = before
        elif earlier[0].startswith("本息"):  # 本息罚金合计
            kind = "total"
        match = earlier
    return None if kind == "unknown" else kind
