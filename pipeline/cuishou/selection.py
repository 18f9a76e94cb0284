"""Which messages of a case to show: by day, sender, tag and direction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cuishou.case import Case, Finding, Outside
from cuishou.message import Direction, Tag


@dataclass(frozen=True, slots=True)
class Selection:
    """What to show; a field left empty leaves nothing out.

    ``since`` and ``until`` are days in China, both included; a message without a day is in neither. ``senders`` are parts of a
    signature or a contact's name, or whole numbers.
    """

    since: date | None = None
    until: date | None = None
    senders: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    directions: tuple[Direction, ...] = ()

    def __contains__(self, finding: object) -> bool:
        if not isinstance(finding, Finding):
            return False
        return (
            (not self.directions or finding.message.direction in self.directions)
            and (not self.tags or (finding.tagging is not None and finding.tagging.tag in self.tags))
            and self._in_time(finding)
            and (not self.senders or any(map(finding.is_from, self.senders)))
        )

    def _in_time(self, finding: Finding) -> bool:
        if self.since is None and self.until is None:
            return True
        day = finding.message.day
        return day is not None and (self.since or day) <= day <= (self.until or day)


def select(case: Case, selection: Selection) -> Case:
    """``case`` with the findings in ``selection`` only; how many are left out is counted."""
    kept = [finding for finding in case.findings if finding in selection]
    outside = Outside()
    outside.merge(case.outside)
    outside.add(finding for finding in case.findings if finding not in selection)
    return replace(case, findings=kept, left_out=case.left_out + len(case.findings) - len(kept), outside=outside)
