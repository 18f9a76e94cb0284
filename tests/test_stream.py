import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou import stream
from cuishou.case import Case
from cuishou.message import Instant, Message, Precision, Span
from cuishou.output import files
from cuishou.scorer import Scorer, default_model
from cuishou.stream import Digest, Part, Stopped, Summing, Table, everything, run, tagged, uninterrupted
from tests.bench.messages import write_backup
from tests.test_case import FakeScorer, finding

COVERAGE = {name: value for name, value in os.environ.items() if name.startswith("COV")}


class Backup(list):
    reports = ()
    skipped = ()


def follow(batches, folder=None, most=None, keep=everything):
    summing = Summing(keep, files.table_rows("zh") if folder else (), whole=most != 0)
    parts = (summing.of(batch) for batch in batches)
    return run(Backup(), parts, Digest("made-1"), partial(files.open_tables, folder, "zh"), lambda count: None, summing, most)


def test_nothing():
    assert list(tagged(Backup(), FakeScorer(), Path("none"), 2)) == []
    case, paths = follow([])
    assert (case.findings, paths) == ([], [])
    digest, paths = follow([], most=0)
    assert (digest.counts(), digest.senders(), digest.gravest(5), paths) == (Case([], [], "").counts(), [], [], [])


def test_digest_answers_as_the_case_does():
    tags = ["other", "pressure", "unlawful", None, "reminder"]
    batch = [finding(f"第{n}条", tags[n % 5], 0.5 + n % 50 / 100, n % 7 == 0, 1 + n % 28, address=str(n % 9)) for n in range(500)]
    case, digest = Case(batch, [], "made-1"), Digest("made-1")
    for at in range(0, 500, 50):
        digest.add(batch[at : at + 50])
    assert digest.counts() == case.counts()
    assert digest.senders() == case.senders()
    assert digest.gravest(10) == case.gravest(10)
    assert digest.shown == case.shown == 500


def test_digests_of_batches_add_up_to_that_of_all():
    tags = ["other", "pressure", "unlawful", None, "reminder"]
    batch = [finding(f"第{n}条", tags[n % 5], 0.5 + n % 50 / 100, day=1 + n % 28, address=str(n % 9)) for n in range(500)]
    one, parts = Digest(), Digest()
    one.add(batch)
    for at in range(0, 500, 50):
        part = Digest(left_out=1)
        part.add(batch[at : at + 50])
        parts.merge(part)
    assert (parts.counts(), parts.senders(), parts.gravest(9)) == (one.counts(), one.senders(), one.gravest(9))
    assert (parts.shown, parts.left_out) == (500, 10)


def test_a_digest_explains_what_it_shows():
    class Explaining(FakeScorer):
        def tag(self, texts):
            return [replace(tagging, spans=(Span(0, 1, "x", 1.0),)) for tagging in super().tag(texts)]

    digest = Digest()
    digest.add([finding("违法", "unlawful"), finding("您好", "other")])
    digest.explain(Explaining())
    ((shown, tagging),) = digest.gravest(5)
    assert shown.tagging == tagging
    assert tagging.spans == (Span(0, 1, "x", 1.0),)


def test_a_packed_part_is_the_same():
    for findings in ([], [finding("一", "other"), finding("二", "unlawful")]):
        part = Summing(everything, whole=True).of(findings)
        assert list(part.packed()) == list(part) == findings
    summed = Part(3, Digest())
    assert summed.packed() is summed


def test_parts_handed_over_are_summed_up_after_all():
    batches = [[finding("一", "other"), finding("二", "unlawful")], [], [finding("三", None)]]
    late, early = Summing(everything, files.table_rows("zh"), whole=True), Summing(everything, files.table_rows("zh"))
    parts = [late.of(batch).packed() for batch in batches]
    for again, part in zip(late.resumed(parts), map(early.of, batches), strict=True):
        assert (again.read, again.findings, again.texts) == (part.read, None, part.texts)
        assert again.digest.counts() == part.digest.counts()
    assert parts == []


INSTANTS = st.builds(
    Instant,
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)),
    st.sampled_from(get_args(Precision)),
)
MESSAGES = st.builds(Message, st.text(st.characters()), received_at=st.none() | INSTANTS, sent_at=st.none() | INSTANTS)


@given(st.lists(MESSAGES, min_size=1, max_size=5))
def test_what_goes_to_another_process_arrives(messages):
    assert stream.unpacked(stream.packed(messages)) == messages


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Ctrl-C as Python has it; Spark, where it ran before in this process, leaves a handler of its own."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_waits_for_what_must_be_whole():
    done = []

    def work():
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("first")
        done.append("second")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["first"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_senders_are_bounded(monkeypatch):
    monkeypatch.setattr(stream, "MOST_SENDERS", 10)
    digest = Digest()
    for n in range(100):
        digest.add([finding("a", "other", address=f"o{n}"), finding("b", "unlawful", address="worst")])
    assert len(digest._senders) <= 21
    assert digest.senders()[0] == ("worst", {"other": 0, "reminder": 0, "pressure": 0, "unlawful": 100})


def test_many_findings_go_to_tables_and_few_are_kept(tmp_path: Path):
    batches = [[finding(f"第{n}条", "other")] for n in range(10)]
    case, paths = follow(batches, tmp_path, most=10)
    assert (len(case.findings), paths, list(tmp_path.iterdir())) == (10, [], [])
    digest, paths = follow(batches, tmp_path, most=4, keep=lambda f: f.message.body != "第7条")
    assert sorted(path.name for path in paths) == ["messages.csv", "messages.jsonl"]
    bodies = [json.loads(line)["body"] for line in (tmp_path / "messages.jsonl").read_text("utf-8").splitlines()]
    assert bodies == [f"第{n}条" for n in range(10) if n != 7]
    assert (digest.shown, digest.left_out) == (9, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["messages.csv", "messages.jsonl"]


def test_stopping_leaves_whole_lines_and_spares_what_was_finished(tmp_path: Path):
    def batches():
        yield [finding("一", "other")]
        raise KeyboardInterrupt

    for expected in ("messages.jsonl", "messages.jsonl.part"):
        with pytest.raises(Stopped) as stopped:
            follow(batches(), tmp_path, most=5)
        assert stopped.value.digest.messages == 1
        assert tmp_path / expected in stopped.value.paths
        assert json.loads((tmp_path / expected).read_text("utf-8"))["body"] == "一"


def test_half_a_batch_is_cut_off(tmp_path: Path):
    table = Table(tmp_path / "a", "head\n", lambda rows: "".join(rows))
    table.add(["一\n"])
    table._file.write("half")
    assert table.stop().read_text("utf-8") == "head\n一\n"


def test_processes_keep_the_order_and_the_answers(tmp_path: Path, monkeypatch):
    from cuishou.backup import open_backup

    monkeypatch.setattr(stream, "BATCH", 50)
    write_backup(tmp_path / "a.xml", 330)
    scorer = Scorer.load(threads=1)
    backup = open_backup(tmp_path / "a.xml")
    alone = [finding for batch in tagged(backup, scorer, default_model(), 1) for finding in batch]
    shared = [finding for batch in tagged(backup, scorer, default_model(), 2) for finding in batch]
    assert [f.number for f in shared] == [f.number for f in alone] == list(range(1, 331))
    assert [(f.message, f.tagging and f.tagging.tag) for f in shared] == [(f.message, f.tagging and f.tagging.tag) for f in alone]


def test_processes_sum_up_what_was_handed_over(tmp_path: Path, monkeypatch):
    from cuishou.backup import open_backup

    monkeypatch.setattr(stream, "BATCH", 50)
    write_backup(tmp_path / "a.xml", 330)
    scorer, written = Scorer.load(threads=1), []
    for jobs in (1, 2):
        backup, folder = open_backup(tmp_path / "a.xml"), tmp_path / str(jobs)
        summing = Summing(everything, files.table_rows("zh"), whole=True)
        batches = tagged(backup, scorer, default_model(), jobs, summing)
        opened = partial(files.open_tables, folder, "zh")
        digest, _ = run(backup, batches, Digest(), opened, lambda count: None, summing, 100)
        lines = [json.loads(line) for line in (folder / "messages.jsonl").read_text("utf-8").splitlines()]
        written.append((digest.counts(), [(line["record"], line["tag"], line["body"]) for line in lines]))
    assert written[0] == written[1]
    assert len(written[0][1]) == 330


@pytest.mark.skipif(sys.platform == "win32", reason="sends an interrupt")
def test_interrupt_of_the_command(tmp_path: Path):
    write_backup(tmp_path / "a.xml", 60_000)
    run = "from cuishou import stream; stream.LARGE = 100; from cuishou.cli import main; main()"
    command = [sys.executable, "-c", run, "classify", str(tmp_path / "a.xml")]
    environment = {"PATH": "", "LANG": "C.UTF-8", **COVERAGE}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored, and the child would inherit that
    process = subprocess.Popen([*command, "-o", str(tmp_path / "out"), "--jobs", "2"], env=environment, stderr=subprocess.PIPE)
    part = tmp_path / "out/messages.jsonl.part"
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130, said
    assert "what is written is whole" in said
    lines = [json.loads(line) for line in (tmp_path / "out/messages.jsonl").read_text("utf-8").splitlines()]
    assert 0 < len(lines) < 60_000
    assert json.loads((tmp_path / "out/import.json").read_text("utf-8"))["stopped_after"] == len(lines)
