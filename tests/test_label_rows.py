"""Labels files as people save them: read right, or refused with the row."""

import datetime
import re
from pathlib import Path

import pytest
import xlsxwriter

from cuishou.labels import LabelError, read_labels

ROWS = [["text", "tag"], ["您好，账单已出，请按时还款", "reminder"], ["取件码8017，请领取快递", "other"]]


def saved(path: Path, rows: list[list[str]] = ROWS, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    path.write_bytes("".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding))
    return path


def sheet(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime.date):
                        page.write_datetime(number, place, cell, date)
                    elif cell is not None:
                        page.write(number, place, cell)
    return path


def refused(path: Path) -> str:
    with pytest.raises(LabelError) as raised:
        read_labels(path)
    return "\n".join(raised.value.problems)


def read(path: Path) -> list[tuple[str, str]]:
    return [(label.text, label.tag) for label in read_labels(path)]


def test_empty_sheet_is_refused(tmp_path: Path):
    assert "text, tag" in refused(sheet(tmp_path / "a.xlsx", ("Sheet1", [])))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str):
    assert read(saved(tmp_path / "a.csv", encoding=encoding)) == [tuple(row) for row in ROWS[1:]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tmp_path: Path, delimiter: str):
    assert read(saved(tmp_path / "a.csv", delimiter=delimiter)) == [tuple(row) for row in ROWS[1:]]


def test_chinese_headings_tags_and_another_order(tmp_path: Path):
    rows = [["备注", "标签", "短信正文"], ["", "还款提醒", "请于25日还款"]]
    assert read(saved(tmp_path / "a.csv", rows, "gb18030")) == [("请于25日还款", "reminder")]


def test_damaged_utf8_is_refused_with_its_line(tmp_path: Path):
    path = saved(tmp_path / "a.csv", [*ROWS, ["请于二十五日以前足额还款，谢谢配合", "reminder"]])
    data = path.read_bytes()
    cut = data.index("足额".encode())
    path.write_bytes(data[:cut] + data[cut + 1 :])
    assert "a.csv, line 4: damaged UTF-8" in refused(path)


def test_other_bytes_are_refused_with_their_line(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text,tag\nabc,other\n\xff\xfe\xff,other\n")
    assert "a.csv, line 3" in refused(path)


def test_comma_in_a_bare_text_is_refused_with_its_row(tmp_path: Path):
    assert "row 3: 3 cells, but the header row has 2" in refused(saved(tmp_path / "a.csv", [*ROWS[:2], ["还款,快", "reminder"]]))


def test_column_that_stands_twice_is_refused(tmp_path: Path):
    assert "the column text stands twice" in refused(saved(tmp_path / "a.csv", [["text", "tag", "正文"], ["a", "other", "b"]]))


def test_separator_that_the_encoding_lost_is_refused_with_the_row(tmp_path: Path):
    rows = [["text", "tag", "reasons", "evidence"], ["你是废物等着曝光", "unlawful", "INSULT PUBLIC_SHAMING", "废物?曝光"]]
    assert re.search("row 2: .*2 reason codes but 1 evidence spans", refused(saved(tmp_path / "a.csv", rows, "gb18030")))


def test_sheets_of_a_workbook(tmp_path: Path):
    note = ["WpsReserved", "说明：此表为标注结果"]
    path = sheet(tmp_path / "a.xlsx", ("说明", [note]), ("标注", [["标注结果"], [], *ROWS]), ("空", []))
    assert read(path) == [tuple(row) for row in ROWS[1:]]
    (label, _) = read_labels(path)
    assert label.source.endswith("a.xlsx, sheet 标注, row 4")
    assert label.id == "a-4"


def test_numbers_where_any_text_will_do(tmp_path: Path):
    (label,) = read_labels(sheet(tmp_path / "a.xlsx", ("S", [["id", "tag", "text"], [17, "other", "好"]])))
    assert label.id == "17"


@pytest.mark.parametrize(
    ("cell", "why"),
    [(17, "a int"), (0.5, "a float"), (datetime.date(2026, 3, 5), "a date"), ("#NAME?", "a formula"), (True, "a bool")],
)
def test_text_that_a_spreadsheet_changed_is_refused_with_its_row(tmp_path: Path, cell: object, why: str):
    problem = refused(sheet(tmp_path / "a.xlsx", ("S", [["text", "tag"], ["好", "other"], [cell, "other"]])))
    assert "row 3" in problem
    assert why in problem


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut short", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"no sheet"])
def test_broken_workbook_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.xlsx").write_bytes(content)
    assert re.search(r"a\.xlsx: .*the spreadsheet", refused(tmp_path / "a.xlsx"))


def test_lock_files_and_notes_in_a_folder_are_passed_over(tmp_path: Path):
    saved(tmp_path / "a.csv")
    (tmp_path / "~$b.xlsx").write_bytes(b"\5root")
    (tmp_path / "notes.txt").write_text("call them")
    sheet(tmp_path / "c.xlsx", ("S", [["text", "tag"], ["好", "other"]]))
    assert len(read_labels(tmp_path)) == 3
