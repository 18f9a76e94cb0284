"""Kills a training at many moments and looks at the model each time. Run with ``make kills``."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from cuishou.labels import write_labels
from cuishou.scorer import Scorer, set_aside
from cuishou.training.card import card
from tests.training.conftest import DATA, tiny_labels

COMMAND = [sys.executable, "-c", "from cuishou.cli import main; main()", "train", "--accept-worse"]


def small_corpus(folder: Path) -> Path:
    """A corpus that is quick to train on."""
    (folder / "labels").mkdir(parents=True)
    for name in ("characters.tsv", "lexicon.txt"):
        shutil.copy(DATA / name, folder)
    write_labels(tiny_labels(), folder / "labels" / "tiny.csv")
    return folder


def start(data: Path, out: Path) -> subprocess.Popen[bytes]:
    """A training in a process group of its own, so that its helpers die with it."""
    return subprocess.Popen(
        [*COMMAND, "--data", str(data), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def whole(out: Path) -> str:
    """The digest of the model that is served, after checking that everything in its folder belongs to it."""
    folder = out if out.exists() else set_aside(out)
    model = folder / "cuishou.onnx"
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["model_sha256"] == digest, "metrics.json belongs to another model"
    assert (folder / "MODEL_CARD.md").read_text(encoding="utf-8") == card(metrics), "the card tells of another model"
    scorer = Scorer.load(model, threads=1)
    assert scorer.metadata.version == metrics["version"]
    golden = [json.loads(line) for line in (folder / "golden.jsonl").read_text(encoding="ascii").splitlines()]
    said = scorer.tag([row["text"] for row in golden], explain=False)
    assert [tagging.tag for tagging in said] == [row["tag"] for row in golden], "golden.jsonl belongs to another model"
    return digest


def main() -> None:
    """Half of the kills are spread over the whole run, half over its last tenth of a second, where the folder changes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with TemporaryDirectory() as place:
        data, out = small_corpus(Path(place) / "data"), Path(place) / "model"
        begin = time.monotonic()
        if start(data, out).wait() != 0:
            sys.exit("the training fails without being killed")
        lasts = time.monotonic() - begin
        known = {whole(out)}
        print(f"a training takes {lasts:.1f} s")
        for number in range(count):
            with (data / "labels" / "more.csv").open("w", encoding="utf-8") as file:
                file.write(f"text,tag\n请于{number + 1}月到东门驿站领取包裹,other\n")  # each run makes another model
            training = start(data, out)
            if number % 2:
                _until_written(out, training)
                time.sleep(0.005 * number)
            else:
                time.sleep(lasts * number / count)
            os.killpg(training.pid, signal.SIGKILL)
            training.wait()
            digest = whole(out)
            print(f"kill {number + 1}: the {'old' if digest in known else 'new'} model, whole")
            known.add(digest)
        if start(data, out).wait() != 0:
            sys.exit("the training after the kills fails")
        whole(out)
        left = sorted(path.name for path in Path(place).iterdir())
        if left != ["data", "model"]:
            sys.exit(f"left behind: {left}")
    print(f"{count} kills, always a whole model")


def _until_written(out: Path, training: subprocess.Popen[bytes]) -> None:
    """Wait until the new model's card, the last file to be written, is there; the folders change next."""
    while training.poll() is None and not list(out.parent.glob(f".{out.name}.new-*/MODEL_CARD.md")):
        time.sleep(0.001)


if __name__ == "__main__":
    main()
