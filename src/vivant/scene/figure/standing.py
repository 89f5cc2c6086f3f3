"""Standing: breath, and weight that is never quite still."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float

from vivant.scene.figure.build import Build
from vivant.scene.figure.gait import stand_at
from vivant.scene.figure.motion import FigureMotion


def stand(
    *,
    place_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    build: Build | None = None,
) -> FigureMotion:
    """Stand at a place and face a way.

    Args:
        place_m: On the floor.
        toward: The way it faces; its height does not matter.
        frames: How many.
        rate: Frames in each second.
        build: Whose motion.
    """
    return stand_at(place_m, toward, build=build).motion(frames=frames, rate=rate)
