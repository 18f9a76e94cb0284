"""Spreadsheets: the first sheet of an .xlsx, .xls or .ods file that has a header row with a column of texts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from cuishou.backup import table
from cuishou.backup.format import Options, Source, UnreadableBackup
from cuishou.backup.report import ImportReport
from cuishou.message import Message

NAME = "spreadsheet"
KEY = "workbook"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Bytes that a workbook may unpack to: a million rows take about a third.
_LARGEST = 1 << 30


def sniff(head: bytes) -> str | None:
    """A ZIP with the parts of an .xlsx or .ods file, or an old .xls file."""
    if head.startswith(b"PK") and (b"xl/" in head or b"[Content_Types].xml" in head[:200]):
        return "parts of an .xlsx file" if b"word/" not in head and b"ppt/" not in head else None
    if head.startswith(b"PK") and b"opendocument.spreadsheet" in head[:200]:
        return "parts of an .ods file"
    return "OLE header of an .xls file" if head.startswith(_OLE) else None


def read(source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    """Yield the messages. Raises :class:`UnreadableBackup` for a file that is damaged, locked or has no such sheet."""
    from python_calamine import CalamineError, CalamineWorkbook

    with source.open() as file:
        data = file.read()
    check_size(data, report.source)
    problem: UnreadableBackup | None = None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        english = f"the spreadsheet cannot be opened: {error}; if it is locked with a password, save it without one"
        raise UnreadableBackup(f"{report.source}: 表格打不开；如有密码，请去掉密码另存后再试 ({english})") from None
    for sheet in sheets:
        try:
            yield from table.messages(sheet.iter_rows(), report, options)
        except UnreadableBackup as error:
            problem = problem or error
        else:
            return
    raise problem or UnreadableBackup(f"{report.source}: 表格里没有工作表 (the spreadsheet has no sheets)")


def check_size(data: bytes, name: str) -> None:
    """Refuse a workbook that would unpack to more than memory should hold. Raises :class:`UnreadableBackup`."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        english = f"the spreadsheet is damaged: {error}; copy it again, or save it as CSV"
        raise UnreadableBackup(f"{name}: 表格已损坏；请重新拷贝，或另存为 CSV ({english})") from None
    if size > _LARGEST:
        english = f"the spreadsheet would unpack to {size:,} bytes and was not opened; save it as CSV"
        raise UnreadableBackup(f"{name}: 表格解开后过大，没有打开；请另存为 CSV ({english})")
