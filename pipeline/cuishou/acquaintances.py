"""Who writes of other things than debts: a relative who forwards a threat, or a friend who wants money back, is no collector."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from cuishou.backup.report import SERVICE
from cuishou.facts import signature
from cuishou.message import Message, Tagging
from cuishou.surnames import SURNAME

#: Ordinary messages from a number before its owner counts as known. A heuristic: a wrong number writes once or twice.
ORDINARY = 3
#: Numbers looked at; whoever comes after is a stranger. It bounds the memory, and no one has so many friends.
_MOST = 100_000
#: Collection messages from a contact up to which the name it is saved under is believed. A heuristic: collectors write more often.
PASSED_ON = 2

_KIN = (
    "妈|爸|爹|娘|爷|奶|姥|外公|公公|老公|外婆|婆婆|老婆|媳妇|丈人|岳父|岳母|哥|姐|弟|妹|叔|伯|舅|姑|姨|婶|嫂|侄|甥|儿子|女儿|闺女|宝贝|宝宝|"
    "爱人|亲家|同学|同事|室友|舍友|战友|朋友|闺蜜|邻居|房东|师傅|老师|老乡"
)
#: A contact's name that looks like a person's or one of the family's.
_PERSON = re.compile(
    rf"(?:[\u4e00-\u9fff]{{0,4}}(?:{_KIN})[\u4e00-\u9fff]{{0,2}}|[老小阿大][\u4e00-\u9fff]{{1,2}}|([\u4e00-\u9fff])\1"
    rf"|{SURNAME}[\u4e00-\u9fff]{{1,2}})"
)
#: What a name has that speaks of collecting or of a company, or warns of whom it names.
_NO_FRIEND = re.compile(
    "催|债|贷|借|欠|逾期|还款|收款|收账|分期|金融|消费|银行|信用|公司|集团|客服|平台|资产|资管|委外|外包|外访|法务|法院|法律|律师|公安|警|"
    "检察|仲裁|调解|诉|经理|专员|主管|骗|诈|骚扰|推销|广告|流氓|无赖|别接|勿接|不接|不要接|拉黑|黑名单|陌生|未知|"
    "花呗|白条|金条|马上|任性|有钱花|微粒|钱包|钱站|普惠|陆金|万达|万卡|小米|小赢|小花钱|小象|小黑|小雨点|小微|小额|阿里|老赖"
)


class Acquaintances:
    """Finds them by what passes between a number and the phone's owner, and by the name that the owner gave it.

    Known is who sent :data:`ORDINARY` or more messages that have nothing to do with collection, and more of them than of the
    other kind, and whom the owner wrote to or saved as a contact. A saved contact alone shows nothing: people save collectors'
    numbers too, so as not to pick up. Service numbers are nobody's. Whom an earlier import found stays known, for
    what is left of it may be a few messages only.

    Friends write elsewhere than by SMS. So a contact whose name looks like a person's (:func:`names_a_person`), and from whom no
    more than :data:`PASSED_ON` collection messages came, is likely one as well, and somebody has to check: :meth:`seem`.
    """

    def __init__(self) -> None:
        self._ordinary: Counter[str] = Counter()
        self._collection: Counter[str] = Counter()
        self._near: set[str] = set()
        self._marked: set[str] = set()
        self._persons: set[str] = set()
        self._doubted: set[str] = set()

    def add(self, messages: Iterable[tuple[Message, Tagging | None]]) -> None:
        """Count ``messages`` in: all there are, before any selection."""
        for message, tagging in messages:
            number = message.number
            if not number or SERVICE.match(number) or (len(self._ordinary) >= _MOST and number not in self._ordinary):
                continue
            self._ordinary[number] += tagging is not None and tagging.tag == "other"
            self._collection[number] += tagging is not None and tagging.tag != "other"
            if message.contact or message.direction == "out":
                self._near.add(number)
            if message.earlier and message.earlier.familiar:
                self._marked.add(number)
            # an earlier import saw more than it left: what it did not mark is not marked now
            if message.contact and names_a_person(message.contact) and (not message.earlier or message.earlier.familiar):
                self._persons.add(number)

    def doubt(self, numbers: Iterable[str]) -> None:
        """Take the owner's word that these numbers are no friends', whatever they are saved as."""
        self._doubted.update(numbers)

    def merge(self, other: Acquaintances) -> None:
        """Count in what ``other`` counted."""
        for number, ordinary in other._ordinary.items():
            if len(self._ordinary) < _MOST or number in self._ordinary:
                self._ordinary[number] += ordinary
                self._collection[number] += other._collection[number]
        self._near |= other._near
        self._marked |= other._marked
        self._persons |= other._persons
        self._doubted |= other._doubted

    def know(self, number: str) -> bool:
        """Whether it is the number of one of them, or only seems to be."""
        return self._write_with(number) or self.seem(number) or (number in self._marked and number not in self._persons)

    def seem(self, number: str) -> bool:
        """Whether only the name that the number is saved under speaks for it: a person has to check."""
        return (
            number in self._persons
            and number not in self._doubted
            and (number in self._marked or 0 < self._collection[number] <= PASSED_ON)
            and not self._write_with(number)
        )

    def _write_with(self, number: str) -> bool:
        return number in self._near and self._ordinary[number] >= max(ORDINARY, self._collection[number] + 1)

    def wrote(self, message: Message) -> bool:
        """Whether ``message`` is from one of them, or seems to be. What bears a company's signature is not."""
        return self.know(message.number) and not signature(message.body)


def names_a_person(contact: str) -> bool:
    """Whether a contact's name looks like that of a person or one of the family, and does not speak of collecting or a company."""
    name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", contact))
    return _PERSON.fullmatch(name) is not None and _NO_FRIEND.search(name) is None
