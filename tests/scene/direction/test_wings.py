"""Wings behind a living photo, wings on a small figure's back, and a bird that rises."""

from __future__ import annotations

import numpy as np
import pytest

from scene_staged import SIZES, staged
from vivant.performance.curves import HEAD
from vivant.scene.figure.motion import JOINT
from vivant.scene.shot import Bust, Shot, Walker, near_presences, set_props
from vivant.scene.storyboard_terms import ACTIONS
from vivant.scene.wings.bird import Bird
from vivant.scene.wings.wings import Wings

PLACES = ("stairway", "meadow", "lake")
LARGEST_HEAD = 90 / 720
CROWN_M, CHIN_M = 0.24, -0.10


def seen(shot: Shot, points_m: np.ndarray, frame: int) -> np.ndarray:
    """Tell where points are in the picture: x and y in its widths and heights, and how far away."""
    view = shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
    return view.project(points_m) / [shot.width_px, shot.height_px, 1]


def pair_of(shot: Shot) -> Wings:
    (pair,) = (one for one in shot.presences if isinstance(one, Wings))
    return pair


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("set_name", PLACES)
def test_wings_stand_in_the_set_behind_the_person_and_frame_the_head(
    size: str, set_name: str
) -> None:
    shot = staged("wings", size=size, set_name=set_name)
    pair, last = pair_of(shot), shot.frames - 1
    (bust,) = (one for one in near_presences(shot) if isinstance(one, Bust))
    aspect = shot.width_px / shot.height_px
    places = seen(shot, pair.meshes(last)[0].points_m, last)
    eyes_x, eyes_y = bust.eyes_x[last] / aspect + 0.5, bust.eyes_y[last]
    face = float(bust.face_height[last])

    assert set_props(shot) == (pair,)
    assert places[:, 2].min() > bust.depth_m - 0.45, "not before the face"
    inside = places[(np.abs(places[:, :2] - 0.5) < 0.5).all(axis=1)]
    left, right = inside[inside[:, 0] < eyes_x], inside[inside[:, 0] > eyes_x]
    for side in (left, right):
        assert side[:, 1].min() < eyes_y, "as high as the eyes, in the picture"
        assert len(side) > 500
    near = np.abs(inside[:, 0] - eyes_x) * aspect < 0.4 * face
    assert not (near & (inside[:, 1] < eyes_y)).any(), "nothing behind the face itself"


def test_they_begin_folded_end_spread_and_hurry_nowhere() -> None:
    opened = pair_of(staged("wings", set_name="meadow")).opened

    assert opened[0] < 0.01
    assert opened[-1] == pytest.approx(1, abs=0.01)
    assert np.diff(opened).min() >= 0
    assert np.diff(opened).max() < 2.2 / (4.0 * 25), "at least four seconds"


def test_light_grows_and_the_face_lifts_with_a_small_smile() -> None:
    shot = staged("wings", set_name="meadow")
    (bust,) = (one for one in shot.presences if isinstance(one, Bust))
    glow, pitch = shot.state["glow"], bust.performance.head[:, HEAD.index("pitch_deg")]

    assert shot.light.glow is not None
    assert np.diff(glow).min() >= 0
    assert glow[-1] > 3 * glow[0]
    assert pitch[-25:].mean() < pitch[:15].mean() - 1.0
    assert bust.performance.shapes.max() <= 1


@pytest.mark.parametrize("action", ["wings", "wings-away"])
def test_a_family_may_leave_the_wings_out(action: str) -> None:
    shot = staged(action, set_name="meadow", options={"wings": "no"})

    assert not any(isinstance(one, Wings) for one in shot.presences)
    assert any(isinstance(one, (Bust, Walker)) for one in shot.presences)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("set_name", ["stairway", "meadow"])
def test_a_figure_with_wings_is_small_seen_from_behind_and_they_grow_from_its_back(
    size: str, set_name: str
) -> None:
    shot = staged("wings-away", size=size, set_name=set_name)
    (walker,) = (one for one in shot.presences if isinstance(one, Walker))
    pair = pair_of(shot)

    assert not walker.shows_face
    for frame in range(0, shot.frames, 10):
        head = walker.motion.joints_m[frame, JOINT["head"]]
        ends = seen(shot, head + np.array([[0, CROWN_M, 0], [0, CHIN_M, 0]]), frame)
        assert abs(ends[0, 1] - ends[1, 1]) <= LARGEST_HEAD
        chest = walker.motion.joints_m[frame, JOINT["chest"]]
        away = shot.camera.position_m[frame] - chest
        assert np.linalg.norm(pair.root_m[frame] - chest) < 0.25
        assert (pair.root_m[frame] - chest) @ away > 0, "on the side that is seen"
        view = shot.camera.view(frame, width_px=shot.width_px, height_px=shot.height_px)
        assert view.forward @ np.asarray(shot.light.sun) > 0.25
    last = seen(shot, pair.meshes(shot.frames - 1)[0].points_m, shot.frames - 1)
    assert last[:, :2].min() > 0
    assert last[:, :2].max() < 1, "wide open, and all of it in the picture"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("set_name", PLACES)
def test_the_bird_comes_from_below_is_seen_past_the_middle_and_goes_away(
    size: str, set_name: str
) -> None:
    shot = staged("bird-rises", size=size, set_name=set_name)
    (bird,) = (one for one in shot.presences if isinstance(one, Bird))
    frames = range(0, shot.frames, 5)
    places = np.concatenate([seen(shot, bird.place_m[[frame]], frame) for frame in frames])

    assert places[0, 1] > 0.95, "out of the picture at first"
    later = places[len(frames) // 3 :]
    assert ((later[:, :2] > 0.02) & (later[:, :2] < 0.98)).all()
    assert np.diff(bird.place_m[:, 1]).min() > -0.01, "it rises"
    assert places[-1, 2] > 2 * places[0, 2], "and grows small"
    across = seen(shot, bird.meshes(shot.frames // 2)[0].points_m, shot.frames // 2)
    tall_px = np.hypot(*(np.ptp(across[:, :2], axis=0) * [shot.width_px, shot.height_px]))
    assert 20 < tall_px * 720 / shot.height_px < 200


@pytest.mark.parametrize("action", ["wings", "wings-away", "bird-rises"])
@pytest.mark.parametrize("size", SIZES)
def test_the_camera_always_moves_slowly(action: str, size: str) -> None:
    shot = staged(action, size=size, set_name="meadow")
    steps = np.linalg.norm(np.diff(shot.camera.position_m, axis=0), axis=1)

    assert 0 < steps.max() < 0.05
    assert np.abs(np.diff(steps)).max() < 0.004
    assert ACTIONS[action].shortest_s >= 3
