"""The traps of each format, one by one. Files are written by hand as the exporters write them."""

import json
import sqlite3
import zipfile
from datetime import datetime, timedelta, timezone

import pytest

from cuishou.backup import Options, UnreadableBackup, open_backup
from tests.smses import mms, sms, smses, text_part


@pytest.fixture
def file(tmp_path):
    """Writes a file and opens it."""

    def write(content, name="backup", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return open_backup(path, **options)

    return write


def when(message):
    instant = message.received_at or message.sent_at
    return (instant.at.strftime("%Y-%m-%d %H:%M:%S"), instant.precision) if instant else None


# SMS Backup & Restore and its relatives


def test_super_backup_reads_the_number_and_not_the_written_time(file):
    backup = file(
        '<?xml version="1.0" encoding="UTF-8"?><allsms count="2"><sms address="95550" time="2013年12月26日 下午8:56:00" '
        'date="1388062560000" type="1" body="甲" read="1" service_center="" name="招行"/><sms address="138" date="1388062561000" '
        'time="x" type="2" body="乙" name=""/></allsms>'
    )
    first, second = backup
    assert (first.body, first.contact, when(first)) == ("甲", "招行", ("2013-12-26 12:56:00", "second"))
    assert (second.direction, second.contact, backup.report.declared) == ("out", None, 2)


def test_calls_are_explained(file):
    for content in (
        '<?xml version="1.0"?><!-- made --><calls count="1"><call number="1"/></calls>',
        '<alllogs count="0"></alllogs>',
    ):
        with pytest.raises(UnreadableBackup, match="通话记录"):
            file(content)


def test_seconds_in_the_date_and_a_wrong_count(file):
    backup = file(smses(sms("甲", date="1388062560"), sms("乙", date="1388062560000"), count=1))
    assert [when(message) for message in backup] == [("2013-12-26 12:56:00", "second")] * 2
    assert backup.report.warnings == ["count_differs"]


def test_group_mms_keeps_all_numbers(file):
    (message,) = file(smses(mms(text_part("大家好"), address="1069~138~139")))
    assert message.address == "1069~138~139"


# SMS Import / Export


def sms_ie(**fields):
    return {"_id": "1", "thread_id": "2", "date": "1700000000123", "type": "1", "body": "甲", "address": "1069"} | fields


def test_sms_ie_mms_has_seconds_and_text_in_parts(file):
    row = {
        "_id": "1", "thread_id": "2", "date": "1700000000", "msg_box": "1", "sub": "主题", "ct_t": "application/vnd.wap.multipart.related",
        "__sender_address": {"address": "1069", "__display_name": "某某", "type": "137"}, "__recipient_addresses": [{"address": "me"}],
        "__parts": [{"ct": "application/smil", "text": "<smil/>"}, {"ct": "text/plain", "text": "甲"}, {"ct": "image/png"}],
    }  # fmt: skip
    (message,) = file(json.dumps(row) + "\n")
    assert (message.body, message.address, message.contact) == ("主题\n甲", "1069", "某某")
    assert when(message) == ("2023-11-14 22:13:20", "second")


def test_sms_ie_lines_that_ran_together_or_broke_off(file):
    text = (
        "".join(json.dumps(sms_ie(body=body)) for body in "甲乙") + "\n" + '{"_id": "3", "da' + "\n" + json.dumps(sms_ie(body="丙"))
    )
    backup = file(text)
    assert [message.body for message in backup] == ["甲", "乙", "丙"]
    assert backup.report.missing == 1
    assert backup.report.lost[0].offset == len((text[: text.index('{"_id": "3"')]).encode())


def test_sms_ie_zip_reads_no_pictures(tmp_path):
    path = tmp_path / "messages (1).zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("messages.ndjson", json.dumps(sms_ie()))
        archive.writestr("data/PART_1.xml", smses(sms("no")))
    backup = open_backup(path)
    assert [message.body for message in backup] == ["甲"]
    assert (backup.skipped, backup.report.source) == ([], "messages (1).zip/messages.ndjson")


def test_encrypted_sms_ie_is_explained(file):
    with pytest.raises(UnreadableBackup, match="encrypted sms-ie"):
        file(b"SSEF\x00\xff\x00\x01" + bytes(100))


# Fossify and others in JSON


def test_fossify_mms(file):
    row = {"creator": "x", "contentType": "y", "date": 1700000000, "dateSent": 0, "messageBox": 1, "subject": None, "subscriptionId": 1,
           "addresses": [{"address": "me", "type": 151}, {"address": "1069", "type": 137}],
           "parts": [{"contentType": "text/plain", "text": "甲"}, {"contentType": "image/jpeg", "data": "QUJD"}], "backupType": "mms"}  # fmt: skip
    (message,) = file(json.dumps([row]))
    assert (message.body, message.address, message.direction, message.sim) == ("甲", "1069", "in", "1")
    assert when(message) == ("2023-11-14 22:13:20", "second")


def test_fossify_without_text_is_counted(file):
    backup = file(json.dumps([{"subscriptionId": 1, "address": "1", "body": None, "date": 1700000000123, "dateSent": 0, "type": 1,
                               "backupType": "sms"}]))  # fmt: skip
    assert [message.body for message in backup] == [""]
    assert backup.report.without_text == 1


def test_simple_sms_messenger_that_was_cut(file):
    threads = [
        {"sms": [sms_ie(body=body) for body in "甲乙"], "mms": []},
        {"sms": [sms_ie(body=body) for body in "丙丁"], "mms": []},
    ]
    text = json.dumps(threads, ensure_ascii=False)
    backup = file(text[: text.index("丁")])
    assert [message.body for message in backup] == ["甲", "乙", "丙"]
    assert backup.report.missing == 1


def test_quik_count_is_compared(file):
    backup = file(
        json.dumps(
            {"messageCount": 5, "messages": [{"type": 1, "address": "1069", "date": 1700000000123, "dateSent": 0, "body": "甲"}]}
        )
    )
    assert len(list(backup)) == 1
    assert (backup.report.declared, backup.report.missing) == (5, 4)


def termux(count):
    return [{"threadid": 1, "type": "inbox", "read": True, "address": "95550", "number": "95550", "received": "2026-03-01 21:07:33",
             "body": str(n), "_id": n} for n in range(count)]  # fmt: skip


def test_termux_times_are_local(file):
    (message,) = file(json.dumps(termux(1)))
    assert when(message) == ("2026-03-01 13:07:33", "second")
    (message,) = file(json.dumps(termux(1)), options=Options(timezone=timezone(timedelta(hours=-5))))
    assert when(message) == ("2026-03-02 02:07:33", "second")


@pytest.mark.parametrize(("count", "warned"), [(9, False), (10, True), (11, False)])
def test_ten_rows_of_termux_are_warned_of(file, count, warned):
    backup = file(json.dumps(termux(count)))
    assert len(list(backup)) == count
    assert ("ten_rows" in backup.report.warnings) is warned


def test_termux_by_conversation(file):
    backup = file(json.dumps({"12": termux(2), "7": termux(1)}))
    assert len(list(backup)) == 3


def test_empty_list_is_explained(file):
    with pytest.raises(UnreadableBackup, match="permission"):
        file("[]\n")


# adb


def test_adb_without_body_names_the_safe_command(file):
    with pytest.raises(UnreadableBackup, match="--projection _id:date"):
        list(file("Row: 0 _id=1, address=95550\n"))


def test_adb_columns_behind_the_body(file):
    rows = "".join(f"Row: {n} _id={n}, address=95550, type=1, body={body}, service_center=NULL, locked=0\n"
                   for n, body in enumerate(["甲, type=2", "乙, locked=9, service_center=x", "丙"]))  # fmt: skip
    assert [message.body for message in file(rows)] == ["甲, type=2", "乙, locked=9, service_center=x", "丙"]


def test_adb_dates_that_lost_their_upper_half_are_unknown(file):
    backup = file("Row: 0 _id=1, date=-2049152373, type=1, body=甲\nRow: 1 _id=2, date=1303838284, type=1, body=乙\n")
    assert [when(message) for message in backup] == [None, None]
    assert backup.report.unknown_dates == 2


def test_adb_through_powershell(file):
    backup = file("Row: 0 _id=1, type=1, body=甲\r\nRow: 1 _id=2, type=1, body=乙一\r\n乙二\r\n".encode("utf-16"))
    assert [message.body for message in backup] == ["甲", "乙一\n乙二"]
    assert backup.report.encoding == "utf-16"


def test_adb_without_rows_is_explained(file):
    with pytest.raises(UnreadableBackup, match="found no messages"):
        file("No result found.\n")


# phone assistants and Nokia


@pytest.mark.parametrize(
    ("line", "address", "contact", "direction", "time", "body"),
    [
        ("sms,deliver,\t+8613800000000,王五,,2013. 7.15  8:12,9,还款, 今天", "+8613800000000", "王五", "in", ("2013-07-15 00:12:00", "minute"), "还款, 今天"),
        ("sms,submit,王五,\t13800000000,,2013.12.15 18:12,9,好的", "13800000000", "王五", "out", ("2013-12-15 10:12:00", "minute"), "好的"),
        ("sms,deliver,\t10690000,,,2012.10.07 13:41:38,内容", "10690000", None, "in", ("2012-10-07 05:41:38", "second"), "内容"),
        ("sms,deliver,\t10690000,王五,2012.10.07 13:41:38,内容", "10690000", "王五", "in", ("2012-10-07 05:41:38", "second"), "内容"),
        ('sms;deliver;"+336";"";"";"2016.03.22 15:46";"";"a ""b""; c"', "+336", None, "in", ("2016-03-22 07:46:00", "minute"), 'a "b"; c'),
        ('"sms","READ,RECEIVED","+336","","","2015.04.19 12:23","","text, more"', "+336", None, "in", ("2015-04-19 04:23:00", "minute"), "text, more"),
        ('sms,deliver,"106900","","","2017.04.20 19:14","","一行\n二行"', "106900", None, "in", ("2017-04-20 11:14:00", "minute"), "一行\n二行"),
    ],
)  # fmt: skip
def test_assistants(file, line, address, contact, direction, time, body):
    backup = file("\ufeff" + line + "\r\n" + line + "\r\n")
    found = list(backup)
    assert [(m.address, m.contact, m.direction, when(m), m.body) for m in found] == [(address, contact, direction, time, body)] * 2
    assert backup.report.coarse_dates == (2 if time[1] == "minute" else 0)


# tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_tables_of_every_kind(file, encoding, delimiter):
    rows = [
        ["短信导出"],
        [],
        ["发件人", "接收时间", "短信内容"],
        ["106900", "2024年3月5日 下午9:07", "您的账单已经逾期了，请还款"],
        ["95550", "2024/3/5 9:07", "甲"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    backup = file(text.encode(encoding))
    assert [(m.address, when(m), m.body, m.direction) for m in backup] == [
        ("106900", ("2024-03-05 13:07:00", "minute"), "您的账单已经逾期了，请还款", "in"),
        ("95550", ("2024-03-05 01:07:00", "minute"), "甲", "in"),
    ]
    assert backup.report.encoding.removesuffix("-sig") == encoding.removesuffix("-sig")


def test_big5_is_told_from_gb18030(file):
    text = "號碼,時間,內容\n" + "2881,2024-03-05 21:07,您的信用卡帳單已逾期，請儘速繳款以免影響信用紀錄\n" * 20
    backup = file(text.encode("big5hkscs"))
    assert next(iter(backup)).body == "您的信用卡帳單已逾期，請儘速繳款以免影響信用紀錄"


def test_excel_damage_to_numbers_is_counted(file):
    backup = file("号码,内容\n1.06901E+19,甲\n'10690,乙\n95550.0,丙\n\t138,丁\n")
    assert [message.address for message in backup] == ["1.06901E+19", "10690", "95550", "138"]
    assert backup.report.ruined_numbers == 1


def test_separator_line_of_excel(file):
    assert [m.body for m in file("sep=;\n内容;号码\n甲,乙;1\n")] == ["甲,乙"]


def test_unknown_header_shows_the_rows_and_the_option(file):
    rows = "列一,列二\n甲,95550\n"
    with pytest.raises(UnreadableBackup, match="--map body=") as raised:
        list(file(rows, form="table"))
    assert "列一,列二" in str(raised.value)
    (message,) = file(rows, form="table", options=Options(columns={"body": "列一", "address": "列二"}))
    assert (message.body, message.address) == ("甲", "95550")


def test_dates_with_the_day_first_only_when_one_shows_it(file):
    unsure = file("date,body\n05/03/2024 10:00,a\n06/03/2024 10:00,b\n")
    assert [when(m) for m in unsure] == [None, None]
    sure = file("date,body\n05/03/2024 10:00,a\n26/03/2024 10:00,b\n")
    assert [when(m) for m in sure] == [("2024-03-05 02:00:00", "minute"), ("2024-03-26 02:00:00", "minute")]
    american = file("date,body\n05/03/2024 10:00,a\n03/26/2024 10:00,b\n")
    assert [when(m) for m in american] == [("2024-05-03 02:00:00", "minute"), ("2024-03-26 02:00:00", "minute")]


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("1700000000123", ("2023-11-14 22:13:20", "millisecond")),
        ("1700000000", ("2023-11-14 22:13:20", "second")),
        ("45356.88", ("2024-03-05 13:07:12", "second")),
        ("130352170807645806", ("2014-01-26 13:38:00", "millisecond")),
        ("2024-03-05T21:07:33+08:00", ("2024-03-05 13:07:33", "second")),
        ("2024-03-05 9:07 PM", ("2024-03-05 13:07:00", "minute")),
        ("2024-03-05", ("2024-03-04 16:00:00", "day")),
        ("2024-02-30 10:00", None),
        ("昨天", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_times_in_tables(file, cell, time):
    (message,) = file(f"时间,内容\n{cell},甲\n")
    assert when(message) == time


def test_quotation_mark_without_end_is_a_loss(file):
    backup = file('号码,内容\n1,甲\n2,"乙\n' + "3,丙\n" * 60_000)
    messages = list(backup)
    assert messages[0].body == "甲"
    assert len(messages) + backup.report.missing >= 60_000


# databases


def test_rows_that_are_still_in_the_wal(tmp_path):
    path = tmp_path / "live" / "mmssms.db"
    path.parent.mkdir()
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    with database:
        database.execute(
            "CREATE TABLE sms (_id INTEGER PRIMARY KEY, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT)"
        )
        database.execute("INSERT INTO sms VALUES (1, '95550', 1700000000123, 0, 1, '甲')")
    copied = tmp_path / "copied"
    copied.mkdir()
    for suffix in ("", "-wal"):
        (copied / f"mmssms.db{suffix}").write_bytes((path.parent / f"mmssms.db{suffix}").read_bytes())
    database.close()
    assert [message.body for message in open_backup(copied / "mmssms.db")] == ["甲"]
    assert [message.body for message in open_backup(copied)] == ["甲"]
    assert sorted(file.name for file in copied.iterdir()) == ["mmssms.db", "mmssms.db-wal"]


@pytest.mark.parametrize(("seconds", "precision"), [(731_000_000, "second"), (731_000_000_500_000_000, "millisecond")])
def test_iphone_epochs_and_attributed_text(tmp_path, seconds, precision):
    path = tmp_path / "sms.db"
    archive = (
        b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+\x06"
        + "甲乙".encode()
    )
    with sqlite3.connect(path) as database:
        database.executescript("CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT); INSERT INTO handle VALUES (3, '+8613800000000');"
                               "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT, attributedBody BLOB, handle_id INTEGER, date INTEGER,"
                               " is_from_me INTEGER);")  # fmt: skip
        database.execute("INSERT INTO message VALUES (1, NULL, ?, 3, ?, 0)", (archive, seconds))
    database.close()
    (message,) = open_backup(path)
    assert (message.body, message.address) == ("甲乙", "+8613800000000")
    assert message.received_at.at == datetime(
        2024, 3, 1, 15, 33, 20, 500_000 if precision == "millisecond" else 0, tzinfo=timezone.utc
    )
    assert message.received_at.precision == precision


# virtual messages

VMSG = """BEGIN:VMSG
VERSION:1.1
X-IRMS-TYPE:MSG
X-MESSAGE-TYPE:DELIVER
BEGIN:VCARD
VERSION:2.1
TEL:1069
END:VCARD
BEGIN:VBODY
X-BOX:INBOX
Date:{date}
Subject;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{body}
END:VBODY
END:VMSG
"""


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2014/06/29 09:38:53 GMT", ("2014-06-29 09:38:53", "second")),
        ("2016/12/27 18:25:44", ("2016-12-27 10:25:44", "second")),
        ("29-06-2014 09:38:53", ("2014-06-29 01:38:53", "second")),
    ],
)
def test_vmsg_time_is_local_unless_it_says_gmt(file, date, time):
    (message,) = file(VMSG.format(date=date, body="=e7=94=\n=B2"))
    assert (message.body, when(message), message.direction) == ("甲", time, "in")


def test_vmsg_text_that_imitates_its_end(file):
    text = VMSG.replace("Subject;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:{body}", "甲\nEND:VBODY\nEND:VMSG\n乙").format(
        date="2016/12/27 18:25:44"
    )
    assert [message.body for message in file(text + text)] == ["甲\nEND:VBODY\nEND:VMSG\n乙"] * 2


def test_nokia_vmg(file):
    text = (
        "BEGIN:VMSG\r\nVERSION:1.1\r\nX-IRMC-STATUS:READ\r\nX-IRMC-BOX:INBOX\r\nX-NOK-DT:20100111T160500Z\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nN:\r\n"
        "TEL:\r\nEND:VCARD\r\nBEGIN:VENV\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:\r\nTEL:1069\r\nEND:VCARD\r\nBEGIN:VENV\r\nBEGIN:VBODY\r\n"
        "Date:11-01-2010 17:05:00\r\n甲\r\n乙\r\nEND:VBODY\r\nEND:VENV\r\nEND:VENV\r\nEND:VMSG\r\n"
    )
    (message,) = file(text.encode("utf-16"))
    assert (message.body, message.address, message.direction) == ("甲\n乙", "1069", "in")


# what is recognised and cannot be read


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"ANDROID BACKUP\n5\n1\nAES-256\nabc", "backup.ab", "encrypted adb"),
        (b"MIUI BACKUP\n2\ncom.android.mms \xe7\x9f\xad\xe4\xbf\xa1\n-1\n0\nANDROID BACKUP\n", "a.bak", "通知类短信"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a.jpg", "a photo"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "a picture"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "a.heic", "a photo"),
        (b"%PDF-1.7\n", "a.pdf", "PDF"),
        (b"\x13\x37" * 40, "Message.smem", "Smart Switch"),
        (b"\x13\x37" * 40, "sms.db", "HiSuite"),
        (b"BEGIN:VCARD\r\n", "a.vcf", "contacts"),
        (b"<!DOCTYPE html><html>", "a.html", "web page"),
    ],
)
def test_explained_in_one_sentence(file, content, name, words):
    with pytest.raises(UnreadableBackup, match=words) as raised:
        file(content, name)
    assert "\n" not in str(raised.value)


# folders, archives, overlaps


def test_folder_is_walked_and_what_is_no_backup_named(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.xml").write_text(smses(sms("甲")), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps(termux(2)))
    (tmp_path / "c.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "README").write_text("短信备份的说明", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("x/e.xml", smses(sms("乙")))
    backup = open_backup(tmp_path)
    assert sorted(message.body for message in backup) == ["0", "1", "乙", "甲"]
    assert [report.source for report in backup.reports] == ["b.json", "d.zip/x/e.xml", "sub/a.xml"]
    assert [line.split()[0] for line in backup.skipped] == ["README:", "c.jpg:"]


def test_folder_without_backups_is_refused(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(UnreadableBackup, match=r"holds no backup.*\(2 files\)") as raised:
        open_backup(tmp_path)
    assert "a.jpg" in str(raised.value)


def test_overlapping_backups_count_once(tmp_path):
    both, old, new = sms("两份都有"), sms("只在旧的"), sms("只在新的")
    (tmp_path / "1.xml").write_text(smses(old, both, both), encoding="utf-8")
    (tmp_path / "2.xml").write_text(smses(both, both, new), encoding="utf-8")
    backup = open_backup(tmp_path)
    assert [message.body for message in backup] == ["只在旧的", "两份都有", "两份都有", "只在新的"]
    assert [report.duplicates for report in backup.reports] == [0, 2]


def test_overlap_of_formats_that_know_the_time_differently(tmp_path):
    (tmp_path / "1.xml").write_text(smses(sms("甲", address="1069", date="1700000000123")), encoding="utf-8")
    (tmp_path / "2.csv").write_text("号码,时间,内容\n1069,2023-11-15 06:13,甲\n1069,2023-11-15 06:14,甲\n", encoding="utf-8")
    backup = open_backup(tmp_path)
    assert len(list(backup)) == 2
    assert [report.duplicates for report in backup.reports] == [0, 1]


def test_several_paths_are_one_import(tmp_path):
    for name in ("1.xml", "2.xml"):
        (tmp_path / name).write_text(smses(sms("甲")), encoding="utf-8")
    assert len(list(open_backup(tmp_path / "1.xml", tmp_path / "2.xml"))) == 1
    assert list(open_backup()) == []


def test_unknown_format_lists_the_known(file):
    with pytest.raises(UnreadableBackup, match="sbr"):
        file("x", form="no-such")
