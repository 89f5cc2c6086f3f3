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
"""Left and right are the figure's own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureMotion:
    """Where a figure's joints are in the set, and how its head and chest are turned."""

    joints_m: Float64[np.ndarray, "frames 19 3"]
    """Places of ``JOINTS`` in the set."""
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
