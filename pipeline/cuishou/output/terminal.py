"""The summary for the eye: counts by tag and sender, the gravest messages with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cuishou.case import Case, Finding
from cuishou.codes import TAG_NAMES
from cuishou.message import TAGS, Tag, Tagging
from cuishou.output import health
from cuishou.output.words import WORDS, listed, reasons_told, unsure_told, visible

if TYPE_CHECKING:
    from cuishou.stream import Digest

STYLES = {"other": "dim", "reminder": "cyan", "pressure": "yellow", "unlawful": "bold red"}

#: Characters of a message on the screen, and how many of them stand before the words that carried the tag.
_LONGEST, _BEFORE = 400, 100

_WEIGHTS = {"plain": "dim", "note": "", "warning": "bold yellow"}


def show(case: Case | Digest, console: Console, language: str, most: int = 10, *, written: bool = False) -> None:
    """Print the summary of ``case``; ``written``: all of it is in files too."""
    words = WORDS[language]
    counts = case.counts()
    collection = sum(counts[tag] for tag in TAGS[1:])
    read = sum(report.read for report in case.reports)
    sentence = words["chosen" if case.left_out else "found"].format(
        read=read, shown=case.shown, received=sum(counts.values()), collection=collection, unlawful=counts["unlawful"]
    )
    parts: list[RenderableType] = [Text(sentence, style="bold")]
    if unsure := unsure_told(case.unsure, words):
        parts.append(Text(unsure))
    if known := case.familiar:
        names = listed(sorted(known, key=lambda name: -known[name]), language)
        parts.append(Text(words["familiar"].format(count=sum(known.values()), names=names)))
    parts.append("")
    if read:
        parts += [_counts(counts, language), ""]
    if collection:
        parts += [*_senders(case, language, most), "", *_gravest(case, language, most, written=written)]
    elif sum(counts.values()):
        parts += [Text(words["none"]), ""]
    parts += notes(case, language)
    parts.append(Text(words["limits"], style="dim"))
    console.print(Group(*parts))


def notes(case: Case | Digest, language: str) -> list[Text]:
    """The health of the import."""
    found = [note for report in case.reports for note in health.notes(report, language)]
    found += health.skipped(case.skipped, language)
    return [Text(note.text, style=_WEIGHTS[note.weight]) for note in found]


def _counts(counts: Mapping[Tag, int], language: str) -> Table:
    table = Table(show_header=True, header_style="bold", box=None, pad_edge=False)
    table.add_column(WORDS[language]["tag"])
    table.add_column(WORDS[language]["messages"], justify="right")
    for tag in reversed(TAGS):
        table.add_row(Text(TAG_NAMES[language][tag], style=STYLES[tag]), str(counts[tag]))
    return table


def _senders(case: Case | Digest, language: str, most: int) -> list[RenderableType]:
    words = WORDS[language]
    rows = case.senders()
    table = Table(title=words["senders"], title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    table.add_column(words["sender"], max_width=28)
    for tag in reversed(TAGS):
        table.add_column(TAG_NAMES[language][tag], justify="right")
    for sender, tags in rows[:most]:
        table.add_row(Text(visible(sender)), *(str(tags[tag]) if tags[tag] else "·" for tag in reversed(TAGS)))
    more = [Text(words["more_senders"].format(count=len(rows) - most), style="dim")] if len(rows) > most else []
    return [table, *more]


def _gravest(case: Case | Digest, language: str, most: int, *, written: bool) -> list[RenderableType]:
    words = WORDS[language]
    grave = case.gravest(most)
    counts = case.counts()
    left = counts["pressure"] + counts["unlawful"] - len(grave)
    parts: list[RenderableType] = [Text(words["gravest"], style="bold")] if grave else []
    for finding, tagging in grave:
        text = marked(finding.message.body, tagging)
        if len(text) > _LONGEST:
            text = shortened(text, finding.message.body, tagging, language)
        parts += [head(finding, tagging, language), Padding(text, (0, 0, 1, 2))]
    if left > 0:
        parts.append(Text(words["more_written" if written else "more"].format(count=left), style="dim"))
    return parts


def head(finding: Finding, tagging: Tagging, language: str) -> Text:
    """Tag, time, sender and reasons of one message."""
    words, message = WORDS[language], finding.message
    sure = words["sure"].format(percent=int(100 * tagging.probabilities[tagging.tag]))
    line = Text(TAG_NAMES[language][tagging.tag], style=STYLES[tagging.tag])
    known = (message.local(), message.address, f"#{finding.label}", sure)
    line.append("".join("  " + visible(part) for part in known if part), style="dim")
    if tagging.needs_review:
        line.append("  " + words["review"], style="magenta")
    if tagging.likely:
        line.append(f"\n  {words['reasons']}: {reasons_told(tagging, language)}")
    elif tagging.reasons:
        line.append(f"\n  {reasons_told(tagging, language)}")
    return line


def shortened(text: Text, body: str, tagging: Tagging, language: str) -> Text:
    """As much of ``text`` as a screen holds, from a little before the first words that carried the tag; its length is told."""
    first = min((span.start for span in tagging.spans), default=0)
    start = max(min(len(visible(body[:first])) - _BEFORE, len(text) - _LONGEST), 0)
    part = text[start : start + _LONGEST]
    ends = ("…" if start else "", "…" if start + _LONGEST < len(text) else "")
    return Text.assemble(ends[0], part, ends[1], (WORDS[language]["cut"].format(count=len(body)), "dim"))


def marked(body: str, tagging: Tagging) -> Text:
    """The body with the characters that carried the tag underlined."""
    carried = {place for span in tagging.spans for place in range(span.start, span.end)}
    text = Text()
    for place, character in enumerate(body):
        text.append(visible(character), style="underline" if place in carried else "")
    return text
