"""Feet that stay where they stand, joints that bend as they can, and nothing that pops."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.errors import InputError
from vivant.scene.figure.build import Build, skeleton
from vivant.scene.figure.embracing import embrace
from vivant.scene.figure.gait import climb, on_stair, stand_on_stair, take_stairs, walk
from vivant.scene.figure.kneeling import kneel
from vivant.scene.figure.motion import JOINT, FigureMotion
from vivant.scene.figure.standing import nod, stand, turn, wave
from vivant.scene.figure.turning import take_turn
from vivant.scene.figure.waving import look_back, take_wave
from vivant.scene.sets import stairway_plan as plan

ORIGIN, AHEAD = np.zeros(3), np.array([0.0, 0.0, 1.0])
WATCHER = plan.place_at(22.4, 0.75) + np.array([0.0, 1.45, 0.0])


def _medley() -> FigureMotion:
    """Climb, stop, turn, wave, turn back, and climb on."""
    score = stand_on_stair(5.0)
    now = take_stairs(score, begin_s=0.6, end_s=5.0)
    now = take_turn(score, by_rad=2.6, begin_s=now + 0.3)
    now = take_wave(score, begin_s=now + 0.2)
    now = take_turn(score, by_rad=-2.6, begin_s=now)
    take_stairs(score, begin_s=now + 0.5, end_s=now + 4)
    return score.motion(frames=500, rate=25)


MOTIONS: dict[str, Callable[[], FigureMotion]] = {
    "climb": lambda: climb(way0_m=9.0, frames=120, rate=25),
    "climb brisk": lambda: climb(way0_m=1.0, aside_m=0.4, frames=120, rate=24, speed_m_per_s=0.6),
    "climb to the top": lambda: climb(way0_m=plan.LENGTH_M - 1.5, frames=200, rate=25, stops_s=6.0),
    "set out": lambda: climb(way0_m=9.0, frames=120, rate=25, starts=True),
    "walk": lambda: walk(start_m=ORIGIN, toward=AHEAD, frames=150, rate=25, speed_m_per_s=0.95),
    "stroll and stop": lambda: walk(
        start_m=ORIGIN, toward=np.array([1.0, 0, -1]), frames=200, rate=25, waits_s=-1, stops_s=5
    ),
    "stand": lambda: stand(place_m=ORIGIN, toward=AHEAD, frames=100, rate=25),
    "turn": lambda: turn(place_m=ORIGIN, toward=AHEAD, by_rad=1.5, frames=110, rate=25),
    "turn round": lambda: turn(place_m=ORIGIN, toward=AHEAD, by_rad=-3.0, frames=120, rate=25),
    "wave": lambda: wave(place_m=ORIGIN, toward=AHEAD, frames=120, rate=25),
    "nod": lambda: nod(place_m=ORIGIN, toward=AHEAD, frames=60, rate=25),
    "look back": lambda: look_back(way_m=27.0, toward_m=WATCHER, frames=125, rate=25),
    "look back and nod": lambda: look_back(
        way_m=27.0, toward_m=WATCHER, frames=125, rate=25, waves=False
    ),
    "kneel": lambda: kneel(place_m=ORIGIN, toward=AHEAD, frames=170, rate=25, stays_s=1.0),
    "embrace": lambda: embrace(middle_m=ORIGIN, toward=AHEAD, frames=110, rate=25)[0],
    "medley": _medley,
}


@lru_cache
def motion(name: str) -> FigureMotion:
    """Play one."""
    return MOTIONS[name]()


def slide_m(moving: FigureMotion) -> float:
    """Measure the farthest that a ball of a foot moves while it stands."""
    worst = 0.0
    for index, side in enumerate(("left", "right")):
        toe = moving.joints_m[:, JOINT[f"{side}_toe"]]
        first: np.ndarray | None = None
        for frame, stands in enumerate(moving.stance[:, index]):
            first = None if not stands else toe[frame] if first is None else first
            if first is not None:
                worst = max(worst, float(np.linalg.norm(toe[frame] - first)))
    return worst


@pytest.mark.parametrize("name", MOTIONS)
def test_a_foot_that_stands_does_not_slide(name: str) -> None:
    """Less than a centimetre from when it is put down until it is lifted."""
    assert slide_m(motion(name)) < 0.01


@pytest.mark.parametrize("name", MOTIONS)
def test_a_leg_is_never_longer_than_its_bones_and_reaches_its_foot(name: str) -> None:
    """Knees do not snap through, and shins and thighs keep their length."""
    moving, bones = motion(name), skeleton(Build())
    for side in ("left", "right"):
        hip, knee, ankle, toe = (
            moving.joints_m[:, JOINT[f"{side}_{part}"]] for part in ("hip", "knee", "ankle", "toe")
        )
        assert np.linalg.norm(hip - knee, axis=1) == pytest.approx(bones.thigh_m, abs=2e-3)
        assert np.linalg.norm(knee - ankle, axis=1) == pytest.approx(bones.shin_m, abs=2e-3)
        foot = bones.between("left_ankle", "left_toe")
        assert np.linalg.norm(toe - ankle, axis=1) == pytest.approx(foot, abs=2e-3)


@pytest.mark.parametrize("name", MOTIONS)
def test_knees_bend_forward_and_elbows_to_the_front(name: str) -> None:
    """As far as a person's do, and never the other way."""
    moving = motion(name)
    for side in ("left", "right"):
        for upper, lower, sign, most in (
            ("hip", "knee", 1.0, 2.6),
            ("shoulder", "elbow", -1.0, 2.6),
        ):
            above = moving.turns[:, JOINT[f"{side}_{upper}"]]
            below = moving.turns[:, JOINT[f"{side}_{lower}"]]
            turn = np.einsum("fji,fjk->fik", above, below)
            bend = sign * np.arctan2(turn[:, 2, 1], turn[:, 1, 1])
            assert bend.min() > -0.01
            assert bend.max() < most


@pytest.mark.parametrize("name", MOTIONS)
def test_nothing_pops(name: str) -> None:
    """No joint but a foot is thrown at more than three times the earth's pull."""
    moving = motion(name)
    kept = [JOINT[part] for part in ("pelvis", "chest", "head", "left_shoulder", "right_shoulder")]
    speeding = np.diff(moving.joints_m[:, kept], 2, axis=0) * moving.rate**2
    assert np.linalg.norm(speeding, axis=-1).max() < 12.0


@pytest.mark.parametrize("name", MOTIONS)
def test_the_head_is_steady(name: str) -> None:
    """It turns no faster than a person's would: under 200 degrees in a second."""
    moving = motion(name)
    assert np.abs(np.diff(moving.head_yaw_rad)).max() * moving.rate < np.radians(200)
    against = moving.head_yaw_rad - moving.facing_rad
    assert np.abs(against).max() < np.radians(75)


@pytest.mark.parametrize("name", MOTIONS)
def test_no_foot_goes_through_the_floor(name: str) -> None:
    """Neither the steps' nor the level's."""
    moving = motion(name)
    on_stairs = name in {"climb", "climb brisk", "climb to the top", "set out", "medley"}
    for side in ("left", "right"):
        toes = moving.joints_m[:, JOINT[f"{side}_toe"]]
        for toe in toes:
            floor = 0.0
            if on_stairs:
                way = np.arctan2(toe[2], toe[0]) * plan.RADIUS_M
                if not 0 < way < plan.LENGTH_M - 0.4:
                    continue
                floor = float(plan.step_at(way)[1])
            elif name.startswith("look"):
                continue
            assert toe[1] > floor - 0.005


def test_the_climb_has_the_pace_it_was_asked_for() -> None:
    """On the whole, and at every moment within a third of it."""
    moving = motion("climb")
    flat = moving.joints_m[:, 0, [0, 2]]
    speed = np.linalg.norm(np.diff(flat, axis=0), axis=1) * moving.rate

    assert speed.mean() == pytest.approx(0.42, rel=0.04)
    assert speed.min() > 0.24
    assert speed.max() < 0.62


def test_the_climb_begins_where_it_was_asked_to() -> None:
    """At the first frame the body is at that way on the stair."""
    x, _, z = motion("climb").joints_m[0, 0]
    assert np.arctan2(z, x) * plan.RADIUS_M == pytest.approx(9.0, abs=0.15)


def test_feet_stand_on_the_steps_themselves() -> None:
    """Every foot that stands is on a step, with room for the whole sole."""
    moving = motion("climb")
    for index, side in enumerate(("left", "right")):
        for toe in moving.joints_m[moving.stance[:, index], JOINT[f"{side}_toe"]]:
            way = np.arctan2(toe[2], toe[0]) * plan.RADIUS_M
            assert toe[1] == pytest.approx(plan.step_at(way)[1] + 0.034, abs=0.02)
            assert 0.25 < (way / plan.TREAD_M) % 1 < 0.85


def test_weight_comes_over_a_foot_before_the_other_is_lifted() -> None:
    """The hips sway toward the foot that carries."""
    moving = motion("climb")
    out = [np.hypot(moving.joints_m[:, at, 0], moving.joints_m[:, at, 2]) for at in (0, 14, 18)]
    left = moving.stance[:, 0] & ~moving.stance[:, 1]
    right = moving.stance[:, 1] & ~moving.stance[:, 0]
    side = np.sign(out[1].mean() - out[2].mean())

    assert 0.03 < side * (out[0][left].mean() - out[0][right].mean()) < 0.09


def test_a_turn_is_made_of_steps() -> None:
    """Both feet leave the floor, one after the other, and the body turns no further than the feet let it."""
    moving = motion("turn")

    assert not moving.stance.all(axis=0).any()
    assert moving.stance.any(axis=1).all()
    assert moving.facing_rad[-1] == pytest.approx(1.5, abs=0.08)


def test_who_looks_back_looks_at_the_watcher() -> None:
    """In the middle of the shot the head is toward the camera within 12 degrees."""
    moving = motion("look back")
    head = moving.joints_m[62, JOINT["head"]]
    toward = np.arctan2(WATCHER[0] - head[0], WATCHER[2] - head[2])
    assert abs(np.angle(np.exp(1j * (moving.head_yaw_rad[62] - toward)))) < np.radians(12)


def test_a_waving_hand_is_beside_the_head_and_open() -> None:
    """Raised to the height of the face, away from it, and spread."""
    moving = motion("wave")
    hand, head = moving.joints_m[50, JOINT["right_wrist"]], moving.joints_m[50, JOINT["head"]]

    assert abs(hand[1] - head[1]) < 0.15
    assert np.linalg.norm((hand - head)[[0, 2]]) > 0.25
    assert moving.hand_open[50, 1] > 0.9
    assert moving.hand_open[-1, 1] < 0.2


def test_the_knee_comes_down_to_the_floor() -> None:
    """And up again."""
    knee = motion("kneel").joints_m[:, JOINT["right_knee"], 1]
    assert knee.min() == pytest.approx(0.07, abs=0.05)
    assert knee[-1] > 0.4


def test_two_who_embrace_come_close_and_do_not_share_a_place() -> None:
    """Chest to chest, head beside head."""
    one, other = embrace(middle_m=ORIGIN, toward=AHEAD, frames=110, rate=25)
    chest = np.linalg.norm(one.joints_m[-1, JOINT["chest"]] - other.joints_m[-1, JOINT["chest"]])
    heads = np.linalg.norm(one.joints_m[-1, JOINT["head"]] - other.joints_m[-1, JOINT["head"]])
    assert 0.25 < chest < 0.5
    assert heads > 0.16


@given(
    way=st.floats(-1.0, 30.0),
    speed=st.floats(0.25, 0.7),
    height=st.floats(1.3, 2.0),
    stoop=st.floats(0, 1),
)
@settings(max_examples=12, deadline=None)
def test_anybody_climbs_anywhere_without_sliding(
    way: float, speed: float, height: float, stoop: float
) -> None:
    """Short, tall, bent or upright, slow or brisk."""
    build = Build(height_m=height, stoop=stoop)
    moving = climb(way0_m=way, frames=60, rate=25, speed_m_per_s=speed, build=build)

    assert np.isfinite(moving.joints_m).all()
    assert slide_m(moving) < 0.01


def test_the_same_motion_is_the_same_twice() -> None:
    """Bit by bit."""
    again = MOTIONS["look back"]()
    assert np.array_equal(again.joints_m, motion("look back").joints_m)
    assert np.array_equal(again.turns, motion("look back").turns)


def test_moments_between_frames_lie_between_them() -> None:
    """And before the first and after the last there is nothing new."""
    moving = motion("climb")
    low, high, half = (moving.at(frame)[0] for frame in (10, 11, 10.5))
    assert half == pytest.approx((low + high) / 2)
    assert np.array_equal(moving.at(-0.25)[0], moving.joints_m[0])
    assert np.array_equal(moving.at(999.0)[0], moving.joints_m[-1])


@pytest.mark.parametrize("speed", [0.0, -1.0, 3.0, float("nan")])
def test_a_pace_at_which_nobody_climbs_is_refused(speed: float) -> None:
    """With the paces that there are."""
    with pytest.raises(InputError, match=r"0\.2 to 0\.9"):
        climb(way0_m=0.0, frames=10, rate=25, speed_m_per_s=speed)


def test_a_motion_without_frames_is_refused() -> None:
    """It needs one at least."""
    with pytest.raises(InputError, match="at least 1"):
        stand(place_m=ORIGIN, toward=AHEAD, frames=0, rate=25)


def test_left_and_right_feet_stand_left_and_right() -> None:
    """Of someone who faces up the stair."""
    left, right = on_stair(9.0, 0.0, 0), on_stair(9.0, 0.0, 1)
    ahead = np.array([np.sin(plan.heading_at(9.0)), 0, np.cos(plan.heading_at(9.0))])
    assert np.cross(ahead, left.place_m - right.place_m)[1] > 0
