"""The command line: parses, calls, prints. What it does is done elsewhere."""

from __future__ import annotations

import locale
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from cuishou.backup import Options
    from cuishou.grounds import Grounds
    from cuishou.rhythm import Analysis
    from cuishou.rhythm import Options as Counting

Language = Literal["zh", "en"]

#: ``UNREADABLE`` stands for what cannot be written as well.
DONE, WRONG_USE, UNREADABLE, INCOMPLETE, ALTERED, HELD = 0, 2, 3, 4, 5, 6
STOPPED = 130  # as a shell has it for an interrupt

app = typer.Typer(
    name="cuishou",
    help="识别手机短信备份中的催收短信，全程离线。 Tags debt-collection SMS in a phone's backup, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

LanguageOption = Annotated[
    str | None, typer.Option("--lang", help="界面语言 zh 或 en，默认随系统。 Language of the output, zh or en.")
]
ModelOption = Annotated[str | None, typer.Option("--model", help="模型文件。 Model file; default: the one that came with cuishou.")]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="备份格式，默认按内容识别。 Format of the backup; default: by its content."),
]
ZoneOption = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help="未注明时区的时间所在时区，默认 Asia/Shanghai。 Zone of times written without one, such as +08:00.",
    ),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help="表格的列，如 body=短信内容，可重复。 A table's column; fields: body address date ..."
    ),
]


AskedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--asked-to-stop",
        metavar="DATE[=SENDER]",
        help="您要求停止联系的日期，可写明向谁，如 2026-05-01=蜂巢分期，可重复。 The day you asked them to stop.",
    ),
]
NightOption = Annotated[str | None, typer.Option("--night", help="夜间时段，默认 22:00-08:00。 What counts as night.")]


def counting(grounds: Grounds, asked: list[str] | None, not_the_debtor: bool, night: str | None) -> Counting:
    """What to count by: the thresholds of ``grounds``, changed by ``--asked-to-stop``, ``--not-the-debtor`` and ``--night``."""
    from dataclasses import replace

    from cuishou.rhythm import Asked, Night
    from cuishou.rhythm import Options as Counting

    days = tuple(_parsed(Asked.parse, text, "--asked-to-stop") for text in asked or ())
    found = replace(Counting.of(grounds), asked_to_stop=days, not_the_debtor=not_the_debtor)
    return found if night is None else replace(found, night=_parsed(Night.parse, night, "--night"))


def heard(analysis: Analysis) -> None:
    """Refuse a sender of ``--asked-to-stop`` who sent nothing: a name mistyped would count nothing, and not say so."""
    if analysis.unheard:
        names = "、".join(analysis.unheard)
        english = f"no sender of collection messages is called {names}"
        raise fail(f"--asked-to-stop: 发催收短信的没有叫“{names}”的；请核对署名或号码 ({english})", WRONG_USE)


_Value = TypeVar("_Value")


def _parsed(parse: Callable[[str], _Value], text: str, option: str) -> _Value:
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def options(zone: str | None, columns: list[str] | None) -> Options:
    """How to read what a backup leaves open, from ``--tz`` and ``--map``."""
    from cuishou.backup.format import Options
    from cuishou.backup.table import SYNONYMS

    named: dict[str, str] = {}
    for entry in columns or []:
        field, sign, column = entry.partition("=")
        if not sign or not column or field not in SYNONYMS:
            raise typer.BadParameter(
                f"请写成 字段=列名，如 body=短信内容 ({entry!r}: FIELD=COLUMN); 字段 (fields): {', '.join(SYNONYMS)}",
                param_hint="--map",
            )
        named[field] = column
    return Options(_zone(zone), named) if zone else Options(columns=named)


def _zone(name: str) -> tzinfo:
    import re
    from datetime import timedelta, timezone
    from zoneinfo import ZoneInfo

    if found := re.fullmatch(r"([+-])(\d\d?):?(\d\d)?", name):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(
            f"请写成 Asia/Shanghai 或 +08:00 ({name!r}: a name such as Asia/Shanghai, or +08:00)", param_hint="--tz"
        ) from None


RunTimeOption = Annotated[
    str | None,
    typer.Option("--run-time", help="写入的生成时间，默认现在。 Time of making, such as 2026-11-23T12:00+08:00."),
]


def run_time(given: str | None) -> datetime:
    """The time given by ``--run-time``, or now, on China's clock as every time in the outputs."""
    from datetime import datetime

    from cuishou.message import CHINA

    if given is None:
        return datetime.now(CHINA)
    try:
        moment = datetime.fromisoformat(given.replace("Z", "+00:00"))  # Python 3.10 knows no Z
    except ValueError:
        raise typer.BadParameter(f"请写成 2026-11-23T12:00:00+08:00 ({given!r}: write it so)", param_hint="--run-time") from None
    return moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)


def language(chosen: str | None) -> Language:
    """``chosen`` if it is known, else the system's: Chinese for a Chinese locale, English otherwise."""
    if chosen in ("zh", "en"):
        return chosen  # type: ignore[return-value]  # narrowed to the two literals
    if chosen is not None:
        raise typer.BadParameter(f"{chosen!r}：只有 zh 和 en (zh or en)", param_hint="--lang")
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next((value for value in variables if value), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def fail(message: object, status: int = UNREADABLE) -> typer.Exit:
    """Say what is wrong on standard error; returns the exit to raise."""
    from cuishou.output.words import visible

    print("cuishou: " + "\n".join(map(visible, str(message).split("\n"))), file=sys.stderr)
    return typer.Exit(status)


def unwritten(error: OSError, path: Path | None) -> typer.Exit:
    """Say why ``path``, or the file that ``error`` names, could not be written, and what to do."""
    from cuishou.output import place

    return fail(place.told(error, path or Path()))


def install(extra: str) -> str:
    """The command that adds what ``extra`` needs to the Python that runs this: from the checkout where it runs from one."""
    import shlex

    root = Path(__file__).resolve().parents[3]
    pip = Path(sys.prefix) / ("Scripts" if sys.platform == "win32" else "bin") / "pip"
    if not (root / "pyproject.toml").exists():
        return f"{shlex.quote(str(pip))} install 'cuishou[{extra}]'"
    if Path.cwd() == root and pip.is_relative_to(root):
        return f"{pip.relative_to(root)} install -e '.[{extra}]'"
    return f"{shlex.quote(str(pip))} install -e {shlex.quote(f'{root}[{extra}]')}"


def spare(folder: Path | None, file: Path | None = None) -> None:
    """Refuse a folder or a file that cannot be written, before any work is done."""
    from cuishou.output import place

    faults = (place.folder_fault(folder) if folder is not None else None, place.file_fault(file) if file is not None else None)
    for fault in filter(None, faults):
        raise fail(fault)


from cuishou.cli import classify, evaluate, letter, review, tag, train, verify  # noqa: E402 (they register themselves with app)

for command in (classify.classify, tag.tag, letter.letter, verify.verify, evaluate.evaluate, review.review, train.train):
    app.command()(command)


def main() -> None:
    """The ``cuishou`` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show a character shows its escape
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
