import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuishou.training.onnx_graph.trie import FREE, build

WORDS = st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=6).map(tuple), max_size=60)


def test_no_words():
    assert build([], 5).walk((1, 2)) == 0


@given(words=WORDS, probes=WORDS)
def test_holds_the_prefixes_of_its_words_and_nothing_else(words, probes):
    trie = build(words, 31)
    prefixes = {word[:end] for word in words for end in range(1, len(word) + 1)}
    states = {prefix: trie.walk(prefix) for prefix in prefixes}
    assert 0 not in states.values()
    assert len(set(states.values())) == len(prefixes)
    for probe in probes:
        assert bool(trie.walk(probe)) == (probe in prefixes)


@given(words=WORDS, character=st.integers(0, 30))
def test_dead_state_leads_nowhere(words, character):
    trie = build(words, 31)
    assert trie.check[trie.base[0] + character] == FREE


@given(words=WORDS)
def test_no_two_states_with_children_share_a_base(words):
    """Else a step could end in a stranger's child."""
    trie = build(words, 31)
    parents = {trie.walk(word[:end]) for word in words for end in range(1, len(word))}
    assert len({int(trie.base[state]) for state in parents} | {0}) == len(parents) + 1


def test_too_many_characters_are_refused():
    with pytest.raises(ValueError, match="65535"):
        build([(1,)], 70_000)


def test_every_step_from_every_state_stays_inside():
    chance = random.Random(7)
    words = [tuple(chance.randrange(1, 500) for _ in range(chance.randrange(1, 5))) for _ in range(3000)]
    trie = build(words, 500)
    assert int(trie.base.max()) + 499 < len(trie.check)
    assert trie.base.min() >= 0


@pytest.mark.parametrize("fan", [1, 2, 33, 400])
def test_nodes_of_any_size_find_room(fan):
    words = [(first, second) for first in range(1, 20) for second in range(1, fan + 1)]
    trie = build(words, 500)
    assert all(trie.walk(word) for word in words)
    assert trie.walk((1, fan + 1)) == 0
