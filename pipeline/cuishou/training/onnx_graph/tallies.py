"""Plain sums over the characters of each message, which no norm divides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import spox.opset.ai.onnx.v18 as op
from numpy.typing import NDArray
from spox import Var

from cuishou.training.onnx_graph.line import Line
from cuishou.training.onnx_graph.operators import before, behind, int32, ints, running


@dataclass(frozen=True)
class CharacterWeights:
    """``weights`` int8 [alphabet, P] in ``steps`` float64 [P]; ``intercept`` float64 [P]; sums stay within ``most`` of zero."""

    weights: NDArray[np.int8]
    steps: NDArray[np.float64]
    intercept: NDArray[np.float64]
    most: float


def tallies(line: Line, characters: CharacterWeights) -> Var:
    """Sums of P kinds for each message, float32 [N, P]. Running sums are of whole numbers, so nothing drifts along the line."""
    steps = op.cast(op.gather(op.const(characters.weights), line.ids), to=np.int32)
    ends = op.concat([line.first, op.reshape(op.sub(line.length, int32(1)), ints(1))], axis=0)
    sums = op.gather(running(steps), ends)
    of_messages = op.cast(op.sub(behind(sums), before(sums)), to=np.float64)
    scores = op.add(op.mul(of_messages, op.const(characters.steps)), op.const(characters.intercept))
    most = op.const(characters.most, np.float64)
    return op.cast(op.max([op.min([scores, most]), op.neg(most)]), to=np.float32)
