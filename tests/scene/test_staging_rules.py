"""The rules of staging that make a farewell bearable to watch hold in every shot, at every size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scene_staged import SIZES, staged, subject
from vivant.performance.curves import HEAD
from vivant.scene.direction.registry import directions
from vivant.scene.figure.motion import JOINT
from vivant.scene.shot import Bust, Shot, Walker
from vivant.scene.storyboard_terms import ACTIONS

WALKS = [
    ("climb", "wide"),
    ("climb", "behind"),
    ("climb", "beside"),
    ("look-back", ""),
    ("gates", ""),
    ("walk-together", ""),
]
LARGEST_HEAD = 90 / 720
"""Of a figure's head with its hat, in heights of the picture."""
CROWN_M, CHIN_M = 0.24, -0.10
"""From the head's joint to the top of a hat, and to the chin."""


@pytest.fixture(params=[(*walk, size) for walk in WALKS for size in SIZES], ids=str)
def walked(request: pytest.FixtureRequest) -> Shot:
    """Every shot with a figure, at every size."""
    action, camera, size = request.param
    return staged(action, camera=camera, size=size)


def test_every_action_that_a_storyboard_may_name_is_staged() -> None:
    assert set(directions()) == set(ACTIONS)


def test_a_figures_head_stays_small(walked: Shot) -> None:
    for walker in _walkers(walked):
        for frame in range(0, walked.frames, 5):
            view = walked.camera.view(frame, width_px=walked.width_px, height_px=walked.height_px)
            head = walker.motion.joints_m[frame, JOINT["head"]]
            ends = view.project(head + np.array([[0, CROWN_M, 0], [0, CHIN_M, 0]]))
            share = abs(ends[0, 1] - ends[1, 1]) / walked.height_px

            assert share <= LARGEST_HEAD, f"frame {frame}: {share * 720:.0f} px of 720"


def test_the_sun_stands_behind_the_figure(walked: Shot) -> None:
    for frame in (0, walked.frames - 1):
        view = walked.camera.view(frame, width_px=walked.width_px, height_px=walked.height_px)

        assert view.forward @ np.asarray(walked.light.sun) > 0.25


def test_a_head_that_turns_to_the_camera_has_the_photos_face(walked: Shot) -> None:
    for walker in _walkers(walked):
        if walker.shows_face:
            continue
        for frame in range(0, walked.frames, 5):
            head = walker.motion.joints_m[frame, JOINT["head"]]
            away = head - walked.camera.position_m[frame]
            yaw = walker.motion.head_yaw_rad[frame]
            looks = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
            apart = looks @ (away * [1, 0, 1]) / np.linalg.norm(away * [1, 0, 1])

            assert apart > -0.25, f"a faceless head looks toward us in frame {frame}"


def test_stance_feet_do_not_slide(walked: Shot) -> None:
    for walker in _walkers(walked):
        for foot, toe in enumerate(("left_toe", "right_toe")):
            stands = walker.motion.stance[:, foot]
            places = walker.motion.joints_m[:, JOINT[toe]]
            both = stands[1:] & stands[:-1]
            starts = np.flatnonzero(stands & ~np.concatenate([[False], stands[:-1]]))
            for start in starts:
                end = start
                while end + 1 < len(stands) and stands[end + 1]:
                    end += 1
                slide = np.linalg.norm(places[start : end + 1] - places[start], axis=1).max()
                assert slide < 0.01, f"{toe} slides {slide * 100:.1f} cm"
            assert both.any()


def test_the_camera_never_stands_still_and_never_jumps(walked: Shot) -> None:
    steps = np.linalg.norm(np.diff(walked.camera.position_m, axis=0), axis=1)

    assert steps.max() > 0
    assert steps.max() < 0.10, "metres in a frame"
    assert np.abs(np.diff(steps)).max() < 0.01, "it is eased"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("action", ["with-us", "become"])
def test_a_living_photo_is_framed_without_a_cut_chin_or_crown(action: str, size: str) -> None:
    shot = staged(action, size=size)
    bust = next(one for one in shot.presences if isinstance(one, Bust))

    top = bust.eyes_y - subject().up * bust.face_height
    chin = bust.eyes_y + 0.62 * bust.face_height
    assert top.min() > 0.02
    assert chin.max() < 0.9
    assert 0.2 < bust.face_height.min() <= bust.face_height.max() < 0.62
    assert np.abs(np.diff(bust.face_height)).max() < 0.002
    assert np.abs(bust.performance.head[:, HEAD.index("yaw_deg")]).max() <= 22


def test_a_shoulder_that_the_photo_cuts_leaves_the_picture() -> None:
    limits = replace(subject().limits, right=0.9, right_from=0.8)
    narrow = replace(subject(), limits=limits)
    shot = staged("with-us", photo=narrow)
    bust = next(one for one in shot.presences if isinstance(one, Bust))

    edge = bust.eyes_x + narrow.limits.right * bust.face_height
    assert edge.min() >= 16 / 9 / 2 - 0.02


def test_the_same_call_is_staged_the_same() -> None:
    first, again = staged("look-back"), staged("look-back")

    assert np.array_equal(first.camera.position_m, again.camera.position_m)
    assert np.array_equal(_walkers(first)[0].motion.joints_m, _walkers(again)[0].motion.joints_m)


def _walkers(shot: Shot) -> list[Walker]:
    return [one for one in shot.presences if isinstance(one, Walker)]


def test_a_crown_that_the_photo_cuts_leaves_the_picture() -> None:
    cut = replace(subject(), up=0.55, limits=replace(subject().limits, above=0.5))
    shot = staged("with-us", photo=cut)
    bust = next(one for one in shot.presences if isinstance(one, Bust))

    assert (bust.eyes_y - 0.5 * bust.face_height).max() <= 0.01
