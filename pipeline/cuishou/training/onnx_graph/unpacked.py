"""A double array put together from what the file holds of it, by operators on constants.

onnxruntime works them out once, on loading, as it does what has constant inputs and an output whose shape follows from theirs: so
no ``Compress`` here.
"""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from spox import Var

from cuishou.training.onnx_graph.operators import behind, filled, int32, ints, look_up, running
from cuishou.training.onnx_graph.trie import FREE, DoubleArray, Packed


class Unpacked:
    """``base`` int32 and ``check`` uint16, both [slots], as in :class:`~cuishou.training.onnx_graph.trie.DoubleArray`."""

    def __init__(self, states: DoubleArray) -> None:
        packed = Packed.of(states)
        self._slots = ints(packed.slots)
        label = op.add(_int32(packed.low), op.mul(_int32(packed.high), int32(256)))
        sizes = _int32(packed.sizes)
        begin = op.cum_sum(sizes, op.const(0, np.int64), exclusive=1)
        opened = op.scatter_elements(filled(ints(len(packed.low)), np.int32(0)), begin, op.expand(int32(1), op.shape(begin)))
        family = op.sub(running(opened), int32(1))

        is_single = op.equal(behind(sizes), int32(1))
        given = op.const(packed.stands)
        stands = op.where(is_single, running(op.where(is_single, given, int32(0))), given)
        root = op.const(np.zeros(1, dtype=np.int32))
        family_base = op.concat([root, op.sub(stands, look_up(label, behind(begin)))], axis=0)
        self._slot = op.add(look_up(family_base, family), label)
        self.check = op.scatter_elements(filled(self._slots, np.uint16(FREE)), self._slot, op.cast(label, to=np.uint16))

        inner = op.const(packed.inner)
        own_family = running(op.cast(inner, to=np.int32))
        base = op.where(inner, look_up(family_base, own_family), int32(packed.nowhere))
        self.base = op.scatter_elements(filled(self._slots, np.int32(packed.nowhere)), self._slot, base)

    def table(self, values: Var) -> Var:
        """``values`` [n] of the nodes, each at its slot, [slots]; 0 at the free ones."""
        none = filled(self._slots, np.zeros((), dtype=values.unwrap_tensor().dtype))
        return op.scatter_elements(none, self._slot, values)


def _int32(values: np.ndarray) -> Var:  # type: ignore[type-arg]
    return op.cast(op.const(values), to=np.int32)
