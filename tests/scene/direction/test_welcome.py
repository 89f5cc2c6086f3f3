"""One to five people stand together as families do."""

from __future__ import annotations

import numpy as np
import pytest

from scene_staged import SIZES, staged
from vivant.media.face import SHAPE
from vivant.scene.figure.build import Build
from vivant.scene.near.blossoms import Blossoms
from vivant.scene.shot import Bust, Shot

CHILD = {"dan": Build(height_m=1.15)}
FACE_WIDE = 0.62
"""Of a face, against its height: half of it on either side."""


def busts_of(shot: Shot) -> list[Bust]:
    return [one for one in shot.presences if isinstance(one, Bust)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("people", [1, 2, 3, 4, 5])
def test_every_face_is_seen_whole_at_some_time_and_hidden_by_nobody(people: int, size: str) -> None:
    shot = staged("gathering", set_name="meadow", people=people, size=size)
    busts, half = busts_of(shot), shot.width_px / shot.height_px / 2

    assert len(busts) == people
    for one in busts:
        whole = np.abs(one.eyes_x) + FACE_WIDE * one.face_height < half
        assert whole.sum() > 12, f"{one.person} is never seen whole"
        assert (one.eyes_y - 0.75 * one.face_height).min() > 0.01, "with the crown"
        assert (one.eyes_y + 0.6 * one.face_height).max() < 0.90, "and the chin"
    for behind, before in ((a, b) for place, a in enumerate(busts) for b in busts[place + 1 :]):
        apart = np.abs(behind.eyes_x - before.eyes_x)
        needed = 0.5 * FACE_WIDE * (behind.face_height + before.face_height)
        below = (
            before.eyes_y - 0.75 * before.face_height > behind.eyes_y + 0.45 * behind.face_height
        )
        assert ((apart > needed) | below).all(), f"{before.person} hides {behind.person}"


def test_who_is_farther_away_is_drawn_first() -> None:
    depths = [one.depth_m for one in busts_of(staged("gathering", set_name="meadow", people=5))]

    assert depths == sorted(depths, reverse=True)


def test_a_child_stands_before_the_others_and_lower() -> None:
    shot = staged("gathering", set_name="meadow", people=4, builds=CHILD)
    busts = {one.person: one for one in busts_of(shot)}
    child = busts.pop("dan")

    assert all(child.depth_m < one.depth_m for one in busts.values())
    assert all((child.eyes_y > one.eyes_y).all() for one in busts.values())
    assert all((child.face_height < 1.02 * one.face_height).all() for one in busts.values())


def test_each_smiles_and_not_all_at_once() -> None:
    shot = staged("gathering", set_name="meadow", people=4)
    left = SHAPE["mouthSmileLeft"]
    moments = []
    for one in busts_of(shot):
        smile = one.performance.shapes[:, left]
        assert smile[-10:].mean() > smile[:5].mean() + 0.05
        moments.append(int(np.argmax(smile > 0.5 * (smile[:5].mean() + smile[-10:].mean()))))

    assert len({moment // 8 for moment in moments}) >= 3


def test_flowers_hide_where_photos_end_and_petals_fall() -> None:
    shot = staged("gathering", set_name="meadow", people=3)
    *before, last = shot.presences

    assert isinstance(last, Blossoms)
    assert all(isinstance(one, Bust) for one in before)
    assert shot.particles == ("petals",)
    view = shot.camera.view(0, width_px=1280, height_px=720)
    places = view.project(last.meshes(0)[0].points_m)
    for column in range(0, 1280, 64):
        here = places[np.abs(places[:, 0] - column) < 40, 1]
        assert here.min() < 0.90 * 720
    assert places[:, 1].min() > 0.6 * 720


@pytest.mark.parametrize("size", SIZES)
def test_the_camera_and_everybody_move_slowly(size: str) -> None:
    shot = staged("gathering", set_name="meadow", people=5, size=size)
    steps = np.linalg.norm(np.diff(shot.camera.position_m, axis=0), axis=1)

    assert 0 < steps.max() < 0.05
    for one in busts_of(shot):
        assert np.abs(np.diff(one.eyes_x)).max() < 0.012
        assert np.abs(np.diff(one.eyes_x, n=2)).max() < 0.0012
