"""What the rules hand back: facts with their place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Kind = Literal["principal", "fee", "total", "minimum", "instalment", "unknown"]
KINDS: tuple[Kind, ...] = ("principal", "fee", "total", "minimum", "instalment", "unknown")
Currency = Literal["CNY", "HKD", "TWD", "USD", "EUR"]
Way = Literal[
    "app", "bank", "counter", "debit", "company_account", "personal_account", "wechat", "alipay", "fps", "shop", "code", "cash"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """Code points ``[start, end)`` of the message, ``text`` as it stands there, and what it means."""

    start: int
    end: int
    text: str
    value: T


@dataclass(frozen=True, slots=True)
class Amount(Fact[Decimal]):
    """A sum of money. ``currency`` is None where the text has only 元, 块, $ or a bare number.

    ``approximate``: the text says 多, 出头, 约 or the like.
    """

    kind: Kind = "unknown"
    currency: Currency | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Day(Fact[date | None]):
    """A day on which money falls due (``due``), or until which something is demanded (``limit``).

    ``value`` is None where the text alone does not fix the day: 明日 without the date of the message, 七個工作天內 in any case.
    """

    kind: Literal["due", "limit"] = "due"
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Phone(Fact[str]):
    """A number to call back, digits only and without +86."""

    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What one message says of itself. What it does not say is None or empty; nothing is inferred or added up."""

    signature: Fact[str] | None = None
    sender: Fact[str] | None = None
    lender: Fact[str] | None = None
    principal: Fact[str] | None = None
    amounts: tuple[Amount, ...] = ()
    days_overdue: Fact[int] | None = None
    days: tuple[Day, ...] = ()
    phones: tuple[Phone, ...] = ()
    links: tuple[Fact[str], ...] = ()
    ways_to_pay: tuple[Fact[Way], ...] = ()
    products: tuple[Fact[str], ...] = ()
    cards: tuple[Fact[str], ...] = ()
    contracts: tuple[Fact[str], ...] = ()
    case_numbers: tuple[Fact[str], ...] = ()

    @property
    def due(self) -> tuple[Day, ...]:
        """The days on which money falls due."""
        return tuple(day for day in self.days if day.kind == "due")

    @property
    def deadlines(self) -> tuple[Day, ...]:
        """The days until which something is demanded."""
        return tuple(day for day in self.days if day.kind == "limit")

    def of_kind(self, kind: Kind) -> tuple[Amount, ...]:
        """The amounts of one kind."""
        return tuple(amount for amount in self.amounts if amount.kind == kind)
