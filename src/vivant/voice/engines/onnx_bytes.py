"""Make an inner tensor of an ONNX network an output, with no library that edits networks.

Protocol buffers that are concatenated are merged, so a new output is a matter of some forty
bytes behind the file.
"""

from __future__ import annotations

LONGEST = 127
"""Of a field's payload: its length is then one byte."""


def as_output(tensor: str) -> bytes:
    """Write the ONNX bytes that, appended to a model, make a float tensor of it an output.

    Args:
        tensor: Its name inside the model, ASCII, at most some 100 letters.

    Source:
        onnx.proto3: ModelProto.graph = 7, GraphProto.output = 12, ValueInfoProto.name = 1, .type = 2,
        TypeProto.tensor_type = 1, TypeProto.Tensor.elem_type = 1, FLOAT = 1.
    """
    kind = _field(2, _field(1, b"\x08\x01"))
    return _field(7, _field(12, _field(1, tensor.encode()) + kind))


def _field(number: int, payload: bytes) -> bytes:
    """Write one length-delimited field."""
    if len(payload) > LONGEST:
        message = f"The name of a tensor is {len(payload)} bytes long with its frame; {LONGEST} are needed at most."
        raise ValueError(message)
    return bytes((number << 3 | 2, len(payload))) + payload
