"""Where a figure touches the floor: what the stone below it should know."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.scene.figure.motion import JOINT, FigureMotion

KNEELS_M = 0.20
"""A knee that is lower kneels, or is about to."""


def contacts(motion: FigureMotion, frame: float) -> Float32[np.ndarray, "places 4"]:
    """Tell where the figure darkens the floor by touching it or nearly so.

    Returns:
        Two places for each foot, heel and ball, and one for each knee that kneels: x, y, z of the floor below in the
        set, and how strong the shadow is, 0..1. It falls off within about 9 cm; blur it as much.
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
        knee = joints[JOINT[f"{side}_knee"]]
        above = float(knee[1]) - floor
        if above < KNEELS_M:
            strength = float(np.exp(-((max(above - 0.09, 0.0) / 0.06) ** 2)))
            found.append(np.array([knee[0], floor, knee[2], strength]))
    return np.asarray(found, np.float32)
