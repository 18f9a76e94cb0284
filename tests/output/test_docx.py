import io
import zipfile
from datetime import datetime, timezone

import pytest
from docx import Document

from cuishou.letter import TITLES, Letter, Paragraph, write
from cuishou.message import CHINA
from cuishou.output import docx
from tests.test_letter import HOSTILE, REMINDER, THREAT, matter, pair

MADE = datetime(2026, 9, 1, 7, 30, tzinfo=CHINA)


def paragraphs(path) -> list[str]:
    return [paragraph.text for paragraph in Document(path).paragraphs if paragraph.text.strip()]


def test_empty_letter_opens(tmp_path):
    docx.write(Letter("stop", ()), tmp_path / "made.docx", MADE)
    assert paragraphs(tmp_path / "made.docx") == []


@pytest.mark.parametrize("kind", TITLES)
def test_word_file_says_what_the_text_says(tmp_path, kind):
    letter = write(kind, matter(REMINDER, THREAT))
    docx.write(letter, tmp_path / "made.docx", MADE)
    assert paragraphs(tmp_path / "made.docx") == [part.text for part in letter.paragraphs]


@pytest.mark.parametrize("hostile", [*HOSTILE, "\ufffe\uffff", "𠮷😀"])
def test_hostile_text_stays_text(tmp_path, hostile):
    letter = write("stop", matter(pair("2026-09-01T10:00", hostile, "unlawful", "INSULT", address=hostile)))
    docx.write(letter, tmp_path / "made.docx", MADE)
    assert paragraphs(tmp_path / "made.docx") == [part.text.replace("\ufffe\uffff", "\ufffd\ufffd") for part in letter.paragraphs]
    with zipfile.ZipFile(tmp_path / "made.docx") as package:
        made = package.read("word/document.xml") + package.read("word/_rels/document.xml.rels")
    assert b"<script" not in made and b"fldSimple" not in made and b"hyperlink" not in made.lower().replace(b"=hyperlink(", b"")


def test_same_letter_same_bytes_and_no_author(tmp_path):
    letter = Letter("stop", (Paragraph("title", "函"), Paragraph("item", "1. 一")))
    for name in ("a", "b"):
        docx.write(letter, tmp_path / name, MADE)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(io.BytesIO((tmp_path / "a").read_bytes())) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}
        assert b"python-docx" not in package.read("docProps/core.xml")


def test_page_is_a4_and_bears_the_time_of_the_run(tmp_path):
    docx.write(write("stop", matter(THREAT)), tmp_path / "made.docx", MADE)
    document = Document(tmp_path / "made.docx")
    assert [(round(page.page_width.mm), round(page.page_height.mm)) for page in document.sections] == [(210, 297)]
    made = {document.core_properties.created, document.core_properties.modified}
    assert {moment.replace(tzinfo=timezone.utc) for moment in made} == {datetime(2026, 8, 31, 23, 30, tzinfo=timezone.utc)}


def test_notes_are_in_no_word_file(tmp_path):
    letter = write("complaint", matter(THREAT))
    docx.write(letter, tmp_path / "made.docx", MADE)
    assert letter.notes
    assert not {part.text for part in letter.notes} & set(paragraphs(tmp_path / "made.docx"))
