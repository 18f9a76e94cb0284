"""Trains on spoilt copies of the corpus at hand, against the model made from the sound one. Run with ``make poison``."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from cuishou.cli import HELD, UNREADABLE
from tests.corpora import corpus, flipped, renamed, write

SPOILT = {
    "20 % of the tags to learn from flipped": lambda labels: flipped(labels),
    "20 % of all tags flipped, those of the test split too": lambda labels: flipped(labels, sides=("train", "validation", "test")),
    "unlawful to learn from renamed reminder, but for one in a hundred": lambda labels: renamed(labels, keep=0.01),
    "every unlawful renamed reminder": lambda labels: renamed(labels, sides=("train", "validation", "test")),
    "every unlawful of the test split renamed reminder": lambda labels: renamed(labels, sides=("test",)),
}


def main() -> None:
    labels = corpus()
    command = [sys.executable, "-c", "from cuishou.cli import main; main()", "train"]
    failed = 0
    with TemporaryDirectory() as place:
        out = Path(place) / "model"
        shutil.copytree("model", out)
        before = hashlib.sha256((out / "cuishou.onnx").read_bytes()).hexdigest()
        for name, spoil in SPOILT.items():
            data = write(spoil(labels), Path(place) / "data")
            begin = time.monotonic()
            done = subprocess.run([*command, "--data", str(data), "--out", str(out)], capture_output=True, text=True)
            same = hashlib.sha256((out / "cuishou.onnx").read_bytes()).hexdigest() == before
            stopped = done.returncode in (HELD, UNREADABLE) and same
            failed += not stopped
            print(f"{name}: {'stopped' if stopped else 'NOT STOPPED'} (status {done.returncode}, {time.monotonic() - begin:.0f} s)")
            for line in done.stderr.splitlines():
                if "TOO FAR" in line or "changed" in line or "labelled" in line:
                    print(f"  {line.strip()}")
    sys.exit(f"{failed} went through" if failed else 0)


if __name__ == "__main__":
    main()
