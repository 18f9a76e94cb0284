"""Checks a pack of evidence against its own lists and names what was altered."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from cuishou.output.evidence.archive import digest, sealed
from cuishou.output.evidence.contents import COVER, FORMAT, MANIFEST, RECORDS, SUMS

What = Literal["altered", "missing", "added", "unreadable", "record", "counts", "container", "twice"]

#: No list of ours is larger; another that is was made to fill the memory.
_LARGEST_LIST = 1 << 30
_SUM = re.compile(r"([0-9a-f]{64})  ([^\n]+)")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which file; ``detail`` is the number of a message where one is meant."""

    what: What
    file: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. ``sealed`` is None for a pack that was unpacked and packed again."""

    problems: tuple[Problem, ...]
    sha256: str
    sealed: bool | None
    manifest: Mapping[str, Any]
    files: int

    @property
    def intact(self) -> bool:
        """Whether everything is as it was made."""
        return not self.problems


class NotAPack(Exception):
    """The file is no pack of evidence, and never was one as far as can be seen."""


def verify(path: Path) -> Verdict:
    """Check the pack at ``path``. Raises OSError when it cannot be read at all, :class:`NotAPack` when it is something else."""
    with path.open("rb") as file:
        _, whole = digest(file)
    seal = sealed(path)
    try:
        with zipfile.ZipFile(path) as archive:
            manifest, problems = _check(archive)
            files = len(_files_in(archive))
            foreign = seal is None and bool(archive.comment)  # packing again leaves none: this was ours
    except _BROKEN:
        if seal is None and not _begins_as_pack(path):
            raise NotAPack(path.name) from None
        return Verdict((Problem("unreadable", path.name),), whole, seal, {}, 0)
    if seal is None and {Problem("missing", SUMS), Problem("missing", MANIFEST)} <= set(problems):
        raise NotAPack(path.name)
    if (seal is False or foreign) and not problems:
        problems = [Problem("container", path.name)]
    return Verdict(tuple(dict.fromkeys(problems)), whole, seal, manifest, files)


def _begins_as_pack(path: Path) -> bool:
    """Whether the first file in it is the cover: so does a pack begin that was cut off."""
    with path.open("rb") as file:
        head = file.read(30 + len(COVER))
    return head.startswith(b"PK\3\4") and head[30:] == COVER.encode()


def _files_in(archive: zipfile.ZipFile) -> list[str]:
    """The names in the pack, without the empty entries that tools add for folders when they pack it again."""
    return [info.filename for info in archive.infolist() if not (info.is_dir() and info.file_size == 0)]


def _check(archive: zipfile.ZipFile) -> tuple[Mapping[str, Any], list[Problem]]:
    names = _files_in(archive)
    problems = [Problem("twice", name) for name in sorted({name for name in names if names.count(name) > 1})]
    found = {name: _entry(archive, name) for name in names}
    problems += [Problem("unreadable", name) for name, entry in found.items() if entry is None]
    if SUMS not in found or MANIFEST not in found:
        return {}, [*problems, *(Problem("missing", name) for name in (SUMS, MANIFEST) if name not in found)]
    listed = {name: sha256 for sha256, name in _SUM.findall(_text(archive, SUMS) or "")}
    manifest = _parsed(_text(archive, MANIFEST))
    if manifest is None:
        return {}, [*problems, Problem("altered", MANIFEST)]
    problems += _files(found, listed, manifest)
    problems += _messages(archive, manifest) if found.get(RECORDS) else []
    problems += _counted(manifest)
    return manifest, problems


def _files(found: Mapping[str, str | None], listed: Mapping[str, str], manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Every file against both lists. Where the lists differ, the one that disagrees with the file is the one altered."""
    named = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    for name in sorted(listed.keys() | named.keys() | found.keys() - {SUMS}):
        if name not in found:
            # a name that only one list knows is that list's fault
            yield (
                Problem("missing", name)
                if name in listed and (name in named or name == MANIFEST)
                else Problem("altered", SUMS if name in listed else MANIFEST)
            )
            continue
        given = {listed.get(name), named.get(name, listed.get(name) if name == MANIFEST else None)}
        if given == {None}:
            yield Problem("added", name)
        elif found[name] is not None and given != {found[name]}:
            if found[name] not in given:
                yield Problem("altered", name)
            else:
                yield Problem("altered", SUMS if listed.get(name) != found[name] else MANIFEST)
    sources = {f"source/{source['name']}": source["sha256"] for source in manifest["sources"] if source["in_pack"]}
    yield from (Problem("altered", MANIFEST) for name, sha256 in sources.items() if named.get(name) != sha256)


def _messages(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Every line of the messages against the list's hash of it."""
    records = iter(manifest["records"])
    try:
        with archive.open(RECORDS) as lines:
            for line in lines:
                record = next(records, None)
                if record is None:
                    yield Problem("altered", RECORDS)
                    return
                if hashlib.sha256(line.removesuffix(b"\n")).hexdigest() != record["sha256"]:
                    yield Problem("record", RECORDS, f"{record['number']:04}")
    except _BROKEN:
        return  # said of the file already
    if next(records, None) is not None:
        yield Problem("altered", RECORDS)


def _counted(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    counts = manifest["counts"]
    if counts["out"] != len(manifest["records"]) or counts["in"] != counts["out"] + sum(counts["dropped"].values()):
        yield Problem("counts", MANIFEST)


def _entry(archive: zipfile.ZipFile, name: str) -> str | None:
    """The SHA-256 of a file in the pack; None where it cannot be unpacked."""
    try:
        with archive.open(name) as file:
            return digest(cast(BinaryIO, file))[1]
    except _BROKEN:
        return None


def _text(archive: zipfile.ZipFile, name: str) -> str | None:
    try:
        if archive.getinfo(name).file_size > _LARGEST_LIST:
            return None
        return archive.read(name).decode()
    except _BROKEN:
        return None


def _parsed(text: str | None) -> Mapping[str, Any] | None:
    """The manifest, if it has the shape of one."""
    try:
        manifest = json.loads(text or "")
        shaped = (
            manifest["format"] == FORMAT
            and all(isinstance(entry["name"] + entry["sha256"], str) for entry in manifest["files"])
            and all(isinstance(entry["name"] + entry["sha256"], str) for entry in manifest["sources"])
            and all(isinstance(entry["in_pack"], bool) for entry in manifest["sources"])
            and all(isinstance(record["number"], int) and isinstance(record["sha256"], str) for record in manifest["records"])
            and all(isinstance(count, int) for count in (manifest["counts"]["in"], manifest["counts"]["out"]))
            and all(isinstance(count, int) for count in manifest["counts"]["dropped"].values())
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return manifest if shaped else None
