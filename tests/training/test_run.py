import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cuishou.labels import Label, LabelError, read_labels, write_labels
from cuishou.scorer import Scorer, default_model
from cuishou.training import gate, run
from cuishou.training.card import card
from cuishou.training.curve import plot
from cuishou.training.replace import NotAModelFolder
from cuishou.training.run import Corpus, Held, digest, kept_file, train
from tests.corpora import flipped, renamed, write
from tests.kills import whole
from tests.training.conftest import DATA, tiny_labels


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "labels").mkdir()
    for name in ("characters.tsv", "lexicon.txt"):
        shutil.copy(DATA / name, folder)
    write_labels(tiny_labels(), folder / "labels" / "tiny.csv")
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the tiny corpus."""
    out = tmp_path_factory.mktemp("trained") / "model"
    train(data, out)
    return out


@pytest.fixture
def out(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that model; whatever is trained now comes out the same, so that what is done with it can be looked at quickly."""

    def made_before(corpus: Corpus, made: Path, data: Path, tell):
        for name in ("cuishou.onnx", "golden.jsonl"):
            shutil.copy(trained / name, made)
        metrics = json.loads((trained / "metrics.json").read_text(encoding="utf-8"))
        del metrics["gate"], metrics["added"]
        return metrics | {"data_sha256": corpus.digest}

    monkeypatch.setattr(run, "_make", made_before)
    return Path(shutil.copytree(trained, tmp_path / "model"))


def new_labels(folder: Path, *texts: str) -> Path:
    write_labels(
        [Label(f"new-{number}", text, "other", family=f"new-{number}") for number, text in enumerate(texts)], folder / "new.csv"
    )
    return folder / "new.csv"


def test_trains_measures_and_writes(data: Path, tmp_path: Path, trained: Path):
    shutil.copytree(trained, tmp_path / "model")
    metrics = json.loads((tmp_path / "model/metrics.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == [
        "MODEL_CARD.md",
        "cuishou.onnx",
        "golden.jsonl",
        "metrics.json",
    ]
    known = hashlib.sha256((tmp_path / "model/cuishou.onnx").read_bytes()).hexdigest()
    assert metrics["model_sha256"] == known
    assert Scorer.load(tmp_path / "model/cuishou.onnx").tag(["再不还钱就把你打断腿，小心出门"])[0].tag == "unlawful"
    assert whole(trained) == known
    assert metrics["gate"] is None
    assert (metrics["data_sha256"], metrics["added"]["labels"]) == (Corpus.read(data).digest, 0)


def test_what_passes_is_told_and_written_down(data: Path, out: Path):
    told: list[str] = []
    metrics = train(data, out, told.append)
    assert metrics["gate"]["passed"]
    assert "## Beside the model before" in (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert json.loads((out / "metrics.json").read_text(encoding="utf-8")) == metrics
    assert any("macro-F1" in line for line in told)


def test_what_is_held_back_leaves_all_as_it_was(data: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(gate.TOLERANCES, "macro-F1", -0.5)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    new = new_labels(tmp_path, "请到物业前台领取您的挂号信件")
    with pytest.raises(Held, match="TOO FAR") as held:
        train(data, out, added=[new], keep=True)
    assert not held.value.verdict.passed
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in (data / "labels").iterdir()] == ["tiny.csv"]


@pytest.mark.parametrize(
    "spoil", [lambda labels: flipped(labels, share=0.4), lambda labels: renamed(labels, keep=0.1)], ids=["flipped", "renamed"]
)
def test_spoilt_labels_are_stopped(trained: Path, tmp_path: Path, spoil):
    """In small; ``make poison`` does it with the whole corpus. (Of so few and so plain texts one in five flipped does no harm.)"""
    out = Path(shutil.copytree(trained, tmp_path / "model"))
    with pytest.raises(Held, match="TOO FAR") as held:
        train(write(spoil(tiny_labels()), tmp_path / "data"), out)
    assert held.value.verdict.turned_wrong
    assert whole(out) == whole(trained)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "model"]


def test_what_is_worse_can_be_taken_and_the_card_says_so(data: Path, out: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(gate.TOLERANCES, "macro-F1", -0.5)
    assert train(data, out, accept_worse=True)["gate"]["accepted_worse"]
    said = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "a person took it all the same" in said
    assert "**exceeded**" in said
    whole(out)


@pytest.mark.parametrize("spoil", [b"not a model", None])
def test_an_old_model_that_cannot_be_compared_with(data: Path, out: Path, spoil: bytes | None):
    if spoil:
        (out / "cuishou.onnx").write_bytes(spoil)
    else:
        (out / "metrics.json").write_text('{"model_sha256": "another"}')
    with pytest.raises(Held, match="cannot be compared with"):
        train(data, out)
    train(data, out, accept_worse=True)
    whole(out)


def test_kept_labels_are_learned_the_next_time(data: Path, out: Path, tmp_path: Path):
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    new = new_labels(tmp_path, "请到物业前台领取您的挂号信件", tiny_labels()[0].text)
    told: list[str] = []
    metrics = train(copy, out, told.append, added=[new], keep=True)
    assert (metrics["added"]["labels"], metrics["added"]["left_out"]) == (1, 1)
    assert any("left out" in line and "row 3" in line for line in told)
    assert metrics["data_sha256"] == Corpus.read(copy).digest != Corpus.read(data).digest
    assert [label.id for label in read_labels(copy / "labels" / "added-0001.csv")] == ["new-0"]
    assert kept_file(copy).name == "added-0002.csv"


def test_labels_that_contradict_the_corpus_are_shown(data: Path, out: Path, tmp_path: Path):
    wrong = replace(tiny_labels()[0], id="x", tag="pressure")
    write_labels([wrong], tmp_path / "new.csv")
    with pytest.raises(LabelError, match="as other there and pressure here"):
        train(data, out, added=[tmp_path / "new.csv"])


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ([label for label in tiny_labels() if label.tag != "unlawful"], "no message to learn from is labelled unlawful"),
        ([replace(label, family="one") for label in tiny_labels()], "more families are needed"),
    ],
)
def test_too_little_to_learn_from(tmp_path: Path, data: Path, labels: list[Label], complaint: str):
    small = Path(shutil.copytree(data, tmp_path / "data"))
    write_labels(labels, small / "labels" / "tiny.csv")
    with pytest.raises(LabelError, match=complaint):
        train(small, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_folder_that_is_no_models_is_left_alone(data: Path):
    with pytest.raises(NotAModelFolder):
        train(data, data)


def test_digest_covers_every_labels_file(data: Path, tmp_path: Path):
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    before = digest(copy)
    assert digest(copy, {copy / "labels" / "a.csv": b"x"}) != before
    (copy / "labels" / "a.csv").write_bytes(b"x")
    assert digest(copy) == digest(data, {data / "labels" / "a.csv": b"x"})


def test_bad_labels_leave_the_model_alone(data: Path, tmp_path: Path):
    broken = tmp_path / "data"
    shutil.copytree(data, broken)
    (broken / "labels" / "more.csv").write_text("text,tag\n你好,greeting\n", encoding="utf-8")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "cuishou.onnx").write_text("the old one")
    with pytest.raises(LabelError, match=r"row 2: 没有“greeting”这种标签.*unknown tag 'greeting'"):
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
    assert (model / "MODEL_CARD.md").read_text(encoding="utf-8") == card(metrics), "run: python -m cuishou.training.card"
    if "learning_curve" in metrics:
        assert (model / "learning-curve.svg").read_text(encoding="utf-8") == plot(metrics["learning_curve"]), "run: make curve"


@pytest.mark.parametrize(
    "change",
    [
        lambda metrics: metrics["test"].update(macro_f1=0.1234),
        lambda metrics: metrics["test"]["tags"]["unlawful"].update(recall=0.1234),
        lambda metrics: metrics["intervals"].update({"macro-F1": [0.1, 0.2]}),
        lambda metrics: metrics["messages"].update(train=7),
        lambda metrics: metrics["gate"].update(passed=False, accepted_worse=True),
        lambda metrics: metrics["added"].update(right=0),
    ],
)
def test_a_figure_that_changes_changes_the_card(data: Path, out: Path, tmp_path: Path, change):
    metrics = train(data, out, added=[new_labels(tmp_path, "请到物业前台领取您的挂号信件")])
    before = card(metrics)
    change(metrics)
    assert card(metrics) != before
