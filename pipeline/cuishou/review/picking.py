"""Which messages are worth a person's time: those the model is unsure of, unlike what it knows, and unlike one another."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cuishou.alike import ALIKE, Index, folded, shingles, similarity
from cuishou.case import Case
from cuishou.labels import LabelError, read_labels
from cuishou.message import Tagging
from cuishou.output.words import SURROGATE
from cuishou.review.item import Item, item_of

#: Characters beyond which nobody labels a message by hand.
LONGEST = 2000
#: For each message wanted, so many of the least sure ones are looked at more closely.
_POOL = 40


def known_texts(data: Path) -> Index | None:
    """The texts of the corpus in ``data``; None where there is no corpus, as beside an installed package."""
    try:
        return Index(label.text for label in read_labels(data / "labels"))
    except LabelError:
        return None


def pick(case: Case, count: int, known: Index | None = None) -> list[Item]:
    """At most ``count`` received messages of ``case``, the most useful first. The same case gives the same messages.

    A message's worth is how unsure the model is, doubled when nothing in ``known`` is like it. Each message taken makes those
    that are like it worth less, so no two alike are picked. What ``known`` already holds, or nearly, is passed over.
    """
    distinct: dict[str, tuple[str, Tagging]] = {}
    for finding, tagging in case.received:
        text = finding.message.body
        if text.strip() and len(text) <= LONGEST and not SURROGATE.search(text):
            distinct.setdefault(folded(text), (text, tagging))
    pool = sorted(distinct.values(), key=lambda pair: (-unsureness(pair[1]), pair[0]))[: count * _POOL]
    worth = []
    for text, tagging in pool:
        like = known.nearest(text)[1] if known is not None else 0.0
        worth.append(0.0 if like >= ALIKE else unsureness(tagging) * (2 - like))
    return [item_of(*pool[place]) for place in _different([text for text, _ in pool], worth, count)]


def unsureness(tagging: Tagging) -> float:
    """0 when one tag has all the probability, 1 when the two likeliest share it."""
    first, second = sorted(tagging.probabilities.values(), reverse=True)[:2]
    return 1 - (first - second)


def _different(texts: Iterable[str], worth: list[float], count: int) -> list[int]:
    """Greedily the places of most worth, less what each shares with those taken before."""
    sets = [shingles(text) for text in texts]
    nearest = [0.0] * len(sets)
    taken: list[int] = []
    while len(taken) < count:
        best = max(range(len(sets)), key=lambda place: (worth[place] * (1 - nearest[place]), -place), default=None)
        if best is None or worth[best] * (1 - nearest[best]) <= 0 or nearest[best] >= ALIKE:
            break
        taken.append(best)
        for place, mine in enumerate(sets):
            nearest[place] = max(nearest[place], similarity(mine, sets[best]))
    return taken
