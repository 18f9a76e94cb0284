"""Packs what the app shows about tags, reason codes and legal grounds into one JSON file: ``python pack.py FILE``.

The names come from ``cuishou.codes``, the grounds from ``data/grounds.toml``. Every sentence about law is made here, by
``cuishou.grounds``, so that the phone says no word more than the program on a computer; what is left to the phone is to choose by
code, day and kind of sender. Without a file of grounds there are none.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

from cuishou.codes import REASONS, TAG_NAMES
from cuishou.grounds import _NAMES, Citation, Force, Grounds, Role, default_grounds

LANGUAGES = ("zh", "en")


def codebook(file: Path | None = None) -> dict[str, Any]:
    """Everything that the app's code book holds; ``file``: other grounds than those that came with the program."""
    file = file or default_grounds()
    book: dict[str, Any] = {
        "tags": TAG_NAMES,
        "reasons": {language: {code: getattr(reason, language) for code, reason in REASONS.items()} for language in LANGUAGES},
        "kinds": [list(pair) for pair in _NAMES],
        "notice": {language: {"undated": "", "no_basis": ""} for language in LANGUAGES},
        "grounds": [],
    }
    if file.exists():
        grounds = Grounds.load(file)
        book["as_of"] = grounds.as_of.isoformat()
        book["notice"] = grounds.notice
        book["grounds"] = [_ground(citation) for citation in sorted(grounds.citations, key=_rank) if citation.codes]
    return book


def _rank(citation: Citation) -> tuple[int, int]:
    """The order in which grounds are shown."""
    return get_args(Role).index(citation.role), get_args(Force).index(citation.force)


def _ground(citation: Citation) -> dict[str, Any]:
    return {
        "id": citation.id,
        "codes": citation.codes,
        "from": citation.from_.isoformat(),
        "until": citation.until.isoformat() if citation.until else "",
        "senders": citation.senders,
        "not_senders": citation.not_senders,
        "requires": citation.requires,
        "least": citation.least,
        "sentence": {language: citation.sentence(language) for language in LANGUAGES},
        "given": {language: citation.sentence(language, citation.given(language)) for language in LANGUAGES},
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(codebook(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
