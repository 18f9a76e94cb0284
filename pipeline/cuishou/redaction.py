"""A case that can be shown to others: stand-ins for names, numbers, identity and card numbers, the same one for the same thing.

Numbers are found by their shape, names by what stands around them, and not all of those are: who shares a case reads it first and
names the rest. Signatures and the public numbers of services stay: they say who sends, and are nobody's own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cuishou.backup import ImportReport, Loss
from cuishou.case import Case, Finding
from cuishou.message import Message, Tagging
from cuishou.surnames import SURNAME, SURNAMES

NAMES = {
    "zh": {
        "name": "姓名",
        "number": "号码",
        "id": "证件号",
        "card": "卡号",
        "tail": "尾号",
        "case": "案号",
        "code": "编号",
        "link": "链接",
        "mail": "邮箱",
        "account": "账号",
        "amount": "金额",
        "sim": "卡",
        "address": "地址",
    },
    "en": {
        "name": "name-",
        "number": "number-",
        "id": "id-",
        "card": "card-",
        "tail": "tail-",
        "case": "case-",
        "code": "code-",
        "link": "link-",
        "mail": "mail-",
        "account": "account-",
        "amount": "amount-",
        "sim": "sim-",
        "address": "address-",
    },
}

#: Numbers that the public knows: carriers, banks, authorities, hotlines.
_PUBLIC = re.compile(r"(?:95\d{3,6}|12\d{3}|100\d{2}|1[12]\d|[48]00\d{7})")
_STAR = r"[*＊×✱•]"
#: A character of a place's name: none of those that stand between a place and what is done there.
_PLACE = r"[^\W\d_A-Za-z到在往去至从于是为向将已会了我你您他她它们及和与或及有被的址住居籍]"
#: A road or an estate with a number of a house, and what stands before and behind it. A place without a number is nobody's home.
_ADDRESS = (
    rf"(?!地点|停电|家庭)(?:{_PLACE}{{2,6}}?(?:省|自治区))?(?:{_PLACE}{{2,6}}?[市州盟])?(?:{_PLACE}{{1,6}}?[区县旗])?(?:{_PLACE}{{1,5}}?(?:街道|镇|乡))?"
    rf"{_PLACE}{{1,8}}?(?:大道|路|街|巷|弄|胡同|里|(?<!通)道|村|屯|小区|花园|家园|新村|公寓|大厦|广场|苑|园|府|城|湾|庄|寨)"
    r"(?:[东南西北中]?[一二三四五六七八九十\d]{0,3}[段期区])?"
    r"(?:第?[A-Za-z]?\d{1,5}(?:[-－]\d{1,5}){0,3}(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|户|门|组)(?![码线]))"
    r"(?:[A-Za-z]?\d{1,5}(?:[-－]\d{1,5}){0,3}(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|户|门|组)?"
    r"|[A-Z甲乙丙丁东南西北](?:栋|幢|座|单元|楼|区)){0,5}"
)
#: In order: what is told by more comes first. The group of the pattern's own name is what is replaced.
_SHAPES = (
    ("address", _ADDRESS),
    ("case", r"[（(〔\[]\s*\d{4}\s*[）)〕\]]\s*[\u4e00-\u9fff]{1,3}\d{0,6}[\u4e00-\u9fff]{1,4}第?\d+(?:[-之]\d+)?号"),
    ("mail", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    ("link", r"(?:https?://)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}[/?#](?P<_link>[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+)"),
    (
        "account",
        r"(?i:微信|威信|vx|wx|wechat|qq|支付宝|钉钉)号?\s*(?:[是为]|[:：])?\s*(?P<_account>[A-Za-z0-9][A-Za-z0-9_-]{4,19})",
    ),
    ("id", rf"(?<![0-9A-Za-z])(?:[1-9]\d{{16}}[\dXx]|[1-9]\d{{0,5}}{_STAR}{{6,}}\d{{0,4}}[\dXx]?)(?![0-9A-Za-z])"),
    ("number", rf"(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:[- ]?[\d]{{4}}[- ]?\d{{4}}|{_STAR}{{4}}\d{{4}})(?!\d)"),
    ("number", r"(?<![\d-])(?:0\d{2,3}[- ]?|[（(]0\d{2,3}[）)][- ]?)[2-9]\d{6,7}(?:-\d{1,6})?(?!\d)"),
    ("number", r"(?<![\d-])106\d{5,17}(?!\d)"),
    ("card", rf"(?<!\d)(?:[3-6]\d{{3}}(?:[- ]?\d{{4}}){{2,3}}[- ]?\d{{1,7}}|[3-6]\d{{3,5}}{_STAR}{{4,}}\d{{4}})(?!\d)"),
    ("tail", r"(?:尾[号数]|末四位|后四位|[账帐][户号](?=\s*\d{4}(?![\d.,，元块年])))(?:[为是]|[:：])?\s*(?P<_tail>\d{3,4})(?!\d)"),
    (
        "code",
        r"(?<![0-9A-Za-z.,¥￥])(?=[0-9A-Za-z-]*\d{4})[A-Za-z]{0,8}-?\d[0-9A-Za-z-]{5,}(?![0-9A-Za-z]|[.,]\d|\s*[余多]?[元块万])",
    ),
)
_AMOUNT = (
    "amount",
    r"(?:[¥￥]|(?:人民币|RMB)\s*)\d[\d,，]*(?:\.\d+)?|\d[\d,，]*(?:\.\d+)?\s*[余多]?[百千万亿]*\s*[余多]?(?:元|块)"
    r"|[零〇一二两三四五六七八九十百千万亿]+[余多]?(?:元|块)",
)
#: A day is no number of anybody's. A year far off is no day: six digits of a code look like one.
_DAY = re.compile(r"(?:19\d|20[0-4])\d[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\d|3[01])")

_GIVEN = r"[\u4e00-\u9fff]{1,2}"
#: What is no name where one could stand.
_WORD = (
    r"谢谢|顾客|马上|申请|任何|任务|余额|余款|钱款|严重|程序|方案|高额|高风|董事|万元|万一|方便|方式|何时|何况|"
    r"白金|白条|金[卡额条融牌]|陆续|许多|于是|向您|范围|施压|季度|温馨|尚未|申报|管理|付款|孔子|武汉|江苏|江西|石油|石榴|龙卡|"
    r"周[一二三四五六日末]|白天|白鹭|祝|孙子|金[橘瓢盏穗]"
)
_TITLE = r"先生|女士|小姐|太太|同志|师傅"
#: Offices, which other words stand before as well: 向律师咨询 names nobody.
_OFFICE = r"专员|经理|主管|主任|律师|老师|警官|法官|组长|队长"
_NO_NAME = "向于付任方金"
_BEFORE = (
    r"尊敬的|您好|你好|本人|借款人|债务人|欠款人|被告人?|当事人|被执行人|被申请人|客户|用户|姓名|联系人|担保人|"
    r"朋友|同事|亲属|家人|父亲|母亲|老公|老婆|丈夫|妻子|儿子|女儿|哥哥|姐姐|弟弟|妹妹|户主|户名|收款人"
)
_AFTER = r"(?=[\s，。、,.!！?？:：;；（）()】」”\"]|$|的|名下|在|于|已|因|欠|借|逾期|拖欠|本人|身份证|手机|电话)"
#: A given name, and no title in its place.
_OWN = rf"(?!{_TITLE}|{_OFFICE}|老板|同学|阿姨|大爷|大叔|大哥|校长|某)[^\W\d_A-Za-z欠还转让在的了您你]{{1,2}}"
#: By what stands around a name. What is masked already is replaced too: it still tells the surname.
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<name>{SURNAME}{_GIVEN}?)(?={_TITLE})",
        rf"(?:{_BEFORE})[\s，,：:]*(?P<name>(?!{_WORD}){SURNAME}{_GIVEN}){_AFTER}",
        # as messages begin: 【甲公司】王小明，您的…  【甲公司】王小明您好  尊敬的王小明客户
        rf"】\s*(?P<name>(?!{_WORD}){SURNAME}{_OWN})(?=\s*[，,：:]|\s*[您你])",
        rf"^\s*(?P<name>(?!{_WORD}){SURNAME}{_OWN})(?=\s*[，,：:]\s*[您你]|\s*[您你])",
        rf"尊敬的\s*(?P<name>(?!{_WORD}){SURNAME}{_OWN})(?=客户|用户|会员|业主|车主|家长|[您你])",
        rf"(?P<name>(?<![\u4e00-\u9fff])[{SURNAMES}](?:{_STAR}{{1,2}}[\u4e00-\u9fff]?|某{{1,2}})(?![\u4e00-\u9fff某]))",
        rf"(?P<name>[{SURNAMES}]{_STAR}{{1,2}}[\u4e00-\u9fff]?)(?={_TITLE}|[\s，。、,：:])",
    )
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """What to hide. ``names`` are those that the reader found; amounts stay unless told otherwise, for they are the matter."""

    language: str = "zh"
    names: tuple[str, ...] = ()
    amounts: bool = False


def redact(case: Case, redaction: Redaction) -> Case:
    """``case`` with stand-ins in every text, number and file name; tags, times and spans stay with their words.

    :attr:`Case.replaced` says how many people, numbers and so on were given one.
    """
    given = _given_names(redaction.names)
    standins = _StandIns(redaction, given)
    bodies = [finding.message.body for finding in case.findings]
    contacts = [finding.message.contact for finding in case.findings if finding.message.contact]
    names = {*redaction.names, *given, *(name for name in contacts if len(name) > 1 and not _is_number(name))}
    shapes = _shapes(redaction, names | set(_names_in(bodies)))
    files = {source: f"backup-{place}" for place, source in enumerate(dict.fromkeys(report.source for report in case.reports), 1)}
    findings = [_finding(finding, standins, shapes, files) for finding in case.findings]
    return replace(
        case,
        findings=findings,
        reports=[_report(report, files) for report in case.reports],
        skipped=[f"file-{place}" for place, _ in enumerate(case.skipped, 1)],
        redacted=True,
        replaced=standins.counted,
    )


def unmet(case: Case, names: Collection[str]) -> list[str]:
    """Those of ``names`` that stand nowhere in ``case``, in full or by the given name alone: mistyped, perhaps."""
    texts = [text for finding in case.findings for text in (finding.message.body, finding.message.contact or "")]
    alone = {full: given for given, full in _given_names(names).items()}
    return [name for name in names if not any(name in text or alone.get(name, name) in text for text in texts)]


def _given_names(names: Iterable[str]) -> dict[str, str]:
    """By the given name alone, where it has two characters: the full name that the reader found."""
    found = ((re.fullmatch(rf"{SURNAME}([\u4e00-\u9fff]{{2}})", name), name) for name in names)
    return {match[1]: name for match, name in found if match}


class _StandIns:
    """Gives out stand-ins, numbered in the order in which things are first met."""

    def __init__(self, redaction: Redaction, given_names: Mapping[str, str]) -> None:
        self._words = NAMES[redaction.language]
        self._full = given_names
        self._given: dict[tuple[str, str], str] = {}
        self.counted: dict[str, int] = {}

    def of(self, kind: str, value: str) -> str:
        key = kind, _key(kind, self._full.get(value, value) if kind == "name" else value)
        if key not in self._given:
            self.counted[kind] = self.counted.get(kind, 0) + 1
            self._given[key] = f"{self._words[kind]}{self.counted[kind]}"
        return self._given[key]

    def number(self, address: str) -> str:
        """For a sender's number; a name in its place is a name."""
        if not address or _PUBLIC.fullmatch(_key("number", address)):
            return address
        return self.of("number" if _is_number(address) else "name", address)


def _key(kind: str, value: str) -> str:
    """What makes two writings of a thing the same thing."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value))
    return re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$|106|0\d)|[-()]", "", plain) if kind == "number" else plain.casefold()


def _is_number(address: str) -> bool:
    return re.fullmatch(r"[+\d\s()*-]+", unicodedata.normalize("NFKC", address)) is not None


def _names_in(bodies: Iterable[str]) -> Iterator[str]:
    """Names that can be told by what stands around them; found once, they are known everywhere."""
    for body in bodies:
        for pattern in _NAMED:
            yield from (found["name"] for found in pattern.finditer(body) if len(found["name"]) > 1)


def _shapes(redaction: Redaction, names: Collection[str]) -> re.Pattern[str]:
    """All that is to be replaced as one pattern, so that nothing is replaced twice."""
    listed = "|".join(re.escape(name) for name in sorted(filter(None, names), key=lambda name: (-len(name), name)))
    parts = [*_SHAPES, *([_AMOUNT] if redaction.amounts else [])]
    patterns = [f"(?P<{kind}{place}>{pattern})" for place, (kind, pattern) in enumerate(parts)]
    patterns += [f"(?P<name{len(parts)}>{listed})"] if listed else []
    patterns.append(rf"(?P<name{len(parts) + 1}>{SURNAME}(?={_TITLE})|(?![{_NO_NAME}]){SURNAME}(?={_OFFICE}))")
    return re.compile("|".join(patterns))


def _finding(finding: Finding, standins: _StandIns, shapes: re.Pattern[str], files: dict[str, str]) -> Finding:
    message = finding.message
    address = standins.number(message.address)  # whoever writes is met before what is written
    body, moved = _replaced(message.body, standins, shapes)
    hidden = Message(
        body=body,
        address=address,
        direction=message.direction,
        received_at=message.received_at,
        sent_at=message.sent_at,
        contact=standins.number(message.contact) if message.contact else message.contact,
        sim=standins.of("sim", message.sim) if message.sim else message.sim,
        source=files.get(message.source, "backup"),
        record=message.record,
    )
    return replace(finding, message=hidden, tagging=_moved(finding.tagging, moved) if finding.tagging else None)


class _Moved:
    """Where the places of a text are after parts of it were replaced."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._parts: list[tuple[int, int, int]] = []  # old end, new start, new end

    def add(self, start: int, end: int, new_start: int, new_end: int) -> None:
        self._starts.append(start)
        self._parts.append((end, new_start, new_end))

    def start(self, place: int) -> int:
        return self._at(place, 1)

    def end(self, place: int) -> int:
        return self._at(place, 2)

    def _at(self, place: int, side: int) -> int:
        """Within a part that was replaced there is only its beginning and its end."""
        found = bisect_right(self._starts, place if side == 1 else place - 1) - 1
        if found < 0:
            return place
        part = self._parts[found]
        return part[side] if place < part[0] else part[2] + place - part[0]


def _replaced(body: str, standins: _StandIns, shapes: re.Pattern[str]) -> tuple[str, _Moved]:
    # full-width figures hide a number from a program, not from a reader
    plain = body.translate(_FIGURES)
    parts, moved, last, length = [], _Moved(), 0, 0
    for match in shapes.finditer(plain):
        kind = (match.lastgroup or "").rstrip("0123456789")
        inner = f"_{kind}"
        start, end = match.span(inner) if inner in shapes.groupindex and match[inner] is not None else match.span()
        value = plain[start:end]
        if (kind in ("code", "number") and _PUBLIC.fullmatch(_key("number", value))) or (kind == "code" and _DAY.fullmatch(value)):
            continue
        standin = f"〔{standins.of(kind, value)}〕"
        parts += [body[last:start], standin]
        length += start - last
        moved.add(start, end, length, length + len(standin))
        length += len(standin)
        last = end
    return "".join([*parts, body[last:]]), moved


_FIGURES = {ord("０") + figure: str(figure) for figure in range(10)} | {ord("＊"): "*", ord("－"): "-"}


def _moved(tagging: Tagging, moved: _Moved) -> Tagging:
    return replace(
        tagging, spans=tuple(replace(span, start=moved.start(span.start), end=moved.end(span.end)) for span in tagging.spans)
    )


def _report(report: ImportReport, files: dict[str, str]) -> ImportReport:
    """Counts stay; what was found at a loss may quote the file, and its name may be a person's."""
    lost = [Loss(loss.offset, "", loss.records, loss.zh) for loss in report.lost]
    return replace(report, source=files[report.source], lost=lost)
