import io
import zipfile

import pytest
from docx import Document

from cuishou.letter import TITLES, Letter, Paragraph, write
from cuishou.output import docx
from tests.test_letter import HOSTILE, REMINDER, THREAT, matter, pair


def paragraphs(path) -> list[str]:
    return [paragraph.text for paragraph in Document(path).paragraphs if paragraph.text.strip()]


def test_empty_letter_opens(tmp_path):
    docx.write(Letter("stop", ()), tmp_path / "made.docx")
    assert paragraphs(tmp_path / "made.docx") == []


@pytest.mark.parametrize("kind", TITLES)
def test_word_file_says_what_the_text_says(tmp_path, kind):
    letter = write(kind, matter(REMINDER, THREAT))
    docx.write(letter, tmp_path / "made.docx")
    assert paragraphs(tmp_path / "made.docx") == [part.text for part in letter.paragraphs]


@pytest.mark.parametrize("hostile", [*HOSTILE, "\ufffe\uffff", "𠮷😀"])
def test_hostile_text_stays_text(tmp_path, hostile):
    letter = write("stop", matter(pair("2026-09-01T10:00", hostile, "unlawful", "INSULT", address=hostile)))
    docx.write(letter, tmp_path / "made.docx")
    assert paragraphs(tmp_path / "made.docx") == [part.text.replace("\ufffe\uffff", "\ufffd\ufffd") for part in letter.paragraphs]
    with zipfile.ZipFile(tmp_path / "made.docx") as package:
        made = package.read("word/document.xml") + package.read("word/_rels/document.xml.rels")
    assert b"<script" not in made and b"fldSimple" not in made and b"hyperlink" not in made.lower().replace(b"=hyperlink(", b"")


def test_same_letter_same_bytes_and_no_author(tmp_path):
    letter = Letter("stop", (Paragraph("title", "函"), Paragraph("item", "1. 一")))
    for name in ("a", "b"):
        docx.write(letter, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(io.BytesIO((tmp_path / "a").read_bytes())) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}
        assert b"python-docx" not in package.read("docProps/core.xml")
