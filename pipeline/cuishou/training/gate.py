"""May a new model take the place of the old one? Both are measured on the same test messages, and no figure may fall far.

It asks two scorers only, so it does not matter how their models were made.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cuishou.labels import Label
from cuishou.message import TAGS
from cuishou.scorer import Scorer
from cuishou.training.answers import Answers, Disguises, Measure, Truth
from cuishou.training.bootstrap import Draws, interval

#: How much each figure may fall before the gate holds the new model back. They are shares: 0.01 is one message in a hundred.
TOLERANCES = {
    "macro-F1": 0.01,
    "unlawful: precision": 0.015,
    "unlawful: recall": 0.02,
    "reason codes, micro-F1": 0.02,
    "disguised copies, macro-F1": 0.015,
}
#: How much the share of ordinary messages that are taken for collection may rise, and for unlawful collection.
ORDINARY_TOLERANCES = {"ordinary messages taken for collection": 0.01, "ordinary messages taken for unlawful": 0.005}
#: How many times as large, or as slow, a model may become.
TIMES = {"size": 1.25, "time to tag": 1.5}
#: How far the old model's macro-F1 may be from what was measured when it was made, before the test labels are doubted.
DRIFT = 0.01
_ROUNDS = 7
_SPEED_MESSAGES = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both models. ``low`` and ``high``: the 95 % interval of ``new - old``, where one was drawn.

    ``most``: how far it may go the wrong way; for sizes and times, how many times as much it may be.
    """

    what: str
    old: float
    new: float
    most: float
    holds: bool
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A test message that one model gets right and the other does not."""

    id: str
    text: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Verdict:
    """The comparison. ``faults``: what makes it unfair, such as test labels that were changed."""

    old_version: str
    rows: Sequence[Row]
    turned_wrong: Sequence[Turned] = ()
    turned_right: Sequence[Turned] = ()
    faults: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        """Whether the new model may be used."""
        return not self.faults and all(row.holds for row in self.rows)

    def as_dict(self, accepted: bool = False) -> dict[str, Any]:
        """For ``metrics.json``. ``accepted``: a person took the new model although the gate held it back."""
        return {
            "against": self.old_version,
            "passed": self.passed,
            "accepted_worse": accepted and not self.passed,
            "faults": list(self.faults),
            "figures": [asdict(row) for row in self.rows],
            "turned_wrong": [turned.id for turned in self.turned_wrong],
            "turned_right": [turned.id for turned in self.turned_right],
        }


def compare(
    old: Scorer,
    new: Scorer,
    test: Sequence[Label],
    disguises: Disguises,
    sizes: tuple[int, int] | None = None,
    recorded: Mapping[str, Any] | None = None,
) -> Verdict:
    """Measure ``old`` and ``new`` on ``test`` and on disguised copies of it. ``sizes``: bytes of both model files.

    ``recorded``: the metrics that were written when ``old`` was made. If the old model is not what it was on the test messages,
    these were changed, and a comparison on them proves nothing.
    """
    if not test:
        return Verdict(old.metadata.version, [], faults=["there are no test messages, so nothing can be compared"])
    truth = Truth.of(test)
    ours, theirs = truth.ask(old, disguises), truth.ask(new, disguises)
    draws = Draws([label.family for label in test])
    measures = truth.measures()
    rows = [_row(what, measures[what], ours, theirs, draws, most) for what, most in TOLERANCES.items()]
    rows += [_row(what, measures[what], ours, theirs, draws, most, rises=True) for what, most in ORDINARY_TOLERANCES.items()]
    if sizes is not None:
        rows.append(_times("size", *(size / 1e6 for size in sizes)))
    rows.append(_times("time to tag", *_seconds(old, new, [label.text for label in islice(cycle(test), _SPEED_MESSAGES)])))
    turned = list(_turned(test, ours.tags, theirs.tags))
    return Verdict(
        old.metadata.version,
        rows,
        [one for one in turned if one.old == one.label],
        [one for one in turned if one.new == one.label],
        list(_faults(test, rows[0].old, recorded)),
    )


def _row(what: str, measure: Measure, old: Answers, new: Answers, draws: Draws, most: float, rises: bool = False) -> Row:
    everything = np.arange(len(old.tags))
    before, after = measure(old, everything), measure(new, everything)
    low, high = interval([measure(new, rows) - measure(old, rows) for rows in draws])
    worse = after - before if rises else before - after
    return Row(what, round(before, 4), round(after, 4), most, bool(worse <= most + 1e-9), low, high)


def _times(what: str, old: float, new: float) -> Row:
    return Row(what, round(old, 4), round(new, 4), TIMES[what], bool(new <= old * TIMES[what]))


def _seconds(old: Scorer, new: Scorer, texts: Sequence[str]) -> tuple[float, float]:
    """The least processor time of several rounds that each scorer needs, taking turns: what else the machine does hits both."""
    best = [float("inf"), float("inf")]
    for _ in range(_ROUNDS):
        for number, scorer in enumerate((old, new)):
            begin = time.process_time()
            scorer.tag(texts, explain=False)
            best[number] = min(best[number], time.process_time() - begin)
    return best[0], best[1]


def _turned(test: Sequence[Label], old: NDArray[np.int64], new: NDArray[np.int64]) -> Iterator[Turned]:
    for label, before, after in zip(test, old.tolist(), new.tolist(), strict=True):
        if (TAGS[before] == label.tag) != (TAGS[after] == label.tag):
            yield Turned(label.id, label.text, label.tag, TAGS[before], TAGS[after])


def _faults(test: Sequence[Label], now: float, recorded: Mapping[str, Any] | None) -> Iterator[str]:
    if recorded is None:
        return
    then, messages = recorded["test"]["macro_f1"], recorded["test"]["messages"]
    if abs(then - now) > DRIFT:
        yield (
            f"the old model reached a macro-F1 of {then:.3f} on {messages} test messages when it was made, and reaches {now:.3f} "
            f"on today's {len(test)}: the test messages or their labels were changed, and the comparison proves little"
        )


def told(verdict: Verdict, most: int = 20) -> Iterator[str]:
    """The verdict, a line each, for an engineer's terminal."""
    yield f"new model against {verdict.old_version} on the same test messages (95 % interval of the difference):"
    for row in verdict.rows:
        change = f"{row.new / row.old:.2f} times" if row.what in TIMES and row.old else f"{row.new - row.old:+.4f}"
        drawn = f"[{row.low:+.4f}, {row.high:+.4f}]" if row.low is not None else ""
        limit = f"at most {row.most} times" if row.what in TIMES else f"at most {row.most} worse"
        yield f"  {row.what:40} {row.old:9.4f} -> {row.new:9.4f}  {change:>10} {drawn:20} {limit}{'' if row.holds else '  TOO FAR'}"
    yield from (f"  {fault}" for fault in verdict.faults)
    yield f"test messages turned right: {len(verdict.turned_right)}; turned wrong: {len(verdict.turned_wrong)}"
    if not verdict.passed:
        for one in verdict.turned_wrong[:most]:
            yield f"  {one.id}: {one.label}, now taken for {one.new}: {' '.join(one.text.split())[:60]}"
        if len(verdict.turned_wrong) > most:
            yield f"  ... and {len(verdict.turned_wrong) - most} more"
