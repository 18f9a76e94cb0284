"""What is written for Label Studio and Argilla, checked by their own client libraries. ``make exchange`` installs these.

doccano has no library that reads its files apart from the server; its rules, as its importer has them, are written out here.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cuishou.review import exchange
from tests.review.items import THREAT, parcel, threat

START = THREAT.index("打断腿")


def run(library: str, code: str, *arguments: str | Path) -> str:
    """Run ``code`` in a process of its own: the libraries warn and look around when they are imported."""
    if subprocess.run([sys.executable, "-c", f"import {library}"], capture_output=True).returncode:
        pytest.skip(f"{library} is not installed; make exchange installs it")
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_label_studio_takes_the_tasks(tmp_path: Path):
    (tmp_path / "tasks.json").write_text(exchange.label_studio([threat(), parcel()], "m"), encoding="ascii")
    (tmp_path / "config.xml").write_text(exchange.LABEL_STUDIO_CONFIG, encoding="utf-8")
    said = run(
        "label_studio_sdk",
        """
import json, pathlib, sys
from label_studio_sdk.label_interface import LabelInterface
folder = pathlib.Path(sys.argv[1])
interface = LabelInterface((folder / "config.xml").read_text(encoding="utf-8"))
interface.validate()
tasks = json.loads((folder / "tasks.json").read_text())
for task in tasks:
    predictions = task.pop("predictions")  # the library's check of a whole task forgets to pass them on
    assert interface.validate_task(task), task
    for prediction in predictions:
        assert interface.validate_prediction(prediction, return_errors=True) == [], prediction
broken = predictions[0]
broken["result"][0]["value"]["choices"] = ["rude"]
print(len(tasks), bool(interface.validate_prediction(broken, return_errors=True)))
""",
        tmp_path,
    )
    assert said.split() == ["2", "True"]  # two tasks were good, and what is wrong would have been noticed


def test_argilla_takes_the_records_and_its_export_is_read(tmp_path: Path):
    (tmp_path / "records.json").write_text(exchange.argilla([threat(), parcel()], "m"), encoding="ascii")
    run(
        "argilla",
        """
import pathlib, sys, uuid
import argilla as rg
from argilla.records._io import JsonIO
folder = pathlib.Path(sys.argv[1])
records = JsonIO._records_from_json(folder / "records.json")
assert [record.fields["text"] for record in records][0] == sys.argv[2]
assert records[0].suggestions["tag"].value == "unlawful"
for record in records:
    record.api_model()
user, start = uuid.uuid4(), sys.argv[2].index("打断腿")
records[0].responses.add(rg.Response("tag", "unlawful", user_id=user))
records[0].responses.add(rg.Response("reasons", [{"start": start, "end": start + 3, "label": "THREAT_VIOLENCE"}], user_id=user))
JsonIO.to_json(records, folder / "answered.json")
""",
        tmp_path,
        THREAT,
    )
    found = exchange.read(tmp_path / "answered.json")
    assert (found.problems, found.unanswered) == ([], 1)
    assert (found.labels[0].tag, found.labels[0].evidence) == ("unlawful", ("打断腿",))


def test_doccano_would_take_the_lines():
    """doccano 1.8: a record a line; ``text`` a string, ``cats`` names, ``entities`` triples with 0 <= start < end."""
    for line in exchange.doccano([threat(), parcel()], "m").splitlines():
        record = json.loads(line)
        assert isinstance(record.pop("text"), str)
        assert all(isinstance(name, str) and name for name in record.pop("cats"))
        assert all(0 <= start < end and name for start, end, name in record.pop("entities"))
        assert set(record) == {"review_id", "guess", "model"}
