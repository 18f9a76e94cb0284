"""The dictionary inside the graph: steps through the trie, and what its states stand for."""

from __future__ import annotations

import numpy as np
import spox.opset.ai.onnx.v18 as op
from spox import Var

from cuishou.training.onnx_graph.lexicon import Lexicon
from cuishou.training.onnx_graph.operators import look_up, only
from cuishou.training.onnx_graph.unpacked import Unpacked


class Dictionary:
    """One copy of the lexicon's arrays, for all parts of the graph that read them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        states = Unpacked(lexicon.trie)
        self._base, self._check = states.base, states.check
        self._kind = states.table(op.const(lexicon.kind[lexicon.trie.nodes]))
        self.weight, self._token = op.const(lexicon.weight), op.const(lexicon.token)

    def step(self, state: Var, following: Var) -> Var:
        """Where the character ``following`` leads from ``state``, both int32 [n]; 0 when nowhere."""
        slot = op.add(look_up(self._base, state), following)
        return only(op.equal(op.cast(look_up(self._check, slot), to=np.int32), following), slot)

    def kind(self, states: Var) -> Var:
        """The kind of word that ends at each of ``states``: a row of the lexicon's tables, int32 [n]."""
        return op.cast(look_up(self._kind, states), to=np.int32)

    def token(self, kinds: Var) -> Var:
        """The vocabulary number of each of ``kinds``, int32 [n]; 0 for what is not in it."""
        return look_up(self._token, kinds)
