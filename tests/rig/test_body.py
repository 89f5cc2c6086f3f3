from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_bodies import drawn
from rigs import rig
from vivant.places import Places
from vivant.rig.body import BodyRig, can, open_body
from vivant.rig.completion import completed
from vivant.rig.gestures import ARMS, GESTURE, GESTURES, LIMITS
from vivant.rig.pose import SHOULDERS, WRISTS, BodyPose, find_pose

TRUNK = frozenset(GESTURES) - ARMS
NOBODY = BodyPose(points=np.zeros((33, 2), np.float32), seen=np.zeros(33, np.float32))


def asked(**amounts: float) -> np.ndarray:
    values = np.zeros(len(GESTURES))
    for name, amount in amounts.items():
        values[GESTURE[name]] = amount
    return values


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    one, two = (points[triangles[:, k]] - points[triangles[:, 0]] for k in (1, 2))
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])


@pytest.fixture(scope="module")
def hopper() -> BodyRig:
    return open_body(completed(rig("hopper")), pose=NOBODY)


@pytest.fixture(scope="module")
def free() -> BodyRig:
    one, pose = drawn()
    return open_body(one, pose=pose)


def test_asked_nothing_nothing_moves(free: BodyRig) -> None:
    still = free.move(asked())

    assert np.abs(still.offsets).max() < 1e-3
    assert np.abs(still.place - np.eye(2, 3)).max() < 1e-9


@given(values=st.lists(st.floats(-3, 3), min_size=len(GESTURES), max_size=len(GESTURES)))
def test_a_trunk_moves_within_bounds_and_never_folds(hopper: BodyRig, values: list[float]) -> None:
    points = hopper.points(np.array(values))
    body = hopper.rig.body
    height, width = hopper.rig.alpha.shape
    x, y = body.uv[body.triangles].mean(1).astype(int).T
    solid = hopper.rig.alpha[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
    before, after = (areas(at, body.triangles)[solid > 0] for at in (body.rest[:, :2], points))

    assert np.abs(points - body.rest[:, :2]).max() < 1.2 * hopper.tall
    assert (after / before > 0.3).all()


def test_the_head_is_carried_as_one_piece(hopper: BodyRig) -> None:
    moment = hopper.move(asked(lean=1, step=0.5, shrug=1))
    head = hopper.rig.body.head_weight > 0.999

    assert np.abs(moment.offsets[head]).max() < 1e-6
    assert np.linalg.det(moment.place[:, :2]) == pytest.approx(1, abs=1e-6)


def test_who_leans_to_the_right_has_the_head_there(hopper: BodyRig) -> None:
    eyes = hopper.rig.landmarks[[468, 473], :2].mean(0)
    place = hopper.move(asked(lean=1)).place
    carried = place[:, :2] @ eyes + place[:, 2]
    tilt = np.degrees(np.arctan2(place[1, 0], place[0, 0]))

    assert carried[0] - eyes[0] > 0.15 * hopper.tall
    assert tilt == pytest.approx(8, abs=0.01)


def test_limits_hold(hopper: BodyRig) -> None:
    for name in sorted(hopper.can):
        low, high = LIMITS[name]
        for end, beyond in ((low, low - 1), (high, high + 1)):
            at, past = (hopper.points(asked(**{name: value})) for value in (end, beyond))
            assert np.array_equal(at, past)


def test_a_bust_promises_no_arms(hopper: BodyRig) -> None:
    assert hopper.can == TRUNK
    assert np.abs(hopper.move(asked(lift_right=1, wave_left=1)).offsets).max() < 1e-3


def test_a_free_arm_is_promised_and_comes_up(free: BodyRig) -> None:
    _, pose = drawn()
    assert free.can == frozenset(GESTURES)
    wrist = pose.points[WRISTS[0]]
    at = np.linalg.norm(free.rig.body.uv - wrist, axis=1).argmin()
    moved = free.points(asked(lift_right=1)) - free.rig.body.rest[:, :2]

    assert moved[at, 1] < -1.5 * free.tall
    others = free.rig.body.uv[:, 0] > pose.points[SHOULDERS[0]][0] + 0.3 * free.tall
    assert np.abs(moved[others]).max() < 0.02 * free.tall


def test_the_body_beside_a_lifted_arm_stays(free: BodyRig) -> None:
    _, pose = drawn()
    moved = np.abs(free.points(asked(lift_right=1)) - free.rig.body.rest[:, :2]).max(1)
    shoulder = pose.points[SHOULDERS[0]]
    flank = (np.abs(free.rig.body.uv[:, 0] - shoulder[0]) < 0.15 * free.tall) & (
        free.rig.body.uv[:, 1] > shoulder[1] + 1.0 * free.tall
    )

    assert flank.sum() > 20
    assert moved[flank].max() < 0.02 * free.tall


def test_an_arm_at_the_bodys_side_is_not_promised() -> None:
    one, pose = drawn(arms_out=0.3)

    assert can(one, pose=pose) == TRUNK


def test_an_arm_of_which_no_hand_is_seen_is_not_promised() -> None:
    one, pose = drawn()
    seen = pose.seen.copy()
    seen[list(WRISTS)] = 0.3

    assert can(one, pose=replace(pose, seen=seen)) == TRUNK


def test_an_arm_that_the_photo_cuts_is_not_promised() -> None:
    one, pose = drawn()
    points = pose.points.copy()
    points[[14, 16, 20], 0] -= 0.9 * points[16, 0]

    assert not {"lift_right", "wave_right"} & can(one, pose=replace(pose, points=points))


def test_another_bodys_joints_are_not_taken() -> None:
    one, pose = drawn()
    away = replace(pose, points=pose.points + np.array([4 * one.face_height_px, 0], np.float32))

    assert can(one, pose=away) == TRUNK


def test_without_the_model_the_trunk_moves_all_the_same(tmp_path: object) -> None:
    nowhere = Places(data=tmp_path, cache=tmp_path)  # type: ignore[arg-type]

    assert open_body(rig("young-man-curls"), places=nowhere).can == TRUNK


def test_shoulders_are_found_below_the_face() -> None:
    one = rig("astronaut")
    pose = find_pose(one.photo)
    tall, chin = one.face_height_px, one.landmarks[152]

    assert pose is not None
    right, left = pose.points[list(SHOULDERS)]
    assert right[0] < chin[0] < left[0]
    assert 0.2 * tall < np.array([right[1], left[1]]).min() - chin[1] < 1.6 * tall
    assert pose.seen[list(SHOULDERS)].min() > 0.6


def test_no_body_is_found_where_none_is() -> None:
    assert find_pose(np.full((200, 200, 3), 120, np.uint8)) is None
