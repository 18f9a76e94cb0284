"""Messages for other programs to label them in, and what comes back: Label Studio, doccano and Argilla.

Each has a function that writes items with the model's guess, and one that reads answers. What was read against which client
library is in ``tests/review/test_clients.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cuishou.codes import REASONS
from cuishou.message import TAGS
from cuishou.review.item import Answer, Item, Reviewed, as_labels

#: A span of the text with the code that it shows: start, end, code.
Marked = tuple[int, int, str]

#: The labelling interface to paste into a Label Studio project: one choice of a tag, spans for the codes.
LABEL_STUDIO_CONFIG = """\
<View>
  <Labels name="reasons" toName="text">
{codes}
  </Labels>
  <Text name="text" value="$text"/>
  <Choices name="tag" toName="text" choice="single" required="true" showInLine="true">
{tags}
  </Choices>
</View>
""".format(
    codes="\n".join(f'    <Label value="{code}"/>' for code in REASONS),
    tags="\n".join(f'    <Choice value="{tag}"/>' for tag in TAGS),
)


class NotAnswers(ValueError):
    """A file holds no answers of a program that we know; the message says what it holds."""


def marked(item: Item) -> list[Marked]:
    """The model's spans of codes, in the order of the text."""
    return sorted((span.start, span.end, span.label) for span in item.tagging.spans if span.label in REASONS)


def label_studio(items: Sequence[Item], version: str) -> str:
    """Tasks with predictions, as Label Studio imports them (JSON). Places are code points."""
    return json.dumps([_task(item, version) for item in items], indent=1)


def _task(item: Item, version: str) -> dict[str, Any]:
    choice = {
        "id": f"{item.id}-tag",
        "from_name": "tag",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [item.tagging.tag]},
    }
    regions = [
        {
            "id": f"{item.id}-{number}",
            "from_name": "reasons",
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "text": item.text[start:end], "labels": [code]},
        }
        for number, (start, end, code) in enumerate(marked(item))
    ]
    score = item.tagging.probabilities[item.tagging.tag]
    prediction = {"model_version": version, "score": score, "result": [choice, *regions]}
    return {"data": {"id": item.id, "text": item.text}, "predictions": [prediction]}


def doccano(items: Sequence[Item], version: str) -> str:
    """JSON Lines for a project of the kind "intent detection and slot filling": ``cats`` the tag, ``entities`` the codes' spans.

    Both are left for a person to fill: doccano keeps no predictions apart from labels, and a guess that nobody looked at would come
    back as an answer. The guess is shown beside the message. In ASCII, for doccano guesses the encoding.
    """
    return "".join(json.dumps(_example(item, version)) + "\n" for item in items)


def _example(item: Item, version: str) -> dict[str, Any]:
    shown = {"review_id": item.id, "guess": " ".join((item.tagging.tag, *(code for code, _ in item.guess))), "model": version}
    return {"text": item.text, "cats": [], "entities": [], **shown}


def argilla(items: Sequence[Item], version: str) -> str:
    """Records as ``rg.Dataset.records.from_json`` reads them, with suggestions for the questions ``tag`` and ``reasons``."""
    return json.dumps([_record(item, version) for item in items], indent=1)


def _record(item: Item, version: str) -> dict[str, Any]:
    tag: dict[str, Any] = {"value": item.tagging.tag, "score": item.tagging.probabilities[item.tagging.tag], "agent": version}
    suggestions = {"tag": tag}
    if spans := marked(item):
        suggestions["reasons"] = {
            "value": [{"start": start, "end": end, "label": code} for start, end, code in spans],
            "score": None,
            "agent": version,
        }
    return {
        "id": item.id,
        "fields": {"text": item.text},
        "metadata": {},
        "suggestions": suggestions,
        "responses": {},
        "vectors": {},
    }


#: Writers by the name that the command takes.
WRITERS: Mapping[str, Callable[[Sequence[Item], str], str]] = {
    "label-studio": label_studio,
    "doccano": doccano,
    "argilla": argilla,
}


def read(path: Path) -> Reviewed:
    """Read what one of the programs exported; which, is told by its content. What does not fit is named by its place.

    Raises :class:`NotAnswers` and ``OSError``.
    """
    answers: list[Answer] = []
    problems: list[str] = []
    unanswered = 0
    for number, record in enumerate(_records(path), 1):
        where = f"第{number}条 ({path}, record {number})"
        try:
            answer = _reader(record)(record, where)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            problems.append(f"{where}: 不是标注程序导出的样子，请重新导出 (not as the program writes it: {error!r})")
        except ValueError as error:
            problems.append(f"{where}: {error}")
        else:
            answers += [answer] if answer else []
            unanswered += answer is None
    return as_labels(answers, unanswered, problems)


def _records(path: Path) -> Iterator[Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        english = "not UTF-8, so none of the programs wrote it"
        raise NotAnswers(f"{path}: 不是 UTF-8 编码，不会是标注程序导出的；请重新导出 ({english})") from None
    try:
        whole = json.loads(text)
    except ValueError:
        for number, line in enumerate(filter(str.strip, text.split("\n")), 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise NotAnswers(f"{path}: 第{number}行不是 JSON，请重新导出 (line {number}: not JSON, {error})") from None
        return
    yield from whole if isinstance(whole, list) else [whole]


def _reader(record: Any) -> Callable[[Any, str], Answer | None]:
    if isinstance(record, dict):
        if isinstance(record.get("data"), dict):
            return _from_label_studio
        if isinstance(record.get("fields"), dict):
            return _from_argilla
        if "text" in record and "cats" in record:
            return _from_doccano
    english = "neither a task of Label Studio, nor a record of Argilla, nor one of doccano"
    raise ValueError(f"不是 Label Studio、Argilla 或 doccano 的记录 ({english}: {json.dumps(record)[:60]})")


def _from_label_studio(task: Any, where: str) -> Answer | None:
    """The newest annotation that was not cancelled."""
    annotations = [one for one in task.get("annotations", ()) if not one.get("was_cancelled")]
    if not annotations:
        return None
    text = task["data"]["text"]
    results = max(annotations, key=lambda one: str(one.get("updated_at") or one.get("created_at") or ""))["result"]
    tags = [choice for result in results if result["type"] == "choices" for choice in result["value"]["choices"]]
    spans = [
        (*_place(text, result["value"]), code)
        for result in results
        if result["type"] == "labels"
        for code in result["value"]["labels"]
    ]
    return _answer(str(task["data"].get("id", "")), text, tags, spans, where)


def _place(text: str, value: Mapping[str, Any]) -> tuple[int, int]:
    """Where a region is. Its places are those of the page, which may count an emoji as two; its words settle it."""
    start, end, words = int(value["start"]), int(value["end"]), value.get("text")
    if words is None or text[start:end] == words:
        return start, end
    units = text.encode("utf-16-le")
    if units[2 * start : 2 * end].decode("utf-16-le", "replace") == words:
        before = len(units[: 2 * start].decode("utf-16-le"))
        return before, before + len(words)
    raise ValueError(f"标出的“{words}”不在正文的那个位置 (the words {words!r} are not at {start} to {end} of the text)")


def _from_doccano(record: Any, where: str) -> Answer | None:
    if not record["cats"]:
        return None
    spans = [(int(start), int(end), str(code)) for start, end, code in record.get("entities", ())]
    return _answer(str(record.get("review_id", "")), record["text"], record["cats"], spans, where)


def _from_argilla(record: Any, where: str) -> Answer | None:
    """The first response; suggestions are the model's, not a person's."""
    responses = record.get("responses") or {}
    if not responses.get("tag"):
        return None
    text = record["fields"]["text"]
    marks = responses["reasons"][0]["value"] if responses.get("reasons") else []
    spans = [(int(mark["start"]), int(mark["end"]), str(mark["label"])) for mark in marks]
    return _answer(str(record.get("id") or ""), text, [response["value"] for response in responses["tag"]], spans, where)


def _answer(name: str, text: str, tags: Iterable[str], spans: Iterable[Marked], where: str) -> Answer:
    said = list(dict.fromkeys(tags))
    if len(said) != 1:
        raise ValueError(f"每条要有一个标签，现有{len(said)}个 (one tag is needed, found {', '.join(said) or 'none'})")
    longest: dict[str, str] = {}
    for start, end, code in sorted(spans):
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{code} 标到了正文之外 ({code} is marked from {start} to {end}, outside of the text)")
        if end - start > len(longest.get(code, "")):
            longest[code] = text[start:end]
    return Answer(name, text, said[0], tuple(longest.items()), where=where)
