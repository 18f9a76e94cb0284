"""The rows of a labels file as people save it: CSV of any encoding and delimiter, or a sheet among others of a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cuishou.backup.text import sniff_encoding

#: What a labels file may be called; anything else in a folder is passed over.
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
#: Those taken from a folder: a .txt there is more likely a note.
IN_FOLDERS = (".csv", ".tsv", ".xlsx", ".xls", ".ods")
_SHEETS = (".xlsx", ".xls", ".ods")
#: Rows among which the header is looked for: titles and empty rows may stand before it.
_TITLE_ROWS = 12
_DELIMITERS = ",;\t|，"
#: A file with fewer characters than this share of its Chinese broken is damaged UTF-8, and not another encoding.
_DAMAGED = 0.1


class UnreadableRows(ValueError):
    """A file cannot be read as a table; the message says why, and where."""


@dataclass(frozen=True, slots=True)
class Row:
    """``where`` it stands: file, sheet, row as a spreadsheet counts it. ``cells`` by the header's names; ``fault`` when it is none."""

    where: str
    number: int
    cells: Mapping[str, Any]
    fault: str = ""


def read_rows(file: Path, names: Mapping[str, str], required: Sequence[str]) -> Iterator[Row]:
    """Yield the rows below the header row, which is the first with all ``required`` names.

    ``names`` maps what a header may say, in lower case, to the name meant. A spreadsheet's sheets without such a header are passed
    over. Raises :class:`UnreadableRows`.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UnreadableRows(f"{file}: {error.strerror}") from None
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or file.suffix.lower() in _SHEETS:
        yield from _from_sheets(file, data, names, required)
    else:
        text = _decoded(file, data)
        delimiter = _delimiter(text, names, required)
        yield from _table(str(file), _csv_rows(file, text, delimiter), names, required)


def _decoded(file: Path, data: bytes) -> str:
    """The text of ``data``: by its mark, else UTF-8, else GB18030 or Big5, whole or not at all."""
    encoding = sniff_encoding(data[: 1 << 16])
    if encoding in ("utf-8", "gb18030", "big5hkscs"):
        loose = data.decode("utf-8", "replace")
        broken = loose.count("\ufffd") - data.count(b"\xef\xbf\xbd")
        foreign = sum(character > "\x7f" for character in loose)
        if broken == 0:
            encoding = "utf-8"
        elif broken <= foreign * _DAMAGED:
            raise UnreadableRows(f"{file}, line {_line_of(data, 'utf-8')}: damaged UTF-8; get the file again, or mend that line")
        elif encoding == "utf-8":
            encoding = sniff_encoding(data)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UnreadableRows(
            f"{file}, line {_line_of(data, encoding)}: not {encoding.upper()}, nor another encoding we know; "
            "save the file as UTF-8 (in Excel: CSV UTF-8)"
        ) from None


def _line_of(data: bytes, encoding: str) -> int:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _delimiter(text: str, names: Mapping[str, str], required: Sequence[str]) -> str:
    lines = [line for line in text.splitlines() if line.strip()][:_TITLE_ROWS]
    for delimiter in _DELIMITERS:
        for line in lines:
            header = [_meant(cell, names) for cell in line.split(delimiter)]
            if all(name in header for name in required):
                return delimiter
    return ","


def _csv_rows(file: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            row: list[Any] | None = next(reader, None)
        except csv.Error as error:
            raise UnreadableRows(f"{file}, line {reader.line_num}: {error}") from None
        if row is None:
            return
        number += 1
        yield number, row


def _from_sheets(file: Path, data: bytes, names: Mapping[str, str], required: Sequence[str]) -> Iterator[Row]:
    from python_calamine import CalamineError, CalamineWorkbook

    from cuishou.backup.format import UnreadableBackup
    from cuishou.backup.workbook import check_size

    try:
        check_size(data, str(file))
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except UnreadableBackup as error:
        raise UnreadableRows(str(error)) from None
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableRows(
            f"{file}: the spreadsheet cannot be opened ({error}). If it is locked with a password, save it without one"
        ) from None
    first: UnreadableRows | None = None
    found = False
    for name, rows in sheets:
        where = f"{file}, sheet {name}" if len(sheets) > 1 else str(file)
        try:
            yield from _table(where, enumerate(rows, 1), names, required)
            found = True
        except UnreadableRows as error:
            first = first or error
    if not found:
        raise first or UnreadableRows(f"{file}: the spreadsheet has no sheets")


def _table(
    where: str, rows: Iterable[tuple[int, Sequence[Any]]], names: Mapping[str, str], required: Sequence[str]
) -> Iterator[Row]:
    header: list[str] = []
    shown: list[str] = []
    for number, row in rows:
        if header:
            if any(cell not in (None, "") for cell in row):
                extra = [cell for cell in row[len(header) :] if cell not in (None, "")]
                fault = f"{len(row)} cells, but the header row has {len(header)}; a text with commas needs quotation marks around it"
                yield Row(f"{where}, row {number}", number, dict(zip(header, row, strict=False)), fault if extra else "")
            continue
        meant = [_meant(cell, names) for cell in row]
        if all(name in meant for name in required):
            if twice := next((name for place, name in enumerate(meant) if name and name in meant[:place]), None):
                raise UnreadableRows(f"{where}, row {number}: the column {twice} stands twice")
            header = meant
        elif any(meant):
            shown = shown or meant
            if number >= _TITLE_ROWS:
                break
    if not header:
        lacking = [name for name in required if name not in shown]
        raise UnreadableRows(f"{where}: the header row lacks {', '.join(lacking)}; it has {', '.join(filter(None, shown)) or 'nothing'}")


def _meant(cell: Any, names: Mapping[str, str]) -> str:
    said = str("" if cell is None else cell).strip().strip("\ufeff\"'").lower()
    return names.get(said, said)
