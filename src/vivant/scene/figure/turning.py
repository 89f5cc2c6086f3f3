"""Turning round: feet are set down anew, one after the other; nothing spins."""

from __future__ import annotations

import numpy as np

from vivant.scene.figure.footwork import LEFT, RIGHT, Footing
from vivant.scene.figure.score import APART_M, TOES_OUT_RAD, Score

_STEPS = ((1.05, (1.0, 1.0)), (2.3, (0.60, 1.0, 1.0)), (np.inf, (0.42, 0.80, 1.0, 1.0)))
"""How far round each step goes, as shares of the turn: a hip opens about 60 degrees, so wide turns take more steps."""
STEP_S = 0.56
"""Of each step of a turn; the head goes before the first."""


def turning_s(by_rad: float) -> float:
    """Tell how long a turn takes."""
    return float(0.35 + STEP_S * len(_shares(by_rad)))


def _shares(by_rad: float) -> tuple[float, ...]:
    return next(shares for most, shares in _STEPS if abs(by_rad) <= most)


def take_turn(
    score: Score, *, by_rad: float, begin_s: float, seconds: float | None = None, lead: float = 1.0
) -> float:
    """Note a turn on the spot, from standing to standing: head first, then chest, then feet.

    Args:
        score: What was noted so far; both feet stand.
        by_rad: Positive turns to the figure's left.
        begin_s: When the head begins to turn.
        seconds: Until the last foot stands; ``turning_s`` when left out.
        lead: How far head and chest go before the feet, 0..1.

    Returns:
        When it stands again.
    """
    left, right = score.steps.last(LEFT), score.steps.last(RIGHT)
    middle = 0.5 * (left.place_m + right.place_m)
    yaw = 0.5 * (left.yaw_rad + right.yaw_rad)
    seconds = turning_s(by_rad) if seconds is None else seconds
    shares = _shares(by_rad)
    foot = LEFT if by_rad > 0 else RIGHT
    first = begin_s + 0.16 * seconds
    each = (begin_s + seconds - first) / len(shares)
    for index, share in enumerate(shares):
        lift = first + index * each
        to = _beside(middle, yaw + share * by_rad, foot)
        score.step(foot, to, lift_s=lift, land_s=lift + 0.74 * each, push=0.55)
        foot = 1 - foot
    ahead = lead * float(np.clip(0.55 * by_rad, -0.7, 0.7))
    score.pulse(
        "head_yaw",
        ahead,
        times_s=(
            begin_s,
            begin_s + 0.45 * seconds,
            begin_s + 0.5 * seconds,
            begin_s + 1.1 * seconds,
        ),
    )
    score.pulse(
        "chest_yaw",
        0.45 * ahead,
        times_s=(
            begin_s + 0.08 * seconds, begin_s + 0.5 * seconds, begin_s + 0.55 * seconds, begin_s + 1.15 * seconds,
        ),
    )  # fmt: skip
    score.pulse(
        "tilt", 0.03, times_s=(begin_s, begin_s + 0.3, begin_s + seconds, begin_s + seconds + 0.5)
    )
    score.now_s = begin_s + seconds
    return score.now_s


def _beside(middle: np.ndarray, yaw: float, foot: int) -> Footing:
    """Put a foot beside the middle, toes a little outward.

    The feet turn about the middle of the body, which is behind their balls.
    """
    side = 1.0 if foot == LEFT else -1.0
    left = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
    return Footing(place_m=middle + side * APART_M * left, yaw_rad=yaw + side * TOES_OUT_RAD)
