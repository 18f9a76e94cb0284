"""Who writes, and for whom: the signature 【…】, a name in the text, the principal of 受…委托."""

from __future__ import annotations

import re
from functools import lru_cache

from cuishou.facts.found import Fact
from cuishou.facts.reading import Reading

_AT_START = re.compile(r"\s*[【\[]([^【】\[\]\n]{1,24})[】\]]")
#: The commonest signature, which needs no reading.
_PLAIN_START = re.compile(r"【([\u4e00-\u9fff]{1,24})】")
_AT_END = re.compile(
    r"【([^【】\n]{1,24})】\s*(?:(?:回复?|拒收请?回复?|退订请?回复?)\s*[A-Za-z0-9]{1,4}\s*(?:退订|拒收)?|退订[A-Za-z]{0,2})?[。.]?\s*$"
)
#: What stands in brackets and names nobody.
_HEADING = re.compile(
    r"[\W\d_]*(?:重要|紧急|特急|加急|最后|最终|温馨|友情|还款|账单|到期|逾期|催收|催款|催告|到庭|开庭|停电|停水|律师|法律|立案|起诉|第.次)*"
    r"(?:通知|提醒|提示|公告|告知|警告|预警|通告|消息|短信)?[书函单]?[\W\d_]*|家长|家属|业主|同学|客户|本人|收件人|[^#{}]*[#{}$].*"
)

_ORGANISATION = (
    r"(?:银行|信用社|农信|农商行|农合行|消费金融|消金|小额?贷款?|信贷|易贷|车贷|网贷|借款|快贷|速贷|钱包|分期|金融|金服|金控|汽金|金租|资管|资产|资产管理|"
    r"财务|融资|资融|信托|典当|大押|保险|财险|数科|科技|信服|征信|银号|担保|支付宝|商户|信管|律师事务所|律师楼|法律事务所|催收中心|借条|花呗|白条)"
)
_PREFIXED = re.compile(
    rf"[\s“\"]*([\u4e00-\u9fff]{{1,12}}?{_ORGANISATION})(?:信用卡|卡中心|信用卡中心|公司)?"
    r"(?=[：:，,“\"]|温馨|友情|提醒|提示|提提|通知|客服|来信|来函|法务|法律|零贷|还款)"
)
_SUFFIXED = re.compile(rf"(?:^|[。！!?？，,\s])([\u4e00-\u9fff]{{1,12}}?{_ORGANISATION})(?:信用卡中心)?[。.]?\s*$")
_SUFFIX_REACH = 24

#: No name has these in it: the words around a name were taken for one.
_NO_NAME = re.compile("[想您你我他她的了在无不已该某没]|^贵|根据|债权|最大|^合作|^通信公|^本|机构$|应诉")

_NAME = r"[^\s，,。：:；;（）()【】\"“”]{2,20}?"
_PRINCIPAL = (
    re.compile(rf"受(?:债权人)?[~～\s]*({_NAME})[~～\s]*的?(?:委托|委任)"),
    re.compile(rf"^\s*【?({_NAME}{_ORGANISATION})委托"),
    re.compile(rf"(?:委托方|委托人|债权人)(?:[：:]\s*|为[“\"]?)({_NAME})(?=[\s，,。；;”\"】]|$)"),
    re.compile(rf"代理({_NAME}{_ORGANISATION})"),
)
_NOT_OF_A_NAME = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])"
)

#: Those who collect for others; their own name is no lender's.
_COLLECTOR = re.compile(
    "催收|催告|清收|律师|法律|法务|外包|委外|调解|仲裁|法院|检察|公安|公证|警|收账|收数|贷后|信管|资管|资产管理|资产$|数科|科技|信服"
)


def signature(body: str) -> str | None:
    """The sender's own name in 【…】 at the start or the end of a message; None where there is none."""
    if "】" not in body and "]" not in body and "］" not in body:
        return None
    if (match := _PLAIN_START.match(body)) and _is_plain_name(match[1]):
        return match[1]
    found = find_signature(Reading(body))
    return found.value if found else None


@lru_cache(maxsize=4096)
def _is_plain_name(name: str) -> bool:
    """Whether ``name``, of Han alone, reads as it is written and is no heading."""
    return Reading(name).text == name and not _HEADING.fullmatch(name)


def find_signature(reading: Reading) -> Fact[str] | None:
    """The name in brackets; a heading in brackets (【重要通知】) is none."""
    for match in (_AT_START.match(reading.text), _last_brackets(reading.text)):
        if match and not _HEADING.fullmatch(match[1].strip()):
            start, end = _inner(match)
            if start < end:
                first, last, words = reading.place(start, end)
                return Fact(first, last, words, _plainly(words))
    return None


def _last_brackets(text: str) -> re.Match[str] | None:
    """The signature at the end, sought in the last characters only."""
    opening = text.rfind("【", max(0, len(text) - 80))
    return _AT_END.match(text, opening) if opening >= 0 else None


def _inner(match: re.Match[str]) -> tuple[int, int]:
    inside = match[1]
    start = match.start(1) + len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


def _plainly(name: str) -> str:
    """Without spaces between Han and without what cannot be seen."""
    return _NOT_OF_A_NAME.sub("", name)


def find_sender(reading: Reading, signed: Fact[str] | None) -> Fact[str] | None:
    """Who writes: the signature, else an institution named at the start or the end."""
    if signed:
        return signed
    text = reading.text
    tail = max(0, len(text) - _SUFFIX_REACH)
    for match in (_PREFIXED.match(text), _SUFFIXED.search(text, tail)):
        if match and not _NO_NAME.search(match[1]):
            return reading.fact(*match.span(1), reading.kept(*match.span(1)))
    return None


def find_principal(reading: Reading) -> Fact[str] | None:
    """On whose behalf somebody writes (受…委托, 委托方：…)."""
    for pattern in _PRINCIPAL:
        if (match := pattern.search(reading.text)) and not _NO_NAME.search(match[1]):
            return reading.fact(*match.span(1), reading.kept(*match.span(1)))
    return None


_LENDER = re.compile(f"{_ORGANISATION}|[贷借花付呗]$|普惠$")


def find_lender(sender: Fact[str] | None, principal: Fact[str] | None) -> Fact[str] | None:
    """Whose money it is said to be: the principal, else the sender unless it collects for others."""
    if principal:
        return principal
    if sender is None:
        return None
    name = Reading(sender.value).text
    return sender if _LENDER.search(name) and not _COLLECTOR.search(name) else None
