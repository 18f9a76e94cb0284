"""A person corrects what the model got wrong, and trains again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cuishou.cli import UNREADABLE
from cuishou.codes import reason_name
from cuishou.labels import Label, read_labels
from cuishou.review import sheet
from cuishou.scorer import Scorer
from cuishou.training.run import Corpus
from cuishou.training.split import side
from tests.corpora import corpus, renamed, small, write
from tests.kills import whole
from tests.review.test_sheet import saved
from tests.smses import sms, smses

SHARE = 0.15


def cuishou(*arguments: str | Path, status: int = 0, **variables: str) -> str:
    """Run the command; returns what it said."""
    done = subprocess.run(
        [sys.executable, "-c", "from cuishou.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1", **variables},
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(small(SHARE), tmp_path_factory.mktemp("story") / "data")


@pytest.fixture(scope="module")
def model(data: Path) -> Path:
    """A model of a part of the corpus, trained by the command."""
    cuishou("train", "--data", data, "--out", data.parent / "model")
    return data.parent / "model"


@pytest.fixture
def messages() -> dict[str, Label]:
    """Messages that this model has not seen, with what a person would say of them."""
    seen = {label.id for label in small(SHARE)}
    return {label.text: label for label in corpus() if label.id not in seen and side(label.family) == "train"}


def correct(path: Path, truth: dict[str, Label], most: int) -> tuple[Path, list[Label]]:
    """Fill in a given-out workbook where the model's guess is wrong, as a person who knows the ``truth`` would."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    names = sheet.WORDS["zh"]["headings"]
    at = {field: rows[0].index(name) for field, name in names.items()}
    corrected = []
    for row in rows[1:]:
        label = truth[json.loads(row[at["data"]])["text"]]
        if json.loads(row[at["data"]])["tag"] != label.tag and len(corrected) < most and len(label.reasons) <= sheet.CODES:
            row[at["tag"]] = {"other": "其他", "reminder": "还款提醒", "pressure": "施压催收", "unlawful": "疑似违法"}[label.tag]
            for number, (code, words) in enumerate(zip(label.reasons, label.evidence, strict=True), 1):
                row[at[f"code{number}"]] = f"{code} {reason_name(code, 'zh')}"
                row[at[f"evidence{number}"]] = words
            corrected.append(label)
    return saved(path.with_name("filled.xlsx"), rows), corrected


def test_a_month_later(data: Path, model: Path, messages: dict[str, Label], tmp_path: Path):
    backup, onnx = tmp_path / "sms.xml", model / "cuishou.onnx"
    some = sorted(messages)[:: max(1, len(messages) // 600)]
    backup.write_text(smses(*(sms(text) for text in some)), encoding="utf-8")
    cuishou("classify", backup, "-o", tmp_path / "result", "--model", onnx)
    records = [json.loads(line) for line in (tmp_path / "result/messages.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(records) == len(some)

    picked = cuishou("review", backup, "-n", "45", "-o", tmp_path / "review.xlsx", "--model", onnx, "--data", data)
    assert "(45 messages) -> " in picked
    filled, corrected = correct(tmp_path / "review.xlsx", messages, 12)
    assert len(corrected) == 12
    assert "12 labels" in cuishou("review", "--apply", filled, "-o", tmp_path / "labels.csv")

    before = whole(model)
    said = cuishou("train", tmp_path / "labels.csv", "--keep", "--data", data, "--out", model)
    assert "of 12 new labels 12 are now tagged as labelled" in said
    assert whole(model) != before
    tagged = Scorer.load(onnx).tag(label.text for label in corrected)
    assert [tagging.tag for tagging in tagged] == [label.tag for label in corrected]

    metrics, card = (model / "metrics.json").read_text(encoding="utf-8"), (model / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert json.loads(metrics)["gate"]["passed"]
    assert "12 labels were added" in card
    assert "## Beside the model before" in card

    assert len(read_labels(data / "labels" / "added-0001.csv")) == 12
    assert json.loads(metrics)["data_sha256"] == Corpus.read(data).digest


def test_no_unlawful_message_at_all(model: Path, tmp_path: Path):
    before = whole(model)
    spoilt = write(renamed(small(SHARE), sides=("train", "validation", "test")), tmp_path / "data")
    assert "no message to learn from is labelled unlawful" in cuishou("train", "--data", spoilt, "--out", model, status=UNREADABLE)
    assert whole(model) == before


def test_codes_that_contradict_the_tag_are_refused_at_once(model: Path, data: Path, tmp_path: Path):
    text = "再不还钱就把你打断腿，小心出门"
    (tmp_path / "labels.csv").write_text(f"text,tag,reasons,evidence\n{text},reminder,THREAT_VIOLENCE,打断腿\n", encoding="utf-8")
    said = cuishou("train", tmp_path / "labels.csv", "--data", data, "--out", model, status=UNREADABLE)
    assert "(reminder with THREAT_VIOLENCE, which would make it unlawful)" in said
