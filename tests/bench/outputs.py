"""Every output of a large backup: time, size and peak memory. ``python -m tests.bench.outputs [MESSAGES]``.

The messages are the sample's, drawn at random and spread over three years. The steps follow each other in one process, as in
``classify -o``; the peak is that of the process up to then.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import quoteattr

from cuishou.backup import open_backup
from cuishou.case import examine
from cuishou.grounds import Grounds
from cuishou.message import CHINA
from cuishou.output import jsonl, parquet, report, table, workbook
from cuishou.redaction import Redaction, redact
from cuishou.scorer import Scorer
from cuishou.study import Study

Result = TypeVar("Result")

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "sms-20260901093000.xml"
START, SPAN = 1690000000000, 3 * 365 * 86_400_000


def write_backup(path: Path, count: int) -> None:
    """A backup of ``count`` messages of the sample."""
    messages, draw = list(open_backup(SAMPLE)), random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<smses count="{count}">\n')
        for place in range(count):
            message = draw.choice(messages)
            address, body = quoteattr(message.address), quoteattr(message.body)
            kind, at = (2 if message.direction == "out" else 1), START + place * (SPAN // count)
            file.write(f'<sms address={address} date="{at}" type="{kind}" body={body} />\n')
        file.write("</smses>")


def timed(name: str, run: Callable[[], Result], path: Path | None = None) -> Result:
    """Run a step and print its row."""
    begin = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - begin
    size = f"{path.stat().st_size / 1e6:.1f}" if path else ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {seconds:.2f} | {size} | {peak:.0f} |", flush=True)
    return result


def main(count: int) -> None:
    made, grounds, scorer = datetime(2026, 9, 1, tzinfo=CHINA), Grounds.load(), Scorer.load()
    print(f"{count:,} messages\n\n| step | seconds | MB written | peak MB |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_backup(folder / "backup.xml", count)
        case = timed("read and tag", lambda: examine(open_backup(folder / "backup.xml"), scorer))
        study = timed("rhythm", lambda: Study.of(case, grounds))
        forms: dict[str, Callable[[Path], object]] = {
            "report.html": lambda path: report.write(study, path, "zh", made),
            "messages.xlsx": lambda path: workbook.write(study, path, "zh", made),
            "messages.csv": lambda path: table.write(case.findings, path, "zh"),
            "messages.jsonl": lambda path: jsonl.write(case.findings, path),
            "messages.parquet": lambda path: parquet.write(case.findings, path),
        }
        for form, write in forms.items():
            timed(form, partial(write, folder / form), folder / form)
        timed("redaction", lambda: redact(case, Redaction(amounts=True)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
