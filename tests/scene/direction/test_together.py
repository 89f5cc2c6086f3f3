"""People come together, embrace, part, and stand side by side, as the rules of staging want it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from scene_staged import SIZES, staged, subject
from vivant.media.face import SHAPE
from vivant.performance.curves import HEAD
from vivant.scene.direction.outline import ABOVE, BESIDE, CELL, Outline, usual_outline
from vivant.scene.direction.touching import (
    EYE_ROOM_M,
    Pair,
    Posed,
    Touch,
    between,
    held,
    kissing,
    touch_of,
)
from vivant.scene.figure.build import Build
from vivant.scene.figure.motion import JOINT
from vivant.scene.shot import Bust, Shot, Walker

TALLER = {"anna": Build(height_m=1.62), "ben": Build(height_m=1.78)}
CHIN = 0.70
"""Below the eyes, in face heights."""


@cache
def met(action: str = "meet", *, size: str = "16:9", **options: str) -> Shot:
    return staged(action, set_name="meadow", size=size, builds=TALLER, options=options)


def busts_of(shot: Shot) -> dict[str, Bust]:
    return {one.person: one for one in shot.presences if isinstance(one, Bust)}


def apart(shot: Shot) -> np.ndarray:
    anna, ben = busts_of(shot)["anna"], busts_of(shot)["ben"]
    return np.asarray((ben.eyes_x - anna.eyes_x) / anna.face_height)


def column(bust: Bust, name: str) -> np.ndarray:
    return np.asarray(bust.performance.head[:, HEAD.index(name)])


def pair(*, front: str = "l", taller_m: float = 0.08) -> Pair:
    return Pair(
        left="l",
        right="r",
        front=front,
        outlines={"l": usual_outline(), "r": None},
        face_m={"l": 0.125, "r": 0.125},
        taller_m=taller_m,
    )


@pytest.mark.parametrize("size", SIZES)
def test_two_who_meet_come_together_and_stay(size: str) -> None:
    way = apart(met(size=size, kiss="none"))

    assert way[0] > 1.15 * way[-1], "they begin apart"
    assert np.ptp(way[len(way) * 6 // 10 :]) < 0.05, "they stay"
    assert np.abs(np.diff(way, n=2)).max() < 0.012, "the way is eased"


def test_two_who_part_begin_as_those_who_met_ended() -> None:
    met_end, part_begin = met(kiss="none"), met("part")

    assert abs(apart(met_end)[-1] - apart(part_begin)[0]) < 0.03
    assert apart(part_begin)[-1] > 1.5 * apart(part_begin)[0]


def test_who_embrace_lean_thirteen_to_fifteen_degrees_in_all() -> None:
    busts = busts_of(met(kiss="none"))
    lean = busts["anna"].roll_deg[-1] - busts["ben"].roll_deg[-1]
    heads = column(busts["anna"], "roll_deg") - column(busts["ben"], "roll_deg")

    assert 11 <= lean <= 15
    assert 0 < heads[-60:].mean() < 6, "heads lean a little farther"


def test_eyes_close_in_the_embrace_and_open_again_at_the_end() -> None:
    lids = [SHAPE["eyeBlinkLeft"], SHAPE["eyeBlinkRight"]]
    embrace, leave = met(), met("part")
    for name in ("anna", "ben"):
        shut = busts_of(embrace)[name].performance.shapes[:, lids]
        opened = busts_of(leave)[name].performance.shapes[:, lids]
        half = len(shut) * 56 // 100
        assert shut[half:].min() > 0.9
        assert np.median(shut[: len(shut) // 4]) < 0.4
        assert opened[0].min() > 0.9
        assert np.median(opened[-len(opened) // 4 :]) < 0.4


def test_they_turn_to_one_another_before_and_no_farther_than_one_photo_holds() -> None:
    busts = busts_of(met())
    left, right = column(busts["anna"], "yaw_deg"), column(busts["ben"], "yaw_deg")
    early = slice(len(left) // 8, len(left) // 3)

    assert left[early].mean() > 5
    assert right[early].mean() < -5
    assert np.abs(np.concatenate([left, right])).max() <= 14


def test_the_one_in_front_is_chosen_and_touches() -> None:
    for asked, front in (("left", "anna"), ("right", "ben"), ("auto", "anna")):
        shot = met(front=asked)
        people = [one for one in shot.presences if isinstance(one, Bust)]

        assert people[-1].person == front
        assert people[-1].depth_m < people[0].depth_m
        assert people[-1].contact is not None
        assert people[-1].contact[-1] > 0.99
        assert people[0].contact is None


def test_the_taller_ones_eyes_are_higher_and_the_taller_one_bows() -> None:
    busts = busts_of(met(kiss="none"))
    higher = (busts["anna"].eyes_y - busts["ben"].eyes_y) / busts["anna"].face_height

    assert 0.4 < higher[-1] <= higher[0] + 0.15


def test_a_kiss_brings_lips_to_the_others_hair_and_covers_no_eye() -> None:
    hold = held(pair(front="l"))
    kiss = kissing(pair(front="l"), hold)

    assert kiss is not None
    assert kiss.up_m > 0.05
    assert kiss.touch.eye_room_m > 0
    assert kissing(pair(front="r"), held(pair(front="r"))) is None, "the one in front does not"


def test_a_kiss_moves_and_no_kiss_does_not() -> None:
    ways = [apart(met(kiss=kiss)) for kiss in ("forehead", "none")]

    assert np.ptp(ways[0][150:]) > 4 * np.ptp(ways[1][150:])


@pytest.mark.parametrize(("front", "taller_m"), list(product("lr", (-0.08, 0.0, 0.05, 0.1))))
def test_nothing_is_seen_between_two_who_hold_each_other(front: str, taller_m: float) -> None:
    touch = held(pair(front=front, taller_m=taller_m)).touch

    assert touch.between_m2 == 0
    assert touch.overlap_m > 0.01, "heads touch"
    assert touch.eye_room_m > EYE_ROOM_M - 0.006, "no eye is hidden"
    assert touch.face_hidden < 0.2


def test_what_lies_between_two_people_is_found() -> None:
    chins = np.array([[-0.1, -0.08], [0.1, -0.08]])
    covered = np.ones((112, 220), bool)
    covered[:, 100:120] = False
    covered[:40] = False

    seen = between(covered, chins)

    assert seen[80, 110]
    assert not seen[20, 110], "above the chins it is no gap"
    covered[40:50] = True
    assert between(covered, chins)[90, 110]
    covered[:] = True
    covered[20:60, 150:160] = False
    assert between(covered, chins)[45, 155], "what people enclose counts wherever it lies"


def test_people_who_stand_apart_do_not_touch() -> None:
    def touch(right_m: float) -> Touch:
        one, other = (
            Posed(outline=usual_outline(), face_m=0.125, right_m=x, up_m=0.0, roll_deg=0.0)
            for x in (-right_m, right_m)
        )
        return touch_of(one, other)

    assert touch(0.15).overlap_m == 0
    assert touch(0.15).between_m2 > 0.005
    assert touch(0.03).eye_room_m < 0 < touch(0.15).eye_room_m


def test_an_outline_turns_with_its_person() -> None:
    upright = Posed(outline=usual_outline(), face_m=0.125, right_m=0.0, up_m=0.0, roll_deg=0.0)
    leaning = replace(upright, roll_deg=10.0)
    chin = usual_outline().chin[None]

    assert leaning.place(chin)[0, 0] < upright.place(chin)[0, 0], "clockwise takes the chin left"
    mask = leaning.drawn(_dot(usual_outline(), 0.0, 0.7))
    rows, columns = np.nonzero(mask)
    expected = leaning.place(np.array([[0.0, 0.7]]))[0]
    assert columns.mean() * 0.005 - 0.55 == pytest.approx(expected[0], abs=0.006)
    assert 0.26 - rows.mean() * 0.005 == pytest.approx(expected[1], abs=0.006)


def _dot(outline: Outline, right: float, down: float) -> np.ndarray:
    mask = np.zeros(outline.person.shape, bool)
    row, column = round((down + ABOVE) / CELL), round((right + BESIDE) / CELL)
    mask[row - 1 : row + 2, column - 1 : column + 2] = True
    return mask


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("action", ["meet", "part"])
def test_no_crown_and_no_chin_leaves_the_picture(action: str, size: str) -> None:
    for bust in busts_of(met(action, size=size)).values():
        assert (bust.eyes_y + CHIN * bust.face_height).max() < 0.95
        assert (bust.eyes_y - subject().up * bust.face_height).min() > -0.01
        assert np.abs(np.diff(bust.eyes_x)).max() < 0.02
        assert np.abs(np.diff(bust.roll_deg)).max() < 0.5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("people", [2, 3, 4])
def test_groups_are_seen_whole(people: int, size: str) -> None:
    shot = staged("beside", set_name="meadow", size=size, people=people, builds=TALLER)
    width = shot.width_px / shot.height_px
    busts = [one for one in shot.presences if isinstance(one, Bust)]

    assert len(busts) == people
    assert (np.diff([one.depth_m for one in busts]) < 1e-6).all(), "far ones first"
    for bust in busts:
        assert np.abs(bust.eyes_x).max() + 0.40 * bust.face_height.max() < width / 2
        assert (bust.eyes_y + CHIN * bust.face_height).max() < 0.95
        assert (bust.eyes_y - 0.6 * bust.face_height).min() > 0
    assert np.diff(shot.camera.position_m, axis=0).any(axis=1).all(), "the picture always moves"


@pytest.mark.parametrize("size", SIZES)
def test_faces_in_a_group_do_not_hide_one_another(size: str) -> None:
    for people in (2, 3, 4):
        shot = staged("beside", set_name="meadow", size=size, people=people)
        busts = [one for one in shot.presences if isinstance(one, Bust)]
        for place, one in enumerate(busts):
            for other in busts[place + 1 :]:
                right = abs(one.eyes_x - other.eyes_x) / one.face_height
                down = abs(one.eyes_y - other.eyes_y) / one.face_height
                assert np.hypot(right, down).min() > 0.78


@pytest.mark.parametrize("set_name", ["meadow", "lake", "stairway"])
def test_two_who_walk_together_arrive_in_time(set_name: str) -> None:
    shot = staged("walk-together", set_name=set_name, builds=TALLER)
    first, second = (one.motion for one in shot.presences if isinstance(one, Walker))
    chests = [one.joints_m[:, JOINT["chest"]] for one in (first, second)]
    away = np.linalg.norm(chests[0] - chests[1], axis=1)

    assert away[0] > 2.5
    assert away[-1] < 0.55
    assert away[len(away) * 3 // 4] < 0.75, "there is time to see them embrace"
    view = shot.camera.view(0, width_px=shot.width_px, height_px=shot.height_px)
    left, right = (view.project(one[:1])[0, 0] for one in chests)
    assert 0 < left < right < shot.width_px
