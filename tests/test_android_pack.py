"""``android/pack.py``: what the phone's app shows about tags, codes and grounds."""

import importlib.util
import json
from pathlib import Path

import pytest

from cuishou.codes import REASONS
from cuishou.grounds import Grounds, GroundsError

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pack():
    spec = importlib.util.spec_from_file_location("pack", ROOT / "android" / "pack.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_code_has_names_and_every_ground_its_sentences(pack):
    book = json.loads(json.dumps(pack.codebook()))
    assert set(book["reasons"]["zh"]) == set(book["reasons"]["en"]) == set(REASONS)
    by_id = {citation.id: citation for citation in Grounds.load().citations}
    assert {ground["id"] for ground in book["grounds"]} == {id_ for id_, citation in by_id.items() if citation.codes}
    for ground in book["grounds"]:
        citation = by_id[ground["id"]]
        assert ground["sentence"]["zh"] == citation.sentence("zh")
        assert ground["from"] == citation.from_.isoformat()


def test_strongest_comes_first(pack):
    by_id = {citation.id: citation for citation in Grounds.load().citations}
    packed = [by_id[ground["id"]] for ground in pack.codebook()["grounds"]]
    day = packed[0].from_
    for code in REASONS:
        expected = Grounds.load().basis(code, [day] * 100, "bank", REASONS).citations
        chosen = [c for c in packed if code in c.codes and c.valid_on(day) and c.binds("bank")]
        assert [c.id for c in chosen] == [c.id for c in expected]


def test_no_file_of_grounds_is_no_grounds(pack, tmp_path):
    book = pack.codebook(tmp_path / "none.toml")
    assert book["grounds"] == []
    assert book["tags"]["zh"]["unlawful"] == "疑似违法"


def test_a_broken_file_of_grounds_is_refused(pack, tmp_path):
    file = tmp_path / "grounds.toml"
    file.write_text("[[ground]]\nid = 'a'\n", encoding="utf-8")
    with pytest.raises(GroundsError):
        pack.codebook(file)
