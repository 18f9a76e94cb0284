import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.codes import PATTERNS, REASONS
from cuishou.grounds import FORCES, SENDERS, Grounds, GroundsError, default_grounds, kind_of, tomllib
from cuishou.message import TAGS

GROUNDS = Grounds.load()
FILE = tomllib.loads(default_grounds().read_text(encoding="utf-8"))
CODES = [*REASONS, *PATTERNS]
DAY = date(2026, 9, 1)
MANY = [DAY] * 5
BINDING = {"law", "regulation", "rule", "judicial"}
ENTRY = """
version = "made"
as_of = 2026-01-01
notice = {zh = {undated = "无日期", no_basis = "无"}, en = {undated = "undated", no_basis = "none"}}
threshold = []
channel = []
[[ground]]
id = "A"
codes = ["INSULT"]
title = "甲法"
title_en = "Law A"
issuer = "甲"
issuer_en = "A"
article = "第1条"
article_en = "art. 1"
quote = "不得"
gist_en = "No."
force = "law"
role = "breach"
from = 2026-01-01
senders = ["any"]
verified = "full"
source = "made"
"""


def made(tmp_path, text: str = ENTRY) -> Grounds:
    path = tmp_path / "made.toml"
    path.write_text(text, encoding="utf-8")
    return Grounds.load(path)


def ids(citations):
    return [citation.id for citation in citations]


def test_code_that_nobody_knows_has_no_basis():
    basis = GROUNDS.basis("", DAY)
    assert (basis.citations, basis.if_sender, basis.strength) == ((), (), "none")
    assert basis.sentences("zh") == ["未列依据。"]
    assert basis.sentences("en") == ["No basis shown."]


@pytest.mark.parametrize("day", [None, []])
@pytest.mark.parametrize("code", CODES)
def test_without_a_date_nothing_is_cited(code, day):
    basis = GROUNDS.basis(code, day)
    assert (basis.citations, basis.if_sender) == ((), ())
    assert basis.sentences("zh") == ["短信日期不明，未列依据。"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_a_citation_today(code, language):
    basis = GROUNDS.basis(code, MANY)
    assert basis.citations or basis.if_sender
    assert basis.sentences(language) != [GROUNDS.notice[language]["no_basis"]]


def test_before_all_rules_there_is_plainly_no_basis():
    assert [GROUNDS.basis(code, [date(2000, 1, 1)] * 5).sentences("zh") for code in CODES] == [["未列依据。"]] * len(CODES)


@pytest.mark.parametrize("entry", FILE["ground"], ids=lambda entry: entry["id"])
def test_entry_keeps_to_the_schema(entry):
    assert not set(entry["codes"]) - set(CODES)
    assert not set(entry.get("requires", ())) - set(REASONS)
    assert entry["title"] and entry["title_en"] and entry["issuer"] and entry["issuer_en"] and entry["source"]
    assert re.fullmatch(r"(第\d+条(之一)?(第\d+款)?(第\([一二三四五六七八九十]\)项)?)?", entry["article"])
    assert re.fullmatch(r"(art\. \d+(-\d)?(\([0-9ivx]+\))*)?", entry["article_en"])
    assert entry["verified"] == "full" or "quote" not in entry
    assert not set("「」〔〕《》") & set(entry.get("quote", "") + entry.get("gist", ""))
    assert not re.search(r"[一-鿿]", entry["gist_en"] + entry["title_en"] + entry["article_en"] + entry.get("condition_en", ""))


def test_one_title_has_one_issuer_force_and_english_name():
    by_title = {}
    for citation in GROUNDS.citations:
        by_title.setdefault(citation.title, set()).add((citation.title_en, citation.issuer, citation.issuer_en, citation.force))
    assert [title for title, names in by_title.items() if len(names) > 1] == []


@pytest.mark.parametrize(
    "words",
    [
        # read nowhere in full, or not in force as quoted; none of these may come in without being verified
        *("141号", "86号", "13号", "金规", "通信短信息服务管理规定", "金融消费者权益保护实施办法", "第70条", "第50条第2款"),
        *("失信被执行人名单", "限制高消费", "软暴力", "贷后催收业务指引", "小额贷款公司综合融资成本", "网络安全法"),
    ],
)
def test_nothing_unverified_is_cited(words):
    assert [entry["id"] for entry in FILE["ground"] if words in entry["title"] + entry["article"]] == []


def test_no_number_of_messages_is_called_a_rule():
    numbers = [threshold for threshold in GROUNDS.thresholds.values() if isinstance(threshold.value, int)]
    assert numbers
    assert all(threshold.heuristic for threshold in numbers)
    assert not GROUNDS.thresholds["night"].heuristic


@pytest.mark.parametrize("citation", GROUNDS.citations, ids=lambda citation: citation.id)
def test_wording_is_no_stronger_than_the_force(citation):
    zh, en = citation.sentence("zh"), citation.sentence("en")
    assert f"《{citation.title}》{citation.article}" in zh
    assert citation.title_en in en
    assert not re.search(r"(?<!可能)违反|违法成立|已经?构成", re.sub("[：（〔].*", "", citation.claim("zh")))
    assert ("可能违反" in zh) == (citation.role == "breach" and citation.force in BINDING)
    assert ("可能不符合" in zh) == (citation.role == "breach" and citation.force not in BINDING)
    assert ("情节严重时可能涉及" in zh) == (citation.role == "serious")
    assert ("may breach" in en) == ("可能违反" in zh)
    assert ("「" in zh) == (citation.verified == "full" and bool(citation.quote))
    assert FORCES["zh"][citation.force] in zh


@pytest.mark.parametrize("citation", [c for c in GROUNDS.citations if c.title == "刑法"], ids=lambda citation: citation.id)
def test_no_crime_is_asserted(citation):
    assert citation.role in ("serious", "context")


@pytest.mark.parametrize("citation", [c for c in GROUNDS.citations if c.codes and c.role == "context"], ids=lambda c: c.id)
def test_what_only_helps_to_check_says_why_it_is_cited(citation):
    for said in (citation.sentence("zh"), citation.reference("zh")):
        assert "引此条供核对" in said
        assert "仅有欠款逾期，不具备这些条件" in said or "不足以认定非法占有目的" in said
    assert "cited because the message speaks of" in citation.sentence("en")


@given(st.sampled_from(CODES), st.dates(date(2005, 1, 1), date(2030, 1, 1)), st.sampled_from(list(SENDERS["zh"])), st.booleans())
def test_no_citation_outside_its_dates_or_its_senders(code, day, sender, several):
    basis = GROUNDS.basis(code, [day] * 3 if several else day, sender, also=CODES)
    for citation in (*basis.citations, *basis.if_sender):
        assert citation.from_ <= day <= (citation.until or date.max)
        assert code in citation.codes
        assert several or citation.least == 1
    for citation in basis.citations:
        assert citation.senders == ("any",) or sender in citation.senders
        assert sender not in citation.not_senders
    assert sender == "unknown" or basis.if_sender == ()


@given(st.dates(date(2005, 1, 1), date(2030, 1, 1)))
def test_old_and_new_numbering_never_meet(day):
    titles = {c.title for code in CODES for c in GROUNDS.basis(code, [day] * 3, also=CODES).citations if "治安管理" in c.title}
    assert len(titles) <= 1


def test_renumbered_law_changes_with_the_year():
    assert ids(GROUNDS.basis("THREAT_VIOLENCE", date(2025, 12, 31)).citations) == ["PS-OLD-42-1"]
    assert ids(GROUNDS.basis("THREAT_VIOLENCE", date(2026, 1, 1)).citations) == ["PS-50-1"]


def test_unknown_sender_hears_what_binds_any_and_of_the_rest_only_if():
    basis = GROUNDS.basis("NIGHT_CONTACT", DAY)
    assert (basis.citations, basis.strength) == ((), "none")
    assert set(ids(basis.if_sender)) == {"GBT-time", "BA-time"}
    assert all(sentence.startswith("若发送方为") for sentence in basis.sentences("zh"))
    assert all(sentence.startswith("if the sender's kind is") for sentence in basis.sentences("en"))


@pytest.mark.parametrize(
    ("day", "sender", "expected"),
    [
        (date(2025, 2, 27), "online_lender", []),
        (date(2025, 2, 28), "online_lender", ["GBT-time"]),
        (date(2026, 1, 29), "bank", []),
        (date(2026, 1, 30), "bank", ["BA-time"]),
        (date(2026, 9, 1), "private", []),
    ],
)
def test_night_rule_by_date_and_sender(day, sender, expected):
    basis = GROUNDS.basis("NIGHT_CONTACT", day, sender)
    assert ids(basis.citations) == expected
    assert basis.strength == ("norm" if expected else "none")
    for sentence in basis.sentences("zh") if expected else ():
        assert sentence.startswith("如夜间联系未经同意、也无约定，可能不符合行业")


def test_flag_is_never_called_unlawful():
    assert GROUNDS.basis("IDENTITY_CONCEALMENT", DAY).strength == "none"
    assert GROUNDS.basis("HARASSMENT_FREQUENCY/volume", MANY).strength == "none"
    assert GROUNDS.basis("FALSE_CRIMINAL_CLAIM", DAY).strength == "law"


def test_volume_is_grounded_in_one_arguable_article_only():
    for sender in SENDERS["zh"]:
        basis = GROUNDS.basis("HARASSMENT_FREQUENCY/volume", MANY, sender)
        assert ids((*basis.citations, *basis.if_sender)) == ["CC-1033-1-arguable"]


def test_many_times_needs_as_many_messages_within_the_dates():
    old, new = date(2025, 12, 31), date(2026, 1, 1)
    abuse = "HARASSMENT_FREQUENCY/abuse"
    assert "PS-50-5" not in ids(GROUNDS.basis(abuse, [old, new, new]).citations)
    assert "PS-OLD-42-5" not in ids(GROUNDS.basis(abuse, [old, new, new]).citations)
    assert "PS-50-5" in ids(GROUNDS.basis(abuse, [old, new, new, new]).citations)
    assert {"PS-50-5", "PS-OLD-42-5"} <= set(ids(GROUNDS.basis(abuse, [old] * 3 + [new] * 3).citations))


def test_illegal_debt_is_mentioned_only_where_the_interest_is():
    assert "CL-293-1" not in ids(GROUNDS.basis("THREAT_VIOLENCE", DAY).citations)
    assert "CL-293-1" in ids(GROUNDS.basis("THREAT_VIOLENCE", DAY, also=["THREAT_VIOLENCE", "EXCESS_INTEREST"]).citations)


def test_law_on_personal_information_does_not_bind_private_persons():
    for code in CODES:
        assert not any("个人信息保护法" in c.title for c in GROUNDS.basis(code, MANY, "private").citations)


def test_unknown_kind_of_sender_is_refused():
    with pytest.raises(GroundsError, match="'credit union'"):
        GROUNDS.basis("INSULT", DAY, "credit union")


def test_channels_by_sender_and_reason():
    assert [c.id for c in GROUNDS.where_to_turn()] == ["creditor", "12378-if", "12363", "12345", "12321"]
    assert "12378" in [c.id for c in GROUNDS.where_to_turn("bank")]
    assert not [c.id for c in GROUNDS.where_to_turn("small_loan") if c.number == "12378"]
    assert [c.sentence("zh")[:5] for c in GROUNDS.where_to_turn() if c.number == "12378"] == ["12378"]
    assert all("若对方是银行" in c.sentence("zh") for c in GROUNDS.where_to_turn() if c.number == "12378")
    assert {"110", "12368"} <= {c.id for c in GROUNDS.where_to_turn("bank", ["FAKE_LEGAL_PROCESS"])}
    assert "110" not in [c.id for c in GROUNDS.where_to_turn("bank", ["INSULT"])]


@pytest.mark.parametrize("channel", GROUNDS.channels, ids=lambda channel: channel.id)
def test_channel_is_complete(channel):
    assert channel.senders == ("any",) or not set(channel.senders) - set(SENDERS["zh"])
    assert not set(channel.codes) - set(CODES)
    assert channel.number in channel.sentence("zh") and channel.number in channel.sentence("en")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (None, "unknown"),
        ("", "unknown"),
        ("橙帆借", "unknown"),
        ("虚拟银行", "bank"),
        ("虚拟银行信用卡中心", "credit_card"),
        ("云杉消费金融", "consumer_finance"),
        ("橙石小贷", "small_loan"),
    ],
)
def test_kind_of_name(name, kind):
    assert kind_of(name) == kind
    assert kind in SENDERS["zh"]


def test_notices_are_there_in_both_languages():
    assert GROUNDS.notice["zh"].keys() == GROUNDS.notice["en"].keys() == {"limits", "debt", "order", "no_basis", "undated"}


def test_grounds_say_what_they_are():
    assert re.fullmatch("[0-9a-f]{64}", GROUNDS.digest)
    assert GROUNDS.version == str(GROUNDS.as_of)
    assert all(c.from_ <= GROUNDS.as_of for c in GROUNDS.citations)


def test_file_of_ones_own(tmp_path):
    grounds = made(tmp_path)
    assert ids(grounds.citations) == ["A"]
    assert grounds.basis("INSULT", DAY).sentences("zh") == [
        "可能违反《甲法》第1条：「不得」〔法律；适用于2026-01-01起的短信；已核对全文〕"
    ]
    assert grounds.basis("INSULT", DAY).sentences("en") == [
        "may breach art. 1 of the Law A: No. [law; for messages from 2026-01-01; read in full]"
    ]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "A"', 'id = "A"\nmood = "bad"', "unknown key 'mood'"),
        ('gist_en = "No."\n', "", "'gist_en' is missing"),
        ("from = 2026-01-01\n", "", "'from' is missing"),
        ('verified = "full"', 'verified = "secondary"', "a quotation needs"),
        ('verified = "full"', 'verified = "hearsay"', "neither 'full' nor"),
        ('quote = "不得"', f'quote = "{"不" * 61}"', "longer than 60"),
        ('quote = "不得"', "", "a quote or a gist"),
        ('quote = "不得"', 'quote = "不得"\ngist = "不得"', "a quote or a gist"),
        ('force = "law"', 'force = "custom"', "force is none of"),
        ('role = "breach"', 'role = "crime"', "role is none of"),
        ('senders = ["any"]', 'senders = ["any", "bank"]', "senders"),
        ('senders = ["any"]', "senders = []", "senders"),
        ('senders = ["any"]', 'senders = ["unknown"]', "senders"),
        ('senders = ["any"]', 'senders = ["bank"]\nnot_senders = ["private"]', "not_senders"),
        ('senders = ["any"]', 'senders = ["any"]\nuntil = 2025-12-31', "until lies before"),
        ('senders = ["any"]', 'senders = ["any"]\nletters = ["poem"]', "letters"),
        ('senders = ["any"]', 'senders = ["any"]\ncondition = "如"', "one language"),
        ('senders = ["any"]', 'senders = ["any"]\nwhy = "供核对"', "one language"),
        ('role = "breach"', 'role = "context"', "says why"),
        ('senders = ["any"]', 'senders = ["any"]\nleast = 0', "least"),
        ('article_en = "art. 1"', 'article_en = ""', "one language"),
        ('codes = ["INSULT"]', "codes = []", "neither codes nor letters"),
        (
            "threshold = []",
            'threshold = [{id = "t", value = 1, heuristic = false, grounds = [], note = "", note_en = ""}]',
            "heuristic",
        ),
        (
            "threshold = []",
            'threshold = [{id = "t", value = 1, heuristic = true, grounds = ["Z"], note = "", note_en = ""}]',
            "'Z'",
        ),
        ("channel = []", "", "'channel' is missing"),
        ("channel = []", "channel = []\nother = []", "unknown table 'other'"),
        ("as_of", "as of", "no TOML"),
    ],
)
def test_file_that_breaks_the_schema_is_refused(tmp_path, old, new, complaint):
    assert old in ENTRY
    with pytest.raises(GroundsError, match=rf"made\.toml.*{re.escape(complaint)}"):
        made(tmp_path, ENTRY.replace(old, new))


def test_entry_given_twice_is_refused(tmp_path):
    with pytest.raises(GroundsError, match="'A' is there twice"):
        made(tmp_path, ENTRY + ENTRY[ENTRY.index("[[ground]]") :])


def test_missing_file_is_named(tmp_path):
    with pytest.raises(GroundsError, match="nowhere"):
        Grounds.load(tmp_path / "nowhere.toml")


def test_citation_that_lost_its_place_cannot_be_made():
    with pytest.raises(GroundsError, match="senders"):
        replace(GROUNDS.citations[0], senders=("nobody",))


def test_span_of_days_is_closed_at_both_ends():
    old = next(c for c in GROUNDS.citations if c.until)
    assert old.valid_on(old.from_) and old.valid_on(old.until)
    assert not old.valid_on(old.from_ - timedelta(1)) and not old.valid_on(old.until + timedelta(1))
    assert str(old.until) in old.sentence("en")


def test_grounds_go_with_the_package():
    packaging = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert (
        packaging["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]["data/grounds.toml"] == "cuishou/data/grounds.toml"
    )


def test_tags_have_no_grounds():
    assert not set(TAGS) & {code for c in GROUNDS.citations for code in c.codes}
