"""The command ``cuishou tag``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, TextIO

import typer

from cuishou import cli

#: Lines tagged together in a stream; small enough that a program that feeds us gets its answers soon.
BATCH = 2048


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
        _stream(scorer, sys.stdin, sys.stdout)
        return
    if text is None:
        text = sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n")
    (tagging,) = scorer.tag([text])
    print(_sentence(text, tagging, language))


def _sentence(text: str, tagging: Any, language: str) -> str:
    from cuishou.codes import TAG_NAMES, reason_name
    from cuishou.output.words import WORDS, visible

    words = WORDS[language]
    sure = words["sure"].format(percent=int(100 * tagging.probabilities[tagging.tag]))
    lines = [
        f"{TAG_NAMES[language][tagging.tag]} ({tagging.tag})  {sure}" + (f"  {words['review']}" if tagging.needs_review else "")
    ]
    lines += [f"  {words['reasons']}: {reason_name(reason.code, language)} ({reason.code})" for reason in tagging.reasons]
    carried = dict.fromkeys(visible(text[span.start : span.end]).replace("\n", " ") for span in tagging.spans)
    if carried:
        lines.append(f"  {words['carried']}: " + " / ".join(carried))
    return "\n".join(lines)


def _stream(scorer: Any, source: TextIO, target: TextIO) -> None:
    """Tag the records of ``source``; the first that is none ends the run with status 3, what came before it is written."""
    from cuishou.output.jsonl import line
    from cuishou.output.record import of_tagging

    for stream in (source, target):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", newline="\n")
    records = _records(source)
    while True:
        batch: list[dict[str, Any]] = []
        fault = None
        try:
            batch.extend(record for record in islice(records, BATCH))
        except ValueError as error:
            fault = error
        for record, tagging in zip(batch, scorer.tag(record["text"] for record in batch), strict=True):
            target.write(line(record | of_tagging(tagging)) + "\n")
        target.flush()
        if fault is not None:
            raise cli.fail(fault)
        if len(batch) < BATCH:
            return


def _records(source: TextIO) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(source, 1):
        if not row.strip():
            continue
        try:
            record = json.loads(row)
        except ValueError as error:
            raise ValueError(f"standard input, line {number}: not JSON ({error})") from None
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise ValueError(f'standard input, line {number}: expected an object with a string "text", found {row.strip()[:60]}')
        yield record
