"""The command ``cuishou train``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from cuishou import cli


def train(
    labels: Annotated[
        list[Path] | None,
        typer.Argument(
            help="新标签：文件或目录。 New labels beside the corpus: files or folders.", metavar="LABELS...", show_default=False
        ),
    ] = None,
    data: Annotated[Path, typer.Option(help="语料目录。 The corpus: labels/, lexicon.txt, characters.tsv.")] = Path("data"),
    out: Annotated[Path, typer.Option(help="模型目录。 Where the model goes.")] = Path("model"),
    keep: Annotated[
        bool, typer.Option("--keep", help="模型换新后，把新标签存入语料目录。 Keep the new labels in the corpus.")
    ] = False,
    accept_worse: Annotated[
        bool,
        typer.Option(
            "--accept-worse", envvar="ACCEPT_WORSE", help="即使变差也换上新模型，并写入模型卡。 Take the model even if it is worse."
        ),
    ] = False,
) -> None:
    """用语料和新标签训练模型；新模型不比旧的差才换上。 Train the model; it replaces the old one only if it is no worse."""
    from cuishou.labels import LabelError
    from cuishou.output.words import visible

    try:
        from cuishou.training.parity import ParityError
        from cuishou.training.run import Held
        from cuishou.training.run import train as run
    except ModuleNotFoundError as error:
        command = cli.install("train")
        english = f"training needs {error.name}: run {command}, then this command again"
        raise cli.fail(f"训练要另装 {error.name}：先运行 {command} ，再重新运行本命令 ({english})", cli.WRONG_USE) from None
    begin = time.monotonic()

    def tell(line: str) -> None:
        typer.echo(f"{time.monotonic() - begin:4.0f} s  {visible(line)}", err=True)

    try:
        run(data, out, tell, labels or (), accept_worse, keep)
    except Held as held:
        advice = f"the new model is worse: {out} stays as it was. Mend the labels, or take it all the same with ACCEPT_WORSE=1"
        raise cli.fail(f"{held}\n{advice}", cli.HELD) from None
    except (LabelError, ParityError, OSError) as error:
        raise cli.fail(error) from None
