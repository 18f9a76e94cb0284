"""The corpus against what is promised of it."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from cuishou.alike import ALIKE, shingles
from cuishou.codes import REASONS
from cuishou.labels import Label, read_labels
from cuishou.message import TAGS

LABELS = Path(__file__).parents[1] / "data" / "labels"


@pytest.fixture(scope="module")
def labels() -> list[Label]:
    return read_labels(LABELS)


def test_has_enough_of_every_tag(labels: list[Label]):
    counts = Counter(label.tag for label in labels)
    assert len(labels) >= 8000
    assert all(counts[tag] >= 1500 for tag in TAGS)


def test_has_enough_of_every_code_that_flips(labels: list[Label]):
    messages, families = Counter(), defaultdict(set)
    for label in labels:
        for code in label.reasons:
            messages[code] += 1
            families[code].add(label.family)
    flipping = [code for code, reason in REASONS.items() if reason.flips]
    assert {code: messages[code] for code in flipping if messages[code] < 80} == {}
    assert {code: len(families[code]) for code in flipping if len(families[code]) < 15} == {}


def test_has_traditional_disguised_and_paired_messages(labels: list[Label]):
    assert sum(label.script == "hant" for label in labels) >= 0.08 * len(labels)
    assert sum("disguise" in label.note for label in labels) >= 0.1 * len(labels)
    pairs = defaultdict(set)
    for label in labels:
        if label.family.startswith("pair/"):
            pairs[label.family].add(label.tag)
    assert sum(len(tags) > 1 for tags in pairs.values()) >= 500


def test_families_are_not_alike(labels: list[Label]):
    sets = [shingles(label.text) for label in labels]
    where: dict[str, list[int]] = defaultdict(list)
    alike = []
    for number, mine in enumerate(sets):
        shared = Counter(other for shingle in mine for other in where[shingle])
        for other, count in shared.items():
            if labels[other].family != labels[number].family and count / (len(mine) + len(sets[other]) - count) >= ALIKE:
                alike.append((labels[other].id, labels[number].id))
        for shingle in mine:
            where[shingle].append(number)
    assert alike == []
