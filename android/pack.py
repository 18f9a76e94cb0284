"""Packs what the app shows about tags, reason codes, legal grounds and next steps into one JSON file: ``python pack.py FILE``.

The names come from ``cuishou.codes``, the grounds and where to turn from ``data/grounds.toml``. Every sentence about law is made here,
by ``cuishou.grounds``, so that the phone says no word more than the program on a computer; what is left to the phone is to choose by
code, day and kind of sender. Without a file of grounds there are none. The rules by which a sender is named and an acquaintance known
are packed too, as patterns: ``cuishou.facts`` and ``cuishou.acquaintances`` have them.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, get_args

from cuishou import acquaintances, message, rhythm
from cuishou.codes import CONCEALED, REASONS, TAG_NAMES
from cuishou.facts import reading, sender
from cuishou.grounds import _NAMES, Channel, Citation, Force, Grounds, Role, default_grounds
from cuishou.output.words import REPORT_WORDS, WORDS

LANGUAGES = ("zh", "en")
#: What the app says in the report's words.
SAID = ("from_familiar", "from_saved", "passed_on", "where", "about_all", "about", "and_more", "comma")
#: Python's classes of characters, as every engine of Java's kind has them.
_CLASSES = {"s": r"\s\p{Z}\x85\x1c-\x1f", "d": r"\p{Nd}"}


def codebook(file: Path | None = None) -> dict[str, Any]:
    """Everything that the app's code book holds; ``file``: other grounds than those that came with the program."""
    file = file or default_grounds()
    book: dict[str, Any] = {
        "tags": TAG_NAMES,
        "reasons": {language: {code: getattr(reason, language) for code, reason in REASONS.items()} for language in LANGUAGES},
        "flags": [code for code, reason in REASONS.items() if not reason.flips],
        "concealed": CONCEALED,
        "kinds": [list(pair) for pair in _NAMES],
        "said": {language: _said(language) for language in LANGUAGES},
        "names": _names(),
        "acquaintances": {
            "ordinary": acquaintances.ORDINARY,
            "passed_on": acquaintances.PASSED_ON,
            "person": portable(acquaintances._PERSON),
            "no_friend": portable(acquaintances._NO_FRIEND),
            "service": portable(acquaintances.SERVICE),
            "filling": portable(message._FILLING),
        },
        "notice": {language: {"undated": "", "no_basis": "", "order": ""} for language in LANGUAGES},
        "grounds": [],
        "channels": [],
    }
    if file.exists():
        grounds = Grounds.load(file)
        book["as_of"] = grounds.as_of.isoformat()
        book["notice"] = grounds.notice
        book["grounds"] = [_ground(citation) for citation in sorted(grounds.citations, key=_rank) if citation.codes]
        book["channels"] = [_channel(channel) for channel in grounds.channels]
    return book


def portable(pattern: re.Pattern[str]) -> str:
    """``pattern`` so that Java's engine and Android's (ICU's) match what Python's does.

    Raises ValueError for what has no such form here.
    """
    text, parts, inside, place = pattern.pattern.replace(r"[\W\d_]", r"[^\p{L}\p{Nl}\p{No}]"), [], False, 0
    while place < len(text):
        token = text[place : place + 2] if text[place] == "\\" else text[place]
        place += len(token)
        if token[1:] in _CLASSES:
            parts.append(_CLASSES[token[1:]] if inside else f"[{_CLASSES[token[1:]]}]")
        elif token[1:] in ("w", "W", "S", "D", "b", "B"):
            raise ValueError(f"{pattern.pattern!r} has {token}, which engines read in different ways")
        elif token == "\\p":  # written by the first line
            end = text.index("}", place) + 1
            parts.append(token + text[place:end])
            place = end
        elif inside:
            inside = token != "]"
            first = parts[-1] in ("[", "[^")
            parts.append("\\" + token if token in "[{}&~#$|" or (token == "^" and not first) else token)
        elif token == "[":
            inside = True
            parts.append("[^" if text.startswith("^", place) else "[")
            place += text.startswith("^", place)
        else:
            parts.append({".": r"[^\n]", "$": r"(?=\n?\z)"}.get(token, token))
    return "".join(parts)


def _names() -> dict[str, Any]:
    """The rules of ``cuishou.facts`` by which a signature and a principal are found."""
    return {
        "table": {chr(code): to for code, to in reading._TABLE.items()},
        "left_out": portable(reading._LEFT_OUT),
        "at_start": portable(sender._AT_START),
        "at_end": portable(sender._AT_END),
        "heading": portable(sender._HEADING),
        "prefixed": portable(sender._PREFIXED),
        "suffixed": portable(sender._SUFFIXED),
        "principal": list(map(portable, sender._PRINCIPAL)),
        "no_name": portable(sender._NO_NAME),
        "not_of_a_name": portable(sender._NOT_OF_A_NAME),
        "company": portable(rhythm._COMPANY),
        "nameless": sorted(rhythm._NAMELESS),
    }


def _said(language: str) -> dict[str, Any]:
    words = REPORT_WORDS[language]
    steps = words["steps"][1:]  # the first is of the report; the grounds' own word on the order has it too
    saved = WORDS[language]["saved_on_phone"]
    return {"familiar": WORDS[language]["familiar"], "saved": saved, "steps": steps} | {key: words[key] for key in SAID}


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "senders": channel.senders,
        "codes": channel.codes,
        "sentence": {language: channel.sentence(language) for language in LANGUAGES},
    }


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
