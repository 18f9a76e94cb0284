"""What the report shows, worked out before the template writes it: every value is text or a number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cached_property

from cuishou import __version__
from cuishou.case import Finding
from cuishou.codes import TAG_NAMES, reason_name
from cuishou.grounds import SENDERS, STRENGTHS, Basis, Citation
from cuishou.measured import measured
from cuishou.message import TAGS, Tag, Tagging
from cuishou.output import health
from cuishou.output.report.charts import shares
from cuishou.output.told import Told, said, told
from cuishou.output.words import ACTIVE, REPORT_WORDS, listed, percent, reason_names, unsure_told, visible
from cuishou.rhythm import Party, Pattern, Rhythm
from cuishou.study import Study, sender_kind

#: Possibly unlawful messages on paper where all messages would be too many: some hundreds of pages.
MOST_ON_PAPER = 2000
#: Doubtful messages that are pointed to at the top.
_MOST_DOUBTFUL = 10
#: Rows of the appendix that a browser lays out together, or not at all while they are out of sight.
_CHUNK = 200


#: Days that say of themselves that they are overdue.
_OVERDUE = re.compile("[逾超拖过過]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a message's text: as it is (``""``), words that carried a score (``mark``), or a character's name (``control``)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What may be said by citations of one law in one relation, and the citations to read it in."""

    ids: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason code or a pattern of several messages with what may be said of it; ``if_so`` if the sender is of another kind."""

    code: str
    name: str
    strength: str
    label: str
    claims: Sequence[Claim]
    if_so: Sequence[Claim]
    notice: str


@dataclass(frozen=True, slots=True)
class Item:
    """One message."""

    number: str
    record: int
    source: str
    tag: str
    tag_name: str
    when: str
    day: str
    address: str
    sender: str
    group: int
    contact: str
    sure: str
    review: bool
    familiar: str
    possible: str
    pieces: Sequence[Piece]
    told: Sequence[Told]
    grounds: Sequence[Ground]


@dataclass(frozen=True, slots=True)
class Group:
    """One sender group."""

    name: str
    index: int
    kind: str
    total: int
    counts: Mapping[Tag, int]
    shares: Sequence[tuple[Tag, float, float]]
    facts: Sequence[str]
    claimed: str


@dataclass(frozen=True, slots=True)
class Together:
    """What several messages of one sender show."""

    sender: str
    ground: Ground
    count: str
    notes: Sequence[str]
    numbers: Sequence[str]


@dataclass(frozen=True)
class Page:
    """The whole report."""

    study: Study
    language: str
    versions: Sequence[str]
    items: Sequence[Item]
    groups: Sequence[Group]
    together: Sequence[Together]
    provisions: Sequence[tuple[Sequence[str], str]]
    channels: Sequence[tuple[str, str]]
    health: Sequence[health.Note]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Messages by tag; ``none`` for those that were not received."""
        counted = dict.fromkeys((*reversed(TAGS), "none"), 0)
        for item in self.items:
            counted[item.tag] += 1
        return counted

    @property
    def collection(self) -> list[Item]:
        """What concerns collection."""
        return [item for item in self.items if item.tag in TAGS[1:]]

    @property
    def grave(self) -> list[Item]:
        """What may be unlawful."""
        return [item for item in self.items if item.tag == "unlawful"]

    @cached_property
    def on_paper(self) -> list[Item]:
        """What a brief report shows: the possibly unlawful messages, or those of them that the model is surest of, by time."""
        if len(self.grave) <= MOST_ON_PAPER:
            return self.grave
        kept = {finding.label for finding, _ in self.study.case.gravest(MOST_ON_PAPER)}
        return [item for item in self.grave if item.number in kept]

    @property
    def brief(self) -> str:
        """What a brief report leaves out, and where that is."""
        words, shown, grave = REPORT_WORDS[self.language], len(self.on_paper), len(self.grave)
        return str(words["brief" if shown == grave else "brief_cut"].format(count=len(self.items), shown=shown, grave=grave))

    @property
    def chunks(self) -> list[Sequence[Item]]:
        """All messages, some at a time."""
        return [self.items[start : start + _CHUNK] for start in range(0, len(self.items), _CHUNK)]

    @property
    def senders(self) -> list[tuple[int, str]]:
        """The senders of collection messages, by number, for the filter."""
        return [(group.index, group.name) for group in self.groups]

    @property
    def summary(self) -> str:
        """What was found, in one sentence."""
        words, overall = REPORT_WORDS[self.language], self.study.analysis.overall
        received, collection = len(self.study.case.received), len(self.collection)
        key = (
            "summary"
            + ("_chosen" if self.study.case.left_out else "")
            + ("" if collection else "_none" if self.items else "_nothing")
        )
        if not received and not self.study.case.left_out:
            key = "summary_empty"
        first, last = _day(overall.first), _day(overall.last)
        dates = words["between" if first != last else "on_one"].format(first=first, last=last) if first else ""
        sentence = words[key].format(
            dates=dates, received=received, collection=collection, unlawful=self.counts["unlawful"], senders=len(self.groups)
        )
        if overall.night:
            sentence += words["summary_night"].format(count=len(overall.night), night=overall.options.night)
        return str(sentence + words["stop"])

    @property
    def asides(self) -> list[str]:
        """What to keep in mind with it: messages to check, and those of people whom the owner knows."""
        words, case = REPORT_WORDS[self.language], self.study.case
        found = [unsure] if (unsure := unsure_told(case.unsure, words)) else []
        if self.study.options.not_the_debtor:
            found.append(words["outsider"])
        for kind, known in (("familiar", case.familiar), ("saved", case.saved)):
            if known:
                names = listed(sorted(known, key=lambda name: -known[name]), self.language)
                found.append(words[kind].format(count=sum(known.values()), names=names))
        return found

    @property
    def doubtful(self) -> list[str]:
        """The numbers of the first messages that may concern collection after all."""
        return [finding.label for finding, _ in self.study.case.doubtful(_MOST_DOUBTFUL)]

    @property
    def missed(self) -> str:
        """How many the model misses; empty where that is not known of this one."""
        found = measured(self.study.case.model_version)
        return found.told(REPORT_WORDS[self.language]["missed"]) if found else ""

    @property
    def unseen(self) -> list[str]:
        """What is not among the messages shown: left out by choice, or lost."""
        words, case = REPORT_WORDS[self.language], self.study.case
        found = [words["left_out"].format(count=case.left_out, shown=len(self.items))] if case.left_out else []
        return found + ([words["missing"].format(count=case.missing)] if case.missing else [])

    @property
    def notice(self) -> Mapping[str, str]:
        """The sentences about what the program says and what stays so."""
        return self.study.grounds.notice[self.language]


def build(study: Study, language: str, run_time: datetime) -> Page:
    """Everything that the report on ``study`` shows."""
    indexes = {group.party: index for index, group in enumerate(study.analysis.groups, 1) if group.party}
    law = _Law(study, language)
    items = [_item(finding, indexes, law) for finding in sorted(study.case.findings, key=_order)]
    together = [_together(pattern, study.numbers, law) for pattern in study.analysis.patterns]
    most = max((len(group.messages) for group in study.analysis.groups), default=0)
    notes = [note for report in study.case.reports for note in health.notes(report, language)]
    return Page(
        study=study,
        language=language,
        versions=versions(study, language, run_time),
        items=items,
        groups=[_group(group, index, most, language) for index, group in enumerate(study.analysis.groups, 1)],
        together=together,
        provisions=law.provisions(),
        channels=_channels(study, language),
        health=[*notes, *health.skipped(study.case.skipped, language, most=50)],
    )


def versions(study: Study, language: str, run_time: datetime) -> list[str]:
    """When and with what it was made."""
    words = REPORT_WORDS[language]
    made = words["made"].format(time=run_time.isoformat(" ", "seconds"))
    with_ = words["made_with"].format(tool=__version__, model=study.case.model_version, grounds=study.grounds.version)
    return [made, with_]


class _Law:
    """Writes what the grounds say and remembers which citations were used."""

    def __init__(self, study: Study, language: str) -> None:
        self.study, self.language = study, language
        self._used: set[str] = set()

    def grounds(self, finding: Finding, party: Party) -> list[Ground]:
        """What may be said of each reason of a message. What several reasons would have said stands with the first."""
        told: set[str] = set()
        return [self.ground(basis, told) for basis in self.study.bases(finding, party)]

    def ground(self, basis: Basis, told: set[str] | None = None) -> Ground:
        """What may be said of one code, in a few words each; the provisions are printed once, at the end.

        ``told``: claims that stand above already, and those of this code after the call.
        """
        told = set() if told is None else told
        sure = [claim for claim in self._claims(basis.citations) if claim.text not in told]
        if_so = [claim for claim in self._claims(basis.if_sender, if_so=True) if claim.text not in told]
        told.update(claim.text for claim in (*sure, *if_so))
        self._used.update(citation.id for citation in (*basis.citations, *basis.if_sender))
        is_above = not sure and not if_so and bool(basis.citations or basis.if_sender)
        return Ground(
            code=basis.code,
            name=reason_name(basis.code, self.language),
            strength=basis.strength,
            label=STRENGTHS[self.language][basis.strength],
            claims=sure,
            if_so=if_so,
            notice=""
            if sure or if_so
            else REPORT_WORDS[self.language]["as_above"]
            if is_above
            else basis.sentences(self.language)[0],
        )

    def _claims(self, citations: Sequence[Citation], *, if_so: bool = False) -> list[Claim]:
        """A claim for each law and relation, with all its articles, in the order of the first of them."""
        alike: dict[tuple[str, ...], list[Citation]] = {}
        for citation in citations:
            given = citation.given(self.language) if if_so else ""
            alike.setdefault((citation.title, citation.role, citation.force, citation.condition, given), []).append(citation)
        joint = REPORT_WORDS[self.language]["comma"]
        claims = []
        for (*_, given), found in alike.items():
            named = replace(
                found[0],
                article=joint.join(dict.fromkeys(citation.article for citation in found if citation.article)),
                article_en=joint.join(dict.fromkeys(citation.article_en for citation in found if citation.article_en)),
            )
            claims.append(Claim(tuple(citation.id for citation in found), named.claim(self.language, given)))
        return claims

    def provisions(self) -> list[tuple[Sequence[str], str]]:
        """What each citation used says, once and in the order of the file, with the ids of those that say it."""
        said: dict[str, list[str]] = {}
        for citation in self.study.grounds.citations:
            if citation.id in self._used:
                said.setdefault(citation.reference(self.language), []).append(citation.id)
        return [(ids, sentence) for sentence, ids in said.items()]


def _item(finding: Finding, indexes: Mapping[Party, int], law: _Law) -> Item:
    language, message, tagging = law.language, finding.message, finding.alleged
    words = REPORT_WORDS[language]
    party = law.study.analysis.party_of(message)
    reasons = () if tagging is None else tagging.reasons if finding.familiar else tagging.possible
    aside = words["passed_on" if finding.familiar else "possible"]
    return Item(
        number=finding.label,
        record=message.record,
        source=visible(message.source),
        tag=tagging.tag if tagging else "none",
        tag_name=TAG_NAMES[language][tagging.tag] if tagging else words["direction"].get(message.direction, message.direction),
        when=message.local() or words["undated"],
        day=message.day.isoformat() if message.day else "",
        address=visible(message.address),
        sender=visible(party.name),
        group=indexes.get(party, 0) if tagging and tagging.tag != "other" and not finding.familiar else 0,
        contact=visible(message.contact or ""),
        sure=words["sure"].format(percent=percent(tagging)) if tagging else "",
        review=bool(tagging and tagging.needs_review),
        familiar=_familiar(finding, words) if tagging and tagging.tag != "other" else "",
        possible=aside.format(names=reason_names(reasons, language)) if reasons else "",
        pieces=pieces(message.body, tagging),
        told=[Told(fact.field, fact.label, visible(fact.text)) for fact in told(finding, language)],
        grounds=law.grounds(finding, party),
    )


def _familiar(finding: Finding, words: Mapping[str, str]) -> str:
    """What is to be kept in mind of its sender; empty of a stranger."""
    return words["from_saved" if finding.saved else "from_familiar"] if finding.familiar else ""


def pieces(body: str, tagging: Tagging | None) -> list[Piece]:
    """The body in order: words that carried a score are marked, and characters that act instead of showing are named.

    A single character may carry a score and tells a reader nothing: it is not marked.
    """
    spans = [span for span in tagging.spans if span.end - span.start > 1] if tagging and tagging.tag != "other" else []
    edges = {0, len(body)}
    edges.update(edge for span in spans for edge in (span.start, span.end))
    edges.update(edge for match in ACTIVE.finditer(body) for edge in match.span())
    places = sorted(edge for edge in edges if 0 <= edge <= len(body))
    found: list[Piece] = []
    for start, end in itertools.pairwise(places):
        text = body[start:end]
        if ACTIVE.fullmatch(text):
            # a carriage return before a line feed is the end of a line, as it is in half the world's files
            if not (text == "\r" and body[end : end + 1] == "\n"):
                found.append(Piece(f"U+{ord(text):04X}", "control"))
        else:
            carried = any(span.start <= start and end <= span.end for span in spans)
            found.append(Piece(text, "mark" if carried else ""))
    return found


def _group(group: Rhythm, index: int, most: int, language: str) -> Group:
    assert group.party is not None
    words, kind = REPORT_WORDS[language], sender_kind(group.party)
    run = group.longest_run
    busiest = max(group.days.items(), key=lambda day: (sum(day[1].values()), -day[0].toordinal()), default=None)
    first, last = _day(group.first), _day(group.last)
    facts = [first if first == last else words["span"].format(first=first, last=last)] if group.first else []
    if busiest and sum(busiest[1].values()) > 1:
        facts.append(words["busiest"].format(day=busiest[0], count=sum(busiest[1].values())))
    if run and run.days > 1:
        facts.append(words["run"].format(start=run.start, days=run.days))
    if group.night:
        facts.append(words["night_count"].format(count=len(group.night)))
    if group.after_stop:
        facts.append(words["after_stop"].format(day=group.asked, count=len(group.after_stop)))
    if group.repeats:
        facts.append(words["repeats"].format(count=group.repeats))
    if group.undated:
        facts.append(words["undated_count"].format(count=group.undated))
    return Group(
        name=visible(group.party.name),
        index=index,
        kind="" if kind == "unknown" else words["claims_to_be"].format(kind=SENDERS[language][kind]),
        total=len(group.messages),
        counts=group.by_tag,
        shares=shares(dict(group.by_tag), most),
        facts=facts,
        claimed=_claimed(group, language),
    )


def _claimed(group: Rhythm, language: str) -> str:
    """The latest sum that the sender named, as it stands there, and the days overdue that went with it."""
    for message, _ in reversed(group.messages):
        found = {fact.field: fact for fact in said(message, language)} if message.day else {}
        if "amounts" in found:
            words = REPORT_WORDS[language]
            told = [visible(found["amounts"].text)]
            if "overdue" in found:
                days = visible(found["overdue"].text)
                told.append(days if _OVERDUE.search(days) else words["overdue_by"].format(days=days))
            return str(words["claimed"].format(text=words["comma"].join(told), day=message.day))
    return ""


def _together(pattern: Pattern, numbers: Mapping[int, str], law: _Law) -> Together:
    words, thresholds = REPORT_WORDS[law.language], law.study.grounds.thresholds
    names = {
        "HARASSMENT_FREQUENCY/abuse": ("abusive_messages",),
        "HARASSMENT_FREQUENCY/volume": ("per_day", "per_week"),
        "NIGHT_CONTACT": ("night",),
    }.get(pattern.code, ())
    notes = [thresholds[name].note if law.language == "zh" else thresholds[name].note_en for name in names]
    notes += [words["heuristic"]] if pattern.heuristic else []
    notes += [words["to_check"].format(count=pattern.to_check)] if pattern.to_check else []
    return Together(
        sender=visible(pattern.party.name),
        ground=law.ground(law.study.pattern_basis(pattern)),
        count=words["count"].format(count=len(pattern.messages)),
        notes=notes,
        numbers=[numbers[id(message)] for message, _ in pattern.messages if id(message) in numbers],
    )


def _channels(study: Study, language: str) -> list[tuple[str, str]]:
    """Where to turn, and about which senders; all of them go unnamed."""
    words = REPORT_WORDS[language]
    about: dict[str, list[str]] = {}
    for group in study.analysis.groups:
        assert group.party is not None
        codes = {reason.code for _, tagging in group.messages for reason in tagging.likely}
        codes.update(pattern.code for pattern in study.analysis.patterns if pattern.party == group.party)
        for channel in study.grounds.where_to_turn(sender_kind(group.party), codes):
            about.setdefault(channel.id, []).append(visible(group.party.name))
    everyone = len(study.analysis.groups)
    return [
        (channel.sentence(language), words["about_all"] if len(names) == everyone else _listed(names, language))
        for channel in study.grounds.channels
        if (names := about.get(channel.id))
    ]


def _listed(names: Sequence[str], language: str, most: int = 6) -> str:
    words = REPORT_WORDS[language]
    listed = words["comma"].join(names[:most])
    return str(words["about"]).format(
        names=listed + (words["and_more"].format(count=len(names) - most) if len(names) > most else "")
    )


def _day(instant: object) -> str:
    return str(getattr(instant, "day", "")) if instant else ""


def _order(finding: Finding) -> tuple[bool, datetime, int]:
    instant = finding.message.instant
    if instant is None or instant.day is None:
        return True, datetime.max.replace(tzinfo=timezone.utc), finding.number
    return False, instant.at, finding.number
