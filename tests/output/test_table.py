import csv
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.case import Finding
from cuishou.message import Instant, Message, Reason, Span, Tagging
from cuishou.output import table

AT = datetime(2024, 1, 2, 3, 4, 5, 6000, tzinfo=timezone.utc)
TAGGING = Tagging(
    "unlawful",
    {"other": 0.1, "reminder": 0.1, "pressure": 0.07, "unlawful": 0.73},
    (Reason("INSULT", 0.9), Reason("FROM_A_NEWER_MODEL", 0.6)),
    (Span(0, 2, "INSULT", 0.5), Span(3, 5, "unlawful", 0.5), Span(6, 8, "INSULT", 0.1)),
    needs_review=True,
)
ANY = st.text(st.characters(exclude_categories=()))


@pytest.fixture
def rows(tmp_path):
    def written(*findings, **options):
        path = tmp_path / "a.csv"
        table.write(findings, path, **options)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    return written


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_a_heading(rows, language):
    assert rows(language=language) == [table.COLUMNS[language]]


def test_languages_have_the_same_columns():
    assert len(table.COLUMNS["zh"]) == len(table.COLUMNS["en"])


def test_row_in_chinese(rows):
    message = Message("废物，还钱 废物", "1069", "in", Instant(AT, "millisecond"), None, "张三", source="a.xml", record=4)
    _, row = rows(Finding(message, TAGGING, 17, True))
    assert row == [
        "17",
        "a.xml",
        "4",
        "收",
        "2024-01-02 11:04:05",
        "1069",
        "张三",
        "是",
        "疑似违法",
        "0.73",
        "是",
        "辱骂、侮辱；FROM_A_NEWER_MODEL",
        "废物 / 还钱",
        "废物，还钱 废物",
    ]


def test_row_in_english(rows):
    message = Message("废物，还钱 废物", sent_at=Instant(AT, "second"))
    _, row = rows(Finding(message, TAGGING), language="en")
    assert row[3:5] == ["in", "2024-01-02 11:04:05"]
    assert row[7:12] == ["", "possibly unlawful", "0.73", "yes", "insult; FROM_A_NEWER_MODEL"]


def test_own_message_has_no_tag(rows):
    _, row = rows(Finding(Message("好的", direction="out"), None))
    assert row == ["0", "", "0", "发", *[""] * 9, "好的"]


@pytest.mark.parametrize("value", ["", "你好", "1+1", " 早", "'=1", "a\nb", "95550"])
def test_harmless_cell_is_not_changed(value):
    assert table.cell(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+86 1",
        "-1",
        "@SUM(A1)",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
        "\u3000=1",
        "\u200b=1",
        "\ufeff=1",
    ],
)
def test_formula_is_shown_as_text(value):
    assert table.cell(value) == "'" + value


@pytest.mark.parametrize("broken", ["\x00", "\x1b", "\x7f", "\ud83d"])
def test_unprintable_is_replaced(broken):
    assert table.cell(f"前{broken}后") == "前\ufffd后"


@given(ANY | st.text("=+-@＝＋－＠\t\r\n \u200b\ufeff\x00'甲"))
def test_no_cell_begins_with_a_formula(value):
    shown = table.cell(value)
    assert shown.lstrip(" \n\u3000\u200b\ufeff")[:1] not in [*"=+-@＝＋－＠\t\r"]
    assert len(shown) - len(value) in (0, 1)
    shown.encode()


@given(ANY, ANY, ANY)
def test_file_reads_back_as_its_cells(tmp_path_factory, body, address, contact):
    path = tmp_path_factory.mktemp("out") / "a.csv"
    table.write([Finding(Message(body, address, contact=contact), None)], path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file)
    assert (row[5], row[6], row[13]) == (table.cell(address), table.cell(contact), table.cell(body))
