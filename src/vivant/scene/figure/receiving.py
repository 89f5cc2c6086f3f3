"""Somebody grown kneels down to the height of children, arms open; the children run to them, and are embraced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float64

from vivant.scene.figure.build import Build
from vivant.scene.figure.gait import stand_at, take_way
from vivant.scene.figure.kneeling import STEP_BACK, take_kneel_forward
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.reaching import Arm, reach, take_arm
from vivant.scene.figure.score import Score

KNEELS_S = 0.5
"""When the foot is lifted."""
OPENS_S = (1.3, 2.9)
"""While the arms open."""
SITS_RAD = 0.50
ARRIVES_S = 4.1
LATER_S = 0.40
"""So much later comes a second child."""
HOLD_S = 6.0
"""When all are in one another's arms."""
HURRY_M_PER_S = 1.15
OPEN = Arm(flex=0.62, out=0.58, twist=0.10, elbow=0.42)
DEEP = 0.070
"""Half a trunk from front to back, in body heights."""
Ground = Callable[[float, float], float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runner:
    """A child that comes."""

    build: Build
    from_m: Float64[np.ndarray, " 3"]
    """Where it stands at first, on the ground."""


def receive(
    *,
    place_m: Float64[np.ndarray, " 3"],
    toward: Float64[np.ndarray, " 3"],
    children: Sequence[Runner],
    frames: int,
    rate: Fraction | float,
    build: Build,
    ground: Ground = lambda _x, _z: 0.0,
) -> tuple[FigureMotion, tuple[FigureMotion, ...]]:
    """Kneel down for one or two children, and take them into the arms.

    Args:
        place_m: Where the grown person kneels, on the ground.
        toward: Where they look; the children come from there.
        children: The first comes to the right knee, the second beside the left one.
        frames: How many.
        rate: Frames in each second.
        build: The grown person's.
        ground: Its height at x and z; level where the grown person kneels.

    Returns:
        The grown person's motion, and each child's.
    """
    way = np.asarray(toward, np.float64) * [1, 0, 1]
    way /= np.linalg.norm(way)
    grown = stand_at(np.asarray(place_m) - STEP_BACK * build.height_m * way, way, build=build)
    take_kneel_forward(grown, begin_s=KNEELS_S, sits_rad=SITS_RAD)
    for side in ("left", "right"):
        take_arm(grown, side, OPEN, before=None, start_s=OPENS_S[0], end_s=OPENS_S[1])
        grown.key(f"{side}.roll", 0.7, start_s=OPENS_S[0], end_s=OPENS_S[1])
    _bow(grown, children)
    held = round(HOLD_S * float(rate)) + 1
    kneeling = grown.motion(frames=held, rate=rate)
    chest = kneeling.joints_m[-1, JOINT["chest"]]
    scores = [
        _come(child, place_m, chest, way, build, count, ground, alone=len(children) == 1)
        for count, child in enumerate(children)
    ]
    come = [score.motion(frames=held, rate=rate) for score in scores]
    _hold(grown, kneeling, children, come)
    for count, (score, child) in enumerate(zip(scores, come, strict=True)):
        beside = 0.0 if len(children) == 1 else (-1.0, 1.0)[count]
        _cling(score, child, kneeling, build, beside=beside)
    return (
        grown.motion(frames=frames, rate=rate),
        tuple(score.motion(frames=frames, rate=rate) for score in scores),
    )


def _bow(grown: Score, children: Sequence[Runner]) -> None:
    """Let the back and the head come down to the children, the more the smaller they are."""
    least = min(child.build.height_m for child in children)
    low = float(np.clip(1.15 - least, -0.1, 0.4))
    settled = ARRIVES_S + 1.6
    # before they come it looks at them, and leans a little toward them
    grown.key("head_pitch", -0.05 - 0.35 * low, start_s=1.0, end_s=2.8)
    grown.key("bend", 0.06, start_s=1.6, end_s=3.0)
    grown.key("bend", 0.14 + 0.75 * low, start_s=ARRIVES_S - 0.5, end_s=settled)
    grown.key("head_pitch", -0.16, start_s=ARRIVES_S, end_s=settled + 0.4)
    if len(children) > 1:  # the head goes down to both, a little more to the one on the right
        grown.key("head_pitch", -0.14, start_s=ARRIVES_S, end_s=settled + 0.4)
        grown.key("head_roll", 0.10, start_s=ARRIVES_S, end_s=settled + 0.5)
    else:  # the heads lie beside one another
        grown.key("head_roll", 0.16, start_s=ARRIVES_S, end_s=settled + 0.5)
        grown.key("head_yaw", -0.22, start_s=ARRIVES_S, end_s=settled + 0.5)
        grown.key("chest_yaw", -0.10, start_s=ARRIVES_S - 0.4, end_s=settled)


def _come(
    child: Runner,
    place_m: Float64[np.ndarray, " 3"],
    chest: Float64[np.ndarray, " 3"],
    way: Float64[np.ndarray, " 3"],
    build: Build,
    count: int,
    ground: Ground,
    *,
    alone: bool,
) -> Score:
    """Run to the place before the chest: beside the knee that is up."""
    left = np.array([way[2], 0.0, -way[0]])
    h = child.build.height_m
    # the smaller a child is, the more of it is where a coat spreads over the knees
    near = DEEP * build.height_m + DEEP * h + 0.05 + 0.30 * max(1.15 - h, 0.0)
    aside = -(0.02 + 0.10 * h) if count == 0 else 0.05 * build.height_m + 0.09 + 0.10 * h
    ahead = near if count == 0 else near + 0.02
    if not alone and count == 0:
        aside -= 0.05
    spot = chest * [1, 0, 1] + ahead * way + aside * left
    spot[1] = float(np.asarray(place_m)[1])
    facing = (spot - child.from_m) * [1, 0, 1]
    score = stand_at(child.from_m, facing, build=child.build)
    arrives = ARRIVES_S + LATER_S * count
    starts = arrives - float(np.linalg.norm(facing)) / HURRY_M_PER_S
    take_way(score, to_m=spot, speed_m_per_s=HURRY_M_PER_S, begin_s=starts, ground=ground)
    # it leans into the run, and against the grown person in the end
    score.key("tilt", 0.07, start_s=starts, end_s=starts + 0.7)
    score.key("tilt", -0.03, start_s=arrives - 0.3, end_s=arrives + 0.8)
    score.key("bend", 0.08, start_s=arrives - 0.2, end_s=arrives + 1.2)
    turned = float(np.arctan2(*(chest - spot)[[0, 2]])) - float(np.arctan2(facing[0], facing[2]))
    turned = float(np.angle(np.exp(1j * turned)))
    for name, share in (("chest_yaw", 0.7), ("pelvis_yaw", 0.4), ("head_yaw", 0.9)):
        score.key(name, share * turned, start_s=arrives - 0.6, end_s=arrives + 0.7)
    rolls = -0.20 if count == 0 else 0.20
    score.key("head_roll", rolls, start_s=arrives - 0.1, end_s=arrives + 1.6)
    score.key("head_pitch", 0.10, start_s=arrives - 0.9, end_s=arrives + 0.3)
    return score


def _hold(
    grown: Score,
    kneeling: FigureMotion,
    children: Sequence[Runner],
    come: Sequence[FigureMotion],
) -> None:
    """Close the arms: both round one child, or one round each."""
    for side, index in (("left", -1), ("right", 0)):
        child, build = come[index], children[index].build
        back = child.turns[-1, JOINT["chest"]]
        high = 0.02 if side == "left" or len(come) == 2 else -0.10
        across = 0.03 * (1 if side == "right" else -1) if len(come) == 1 else 0.0
        target = (
            child.joints_m[-1, JOINT["chest"]]
            - (DEEP + 0.020) * build.height_m * back[:, 2]
            + high * build.height_m * back[:, 1]
            - across * back[:, 0]
        )
        arm = reach(kneeling, len(kneeling) - 1, grown.bones, side=side, target_m=target)
        late = 0.15 if side == "right" and len(come) == 1 else 0.0
        begin = ARRIVES_S - 0.45 + (LATER_S if index == -1 and len(come) == 2 else late)
        take_arm(grown, side, arm, before=OPEN, start_s=begin, end_s=begin + 1.5)
        grown.key(f"{side}.roll", -0.6, start_s=begin + 0.2, end_s=begin + 1.6)
        grown.key(f"{side}.wrist", 0.35, start_s=begin + 0.7, end_s=begin + 1.8)


def _cling(
    score: Score, child: FigureMotion, kneeling: FigureMotion, build: Build, *, beside: float
) -> None:
    """Lay a child's arms round the grown person, as far as they reach.

    Args:
        score: The child's.
        child: What it does before.
        kneeling: What the grown person does.
        build: The grown person's.
        beside: On which side of the grown person it stands: 1 their left, -1 their right, 0 alone before them.
    """
    h, last = build.height_m, len(kneeling) - 1
    chest = kneeling.turns[last, JOINT["chest"]]
    neck = kneeling.joints_m[last, JOINT["neck"]]
    left, up, front = (chest[:, axis] for axis in range(3))
    for side, across in (("left", 1.0), ("right", -1.0)):
        if beside == 0:  # the child faces the other way: its left lies on the other's right
            target = neck - h * (0.085 * across * left + 0.03 * front + 0.01 * up)
        elif across == beside:  # the arm toward the middle goes up to the neck
            target = neck + h * (0.035 * beside * left - 0.02 * front + 0.005 * up)
        else:  # the other one behind the shoulder
            target = neck + h * (0.115 * beside * left - 0.075 * front - 0.075 * up)
        elbow = (0.9, -0.35, 0.0) if beside == 0 else (0.45, -0.85, 0.0)
        arm = reach(child, len(child) - 1, score.bones, side=side, target_m=target, elbow=elbow)
        begin = score.now_s - 0.9
        take_arm(score, side, arm, before=None, start_s=begin, end_s=begin + 1.5)
