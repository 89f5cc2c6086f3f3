"""Implicit keypoints: 21 points in space that say where a head is and what its face does.

Source:
    LivePortrait, arXiv:2407.03168, equation 2: ``x = scale (x_canonical R + expression) + shift``, of whose
    shift only x and y are used. Points lie in the cropped picture, -1..1, x right, y down, z away: so a
    rotation of our heads (``render.pose``) is the same matrix there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

KEYPOINTS = 21
BINS = 66
"""Angles come as how likely each of so many steps of 3 degrees is, from -97.5 on."""

Points = Float32[np.ndarray, "21 3"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """What the motion extractor sees in a picture."""

    pitch_deg: float
    yaw_deg: float
    roll_deg: float
    shift: Float32[np.ndarray, " 3"]
    expression: Points
    scale: float
    points: Points
    """Of the same head, unturned and without expression."""

    @property
    def rotation(self) -> Float64[np.ndarray, "3 3"]:
        """Turn, by their angles: about x, then y, then z."""
        return rotation(pitch_deg=self.pitch_deg, yaw_deg=self.yaw_deg, roll_deg=self.roll_deg)

    def placed(
        self,
        *,
        turned: Float64[np.ndarray, "3 3"] | None = None,
        expression: Points | None = None,
        nearer: float = 1.0,
        shift: Float64[np.ndarray, " 2"] | None = None,
    ) -> Points:
        """Give the points as they lie in the picture.

        Args:
            turned: How the head turns from where it is in the picture, about its own axes.
            expression: Added to the picture's own.
            nearer: How much larger the head becomes.
            shift: How far it moves, in halves of the crop's side.
        """
        matrix = self.rotation if turned is None else self.rotation @ turned
        told = self.expression if expression is None else self.expression + expression
        placed = self.scale * nearer * (self.points.astype(np.float64) @ matrix.T + told)
        placed[:, :2] += self.shift[:2] if shift is None else self.shift[:2] + shift
        return np.asarray(placed, np.float32)


def rotation(*, pitch_deg: float, yaw_deg: float, roll_deg: float) -> Float64[np.ndarray, "3 3"]:
    """Make a rotation of their three angles."""
    x, y, z = (math.radians(angle) for angle in (pitch_deg, yaw_deg, roll_deg))
    about_x = np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
    about_y = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    about_z = np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y @ about_x, np.float64)


def degrees(told: np.ndarray) -> float:
    """Read an angle: the mean of the steps by how likely each is, or the angle itself."""
    flat = np.ravel(told).astype(np.float64)
    if len(flat) != BINS:
        return float(flat[0])
    likely = np.exp(flat - flat.max())
    return float((likely / likely.sum()) @ np.arange(BINS) * 3 - 97.5)
