import csv
import re
import shutil
import subprocess
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from cuishou.output import files, parquet, table, workbook
from cuishou.output.words import in_order
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
    column = workbook.REPORT_WORDS["zh"]["workbook"] + table.COLUMNS["zh"]
    texts = [row[column.index("内容")] for row in cells(path)[1:]]
    assert texts == [in_order(table.printable(finding.message.body)) for finding in study.case.findings]
    assert hostile.FORMULA in texts
    assert "还款\\u202egpj.exe\\u202c请点" in texts


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
