"""What ``cuishou classify`` does with a folder of cases."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import typer

from cuishou import cli
from cuishou.backup import Options


def classify_cases(
    paths: list[Path],
    out: Path | None,
    language: str,
    model: str | None,
    jobs: int | None,
    options: Options,
    progress: AbstractContextManager[Any],
) -> None:
    """Tag every case of the folder, write the results of each and what they have in common."""
    from cuishou.cases import examine_all, overview
    from cuishou.codes import TAG_NAMES
    from cuishou.output.words import WORDS, visible
    from cuishou.scorer import ModelError, Scorer, default_model
    from cuishou.stream import Stopped, cores

    if len(paths) != 1 or not paths[0].is_dir():
        chinese = "请给一个目录，其中每一项是一个案件"
        raise typer.BadParameter(f"{chinese} (one folder with a case in each entry)", param_hint="--cases")
    if out is None:
        chinese = "这个目录按多个案件处理，请用 -o 指明结果目录；若都是同一个人的，加 --one-case"
        english = "a folder of cases needs a folder for the results; if all of it is one person's, add --one-case"
        raise typer.BadParameter(f"{chinese} ({english})", param_hint="--out")
    if out.resolve().is_relative_to(paths[0].resolve()):
        raise typer.BadParameter("不能在案件目录之内 (must not lie in the folder of cases)", param_hint="--out")
    words = WORDS[language]
    try:
        scorer = Scorer.load(model, steady=True)
        with progress as told:
            file = Path(model or default_model())
            summaries = examine_all(
                paths[0], out, scorer, file, jobs=jobs or cores(), language=language, options=options, progress=told
            )
        found = overview(out, summaries)
    except Stopped as stopped:
        places = str(out / "cases")
        raise cli.fail(words["stopped"].format(count=stopped.digest.messages, places=places), cli.STOPPED) from None
    except ModelError as error:
        raise cli.fail(error) from None
    except OSError as error:
        raise cli.unwritten(error, out) from None
    tags = {f"of_{tag}": count for tag, count in found["tags"].items()}
    print(words["cases"].format(**{**found, **tags, "templates": len(found["templates"])}))
    names = {**TAG_NAMES[language], "cases": words["cases_of"]}
    for row in found["senders"][:10]:
        counts = "  ".join(f"{names[key]} {value}" for key, value in row.items() if key != "sender" and value)
        print(f"  {visible(row['sender'])}  {counts}")
    for name in found["unreadable"]:
        print("  " + words["case_fault"].format(name=visible(name)))
    for name in ("overview.json", "cases.csv", "senders.csv", "by_case_and_sender.csv", "templates.csv", "cases"):
        print(out / name)
    if found["unreadable"] or any(summary.missing for summary in summaries):
        raise typer.Exit(cli.INCOMPLETE)
