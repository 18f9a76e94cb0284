"""Phone backups: one module a format, each with ``NAME``, ``KEY``, ``sniff(head)`` and ``read(source, report, options)``."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cuishou.backup import (
    adb_rows,
    android_backup,
    assistant_csv,
    fossify,
    json_lines,
    plain_text,
    quik,
    recognised,
    sms_backup_restore,
    sms_ie,
    smss_xml,
    sqlite_messages,
    super_backup,
    table,
    termux,
    vmsg,
    walk,
    workbook,
)
from cuishou.backup.format import Format, Options, Source, UnreadableBackup, told
from cuishou.backup.report import ImportReport, Loss
from cuishou.message import Instant, Message

__all__ = ["FORMATS", "Backup", "ImportReport", "Loss", "Options", "Source", "UnreadableBackup", "open_backup"]

#: In the order in which they are tried: those with marks of their own first, those that take nearly anything last.
FORMATS: tuple[Format, ...] = (
    sms_backup_restore,
    super_backup,
    smss_xml,
    sqlite_messages,
    android_backup,
    workbook,
    vmsg,
    adb_rows,
    assistant_csv,
    quik,
    fossify,
    termux,
    sms_ie,
    json_lines,
    table,
    plain_text,
)


@dataclass(frozen=True)
class Backup:
    """An opened backup: a file, or what was found in a folder or an archive.

    Iterating reads it from its start; ``reports`` are complete after the last message. ``skipped`` names the files that are no
    backups, with the reason; ``failed`` those among them that were asked for by their own path, and were to be read.
    """

    paths: Sequence[Path]
    options: Options
    parts: Sequence[tuple[Source, Format, str]]
    skipped: list[str]
    reports: list[ImportReport] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def report(self) -> ImportReport:
        """The first file's report."""
        return self.reports[0]

    def __iter__(self) -> Iterator[Message]:
        seen = _Seen() if len(self.parts) > 1 else None
        broken: list[str] = []
        self.reports[:] = [ImportReport(source=source.name, format=known.NAME, recognised=by) for source, known, by in self.parts]
        for number, ((source, known, _), report) in enumerate(zip(self.parts, list(self.reports), strict=True)):
            try:
                for message in _read(known, source, report, self.options):
                    if seen is not None and seen.elsewhere(message, number):
                        report.duplicates += 1
                        continue
                    report.see(message)
                    yield message if message.earlier is None or seen is None else _unnumbered(message)
            except UnreadableBackup as error:
                broken.append(str(error))
                if len(broken) == len(self.parts):
                    raise UnreadableBackup("\n".join(dict.fromkeys([*self.failed, *broken]))) from None
                self._go_on_without(report, str(error))

    def _go_on_without(self, report: ImportReport, reason: str) -> None:
        """One of several files cannot be read, or no further."""
        if report.read:
            report.lose(0, reason, "读到中途无法继续")
        else:
            self.reports.remove(report)
        if reason not in self.failed:
            self.failed.append(reason)
            self.skipped.insert(0, reason)


def _unnumbered(message: Message) -> Message:
    """``message`` without the number of an earlier import, which may be another message's in another file of this one."""
    assert message.earlier is not None
    return replace(message, earlier=message.earlier._replace(number=0))


def _read(known: Format, source: Source, report: ImportReport, options: Options) -> Iterator[Message]:
    try:
        yield from known.read(source, report, options)
    except (zipfile.BadZipFile, zlib.error, EOFError, tarfile.TarError) as error:  # the archive around the file is at fault
        report.lose(0, f"the archive is damaged here: {error}", "压缩包在此处损坏")
    except OSError as error:
        raise UnreadableBackup(f"{source.name}: {told(error)}") from error


class _Seen:
    """Which messages an earlier file of the same import held: overlapping backups hold them again.

    Two messages are one when direction, number, text and time agree, the time as exactly as both files know it. Copies within one
    file stay: a sender may well have sent them.
    """

    def __init__(self) -> None:
        self._where: dict[int, int] = {}

    def elsewhere(self, message: Message, file: int) -> bool:
        """Whether an earlier file than number ``file`` held ``message``; remembers it."""
        at = message.received_at or message.sent_at
        exact, coarse = _key(message, at, coarse=False), _key(message, at, coarse=True)
        is_coarse = at is None or at.precision in ("minute", "day")
        # what is known to the minute meets both kinds; what is known to the second only its like, or what is known to the minute
        keys = (coarse, hash((coarse, "any"))) if is_coarse else (exact, coarse)
        if any(self._where.get(key, file) < file for key in keys):
            return True
        self._where.setdefault(keys[0], file)
        if not is_coarse:
            self._where.setdefault(hash((coarse, "any")), file)
        return False


def _key(message: Message, at: Instant | None, *, coarse: bool) -> int:
    number = message.address.removeprefix("+86").replace(" ", "").replace("-", "")
    seconds = int(at.at.timestamp()) if at else None
    time = seconds // 60 if coarse and seconds is not None else seconds
    return hash((message.direction == "in", number, message.body.strip(), time, coarse))


def open_backup(*paths: str | Path, form: str | None = None, options: Options | None = None) -> Backup:
    """Recognise the backups at ``paths`` by their content: files, folders, ZIPs, or ``-`` for standard input.

    ``form`` is the ``KEY`` of a format to read them as, whatever they look like. Of several paths those that hold no backup are
    left out and named in ``failed``. Raises :class:`UnreadableBackup` when none holds one that we know.
    """
    chosen, options = _chosen(form), options or Options()
    found: list[tuple[Source, Format, str]] = []
    skipped: list[str] = []
    failed: list[str] = []
    for path in map(Path, paths):
        try:
            parts, others = _look(path, chosen, options.columns)
        except UnreadableBackup as error:
            failed.append(str(error))
            continue
        found += parts
        skipped += others
    if failed and not found:
        raise UnreadableBackup("\n".join(failed))
    reports = [ImportReport(source=source.name, format=known.NAME, recognised=by) for source, known, by in found]
    return Backup([Path(path) for path in paths], options, found, [*failed, *skipped], reports, failed)


def _look(path: Path, chosen: Format | None, columns: Mapping[str, str]) -> tuple[list[tuple[Source, Format, str]], list[str]]:
    """The backups at ``path``, one at least, and what the other files there are. Raises :class:`UnreadableBackup`."""
    parts: list[tuple[Source, Format, str]] = []
    skipped: list[str] = []
    is_input = str(path) == "-"
    try:
        for source in walk.sources(walk.standard_input() if is_input else path):
            found = _recognise(source, chosen, columns, alone=is_input or path.is_file())
            if isinstance(found, str):
                skipped.append(found)
            else:
                parts.append((source, *found))
    except OSError as error:
        raise UnreadableBackup(f"{path}: {told(error)}") from error
    if not parts and len(skipped) == 1:
        raise UnreadableBackup(skipped[0])
    if not parts:
        listed = "".join(f"\n  {line}" for line in skipped[:5])
        english = f"{path} holds no backup that can be read ({len(skipped)} files)"
        raise UnreadableBackup(f"{path}: 里面没有能读取的短信备份 ({english}){listed}")
    return parts, skipped


def _chosen(form: str | None) -> Format | None:
    if form is None:
        return None
    for known in FORMATS:
        if form == known.KEY:
            return known
    raise UnreadableBackup(
        f"没有这种格式 (no format is called {form!r}); 可用的 (known): {', '.join(known.KEY for known in FORMATS)}"
    )


def _recognise(source: Source, chosen: Format | None, columns: Mapping[str, str], *, alone: bool) -> tuple[Format, str] | str:
    """The format of ``source`` and by what it was recognised, or why it is none."""
    try:
        head = source.head()
    except UnreadableBackup as error:
        return str(error)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        return f"{source.name}: 无法解压 (cannot be unpacked: {error})"
    if not head:
        english = f"{source.name} is empty, 0 bytes; make the backup again and copy it whole"
        return f"{source.name}: 空文件，请重新导出并完整拷贝 ({english})"
    if chosen is not None:
        return chosen, "--format"
    if (sentence := recognised.explain(head, source.name)) is not None:
        return f"{source.name}: {sentence}"
    for known in FORMATS:
        # before it is taken for lines: who names columns says that there is a table, and is told where they are not in it
        is_lines = known is plain_text and known.sniff(head) is not None
        if is_lines and columns and (table.sniff(head, columns) or (alone and not source.name.lower().endswith(".txt"))):
            return table, "--map"
        # any text is a list of lines: a file that merely lies beside backups has to be called one
        if known is plain_text and not alone and not source.name.lower().endswith(".txt"):
            continue
        if (by := known.sniff(head)) is not None:
            return known, by
    names = ", ".join(known.NAME for known in FORMATS)
    english = f"{source.name} is not a backup that can be read; it begins with {head[:16]!r}. Known: {names}"
    return f"{source.name}: 不是能识别的短信备份，请用手机上的导出软件重新导出 ({english})"
