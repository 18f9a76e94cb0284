"""Days: how many a debt is overdue, when money falls due, until when something is demanded."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from cuishou.facts.found import Day, Fact
from cuishou.facts.numerals import HAN_NUMERAL, han_number
from cuishou.facts.reading import Reading

_N = rf"(?:\d{{1,5}}|\d(?: \d){{1,4}}|[{HAN_NUMERAL}]{{1,7}})"
_SMALL = rf"(?:\d{{1,2}}|[{HAN_NUMERAL}]{{1,3}})"


def number(words: str) -> int | None:
    """``12``, ``1 2``, ``十二``."""
    plain = words.replace(" ", "")
    return int(plain) if plain.isdecimal() else han_number(plain)


# ---- days overdue ----

_OVERDUE = re.compile(
    r"(?:(?:逾[期其]|超期|过期|拖欠?|断供|未还|过[^，。；,;!！?？\s]{0,5}[日期]|超[^，。；,;!！?？\s]{0,5}[日期])[^，。；,;!！?？\d至限申]{0,8}?"
    r"|(?:晚|迟|延误|欠)[款了着]{0,2}已?经?有?\s?)"
    rf"(?<![{HAN_NUMERAL}])(?P<n>{_N})\s?(?P<unit>天|日(?!元)|个?(?:星期|礼拜)|周(?!年))"
    r"(?!以上|以内|内|前|后|之[前后]|不还|期满|期限|起|宽限)"
)
_OVERDUE_LISTED = re.compile(rf"逾期(?:天数|日数|时间)?(?:\(天\))?[:：]\s?(?P<n>{_N})(?P<unit>天|日|(?![\d.,元期个月天日]))(?!内)")
_OVERDUE_IN_BRACKETS = re.compile(rf"逾期[^，。；,;]{{0,8}}\((?P<n>{_N})(?P<unit>天|日)\)")
#: What makes of the words before it no statement about this debt, or no exact one.
_SUPPOSED = re.compile(
    r"(?:如果|如(?!下)|若|倘|一旦|凡|满|超过|超出|已超(?!期)|达到|每|宽限|再|可否|能否|能不能)[^，。；,;:：]{0,6}$"
)


def find_days_overdue(reading: Reading) -> Fact[int] | None:
    """The days overdue that the text states; an approximate or supposed number is none, nor are months."""
    for pattern in (_OVERDUE, _OVERDUE_LISTED, _OVERDUE_IN_BRACKETS):
        for match in pattern.finditer(reading.text):
            value = number(match["n"])
            supposed = _SUPPOSED.search(reading.text, max(0, match.start() - 8), match.start("n"))
            if value is None or not value or supposed:
                continue
            days = value * (7 if match["unit"] not in ("天", "日", "") else 1)
            return reading.fact(match.start("n"), match.end("unit"), days)
    return None


# ---- days by the calendar ----

_WEEKDAYS = {c: n for n, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for c in chars}
_RELATIVE = {
    "今": 0, "本日": 0, "当日": 0, "当天": 0, "即日": 0, "明": 1, "次日": 1, "听日": 1, "后": 2,
}  # fmt: skip
_TIME = (
    r"(?P<part>凌晨|早上|上午|早|中午|下午|傍晚|晚上|今晚|晚|夜)?"
    rf"(?:(?P<hour>{_SMALL})(?:[:：](?P<minute>\d\d)(?:[:：]\d\d)?|[时点](?P<half>半)?(?:整|(?P<of>\d\d)分?)?))"
)
_CLOCK = re.compile(rf"\s?[,，]?\s?{_TIME}")


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write a day, and how to find it: from the match, the day of the message (None: unknown) and the day named before."""

    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], date | None, date | None], date | None]
    #: The words alone say that it is a limit (三日内).
    limit: bool = False


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    year, month, day = (number(match[name]) for name in ("y", "m", "d"))
    if year is None or month is None or day is None:
        return None
    return _date(year + 1911 if year < 200 else year, month, day)


def _month_and_day(match: re.Match[str], sent: date | None, before: date | None) -> date | None:
    """Without a year: the one that brings it nearest to the message; 明年 and 去年 say which."""
    month, day = number(match["m"]), number(match["d"])
    if sent is None or month is None or day is None:
        return None
    if word := match["year"]:
        return _date(sent.year + {"去": -1, "今": 0, "本": 0, "明": 1}[word[0]], month, day)
    base = before if before and before > sent and match["list"] else sent
    years = (base.year,) if base is not sent and month >= base.month else (sent.year - 1, sent.year, sent.year + 1)
    near = [found for year in years if (found := _date(year, month, day))]
    return min(near, key=lambda found: abs(found - sent), default=None)


def _months_on(sent: date, months: int) -> tuple[int, int]:
    return sent.year + (sent.month - 1 + months) // 12, (sent.month - 1 + months) % 12 + 1


def _day_of_month(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    """本月25日, 下月1号; a bare 25日 is the next 25th."""
    day = number(match["d"])
    if sent is None or day is None:
        return None
    which = match["which"] or ""
    if which.startswith(("下", "次")):
        return _date(*_months_on(sent, 1), day)
    if which.startswith(("上", "前")):
        return _date(*_months_on(sent, -1), day)
    if which.startswith(("每", "各")) or not which:
        months = (_date(*_months_on(sent, ahead), day) for ahead in range(4))
        return next((found for found in months if found and found >= sent), None)
    return _date(sent.year, sent.month, day)


def _month_end(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    if sent is None:
        return None
    if match["half"]:
        return sent.replace(day=15)
    if match["year"]:
        return date(sent.year, 12, 31)
    year, month = sent.year, sent.month
    if match["m"]:
        month = number(match["m"]) or 0
        if not 1 <= month <= 12:
            return None
        year += (month < sent.month - 6) - (month > sent.month + 6)
    elif match["next"]:
        year, month = _months_on(sent, 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def _relative(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    words = match["word"]
    ahead = next((days for word, days in _RELATIVE.items() if words.startswith(word)), 0)
    return sent + timedelta(days=ahead) if sent else None


def _weekday(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    """周五 and 本周五: the next one, today included; 下周五: that of the week after."""
    if sent is None:
        return None
    weekday = _WEEKDAYS[match["w"]]
    monday = sent - timedelta(days=sent.weekday())
    if (match["which"] or "").startswith("下"):
        return monday + timedelta(days=7 + weekday)
    return sent + timedelta(days=(weekday - sent.weekday()) % 7)


def _week(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    return sent + timedelta(days=6 - sent.weekday()) if sent else None


def _within(match: re.Match[str], sent: date | None, _: date | None) -> date | None:
    count = number(match["n"])
    if sent is None or count is None or count > 3660:
        return None
    hours = match["unit"] not in ("天", "日")
    return sent + timedelta(days=count // 24 if hours else count)


_Y = r"(?:19|20)\d{2}|(?:二〇|二零|贰零|贰〇)[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]{2}"
_FORMS = (
    _Form(re.compile(rf"(?<!\d)(?P<y>{_Y})\s?[年\-/.]\s?(?P<m>{_SMALL})\s?[月\-/.]\s?(?P<d>{_SMALL})(?!\d)[日号]?"), _full),
    _Form(re.compile(r"(?<!\d)(?P<y>1[01]\d)[年/.](?P<m>\d{1,2})[月/.](?P<d>\d{1,2})(?!\d)日?"), _full),
    _Form(
        re.compile(
            rf"(?P<list>[、和及与]\s?)?(?:(?P<year>明年|今年|本年|去年)|(?<![\d.年/-]))(?P<m>{_SMALL})月(?P<d>{_SMALL})(?:[日号]|(?=\s?(?:前|止|截)))"
        ),
        _month_and_day,
    ),
    _Form(re.compile(r"(?P<list>(?!))?(?P<year>(?!))?(?<![\d.年/-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/期])"), _month_and_day),
    _Form(
        re.compile(
            rf"(?:(?P<which>本月|这个?月|当月|下个?月|次月|每个?月|各月|上个?月)的?|(?<![\d.:月/\-前后第每逐隔首近头]))(?P<d>{_SMALL})\s?[日号](?![内线店楼桌台院铺码后])"
        ),
        _day_of_month,
    ),
    _Form(
        re.compile(rf"(?:(?P<m>{_SMALL})月|(?P<next>下个?月)|(?:本|这个?|当)?月|(?P<year>年))(?:(?P<half>中)(?=[旬前])|[底末])"),
        _month_end,
    ),
    _Form(re.compile(r"(?P<word>今[天日晚早夜]|本日|明[天日早晚儿]儿?|听日|后[天日])(?!以来|起)"), _relative),
    _Form(re.compile(r"(?P<which>[本这今下]个?)?(?:周|星期|礼拜)(?P<w>[一二三四五六日天末])"), _weekday),
    _Form(re.compile(r"[本这]个?(?:周|星期|礼拜)(?![一二三四五六日天末])"), _week),
    _Form(
        re.compile(rf"(?<![{HAN_NUMERAL}\d.后])(?<!将[于在])(?P<n>{_N})\s?个?(?P<unit>天|日|小时|钟头)之?内(?!免|[容部]|有效)"),
        _within,
        limit=True,
    ),
    # 26日到期 is a day of the month
    _Form(re.compile(rf"(?<![{HAN_NUMERAL}\d.])(?P<n>{_N})\s?个?(?P<unit>天|日(?=后))后?到期"), _within),
    _Form(
        re.compile(
            rf"(?:(?<!宽)限|再等|最后(?![一1][天日])|还剩|仅剩|还款日)(?P<n>{_N})\s?个?(?P<unit>天|日|小时|钟头)(?!以上|[前后])"
        ),
        _within,
        limit=True,
    ),
)
_TODAY_BY_THE_CLOCK = re.compile(rf"(?<![\d:日天号晚早午月])(?:{_TIME})(?=之?前|截止|整?前)")

# ---- what makes of a day one that matters ----

_LIMIT_AFTER = re.compile(
    r"\s?[)）]?[^，。；,;!！?？:：\d前]{0,8}?(?:之前|以前|前(?!台|往|天|来(?!电))|为?止|截[止至]|之内|内(?![容部]))"
)
_LIMIT_BEFORE = re.compile(
    r"(?:截止(?:日期?|时间)?|期限|最晚|最迟|限|务必在?|必须|须)[于在为是至到:：\s]{0,3}$|(?:就|只等到|保留[^，。；]{0,6}至)$"
)
_DUE_BEFORE = re.compile(
    r"(?:还款日|到期日|扣款日|缴款日|供款日|付款日|结算日|日期|扣收日|账期)[^，。；,;!！?？]{0,4}$"
    r"|(?:延期?|宽限期?|顺延|有效期|免息期|改|约|承诺|拖延?|如|若)[于在至到][^，。；,;!！?？]{0,3}$|(?:归还|到期|还款|截止?)[:：]?$"
)
_DUE_AFTER = re.compile(
    r"\s?[)）]?[^，。；,;!！?？]{0,14}?(?:还(?!在|有|是|想|要求|可以)|缴|交(?![易通代])|付(?!款码)|扣|存(?!管)|供款|过数|补(?!偿|录)|清|到期|备足|收取|处理|归|算数|入数|"
    r"给(?!您|你|我)|打款|转(?!让|账因)|仍?未(?!来)|没有?数|冇数|见不到钱|看到钱|要给|有结果|付息|换)"
)
_DUE_SOON = re.compile(r"(?:应|定|将|需|会)[于在][^，。；,;!！?？]{0,3}$")
_ASKED = re.compile(r"请(?:您|你|务必)?$")
_ANSWER = re.compile(r"回电|致电|来电|联系|回复|处理")
#: What happens on a day that is no due date, when it stands before any word of paying.
_EVENT = re.compile(
    r"起诉|立案|开庭|上门|到访|抵达|外访|递交|递材料|提交|移交|寄|送达|放款|取款|转账|入账|发放|转让|受理|提讯|停水|停电|生效|律师|发函|诉|法院|群发|清零|到府|工作证|核对住址|去你|到你|"
    r"查询|登录|致函|接管|关机|关闭|发薪|工资|工程款|奖金|到账|执行|扣划|注销|审批|无交易|来人|拉人|过去"
)
_PAST = re.compile(r"(?:截至|截止到?今|自|从|已于|曾于|上|昨天?是?|曾在|[^顺]原|通知日期[:：]?|停止|结到)\s?$|截至[^，。]{0,4}$")
_CLAUSE = re.compile("[^，。；,;!！?？]{0,24}")
_REACH = 16


def find_days(reading: Reading, sent_at: date | None, taken: bytearray) -> tuple[Day, ...]:
    """The days that money falls due on or something is demanded by, in the order of the text.

    ``taken`` marks the places of ``reading.text`` that mean something else; what is read as a day is marked there too.
    """
    text = reading.text
    found: list[Day] = []
    before: date | None = None
    for start, end, match, form in sorted(_candidates(text), key=lambda row: (row[0], -row[1])):
        if any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        value = _resolved(form, match, sent_at, before) if form else (found[-1].value if found else sent_at)
        if value is None and sent_at is not None:
            continue
        before = value or before
        clock = _CLOCK.match(text, end) if form else match
        stop = clock.end() if clock else end
        listed = form is not None and found and match.groupdict().get("list")
        role = found[-1].kind if listed else _role(text, start, stop, form)
        if role:
            at = _time(clock, match[0]) if clock else None
            found.append(Day(*reading.place(start, stop), value, role, at))
            taken[end:stop] = b"\1" * (stop - end)
    return tuple(found)


def _resolved(form: _Form, match: re.Match[str], sent_at: date | None, before: date | None) -> date | None:
    """The day that ``match`` means; None where no calendar has it."""
    try:
        return form.resolve(match, sent_at, before)
    except (OverflowError, ValueError):
        return None


def _candidates(text: str) -> Iterator[tuple[int, int, re.Match[str], _Form | None]]:
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            yield match.start(), match.end(), match, form
    for match in _TODAY_BY_THE_CLOCK.finditer(text):
        yield match.start(), match.end(), match, None


def _role(text: str, start: int, end: int, form: _Form | None) -> Literal["due", "limit"] | None:
    """``due`` or ``limit``; None for the day of something else: a visit, a filing, a past payment."""
    before = text[max(0, start - _REACH) : start]
    if _PAST.search(before):
        return None
    if text.endswith("到期", start, end):
        return "due"
    if form is None or form.limit or _LIMIT_BEFORE.search(before) or _LIMIT_AFTER.match(text, end):
        return "limit"
    if _DUE_BEFORE.search(before):
        return "due"
    if _ASKED.search(before) and _ANSWER.match(text, end):
        return "limit"
    if _DUE_SOON.search(before):
        return None if _EVENT.search(_CLAUSE.match(text, end)[0]) else "due"  # type: ignore[index]
    after = _DUE_AFTER.match(text, end)
    return "due" if after and not _EVENT.search(after[0]) else None


def _time(clock: re.Match[str], words: str) -> time | None:
    hour = number(clock["hour"])
    if hour is None:
        return None
    if hour < 8 and not clock["part"] and not clock["minute"]:
        return None  # 五点: of the morning or of the evening
    afternoon = (clock["part"] or "") in ("下午", "傍晚", "晚上", "今晚", "晚", "夜") or "晚" in words
    if hour < 12 and afternoon:
        hour += 12
    minute = 30 if clock["half"] else int(clock["minute"] or clock["of"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
