"""How a figure may be shown: rules that directions and tests ask."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.scene.figure.figure import Figure
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.view import View

LARGEST_HEAD = 90 / 720
"""Of a head with its hat, in heights of the picture: a larger one would be seen to be a doll's."""
BEHIND_RAD = np.radians(98.0)
"""A head without a face is turned at least so far from the camera."""


def head_share(figure: Figure, motion: FigureMotion, frame: float, view: View) -> float:
    """Measure the head with its hat and hair, in heights of the picture; 0 when it is behind the camera."""
    points = figure.mesh(motion, frame).points_m[figure.head_points]
    seen = view.project(points.astype(np.float64))
    if float(seen[:, 2].min()) <= 0.05:
        return 0.0 if float(seen[:, 2].max()) <= 0.05 else float("inf")
    return float(np.ptp(seen[:, 1]) / view.height_px)


def head_away_rad(motion: FigureMotion, frame: float, view: View) -> float:
    """Measure how far the face is turned from the camera: 0 looks into it, a half turn is seen from behind."""
    joints, turns = motion.at(frame)
    head = JOINT["head"]
    toward = view.position_m - joints[head]
    cosine = toward @ turns[head][:, 2] / np.linalg.norm(toward)
    return float(np.arccos(np.clip(cosine, -1, 1)))


def faceless_angle_ok(motion: FigureMotion, frame: float, view: View) -> bool:
    """Tell whether a head without the photo's face may be seen at this moment: only from behind."""
    return bool(head_away_rad(motion, frame, view) >= BEHIND_RAD)


def footprint_m(motion: FigureMotion) -> Float64[np.ndarray, "frames 2 3"]:
    """Give the balls of both feet: what must not move while a foot stands."""
    return motion.joints_m[:, [JOINT["left_toe"], JOINT["right_toe"]]]
