from dataclasses import replace

import pytest

from cuishou.acquaintances import ORDINARY, Acquaintances
from cuishou.message import Earlier, Message, Tagging

NUMBER = "13900000001"


def chat(ordinary=ORDINARY, demands=1, *, sent=1, number=NUMBER, contact=None):
    """What passes between a number and the phone's owner; the last message is the one in question."""
    messages = [(Message("吃饭没", number, contact=contact), Tagging("other", {})) for _ in range(ordinary)]
    messages += [(Message("好", number, "out"), None) for _ in range(sent)]
    return messages + [
        (Message("你看这个：不还钱就上门", number, contact=contact), Tagging("unlawful", {})) for _ in range(demands)
    ]


def knows(messages, asked=None) -> bool:
    people = Acquaintances()
    people.add(messages)
    return people.wrote(asked or messages[-1][0])


def test_nobody_is_known_at_first():
    assert not Acquaintances().wrote(Message("还钱", NUMBER))
    assert not Acquaintances().wrote(Message("还钱"))


def test_whom_one_writes_with_is_known():
    assert knows(chat())
    assert knows(chat(sent=0, contact="妈"))
    assert knows(chat(number="", contact="妈"))


@pytest.mark.parametrize(
    "strange",
    [
        chat(ordinary=ORDINARY - 1),
        chat(demands=ORDINARY),
        chat(sent=0),
        chat(ordinary=0, contact="催收的，别接"),
        chat(number="10690000123"),
        chat(number="+8695588"),
    ],
)
def test_others_are_strangers(strange):
    assert not knows(strange)


def test_whom_an_earlier_import_knew_stays_known():
    marked = Message("你看这个：不还钱就上门", NUMBER, earlier=Earlier(17, familiar=True))
    assert knows([(marked, Tagging("unlawful", {}))])
    assert not knows([(replace(marked, earlier=Earlier(17)), Tagging("unlawful", {}))])
    one, other = Acquaintances(), Acquaintances()
    other.add([(marked, None)])
    one.merge(other)
    assert one.wrote(marked)


def test_one_number_is_the_same_with_and_without_its_country():
    assert knows(chat(), Message("还钱", "+86 139-0000-0001"))


def test_a_company_may_write_from_anywhere():
    assert not knows(chat(), Message("【砺川咨询】请还款", NUMBER))
