"""A network that was edited returns what it returned before, to the bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.voice.engines.onnx_bytes import (
    MODEL_GRAPH,
    as_output,
    field,
    fields,
    read_tensor,
    tensor_name,
    write_node,
    write_tensor,
)
from vivant.voice.engines.onnx_convolutions import with_quick_convolutions


def varint_field(number: int, value: int) -> bytes:
    return bytes((number << 3, value))


def value_info(name: str, sizes: int) -> bytes:
    dims = b"".join(field(1, field(2, f"{name}{i}".encode())) for i in range(sizes))
    tensor = varint_field(1, 1) + field(2, dims)
    return field(1, name.encode()) + field(2, field(1, tensor))


def a_network(
    kernel: np.ndarray, *, zero: int, pads: tuple[int, int], step: int, stride: int
) -> bytes:
    """Quantise, convolve, make a float of it."""
    graph = [
        write_tensor("kernel", kernel),
        write_tensor("kernel zero", np.array(zero, kernel.dtype)),
        write_node("DynamicQuantizeLinear", ["x"], "q"),
        write_node(
            "ConvInteger",
            ["q", "kernel", "x zero", "kernel zero"],
            "i",
            kernel_shape=(kernel.shape[2],),
            pads=pads,
            dilations=(step,),
            strides=(stride,),
            group=1,
        ),
        write_node("Cast", ["i"], "y", to=1),
        field(2, b"test"),
        field(11, value_info("x", 3)),
        field(12, value_info("y", 3)),
    ]
    # DynamicQuantizeLinear has three outputs; the writer knows one, the others are added by hand
    quantise = field(1, b"x") + b"".join(field(2, name) for name in (b"q", b"scale", b"x zero"))
    graph[2] = field(1, quantise + field(4, b"DynamicQuantizeLinear"))
    opset = field(8, varint_field(2, 20))
    return varint_field(1, 9) + opset + field(MODEL_GRAPH, b"".join(graph))


def run(model: bytes, x: np.ndarray) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return [np.asarray(one) for one in session.run(None, {"x": x})]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000),
    taps=st.integers(1, 11),
    step=st.integers(1, 5),
    pads=st.tuples(st.integers(0, 6), st.integers(0, 6)),
    stride=st.sampled_from([1, 1, 1, 2]),
    signed=st.booleans(),
)
def test_a_quick_convolution_returns_the_same_bits(
    seed: int, taps: int, step: int, pads: tuple[int, int], stride: int, signed: bool
) -> None:
    rng = np.random.default_rng(seed)
    low, high, dtype = (-127, 128, np.int8) if signed else (0, 256, np.uint8)
    kernel = rng.integers(low, high, (5, 3, taps)).astype(dtype)
    model = a_network(kernel, zero=7 if signed else 131, pads=pads, step=step, stride=stride)
    x = rng.normal(0.3, 1.0, (1, 3, 60)).astype(np.float32)

    (plain,) = run(model, x)
    (quick,) = run(with_quick_convolutions(model), x)

    np.testing.assert_array_equal(quick, plain)


def test_the_convolution_is_gone() -> None:
    kernel = np.full((2, 2, 3), 9, np.uint8)
    plain = a_network(kernel, zero=0, pads=(1, 1), step=1, stride=1)
    strided = a_network(kernel, zero=0, pads=(1, 1), step=1, stride=2)

    assert b"ConvInteger" in plain
    assert b"ConvInteger" not in with_quick_convolutions(plain)
    assert with_quick_convolutions(strided).count(b"ConvInteger") == 1


def test_an_inner_tensor_becomes_an_output() -> None:
    kernel = np.full((2, 2, 3), 9, np.uint8)
    model = a_network(kernel, zero=0, pads=(1, 1), step=1, stride=1) + as_output("scale")
    x = np.linspace(-1, 2, 40, dtype=np.float32).reshape(1, 2, 20)
    outputs = run(model, x)

    assert len(outputs) == 2
    assert float(outputs[1]) == pytest.approx(3 / 255)


@given(
    st.sampled_from(["float32", "uint8", "int8", "int32", "int64"]),
    st.lists(st.integers(0, 4), max_size=3),
)
def test_a_tensor_is_read_as_it_was_written(dtype: str, shape: list[int]) -> None:
    values = np.arange(int(np.prod(shape)), dtype=dtype).reshape(shape)
    (one,) = fields(write_tensor("a tensor", values))

    assert tensor_name(one.payload) == "a tensor"
    found = read_tensor(one.payload)
    assert found.shape == values.shape
    np.testing.assert_array_equal(found, values)


def test_fields_lie_one_behind_the_other() -> None:
    message = field(1, b"x" * 300) + varint_field(2, 5) + field(200, b"")
    found = list(fields(message))

    assert [one.number for one in found] == [1, 2, 200]
    assert found[1].value == 5
    assert sum(len(one.whole) for one in found) == len(message)
    assert all(a.number < b.number for a, b in pairwise(found))
