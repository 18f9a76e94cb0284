"""A double-array trie: every word of the dictionary in two integer arrays.

A state is a slot. From state ``s`` the character ``c`` leads to slot ``t = base[s] + c`` if ``check[t] == c``, and nowhere
otherwise. (Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure", IEEE TSE 15(9), 1989, who keeps the
parent in ``check``. No two of our states share a base, so the character tells the parent, and takes half the bytes.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class DoubleArray:
    """``base`` int32 and ``check`` uint16, both [slots]. Slot 0 is the dead state; children of the root stand at slot ``c``.

    ``nodes`` int64 [n]: the slots in use, by level, each parent's children in the order of their parents and of their characters.
    """

    base: Ints
    check: NDArray[np.uint16]
    nodes: NDArray[np.int64]

    def walk(self, word: Sequence[int]) -> int:
        """The state that ``word`` (character ids) ends on; 0 when the trie does not hold it."""
        state = word[0] if word and self.check[word[0]] == word[0] else 0
        for character in word[1:]:
            slot = int(self.base[state]) + character
            state = slot if self.check[slot] == character else 0
        return int(state)


@dataclass(frozen=True)
class Packed:
    """All that a double array holds, in half of its bytes, deflated or not.

    A slot is told by its character and by where its family, the children of one parent, stands. Of the ``nodes`` of a
    :class:`DoubleArray`, in their order: ``label`` uint16 [n], the character. Families come in the order of their parents:
    ``parents`` uint16 [families], the way from one node with children to the next, the root not counted; ``sizes`` uint16
    [1 + families], the root's first; ``stands`` int32 [families], where each but the root's has its first member; of those of one
    member, which fill the holes one by one, the way from the one before. ``slots``: how many there are. ``nowhere``: the base of
    what has no children.
    """

    label: NDArray[np.uint16]
    parents: NDArray[np.uint16]
    sizes: NDArray[np.uint16]
    stands: Ints
    slots: int
    nowhere: int

    @classmethod
    def of(cls, states: DoubleArray) -> Packed:
        """Pack ``states``."""
        label, nowhere = states.check[states.nodes], int(states.base[0])
        family = states.nodes - label  # by its base, which no other has
        begin = np.flatnonzero(np.diff(family, prepend=-1))
        sizes = np.diff(begin, append=len(family))
        stands = states.nodes[begin[1:]]
        is_single = sizes[1:] == 1
        parents = np.diff(np.flatnonzero(states.base[states.nodes] != nowhere), prepend=0)
        if parents.max(initial=0) > np.iinfo(np.uint16).max:
            raise ValueError("more than 65,535 words in a row of which no other goes on")
        stands[is_single] = np.diff(stands[is_single], prepend=0)
        return cls(
            label=label,
            parents=parents.astype(np.uint16),
            sizes=sizes.astype(np.uint16),
            stands=stands.astype(np.int32),
            slots=len(states.base),
            nowhere=nowhere,
        )


#: ``check`` of a free slot: no character has this id.
FREE = 0xFFFF


def build(words: list[tuple[int, ...]], alphabet_size: int) -> DoubleArray:
    """Place the trie of ``words`` (tuples of ids in [1, alphabet_size)) in a double array of at most 65,535 characters.

    Nodes with many children are placed first, where there is room; nodes with one child fill the holes. Equal input gives
    equal arrays.
    """
    prefixes = sorted({word[:end] for word in words for end in range(1, len(word) + 1)}, key=lambda prefix: (len(prefix), prefix))
    node_of = {prefix: node for node, prefix in enumerate(prefixes)}
    children: dict[int, list[int]] = {}
    for node, prefix in enumerate(prefixes):
        if len(prefix) > 1:
            children.setdefault(node_of[prefix[:-1]], []).append(node)
    label = np.array([prefix[-1] for prefix in prefixes], dtype=np.int64)

    if alphabet_size > FREE:
        raise ValueError(f"{alphabet_size} characters: the most are {FREE}")
    slots = _Slots(size=alphabet_size + len(prefixes) * 2, reserved=alphabet_size)
    base_of: dict[int, int] = {}
    by_count = sorted(children, key=lambda n: (-len(children[n]), n))
    for size, family in groupby(by_count, key=lambda n: _size_class(len(children[n]))):
        if size > 1:
            for number, node in enumerate(family):
                if number == 0 or (size > _MANY and number % _ANEW == 0):
                    slots.rewind()
                base_of[node] = slots.place(label[children[node]])
        else:
            only = list(family)
            bases = slots.take_holes(label[[children[node][0] for node in only]].tolist())
            base_of.update(zip(only, bases, strict=True))

    slot_of = np.zeros(len(prefixes), dtype=np.int64)
    for node, prefix in enumerate(prefixes):  # by level: a parent always comes before its children
        slot_of[node] = prefix[0] if len(prefix) == 1 else base_of[node_of[prefix[:-1]]] + prefix[-1]
    # Whoever has no children leads behind everything, where all is free. So does the dead state.
    nowhere = max([alphabet_size, *(b + alphabet_size for b in base_of.values())])
    base = np.full(nowhere + alphabet_size, nowhere, dtype=np.int32)
    check = np.full(len(base), FREE, dtype=np.uint16)
    check[slot_of] = label
    for node, of_children in base_of.items():
        base[slot_of[node]] = of_children
    return DoubleArray(base, check, slot_of)


#: Nodes with more children than this are hard to place: every so many of them the search starts anew, which saves a tenth of the
#: slots and takes a few seconds.
_MANY, _ANEW = 32, 8


def _size_class(children: int) -> int:
    """Nodes of one class share a search: each count up to ``_MANY`` by itself, larger ones by the eighth of a power of two."""
    return children if children <= _MANY else round(8 * math.log2(children)) - 8


class _Slots:
    """The free slots, and the search for a base at which all of a node's children find one.

    Nodes come in groups of about equally many children (:func:`_size_class`). Between rewinds the search never looks back: a
    stretch that had no room for one node is left to the smaller nodes of later groups, so that a group costs one pass over the
    array, or a few.
    """

    _STRETCH = 32_768

    def __init__(self, size: int, reserved: int) -> None:
        self._free = np.ones(size, dtype=bool)
        self._free[:reserved] = False
        self._unused = np.ones(size, dtype=bool)  # bases that no state has; 0 is the root's
        self._unused[0] = False
        self._first_hole = self._from = reserved

    def rewind(self) -> None:
        """Search from the first hole on again."""
        self._first_hole += int(np.argmax(self._free[self._first_hole :]))
        self._from = self._first_hole

    def place(self, labels: NDArray[np.int64]) -> int:
        """Take the slots ``base + labels`` for the first base that the search comes to; returns the base."""
        first, rest = int(labels[0]), (labels[1:] - labels[0]).tolist()
        while True:
            self._reach(self._from + self._STRETCH + rest[-1])
            starts = self._from + np.flatnonzero(self._free[self._from : self._from + self._STRETCH])
            starts = starts[self._unused[starts - first]]
            for offset in rest:
                starts = starts[self._free[starts + offset]]
                if not len(starts):
                    break
            else:
                if len(starts):
                    slot = int(starts[0])
                    self._free[[slot, *(slot + offset for offset in rest)]] = False
                    self._unused[slot - first] = False
                    return slot - first
            self._from += self._STRETCH

    def take_holes(self, labels: list[int]) -> list[int]:
        """Take a free slot for each of ``labels``, the first ones for which the bases are new; returns the bases."""
        self._reach(len(self._free) + 2 * len(labels))
        holes = iter(np.flatnonzero(self._free).tolist())
        left: list[int] = []  # holes that did not suit the labels so far
        bases = []
        for label in labels:
            place = next((place for place, hole in enumerate(left) if self._unused[hole - label]), -1)
            if place >= 0:
                hole = left.pop(place)
            else:
                hole = next(holes)
                while not self._unused[hole - label]:
                    left.append(hole)
                    hole = next(holes)
            self._free[hole] = self._unused[hole - label] = False
            bases.append(hole - label)
        return bases

    def _reach(self, slot: int) -> None:
        if slot >= len(self._free):
            self._free = np.concatenate((self._free, np.ones(slot, dtype=bool)))
            self._unused = np.concatenate((self._unused, np.ones(slot, dtype=bool)))
