"""Edits ONNX models as bytes: gives them outputs and inputs that their makers left out.

A model is a protocol buffer: fields with a number, one behind the other. Its graph is field 7, and
in that the nodes are field 1; large weights are passed over without being read. So no library of
ONNX is needed, only the runtime that the engine has anyway.

Source:
    onnx.proto3 of ONNX, whose field numbers stand beside each use.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FLOAT, INT64 = 1, 7
"""TensorProto.DataType."""
_LENGTH, _VARINT = 2, 0
_WIDTHS = {1: 8, 5: 4}


class NoModelError(ValueError):
    """The bytes are no ONNX model."""


@dataclass(frozen=True)
class Edited:
    """A model after ``open_up``."""

    model: bytes
    noises: tuple[str, ...]
    """Inputs, each of a float for each random number."""
    lengths: str
    """Output that tells how long each letter is; empty when it cannot be told which it is."""


def open_up(model: bytes, *, random_numbers: int) -> Edited:
    """Let the chance of a model come from outside, and its rounded lengths be seen.

    Args:
        model: An ONNX file.
        random_numbers: How many each new input takes; where the model needs more, they repeat.

    Raises:
        NoModelError: It is no ONNX file.
    """
    around, inside = [], b""
    for number, kind, raw, payload in _fields(memoryview(model)):
        if number == 7 and kind == _LENGTH:  # ModelProto.graph
            inside = bytes(payload)
        else:
            around.append(bytes(raw))
    parts: list[bytes | memoryview] = []
    noises: list[str] = []
    rounded: list[str] = []
    outputs: list[str] = []
    ops = 0
    for number, kind, raw, payload in _fields(memoryview(inside)):
        op, inputs, made = _node(payload) if number == 1 and kind == _LENGTH else ("", [], [])
        ops += bool(op)
        if op == "RandomNormalLike":
            noises.append(f"noise_{len(noises)}")
            parts += _drawn(noises[-1], like=inputs[0], output=made[0])
            continue
        if op == "Ceil":
            rounded += made
        if number == 12:  # GraphProto.output
            outputs += [_text(p) for n, _, _, p in _fields(payload) if n == 1]
        parts.append(raw)
    if not ops:
        message = "no node"
        raise NoModelError(message)
    lengths = rounded[0] if len(rounded) == 1 else ""
    parts += [field(11, value(name, FLOAT, [random_numbers])) for name in noises]
    numbers = (("noise_zero", 0), ("noise_one", 1), ("noise_long", random_numbers))
    parts += [field(5, whole_number(name, number)) for name, number in numbers if noises]
    if lengths and lengths not in outputs:
        parts.append(field(12, value(lengths, FLOAT)))
    graph = field(7, b"".join(parts))
    return Edited(model=b"".join([*around, graph]), noises=tuple(noises), lengths=lengths)


def field(number: int, payload: bytes) -> bytes:
    """Write a field that holds bytes."""
    return _varint(number << 3 | _LENGTH) + _varint(len(payload)) + payload


def number_field(number: int, what: int) -> bytes:
    """Write a field that holds a whole number."""
    return _varint(number << 3 | _VARINT) + _varint(what)


def node(op: str, inputs: Sequence[str], outputs: Sequence[str], *attributes: bytes) -> bytes:
    """Write a NodeProto."""
    named = [field(1, name.encode()) for name in inputs]
    named += [field(2, name.encode()) for name in outputs]
    return b"".join([*named, field(4, op.encode()), *(field(5, one) for one in attributes)])


def value(name: str, kind: int, shape: Sequence[int | str] | None = None) -> bytes:
    """Write a ValueInfoProto; a dimension may be a name; without a shape any will do."""
    dims = b"".join(
        field(1, number_field(1, dim) if isinstance(dim, int) else field(2, dim.encode()))
        for dim in shape or ()
    )
    shaped = b"" if shape is None else field(2, dims)
    return field(1, name.encode()) + field(2, field(1, number_field(1, kind) + shaped))


def whole_number(name: str, what: int) -> bytes:
    """Write a TensorProto that holds one whole number."""
    return number_field(2, INT64) + field(8, name.encode()) + field(9, what.to_bytes(8, "little"))


def _drawn(name: str, *, like: str, output: str) -> list[bytes]:
    """Write nodes that take numbers out of an input instead of making them up."""
    count, places, within, picked, shape = (
        f"{name}_{part}" for part in ("count", "places", "within", "picked", "shape")
    )
    nodes = (
        node("Size", [like], [count]),
        node("Range", ["noise_zero", count, "noise_one"], [places]),
        node("Mod", [places, "noise_long"], [within]),
        node("Gather", [name, within], [picked]),
        node("Shape", [like], [shape]),
        node("Reshape", [picked, shape], [output]),
    )
    return [field(1, one) for one in nodes]


def _node(payload: memoryview) -> tuple[str, list[str], list[str]]:
    named: dict[int, list[str]] = {1: [], 2: [], 4: [""]}
    for number, kind, _, inside in _fields(payload):
        if number in named and kind == _LENGTH:
            named[number].append(_text(inside))
    return named[4][-1], named[1], named[2]


def _text(payload: memoryview) -> str:
    return bytes(payload).decode(errors="replace")


def _fields(data: memoryview) -> Iterator[tuple[int, int, memoryview, memoryview]]:
    """Walk over fields: number, kind, all of it, and what it holds."""
    at = 0
    while at < len(data):
        first = at
        tag, at = _read_varint(data, at)
        kind = tag & 7
        start = at
        if kind == _VARINT:
            _, at = _read_varint(data, at)
        elif kind == _LENGTH:
            long, start = _read_varint(data, at)
            at = start + long
        elif kind in _WIDTHS:
            at += _WIDTHS[kind]
        else:
            at = len(data) + 1
        if at > len(data) or tag >> 3 == 0:
            message = "a field that cannot be"
            raise NoModelError(message)
        yield tag >> 3, kind, data[first:at], data[start:at]


def _read_varint(data: memoryview, at: int) -> tuple[int, int]:
    found = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:
            return found, at
    message = "a number that does not end"
    raise NoModelError(message)


def _varint(what: int) -> bytes:
    found = bytearray()
    while what >= 0x80:
        found.append(what & 0x7F | 0x80)
        what >>= 7
    return bytes([*found, what])
