"""Disguised copies of messages, as senders disguise them to slip past filters: for measuring, each disguise alone."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

from cuishou.training.characters import Characters, is_han

#: Of the places where a disguise could be put, how many get one.
_SHARE = 0.2

_HOMOPHONES = {
    "还": "环", "款": "宽", "逾": "愈", "期": "其", "催": "崔", "收": "手", "法": "发", "院": "愿", "诉": "素", "欠": "歉", "债": "责",
    "律": "绿", "师": "狮", "征": "正", "信": "芯", "贷": "代", "钱": "前", "坐": "座", "牢": "劳", "警": "景", "冻": "动", "结": "洁",
    "联": "连", "系": "细", "家": "佳", "单": "丹", "位": "味", "告": "高", "知": "之", "转": "赚", "账": "帐", "息": "熄",
}  # fmt: skip
_RADICALS = {
    "诉": "讠斥", "贷": "代贝", "债": "亻责", "钱": "钅戋", "法": "氵去", "律": "彳聿", "讼": "讠公", "账": "贝长", "欺": "其欠",
    "骗": "马扁", "结": "纟吉", "冻": "冫东", "联": "耳关", "收": "丩攵", "催": "亻崔", "信": "亻言", "警": "敬言", "款": "士示欠",
}  # fmt: skip
_PINYIN = {
    "还": "huan", "款": "kuan", "逾": "yu", "期": "qi", "诉": "su", "起": "qi", "法": "fa", "院": "yuan", "欠": "qian", "钱": "qian",
    "贷": "dai", "催": "cui", "收": "shou", "律": "lv", "师": "shi", "征": "zheng", "信": "xin", "联": "lian", "系": "xi", "家": "jia",
}  # fmt: skip
_SYMBOLS, _EMOJI = "*.·-_/~|", "😀💰📞⚠️🙏"
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def disguises(characters: Characters) -> dict[str, Callable[[str], str]]:
    """Each disguise by name. A text is always disguised alike; one that offers no place comes back unchanged."""
    traditional = {chr(to): chr(code) for code, to in sorted(characters.folding.items(), reverse=True) if _both_han(code, to)}
    return {
        "symbol": lambda text: _between(text, _SYMBOLS),
        "space": lambda text: _between(text, " "),
        "zerowidth": lambda text: _between(text, "\u200b\u200d\u2060"),
        "emoji": lambda text: _between(text, _EMOJI),
        "fullwidth": lambda text: text.translate(_FULL_WIDTH),
        "traditional": lambda text: "".join(traditional.get(c, c) for c in text),
        "homophone": lambda text: _swapped(text, _HOMOPHONES),
        "radical": lambda text: _swapped(text, _RADICALS),
        "pinyin": lambda text: _swapped(text, _PINYIN),
    }


def _both_han(code: int, to: int) -> bool:
    return is_han(chr(code)) and is_han(chr(to))


def _chance(text: str) -> random.Random:
    return random.Random(zlib.crc32(text.encode("utf-8", "surrogatepass")))  # noqa: S311 (no secret)


def _between(text: str, symbols: str) -> str:
    """A symbol between one in five neighbouring Han, at least one."""
    places = [place for place in range(1, len(text)) if is_han(text[place - 1]) and is_han(text[place])]
    chance = _chance(text)
    chosen = set(chance.sample(places, min(len(places), 1 + int(len(places) * _SHARE))))
    return "".join(chance.choice(symbols) + c if place in chosen else c for place, c in enumerate(text))


def _swapped(text: str, table: dict[str, str]) -> str:
    """Two of three characters that have another spelling get it."""
    chance = _chance(text)
    return "".join(table[c] if c in table and chance.random() < 2 / 3 else c for c in text)
