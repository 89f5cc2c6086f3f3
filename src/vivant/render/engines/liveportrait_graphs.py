"""The networks of a LivePortrait-class engine, as their published ONNX exports are called.

=====================  =======================================  ==========================================
file                   in                                       out
=====================  =======================================  ==========================================
appearance_feature_    ``img`` 1 3 256 256, RGB 0..1            1 32 16 64 64
extractor
motion_extractor       ``img`` 1 3 256 256                      pitch, yaw, roll 1 66; t 1 3; exp 1 63;
                                                                scale 1 1; kp 1 63
warping_spade          ``feature_3d`` 1 32 16 64 64,            1 3 512 512, RGB 0..1
                       ``kp_driving`` and ``kp_source`` 1 21 3
stitching              ``input`` 1 126: source, driving         1 65: to be added to 21 points, and x y
stitching_eye          ``input`` 1 66: source, open left,       1 63: to be added to 21 points
                       open right, wished
stitching_lip          ``input`` 1 65: source, open, wished     1 63; may be absent
=====================  =======================================  ==========================================

All float32. Outputs are taken in this order, whatever they are called.

Source:
    J. Guo et al., "LivePortrait", arXiv:2407.03168; the signatures are those of the exports that
    FasterLivePortrait publishes. Its warping network samples a volume (``GridSample`` of five dimensions),
    which ONNX Runtime can do on a processor since 1.18, and not in every build for GPUs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.errors import EngineBrokeError, InputError, MissingError
from vivant.render.engines.liveportrait_motion import KEYPOINTS, Motion, degrees

SEEN_PX = 256
"""Side of the pictures that the networks look at."""
_POINTS = 3 * KEYPOINTS
_SEEN = (1, 3, SEEN_PX, SEEN_PX)
_VOLUME = (1, 32, 16, 64, 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How a graph is called."""

    inputs: Mapping[str, tuple[int, ...]]
    outputs: int
    optional: bool = False


DOORS: Mapping[str, Door] = {
    "appearance_feature_extractor": Door(inputs={"img": _SEEN}, outputs=1),
    "motion_extractor": Door(inputs={"img": _SEEN}, outputs=7),
    "warping_spade": Door(
        inputs={
            "feature_3d": _VOLUME,
            "kp_driving": (1, KEYPOINTS, 3),
            "kp_source": (1, KEYPOINTS, 3),
        },
        outputs=1,
    ),
    "stitching": Door(inputs={"input": (1, 2 * _POINTS)}, outputs=1),
    "stitching_eye": Door(inputs={"input": (1, _POINTS + 3)}, outputs=1),
    "stitching_lip": Door(inputs={"input": (1, _POINTS + 2)}, outputs=1, optional=True),
}

Points = Float32[np.ndarray, "21 3"]


class Graphs:
    """The networks, loaded and checked. One thread at a time."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        """Load them.

        Args:
            folder: Where the ``.onnx`` files lie.
            threads: That share the work.

        Raises:
            MissingError: A graph is not there.
            InputError: It is not the published one.
        """
        self._threads = threads
        self._sessions = {
            name: session
            for name, door in DOORS.items()
            if (session := self._loaded(folder / f"{name}.onnx", name, door)) is not None
        }

    @property
    def has_lips(self) -> bool:
        """Whether the network that opens and closes lips is there."""
        return "stitching_lip" in self._sessions

    def appearance(
        self, seen: UInt8[np.ndarray, "256 256 3"]
    ) -> Float32[np.ndarray, "1 32 16 64 64"]:
        """Look at how a head looks."""
        volume = self._run("appearance_feature_extractor", img=_picture(seen))[0]
        return np.asarray(volume, np.float32).reshape(_VOLUME)

    def motion(self, seen: UInt8[np.ndarray, "256 256 3"]) -> Motion:
        """Look at where a head is, and what its face does."""
        pitch, yaw, roll, shift, expression, scale, points = self._run(
            "motion_extractor", img=_picture(seen)
        )
        return Motion(
            pitch_deg=degrees(pitch),
            yaw_deg=degrees(yaw),
            roll_deg=degrees(roll),
            shift=np.asarray(shift, np.float32).reshape(3),
            expression=np.asarray(expression, np.float32).reshape(KEYPOINTS, 3),
            scale=float(np.ravel(scale)[0]),
            points=np.asarray(points, np.float32).reshape(KEYPOINTS, 3),
        )

    def stitched(self, source: Points, driving: Points) -> Points:
        """Move points so that neck and shoulders stay where the picture has them."""
        given = np.concatenate([source.ravel(), driving.ravel()])
        found = np.ravel(self._run("stitching", input=given[None])[0]).astype(np.float32)
        moved = driving + found[:_POINTS].reshape(KEYPOINTS, 3)
        moved[:, :2] += found[_POINTS : _POINTS + 2]
        return np.asarray(moved, np.float32)

    def eyes(self, source: Points, opened: Sequence[float], wished: float) -> Points:
        """Tell how points move when the eyes open that far."""
        return self._retargeted("stitching_eye", source, [*opened, wished])

    def lips(self, source: Points, opened: float, wished: float) -> Points:
        """Tell how points move when the lips part that far."""
        return self._retargeted("stitching_lip", source, [opened, wished])

    def drawn(
        self, volume: Float32[np.ndarray, "1 32 16 64 64"], source: Points, driving: Points
    ) -> UInt8[np.ndarray, "side side 3"]:
        """Draw the head as the points wish."""
        out = self._run(
            "warping_spade", feature_3d=volume, kp_driving=driving[None], kp_source=source[None]
        )[0]
        if out.ndim != 4 or out.shape[:2] != (1, 3) or out.shape[2] != out.shape[3]:
            message = f"The graph warping_spade returned {out.shape}; a square picture, 1 x 3 x 512 x 512, is needed. Fetch it again."
            raise EngineBrokeError(message)
        picture = np.nan_to_num(np.transpose(out[0], (1, 2, 0)))
        return np.asarray(np.rint(np.clip(picture, 0, 1) * 255), np.uint8)

    def _retargeted(self, name: str, source: Points, numbers: Sequence[float]) -> Points:
        given = np.concatenate([source.ravel(), np.array(numbers, np.float32)])
        found = np.ravel(self._run(name, input=given[None])[0])
        return np.asarray(found[:_POINTS].reshape(KEYPOINTS, 3), np.float32)

    def _run(self, name: str, **inputs: np.ndarray) -> list[Any]:
        fed = {key: np.ascontiguousarray(value, np.float32) for key, value in inputs.items()}
        try:
            return list(self._sessions[name].run(None, fed))
        except Exception as error:
            if "GridSample" in str(error) or "4-D" in str(error):
                message = "This ONNX Runtime cannot sample volumes, which the graph warping_spade does. Install onnxruntime 1.18 or newer, without a GPU build that lacks it."
                raise MissingError(message) from error
            message = f"The graph {name} failed ({type(error).__name__}). Fetch it again, or use the embedded engine."
            raise EngineBrokeError(message) from error

    def _loaded(self, path: Path, name: str, door: Door) -> Any:  # noqa: ANN401 - a session of the runtime
        if not path.is_file():
            if door.optional:
                return None
            message = f"The graph {name}.onnx is not in the folder of weights. Fetch them again: vivant models fetch liveportrait."
            raise MissingError(message)
        import onnxruntime  # noqa: PLC0415 - loaded when it is needed

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 4
        providers = [
            one
            for one in ("CUDAExecutionProvider", "CPUExecutionProvider")
            if one in onnxruntime.get_available_providers()
        ]
        try:
            session = onnxruntime.InferenceSession(str(path), options, providers=providers)
        except Exception as error:
            message = f"The graph {name}.onnx cannot be loaded ({type(error).__name__}): it is damaged, or this ONNX Runtime is too old for it. Fetch it again, or install a newer onnxruntime."
            raise InputError(message) from error
        _check(session, name, door)
        return session


def _check(session: Any, name: str, door: Door) -> None:  # noqa: ANN401 - a session of the runtime
    """Compare a graph's doors with those that were published; a size that is left open fits any."""
    found = {one.name: tuple(one.shape) for one in session.get_inputs()}
    fits = found.keys() == door.inputs.keys() and all(
        len(found[key]) == len(shape)
        and all(not isinstance(a, int) or a == b for a, b in zip(found[key], shape, strict=True))
        for key, shape in door.inputs.items()
    )
    count = len(session.get_outputs())
    if not fits or count < door.outputs:
        told = ", ".join(f"{key} {'x'.join(map(str, shape))}" for key, shape in found.items())
        needed = ", ".join(f"{k} {'x'.join(map(str, shape))}" for k, shape in door.inputs.items())
        message = f"The graph {name}.onnx takes {told} and gives {count} outputs; needed are {needed} and {door.outputs}. Use the published graphs."
        raise InputError(message)


def _picture(seen: UInt8[np.ndarray, "256 256 3"]) -> Float32[np.ndarray, "1 3 256 256"]:
    return (np.transpose(seen, (2, 0, 1))[None] / np.float32(255)).astype(np.float32)


def small(crop: UInt8[np.ndarray, "side side 3"]) -> UInt8[np.ndarray, "256 256 3"]:
    """Bring a square picture to the size that the networks look at."""
    return np.asarray(cv2.resize(crop, (SEEN_PX, SEEN_PX), interpolation=cv2.INTER_AREA), np.uint8)
