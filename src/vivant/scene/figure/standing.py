"""Standing: breath, and weight that is never quite still; and what is done on the spot."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import numpy as np
from jaxtyping import Float

from vivant.scene.figure.build import Build
from vivant.scene.figure.gait import stand_at
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.turning import take_turn
from vivant.scene.figure.waving import take_nod, take_wave


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


def turn(
    *,
    place_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    by_rad: float,
    frames: int,
    rate: Fraction | float,
    begins_s: float = 0.4,
    build: Build | None = None,
) -> FigureMotion:
    """Stand on the level, and turn in steps.

    Args:
        place_m: On the floor.
        toward: The way it faces at first; its height does not matter.
        by_rad: Positive turns to the figure's left.
        frames: How many.
        rate: Frames in each second.
        begins_s: When the head begins to turn.
        build: Whose motion.
    """
    score = stand_at(place_m, toward, build=build)
    take_turn(score, by_rad=by_rad, begin_s=begins_s)
    return score.motion(frames=frames, rate=rate)


def wave(
    *,
    place_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    begins_s: float = 0.4,
    hand: Literal["left", "right"] = "right",
    build: Build | None = None,
) -> FigureMotion:
    """Stand on the level, and wave once.

    Args:
        place_m: On the floor.
        toward: The way it faces; its height does not matter.
        frames: How many.
        rate: Frames in each second.
        begins_s: When the arm begins to rise.
        hand: Which.
        build: Whose motion.
    """
    score = stand_at(place_m, toward, build=build)
    take_wave(score, begin_s=begins_s, hand=hand)
    return score.motion(frames=frames, rate=rate)


def nod(
    *,
    place_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    begins_s: float = 0.4,
    build: Build | None = None,
) -> FigureMotion:
    """Stand on the level, and nod.

    Args:
        place_m: On the floor.
        toward: The way it faces; its height does not matter.
        frames: How many.
        rate: Frames in each second.
        begins_s: When the head begins to sink.
        build: Whose motion.
    """
    score = stand_at(place_m, toward, build=build)
    take_nod(score, begin_s=begins_s)
    return score.motion(frames=frames, rate=rate)
