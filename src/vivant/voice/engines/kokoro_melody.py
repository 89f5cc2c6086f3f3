"""A handle on the melody of Kokoro: how high it speaks, and how far the melody goes up and down.

The network makes up a melody from the letters and the style, and then the sound from it. Between the
two some operations are put in that change its pitch: exact, at no cost, and without a trace in the sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from vivant.errors import EngineBrokeError
from vivant.voice.engines.onnx_bytes import (
    GRAPH_NODE,
    MODEL_GRAPH,
    TENSOR_TYPES,
    Bytes,
    field,
    fields,
    int64s,
    read_node,
    write_node,
    write_tensor,
)

PITCH = "/encoder/Reshape_output_0"
"""Tensor of the graph that holds the pitch in Hz, each 12.5 ms; near 0 where nothing is voiced."""
MELODY = "melody"
"""The input that is added: factor, inverse of the middle in 1/Hz, and the exponents below and above the middle. It
may be left out."""
PITCH_AFTER = "melody/pitch"
LOWEST_HZ = 40.0
"""What is lower is not voiced, and only the factor changes it."""
_GRAPH_INPUT = 11
_PARTS = ("factor", "per middle", "exponent below", "exponent above")


@dataclass(frozen=True, slots=True, kw_only=True)
class Melody:
    """A change of the pitch; as it stands, it changes nothing."""

    middle_hz: float = 140.0
    """The pitch of the voice as it is, about which its melody moves."""
    factor: float = 1.0
    """How many times higher the middle becomes."""
    below: float = 1.0
    """How many times further the melody goes down from the middle, in octaves."""
    above: float = 1.0
    """How many times further it goes up."""

    def numbers(self) -> Float32[np.ndarray, 4]:
        """Give what the network is fed with."""
        return np.array(
            [self.factor, 1.0 / self.middle_hz, self.below - 1.0, self.above - 1.0], np.float32
        )


def with_melody(model: Bytes) -> bytes:
    """Put the input ``MELODY`` into Kokoro's network.

    Args:
        model: The network, as bytes.

    Returns:
        The network; with the input left out or as in ``Melody()`` it returns the same bits as before.

    Raises:
        EngineBrokeError: The network has no pitch where it is expected.
    """
    return b"".join(
        field(MODEL_GRAPH, b"".join(_graph(one.payload)))
        if one.number == MODEL_GRAPH
        else one.whole
        for one in fields(model)
    )


def _graph(graph: memoryview) -> Iterator[Bytes]:
    found = False
    for one in fields(graph):
        if one.number != GRAPH_NODE:
            yield one.whole
            continue
        if PITCH in read_node(one.payload).inputs:
            yield _reading_the_new(one.payload)
            continue
        yield one.whole
        if PITCH in read_node(one.payload).outputs:
            found = True
            yield from _operations()
    if not found:
        message = "Kokoro's network has no pitch where it is expected. Run `vivant models verify`."
        raise EngineBrokeError(message)


def _reading_the_new(node: memoryview) -> bytes:
    """Let an operation read the changed pitch."""
    inside = b"".join(
        field(1, PITCH_AFTER.encode())
        if one.number == 1 and bytes(one.payload) == PITCH.encode()
        else bytes(one.whole)
        for one in fields(node)
    )
    return field(GRAPH_NODE, inside)


def _operations() -> Iterator[bytes]:
    """Multiply the pitch by ``factor * (pitch / middle) ** exponent``, with the exponent of its side."""
    yield field(_GRAPH_INPUT, _four_numbers(MELODY))
    yield write_tensor(MELODY, Melody().numbers())
    yield write_tensor("melody/lowest", np.array([LOWEST_HZ], np.float32))
    for i, part in enumerate(_PARTS):
        yield write_tensor(f"melody/{part} at", int64s(i))
        yield write_node("Gather", [MELODY, f"melody/{part} at"], f"melody/{part}")
    yield write_node("Max", [PITCH, "melody/lowest"], "melody/voiced")
    yield write_tensor("melody/one", np.array([1.0], np.float32))
    yield write_node("Mul", ["melody/voiced", "melody/per middle"], "melody/of middle")
    for side, cut in (("below", "Min"), ("above", "Max")):
        yield write_node(cut, ["melody/of middle", "melody/one"], f"melody/{side}")
        yield write_node(
            "Pow", [f"melody/{side}", f"melody/exponent {side}"], f"melody/bend {side}"
        )
    yield write_node("Mul", ["melody/bend below", "melody/bend above"], "melody/bend")
    yield write_node("Mul", ["melody/bend", "melody/factor"], "melody/times")
    yield write_node("Mul", [PITCH, "melody/times"], PITCH_AFTER)


def _four_numbers(name: str) -> bytes:
    """Write the description of an input of four floats.

    Source:
        onnx.proto3: ValueInfoProto.name = 1, .type = 2; TypeProto.tensor_type = 1; Tensor.elem_type = 1,
        .shape = 2; TensorShapeProto.dim = 1; Dimension.dim_value = 1.
    """
    shape = field(2, field(1, bytes((1 << 3, 4))))
    kind = field(1, bytes((1 << 3, TENSOR_TYPES["float32"])) + shape)
    return field(1, name.encode()) + field(2, kind)
