import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from cuishou.codes import REASONS
from cuishou.labels import read_labels, write_labels
from cuishou.review import sheet
from tests.review.items import THREAT, parcel, threat


def given_out(tmp_path: Path, *items, language: str = "zh") -> list[list[str]]:
    path = tmp_path / "out.xlsx"
    sheet.write(items, path, language)
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def filled(tmp_path: Path, rows: list[list[str]], extra_sheet: bool = False) -> sheet.Reviewed:
    """What is read from a workbook saved anew, by another program, with these rows."""
    return sheet.read(saved(tmp_path / "filled.xlsx", rows, extra_sheet))


def saved(path: Path, rows: list[list[str]], extra_sheet: bool = False) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        if extra_sheet:
            book.add_worksheet("WpsReserved_CellImgList").write_string(0, 0, "x")
        page = book.add_worksheet("a")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(number, column, value)
    return path


def answer(rows: list[list[str]], row: int = 1, **cells: str) -> list[list[str]]:
    headings = sheet.WORDS["zh"]["headings"]
    for field, value in cells.items():
        rows[row][rows[0].index(headings[field])] = value
    return rows


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_given_out_and_nothing_filled_in(tmp_path: Path, language: str):
    rows = given_out(tmp_path, language=language)
    assert len(rows) == 1
    assert filled(tmp_path, rows) == sheet.Reviewed()
    rows = given_out(tmp_path, threat(), parcel(), language=language)
    assert filled(tmp_path, rows) == sheet.Reviewed(unanswered=2)


def test_shows_guess_and_words(tmp_path: Path):
    row = given_out(tmp_path, threat())[1]
    assert row[1:5] == [THREAT, "疑似违法\n暴力或人身财产威胁", "80%", "打断腿😀，小心"]


def test_drop_downs_offer_every_tag_and_code(tmp_path: Path):
    sheet.write([threat(), parcel()], tmp_path / "a.xlsx", "zh")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert page.count("<dataValidation ") == 1 + sheet.CODES + 1
    assert 'sqref="F2:F3"><formula1>lists!$A$1:$A$5' in page
    assert f"lists!$B$1:$B${len(REASONS)}" in page
    lists = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_name("lists").to_python()
    assert [row[0] for row in lists[:5]] == ["同意", "其他", "还款提醒", "施压催收", "疑似违法"]


@pytest.mark.parametrize("extra_sheet", [False, True])
def test_answers_become_labels(tmp_path: Path, extra_sheet: bool):
    rows = given_out(tmp_path, threat(), parcel())
    answer(
        rows,
        1,
        tag="疑似违法",
        code1="INSULT 辱骂、侮辱",
        evidence1="再不还钱",
        code2="THREAT_VIOLENCE",
        evidence2="打断腿",
        note="确定",
    )
    answer(rows, 2, tag="其他")
    rows = [list(reversed(row)) for row in rows]
    found = filled(tmp_path, rows, extra_sheet)
    assert found.problems == []
    first, second = found.labels
    assert (first.text, first.tag, first.reasons, first.evidence, first.note) == (
        THREAT,
        "unlawful",
        ("INSULT", "THREAT_VIOLENCE"),
        ("再不还钱", "打断腿"),
        "确定",
    )
    assert second.text == parcel().text
    write_labels(found.labels, tmp_path / "labels.csv")
    assert [label.text for label in read_labels(tmp_path / "labels.csv")] == [THREAT, parcel().text]


def test_to_agree_takes_the_guess(tmp_path: Path):
    (label,) = filled(tmp_path, answer(given_out(tmp_path, threat()), tag="同意")).labels
    assert (label.tag, label.reasons, label.evidence) == ("unlawful", ("THREAT_VIOLENCE",), ("打断腿😀，小心",))


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"tag": "违法"}, "unknown tag '违法'"),
        ({"tag": "疑似违法"}, "unlawful without a reason code"),
        ({"tag": "疑似违法", "code1": "INSULT", "evidence1": "混蛋"}, "'混蛋' is not in the text"),
        ({"tag": "疑似违法", "code1": "INSULT"}, "1 reason codes but 0 evidence spans"),
        ({"tag": "疑似违法", "evidence1": "打断腿"}, "evidence without a reason"),
        ({"tag": "施压催收", "code1": "INSULT", "evidence1": "打断腿"}, "which would make it unlawful"),
        ({"tag": "同意", "addressee": "邻居"}, "unknown addressee '邻居'"),
        ({"tag": "其他", "text": "另一条短信"}, "the message was changed"),
        ({"tag": "其他", "data": "{}"}, "the last column was changed"),
        (
            {"tag": "其他", "data": '{"text": "' + THREAT + '!", "tag": "other", "reasons": []}', "text": THREAT + "!"},
            "not the one that",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_row(tmp_path: Path, cells: dict[str, str], complaint: str):
    found = filled(tmp_path, answer(given_out(tmp_path, threat()), **cells))
    assert found.labels == []
    assert found.problems[0].startswith("第2行 (") and "row 2" in found.problems[0]
    assert complaint in found.problems[0]


@pytest.mark.parametrize(("said", "addressee"), [("", "debtor"), ("债务人", "debtor"), ("第三人", "third"), ("third", "third")])
def test_addressee_is_said_in_both_languages(tmp_path: Path, said: str, addressee: str):
    rows = answer(given_out(tmp_path, threat(), parcel()), tag="同意", addressee=said)
    (label,) = filled(tmp_path, rows).labels
    assert label.addressee == addressee


@pytest.mark.parametrize(("language", "offered"), [("zh", ["债务人", "第三人"]), ("en", ["debtor", "third"])])
def test_addressees_are_offered_in_the_language_of_the_sheet(tmp_path: Path, language: str, offered: list[str]):
    sheet.write([threat()], tmp_path / "a.xlsx", language)
    lists = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_name("lists").to_python()
    assert [row[2] for row in lists if row[2]] == offered


def test_a_message_answered_twice_is_refused(tmp_path: Path):
    rows = answer(given_out(tmp_path, threat()), tag="同意")
    assert "answered before" in filled(tmp_path, [*rows, rows[1]]).problems[0]


def test_saved_as_csv_in_gb18030(tmp_path: Path):
    import csv

    rows = answer(given_out(tmp_path, threat()), tag="疑似违法", code1="THREAT_VIOLENCE", evidence1="打断腿")
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    (tmp_path / "a.csv").write_bytes(text.getvalue().encode("gb18030"))
    (label,) = sheet.read(tmp_path / "a.csv").labels
    assert (label.text, label.evidence) == (THREAT, ("打断腿",))


def test_not_a_filled_sheet(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "the header row lacks" in sheet.read(tmp_path / "a.csv").problems[0]
