"""A case with what its times and the rules add: what a report, a pack of evidence or a letter is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cuishou.case import Case, Finding
from cuishou.grounds import Basis, Grounds, kind_of
from cuishou.rhythm import Analysis, Options, Party, Pattern, analyse, day_of


@dataclass(frozen=True)
class Study:
    """One person's messages, when they came and by which rules they may be judged."""

    case: Case
    grounds: Grounds
    analysis: Analysis

    @classmethod
    def of(cls, case: Case, grounds: Grounds, options: Options | None = None) -> Study:
        """Work out the rhythm of ``case``; ``options`` default to the thresholds of ``grounds``."""
        tagged = ((finding.message, tagging) for finding, tagging in case.received)
        return cls(case, grounds, analyse(tagged, options or Options.of(grounds)))

    @property
    def options(self) -> Options:
        """What was counted by."""
        return self.analysis.overall.options

    def bases(self, finding: Finding, party: Party) -> Sequence[Basis]:
        """What may be said of each reason code of a message, in the model's order."""
        if finding.tagging is None:
            return ()
        codes = tuple(reason.code for reason in finding.tagging.reasons)
        day = day_of(finding.message)
        return [self.grounds.basis(code, day, sender_kind(party), codes) for code in codes]

    def pattern_basis(self, pattern: Pattern) -> Basis:
        """What may be said of several messages together."""
        return pattern.basis(self.grounds, sender_kind(pattern.party))


def sender_kind(party: Party) -> str:
    """The kind of sender that a group claims to be by its name."""
    return kind_of(party.principal or party.signature)
