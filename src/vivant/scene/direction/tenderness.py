"""What faces do when two people are near: they turn to one another, their eyes meet, and then close."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.media.face import SHAPE
from vivant.performance.curves import HEAD, Performance
from vivant.scene.direction.acting import YAW_LIMIT_DEG
from vivant.scene.direction.call import Curve

_COLUMNS = {name: place for place, name in enumerate(HEAD)}
SHUT = 0.96
"""How far lids close: all the way, and not pressed."""
GAZE_YAW = 0.55
"""Of ``eyeLook``, when somebody looks at who stands beside them."""
LOOKS = ("eyeLookOut", "eyeLookIn", "eyeLookUp", "eyeLookDown")
OPEN = ("eyeWide", "eyeSquint", "eyeBlink", *LOOKS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bearing:
    """How somebody holds the head, beside what their performance does; numbers or curves."""

    yaw_deg: Curve | float = 0.0
    """Toward the picture's right."""
    pitch_deg: Curve | float = 0.0
    """Down."""
    roll_deg: Curve | float = 0.0
    """Clockwise."""
    gaze: Curve | float = 0.0
    """Of the eyes alone: -1 to the picture's left .. 1 to its right."""
    shut: Curve | float = 0.0
    """How far the eyes are closed, 0..1."""
    calm: Curve | float = 0.0
    """How far everything else comes to rest, 0..1."""


def borne(performance: Performance, bearing: Bearing) -> Performance:
    """Hold the head so; what the performance does beside it stays as far as it is not calmed."""
    frames = performance.frames
    yaw, pitch, roll, gaze, shut, calm = (
        _curve(one, frames)
        for one in (
            bearing.yaw_deg,
            bearing.pitch_deg,
            bearing.roll_deg,
            bearing.gaze,
            np.clip(bearing.shut, 0, 1),
            np.clip(bearing.calm, 0, 1),
        )
    )
    head = performance.head * (1 - 0.8 * calm)[:, None]
    head[:, _COLUMNS["yaw_deg"]] = np.clip(
        head[:, _COLUMNS["yaw_deg"]] + yaw, -YAW_LIMIT_DEG, YAW_LIMIT_DEG
    )
    head[:, _COLUMNS["pitch_deg"]] += pitch
    head[:, _COLUMNS["roll_deg"]] += roll
    shapes = performance.shapes.astype(np.float64)
    # The person's own left is the picture's right.
    for side, out in (("Left", 1.0), ("Right", -1.0)):
        for name, way in ((f"eyeLookOut{side}", out), (f"eyeLookIn{side}", -out)):
            column = shapes[:, SHAPE[name]]
            seen = np.maximum(column + GAZE_YAW * np.clip(way * gaze, -1, 1), 0)
            shapes[:, SHAPE[name]] = seen * (1 - shut)
        for name in ("eyeLookUp", "eyeLookDown", "eyeWide", "eyeSquint"):
            shapes[:, SHAPE[f"{name}{side}"]] *= 1 - 0.8 * shut
        lid = SHAPE[f"eyeBlink{side}"]
        shapes[:, lid] = shapes[:, lid] * (1 - shut) + SHUT * shut
    return Performance(
        rate=performance.rate,
        shapes=np.clip(shapes, 0, 1).astype(np.float32),
        head=head.astype(np.float32),
        breath=performance.breath.copy(),
    )


def _curve(value: Curve | float, frames: int) -> Float64[np.ndarray, " frames"]:
    return np.broadcast_to(np.asarray(value, np.float64), (frames,))
