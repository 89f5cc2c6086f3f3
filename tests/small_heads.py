"""Graphs with the doors of LivePortrait's published exports, some kilobytes each, that do something a test can follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from vivant.voice.engines.onnx_bytes import field, int64s, write_node, write_tensor
from vivant.voice.engines.workers.graphs import FLOAT, number_field, value

POINTS = np.random.default_rng(1).normal(0, 0.3, (21, 3)).astype(np.float32)
"""Canonical points of every head."""
SHIFT = np.array([[0.05, -0.1, 0.3]], np.float32)
SCALE = np.array([[1.4]], np.float32)
PITCH_DEG, YAW_DEG, ROLL_DEG = 3.0, -9.0, 6.0
LID = np.random.default_rng(2).normal(0, 0.1, 63).astype(np.float32)
"""How the points move for each width that the lids are wished apart."""
LIP = np.random.default_rng(3).normal(0, 0.1, 63).astype(np.float32)
_SEEN = (1, 3, 256, 256)

Shape = Sequence[int | str]


def graph(
    parts: Sequence[bytes],
    *,
    inputs: Mapping[str, Shape],
    outputs: Mapping[str, Shape],
    opset: int = 17,
) -> bytes:
    """Write a model out of nodes and numbers."""
    whole = b"".join(
        [
            *parts,
            field(2, b"small"),
            *(field(11, value(name, FLOAT, shape)) for name, shape in inputs.items()),
            *(field(12, value(name, FLOAT, shape)) for name, shape in outputs.items()),
        ]
    )
    return number_field(1, 8) + field(8, number_field(2, opset)) + field(7, whole)


def bins(angle_deg: float) -> np.ndarray:
    """Write an angle as how likely each step is: all of it on the two nearest."""
    place = (angle_deg + 97.5) / 3
    low = int(place)
    likely = np.full((1, 66), -60.0, np.float32)
    likely[0, low] = np.log(1 - (place - low) + 1e-9)
    likely[0, low + 1] = np.log(place - low + 1e-9)
    return likely


def motion_extractor() -> bytes:
    """Sees expressions as differences of brightness between 64 parts of the picture; the rest is always the same."""
    looks = np.random.default_rng(4).normal(0, 0.02, (192, 63)).astype(np.float32)
    told = {
        "pitch_is": bins(PITCH_DEG),
        "yaw_is": bins(YAW_DEG),
        "roll_is": bins(ROLL_DEG),
        "t_is": SHIFT,
        "scale_is": SCALE,
        "kp_is": POINTS.reshape(1, 63),
    }
    parts = [
        *(write_tensor(name, numbers) for name, numbers in told.items()),
        write_tensor("looks", looks),
        write_tensor("flat", int64s(1, 192)),
        *(write_node("Identity", [name], name.removesuffix("_is")) for name in told),
        write_node("AveragePool", ["img"], "parts", kernel_shape=(32, 32), strides=(32, 32)),
        write_node("Reshape", ["parts", "flat"], "row"),
        write_node("MatMul", ["row", "looks"], "exp"),
    ]
    sizes = {"pitch": 66, "yaw": 66, "roll": 66, "t": 3, "exp": 63, "scale": 1, "kp": 63}
    outputs = {name: (1, size) for name, size in sizes.items()}
    return graph(parts, inputs={"img": _SEEN}, outputs=outputs)


def appearance_feature_extractor() -> bytes:
    """Remembers how bright the picture is."""
    parts = [
        write_tensor("wide", int64s(1, 32, 16, 64, 64)),
        write_tensor("one", int64s(1, 1, 1, 1, 1)),
        write_node("GlobalAveragePool", ["img"], "colour"),
        write_node("ReduceMean", ["colour"], "grey", axes=(1,), keepdims=1),
        write_node("Reshape", ["grey", "one"], "seen"),
        write_node("Expand", ["seen", "wide"], "output"),
    ]
    return graph(parts, inputs={"img": _SEEN}, outputs={"output": (1, 32, 16, 64, 64)})


def warping_spade(side: int = 64) -> bytes:
    """Draws an even picture: grey, and how far the first point has moved, as red, green and blue."""
    parts = [
        write_tensor("first", int64s(0)),
        write_tensor("colours", int64s(1, 3, 1, 1)),
        write_tensor("wide", int64s(1, 3, side, side)),
        write_tensor("half", np.array([0.5], np.float32)),
        write_node("Sub", ["kp_driving", "kp_source"], "moved"),
        write_node("Gather", ["moved", "first"], "point", axis=1),
        write_node("Reshape", ["point", "colours"], "colour"),
        write_node("Add", ["colour", "half"], "light"),
        write_node("Expand", ["light", "wide"], "out"),
    ]
    inputs: dict[str, Shape] = {
        "feature_3d": (1, 32, 16, 64, 64),
        "kp_driving": (1, 21, 3),
        "kp_source": (1, 21, 3),
    }
    return graph(parts, inputs=inputs, outputs={"out": (1, 3, side, side)})


def matrix(rows: np.ndarray) -> bytes:
    """Multiply what comes in with a matrix."""
    parts = [
        write_tensor("rows", rows.astype(np.float32)),
        write_node("MatMul", ["input", "rows"], "output"),
    ]
    inputs, outputs = {"input": (1, rows.shape[0])}, {"output": (1, rows.shape[1])}
    return graph(parts, inputs=inputs, outputs=outputs)


def last_row(numbers: np.ndarray, rows: int) -> bytes:
    """Answer the last number that comes in, times these."""
    whole = np.zeros((rows, len(numbers)), np.float32)
    whole[-1] = numbers
    return matrix(whole)


def write_graphs(folder: Path, *, lips: bool = True) -> Path:
    """Write all graphs of a head engine."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "appearance_feature_extractor": appearance_feature_extractor(),
        "motion_extractor": motion_extractor(),
        "warping_spade": warping_spade(),
        "stitching": matrix(np.zeros((126, 65))),
        "stitching_eye": last_row(LID, 66),
    }
    if lips:
        made["stitching_lip"] = last_row(LIP, 65)
    for name, content in made.items():
        (folder / f"{name}.onnx").write_bytes(content)
    return folder
