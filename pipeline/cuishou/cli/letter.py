"""The command ``cuishou letter``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cuishou import cli

if TYPE_CHECKING:
    from datetime import datetime

    from cuishou.letter import Budget, Letter, Matter


def letter(
    kind: Annotated[
        str, typer.Argument(help="stop 停止不当催收，statement 说明债务，plan 协商还款，complaint 投诉。", show_default=False)
    ],
    paths: Annotated[list[Path], typer.Argument(help="短信备份文件。 Backup files.", show_default=False, metavar="PATH...")],
    sender: Annotated[str | None, typer.Option(help="写给哪个发送方：署名或号码。 Whom it is about: signature or number.")] = None,
    sender_kind: Annotated[str | None, typer.Option(help="发送方类型，如 银行 或 bank；默认按署名判断。 Kind of sender.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写入 .docx 与 .txt 的目录；省略则显示。 Folder.")] = None,
    asked_to_stop: cli.AskedOption = None,
    not_the_debtor: Annotated[bool, typer.Option("--not-the-debtor", help="您不是债务人或担保人。 You owe nothing.")] = False,
    night: cli.NightOption = None,
    name: Annotated[str, typer.Option(help="您的姓名。 Your name.")] = "",
    contact: Annotated[str, typer.Option(help="您的联系方式。 How to reach you.")] = "",
    income: Annotated[str | None, typer.Option(help="每月收入（元）。 Monthly income in yuan.")] = None,
    outgoing: Annotated[list[str] | None, typer.Option(help="每月固定支出，如 房租=1500，可多次。 A monthly outgoing.")] = None,
    owed: Annotated[str | None, typer.Option(help="剩余应还总额（元）。 What is still owed.")] = None,
    offer: Annotated[str | None, typer.Option(help="每月可还（元），默认为结余的八成。 What you offer a month.")] = None,
    form: cli.FormatOption = None,
    zone: cli.ZoneOption = None,
    columns: cli.MapOption = None,
    run_time: cli.RunTimeOption = None,
    model: cli.ModelOption = None,
) -> None:
    """起草函件：停止不当催收、说明债务、协商还款、投诉。 Draft a letter in Chinese from what a backup shows."""
    from cuishou.backup import UnreadableBackup, open_backup
    from cuishou.backup.format import told
    from cuishou.case import examine
    from cuishou.grounds import Grounds, GroundsError
    from cuishou.letter import TITLES, LetterError, Matter, Writer, write
    from cuishou.scorer import ModelError, Scorer
    from cuishou.study import Study

    if kind not in TITLES:
        raise typer.BadParameter(f"没有 {kind!r}；可用的 (known): {', '.join(TITLES)}", param_hint="KIND")
    cli.spare(out)
    made = cli.run_time(run_time)
    try:
        grounds = Grounds.load()
        options = cli.counting(grounds, asked_to_stop, not_the_debtor, night)
        budget = _budget(income, outgoing or [], owed, offer)
        backup = open_backup(*paths, form=form, options=cli.options(zone, columns))
        case = examine(backup, Scorer.load(model), named=(sender,) if sender else ())
        study = Study.of(case, grounds, options)
        cli.heard(study.analysis)
        matter = Matter.of(study.analysis, grounds, sender, sender_kind, Writer(name, contact), budget, study.numbers)
        draft = write(kind, matter)
    except LetterError as error:
        raise cli.fail(error, cli.WRONG_USE) from None
    except (UnreadableBackup, ModelError, GroundsError) as error:
        raise cli.fail(error) from None
    except OSError as error:
        raise cli.fail(f"{error.filename}: {told(error)}") from None
    if out is None:
        typer.echo(draft.text(), nl=False)
        typer.echo(f"\n{'-' * 32}\n{draft.notes_text()}", nl=False, err=True)  # apart, so that a letter that is redirected has none
    else:
        _save(draft, matter, out, made)
    if backup.failed:
        raise cli.fail("\n".join(backup.failed), cli.INCOMPLETE)
    if case.missing:
        raise typer.Exit(cli.INCOMPLETE)


def _save(draft: Letter, matter: Matter, out: Path, made: datetime) -> None:
    """Write the draft as text and as a Word file, and its notes beside it.

    What is there already may have been worked on, and stays. Only a Word file that is missing beside the same text is added.
    """
    stem = f"letter-{draft.kind}-{_file_name(matter)}"
    word = out / f"{stem}.docx"
    texts = {out / f"{stem}.txt": draft.text(), out / f"{stem}-notes.txt": draft.notes_text()}
    try:
        for path in (word, *texts):
            if path.exists() and (path == word or path.read_bytes() != texts[path].encode()):
                english = "this is there already and may have been worked on; move it away or choose another folder"
                raise cli.fail(f"{path}: 已有这个文件，可能已经改过；请先移走，或换一个目录 ({english})", cli.WRONG_USE)
        out.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8", newline="\n")
            typer.echo(path)
        from cuishou.output import docx

        docx.write(draft, word, made)
    except ModuleNotFoundError as error:
        command = cli.install("letters")
        english = f"the text is written; a Word file needs {error.name}: run {command}, then this command again"
        typer.echo(f"cuishou: 文本已写出。要 Word 文件，先运行 {command} ，再重新运行本命令 ({english})", err=True)
        return
    except OSError as error:
        raise cli.unwritten(error, out) from None
    typer.echo(word)


def _file_name(matter: Matter) -> str:
    party = matter.group.party
    assert party is not None  # a letter is about one sender
    return "".join(character for character in party.name if character.isalnum())[:24] or "sender"


def _budget(income: str | None, outgoings: list[str], owed: str | None, offer: str | None) -> Budget:
    from cuishou.letter import Budget, amount

    parts = [part.replace("＝", "=").partition("=") for part in outgoings]
    for name, sign, _ in parts:
        if not sign or not name.strip():
            raise typer.BadParameter(f"请写成 房租=1500 ({name!r}: write it so)", param_hint="--outgoing")
    return Budget(
        income=None if income is None else amount(income),
        outgoings=tuple((name.strip(), amount(value)) for name, _, value in parts),
        owed=None if owed is None else amount(owed),
        offer=None if offer is None else amount(offer),
    )
