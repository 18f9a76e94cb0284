"""Pictures of the sample's report for the READMEs: ``python -m tests.screenshots``. Needs Chromium and a Chinese font."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from cuishou.backup import open_backup
from cuishou.case import examine
from cuishou.grounds import Grounds
from cuishou.message import CHINA
from cuishou.output import report
from cuishou.scorer import Scorer
from cuishou.study import Study
from tests.browser import chromium

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
#: Width and height, and what stands at the top: the charts on a desk, a grave message on a phone.
VIEWS = {"desktop": (960, 860, "h1"), "phone": (390, 860, "#grave")}


def main() -> None:
    (sample,) = (ROOT / "data" / "samples").glob("*.xml")
    study = Study.of(examine(open_backup(sample), Scorer.load(threads=1)), Grounds.load())
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page_file = Path(folder) / "report.html"
        report.write(study, page_file, "zh", datetime(2026, 9, 1, 10, tzinfo=CHINA))
        for name, (width, height, top) in VIEWS.items():
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                page.goto(page_file.as_uri())
                page.locator(top).first.evaluate("element => element.scrollIntoView()")
                path = IMAGES / f"report-{name}-{scheme}.png"
                page.screenshot(path=path)
                page.close()
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
