"""Read and write the bytes of ONNX networks, as far as is needed to edit one, without the ``onnx`` library.

Source:
    The wire format of protocol buffers, and ``onnx.proto3``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

VARINT, LENGTH = 0, 2
FIXED = {1: 8, 5: 4}
"""Bytes of the other kinds of field."""
MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_OUTPUT = 1, 5, 12
TENSOR_TYPES: dict[str, int] = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
_DTYPES = {number: name for name, number in TENSOR_TYPES.items()}
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7

Bytes = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message."""

    number: int
    whole: memoryview
    """Its bytes, with number and length."""
    payload: memoryview
    """What it holds; empty for a number."""
    value: int
    """The number; 0 for what is not one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One operation of a network."""

    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    ints: Mapping[str, tuple[int, ...]]
    """Those of its attributes that are whole numbers."""


def fields(message: Bytes) -> Iterator[Field]:
    """Read the fields of a message, one after the other."""
    view = memoryview(message)
    at = 0
    while at < len(view):
        begin = at
        key, at = _varint(view, at)
        number, kind = key >> 3, key & 7
        payload, value = view[:0], 0
        if kind == VARINT:
            value, at = _varint(view, at)
        elif kind == LENGTH:
            length, at = _varint(view, at)
            payload = view[at : at + length]
            at += length
        else:
            at += FIXED[kind]
        yield Field(number, view[begin:at], payload, value)


def field(number: int, payload: Bytes) -> bytes:
    """Write a field that holds bytes."""
    return _number(number << 3 | LENGTH) + _number(len(payload)) + bytes(payload)


def as_output(tensor: str) -> bytes:
    """Write the bytes that, appended to a model, make a float tensor of it an output.

    Protocol buffers that are concatenated are merged.

    Args:
        tensor: Its name inside the model.
    """
    kind = field(2, field(1, _number(1 << 3) + _number(TENSOR_TYPES["float32"])))
    return field(MODEL_GRAPH, field(GRAPH_OUTPUT, field(1, tensor.encode()) + kind))


def read_node(message: Bytes) -> Node:
    """Read an operation."""
    texts: dict[int, list[str]] = {1: [], 2: [], 4: []}
    ints: dict[str, tuple[int, ...]] = {}
    for one in fields(message):
        if one.number in texts:
            texts[one.number].append(bytes(one.payload).decode())
        elif one.number == 5:
            name, values = _read_attribute(one.payload)
            ints[name] = values
    return Node(operation=texts[4][0], inputs=tuple(texts[1]), outputs=tuple(texts[2]), ints=ints)


def write_node(
    operation: str, inputs: Sequence[str], output: str, **ints: int | Sequence[int]
) -> bytes:
    """Write an operation, as a field of a graph."""
    parts = [field(1, name.encode()) for name in inputs]
    parts += [field(2, output.encode()), field(4, operation.encode())]
    for name, value in ints.items():
        body = field(1, name.encode())
        if isinstance(value, int):
            body += _number(3 << 3) + _number(value) + _number(20 << 3) + _number(_ATTRIBUTE_INT)
        else:
            body += b"".join(_number(8 << 3) + _number(one) for one in value)
            body += _number(20 << 3) + _number(_ATTRIBUTE_INTS)
        parts.append(field(5, body))
    return field(GRAPH_NODE, b"".join(parts))


def tensor_name(message: Bytes) -> str:
    """Read the name of a tensor."""
    return next(bytes(one.payload).decode() for one in fields(message) if one.number == 8)


def read_tensor(message: Bytes) -> np.ndarray:
    """Read a tensor whose numbers lie in the file, of one of ``TENSOR_TYPES``."""
    shape: list[int] = []
    kind, raw, small = 0, memoryview(b""), []
    for one in fields(message):
        if one.number == 1:
            shape += _numbers(one)
        elif one.number == 2:
            kind = one.value
        elif one.number in {5, 7}:
            small += _numbers(one)
        elif one.number == 9:
            raw = one.payload
    dtype = np.dtype(_DTYPES[kind])
    values = np.frombuffer(raw, dtype.newbyteorder("<")) if len(raw) else np.array(small, dtype)
    return values.reshape(shape)


def write_tensor(name: str, values: np.ndarray) -> bytes:
    """Write a tensor, as a field of a graph."""
    body = b"".join(_number(1 << 3) + _number(size) for size in values.shape)
    body += _number(2 << 3) + _number(TENSOR_TYPES[values.dtype.name])
    body += field(8, name.encode()) + field(9, np.ascontiguousarray(values).tobytes())
    return field(GRAPH_INITIALIZER, body)


def int64s(*values: int) -> Int64[np.ndarray, " values"]:
    """Make a row of whole numbers."""
    return np.array(values, np.int64)


def _read_attribute(message: Bytes) -> tuple[str, tuple[int, ...]]:
    name, values = "", []
    for one in fields(message):
        if one.number == 1:
            name = bytes(one.payload).decode()
        elif one.number in {3, 8}:
            values += _numbers(one)
    return name, tuple(values)


def _numbers(one: Field) -> list[int]:
    """Read the numbers of a repeated field, packed or not."""
    if not len(one.payload):
        return [one.value]
    found, at = [], 0
    while at < len(one.payload):
        value, at = _varint(one.payload, at)
        found.append(value)
    return found


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = view[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _number(value: int) -> bytes:
    written = bytearray()
    value &= (1 << 64) - 1
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)
