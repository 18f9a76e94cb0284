import pytest

from cuishou.backup import ImportReport, Loss, UnreadableBackup, open_backup
from tests.smses import sms, smses


@pytest.fixture
def file(tmp_path):
    return tmp_path / "sms-20240101000000.xml"


def test_empty_file_is_refused(file):
    file.touch()
    with pytest.raises(UnreadableBackup, match=r"sms-20240101000000\.xml is empty"):
        open_backup(file)


def test_missing_file_is_refused(file):
    with pytest.raises(UnreadableBackup, match=r"sms-20240101000000\.xml"):
        open_backup(file)


def test_folder_is_refused(tmp_path):
    with pytest.raises(UnreadableBackup):
        open_backup(tmp_path)


@pytest.mark.parametrize("content", [b"{}", b"<b/>", b"\x00" * 100, b"\xff\xfe", b"hello"])
def test_other_files_are_refused_with_their_beginning(file, content):
    file.write_bytes(content)
    with pytest.raises(UnreadableBackup, match="is not a backup that can be read") as raised:
        open_backup(file)
    assert repr(content[:16]) in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_backup_is_known_by_its_content(file, encoding):
    file = file.with_suffix(".bin")
    file.write_bytes(smses(sms("甲"), sms("乙")).replace("UTF-8", encoding).encode(encoding))
    backup = open_backup(file)
    assert [message.body for message in backup] == ["甲", "乙"]
    report = backup.report
    assert (report.source, report.format, report.declared, report.read) == (file.name, "SMS Backup & Restore XML", 2, 2)
    assert report.recognised == "root element <smses>"


def test_path_may_be_a_string(file):
    file.write_text(smses(), encoding="utf-8")
    backup = open_backup(str(file))
    assert list(backup) == []
    assert backup.paths == [file]


def test_opening_reads_no_message(file):
    file.write_text(smses(sms("甲")), encoding="utf-8")
    backup = open_backup(file)
    assert (backup.report.read, backup.report.declared) == (0, None)


def test_doctype_is_refused_when_read(file):
    file.write_text(smses(sms("甲"), head="<!DOCTYPE smses>"), encoding="utf-8")
    backup = open_backup(file)
    with pytest.raises(UnreadableBackup, match="DOCTYPE"):
        list(backup)


def test_messages_name_their_file(file):
    file.write_text(smses(sms("甲")), encoding="utf-8")
    assert [(message.source, message.record) for message in open_backup(file)] == [("sms-20240101000000.xml", 1)]


@pytest.mark.parametrize(
    ("declared", "read", "lost", "missing"),
    [(None, 0, 0, 0), (None, 5, 0, 0), (None, 5, 2, 2), (5, 5, 0, 0), (9, 5, 1, 4), (6, 5, 3, 3), (3, 5, 0, 0)],
)
def test_missing_is_the_worse_of_two_counts(declared, read, lost, missing):
    report = ImportReport("a.xml", "x", declared=declared, read=read, lost=[Loss(number, "gone") for number in range(lost)])
    assert report.missing == missing
