import json
from pathlib import Path

import pytest
import typer
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from cuishou.cli import app
from cuishou.labels import read_labels
from cuishou.review import sheet
from tests.cli.test_commands import backup, cuishou, failed_in_one_line
from tests.review.test_sheet import answer, saved

CALLS = "王建国先生您好，您在橙帆借的欠款今天再不处理，我们外访人员13912345678明早到您单位"
PARCEL = "您的快递已经送到东门驿站，请尽快领取"


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    return backup(tmp_path / "sms.xml", CALLS, PARCEL, CALLS)


def test_a_backup_without_messages(tmp_path: Path):
    done = cuishou("review", backup(tmp_path / "a.xml"), "-o", tmp_path / "review.xlsx")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("0 -> ")


def test_out_and_back(messages: Path, tmp_path: Path):
    done = cuishou("review", messages, "-o", tmp_path / "review.xlsx", "--lang", "zh", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith("2 -> ")
    assert b"no corpus" in done.stderr
    rows = CalamineWorkbook.from_path(str(tmp_path / "review.xlsx")).get_sheet_by_index(0).to_python()
    row = next(number for number, row in enumerate(rows) if CALLS in row)
    filled = saved(tmp_path / "filled.xlsx", answer(rows, row, tag="施压催收"))
    done = cuishou("review", "--apply", filled, "-o", tmp_path / "labels.csv")
    assert done.stdout.decode().startswith("1 labels -> ")
    assert "1 messages without an answer" in done.stdout.decode()
    (label,) = read_labels(tmp_path / "labels.csv")
    assert (label.text, label.tag) == (CALLS, "pressure")


def test_what_does_not_fit_writes_nothing(messages: Path, tmp_path: Path):
    cuishou("review", messages, "-o", tmp_path / "review.xlsx", "--lang", "zh")
    rows = CalamineWorkbook.from_path(str(tmp_path / "review.xlsx")).get_sheet_by_index(0).to_python()
    filled = saved(tmp_path / "filled.xlsx", answer(rows, 2, tag="违法"))
    assert "row 3: unknown tag" in failed_in_one_line(cuishou("review", "--apply", filled, "-o", tmp_path / "labels.csv"), 3)
    assert not (tmp_path / "labels.csv").exists()


def test_nothing_is_written_over(messages: Path, tmp_path: Path):
    (tmp_path / "review.xlsx").write_text("hours of work")
    assert "somebody's work" in failed_in_one_line(cuishou("review", messages, "-o", tmp_path / "review.xlsx"), 2)
    assert (tmp_path / "review.xlsx").read_text() == "hours of work"


def test_stand_ins_for_others_to_label(messages: Path, tmp_path: Path):
    cuishou("review", messages, "-o", tmp_path / "a.json", "--as", "label-studio", "--redact", "--lang", "zh")
    texts = [task["data"]["text"] for task in json.loads((tmp_path / "a.json").read_text())]
    assert not any("王建国" in text or "13912345678" in text for text in texts)
    assert any("〔姓名1〕" in text for text in texts)
    assert "<Choices" in (tmp_path / "a.xml").read_text()


@pytest.mark.parametrize("form", ["doccano", "argilla"])
def test_forms_for_other_programs(form: str, messages: Path, tmp_path: Path):
    assert cuishou("review", messages, "-o", tmp_path / "a.json", "--as", form).returncode == 0
    done = cuishou("review", "--apply", tmp_path / "a.json", "-o", tmp_path / "labels.csv")
    assert "0 labels" in done.stdout.decode()


def test_wrong_use(messages: Path, tmp_path: Path):
    assert cuishou("review", messages).returncode == 2
    assert cuishou("review", messages, "-o", tmp_path / "a.json", "--as", "prodigy").returncode == 2
    failed_in_one_line(cuishou("review", messages, "-o", tmp_path / "labels.csv"), 2)
    failed_in_one_line(cuishou("review", messages, "-o", tmp_path / "labels.xlsx", "--keys"), 2)
    failed_in_one_line(cuishou("review", "--apply", tmp_path / "none.json", "-o", tmp_path / "labels.csv"), 3)
    (tmp_path / "a.json").write_text("hello")
    failed_in_one_line(cuishou("review", "--apply", tmp_path / "a.json", "-o", tmp_path / "labels.csv"), 3)


def test_keys_go_on_where_they_stopped(messages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def press(keys: str) -> str:
        pressed = iter(keys)
        monkeypatch.setattr(typer, "getchar", lambda: next(pressed))
        done = CliRunner().invoke(app, ["review", str(messages), "-o", str(tmp_path / "labels.csv"), "--keys", "--lang", "zh"])
        assert done.exit_code == 0, done.output
        return done.output

    assert "[1/2]" in press("pq")
    assert "[1/1]" in press("bo")
    assert sorted(label.tag for label in read_labels(tmp_path / "labels.csv")) == ["other", "pressure"]
    assert "[1" not in press("")


def test_headings_in_both_languages_are_read():
    zh, en = (set(sheet.WORDS[language]["headings"]) for language in ("zh", "en"))
    assert zh == en
