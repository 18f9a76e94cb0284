"""The pack of evidence: report, tables, the untouched source and a list of all of it with hashes, in one ZIP."""

from cuishou.output.evidence.contents import to_note, write
from cuishou.output.evidence.verify import NotAPack, Problem, Verdict, verify

__all__ = ["NotAPack", "Problem", "Verdict", "to_note", "verify", "write"]
