"""CSV for people: opens in a spreadsheet in Chinese, and no cell can run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from cuishou.case import Finding
from cuishou.codes import TAG_NAMES
from cuishou.message import Tagging
from cuishou.output.words import percent, reasons_told

COLUMNS = {
    "zh": [
        *("编号", "来源", "序号", "方向", "时间(北京时间)", "号码", "联系人", "平时往来"),
        *("标签", "把握", "需人工核对", "原因", "依据文字", "内容"),
    ],
    "en": [
        *("no.", "source", "record", "direction", "time (UTC+8)", "number", "contact", "known to owner"),
        *("tag", "probability", "needs review", "reasons", "carried by", "text"),
    ],
}
DIRECTIONS = {"zh": {"in": "收", "out": "发", "draft": "草稿", "unknown": "不明"}}
YES = {"zh": "是", "en": "yes"}
#: Of a sender whose saved name alone speaks for an acquaintance.
CHECK = {"zh": "已存联系人，请核对", "en": "saved, please check"}

#: A spreadsheet takes a cell that begins so for a formula; full-width forms too, in some Asian locales.
_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@＝＋－＠\t\r]")
#: Control characters, which spreadsheets refuse or drop, and lone surrogates, which are no text.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def cell(value: str) -> str:
    """``value`` as a cell that shows as text: ``'`` before what would run, a replacement character for what cannot stand."""
    if not value.isprintable():
        value = printable(value)
    return "'" + value if not value[:1].isalnum() and _FORMULA.match(value) else value


def printable(value: str) -> str:
    """``value`` with a replacement character for what cannot stand in a table."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def write(findings: Iterable[Finding], path: Path, language: str = "zh") -> None:
    """Write ``findings`` to ``path`` as UTF-8 with a byte order mark, a row each, with headings in ``language``."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS[language])
        writer.writerows([cell(value) for value in row(finding, language)] for finding in findings)


def head(language: str) -> str:
    """The headings as a line."""
    return _lines([COLUMNS[language]])


def rows(findings: Iterable[Finding], language: str) -> str:
    """The lines of ``findings``."""
    return _lines([cell(value) for value in row(finding, language)] for finding in findings)


def _lines(rows: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def row(finding: Finding, language: str) -> list[str]:
    """The columns of a finding as text."""
    message, tagging = finding.message, finding.alleged
    direction = DIRECTIONS.get(language, {}).get(message.direction, message.direction)
    start = [
        str(finding.number),  # without noughts before it: a spreadsheet drops them from a CSV
        message.source,
        str(message.record),
        direction,
        message.local(),
        message.address,
        message.contact or "",
        (CHECK if finding.saved else YES)[language] if finding.familiar else "",
    ]
    return [*start, *(_tagging(tagging, message.body, language) if tagging else [""] * 5), message.body]


def _tagging(tagging: Tagging, body: str, language: str) -> list[str]:
    return [
        TAG_NAMES[language][tagging.tag],
        f"{percent(tagging) / 100:.2f}",
        YES[language] if tagging.needs_review else "",
        reasons_told(tagging, language),
        " / ".join(dict.fromkeys(body[span.start : span.end] for span in tagging.spans)),
    ]
