import json
from pathlib import Path

import pytest

from cuishou.codes import REASONS
from cuishou.message import TAGS
from cuishou.review import exchange
from cuishou.review.item import id_of
from tests.review.items import THREAT, parcel, threat

START = THREAT.index("打断腿")


def read(tmp_path: Path, written: object) -> exchange.Reviewed:
    path = tmp_path / "answers.json"
    path.write_text(written if isinstance(written, str) else json.dumps(written), encoding="utf-8")
    return exchange.read(path)


def result(kind: str, **value: object) -> dict[str, object]:
    return {"from_name": "x", "to_name": "text", "type": kind, "value": value}


def task(*results: dict[str, object], **annotation: object) -> dict[str, object]:
    """A task as Label Studio exports it, answered."""
    return {**json.loads(exchange.label_studio([threat()], "m"))[0], "annotations": [{"result": list(results), **annotation}]}


UNLAWFUL = result("choices", choices=["unlawful"])
REGION = result("labels", start=START, end=START + 3, text="打断腿", labels=["THREAT_VIOLENCE"])


@pytest.mark.parametrize("form", exchange.WRITERS)
def test_nothing_to_label(form: str, tmp_path: Path):
    assert read(tmp_path, exchange.WRITERS[form]([], "m")) == exchange.Reviewed()


@pytest.mark.parametrize("form", exchange.WRITERS)
def test_what_nobody_answered_is_no_label(form: str, tmp_path: Path):
    """Above all the model's own guess is none."""
    written = exchange.WRITERS[form]([threat(), parcel()], "m")
    assert written.isascii()
    assert read(tmp_path, written) == exchange.Reviewed(unanswered=2)


def test_label_studio_gets_the_guess():
    (given,) = json.loads(exchange.label_studio([threat()], "model 1"))
    (prediction,) = given["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("model 1", 0.8)
    choice, region = prediction["result"]
    assert choice["value"] == {"choices": ["unlawful"]}
    assert region["value"] == {"start": START, "end": START + 7, "text": "打断腿😀，小心", "labels": ["THREAT_VIOLENCE"]}


def test_label_studio_interface_knows_every_tag_and_code():
    assert all(f'value="{name}"' in exchange.LABEL_STUDIO_CONFIG for name in (*TAGS, *REASONS))


def test_from_label_studio(tmp_path: Path):
    cancelled = {"result": [result("choices", choices=["other"])], "was_cancelled": True}
    answered = task(UNLAWFUL, REGION)
    answered["annotations"].append(cancelled)
    (label,) = read(tmp_path, [answered]).labels
    assert (label.id, label.text, label.tag) == (id_of(THREAT), THREAT, "unlawful")
    assert (label.reasons, label.evidence) == (("THREAT_VIOLENCE",), ("打断腿",))


def test_the_newest_annotation_counts(tmp_path: Path):
    answered = task(result("choices", choices=["other"]), updated_at="2026-05-01T08:00:00Z")
    answered["annotations"].append({"result": [result("choices", choices=["pressure"])], "updated_at": "2026-05-02T08:00:00Z"})
    assert read(tmp_path, [answered]).labels[0].tag == "pressure"


def test_places_that_count_an_emoji_as_two(tmp_path: Path):
    start = THREAT.index("小心出门")
    region = result("labels", start=start + 1, end=start + 5, text="小心出门", labels=["THREAT_VIOLENCE"])
    assert read(tmp_path, [task(UNLAWFUL, region)]).labels[0].evidence == ("小心出门",)


def test_of_several_spans_of_a_code_the_longest_is_kept(tmp_path: Path):
    short = result("labels", start=0, end=2, text=THREAT[:2], labels=["THREAT_VIOLENCE"])
    assert read(tmp_path, [task(UNLAWFUL, short, REGION)]).labels[0].evidence == ("打断腿",)


def test_from_doccano(tmp_path: Path):
    record = json.loads(exchange.doccano([threat()], "m"))
    record |= {"id": 7, "cats": ["unlawful"], "entities": [[START, START + 3, "THREAT_VIOLENCE"]], "Comments": []}
    (label,) = read(tmp_path, json.dumps(record) + "\n\n").labels
    assert (label.id, label.tag, label.evidence) == (id_of(THREAT), "unlawful", ("打断腿",))


def test_from_argilla(tmp_path: Path):
    (record,) = json.loads(exchange.argilla([threat()], "m"))
    record["responses"] = {
        "tag": [{"value": "unlawful", "user_id": "u"}],
        "reasons": [{"value": [{"start": START, "end": START + 3, "label": "THREAT_VIOLENCE"}], "user_id": "u"}],
    }
    (label,) = read(tmp_path, [record]).labels
    assert (label.id, label.tag, label.evidence) == (id_of(THREAT), "unlawful", ("打断腿",))


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"hello": 1}, "neither a task of Label Studio"),
        ("text", "neither a task of Label Studio"),
        ({"text": THREAT, "cats": ["other", "pressure"]}, "one tag is needed, found other, pressure"),
        ({"text": THREAT, "cats": ["rude"]}, "unknown tag 'rude'"),
        ({"text": THREAT, "cats": ["unlawful"], "entities": []}, "unlawful without a reason code"),
        ({"text": THREAT, "cats": ["unlawful"], "entities": [[0, 999, "INSULT"]]}, "outside of the text"),
        ({"text": THREAT, "cats": ["unlawful"], "entities": [[0, 2]]}, "not enough values"),
        ({"text": THREAT + "!", "cats": ["other"], "review_id": id_of(THREAT)}, "the text is not the one"),
        ({"text": THREAT, "cats": 5}, "not as the program writes it"),
        ({"data": {"text": THREAT}, "annotations": [{"result": [{"type": "choices"}]}]}, "not as the program writes it"),
        (
            {"data": {"text": THREAT}, "annotations": [{"result": [REGION | {"value": {**REGION["value"], "text": "别的"}}]}]},
            "are not at",
        ),
        ({"fields": {"text": THREAT}, "responses": {"tag": [{"value": "other"}, {"value": "pressure"}]}}, "one tag is needed"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(tmp_path: Path, record: object, complaint: str):
    found = read(tmp_path, [record])
    assert found.labels == []
    assert "record 1" in found.problems[0]
    assert complaint in found.problems[0]


@pytest.mark.parametrize("content", [b"not json", b'{"a": 1}\nnot json', "还款".encode("gb18030")])
def test_not_json(tmp_path: Path, content: bytes):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(exchange.NotAnswers):
        exchange.read(tmp_path / "a.json")
