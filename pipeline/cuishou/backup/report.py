"""What happened while a backup was read: the import report."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that could not be read: ``offset`` in bytes from the start of the file, and why."""

    offset: int
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Filled in while the messages are read; complete once the last has been.

    ``declared`` is the count that the file gives of itself, ``read`` the messages found, ``lost`` the records known to be
    missing or broken, ``without_text`` the messages that carry no text, ``repaired`` the characters that were no valid text and
    were replaced.
    """

    source: str
    format: str
    declared: int | None = None
    read: int = 0
    without_text: int = 0
    repaired: int = 0
    lost: list[Loss] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many records are missing: those known to be broken, or what the file's own count lacks, whichever is more."""
        return max(len(self.lost), (self.declared or 0) - self.read)
