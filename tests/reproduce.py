"""Trains twice, in processes of their own, and compares the bytes. Run with ``make reproduce``."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory


def main() -> None:
    digests = []
    for seed in ("0", "1"):  # another hash seed: no order may depend on it
        with TemporaryDirectory() as folder:
            begin = time.perf_counter()
            command = [sys.executable, "-c", "from cuishou.cli import main; main()", "train", "--out", folder]
            subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
            digests.append(hashlib.sha256((Path(folder) / "cuishou.onnx").read_bytes()).hexdigest())
            print(f"trained in {time.perf_counter() - begin:.0f} s: {digests[-1]}")
    if len(set(digests)) > 1:
        sys.exit("the two models differ")
    print("the same bytes twice")


if __name__ == "__main__":
    main()
