import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from cuishou.cases import Ids, Template, clusters, entries, is_many, masked
from cuishou.message import Message
from tests.cli.test_commands import THREAT, backup, cuishou


def form(text: str, *cases: str) -> Template:
    return Template(text, set(cases), Counter({"甲": 1}), Counter({"pressure": 1}), 1)


def case(folder: Path, name: str, *bodies: str) -> Path:
    (folder / name).mkdir(parents=True)
    return backup(folder / name / "a.xml", *bodies)


def test_empty_folder(tmp_path: Path):
    assert (entries(tmp_path), is_many([tmp_path]), is_many([])) == ([], False, False)
    assert clusters([]) == []
    (tmp_path / "in").mkdir()
    done = cuishou("classify", "--cases", tmp_path / "in", "-o", tmp_path / "out", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "0 cases, 0 messages" in done.stdout.decode()


def test_ids_are_the_same_in_every_run_and_tell_copies_apart():
    one, two = Ids(), Ids()
    message, other = Message("还款", "+86 1069"), Message("还款 ", "1069")
    assert one.of(message) == two.of(Message("还款", "1069"))
    first = Ids()
    assert [first.of(message), first.of(message)] == [Ids().of(message), Ids().of(message) + "-2"]
    assert Ids().of(message) != Ids().of(other)


def test_numbers_and_links_do_not_make_a_template_of_their_own():
    assert masked("您欠 3,216.58 元，见 http://a.cn/x1") == masked("您欠 12,9.00 元，见 https://b.cn/yy")


def test_near_duplicates_join():
    pytest.importorskip("rensa")
    text = "【星桥消金】{}先生，您的账单已严重逾期，请于今日内处理，否则将移交律师并上门核实"
    joined = clusters([form(text.format("王"), "a"), form(text.format("欧阳"), "b"), form("您的快递已到，请凭取件码领取", "c")])
    assert sorted(sorted(one.cases) for one in joined) == [["a", "b"], ["c"]]
    assert clusters([form(text.format("王"), "a")])[0].id == form(text.format("王")).id


def test_cases_are_told_apart_and_seen_together(tmp_path: Path):
    folder, out = tmp_path / "in", tmp_path / "out"
    case(folder, "王", THREAT, "您的快递已到")
    case(folder, "李", THREAT, "今天下午开会")
    (folder / "坏.xml").write_text("<calls count='1'></calls>")
    done = cuishou("classify", folder, "-o", out, "--lang", "en")
    assert done.returncode == 4, done.stderr
    found = json.loads((out / "overview.json").read_text("utf-8"))
    assert (found["cases"], found["messages"], found["distinct"], found["unreadable"]) == (3, 4, 3, ["坏.xml"])
    assert found["tags"] == {"other": 2, "reminder": 0, "pressure": 0, "unlawful": 1}
    (template,) = found["templates"]
    assert (template["cases"], template["messages"], template["text"]) == (["李", "王"], 1, THREAT)
    rows = list(csv.reader((out / "cases.csv").read_text("utf-8-sig").splitlines()))
    assert [(row[0], row[1], row[3]) for row in rows[1:]] == [("坏.xml", "0", "0"), ("李", "2", "0"), ("王", "2", "1")]
    lines = (out / "cases/王/messages.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["body"] for line in lines] == [THREAT, "您的快递已到"]


def test_finished_cases_are_not_done_again(tmp_path: Path):
    folder, out = tmp_path / "in", tmp_path / "out"
    case(folder, "a", THREAT)
    changing = case(folder, "b", "好的")
    assert cuishou("classify", folder, "-o", out).returncode == 0
    written = {path: path.stat().st_mtime_ns for path in out.glob("cases/*/messages.jsonl")}
    overview = (out / "overview.json").read_bytes()
    assert cuishou("classify", folder, "-o", out).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in out.glob("cases/*/messages.jsonl")} == written
    assert (out / "overview.json").read_bytes() == overview
    backup(changing, "好的", THREAT)
    (out / "cases/a/case.json").unlink()
    assert cuishou("classify", folder, "-o", out).returncode == 0
    again = {path: path.stat().st_mtime_ns for path in out.glob("cases/*/messages.jsonl")}
    assert all(again[path] != written[path] for path in written)


@pytest.mark.parametrize(
    "arguments", [["--cases", "in"], ["--cases", "in/a/a.xml", "-o", "out"], ["--cases", "in", "-o", "in/out"]]
)
def test_wrong_use(tmp_path: Path, arguments: list[str]):
    case(tmp_path / "in", "a", "好的")
    assert cuishou("classify", "--cases", *arguments, folder=tmp_path).returncode == 2
