"""What a figure does, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

JOINTS = (
    "pelvis", "spine", "chest", "neck", "head",
    "left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist",
    "left_hip", "left_knee", "left_ankle", "left_toe", "right_hip", "right_knee", "right_ankle", "right_toe",
)  # fmt: skip
"""Left and right are the figure's own; a toe is the ball of the foot."""
JOINT = {name: index for index, name in enumerate(JOINTS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureMotion:
    """Where a figure's joints are in the set, and how its head and chest are turned."""

    rate: float
    """Frames in each second, for what swings: hems, hair."""
    joints_m: Float64[np.ndarray, "frames 19 3"]
    """Places of ``JOINTS`` in the set."""
    turns: Float64[np.ndarray, "frames 19 3 3"]
    """How the part that begins at each joint is turned: columns are its left, its up and its front in the set.

    A figure that stands upright, arms hanging, and faces +z has the unit matrix everywhere.
    """
    facing_rad: Float64[np.ndarray, " frames"]
    """Yaw of the chest; forward is (sin yaw, 0, cos yaw)."""
    head_yaw_rad: Float64[np.ndarray, " frames"]
    """Yaw of the head in the set, not against the chest."""
    head_pitch_rad: Float64[np.ndarray, " frames"]
    """Positive looks up."""
    hand_open: Float64[np.ndarray, "frames 2"]
    """Left, right: 0 hangs loosely, 1 is spread to wave."""
    stance: Bool[np.ndarray, "frames 2"]
    """Whether the left, the right foot carries weight, and so does not move."""

    floor_m: Float64[np.ndarray, "frames 2"]
    """Height of the floor below the left, the right foot."""

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.joints_m)

    def at(self, frame: float) -> tuple[Float64[np.ndarray, "19 3"], Float64[np.ndarray, "19 3 3"]]:
        """Give places and turns of all joints at a frame, or between two of them."""
        low, high, part = self.between(frame)
        if part == 0:
            return self.joints_m[low], self.turns[low]
        joints = self.joints_m[low] * (1 - part) + self.joints_m[high] * part
        return joints, self.turns[low] * (1 - part) + self.turns[high] * part

    def between(self, frame: float) -> tuple[int, int, float]:
        """Give the frames before and after a moment, and how far it has gone from one to the other."""
        last = len(self) - 1
        moment = min(max(frame, 0.0), float(last))
        low = int(moment)
        return low, min(low + 1, last), moment - low
