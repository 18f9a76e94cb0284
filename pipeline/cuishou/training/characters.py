"""The character map: what each code point becomes before segmentation.

Three things happen to a text before jieba sees it, and the ONNX graph does the same three:

1. every code point is folded: full width to half width, upper to lower case, traditional to simplified, any digit to ``0``;
2. characters that carry nothing are dropped: zero-width, bidirectional controls, combining marks, NUL; and spaces, which Chinese
   does not need and which come and go with the sender's system (line breaks stay);
3. one or two symbols that stand between two Han characters are dropped, so that ``逾*期`` is read as ``逾期``.

The folding is a table kept in ``data/characters.tsv`` and not computed from :mod:`unicodedata` at training time, because that
module changes with the Python version and a model must not. :func:`compute_folding` made the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

#: Code points from here on share one entry: no folding is known for them.
TABLE_SIZE = 0x20000

#: Block characters of jieba: words are sought only inside runs of these (``jieba.re_han_default``).
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FD5
BLOCK_SYMBOLS = "+#&._%-"
ALNUM = "abcdefghijklmnopqrstuvwxyz0"

_DROPPED_RANGES = (
    (0x0000, 0x0008), (0x000E, 0x001F), (0x007F, 0x0084), (0x0086, 0x009F),  # controls
    (0x0009, 0x0009), (0x0020, 0x0020), (0x00A0, 0x00A0), (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB),  # invisible format characters, fillers
    (0x0300, 0x034E), (0x0350, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF), (0x302A, 0x302D), (0x3099, 0x309A), (0xFE20, 0xFE2F),  # combining marks
)  # fmt: skip
_NOISE_CHARACTERS = "\n\v\f\x85\u2028\u2029" + "*+#&._%-~^|\\/=@$`'\"·•‧∙⋅・･°¨´¸ˉˇ˙˚¦§¬¯±×÷…‥〃※〆〒〓"
_NOISE_RANGES = (
    (0x2010, 0x2017), (0x2020, 0x2023), (0x2032, 0x205E), (0x2190, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF),
    (0x3012, 0x3013), (0x3020, 0x3020), (0x3030, 0x3030), (0xE000, 0xF8FF), (0xFE45, 0xFE46), (0xFFE8, 0xFFEE),
)  # fmt: skip


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def is_dropped(code: int) -> bool:
    """Whether a code point carries nothing and is left out wherever it stands."""
    return _within(code, _DROPPED_RANGES)


def is_han(character: str) -> bool:
    """Whether jieba takes the (folded) character for Han."""
    return FIRST_HAN <= ord(character) <= LAST_HAN


def is_noise(character: str) -> bool:
    """Whether the (folded) character is a symbol that senders put inside words to slip past filters.

    Emoji and everything else beyond the basic plane count as noise; sentence punctuation does not.
    """
    code = ord(character)
    if code >= 0x10000:
        return True
    return character in _NOISE_CHARACTERS or _within(code, _NOISE_RANGES)


def is_block(character: str) -> bool:
    """Whether the (folded) character belongs to a run in which jieba seeks words."""
    return is_han(character) or character in ALNUM or character in BLOCK_SYMBOLS


def compute_folding() -> dict[int, int]:
    """Compute the folding table from Unicode's data and OpenCC's character dictionary.

    Returns code point -> code point for all that change. Rules, in this order: compatibility form (NFKC) when it is a single
    character; lower case when it is a single character; simplified form of a single traditional character (OpenCC ``t2s``);
    every decimal digit or enclosed number up to nine becomes ``0``; carriage return becomes line feed.
    """
    from opencc import OpenCC  # only needed to make the table anew

    to_simplified = OpenCC("t2s").convert
    table: dict[int, int] = {ord("\r"): ord("\n")}
    for code in range(TABLE_SIZE):
        if 0xD800 <= code <= 0xDFFF or 0xE000 <= code <= 0xF8FF or is_dropped(code):
            continue
        folded = chr(code)
        for fold in (lambda c: unicodedata.normalize("NFKC", c), str.lower, to_simplified):
            candidate = fold(folded)
            if len(candidate) == 1 and not is_dropped(ord(candidate)):
                folded = candidate
        if unicodedata.digit(folded, None) is not None:
            folded = "0"
        if ord(folded) != code:
            table[code] = ord(folded)
    return {code: _last(table, to) for code, to in table.items()}


def _last(table: dict[int, int], code: int) -> int:
    """Where repeated folding ends: OpenCC simplifies a few characters in two steps."""
    while code in table:
        code = table[code]
    return code


def write_folding(table: dict[int, int], path: Path) -> None:
    """Write a folding table, a line for each code point: its number, what it becomes, and both as seen."""
    head = "# code point\tbecomes\t(as seen)\n"
    rows = (f"{code:04X}\t{to:04X}\t{_seen(code)} {_seen(to)}\n" for code, to in sorted(table.items()))
    path.write_text(head + "".join(rows), encoding="utf-8", newline="\n")


def _seen(code: int) -> str:
    character = chr(code)
    return character if character.isprintable() and not character.isspace() else "."


def read_folding(path: Path) -> dict[int, int]:
    """Read the table that :func:`write_folding` wrote. Raises ValueError with the line when it is malformed."""
    table: dict[int, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        try:
            code, to = (int(field, 16) for field in line.split("\t")[:2])
        except ValueError:
            raise ValueError(f"{path}, line {number}: expected two hexadecimal code points, found {line!r}") from None
        table[code] = to
    return table


@dataclass(frozen=True)
class Normalised:
    """A text as jieba sees it. ``origin[i]`` is the place in the original text of ``text[i]``."""

    text: str
    origin: tuple[int, ...]


@dataclass(frozen=True)
class Characters:
    """Folds and drops characters; the reference for what the graph does in its first steps."""

    folding: dict[int, int]

    @classmethod
    def read(cls, path: Path) -> Characters:
        """Read the folding table at ``path``."""
        return cls(read_folding(path))

    @cached_property
    def _translation(self) -> dict[int, int | None]:
        dropped = {code: None for low, high in _DROPPED_RANGES for code in range(low, high + 1)}
        return {**self.folding, **dropped}

    @cached_property
    def _noise_between_han(self) -> re.Pattern[str]:
        noise = "".join(re.escape(chr(code)) for code in range(0x10000) if is_noise(chr(code)))
        han = f"[{chr(FIRST_HAN)}-{chr(LAST_HAN)}]"
        return re.compile(f"(?<={han})[{noise}\U00010000-\U0010ffff]{{1,2}}(?={han})")

    def fold(self, code: int) -> int | None:
        """What one code point becomes; None when it is dropped."""
        return self._translation.get(code, code)

    def normalise(self, text: str) -> Normalised:
        """Fold ``text`` and drop what carries nothing, keeping each character's place."""
        kept = [(place, folded) for place, c in enumerate(text) if (folded := self.fold(ord(c))) is not None]
        plain = "".join(chr(folded) for _, folded in kept)
        noisy = {place for match in self._noise_between_han.finditer(plain) for place in range(*match.span())}
        if not noisy:
            return Normalised(plain, tuple(place for place, _ in kept))
        left = [place for place in range(len(plain)) if place not in noisy]
        return Normalised("".join(plain[place] for place in left), tuple(kept[place][0] for place in left))
