"""The examples of docs/other-runtimes.md that need nothing but Python; the others are run by ``make android-test``."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOC = (ROOT / "docs" / "other-runtimes.md").read_text(encoding="utf-8")
SMS = {
    "threadid": 1,
    "type": "inbox",
    "read": True,
    "address": "95550",
    "number": "95550",
    "received": "2026-05-01 21:07:33",
    "_id": 7,
}


def tagged(messages):
    script = ROOT / "docs" / "examples" / "termux" / "tag_inbox.py"
    done = subprocess.run([sys.executable, script], input=json.dumps(messages).encode(), capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.stderr.decode()


def test_termux_inbox_is_tagged_and_the_rest_left_out():
    found, said = tagged([SMS | {"body": "您的快递已到"}, SMS | {"type": "sent", "body": "好的"}, SMS | {"body": None}])
    assert [(row["tag"], row["body"], row["received"]) for row in found] == [
        ("other", "您的快递已到", "2026-05-01 21:07:33"),
        ("other", "", "2026-05-01 21:07:33"),
    ]
    assert said == ""


def test_termux_default_limit_is_pointed_out():
    assert "-l 10000" in tagged([SMS | {"body": "a"}] * 10)[1]


def test_no_messages_are_no_lines():
    assert tagged([]) == ([], "")


def test_code_in_the_document_is_the_code_that_is_tested():
    shown = re.findall(r"<!-- (\S+) -->\n```\w+\n(.*?)```", DOC, re.DOTALL)
    assert len(shown) >= 2
    for path, code in shown:
        assert code == (ROOT / "docs" / path).read_text(encoding="utf-8"), path


def test_links_lead_somewhere():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", DOC)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
