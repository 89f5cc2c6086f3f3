"""Kneeling down on one knee, and rising again."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float

from vivant.scene.figure.build import Build
from vivant.scene.figure.footwork import LEFT, RIGHT, Footing
from vivant.scene.figure.gait import stand_at
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.score import Score

STEP_BACK = 0.235
"""Of the foot on whose side the knee goes down, in body heights."""
KNEE, HEEL_UP = 0.052, 0.105
"""Height of a knee on the floor, and of the ankle behind it, in body heights."""
DOWN_S, UP_S = 1.6, 1.7


def take_kneel(score: Score, *, begin_s: float, stays_s: float | None = None) -> float:
    """Note kneeling: the right foot goes back, the knee down to the floor, the head bows; and rising, if it does not stay.

    Args:
        score: What was noted so far; both feet stand side by side on the level.
        begin_s: When the foot is lifted.
        stays_s: How long it kneels; without it, it does not rise.

    Returns:
        When it kneels, or stands again.
    """
    h = score.build.height_m
    foot = score.steps.last(RIGHT)
    yaw = 0.5 * (score.steps.last(LEFT).yaw_rad + foot.yaw_rad)
    ahead = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    back = Footing(place_m=foot.place_m - STEP_BACK * h * ahead, yaw_rad=yaw)
    start = begin_s + 0.35
    score.step(RIGHT, back, lift_s=begin_s, land_s=begin_s + 0.6, push=0.4)
    down = start + DOWN_S
    knee = score.bones.thigh_m + 0.045 * h
    changes = {
        "drop": knee - score.bones.rest_m[JOINT["left_hip"], 1] + 0.004,
        "forward": 0.075 * h,
        "right.heel": 1.12,
        "tilt": -0.05,
        "bend": 0.20,
        "head_pitch": -0.22,
        "left.flex": 0.46,
        "left.elbow": 0.60,
        "left.twist": -0.35,
        "right.flex": 0.25,
        "right.elbow": 0.65,
        "right.twist": -0.45,
        "left.busy": 1.0,
        "right.busy": 1.0,
    }
    rises = None if stays_s is None else down + stays_s
    for name, by in changes.items():
        late = 0.35 if name in ("head_pitch", "bend") else 0.0
        score.key(name, by, start_s=start + late, end_s=down + late)
        if rises is not None:
            score.key(name, -by, start_s=rises - 0.4 * late, end_s=rises + UP_S)
    if rises is None:
        score.now_s = down
        return down
    beside = Footing(place_m=foot.place_m, yaw_rad=foot.yaw_rad)
    score.step(RIGHT, beside, lift_s=rises + UP_S - 0.1, land_s=rises + UP_S + 0.55, push=0.4)
    score.now_s = rises + UP_S + 0.6
    return score.now_s


def take_kneel_forward(score: Score, *, begin_s: float, sits_rad: float = 0.0) -> float:
    """Note one step forward with the left foot, and the right knee going down to the floor; the arms are left free.

    Args:
        score: What was noted so far; both feet stand side by side on the level.
        begin_s: When the foot is lifted.
        sits_rad: How far the thigh that kneels leans back, toward sitting on the heel: to be as low as a child.

    Returns:
        When it kneels.
    """
    h = score.build.height_m
    foot = score.steps.last(LEFT)
    yaw = 0.5 * (foot.yaw_rad + score.steps.last(RIGHT).yaw_rad)
    ahead = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    to = Footing(place_m=foot.place_m + STEP_BACK * h * ahead, yaw_rad=yaw)
    score.step(LEFT, to, lift_s=begin_s, land_s=begin_s + 0.75, push=0.6)
    start = begin_s + 0.5
    down = start + DOWN_S
    bones, knee = score.bones, KNEE * h
    # from the ball of the foot that stays behind to the knee before it, and from the knee back to the hip
    ahead_m = np.sqrt(bones.shin_m**2 - (HEEL_UP * h - knee) ** 2) - bones.thigh_m * np.sin(
        sits_rad
    )
    hip = knee + bones.thigh_m * np.cos(sits_rad)
    for name, by in (
        ("drop", hip - bones.rest_m[JOINT["left_hip"], 1] + 0.012),
        ("forward", ahead_m - 0.5 * STEP_BACK * h + 0.092 * score.build.small),
        ("right.heel", 1.12),
        ("tilt", -0.02 + 0.10 * np.sin(sits_rad)),
    ):
        score.key(name, by, start_s=start, end_s=down)
    score.now_s = down
    return down


def kneel(
    *,
    place_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    begins_s: float = 0.4,
    stays_s: float | None = None,
    build: Build | None = None,
) -> FigureMotion:
    """Stand on the level, kneel down on one knee and bow the head, and rise again if it does not stay.

    Args:
        place_m: Where it stands, on the floor.
        toward: The way it faces; its height does not matter.
        frames: How many.
        rate: Frames in each second.
        begins_s: When it begins.
        stays_s: How long it kneels; without it, it does not rise.
        build: Whose motion.
    """
    score = stand_at(place_m, toward, build=build)
    take_kneel(score, begin_s=begins_s, stays_s=stays_s)
    return score.motion(frames=frames, rate=rate)
