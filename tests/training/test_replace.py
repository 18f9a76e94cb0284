import errno
import os
from pathlib import Path

import pytest

from cuishou.scorer import set_aside
from cuishou.training import replace as module
from cuishou.training.replace import NotAModelFolder, exchange, replace, staging


def fill(folder: Path, what: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("cuishou.onnx", "metrics.json"):
        (folder / name).write_text(what)
    return folder


def served(out: Path) -> str:
    """What a reader finds, who looks where the scorer looks."""
    folder = out if out.exists() or not set_aside(out).exists() else set_aside(out)
    (said,) = {file.read_text() for file in folder.iterdir()}
    return said


class Killed(BaseException):
    """The process ended here."""


def test_the_first_model(tmp_path: Path):
    out = tmp_path / "deep" / "model"
    with staging(out) as made:
        replace(fill(made, "new"), out)
    assert [path.name for path in out.parent.iterdir()] == ["model"]
    assert served(out) == "new"


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_model_takes_the_place_of_another(tmp_path: Path, can_exchange: bool, monkeypatch: pytest.MonkeyPatch):
    if not can_exchange:
        monkeypatch.setattr(module, "exchange", lambda one, other: False)
    out = fill(tmp_path / "model", "old")
    (out / "golden.jsonl").write_text("old")
    with staging(out) as made:
        replace(fill(made, "new"), out)
    assert served(out) == "new"
    assert not (out / "golden.jsonl").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_through_a_link(tmp_path: Path):
    fill(tmp_path / "kept" / "v1", "old")
    (tmp_path / "model").symlink_to(tmp_path / "kept" / "v1")
    with staging(tmp_path / "model") as made:
        replace(fill(made, "new"), tmp_path / "model")
    assert (tmp_path / "model").is_symlink()
    assert served(tmp_path / "kept" / "v1") == "new"


def test_a_failed_training_leaves_nothing(tmp_path: Path):
    out = fill(tmp_path / "model", "old")
    with pytest.raises(ZeroDivisionError), staging(out) as made:
        fill(made, "new")
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert served(out) == "old"


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(NotAModelFolder, match=r"thesis\.docx"), staging(tmp_path):
        pass
    assert (tmp_path / "thesis.docx").exists()


@pytest.mark.parametrize("moment", range(4))
def test_killed_between_two_renames(tmp_path: Path, moment: int, monkeypatch: pytest.MonkeyPatch):
    """Where names cannot be exchanged: at every step a reader finds a whole model, and the next training cleans up."""
    out = fill(tmp_path / "model", "old")
    steps = 0

    def may_be_killed(real):
        def step(*arguments, **named):
            nonlocal steps
            if steps == moment:
                raise Killed
            steps += 1
            return real(*arguments, **named)

        return step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "exchange", lambda one, other: False)
        made = fill(tmp_path / ".model.new-999999999", "new")  # no process has this number
        patch.setattr(Path, "rename", may_be_killed(Path.rename))
        patch.setattr(module.shutil, "rmtree", may_be_killed(module.shutil.rmtree))
        try:
            replace(made, out)
            finished = True
        except Killed:
            finished = False
    assert served(out) == ("new" if finished or moment == 3 else "old")
    with staging(out):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert served(out) in ("old", "new")


def test_a_living_run_keeps_its_folder(tmp_path: Path):
    other = fill(tmp_path / f".model.new-{os.getppid()}", "somebody else's")
    with staging(tmp_path / "model"):
        pass
    assert other.exists()


def test_exchange_says_when_it_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Library:
        @staticmethod
        def renameat2(*_: object) -> int:
            module.ctypes.set_errno(Library.number)
            return -1

    monkeypatch.setattr(module.ctypes, "CDLL", lambda *_, **__: Library)
    Library.number = errno.EINVAL
    assert exchange(tmp_path / "a", tmp_path / "b") is False
    Library.number = errno.EACCES
    with pytest.raises(PermissionError):
        exchange(tmp_path / "a", tmp_path / "b")
