"""Copies of messages whose digits somebody masked, with digits in their place.

Messages that people share have ``尾号xxxx`` where a phone shows ``尾号8841``. Adverts are shared more than private messages are, so
without the copies a model takes masks for a sign of adverts, and digits for a sign of collection.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from cuishou.labels import Label

#: ``x`` that stands for a digit: several of them, or one beside a digit or a unit.
_MASK = re.compile(r"[xX]{2,}(?![a-zA-Z])|(?<=\d)[xX]+(?![a-zA-Z])|(?<![a-zA-Z])[xX]+(?=[\d万元千百月日年号点折%])")


def unmasked(labels: Iterable[Label]) -> Iterator[Label]:
    """For each message with masked digits a copy with digits: the same for the same text, of the same family and label."""
    for label in labels:
        digits = random.Random(label.text)  # noqa: S311 (invented digits, no secret)

        def filled(mask: re.Match[str], digits: random.Random = digits) -> str:
            return "".join(str(digits.randrange(10)) for _ in mask[0])

        if _MASK.search(label.text) and not any(_MASK.search(part) for part in label.evidence):
            yield replace(label, id=f"{label.id}+digits", text=_MASK.sub(filled, label.text))
