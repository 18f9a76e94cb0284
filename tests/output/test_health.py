import json
import re
from datetime import datetime, timedelta, timezone

import pytest

from cuishou.backup import ImportReport, Loss
from cuishou.message import Instant, Message
from cuishou.output import health
from cuishou.output.words import WORDS

START = datetime(2026, 3, 1, 4, tzinfo=timezone.utc)


def plain(report, language="en"):
    """The sentences behind the first one, which says what was read."""
    return [note.text for note in health.notes(report, language)][1:]


def test_nothing_to_note():
    assert plain(ImportReport("a.xml", "x", declared=2, read=2)) == []


def test_empty_backup_is_noted():
    assert plain(ImportReport("a.xml", "x")) == ["a.xml is a valid backup, but holds no messages."]


def test_losses_are_noted_with_their_places():
    (note,) = plain(ImportReport("a.xml", "x", declared=5, read=3, lost=[Loss(120, "it broke")]))
    assert "a.xml: at least 2 records could not be read (the file says 5, 3 were read)." in note
    assert "at byte 120: it broke" in note
    assert WORDS["en"]["lost_advice"] in note


def test_losses_without_a_declared_count():
    (note,) = plain(ImportReport("a.xml", "x", read=3, lost=[Loss(120, "it broke")]))
    assert "a.xml: at least 1 records could not be read." in note
    assert "None" not in note


def test_many_losses_are_cut_short():
    (note,) = plain(ImportReport("a.xml", "x", lost=[Loss(1000 + number, "it broke") for number in range(8)]))
    assert "at byte 1004" in note
    assert "at byte 1005" not in note
    assert "(+3)" in note


def test_lost_file_is_not_called_empty():
    assert not any("valid backup" in note for note in plain(ImportReport("a.xml", "x", lost=[Loss(0, "it broke")])))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_repairs_and_pictures_are_noted(language):
    pictures, repairs = plain(ImportReport("a.xml", "x", read=9, without_text=4, repaired=7), language)
    assert "4" in pictures
    assert "7" in repairs


def of(*messages, **fields):
    report = ImportReport("a.xml", "x", **fields)
    for message in messages:
        report.see(message)
    return report


def at(days, precision="second"):
    return Instant(START + timedelta(days=days), precision)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_first_sentence_says_what_was_read_and_how_it_was_known(language):
    report = of(
        Message("甲", "95550", received_at=at(0)), Message("乙", "95550", received_at=at(5)), recognised="<root>", encoding="big5"
    )
    (note,) = health.notes(report, language)
    for part in ("a.xml", "2026-03-01", "2026-03-06", "<root>", "big5", "2"):
        assert part in note.text


@pytest.mark.parametrize(
    ("messages", "fields", "words"),
    [
        ([Message("甲", "13800000000")], {}, "通知类短信"),
        ([Message("甲", "1069000", received_at=at(0))] * 10, {"row_limit": 10}, "termux-sms-list -l"),
        ([Message("甲", "1069000")], {}, "1 messages have no date"),
        ([Message("甲", "1069000", received_at=at(0, "minute"))], {}, "known to the minute"),
        ([Message("甲", "1.06901E+19", received_at=at(0))], {}, "Excel"),
        ([Message("甲", "95550", received_at=at(0)), Message("乙", "95550", received_at=at(50))], {}, "(49 days)"),
        ([Message("甲", "95550", received_at=at(0))], {"declared": 0}, "says 0 messages, 1 were read"),
        ([Message("甲", "95550", received_at=at(0))], {"duplicates": 3}, "3 messages are in another backup"),
    ],
)
def test_what_is_odd_is_told(messages, fields, words):
    notes = plain(of(*messages, **fields))
    assert any(words in note for note in notes), notes


@pytest.mark.parametrize("number", ["95550", "10690001234", "+86 1069", "12378", "4001234567", "8610690001234", "008695588"])
def test_service_numbers_are_known(number):
    assert of(Message("甲", number.replace(" ", ""))).warnings == []


@pytest.mark.parametrize("number", ["13912345678", "+8613912345678", "02195550", "老王", "9", "106"])
def test_other_numbers_are_no_service(number):
    assert of(Message("甲", number)).warnings == ["no_services"]


def test_no_numbers_no_warning():
    assert of(Message("甲"), Message("乙")).warnings == []


def test_gaps_are_longest_first_and_cut_short():
    report = of(*(Message("甲", "95550", received_at=at(day)) for day in (0, 31, 131, 181, 231, 281)))
    assert [(end - start).days + 1 for start, end in report.gaps] == [99, 49, 49, 49, 30]
    assert "2 more stretches" in plain(report)[-1]


def test_files_that_are_no_backups_are_named():
    notes = health.skipped([f"{n}.jpg: a photo\x1b" for n in range(7)], "en")
    assert notes[0].text == "not read: 0.jpg: a photo\\u001b"
    assert notes[-1].text == "2 more files were not read"


def test_report_is_kept_as_json(tmp_path):
    health.write([of(Message("甲", "95550", received_at=at(0)), lost=[Loss(7, "gone", 2)])], ["b.jpg"], tmp_path / "import.json")
    kept = json.loads((tmp_path / "import.json").read_text(encoding="utf-8"))
    assert kept["not_read"] == ["b.jpg"]
    (file,) = kept["files"]
    assert (file["read"], file["missing"], file["lost"]) == (1, 2, [{"offset": 7, "reason": "gone", "records": 2}])


def test_losses_and_marks_are_in_the_readers_language():
    report = ImportReport("a.xml", "plain text", "root element <smses>", lost=[Loss(7, "not well-formed", 1, "此处损坏")])
    chinese, english = (" ".join(note.text for note in health.notes(report, language)) for language in ("zh", "en"))
    assert "纯文本" in chinese and "识别依据：根元素 <smses>" in chinese and "此处损坏" in chinese
    assert not re.search("[A-Za-z]{3,}", re.sub("a.xml|<smses>", "", chinese))
    assert "plain text" in english and "root element <smses>" in english and "not well-formed" in english


def test_losses_without_end_do_not_fill_the_memory():
    report = ImportReport("a.xml", "x")
    for number in range(5000):
        report.lose(number, "gone", "丢失")
    assert len(report.lost) == 1000
    assert report.missing == 5000
