"""Numbers and addresses that point elsewhere: phones, links, cases, contracts, card tails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from cuishou.facts.found import Fact, Phone
from cuishou.facts.reading import Reading

Span = tuple[int, int]

_LINK = re.compile(
    r"https?://[^\s\u2e80-\u9fff\uff00-\uffef<>\"'“”‘’()]{3,300}"
    r"|(?<![A-Za-z0-9@._-])(?:[a-z0-9][a-z0-9-]{0,30}\.){1,4}"
    r"(?:(?:com|cn|net|org|top|xyz|vip|cc|me|tw|hk|io|link|app|ltd|club|site|shop|info|example)(?![a-z0-9.-])"
    r"(?:/[^\s\u2e80-\u9fff\uff00-\uffef<>\"'“”‘’()]{0,200})?"
    r"|[a-z]{2,8}/[^\s\u2e80-\u9fff\uff00-\uffef<>\"'“”‘’()]{1,200})",
    re.IGNORECASE,
)


def find_links(reading: Reading) -> tuple[Fact[str], ...]:
    """Web addresses, with or without ``http``; the address of a mailbox is none."""
    found = []
    for match in _LINK.finditer(reading.text):
        words = match[0].rstrip(".,;:!?，。")
        if any(c.isalpha() for c in words):
            found.append(reading.fact(match.start(), match.start() + len(words), words))
    return tuple(found)


_COURT_CASE = re.compile(
    r"(?:(?:案件?编?号|编号|文号|字号)[为是:：\s]*)?"
    r"(?P<number>(?:[\u4e00-\u9fff]{1,6}?(?:[仲裁调劳]案?字?|字))?"
    r"(?:[(\[]\s?(?:19|20)\d{2}\s?[)\]]|(?<!\d)20\d{2}(?=[\u4e00-\u9fff]{1,4}字))"
    r"[\u4e00-\u9fff]{0,2}\d{0,6}[\u4e00-\u9fff]{0,6}第?[A-Za-z]?[\d*]{1,10}(?:[-之]\d{1,3})?号)"
)
_NAMED_CASE = re.compile(
    r"(?:案件?编号|案件?号|传票\(?编号|案件|本案)(?:[为是:：\s]|编号)*(?P<number>[A-Za-z]{1,8}[- ]?[A-Za-z0-9*/-]{2,30}[A-Za-z0-9*]|\d{4,20})"
    r"|传票.{0,6}?编号[为:：\s]*(?P<writ>[A-Za-z0-9-]{4,30})"
)


def find_cases(reading: Reading) -> tuple[Fact[str], ...]:
    """Case numbers of courts, arbitrators and collectors."""
    found: dict[Span, Fact[str]] = {}
    for pattern in (_COURT_CASE, _NAMED_CASE):
        for match in pattern.finditer(reading.text):
            group = "number" if match["number"] else "writ"
            start, end = match.span(group)
            while match[group].startswith(("案号", "编号", "为", "是")) and reading.text[start : start + 1] in "案号编为是":
                start += 1
            if not any(start < b and a < end for a, b in found):
                found[start, end] = reading.fact(start, end, reading.original[slice(*reading.place(start, end)[:2])])
    return tuple(found[span] for span in sorted(found))


_CONTRACT = re.compile(r"(?:合同|合约|协议|借据|借款|贷款|保单|当票)(?:编号|号码|号|編號)[为是:：\s]{0,2}([A-Za-z0-9*-]{3,40})")
_CARD = re.compile(
    r"(?:(?<!案号)尾号|尾数|末四位|(?<!电话)后四位|卡号末四位|号末四位|卡ending|ending)[为是:：\s]{0,2}(\d{3,4})(?!\d)|\*\*(\d{3,4})(?!\d)",
    re.IGNORECASE,
)


def find_contracts(reading: Reading) -> tuple[Fact[str], ...]:
    """Numbers of contracts, promissory notes and pawn tickets."""
    return tuple(reading.fact(*match.span(1), match[1]) for match in _CONTRACT.finditer(reading.text))


def find_cards(reading: Reading) -> tuple[Fact[str], ...]:
    """The last digits of a card or an account."""
    spans = (match.span(1) if match[1] else match.span(2) for match in _CARD.finditer(reading.text))
    return tuple(reading.fact(*span, reading.text[slice(*span)]) for span in spans)


_DIGITS = re.compile(r"(?<![\dA-Za-z*])\+?\(?\d{1,24}(?:[ \-()]{1,3}\d{1,24}){0,15}(?![\dA-Za-z]*\*)")
_GROUP = re.compile(r"\d+")
_EXTENSION = re.compile(r"\s{0,2}(?:转分机|转|分机|ext\.?)[号:：\s]{0,2}(\d{1,6})(?!\d)", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SERVICE = re.compile(r"[48]00\d{7}|0800\d{6}|09\d{8}")
_LANDLINE = re.compile(r"0\d{9,11}|0[2-8]\d{7,8}")
_SHORT = re.compile(r"(?!96110)9[56]\d{3,4}|100(?:00|01|10|16|86)")
_LOCAL = re.compile(r"[2-9]\d{6,7}|[0-9]\d{7}")
_CALL = re.compile(
    r"(?:电话|致电|来电|回电|拨打?|热线|专线|客服|联系|联络|详询|咨询|洽|打[嚟返回我给]?|找|复|覆|call|tel|whatsapp|手机|微信|加微|V信|座机)[^，。；！？,;!?]{0,12}$",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(
    r"(?:订单|单号|运单|快递|编号|身份证|证号|卡号|账号|账户|帐号|验证码|校验码|合同|合约|尾号|末四位|QQ|编码|码[:：]|牌照|FPS|ID|转数快|支付宝|"
    r"数字钱包|充值(?:话费)?到|收款|打款到|工号|流水|标的|序列|代码|[父母姐妹兄弟哥爸妈妻夫偶子女][:：])[^，。；！？,;!?\d]{0,8}$",
    re.IGNORECASE,
)
_BEFORE = 24


def find_phones(reading: Reading) -> tuple[Phone, ...]:
    """Numbers to call back. An order, identity or card number is none, nor is a number that money is to be sent to."""
    return tuple(phone for match in _DIGITS.finditer(reading.text) for phone in _phones_in(reading, match))


def _phones_in(reading: Reading, match: re.Match[str]) -> Iterator[Phone]:
    """The phones in one run of groups of digits, which may hold other numbers too: the longest that starts first wins."""
    text = reading.text
    groups = [group.span() for group in _GROUP.finditer(text, *match.span())]
    ends = list(accumulate((end - start for start, end in groups), initial=0))
    first = 0
    while first < len(groups):
        for last in range(len(groups) - 1, first - 1, -1):
            start, end = groups[first][0], groups[last][1]
            if ends[last + 1] - ends[first] > 13:
                continue
            number = _phone(text, start, end)
            if number:
                start -= text[max(0, start - 1) : start] == "("
                start -= text[max(0, start - 1) : start] == "+"
                extension = _EXTENSION.match(text, end)
                stop = extension.end() if extension else end
                yield Phone(*reading.place(start, stop), number, extension[1] if extension else None)
                first = last
                break
        first += 1


def _phone(text: str, start: int, end: int) -> str | None:
    """The digits of the phone at ``[start, end)``, None when it is no phone."""
    digits = "".join(_GROUP.findall(text, start, end))
    if text[max(0, start - 1) : start] == "+" and digits.startswith("86"):
        digits = digits[2:] if digits[2:3] in "148" else "0" + digits[2:].lstrip("0")
    before = text[max(0, start - _BEFORE) : start]
    if _NO_PHONE.search(before) or text[end : end + 1] in tuple("元块%万"):
        return None
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    if (_LOCAL.fullmatch(digits) or _SHORT.fullmatch(digits)) and _CALL.search(before):
        return digits
    return None


_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{14,30}[Xx]?(?![\dA-Za-z])")
_LABELLED = re.compile(
    r"(?:工号|编号|单号|订单号?|验证码|校验码|取件码|尾号|卡号|账号|帐号|证号|身份证号?|QQ|微信|V信|学号|牌照号码|当票号码|票号|案号|车组编号|名单编号|标的)"
    r"[为是:：\s]{0,3}[A-Za-z0-9*/-]{2,40}",
    re.IGNORECASE,
)


_PUBLIC_LINE = re.compile(
    r"(?:热线|拨打?|致电|电话|专线)\s?\d{3,5}(?!\d)|(?<![\d.,])(?:96110|123\d\d|110|119|120)(?![\d.,元块万千])"
)


def other_numbers(text: str) -> Iterator[Span]:
    """Spans that look like numbers and are neither sums nor phones: identity and order numbers, codes."""
    for pattern in (_IDENTITY, _LABELLED, _PUBLIC_LINE):
        for match in pattern.finditer(text):
            yield match.span()
