"""Trains twice, in processes of their own, and compares the bytes. Run with ``make reproduce``."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT")


def main() -> None:
    digests = []
    for seed, threads in (("0", "2"), ("1", "1")):  # no order may depend on the hash seed, and no sum on the threads
        with TemporaryDirectory() as folder:
            begin = time.perf_counter()
            command = [sys.executable, "-c", "from cuishou.cli import main; main()", "train", "--out", folder]
            subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed, **dict.fromkeys(THREADS, threads)})
            digests.append(hashlib.sha256((Path(folder) / "cuishou.onnx").read_bytes()).hexdigest())
            print(f"trained in {time.perf_counter() - begin:.0f} s, threads: {threads}: {digests[-1]}")
    if len(set(digests)) > 1:
        sys.exit("the two models differ")
    print("the same bytes twice")


if __name__ == "__main__":
    main()
