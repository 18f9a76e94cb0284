from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from cuishou import case as case_module
from cuishou.backup import ImportReport, UnreadableBackup, open_backup
from cuishou.case import Case, Finding, examine
from cuishou.codes import reason_name
from cuishou.grounds import Grounds
from cuishou.letter import Matter, write
from cuishou.message import Instant, Message, Reason, Span, Tagging
from cuishou.output import table
from cuishou.output.record import of_finding
from cuishou.stream import Digest
from cuishou.study import Study
from tests.smses import mms, sms, smses, text_part

WORDS = {"违法": "unlawful", "催": "pressure", "提醒": "reminder"}


class FakeScorer:
    def __init__(self):
        self.metadata = SimpleNamespace(version="made-1")
        self.seen = []

    def tag(self, texts):
        texts = list(texts)
        self.seen.append(texts)
        return [tagging(next((tag for word, tag in WORDS.items() if word in text), "other")) for text in texts]


def tagging(tag, probability=0.9, review=False):
    return Tagging(tag, {tag: probability}, needs_review=review)


def finding(body, tag=None, probability=0.9, review=False, day=None, **fields):
    at = Instant(datetime(2024, 1, day, tzinfo=timezone.utc), "second") if day else None
    return Finding(Message(body, received_at=at, **fields), tagging(tag, probability, review) if tag else None)


def made(*findings, reports=()):
    return Case(findings, reports, "made-1")


@pytest.fixture
def backup(tmp_path):
    def write(*records, name="made.xml", count=None):
        path = tmp_path / name
        path.write_text(smses(*records, count=count), encoding="utf-8")
        return path

    return write


def test_no_files_make_an_empty_case():
    scorer = FakeScorer()
    case = examine(open_backup(), scorer)
    assert (case.findings, case.reports, case.model_version) == ([], [], "made-1")
    assert scorer.seen == []


def test_backup_without_messages(backup):
    case = examine(open_backup(backup()), FakeScorer())
    assert case.findings == []
    assert case.counts() == {"other": 0, "reminder": 0, "pressure": 0, "unlawful": 0}
    assert (case.senders(), case.gravest(5), case.received, case.missing) == ([], [], [], 0)
    assert [report.source for report in case.reports] == ["made.xml"]


def test_only_received_messages_are_tagged(backup):
    records = [sms("收到的催", type="1"), sms("发出的催", type="2"), sms("草稿的催", type="3"), sms("不明的催", type="9")]
    scorer = FakeScorer()
    case = examine(open_backup(backup(*records)), scorer)
    assert scorer.seen == [["收到的催", "不明的催"]]
    assert [found.tagging and found.tagging.tag for found in case.findings] == ["pressure", None, None, "pressure"]
    assert [found.message.body for found, _ in case.received] == ["收到的催", "不明的催"]


def test_files_follow_each_other(backup):
    first = backup(sms("甲"), name="b.xml")
    second = backup(mms(text_part("乙")), sms("丙"), name="a.xml")
    case = examine(open_backup(first, second), FakeScorer())
    assert [(found.message.source, found.message.record, found.message.body) for found in case.findings] == [
        ("b.xml", 1, "甲"),
        ("a.xml", 1, "乙"),
        ("a.xml", 2, "丙"),
    ]


def test_progress_is_told_of_each_batch(backup, monkeypatch):
    monkeypatch.setattr(case_module, "BATCH", 2)
    told = []
    case = examine(open_backup(backup(*(sms(f"第{number}条催") for number in range(5)))), FakeScorer(), told.append)
    assert told == [2, 2, 1]
    assert [found.message.body for found in case.findings] == [f"第{number}条催" for number in range(5)]
    assert case.counts()["pressure"] == 5


def test_missing_records_of_all_files_add_up(backup):
    case = examine(open_backup(backup(sms("甲"), count=3, name="a.xml"), backup(count=4, name="b.xml")), FakeScorer())
    assert case.missing == 6


def test_unreadable_file_among_others_is_named(backup, tmp_path):
    (tmp_path / "no.xml").write_text("", encoding="utf-8")
    opened = open_backup(backup(sms("甲")), tmp_path / "no.xml")
    case = examine(opened, FakeScorer())
    assert [finding.message.body for finding in case.findings] == ["甲"]
    assert opened.failed == list(case.skipped) and "no.xml" in case.skipped[0]
    with pytest.raises(UnreadableBackup, match=r"no\.xml"):
        open_backup(tmp_path / "no.xml", tmp_path / "none.xml")


def test_file_that_breaks_while_it_is_read_stops_only_itself(backup, tmp_path):
    (tmp_path / "b.xml").write_text('<?xml version="1.0"?><!DOCTYPE smses [<!ENTITY a "b">]><smses></smses>', encoding="utf-8")
    opened = open_backup(tmp_path / "b.xml", backup(sms("甲")))
    for _ in range(2):
        case = examine(opened, FakeScorer())
        assert [finding.message.body for finding in case.findings] == ["甲"]
        assert (len(case.reports), len(opened.failed), len(case.skipped)) == (1, 1, 1)
    with pytest.raises(UnreadableBackup, match="DOCTYPE"):
        list(open_backup(tmp_path / "b.xml", tmp_path / "b.xml"))


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        ({"body": ""}, "?"),
        ({"body": "还款", "address": "1069"}, "1069"),
        ({"body": "还款", "address": "1069", "contact": "张三"}, "张三"),
        ({"body": "【虚拟银行】还款", "address": "1069", "contact": "张三"}, "虚拟银行"),
    ],
)
def test_sender(fields, sender):
    assert finding(**fields).sender == sender


def test_counts_leave_out_what_was_sent():
    case = made(finding("a", "pressure"), finding("b"), finding("c", "pressure"), finding("d", "other"))
    assert case.counts() == {"other": 1, "reminder": 0, "pressure": 2, "unlawful": 0}


def test_senders_of_other_messages_are_not_listed():
    case = made(finding("a", "other", address="1"), finding("b", address="2"), finding("c", "reminder", address="3"))
    assert case.senders() == [("3", {"other": 0, "reminder": 1, "pressure": 0, "unlawful": 0})]


def test_gravest_sender_comes_first():
    many = [finding("a", "pressure", address="many") for _ in range(5)]
    case = made(
        finding("r", "reminder", address="mild"),
        *many,
        finding("p", "pressure", address="z"),
        finding("p", "pressure", address="a"),
        finding("u", "unlawful", address="grave"),
        finding("o", "other", address="grave"),
    )
    senders = case.senders()
    assert [sender for sender, _ in senders] == ["grave", "many", "a", "z", "mild"]
    assert senders[0][1] == {"other": 1, "reminder": 0, "pressure": 0, "unlawful": 1}


def test_gravest_messages_come_first():
    case = made(
        finding("早", "pressure", 0.8, day=1),
        finding("无时间", "pressure", 0.8),
        finding("晚", "pressure", 0.8, day=2),
        finding("存疑", "unlawful", 0.99, review=True),
        finding("提醒", "reminder", 1.0),
        finding("不太肯定", "unlawful", 0.6),
        finding("肯定", "unlawful", 0.7),
        finding("我写的"),
    )
    assert [found.message.body for found, _ in case.gravest(99)] == ["肯定", "不太肯定", "存疑", "晚", "早", "无时间"]
    assert [found.message.body for found, _ in case.gravest(2)] == ["肯定", "不太肯定"]
    assert case.gravest(0) == []


def test_case_counts_what_its_reports_lack():
    assert made(reports=[ImportReport("a", "x", declared=5, read=3), ImportReport("b", "x", read=1)]).missing == 2


def test_whom_the_owner_writes_with_is_no_sender(backup):
    chat = [sms("吃饭没", address="139") for _ in range(3)] + [sms("好", address="139", type="2"), sms("看这个：催", address="139")]
    case = examine(open_backup(backup(*chat, sms("【甲】催", address="139"))), FakeScorer())
    assert [finding.familiar for finding in case.findings[-2:]] == [True, False]
    assert [name for name, _ in case.senders()] == ["甲"]
    assert case.familiar == {"139": 1}
    assert case.counts()["pressure"] == 2


def test_a_saved_contact_is_shown_apart_unless_named(backup):
    word = sms("有个自称蜂巢的人打电话说你欠钱，是你吗催", address="139", contact_name="李小明")
    path = backup(word, sms("【甲】催", address="139", contact_name="李小明"), sms("催", address="137", contact_name="催收张三"))
    case = examine(open_backup(path), FakeScorer())
    assert (case.familiar, case.saved) == ({}, {"李小明": 1})
    assert [name for name, _ in case.senders()] == ["催收张三", "甲"]
    assert [finding.saved for finding in case.findings] == [True, False, False]
    named = examine(open_backup(path), FakeScorer(), named=["李小明"])
    assert (named.saved, len(named.senders())) == ({}, 3)


def concealed(body, *codes):
    reasons = tuple(Reason(code, 0.9) for code in ("IDENTITY_CONCEALMENT", *codes))
    spans = tuple(Span(0, 2, reason.code, 0.1) for reason in reasons)
    return Finding(Message(body), Tagging("unlawful", {"unlawful": 0.9}, reasons, spans))


@pytest.mark.parametrize("body", ["【橙帆借】还钱", "还钱，别等【橙帆借】", "橙帆小贷提醒：还钱"])
def test_who_gives_a_name_hides_none(body):
    one = concealed(body, "INSULT")
    assert [reason.code for reason in one.alleged.reasons] == ["INSULT"]
    assert [span.label for span in one.alleged.spans] == ["INSULT"]
    assert [reason.code for reason in one.tagging.reasons] == ["IDENTITY_CONCEALMENT", "INSULT"]
    assert made(one).received == [(one, one.alleged)] == made(one).gravest(1)


@pytest.mark.parametrize("body", ["", "还钱", "【重要通知】还钱"])
def test_flag_of_who_gives_no_name_comes_behind_graver_reasons(body):
    one = concealed(body, "INSULT", "FALSE_CONSEQUENCE")
    assert [reason.code for reason in one.alleged.reasons] == ["INSULT", "FALSE_CONSEQUENCE", "IDENTITY_CONCEALMENT"]
    assert one.alleged.spans == one.tagging.spans


def test_what_was_not_received_is_alleged_nothing():
    assert Finding(Message("好"), None).alleged is None


def test_report_table_and_letter_agree_and_json_lines_keep_what_the_model_said():
    grounds = Grounds.load()
    case = made(concealed("【橙帆借】还钱", "INSULT"), concealed("滚出来还钱", "INSULT"))
    study = Study.of(case, grounds)
    for finding, codes in zip(case.findings, (["INSULT"], ["INSULT", "IDENTITY_CONCEALMENT"]), strict=True):
        party = study.analysis.party_of(finding.message)
        names = [reason_name(code, "zh") for code in codes]
        assert [basis.code for basis in study.bases(finding, party)] == codes
        assert "；".join(names) in table.row(finding, "zh")
        matter = Matter.of(study.analysis, grounds, party.name)
        assert ("隐匿身份" in write("stop", matter).text()) == ("隐匿身份" in names)
        assert [reason["code"] for reason in of_finding(finding)["reasons"]] == ["IDENTITY_CONCEALMENT", "INSULT"]
    digest = Digest()
    digest.add(case.findings)
    assert [tagging for _, tagging in digest.gravest(2)] == [finding.alleged for finding in case.findings]
