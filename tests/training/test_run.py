import hashlib
import json
import shutil
from pathlib import Path

import pytest

from cuishou.labels import LabelError, write_labels
from cuishou.scorer import Scorer, default_model
from cuishou.training.card import card
from cuishou.training.run import Corpus, train
from tests.training.conftest import DATA, tiny_labels


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "labels").mkdir()
    for name in ("characters.tsv", "lexicon.txt"):
        shutil.copy(DATA / name, folder)
    write_labels(tiny_labels(), folder / "labels" / "tiny.csv")
    return folder


def test_trains_measures_and_writes(data: Path, tmp_path: Path):
    told: list[str] = []
    metrics = train(data, tmp_path / "model", told.append)
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "MODEL_CARD.md",
        "cuishou.onnx",
        "golden.jsonl",
        "metrics.json",
    ]
    assert json.loads((tmp_path / "model/metrics.json").read_text(encoding="utf-8")) == metrics
    digest = hashlib.sha256((tmp_path / "model/cuishou.onnx").read_bytes()).hexdigest()
    assert metrics["model_sha256"] == digest
    assert Scorer.load(tmp_path / "model/cuishou.onnx").tag(["再不还钱就把你打断腿，小心出门"])[0].tag == "unlawful"
    assert told


def test_bad_labels_leave_the_model_alone(data: Path, tmp_path: Path):
    broken = tmp_path / "data"
    shutil.copytree(data, broken)
    (broken / "labels" / "more.csv").write_text("text,tag\n你好,greeting\n", encoding="utf-8")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "cuishou.onnx").write_text("the old one")
    with pytest.raises(LabelError, match="row 2: unknown tag 'greeting'"):
        train(broken, tmp_path / "model")
    assert [path.read_text() for path in (tmp_path / "model").iterdir()] == ["the old one"]


def test_digest_tells_any_change_of_the_data(data: Path, tmp_path: Path):
    before = Corpus.read(data).digest
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    assert Corpus.read(copy).digest == before
    with (copy / "lexicon.txt").open("a", encoding="utf-8") as file:
        file.write("催收函 100 n\n")
    assert Corpus.read(copy).digest != before


def test_shipped_model_was_made_from_this_data():
    metrics = json.loads((default_model().parent / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["data_sha256"] == Corpus.read(DATA).digest
    assert metrics["model_sha256"] == hashlib.sha256(default_model().read_bytes()).hexdigest()


def test_card_says_what_the_metrics_say():
    model = default_model().parent
    metrics = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    assert (model / "MODEL_CARD.md").read_text(encoding="utf-8") == card(metrics)
