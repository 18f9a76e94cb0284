"""A case with what its times and the rules add: what a report, a pack of evidence or a letter is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cuishou.case import Case, Finding
from cuishou.grounds import Basis, Grounds, kind_of
from cuishou.rhythm import Analysis, Options, Party, Pattern, analyse


@dataclass(frozen=True)
class Study:
    """One person's messages, when they came and by which rules they may be judged."""

    case: Case
    grounds: Grounds
    analysis: Analysis

    @classmethod
    def of(cls, case: Case, grounds: Grounds, options: Options | None = None) -> Study:
        """Work out the rhythm of ``case``; ``options`` default to the thresholds of ``grounds``."""
        strangers = ((finding.message, tagging) for finding, tagging in case.received if not finding.familiar)
        friends = ((finding.message, tagging) for finding, tagging in case.received if finding.familiar)
        return cls(case, grounds, analyse(strangers, options or Options.of(grounds), friends))

    @property
    def options(self) -> Options:
        """What was counted by."""
        return self.analysis.overall.options

    @cached_property
    def numbers(self) -> Mapping[int, str]:
        """The number of each message as people are shown it, by the ``id()`` of the message."""
        return {id(finding.message): finding.label for finding in self.case.findings}

    def bases(self, finding: Finding, party: Party) -> Sequence[Basis]:
        """What may be said of each likely reason of a message, flags last.

        No rule is held against what is less likely than not, nor against what a friend may only have passed on.
        """
        tagging = finding.alleged
        if tagging is None or finding.familiar:
            return ()
        codes = tuple(reason.code for reason in tagging.likely)
        day = finding.message.day
        return [self.grounds.basis(code, day, sender_kind(party), codes) for code in codes]

    def pattern_basis(self, pattern: Pattern) -> Basis:
        """What may be said of several messages together."""
        return pattern.basis(self.grounds, sender_kind(pattern.party))


def sender_kind(party: Party) -> str:
    """The kind of sender that a group claims to be by its name."""
    return kind_of(party.principal or party.signature)
