import json
import re
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
    assert done.stdout.decode().startswith("挑出 0 条 (0 messages) -> ")


def test_out_and_back(messages: Path, tmp_path: Path):
    done = cuishou("review", messages, "-o", tmp_path / "review.xlsx", "--lang", "zh", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith("挑出 2 条 (2 messages) -> ")
    assert b"no corpus" in done.stderr
    rows = CalamineWorkbook.from_path(str(tmp_path / "review.xlsx")).get_sheet_by_index(0).to_python()
    row = next(number for number, row in enumerate(rows) if CALLS in row)
    filled = saved(tmp_path / "filled.xlsx", answer(rows, row, tag="施压催收"))
    done = cuishou("review", "--apply", filled, "-o", tmp_path / "labels.csv")
    assert done.stdout.decode().startswith("写出 1 个标签 (1 labels) -> ")
    assert "1 messages without an answer" in done.stdout.decode()
    (label,) = read_labels(tmp_path / "labels.csv")
    assert (label.text, label.tag) == (CALLS, "pressure")


def test_what_does_not_fit_writes_nothing(messages: Path, tmp_path: Path):
    cuishou("review", messages, "-o", tmp_path / "review.xlsx", "--lang", "zh")
    rows = CalamineWorkbook.from_path(str(tmp_path / "review.xlsx")).get_sheet_by_index(0).to_python()
    filled = saved(tmp_path / "filled.xlsx", answer(answer(rows, 1, tag="疑似违法"), 2, tag="违法"))
    done = cuishou("review", "--apply", filled, "-o", tmp_path / "labels.csv")
    head, first, second = done.stderr.decode().splitlines()
    assert done.returncode == 3
    assert head.startswith("cuishou: 有 2 处不合适，全部列在下面；什么都没有写出，请改好后再运行一次 (2 problems")
    assert first.startswith("第2行 (") and "至少要有一个使它违法的原因" in first
    assert second.startswith("第3行 (") and "没有“违法”这种标签" in second and "unknown tag '违法'" in second
    assert not (tmp_path / "labels.csv").exists()


def test_a_sheet_that_nobody_filled_in_writes_nothing(messages: Path, tmp_path: Path):
    cuishou("review", messages, "-o", tmp_path / "review.xlsx")
    done = cuishou("review", "--apply", tmp_path / "review.xlsx", "-o", tmp_path / "labels.csv")
    assert done.returncode == 3
    assert "2 条都还没有填，什么都没有写出" in done.stderr.decode()
    assert not (tmp_path / "labels.csv").exists()


def test_every_problem_is_listed(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x", "cats": ["spam"]}\n' * 30, encoding="utf-8")
    done = cuishou("review", "--apply", path, "-o", tmp_path / "labels.csv")
    assert done.stderr.decode().count("unknown tag 'spam'") == 30
    assert "... and" not in done.stderr.decode()


def test_place_that_cannot_be_written_is_told_in_chinese_first(messages: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "请换一个目录" in failed_in_one_line(
        cuishou("review", messages, "-o", tmp_path / "file" / "a.json", "--as", "doccano"), 3
    )


def test_messages_are_in_chinese_first(messages: Path, tmp_path: Path):
    (tmp_path / "review.xlsx").write_text("x")
    (tmp_path / "a.json").write_text("hello")
    for arguments in (
        [messages, "-o", tmp_path / "review.xlsx"],
        [messages, "-o", tmp_path / "labels.csv"],
        ["--apply", tmp_path / "a.json", "-o", tmp_path / "labels.csv"],
        ["--apply", tmp_path / "none.json", "-o", tmp_path / "labels.csv"],
    ):
        said = cuishou("review", *arguments).stderr.decode().replace(str(tmp_path), "")
        assert re.match(r"cuishou: (/[\w.]+: )?[一-鿿标]", said), said


def test_nothing_is_written_over(messages: Path, tmp_path: Path):
    (tmp_path / "review.xlsx").write_text("hours of work")
    assert "somebody's work" in failed_in_one_line(cuishou("review", messages, "-o", tmp_path / "review.xlsx"), 2)
    assert (tmp_path / "review.xlsx").read_text() == "hours of work"


def test_stand_ins_for_others_to_label(messages: Path, tmp_path: Path):
    said = cuishou("review", messages, "-o", tmp_path / "a.json", "--as", "label-studio", "--redact", "--lang", "zh")
    assert "姓名 1 个" in said.stdout.decode()
    texts = [task["data"]["text"] for task in json.loads((tmp_path / "a.json").read_text())]
    assert not any("王建国" in text or "13912345678" in text for text in texts)
    assert any("〔姓名1〕" in text for text in texts)
    assert "<Choices" in (tmp_path / "a.xml").read_text()


@pytest.mark.parametrize("form", ["doccano", "argilla"])
def test_forms_for_other_programs(form: str, messages: Path, tmp_path: Path):
    assert cuishou("review", messages, "-o", tmp_path / "a.json", "--as", form).returncode == 0
    done = cuishou("review", "--apply", tmp_path / "a.json", "-o", tmp_path / "labels.csv")
    assert "2 条都还没有填" in done.stderr.decode()


def test_a_place_that_is_not_there(messages: Path, tmp_path: Path):
    assert "no such place" in failed_in_one_line(cuishou("review", messages, "-o", tmp_path / "none" / "review.xlsx"), 3)


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
