"""What a message says of itself, each fact with its place in the text.

>>> found = facts("【云杉消金】您欠款本金三千六百元，已逾期47天，请于本周五前还款，详询400-000-2211")
>>> found.amounts[0].kind, found.amounts[0].value, found.amounts[0].text
('principal', Decimal('3600'), '三千六百元')
>>> found.days_overdue.value, found.phones[0].value
(47, '4000002211')

Rules over one normalised writing of the text (:mod:`cuishou.facts.reading`); every pattern is bounded, so the cost follows the
length of the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cuishou.facts.found import KINDS, Amount, Currency, Day, Fact, Facts, Kind, Phone, Way
from cuishou.facts.reading import Reading
from cuishou.facts.sender import find_lender, find_principal, find_sender, find_signature, signature
from cuishou.message import CHINA

__all__ = ["KINDS", "Amount", "Currency", "Day", "Fact", "Facts", "Kind", "Phone", "Way", "facts", "names", "signature"]


def names(text: str) -> tuple[str | None, str | None]:
    """The signature of ``text`` and on whose behalf it is written; None where there is none."""
    reading = Reading(text)
    signed, principal = find_signature(reading), find_principal(reading)
    return signed.value if signed else None, principal.value if principal else None


def facts(text: str, sent_at: datetime | date | None = None) -> Facts:
    """What ``text`` says of itself. ``sent_at`` turns 今日, 本周五 and 25日 into days; a datetime is read by China's clock."""
    # Their patterns take a sixth of a second to compile, and who only wants a signature does without.
    from cuishou.facts.amounts import find_amounts
    from cuishou.facts.days import find_days, find_days_overdue
    from cuishou.facts.payment import find_products, find_ways
    from cuishou.facts.references import find_cards, find_cases, find_contracts, find_links, find_phones, other_numbers

    if isinstance(sent_at, datetime):
        sent_at = sent_at.astimezone(CHINA).date() if sent_at.tzinfo else sent_at.date()
    reading = Reading(text)
    signed = find_signature(reading)
    sender, principal = find_sender(reading, signed), find_principal(reading)
    links, cases, phones = find_links(reading), find_cases(reading), find_phones(reading)
    cards, contracts, overdue = find_cards(reading), find_contracts(reading), find_days_overdue(reading)
    taken = bytearray(len(reading.text))
    known: Iterable[Fact[Any]] = (*links, *cases, *phones, *cards, *contracts)
    for start, end in [*(reading.span(fact) for fact in known), *other_numbers(reading.text)]:
        taken[start:end] = b"\1" * (end - start)
    days = find_days(reading, sent_at, taken)
    return Facts(
        signature=signed,
        sender=sender,
        lender=find_lender(sender, principal),
        principal=principal,
        amounts=find_amounts(reading, taken),
        days_overdue=overdue,
        days=days,
        phones=phones,
        links=links,
        ways_to_pay=find_ways(reading),
        products=find_products(reading),
        cards=cards,
        contracts=contracts,
        case_numbers=cases,
    )
