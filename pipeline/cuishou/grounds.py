"""Which rules a reason code may fall under, by the date of the message and the kind of its sender: ``data/grounds.toml``.

Every sentence about law that the program writes is made here from an entry of that file. It says 可能, never that a rule
was broken.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

from cuishou.codes import PATTERNS, REASONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Force = Literal["law", "regulation", "rule", "judicial", "standard", "self_regulation"]
Role = Literal["breach", "arguable", "context", "serious"]
Strength = Literal["law", "norm", "none"]

FORCES: dict[str, dict[str, str]] = {
    "zh": {
        "law": "法律",
        "regulation": "行政法规",
        "rule": "部门规章及规范性文件",
        "judicial": "司法解释",
        "standard": "推荐性国家标准",
        "self_regulation": "行业自律规范",
    },
    "en": {
        "law": "law",
        "regulation": "administrative regulation",
        "rule": "departmental rule",
        "judicial": "judicial interpretation",
        "standard": "recommended national standard",
        "self_regulation": "industry self-regulation",
    },
}
#: Kinds of sender, and what people call them.
SENDERS: dict[str, dict[str, str]] = {
    "zh": {
        "bank": "银行",
        "credit_card": "银行信用卡机构",
        "consumer_finance": "消费金融公司",
        "insurer": "保险机构",
        "small_loan": "小额贷款公司",
        "online_lender": "网络消费信贷机构",
        "private": "个人",
        "unknown": "类型不明",
    },
    "en": {
        "bank": "bank",
        "credit_card": "credit-card issuer",
        "consumer_finance": "consumer-finance company",
        "insurer": "insurer",
        "small_loan": "small-loan company",
        "online_lender": "online consumer lender",
        "private": "private person",
        "unknown": "kind unknown",
    },
}
#: What the strongest basis of a finding makes of it.
STRENGTHS: dict[str, dict[Strength, str]] = {
    "zh": {"law": "疑似违法", "norm": "疑似违规（行业标准、自律规范）", "none": "仅作提示"},
    "en": {"law": "possibly unlawful", "norm": "possibly against industry standards", "none": "a pointer only"},
}
_BINDING = frozenset(("law", "regulation", "rule", "judicial"))
_MARKS = {"zh": {"full": "已核对全文", "secondary": "据公开报道，大意"}, "en": {"full": "read in full", "secondary": "as reported"}}
LETTERS = ("stop", "statement", "plan", "complaint")
LONGEST_QUOTE = 60


class GroundsError(Exception):
    """A file of grounds cannot be used; the message names the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One provision in one relation to some codes; the fields are described at the head of ``data/grounds.toml``."""

    id: str
    codes: tuple[str, ...]
    title: str
    title_en: str
    issuer: str
    issuer_en: str
    article: str
    article_en: str
    gist_en: str
    force: Force
    role: Role
    from_: date
    senders: tuple[str, ...]
    verified: Literal["full", "secondary"]
    source: str
    until: date | None = None
    quote: str = ""
    gist: str = ""
    not_senders: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    least: int = 1
    condition: str = ""
    condition_en: str = ""
    why: str = ""
    why_en: str = ""
    letters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = next((what for what, is_so in self._rules() if is_so), None)
        if wrong:
            raise GroundsError(f"ground {self.id!r}: {wrong}")

    def _rules(self) -> Iterable[tuple[str, bool]]:
        kinds = set(SENDERS["zh"]) - {"unknown"}
        yield "neither codes nor letters", not (self.codes or self.letters)
        yield f"force is none of {', '.join(get_args(Force))}", self.force not in get_args(Force)
        yield f"role is none of {', '.join(get_args(Role))}", self.role not in get_args(Role)
        yield "verified is neither 'full' nor 'secondary'", self.verified not in ("full", "secondary")
        yield "a quotation needs verified = 'full'", bool(self.quote) and self.verified != "full"
        yield f"the quotation is longer than {LONGEST_QUOTE} characters", len(self.quote) > LONGEST_QUOTE
        yield "needs a quote or a gist, not both", bool(self.quote) == bool(self.gist)
        yield "until lies before from", self.until is not None and self.until < self.from_
        yield (
            "senders are not known kinds, or mixed with 'any'",
            not (self.senders == ("any",) or (self.senders and kinds.issuperset(self.senders))),
        )
        yield (
            "not_senders only narrow 'any' by known kinds",
            bool(self.not_senders) and not (self.senders == ("any",) and kinds.issuperset(self.not_senders)),
        )
        yield f"letters are none of {', '.join(LETTERS)}", not set(LETTERS).issuperset(self.letters)
        yield "condition is given in one language only", bool(self.condition) != bool(self.condition_en)
        yield "why is given in one language only", bool(self.why) != bool(self.why_en)
        yield (
            "a provision to compare a message with says why it is cited",
            self.role == "context" and bool(self.codes) and not self.why,
        )
        yield "article is given in one language only", bool(self.article) != bool(self.article_en)
        yield "least is no positive number", self.least < 1

    def valid_on(self, day: date) -> bool:
        """Whether it is cited for what happened on ``day``."""
        return self.from_ <= day and (self.until is None or day <= self.until)

    def binds(self, sender: str) -> bool:
        """Whether it binds this kind of sender. Of an unknown one only what binds any sender is said."""
        return (self.senders == ("any",) and sender not in self.not_senders) or sender in self.senders

    def given(self, language: str) -> str:
        """The condition that the sender is of a kind it binds, for a sender of unknown kind."""
        names = [SENDERS[language][kind] for kind in self.senders if kind != "any"]
        return f"若发送方为{'、'.join(names)}" if language == "zh" else f"if the sender's kind is {' or '.join(names)}"

    def name(self, language: str) -> str:
        """Title and article: ``《民法典》第1032条``, ``art. 1032 of the Civil Code``."""
        if language == "zh":
            return f"《{self.title}》{self.article}"
        return f"{self.article_en} of the {self.title_en}" if self.article_en else f"the {self.title_en}"

    def claim(self, language: str, given: str = "") -> str:
        """What may be so, no stronger than force and role allow; ``given`` is a condition to put before it."""
        name = self.name(language)
        if language == "zh":
            claim = _claim_zh(self.role, self.force).format(name)
            return "，".join(part for part in (given, self.condition, claim) if part)
        claim = _claim_en(self.role, self.force).format(name)
        return ", ".join(part for part in (given, self.condition_en, claim) if part)

    def sentence(self, language: str, given: str = "", *, standing: bool = True) -> str:
        """The claim, what the provision says, and how far to rely on it; a letter tells the latter, the ``standing``, elsewhere."""
        return self.claim(language, given) + self._says(language) + (self.standing(language) if standing else "")

    def reference(self, language: str, *, standing: bool = True) -> str:
        """What the provision says, without a claim that it was breached."""
        condition = self.condition if language == "zh" else self.condition_en
        between = "，" if language == "zh" else ", "
        named = between.join(part for part in (condition, self.name(language)) if part)
        return named + self._says(language) + (self.standing(language) if standing else "")

    def standing(self, language: str) -> str:
        """How far to rely on it: force, the days it is cited for, how it was read."""
        mark, force = _MARKS[language][self.verified], FORCES[language][self.force]
        if language == "zh":
            return f"〔{force}；适用于{self._span(language)}的短信；{mark}〕"
        return f" [{force}; for messages {self._span(language)}; {mark}]"

    def _says(self, language: str) -> str:
        if language == "zh":
            return (f"：「{self.quote}」" if self.quote else f"（{self.gist}）") + (f"（{self.why}）" if self.why else "")
        return f": {self.gist_en}" + (f" ({self.why_en})" if self.why_en else "")

    def _span(self, language: str) -> str:
        if language == "zh":
            return f"{self.from_}至{self.until}" if self.until else f"{self.from_}起"
        return f"from {self.from_} to {self.until}" if self.until else f"from {self.from_}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where to complain, and what for. ``codes``: where it is meant for some reasons only."""

    id: str
    number: str
    name: str
    name_en: str
    purpose: str
    purpose_en: str
    senders: tuple[str, ...]
    codes: tuple[str, ...]

    def sentence(self, language: str) -> str:
        """Its name and what it is for."""
        number = f"{self.number} " if self.number and self.number not in self.name else ""
        return f"{number}{self.name}：{self.purpose}" if language == "zh" else f"{number}{self.name_en}: {self.purpose_en}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number by which several messages are counted; a heuristic has no rule behind it, and says so."""

    id: str
    value: int | str
    heuristic: bool
    grounds: tuple[str, ...]
    note: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What may be said of one code: ``citations`` bind this sender, ``if_sender`` would bind one of another kind."""

    code: str
    dated: bool
    citations: tuple[Citation, ...]
    if_sender: tuple[Citation, ...]
    notice: Mapping[str, Mapping[str, str]]

    @property
    def strength(self) -> Strength:
        """``law`` when a binding rule may be breached, ``norm`` when only standards or self-regulation speak, else ``none``.

        A citation that can be disputed counts for what makes a message 疑似违法 by itself, not for a flag.
        """
        reason = REASONS.get(self.code) or PATTERNS.get(self.code)
        roles = ("breach", "arguable") if reason and reason.flips else ("breach",)
        forces = {citation.force for citation in self.citations if citation.role in roles}
        return "law" if forces & _BINDING else "norm" if forces else "none"

    def sentences(self, language: str) -> list[str]:
        """All that may be said, strongest first; a plain word that no basis is shown where there is none."""
        if not self.dated:
            return [self.notice[language]["undated"]]
        found = [citation.sentence(language) for citation in self.citations]
        found += [citation.sentence(language, citation.given(language)) for citation in self.if_sender]
        return found or [self.notice[language]["no_basis"]]


@dataclass(frozen=True)
class Grounds:
    """All of ``grounds.toml``; ``as_of`` is the day on which it was last checked, ``digest`` the SHA-256 of the file."""

    version: str
    as_of: date
    digest: str
    citations: tuple[Citation, ...]
    channels: tuple[Channel, ...]
    thresholds: Mapping[str, Threshold]
    notice: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, path: str | Path | None = None) -> Grounds:
        """The grounds that came with the program, or those of another file. Raises :class:`GroundsError`."""
        return _load(Path(path) if path is not None else default_grounds())

    def basis(self, code: str, on: date | Sequence[date] | None, sender: str = "unknown", also: Collection[str] = ()) -> Basis:
        """The citations for ``code`` on a day (or the days of several messages), from a kind of sender.

        ``also``: the other codes on the message, without which some citations do not hold. No day, no citation.
        """
        if sender not in SENDERS["zh"]:
            raise GroundsError(f"kind of sender {sender!r} is none of {', '.join(SENDERS['zh'])}")
        days = [] if on is None else [on] if isinstance(on, date) else list(on)
        fit = [citation for citation in self.citations if _fits(citation, code, days, also)]
        fit.sort(key=_rank)
        bound = tuple(citation for citation in fit if citation.binds(sender))
        other = tuple(c for c in fit if sender == "unknown" and not c.binds(sender))
        return Basis(code, bool(days), bound, other, self.notice)

    def for_letter(self, letter: str, on: date, sender: str = "unknown") -> tuple[Citation, ...]:
        """What a letter cites whatever the messages say."""
        found = [c for c in self.citations if letter in c.letters and c.valid_on(on) and c.binds(sender)]
        return tuple(sorted(found, key=_rank))

    def where_to_turn(self, sender: str = "unknown", codes: Collection[str] = ()) -> tuple[Channel, ...]:
        """The channels for this kind of sender; those that are meant for some reasons only with one of these."""
        return tuple(
            channel
            for channel in self.channels
            if (channel.senders == ("any",) or sender in channel.senders)
            and (not channel.codes or set(channel.codes).intersection(codes))
        )


def kind_of(name: str | None) -> str:
    """The kind of sender that ``name``, a signature, claims to be; anyone can sign with a bank's name."""
    for mark, kind in _NAMES:
        if mark in (name or ""):
            return kind
    return "unknown"


_NAMES = (
    ("消费金融", "consumer_finance"),
    ("消金", "consumer_finance"),
    ("信用卡", "credit_card"),
    ("银行", "bank"),
    ("小额贷款", "small_loan"),
    ("小贷", "small_loan"),
    ("保险", "insurer"),
)


def default_grounds() -> Path:
    """Where the grounds are: inside the installed package, else in ``data/`` of the source tree."""
    package = Path(__file__).resolve().parent
    inside = package / "data" / "grounds.toml"
    return inside if inside.exists() else package.parents[1] / "data" / "grounds.toml"


def _claim_zh(role: Role, force: Force) -> str:
    if role == "breach" and force not in _BINDING:
        return "可能不符合行业标准{}" if force == "standard" else "可能不符合行业自律规范{}"
    return {
        "breach": "可能违反{}",
        "arguable": "可能涉及{}（能否适用可能有争议）",
        "serious": "情节严重时可能涉及{}",
        "context": "可对照{}",
    }[role]


def _claim_en(role: Role, force: Force) -> str:
    if role == "breach" and force not in _BINDING:
        return "may not conform to {}"
    return {
        "breach": "may breach {}",
        "arguable": "may concern {} (whether it applies can be disputed)",
        "serious": "in serious cases may concern {}",
        "context": "compare {}",
    }[role]


def _fits(citation: Citation, code: str, days: Sequence[date], also: Collection[str]) -> bool:
    return (
        code in citation.codes
        and sum(citation.valid_on(day) for day in days) >= citation.least
        and (not citation.requires or not set(citation.requires).isdisjoint(also))
    )


def _rank(citation: Citation) -> tuple[int, int]:
    return get_args(Role).index(citation.role), get_args(Force).index(citation.force)


@lru_cache(maxsize=4)
def _load(path: Path) -> Grounds:
    try:
        data = path.read_bytes()
        table = tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise GroundsError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise GroundsError(f"{path}: no TOML ({error})") from None
    try:
        grounds = Grounds(
            version=table.pop("version"),
            as_of=table.pop("as_of"),
            digest=hashlib.sha256(data).hexdigest(),
            citations=tuple(_entry(Citation, entry) for entry in table.pop("ground")),
            channels=tuple(_entry(Channel, entry) for entry in table.pop("channel")),
            thresholds={entry["id"]: _entry(Threshold, entry) for entry in table.pop("threshold")},
            notice=table.pop("notice"),
        )
        _check(grounds, table)
    except KeyError as error:
        raise GroundsError(f"{path}: {error} is missing") from None
    except GroundsError as error:
        raise GroundsError(f"{path}: {error}") from None
    return grounds


_Entry = TypeVar("_Entry", Citation, Channel, Threshold)


def _entry(kind: type[_Entry], table: Mapping[str, Any]) -> _Entry:
    """A record of ``kind`` from a table of the file: every key known, none missing, lists as tuples."""
    values = {"from_" if key == "from" else key: tuple(v) if isinstance(v, list) else v for key, v in table.items()}
    known = {field.name: field.default is MISSING for field in fields(kind)}
    name = f"{kind.__name__.lower()} {table.get('id')!r}"
    if unknown := values.keys() - known.keys():
        raise GroundsError(f"{name}: unknown key {min(unknown)!r}")
    if missing := {key for key, needed in known.items() if needed} - values.keys():
        raise GroundsError(f"{name}: {min(missing).rstrip('_')!r} is missing")
    make: Any = kind
    return cast("_Entry", make(**values))


def _check(grounds: Grounds, rest: Mapping[str, Any]) -> None:
    """What no entry can see alone."""
    if rest:
        raise GroundsError(f"unknown table {min(rest)!r}")
    ids = [citation.id for citation in grounds.citations]
    if twice := {id_ for id_ in ids if ids.count(id_) > 1}:
        raise GroundsError(f"ground {min(twice)!r} is there twice")
    for threshold in grounds.thresholds.values():
        if unknown := set(threshold.grounds) - set(ids):
            raise GroundsError(f"threshold {threshold.id!r}: no ground {min(unknown)!r}")
        if not threshold.heuristic and not threshold.grounds:
            raise GroundsError(f"threshold {threshold.id!r} has no ground and is not called a heuristic")
