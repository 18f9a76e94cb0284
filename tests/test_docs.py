"""The documentation against the program."""

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from cuishou.cli import app
from cuishou.codes import REASONS
from cuishou.labels import COLUMNS
from cuishou.message import TAGS, Instant, Message, Reason, Span, Tagging
from tests.transcript import BLOCK, MISSED, missed, transcript
from tests.transcript import READMES as READMES_BY_LANGUAGE

ROOT = Path(__file__).parents[1]
READMES = ["README.md", "README.zh-CN.md"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_documented(name: str):
    commands = [command.callback.__name__ for command in app.registered_commands]
    assert commands
    assert [command for command in commands if f"`cuishou {command}" not in text(name)] == []


@pytest.mark.parametrize("name", [*READMES, "docs/architecture.md", "docs/python.md"])
def test_links_lead_somewhere(name: str):
    links = re.findall(r"\]\((?!http)([^)#]+)\)", text(name))
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str):
    for target in set(re.findall(r"`?make ([a-z]+)", text(name))):
        assert re.search(rf"^{target}:", text("Makefile"), re.MULTILINE), target


def test_make_alone_explains_itself():
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("classify", "test", "train", "lint"):
        assert target in shown


def test_labelling_rules_know_every_tag_code_and_column():
    rules = text("data/LABELLING.md")
    assert [word for word in (*TAGS, *REASONS, *COLUMNS) if word not in rules] == []


@pytest.mark.parametrize("name", ["README.md", "docs/python.md"])
def test_example_runs(name: str):
    (example,) = re.findall(r"```python\n(.*?)```", text(name), re.DOTALL)
    exec(compile(example, name, "exec"), {"__name__": "example"})


@pytest.mark.parametrize("record", [Message, Instant, Tagging, Reason, Span])
def test_every_field_is_documented(record: type):
    (section,) = re.findall(rf"^## {record.__name__}\n(.*?)(?=^## )", text("docs/python.md"), re.DOTALL | re.MULTILINE)
    table = [cell for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for cell in re.findall(r"`(\w+)`", row)]
    assert table == [field.name for field in fields(record)]


@pytest.mark.parametrize("language", READMES_BY_LANGUAGE)
def test_transcript_is_what_the_program_prints(language: str):
    (shown,) = BLOCK.findall(READMES_BY_LANGUAGE[language].read_text(encoding="utf-8"))
    assert shown == transcript(language), "run: python -m tests.transcript"


@pytest.mark.parametrize("language", READMES_BY_LANGUAGE)
def test_what_is_missed_is_what_was_measured(language: str):
    (shown,) = MISSED.findall(READMES_BY_LANGUAGE[language].read_text(encoding="utf-8"))
    assert shown == missed(language), "run: python -m tests.transcript"


def test_every_format_is_documented():
    from cuishou.backup import FORMATS

    assert [known.KEY for known in FORMATS if f"| `{known.KEY}` |" not in text("docs/formats.md")] == []
