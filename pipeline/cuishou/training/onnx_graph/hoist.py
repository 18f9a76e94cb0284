"""Loop-invariant code motion: what a loop's body computes anew in every step although it never changes, moves before the loop."""

from __future__ import annotations

import onnx


def hoist(graph: onnx.GraphProto) -> None:
    """Move every node of a subgraph that depends on nothing inside it out of it, innermost first, in place.

    spox builds a value in the innermost scope that uses it, which for a loop is the wrong place: a constant cast there is cast in
    every step. Names are unique across a model that spox built, so moving a node needs no renaming.
    """
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                hoist(attribute.g)
                if node.op_type != "If":  # a branch depends on nothing inside, and must not run unless it is taken
                    nodes += _take_invariant(attribute.g)
        nodes.append(_copy(node))
    del graph.node[:]
    graph.node.extend(nodes)


def _take_invariant(body: onnx.GraphProto) -> list[onnx.NodeProto]:
    inside = {value.name for value in body.input}
    results = {value.name for value in body.output}
    stay: list[onnx.NodeProto] = []
    moved: list[onnx.NodeProto] = []
    for node in body.node:
        bound = not inside.isdisjoint(_reads(node)) or not results.isdisjoint(node.output)
        if bound:
            inside.update(node.output)
        (stay if bound else moved).append(_copy(node))
    del body.node[:]
    body.node.extend(stay)
    return moved


def _copy(node: onnx.NodeProto) -> onnx.NodeProto:
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    return copy


def _reads(node: onnx.NodeProto) -> set[str]:
    """Names that a node takes, its subgraphs' included."""
    names = set(node.input)
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            for inner in attribute.g.node:
                names |= _reads(inner)
            names |= {value.name for value in attribute.g.output}
    return names
