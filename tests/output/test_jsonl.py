import json

from hypothesis import given
from hypothesis import strategies as st

from cuishou.case import Finding
from cuishou.message import Message, Reason, Tagging
from cuishou.output import jsonl


def joined(text):
    """A high half before a low half is one character to JSON."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def test_nothing_is_an_empty_file(tmp_path):
    jsonl.write([], tmp_path / "a.jsonl")
    assert (tmp_path / "a.jsonl").read_bytes() == b""


def test_empty_record():
    assert jsonl.line({}) == "{}"


def test_chinese_is_written_as_it_is():
    assert jsonl.line({"body": "催收😀"}) == '{"body": "催收😀"}'


def test_lone_surrogate_is_written_as_its_escape():
    line = jsonl.line({"body": "催\ud83d"})
    assert line.isascii()
    assert json.loads(line) == {"body": "催\ud83d"}


@given(st.text(st.characters(exclude_categories=())))
def test_line_reads_back(text):
    line = jsonl.line({"body": text})
    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line.encode()) == {"body": joined(text)}


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=5))
def test_file_has_a_line_for_each_finding(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("out") / "a.jsonl"
    tagging = Tagging("pressure", {"pressure": 0.75}, (Reason("INSULT", 0.5),))
    jsonl.write((Finding(Message(text, record=number), tagging) for number, text in enumerate(texts)), path)
    content = path.read_bytes()
    assert content.count(b"\n") == len(texts)
    records = [json.loads(line) for line in content.split(b"\n")[:-1]]
    assert [(record["record"], record["body"]) for record in records] == [(n, joined(text)) for n, text in enumerate(texts)]
    assert all(record["tag"] == "pressure" and record["reasons"][0]["code"] == "INSULT" for record in records)
