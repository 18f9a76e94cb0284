import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuishou.message import TAGS
from cuishou.scorer import BATCH_CHARACTERS, ModelError, Scorer, _batches, _rounded, default_model


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load(threads=1)


THREAT = "今晚还看不到钱，就让你全家都别想好过，出门小心腿"


def test_no_texts(scorer: Scorer):
    assert scorer.tag([]) == []


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ("一条短信", r"write tag\(\[text\]\)"),
        (b"x", "not one bytes"),
        ([None], "number 0 .* NoneType"),
        (["x", 1], "number 1 .* int: 1"),
    ],
)
def test_what_is_no_list_of_texts_is_explained(scorer: Scorer, texts, told: str):
    with pytest.raises(TypeError, match=told):
        scorer.tag(texts)


@pytest.mark.parametrize("text", ["", "\x00", "\u200b", "好", "\ud800", "😀", "。" * 5000, "还款" * 2500, THREAT * 200])
def test_any_text_gets_an_answer(scorer: Scorer, text: str):
    (tagging,) = scorer.tag([text])
    assert tagging.tag in TAGS
    assert sum(tagging.probabilities.values()) == pytest.approx(1, abs=1e-4)


@settings(deadline=None, max_examples=60)
@given(text=st.text(st.characters(codec=None), max_size=200))
def test_spans_lie_in_the_text(scorer: Scorer, text: str):
    (tagging,) = scorer.tag([THREAT + text])
    for span in tagging.spans:
        assert 0 <= span.start < span.end <= len(THREAT + text)
        assert 0 <= span.weight <= 1
        assert span.label == tagging.tag or span.label in {reason.code for reason in tagging.reasons}


@given(st.lists(st.floats(0, 1, width=32), max_size=20) | st.just([n / 128 for n in range(129)]))
def test_probabilities_are_rounded_as_python_does(values):
    assert _rounded(np.array(values, dtype=np.float32)).tolist() == [round(value, 6) for value in values]


def test_answers_keep_the_order_of_the_texts(scorer: Scorer):
    texts = [THREAT, "好的", "您的验证码是583921，五分钟内有效", THREAT + "快点", ""]
    assert [scorer.tag([text])[0].tag for text in texts] == [tagging.tag for tagging in scorer.tag(texts)]


def test_unlawful_names_a_reason_and_its_words(scorer: Scorer):
    (tagging,) = scorer.tag([THREAT])
    assert tagging.tag == "unlawful"
    assert tagging.reasons
    assert any(span.label == tagging.reasons[0].code for span in tagging.spans)


def test_other_has_no_reasons_and_no_spans(scorer: Scorer):
    (tagging,) = scorer.tag(["您的快递已放在东门驿站，取件码3-2-8017"])
    assert (tagging.tag, tagging.reasons, tagging.spans) == ("other", (), ())


def test_a_batch_is_bounded_by_characters(scorer: Scorer, monkeypatch: pytest.MonkeyPatch):
    seen = []
    run = scorer._run

    def spy(outputs, codes):
        seen.append(codes.size)
        return run(outputs, codes)

    monkeypatch.setattr(scorer, "_run", spy)
    scorer.tag(["短"] * 3000 + ["长" * 4000] * 20)
    assert len(seen) > 1
    assert max(seen) <= BATCH_CHARACTERS


@given(st.lists(st.text(st.characters(codec=None), max_size=12), max_size=30), st.integers(1, 40))
def test_batches_hold_every_text_once(texts: list[str], most: int):
    seen = {}
    for rows, codes in _batches(texts, most):
        assert codes.size <= most or len(rows) == 1
        for row, of_text in zip(rows.tolist(), codes, strict=True):
            assert row not in seen
            seen[row] = [chr(code) for code in of_text[: len(texts[row])]]
            assert not of_text[len(texts[row]) :].any()
    assert seen == {row: list(text) for row, text in enumerate(texts)}


def test_may_be_shared_by_threads(scorer: Scorer):
    texts = [THREAT, "好的", "您的信用卡本期账单1280.50元，还款日25日"] * 20
    expected = scorer.tag(texts)
    with ThreadPoolExecutor(4) as pool:
        assert all(result == expected for result in pool.map(scorer.tag, [texts] * 8))


@pytest.mark.parametrize(("threads", "steady"), [(1, False), (2, False), (3, False), (None, True), (2, True)])
def test_how_it_runs_does_not_change_the_answer(scorer: Scorer, threads: int | None, steady: bool):
    texts = [THREAT, "好的", "最后通知：今日未还，将委托律师起诉"] * 50
    assert Scorer.load(threads=threads, steady=steady).tag(texts) == scorer.tag(texts)


def test_no_threads_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Scorer.load(threads=0)


def test_missing_model_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(ModelError, match="make train"):
        Scorer.load(tmp_path / "none.onnx")


def test_file_that_is_no_model(tmp_path: Path):
    (tmp_path / "a.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match="no ONNX model"):
        Scorer.load(tmp_path / "a.onnx")


def model_with(path: Path, **metadata: str | None) -> Path:
    model = onnx.load(default_model())
    known = {entry.key: entry.value for entry in model.metadata_props} | metadata
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, {key: value for key, value in known.items() if value is not None})
    onnx.save(model, path)
    return path


@pytest.mark.parametrize(
    ("metadata", "complaint"),
    [
        ({"format": None}, "not a model of cuishou"),
        ({"format": "cuishou/99"}, "cuishou/99"),
        ({"tags": '["spam", "ham"]'}, "spam"),
        ({"reasons": "{"}, "damaged"),
        ({"reason_thresholds": "{}"}, "damaged"),
        ({"review_below": None}, "damaged"),
    ],
)
def test_model_that_is_not_understood(tmp_path: Path, metadata: dict, complaint: str):
    with pytest.raises(ModelError, match=complaint):
        Scorer.load(model_with(tmp_path / "a.onnx", **metadata))


def test_model_can_be_chosen_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CUISHOU_MODEL", str(tmp_path / "mine.onnx"))
    assert default_model() == tmp_path / "mine.onnx"


def test_golden_file_holds(scorer: Scorer):
    rows = [json.loads(line) for line in (default_model().parent / "golden.jsonl").read_text(encoding="ascii").splitlines()]
    assert len(rows) >= 300
    texts = [row["text"] for row in rows]
    tags, of_tags, of_reasons = scorer.probabilities(texts)
    assert scorer.token_starts(texts) == [row["token_starts"] for row in rows]
    assert [TAGS[tag] for tag in tags] == [row["tag"] for row in rows]
    assert of_tags == pytest.approx(np.array([row["tag_probabilities"] for row in rows]), abs=1e-5)
    assert of_reasons == pytest.approx(np.array([row["reason_probabilities"] for row in rows]), abs=1e-5)


def python(code: str, home: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "ORT_DISABLE_TELEMETRY")}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "TMPDIR": str(home)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, cwd=home)
    return done.stdout


def test_runtime_loads_nothing_of_training(tmp_path: Path):
    code = "import cuishou, sys; cuishou.Scorer.load().tag(['好']); cuishou.open_backup; import cuishou.cli; print(*sys.modules)"
    loaded = {name.split(".")[0] for name in python(code, tmp_path).split()}
    assert not loaded & {"jieba", "sklearn", "scipy", "pandas", "onnx", "skl2onnx", "spox"}
    modules = set(python("import cuishou, sys; print(*sys.modules)", tmp_path).split())
    assert not any(name.startswith(("numpy", "onnxruntime", "rich", "cuishou.training")) for name in modules)


def test_nothing_is_written_or_sent(tmp_path: Path):
    code = """
import socket, sys
def refuse(*args, **kwargs): raise AssertionError("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import cuishou
cuishou.Scorer.load().tag(["您的快递到了"])
import os; print(os.environ["ORT_DISABLE_TELEMETRY"])
"""
    assert python(code, tmp_path).strip() == "1"
    assert list(tmp_path.rglob("*")) == []


def test_telemetry_stays_off_whatever_the_environment_says(tmp_path: Path):
    code = "import os; os.environ[NAME] = '0'; import cuishou; cuishou.Scorer.load(); print(os.environ[NAME])"
    assert python("NAME = 'ORT_DISABLE_TELEMETRY'; " + code, tmp_path).strip() == "1"


def test_installed_package_finds_its_own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "cuishou"
    (package / "model").mkdir(parents=True)
    shutil.copy(Path(__file__).parents[1] / "pipeline/cuishou/scorer.py", package / "scorer.py")
    (package / "model" / "cuishou.onnx").touch()
    monkeypatch.delenv("CUISHOU_MODEL", raising=False)
    monkeypatch.setattr("cuishou.scorer.__file__", str(package / "scorer.py"))
    assert default_model() == package / "model" / "cuishou.onnx"
