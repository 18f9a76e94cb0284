"""Millions of messages through ``classify -o``: time, memory of all its processes, and what ctrl-C leaves behind.

``python -m tests.bench.stream [MESSAGES] [--document]``; ``--document`` writes the figures to docs/benchmarks.md.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from xml.sax.saxutils import quoteattr

from cuishou.cli import STOPPED
from tests.bench import document
from tests.bench.messages import texts

COMMAND = [sys.executable, "-c", "from cuishou.cli import main; main()", "classify"]
#: Texts drawn anew; after so many they come again.
DISTINCT = 100_000


def write_backup(path: Path, count: int) -> None:
    bodies = [quoteattr(text, {"\n": "&#10;"}) for text in texts(min(count, DISTINCT))]
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>\n<smses count="{count}">\n')
        for number, body in enumerate(islice(cycle(bodies), count)):
            date = 1_700_000_000_000 + number * 61_000 % 60_000_000_000
            file.write(f'<sms address="1069{number % 977:04}" date="{date}" type="1" body={body} />\n')
        file.write("</smses>")


def descendants(root: int) -> list[int]:
    """``root`` and the processes below it."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            children.setdefault(int(status.read_text().rpartition(")")[2].split()[1]), []).append(int(status.parent.name))
        except OSError:
            continue
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def megabytes(root: int) -> float:
    """Memory of ``root`` and all below it; what several of them share counts once (proportional set size)."""
    total = 0
    for process in descendants(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total / 1000


def load() -> str:
    """How many processes wanted to run of late, ours included."""
    return f"{os.getloadavg()[0]:.1f} processes on average wanted to run, ours included"


def whole(source: Path, out: Path, count: int) -> list[str]:
    begin = time.perf_counter()
    process = subprocess.Popen([*COMMAND, str(source), "-o", str(out)], stdout=subprocess.DEVNULL)
    memory = []
    while process.poll() is None:
        memory.append(megabytes(process.pid))
        time.sleep(0.5)
    seconds = time.perf_counter() - begin
    lines = sum(1 for _ in (out / "messages.jsonl").open(encoding="utf-8"))
    assert (process.returncode, lines) == (0, count), f"ended with {process.returncode} after {lines} of {count} lines"
    fifth = len(memory) // 5
    speed = f"{count / seconds:,.0f} a second on {os.cpu_count()} cores; {load()}"
    return [
        f"- {count:,} messages in {seconds:,.0f} s: {speed}.",
        f"- Memory of all processes together: at most {max(memory):.0f} MB; {max(memory[fifth : 2 * fifth]):.0f} MB in the second"
        f" fifth of the run, {max(memory[-fifth:]):.0f} MB in the last.",
    ]


def stopped(source: Path, out: Path) -> list[str]:
    part = out / "messages.jsonl.part"
    process = subprocess.Popen([*COMMAND, str(source), "-o", str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1].decode().strip().splitlines()[-1]
    assert process.returncode == STOPPED, said
    records = [json.loads(line) for line in (out / "messages.jsonl").open(encoding="utf-8")]
    told = json.loads((out / "import.json").read_text(encoding="utf-8"))["stopped_after"]
    assert told == len(records) == records[-1]["record"], f"{told} told, {len(records)} lines"
    return [
        f"- Stopped by ctrl-C: exit code {STOPPED}; `import.json` tells of {told:,} messages, and as many whole lines are there."
    ]


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is started with ctrl-C ignored
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    count = numbers[0] if numbers else 120_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_backup(folder / "backup.xml", count)
        lines = whole(folder / "backup.xml", folder / "whole", count) + stopped(folder / "backup.xml", folder / "stopped")
    text = "\n".join([f"`cuishou classify -o` on a backup of {count:,} messages:\n", *lines])
    print(text)
    if "--document" in sys.argv:
        document.write("Millions of messages", text)


if __name__ == "__main__":
    main()
