"""Spark on this machine's cores beside the local scorer, and once more with a worker killed on the way.

``python -m tests.bench.spark [ROWS] [--document]``. Every row must come out once, with the tag and the probabilities that the local
scorer gives; ``--document`` writes the figures to docs/benchmarks.md.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from importlib.metadata import version
from pathlib import Path

from cuishou import spark as on_spark
from cuishou.scorer import Scorer
from tests.bench import document
from tests.test_spark import agree, numbered, session, workers


def kill_one(killed: list[int], after: float) -> None:
    """Kill the first worker that is seen ``after`` seconds from now."""
    time.sleep(after)
    while not killed:
        for number in workers()[:1]:
            os.kill(number, signal.SIGKILL)
            killed.append(number)
        time.sleep(0.1)


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    rows = numbers[0] if numbers else 50_000
    scorer, spark = Scorer.load(threads=1), session()
    seconds = []
    with tempfile.TemporaryDirectory() as name:
        source, killed = Path(name) / "in", []
        numbered(spark, rows).write.parquet(str(source))
        for target in ("whole", "killed"):
            if target == "killed":
                threading.Thread(target=kill_one, args=(killed, seconds[0] / 4), daemon=True).start()
            begin = time.perf_counter()
            on_spark.tag(spark.read.parquet(str(source))).write.parquet(str(Path(name) / target))
            seconds.append(time.perf_counter() - begin)
            agree(spark.read.parquet(str(Path(name) / target)), scorer, rows)
    spark.stop()
    assert killed, "no worker was seen"
    lines = [
        f"{rows:,} rows from Parquet to Parquet, pyspark {version('pyspark')}, `local[2]`;"
        f" {os.getloadavg()[0]:.1f} processes on average wanted to run, ours included.\n",
        f"- {rows / seconds[0]:,.0f} rows a second; tag and probabilities of every row are those of the local scorer.",
        f"- A worker killed on the way: {seconds[1]:,.0f} s in place of {seconds[0]:,.0f} s; again every row, once, and the same.",
    ]
    text = "\n".join(lines)
    print(text)
    if "--document" in sys.argv:
        document.write("Spark", text)


if __name__ == "__main__":
    main()
