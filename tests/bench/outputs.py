"""Every output of a large backup: time, size and peak memory. ``python -m tests.bench.outputs [MESSAGES] [--document]``.

The messages are the sample's, drawn at random and spread over three years. The steps follow each other in one process, as in
``classify -o``; the peak is that of the process up to then. ``--document`` writes them to docs/benchmarks.md.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar
from xml.sax.saxutils import quoteattr

from cuishou.backup import open_backup
from cuishou.case import examine
from cuishou.grounds import Grounds
from cuishou.message import CHINA
from cuishou.output import evidence, jsonl, parquet, report, table, workbook
from cuishou.output.evidence import contents, pdf
from cuishou.redaction import Redaction, redact
from cuishou.scorer import Scorer, default_model
from cuishou.stream import LARGE
from cuishou.study import Study
from tests.bench import document
from tests.browser import CHROMIUM, chromium

Result = TypeVar("Result")

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "sms-20260901093000.xml"
#: Messages in the report that is opened in a browser.
IN_REPORT = 20_000
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


def timed(rows: list[str], name: str, run: Callable[[], Result], path: Path | None = None) -> Result:
    """Run a step and add its row."""
    begin = time.perf_counter()
    result = run()
    seconds = time.perf_counter() - begin
    size = f"{path.stat().st_size / 1e6:.1f}" if path else ""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append(f"| {name} | {seconds:.1f} | {size} | {peak:.0f} |")
    print(rows[-1], flush=True)
    return result


def in_browser(page: Path) -> tuple[float, float]:
    """Seconds until ``page`` is open on a phone's width, and from the first click on its filter until the answer."""
    with chromium() as browser:
        phone = browser.new_page(viewport={"width": 390, "height": 800})
        begin = time.perf_counter()
        phone.goto(page.as_uri())
        phone.wait_for_selector(".scripted")
        opened = time.perf_counter()
        before = phone.locator("#shown").inner_text()
        phone.locator("#filter input[value=pressure]").click()
        phone.wait_for_function("before => document.getElementById('shown').textContent !== before", arg=before)
        return opened - begin, time.perf_counter() - opened


def main(count: int, *, documented: bool) -> None:
    made, grounds, scorer = datetime(2026, 9, 1, tzinfo=CHINA), Grounds.load(), Scorer.load()
    lines = ["| step | seconds | MB written | peak MB |", "| --- | ---: | ---: | ---: |"]
    print(f"{count:,} messages", *lines, sep="\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_backup(folder / "backup.xml", count)
        step = partial(timed, lines)
        backup = open_backup(folder / "backup.xml")
        case = step("read and tag", lambda: examine(backup, scorer))
        study = step("rhythm", lambda: Study.of(case, grounds))

        def pack(path: Path) -> object:
            return evidence.write(study, backup, path, "zh", made, default_model())

        forms: dict[str, Callable[[Path], object]] = {
            "report.html": lambda path: report.write(study, path, "zh", made),
            "messages.xlsx": lambda path: workbook.write(study, path, "zh", made),
            "messages.csv": lambda path: table.write(case.findings, path, "zh"),
            "messages.jsonl": lambda path: jsonl.write(case.findings, path),
            "messages.parquet": lambda path: parquet.write(case.findings, path),
            "evidence.zip, no PDF": lambda path: _unprinted(partial(pack, path)),
        }
        if count > contents.MOST_PRINTED and pdf.browser() is not None:  # fewer are printed whole, and that is a browser's time
            forms["evidence.zip, with its PDF"] = pack
        for form, write in forms.items():
            step(form, partial(write, folder / form.split(",")[0]), folder / form.split(",")[0])
        step("redaction", lambda: redact(case, Redaction(amounts=True)))
        notes = [_note(count)]
        if CHROMIUM is not None and find_spec("playwright") is not None:
            large = Study.of(replace(case, findings=case.findings[:IN_REPORT]), grounds)
            report.write(large, folder / "large.html", "zh", made)
            opened, filtered = in_browser(folder / "large.html")
            shown = f"{len(large.case.findings):,}"
            notes.append(
                f"A report of {shown} messages opens in Chromium in {opened:.1f} s, its filter answers in {filtered:.1f} s."
            )
        print("", *notes, sep="\n")
    if documented:
        document.write("Outputs", "\n".join([f"{count:,} messages of the sample, one process.\n", *lines, "", *notes]))


def _unprinted(write: Callable[[], object]) -> None:
    """Run ``write`` as where there is no browser."""
    found, pdf.browser = pdf.browser, lambda: None
    try:
        write()
    finally:
        pdf.browser = found


def _note(count: int) -> str:
    if count <= LARGE:
        return "This is what `classify -o` and `--evidence` do at this size."
    return f"`classify -o` writes tables only above {LARGE:,} messages; here it was made to write all."


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    main(numbers[0] if numbers else 5_000, documented="--document" in sys.argv)
