"""The command ``cuishou review``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cuishou import cli

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cuishou.review import Item

#: What a file is for, by its ending, where ``--as`` does not say.
_BY_ENDING = {".xlsx": "xlsx", ".csv": "csv"}
_FORMS = ("xlsx", "label-studio", "doccano", "argilla")


def review(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="短信备份；加 --apply 时是填好的文件。 Backups; with --apply, what was filled in.",
            show_default=False,
            metavar="PATH...",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", help="写到哪个文件：review.xlsx，或标签 labels.csv。 The file to write.", show_default=False),
    ],
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="挑多少条。 How many messages to pick.")] = 50,
    apply: Annotated[bool, typer.Option("--apply", help="把填好的文件读成标签。 Read labels from what was filled in.")] = False,
    keys: Annotated[bool, typer.Option("--keys", help="在终端逐条按键标注。 Label at the terminal, a key each.")] = False,
    form_out: Annotated[
        str | None, typer.Option("--as", metavar="FORM", help=f"{'、'.join(_FORMS)}；默认 xlsx。 The form to write.")
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="脱敏：姓名、号码等换成代号，便于请人标注。 Stand-ins for names and numbers.")
    ] = False,
    redact_name: Annotated[list[str] | None, typer.Option(help="另须隐去的姓名，可重复。 A name to hide, too.")] = None,
    data: Annotated[Path, typer.Option(help="语料目录，已有的不再挑。 The corpus: what it holds is not picked.")] = Path("data"),
    form: cli.FormatOption = None,
    zone: cli.ZoneOption = None,
    columns: cli.MapOption = None,
    lang: cli.LanguageOption = None,
    model: cli.ModelOption = None,
) -> None:
    """挑出最值得人工标注的短信，并把标注读回成标签。 Pick the messages worth labelling, and read the labels back."""
    if form_out is not None and form_out not in _FORMS:
        raise typer.BadParameter(f"没有 {form_out!r}；可用的 (known): {', '.join(_FORMS)}", param_hint="--as")
    if out.exists() and not keys:
        english = "this exists and may hold somebody's work; choose another name"
        raise cli.fail(f"{out}: 已有这个文件，可能是别人填好的；请换一个名称 ({english})", cli.WRONG_USE)
    if apply:
        _apply(paths, out)
        return
    if keys != (out.suffix.lower() == ".csv"):
        english = "labels go to a .csv file: with --keys, or with --apply and what was filled in"
        chinese = "标签写进 .csv 文件：加 --keys 逐条标注，或加 --apply 读取填好的文件；挑出来待填的写进 .xlsx"
        raise cli.fail(f"{chinese} ({english})", cli.WRONG_USE)
    from cuishou.backup import UnreadableBackup, open_backup
    from cuishou.case import examine
    from cuishou.output.words import replaced_told, unmet_told
    from cuishou.redaction import Redaction, unmet
    from cuishou.redaction import redact as redacted
    from cuishou.review import known_texts, pick
    from cuishou.scorer import ModelError, Scorer

    language = cli.language(lang)
    try:
        scorer = Scorer.load(model)
        case = examine(open_backup(*paths, form=form, options=cli.options(zone, columns)), scorer)
        if redact or redact_name:
            if missed := unmet(case, redact_name or ()):
                print(unmet_told(missed, language))
            case = redacted(case, Redaction(language, tuple(redact_name or ())))
            print(replaced_told(case.replaced, language))
        known = known_texts(data)
        if known is None:
            english = f"no corpus at {data}; messages it may hold already are picked too"
            print(f"cuishou: {data} 里没有语料，语料中已有的短信也可能挑出来 ({english})", file=sys.stderr)
        items = pick(case, count, known)
        if keys:
            _ask(items, out, language)
        else:
            _write(items, out, language, form_out or "xlsx", case.model_version)
            print(f"挑出 {len(items)} 条 ({len(items)} messages) -> {out}")
    except (UnreadableBackup, ModelError) as error:
        raise cli.fail(error) from None
    except OSError as error:
        raise cli.unwritten(error, out) from None
    if case.missing:
        raise typer.Exit(cli.INCOMPLETE)


def _write(items: Sequence[Item], out: Path, language: str, form: str, version: str) -> None:
    from cuishou.review import exchange, sheet

    if form == "xlsx":
        sheet.write(items, out, language)
        return
    out.write_text(exchange.WRITERS[form](items, version), encoding="ascii")
    if form == "label-studio":
        config = out.with_suffix(".xml")
        config.write_text(exchange.LABEL_STUDIO_CONFIG, encoding="utf-8")
        print(f"标注界面 (labelling interface) -> {config}")


def _apply(paths: Sequence[Path], out: Path) -> None:
    from cuishou.backup.format import told
    from cuishou.labels import write_labels
    from cuishou.review import Reviewed, exchange, sheet

    found = Reviewed()
    for path in paths:
        try:
            read = exchange.read(path) if path.suffix.lower() in (".json", ".jsonl", ".ndjson") else sheet.read(path)
        except exchange.NotAnswers as error:
            raise cli.fail(error) from None
        except OSError as error:
            raise cli.fail(f"{path}: {told(error)}") from None
        found.labels += read.labels
        found.problems += read.problems
        found.unanswered += read.unanswered
    if found.problems:
        count = len(found.problems)
        english = f"{count} problems, all below; nothing was written: mend them and run this again"
        head = f"有 {count} 处不合适，全部列在下面；什么都没有写出，请改好后再运行一次 ({english})"
        raise cli.fail("\n".join([head, *found.problems]))
    if not found.labels:
        english = f"none of the {found.unanswered} messages has an answer yet; nothing was written"
        raise cli.fail(f"{found.unanswered} 条都还没有填，什么都没有写出 ({english})")
    try:
        write_labels(found.labels, out)
    except OSError as error:
        raise cli.unwritten(error, out) from None
    unanswered = f"{found.unanswered} 条没有填 ({found.unanswered} messages without an answer)"
    print(f"写出 {len(found.labels)} 个标签 ({len(found.labels)} labels) -> {out}；{unanswered}")


def _ask(items: Sequence[Item], out: Path, language: str) -> None:
    """Ask at the terminal; every answer is on disk before the next question. A file begun before is continued."""
    from typer import getchar

    from cuishou.labels import LabelError, read_labels, write_labels
    from cuishou.review import Answer, as_labels
    from cuishou.review.keys import ask

    try:
        labels = {label.id: label for label in read_labels(out)} if out.exists() else {}
    except LabelError as error:
        raise cli.fail(error) from None
    left = [item for item in items if item.id not in labels]
    for answer in ask(left, language, getchar, input, print):
        if isinstance(answer, Answer):
            labels.update({label.id: label for label in as_labels([answer]).labels})
        else:
            labels.pop(answer, None)
        beside = out.with_name(f".{out.name}.part")
        write_labels(labels.values(), beside)
        beside.replace(out)
    print(f"共 {len(labels)} 个标签 ({len(labels)} labels) -> {out}")
