from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuishou.backup import UnreadableBackup
from cuishou.backup.sms_backup_restore import sniff
from cuishou.message import Instant, Message
from tests.smses import DECIMAL, HEX, PLAIN, bodies, escape, mms, read, sms, smses, text_part

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def only(record):
    (message,), report = read(smses(record))
    assert report.missing == 0
    return message


def test_no_messages():
    messages, report = read(smses())
    assert messages == []
    assert (report.declared, report.read, report.missing, report.lost) == (0, 0, 0, [])


def test_root_without_content():
    messages, report = read('<smses count="0"/>')
    assert (messages, report.missing) == ([], 0)


def test_all_fields():
    message = only(
        sms("你好", address="10690001", contact_name="李四", sub_id="2", date="1700000000123", date_sent="1699999999000")
    )
    assert message == Message(
        body="你好",
        address="10690001",
        direction="in",
        received_at=Instant(datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=timezone.utc), "millisecond"),
        sent_at=Instant(datetime(2023, 11, 14, 22, 13, 19, tzinfo=timezone.utc), "second"),
        contact="李四",
        sim="2",
        source="made.xml",
        record=1,
    )


def test_missing_attributes():
    messages, report = read(smses("<sms />"))
    assert messages == [Message("", direction="unknown", source="made.xml", record=1)]
    assert report.without_text == 1


@pytest.mark.parametrize("missing", ["null", ""])
def test_null_is_nothing(missing):
    message = only(sms(missing, address=missing, contact_name=missing, sub_id=missing, date=missing, date_sent=missing))
    assert message == Message("", source="made.xml", record=1)


def test_unknown_contact_and_sim_are_nothing():
    message = only(sms("你好", contact_name="(Unknown)", sub_id="-1"))
    assert (message.contact, message.sim) == (None, None)


def test_null_inside_a_text_stays():
    assert only(sms("null 值")).body == "null 值"


@pytest.mark.parametrize(
    ("box", "direction"),
    [("1", "in"), ("2", "out"), ("3", "draft"), ("4", "out"), ("5", "out"), ("6", "out")]
    + [(box, "unknown") for box in ("0", "7", "", "null")],
)
def test_box_is_direction(box, direction):
    assert only(sms("a", type=box)).direction == direction
    assert only(mms(text_part("a"), msg_box=box)).direction == direction


def test_own_messages_have_no_time_of_arrival():
    message = only(sms("a", type="2", date="1700000000123", date_sent="0"))
    assert message.received_at is None
    assert message.sent_at == Instant(EPOCH + timedelta(milliseconds=1700000000123), "millisecond")


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("1700000000123", "2023-11-14T22:13:20.123+00:00"),
        ("1700000000000", "2023-11-14T22:13:20+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        ("631152000000", "1990-01-01T00:00:00+00:00"),
        ("4102444799999", "2099-12-31T23:59:59.999+00:00"),
    ],
)
def test_date(date, shown):
    assert only(sms("a", date=date)).received_at.isoformat() == shown


@pytest.mark.parametrize(
    "date",
    ["0", "-1", "", "null", "yesterday", "1.5", "631151999999", "4102444800000", "9" * 15, "9" * 30, "-" + "9" * 30, "9" * 5000],
)
def test_date_beyond_belief_is_none(date):
    message = only(sms("a", date=date, date_sent=date))
    assert (message.received_at, message.sent_at, message.body) == (None, None, "a")


def test_mms_texts_join_under_the_subject():
    picture = '<part ct="image/jpeg" text="null" data="QUJD" />'
    layout = '<part ct="application/smil" text="&lt;smil/&gt;" />'
    message = only(mms(layout, text_part("第一段"), picture, text_part("第二段"), text_part("null"), sub="通知"))
    assert message.body == "通知\n第一段\n第二段"


def test_mms_without_text():
    messages, report = read(smses(mms('<part ct="image/jpeg" data="QUJD" />'), mms(), "<mms/>"))
    assert [message.body for message in messages] == ["", "", ""]
    assert report.without_text == 3


def test_subject_alone_is_the_body():
    assert only(mms(sub="通知")).body == "通知"


def test_parts_do_not_leak_into_the_next_message():
    assert bodies(smses(mms(text_part("甲")), mms(text_part("乙")), sms("丙"))) == ["甲", "乙", "丙"]


def test_part_outside_a_message_is_nothing():
    assert bodies(smses(text_part("甲"), sms("乙"), count=1)) == ["乙"]


def test_records_count_from_one_over_both_kinds():
    messages, report = read(smses(sms("a"), mms(text_part("b")), sms("c")))
    assert [message.record for message in messages] == [1, 2, 3]
    assert (report.read, report.declared) == (3, 3)


@pytest.mark.parametrize(("count", "missing"), [(2, 0), (5, 3), (1, 0)])
def test_declared_count_is_compared(count, missing):
    _, report = read(smses(sms("a"), sms("b"), count=count))
    assert (report.declared, report.read, report.missing) == (count, 2, missing)


@pytest.mark.parametrize("count", ["", "many", "-3", "1.5", "²"])
def test_count_that_is_none_is_not_declared(count):
    _, report = read(f'<smses count="{count}">{sms("a")}</smses>')
    assert (report.declared, report.missing) == (None, 0)


def test_record_counts_what_was_lost():
    messages, report = read(smses(sms("a"), '<sms body="open />\n', sms("c")))
    assert [(message.body, message.record) for message in messages] == [("a", 1), ("c", 3)]
    assert report.missing == 1


def test_mms_that_breaks_off_is_no_message():
    broken = mms(text_part("甲"), '<part text="<">').replace("</mms>", "")
    assert bodies(smses(broken, mms(text_part("乙")))) == ["乙"]


DOCTYPES = ["<!DOCTYPE smses>", '<!DOCTYPE smses [<!ENTITY a "b">]>', '<!DOCTYPE smses SYSTEM "file:///etc/hostname">']


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_doctype_is_refused(doctype):
    with pytest.raises(UnreadableBackup, match=r"made\.xml.*DOCTYPE"):
        read(smses(sms("a"), head=doctype))


def test_doctype_in_a_text_is_text():
    assert only(sms("<!DOCTYPE smses>")).body == "<!DOCTYPE smses>"


@pytest.mark.parametrize(
    "head",
    [
        "<smses>",
        "<smses/>",
        '<smses count="3">',
        "<?xml version='1.0' ?>\n<!-- <calls> -->\n<?xml-stylesheet href='sms.xsl'?>\n<smses\n count='0'>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_sniff_knows_its_own(head, encoding):
    assert sniff(head.encode(encoding))


@pytest.mark.parametrize("head", ["", "<", "<calls>", "<smsesx>", "<a><smses>", "{}", "<!-- <smses> -->", "smses"])
def test_sniff_knows_no_other(head):
    assert not sniff(head.encode())


LETTERS = st.one_of(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffd\ufffe\uffff"),
    st.sampled_from("\n\r\t\"'&<>;# 😀👨‍👩‍👧שלום催收�"[:-1] + "\U0010ffff\ufeff\u202e"),
)
TEXTS = st.text(LETTERS, max_size=40)
VALUES = TEXTS.filter(lambda text: text != "null")
NAMES = VALUES.filter(lambda text: text not in ("", "(Unknown)"))
TIMES = st.none() | st.integers(631152000000, 4102444799999)


def instant(milliseconds):
    if milliseconds is None:
        return None
    return Instant(EPOCH + timedelta(milliseconds=milliseconds), "millisecond" if milliseconds % 1000 else "second")


@st.composite
def written(draw, emojis):
    emoji = draw(st.sampled_from(emojis))
    records, expected = [], []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        body, address = draw(VALUES), draw(VALUES)
        contact, sim = draw(st.none() | NAMES), draw(st.none() | st.sampled_from("01"))
        box, direction = draw(st.sampled_from([("1", "in"), ("2", "out"), ("3", "draft"), ("5", "out")]))
        date, sent = draw(TIMES), draw(TIMES) if box == "1" else None
        values = {
            "address": address,
            "type": box,
            "date": str(date or 0),
            "date_sent": str(sent or 0),
            "contact_name": draw(st.sampled_from(["(Unknown)", "null"])) if contact is None else contact,
            "sub_id": sim or "-1",
        }
        records.append(sms(body, emoji, **values))
        received, sent = (date, sent) if box == "1" else (None, date)
        expected.append(
            Message(body, address, direction, instant(received), instant(sent), contact, sim, source="made.xml", record=number)
        )
    return smses(*records), expected


def agrees(file, chunk=None):
    data, expected = file
    messages, report = read(data, chunk)
    assert messages == expected
    assert (report.declared, report.missing, report.repaired) == (len(expected), 0, 0)
    assert report.without_text == sum(not message.body for message in expected)


@given(written([PLAIN, DECIMAL, HEX]))
def test_written_messages_read_back(file):
    agrees(file)


@given(written([PLAIN]), st.integers(1, 40))
def test_written_messages_read_back_in_small_pieces(file, chunk):
    agrees(file, chunk)


@given(written([PLAIN]), st.sampled_from([7, 1 << 20]))
def test_written_messages_read_back_from_utf_16(file, chunk):
    data, expected = file
    messages, _ = read(data.replace("UTF-8", "UTF-16").encode("utf-16"), chunk)
    assert messages == expected


@pytest.mark.parametrize("emoji", [DECIMAL, HEX])
def test_pair_cut_anywhere_inside_is_joined(emoji):
    pair = escape("😀", emoji)
    data = smses(mms(text_part("前PAIR后" + "。" * 300))).replace("PAIR", pair)
    start = data.encode().index(pair.encode())
    for cut in range(start + 1, start + len(pair)):
        messages, report = read(data, cut)
        assert messages[0].body.startswith("前😀后。")
        assert report.repaired == 0


def test_pair_between_other_references_is_joined():
    body = "&#x4F60;&#55357;&#56832;&#x597D;&#xd83d;&#xDE01;&#10;&#38;"
    assert bodies(smses('<sms body="' + body + '"/>')) == ["你😀好😁\n&"]


SMALL = smses(sms("甲😀"), mms('<part ct="image/png" data="QUJDRA==" />', text_part("乙")), sms("丙", DECIMAL, type="2"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("chunk", [7, 1 << 20])
def test_cut_file_gives_what_stands_before_the_cut(encoding, chunk):
    whole = SMALL.rstrip().encode(encoding)
    expected, _ = read(whole)
    assert len(expected) == 3
    for cut in range(len(whole)):
        messages, report = read(whole[:cut], chunk)
        assert messages == expected[: len(messages)]
        assert report.read == len(messages)
        assert report.missing >= 1
        assert report.lost


def test_cut_between_records_keeps_all_that_is_whole():
    data = smses(sms("甲"), sms("乙"), sms("丙"))
    messages, report = read(data[: data.index("</smses>")])
    assert [message.body for message in messages] == ["甲", "乙", "丙"]
    assert "cut off" in report.lost[0].reason


FLIPPED = smses(sms("甲😀"), mms('<part ct="image/png" data="QUJDRA==" />', text_part("乙")), sms("丙"), head="").encode()
BYTES = st.integers(0, 255).filter(lambda byte: byte != ord("&"))


@settings(max_examples=300, deadline=5000)
@given(
    st.lists(st.tuples(st.integers(0, len(FLIPPED) - 1), BYTES | st.sampled_from(b"<>\"'/=!")), min_size=1, max_size=6),
    st.sampled_from([1, 7, 1 << 20]),
)
def test_flipped_bytes_raise_nothing_else(flips, chunk):
    data = bytearray(FLIPPED)
    for place, byte in flips:
        data[place] = byte
    try:
        messages, report = read(bytes(data), chunk)
    except UnreadableBackup:
        assert b"<!DOCTYPE" in data
    else:
        assert report.read == len(messages) <= 3


@settings(deadline=5000)
@given(st.binary(max_size=200), st.sampled_from([1, 7, 1 << 20]))
def test_noise_holds_no_messages(noise, chunk):
    assert read(b"\x00" + noise, chunk)[0] == []
