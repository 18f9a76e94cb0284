"""The command ``cuishou verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuishou import cli


def verify(
    pack: Annotated[Path, typer.Argument(help="classify --evidence 写的证据包。 A pack of evidence.", show_default=False)],
    lang: cli.LanguageOption = None,
) -> None:
    """核对证据包是否被改动。 Check that a pack of evidence was not altered."""
    from cuishou.backup.format import told
    from cuishou.output.evidence import NotAPack
    from cuishou.output.evidence import verify as check
    from cuishou.output.words import REPORT_WORDS, visible

    words = REPORT_WORDS[cli.language(lang)]
    try:
        verdict = check(pack)
    except OSError as error:
        raise cli.fail(f"{pack}: {told(error)}") from None
    except NotAPack as error:
        raise cli.fail(words["not_a_pack"].format(file=error)) from None
    print(words["pack_sha256"].format(sha256=verdict.sha256))
    if verdict.manifest:
        counts = verdict.manifest["counts"]
        made = words["pack_made"].format(time=verdict.manifest.get("run_time"), n_in=counts["in"], n_out=counts["out"])
        print(visible(made))
    if verdict.sealed is None and verdict.manifest:
        print(words["unsealed"])
    if verdict.intact:
        print(words["intact"].format(files=verdict.files, records=verdict.manifest["counts"]["out"]))
        return
    print(words["broken"])
    for problem in verdict.problems:
        print("  " + visible(words["problem"][problem.what].format(file=problem.file, detail=problem.detail)))
    raise typer.Exit(cli.ALTERED)
