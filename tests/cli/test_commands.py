import csv
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

#: Lets coverage follow into the processes started here.
COVERAGE = {name: value for name, value in os.environ.items() if name.startswith("COV")}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
THREAT = "今晚还看不到钱，就让你全家都别想好过，出门小心腿"


def cuishou(*arguments: str | Path, feed: str = "", lang: str = "en_US.UTF-8", folder: Path | None = None):
    return subprocess.run(
        [sys.executable, "-c", "from cuishou.cli import main; main()", *map(str, arguments)],
        input=feed.encode("utf-8", "surrogatepass"),
        capture_output=True,
        cwd=folder,
        env={"PATH": "", "LANG": lang, "PYTHONUTF8": "1", "COLUMNS": "160", "HOME": "/nonexistent", **COVERAGE},
        check=False,
        timeout=60,
    )


def backup(path: Path, *bodies: str, count: int | None = None, kind: int = 1) -> Path:
    from xml.sax.saxutils import quoteattr

    rows = "".join(
        f'<sms address="10690000{n}" date="17800000{n:02}000" type="{kind}" body={quoteattr(b)} />\n' for n, b in enumerate(bodies)
    )
    path.write_text(f'{HEAD}<smses count="{len(bodies) if count is None else count}">\n{rows}</smses>', encoding="utf-8")
    return path


def failed_in_one_line(done, status: int) -> str:
    message = done.stderr.decode()
    assert done.returncode == status
    assert "Traceback" not in message
    assert message.startswith("cuishou: ")
    assert message.count("\n") == 1
    return message


def test_no_command_shows_help():
    done = cuishou()
    assert b"classify" in done.stdout + done.stderr
    assert done.returncode in (0, 2)


@pytest.mark.parametrize("command", ["classify", "tag", "letter", "evaluate", "review", "train"])
def test_every_command_has_help(command: str):
    done = cuishou(command, "--help")
    assert done.returncode == 0
    assert b"Usage" in done.stdout


def test_wrong_use_is_status_2():
    assert cuishou("classify").returncode == 2
    assert cuishou("tag", "x", "--jsonl").returncode == 2
    assert cuishou("tag", "x", "--lang", "fr").returncode == 2


def test_backup_without_messages(tmp_path: Path):
    done = cuishou("classify", backup(tmp_path / "a.xml"))
    assert done.returncode == 0
    assert "holds no messages" in done.stdout.decode()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"hello", "not a backup"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"<calls count='1'></calls>", "a backup of calls"),
    ],
)
def test_file_that_is_no_backup(tmp_path: Path, content: bytes, complaint: str):
    (tmp_path / "a.xml").write_bytes(content)
    assert complaint in failed_in_one_line(cuishou("classify", tmp_path / "a.xml"), 3)


def test_missing_file(tmp_path: Path):
    failed_in_one_line(cuishou("classify", tmp_path / "none.xml"), 3)


def test_document_type_is_refused(tmp_path: Path):
    (tmp_path / "a.xml").write_text('<smses count="1"><!DOCTYPE x></smses>')
    assert cuishou("classify", tmp_path / "a.xml").returncode in (3, 4)
    (tmp_path / "b.xml").write_text('<?xml version="1.0"?><!DOCTYPE smses [<!ENTITY a "b">]><smses count="1"></smses>')
    failed_in_one_line(cuishou("classify", tmp_path / "b.xml"), 3)


def test_classify_writes_both_tables(tmp_path: Path):
    bodies = [THREAT, "=1+1", "您的快递已到，取件码3-2-8017", "", "长" * 5000, "<b>\x1b[31m</b>&"]
    bodies[5] = "<b>红</b>&"
    done = cuishou("classify", backup(tmp_path / "a.xml", *bodies), "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in (tmp_path / "out/messages.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [record["body"] for record in records] == bodies
    assert records[0]["tag"] == "unlawful"
    assert records[2]["tag"] == "other"
    with (tmp_path / "out/messages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[-1] for row in rows[1:]] == [THREAT, "'=1+1", *bodies[2:]]


def test_what_the_owner_sent_is_kept_without_a_tag(tmp_path: Path):
    cuishou("classify", backup(tmp_path / "a.xml", "请不要再发了", kind=2), "-o", tmp_path / "out")
    (record,) = map(json.loads, (tmp_path / "out/messages.jsonl").read_text(encoding="utf-8").splitlines())
    assert (record["direction"], record["tag"]) == ("out", None)


def test_lost_records_are_status_4_and_counted(tmp_path: Path):
    path = backup(tmp_path / "a.xml", "好的", count=3)
    done = cuishou("classify", path)
    assert done.returncode == 4
    assert "at least 2 records" in done.stdout.decode()
    path.write_bytes(path.read_bytes()[:-30])
    done = cuishou("classify", path)
    assert done.returncode == 4
    assert "at byte" in done.stdout.decode()


def test_output_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "out").write_text("a file")
    said = failed_in_one_line(cuishou("classify", backup(tmp_path / "a.xml", "好的"), "-o", tmp_path / "out"), 3)
    assert "请换一个目录" in said and "choose another folder" in said
    said = failed_in_one_line(cuishou("classify", tmp_path / "a.xml", "--evidence", tmp_path), 3)
    assert "请写出文件的名称" in said
    (tmp_path / "b" / "messages.csv").mkdir(parents=True)
    said = failed_in_one_line(cuishou("classify", tmp_path / "a.xml", "-o", tmp_path / "b"), 3)
    assert str(tmp_path / "b" / "messages.csv") in said and ".cuishou-" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_disk(tmp_path: Path):
    """A device that is always full stands in for the temporary files that every output is written to first."""
    script = (
        "import pathlib; from cuishou.output import files; "
        "files.jsonl.write = lambda findings, path: pathlib.Path('/dev/full').write_text('x'); "
        "from cuishou.cli import main; main()"
    )
    for option, file in (("-o", "out/messages.jsonl"), ("--evidence", "pack.zip")):
        given = [backup(tmp_path / "a.xml", "好的"), option, tmp_path / file.partition("/")[0]]
        command = [sys.executable, "-c", script, "classify", *map(str, given)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        said = failed_in_one_line(done, 3)
        assert f"{tmp_path / file}: 磁盘已满" in said and "腾出空间" in said
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.xml"]
    assert list((tmp_path / "out").iterdir()) == []


def test_mark_of_an_acquaintance_and_number_come_back(tmp_path: Path):
    """What is left of an import by a choice is read again: the relative stays one, and every message keeps its number."""
    rows = [("早", 1), ("吃饭没", 1), ("到家了", 1), ("好", 2), (THREAT, 1)]
    body = "".join(
        f'<sms address="13900000001" date="1780000000{n:03}" type="{kind}" body="{text}" />' for n, (text, kind) in enumerate(rows)
    )
    (tmp_path / "a.xml").write_text(f'{HEAD}<smses count="5">{body}</smses>', encoding="utf-8")
    for source, out in (("a.xml", "one"), ("one/messages.jsonl", "two")):
        done = cuishou("classify", tmp_path / source, "-o", tmp_path / out, "--tag", "unlawful")
        (record,) = map(json.loads, (tmp_path / out / "messages.jsonl").read_text(encoding="utf-8").splitlines())
        assert (record["number"], record["familiar"], record["address"]) == (5, True, "13900000001"), done.stderr


def test_language_follows_the_locale_and_can_be_chosen(tmp_path: Path):
    path = backup(tmp_path / "a.xml", "好的")
    assert "共读出 1 条" in cuishou("classify", path, lang="zh_CN.UTF-8").stdout.decode()
    assert "1 messages read" in cuishou("classify", path, "--lang", "en", lang="zh_CN.UTF-8").stdout.decode()
    assert "1 messages read" in cuishou("classify", path, lang="C").stdout.decode()


def test_terminal_gets_no_escape_from_a_message(tmp_path: Path):
    path = backup(tmp_path / "a.xml", THREAT + "\u202e\u009b31m")
    assert not {"\x1b", "\u202e", "\u009b"} & set(cuishou("classify", path).stdout.decode())


def test_tag_one_text():
    done = cuishou("tag", THREAT)
    assert done.returncode == 0
    assert "unlawful" in done.stdout.decode()
    assert "other" in cuishou("tag", feed="您的快递已到，取件码3-2-8017").stdout.decode()
    assert cuishou("tag", "").returncode == 0


def test_stream_keeps_order_and_other_keys():
    records = [{"text": THREAT, "id": 7, "x": {"y": [1]}}, {"id": "b", "text": ""}, {"text": "半\ud83d个", "n": None}]
    feed = "".join(json.dumps(record) + "\n" for record in records) + "\n"
    done = cuishou("tag", "--jsonl", feed=feed)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    added = {"tag", "probabilities", "reasons", "spans", "needs_review"}
    assert [{key: value for key, value in answer.items() if key not in added} for answer in answers] == records
    assert all(added <= answer.keys() for answer in answers)


def test_empty_stream():
    done = cuishou("tag", "--jsonl")
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("line", ["not json", "[1]", '{"body": "x"}', '{"text": 1}', "[" * 100_000, "\udc80"])
def test_stream_goes_on_behind_a_bad_line_and_says_where(line: str):
    done = cuishou("tag", "--jsonl", feed='{"text": "好"}\n' + line + '\n{"text": "坏", "n": 3}\n')
    assert done.returncode == 4
    where, count = done.stderr.decode().splitlines()
    assert where.startswith("cuishou: standard input, line 2: ") and len(where) < 200
    assert count.startswith("cuishou: 1 lines")
    assert [json.loads(answer)["text"] for answer in done.stdout.decode().splitlines()] == ["好", "坏"]


def test_stream_keeps_fields_that_are_called_as_ours():
    record = {"tag": "gold", "text": "您的快递已到", "spans": [1]}
    answer = json.loads(cuishou("tag", "--jsonl", feed=json.dumps(record)).stdout)
    assert list(answer)[:3] == ["input_tag", "text", "input_spans"]
    assert (answer["input_tag"], answer["input_spans"], answer["tag"]) == ("gold", [1], "other")


def test_one_unreadable_path_among_several_is_named(tmp_path: Path):
    good, bad = backup(tmp_path / "a.xml", "好的"), tmp_path / "none.xml"
    done = cuishou("classify", bad, good, "-o", tmp_path / "out")
    assert (done.returncode, "1 messages read" in done.stdout.decode()) == (4, True)
    assert "none.xml: 没有这个文件 (No such file" in done.stdout.decode()
    assert "none.xml" in json.loads((tmp_path / "out/import.json").read_text(encoding="utf-8"))["not_read"][0]
    assert cuishou("classify", bad, tmp_path / "other.xml").returncode == 3


def test_whoever_wrote_files_is_not_told_to(tmp_path: Path):
    path = backup(tmp_path / "a.xml", *[f"{THREAT}{n}" for n in range(12)])
    assert "-o DIR writes them all" in cuishou("classify", path).stdout.decode()
    told = cuishou("classify", path, "-o", tmp_path / "out").stdout.decode()
    assert "-o DIR" not in told and "they are in the files written" in told


def test_evaluate_prints_json(tmp_path: Path):
    (tmp_path / "a.csv").write_text(f"text,tag,reasons,evidence\n您的快递已到,other,,\n{THREAT},unlawful,THREAT_VIOLENCE,小心腿\n")
    done = cuishou("evaluate", tmp_path / "a.csv", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["messages"] == 2
    assert result["tags"]["other"]["true"] == 1
    assert "macro-F1" in cuishou("evaluate", tmp_path / "a.csv").stdout.decode()


def test_evaluate_refuses_a_bad_row(tmp_path: Path):
    (tmp_path / "a.csv").write_text("text,tag\n您的快递已到,parcel\n")
    said = failed_in_one_line(cuishou("evaluate", tmp_path / "a.csv"), 3)
    assert "row 2: 没有“parcel”这种标签" in said
    assert "unknown tag 'parcel'" in said


def test_model_that_cannot_be_used(tmp_path: Path):
    failed_in_one_line(cuishou("tag", "好", "--model", tmp_path / "none.onnx"), 3)


def test_options_for_reading(tmp_path: Path):
    table = tmp_path / "a.csv"
    table.write_text("列一,列二\n还款,2026-03-01 21:00\n", encoding="utf-8")
    done = cuishou("classify", table, "--format", "table", "--map", "body=列一", "--map", "date=列二", "--tz", "-5", "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    (record,) = map(json.loads, (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines())
    assert (record["body"], record["received_at"]) == ("还款", "2026-03-02T02:00+00:00")
    kept = json.loads((tmp_path / "import.json").read_text(encoding="utf-8"))
    assert kept["files"][0]["format"] == "CSV table"


@pytest.mark.parametrize("wrong", [("--map", "body"), ("--map", "nonsense=x"), ("--tz", "Nowhere/None"), ("--tz", "+99")])
def test_wrong_options_for_reading(tmp_path: Path, wrong: tuple[str, str]):
    assert cuishou("classify", backup(tmp_path / "a.xml", "好的"), *wrong).returncode == 2


def test_unknown_format_is_named(tmp_path: Path):
    assert "sbr, super-backup" in failed_in_one_line(cuishou("classify", backup(tmp_path / "a.xml", "好的"), "--format", "x"), 3)


def test_standard_input(tmp_path: Path):
    done = cuishou("classify", "-", "-o", tmp_path, feed=backup(tmp_path / "a.xml", THREAT).read_text(encoding="utf-8"))
    assert done.returncode == 0, done.stderr
    (record,) = map(json.loads, (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines())
    assert record["body"] == THREAT


def test_own_output_reads_back(tmp_path: Path):
    path = backup(tmp_path / "a.xml", THREAT, "=1+1", "a\nb😀")
    cuishou("classify", path, "-o", tmp_path / "one")
    cuishou("classify", tmp_path / "one/messages.jsonl", "-o", tmp_path / "two")
    one, two = (
        [
            json.loads(line) | {"source": "", "record": 0}
            for line in (tmp_path / name / "messages.jsonl").read_text("utf-8").splitlines()
        ]
        for name in ("one", "two")
    )
    assert one == two


def test_report_and_tables_are_written_and_named(tmp_path: Path):
    done = cuishou("classify", backup(tmp_path / "a.xml", THREAT), "-o", tmp_path / "out", "--parquet", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    names = ["report.html", "messages.xlsx", "messages.csv", "messages.jsonl", "import.json", "messages.parquet"]
    assert [Path(line).name for line in done.stdout.decode().splitlines()[-6:]] == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert THREAT in page.replace("<mark>", "").replace("</mark>", "")


def test_selection_is_shown_and_counted(tmp_path: Path):
    path = backup(tmp_path / "a.xml", THREAT, "您的快递已到，取件码3-2-8017", "好的")
    done = cuishou("classify", path, "--tag", "unlawful", "--sender", "106900000", "--since", "2026-01-01", "-o", tmp_path / "out")
    assert "3 messages read, 1 of them chosen: 1 concern debt collection, 1 are possibly unlawful." in done.stdout.decode()
    (record,) = map(json.loads, (tmp_path / "out/messages.jsonl").read_text(encoding="utf-8").splitlines())
    assert record["body"] == THREAT


@pytest.mark.parametrize(
    "wrong",
    [
        ("--tag", "bad"),
        ("--direction", "up"),
        ("--since", "yesterday"),
        ("--run-time", "noon"),
        ("--night", "25:00-1"),
        ("--asked-to-stop", "May"),
        ("--until", "1"),
    ],
)
def test_wrong_options(tmp_path: Path, wrong: tuple[str, str]):
    assert cuishou("classify", backup(tmp_path / "a.xml", "好的"), *wrong).returncode == 2


def test_pack_is_made_checked_and_the_same_twice(tmp_path: Path):
    path, pack = backup(tmp_path / "a.xml", THREAT, "好的"), tmp_path / "pack.zip"
    first = cuishou("classify", path, "--evidence", pack, "--run-time", "2026-11-23T12:00:00Z")
    assert first.returncode == 0, first.stderr
    assert "No PDF" in first.stdout.decode()  # no browser is on this path
    content = pack.read_bytes()
    assert hashlib.sha256(content).hexdigest() in first.stdout.decode().splitlines()[-1]
    cuishou("classify", path, "--evidence", tmp_path / "again.zip", "--run-time", "2026-11-23T20:00:00+08:00")
    assert (tmp_path / "again.zip").read_bytes() == content
    done = cuishou("verify", pack)
    assert (done.returncode, "Intact: 8 files and 2 messages" in done.stdout.decode()) == (0, True)
    place = content.index(b"messages.xlsx") + 500
    pack.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    done = cuishou("verify", pack)
    assert done.returncode == 5
    assert "messages.xlsx" in done.stdout.decode()


def test_a_pack_is_not_written_over(tmp_path: Path):
    path, pack = backup(tmp_path / "a.xml", THREAT), tmp_path / "pack.zip"
    pack.write_bytes(b"noted down")
    assert "may have been noted" in failed_in_one_line(cuishou("classify", path, "--evidence", pack), 2)
    assert pack.read_bytes() == b"noted down"


def test_a_pack_that_was_packed_again_is_still_whole(tmp_path: Path):
    path, pack, again = backup(tmp_path / "a.xml", THREAT), tmp_path / "pack.zip", tmp_path / "again.zip"
    cuishou("classify", path, "--evidence", pack)
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(again, "w") as new:
        new.writestr("source/", b"")
        for name in old.namelist():
            new.writestr(name, old.read(name))
    done = cuishou("verify", again)
    assert (done.returncode, "Intact: 8 files" in done.stdout.decode()) == (0, True)
    with zipfile.ZipFile(again, "a") as new:
        new.writestr("hidden/", b"what a folder does not hold")
    assert "hidden/" in cuishou("verify", again).stdout.decode()


def test_what_cannot_be_verified(tmp_path: Path):
    failed_in_one_line(cuishou("verify", tmp_path / "none.zip"), 3)
    assert "is no pack" in failed_in_one_line(cuishou("verify", backup(tmp_path / "a.xml", "好的")), 3)


def test_redacted_outputs(tmp_path: Path):
    path = backup(tmp_path / "王小明.xml", THREAT + "，王小明先生回电13800138000，还5000元，找小芳")
    arguments = ("--redact", "--redact-name", "小芳", "--redact-amounts", "-o", tmp_path / "out", "--lang", "zh")
    done = cuishou("classify", path, *arguments)
    assert done.returncode == 0, done.stderr
    (record,) = map(json.loads, (tmp_path / "out/messages.jsonl").read_text(encoding="utf-8").splitlines())
    assert record["body"] == THREAT + "，〔姓名1〕先生回电〔号码2〕，还〔金额1〕，找〔姓名2〕"
    assert (record["address"], record["source"], record["tag"]) == ("号码1", "backup-1", "unlawful")
    for secret in ("王小明", "13800138000", "小芳"):
        assert secret not in done.stdout.decode().replace(str(tmp_path), "")


def test_nothing_stays_in_the_clear_beside_what_is_redacted(tmp_path: Path):
    path, out = backup(tmp_path / "a.xml", THREAT), tmp_path / "out"
    out.mkdir()
    (out / "messages.parquet").write_bytes(b"of an earlier run")
    assert "not redacted" in failed_in_one_line(cuishou("classify", path, "--redact", "-o", out), 2)
    assert [file.name for file in out.iterdir()] == ["messages.parquet"]


def test_a_name_to_hide_that_stands_nowhere_is_told(tmp_path: Path):
    path = backup(tmp_path / "a.xml", THREAT + "，王小明先生")
    said = cuishou("classify", path, "--redact-name", "王小明", "--redact-name", "张三丰").stdout.decode()
    assert "found nowhere, check the spelling: 张三丰" in said
    assert "王小明" not in said


@pytest.mark.parametrize("option", [("--asked-to-stop", "2026-05-01"), ("--not-the-debtor",), ("--night", "21:00-07:00")])
def test_what_only_a_report_uses_is_told_where_there_is_none(tmp_path: Path, option: tuple[str, ...]):
    path = backup(tmp_path / "a.xml", THREAT)
    assert "are for the report" in cuishou("classify", path, *option).stdout.decode()
    assert "are for the report" not in cuishou("classify", path, *option, "-o", tmp_path / "out").stdout.decode()


def test_columns_that_are_named_are_those_of_a_table_whatever_lies_beside_it(tmp_path: Path):
    (tmp_path / "a.csv").write_text("来电,短信文本栏\n95000,您的快递已到\n", encoding="utf-8")
    path = backup(tmp_path / "b.xml", "好的")
    done = cuishou("classify", tmp_path / "a.csv", path, "--map", "body=短信文本栏", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    records = map(json.loads, (tmp_path / "out/messages.jsonl").read_text(encoding="utf-8").splitlines())
    assert sorted(record["body"] for record in records) == ["好的", "您的快递已到"]


def test_a_column_that_is_not_there_is_told(tmp_path: Path):
    (tmp_path / "a.csv").write_text("来电,短信文本栏\n95000,您的快递已到\n", encoding="utf-8")
    done = cuishou("classify", tmp_path / "a.csv", "--map", "body=短信文本")
    assert (done.returncode, "短信文本栏" in done.stderr.decode()) == (3, True)


def test_what_is_read_is_not_written_to(tmp_path: Path):
    path = backup(tmp_path / "a.xml", "好的")
    before = path.read_bytes()
    failed_in_one_line(cuishou("classify", path, "--evidence", path), 2)
    assert path.read_bytes() == before
    cuishou("classify", path, "-o", tmp_path / "out")
    failed_in_one_line(cuishou("classify", tmp_path / "out/messages.jsonl", "-o", tmp_path / "out"), 2)


def test_redaction_says_what_it_replaced_and_what_may_be_left(tmp_path: Path):
    done = cuishou("classify", backup(tmp_path / "a.xml", "【法务部】王大明：" + THREAT), "--redact", lang="zh_CN.UTF-8")
    told = done.stdout.decode()
    assert "王大明" not in told
    assert "姓名 1 个、号码 1 个" in told.replace("\n", "")
    assert "通读" in told


@pytest.mark.parametrize("choice", [("--sender", "不存在"), ("--since", "2030-01-01")])
def test_a_choice_that_matches_nothing_says_what_there_is(tmp_path: Path, choice):
    source = backup(tmp_path / "a.xml", "【蜂巢分期】请还款", THREAT)
    done = cuishou("classify", source, *choice, "-o", tmp_path / "out", lang="zh_CN.UTF-8")
    assert done.returncode == 0
    told = done.stdout.decode()
    assert "筛选条件没有选中任何短信" in told
    assert "没有发现催收短信" not in told
    assert "蜂巢分期 (1)" in told
    assert "从 2026-" in told
    assert "没有选中任何短信" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_days_the_wrong_way_round_are_wrong_use(tmp_path: Path):
    done = cuishou("classify", backup(tmp_path / "a.xml", "x"), "--since", "2026-05-02", "--until", "2026-05-01")
    assert done.returncode == 2
    assert "晚于" in done.stderr.decode()


def test_tags_are_known_by_their_chinese_names(tmp_path: Path):
    source = backup(tmp_path / "a.xml", THREAT, "您的快递已到，取件码3-2-8017")
    one, other = (cuishou("classify", source, "--tag", name).stdout for name in ("unlawful", "疑似违法"))
    assert one == other
    assert b"2 messages read, 1 of them chosen" in one
    done = cuishou("classify", source, "--tag", "违法")
    assert done.returncode == 2
    assert "疑似违法" in done.stderr.decode()


def test_whom_the_owner_asked_to_stop_may_be_named(tmp_path):
    made = backup(tmp_path / "made.xml", f"【橙帆借】{THREAT}")
    done = cuishou("classify", made, "-o", tmp_path / "a", "--asked-to-stop", "2019-05-01=橙帆借")
    assert done.returncode == 0
    assert "2019-05-01" in (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    done = cuishou("classify", made, "-o", tmp_path / "b", "--asked-to-stop", "2019-05-01", "--asked-to-stop", "2019-05-01=甲")
    assert "没有叫“甲”的" in failed_in_one_line(done, 2)
    assert not (tmp_path / "b").exists()
