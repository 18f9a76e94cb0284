"""A case that can be shown to others: stand-ins for names, numbers, identity and card numbers, the same one for the same thing.

Numbers are found by their shape, names by what stands around them, and not all of those are: who shares a case reads it first and
names the rest. Signatures and the public numbers of services stay: they say who sends, and are nobody's own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from cuishou.backup import ImportReport, Loss
from cuishou.case import Case, Finding
from cuishou.message import Message, Tagging

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
    },
}

#: Numbers that the public knows: carriers, banks, authorities, hotlines.
_PUBLIC = re.compile(r"(?:95\d{3,6}|12\d{3}|100\d{2}|1[12]\d|[48]00\d{7})")
_STAR = r"[*＊×✱•]"
#: In order: what is told by more comes first. The group of the pattern's own name is what is replaced.
_SHAPES = (
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
    ("tail", r"(?:尾号|末四位|后四位)(?:[为是]|[:：])?\s*(?P<_tail>\d{3,4})(?!\d)"),
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
#: A day is no number of anybody's.
_DAY = re.compile(r"(?:19|20)\d\d[-./]?(?:0?[1-9]|1[0-2])[-./]?(?:0?[1-9]|[12]\d|3[01])")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SURNAME = rf"(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])"
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
_TITLE = r"先生|女士|小姐|太太|同志|师傅"
#: Offices, which other words stand before as well: 向律师咨询 names nobody.
_OFFICE = r"专员|经理|主管|主任|律师|老师|警官|法官|组长|队长"
_NO_NAME = "向于付任方金"
_BEFORE = (
    r"尊敬的|您好|你好|本人|借款人|债务人|欠款人|被告人?|当事人|被执行人|被申请人|客户|用户|姓名|联系人|担保人|"
    r"朋友|同事|亲属|家人|父亲|母亲|老公|老婆|丈夫|妻子|儿子|女儿|哥哥|姐姐|弟弟|妹妹|户主|户名|收款人"
)
_AFTER = r"(?=[\s，。、,.!！?？:：;；（）()】」”\"]|$|的|名下|在|于|已|因|欠|借|逾期|拖欠|本人|身份证|手机|电话)"
#: By what stands around a name. What is masked already is replaced too: it still tells the surname.
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<name>{_SURNAME}{_GIVEN}?)(?={_TITLE})",
        rf"(?:{_BEFORE})[\s，,：:]*(?P<name>{_SURNAME}{_GIVEN}){_AFTER}",
        rf"(?P<name>(?<![\u4e00-\u9fff])[{_SURNAMES}](?:{_STAR}{{1,2}}[\u4e00-\u9fff]?|某{{1,2}})(?![\u4e00-\u9fff某]))",
        rf"(?P<name>[{_SURNAMES}]{_STAR}{{1,2}}[\u4e00-\u9fff]?)(?={_TITLE}|[\s，。、,：:])",
    )
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """What to hide. ``names`` are those that the reader found; amounts stay unless told otherwise, for they are the matter."""

    language: str = "zh"
    names: tuple[str, ...] = ()
    amounts: bool = False


def redact(case: Case, redaction: Redaction) -> Case:
    """``case`` with stand-ins in every text, number and file name; tags, times and spans stay with their words."""
    standins = _StandIns(redaction)
    bodies = [finding.message.body for finding in case.findings]
    contacts = [finding.message.contact for finding in case.findings if finding.message.contact]
    names = {*redaction.names, *(name for name in contacts if len(name) > 1 and not _is_number(name))}
    shapes = _shapes(redaction, names | set(_names_in(bodies)))
    files = {source: f"backup-{place}" for place, source in enumerate(dict.fromkeys(report.source for report in case.reports), 1)}
    return replace(
        case,
        findings=[_finding(finding, standins, shapes, files) for finding in case.findings],
        reports=[_report(report, files) for report in case.reports],
        skipped=[f"file-{place}" for place, _ in enumerate(case.skipped, 1)],
        redacted=True,
    )


class _StandIns:
    """Gives out stand-ins, numbered in the order in which things are first met."""

    def __init__(self, redaction: Redaction) -> None:
        self._words = NAMES[redaction.language]
        self._given: dict[tuple[str, str], str] = {}
        self._counted: dict[str, int] = {}

    def of(self, kind: str, value: str) -> str:
        key = kind, _key(kind, value)
        if key not in self._given:
            self._counted[kind] = self._counted.get(kind, 0) + 1
            self._given[key] = f"{self._words[kind]}{self._counted[kind]}"
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
    patterns.append(rf"(?P<name{len(parts) + 1}>{_SURNAME}(?={_TITLE})|(?![{_NO_NAME}]){_SURNAME}(?={_OFFICE}))")
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
