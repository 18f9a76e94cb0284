"""JSON Lines: everything, unchanged, one record a line. For programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cuishou.case import Finding
from cuishou.output.record import of_finding

_as_it_is = json.JSONEncoder(ensure_ascii=False).encode


def line(record: dict[str, Any]) -> str:
    """One record as a line. A lone surrogate, which UTF-8 cannot hold, is written as its escape."""
    text = _as_it_is(record)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(record)
    return text


def write(findings: Iterable[Finding], path: Path) -> None:
    """Write ``findings`` to ``path``."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line(of_finding(finding)) + "\n" for finding in findings)


def rows(findings: Iterable[Finding]) -> str:
    """The lines of ``findings``."""
    findings = list(findings)
    text = "".join([_as_it_is(of_finding(finding)) + "\n" for finding in findings])
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(line(of_finding(finding)) + "\n" for finding in findings)
    return text
