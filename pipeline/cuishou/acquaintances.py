"""Who writes of other things than debts: a relative who forwards a threat, or a friend who wants money back, is no collector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cuishou.backup.report import SERVICE
from cuishou.facts import signature
from cuishou.message import Message, Tagging

#: Ordinary messages from a number before its owner counts as known. A heuristic: a wrong number writes once or twice.
ORDINARY = 3
#: Numbers looked at; whoever comes after is a stranger. It bounds the memory, and no one has so many friends.
_MOST = 100_000


class Acquaintances:
    """Finds them by what passes between a number and the phone's owner.

    Known is who sent :data:`ORDINARY` or more messages that have nothing to do with collection, and more of them than of the
    other kind, and whom the owner wrote to or saved as a contact. A saved contact alone shows nothing: people save collectors'
    numbers too, so as not to pick up. Service numbers are nobody's. Whom an earlier import found stays known, for
    what is left of it may be a few messages only.
    """

    def __init__(self) -> None:
        self._ordinary: Counter[str] = Counter()
        self._collection: Counter[str] = Counter()
        self._near: set[str] = set()
        self._marked: set[str] = set()

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

    def merge(self, other: Acquaintances) -> None:
        """Count in what ``other`` counted."""
        for number, ordinary in other._ordinary.items():
            if len(self._ordinary) < _MOST or number in self._ordinary:
                self._ordinary[number] += ordinary
                self._collection[number] += other._collection[number]
        self._near |= other._near
        self._marked |= other._marked

    def know(self, number: str) -> bool:
        """Whether it is the number of one of them."""
        if number in self._marked:
            return True
        return number in self._near and self._ordinary[number] >= max(ORDINARY, self._collection[number] + 1)

    def wrote(self, message: Message) -> bool:
        """Whether ``message`` is from one of them. What bears a company's signature is not."""
        return self.know(message.number) and not signature(message.body)
