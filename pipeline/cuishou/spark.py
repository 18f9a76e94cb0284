"""The same scorer on Apache Spark: adds tags to a DataFrame. Needs the extra ``[spark]`` and Java 17 or newer.

``cuishou.spark.tag(df, column="body")`` in a program, ``cuishou-spark IN OUT`` from a shell, and under ``spark-submit``
``$(cuishou-spark --where)`` is the program's path.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cuishou.message import TAGS, Tagging
from cuishou.scorer import BATCH_CHARACTERS, ModelError, Scorer, default_model

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

#: Characters tagged and handed back together: a slice of rows ends here, or after one row that is longer by itself.
SLICE_CHARACTERS = 16 * BATCH_CHARACTERS
#: Characters of one text that are read. No phone sends more than a few thousand; a file that got into the column has more.
LONGEST = 100_000
#: What keeps Spark's own batches small, whatever their rows hold. ``cuishou-spark`` sets it; a program of yours should too.
SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(16 << 20),  # since Spark 4.1; before that rows alone are counted
}


def tag(df: DataFrame, column: str = "body", *, model: str | Path | None = None, explain: bool = False) -> DataFrame:
    """``df`` with the columns ``tag``, ``probabilities``, ``reasons`` and ``needs_review``, and with ``explain`` also ``spans``.

    The columns are what :meth:`cuishou.scorer.Scorer.tag` says of the text in ``column``, or null where that is null. The model is
    sent once to each executor and loaded once in each of its Python workers, which need this package but no model of their own.

    Raises ``ValueError`` for a column that is missing, no string, or in the way, and :class:`cuishou.scorer.ModelError`.
    """
    from pyspark.sql.types import StringType, StructType

    added = columns(explain=explain)
    taken = [name for name in added.names if name in df.columns]
    if column not in df.columns:
        raise ValueError(f"there is no column {column!r}; the columns are {', '.join(df.columns)}")
    if not isinstance(df.schema[column].dataType, StringType):
        raise ValueError(f"the column {column!r} holds {df.schema[column].dataType.simpleString()}, not strings")
    if taken:
        raise ValueError(f"the columns {', '.join(taken)} are there already; rename or drop them first")
    name = _send(df.sparkSession, Path(model) if model is not None else default_model())

    def tagged(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        return tag_frames(frames, column, _scorer(name), explain=explain)

    return df.mapInPandas(tagged, StructType(df.schema.fields + added.fields))


def columns(*, explain: bool = False) -> StructType:
    """The columns that :func:`tag` adds."""
    from pyspark.sql.types import ArrayType, BooleanType, DoubleType, IntegerType, StringType, StructField, StructType

    text, number, integer = StringType(), DoubleType(), IntegerType()
    reason = StructType([StructField("code", text), StructField("probability", number)])
    span = StructType(
        [StructField("start", integer), StructField("end", integer), StructField("label", text), StructField("weight", number)]
    )
    fields = [
        StructField("tag", text),
        StructField("probabilities", StructType([StructField(name, number) for name in TAGS])),
        StructField("reasons", ArrayType(reason)),
        StructField("needs_review", BooleanType()),
    ]
    return StructType([*fields, StructField("spans", ArrayType(span))] if explain else fields)


def tag_frames(frames: Iterable[pd.DataFrame], column: str, scorer: Scorer, *, explain: bool = False) -> Iterator[pd.DataFrame]:
    """Each of ``frames`` in slices bounded by characters, with the columns added. Runs in a worker, knows nothing of Spark."""
    for frame in frames:
        texts = [text[:LONGEST] if isinstance(text, str) else None for text in frame[column]]
        for start, end in slices([len(text or "") for text in texts]):
            part = frame.iloc[start:end].copy()
            rows = _rows(texts[start:end], scorer, explain=explain)
            for place, name in enumerate(_names(explain=explain)):
                part[name] = _series([row[place] if row else None for row in rows], part)
            yield part


def slices(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where to cut rows of such ``lengths`` so that no slice but one of a single row is longer than ``SLICE_CHARACTERS``."""
    start = total = 0
    for place, length in enumerate(lengths):
        if place > start and total + length > SLICE_CHARACTERS:
            yield start, place
            start, total = place, 0
        total += length
    if start < len(lengths):
        yield start, len(lengths)


def _names(*, explain: bool) -> list[str]:
    return ["tag", "probabilities", "reasons", "needs_review", *(["spans"] if explain else [])]


def _rows(texts: Sequence[str | None], scorer: Scorer, *, explain: bool) -> list[tuple[object, ...] | None]:
    taggings = iter(scorer.tag((text for text in texts if text is not None), explain=explain))
    return [None if text is None else _row(next(taggings), explain=explain) for text in texts]


def _row(tagging: Tagging, *, explain: bool) -> tuple[object, ...]:
    reasons = [{"code": reason.code, "probability": reason.probability} for reason in tagging.reasons]
    row = (tagging.tag, tagging.probabilities, reasons, tagging.needs_review)
    if not explain:
        return row
    spans = [{"start": span.start, "end": span.end, "label": span.label, "weight": span.weight} for span in tagging.spans]
    return (*row, spans)


def _series(values: list[object], like: pd.DataFrame) -> pd.Series[object]:
    import pandas as pd

    return pd.Series(values, index=like.index, dtype=object)


@lru_cache(maxsize=2)
def _scorer(name: str) -> Scorer:
    """The scorer of this worker, kept for the next partition. Spark runs one task a core, so one thread each."""
    from pyspark import SparkFiles

    return Scorer.load(SparkFiles.get(name), threads=1, steady=True)


def _send(spark: SparkSession, model: Path) -> str:
    """Send ``model`` to the executors, once whatever it is called; returns the name that it has there."""
    if not model.is_file():
        raise ModelError(f"there is no model at {model}; run 'make train' to make one")
    context = spark.sparkContext
    name = f"cuishou-{hashlib.sha256(model.read_bytes()).hexdigest()[:16]}.onnx"
    if any(Path(file).name == name for file in context.listFiles):
        return name
    Scorer.load(model, threads=1)  # a model that cannot be used is told of here, once, and not by every worker
    folder = tempfile.TemporaryDirectory(prefix="cuishou-")
    _kept.append(folder)
    context.addFile(shutil.copyfile(model, Path(folder.name) / name).as_posix())
    return name


#: What was sent, under its new name: executors that start later fetch it from here. Removed when the program ends.
_kept: list[tempfile.TemporaryDirectory[str]] = []


def main(arguments: Sequence[str] | None = None) -> None:
    """The command ``cuishou-spark``."""
    parser = argparse.ArgumentParser(
        prog="cuishou-spark",
        description="Tag the messages of Parquet files on Spark. Settings of Spark come from spark-submit or spark-defaults.",
    )
    parser.add_argument("--where", action="version", version=__file__, help="print the path of this program, for spark-submit")
    parser.add_argument("inputs", nargs="+", metavar="IN", help="Parquet files or folders, at any address that Spark reads")
    parser.add_argument("output", metavar="OUT", help="folder for Parquet files; must not be there yet")
    parser.add_argument("--column", default="body", help="the column with the text (default: body)")
    parser.add_argument("--model", help="model file on the machine that starts the job; default: the one that came with cuishou")
    parser.add_argument("--explain", action="store_true", help="add the column spans: which words carried the tag")
    parser.add_argument("--overwrite", action="store_true", help="replace OUT if it is there")
    parser.add_argument("--partitions", type=int, help="share the rows out anew over so many tasks before tagging")
    asked = parser.parse_args(arguments)
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        parser.exit(2, f"cuishou-spark: needs {error.name}; install it with: pip install 'cuishou[spark]'\n")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # on this machine, workers of the Python that has this package
    builder = SparkSession.builder.appName("cuishou")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        df = spark.read.parquet(*asked.inputs)
        if asked.partitions:
            df = df.repartition(asked.partitions)
        tagged = tag(df, asked.column, model=asked.model, explain=asked.explain)
        tagged.write.mode("overwrite" if asked.overwrite else "error").parquet(asked.output)
    except (ValueError, ModelError, PySparkException) as error:
        parser.exit(3, f"cuishou-spark: {str(error).splitlines()[0]}\n")
    finally:
        spark.stop()


if __name__ == "__main__":
    from cuishou.spark import main as run  # as the module and not as __main__, so that workers find it by its name

    run()
