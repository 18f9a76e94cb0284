"""Small things the graph says often.

Which operator is used for what was chosen by measurement in onnxruntime: ``GatherElements`` looks a number up in a fifth of the
time of ``Gather``; ``Compress`` finds the places of a mask in a third of that of ``NonZero``; a cast and a product are faster than
``Where`` where the mask has no pattern.
"""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from numpy.typing import ArrayLike
from spox import Var

INT_MAX = np.iinfo(np.int64).max


def ints(*values: int) -> Var:
    """int64 ``[len(values)]``, as operators take axes and bounds."""
    return op.const(np.array(values, dtype=np.int64))


def int32(value: int) -> Var:
    """A number to reckon with; places, ids and states are int32."""
    return op.const(value, np.int32)


def float32(value: float) -> Var:
    """A number to reckon with."""
    return op.const(value, np.float32)


def look_up(table: Var, index: Var) -> Var:
    """``table[index]``, both of one dimension."""
    return op.gather_elements(table, index)


def shifted(values: Var, by: int) -> Var:
    """``values`` [n] moved to the right by ``by`` places (to the left when negative), with zeros where nothing comes from."""
    zero = op.const(np.zeros((), dtype=values.unwrap_tensor().dtype))
    return op.pad(values, ints(by, -by), zero)


def behind(values: Var, first: int = 1) -> Var:
    """``values[first:]``."""
    return op.slice(values, ints(first), ints(INT_MAX), ints(0))


def before(values: Var, end: int = -1) -> Var:
    """``values[:end]``."""
    return op.slice(values, ints(0), ints(end), ints(0))


def count(values: Var) -> Var:
    """How many there are, an int32 without dimensions."""
    return op.cast(op.size(values), to=np.int32)


def running(values: Var) -> Var:
    """Running sums along the first axis, each with its own place."""
    return op.cum_sum(values, op.const(0, np.int64))


def numbers_to(end: Var) -> Var:
    """0, 1, ... ``end - 1``, int32."""
    return op.range(int32(0), end, int32(1))


def only(mask: Var, values: Var) -> Var:
    """``values`` [n] where ``mask`` [n] holds, zero elsewhere."""
    return op.mul(values, op.cast(mask, to=values.unwrap_tensor().dtype.type))


def between(values: Var, low: int, high: int) -> Var:
    """``low <= values < high`` of int32."""
    return op.and_(op.greater_or_equal(values, int32(low)), op.less(values, int32(high)))


def filled(length: Var, value: ArrayLike) -> Var:
    """``value`` as often as ``length`` [1] says."""
    return op.constant_of_shape(length, value=np.array([value]).reshape(1))
