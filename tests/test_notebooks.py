"""The notebooks run from the first cell to the last, and are kept without what they showed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

#: In a process of its own. The kernel is spoken to over files: no port is opened.
RUN = """
import sys
import nbformat
from nbclient import NotebookClient
from traitlets.config import Config
book = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(book)
NotebookClient(book, timeout=500, config=Config({"KernelManager": {"transport": "ipc"}})).execute()
shown = [output for cell in book.cells for output in cell.get("outputs", ())]
print(sum("image/png" in output.get("data", {}) for output in shown))
print("".join(output.get("text", "") for output in shown))
"""
#: Plots that each shows, and words that its text has to hold.
SHOWN = {
    "1-corpus": (2, ["families", "unlawful"]),
    "2-errors": (2, ["expected calibration error", "taken for"]),
    "3-adding-labels": (1, ["too much like the test message", "TOO FAR", "the model stays as it was: True"]),
}


def test_every_notebook_is_known():
    assert [path.stem for path in NOTEBOOKS] == list(SHOWN)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_short_and_kept_without_outputs(path: Path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert len(cells) <= 20
    assert [cell["outputs"] for cell in cells if cell.get("outputs")] == []
    assert not any(line.lstrip().startswith(("def ", "class ")) for cell in cells for line in cell["source"])


@pytest.mark.parametrize("name", SHOWN)
def test_it_runs(name: str, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", RUN, ROOT / "notebooks" / f"{name}.ipynb"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    plots, text = done.stdout.split("\n", 1)
    assert int(plots) == SHOWN[name][0]
    assert [words for words in SHOWN[name][1] if words not in text] == []
