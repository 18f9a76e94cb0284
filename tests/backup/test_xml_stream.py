import io
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.backup import ImportReport, UnreadableBackup, xml_stream
from cuishou.backup.xml_stream import ForbiddenXML, join_surrogates, parse, sniff_encoding
from tests.smses import bodies, mms, read, sms, smses, text_part


class Seen:
    names = ("sms", "mms")
    wants_text = False

    def __init__(self):
        self.started, self.ended, self.forgotten = [], [], 0

    def start(self, name, attributes):
        self.started.append((name, attributes))

    def end(self, name):
        self.ended.append(name)

    def forget(self):
        self.forgotten += 1


def seen(data, chunk=1 << 20):
    report, records = ImportReport("made.xml", "made"), Seen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_stream, "CHUNK", chunk)
        for _ in parse(io.BytesIO(data.encode() if isinstance(data, str) else data), report, records):
            pass
    return records, report


def test_empty_file_is_a_loss():
    records, report = seen(b"")
    assert records.started == []
    assert [loss.offset for loss in report.lost] == [0]


def test_elements_are_told_in_order():
    records, report = seen('<smses a="1"><mms><part/></mms></smses>')
    assert records.started == [("smses", {"a": "1"}), ("mms", {}), ("part", {})]
    assert records.ended == ["part", "mms", "smses"]
    assert (records.forgotten, report.lost) == (0, [])


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"", "utf-8-sig"),
        (b"<smses>", "utf-8-sig"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='big5'?>", "big5"),
        (b"\xff\xfe<\0", "utf-16"),
        (b"\xfe\xff\0<", "utf-16"),
        (b"<\0s\0", "utf-16-le"),
        (b"\0<\0s", "utf-16-be"),
        (b'<?xml version="1.0" encoding="UTF-8" ?>', "utf-8-sig"),
        (b'<?xml version="1.0" encoding="GBK" ?>', "gb18030"),
        (b"<?xml version='1.0' encoding = 'gb2312' ?>", "gb18030"),
        (b'<?xml version="1.0" encoding="utf-16" ?>', "utf-8-sig"),
        (b'<?xml version="1.0" encoding="no-such" ?>', "utf-8-sig"),
    ],
)
def test_encoding(head, encoding):
    assert sniff_encoding(head) == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("chunk", [4, 7, 300, 1 << 20])
def test_unicode_files_read_alike(encoding, chunk):
    data = smses(sms("催收😀", contact_name="王五"), mms('<part data="QUJD"/>', text_part("乙" * 300))).replace("UTF-8", encoding)
    messages, report = read(data.encode(encoding), chunk)
    assert [message.body for message in messages] == ["催收😀", "乙" * 300]
    assert (messages[0].contact, report.repaired, report.missing) == ("王五", 0, 0)


@pytest.mark.parametrize("declared", ["GBK", "gb2312", "GB18030"])
@pytest.mark.parametrize("chunk", [64, 65, 1 << 20])
def test_chinese_files_read_alike(declared, chunk):
    data = smses(sms("您的账单已出，请按时还款。" * 40), sms("朱镕基")).replace("UTF-8", declared).encode("gb18030")
    messages, report = read(data, chunk)
    assert [message.body for message in messages] == ["您的账单已出，请按时还款。" * 40, "朱镕基"]
    assert (report.repaired, report.missing) == (0, 0)


def test_wrong_bytes_are_replaced_and_counted():
    messages, report = read(smses(sms("前X后")).encode().replace(b"X", b"\xff\xfe"))
    assert [message.body for message in messages] == ["前\ufffd\ufffd后"]
    assert (report.repaired, report.missing) == (2, 0)


def test_half_a_character_in_utf_16_is_replaced_and_counted():
    data = smses(sms("前X后")).encode("utf-16-le").replace("X".encode("utf-16-le"), b"\x3d\xd8")
    messages, report = read(b"\xff\xfe" + data)
    assert [message.body for message in messages] == ["前\ufffd后"]
    assert (report.repaired, report.missing) == (1, 0)


@pytest.mark.parametrize(
    "broken", ["&#0;", "&#x0;", "&#11;", "&#xFFFE;", "&#55357;", "&#xDE00;", "&#x110000;", "\x00", "\x1b", "\uffff"]
)
def test_forbidden_character_is_replaced_and_counted(broken):
    messages, report = read(smses('<sms body="前' + broken + '后"/>', sms("乙")))
    assert [message.body for message in messages] == ["前\ufffd后", "乙"]
    assert (report.repaired, report.missing) == (1, 0)


def test_every_forbidden_character_counts():
    messages, report = read(smses('<sms body="&#0;&#0;\x01a&#56832;&#55357;"/>'))
    assert messages[0].body == "\ufffd\ufffd\ufffda\ufffd\ufffd"
    assert report.repaired == 5


def test_reference_in_a_text_is_text():
    assert bodies(smses(sms("&#0; &#55357;&#56832; &amp;"))) == ["&#0; &#55357;&#56832; &amp;"]


@pytest.mark.parametrize("chunk", [1, 7, 50])
def test_replacement_in_small_pieces(chunk):
    messages, report = read(smses('<sms body="前&#0;后"/>', sms("。" * 300)), chunk)
    assert messages[0].body == "前\ufffd后"
    assert report.repaired == 1


def test_joined_nothing():
    assert join_surrogates([]) == []


@pytest.mark.parametrize(
    ("codes", "joined"),
    [
        ([0xD83D, 0xDE00], [0x1F600]),
        ([0xD800, 0xDC00, 0xDBFF, 0xDFFF], [0x10000, 0x10FFFF]),
        ([0xDE00, 0xD83D], [None, None]),
        ([0xD83D, 0xD83D, 0xDE00], [None, 0x1F600]),
        ([0xD83D, 0x41, 0xDE00], [None, 0x41, None]),
        ([0xD83D, 0xDE00, 0xDE00], [0x1F600, None]),
        ([0, 9, 10, 13, 0x20, 0xFFFD, 0xFFFE, 0x10FFFF, 0x110000], [None, 9, 10, 13, 0x20, 0xFFFD, None, 0x10FFFF, None]),
    ],
)
def test_joined(codes, joined):
    assert join_surrogates(codes) == joined


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_joined_units_are_the_characters(text):
    data = text.encode("utf-16-be")
    units = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
    assert join_surrogates(units) == [ord(character) for character in text]


CHUNKS = [*range(1, 40), 255, 256, 257, 300, 1 << 20]


@pytest.mark.parametrize(
    "part",
    [
        '<part data="MEDIA" seq="1"/>',
        "<part data='MEDIA' seq=\"1\"/>",
        '<part\n  seq="1"\n  data = "MEDIA"\n></part>',
        "<part text=' data=\"kept' seq=\"1\" data='ME\"DIA>'/>",
        '<part text=\'a > b data="kept" c\' data="MEDIA" seq="1"/>',
    ],
)
def test_media_is_dropped_and_nothing_else(part):
    data = "<smses><mms>" + part.replace("MEDIA", "QUJDREVG" * 60) + f"{text_part('后')}</mms></smses>"
    records, report = seen(data)
    parts = [attributes for name, attributes in records.started if name == "part"]
    assert (parts[0]["data"], parts[0]["seq"]) == ("", "1")
    assert parts[0].get("text", "kept").count("kept") == 1
    assert parts[1]["text"] == "后"
    assert report.lost == []
    for chunk in CHUNKS:
        assert seen(data, chunk)[0].started == records.started


@pytest.mark.parametrize(
    "record",
    [
        "<sms body='x data=\"kept\" y'/>",
        '<sms data="kept"/>',
        "<sms body=\"x data='kept' y\"/>",
        '<party data="kept"/>',
        "<mms><part-x data='kept'/></mms>",
        '<mms><part text=" data=&quot;kept&quot; "/></mms>',
        "<mms><part mydata='kept'/></mms>",
        "<sms body='part data=\"kept\"'/>",
        '<mms><part/><sms data="kept"/></mms>',
        '<mms><part text="a"></part><sms body=\' data="kept"\'/></mms>',
    ],
)
def test_data_elsewhere_is_kept(record):
    for chunk in CHUNKS:
        records, report = seen(f"<smses>{record}{sms('。' * 200)}</smses>", chunk)
        values = [value for _, attributes in records.started for value in attributes.values()]
        assert sum("kept" in value for value in values) == 1
        assert report.lost == []


@given(st.lists(st.text("ab=<>\" '/data", max_size=8), min_size=1, max_size=6), st.integers(1, 30))
def test_media_is_told_from_texts_in_any_pieces(texts, chunk):
    def quoted(text):
        return '"' + text.replace("<", "&lt;").replace('"', "&quot;") + '"'

    parts = "".join(f"<part text={quoted(text)} data={quoted(text)} name={quoted(text)}/>" for text in texts)
    records, report = seen(f"<smses><mms>{parts}</mms></smses>", chunk)
    found = [attributes for name, attributes in records.started if name == "part"]
    assert found == [{"text": text, "data": "", "name": text} for text in texts]
    assert report.lost == []


OPEN = '<sms address="1" body="没有结束 />\n'


def test_unclosed_value_costs_one_record():
    data = smses(sms("甲"), OPEN, sms("丙"), sms("丁"))
    messages, report = read(data)
    assert [message.body for message in messages] == ["甲", "丙", "丁"]
    (loss,) = report.lost
    assert data.encode()[loss.offset :].startswith(sms("丙").encode())
    assert report.missing == 1


def test_every_loss_has_its_place():
    data = smses(sms("甲"), OPEN, sms("乙"), OPEN, OPEN, sms("丙"), OPEN, mms(text_part("丁")))
    messages, report = read(data)
    assert [message.body for message in messages] == ["甲", "乙", "丙", "丁"]
    assert [data.encode()[loss.offset :][:4] for loss in report.lost] == [b"<sms", b"<sms", b"<sms", b"<mms"]
    assert [loss.offset for loss in report.lost] == sorted({loss.offset for loss in report.lost})


@pytest.mark.parametrize("broken", ['<sms body="a" body="b"/>', "<sms body=a/>", "<sms body='a<b'/>", "<sms <sms/", "</mms>"])
def test_reading_goes_on_after(broken):
    messages, report = read(smses(sms("甲"), broken + "\n", sms("乙"), sms("丙")))
    assert [message.body for message in messages if message.body] == ["甲", "乙", "丙"]
    assert report.lost


@pytest.mark.parametrize("bare", ["&", "&&amp;", "&nbsp;", "&;", "&#;", "&#x;", "&lt", "&#12345678901;", "&" * 40])
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_ampersand_that_begins_no_reference_is_text(bare, chunk):
    messages, report = read(smses(f'<sms body="a{bare}b"/>', sms("乙")), chunk)
    assert [message.body for message in messages] == ["a" + bare.replace("&amp;", "&") + "b", "乙"]
    assert (report.repaired, report.missing) == (bare.replace("&amp;", "").count("&"), 0)


def test_ampersand_in_a_comment_needs_no_repair():
    messages, report = read("<!-- SMS Backup & Restore -->" + smses(sms("甲"), head=""))
    assert ([message.body for message in messages], report.repaired) == (["甲"], 0)


def test_never_resumes_twice_at_one_place(monkeypatch):
    """An entity that nobody declared is reported at the start of its tag, where reading would resume."""
    monkeypatch.setattr(xml_stream, "_BARE_AMPERSAND", re.compile(b"(?!)"))
    messages, report = read(smses('<sms body="&nbsp;"/>', sms("乙")))
    assert [message.body for message in messages] == ["乙"]
    assert 0 < len(report.lost) <= 2


def test_forgets_what_is_broken():
    records, report = seen("<smses><mms><part <></mms><mms></mms></smses>")
    assert records.forgotten == len(report.lost) == 1
    assert [name for name, _ in records.started].count("mms") == 2
    assert records.ended.count("mms") == 1


def test_end_of_the_root_is_no_loss_after_recovery():
    _, report = read(smses(OPEN, sms("乙")))
    assert len(report.lost) == 1


def test_other_names_are_not_resumed_at():
    messages, _ = read(smses(OPEN, '<smsx body="no"/>', count=1))
    assert messages == []


def test_second_backup_in_the_file_is_read():
    assert bodies(smses(sms("甲")) + smses(sms("乙"), sms("丙"))) == ["甲", "乙", "丙"]


@pytest.mark.parametrize("doctype", ["<!DOCTYPE smses>", '<!DOCTYPE smses [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'])
def test_doctype_is_forbidden(doctype):
    with pytest.raises(ForbiddenXML, match="document type"):
        seen(f'<?xml version="1.0"?>{doctype}<smses><sms body="a"/></smses>')


def test_messages_come_while_the_file_is_read():
    file = io.BytesIO(smses(*(sms("。" * 100) for _ in range(20))).encode())
    records = Seen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_stream, "CHUNK", 1000)
        pieces = parse(file, ImportReport("made.xml", "made"), records)
        next(pieces)
        next(pieces)
        assert 0 < len(records.started) < 20
        assert file.tell() < len(file.getvalue())


WHOLE = smses(
    sms("甲", "&#{};"), mms('<part data="QUJD"/>', text_part("乙😀"), sub="题"), sms('&<"丙', contact_name="&amp;")
).encode()


@pytest.mark.parametrize("chunk", [5, 64, 1 << 20])
def test_damaged_files_end(chunk):
    """Cut anywhere or with bytes flipped: what is left of the messages, and no more losses than the damage could do."""
    for cut in range(len(WHOLE)):
        messages, report = read(WHOLE[:cut], chunk)
        assert len(messages) == 3 or report.missing
    choose = random.Random(chunk)
    for _ in range(300):
        data = bytearray(WHOLE)
        flips = choose.randint(1, 4)
        for _ in range(flips):
            data[choose.randrange(len(data))] = choose.choice([0, 34, 38, 39, 47, 60, 62, choose.randrange(256)])
        try:
            messages, report = read(bytes(data), chunk)
        except UnreadableBackup:
            continue
        assert len(messages) <= 3 + flips
        assert len(report.lost) <= 3 * flips + 1
