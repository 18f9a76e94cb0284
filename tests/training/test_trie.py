import random
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import spox.opset.ai.onnx.v18 as op
from hypothesis import given
from hypothesis import strategies as st
from spox import Tensor, argument
from spox import build as build_model

from cuishou.training.onnx_graph.trie import FREE, Packed, build
from cuishou.training.onnx_graph.unpacked import Unpacked

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


def unpacking(trie):
    """A model that gives the arrays at asked-for slots as operators put them together, and the values 1, 2, 3 ... of the nodes."""
    asked, states = argument(Tensor(np.int32, ("n",))), Unpacked(trie)
    table = states.table(op.const(np.arange(1, len(trie.nodes) + 1, dtype=np.int32)))
    arrays = {"base": states.base, "check": states.check, "table": table}
    model = build_model({"asked": asked}, {name: op.gather(values, asked) for name, values in arrays.items()})
    model.ir_version = 8
    return model.SerializeToString()


@given(words=WORDS.filter(len))
def test_what_is_packed_is_put_together_again(words):
    trie = build(words, 31)
    session = onnxruntime.InferenceSession(unpacking(trie))
    base, check, table = session.run(["base", "check", "table"], {"asked": np.arange(len(trie.base), dtype=np.int32)})
    assert (base.tolist(), check.tolist()) == (trie.base.tolist(), trie.check.tolist())
    assert table[trie.nodes].tolist() == list(range(1, len(trie.nodes) + 1))
    assert np.count_nonzero(table) == len(trie.nodes)


def test_putting_together_is_done_once_on_loading(tmp_path: Path):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(tmp_path / "loaded.onnx")
    onnxruntime.InferenceSession(unpacking(build([(1, 2, 3), (1, 3), (2, 4)], 5)), options)
    assert [node.op_type for node in onnx.load(tmp_path / "loaded.onnx").graph.node] == ["Gather"] * 3


def test_what_is_packed_deflates_to_less():
    chance = random.Random(7)
    words = [tuple(chance.randrange(1, 500) for _ in range(chance.randrange(1, 5))) for _ in range(3000)]
    trie = build(words, 500)
    packed = Packed.of(trie)
    arrays = [trie.base, trie.check], [packed.label, packed.parents, packed.sizes, packed.stands]
    plain, less = (sum(len(zlib.compress(array.tobytes(), 9)) for array in of_one) for of_one in arrays)
    assert less < 0.9 * plain
