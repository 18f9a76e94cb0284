import base64
import hashlib
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.backup import ImportReport
from cuishou.case import Case, Finding
from cuishou.grounds import Grounds
from cuishou.message import CHINA, Instant, Message, Reason, Span, Tagging
from cuishou.output import report
from cuishou.output.report.charts import hours, shares, timeline
from cuishou.output.report.view import build, pieces
from cuishou.output.words import REPORT_WORDS, unsure_told
from cuishou.rhythm import Asked, Options
from cuishou.study import Study
from tests.output import hostile

VOID = {"meta", "input", "rect", "br"}


class Page(HTMLParser):
    """Elements of a page with attributes and text; complains of what is not closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.elements.append({"tag": tag, "text": "", **dict(attributes)})

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [e for e in self.elements if e["tag"] == tag and all(e.get(name) == value for name, value in attributes.items())]


def page(study, tmp_path, language="zh"):
    path = tmp_path / "report.html"
    report.write(study, path, language, hostile.MADE)
    return Page(path.read_text(encoding="utf-8"))


def message(body="还钱", days=0, hour=12, precision="second", address="1069"):
    at = (
        Instant(datetime(2026, 5, 1, hour - 8, tzinfo=timezone.utc) + timedelta(days=days), precision) if days is not None else None
    )
    return Message(body, address, received_at=at)


def study(*pairs, options=None, **fields):
    findings = [
        Finding(message, Tagging(tag, {tag: 0.8}, tuple(Reason(code, 0.9) for code in codes)) if tag else None, number)
        for number, (message, tag, *codes) in enumerate(pairs, 1)
    ]
    return Study.of(Case(findings, [ImportReport("a.xml", "x", read=len(findings))], "made-1", **fields), Grounds.load(), options)


def shown(body):
    """How a body reads in the report: what acts is named."""
    return "".join(piece.text for piece in pieces(body, None))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_messages_are_text(tmp_path, language):
    study = hostile.study()
    found = page(study, tmp_path, language)
    assert len(found.all("script")) == len(found.all("style")) == 1
    assert {element["tag"] for element in found.elements}.isdisjoint(["img", "iframe", "link", "object", "embed", "base"])
    assert not [e for e in found.elements for name in e if name.startswith("on") or name in ("style", "src")]
    assert all(link["href"].startswith("#") for link in found.all("a"))
    texts = [element["text"] for element in found.all("p") if element.get("class") == "body"]
    for body in hostile.BODIES.values():
        assert texts.count(shown(body)) == 4, body


def test_characters_that_act_are_named():
    assert shown("还款\u202egpj\x00\r\n好\u200b\ud83d") == "还款U+202EgpjU+0000\n好U+200BU+D83D"
    assert shown("<b>&amp;") == "<b>&amp;"


def test_policy_allows_only_the_style_and_script_of_the_page(tmp_path):
    found = page(hostile.study(), tmp_path)
    (policy,) = (meta["content"] for meta in found.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for name in ("style", "script"):
        (element,) = found.all(name)
        digest = base64.b64encode(hashlib.sha256(element["text"].encode()).digest()).decode()
        assert rules[f"{name}-src"] == f"'sha256-{digest}'"


def test_nothing_disappears(tmp_path):
    study = hostile.study()
    found = page(study, tmp_path)
    numbers = [f"{finding.number:04}" for finding in study.case.findings]
    rows = [e["data-n"] for e in found.all("div") if e.get("class", "").startswith("row")]
    assert sorted(rows) == numbers
    cards = [e["data-n"] for e in found.all("article") if e.get("class", "").startswith("card")]
    assert sorted(cards) == numbers[: 2 * len(hostile.BODIES)]
    anchors = [e["id"] for e in found.elements if "id" in e]
    assert len(anchors) == len(set(anchors))
    assert {link["href"][1:] for link in found.all("a")} <= set(anchors)


def test_order_is_that_of_time():
    items = build(
        study((message(days=2), "other"), (message(days=None), "other"), (message(days=1), "other")), "zh", hostile.MADE
    ).items
    assert [item.number for item in items] == ["0003", "0001", "0002"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_summary_says_what_was_found(language):
    case = study(
        (message(), "pressure"), (message(hour=23, days=1), "unlawful", "INSULT"), (message("早"), "other"), (message("好"), None)
    )
    summary = build(case, language, hostile.MADE).summary
    for part in ("3", "2", "1", "2026-05-01", "2026-05-02", "22:00-08:00"):
        assert part in summary
    nothing = {"zh": "收到的 1 条短信中，没有发现催收短信", "en": "Of 1 messages received, none concerns"}
    assert build(study((message(), "other")), language, hostile.MADE).summary.startswith(nothing[language])


def test_what_the_model_is_unsure_of_is_counted_without_noughts():
    words = REPORT_WORDS["zh"]
    assert unsure_told((0, 0), words) == ""
    assert "其中 2 条催收短信和 3 条其他短信" in unsure_told((2, 3), words)
    assert "2 条催收短信把握" in unsure_told((2, 0), words)
    assert "3 条其他短信把握" in unsure_told((0, 3), words)
    assert not any("0" in unsure_told(unsure, words) for unsure in [(2, 3), (2, 0), (0, 3)])


def test_languages_have_the_same_words():
    def keys(words):
        return {
            name: keys(value) if isinstance(value, dict) else len(value) if isinstance(value, list) else None
            for name, value in words.items()
        }

    assert keys(REPORT_WORDS["zh"]) == keys(REPORT_WORDS["en"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("day", [date(2018, 1, 1), date(2022, 1, 1), date(2026, 5, 1)])
def test_every_citation_comes_from_the_grounds_and_holds_on_the_day(tmp_path, language, day):
    grounds = Grounds.load()
    by_id = {citation.id: citation for citation in grounds.citations}
    codes = sorted({code for citation in grounds.citations for code in citation.codes if "/" not in code})
    at = Instant(datetime.combine(day, datetime.min.time(), timezone.utc), "second")
    senders = ["【某某银行】", "【某某消费金融】", "【某某小贷】", ""]
    pairs = [(Message(sender + code, "1069", received_at=at), "unlawful", code) for code in codes for sender in senders]
    found = page(study(*pairs), tmp_path, language)
    cited = [link for link in found.all("a") if "data-ground" in link]
    assert cited or day.year < 2020
    for link in cited:
        for citation in map(by_id.__getitem__, link["data-ground"].split()):
            assert citation.valid_on(day)
            named = (citation.title, citation.article) if language == "zh" else (citation.title_en, citation.article_en)
            assert all(part in link["text"] for part in named)
    listed = [e["id"][4:] for e in found.all("span") if e.get("id", "").startswith("law-")]
    assert sorted(listed) == sorted({id_ for link in cited for id_ in link["data-ground"].split()})
    (section,) = found.all("section", id="provisions")
    assert all(by_id[id_].reference(language) in section["text"] for id_ in listed)
    if language == "zh":  # and no title of a law stands anywhere else
        titles = set(re.findall(r"《([^》]+)》", found.all("main")[0]["text"]))
        assert titles <= {c.title for c in grounds.citations} | {
            t for c in grounds.citations for t in re.findall(r"《([^》]+)》", c.reference("zh"))
        }


def test_debt_and_limits_are_said(tmp_path):
    notice = Grounds.load().notice["zh"]
    text = page(study(), tmp_path).all("body")[0]["text"]
    for name in ("limits", "debt", "order"):
        assert notice[name] in text


def test_appendix_says_whether_it_holds_all(tmp_path):
    assert "读出的每一条短信都在这里，共 1 条" in page(study((message(), "pressure")), tmp_path).all("details")[0]["text"]
    chosen = page(study((message(), "pressure"), left_out=3), tmp_path).all("details")[0]["text"]
    assert "每一条" not in chosen
    assert "另有 3 条未列出" in chosen


def test_left_out_lost_and_redacted_are_said(tmp_path):
    case = study((message(), "pressure"), left_out=3, redacted=True)
    case.case.reports[0].lose(1, "x", "丢", 5)
    text = page(case, tmp_path).all("header")[0]["text"]
    assert "另有 3 条未列出" in text
    assert "5 条记录未能" in text
    assert "已脱敏" in text


def test_channels_name_their_senders():
    page = build(
        study((message("【某某银行】还"), "pressure"), (message("滚", address="138"), "unlawful", "THREAT_VIOLENCE")),
        "zh",
        hostile.MADE,
    )
    channels = {sentence[:5] + "若" * ("若对方" in sentence): about for sentence, about in page.channels}
    assert channels["12378"] == "适用于：某某银行"
    assert channels["12378若"] == "适用于：138"
    assert any("110" in sentence and about == "适用于：138" for sentence, about in page.channels)


def test_months_weeks_days():
    def columns(days):
        return timeline(study((message(), "pressure"), (message(days=days), "unlawful", "INSULT")).analysis.overall)

    assert [(chart.unit, len(chart.columns)) for chart in (columns(0), columns(9), columns(200), columns(1000))] == [
        ("day", 15),
        ("day", 15),
        ("week", 30),
        ("month", 33),
    ]


def test_few_days_stand_in_the_middle_of_empty_ones():
    chart = timeline(study((message(), "pressure")).analysis.overall)
    assert [column.total for column in chart.columns] == [0] * 7 + [1] + [0] * 7
    assert chart.ticks == ["2026-04-24", "2026-05-01", "2026-05-08"]


def test_collection_messages_without_times_are_said_instead_of_drawn(tmp_path):
    found = page(study((message(days=None), "pressure"), (message("b", days=None), "reminder")), tmp_path)
    assert [figure["text"].split() for figure in found.all("figure")] == [
        ["每日催收短信", "2", "条催收短信都没有这样的时间，画不出图。"],
        ["一天中的时段", "2", "条催收短信都没有这样的时间，画不出图。"],
    ]


@pytest.mark.parametrize("pairs", [[], [(message(), "other")], [(message(), None)]])
def test_without_collection_messages_no_chart_and_no_empty_section(tmp_path, pairs):
    found = page(study(*pairs), tmp_path)
    assert not found.all("figure") and not found.all("section", id="provisions") and not found.all("a", href="#provisions")
    assert len(found.all("form")) == bool(pairs)
    assert len(found.all("div", **{"data-n": "0001"})) == len(pairs)


def test_summary_of_nothing_and_of_one_day():
    assert build(study(), "zh", hostile.MADE).summary == "备份里没有收到的短信，没有可以分析的内容。"
    assert build(study((message(), None)), "en", hostile.MADE).summary.startswith("The backup holds no received messages")
    assert "（2026-05-01）" in build(study((message(), "pressure")), "zh", hostile.MADE).summary


def test_columns_are_stacked_to_their_height():
    pairs = [
        (message("a"), "unlawful", "INSULT"),
        (message("b"), "pressure"),
        (message("c"), "reminder"),
        (message("d", days=1), "reminder"),
    ]
    first, second = (column for column in timeline(study(*pairs).analysis.overall).columns if column.total)
    assert [bar.tag for bar in first.bars] == ["unlawful", "pressure", "reminder"]
    assert sum(bar.height for bar in first.bars) == pytest.approx(1, abs=0.001)
    assert first.bars[-1].top == pytest.approx(0, abs=0.001)
    assert (second.total, round(second.bars[0].height, 2)) == (1, 0.33)


def test_hours_mark_the_night_and_count_what_has_no_time():
    options = replace(Options.of(Grounds.load()))
    chart = hours(
        study((message(hour=23), "pressure"), (message("b", precision="day"), "pressure"), options=options).analysis.overall
    )
    assert [column.label[:2] for column in chart.columns if column.night] == [
        "00",
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
        "07",
        "22",
        "23",
    ]
    assert ([column.total for column in chart.columns].index(1), chart.unknown) == (23, 1)


def test_empty_charts():
    assert (timeline(study().analysis.overall).most, hours(study().analysis.overall).most) == (0, 0)
    assert timeline(study().analysis.overall).ticks == []


def test_shares_lie_end_to_end():
    assert shares({"unlawful": 1, "pressure": 0, "reminder": 1}, 4) == [("unlawful", 0.0, 25.0), ("reminder", 25.0, 25.0)]


def test_after_the_day_they_were_asked_to_stop():
    options = replace(Options.of(Grounds.load()), asked_to_stop=(Asked(date(2026, 5, 1)),))
    (group,) = build(study((message(), "pressure"), (message(days=1), "pressure"), options=options), "zh", hostile.MADE).groups
    assert "2026-05-01 要求停止后仍有 1 条" in group.facts


@given(st.text(st.characters(exclude_categories=()), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_pieces_are_the_text(body, start, length):
    start, end = min(start, len(body)), min(start + length, len(body))
    found = pieces(body, Tagging("unlawful", {}, spans=(Span(start, end, "x", 1.0),)))
    assert length > 1 or not [piece for piece in found if piece.kind == "mark"]
    plain = "".join(piece.text for piece in found if piece.kind != "control")
    assert plain == re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]", "", body
    )
    assert "".join(p.text for p in found if p.kind == "mark") in body[start:end] or any(p.kind == "control" for p in found)


def test_headline_says_what_was_chosen():
    assert build(study((message(), "pressure")), "zh", hostile.MADE).summary.startswith("收到的 1 条短信中，1 条涉及催收")
    chosen = build(study((message(), "pressure"), left_out=3), "zh", hostile.MADE)
    assert chosen.summary.startswith("按筛选条件选出的 1 条收到的短信中，1 条涉及催收")
    assert "没有催收短信" in build(study(left_out=3), "zh", hostile.MADE).summary


def test_unsure_messages_are_counted_at_the_top():
    unsure = [Finding(message(), Tagging(tag, {tag: 0.5}, needs_review=True), 1) for tag in ("pressure", "other", "other")]
    (aside,) = build(Study.of(Case(unsure, [], "m"), Grounds.load()), "zh", hostile.MADE).asides
    assert "1 条催收短信和 2 条其他短信把握不大" in aside
    assert build(study((message(), "pressure")), "zh", hostile.MADE).asides == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_rule_is_held_against_what_is_less_likely_than_not(tmp_path, language):
    reasons = Reason("INSULT", 0.9), Reason("UNLAWFUL_VISIT", 0.49)
    finding = Finding(message("滚"), Tagging("unlawful", {"unlawful": 0.8}, reasons), 1)
    case = Study.of(Case([finding], [], "m"), Grounds.load())
    (item,) = build(case, language, hostile.MADE).items
    assert [ground.code for ground in item.grounds] == ["INSULT"]
    assert {"zh": "也可能涉及：上门滋扰", "en": "possibly also: menacing visit"}[language] in item.possible
    cited = page(case, tmp_path, language)
    assert "CC-1032" not in "".join(part.get("data-ground", "") for part in cited.all("a"))


def test_what_a_friend_passed_on_is_shown_and_no_senders(tmp_path):
    tagging = Tagging("unlawful", {"unlawful": 0.8}, (Reason("INSULT", 0.9),))
    friend = Finding(Message("你看：滚", "139", contact="<b>妈"), tagging, 1, familiar=True)
    built = build(Study.of(Case([friend], [], "m"), Grounds.load()), "zh", hostile.MADE)
    assert [item.number for item in built.grave] == ["0001"]
    assert (built.groups, built.channels, built.items[0].grounds, built.items[0].group) == ([], [], [], 0)
    assert "内容可能涉及：辱骂、侮辱（可能是转发" in built.items[0].possible
    assert "有 1 条来自平时有往来的人（<b>妈）" in built.asides[0]
    text = page(Study.of(Case([friend], [], "m"), Grounds.load()), tmp_path).all("article")[0]["text"]
    assert "可能是转发" in text


def test_a_saved_contact_is_shown_apart_to_be_checked(tmp_path):
    tagging = Tagging("unlawful", {"unlawful": 0.8}, (Reason("INSULT", 0.9),))
    finding = Finding(Message("有人打电话说你欠钱", "139", contact="李小明"), tagging, 1, familiar=True, saved=True)
    built = build(Study.of(Case([finding], [], "m"), Grounds.load()), "zh", hostile.MADE)
    assert (built.groups, built.channels, built.items[0].grounds, built.items[0].group) == ([], [], [], 0)
    assert "（李小明）：已存联系人，请核对" in built.asides[0]
    text = page(Study.of(Case([finding], [], "m"), Grounds.load()), tmp_path).all("article")[0]["text"]
    assert "已存联系人，请核对" in text
    assert "平时有往来" not in text


def test_doubtful_others_are_pointed_to_and_marked(tmp_path):
    doubtful = [Finding(message(f"第{n}条"), Tagging("other", {"other": 0.5}, needs_review=True), n) for n in range(1, 13)]
    shown = page(Study.of(Case(doubtful, [], "m"), Grounds.load()), tmp_path)
    links = [part["href"] for part in shown.all("a") if part.get("href", "").startswith("#a0")]
    assert links == [f"#a{n:04}" for n in range(1, 11)]
    assert any("共 12 条" in part["text"] for part in shown.all("p"))
    assert len([part for part in shown.all("strong") if "unsure" in part.get("class", "")]) == 12


def test_run_time_is_shown_with_its_zone(tmp_path):
    text = page(study(), tmp_path).all("footer")[0]["text"]
    assert "2026-11-23 12:00:00+08:00" in text
    assert hostile.MADE.tzinfo is CHINA


def test_a_rule_is_told_once_with_all_its_articles():
    at = Instant(datetime(2026, 5, 1, tzinfo=timezone.utc), "second")
    tagging = Tagging(
        "unlawful", {"unlawful": 0.9}, (Reason("PUBLIC_SHAMING", 0.9), Reason("INSULT", 0.8), Reason("THREAT_VIOLENCE", 0.8))
    )
    for body in ("滚", "【某某消费金融】滚", "【某某银行】滚"):
        finding = Finding(Message(body, "1069", received_at=at), tagging, 1)
        (item,) = build(Study.of(Case([finding], [], "m"), Grounds.load()), "zh", hostile.MADE).items
        claims = [claim.text for ground in item.grounds for claim in (*ground.claims, *ground.if_so)]
        assert claims
        assert len(claims) == len(set(claims))
        for ground in item.grounds:
            assert ground.claims or ground.if_so or ground.notice
            laws = [claim.text.split("第")[0] for claim in ground.claims]
            assert len(laws) == len(set(laws))


def test_where_to_turn_is_one_touch_away(tmp_path):
    shown = page(study((message("【甲】还钱"), "pressure")), tmp_path)
    links = [link["href"] for link in shown.all("a")]
    assert links[:2] == ["#next", "#where"]
    assert shown.all("section", id="next")
    assert shown.all("h3", id="where")


def test_latest_sum_that_a_sender_named_is_told():
    bodies = ["【甲】欠款1,200元，逾期3天", "【甲】欠款1,500元，逾期33天", "【甲】请尽快处理"]
    pairs = [(message(body, days=day), "pressure") for day, body in enumerate(bodies)]
    (group,) = build(study(*pairs), "zh", hostile.MADE).groups
    assert "1,500元、逾期33天（2026-05-02，未核实）" in group.claimed
    assert "1,200" not in group.claimed
    (group,) = build(study((message("【甲】请处理"), "pressure")), "zh", hostile.MADE).groups
    assert group.claimed == ""


def test_whoever_owes_nothing_says_so():
    options = replace(Options.of(Grounds.load()), asked_to_stop=(Asked(date(2026, 5, 1)),), not_the_debtor=True)
    built = build(study((message(), "pressure"), (message(days=1), "pressure"), options=options), "zh", hostile.MADE)
    assert "不是债务人" in built.asides[0]
    assert [found.ground.code for found in built.together] == ["HARASSMENT_FREQUENCY/third_party"]
