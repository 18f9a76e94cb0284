"""The command ``cuishou classify``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cuishou import cli

if TYPE_CHECKING:
    from cuishou.backup import Backup
    from cuishou.selection import Selection
    from cuishou.stream import Stopped

_DAY = ["%Y-%m-%d"]
#: Files of this size hold more messages than one process tags in the time in which others start.
_MANY_BYTES = 4_000_000


def classify(  # noqa: C901 (a command with many options)
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
        typer.Option("-o", "--out", help="写入报告 report.html 和各种表格的目录。 Folder for report.html and the tables."),
    ] = None,
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="从这一天起。 From this day on.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="到这一天为止（含）。 Up to and including this day.")] = None,
    sender: Annotated[
        list[str] | None, typer.Option(help="署名或联系人的一部分，或完整号码，可重复。 Part of a signature, or a whole number.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="标签，如 疑似违法 或 unlawful，可重复。 Tags to show.")] = None,
    direction: Annotated[list[str] | None, typer.Option(help="in、out、draft、unknown，可重复。 Directions to show.")] = None,
    asked_to_stop: cli.AskedOption = None,
    not_the_debtor: Annotated[bool, typer.Option("--not-the-debtor", help="您不是债务人或担保人。 You owe nothing.")] = False,
    night: cli.NightOption = None,
    redact: Annotated[
        bool,
        typer.Option("--redact", help="脱敏：姓名、号码、证件号、卡号换成代号。 Stand-ins for names and numbers in every output."),
    ] = False,
    redact_name: Annotated[list[str] | None, typer.Option(help="另须隐去的姓名，可重复。 A name to hide, too.")] = None,
    redact_amounts: Annotated[bool, typer.Option("--redact-amounts", help="金额也隐去。 Hide amounts, too.")] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="另写 messages.parquet。 Write Parquet too.")] = False,
    evidence: Annotated[
        Path | None, typer.Option(metavar="PACK.zip", help="写一个证据包：报告、表格、原文件、清单。 Write a pack of evidence.")
    ] = None,
    run_time: cli.RunTimeOption = None,
    many: Annotated[
        bool | None,
        typer.Option("--cases/--one-case", help="目录中每一项是一个案件（默认：有两个以上子目录时）。 A case in each entry."),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="同时工作的进程数，默认等于核数。 Processes; default: all cores.")] = None,
    form: cli.FormatOption = None,
    zone: cli.ZoneOption = None,
    columns: cli.MapOption = None,
    lang: cli.LanguageOption = None,
    model: cli.ModelOption = None,
) -> None:
    """识别备份中的每条短信并给出摘要。 Tag the messages of phone backups."""
    from functools import partial

    from rich.console import Console

    from cuishou.backup import UnreadableBackup, open_backup
    from cuishou.cases import is_many
    from cuishou.cli.cases import classify_cases
    from cuishou.grounds import Grounds, GroundsError
    from cuishou.output import files, terminal
    from cuishou.output.evidence import to_note
    from cuishou.output.evidence import write as write_pack
    from cuishou.output.parquet import ParquetUnavailable, check
    from cuishou.output.words import WORDS, replaced_told, unmet_told
    from cuishou.redaction import Redaction, unmet
    from cuishou.redaction import redact as redacted
    from cuishou.scorer import ModelError, Scorer, default_model
    from cuishou.stream import Digest, Stopped, Summing, collect_seldom, cores, processes, run, tagged
    from cuishou.study import Study

    collect_seldom()
    language = cli.language(lang)
    if is_many(paths) if many is None else many:
        classify_cases(paths, out, language, model, jobs, cli.options(zone, columns), _Progress(language))
        return
    selection = _selection(since, until, sender, tag, direction)
    made = cli.run_time(run_time)
    written: list[Path] = []
    notes: list[str] = []
    if out is None and evidence is None and (asked_to_stop or not_the_debtor or night):
        notes.append(WORDS[language]["only_reports"])
    hide = redact or bool(redact_name) or redact_amounts
    cli.spare(out, evidence)
    _spare_earlier(out, evidence, hide and not parquet)
    most = _kept(hide or parquet or evidence is not None, out)
    jobs = jobs or cores()
    try:
        if parquet:
            check()
        grounds = Grounds.load()
        options = cli.counting(grounds, asked_to_stop, not_the_debtor, night)
        if jobs > 1 and _bytes(paths) > _MANY_BYTES:
            processes(Path(model or default_model()))  # they start while this one does
        scorer = Scorer.load(model, steady=True)
        with _Progress(language) as progress:
            backup = open_backup(*paths, form=form, options=cli.options(zone, columns))
            _spare_originals(backup, out)
            rows = files.table_rows(language) if out is not None else ()
            summing = Summing(selection.__contains__, rows, most != 0, most != 0, bool(selection.senders))
            batches = tagged(backup, scorer, Path(model or default_model()), jobs, summing)
            digest = Digest(scorer.metadata.version)
            opened = partial(files.open_tables, None if hide else out, language)
            case, paths = run(backup, batches, digest, opened, progress, summing, most)
            written += paths
        if isinstance(case, Digest):
            if not summing.explain:
                case.explain(scorer)
            notes += files.write_unkept(case, out, language, written)
        else:
            if hide:
                if missed := unmet(case, redact_name or ()):
                    notes.append(unmet_told(missed, language))
                case = redacted(case, Redaction(language, tuple(redact_name or ()), redact_amounts))
                notes.append(replaced_told(case.replaced, language))
            if out is not None or evidence is not None:
                study = Study.of(case, grounds, options)
                cli.heard(study.analysis)
            if out is not None:
                written += files.write(study, out, language, made, with_parquet=parquet)
        if evidence is not None:
            notes += write_pack(study, backup, evidence, language, made, Path(model or default_model()))
            notes.append(to_note(evidence, language))
            written.append(evidence)
    except Stopped as stopped:
        raise _stopped(stopped, language) from None
    except ParquetUnavailable:
        command = cli.install("parquet")
        english = f"Parquet needs pyarrow: run {command}, then this command again"
        raise cli.fail(f"写 Parquet 要另装 pyarrow：先运行 {command} ，再重新运行本命令 ({english})") from None
    except (UnreadableBackup, ModelError, GroundsError) as error:
        raise cli.fail(error) from None
    except OSError as error:
        raise cli.unwritten(error, out or evidence) from None
    console = Console()
    terminal.show(case, console, language, written=out is not None or evidence is not None)
    for path in written:
        console.print(str(path), highlight=False, markup=False, soft_wrap=True)
    for note in notes:
        console.print(note, highlight=False, markup=False, soft_wrap=True)
    if case.missing or backup.failed:
        raise typer.Exit(cli.INCOMPLETE)


def _bytes(paths: list[Path]) -> int:
    """Bytes in those of ``paths`` that are files."""
    return sum(path.stat().st_size for path in paths if path.is_file())


def _kept(whole: bool, out: Path | None) -> int | None:
    """How many findings have to be kept: all where the ``whole`` is needed, few enough for a report, or none for a summary."""
    from cuishou.stream import LARGE

    if whole:
        return None
    return LARGE if out is not None else 0


def _stopped(stopped: Stopped, language: str) -> typer.Exit:
    """Say how far a run came that was stopped by hand, and where what it wrote is."""
    from cuishou.output import files
    from cuishou.output.words import WORDS

    if stopped.paths:
        files.write_health(stopped.digest, stopped.paths[0].parent, stopped=True)
    places = ", ".join(map(str, stopped.paths)) or "-"
    return cli.fail(WORDS[language]["stopped"].format(count=stopped.digest.messages, places=places), cli.STOPPED)


def _spare_earlier(out: Path | None, evidence: Path | None, hide: bool) -> None:
    """Refuse to write over a pack, whose hash may be noted, and to ``hide`` in a folder where something would stay in the clear."""
    from cuishou.output.files import PARQUET

    if evidence is not None and evidence.exists():
        english = "this is there, and its SHA-256 may have been noted; choose another name, or move it away"
        raise cli.fail(f"{evidence}: 已经存在，它的 SHA-256 可能已经记下；请换一个名称，或先把它移走 ({english})", cli.WRONG_USE)
    if hide and out is not None and (out / PARQUET).exists():
        english = "this is from an earlier run, is not redacted, and would stay beside what is; delete it, or choose another folder"
        raise cli.fail(
            f"{out / PARQUET}: 上次写的，没有脱敏，会留在脱敏的文件旁边；请先删掉，或换一个目录 ({english})", cli.WRONG_USE
        )


def _spare_originals(backup: Backup, out: Path | None) -> None:
    """Refuse to write over what is read: the backup may be the only one there is."""
    from cuishou.backup.originals import is_original
    from cuishou.output.files import NAMES, PARQUET

    targets = [out / name for name in (*NAMES, PARQUET)] if out is not None else []
    for path in targets:
        if is_original(backup, path):
            english = "this is read and cannot be written to; choose another name or folder"
            raise cli.fail(f"{path}: 这是要读取的文件，不能写在上面；请换一个名称或目录 ({english})", cli.WRONG_USE)


def _selection(
    since: datetime | None, until: datetime | None, senders: list[str] | None, tags: list[str] | None, directions: list[str] | None
) -> Selection:
    from typing import get_args

    from cuishou.codes import TAG_NAMES
    from cuishou.message import TAGS, Direction
    from cuishou.selection import Selection

    if since and until and since > until:
        english = f"--since {since.date()} is after --until {until.date()}: no day is in between"
        raise typer.BadParameter(
            f"起始日 {since.date()} 晚于截止日 {until.date()}，中间没有任何一天 ({english})", param_hint="--since"
        )
    called = {name: tag for names in TAG_NAMES.values() for tag, name in names.items()}
    tags = [called.get(name.strip(), name.strip()) for name in tags or ()]
    known = {"--tag": (tags, TAGS), "--direction": (directions, get_args(Direction))}
    for option, (chosen, names) in known.items():
        for name in chosen or ():
            if name not in names:
                listed = "、".join(TAG_NAMES["zh"][tag] for tag in TAGS) + "；" if option == "--tag" else ""
                raise typer.BadParameter(f"没有 {name!r}；可用的：{listed}(known) {', '.join(names)}", param_hint=option)
    return Selection(
        since.date() if since else None,
        until.date() if until else None,
        tuple(senders or ()),
        tuple(tags or ()),  # type: ignore[arg-type]  # checked above
        tuple(directions or ()),  # type: ignore[arg-type]
    )


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
