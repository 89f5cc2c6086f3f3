"""How a figure may be shown, and what the stone below it should know: rules that directions and tests ask."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.figure.figure import Figure
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.view import View

LARGEST_HEAD = 90 / 720
"""Of a head with its hat, in heights of the picture: a larger one would be seen to be a doll's."""
BEHIND_RAD = np.radians(98.0)
"""A head without a face is turned at least so far from the camera."""
SOLE_M = 0.012
"""Half thickness of what touches the floor."""


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


def contacts(motion: FigureMotion, frame: float) -> Float32[np.ndarray, "places 4"]:
    """Tell where the figure darkens the floor by touching it or nearly so.

    Returns:
        Two places for each foot, heel and ball: x, y, z of the floor below in the set, and how strong the shadow is,
        0..1. It falls off within about 9 cm; blur it as much.
    """
    joints, turns = motion.at(frame)
    found: list[np.ndarray] = []
    low, high, _ = motion.between(frame)
    for index, side in enumerate(("left", "right")):
        ankle, toe = joints[JOINT[f"{side}_ankle"]], joints[JOINT[f"{side}_toe"]]
        floor = min(float(motion.floor_m[low, index]), float(motion.floor_m[high, index]))
        foot = turns[JOINT[f"{side}_ankle"]]
        heel = ankle - 0.035 * foot[:, 2] - foot[:, 1] * (ankle[1] - toe[1] + 0.03)
        for place in (heel, toe):
            above = max(float(place[1]) - floor - 0.034, 0.0)
            strength = float(np.exp(-((above / 0.09) ** 2)))
            found.append(np.array([place[0], floor, place[2], strength]))
    return np.asarray(found, np.float32)


def footprint_m(motion: FigureMotion) -> Float64[np.ndarray, "frames 2 3"]:
    """Give the balls of both feet: what must not move while a foot stands."""
    return motion.joints_m[:, [JOINT["left_toe"], JOINT["right_toe"]]]
