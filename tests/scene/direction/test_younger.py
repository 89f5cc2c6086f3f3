"""One person at two ages stands side by side; the hand lies on the shoulder, and nobody invents a photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scene_staged import SIZES, staged, subject
from vivant.performance.curves import HEAD
from vivant.scene.figure.build import Build
from vivant.scene.near.sleeve import Sleeve
from vivant.scene.shot import Bust, Shot, near_presences, set_props
from vivant.scene.storyboard import StoryboardError
from vivant.scene.storyboard_reading import parse_storyboard
from vivant.scene.templates.shelf import template_named

YAW = HEAD.index("yaw_deg")


def shot(size: str = "16:9", **options: str) -> Shot:
    return staged("side-by-side", set_name="room", size=size, options=options)


def busts(of: Shot) -> list[Bust]:
    return [one for one in of.presences if isinstance(one, Bust)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("front", ["younger", "today"])
def test_both_ages_are_seen_whole_at_every_size(size: str, front: str) -> None:
    made = shot(size, front=front)
    aspect = made.width_px / made.height_px

    assert {one.person for one in busts(made)} == {"anna", "anna/2"}
    for one in busts(made):
        assert np.abs(one.eyes_x).max() + 0.45 * one.face_height.max() < aspect / 2
        assert (one.eyes_y - 0.75 * one.face_height).min() > 0.02
        assert (one.eyes_y + 0.62 * one.face_height).max() < 0.9


@pytest.mark.parametrize("younger", ["grown", "child"])
def test_no_photos_end_is_seen_in_a_wide_picture(younger: str) -> None:
    for one in busts(shot(younger=younger)):
        end = one.eyes_y + 0.9 * subject().limits.below * one.face_height
        assert end.min() > 1


def test_the_arm_goes_behind_and_the_fingers_lie_over() -> None:
    kinds = [
        one.person if isinstance(one, Bust) else one.shows if isinstance(one, Sleeve) else ""
        for one in near_presences(shot())
    ]

    assert kinds == ["anna", "behind", "anna/2", "over"]
    assert set_props(shot()) == ()


@pytest.mark.parametrize("size", ["9:16", "1:1"])
def test_in_narrow_pictures_the_arm_goes_behind_both_to_the_near_shoulder(size: str) -> None:
    made = shot(size)
    kinds = [
        one.person if isinstance(one, Bust) else one.shows if isinstance(one, Sleeve) else ""
        for one in made.presences
    ]

    assert kinds == ["behind", "anna", "anna/2", "over"], (
        "a thing before the first bust stands in the set"
    )


def test_the_hand_is_that_of_the_one_behind() -> None:
    for front, whose in (("younger", "anna"), ("today", "anna/2")):
        made = shot(front=front)
        hands = {one.person for one in made.presences if isinstance(one, Sleeve)}
        assert hands == {whose}
        assert busts(made)[0].person == whose


@pytest.mark.parametrize("size", SIZES)
def test_the_fingers_are_seen_on_the_shoulder_of_the_other(size: str) -> None:
    made = shot(size)
    fingers = next(one for one in made.presences if isinstance(one, Sleeve) and one.shows == "over")
    held = busts(made)[1]
    for frame in (0, made.frames // 2, made.frames - 1):
        view = made.camera.view(frame, width_px=made.width_px, height_px=made.height_px)
        mesh = fingers.meshes(frame)[0]
        seen = view.project(mesh.points_m[np.unique(mesh.triangles)])
        face_px = held.face_height[frame] * made.height_px
        eyes_px = (made.width_px - 1) / 2 + held.eyes_x[frame] * made.height_px
        aside = (seen[:, 0].mean() - eyes_px) / face_px
        below = seen[:, 1].mean() / face_px - held.eyes_y[frame] * made.height_px / face_px

        far = made.width_px > made.height_px
        assert 0.5 < (aside if far else -aside) < 1.7
        assert 0 < seen[:, 0].min() < seen[:, 0].max() < made.width_px, "in the picture"
        assert 0.9 < below < 2.0


def test_they_look_at_us_and_then_at_one_another() -> None:
    left, right = busts(shot())
    early, late = slice(10, 50), slice(115, 140)

    assert np.abs(left.performance.head[early, YAW]).mean() < 4
    assert left.performance.head[late, YAW].mean() > 5
    assert right.performance.head[late, YAW].mean() < -5


def test_a_child_is_smaller_and_lower() -> None:
    grown, child = (busts(shot(younger=age))[1] for age in ("grown", "child"))

    assert child.face_height.mean() < 0.95 * grown.face_height.mean()
    assert child.eyes_y.mean() > grown.eyes_y.mean() + 0.02


def test_eye_levels_are_equal_for_grown_ages() -> None:
    made = staged("side-by-side", set_name="meadow", builds={"anna": Build(height_m=1.6)})
    one, other = busts(made)

    assert np.abs(one.eyes_y - other.eyes_y).max() < 0.02


def test_the_camera_moves_slowly() -> None:
    steps = np.linalg.norm(np.diff(shot().camera.position_m, axis=0), axis=1)

    assert 0 < steps.max() < 0.01


def test_a_missing_age_is_said_and_not_invented() -> None:
    text = template_named("younger-self").text.replace(
        "[demo:anna, demo:anna-young]", "[demo:anna]"
    )

    with pytest.raises(StoryboardError) as raised:
        parse_storyboard(text, name="s.yaml", folder=Path())

    message = str(raised.value)
    assert "shot together needs 2 of anna" in message
    assert "none is invented" in message
    assert "Add photos:" in message
