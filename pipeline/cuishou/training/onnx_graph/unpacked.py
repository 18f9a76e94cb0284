"""A double array put together from what the file holds of it, by operators on constants.

onnxruntime works them out once, on loading, as it does what has constant inputs and an output whose shape follows from theirs: so
no ``Compress`` here.
"""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from numpy.typing import NDArray
from spox import Var

from cuishou.training.onnx_graph.operators import behind, filled, int32, ints, look_up, running
from cuishou.training.onnx_graph.trie import FREE, DoubleArray, Packed


class Unpacked:
    """``base`` int32 and ``check`` uint16, both [slots], as in :class:`~cuishou.training.onnx_graph.trie.DoubleArray`."""

    def __init__(self, states: DoubleArray) -> None:
        packed = Packed.of(states)
        self._slots = ints(packed.slots)
        given_label = op.const(packed.label)
        sizes, label = _int32(packed.sizes), op.cast(given_label, to=np.int32)
        begin = op.cum_sum(sizes, op.const(0, np.int64), exclusive=1)
        is_single, given = op.equal(behind(sizes), int32(1)), op.const(packed.stands)
        stands = op.where(is_single, running(op.mul(given, op.cast(is_single, to=np.int32))), given)
        bases = op.sub(stands, look_up(label, behind(begin)))
        change = op.sub(op.pad(bases, ints(1, 0), int32(0)), op.pad(bases, ints(2, -1), int32(0)))
        of_nodes = running(op.scatter_elements(filled(ints(len(packed.label)), np.int32(0)), begin, change))
        self._slot = op.add(of_nodes, label)

        none, nowhere = filled(self._slots, np.uint16(FREE)), filled(self._slots, np.int32(packed.nowhere))
        self.check = op.scatter_elements(none, self._slot, given_label)
        self.base = op.scatter_elements(nowhere, look_up(self._slot, running(_int32(packed.parents))), bases)

    def table(self, values: Var) -> Var:
        """``values`` [n] of the nodes, each at its slot, [slots]; 0 at the free ones."""
        none = filled(self._slots, np.zeros((), dtype=values.unwrap_tensor().dtype))
        return op.scatter_elements(none, self._slot, values)


def _int32(values: NDArray[np.uint16]) -> Var:
    return op.cast(op.const(values), to=np.int32)
