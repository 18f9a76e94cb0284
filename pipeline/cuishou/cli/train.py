"""The command ``cuishou train``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuishou import cli


def train(
    data: Annotated[Path, typer.Option(help="语料目录。 The corpus: labels/, lexicon.txt, characters.tsv.")] = Path("data"),
    out: Annotated[Path, typer.Option(help="模型目录。 Where the model goes.")] = Path("model"),
) -> None:
    """用语料训练模型。 Train the model from the corpus (needs the extra [train])."""
    from cuishou.labels import LabelError

    try:
        from cuishou.training.parity import ParityError
        from cuishou.training.run import train as run
    except ModuleNotFoundError as error:
        raise cli.fail(f"training needs {error.name}; install it with: pip install 'cuishou[train]'", cli.WRONG_USE) from None
    try:
        run(data, out, tell=lambda line: typer.echo(line, err=True))
    except (LabelError, ParityError, OSError) as error:
        raise cli.fail(error) from None
