"""A message as the rules read it: one writing for digits and characters, disguises taken off, every place kept."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

from cuishou.facts.found import Fact, T

# Only what the rules name; words are compared, never shown, so a missing character costs a miss and nothing else.
_TRADITIONAL = (
    "萬兩貳叄參陸億圓塊圆過繳還結總計額餘帳賬單費違約貸債務幣號電話專線熱請內週禮個後聽這點時應須於將轉數戶銀財資產證險館學業處機構訴訟開門"
    "聯絡繫詢撥連達滯納罰償當舖鋪課爭會協貨訂編碼驗檢執審滿價錢給讓匯滙領買貴實報簽記條動聲遲誤樓區縣灣帐訊遞擔職標調寬顧屆裏裡終備滾隨車倉庫確項"
    "員傳訪見氣減優歸檔華鐘鍾無綫幾搵覆"
)
_SIMPLIFIED = (
    "万两贰叁叁陆亿元块元过缴还结总计额余账账单费违约贷债务币号电话专线热请内周礼个后听这点时应须于将转数户银财资产证险馆学业处机构诉讼开门"
    "联络系询拨连达滞纳罚偿当铺铺课争会协货订编码验检执审满价钱给让汇汇领买贵实报签记条动声迟误楼区县湾账讯递担职标调宽顾届里里终备滚随车仓库确项"
    "员传访见气减优归档华钟钟无线几找复"
)
_FULL_WIDTH = "（）．－／＋＄％＃［］：＿＊～￥＝＆？＠"
_HALF_WIDTH = "().-/+$%#[]:_*~¥=&?@"
_TABLE: dict[int, str] = {
    **{ord(a): b for a, b in zip(_TRADITIONAL + _FULL_WIDTH, _SIMPLIFIED + _HALF_WIDTH, strict=True)},
    **{code: chr(code - 0xFEE0) for low, high in ((0xFF21, 0xFF3A), (0xFF41, 0xFF5A)) for code in range(low, high + 1)},
    **{ord(dash): "-" for dash in "‐‑‒–—―−"},
    **dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009), " "),
    ord("〔"): "(",
    ord("〕"): ")",
}

_HAN = "\u4e00-\u9fff〇"
#: What carries nothing, and one or two symbols between Han: ``逾*期`` is read as ``逾期``.
_LEFT_OUT = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
    rf"|(?<=[{_HAN}])[ *·•.\-_|~^+=@#&$\\/'\u2190-\u25ca\u25cc-\u27bf]{{1,2}}(?=[{_HAN}])"
)
_OTHER_DIGIT = re.compile(r"[^\W0-9a-zA-Z_\u3400-\u9fff]")


class Reading:
    """``text`` is what the rules match; a span of it is turned back into a fact of the ``original``."""

    def __init__(self, original: str) -> None:
        self.original = original
        folded = _OTHER_DIGIT.sub(_digit, original.translate(_TABLE))
        self._origin: Sequence[int] = range(len(original))
        if _LEFT_OUT.search(folded):
            left_out: set[int] = set()
            for match in _LEFT_OUT.finditer(folded):
                left_out.update(range(*match.span()))
            self._origin = [place for place in range(len(folded)) if place not in left_out]
            folded = "".join(folded[place] for place in self._origin)
        self.text = folded

    def fact(self, start: int, end: int, value: T) -> Fact[T]:
        """The fact whose words are ``[start, end)`` of ``text``."""
        return Fact(*self.place(start, end), value)

    def place(self, start: int, end: int) -> tuple[int, int, str]:
        """Where ``[start, end)`` of ``text`` stands in the original, and what stands there."""
        first, last = self._origin[start], self._origin[end - 1] + 1
        return first, last, self.original[first:last]

    def span(self, fact: Fact[T]) -> tuple[int, int]:
        """Where a fact of the original stands in ``text``."""
        return bisect_left(self._origin, fact.start), bisect_left(self._origin, fact.end)

    def kept(self, start: int, end: int) -> str:
        """The original characters of ``[start, end)``, without those that were left out."""
        return "".join(self.original[self._origin[place]] for place in range(start, end))


def _digit(match: re.Match[str]) -> str:
    value = unicodedata.decimal(match[0], None)
    return match[0] if value is None else str(value)
