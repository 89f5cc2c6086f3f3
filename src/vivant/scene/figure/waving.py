"""Gestures: looking back, a wave, a nod."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from jaxtyping import Float

from vivant.scene.figure.build import Build
from vivant.scene.figure.gait import stand_on_stair
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.score import Score
from vivant.scene.figure.turning import take_turn
from vivant.scene.sets import stairway_plan as plan

SWAYS_PER_S = 1.05
BEGINS_S = 0.2
RAISE_S, LOWER_S = 1.1, 1.2
_RAISED = {"flex": 0.55, "out": 0.62, "twist": 0.95, "elbow": 1.55, "roll": -1.15, "wrist": -0.10}
"""What an arm's angles become when the hand is beside the head, palm to the front, beyond those at rest."""


def take_wave(
    score: Score, *, begin_s: float, seconds: float = 3.4, hand: str = "right", height: float = 1.0
) -> float:
    """Note a wave: the hand goes up, sways from the elbow a few times, less and less, and comes down.

    Args:
        score: What was noted so far.
        begin_s: When the arm begins to rise.
        seconds: Until it hangs again; 2.6 at least.
        hand: ``left`` or ``right``.
        height: 1 brings the hand beside the head; less keeps it lower.

    Returns:
        When the arm hangs again.
    """
    seconds = max(seconds, RAISE_S + LOWER_S + 0.5)
    up, down = begin_s + RAISE_S, begin_s + seconds - LOWER_S
    late = {"flex": 0.0, "out": 0.05, "twist": 0.10, "elbow": 0.10, "roll": 0.22, "wrist": 0.25}
    for name, by in _RAISED.items():
        after = late[name]
        score.pulse(
            f"{hand}.{name}",
            by * height,
            times_s=(begin_s + after, up + after, down + 0.3 * after, down + LOWER_S + 0.4 * after),
        )
    score.pulse(
        f"{hand}.busy",
        1.0,
        times_s=(begin_s - 0.2, begin_s + 0.5, down + 0.6, down + LOWER_S + 0.3),
    )
    score.pulse(f"{hand}.open", 1.0, times_s=(begin_s + 0.35, up + 0.15, down + 0.2, down + 0.8))
    score.pulse(f"{hand}.shrug", 0.016, times_s=(begin_s, up, down + 0.1, down + LOWER_S))
    side = 1.0 if hand == "left" else -1.0
    score.pulse("side", 0.035 * side, times_s=(begin_s, up, down, down + LOWER_S))
    score.pulse("head_roll", -0.05 * side, times_s=(begin_s + 0.3, up + 0.2, down, down + LOWER_S))
    half = 0.5 / SWAYS_PER_S
    start, toward, swing = up - 0.25, 1.0, 0.36
    while start + 2 * half < down + 0.25:
        for name, share, after in (
            ("twist", 0.85, 0.0),
            ("aside", 0.0, 0.0),
            ("wrist", 0.45, 0.09),
        ):
            score.pulse(
                f"{hand}.{name}",
                toward * swing * share * (1 if name == "twist" else -1),
                times_s=(
                    start + after,
                    start + after + half,
                    start + after + half,
                    start + after + 2 * half,
                ),
            )
        start += half
        toward, swing = -toward, swing * 0.90
    score.now_s = max(score.now_s, begin_s + seconds)
    return score.now_s


def take_nod(score: Score, *, begin_s: float, depth: float = 0.16) -> float:
    """Note a nod: once down and back, and once less."""
    t = begin_s
    score.pulse("head_pitch", -depth, times_s=(t, t + 0.38, t + 0.42, t + 0.85))
    score.pulse("head_pitch", -0.4 * depth, times_s=(t + 0.78, t + 1.05, t + 1.08, t + 1.5))
    score.pulse("bend", 0.12 * depth, times_s=(t, t + 0.4, t + 0.5, t + 1.2))
    score.now_s = max(score.now_s, t + 1.5)
    return score.now_s


def look_back(
    *,
    way_m: float,
    toward_m: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    aside_m: float = 0.0,
    waves: bool = True,
    turns_away: bool = True,
    build: Build | None = None,
) -> FigureMotion:
    """Stand on the stair, turn in steps until the face is toward a place, wave once or nod, and turn on upward.

    Args:
        way_m: Where it stands on the stair.
        toward_m: What it looks at, such as the camera.
        frames: How many.
        rate: Frames in each second.
        aside_m: Outward from the middle of the stair.
        waves: Whether it waves; else it nods.
        turns_away: Whether it turns on upward at the end, if there is time.
        build: Whose motion.
    """
    score = stand_on_stair(way_m, aside_m=aside_m, build=build)
    seconds = frames / float(rate)
    stand = plan.step_at(way_m, aside_m)
    away = np.asarray(toward_m, np.float64) - stand
    heading = plan.heading_at(way_m)
    by = float(np.angle(np.exp(1j * (np.arctan2(away[0], away[2]) - heading))))
    body = 0.68 * by
    turned = take_turn(score, by_rad=body, begin_s=BEGINS_S, lead=0.35)
    leaves = max(seconds - 1.25, turned + 1.6)
    head, chest = by - body, 0.10 * by
    pitch = float(np.clip(np.arctan2(away[1] - 1.5, np.hypot(away[0], away[2])), -0.06, 0.12))
    for name, value, late in (
        ("chest_yaw", chest, 0.2),
        ("head_yaw", head, 0.0),
        ("head_pitch", pitch, 0.1),
    ):
        score.key(name, value, start_s=BEGINS_S + late, end_s=turned + 0.15 + late)
        if turns_away:
            score.key(name, -value, start_s=leaves - 0.2 + late, end_s=leaves + 1.7 + late)
    side = "left" if by < 0 else "right"  # away from the turn, beside the head and not before it
    if waves:
        take_wave(score, begin_s=turned - 0.4, seconds=max(leaves - turned + 1.2, 2.9), hand=side)
    else:
        take_nod(score, begin_s=turned + 0.3)
    if turns_away:
        take_turn(score, by_rad=-body, begin_s=leaves, lead=0.35)
    return score.motion(frames=frames, rate=rate)
