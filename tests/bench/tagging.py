"""Text to tags beside what one would put together from the best parts. ``make bench``; FULL=1 writes docs/benchmarks.md.

Every peer learns the four tags from the same labelled corpus; accuracy is not the question here. What is not installed is left
out. The short form learns from a sixth of the corpus, measures fewer messages once, and does without the whole command.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
import zlib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.bench import document

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "MKL_NUM_THREADS")
ROUNDS, WHOLE_ROUNDS = 5, 3
#: All cores get so many times the messages: what takes a twentieth of a second is mostly the starting of it.
SHARED = 4
ROOT = Path(__file__).parents[2]
NAMES = {
    "ours": "cuishou, tags and all probabilities",
    "ours+": "cuishou, with reasons and carrying words",
    "a": "(a) jieba + scikit-learn",
    "b": "(b) rjieba + scikit-learn",
    "c": "(c) fastText, characters, .ftz",
    "d": "(d) rjieba + skl2onnx in onnxruntime",
}
PACKAGES = ("cuishou", "onnxruntime", "numpy", "jieba", "rjieba", "scikit-learn", "fasttext-numpy2", "skl2onnx", "pandas")
Tagger = Callable[[list[str]], object]


def spaced(text: str) -> str:
    return " ".join(text.replace("\n", " "))


def cut(text: str) -> str:
    import rjieba

    return " ".join(token for token in rjieba.cut(text, False) if not token.isspace())


def jieba_tokens(text: str) -> list[str]:
    import jieba

    jieba.setLogLevel("ERROR")
    return jieba.lcut(text)


def rjieba_tokens(text: str) -> list[str]:
    import rjieba

    return rjieba.cut(text, False)


def train(folder: Path, every: int) -> list[str]:
    """Make the peers' models in ``folder`` from each ``every``-th label; returns the names of those that can be had."""
    from tests.bench.messages import corpus

    known, tags = zip(*corpus()[::every], strict=True)
    made = ["ours", "ours+"]
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    def fitted(vectorizer: object, texts: object = known) -> object:
        return make_pipeline(vectorizer, LogisticRegression(max_iter=300)).fit(texts, tags)

    for name, tokens in (("a", jieba_tokens), ("b", rjieba_tokens)):
        try:
            pipeline = fitted(TfidfVectorizer(tokenizer=tokens, token_pattern=None, lowercase=False))
        except ModuleNotFoundError:
            continue
        (folder / name).write_bytes(pickle.dumps(pipeline))
        made.append(name)
    try:
        import fasttext

        lines = folder / "lines.txt"
        lines.write_text(
            "".join(f"__label__{tag} {spaced(text)}\n" for text, tag in zip(known, tags, strict=True)), encoding="utf-8"
        )
        model = fasttext.train_supervised(str(lines), wordNgrams=3, dim=50, epoch=15, bucket=200_000, thread=1, verbose=0)
        model.quantize(str(lines), retrain=False, verbose=0)
        model.save_model(str(folder / "c"))
        made.append("c")
    except ModuleNotFoundError:
        pass
    try:
        from skl2onnx import to_onnx
        from skl2onnx.common.data_types import StringTensorType

        pipeline = fitted(TfidfVectorizer(token_pattern=r"[^ ]+", lowercase=False), [cut(text) for text in known])
        last = pipeline.steps[-1][1]
        proto = to_onnx(pipeline, initial_types=[("text", StringTensorType([None]))], options={id(last): {"zipmap": False}})
        (folder / "d").write_bytes(proto.SerializeToString())
        made.append("d")
    except ModuleNotFoundError:
        pass
    return [name for name in NAMES if name in made]


def load(name: str, folder: Path) -> Tagger:
    """The tagger called ``name``, on one thread."""
    if name.startswith("ours"):
        from cuishou.scorer import Scorer

        scorer = Scorer.load(threads=1)
        return scorer.probabilities if name == "ours" else scorer.tag
    if name in "ab":
        return pickle.loads((folder / name).read_bytes()).predict_proba
    if name == "c":
        import fasttext

        model = fasttext.load_model(str(folder / name))
        return lambda texts: model.predict([spaced(text) for text in texts], k=4)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])

    def tag(texts: list[str]) -> object:
        rows = [cut(text) for text in texts]
        return [session.run(None, {"text": np.array(rows[at : at + 256])}) for at in range(0, len(rows), 256)]

    return tag


def model_file(name: str, folder: Path) -> Path:
    from cuishou.scorer import default_model

    return default_model() if name.startswith("ours") else folder / name


def interleaved(
    actions: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Median seconds of each action, all of them once in every round."""
    measured: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            begin = clock()
            action()
            measured[name].append(clock() - begin)
    return {name: statistics.median(times) for name, times in measured.items()}


_worker: dict[str, Tagger] = {}


def _start(names: list[str], folder: Path) -> None:
    warnings.simplefilter("ignore")
    for name in names:
        _worker[name] = load(name, folder)
        _worker[name](["好的"])


def _share(job: tuple[str, list[str]]) -> None:
    _worker[job[0]](job[1])


def count_up(_: object = None) -> None:
    """Work that needs nothing but a core."""
    for _ in range(10_000_000):
        pass


def on_all_cores(names: list[str], folder: Path, texts: list[str], rounds: int) -> dict[str, float]:
    """Each tagger in one process a core, and in one of them alone; the texts come by pickle, shared out evenly.

    ``alone`` and ``together`` are the same idle work in one process, and in one a core at once: what the machine had to give.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    shares = [texts[at::cores] for at in range(cores)]
    with multiprocessing.get_context("spawn").Pool(cores, _start, (names, folder)) as pool:
        list(pool.imap_unordered(_share, [(names[0], ["好的"])] * cores * 2))
        actions = {name: lambda name=name: pool.map(_share, [(name, share) for share in shares], 1) for name in names}
        actions |= {name + " alone": lambda name=name: pool.map(_share, [(name, texts)]) for name in names}
        actions |= {"alone": count_up, "together": lambda: pool.map(count_up, range(cores), 1)}
        measured = interleaved(actions, rounds)
    return measured | {"given": cores * measured["alone"] / measured["together"]}


def memory() -> tuple[float, float]:
    """Megabytes of this process now and at most. What getrusage gives begins with the memory of the process that started it."""
    try:
        lines = [line.split() for line in Path("/proc/self/status").read_text().splitlines()]
        values = {line[0]: int(line[1]) / 1000 for line in lines if line[0] in ("VmRSS:", "VmHWM:")}
        return values["VmRSS:"], values["VmHWM:"]
    except (OSError, KeyError):
        return float("nan"), float("nan")


def cold(name: str, folder: Path) -> tuple[float, float, float]:
    """Seconds, and megabytes after it and at most, of a fresh process that loads a model and tags one message."""
    code = (
        "import warnings; warnings.simplefilter('ignore'); from pathlib import Path; from tests.bench.tagging import load, memory;"
        f"load({name!r}, Path({str(folder)!r}))(['您的账单已逾期5天']); print(*memory())"
    )
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    now, most = map(float, done.stdout.split())
    return time.perf_counter() - begin, now, most


def plain_script(source: str, folder: str, target: str) -> None:
    """What an engineer would write: read with ElementTree, cut with jieba, predict with scikit-learn, write with pandas."""
    from xml.etree import ElementTree

    import pandas as pd

    pipeline = pickle.loads((Path(folder) / "a").read_bytes())
    frame = pd.DataFrame([element.attrib for element in ElementTree.parse(source).getroot()])
    probabilities = pipeline.predict_proba(frame["body"])
    frame["tag"] = pipeline.classes_[probabilities.argmax(axis=1)]
    for place, name in enumerate(pipeline.classes_):
        frame[name] = probabilities[:, place]
    frame.to_csv(Path(target) / "messages.csv", index=False)
    print(frame["tag"].value_counts())


def whole_command(folder: Path, count: int, rounds: int) -> dict[str, float]:
    from tests.bench.messages import write_backup

    source = folder / "backup.xml"
    write_backup(source, count)
    run = "from cuishou.cli import main; main()"
    script = "import sys; from tests.bench.tagging import plain_script; plain_script(*sys.argv[1:])"
    commands = {
        "plain script": [script, str(source), str(folder), str(folder)],
        "cuishou classify": [run, "classify", str(source)],
        "cuishou classify -o": [run, "classify", str(source), "-o", str(folder / "out")],
    }
    actions = {
        name: lambda command=command: subprocess.run(
            [sys.executable, "-W", "ignore", "-c", *command], cwd=ROOT, check=True, capture_output=True
        )
        for name, command in commands.items()
    }
    return interleaved(actions, rounds)


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]) + "\n"


def lengths(tagger: Tagger, rounds: int) -> list[list[str]]:
    from tests.bench.messages import texts

    line = "".join(texts(1000))  # fewer would be tagged in less than the clock can tell
    rows = []
    for length in (10, 70, 500, 5000):
        parts = [line[at : at + length] for at in range(0, len(line) - length, length)]
        tagger(parts)  # memory of this shape is had for the first time
        seconds = interleaved({"": lambda parts=parts: tagger(parts)}, rounds, time.process_time)[""]
        rows.append([str(length), f"{1e9 * seconds / sum(map(len, parts)):.0f} ns"])
    parts = ["您的快递已到，请凭取件码领取"] * 2000
    alone, mixed = parts, [*parts, line[:5000]]
    seconds = interleaved({"alone": lambda: tagger(alone), "mixed": lambda: tagger(mixed)}, rounds, time.process_time)
    rows.append(["one of 5,000 among 2,000 short", f"{1e9 * seconds['mixed'] / sum(map(len, mixed)):.0f} ns"])
    rows.append(["the 2,000 short alone", f"{1e9 * seconds['alone'] / sum(map(len, alone)):.0f} ns"])
    return rows


def measure(count: int, whole: int, rounds: int, every: int = 1) -> str:
    """Tables of all figures; the whole command only where it has ``whole`` messages to read."""
    from tests.bench.messages import texts

    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = train(folder, every)
        sample = texts(count)
        taggers = {name: load(name, folder) for name in names}
        for tagger in taggers.values():
            tagger(sample[:50])
        one = interleaved(
            {name: lambda tagger=tagger: tagger(sample) for name, tagger in taggers.items()}, rounds, time.process_time
        )
        few = sample[:200]
        single = interleaved(
            {name: lambda tagger=tagger: [tagger([text]) for text in few] for name, tagger in taggers.items()},
            rounds,
            time.process_time,
        )
        flat = lengths(taggers["ours"], rounds)
        shared = on_all_cores(names, folder, texts(SHARED * count), rounds)
        fresh = [{name: cold(name, folder) for name in names} for _ in range(rounds)]
        files = {name: model_file(name, folder).read_bytes() for name in names}
        commands = whole_command(folder, whole, WHOLE_ROUNDS) if whole else {}
    rows = []
    for name in names:
        starts, now, most = (statistics.median(run[name][place] for run in fresh) for place in range(3))
        rows.append(
            [
                NAMES[name],
                f"{count / one[name]:,.0f}",
                f"{one['ours'] and one.get('a', one['ours']) / one[name]:.2f}",
                f"{SHARED * count / shared[name]:,.0f}",
                f"{shared[name + ' alone'] / shared[name]:.2f}",
                f"{1e6 * single[name] / len(few):,.0f}",
                f"{starts:.2f}",
                f"{now:.0f} / {most:.0f}",
                f"{len(files[name]) / 1e6:.1f} / {len(zlib.compress(files[name], 9)) / 1e6:.1f}",
            ]
        )
    head = ["text to tags", "messages/s, one thread", "x (a)", "messages/s, all cores", "all / one", "one at a time, µs"]
    head += ["cold start, s", "MB after the first tag / peak", "model, MB plain / deflated"]
    return "\n".join(
        [
            conditions(count, rounds),
            f"At the start {busy:.1f} processes of others wanted to run. While all cores were measured, the machine gave"
            f" {shared['given']:.2f} cores to work that needs nothing else.\n",
            table(head, rows),
            "A peer's model does not hold its segmenter's dictionary (jieba's is 5 MB); ours does.\n",
            "Cost by length, one thread:\n",
            table(["characters a message", "time a character"], flat),
            *(_commands(commands, whole) if commands else ()),
        ]
    )


def _commands(commands: dict[str, float], whole: int) -> list[str]:
    base = commands["plain script"]
    shown = [[name, f"{seconds:.1f}", f"{base / seconds:.1f}"] for name, seconds in commands.items()]
    return [
        f"Whole command on a backup of {whole:,} messages, median of {WHOLE_ROUNDS} fresh processes:\n",
        table(["command", "seconds", "times faster than the plain script"], shown),
        "The plain script reads with ElementTree, cuts with jieba, tags with scikit-learn and writes one CSV with pandas.",
        "`classify` tags all, gives reasons, and explains what its summary shows; `-o` explains each and writes the tables.",
    ]


def conditions(count: int, rounds: int) -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return (
        f"{count:,} messages of the corpus with other digits; medians of {rounds}, variants interleaved; {os.cpu_count()} cores"
        f" ({processor()}), {platform.system()}, Python {platform.python_version()}.\n{', '.join(found)}.\n"
        f"One thread: every library held to one thread; processor time. All cores: {SHARED} times the messages,"
        " one process a core; time on the clock, also of one process beside it (all / one)."
        " Other work may share the machine: compare ratios, not digits.\n"
    )


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main() -> None:
    warnings.simplefilter("ignore")
    full = "--full" in sys.argv
    text = measure(10_000, 100_000, ROUNDS) if full else measure(2_000, 0, 1, every=6)
    print(text)
    if full:
        document.write("Tagging", text)


if __name__ == "__main__":
    if not set(THREADS) <= set(os.environ):
        one_thread = os.environ | dict.fromkeys(THREADS, "1")
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.bench.tagging", *sys.argv[1:]], one_thread
        )  # libraries read it once
    from tests.bench.tagging import main as run  # by its name, so that pickled models find their functions

    run()
