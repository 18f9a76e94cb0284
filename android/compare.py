"""Tags the same texts in Python and in Kotlin, in one run: every tag, probability, reason and span must agree; prints the speed of both.

python compare.py <the JVM's class path> [<texts of the corpus to take, default 3000>]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cuishou.labels import read_labels
from cuishou.scorer import Scorer, default_model

ROOT = Path(__file__).resolve().parents[1]
TOLERANCE = 1e-4


def texts(count: int) -> list[str]:
    """The texts of ``golden.jsonl``, and then of the corpus."""
    golden = [json.loads(line)["text"] for line in (ROOT / "model" / "golden.jsonl").read_text("ascii").splitlines()]
    return golden + [label.text for label in read_labels(ROOT / "data" / "labels")][:count]


def in_python(found: list[str]) -> tuple[list[dict], dict[str, float]]:
    started = time.perf_counter()
    scorer = Scorer.load(threads=1)
    scorer.tag(["您好"])
    load = time.perf_counter() - started
    taggings = scorer.tag(found)
    records = [
        {
            "tag": tagging.tag,
            "probabilities": tagging.probabilities,
            "reasons": [[reason.code, reason.probability] for reason in tagging.reasons],
            "spans": [[span.start, span.end, span.label, span.weight] for span in tagging.spans],
            "needs_review": tagging.needs_review,
        }
        for tagging in taggings
    ]
    alone = statistics.median(elapsed(scorer, [text]) for text in found[:300])
    together = statistics.median(elapsed(scorer, found) for _ in range(5))
    return records, {"load_ms": load * 1e3, "alone_ms": alone * 1e3, "per_second": len(found) / together}


def elapsed(scorer: Scorer, found: list[str]) -> float:
    started = time.perf_counter()
    scorer.tag(found)
    return time.perf_counter() - started


def in_kotlin(found: list[str], class_path: str) -> tuple[list[dict], dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.jsonl"
        file.write_text("".join(json.dumps(text) + "\n" for text in found), encoding="ascii")
        command = ["java", "-cp", class_path, "cuishou.scorer.TagKt", str(default_model()), str(file), "1"]
        lines = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
    *records, figures = map(json.loads, lines)
    return records, figures


def differences(one: dict, other: dict) -> list[str]:
    """The keys in which two taggings differ; numbers by more than ``TOLERANCE``."""
    return [key for key in one if not close(one[key], other[key])]


def close(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, (int, float)):
        return abs(one - other) <= TOLERANCE
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    return one == other


def main(class_path: str, count: str = "3000") -> int:
    found = texts(int(count))
    python, of_python = in_python(found)
    kotlin, of_kotlin = in_kotlin(found, class_path)
    differing = [(text, keys) for text, *pair in zip(found, python, kotlin, strict=True) if (keys := differences(*pair))]
    for text, keys in differing[:20]:
        print("differs in", ", ".join(keys), ":", json.dumps(text, ensure_ascii=False)[:80])
    print(f"{len(found)} texts, one thread; {len(differing)} differ")
    print(f"{'':8}{'load ms':>10}{'one message ms':>16}{'messages/s':>12}")
    for name, figures in (("Python", of_python), ("JVM", of_kotlin)):
        print(f"{name:8}{figures['load_ms']:10.0f}{figures['alone_ms']:16.2f}{figures['per_second']:12.0f}")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
