"""A performance: what a face and a head do, as curves over frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32

HEAD = ("yaw_deg", "pitch_deg", "roll_deg", "x", "y", "z")
"""Columns of the head curve. Yaw > 0 turns toward the picture's right, pitch > 0 looks down, roll > 0 tilts
clockwise as the viewer sees it; x right, y down, z away from the camera, in heights of the face (hairline to chin)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Performance:
    """What the face and the head do in each frame."""

    rate: Fraction
    """Frames a second, exact."""
    shapes: Float32[np.ndarray, "frames 52"]
    """ARKit shapes, 0..1 (a little beyond is allowed in lips), in the order of ``ARKIT_SHAPES``. Relative to a
    neutral face with closed lips and open eyes, whatever the photo shows."""
    head: Float32[np.ndarray, "frames 6"]
    """See ``HEAD``; relative to the head in the photo."""
    breath: Float32[np.ndarray, " frames"]
    """0 emptied .. 1 filled."""

    def __post_init__(self) -> None:
        for curve in (self.shapes, self.head, self.breath):
            curve.flags.writeable = False

    @property
    def frames(self) -> int:
        """How many frames it lasts."""
        return len(self.breath)
