"""A workbook for people: every cell is text, so nothing runs, no number loses its end and no link can be clicked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from cuishou.case import Finding
from cuishou.output import table
from cuishou.output.report import versions
from cuishou.output.told import FIELDS, told
from cuishou.output.words import REPORT_WORDS, in_order
from cuishou.study import Study

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

#: What a cell holds.
LONGEST = 32767
#: Widths of the columns in characters: those of the CSV with the sender behind the number, then the rules and the facts.
_WIDTHS = (7, 16, 16, 6, 5, 19, 16, 10, 9, 9, 7, 7, 22, 22, 60, 40, *(16 for _ in FIELDS))
_TEXT_COLUMN = 14


def write(study: Study, path: Path, language: str, run_time: datetime) -> None:
    """Write the messages of ``study`` to ``path``, a row each, and a sheet that says what they are. Raises OSError."""
    from xlsxwriter import Workbook

    made = io.BytesIO()  # where a disk is full, the library has errors of its own and leaves an archive open

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(made, options) as workbook:
        workbook.set_properties({"created": run_time.astimezone(timezone.utc).replace(tzinfo=None), "author": "cuishou"})
        bold = workbook.add_format({"bold": True, "bottom": 1})
        text = workbook.add_format({"num_format": "@", "valign": "top"})
        wrapped = workbook.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        _messages(workbook, study, language, (bold, text, wrapped))
        _about(workbook, study, language, wrapped, run_time)
    path.write_bytes(made.getbuffer())


def rows(study: Study, language: str) -> Iterator[list[str]]:
    """The heading and a row for each message, as shown."""
    words = REPORT_WORDS[language]
    names = [words["told"][field] for field in FIELDS]
    number, *columns = table.COLUMNS[language]
    yield [number, words["workbook_sender"], *columns, words["workbook_grounds"], *names]
    for finding in study.case.findings:
        party = study.analysis.party_of(finding.message)
        _, *row = table.row(finding, language)
        values = [finding.label, party.name, *row, _rules(study, finding, language)]
        said = {fact.field: fact.text for fact in told(finding, language)}
        values += [said.get(field, "") for field in FIELDS]
        yield [_shown(value, words["cut"]) for value in values]


def _messages(workbook: Workbook, study: Study, language: str, formats: tuple[Format, Format, Format]) -> None:
    bold, text, wrapped = formats
    sheet = workbook.add_worksheet(REPORT_WORDS[language]["sheet"])
    sheet.freeze_panes(1, 2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    count = 0
    for count, values in enumerate(rows(study, language)):
        for column, value in enumerate(values):
            if not value:
                continue  # most cells of most messages
            form = bold if count == 0 else wrapped if column >= _TEXT_COLUMN else text
            sheet.write_string(count, column, value, form)
    sheet.autofilter(0, 0, count, len(_WIDTHS) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{count + 1}"})


def _about(workbook: Workbook, study: Study, language: str, form: Format, run_time: datetime) -> None:
    words, case = REPORT_WORDS[language], study.case
    sheet = workbook.add_worksheet(words["about_sheet"])
    sheet.set_column(0, 0, 100)
    notice = study.grounds.notice[language]
    lines = [
        *versions(study, language, run_time),
        *([words["redacted"]] if case.redacted else []),
        *([words["left_out"].format(count=case.left_out, shown=len(case.findings))] if case.left_out else []),
        *([words["missing"].format(count=case.missing)] if case.missing else []),
        *(notice["limits"], notice["debt"], words["model_limits"], words["clock"], notice["order"]),
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, form)


def _rules(study: Study, finding: Finding, language: str) -> str:
    """The claims that hold for this message, a line each."""
    bases = study.bases(finding, study.analysis.party_of(finding.message))
    claims = [citation.claim(language) for basis in bases for citation in basis.citations]
    claims += [citation.claim(language, citation.given(language)) for basis in bases for citation in basis.if_sender]
    return "\n".join(dict.fromkeys(claims))


def _shown(value: str, cut: str) -> str:
    """``value`` as a cell shows it: what cannot stand in XML replaced, what reorders it written out, what is too long cut."""
    text = in_order(table.printable(value))
    if len(text.encode("utf-16-le")) // 2 <= LONGEST:  # a cell counts as UTF-16 does
        return text
    note = cut.format(length=len(value))
    kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(note))].decode("utf-16-le", errors="ignore")
    return kept + note
