"""Word files of letters. Needs the extra ``[letters]``."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timezone
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from cuishou.letter import Letter, Paragraph

_FONT = "宋体"
#: What XML cannot hold.
_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENT = {"item": 0.75, "quote": 1.5}


def write(letter: Letter, path: Path, made: datetime) -> None:
    """Write ``letter``, without its notes, to ``path``, made at that time; the same letter and time give the same bytes."""
    document = Document()
    _set_up(document, made)
    for part in letter.paragraphs:
        _add(document, part)
    package = io.BytesIO()
    document.save(package)
    path.write_bytes(_undated(package.getvalue()))


def _set_up(document: DocumentType, made: datetime) -> None:
    properties = document.core_properties
    properties.author = properties.comments = properties.title = ""
    properties.created = properties.modified = made.astimezone(timezone.utc)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)  # A4, GB/T 148; the template is on a sheet of letter size
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = _FONT
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    document.styles["Normal"].font.size = Pt(12)


def _add(document: DocumentType, part: Paragraph) -> None:
    text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", part.text)
    if part.style == "title":
        document.add_heading(text, 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif part.style == "heading":
        document.add_heading(text, 1)
    else:
        _indented(document.add_paragraph(text), part)


def _indented(paragraph: WordParagraph, part: Paragraph) -> None:
    if indent := _INDENT.get(part.style):
        paragraph.paragraph_format.left_indent = Cm(indent)
    if part.style == "quote":
        for run in paragraph.runs:
            run.italic = True


def _undated(data: bytes) -> bytes:
    """The same package with the times of its parts taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
