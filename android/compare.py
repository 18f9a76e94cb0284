"""Tags the same texts in Python and in Kotlin, in one run: every tag, probability, reason and span must agree; prints the speed of both.

python compare.py <the JVM's class path> [--document]: also the speed in JavaScript and the size of the APKs, all into README.md.
"""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from cuishou.labels import read_labels
from cuishou.scorer import Scorer, default_model

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "android" / "README.md"
TOLERANCE = 1e-4
#: Texts of the corpus that are taken, from all its areas alike.
COUNT = 3000


def texts() -> list[str]:
    """Texts of the corpus, and then those of ``golden.jsonl``, which are longer and odder."""
    labels = read_labels(ROOT / "data" / "labels")
    golden = default_model().with_name("golden.jsonl").read_text("ascii").splitlines()
    return [label.text for label in labels[:: max(1, len(labels) // COUNT)]] + [json.loads(line)["text"] for line in golden]


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
    tags = statistics.median(elapsed(scorer, found, explain=False) for _ in range(5))
    return records, {
        "load_ms": load * 1e3,
        "alone_ms": alone * 1e3,
        "per_second": len(found) / together,
        "tags_per_second": len(found) / tags,
    }


def elapsed(scorer: Scorer, found: list[str], *, explain: bool = True) -> float:
    started = time.perf_counter()
    scorer.tag(found, explain=explain)
    return time.perf_counter() - started


def in_kotlin(found: list[str], class_path: str) -> tuple[list[dict], dict[str, float]]:
    *records, figures = elsewhere(found, "java", "-cp", class_path, "cuishou.scorer.TagKt", "{model}", "{texts}", "1")
    return records, figures


def in_javascript(found: list[str]) -> dict[str, float]:
    (figures,) = elsewhere(found, "node", str(ROOT / "android" / "bench.mjs"), "{model}", "{texts}")
    return figures


def elsewhere(found: list[str], *command: str) -> list[dict]:
    """The JSON lines that a command prints which is told of the model and of a file with the texts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.jsonl"
        file.write_text("".join(json.dumps(text) + "\n" for text in found), encoding="ascii")
        given = [part.format(model=default_model(), texts=file) if part.startswith("{") else part for part in command]
        lines = subprocess.run(given, check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
    return [json.loads(line) for line in lines]


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


def speeds(of: dict[str, dict[str, float]]) -> str:
    """A table of what each runtime reached; what it wasn't asked for is a dash."""
    lines = ["| | load, ms | one message, ms | messages/s | messages/s, tags only |", "| --- | --- | --- | --- | --- |"]
    for name, figures in of.items():
        rates = [f"{figures[key]:,.0f}" if key in figures else "-" for key in ("per_second", "tags_per_second")]
        lines.append(f"| {name} | {figures['load_ms']:.0f} | {figures['alone_ms']:.2f} | {' | '.join(rates)} |")
    return "\n".join(lines)


def sizes() -> str:
    """A table of the APKs that were built, with what is largest in them."""
    lines = ["| APK | MB | the model in it | native or WebAssembly onnxruntime in it |", "| --- | --- | --- | --- |"]
    for apk in sorted((ROOT / "android" / "app" / "target").glob("cuishou-*.apk")):
        with zipfile.ZipFile(apk) as archive:
            packed = {entry.filename: entry.compress_size for entry in archive.infolist()}
        runtime = sum(size for name, size in packed.items() if name.startswith(("lib/", "assets/web/")))
        parts = (apk.stat().st_size, packed["assets/cuishou.onnx"], runtime)
        lines.append(f"| `{apk.name}` | {' | '.join(f'{size / 1e6:.1f}' for size in parts)} |")
    return "\n".join(lines)


def document(text: str) -> None:
    """Put ``text`` between the marks of README.md."""
    before, _, after = re.split(r"(?s)(?<=<!-- figures -->\n)(.*)(?=<!-- end -->)", README.read_text(encoding="utf-8"))
    README.write_text(before + text + "\n" + after, encoding="utf-8")


def main(class_path: str, *options: str) -> int:
    found = texts()
    python, of_python = in_python(found)
    kotlin, of_kotlin = in_kotlin(found, class_path)
    differing = [(text, keys) for text, *pair in zip(found, python, kotlin, strict=True) if (keys := differences(*pair))]
    for text, keys in differing[:20]:
        print("differs in", ", ".join(keys), ":", json.dumps(text, ensure_ascii=False)[:80])
    print(f"{len(found)} texts, one thread; {len(differing)} differ")
    of = {"Python": of_python, "JVM": of_kotlin}
    if "--document" in options:
        of["JavaScript, under Node (tags only)"] = in_javascript(found)
        collection = sum(record["tag"] != "other" for record in python)
        head = f"{len(found):,} texts, {collection:,} of them collection; one thread of {os.cpu_count()} cores ({platform.machine()}), one run."
        document("\n\n".join([head, speeds(of), sizes()]))
    print(speeds(of))
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
