import errno
import os
import re

import pytest

from cuishou.output import place

NUMBERS = [
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EISDIR", "ENOTDIR", "EEXIST", "EFBIG")
]


@pytest.mark.parametrize("number", [*NUMBERS, errno.EIO, errno.ENAMETOOLONG, errno.ENOENT])
def test_error_is_told_in_chinese_first_with_what_to_do(tmp_path, number):
    said = place.told(OSError(number, os.strerror(number)), tmp_path / "a.csv")
    assert said.startswith(f"{tmp_path / 'a.csv'}: ")
    chinese, english = re.fullmatch(
        r"([^()]*(?:（[^）]*）[^()]*)*) \((.+)\)", said.removeprefix(f"{tmp_path / 'a.csv'}: ")
    ).groups()
    assert "请" in chinese
    assert english.isascii()


def test_error_without_a_number():
    assert "写不进去" in place.told(OSError("odd"), place.Path("a"))


def test_file_that_an_error_names_is_told():
    assert place.told(OSError(errno.EACCES, "", "from", None, "to"), place.Path("a")).startswith("to: ")
    assert place.told(OSError(errno.EACCES, "", "from"), place.Path("a")).startswith("from: ")


def test_nothing_is_wrong_with_a_new_place(tmp_path):
    assert place.folder_fault(tmp_path / "new" / "deeper") is None
    assert place.file_fault(tmp_path / "new" / "a.zip") is None


def test_file_is_no_folder_and_folder_no_file(tmp_path):
    (tmp_path / "a").write_text("")
    assert "不是目录" in place.folder_fault(tmp_path / "a")
    assert "不是目录" in place.folder_fault(tmp_path / "a" / "b")
    assert "不是文件" in place.file_fault(tmp_path)


def test_folder_that_may_not_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(place.os, "access", lambda *_: False)
    assert "没有写入权限" in place.folder_fault(tmp_path)


def test_files_come_all_at_once(tmp_path):
    (tmp_path / "a").write_text("before")
    with place.beside(tmp_path) as made:
        (made / "a").write_text("after")
        (made / "b").write_text("after")
        assert (tmp_path / "a").read_text() == "before"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "after", "b": "after"}


def test_what_was_there_stays_when_writing_fails(tmp_path):
    (tmp_path / "a").write_text("before")
    with pytest.raises(ZeroDivisionError), place.beside(tmp_path) as made:
        (made / "a").write_text("half")
        raise ZeroDivisionError
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "before"}


def test_folder_in_the_way_is_named(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="a") as failed, place.beside(tmp_path) as made:
        (made / "a").write_text("")
    assert failed.value.filename == str(tmp_path / "a")
