import csv
import errno
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cuishou import open_backup
from cuishou.case import Case, Finding
from cuishou.grounds import Grounds
from cuishou.message import Message
from cuishou.output import files, parquet, table, workbook
from cuishou.output.words import in_order
from cuishou.study import Study
from tests.output import hostile

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def study():
    return hostile.study()


@pytest.fixture(scope="module")
def path(study, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    workbook.write(study, path, "zh", hostile.MADE)
    return path


def cells(path, sheet=0):
    return CalamineWorkbook.from_path(path).get_sheet_by_index(sheet).to_python()


def test_cells_are_the_rows(study, path):
    assert cells(path) == list(workbook.rows(study, "zh"))


def test_every_body_is_a_cell(study, path):
    head, *rows = cells(path)
    texts = [row[head.index("内容")] for row in rows]
    assert texts == [in_order(table.printable(finding.message.body)) for finding in study.case.findings]
    assert hostile.FORMULA in texts
    assert "还款\\u202egpj.exe\\u202c请点" in texts


def test_rows_carry_the_number_of_the_message_and_the_mark_of_an_acquaintance(study, tmp_path):
    findings = [replace(finding, familiar=finding.number % 2 == 0) for finding in study.case.findings]
    workbook.write(Study.of(replace(study.case, findings=findings), study.grounds), tmp_path / "a.xlsx", "zh", hostile.MADE)
    head, *rows = cells(tmp_path / "a.xlsx")
    assert [row[head.index("编号")] for row in rows] == [finding.label for finding in findings]
    assert [row[head.index("平时往来")] for row in rows] == ["是" if finding.familiar else "" for finding in findings]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbook_is_read_back_with_the_numbers_that_messages_came_from(language, tmp_path):
    finding = Finding(Message("【橙帆借】请还款", "1069"), hostile.tagging("reminder", ""), 17)
    made = Study.of(Case([finding], [], "made-1"), Grounds.load())
    workbook.write(made, tmp_path / "a.xlsx", language, hostile.MADE)
    assert {message.address for message in open_backup(tmp_path / "a.xlsx")} == {"1069"}


def test_disk_that_is_full_is_an_error_of_the_system(study):
    with pytest.raises(OSError, match="No space"):
        workbook.write(study, Path("/dev/full"), "zh", hostile.MADE)


def test_nothing_runs_and_no_link_is_live(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = "".join(
            archive.read(name).decode() for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets.replace(hostile.FORMULA[1:10], "").lower().replace("=hyperlink(", "")
    assert not [name for name in names if "externalLink" in name or "_rels/sheet" in name]
    assert 't="n"' not in sheets
    assert "<autoFilter" in sheets
    assert 'state="frozen"' in sheets


def test_long_text_is_cut_with_a_word():
    shown = workbook._shown("😀" * 20000, "...{length}")
    assert shown.endswith("😀...20000")
    assert len(shown.encode("utf-16-le")) // 2 <= workbook.LONGEST


def test_limits_are_said(study, path):
    text = "\n".join(str(row[0]) for row in cells(path, 1))
    assert study.grounds.notice["zh"]["debt"] in text
    assert "2026-11-23" in text


def test_same_input_same_bytes(study, path, tmp_path):
    workbook.write(study, tmp_path / "b.xlsx", "zh", hostile.MADE)
    assert (tmp_path / "b.xlsx").read_bytes() == path.read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_libreoffice_reads_the_same_cells(study, path, tmp_path, kind):
    source = tmp_path / f"in.{kind}"
    if kind == "xlsx":
        shutil.copy(path, source)
        expected = list(workbook.rows(study, "zh"))
    else:
        table.write(study.case.findings, source, "zh")
        expected = [table.COLUMNS["zh"], *([table.cell(v) for v in table.row(f, "zh")] for f in study.case.findings)]
    command = [OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to"]
    options = ["csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,1", "--outdir", tmp_path / "out"]
    into = ["--infilter=CSV:44,34,76,1,,0,true,false"] if kind == "csv" else []
    subprocess.run([*command, options[0], *into, *map(str, options[1:]), str(source)], check=True, capture_output=True, timeout=180)
    (written,) = (tmp_path / "out").glob("*.csv")
    with written.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert [_as_shown(row) for row in found] == [_as_shown(row) for row in expected]


def _as_shown(row):
    """Line ends are the program's own, and from a CSV it takes 0.70 for a number, 0.7."""
    lines = [value.replace("\r\n", "\n").replace("\r", "\n") for value in row]
    return [re.sub(r"^(0\.\d*?)0+$", r"\1", value) for value in lines]


def test_parquet_holds_everything(study, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    parquet.write(study.case.findings, tmp_path / "a.parquet")
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert [row["number"] for row in rows] == [finding.number for finding in study.case.findings]
    assert rows[0]["body"] == hostile.SCRIPT
    assert rows[0]["reasons"][0]["code"] == "INSULT"
    assert rows[0]["received_at"] == study.case.findings[0].message.received_at.at
    assert rows[0]["spans"][0]["end"] == 4
    assert rows[-1]["tag"] is None
    parquet.write([Finding(Message("好"), None, 17, mark) for mark in (None, False, True)], tmp_path / "c.parquet")
    assert [row["familiar"] for row in pq.read_table(tmp_path / "c.parquet").to_pylist()] == [None, False, True]
    parquet.write([], tmp_path / "b.parquet")
    assert pq.read_table(tmp_path / "b.parquet").num_rows == 0


def test_parquet_that_is_not_installed_says_how(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(parquet.ParquetUnavailable, match=r"pip install 'cuishou\[parquet\]'"):
        parquet.write([], tmp_path / "a.parquet")


def test_all_files_are_written(study, tmp_path):
    written = files.write(study, tmp_path / "out", "en", hostile.MADE)
    assert [path.name for path in written] == ["report.html", "messages.xlsx", "messages.csv", "messages.jsonl", "import.json"]
    assert all(path.stat().st_size for path in written)
    assert sorted((tmp_path / "out").iterdir()) == sorted(written)


def test_files_from_before_stay_when_one_cannot_be_written(study, tmp_path, monkeypatch):
    before = files.write(study, tmp_path, "en", hostile.MADE)
    kept = [path.read_bytes() for path in before]

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.jsonl, "write", full)
    with pytest.raises(OSError, match="No space") as failed:
        files.write(study, tmp_path, "zh", hostile.MADE)
    assert failed.value.filename == str(tmp_path / "messages.jsonl")
    assert [path.read_bytes() for path in before] == kept
    assert sorted(tmp_path.iterdir()) == sorted(before)
