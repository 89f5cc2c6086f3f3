"""Going upstairs, and going on the level."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from jaxtyping import Float

from vivant.errors import InputError
from vivant.scene.figure.build import Build
from vivant.scene.figure.footwork import LEFT, RIGHT, Footing, Steps
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.score import APART_M, TOES_OUT_RAD, Score
from vivant.scene.sets import stairway_plan as plan

ON_TREAD = 0.66
"""Where on a step the ball of the foot stands, as a share of the tread: the whole foot has room."""
SWINGS = 0.60
"""Share of the time between two steps in which a foot is in the air."""
SHORT = 0.84
"""Paces to a place are shorter than those of a stroll, and quicker."""
LEAD_IN_S = 3.2
READY_S = 0.55


def on_stair(way_m: float, aside_m: float, foot: int) -> Footing:
    """Stand with the ball of a foot at a way along the stair."""
    across = APART_M if foot == RIGHT else -APART_M
    place = plan.step_at(way_m, aside_m + _outward(across))
    toes = -TOES_OUT_RAD if foot == RIGHT else TOES_OUT_RAD
    return Footing(place_m=place, yaw_rad=_unwrapped(plan.heading_at(way_m)) + toes)


def _outward(right_m: float) -> float:
    """Right of someone who climbs is toward the middle of the curve or away from it, as the plan lies."""
    ahead = np.array([np.sin(plan.heading_at(0.0)), 0, np.cos(plan.heading_at(0.0))])
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    outward = plan.place_at(0.0, 1.0) - plan.place_at(0.0)
    return right_m * float(np.sign(right @ outward))


def _unwrapped(yaw: float) -> float:
    return yaw if yaw <= 1.0 else yaw - 2 * np.pi


def stand_on_stair(way_m: float, *, aside_m: float = 0.0, build: Build | None = None) -> Score:
    """Stand on the step at a way, and face up the stair; the score goes on from there."""
    ball = _ball_way(way_m)
    steps = Steps(first=(on_stair(ball, aside_m, LEFT), on_stair(ball, aside_m, RIGHT)))
    return Score(build=build or Build(), steps=steps)


def _ball_way(way_m: float) -> float:
    """Put the ball of a foot where it belongs on the step at a way."""
    if way_m >= plan.LENGTH_M:
        return way_m
    return float((np.floor(way_m / plan.TREAD_M) + ON_TREAD) * plan.TREAD_M)


def climb(
    *,
    way0_m: float,
    frames: int,
    rate: Fraction | float,
    aside_m: float = 0.0,
    speed_m_per_s: float = 0.42,
    build: Build | None = None,
    starts: bool = False,
    stops_s: float | None = None,
) -> FigureMotion:
    """Climb the *Stairway*, a foot on every second step.

    Args:
        way0_m: Where the body is on the stair at the first frame.
        frames: How many.
        rate: Frames in each second.
        aside_m: Outward from the middle of the stair.
        speed_m_per_s: Along the stair; 0.42 is an old person's pace.
        build: Whose motion.
        starts: Whether it stands at the first frame and then sets out; else it is in full motion.
        stops_s: When it comes to stand, if it does.

    Raises:
        InputError: The speed is not one at which people climb (0.2..0.9 m/s), or there are no frames.
    """
    check_speed(speed_m_per_s, 0.2, 0.9)
    period = plan.TREAD_M / speed_m_per_s
    end_s = frames / float(rate) + LEAD_IN_S
    if starts:
        score = stand_on_stair(way0_m, aside_m=aside_m, build=build)
        begin, way = READY_S, _ball_way(way0_m)
    else:
        ahead_steps = int(np.ceil(LEAD_IN_S / period))
        tread = int(np.floor(way0_m / plan.TREAD_M)) - ahead_steps
        way = (tread + ON_TREAD) * plan.TREAD_M
        passing = (way0_m - way) / speed_m_per_s
        begin = -passing - 0.5 * SWINGS * period
        first = (_stair_or_below(way, aside_m, LEFT), _stair_or_below(way, aside_m, RIGHT))
        score = Score(build=build or Build(), steps=Steps(first=first), now_s=begin)
    take_stairs(
        score,
        way_m=way,
        aside_m=aside_m,
        speed_m_per_s=speed_m_per_s,
        begin_s=begin,
        end_s=end_s if stops_s is None else stops_s,
    )
    return score.motion(frames=frames, rate=rate)


def take_stairs(
    score: Score,
    *,
    begin_s: float,
    end_s: float,
    speed_m_per_s: float = 0.42,
    aside_m: float = 0.0,
    way_m: float | None = None,
) -> float:
    """Note steps up the stair, from standing with both feet on one step, to standing again.

    Args:
        score: What was noted so far.
        begin_s: When the first foot is lifted.
        end_s: By when both feet stand again.
        speed_m_per_s: Along the stair.
        aside_m: Outward from the middle of the stair.
        way_m: Where the feet stand; it is measured when left out.

    Returns:
        When both feet stand on one step.
    """
    way, foot = way_of(score) if way_m is None else way_m, LEFT
    period = plan.TREAD_M / speed_m_per_s
    lift = begin_s
    while lift + 2 * period < end_s:
        way = next_way(way)
        land = lift + SWINGS * period
        score.step(foot, _stair_or_below(way, aside_m, foot), lift_s=lift, land_s=land)
        foot = 1 - foot
        lift += period
    score.step(
        foot, _stair_or_below(way, aside_m, foot), lift_s=lift, land_s=lift + 0.9 * SWINGS * period
    )
    score.climbs.append((begin_s, lift + 0.5 * period))
    score.now_s = lift + period
    return score.now_s


def way_of(score: Score) -> float:
    """Measure where on the way the feet will stand after all that is noted."""
    middle = 0.5 * (score.steps.last(LEFT).place_m + score.steps.last(RIGHT).place_m)
    beyond = float((middle - plan.place_at(plan.LENGTH_M)) @ plan.ONWARD)
    if beyond > 0:
        return plan.LENGTH_M + beyond
    return float(np.arctan2(middle[2], middle[0]) * plan.RADIUS_M)


def _stair_or_below(way_m: float, aside_m: float, foot: int) -> Footing:
    if way_m >= 0:
        return on_stair(way_m, aside_m, foot)
    footing = on_stair(ON_TREAD * plan.TREAD_M, aside_m, foot)
    down = np.floor(way_m / plan.TREAD_M) * plan.RISE_M
    place = np.add(footing.place_m, [0.0, down, way_m - ON_TREAD * plan.TREAD_M])
    return Footing(place_m=place, yaw_rad=footing.yaw_rad)


def next_way(way_m: float) -> float:
    """Give the next place for a foot: the next step, or a pace on the landing."""
    if way_m + plan.TREAD_M < plan.LENGTH_M:
        return _ball_way(way_m + plan.TREAD_M) if way_m >= 0 else way_m + plan.TREAD_M
    return way_m + 0.40


def walk(
    *,
    start_m: Float[np.ndarray, " 3"],
    toward: Float[np.ndarray, " 3"],
    frames: int,
    rate: Fraction | float,
    speed_m_per_s: float = 0.7,
    waits_s: float = 0.4,
    stops_s: float | None = None,
    build: Build | None = None,
) -> FigureMotion:
    """Stand, set out, and walk straight on, on the level.

    Args:
        start_m: Where it stands, on the floor.
        toward: The way it goes; its height does not matter.
        frames: How many.
        rate: Frames in each second.
        speed_m_per_s: Once it is under way.
        waits_s: How long it stands first; below zero, it is already under way at the first frame.
        stops_s: When it comes to stand again, if it does.
        build: Whose motion.

    Raises:
        InputError: The speed is not one at which people walk (0.2..1.4 m/s), or there are no frames.
    """
    check_speed(speed_m_per_s, 0.2, 1.4)
    score = stand_at(start_m, toward, build=build)
    end_s = frames / float(rate) + LEAD_IN_S if stops_s is None else stops_s
    if waits_s < 0:
        way = np.asarray(toward, np.float64) * [1, 0, 1]
        back = -speed_m_per_s * LEAD_IN_S * way / np.linalg.norm(way)
        score = stand_at(np.asarray(start_m) + back, toward, build=build)
        waits_s = -LEAD_IN_S
    take_walk(score, speed_m_per_s=speed_m_per_s, begin_s=waits_s, end_s=end_s)
    return score.motion(frames=frames, rate=rate)


def stand_at(
    place_m: Float[np.ndarray, " 3"], toward: Float[np.ndarray, " 3"], *, build: Build | None = None
) -> Score:
    """Stand on the level and face a way; the score goes on from there."""
    yaw = float(np.arctan2(toward[0], toward[2]))
    build = build or Build()
    feet = side_by_side(place_m, yaw, small=build.small)
    return Score(build=build, steps=Steps(first=feet))


def side_by_side(
    place_m: Float[np.ndarray, " 3"], yaw: float, *, small: float = 1.0
) -> tuple[Footing, Footing]:
    """Put both feet beside one another."""
    left = np.array([np.cos(yaw), 0.0, -np.sin(yaw)])
    ahead = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    middle = np.asarray(place_m, np.float64) + 0.062 * small * ahead
    return (
        Footing(place_m=middle + APART_M * small * left, yaw_rad=yaw + TOES_OUT_RAD),
        Footing(place_m=middle - APART_M * small * left, yaw_rad=yaw - TOES_OUT_RAD),
    )


def take_walk(
    score: Score, *, speed_m_per_s: float, begin_s: float, end_s: float, foot: int = LEFT
) -> None:
    """Note paces straight on, from standing, to standing again."""
    pace = (0.25 + 0.26 * speed_m_per_s) * score.build.small
    period = pace / speed_m_per_s
    yaw = 0.5 * (score.steps.last(LEFT).yaw_rad + score.steps.last(RIGHT).yaw_rad)
    ahead = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
    lift, reached, first = begin_s, 0.0, (score.steps.last(LEFT), score.steps.last(RIGHT))
    while lift + 2 * period < end_s:
        reached += pace * (0.75 if reached == 0 else 1.0)
        to = Footing(place_m=first[foot].place_m + reached * ahead, yaw_rad=first[foot].yaw_rad)
        score.step(foot, to, lift_s=lift, land_s=lift + SWINGS * period)
        foot = 1 - foot
        lift += period
    to = Footing(place_m=first[foot].place_m + reached * ahead, yaw_rad=first[foot].yaw_rad)
    score.step(foot, to, lift_s=lift, land_s=lift + 0.9 * SWINGS * period, push=0.6)
    score.now_s = lift + period


def take_way(
    score: Score,
    *,
    to_m: Float[np.ndarray, " 3"],
    speed_m_per_s: float,
    begin_s: float,
    ground: Callable[[float, float], float] = lambda _x, _z: 0.0,
) -> float:
    """Note even paces straight to a place, over ground that may rise and fall, and both feet side by side there.

    Args:
        score: What was noted so far; both feet stand, and face that place.
        to_m: Where the body comes to stand.
        speed_m_per_s: On the way.
        begin_s: When the first foot is lifted.
        ground: Height of the ground at x and z.

    Returns:
        When both feet stand.
    """
    small = score.build.small
    start = [score.steps.last(LEFT).place_m, score.steps.last(RIGHT).place_m]
    way = (np.asarray(to_m, np.float64) - 0.5 * (start[0] + start[1])) * [1, 0, 1]
    far = float(np.linalg.norm(way)) + 0.062 * small
    yaw = float(np.arctan2(way[0], way[2]))
    ends = side_by_side(to_m, yaw, small=small)
    paces = max(1, round(far / (SHORT * (0.25 + 0.26 * speed_m_per_s) * small)))
    period = far / paces / speed_m_per_s
    lift, foot = begin_s, LEFT
    for count in range(1, paces + 1):
        place = start[foot] + (ends[foot].place_m - start[foot]) * min(count / paces, 1.0)
        place[1] = ground(float(place[0]), float(place[2]))
        to = Footing(place_m=place, yaw_rad=ends[foot].yaw_rad)
        score.step(foot, to, lift_s=lift, land_s=lift + SWINGS * period)
        foot = 1 - foot
        lift += period
    place = ends[foot].place_m.copy()
    place[1] = ground(float(place[0]), float(place[2]))
    to = Footing(place_m=place, yaw_rad=ends[foot].yaw_rad)
    score.step(foot, to, lift_s=lift, land_s=lift + SWINGS * period, push=0.6)
    score.now_s = lift + SWINGS * period
    return score.now_s


def check_speed(speed_m_per_s: float, low: float, high: float) -> None:
    """Refuse speeds at which nobody goes."""
    if not low <= speed_m_per_s <= high:
        message = (
            f"A speed of {speed_m_per_s:g} m/s is no pace for this way. Give {low:g} to {high:g}."
        )
        raise InputError(message)
