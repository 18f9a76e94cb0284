"""The command ``cuishou tag``."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from itertools import islice
from typing import Annotated, Any, BinaryIO, TextIO

import typer

from cuishou import cli

#: Lines tagged together in a stream; small enough that a program that feeds us gets its answers soon.
BATCH = 2048
_BAD = {"zh": "有 {count} 行不是记录，已跳过", "en": "{count} lines were no records and are not in the output"}


def tag(
    text: Annotated[str | None, typer.Argument(help="一条短信；省略则从标准输入读取。 One message; else read from stdin.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='逐行处理标准输入的 {"text": …}。 Stream JSON Lines from stdin to stdout.')
    ] = False,
    lang: cli.LanguageOption = None,
    model: cli.ModelOption = None,
) -> None:
    """识别一条短信，或以 JSON Lines 批量识别。 Tag one message, or a stream of them."""
    from cuishou.scorer import ModelError, Scorer

    language = cli.language(lang)
    if jsonl and text is not None:
        raise typer.BadParameter("a TEXT and --jsonl exclude each other", param_hint="--jsonl")
    try:
        scorer = Scorer.load(model, threads=None if jsonl else 1)
    except ModelError as error:
        raise cli.fail(error) from None
    if jsonl:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
        if bad := _stream(scorer, sys.stdin.buffer, sys.stdout):
            raise cli.fail(_BAD[language].format(count=bad), cli.INCOMPLETE)
        return
    if text is None:
        text = sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n")
    (tagging,) = scorer.tag([text])
    print(_sentence(text, tagging, language))


def _sentence(text: str, tagging: Any, language: str) -> str:
    from cuishou.codes import TAG_NAMES, reason_name
    from cuishou.output.words import WORDS, percent, visible

    words = WORDS[language]
    sure = words["sure"].format(percent=percent(tagging))
    lines = [
        f"{TAG_NAMES[language][tagging.tag]} ({tagging.tag})  {sure}" + (f"  {words['review']}" if tagging.needs_review else "")
    ]
    for reason in tagging.reasons:
        kind = words["reasons" if reason.is_likely else "possibly"]
        lines.append(f"  {kind}: {reason_name(reason.code, language)} ({reason.code})")
    carried = dict.fromkeys(visible(text[span.start : span.end]).replace("\n", " ") for span in tagging.spans)
    if carried:
        lines.append(f"  {words['carried']}: " + " / ".join(carried))
    return "\n".join(lines)


def _stream(scorer: Any, source: BinaryIO, target: TextIO) -> int:
    """Tag the records of ``source`` in their order; returns how many lines were none. Each is named on standard error."""
    from cuishou.output.jsonl import line
    from cuishou.output.record import of_tagging
    from cuishou.output.words import visible

    bad = 0
    rows = enumerate(source, 1)
    while batch := list(islice(rows, BATCH)):
        records: list[dict[str, Any]] = []
        for number, row in batch:
            try:
                records += _record(row)
            except ValueError as error:
                bad += 1
                print(f"cuishou: standard input, line {number}: {visible(str(error))}", file=sys.stderr)
        for record, tagging in zip(records, scorer.tag(record["text"] for record in records), strict=True):
            target.write(line(_kept(record, found := of_tagging(tagging)) | found) + "\n")
        target.flush()
    return bad


def _record(row: bytes) -> list[dict[str, Any]]:
    """The record in a line, none in an empty one. Raises ValueError saying what is wrong."""
    try:
        text = row.decode("utf-8-sig")
        record = json.loads(text) if text.strip() else None
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 ({error.reason} at byte {error.start})") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error})") from None
    if not text.strip():
        return []
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ValueError(f'expected an object with a string "text", found {text.strip()[:60]}')
    return [record]


def _kept(record: dict[str, Any], found: Collection[str]) -> dict[str, Any]:
    """The input's fields in their order; one whose name we need, such as a label called ``tag``, goes on as ``input_tag``."""
    return {f"input_{name}" if name in found else name: value for name, value in record.items()}
