"""Make the 8-bit convolutions of an ONNX network fast, without changing a bit of what they return.

ONNX Runtime has no quick kernel for ``ConvInteger``: it packs its input anew for each call and does
not use the processor's instructions for unsigned times signed bytes. ``MatMulInteger`` does, so a
convolution along one axis becomes one: the input, channels last, is laid beside itself once for
each tap of the kernel, and multiplied with all taps at once. All arithmetic is on whole numbers,
so the result is the same, and comes three to five times sooner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from vivant.voice.engines.onnx_bytes import (
    GRAPH_INITIALIZER,
    GRAPH_NODE,
    MODEL_GRAPH,
    Bytes,
    Node,
    field,
    fields,
    int64s,
    read_node,
    read_tensor,
    tensor_name,
    write_node,
    write_tensor,
)

_TO_THE_END = np.iinfo(np.int64).max
_SIGNED = 128
"""Subtracted from unsigned bytes, weights and zero point alike: their difference stays."""


def with_quick_convolutions(model: Bytes) -> bytes:
    """Replace the one-dimensional convolutions of 8-bit weights in a network.

    Args:
        model: An ONNX network, as bytes.

    Returns:
        The same network with other operations; those with strides, groups or weights that are not
        known beforehand are left as they are.
    """
    return b"".join(
        _graph(one.payload) if one.number == MODEL_GRAPH else one.whole for one in fields(model)
    )


def _graph(graph: memoryview) -> bytes:
    given = list(fields(graph))
    weights = {
        tensor_name(one.payload): one.payload for one in given if one.number == GRAPH_INITIALIZER
    }
    parts: list[Bytes] = []
    replaced: set[str] = set()
    used: set[str] = set()
    for one in given:
        if one.number != GRAPH_NODE:
            continue
        node = read_node(one.payload)
        if _is_plain(node, weights):
            replaced |= set(node.inputs[1::2])
            parts += _as_product(node, weights)
        else:
            used |= set(node.inputs)
            parts.append(one.whole)
    for one in given:
        gone = one.number == GRAPH_INITIALIZER and (tensor_name(one.payload) in replaced - used)
        if one.number != GRAPH_NODE and not gone:
            parts.append(one.whole)
    return field(MODEL_GRAPH, b"".join(parts))


def _is_plain(node: Node, weights: Mapping[str, memoryview]) -> bool:
    return (
        node.operation == "ConvInteger"
        and len(node.inputs) == 4
        and all(name in weights for name in node.inputs[1::2])
        and len(node.ints.get("kernel_shape", ())) == 1
        and node.ints.get("strides", (1,)) == (1,)
        and node.ints.get("group", (1,)) == (1,)
    )


def _as_product(node: Node, weights: Mapping[str, memoryview]) -> Iterator[bytes]:
    """Write the operations that stand for one convolution."""
    given, weight, zero, weight_zero = node.inputs
    (out,) = node.outputs
    kernel = _signed(read_tensor(weights[weight]))
    taps = kernel.shape[2]
    (step,) = node.ints.get("dilations", (1,))
    before, after = node.ints.get("pads", (0, 0))

    def own(what: str) -> str:
        return f"{out}/as product/{what}"

    yield write_tensor(own("weights"), kernel.transpose(2, 1, 0).reshape(-1, len(kernel)))
    yield write_tensor(own("zero"), _signed(read_tensor(weights[weight_zero])))
    yield write_node("Transpose", [given], own("last"), perm=(0, 2, 1))
    wide = own("last")
    if before or after:
        yield write_tensor(own("pads"), int64s(0, before, 0, 0, after, 0))
        yield write_node("Pad", [wide, own("pads"), zero], own("padded"))
        wide = own("padded")
    if taps > 1:
        yield write_tensor(own("axis"), int64s(1))
        for tap in range(taps):
            behind = (taps - 1 - tap) * step
            yield write_tensor(own(f"from {tap}"), int64s(tap * step))
            yield write_tensor(own(f"to {tap}"), int64s(-behind if behind else _TO_THE_END))
            row = [wide, own(f"from {tap}"), own(f"to {tap}"), own("axis")]
            yield write_node("Slice", row, own(f"tap {tap}"))
        yield write_node("Concat", [own(f"tap {tap}") for tap in range(taps)], own("taps"), axis=2)
        wide = own("taps")
    yield write_node("MatMulInteger", [wide, own("weights"), zero, own("zero")], own("product"))
    yield write_node("Transpose", [own("product")], out, perm=(0, 2, 1))


def _signed(values: np.ndarray) -> np.ndarray:
    if values.dtype == np.int8:
        return values
    return np.asarray(values.astype(np.int16) - _SIGNED, np.int8)
