from cuishou.labels import Label
from cuishou.training.split import side, split


def test_nothing_to_split():
    assert split([]) == {"train": [], "validation": [], "test": []}


def test_family_stays_on_one_side_whatever_is_added():
    families = [f"family/{number}" for number in range(2000)]
    before = {family: side(family) for family in families}
    labels = [Label(str(n), f"text {n}", "other", family=family) for n, family in enumerate(families * 2)]
    for name, rows in split(labels).items():
        assert {before[row.family] for row in rows} == {name}


def test_sides_have_their_sizes():
    sides = [side(f"family/{number}") for number in range(10_000)]
    assert abs(sides.count("train") - 7000) < 200
    assert abs(sides.count("validation") - 1500) < 200


def test_known_families_never_move():
    assert {family: side(family) for family in KNOWN} == KNOWN


#: If this fails, every test message of the past may have become a training message.
KNOWN = {
    "card/0": "train",
    "card/1": "train",
    "card/2": "train",
    "card/3": "validation",
    "card/4": "train",
    "card/8": "validation",
    "card/11": "test",
    "card/13": "validation",
    "card/15": "test",
    "card/19": "validation",
    "card/20": "test",
    "card/31": "test",
}
