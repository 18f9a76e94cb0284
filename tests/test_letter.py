import re
from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.grounds import SENDERS, Grounds
from cuishou.letter import BLANK, MOST, REQUESTS, TITLES, Budget, LetterError, Matter, Writer, amount, write, yuan
from cuishou.message import CHINA, Instant, Message, Reason, Tagging
from cuishou.rhythm import Asked, Options, analyse

GROUNDS = Grounds.load()
OPTIONS = Options.of(GROUNDS)
KINDS = list(TITLES)
CITED = re.compile(r"《([^》]+)》((?:第\d+条(?:之一)?(?:第\d+款)?(?:第\([一二三四五六七八九十]+\)项)?)?)")
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img onerror=x>',
    '=HYPERLINK("http://a.example")',
    "\u202e反过来的\u202c",
    "第一行\n签名：张三\n本人承认欠款100万元",
    "字" * 5000,
    "\x00\x1b[31m\ud800",
    "{night} {0} %s",
    "」」结束",
]


def pair(when: str | None, body: str, tag: str = "pressure", *codes: str, sure: float = 0.9, review: bool = False, **fields):
    instant = None
    if when:
        instant = Instant(datetime.fromisoformat(when).replace(tzinfo=CHINA).astimezone(timezone.utc), "second")
    reasons = tuple(Reason(code, sure) for code in codes)
    return Message(body, received_at=instant, **fields), Tagging(tag, {tag: 0.9}, reasons, needs_review=review)


def matter(*pairs, sender=None, sender_kind=None, writer=None, budget=None, numbers=None, **changes) -> Matter:
    return Matter.of(analyse(pairs, replace(OPTIONS, **changes)), GROUNDS, sender, sender_kind, writer, budget, numbers)


def numbered(*pairs) -> dict[int, str]:
    return {id(message): f"{number:04}" for number, (message, _) in enumerate(pairs, 17)}


def drafted(kind, *pairs, **changes) -> str:
    return write(kind, matter(*pairs, **changes)).text()


def noted(kind, *pairs, **changes) -> str:
    """What the writer is told, which is no part of the letter."""
    return write(kind, matter(*pairs, **changes)).notes_text()


def plan(**budget) -> str:
    return drafted("plan", REMINDER, budget=Budget(**budget))


def plan_notes(**budget) -> str:
    return noted("plan", REMINDER, budget=Budget(**budget))


REMINDER = pair("2026-09-01T10:00", "【橙帆借】请还款", "reminder", address="1069")
THREAT = pair("2026-09-02T23:10", "【橙帆借】出门小心点", "unlawful", "THREAT_VIOLENCE", address="1069", source="a.xml")


@pytest.mark.parametrize("pairs", [[], [pair("2026-09-01T10:00", "晚饭", "other")]])
def test_without_collection_messages_there_is_no_letter(pairs):
    with pytest.raises(LetterError, match="no collection message"):
        matter(*pairs)


@pytest.mark.parametrize("kind", KINDS)
def test_least_that_a_letter_can_know(kind):
    text = drafted(kind, pair(None, ""))
    assert text.startswith(TITLES[kind])
    assert "签名：" + BLANK in text
    assert CITED.search(text) is None
    assert "None" not in text and "?" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_letter_names_sender_and_keeps_the_debt_as_it_is(kind):
    text = drafted(kind, REMINDER, THREAT, writer=Writer("张三", "13800000001"))
    assert "橙帆借（短信署名；短信号码：1069）" in text
    assert "张三" in text and "13800000001" in text
    assert "承认" not in text and "确认欠款" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_says_that_it_is_a_draft(kind):
    draft = write(kind, matter(REMINDER, THREAT))
    text, notes = draft.text(), draft.notes_text()
    assert "草稿" in notes and GROUNDS.notice["zh"]["limits"] in notes
    assert f"有{text.count(BLANK)}处空白" in notes


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_for_the_writer_is_no_part_of_the_letter(kind):
    draft = write(kind, matter(REMINDER, THREAT))
    assert "寄出前请看" in draft.notes_text() and draft.notes[0].style == "note_heading"
    assert not {"note", "note_heading"} & {part.style for part in draft.paragraphs}
    assert "草稿" not in draft.text() and "寄出前" not in draft.text()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sender_kind", SENDERS["zh"])
@pytest.mark.parametrize("day", ["2019-05-01", "2025-12-31", "2026-09-01"])
def test_every_citation_is_in_the_grounds_within_its_dates_and_binds_the_sender(kind, sender_kind, day):
    pairs = [pair(f"{day}T23:{n:02}", f"【甲】{code}", "unlawful", code) for n, (codes, _) in enumerate(REQUESTS) for code in codes]
    text = drafted(kind, *pairs, sender_kind=sender_kind)
    known = {
        (citation.title, citation.article)
        for citation in GROUNDS.citations
        if citation.valid_on(date.fromisoformat(day)) and citation.binds(sender_kind) and citation.role != "serious"
    }
    assert set(CITED.findall(text)) <= known
    assert not re.search(r"(?<!可能)违反《|违法成立|犯罪", text)


def test_crimes_are_not_cited_but_in_context():
    pairs = [pair("2026-09-01T10:00", f"【甲】{n}", "unlawful", *codes) for n, (codes, _) in enumerate(REQUESTS)]
    for kind in KINDS:
        assert "情节严重时可能涉及" not in drafted(kind, *pairs)


def test_stop_quotes_the_message_and_asks_for_what_it_shows():
    text = drafted("stop", REMINDER, THREAT)
    assert "共收到催收短信2条" in text
    assert "2026-09-02 23:10:00，1069，疑似：暴力或人身财产威胁。原文：\n      ｜【橙帆借】出门小心点\n" in text
    assert "其中1条的时间在22:00至次日08:00之间" in text
    assert "停止发送含有威胁、辱骂内容的短信。" in text
    assert "不在每日22:00至次日08:00之间联系" in text
    assert "上门" not in text
    assert "可能违反《治安管理处罚法（2025年修订）》第50条第1款第(一)项" in text


@pytest.mark.parametrize("kind", ["stop", "complaint"])
def test_messages_are_cited_by_the_number_that_the_pack_gives_them(kind):
    pairs = [REMINDER, THREAT, pair("2026-09-03T10:00", "【橙帆借】逾期3天，应还1,500元", address="1069")]
    text = drafted(kind, *pairs, numbers=numbered(*pairs), asked_to_stop=(Asked(date(2026, 9, 1)),))
    assert "编号0018，2026-09-02 23:10:00，1069，疑似：暴力或人身财产威胁。原文：\n      ｜【橙帆借】出门小心点\n" in text
    assert "之间（北京时间；编号0018）" in text
    assert "次日起又收到2条，编号0018、0019。" in text
    assert "编号即所附明细表、报告和证据包中该条短信的编号" in text
    assert kind == "stop" or "1,500元（2026年9月3日，编号0019）" in text


@pytest.mark.parametrize("kind", KINDS)
def test_without_numbers_none_is_cited(kind):
    assert "编号0" not in drafted(kind, REMINDER, THREAT)


def test_many_numbers_are_cut_and_say_so():
    pairs = [pair(f"2026-09-{day:02}T23:10", f"【甲】第{day}次") for day in range(1, 13)]
    text = drafted("stop", *pairs, numbers=numbered(*pairs))
    assert "、0026等）" in text
    assert "0027" not in text


def test_messages_beyond_those_quoted_are_cited_by_number():
    pairs = [pair(f"2026-09-01T10:{n:02}", f"【甲】死给你看{n}", "unlawful", "INSULT") for n in range(MOST + 2)]
    text = drafted("complaint", *pairs, numbers=numbered(*pairs))
    left = re.search(r"另有2条见所附明细表，编号(\d+)、(\d+)。", text)
    assert left is not None
    assert not any(f"编号{number}，2026-09-01" in text for number in left.groups())


def test_undated_sayings_are_counted_apart():
    pairs = [pair(None, "【甲】应还1,500元"), pair("2026-09-01T10:00", "【甲】应还1,500元")]
    assert "2026年9月1日，共2条，其中1条日期不明）" in drafted("complaint", *pairs)


def test_stop_without_anything_improper_has_no_section_of_it():
    text = drafted("stop", REMINDER)
    assert re.findall("^.、.*$", text, re.MULTILINE) == ["一、短信情况", "二、依据", "三、请求", "四、说明"]
    assert "不当的短信" not in text and "疑似" not in text and "可能违反" not in text
    assert "没有发现内容明显不当的短信" in noted("stop", REMINDER)
    assert "没有发现内容明显不当的短信" not in noted("stop", THREAT)
    assert f"未见明显不当；投诉的情况是：{BLANK}。" in drafted("complaint", REMINDER)


def test_provision_stands_under_the_reason_that_it_supports():
    hidden = pair("2026-09-01T10:00", "还钱", "unlawful", "IDENTITY_CONCEALMENT", "FALSE_CONSEQUENCE", address="1380000")
    graver, flag = drafted("stop", hidden).split("三、依据")[1].split("四、请求")[0].split("关于“隐匿身份”：")
    assert "关于“虚构或夸大后果、金额”：" in graver and "第1033条" in graver
    assert "《个人信息保护法》第17条" in flag and "第1033条" not in flag


def test_general_provisions_stand_apart():
    text = drafted("stop", THREAT)
    assert text.index("关于“暴力或人身财产威胁”：") < text.index("一般规定（不针对其中某一条短信）：") < text.index("第1033条")
    assert "一般规定（不针对其中某一条短信）：" in drafted("stop", REMINDER)


def test_provision_of_two_reasons_is_said_once_and_named_again():
    text = drafted("complaint", pair("2026-09-01T10:00", "【甲】一", "unlawful", "FALSE_CRIMINAL_CLAIM", "FALSE_CONSEQUENCE"))
    first, second = text.split("关于“虚构或夸大后果、金额”：")
    assert "「以电话、短信" in first and "「以电话、短信" not in second
    assert "  - 见上文所引《民法典》第1033条第(一)项、《个人信息保护法》第5条。" in second


def test_provisions_on_crimes_and_courts_say_why_they_are_cited():
    codes = ("FALSE_CRIMINAL_CLAIM", "FAKE_LEGAL_PROCESS")
    text = drafted("complaint", pair("2026-09-01T10:00", "【甲】一", "unlawful", *codes))
    for article in ("第196条", "第313条", "第255条", "第112条"):
        (line,) = [line for line in text.splitlines() if article in line]
        assert line.startswith("  - 可对照《")
        assert "引此条供核对" in line and "仅有欠款逾期，不具备这些条件" in line


def test_what_the_model_is_unsure_of_is_left_to_the_writer():
    unsure = pair("2026-09-02T10:00", "【橙帆借】小心", "unlawful", "THREAT_VIOLENCE", review=True)
    draft = write("stop", matter(REMINDER, unsure))
    assert "【橙帆借】小心" not in draft.text()
    assert "可能违反" not in draft.text()
    assert "需要先核对" in draft.notes_text() and "【橙帆借】小心" in draft.notes_text()


def test_reason_that_is_a_guess_is_no_claim():
    text = drafted("complaint", pair("2026-09-02T10:00", "【甲】小心", "unlawful", "EXCESS_INTEREST", sure=0.4))
    assert "680" not in text and "砍头息" not in text
    assert f"疑似：{BLANK}。原文：\n      ｜【甲】小心" in text


def test_guesses_make_no_repeated_abuse():
    pairs = [pair(f"2026-09-{day:02}T10:00", f"【甲】{day}", "unlawful", "INSULT", sure=0.4) for day in range(1, 5)]
    assert "第50条" not in drafted("complaint", *pairs)
    pairs = [pair(f"2026-09-{day:02}T10:00", f"【甲】{day}", "unlawful", "INSULT") for day in range(1, 5)]
    assert "第50条第1款第(五)项" in drafted("complaint", *pairs)


def test_asking_to_stop_is_said_only_where_messages_followed():
    day = (Asked(date(2026, 9, 1)),)
    assert "次日起又收到1条" in drafted("stop", REMINDER, THREAT, asked_to_stop=day)
    assert "次日起" not in drafted("stop", REMINDER, THREAT, asked_to_stop=(Asked(date(2026, 9, 2)),))
    assert "次日起" not in drafted("stop", THREAT, asked_to_stop=day)
    assert "次日起又收到1条" in drafted("stop", THREAT, asked_to_stop=(Asked(date(2026, 9, 1), "橙帆借"),))
    assert "次日起" not in drafted("stop", REMINDER, THREAT)


def test_outsider_says_so_only_when_told():
    assert "本人不是" in drafted("stop", REMINDER, not_the_debtor=True)
    assert "本人不是" not in drafted("stop", REMINDER)


def test_unknown_days_and_repeats_are_told():
    text = drafted("stop", REMINDER, REMINDER, pair(None, "【橙帆借】另一条"))
    assert "共收到催收短信2条，另有1条为重复送达，未计入" in text
    assert "其中1条日期不明" in text


def test_sender_without_a_name_is_left_blank():
    text = drafted("complaint", pair("2026-09-01T10:00", "还钱", address="13800000001"))
    assert f"被投诉人：{BLANK}（短信号码：13800000001）" in text


def test_many_numbers_are_counted():
    pairs = [pair(f"2026-09-01T10:{n:02}", f"【甲】{n}", address=f"1380000000{n}") for n in range(7)]
    assert "13800000004等7个号码" in drafted("stop", *pairs)


def test_many_messages_are_counted_and_go_into_a_table():
    pairs = [pair(f"2026-09-01T{n // 60:02}:{n % 60:02}", f"【甲】第{n}条", "unlawful", "INSULT") for n in range(MOST + 3)]
    text = drafted("stop", *pairs)
    assert text.count("｜【甲】第") == MOST
    assert "另有3条见所附明细表。" in text


def test_complaint_has_request_facts_basis_and_evidence():
    text = drafted("complaint", REMINDER, THREAT)
    for heading in ("一、投诉请求", "二、主要事实", "三、依据", "四、证据"):
        assert f"\n{heading}\n" in text
    assert "手机短信备份文件：a.xml。" in text
    notes = noted("complaint", REMINDER, THREAT)
    assert "12321" in notes and "110" in notes
    (line,) = [line for line in notes.splitlines() if "12378" in line]
    assert "：若对方是银行、消费金融公司、保险公司等持牌机构" in line
    (line,) = [line for line in noted("complaint", THREAT, sender_kind="bank").splitlines() if "12378" in line]
    assert "若对方" not in line
    assert "12378" not in noted("complaint", THREAT, sender_kind="small_loan")


def test_kind_of_sender_follows_the_signature():
    bank = pair("2026-09-02T23:10", "【虚拟银行】出门小心点", "unlawful", "THREAT_VIOLENCE")
    assert "可能违反《银行保险机构消费者权益保护管理办法》第41条" in drafted("stop", bank)
    assert "第41条" not in drafted("stop", bank, sender_kind="unknown")
    assert "若发送方为银行" in noted("stop", bank, sender_kind="unknown")


def test_unknown_kind_of_sender_is_refused():
    with pytest.raises(LetterError, match=r"银行 \(bank\)、.*类型不明 \(unknown\).*'shark'"):
        matter(REMINDER, sender_kind="shark")


@pytest.mark.parametrize("kind", SENDERS["zh"])
def test_kind_of_sender_is_understood_in_both_languages(kind):
    assert matter(REMINDER, sender_kind=kind).sender_kind == matter(REMINDER, sender_kind=SENDERS["zh"][kind]).sender_kind == kind


TELLING = ["statement", "plan", "complaint"]


@pytest.mark.parametrize("kind", TELLING)
def test_amounts_that_no_message_states_are_blank(kind):
    assert f"短信所称金额：{BLANK}。" in drafted(kind, REMINDER)


@pytest.mark.parametrize("kind", TELLING)
def test_what_the_messages_state_is_repeated_and_not_added_up(kind):
    bodies = ["【橙帆借】您欠款本金1,200元，违约金30元，已逾期12天", "【橙帆借】您欠款本金1,200元，卡尾号6231"]
    pairs = [pair(f"2026-09-0{day}T10:00", body, "reminder") for day, body in enumerate(bodies, 1)]
    text = drafted(kind, *pairs)
    assert "短信中的说法（照录，未经核实，金额未相加）：\n  1. 金额：本金 1,200元" in text
    assert "逾期：" in text and "12天（2026年9月1日）" in text
    assert "卡尾号：6231（2026年9月2日）" in text
    assert "1,230" not in text and "2,400" not in text


def test_the_same_said_again_is_counted():
    pairs = [pair(f"2026-09-{day:02}T10:00", f"【橙帆借】欠款1,200元，第{day}次", "reminder") for day in (1, 2, 5)]
    assert "1,200元（2026年9月1日至2026年9月5日，共3条）。" in drafted("statement", *pairs)


def test_only_so_much_that_was_said_is_repeated():
    pairs = [pair(f"2026-09-01T{n // 60:02}:{n % 60:02}", f"【甲】欠款{n + 100}元", "reminder") for n in range(MOST + 3)]
    text = drafted("statement", *pairs)
    assert text.count("金额：") == MOST
    assert "另有3种说法见所附明细表。" in text


def test_standing_of_provisions_is_for_the_writer():
    draft = write("stop", matter(REMINDER, THREAT))
    assert "已核对全文" not in draft.text()
    assert "第50条第1款第(一)项〔法律；适用于2026-01-01起的短信；已核对全文〕" in draft.notes_text()


def test_principal_is_what_the_message_says():
    one = pair("2026-09-01T10:00", "【砺川咨询】受橙帆借委托，请还款", "reminder", address="1")
    two = pair("2026-09-02T10:00", "【砺川咨询】请还款", "reminder", address="1")
    assert "致：砺川咨询（短信署名，自称受橙帆借委托；短信号码：1）" in drafted("stop", one, two)


def test_somebody_known_has_to_be_named():
    friend = pair("2026-09-01T10:00", "欠我的钱该还了", "pressure", contact="阿强")
    analysis = analyse([REMINDER], OPTIONS, [friend])
    assert Matter.of(analysis, GROUNDS).group.party.name == "橙帆借"
    assert Matter.of(analysis, GROUNDS, "阿强").group.party.name == "阿强"


@pytest.mark.parametrize("kind", KINDS)
def test_what_somebody_known_may_have_passed_on_is_not_held_against_them(kind):
    passed_on = pair("2026-09-01T10:00", "妈看到这个：不还就上门", "unlawful", "UNLAWFUL_VISIT", contact="妈")
    draft = write(kind, Matter.of(analyse([], OPTIONS, [passed_on]), GROUNDS, "妈"))
    assert "可能违反" not in draft.text() and "疑似" not in draft.text()
    assert "可能只是转发" in draft.notes_text() and "妈看到这个" in draft.notes_text()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(kind, hostile):
    one = pair("2026-09-01T10:00", hostile, "unlawful", "INSULT", address=hostile, source=hostile)
    writer, budget = Writer(hostile, hostile), Budget(Decimal(1), ((hostile, Decimal(1)),))
    draft = write(kind, matter(one, writer=writer, budget=budget))
    assert all("\n" not in part.text for part in (*draft.paragraphs, *draft.notes))
    text = draft.text() + draft.notes_text()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)
    assert "\n本人承认" not in text
    assert len([line for line in text.split("\n") if line.startswith("签名：")]) == 1


@given(st.text(), st.text(), st.sampled_from(KINDS))
def test_any_text_makes_a_letter_of_one_shape(body, address, kind):
    one = pair("2026-09-01T10:00", body, "unlawful", "INSULT", address=address)
    plain = pair("2026-09-01T10:00", "正文", "unlawful", "INSULT", address="1")
    styles = [part.style for part in write(kind, matter(one)).paragraphs]
    free = ("note", "item")  # whatever is said in a message has an item of its own
    assert [style for style in styles if style not in free] == [
        part.style for part in write(kind, matter(plain)).paragraphs if part.style not in free
    ]


def test_sender_has_to_be_chosen():
    pairs = [REMINDER, pair("2026-09-01T10:00", "【甲】一"), pair("2026-09-01T10:00", "【甲乙】二")]
    with pytest.raises(LetterError, match=r"橙帆借 \(1\).*choose one with --sender"):
        matter(*pairs)
    assert matter(*pairs, sender="甲").group.party.name == "甲"
    assert matter(*pairs, sender="乙").group.party.name == "甲乙"
    assert matter(*pairs, sender="橙帆").group.party.name == "橙帆借"
    with pytest.raises(LetterError, match="no sender of collection messages is called '丙'"):
        matter(*pairs, sender="丙")
    with pytest.raises(LetterError, match=r"several senders are called.*'甲'"):
        matter(pair("2026-09-01T10:00", "【甲丙】一"), pair("2026-09-01T10:00", "【甲丁】一"), sender="甲")


@pytest.mark.parametrize("number", ["13712345678", "+86 137-1234-5678"])
def test_sender_is_found_by_number_also_where_it_has_a_name(number):
    saved = pair("2026-09-01T10:00", "还钱", address="+8613712345678", contact="催收2")
    signed = pair("2026-09-01T10:00", "【甲】还钱", address="13712345670")
    assert matter(saved, signed, sender=number).group.party.name == "催收2"
    assert matter(saved, signed, sender="13712345670").group.party.name == "甲"
    with pytest.raises(LetterError, match="no sender of collection messages is called '1371234567'"):
        matter(saved, signed, sender="1371234567")
    with pytest.raises(LetterError, match="催收2、甲"):
        matter(saved, pair("2026-09-02T10:00", "【甲】还钱", address="13712345678"), sender=number)


def test_patterns_of_others_do_not_enter():
    others = [pair(f"2026-09-{day:02}T23:00", f"【乙】{day}", "unlawful", "INSULT") for day in range(1, 5)]
    assert matter(REMINDER, *others, sender="橙帆借").patterns == []


# ---------------------------------------------------------------------------------------------------------------- plan


def test_plan_without_figures_is_blank():
    text = plan()
    assert f"结余＝收入－固定支出＝{BLANK}" in text
    assert f"每月还款{BLANK}元" in text


def test_plan_shows_its_arithmetic():
    text = plan(
        income=Decimal(8000),
        outgoings=(("房租", Decimal(2000)), ("药", Decimal("1500.50"))),
        owed=Decimal(12345),
        offer=Decimal(1000),
    )
    assert "支出合计：2,000元＋1,500.50元＝3,500.50元。" in text
    assert "结余：8,000元－3,500.50元＝4,499.50元。" in text
    assert "每月还款1,000元（每月结余4,499.50元，留出3,499.50元备用）" in text
    assert "共13期：前12期每期1,000元，最后一期345元。" in text
    assert "验算：12×1,000元＋345元＝12,345元。" in text


RENT = {"income": Decimal(3000), "outgoings": (("房租", Decimal(2000)),)}


def test_plan_offers_what_is_left_without_a_reserve():
    text = plan(**RENT, owed=Decimal(2400))
    assert "每月还款800元（每月结余1,000元，留出200元备用）" in text
    assert "共3期：3×800元＝2,400元。" in text
    assert "结余的80%，其余留作备用；另有打算的，用 --offer 写明" in plan_notes(**RENT)


def test_plan_offers_all_that_is_left_only_if_told():
    text = plan(**RENT, owed=Decimal(3000), offer=Decimal(1000))
    assert "每月还款1,000元（即每月结余的全部）" in text
    assert "超过了结余的80%" in plan_notes(**RENT, offer=Decimal(1000))
    assert "超过了" not in plan_notes(**RENT, offer=Decimal(800)) + plan_notes(**RENT)
    assert "无法核对每月还款额" in plan_notes(offer=Decimal(800))


def test_plan_of_next_to_nothing_names_no_sum():
    assert f"每月还款{BLANK}元" in plan(income=Decimal(1), outgoings=(("房租", Decimal(0)),))


def test_term_that_is_absurd_is_remarked_on():
    assert "61期（约5年）" in plan_notes(owed=Decimal(6100), offer=Decimal(100))
    assert "100000期（约8333年）" in plan_notes(owed=Decimal(100000), offer=Decimal(1))
    assert "不会同意" not in plan_notes(owed=Decimal(6000), offer=Decimal(100))


def test_plan_warns_of_the_period_of_limitation_beside_the_letter():
    assert "诉讼时效" in plan_notes() and "先问律师" in plan_notes()
    assert "时效" not in plan()
    assert CITED.search(plan_notes()) is None


def test_whoever_owes_nothing_plans_nothing():
    with pytest.raises(LetterError, match=r"不是债务人的.*stop 或 complaint"):
        drafted("plan", REMINDER, not_the_debtor=True)


def test_plan_of_one_month():
    assert "一期还清，金额500元。" in plan(owed=Decimal(500), offer=Decimal(600))


def test_plan_without_anything_left_asks_for_time():
    for spent in (3000, 3500):
        text = plan(income=Decimal(3000), outgoings=(("房租", Decimal(spent)),), owed=Decimal(5000))
        assert f"申请延期{BLANK}个月" in text
        assert "每月还款" not in text
        assert "-" not in text
    assert "3,000元－3,500元＝－500元。" in text


def test_income_alone_is_not_offered_away():
    text = plan(income=Decimal(3000), owed=Decimal(5000))
    assert "收入：3,000元。" in text
    assert f"每月还款{BLANK}元" in text


def test_plan_cites_no_law():
    assert CITED.search(plan(income=Decimal(3000))) is None


@pytest.mark.parametrize(
    ("budget", "complaint"),
    [
        ({"income": Decimal(-1)}, "below zero"),
        ({"outgoings": (("房租", Decimal(1)),)}, "without an income"),
        ({"owed": Decimal(0)}, "zero"),
        ({"income": Decimal(5), "offer": Decimal(6)}, "more than the monthly income of 5元"),
        ({"income": Decimal(5), "outgoings": (("房租", Decimal(1)),), "offer": Decimal(5)}, "more than the 4元 left"),
    ],
)
def test_budget_that_does_not_add_up_is_refused(budget, complaint):
    with pytest.raises(LetterError, match=complaint):
        Budget(**budget)


fen = st.integers(1, 10**9).map(lambda value: Decimal(value) / 100)


@given(fen, fen, st.none() | fen)
def test_instalments_make_up_what_is_owed(income, owed, offer):
    try:
        budget = Budget(income, (("房租", Decimal(0)),), owed, offer)
    except LetterError:
        assert offer > income
        return
    if budget.monthly is None:
        assert offer is None and income < 2
        return
    months, last = budget.instalments
    assert months >= 1 and 0 < last <= budget.monthly
    assert (months - 1) * budget.monthly + last == owed


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), (" 1500 ", 1500), ("1,500.50", Decimal("1500.5")), ("1500元", 1500), ("１５００", 1500)]
)
def test_amount(text, value):
    assert amount(text) == value


@pytest.mark.parametrize("text", ["", "元", "一千", "1.5万", "1.005", "NaN", "inf", "1e20"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(LetterError, match="no amount"):
        amount(text)


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0元"), ("1500", "1,500元"), ("1500.5", "1,500.50元"), ("-3", "－3元"), ("-3.5", "－3.50元")]
)
def test_yuan(value, text):
    assert yuan(Decimal(value)) == text


@given(fen)
def test_yuan_reads_back(value):
    assert amount(yuan(value)) == value
    assert amount(yuan(-value)) == -value
