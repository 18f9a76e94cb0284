"""The graph itself: code points in, tags and their reasons out, in standard ONNX operators.

All messages of a batch are laid end to end in one line of kept characters, each message behind one separator. What follows
then costs as much as there is text: padding and dropped characters are gone after the first step, and a long message among
short ones makes no one wait. Shapes: N messages of C code points; M places on the line; T tokens; K scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
import onnx.numpy_helper
import spox.opset.ai.onnx.v18 as op
from numpy.typing import NDArray
from spox import Tensor, Var, argument, build, inline

from cuishou.training.onnx_graph.cut import Tokens
from cuishou.training.onnx_graph.hoist import hoist
from cuishou.training.onnx_graph.lexicon import Lexicon, PairTable
from cuishou.training.onnx_graph.line import Line
from cuishou.training.onnx_graph.operators import ints
from cuishou.training.onnx_graph.scores import Linear, Scores
from cuishou.training.onnx_graph.tallies import CharacterWeights, tallies


@dataclass(frozen=True)
class Parameters:
    """Everything the graph holds besides its shape."""

    characters: NDArray[np.int16]
    lexicon: Lexicon
    word_pairs: PairTable
    character_pairs: PairTable
    linear: Linear
    #: Columns of the margins whose largest is added to them before calibration.
    flipping: list[int]
    #: Numbers of characters; whether a message has as many is added behind that.
    longer: tuple[int, ...]
    #: Plain sums of P kinds over a message's characters, added last.
    tally: CharacterWeights
    #: The first of these columns (input ``margins``, as many as it takes) -> probabilities [N, tags]; converted by skl2onnx.
    tag_calibration: onnx.ModelProto
    reason_weights: NDArray[np.float32]
    reason_offsets: NDArray[np.float32]
    #: The probability from which each tag is said, [tags].
    least_said: NDArray[np.float64]


def assemble(parameters: Parameters) -> onnx.ModelProto:
    """Build the model. Input ``codes`` int32 [N, C], zero-padded, N >= 1; optional input ``explain`` bool, true unless given.

    Outputs: ``tag`` int64 [N]; ``tag_probabilities`` [N, tags]; ``reason_probabilities`` [N, codes]; ``token_starts`` bool
    [N, C]; ``contributions`` float32 [N, C, K], each character's share of each score before calibration. The last two have C = 0
    when ``explain`` is false: onnxruntime computes every output, whether it is asked for or not.
    """
    codes, explain = argument(Tensor(np.int32, ("N", "C"))), argument(Tensor(np.bool_, ()))
    line = Line(codes, parameters.characters, parameters.lexicon.alphabet)
    tokens = Tokens(line, parameters.lexicon)
    scores = Scores(line, tokens, parameters.linear, parameters.word_pairs, parameters.character_pairs)

    strongest = op.reduce_max(op.gather(scores.margins, ints(*parameters.flipping), axis=1), ints(1), keepdims=1)
    longer = op.greater_or_equal(op.unsqueeze(line.lengths, ints(1)), op.const(np.array([parameters.longer], dtype=np.int32)))
    margins = op.concat([scores.margins, strongest, op.cast(longer, to=np.float32), tallies(line, parameters.tally)], axis=1)
    columns = parameters.tag_calibration.graph.input[0].type.tensor_type.shape.dim[1].dim_value
    of_tags = op.slice(margins, ints(0), ints(columns), ints(1))
    tag_probabilities = inline(parameters.tag_calibration)(of_tags)["probabilities"]
    reason_scores = op.gemm(margins, op.const(parameters.reason_weights.T), op.const(parameters.reason_offsets))

    def explained() -> list[Var]:
        return [line.spread(line.place, tokens.starts), scores.contributions()]

    def unexplained() -> list[Var]:
        messages = op.slice(op.shape(codes), ints(0), ints(1), ints(0))
        starts = op.concat([messages, ints(0)], axis=0)
        contributions = op.concat([starts, ints(len(parameters.linear.steps))], axis=0)
        return [
            op.constant_of_shape(starts, value=np.zeros(1, dtype=bool)),
            op.constant_of_shape(contributions, value=np.zeros(1, dtype=np.float32)),
        ]

    token_starts, contributions = op.if_(explain, then_branch=explained, else_branch=unexplained)
    outputs = {
        "tag": _decide(tag_probabilities, parameters),
        "tag_probabilities": tag_probabilities,
        "reason_probabilities": op.sigmoid(reason_scores),
        "token_starts": token_starts,
        "contributions": contributions,
    }
    model = build({"codes": codes, "explain": explain}, outputs)
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array(True), "explain"))  # makes the input optional
    hoist(model.graph)
    return model


def _decide(probabilities: Var, parameters: Parameters) -> Var:
    """The likeliest of the tags that reach the probability from which they are said."""
    too_little = op.less(probabilities, op.const(parameters.least_said.astype(np.float32)))
    held_back = op.sub(probabilities, op.cast(too_little, to=np.float32))
    return op.arg_max(held_back, axis=1, keepdims=0)
