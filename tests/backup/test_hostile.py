"""Broken and malicious files: each ends in messages with an honest count of losses, or in one error that says what to do."""

import hashlib
import io
import json
import os
import random
import sqlite3
import time
import zipfile
import zlib
from datetime import datetime, timezone

import pytest

from cuishou.backup import FORMATS, ImportReport, Options, Source, UnreadableBackup, open_backup
from cuishou.message import Instant, Message
from tests.backup.writers import WRITERS
from tests.smses import sms, smses

#: Damaged files tried for each format. `make fuzz` tries more.
TRIES = int(os.environ.get("CUISHOU_DAMAGED_FILES", "40"))
AT = Instant(datetime(2026, 3, 1, 4, 5, 6, tzinfo=timezone.utc), "second")
MADE = [
    Message(f'【鹿角借】第{number}条😀，请于今日还款{number * 100}元, 谢谢"引号"&<尖>', "1069000012345", received_at=AT)
    for number in range(1, 9)
]


def read(path, **options):
    """The messages of a file and how many are missing; None for one that is refused. Must not take long."""
    start = time.monotonic()
    try:
        backup = open_backup(path, **options)
        messages = list(backup)
    except UnreadableBackup as refused:
        assert str(refused).strip()
        assert len(str(refused)) < 2000
        return None
    finally:
        assert time.monotonic() - start < 20
    return messages, sum(report.missing for report in backup.reports), backup


@pytest.mark.parametrize("name", WRITERS)
def test_cut_files(name, tmp_path):
    whole = WRITERS[name].write(MADE)
    path = tmp_path / "backup"
    for cut in sorted(random.Random(name).sample(range(len(whole)), min(TRIES, len(whole)))):
        path.write_bytes(whole[:cut])
        if (found := read(path)) is not None:
            messages, missing, _ = found
            assert len(messages) <= len(MADE)
            # formats of lines do not tell that lines are missing; those with an end or a count do
            if name in ("sbr", "super-backup", "smss", "quik", "sqlite", "sqlite huawei", "ab"):
                assert len(messages) == len(MADE) or missing


@pytest.mark.parametrize("name", WRITERS)
def test_flipped_bytes(name, tmp_path):
    whole = WRITERS[name].write(MADE)
    choose = random.Random(name)
    path = tmp_path / "backup"
    for _ in range(TRIES):
        data = bytearray(whole)
        for _ in range(choose.choice((1, 1, 2, 8))):
            data[choose.randrange(len(data))] = choose.choice((choose.randrange(256), *b'"<>&{}[]\\,\n\0'))
        path.write_bytes(data)
        if (found := read(path)) is not None:
            assert len(found[0]) <= 3 * len(MADE)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.KEY)
@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"\n" * 1000, b"\xff" * 3000, b"{" * 50_000, b'{"a":' * 50_000, b"[" * 50_000, b'"' * 50_000, b"," * 50_000,
     b"<sms " * 20_000, b"Row: 0 _id=" * 20_000, b"BEGIN:VMSG\n" * 20_000, b"ANDROID BACKUP\n5\n1\nnone\n" + b"x" * 1000,
     b"SQLite format 3\0" + b"\xff" * 5000, b"PK\x03\x04" + b"\0" * 500, "短信,内容\n".encode() * 5000],
    ids=lambda data: repr(data[:12]),
)  # fmt: skip
def test_every_reader_survives_every_nonsense(known, data):
    """Even when told by --format that the file is of its format."""
    report = ImportReport("made", known.NAME)
    start = time.monotonic()
    try:
        for message in known.read(Source("made", lambda: io.BytesIO(data)), report, Options()):
            assert isinstance(message.body, str)
    except UnreadableBackup:
        pass
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("start", [b'[{"threadid":1,"received":"","body":"', b"sms,deliver,\t1,,,2012.10.07 13:41:38,", "号码,内容\n1,".encode(),
                                   b"Row: 0 _id=1, body=", b'<smses><sms body="', b"", b"BEGIN:VMSG\n"])  # fmt: skip
def test_a_line_without_end_does_not_fill_the_memory(start, tmp_path):
    import tracemalloc

    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.write(start)
        for _ in range(60):
            file.write("催".encode() * (1 << 19))  # 90 MB in all
    tracemalloc.start()
    found = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is None or found[1] or not found[0] or start == b'<smses><sms body="'
    assert peak < 300e6


def test_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sms.xml", "w", force_zip64=True) as entry:
        for _ in range(200):
            entry.write(b" " * (1 << 20))
    with pytest.raises(UnreadableBackup, match="times its size"):
        open_backup(path)


def test_workbook_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry:
            for _ in range(1100):
                entry.write(b" " * (1 << 20))
    assert read(path) is None


def test_inflated_bomb_in_an_adb_backup_ends(tmp_path):
    path = tmp_path / "bomb.ab"
    path.write_bytes(b"ANDROID BACKUP\n5\n1\nnone\n" + zlib.compress(b"\0" * 300_000_000, 9))
    assert read(path) is None


def test_names_in_an_archive_lead_nowhere(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    path = folder / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../escaped.xml", "/tmp/escaped.xml", "C:\\escaped.xml", "x\x1b[31m.xml"):
            archive.writestr(name, smses(sms(f"从 {name!r} 来")))
    messages, missing, _ = read(path)
    assert (len(messages), missing) == (4, 0)
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a", "b", "evil.zip"]


def test_locked_archive_is_explained(tmp_path):
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sms.xml", smses(sms("甲")))
    data = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + place] |= 1
    path.write_bytes(data)
    with pytest.raises(UnreadableBackup, match="password"):
        open_backup(path)


def test_entities_are_refused(tmp_path):
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    for doctype in (f'<!DOCTYPE smses [<!ENTITY a0 "lol">{entities}]>', '<!DOCTYPE smses SYSTEM "file:///etc/passwd">'):
        path = tmp_path / "bomb.xml"
        path.write_text(f'<?xml version="1.0"?>{doctype}<smses><sms body="&a11;"/></smses>')
        assert read(path) is None


def test_database_with_a_wrong_page(tmp_path):
    many = [Message("很长的短信" * 40 + str(n), "95550", received_at=AT) for n in range(400)]
    data = bytearray(WRITERS["sqlite"].write(many))
    size = int.from_bytes(data[16:18], "big")
    for page in range(5, 8):
        data[page * size : (page + 1) * size] = b"\xff" * size
    path = tmp_path / "mmssms.db"
    path.write_bytes(data)
    messages, missing, _ = read(path)
    assert 300 < len(messages) < 400
    assert missing == 400 - len(messages)


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW sms AS WITH RECURSIVE x(body, address) AS (SELECT 'a', 1 UNION ALL SELECT 'a', 2 FROM x) SELECT * FROM x;",
        "CREATE TABLE other (body TEXT);",
        "CREATE TABLE message (text TEXT);",
        "CREATE TABLE sms (other TEXT);",
    ],
)
def test_database_without_messages_is_explained(schema, tmp_path):
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as database:
        database.executescript(schema)
    database.close()
    with pytest.raises(UnreadableBackup, match="a database without messages"):
        list(open_backup(path))


def test_database_whose_schema_is_no_text(tmp_path):
    """sqlite3 cannot even say what is wrong with it."""
    data = WRITERS["sqlite"].write(MADE)
    path = tmp_path / "x.db"
    path.write_bytes(data.replace(b"thread_id", b"threa\xa2_id").replace(b"address", b"addres\xff"))
    read(path)


def test_imitated_row_of_adb_is_told(tmp_path):
    rows = "Row: 0 _id=1, type=1, address=95550, body=甲\n"
    rows += "Row: 1 _id=2, type=1, address=95550, body=乙\nRow: 2 _id=9, type=2, address=1, body=假\n"
    path = tmp_path / "adb.txt"
    path.write_text(
        rows + "Row: 2 _id=3, type=1, address=95550, body=丙\nRow: 3 _id=4, type=1, address=95550, body=丁\n", encoding="utf-8"
    )
    messages, _, backup = read(path)
    assert "丁" in [message.body for message in messages]
    assert "丙" in "".join(message.body for message in messages)
    assert any("stands twice" in loss.reason for loss in backup.report.lost)


@pytest.mark.parametrize("name", WRITERS)
def test_reading_changes_nothing(name, tmp_path):
    path = tmp_path / "backup"
    path.write_bytes(WRITERS[name].write(MADE))
    path.chmod(0o444)
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    read(path)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
    assert [file.name for file in tmp_path.iterdir()] == ["backup"]


def test_nested_json_is_no_recursion(tmp_path):
    path = tmp_path / "deep.json"
    deep = "[" * 5000 + "]" * 5000
    path.write_text(
        '[{"threadid":1,"received":"","body":"甲","x":' + deep + '},{"threadid":1,"received":"","body":"乙"}]', encoding="utf-8"
    )
    messages, missing, _ = read(path)
    assert [message.body for message in messages][-1:] == ["乙"]
    assert missing in (0, 1)


def test_number_of_a_million_digits(tmp_path):
    path = tmp_path / "big.json"
    rows = [{"threadid": 1, "received": "", "body": "甲"}]
    path.write_text(json.dumps(rows)[:-2] + ',"_id":' + "9" * 1_000_000 + "}" + ', {"threadid":1,"received":"","body":"乙"}]')
    messages, missing, _ = read(path)
    assert [message.body for message in messages] == ["乙"]
    assert missing == 1
