"""The workbook in which messages are labelled: a row a message, drop-downs for tag and codes. Written, and read back."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cuishou.codes import REASONS, TAG_NAMES, reason_name
from cuishou.label_rows import UnreadableRows, read_rows
from cuishou.labels import ADDRESSEE_NAMES, ADDRESSEES_SAID
from cuishou.message import TAGS
from cuishou.output.words import in_order
from cuishou.review.item import Answer, Item, Reviewed, as_labels

CODES = 3
_ASKED = ("tag", *(f"{part}{number}" for number in range(1, CODES + 1) for part in ("code", "evidence")), "addressee", "note")
_FIELDS = ("id", "text", "guess", "sure", "carried", *_ASKED, "data")
_WIDTHS = {"id": 20, "text": 60, "carried": 30, "note": 20, "guess": 18, "tag": 14, "sure": 8}

WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "sheet": "待标注", "help": "说明", "agree": "同意",
        "headings": {
            "id": "编号", "text": "短信正文", "guess": "模型的判断", "sure": "把握", "carried": "模型的依据", "tag": "标签",
            "addressee": "收信人", "note": "备注", "data": "原文（勿改）",
            **{f"code{n}": f"原因{n}" for n in range(1, CODES + 1)}, **{f"evidence{n}": f"证据{n}" for n in range(1, CODES + 1)},
        },
        "lines": (
            "一行一条短信。请在“标签”一栏选择：其他、还款提醒、施压催收、疑似违法；模型判断完全正确时可选“同意”。拿不准的留空。",
            "疑似违法至少要有一个原因；每个原因在右边一格写明证据：从短信正文中原样复制能说明它的那几个字。",
            "短信正文和最后一栏请勿改动。填好后运行：cuishou review --apply 本文件 -o labels.csv，再运行 make train LABELS=labels.csv",
            "怎样判断见 data/LABELLING.md。短信里的链接和电话都不要点、不要打。",
        ),
    },
    "en": {
        "sheet": "to label", "help": "how to", "agree": "agree",
        "headings": {
            "id": "id", "text": "message", "guess": "the model's guess", "sure": "sure", "carried": "carried by", "tag": "tag",
            "addressee": "addressee", "note": "note", "data": "original (leave as it is)",
            **{f"code{n}": f"reason {n}" for n in range(1, CODES + 1)}, **{f"evidence{n}": f"evidence {n}" for n in range(1, CODES + 1)},
        },
        "lines": (
            "A row is a message. Choose its tag; choose agree when the model's guess is right in every part. Leave it empty when unsure.",
            "A possibly unlawful message needs a reason; beside each reason copy the words of the message that show it, exactly.",
            "Leave message and last column as they are. Then: cuishou review --apply THIS FILE -o labels.csv; make train LABELS=labels.csv",
            "How to decide: data/LABELLING.md. Do not open links or call numbers that stand in messages.",
        ),
    },
}  # fmt: skip
_NAMES = {name: field for words in WORDS.values() for field, name in words["headings"].items()}
_AGREE = {words["agree"] for words in WORDS.values()}
_TAGS_SAID = {name: tag for names in TAG_NAMES.values() for tag, name in names.items()} | {tag: tag for tag in TAGS}


def write(items: Sequence[Item], path: Path, language: str) -> None:
    """Write ``items`` to ``path``. No cell can run: every one is text. Raises OSError."""
    from xlsxwriter import Workbook

    made = io.BytesIO()  # where a file cannot be made, the library has errors of its own

    words = WORDS[language]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(made, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        sheet = book.add_worksheet(words["sheet"])
        sheet.freeze_panes(1, 2)
        for column, field in enumerate(_FIELDS):
            sheet.set_column(column, column, _WIDTHS.get(field, 16), text, {"hidden": field == "data"})
            sheet.write_string(0, column, words["headings"][field], bold)
        for row, item in enumerate(items, 1):
            for column, value in enumerate(_cells(item, language)):
                sheet.write_string(row, column, value, text)
        about = book.add_worksheet(words["help"])
        about.set_column(0, 0, 120, text)
        for row, line in enumerate(words["lines"]):
            about.write_string(row, 0, line, text)
        _offer(book, sheet, words, language, max(len(items), 1))
    path.write_bytes(made.getbuffer())


def _cells(item: Item, language: str) -> list[str]:
    tagging = item.tagging
    guess = [TAG_NAMES[language][tagging.tag], *(reason_name(code, language) for code, _ in item.guess)]
    carried = dict.fromkeys(in_order(item.text[span.start : span.end]) for span in tagging.spans)
    data = {"text": item.text, "tag": tagging.tag, "reasons": item.guess}
    shown = [item.id, in_order(_printable(item.text)), "\n".join(guess), f"{int(100 * tagging.probabilities[tagging.tag])}%"]
    return [*shown, _printable("\n".join(carried)), *("" for _ in _ASKED), json.dumps(data)]


def _printable(text: str) -> str:
    from cuishou.output.table import printable

    return printable(text)


def _offer(book: Any, sheet: Any, words: Mapping[str, Any], language: str, last: int) -> None:
    """Drop-downs, from lists on a sheet of their own: together they are longer than a cell's own list may be."""
    lists = book.add_worksheet("lists")
    lists.hide()
    offered = {
        "tag": [words["agree"], *(TAG_NAMES[language][tag] for tag in TAGS)],
        "code": [f"{code} {reason_name(code, language)}" for code in REASONS],
        "addressee": list(ADDRESSEE_NAMES[language].values()),
    }
    for number, (kind, values) in enumerate(offered.items()):
        for row, value in enumerate(values):
            lists.write_string(row, number, value)
        letter = "ABC"[number]
        for column, field in enumerate(_FIELDS):
            if field.rstrip("0123456789") == kind:
                source = f"=lists!${letter}$1:${letter}${len(values)}"
                sheet.data_validation(1, column, last, column, {"validate": "list", "source": source})


def read(path: Path) -> Reviewed:
    """Read a filled workbook, or the CSV that a spreadsheet made of it. What does not fit is named by its row."""
    answers, problems, unanswered = [], [], 0
    try:
        for row in read_rows(path, _NAMES, ("id", "text", "tag", "data")):
            where = f"第{row.number}行 ({row.where})"
            cells = {name: "" if cell is None else str(cell) for name, cell in row.cells.items()}
            if not cells["tag"].strip():
                unanswered += 1
                continue
            try:
                answers.append(_answer(cells, where))
            except ValueError as error:
                problems.append(f"{where}: {error}")
    except UnreadableRows as error:
        problems.append(f"不像 cuishou review 写出的表，请用它写出的 .xlsx，或由它另存的 CSV ({error})")
    return as_labels(answers, unanswered, problems)


def _answer(cells: Mapping[str, str], where: str) -> Answer:
    """Raises ``ValueError`` saying what does not fit."""
    try:
        data = json.loads(cells["data"])
        text, guess = data["text"], [(code, words) for code, words in data["reasons"]]
    except (ValueError, KeyError, TypeError):
        english = "the last column was changed; copy it from the file as it was given out"
        raise ValueError(f"最后一栏“原文”被改动了，请从写出的原文件复制回来 ({english})") from None
    if _bare(cells["text"]) != _bare(in_order(_printable(text))):
        english = "the message was changed; labels have to be of the message as it was sent"
        raise ValueError(f"短信正文被改动了，请从写出的原文件复制回来 ({english})")
    said = cells["tag"].strip()
    reasons = [
        (cells.get(f"code{number}", "").split(" ")[0].strip(), cells.get(f"evidence{number}", "")) for number in range(1, CODES + 1)
    ]
    reasons = [(code, words) for code, words in reasons if code or words.strip()]
    if any(not code for code, _ in reasons):
        raise ValueError("有证据，没有原因；请在它左边一格选一个 (evidence without a reason; choose one in the cell to its left)")
    if said in _AGREE:
        said, reasons = data["tag"], reasons or guess
    addressee = cells.get("addressee", "").strip()
    return Answer(
        cells["id"].strip(),
        text,
        _TAGS_SAID.get(said, said),
        tuple(reasons),
        ADDRESSEES_SAID.get(addressee, addressee),
        cells.get("note", "").strip(),
        where,
    )


def _bare(text: str) -> str:
    """``text`` without what a spreadsheet does to line ends and blanks."""
    return "".join(text.replace("_x000D_", "").split())
