"""What a collection message says of itself, in words: amounts as they stand there and what they are said to be, days, numbers.

A sum that stands there without a unit is told in 元, as it is meant.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cuishou.case import Finding
from cuishou.facts import Amount, Day, Facts, Phone, facts
from cuishou.message import Message
from cuishou.output.words import REPORT_WORDS

#: In the order in which they are told.
FIELDS = ("amounts", "overdue", "due", "limit", "phones", "links", "ways", "cards", "contracts", "cases")


#: What tells the unit of a sum.
_UNIT = re.compile(r"[元块塊圆圓刀角毛分¥￥$]|[A-Za-z]{3}")


class Told(NamedTuple):
    """One fact: the field, what people call it, and what the message says."""

    field: str
    label: str
    text: str


def told(finding: Finding, language: str) -> list[Told]:
    """The facts of a collection message; of others none is asked."""
    if finding.tagging is None or finding.tagging.tag == "other":
        return []
    return said(finding.message, language)


def said(message: Message, language: str) -> list[Told]:
    """What ``message`` says. What it does not say is not there."""
    names = REPORT_WORDS[language]["told"]
    found = _texts(facts(message.body, message.day), language)
    return [Told(field, names[field], text) for field in FIELDS if (text := "；".join(dict.fromkeys(found[field])))]


def _texts(said: Facts, language: str) -> dict[str, list[str]]:
    return {
        "amounts": [_amount(amount, language) for amount in said.amounts],
        "overdue": [said.days_overdue.text] if said.days_overdue else [],
        "due": [_day(day) for day in said.due],
        "limit": [_day(day) for day in said.deadlines],
        "phones": [_phone(phone) for phone in said.phones],
        "links": [link.text for link in said.links],
        "ways": [way.text for way in said.ways_to_pay],
        "cards": [card.text for card in said.cards],
        "contracts": [contract.text for contract in said.contracts],
        "cases": [case.text for case in said.case_numbers],
    }


def _amount(amount: Amount, language: str) -> str:
    kind = REPORT_WORDS[language]["amount_kinds"].get(amount.kind, "")
    bare = amount.currency is None and not _UNIT.search(amount.text)
    return f"{kind} {amount.text}{'元' if bare else ''}".strip()


def _day(day: Day) -> str:
    """As it stands there, with the day that it comes to where the text does not say it whole."""
    if day.value is None or day.value.isoformat() in day.text:
        return day.text
    return f"{day.text} ({day.value})"


def _phone(phone: Phone) -> str:
    return f"{phone.value}-{phone.extension}" if phone.extension else phone.value
