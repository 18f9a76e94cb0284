from dataclasses import replace

import pytest

from cuishou.acquaintances import ORDINARY, PASSED_ON, Acquaintances, names_a_person
from cuishou.message import Earlier, Message, Tagging

NUMBER = "13900000001"


def chat(ordinary=ORDINARY, demands=1, *, sent=1, number=NUMBER, contact=None):
    """What passes between a number and the phone's owner; the last message is the one in question."""
    messages = [(Message("吃饭没", number, contact=contact), Tagging("other", {})) for _ in range(ordinary)]
    messages += [(Message("好", number, "out"), None) for _ in range(sent)]
    return messages + [
        (Message("你看这个：不还钱就上门", number, contact=contact), Tagging("unlawful", {})) for _ in range(demands)
    ]


def people_of(messages) -> Acquaintances:
    people = Acquaintances()
    people.add(messages)
    return people


def knows(messages, asked=None) -> bool:
    return people_of(messages).wrote(asked or messages[-1][0])


def test_nobody_is_known_at_first():
    assert not Acquaintances().wrote(Message("还钱", NUMBER))
    assert not Acquaintances().wrote(Message("还钱"))


def test_whom_one_writes_with_is_known():
    assert knows(chat())
    assert knows(chat(sent=0, contact="妈"))
    assert knows(chat(number="", contact="妈"))


def test_a_contact_from_whom_no_demand_came_needs_no_check():
    assert not people_of(chat(ordinary=1, demands=0, sent=0, contact="妈妈")).seem(NUMBER)
    assert people_of(chat(ordinary=1, demands=1, sent=0, contact="妈妈")).seem(NUMBER)


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


@pytest.mark.parametrize(
    "contact", ["王小明", "李四", "欧阳锋", "妈", "表哥", "二舅妈", "王姐", "张老师", "老李", "小周", "敏敏", "大学同学"]
)
def test_a_name_that_looks_like_a_persons(contact):
    assert names_a_person(contact)
    few = chat(ordinary=0, demands=PASSED_ON, sent=0, contact=contact)
    assert knows(few)
    assert people_of(few).seem(NUMBER)


@pytest.mark.parametrize(
    "contact",
    [
        *(
            "",
            "13900000001",
            "催收",
            "催收王",
            "法务小李",
            "借贷张三",
            "王律师",
            "马上",
            "白条",
            "支付宝",
            "淘宝",
            "蜂巢分期",
            "骗子",
            "别接",
        ),
        *("橙帆", "招联金融", "李经理", "张三催债的", "王小明（催）", "Lily"),
    ],
)
def test_a_name_that_is_no_friends(contact):
    assert not names_a_person(contact)
    assert not knows(chat(ordinary=0, sent=0, contact=contact))


def test_whom_a_name_alone_speaks_for_is_believed_twice():
    assert not knows(chat(ordinary=0, demands=PASSED_ON + 1, sent=0, contact="王小明"))
    assert not people_of(chat(contact="王小明")).seem(NUMBER), "who is written with needs no name"
    assert not knows(chat(ordinary=0, sent=0, contact="王小明", number="10690000123"))
    assert not knows(chat(ordinary=0, sent=0, contact="王小明"), Message("【砺川咨询】请还款", NUMBER, contact="王小明"))


def test_the_owner_knows_better_than_a_name():
    few = chat(ordinary=0, sent=0, contact="王小明")
    people = people_of(few)
    people.doubt([NUMBER])
    merged = Acquaintances()
    merged.merge(people)
    assert not merged.wrote(few[-1][0])
    people = people_of(chat(contact="王小明"))
    people.doubt([NUMBER])
    assert people.know(NUMBER), "somebody the owner writes with is known whatever is asked for"


def test_what_an_earlier_import_left_of_a_collector_is_no_friends():
    few = chat(ordinary=0, sent=0, contact="王小明")
    left = [(replace(message, earlier=Earlier(17)), tagging) for message, tagging in few]
    assert not knows(left)
    marked = [(replace(message, earlier=Earlier(17, familiar=True)), tagging) for message, tagging in few * 3]
    assert knows(marked)
    assert people_of(marked).seem(NUMBER)
