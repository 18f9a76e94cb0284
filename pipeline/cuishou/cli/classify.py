"""The command ``cuishou classify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuishou import cli


def classify(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="短信备份：文件、目录、.zip，或 - 表示标准输入。 Backups: files, folders, .zip, or - for standard input.",
            show_default=False,
            metavar="PATH...",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="写入 messages.jsonl、messages.csv、import.json 的目录。 Folder for the tables."),
    ] = None,
    form: cli.FormatOption = None,
    zone: cli.ZoneOption = None,
    columns: cli.MapOption = None,
    lang: cli.LanguageOption = None,
    model: cli.ModelOption = None,
) -> None:
    """识别备份中的每条短信并给出摘要。 Tag the messages of phone backups."""
    from rich.console import Console

    from cuishou.backup import UnreadableBackup, open_backup
    from cuishou.case import examine
    from cuishou.output import health, jsonl, table, terminal
    from cuishou.scorer import ModelError, Scorer

    language = cli.language(lang)
    try:
        scorer = Scorer.load(model)
        with _Progress(language) as progress:
            backup = open_backup(*paths, form=form, options=cli.options(zone, columns))
            case = examine(backup, scorer, progress)
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            jsonl.write(case.findings, out / "messages.jsonl")
            table.write(case.findings, out / "messages.csv", language)
            health.write(case.reports, case.skipped, out / "import.json")
    except (UnreadableBackup, ModelError) as error:
        raise cli.fail(error) from None
    except OSError as error:
        raise cli.fail(f"{error.filename or out}: {error.strerror}") from None
    console = Console()
    terminal.show(case, console, language)
    if out is not None:
        for name in ("messages.jsonl", "messages.csv", "import.json"):
            console.print(str(out / name), highlight=False, markup=False)
    if case.missing:
        raise typer.Exit(cli.INCOMPLETE)


class _Progress:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self, language: str) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        unit = "条" if language == "zh" else "messages"
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.completed:,} " + unit), TimeElapsedColumn())
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __call__(self, count: int) -> None:
        self._bar.advance(self._task, count)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
