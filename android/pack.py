"""Packs what the app shows about tags, reason codes and legal grounds into one JSON file.

    python pack.py <the file to write>

The names come from ``cuishou.codes``. The grounds come from ``data/grounds.toml`` (``[[ground]]`` with ``id``, ``codes``, ``title``,
``article``, ``quote``, ``force``, ``from``, ``until``, ``sender_kinds``, ``wording``); without that file there are none.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Any

from cuishou.codes import REASONS, TAG_NAMES

try:
    import tomllib
except ImportError:  # Python 3.10
    tomllib = None

GROUNDS = Path(__file__).resolve().parents[1] / "data" / "grounds.toml"
KEYS = ("id", "codes", "title", "article", "quote", "force", "from", "until", "sender_kinds", "wording")


def grounds(file: Path) -> list[dict[str, Any]]:
    """The grounds of ``file``, dates as ISO 8601; none when there is no such file. Raises ValueError for one that lacks its id or codes."""
    if not file.exists():
        return []
    if tomllib is None:
        raise SystemExit("packing data/grounds.toml needs Python 3.11 or newer")
    found = tomllib.loads(file.read_text(encoding="utf-8")).get("ground", [])
    for ground in found:
        if not ground.get("id") or not ground.get("codes"):
            raise ValueError(f"a ground without id or codes in {file}: {ground}")
    return [{key: _plain(ground[key]) for key in KEYS if key in ground} for ground in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def codebook(file: Path = GROUNDS) -> dict[str, Any]:
    """Everything that the app's code book holds."""
    return {
        "tags": TAG_NAMES,
        "reasons": {language: {code: getattr(reason, language) for code, reason in REASONS.items()} for language in ("zh", "en")},
        "grounds": grounds(file),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(codebook(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
