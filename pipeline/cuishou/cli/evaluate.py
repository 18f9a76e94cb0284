"""The command ``cuishou evaluate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cuishou import cli


def evaluate(
    file: Annotated[Path, typer.Argument(help="带标签的 CSV 文件或目录。 Labelled CSV file or folder.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。 Print JSON.")] = False,
    model: cli.ModelOption = None,
) -> None:
    """用带标签的短信检验模型。 Measure the model on labelled messages."""
    from cuishou import evaluation
    from cuishou.labels import LabelError, read_labels
    from cuishou.scorer import ModelError, Scorer

    try:
        labels = read_labels(file)
        taggings = Scorer.load(model).tag(label.text for label in labels)
    except (LabelError, ModelError) as error:
        raise cli.fail(error) from None
    result = evaluation.evaluate(labels, taggings)
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    else:
        _show(result)


def _show(result: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{result.messages} messages, accuracy {result.accuracy:.4f}, macro-F1 {result.macro_f1:.4f}", highlight=False)
    for title, scores in (("tag", result.tags), ("reason", result.reasons | {"(all reasons)": result.reasons_micro})):
        table = Table(title, "labelled", "said", "precision", "recall", "F1", box=None)
        for name, score in scores.items():
            ratios = (f"{value:.3f}" for value in (score.precision, score.recall, score.f1))
            table.add_row(name, str(score.true), str(score.said), *ratios)
        console.print(table)
    table = Table("labelled \\ tagged", *result.confusion, box=None)
    for true, row in result.confusion.items():
        table.add_row(true, *map(str, row.values()))
    console.print(table)
