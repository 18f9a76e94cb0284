import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cuishou.letter import TITLES
from tests.cli.test_commands import THREAT, backup, cuishou, failed_in_one_line

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = next((ROOT / "data" / "samples").glob("*.xml"))
WITHOUT_DOCX = "import sys; sys.modules['docx'] = None; from cuishou.cli import main; main()"


@pytest.fixture
def one_sender(tmp_path):
    return backup(tmp_path / "made.xml", f"【橙帆借】{THREAT}")


def test_backup_without_collection_messages(tmp_path):
    assert "nothing to write about" in failed_in_one_line(cuishou("letter", "stop", backup(tmp_path / "made.xml", "晚饭吃什么")), 2)


@pytest.mark.parametrize("kind", TITLES)
def test_letter_is_shown(kind, one_sender):
    done = cuishou("letter", kind, one_sender)
    assert done.returncode == 0
    assert done.stdout.decode().startswith(TITLES[kind])
    assert "寄出前请看" in done.stderr.decode() and "寄出前请看" not in done.stdout.decode()


@pytest.mark.parametrize("kind", TITLES)
def test_letter_is_written(kind, one_sender, tmp_path):
    done = cuishou("letter", kind, one_sender, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == [
        f"letter-{kind}-橙帆借-notes.txt",
        f"letter-{kind}-橙帆借.docx",
        f"letter-{kind}-橙帆借.txt",
    ]
    assert "寄出前请看" in (tmp_path / "out" / f"letter-{kind}-橙帆借-notes.txt").read_text(encoding="utf-8")
    assert "寄出前请看" not in (tmp_path / "out" / f"letter-{kind}-橙帆借.txt").read_text(encoding="utf-8")


def test_word_file_bears_the_time_of_the_run(one_sender, tmp_path):
    for folder in ("a", "b"):
        cuishou("letter", "stop", one_sender, "-o", tmp_path / folder, "--run-time", "2026-09-01T12:00")
    word = (tmp_path / "a" / "letter-stop-橙帆借.docx").read_bytes()
    assert word == (tmp_path / "b" / "letter-stop-橙帆借.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a" / "letter-stop-橙帆借.docx") as package:
        assert b"2026-09-01T04:00:00Z" in package.read("docProps/core.xml")


def test_letter_cites_the_number_that_the_pack_gives_from_backup_and_from_pack(one_sender, tmp_path):
    pack = tmp_path / "pack.zip"
    assert cuishou("classify", one_sender, "--evidence", pack).returncode == 0
    with zipfile.ZipFile(pack) as archive:
        (record,) = json.loads(archive.read("manifest.json"))["records"]
    for source in (one_sender, pack):
        done = cuishou("letter", "complaint", source)
        assert f"1. 编号{record['number']:04}，" in done.stdout.decode()
        assert "手机短信备份文件：made.xml。" in done.stdout.decode()


def test_backup_that_has_to_be_explained(tmp_path):
    (tmp_path / "a.csv").write_text(f"谁,说了什么\n1069,【橙帆借】{THREAT}\n", encoding="utf-8")
    done = cuishou("letter", "stop", tmp_path / "a.csv", "--format", "table", "--map", "body=说了什么", "--map", "address=谁")
    assert "短信号码：1069" in done.stdout.decode()


def test_folder_that_is_a_file(one_sender, tmp_path):
    (tmp_path / "out").write_text("")
    assert "请换一个目录" in failed_in_one_line(cuishou("letter", "stop", one_sender, "-o", tmp_path / "out"), 3)


def test_draft_that_was_worked_on_is_not_overwritten(one_sender, tmp_path):
    (tmp_path / "letter-stop-橙帆借.docx").write_text("mine", encoding="utf-8")
    assert "there already" in failed_in_one_line(cuishou("letter", "stop", one_sender, "-o", tmp_path), 2)
    assert (tmp_path / "letter-stop-橙帆借.docx").read_text(encoding="utf-8") == "mine"


def without_docx(*arguments, folder=ROOT):
    command = [sys.executable, "-c", WITHOUT_DOCX, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=folder)


def test_missing_extra_names_the_command_and_the_word_file_comes_later(one_sender, tmp_path):
    arguments = ["letter", "stop", one_sender, "-o", tmp_path / "out"]
    for _ in range(2):
        hint = failed_in_one_line(without_docx(*arguments), 0)
        assert "文本已写出" in hint and "install -e '.[letters]'" in hint
    assert f"install -e '{ROOT}[letters]'" in without_docx(*arguments, folder=tmp_path).stderr.decode()
    assert (tmp_path / "out" / "letter-stop-橙帆借.txt").exists()
    assert not (tmp_path / "out" / "letter-stop-橙帆借.docx").exists()
    assert cuishou(*arguments).returncode == 0
    assert (tmp_path / "out" / "letter-stop-橙帆借.docx").exists()
    assert "there already" in failed_in_one_line(cuishou(*arguments), 2)


def test_word_file_is_not_added_to_a_text_that_was_worked_on(one_sender, tmp_path):
    (tmp_path / "letter-stop-橙帆借.txt").write_text("mine", encoding="utf-8")
    assert "there already" in failed_in_one_line(cuishou("letter", "stop", one_sender, "-o", tmp_path), 2)
    assert [path.name for path in tmp_path.glob("letter*")] == ["letter-stop-橙帆借.txt"]


def test_sender_is_chosen_among_several():
    assert "choose one with --sender" in failed_in_one_line(cuishou("letter", "stop", SAMPLE), 2)
    done = cuishou("letter", "stop", SAMPLE, "--sender", "砺川咨询", "--asked-to-stop", "2026-07-01=砺川咨询", "--not-the-debtor")
    text = done.stdout.decode()
    assert "致：砺川咨询" in text
    assert "本人于2026年7月1日要求停止联系" in text
    assert "本人不是短信所称债务的债务人或担保人。" in text


def test_plan_takes_figures(one_sender):
    money = ["--income", "8000", "--outgoing", "房租=2000", "--outgoing", "药＝500", "--owed", "12,000", "--offer", "1000"]
    text = cuishou("letter", "plan", one_sender, *money).stdout.decode()
    assert "结余：8,000元－2,500元＝5,500元。" in text
    assert "共12期：12×1,000元＝12,000元。" in text


def test_night_is_configurable(one_sender):
    text = cuishou("letter", "stop", one_sender, "--night", "00:00-23:59").stdout.decode()
    assert "其中1条的时间在00:00至23:59之间" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["poem"],
        ["stop", "--night", "late"],
        ["stop", "--asked-to-stop", "May"],
        ["stop", "--asked-to-stop", "2026-05-01=nobody"],
        ["plan", "--not-the-debtor"],
        ["stop", "--sender", "nobody"],
        ["stop", "--sender-kind", "shark"],
        ["plan", "--income", "much"],
        ["plan", "--income", "1", "--outgoing", "1500"],
        ["plan", "--outgoing", "房租=1500"],
        ["plan", "--income", "100", "--outgoing", "房租=50", "--offer", "80"],
    ],
)
def test_wrong_use(arguments, one_sender):
    done = cuishou("letter", *arguments, one_sender)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr


def test_unreadable_backup_is_status_3(tmp_path):
    assert "nowhere.xml" in failed_in_one_line(cuishou("letter", "stop", tmp_path / "nowhere.xml"), 3)


def test_lost_records_are_status_4(tmp_path):
    done = cuishou("letter", "stop", backup(tmp_path / "made.xml", f"【橙帆借】{THREAT}", count=3))
    assert done.returncode == 4
    assert re.match("关于", done.stdout.decode())


def test_unreadable_path_among_others_is_named(one_sender, tmp_path):
    done = cuishou("letter", "stop", one_sender, tmp_path / "none.xml")
    assert done.stdout.decode().startswith("关于停止")
    assert done.returncode == 4
    assert "none.xml" in done.stderr.decode().splitlines()[-1]
