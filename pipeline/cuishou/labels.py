"""Labelled messages in CSV files and spreadsheets: reading them, and refusing what does not fit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cuishou.codes import REASONS, TAG_NAMES
from cuishou.label_rows import IN_FOLDERS, UnreadableRows, read_rows
from cuishou.message import TAGS

#: Stands between the evidence spans of one message. Chosen because no message holds it.
SEPARATOR = "¦"
ADDRESSEES = ("debtor", "third")
ADDRESSEE_NAMES = {"zh": {"debtor": "债务人", "third": "第三人"}, "en": {"debtor": "debtor", "third": "third"}}
SCRIPTS = ("hans", "hant")


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled message. ``evidence[i]`` is the exact part of ``text`` that shows ``reasons[i]``."""

    id: str
    text: str
    tag: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    addressee: str = "debtor"
    family: str = ""
    script: str = "hans"
    note: str = ""
    source: str = ""


COLUMNS = tuple(field.name for field in fields(Label) if field.name != "source")
REQUIRED = ("text", "tag")
#: What a header row may say instead, in lower case.
_NAMES = {
    **dict.fromkeys(("编号", "編號", "序号"), "id"),
    **dict.fromkeys(("正文", "短信正文", "短信内容", "内容", "文本", "簡訊內容", "內容"), "text"),
    **dict.fromkeys(("标签", "標籤", "label"), "tag"),
    **dict.fromkeys(("原因", "原因代码", "原因代碼"), "reasons"),
    **dict.fromkeys(("证据", "证据片段", "依据", "依据文字", "證據"), "evidence"),
    **dict.fromkeys(("收信人",), "addressee"),
    **dict.fromkeys(("情景",), "family"),
    **dict.fromkeys(("备注", "備註"), "note"),
}
_TAGS_SAID = {name: tag for names in TAG_NAMES.values() for tag, name in names.items()}
ADDRESSEES_SAID = {name: addressee for names in ADDRESSEE_NAMES.values() for addressee, name in names.items()}
#: What a spreadsheet shows in place of a formula that came to nothing: a text that began with ``=`` is lost.
_LOST = re.compile(r"#(NAME\?|REF!|VALUE!|N/A|DIV/0!|NULL!|NUM!)")


class LabelError(ValueError):
    """A labels file cannot be used. ``problems`` has a line for each row at fault: file, row and reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = f"\n... and {len(problems) - 20} more" if len(problems) > 20 else ""
        super().__init__("\n".join(problems[:20]) + more)


def read_labels(*paths: Path) -> list[Label]:
    """Read labels from files and from folders of them. Raises :class:`LabelError` naming every row that does not fit.

    CSV of any common encoding, .xlsx, .xls or .ods, with a header row; columns may stand in any order. ``text`` and ``tag`` are
    required. A row without ``id`` is given one from its file and row.
    """
    labels, problems = read_each(*paths)
    problems += _clashes(labels)
    if problems:
        raise LabelError(problems)
    return labels


def read_each(*paths: Path) -> tuple[list[Label], list[str]]:
    """Labels and problems, row for row; whether rows contradict each other is not looked at."""
    files = label_files(*paths)
    problems: list[str] = []
    labels: list[Label] = []
    for file in files:
        rows, wrong = _read(file)
        labels += rows
        problems += wrong
    if not files:
        problems.append(f"no labels: {', '.join(map(str, paths))} holds no .csv file and no spreadsheet")
    return labels, problems


def label_files(*paths: Path) -> list[Path]:
    """The files that ``paths`` name: a file itself, and what a folder holds. Lock files that Excel and WPS leave are none."""
    return [file for path in paths for file in (_in_folder(path) if path.is_dir() else [path])]


def _in_folder(folder: Path) -> list[Path]:
    found = (file for file in folder.glob("**/*") if file.suffix.lower() in IN_FOLDERS and file.is_file())
    return sorted(file for file in found if not file.name.startswith((".", "~$")))


def _read(file: Path) -> tuple[list[Label], list[str]]:
    labels: list[Label] = []
    problems: list[str] = []
    try:
        for row in read_rows(file, _NAMES, REQUIRED):
            cells, wrong = _as_text(row.cells)
            label = _label(cells, row.where, default_id=f"{file.stem}-{row.number}")
            wrong = [row.fault] if row.fault else wrong or list(faults(label))
            problems += [f"{row.where}: {fault}" for fault in wrong]
            labels.append(label)
    except UnreadableRows as error:
        problems.append(str(error))
    return labels, problems


def _as_text(cells: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Cells as they were typed. What a spreadsheet made of a text (a number, a date, an error) is no text any more."""
    found: dict[str, str] = {}
    wrong = []
    for name, cell in cells.items():
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        found[name] = "" if cell is None else str(cell)
        if name in ("text", "evidence"):
            if not isinstance(cell, str) and cell is not None:
                wrong.append(f"the {name} is {found[name]}, a {type(cell).__name__} to the spreadsheet; format the column as text")
            elif _LOST.fullmatch(found[name]):
                wrong.append(f"the {name} is {found[name]}: the spreadsheet took it for a formula; format the column as text")
    return found, wrong


def _label(cells: dict[str, str], where: str, default_id: str) -> Label:
    def cell(name: str, default: str = "") -> str:
        return cells.get(name, "").strip() or default

    return Label(
        id=cell("id", default_id),
        text=cells.get("text", ""),
        tag=_TAGS_SAID.get(cell("tag"), cell("tag")),
        reasons=tuple(cell("reasons").split()),
        evidence=tuple(part for part in cells.get("evidence", "").split(SEPARATOR) if part),
        addressee=ADDRESSEES_SAID.get(cell("addressee"), cell("addressee", "debtor")),
        family=cell("family") or cell("id", default_id),
        script=cell("script", "hans"),
        note=cell("note"),
        source=where,
    )


def faults(label: Label) -> Iterator[str]:
    """What does not fit in ``label``, seen by itself."""
    if not label.text:
        yield "正文是空的 (empty text)"
    if label.tag not in TAGS:
        known = "、".join(f"{TAG_NAMES['zh'][tag]} ({tag})" for tag in TAGS)
        yield f"没有“{label.tag}”这种标签，请改成其中之一：{known} (unknown tag {label.tag!r})"
    if label.addressee not in ADDRESSEES:
        known = "、".join(f"{name} ({addressee})" for addressee, name in ADDRESSEE_NAMES["zh"].items())
        yield f"收信人“{label.addressee}”不认识，请改成其中之一：{known} (unknown addressee {label.addressee!r})"
    if label.script not in SCRIPTS:
        yield f"字体“{label.script}”不认识，请改成 hans（简体）或 hant（繁体） (unknown script {label.script!r})"
    yield from _faults_of_reasons(label)


def _faults_of_reasons(label: Label) -> Iterator[str]:
    for code in label.reasons:
        if code not in REASONS:
            yield f"没有“{code}”这种原因，请从下拉列表中选 (unknown reason code {code!r})"
    flipping = [code for code in label.reasons if code in REASONS and REASONS[code].flips]
    if label.tag == "unlawful" and not flipping:
        english = "unlawful without a reason code that makes it so"
        yield f"标为疑似违法，至少要有一个使它违法的原因；隐匿身份只是提示，不算 ({english})"
    if label.tag in TAGS and label.tag != "unlawful" and flipping:
        named = "、".join(REASONS[code].zh for code in flipping)
        english = f"{label.tag} with {', '.join(flipping)}, which would make it unlawful"
        yield f"有“{named}”这样的原因，标签就应是疑似违法；请改标签，或删去原因 ({english})"
    if len(set(label.reasons)) < len(label.reasons):
        yield "同一个原因写了两次，请删去一个 (a reason code stands twice)"
    if len(label.evidence) != len(label.reasons):
        english = f"{len(label.reasons)} reason codes but {len(label.evidence)} evidence spans (separated by {SEPARATOR})"
        yield f"原因有{len(label.reasons)}个，证据有{len(label.evidence)}处；每个原因要有一处证据 ({english})"
    for span in label.evidence:
        if span not in label.text:
            yield f"证据“{span}”不在短信正文里，请从正文中原样复制 (evidence {span!r} is not in the text)"


def _clashes(labels: Iterable[Label]) -> Iterator[str]:
    by_id: dict[str, Label] = {}
    by_text: dict[str, Label] = {}
    for label in labels:
        if (first := by_id.setdefault(label.id, label)) is not label:
            yield f"{label.source}: the id {label.id} is also at {first.source}"
        if (first := by_text.setdefault(label.text, label)) is not label:
            how = "with the same tag" if first.tag == label.tag else f"tagged {first.tag} there and {label.tag} here"
            yield f"{label.source}: the text is also at {first.source}, {how}"


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """Write labels as CSV (UTF-8 with a byte order mark, so that spreadsheets take it for what it is)."""
    path.write_bytes(as_csv(labels))


def as_csv(labels: Iterable[Label]) -> bytes:
    """The contents of a labels file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for label in labels:
        row = [getattr(label, name) for name in COLUMNS]
        row[COLUMNS.index("reasons")] = " ".join(label.reasons)
        row[COLUMNS.index("evidence")] = SEPARATOR.join(label.evidence)
        writer.writerow(row)
    return file.getvalue().encode("utf-8-sig")
