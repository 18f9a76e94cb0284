"""The report: one HTML file that opens anywhere, loads nothing and shows every message as text."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cuishou.codes import TAG_NAMES
from cuishou.output.report.charts import hours, timeline
from cuishou.output.report.view import Page, build, versions
from cuishou.output.words import REPORT_WORDS, visible
from cuishou.study import Study

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["build", "render", "versions", "write", "write_page"]

_HERE = Path(__file__).parent
#: A date that must not be broken at its hyphens.
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def write(study: Study, path: Path, language: str, run_time: datetime) -> None:
    """Write the report on ``study`` to ``path``. ``run_time`` is shown as the time of its making."""
    write_page(build(study, language, run_time), path)


def write_page(page: Page, path: Path, *, brief: bool = False) -> None:
    """Write the report that shows ``page``; a ``brief`` one, for paper, has the gravest messages only and says so."""
    overall, words = page.study.analysis.overall, REPORT_WORDS[page.language]
    names = TAG_NAMES[page.language] | {"other": words["others"], "none": words["none"]}
    render(
        "report.html.j2", path, page.language, page=page, names=names, timeline=timeline(overall), hours=hours(overall), brief=brief
    )


def render(template: str, path: Path, language: str, **values: object) -> None:
    """Write a page of ours: ``values`` are escaped, style and script are within it and the only ones it may use."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; form-action 'none'"
    stream = (
        _environment()
        .get_template(template)
        .stream(w=REPORT_WORDS[language], language=language, style=style, script=script, policy=policy, **values)
    )
    stream.enable_buffering(64)
    with path.open("w", encoding="utf-8", newline="\n", errors="replace") as file:
        file.writelines(stream)


def _dates(text: str) -> Markup:
    """``text`` escaped, with its dates kept on one line."""
    from markupsafe import Markup, escape

    return Markup(_DATE.sub(r'<span class="date">\g<0></span>', str(escape(text))))  # noqa: S704 (escaped just here)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["ours"] = Markup  # our own style and script only
    environment.filters["dates"] = _dates
    environment.filters["visible"] = visible
    return environment


def _asset(name: str) -> str:
    return "\n" + (_HERE / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """How a content security policy names the one style or script that it allows."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
