"""The backups in ``fixtures/``: what the readers here and those on the phone must find in them, the same to the letter.

Beside each backup lies ``NAME.expected.json``. To see what a reader finds: ``python -m tests.backup.test_fixtures FILE``.
"""

import json
import sys
from pathlib import Path

import pytest

from cuishou.backup import open_backup
from cuishou.case import Finding
from cuishou.output.record import of_finding

FIXTURES = Path(__file__).parent / "fixtures"
BACKUPS = sorted(path for path in FIXTURES.iterdir() if not path.name.endswith(".expected.json"))


def found_in(path):
    backup = open_backup(path)
    messages = [of_finding(Finding(message, None)) for message in backup]
    for message in messages:
        del message["source"], message["tag"], message["number"], message["familiar"]
    report = backup.report
    return {
        "declared": report.declared,
        "read": report.read,
        "missing": report.missing,
        "without_text": report.without_text,
        "repaired": report.repaired,
        "messages": messages,
    }


@pytest.mark.parametrize("path", BACKUPS, ids=lambda path: path.name)
def test_fixture_is_read_as_expected(path):
    assert found_in(path) == json.loads(path.with_name(path.name + ".expected.json").read_text(encoding="utf-8"))


def test_every_expectation_has_its_backup():
    assert {path.name for path in FIXTURES.glob("*.expected.json")} == {path.name + ".expected.json" for path in BACKUPS}


if __name__ == "__main__":
    shown = json.dumps(found_in(Path(sys.argv[1])), ensure_ascii=False, indent=1) + "\n"
    sys.stdout.buffer.write(shown.encode("utf-8", "backslashreplace"))  # a lone surrogate becomes its escape
