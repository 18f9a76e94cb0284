import json
import re
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.backup import ImportReport, Loss
from cuishou.case import Case, Finding
from cuishou.message import CHINA, Message, Span, Tagging
from cuishou.output.words import REPLACED, replaced_told
from cuishou.redaction import NAMES, Redaction, redact

ANY = st.text(st.characters(exclude_categories=()) | st.sampled_from("0123456789１２*-元王李先生尾号1380"))


def case(*messages, spans=(), **fields):
    tagging = Tagging("pressure", {"pressure": 1.0}, spans=spans)
    findings = [Finding(message, tagging, number) for number, message in enumerate(messages, 1)]
    return Case(findings, [ImportReport(name, "x") for name in dict.fromkeys(m.source for m in messages)], "x", **fields)


def hidden(*bodies, **options):
    return [f.message.body for f in redact(case(*(Message(body) for body in bodies)), Redaction(**options)).findings]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("", ""),
        ("请尽快还款5000.00元，5月1日前", "请尽快还款5000.00元，5月1日前"),
        ("回电13800138000或138 0013 8000", "回电〔号码1〕或〔号码1〕"),
        ("回电１３８００１３８０００", "回电〔号码1〕"),
        ("手机138****8000", "手机〔号码1〕"),
        ("电话0755-88886666转3，或(010)66668888", "电话〔号码1〕转3，或〔号码2〕"),
        ("客服95588、400-800-1234、12378、10086", "客服95588、400-800-1234、12378、10086"),
        ("身份证11010119900307123X", "身份证〔证件号1〕"),
        ("身份证110***********123X", "身份证〔证件号1〕"),
        ("转入6222 0212 3456 7890 123", "转入〔卡号1〕"),
        ("尾号1234的卡", "尾号〔尾号1〕的卡"),
        ("尾数1234，账户1234", "尾数〔尾号1〕，账户〔尾号1〕"),
        ("账户2000元", "账户2000元"),
        ("验证码 207763", "验证码 〔编号1〕"),
        ("合同HT20260501998877", "合同〔编号1〕"),
        ("案号（2026）粤0305民初1234号", "案号〔案号1〕"),
        ("点t.cn/AbC12x查看", "点t.cn/〔链接1〕查看"),
        ("见 https://a.example.com/p?u=1 。", "见 https://a.example.com/〔链接1〕 。"),
        ("加微信abc_123", "加微信〔账号1〕"),
        ("写信a.b@c.com", "写信〔邮箱1〕"),
        ("于2026-05-01和20260501逾期，欠123456元", "于2026-05-01和20260501逾期，欠123456元"),
        ("欠1,234,567.89元", "欠1,234,567.89元"),
        ("【某某银行】王小明先生您好", "【某某银行】〔姓名1〕先生您好"),
        ("尊敬的王小明，您的账单", "尊敬的〔姓名1〕，您的账单"),
        ("借款人李四名下", "借款人〔姓名1〕名下"),
        ("负责人周专员，请向律师咨询", "负责人〔姓名1〕专员，请向律师咨询"),
        ("张*，快还钱", "〔姓名1〕，快还钱"),
        ("你朋友赵某某欠款", "你朋友〔姓名1〕欠款"),
        ("尊敬的王大明客户，您好", "尊敬的〔姓名1〕客户，您好"),
        ("尊敬的王明用户", "尊敬的〔姓名1〕用户"),
        ("【法务部】王大明：请速回电", "【法务部】〔姓名1〕：请速回电"),
        ("【蜂巢分期】王大明，您的借款已逾期", "【蜂巢分期】〔姓名1〕，您的借款已逾期"),
        ("【蜂巢分期】王大明您好，借款逾期", "【蜂巢分期】〔姓名1〕您好，借款逾期"),
        ("王大明，您的借款已逾期。大明，王大明！", "〔姓名1〕，您的借款已逾期。大明，〔姓名1〕！"),
        ("【甲】尊敬的白金客户，金额：500元，严重逾期", "【甲】尊敬的白金客户，金额：500元，严重逾期"),
        ("【甲】金额：500元。【乙】马上，您的", "【甲】金额：500元。【乙】马上，您的"),
        ("我们将到朝阳区建国路88号3单元502找你", "我们将到〔地址1〕找你"),
        ("住址：广东省深圳市南山区科技园南路12号楼2栋1203室。", "住址：〔地址1〕。"),
        ("已到幸福小区3栋楼下", "已到〔地址1〕楼下"),
        ("今年高考报名通道17号关闭，第3号楼", "今年高考报名通道17号关闭，第3号楼"),
        ("全国中小学，人民路都堵了", "全国中小学，人民路都堵了"),
    ],
)
def test_what_tells_a_person_is_replaced(body, shown):
    assert hidden(body) == [shown]


def test_same_thing_has_the_same_stand_in_everywhere():
    first = Message("王小明先生，回电13800138000", "+86 138 0013 8000", contact="阿强哥", source="王小明.xml")
    second = Message("王小明欠钱不还，找阿强哥", "13900139000", source="王小明.xml")
    one, two = (finding.message for finding in redact(case(first, second), Redaction()).findings)
    assert (one.body, two.body) == ("〔姓名1〕先生，回电〔号码1〕", "〔姓名1〕欠钱不还，找〔姓名2〕")
    assert (one.address, two.address, one.contact) == ("号码1", "号码2", "姓名2")
    assert one.source == two.source == "backup-1"


def test_public_numbers_stay_as_senders():
    kept = redact(case(Message("a", "95588"), Message("b", "10690001234"), Message("c", "12378")), Redaction())
    assert [finding.message.address for finding in kept.findings] == ["95588", "号码1", "12378"]


def test_names_and_amounts_on_demand():
    assert hidden("小芳和小芳妈还5000元、两万元", names=("小芳",), amounts=True) == ["〔姓名1〕和〔姓名1〕妈还〔金额1〕、〔金额2〕"]
    assert hidden("call 13800138000", language="en") == ["call 〔number-1〕"]


def test_spans_stay_with_their_words():
    body = "回电13800138000，不还就曝光"
    spans = (Span(body.index("曝光"), len(body), "unlawful", 0.5), Span(0, 5, "x", 0.1), Span(4, body.index("，"), "y", 0.1))
    (finding,) = redact(case(Message(body), spans=spans), Redaction()).findings
    shown = [finding.message.body[span.start : span.end] for span in finding.tagging.spans]
    assert shown == ["曝光", "回电〔号码1〕", "〔号码1〕"]


def test_reports_and_file_names_tell_nothing():
    given_ = case(Message("a", source="王小明的手机.xml"), skipped=["王小明.jpg: a photo"])
    given_.reports[0].lost.append(Loss(7, "near 'name=王小明'", 2))
    found = redact(given_, Redaction())
    assert found.redacted
    assert found.missing == 2
    assert "王小明" not in repr((found.reports, found.skipped, found.findings))


@given(ANY, st.integers(0, 20), st.integers(0, 20))
def test_spans_never_leave_the_text(body, start, length):
    start = min(start, len(body))
    span = Span(start, min(start + length, len(body)), "x", 1.0)
    (finding,) = redact(case(Message(body), spans=(span,)), Redaction(amounts=True)).findings
    moved = finding.tagging.spans[0]
    assert 0 <= moved.start <= moved.end <= len(finding.message.body)


@given(st.from_regex(r"\A[\u4e00-\u9fff]{0,3}1[3-9][0-9]{9}[\u4e00-\u9fff]{0,3}\Z"))
def test_no_mobile_number_stays(body):
    (shown,) = hidden(body)
    assert not re.search(r"\d{6}", shown)


def test_no_output_tells(tmp_path):
    """The number, the name and the file name are in none of the files, unpacked or not."""
    from cuishou import open_backup
    from cuishou.grounds import Grounds
    from cuishou.output import evidence, files
    from cuishou.scorer import default_model
    from cuishou.study import Study
    from tests.smses import sms, smses

    body = "【某某】王小明先生，身份证11010119900307123X，速还，回电13800138000"
    source = tmp_path / "王小明.xml"
    source.write_text(smses(sms(body)), encoding="utf-8")
    backup = open_backup(source)
    found = [Finding(message, Tagging("pressure", {"pressure": 1.0}), 1) for message in backup]
    study = Study.of(redact(Case(found, backup.reports, "x"), Redaction()), Grounds.load())
    made = datetime(2026, 11, 23, tzinfo=CHINA)
    written = files.write(study, tmp_path / "out", "zh", made, with_parquet=True)
    evidence.write(study, backup, tmp_path / "a.zip", "zh", made, default_model())
    contents = [path.read_bytes() for path in written if path.suffix not in (".xlsx", ".parquet")]
    for archive in (tmp_path / "a.zip", tmp_path / "out/messages.xlsx"):
        with zipfile.ZipFile(archive) as opened:
            contents += [opened.read(name) for name in opened.namelist() if not name.endswith((".pdf", ".xlsx"))]
    import pyarrow.parquet

    contents.append(json.dumps(pyarrow.parquet.read_table(written[-1]).to_pylist(), default=str, ensure_ascii=False).encode())
    for secret in ("王小明", "13800138000", "11010119900307123X"):
        assert not [content for content in contents if secret.encode() in content], secret
    assert all("号码1".encode() in content for content in contents if "速还".encode() in content)


def test_given_name_of_a_name_that_the_reader_found_is_the_same_person():
    shown = hidden("大明，王大明，你在公司吧", "小王明", names=("王大明", "王明"))
    assert shown == ["〔姓名1〕，〔姓名1〕，你在公司吧", "小〔姓名2〕"]


def test_what_was_replaced_is_counted_by_things_of_a_kind():
    found = redact(case(Message("王小明先生，回电13800138000", "13800138000"), Message("王小明")), Redaction())
    assert found.replaced == {"number": 1, "name": 1}
    assert redact(case(), Redaction()).replaced == {}
    for language in ("zh", "en"):
        assert REPLACED[language].keys() == NAMES[language].keys()
        assert "--redact-name" in replaced_told(found.replaced, language)
        assert "--redact-name" in replaced_told({}, language)
    assert "姓名 1 个、号码 1 个" in replaced_told(found.replaced, "zh")
