"""Drafts of letters in Chinese, filled from what the messages of one sender show: stop, statement, plan, complaint.

A letter says what the evidence carries and no more; what is not known stays blank. Sentences about law come from the grounds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal, InvalidOperation
from typing import Literal

from cuishou.codes import reason_name, severity
from cuishou.grounds import SENDERS, Basis, Citation, Grounds, kind_of
from cuishou.message import Message, Tagging
from cuishou.output.told import Told, said
from cuishou.output.words import visible
from cuishou.rhythm import ABUSIVE, Analysis, Pattern, Rhythm, Tagged, called

Kind = Literal["stop", "statement", "plan", "complaint"]
Style = Literal["title", "body", "heading", "item", "quote", "note", "note_heading"]

BLANK = "＿＿＿"
#: Messages quoted in a letter; the rest is counted and goes with it as a table.
MOST = 20
#: Numbers of messages named in one place.
NUMBERS = 10
#: The share of what is left each month that a plan keeps back for what nobody foresees. A choice of ours, not a rule's.
RESERVE = Decimal("0.2")
#: Instalments beyond which a plan is hardly agreed to; five years. A choice of ours too.
LONG = 60
#: What a letter repeats of what the messages say. Days are left out: most are 今天 or 明天 and lie behind.
TOLD = ("amounts", "overdue", "phones", "links", "ways", "cards", "contracts", "cases")
TITLES: dict[Kind, str] = {
    "stop": "关于停止不当催收联系的函",
    "statement": "关于请求说明债务情况的函",
    "plan": "关于协商还款安排的申请",
    "complaint": "投诉书",
}
#: What is asked for where a code is found; codes that ask for the same share a line.
REQUESTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("THREAT_VIOLENCE", "INSULT", "HARASSMENT_FREQUENCY/abuse"), "停止发送含有威胁、辱骂内容的短信。"),
    (
        ("IMPERSONATE_AUTHORITY", "IDENTITY_CONCEALMENT"),
        "说明发信人的真实身份、所属机构和委托关系；并非机关或律师的，不再以其名义发信。",
    ),
    (
        ("FALSE_CRIMINAL_CLAIM", "FAKE_LEGAL_PROCESS", "FALSE_CONSEQUENCE"),
        "就短信所称的刑事责任、司法程序或其他后果提供文书、案号等依据；没有依据的，不再作此类表述。",
    ),
    (
        ("THIRD_PARTY_CONTACT", "PUBLIC_SHAMING", "HARASSMENT_FREQUENCY/third_party"),
        "不向与债务无关的人催收或透露债务信息，不公开债务信息。",
    ),
    (("PI_MISUSE",), "说明所掌握的个人信息的来源和用途，不再超出必要范围使用。"),
    (("UNLAWFUL_VISIT",), "不以威吓、围堵、滞留等方式上门。"),
    (("PRIVATE_ACCOUNT_FEE",), "书面告知合同约定的还款账户；不再要求向个人账户付款或在合同之外收费。"),
    (("INDUCE_BORROWING",), "不再要求另行借款或套现来还款。"),
    (("EXCESS_INTEREST",), "逐项说明本金、利息、罚息和费用的计算方法与依据。"),
    (("HARASSMENT_FREQUENCY", "HARASSMENT_FREQUENCY/volume"), "不以频繁发送短信或拨打电话的方式联系。"),
    (("NIGHT_CONTACT",), "不在每日{night}之间联系（本人是否同意过夜间联系：□未同意 □未约定）。"),
)


_ATTACH = (
    "明细表、报告和证据包用同样的备份文件、按同样的先后生成，编号才与函中一致："
    "cuishou classify 备份文件 --evidence 证据包.zip；只列出与对方有关的短信，加 --sender 名称"
    "（编号不变；包内的备份原文件仍是完整的）。"
)


class LetterError(ValueError):
    """A letter cannot be written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: a message quoted in it is on one line and cannot pass for ours."""

    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft, and apart from it what its writer must know before it is sent: the ``notes``, which are no part of it."""

    kind: Kind
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Paragraph, ...] = ()

    def text(self) -> str:
        """The letter as plain text, without the notes."""
        return _plain(self.paragraphs)

    def notes_text(self) -> str:
        """The notes as plain text."""
        return _plain(self.notes)


def _plain(paragraphs: Iterable[Paragraph]) -> str:
    return "".join(_PLAIN[part.style].format(part.text) for part in paragraphs)


_PLAIN: dict[Style, str] = {
    "title": "{}\n\n",
    "body": "{}\n",
    "heading": "\n{}\n",
    "item": "  {}\n",
    "quote": "      ｜{}\n",
    "note_heading": "{}\n\n",
    "note": "  · {}\n",
}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes; blank what is not given."""

    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Monthly income and fixed outgoings, what is owed and what is offered each month, in yuan. None: not known."""

    income: Decimal | None = None
    outgoings: tuple[tuple[str, Decimal], ...] = ()
    owed: Decimal | None = None
    offer: Decimal | None = None

    def __post_init__(self) -> None:
        amounts = [amount for _, amount in self.outgoings] + [a for a in (self.income, self.owed, self.offer) if a is not None]
        if any(amount < 0 for amount in amounts):
            raise LetterError("金额不能小于零 (an amount is below zero)")
        if self.owed == 0 or self.offer == 0:
            english = "what is owed or offered is zero; leave it out where it is not known"
            raise LetterError(f"应还总额和每月可还不能是零，不知道的不要填 ({english})")
        if self.outgoings and self.income is None:
            english = "outgoings without an income leave nothing to reckon with; give the income too"
            raise LetterError(f"只有支出、没有收入，算不出结余；请加 --income ({english})")
        if self.offer is not None and self.left is not None and self.offer > self.left:
            english = f"the offer of {yuan(self.offer)} is more than the {yuan(self.left)} left each month"
            raise LetterError(f"每月可还{yuan(self.offer)}，多于每月结余{yuan(self.left)}；请改小，有人资助的计入收入 ({english})")
        if self.offer is not None and self.income is not None and self.offer > self.income:
            english = f"the offer of {yuan(self.offer)} is more than the monthly income of {yuan(self.income)}"
            raise LetterError(
                f"每月可还{yuan(self.offer)}，多于每月收入{yuan(self.income)}；请改小，有人资助的计入收入 ({english})"
            )

    @property
    def spent(self) -> Decimal:
        """All outgoings together."""
        return sum((amount for _, amount in self.outgoings), Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """Income less outgoings; None where either is not given. Who has no outgoings says so with one of 0."""
        return None if self.income is None or not self.outgoings else self.income - self.spent

    @property
    def monthly(self) -> Decimal | None:
        """What is offered each month in whole yuan, or as given: the offer, else what is left without :data:`RESERVE` of it.

        None where that is unknown or nothing.
        """
        if self.offer is not None:
            return self.offer
        most = self._prudent
        return most if most is not None and most > 0 else None

    @property
    def _prudent(self) -> Decimal | None:
        """The most that leaves the reserve, in whole yuan."""
        return None if self.left is None else (self.left * (1 - RESERVE)).to_integral_value(ROUND_DOWN)

    @property
    def is_tight(self) -> bool:
        """Whether what is offered leaves less than the reserve, or nobody can tell."""
        return self.offer is not None and (self._prudent is None or self.offer > self._prudent)

    @property
    def instalments(self) -> tuple[int, Decimal] | None:
        """How many months it takes, and the last instalment, when nothing is added to what is owed."""
        if self.owed is None or self.monthly is None:
            return None
        months = int((self.owed / self.monthly).to_integral_value(ROUND_UP))
        return months, self.owed - (months - 1) * self.monthly


@dataclass(frozen=True)
class Matter:
    """What a letter is about: one sender's messages and what is found in them."""

    group: Rhythm
    patterns: Sequence[Pattern]
    grounds: Grounds
    sender_kind: str = "unknown"
    writer: Writer = field(default_factory=Writer)
    budget: Budget = field(default_factory=Budget)
    #: The writer knows the sender, who may only have passed the messages on.
    familiar: bool = False
    #: By which number report, tables and pack show a message, by its ``id()``; none is cited where there is none.
    numbers: Mapping[int, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        analysis: Analysis,
        grounds: Grounds,
        sender: str | None = None,
        sender_kind: str | None = None,
        writer: Writer | None = None,
        budget: Budget | None = None,
        numbers: Mapping[int, str] | None = None,
    ) -> Matter:
        """The matter with the sender named ``sender``, or the only one. Raises :class:`LetterError`.

        Somebody whom the writer knows has to be named. ``numbers`` are those of :class:`cuishou.study.Study`.
        """
        group = _choose(analysis.groups if sender is None else (*analysis.groups, *analysis.familiar), sender)
        assert group.party is not None
        kind = _kind(sender_kind) if sender_kind is not None else kind_of(group.party.principal or group.party.signature)
        patterns = [pattern for pattern in analysis.patterns if pattern.party == group.party]
        familiar = any(group is known for known in analysis.familiar)
        return cls(group, patterns, grounds, kind, writer or Writer(), budget or Budget(), familiar, numbers or {})

    @property
    def grave(self) -> list[Tagged]:
        """The messages that may be unlawful, that the model was sure of and that are the sender's own."""
        return [pair for pair in self._unlawful if not self._to_check(pair)]

    @property
    def unsure(self) -> list[Tagged]:
        """The messages that may be unlawful and that a person must look at first; no letter relies on them."""
        return [pair for pair in self._unlawful if self._to_check(pair)]

    @property
    def _unlawful(self) -> list[Tagged]:
        return [pair for pair in self.group.messages if pair[1].tag == "unlawful"]

    def _to_check(self, pair: Tagged) -> bool:
        return self.familiar or pair[1].needs_review

    def days_by_code(self) -> dict[str, list[date]]:
        """The days of the messages that carry a code or make a pattern, by code, gravest first; only what a letter may rely on."""
        days: dict[str, list[date]] = {}
        for message, tagging in self.grave:
            for code in _codes(tagging):
                days.setdefault(code, []).extend(_days([message]))
        for pattern in self.patterns:
            abuse = pattern.code.endswith("/abuse")
            sure = [pair for pair in pattern.messages if not pair[1].needs_review and (not abuse or ABUSIVE & set(_codes(pair[1])))]
            if len(sure) >= (self.group.options.abusive if abuse else 1):
                days[pattern.code] = _days(message for message, _ in sure)
        return dict(sorted(days.items(), key=lambda item: -severity(item[0])))

    def bases(self) -> dict[str, Basis]:
        """What may be said of each code."""
        return {code: self.grounds.basis(code, days, self.sender_kind) for code, days in self.days_by_code().items()}


def write(kind: Kind, matter: Matter) -> Letter:
    """The draft of a letter. Raises :class:`LetterError` for one that cannot help who would write it."""
    if kind == "plan" and matter.group.options.not_the_debtor:
        english = (
            "who owes nothing has nothing to repay, and a plan may be read as taking the debt over; write a stop or a complaint"
        )
        raise LetterError(f"不是债务人的，不必协商还款，签了还可能被当作愿意承担债务；请改用 stop 或 complaint ({english})")
    body = {"stop": _stop, "statement": _statement, "plan": _plan, "complaint": _complaint}[kind]
    paragraphs = [Paragraph("title", TITLES[kind]), *body(matter)]
    blanks = sum(part.text.count(BLANK) for part in paragraphs)
    return Letter(kind, tuple(paragraphs), tuple(_notes(kind, matter, blanks)))


def amount(text: str) -> Decimal:
    """``1,500.50`` in yuan. Raises :class:`LetterError`."""
    try:
        value = Decimal(text.strip().translate(_SIGNS).removesuffix("元"))
    except InvalidOperation:
        english = f"{text!r} is no amount in yuan; write it as 1500 or 1,500.50"
        raise LetterError(f"这不是金额，请写成 1500 或 1,500.50 ({english})") from None
    if not value.is_finite() or value != round(value, 2) or abs(value) >= 10**12:
        raise LetterError(f"金额最多到分，也不能太大 ({text!r} is no amount in yuan and fen)")
    return value


_SIGNS = str.maketrans({",": None, "，": None, "－": "-", "−": "-"})


def yuan(value: Decimal) -> str:
    """``1,500.50元``, ``－500元``; a sum of whole yuan without the fen."""
    said = f"{abs(value):,.0f}元" if value == value.to_integral_value() else f"{abs(value):,.2f}元"
    return f"－{said}" if value < 0 else said


def _kind(said: str) -> str:
    """The kind of sender that ``said`` names in English or Chinese. Raises :class:`LetterError`."""
    kinds = {name: kind for kind, zh in SENDERS["zh"].items() for name in (kind, zh)}
    if said not in kinds:
        listed = "、".join(f"{zh} ({kind})" for kind, zh in SENDERS["zh"].items())
        raise LetterError(f"没有“{said}”这种发送方类型；可用的：{listed} (kind of sender {said!r} is none of these)")
    return kinds[said]


def _choose(groups: Sequence[Rhythm], sender: str | None) -> Rhythm:
    names = [(group.party.name if group.party else "?", group) for group in groups]
    listed = "、".join(f"{name} ({len(group.messages)})" for name, group in names[:10]) + ("…" if len(names) > 10 else "")
    if not names:
        raise LetterError("没有发现催收短信，没有可写的 (no collection message was found: there is nothing to write about)")
    if sender is None:
        if len(names) > 1:
            english = "several senders were found; choose one with --sender"
            raise LetterError(f"有几个发送方，请用 --sender 选一个：{listed} ({english})")
        return names[0][1]
    exact = [group for name, group in names if name == sender]
    found = exact if len(exact) == 1 else called(groups, sender)
    if len(found) == 1:
        return found[0]
    if found:
        named = "、".join(name for name, group in names if any(group is one for one in found))
        raise LetterError(f"几个发送方都符合“{sender}”，请写全名称：{named} (several senders are called {sender!r})")
    english = f"no sender of collection messages is called {sender!r}"
    raise LetterError(f"发催收短信的没有叫“{sender}”的；有：{listed} ({english})")


# ------------------------------------------------------------------------------------------------------------ the letters


def _stop(matter: Matter) -> Iterator[Paragraph]:
    yield from _address(matter)
    improper = "其中部分内容可能不当，" if matter.grave else ""
    yield Paragraph(
        "body", f"本人收到{_as_above(matter)}的短信，{improper}现提出以下要求。短信如非贵方或贵方委托的机构所发，请书面说明。"
    )
    asked = [*_requests(matter), f"今后仅以{BLANK}方式与本人联系。", f"请于收到本函后{BLANK}日内书面答复。"]
    yield from _sections(
        ("短信情况", _numbered(_facts(matter))),
        ("内容可能不当的短信", _evidence(matter)),
        ("依据", _cited(matter, "stop")),
        ("请求", _numbered(asked)),
        ("说明", (Paragraph("body", _reservation(matter)),)),
    )
    yield from _signed(matter)


def _statement(matter: Matter) -> Iterator[Paragraph]:
    yield from _address(matter)
    yield Paragraph("body", f"本人收到{_as_above(matter)}的短信。为核对短信所称的债务，请书面说明以下事项。")
    yield Paragraph("heading", "一、短信情况")
    yield from _numbered(_facts(matter))
    yield from _said(matter)
    yield Paragraph("heading", "二、请求说明的事项")
    yield from _numbered(
        (
            "债权人的全称、合同编号和签订日期，并提供合同副本。",
            "借款本金、放款日期和实际到账金额。",
            "截至答复之日的剩余本金、利息、罚息、违约金和其他费用，分项列明金额、计算方法和依据。",
            "已还款项的日期、金额，以及各笔抵充的项目。",
            "债权是否已转让、是否委托他人催收；如有，请提供转让通知或委托文件，以及受托机构的名称和联系方式。",
            "合同约定的还款账户和还款方式。",
            "是否已向征信机构报送及报送内容。",
            "异议和投诉的渠道。",
        )
    )
    yield Paragraph("heading", "三、有关规定")
    yield from _general(matter, "statement")
    yield Paragraph("heading", "四、说明")
    yield Paragraph("body", f"请于收到本函后{BLANK}日内书面答复。{_reservation(matter)}")
    yield from _signed(matter)


def _plan(matter: Matter) -> Iterator[Paragraph]:
    budget = matter.budget
    yield from _address(matter)
    yield Paragraph("body", f"因{BLANK}（请写明原因），本人目前按原约定还款有困难，现申请协商还款安排。")
    yield Paragraph("heading", "一、短信所称的债务")
    yield from _said(matter, ("amounts", "overdue", "cards", "contracts"))
    yield Paragraph("heading", "二、每月收支")
    yield from _numbered(_reckoning(budget))
    yield Paragraph("heading", "三、建议的安排")
    yield from _numbered(_proposal(budget))
    yield Paragraph("heading", "四、请求")
    yield from _numbered(
        (
            "就上述安排与本人协商；同意的，请出具书面协议，列明总额、期数、每期金额、还款日和还款账户。",
            "协商期间及按约履行期间是否继续计收罚息、违约金，请予明确；如能减免，请写入协议。",
            f"请于收到本申请后{BLANK}日内答复，联系方式见下。",
        )
    )
    yield Paragraph("heading", "五、说明")
    yield Paragraph("body", "本申请用于协商。债务金额以双方核对的结果为准，本申请不是对短信所称金额的确认。")
    yield from _signed(matter)


def _complaint(matter: Matter) -> Iterator[Paragraph]:
    writer = matter.writer
    yield Paragraph("body", f"投诉人：{_one_line(writer.name) or BLANK}　证件号码：{BLANK}")
    yield Paragraph("body", f"联系方式：{_one_line(writer.contact) or BLANK}")
    yield Paragraph("body", f"被投诉人：{_recipient(matter)}")
    yield Paragraph("heading", "一、投诉请求")
    yield from _numbered(
        (
            "核查下列短信是否由被投诉人或其委托的机构发出。",
            *(f"如属实，要求被投诉人：{request}" for request in _requests(matter)),
            "将核查和处理结果书面告知投诉人。",
        )
    )
    yield Paragraph("heading", "二、主要事实")
    yield from _numbered(_facts(matter))
    yield from _said(matter)
    evidence = list(_evidence(matter))
    told = "其中内容可能不当的短信：" if evidence else f"短信的文字经程序识别未见明显不当；投诉的情况是：{BLANK}。"
    yield Paragraph("body", told)
    yield from evidence
    yield Paragraph("heading", "三、依据")
    yield Paragraph("body", "下列规定是否适用、是否被违反，请依法认定。")
    yield from _cited(matter, "complaint")
    yield Paragraph("heading", "四、证据")
    sources = dict.fromkeys(_one_line(name) for message, _ in matter.group.messages if (name := _source(message)))
    yield from _numbered(
        (
            f"手机短信备份文件：{'、'.join(sources) or BLANK}。",
            "上述短信的明细表（编号、时间、号码、原文）。",
            f"证据包文件（报告、明细表、备份原文件和清单），SHA-256：{BLANK}（没有附上的，删去本项）。",
            "保存原始短信的手机，可当面出示。",
            f"其他：{BLANK}。",
        )
    )
    yield Paragraph("body", matter.grounds.notice["zh"]["debt"])
    yield Paragraph("body", f"此致　{BLANK}（受理投诉的机构）")
    yield from _signed(matter)


# -------------------------------------------------------------------------------------------------------------- the parts


def _sections(*sections: tuple[str, Iterable[Paragraph]]) -> Iterator[Paragraph]:
    """Sections with numbered headings; one without anything in it is left out."""
    filled = [(heading, paragraphs) for heading, found in sections if (paragraphs := list(found))]
    for number, (heading, paragraphs) in zip("一二三四五六七八九", filled, strict=False):
        yield Paragraph("heading", f"{number}、{heading}")
        yield from paragraphs


def _address(matter: Matter) -> Iterator[Paragraph]:
    yield Paragraph("body", f"致：{_recipient(matter)}")
    if matter.group.options.not_the_debtor:
        yield Paragraph("body", "本人不是短信所称债务的债务人或担保人。")


def _recipient(matter: Matter) -> str:
    party = matter.group.party
    assert party is not None
    numbers = _some(dict.fromkeys(message.address for message, _ in matter.group.messages if message.address), "个号码")
    if not party.signature:
        return f"{_one_line(party.principal or '') or BLANK}（短信号码：{numbers or BLANK}）"
    by_order = f"，自称受{_one_line(party.principal)}委托" if party.principal else ""
    return f"{_one_line(party.signature)}（短信署名{by_order}；短信号码：{numbers or BLANK}）"


def _said(matter: Matter, fields: Sequence[str] = TOLD) -> Iterator[Paragraph]:
    """What the messages say of themselves, each as it stands there and once, with the day; nothing is added up or believed."""
    found: dict[Told, list[Message]] = {}
    for message, _ in matter.group.messages:
        for fact in said(message, "zh"):
            if fact.field in fields:
                found.setdefault(fact, []).append(message)
    latest = sorted(found, key=lambda fact: max(_days(found[fact]), default=date.min), reverse=True)[:MOST]
    kept = sorted((fact for fact in found if fact in latest), key=lambda fact: fields.index(fact.field))
    yield Paragraph("body", "短信中的说法（照录，未经核实，金额未相加）：" if found else f"短信所称金额：{BLANK}。")
    yield from _numbered(f"{fact.label}：{_one_line(fact.text)}（{_when_said(matter, found[fact])}）。" for fact in kept)
    if len(found) > len(kept):
        yield Paragraph("body", f"另有{len(found) - len(kept)}种说法见所附明细表。")


def _when_said(matter: Matter, messages: Sequence[Message]) -> str:
    days = _days(messages)
    when = "日期不明" if not days else _date(days[0]) if min(days) == max(days) else f"{_date(min(days))}至{_date(max(days))}"
    times = f"，共{len(messages)}条" if len(messages) > 1 else ""
    undated = f"，其中{len(messages) - len(days)}条日期不明" if 0 < len(days) < len(messages) else ""
    return when + times + undated + _cited_as(matter, messages)


def _cited_as(matter: Matter, messages: Iterable[Message], most: int = NUMBERS, sign: str = "，") -> str:
    """The numbers of ``messages`` in report, tables and pack, the first few; nothing where they have none."""
    known = [matter.numbers[id(message)] for message in messages if id(message) in matter.numbers]
    return f"{sign}编号{'、'.join(known[:most])}{'等' if len(known) > most else ''}" if known else ""


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _as_above(matter: Matter) -> str:
    party = matter.group.party
    return "署名、号码如上" if party and party.signature else "号码如上"


def _some(names: Iterable[str], unit: str, most: int = 5) -> str:
    every = [_one_line(name) for name in names]
    return "、".join(every[:most]) + (f"等{len(every)}{unit}" if len(every) > most else "")


def _facts(matter: Matter) -> Iterator[str]:
    """Numbers that the times of the messages carry, and nothing else."""
    group = matter.group
    repeats = f"，另有{group.repeats}条为重复送达，未计入" if group.repeats else ""
    numbered = "编号即所附明细表、报告和证据包中该条短信的编号。" if matter.numbers else ""
    yield f"据本人手机的短信备份，经程序识别，{_span(group)}共收到催收短信{len(group.messages)}条{repeats}。{numbered}"
    if group.undated:
        without_day = _cited_as(matter, (message for message, _ in group.messages if message.day is None))
        yield f"其中{group.undated}条日期不明{without_day}；下列按日期的统计不含这些短信。"
    if group.days:
        day, tags = max(group.days.items(), key=lambda item: sum(item[1].values()))
        if (most := sum(tags.values())) > 1:
            on_it = _cited_as(matter, (message for message, _ in group.messages if message.day == day))
            yield f"最多的一天（{_date(day)}）收到{most}条{on_it}。"
    if (run := group.longest_run) and run.days > 1:
        yield f"最长连续{run.days}天（{_date(run.start)}至{_date(run.end)}）每天都收到。"
    if group.night:
        without = group.undated + group.untimed
        unknown = f"，另有{without}条没有具体时刻，未计入" if without else ""
        at_night = _cited_as(matter, (message for message, _ in group.night), sign="；")
        yield f"其中{len(group.night)}条的时间在{_night(group)}之间（北京时间{unknown}{at_night}）。"
    if group.asked and group.after_stop:
        after = _cited_as(matter, (message for message, _ in group.after_stop))
        yield f"本人于{_date(group.asked)}要求停止联系，次日起又收到{len(group.after_stop)}条{after}。"


def _span(group: Rhythm) -> str:
    if not group.days:
        return ""
    first, last = min(group.days), max(group.days)
    return _date(first) if first == last else f"{_date(first)}至{_date(last)}"


def _night(group: Rhythm) -> str:
    night = group.options.night
    return f"{night.start:%H:%M}至{'次日' if night.start > night.end else ''}{night.end:%H:%M}"


def _evidence(matter: Matter) -> Iterator[Paragraph]:
    """The messages that may be improper; nothing where none is."""
    grave = matter.grave
    surest = sorted(grave, key=lambda pair: -max((reason.probability for reason in pair[1].reasons), default=0))[:MOST]
    kept = {id(message) for message, _ in surest}
    shown = [pair for pair in grave if id(pair[0]) in kept]
    for number, (message, tagging) in enumerate(shown, 1):
        names = "；".join(reason_name(code, "zh") for code in _codes(tagging)) or BLANK
        cited = matter.numbers.get(id(message))
        named = f"编号{cited}，" if cited else ""
        yield Paragraph("item", f"{number}. {named}{_when(message)}，{_one_line(message.address) or BLANK}，疑似：{names}。原文：")
        yield Paragraph("quote", _one_line(message.body))
    if len(grave) > MOST:
        rest = [message for message, _ in grave if id(message) not in kept]
        yield Paragraph("body", f"另有{len(rest)}条见所附明细表{_cited_as(matter, rest, most=100)}。")


def _cited(matter: Matter, kind: Kind) -> Iterator[Paragraph]:
    """The citations by code; crimes are for the police and are left out, and so is what depends on the sender's kind.

    What is said of a code before is named again, not said again. What the letter cites in any case stands apart.
    """
    told: set[str] = set()
    for code, basis in matter.bases().items():
        sentences = {_sentence(citation): citation.name("zh") for citation in basis.citations if citation.role != "serious"}
        if sentences:
            yield Paragraph("item", f"关于“{reason_name(code, 'zh')}”：")
        fresh = [sentence for sentence in sentences if sentence not in told]
        yield from (Paragraph("item", f"- {sentence}") for sentence in fresh)
        if again := [name for sentence, name in sentences.items() if sentence in told]:
            yield Paragraph("item", f"- {'以及' if fresh else '见'}上文所引{'、'.join(dict.fromkeys(again))}。")
        told.update(sentences)
    named = {citation.name("zh") for basis in matter.bases().values() for citation in basis.citations}
    rest = [citation for citation in _for_letter(matter, kind) if citation.name("zh") not in named]
    if rest:
        yield Paragraph("item", "一般规定（不针对其中某一条短信）：")
    yield from (Paragraph("item", f"- {_reference(citation)}") for citation in rest)
    if not told and not rest:
        yield Paragraph("body", BLANK)


def _general(matter: Matter, kind: Kind) -> Iterator[Paragraph]:
    found = _for_letter(matter, kind)
    yield from (Paragraph("item", f"- {_reference(citation)}") for citation in found)
    if not found:
        yield Paragraph("body", BLANK)


def _sentence(citation: Citation) -> str:
    return _ended(citation.sentence("zh", standing=False))


def _reference(citation: Citation) -> str:
    return _ended(citation.reference("zh", standing=False))


def _ended(sentence: str) -> str:
    """With a full stop, unless the words quoted end in one."""
    return sentence if sentence.endswith("。」") else sentence + "。"


def _standing(matter: Matter, kind: Kind) -> list[str]:
    """How far to rely on each provision that the letter cites."""
    cited = [citation for basis in matter.bases().values() for citation in basis.citations if citation.role != "serious"]
    shown = ([] if kind in ("statement", "plan") else cited) + ([] if kind == "plan" else list(_for_letter(matter, kind)))
    return list(dict.fromkeys(citation.name("zh") + citation.standing("zh") for citation in shown))


def _for_letter(matter: Matter, kind: Kind) -> tuple[Citation, ...]:
    """What holds on the day of the last message; without any day nothing is cited."""
    return matter.grounds.for_letter(kind, max(matter.group.days), matter.sender_kind) if matter.group.days else ()


def _requests(matter: Matter) -> list[str]:
    found: Collection[str] = matter.days_by_code().keys()
    return [text.format(night=_night(matter.group)) for codes, text in REQUESTS if not set(codes).isdisjoint(found)]


def _reckoning(budget: Budget) -> Iterator[str]:
    yield f"收入：{BLANK if budget.income is None else yuan(budget.income)}。"
    for name, value in budget.outgoings:
        yield f"支出（{_one_line(name)}）：{yuan(value)}。"
    if budget.income is None or budget.left is None:
        yield f"固定支出：{BLANK}（请逐项列明）。"
        yield f"结余＝收入－固定支出＝{BLANK}。"
        return
    if len(budget.outgoings) > 1:
        yield f"支出合计：{'＋'.join(yuan(value) for _, value in budget.outgoings)}＝{yuan(budget.spent)}。"
    yield f"结余：{yuan(budget.income)}－{yuan(budget.spent)}＝{yuan(budget.left)}。"


def _proposal(budget: Budget) -> Iterator[str]:
    if budget.left is not None and budget.left <= 0:
        yield f"每月没有结余可用于还款，申请延期{BLANK}个月，自{BLANK}年{BLANK}月起恢复还款。"
        yield "延期期间情况好转的，本人将及时告知并提前恢复还款。"
        return
    if budget.monthly is None:
        yield f"每月还款{BLANK}元，共{BLANK}期；或延期{BLANK}个月。"
        return
    left = budget.left
    if left is None:
        source = ""
    elif budget.monthly == left:
        source = "（即每月结余的全部）"
    else:
        source = f"（每月结余{yuan(left)}，留出{yuan(left - budget.monthly)}备用）"
    yield f"每月还款{yuan(budget.monthly)}{source}，自{BLANK}年{BLANK}月起，每月{BLANK}日还款。"
    if budget.owed is None or budget.instalments is None:
        yield f"剩余应还总额：{BLANK}元（以双方核对为准），期数：{BLANK}期。"
        return
    months, last = budget.instalments
    yield f"剩余应还总额按本人掌握的{yuan(budget.owed)}计（以双方核对为准；按不再增加息费计算）。"
    if months == 1:
        yield f"一期还清，金额{yuan(last)}。"
    elif last == budget.monthly:
        yield f"共{months}期：{months}×{yuan(budget.monthly)}＝{yuan(budget.owed)}。"
    else:
        yield f"共{months}期：前{months - 1}期每期{yuan(budget.monthly)}，最后一期{yuan(last)}。"
        yield f"验算：{months - 1}×{yuan(budget.monthly)}＋{yuan(last)}＝{yuan(budget.owed)}。"


def _reservation(matter: Matter) -> str:
    return f"{matter.grounds.notice['zh']['debt']}本函不是对债务是否存在或金额多少的确认。"


def _signed(matter: Matter) -> Iterator[Paragraph]:
    writer = matter.writer
    yield Paragraph("body", f"签名：{_one_line(writer.name) or BLANK}")
    yield Paragraph("body", f"联系方式：{_one_line(writer.contact) or BLANK}")
    yield Paragraph("body", f"日期：{BLANK}年{BLANK}月{BLANK}日")


def _notes(kind: Kind, matter: Matter, blanks: int) -> Iterator[Paragraph]:
    """What the writer must know; no part of the letter."""
    notice = matter.grounds.notice["zh"]
    yield Paragraph("note_heading", f"寄出前请看（写给您自己，不要随函寄出：{TITLES[kind]}）")
    yield Paragraph("note", f"这是草稿，有{blanks}处空白（{BLANK}）待填写；不知道的不要编写。请逐条对照手机上的原始短信核对。")
    yield Paragraph("note", notice["limits"])
    if matter.numbers:
        yield Paragraph("note", _ATTACH)
    if matter.familiar:
        yield Paragraph("note", "对方平时与您有往来，短信可能只是转发：转发的内容不是对方所为，请对方保留原短信，记下原来的号码。")
    if matter.unsure:
        yield Paragraph("note", f"另有{len(matter.unsure)}条短信疑似违法而需要先核对，没有写入；请核对后自行决定是否补写：")
        for message, _ in matter.unsure[:MOST]:
            cited = matter.numbers.get(id(message))
            told = (cited and f"编号{cited}", _when(message), _one_line(message.address), _one_line(message.body))
            yield Paragraph("quote", "　".join(part for part in told if part))
    yield Paragraph("note", f"发送方类型按“{SENDERS['zh'][matter.sender_kind]}”处理；短信署名可能是冒用的，请先经官方渠道核实。")
    if kind != "complaint" and not (matter.group.party and matter.group.party.signature):
        yield Paragraph("note", "对方只有号码、身份不明：不要把个人信息发给这个号码；可写给债权人，或改用投诉书（complaint）。")
    elif kind != "complaint" and matter.sender_kind != "private":
        yield Paragraph("note", "短信可能由受托的催收机构发出；债权人是另一家的，请同时寄给债权人，还款安排应与债权人商定。")
    if kind == "stop" and not matter.grave:
        yield Paragraph("note", "没有发现内容明显不当的短信，函中因此没有列举；您认为不当的，请自行补写时间、号码和原文。")
    if kind == "plan":
        yield from (Paragraph("note", text) for text in _plan_notes(matter.budget))
    if standing := _standing(matter, kind):
        yield Paragraph("note", f"函中所引规定的效力和核对情况：{'；'.join(standing)}。")
    if kind in ("stop", "complaint"):
        conditional = _conditional(matter.bases())
        yield from (Paragraph("note", text) for text in [*(["核实发送方类型后可以补写："] if conditional else []), *conditional])
    if kind == "complaint":
        yield Paragraph("note", "可以考虑的渠道：")
        channels = matter.grounds.where_to_turn(matter.sender_kind, matter.days_by_code().keys())
        yield from (Paragraph("note", channel.sentence("zh") + "。") for channel in channels)
    yield Paragraph("note", notice["order"])


def _plan_notes(budget: Budget) -> Iterator[str]:
    """What to think of before a plan is signed. Nothing of it is a rule that the grounds have; it cites none."""
    yield (
        "签了名的还款申请可能被当作同意履行债务：诉讼时效可能因此重新计算，已经超过时效的债务也可能因此又要偿还。"
        "时间较久的债务，寄出前先问律师诉讼时效。"
    )
    yield "每月还款额请留出生活和应急所需，只写有把握做到的数额。"
    if budget.offer is None and budget.monthly is not None:
        yield f"每月还款额是算出来的：结余的{100 * (1 - RESERVE):.0f}%，其余留作备用；另有打算的，用 --offer 写明。"
    if budget.is_tight and budget.left is not None:
        yield f"每月还款额超过了结余的{100 * (1 - RESERVE):.0f}%，几乎没有留下应急的钱；一期还不上，协议可能就作废，请再想一想。"
    elif budget.is_tight:
        yield "没有写明收入和固定支出，无法核对每月还款额是否负担得起；加上 --income 和 --outgoing 可以核对。"
    if budget.instalments is not None and budget.instalments[0] > LONG:
        months = budget.instalments[0]
        yield f"按此要还{months}期（约{months / 12:.0f}年），对方多半不会同意，息费也可能再增加；可先请求减免或延期，再谈每月数额。"


def _conditional(bases: Mapping[str, Basis]) -> list[str]:
    """What would hold if the sender were of some kind: to be added once that is known."""
    found = [
        citation.sentence("zh", citation.given("zh"))
        for basis in bases.values()
        for citation in basis.if_sender
        if citation.role != "serious"
    ]
    return [f"{text}。" for text in dict.fromkeys(found)]


def _numbered(texts: Iterable[str]) -> Iterator[Paragraph]:
    return (Paragraph("item", f"{number}. {text}") for number, text in enumerate(texts, 1))


def _source(message: Message) -> str:
    """The backup that ``message`` stood in first."""
    return (message.earlier and message.earlier.source) or message.source


def _when(message: Message) -> str:
    return message.local() or "时间不明"


def _codes(tagging: Tagging) -> list[str]:
    return [reason.code for reason in tagging.likely]


def _days(messages: Iterable[Message]) -> list[date]:
    return [day for message in messages if (day := message.day) is not None]


def _one_line(text: str) -> str:
    """A stranger's words on one line, with nothing in them that a screen would act on."""
    return " ⏎ ".join(visible(text).strip().split("\n"))
