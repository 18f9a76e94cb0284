"""Feeds every reader files that a fuzzer makes, for a bounded time each: ``python -m tests.fuzz [SECONDS] [KEY]``.

With atheris installed the fuzzer is guided by coverage; without it the files written by the tests are mutated at random. Whatever
a reader does but yield messages or raise :class:`UnreadableBackup` is a fault: the file is kept and the program exits with 1.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cuishou.backup import FORMATS, ImportReport, Options, Source, UnreadableBackup
from cuishou.backup.format import Format

#: Seconds that one file of at most 64 KB may take.
SLOWEST = 10


def read(known: Format, data: bytes) -> None:
    report = ImportReport("made", known.NAME)
    begin = time.monotonic()
    try:
        for message in known.read(Source("made", lambda: io.BytesIO(data)), report, Options()):
            report.see(message)
        report.record()
    except UnreadableBackup:
        pass
    if time.monotonic() - begin > SLOWEST:
        raise TimeoutError(f"{known.KEY}: {len(data)} bytes took more than {SLOWEST} s")


def seeds(key: str) -> list[bytes]:
    from tests.backup.test_hostile import MADE
    from tests.backup.writers import WRITERS

    return [writer.write(MADE[:3]) for name, writer in WRITERS.items() if name.split()[0] == key]


def guided(known: Format, seconds: int) -> None:
    import atheris

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(known.KEY)):
            (Path(folder) / str(number)).write_bytes(seed)
        arguments = [sys.argv[0], folder, f"-max_total_time={seconds}", "-max_len=65536", f"-timeout={SLOWEST}",
                     "-rss_limit_mb=1500",
                     f"-artifact_prefix=fuzz-{known.KEY}-", "-verbosity=0", "-print_final_stats=1"]  # fmt: skip
        atheris.Setup(arguments, lambda data: read(known, data))
        atheris.Fuzz()


def unguided(known: Format, seconds: int) -> None:
    choose = random.Random(known.KEY)
    made, end, count = seeds(known.KEY), time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = bytearray(choose.choice(made))
        for _ in range(choose.randint(1, 12)):
            start = choose.randrange(len(data))
            piece = choose.choice((b"", b"\0", b'"', b"<", b"&", b"{", choose.randbytes(3), bytes(data[start : start + 40]) * 2))
            data[start : start + choose.randint(0, 8)] = piece
        count += 1
        try:
            read(known, bytes(data))
        except Exception:
            Path(f"fuzz-{known.KEY}-fault").write_bytes(data)
            raise
    print(f"{known.KEY}: {count} files, unguided")


def main(seconds: int, key: str | None) -> int:
    if key is not None:
        known = next(known for known in FORMATS if key == known.KEY)
        try:
            import atheris  # noqa: F401
        except ImportError:
            unguided(known, seconds)
        else:
            guided(known, seconds)
        return 0
    failed = []
    for known in FORMATS:
        done = subprocess.run([sys.executable, "-m", "tests.fuzz", str(seconds), known.KEY], capture_output=True, text=True)
        told = (done.stdout + done.stderr).splitlines()
        lines = [line for line in told if "number_of_executed_units" in line or "files" in line]
        print(f"{known.KEY}: {'failed' if done.returncode else 'nothing found'}; {' '.join(lines[-1:])}", flush=True)
        if done.returncode:
            failed.append(known.KEY)
            print(done.stderr[-3000:])
    return len(failed) > 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30, sys.argv[2] if len(sys.argv) > 2 else None))
