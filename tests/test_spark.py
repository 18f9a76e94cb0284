"""On a real Spark of two local cores; left out where pyspark or Java is missing."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cuishou.scorer import BATCH_CHARACTERS, ModelError, Scorer
from tests.bench.messages import texts

pytest.importorskip("pyspark")
pytest.importorskip("pandas")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("no Java", allow_module_level=True)

import pandas as pd

from cuishou import spark as on_spark

#: `make spark` goes on to a million, in tests/bench/spark.py.
ROWS = 20_000
LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}
pytestmark = pytest.mark.filterwarnings("ignore")  # pyspark's own


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of what holds elsewhere: Spark's parts talk through this machine's own ports, and to no one else."""
    connect = socket.socket.connect

    def only_here(self, address):
        assert self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "localhost", "::1"), address
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


def session():
    """Spark on two cores of this machine."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master("local[2,4]")  # a task may be tried four times, as on a cluster
    settings = LOCAL | on_spark.SETTINGS | {"spark.sql.shuffle.partitions": "4", "spark.sql.session.timeZone": "UTC"}
    for name, value in settings.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    started.sparkContext.setLogLevel("OFF")
    return started


@pytest.fixture(scope="session")
def spark():
    started = session()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def scorer():
    return Scorer.load(threads=1)


def numbered(spark, rows: int, partitions: int = 8):
    from pyspark.sql.types import LongType, StringType, StructField, StructType

    schema = StructType([StructField("id", LongType()), StructField("body", StringType())])
    frame = pd.DataFrame({"id": range(rows), "body": texts(rows)})
    return spark.createDataFrame(frame, schema).repartition(partitions, "id")


def agree(tagged, scorer: Scorer, rows: int) -> None:
    """Every row is there once, with what the scorer says of it on this machine."""
    found = tagged.select("id", "tag", "probabilities.*", "needs_review").toPandas().sort_values("id")
    assert found["id"].tolist() == list(range(rows))
    expected = scorer.tag(texts(rows), explain=False)
    assert found["tag"].tolist() == [tagging.tag for tagging in expected]
    assert found["needs_review"].tolist() == [tagging.needs_review for tagging in expected]
    for name in ("other", "reminder", "pressure", "unlawful"):
        difference = abs(found[name].to_numpy() - [tagging.probabilities[name] for tagging in expected]).max(initial=0)
        assert difference <= 2e-6, name  # batches differ, and six digits are kept


def test_no_rows(spark):
    tagged = on_spark.tag(spark.createDataFrame([], "body string"))
    assert tagged.columns == ["body", "tag", "probabilities", "reasons", "needs_review"]
    assert tagged.collect() == []


def test_null_stays_null_and_empty_is_a_text(spark):
    first, second = on_spark.tag(spark.createDataFrame([("1", None), ("2", "")], "id string, body string")).sort("id").collect()
    assert (first.tag, first.probabilities, first.reasons, first.needs_review) == (None, None, None, None)
    assert second.tag == "other"


def test_other_columns_come_through(spark):
    day = datetime(2026, 1, 2, 3, 4, 5)
    row = (2**53 + 1, None, Decimal("1.20"), day, bytearray(b"x"), [1, None], ("a", 2), "还款", True)
    schema = (
        "long long, empty long, money decimal(9,2), at timestamp, raw binary, list array<int>, pair struct<a:string,b:int>,"
        " text string, flag boolean"
    )
    df = spark.createDataFrame([row, (None,) * 9], schema)
    kept = on_spark.tag(df, "text").select(*df.columns).collect()
    assert kept == df.collect()


def test_explanations_are_those_of_the_scorer(spark, scorer: Scorer):
    text = "【星桥消金】今晚还看不到钱，就让你全家都别想好过"
    (row,) = on_spark.tag(spark.createDataFrame([(text,)], "body string"), explain=True).collect()
    (expected,) = scorer.tag([text])
    assert [(span.start, span.end, span.label) for span in row.spans] == [(s.start, s.end, s.label) for s in expected.spans]
    assert [reason.code for reason in row.reasons] == [reason.code for reason in expected.reasons]


@pytest.mark.parametrize(
    ("schema", "column", "complaint"),
    [("text string", "body", "no column 'body'"), ("body int", "body", "holds int"), ("body string, tag int", "body", "tag are")],
)
def test_wrong_columns_are_named_at_once(spark, schema: str, column: str, complaint: str):
    with pytest.raises(ValueError, match=complaint):
        on_spark.tag(spark.createDataFrame([], schema), column)


def test_missing_model_is_named_at_once(spark, tmp_path: Path):
    with pytest.raises(ModelError, match="make train"):
        on_spark.tag(spark.createDataFrame([], "body string"), model=tmp_path / "none.onnx")


def test_model_is_sent_once(spark):
    df = spark.createDataFrame([("好的",)], "body string")
    on_spark.tag(df)
    sent = list(spark.sparkContext.listFiles)
    on_spark.tag(df)
    assert list(spark.sparkContext.listFiles) == sent


def test_same_as_the_local_scorer(spark, scorer: Scorer, tmp_path: Path):
    numbered(spark, ROWS).write.parquet(str(tmp_path / "in"))
    on_spark.tag(spark.read.parquet(str(tmp_path / "in"))).write.parquet(str(tmp_path / "out"))
    agree(spark.read.parquet(str(tmp_path / "out")), scorer, ROWS)


def workers() -> list[int]:
    """The Python workers below this process: those whose parent is a daemon of Spark's."""
    parents, daemons = {}, set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            number = int(status.parent.name)
            parents[number] = int(status.read_text().rpartition(")")[2].split()[1])
            if b"pyspark.daemon" in (status.parent / "cmdline").read_bytes():
                daemons.add(number)
        except OSError:
            continue

    def is_ours(number: int) -> bool:
        while number > 1:
            if number == os.getpid():
                return True
            number = parents.get(number, 0)
        return False

    return [number for number in daemons if parents.get(number) in daemons and is_ours(number)]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the workers in /proc")
def test_killed_worker_loses_and_doubles_nothing(spark, scorer: Scorer, tmp_path: Path):
    rows = 30_000
    df = numbered(spark, rows)
    df.write.parquet(str(tmp_path / "in"))
    before, killed, done = set(workers()), [], threading.Event()

    def kill() -> None:
        while not done.is_set() and len(killed) < 2:
            time.sleep(0.4)
            for number in workers()[:1]:
                os.kill(number, signal.SIGKILL)
                killed.append(number)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        on_spark.tag(spark.read.parquet(str(tmp_path / "in"))).write.parquet(str(tmp_path / "out"))
    finally:
        done.set()
        thread.join()
    assert killed, f"no worker was seen ({before} before)"
    agree(spark.read.parquet(str(tmp_path / "out")), scorer, rows)


def test_command_writes_parquet(spark, scorer: Scorer, tmp_path: Path):
    numbered(spark, 100, 1).write.parquet(str(tmp_path / "in"))
    options = " ".join(f"--conf {name}={value}" for name, value in LOCAL.items())
    environment = os.environ | {"PYSPARK_SUBMIT_ARGS": f"--master local[1] {options} pyspark-shell"}
    command = [sys.executable, "-m", "cuishou.spark", str(tmp_path / "in"), str(tmp_path / "out")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    agree(spark.read.parquet(str(tmp_path / "out")), scorer, 100)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 3
    assert "already exists" in done.stderr.splitlines()[-1]


# What follows needs no Spark.


@pytest.mark.parametrize("lengths", [[], [0], [5, 0, 7], [10**6], [1, 10**6, 1], [300_000] * 5])
def test_slices_are_bounded_by_characters(lengths: list[int]):
    cut = list(on_spark.slices(lengths))
    assert [place for start, end in cut for place in range(start, end)] == list(range(len(lengths)))
    assert all(sum(lengths[start:end]) <= on_spark.SLICE_CHARACTERS or end == start + 1 for start, end in cut)


def test_a_long_text_among_short_ones_is_cut(scorer: Scorer, monkeypatch: pytest.MonkeyPatch):
    seen = []
    run = scorer._session.run

    class Counting:
        def run(self, outputs, feed, options):
            seen.append(feed["codes"].size)
            return run(outputs, feed, options)

    monkeypatch.setattr(scorer, "_session", Counting())
    frame = pd.DataFrame({"body": ["您的快递已到"] * 50 + ["长" * 3_000_000] + [None]})
    (*_,) = parts = list(on_spark.tag_frames([frame], "body", scorer))
    assert sum(map(len, parts)) == 52
    assert max(seen) <= max(on_spark.LONGEST, BATCH_CHARACTERS)


def test_no_frames(scorer: Scorer):
    assert list(on_spark.tag_frames([], "body", scorer)) == []
