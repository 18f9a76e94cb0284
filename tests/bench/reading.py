"""Reading backups: a file that is mostly media beside ``cat``, and many messages beside other XML readers.

``python -m tests.bench.reading [MEGABYTES OF MEDIA] [MESSAGES]``; in ``make bench`` small, in ``make soak`` 2,000 MB and a million.
Each variant runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 3
BODY = "【星桥消金】您的账单{n}.58元已逾期{d}天，请于今日18点前处理，否则将移交律师，并会影响您的信用记录，详询400-000-3317。"


def write_media(path: Path, megabytes: int) -> None:
    """A backup in which a few hundred texts stand between pictures of 5 MB each."""
    picture = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9w" * (5_000_000 // 56)
    with path.open("wb") as file:
        file.write(b"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"%d\">\n" % (megabytes // 5 * 2))
        for n in range(megabytes // 5):
            text = BODY.format(n=n, d=n % 90)
            file.write(f'<sms address="106900{n}" date="{1700000000000 + n * 1000}" type="1" body="{text}" />\n'.encode())
            file.write(b'<mms address="138" date="1700000000000" msg_box="1"><parts><part seq="0" ct="image/jpeg" data="')
            file.write(picture)
            file.write(b'" /><part seq="1" ct="text/plain" text="ok" /></parts></mms>\n')
        file.write(b"</smses>")


def write_messages(path: Path, count: int) -> None:
    """A backup of ``count`` messages, about 250 bytes each."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<smses count="{count}">\n')
        for n in range(count):
            text = BODY.format(n=n, d=n % 90)
            file.write(f'<sms address="106900{n % 977}" date="{1700000000000 + n * 1000}" type="1" body="{text}" />\n')
        file.write("</smses>")


def cuishou(path: str) -> int:
    from cuishou.backup import open_backup

    return sum(1 for _ in open_backup(path))


def iterparse(path: str) -> int:
    from xml.etree.ElementTree import iterparse as parse

    count = 0
    for _, element in parse(path):
        count += element.tag == "sms" and bool(element.get("body"))
        element.clear()
    return count


def pandas(path: str) -> int:
    from pandas import read_xml

    return len(read_xml(path, iterparse={"sms": ["address", "date", "type", "body"]}, parser="etree"))


def cat(path: str) -> int:
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        return sum(len(chunk) for chunk in iter(lambda: process.stdout.read(1 << 20), b""))


READERS: dict[str, Callable[[str], int]] = {"cat": cat, "cuishou": cuishou, "iterparse": iterparse, "pandas": pandas}


def run(name: str, path: Path) -> tuple[float, float, int] | None:
    """Seconds, peak memory in MB and count of one reader in a fresh process; None where it cannot be imported."""
    command = [sys.executable, "-m", "tests.bench.reading", "--one", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None
    seconds, memory, count = done.stdout.split()
    return float(seconds), float(memory), int(count)


def one(name: str, path: str) -> None:
    begin = time.perf_counter()
    count = READERS[name](path)
    seconds = time.perf_counter() - begin
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, count)


def compare(title: str, path: Path, names: list[str], base: str, count: int) -> dict[str, tuple[float, float]]:
    measured: dict[str, list[tuple[float, float, int]]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            if (found := run(name, path)) is not None:
                if name != "cat" and found[2] != count:
                    sys.exit(f"{name} read {found[2]} messages of {count}")
                measured[name].append(found)
    print(f"{title}, {path.stat().st_size / 1e6:,.0f} MB, best of {ROUNDS}, interleaved, Python {sys.version.split()[0]}")
    best = {name: (min(r[0] for r in rows), max(r[1] for r in rows)) for name, rows in measured.items() if rows}
    for name, (seconds, memory) in best.items():
        speed = path.stat().st_size / 1e6 / seconds
        ratio = best[base][0] / seconds
        print(f"  {name:10} {seconds:7.2f} s {speed:8.0f} MB/s {ratio:6.2f} of {base}'s speed {memory:6.0f} MB peak")
    for name in set(names) - set(best):
        print(f"  {name:10} not installed")
    return best


def main(megabytes: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "media.xml"
        write_media(path, megabytes)
        media = compare("a backup full of pictures", path, ["cat", "cuishou"], "cat", megabytes // 5 * 2)
        path.unlink()
        path = Path(folder) / "messages.xml"
        write_messages(path, count)
        messages = compare(f"{count:,} messages", path, ["cuishou", "iterparse", "pandas"], "iterparse", count)
    failed = media["cuishou"][1] > 300 or messages["cuishou"][1] > 300 or media["cuishou"][0] > 3 * media["cat"][0]
    if failed:
        sys.exit("above 300 MB, or slower than a third of cat")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main(*(int(argument) for argument in sys.argv[1:] or ["100", "50000"]))
