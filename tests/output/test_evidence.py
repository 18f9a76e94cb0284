import hashlib
import json
import random
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from python_calamine import CalamineWorkbook

from cuishou import open_backup
from cuishou.backup import ImportReport
from cuishou.case import Case, Finding, tag_messages
from cuishou.grounds import Grounds
from cuishou.message import CHINA, Earlier, Message, Tagging
from cuishou.output import evidence
from cuishou.output.evidence import contents, pdf
from cuishou.output.report import view
from cuishou.scorer import Scorer, default_model
from cuishou.study import Study
from tests.smses import sms, smses

MADE = datetime(2026, 11, 23, 12, tzinfo=CHINA)
BODIES = ["【某某】请尽快还款", "好的", "=1+1\ud83d"]


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch):
    monkeypatch.setattr(pdf, "browser", lambda: None)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "备份.xml"
    path.write_text(smses(*(sms(body) for body in BODIES[:2])), encoding="utf-8")
    return path


def study(*bodies, **fields):
    tagging = Tagging("pressure", {"pressure": 0.9})
    findings = [Finding(Message(body, source="备份.xml", record=n), tagging, n) for n, body in enumerate(bodies, 1)]
    case = Case(findings, [ImportReport("备份.xml", "x", read=len(bodies))], "made-1", **fields)
    return Study.of(case, Grounds.load())


def written(path, source, *bodies, made=MADE, **fields):
    notes = evidence.write(study(*(bodies or BODIES), **fields), open_backup(source), path, "zh", made, default_model())
    assert any("未附 PDF" in note for note in notes)
    with zipfile.ZipFile(path) as archive:
        assert "未附 PDF" in archive.read("index.html").decode()
        assert "report.pdf" not in archive.namelist()
    return path


@pytest.fixture
def pack(tmp_path, source):
    return written(tmp_path / "pack.zip", source)


def repacked(pack, change, *, comment=True):
    """The pack with its files changed by ``change(name, data)``, which gives None for one to leave out."""
    other = pack.with_name("other.zip")
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        if comment:
            new.comment = old.comment
    return other


def problems(path):
    return [(problem.what, problem.file) for problem in evidence.verify(path).problems]


def test_pack_is_intact_and_complete(pack, source):
    verdict = evidence.verify(pack)
    assert verdict.intact
    assert verdict.sealed
    assert verdict.sha256 == hashlib.sha256(pack.read_bytes()).hexdigest()
    with zipfile.ZipFile(pack) as archive:
        names = archive.namelist()
        assert archive.read(f"source/{source.name}") == source.read_bytes()
        lines = archive.read("messages.jsonl").splitlines()
        manifest = json.loads(archive.read("manifest.json"))
        sums = archive.read("SHA256SUMS").decode().splitlines()
        for line in sums:
            assert hashlib.sha256(archive.read(line[66:])).hexdigest() == line[:64]
    assert names[0] == "index.html"
    assert {line[66:] for line in sums} == set(names) - {"SHA256SUMS"}
    assert [record["sha256"] for record in manifest["records"]] == [hashlib.sha256(line).hexdigest() for line in lines]
    assert [record["number"] for record in manifest["records"]] == [1, 2, 3]
    assert manifest["run_time"] == "2026-11-23T12:00:00+08:00"
    assert manifest["grounds"]["sha256"] == Grounds.load().digest
    assert manifest["sources"][0] == {
        "name": source.name,
        "size": source.stat().st_size,
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "in_pack": True,
    }


def test_same_input_same_bytes(tmp_path, source, pack):
    again = written(tmp_path / "again.zip", source)
    assert again.read_bytes() == pack.read_bytes()
    later = written(tmp_path / "later.zip", source, made=MADE.replace(hour=13))
    assert later.read_bytes() != pack.read_bytes()


def test_whoever_chose_messages_is_told_that_the_source_is_whole(tmp_path, source):
    chosen = study(*BODIES, left_out=4)
    said = "没有列出的 4 条短信也在里面"
    for case, expected in ((chosen, True), (study(*BODIES), False), (study(*BODIES, left_out=4, redacted=True), False)):
        notes = evidence.write(case, open_backup(source), tmp_path / "a.zip", "zh", MADE, default_model())
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            assert (said in archive.read("index.html").decode()) == expected
        assert any(said in note for note in notes) == expected


def test_what_is_left_out_is_counted(tmp_path, source):
    pack = written(tmp_path / "a.zip", source, left_out=4)
    counts = evidence.verify(pack).manifest["counts"]
    assert counts == {"in": 7, "out": 3, "dropped": {"unreadable": 0, "duplicates": 0, "selection": 4}}


def test_cover_says_that_numbers_are_the_same(pack):
    with zipfile.ZipFile(pack) as archive:
        assert "编号，在报告、表格和清单中都相同" in archive.read("index.html").decode()


def test_no_messages(tmp_path, source):
    pack = tmp_path / "a.zip"
    evidence.write(study(), open_backup(source), pack, "en", MADE, default_model())
    assert evidence.verify(pack).intact


def test_pack_is_read_as_the_messages_that_it_was_made_from(tmp_path, source, pack):
    read = list(open_backup(pack))
    assert [message.body for message in read] == BODIES
    assert [message.earlier for message in read] == [Earlier(number, False, "备份.xml") for number in (1, 2, 3)]


def test_numbers_of_a_pack_with_gaps_are_kept(tmp_path, source):
    made = study(*BODIES)
    chosen = replace(made.case, findings=made.case.findings[1:], left_out=1)
    evidence.write(Study.of(chosen, made.grounds), open_backup(source), tmp_path / "a.zip", "zh", MADE, default_model())
    assert [message.earlier.number for message in open_backup(tmp_path / "a.zip")] == [2, 3]
    assert [finding.number for finding in tag_messages(list(open_backup(tmp_path / "a.zip")), Scorer.load(threads=1), 1)] == [2, 3]


def test_report_workbook_manifest_and_lines_number_alike(pack):
    with zipfile.ZipFile(pack) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        lines = [json.loads(line) for line in archive.read("messages.jsonl").splitlines()]
        page = archive.read("report.html").decode()
        (pack.parent / "a.xlsx").write_bytes(archive.read("messages.xlsx"))
    _, *rows = CalamineWorkbook.from_path(pack.parent / "a.xlsx").get_sheet_by_index(0).to_python()
    numbers = [record["number"] for record in manifest["records"]]
    assert [line["number"] for line in lines] == numbers
    assert [int(row[0]) for row in rows] == numbers
    assert re.findall(r'id="a(\d+)"', page) == [f"{number:04}" for number in numbers]


def test_redacted_pack_has_no_source(tmp_path, source):
    pack = written(tmp_path / "a.zip", source, redacted=True)
    assert evidence.verify(pack).intact
    with zipfile.ZipFile(pack) as archive:
        assert not [name for name in archive.namelist() if name.startswith("source")]
        assert source.name not in archive.read("manifest.json").decode().split('"records"')[0]


def test_any_altered_byte_fails(pack):
    """Every byte of the archive's end, where its own lists are, and some hundred others."""
    data = pack.read_bytes()
    chosen = random.Random(1).sample(range(len(data)), 200)
    for place in [*chosen, *range(len(data) - 120, len(data))]:
        other = bytearray(data)
        other[place] ^= 1 << place % 8
        pack.write_bytes(other)
        assert not evidence.verify(pack).intact, place


@pytest.mark.parametrize("name", ["report.html", "messages.xlsx", "messages.jsonl", "import.json", "index.html", "source/备份.xml"])
def test_altered_file_is_named(pack, name):
    other = repacked(pack, lambda entry, data: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:] if entry == name else data)
    assert ("altered", name) in problems(other)
    assert {file for _, file in problems(other)} == {name}


def test_altered_byte_in_the_archive_names_the_file(pack):
    with zipfile.ZipFile(pack) as archive:
        info = archive.getinfo("messages.xlsx")
    data = bytearray(pack.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 4
    pack.write_bytes(data)
    assert {file for _, file in problems(pack)} == {"messages.xlsx"}


def test_altered_message_is_named_by_its_number(pack):
    def change(name, data):
        return data.replace("尽快".encode(), "马上".encode()) if name == "messages.jsonl" else data

    found = evidence.verify(repacked(pack, change)).problems
    assert ("record", "messages.jsonl", "0001") in [(p.what, p.file, p.detail) for p in found]


def test_altered_list_is_told_from_altered_files(pack):
    def change(name, data):
        if name != "SHA256SUMS":
            return data
        at = data.index(b"  messages.xlsx") - 1
        return data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :]

    assert problems(repacked(pack, change)) == [("altered", "SHA256SUMS")]


def test_added_and_missing_files_are_named(pack):
    assert problems(repacked(pack, lambda name, data: None if name == "report.html" else data)) == [("missing", "report.html")]
    assert problems(repacked(pack, lambda name, data: None if name == "SHA256SUMS" else data)) == [("missing", "SHA256SUMS")]
    with zipfile.ZipFile(pack, "a") as archive:
        archive.writestr("more.txt", "x")
    assert problems(pack) == [("added", "more.txt")]


def test_packed_again_is_intact_without_a_seal(pack):
    verdict = evidence.verify(repacked(pack, lambda name, data: data, comment=False))
    assert verdict.intact
    assert verdict.sealed is None


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(100)])
def test_other_files_are_no_packs(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(evidence.NotAPack, match=r"a\.zip"):
        evidence.verify(tmp_path / "a.zip")


def test_other_archives_are_no_packs(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("index.html", "x")
    with pytest.raises(evidence.NotAPack, match=r"a\.zip"):
        evidence.verify(tmp_path / "a.zip")


def test_pack_that_was_cut_off_is_damaged(pack):
    pack.write_bytes(pack.read_bytes()[:-200])
    assert problems(pack) == [("unreadable", pack.name)]


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": "cuishou-evidence-1"}', "[" * 100000])
def test_broken_manifest(pack, manifest):
    other = repacked(pack, lambda name, data: manifest.encode() if name == "manifest.json" else data)
    assert problems(other) == [("altered", "manifest.json")]


def test_folder_with_several_sources_is_kept_whole(tmp_path, source):
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    shutil.copy(source, folder / "sub/a.xml")
    shutil.copy(source, folder / "b.xml")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    pack = written(tmp_path / "a.zip", folder)
    with zipfile.ZipFile(pack) as archive:
        kept = [name for name in archive.namelist() if name.startswith("source/")]
    assert sorted(kept) == ["source/b.xml", "source/sub/a.xml"]
    assert evidence.verify(pack).intact


class Printer:
    """Stands for a browser: keeps the pages that it printed, and fails at those that hold one of ``cannot``."""

    def __init__(self, *cannot):
        self.cannot, self.pages = cannot, []

    def __call__(self, page, path, run_time):
        self.pages.append(page.read_text(encoding="utf-8"))
        if any(word in self.pages[-1] for word in self.cannot):
            raise pdf.NoPdf("pdf_failed")
        path.write_bytes(b"%PDF-")


@pytest.fixture
def printed(tmp_path, source, monkeypatch):
    """A pack made with a printer of one's own: its notes, its cover, and the names of its files."""

    def made(printer, *findings):
        monkeypatch.setattr(pdf, "write", printer)
        case = Case(findings, [ImportReport("备份.xml", "x", read=len(findings))], "made-1")
        pack = tmp_path / "a.zip"
        notes = evidence.write(Study.of(case, Grounds.load()), open_backup(source), pack, "zh", MADE, default_model())
        assert evidence.verify(pack).intact
        with zipfile.ZipFile(pack) as archive:
            return notes, archive.read("index.html").decode(), archive.namelist()

    return made


def mixed(count, grave):
    tags = (
        Tagging("unlawful", {"unlawful": 0.9 + n / 1000}) if n < grave else Tagging("other", {"other": 0.9}) for n in range(count)
    )
    return [Finding(Message(f"第{n}条"), tagging, n) for n, tagging in enumerate(tags, 1)]


def test_large_pack_has_a_pdf_of_what_counts_most(printed, monkeypatch):
    monkeypatch.setattr(contents, "MOST_PRINTED", 5)
    printer = Printer()
    notes, cover, names = printed(printer, *mixed(6, 2))
    (page,) = printer.pages
    assert "report.pdf" in names and "brief.html" not in names
    assert notes == [
        "PDF 只含概要和疑似违法的短信（2 条），全部短信见 messages.xlsx 和 report.html：短信超过两万条，全部印出会有数千页。"
    ]
    assert notes[0] in cover
    assert "短信共 6 条" in page and "编号相同" in page
    assert [f"第{n}条" in page for n in range(1, 7)] == [True] * 2 + [False] * 4
    assert 'id="appendix"' not in page and 'href="#a' not in page


def test_pack_of_usual_size_has_the_whole_report_printed(printed):
    printer = Printer()
    notes, _, names = printed(printer, *mixed(6, 2))
    assert notes == [] and "report.pdf" in names
    assert "第6条" in printer.pages[0]


def test_report_that_a_browser_cannot_print_whole_is_printed_in_brief(printed):
    printer = Printer("第6条")
    notes, cover, names = printed(printer, *mixed(6, 2))
    assert "report.pdf" in names
    assert "浏览器未能完成" in notes[0] and notes[0] in cover


def test_browser_that_prints_nothing_is_said(printed):
    notes, cover, names = printed(Printer("第1条"), *mixed(6, 2))
    assert notes == ["未附 PDF：浏览器未能生成。可用浏览器打开 report.html 打印为 PDF。"]
    assert notes[0] in cover and "report.pdf" not in names


def test_too_many_grave_messages_are_cut_by_certainty(printed, monkeypatch):
    monkeypatch.setattr(contents, "MOST_PRINTED", 5)
    monkeypatch.setattr(view, "MOST_ON_PAPER", 2)
    printer = Printer()
    printed(printer, *mixed(6, 4))
    assert "疑似违法的有 4 条" in printer.pages[0] and "最有把握的 2 条" in printer.pages[0]
    assert [f"第{n}条" in printer.pages[0] for n in range(1, 5)] == [False, False, True, True]


@pytest.mark.skipif(not __import__("shutil").which("chromium"), reason="chromium is not installed")
def test_pdf_is_part_of_the_pack_and_the_same_twice(tmp_path, source, monkeypatch):
    monkeypatch.undo()
    packs = [tmp_path / "a.zip", tmp_path / "b.zip"]
    for pack in packs:
        notes = evidence.write(study(*BODIES), open_backup(source), pack, "zh", MADE, default_model())
        if notes:
            pytest.skip(notes[0])
    with zipfile.ZipFile(packs[0]) as archive:
        assert archive.read("report.pdf").startswith(b"%PDF-")
    assert packs[0].read_bytes() == packs[1].read_bytes()
