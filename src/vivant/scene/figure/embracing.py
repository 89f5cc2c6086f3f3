"""Two who embrace: each goes a step, bends a little, and lays the arms round the other."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float

from vivant.scene.figure.build import Build
from vivant.scene.figure.footwork import LEFT, RIGHT, Footing
from vivant.scene.figure.gait import stand_at, take_walk
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.score import Score

APART_M = 1.05
"""Between the two as they stand, before they step."""
CLOSE_M = 0.36
"""Between the two as they embrace."""
PAST_M = 0.055
"""Each goes so far to its own left, so that the heads lie beside one another."""
ROUND_S = 1.5
WALK_M_PER_S = 0.75
_OVER = {"flex": 1.22, "out": 0.10, "twist": -0.62, "elbow": 0.95, "roll": -0.2, "wrist": 0.25}
_UNDER = {"flex": 0.80, "out": 0.30, "twist": -0.95, "elbow": 1.05, "roll": -0.2, "wrist": 0.25}


def embrace(
    *,
    middle_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    begins_s: float = 0.5,
    walks_s: float = 0.0,
    builds: tuple[Build, Build] | None = None,
) -> tuple[FigureMotion, FigureMotion]:
    """Let two who face one another step together and embrace; they stay so. They may walk to one another first.

    Args:
        middle_m: Between them, on the floor.
        toward: The way the first faces; the second faces back.
        frames: How many.
        rate: Frames in each second.
        begins_s: When they begin to step, or about then, where they walk.
        walks_s: How long they have been walking by then; 0 lets them stand.
        builds: Whose motions.

    Returns:
        The first one's motion and the second one's.
    """
    one, other = builds or (Build(), Build())
    way = np.asarray(toward, np.float64) * [1, 0, 1]
    way /= np.linalg.norm(way)
    made = []
    for build, partner, ahead in ((one, other, way), (other, one, -way)):
        stands = np.asarray(middle_m) - 0.5 * APART_M * ahead
        score = _arrived(stands, ahead, build=build, walks_s=walks_s, by_s=begins_s)
        begin_s = begins_s if walks_s <= 0 else score.now_s - 0.15
        _step_close(score, ahead, begin_s)
        _arms_round(score, begin_s + 0.7, taller=build.height_m - partner.height_m)
        made.append(score.motion(frames=frames, rate=rate))
    return made[0], made[1]


def _arrived(
    place_m: np.ndarray, ahead: np.ndarray, *, build: Build, walks_s: float, by_s: float
) -> Score:
    """Stand at a place, or come to stand there from where a walk of so long began."""
    if walks_s <= 0:
        return stand_at(place_m, ahead, build=build)
    trial = stand_at(place_m, ahead, build=build)
    begins_s = by_s - walks_s
    take_walk(trial, speed_m_per_s=WALK_M_PER_S, begin_s=begins_s, end_s=by_s)
    went = (trial.steps.last(LEFT).place_m + trial.steps.last(RIGHT).place_m) / 2
    first = stand_at(place_m, ahead, build=build).steps
    went = went - (first.last(LEFT).place_m + first.last(RIGHT).place_m) / 2
    score = stand_at(place_m - went, ahead, build=build)
    take_walk(score, speed_m_per_s=WALK_M_PER_S, begin_s=begins_s, end_s=by_s)
    return score


def _step_close(score: Score, ahead: np.ndarray, begin_s: float) -> None:
    left = np.array([ahead[2], 0.0, -ahead[0]])
    forth = 0.5 * (APART_M - CLOSE_M) * ahead + PAST_M * left
    for index, foot in enumerate((LEFT, RIGHT)):
        stands = score.steps.last(foot)
        lift = begin_s + 0.75 * index
        to = Footing(place_m=stands.place_m + forth, yaw_rad=stands.yaw_rad)
        score.step(foot, to, lift_s=lift, land_s=lift + 0.6, push=0.6)
    score.now_s = begin_s + 1.5


def _arms_round(score: Score, begin_s: float, *, taller: float) -> None:
    """Lay the right arm over the other's shoulder and the left below the other's arm."""
    lift = float(np.clip(-0.9 * taller, -0.35, 0.35))
    for side, angles in (("right", _OVER), ("left", _UNDER)):
        for name, by in angles.items():
            late = {"flex": 0.0, "out": 0.0, "twist": 0.35, "elbow": 0.30}.get(name, 0.5)
            extra = lift if name == "flex" else 0.0
            score.key(
                f"{side}.{name}", by + extra, start_s=begin_s + late, end_s=begin_s + ROUND_S + late
            )
        score.key(f"{side}.busy", 1.0, start_s=begin_s - 0.2, end_s=begin_s + 0.5)
        score.key(f"{side}.shrug", 0.012, start_s=begin_s, end_s=begin_s + ROUND_S)
        score.pulse(
            f"{side}.out", 0.30, times_s=(begin_s, begin_s + 0.6, begin_s + 0.7, begin_s + ROUND_S)
        )
    bow = float(np.clip(0.5 * taller, -0.05, 0.25))
    settled = begin_s + ROUND_S + 0.6
    score.key("bend", 0.05 + bow, start_s=begin_s + 0.5, end_s=settled)
    score.key("tilt", 0.03, start_s=begin_s + 0.3, end_s=settled)
    score.key("head_pitch", -0.14 - 0.5 * bow, start_s=begin_s + 0.7, end_s=settled + 0.3)
    score.key("head_roll", -0.20, start_s=begin_s + 0.8, end_s=settled + 0.4)
    score.key("head_yaw", 0.25, start_s=begin_s + 0.8, end_s=settled + 0.4)
