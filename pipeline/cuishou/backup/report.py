"""The health report of an import: what was in a file, what was not, and what looks wrong."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from cuishou.message import Instant, Message

#: Numbers of banks, carriers, public services and companies: who writes to every phone in China.
SERVICE = re.compile(r"(?:\+?86|0086)?(?:106|95|12|400)\d")
#: A number that a spreadsheet rounded to 15 digits and wrote as a fraction: its end cannot be had back.
_RUINED = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
#: Days without any message from which on a gap is told of. A heuristic: few phones are silent for a month.
GAP = 30

#: Losses kept with their places, so that a file of nothing but faults does not fill the memory.
MOST_LOSSES = 1000

Warning_ = Literal["no_services", "ten_rows", "count_differs"]


@lru_cache(maxsize=4096)
def _kind(address: str) -> tuple[bool, bool]:
    """Whether it is a service's number, and whether it is a ruined one."""
    return SERVICE.match(address) is not None, _RUINED.fullmatch(address) is not None


@dataclass(frozen=True, slots=True)
class Loss:
    """What could not be read: ``offset`` in bytes from the start of the file, why, and how many records at the least.

    ``reason`` is for engineers and may quote a library's words; ``zh`` is for the phone's owner.
    """

    offset: int
    reason: str
    records: int = 1
    zh: str = ""


@dataclass(slots=True)
class ImportReport:
    """Filled in while the messages are read; complete once the last has been.

    ``recognised`` says by what the format was told, ``declared`` is the count that the file gives of itself, ``read`` the
    messages found, ``lost`` the records known to be missing or broken, ``without_text`` the messages that carry no text,
    ``repaired`` the characters that were no valid text and were replaced, ``duplicates`` the messages left out because another
    backup of the same import holds them.
    """

    source: str
    format: str
    recognised: str = ""
    encoding: str | None = None
    declared: int | None = None
    read: int = 0
    received: int = 0
    without_text: int = 0
    repaired: int = 0
    duplicates: int = 0
    unknown_dates: int = 0
    coarse_dates: int = 0
    ruined_numbers: int = 0
    numbered: int = 0
    services: int = 0
    first: Instant | None = None
    last: Instant | None = None
    lost: list[Loss] = field(default_factory=list)
    days: set[date] = field(default_factory=set, repr=False)
    row_limit: int | None = None

    def lose(self, offset: int, reason: str, zh: str, records: int = 1) -> None:
        """Note that something at ``offset`` could not be read. After :data:`MOST_LOSSES` only the number goes on."""
        if len(self.lost) < MOST_LOSSES:
            self.lost.append(Loss(offset, reason, records, zh))
        else:
            self.lost[-1] = replace(self.lost[-1], records=self.lost[-1].records + records)

    def see(self, message: Message) -> None:
        """Count ``message`` in."""
        self.read += 1
        self.received += message.direction in ("in", "unknown")
        self.without_text += not message.body
        if message.address:
            self.numbered += 1
            is_service, is_ruined = _kind(message.address)
            self.services += is_service
            self.ruined_numbers += is_ruined
        if (instant := message.instant) is None:
            self.unknown_dates += 1
            return
        self.coarse_dates += instant.precision in ("minute", "day")
        if (day := instant.day) is not None:
            self.days.add(day)
        if self.first is None or instant.at < self.first.at:
            self.first = instant
        if self.last is None or instant.at > self.last.at:
            self.last = instant

    @property
    def missing(self) -> int:
        """How many records are missing: those known to be broken, or what the file's own count lacks, whichever is more."""
        return max(sum(loss.records for loss in self.lost), (self.declared or 0) - self.read)

    @property
    def gaps(self) -> list[tuple[date, date]]:
        """First and last silent day of every stretch of :data:`GAP` days or more, longest first."""
        days, one = sorted(self.days), timedelta(days=1)
        pairs = [(before + one, after - one) for before, after in itertools.pairwise(days)]
        silent = [(start, end) for start, end in pairs if (end - start).days + 1 >= GAP]
        return sorted(silent, key=lambda gap: gap[0] - gap[1])

    @property
    def warnings(self) -> list[Warning_]:
        """What the owner of the phone should look into."""
        found: list[Warning_] = []
        if self.numbered and not self.services:
            found.append("no_services")
        if self.row_limit is not None and self.read == self.row_limit:
            found.append("ten_rows")
        if self.declared is not None and self.declared != self.read:
            found.append("count_differs")
        return found

    def record(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return {
            "source": self.source,
            "format": self.format,
            "recognised": self.recognised,
            "encoding": self.encoding,
            "declared": self.declared,
            "read": self.read,
            "received": self.received,
            "missing": self.missing,
            "lost": [{"offset": loss.offset, "reason": loss.reason, "records": loss.records} for loss in self.lost],
            "without_text": self.without_text,
            "repaired": self.repaired,
            "duplicates": self.duplicates,
            "unknown_dates": self.unknown_dates,
            "coarse_dates": self.coarse_dates,
            "ruined_numbers": self.ruined_numbers,
            "services": self.services,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "gaps": [[start.isoformat(), end.isoformat()] for start, end in self.gaps],
            "warnings": self.warnings,
        }
