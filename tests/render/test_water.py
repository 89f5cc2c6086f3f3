"""Still water holds the picture above it; mist lies low and thickens with distance."""

from __future__ import annotations

import numpy as np

from vivant.render.ground_mist import lay_ground_mist
from vivant.render.water import draw_water
from vivant.scene.sets.hours import light_at
from vivant.scene.view import View, look
from vivant.scene.water import GroundMist, Water

WIDTH, HEIGHT = 240, 160
LIGHT = light_at("morning", haze_per_m=0.0)
MIRROR = Water(level_m=0.0, ripple=0.0)


def camera() -> View:
    return look(np.array([0.0, 1.5, 0.0]), np.array([0.0, 1.5, -9.0]), fov_deg=40, width_px=WIDTH, height_px=HEIGHT)  # fmt: skip


def scene() -> tuple[np.ndarray, np.ndarray]:
    """A red wall 60 m away and 12 m high over water, in the right half; sky else."""
    view = camera()
    hdr = np.full((HEIGHT, WIDTH, 3), 0.6, np.float32)
    depth = np.full((HEIGHT, WIDTH), np.inf, np.float32)
    corners = view.project(np.array([[0.0, 12.0, -60.0], [0.0, 0.0, -60.0]]))
    top, foot = round(corners[0, 1]), round(corners[1, 1])
    hdr[top:foot, WIDTH // 2 :] = (0.9, 0.1, 0.1)
    depth[top:foot, WIDTH // 2 :] = 60.0
    return hdr, depth


def test_a_wall_stands_on_its_head_in_still_water() -> None:
    hdr, depth = scene()
    draw_water(hdr, depth, camera(), LIGHT, MIRROR, seconds=0.0)
    redness = hdr[..., 0] - hdr[..., 2]
    view = camera()
    below = view.project(np.array([[4.0, -5.0, -60.0], [-8.0, -5.0, -60.0], [4.0, -16.0, -60.0]]))
    inside, beside, under = (redness[round(y), round(x)] for x, y, _ in below)
    assert inside > 0.25
    assert beside < 0.05
    assert under < 0.05


def test_the_water_gets_a_depth_of_its_own() -> None:
    hdr, depth = scene()
    draw_water(hdr, depth, camera(), LIGHT, MIRROR, seconds=0.0)
    x, y, away = camera().project(np.array([[-2.0, 0.0, -12.0]]))[0]
    assert abs(depth[round(y), round(x)] / away - 1) < 0.05
    assert np.isinf(depth[0, 0])


def test_what_stands_before_the_water_is_left_alone() -> None:
    hdr, depth = scene()
    hdr[-40:, :40], depth[-40:, :40] = 7.0, 1.0
    draw_water(hdr, depth, camera(), LIGHT, MIRROR, seconds=0.0)
    assert (hdr[-40:, :40] == 7.0).all()


def test_ripples_move_slowly_and_draw_the_picture_out() -> None:
    pictures = []
    for seconds in (1.0, 1.04):
        hdr, depth = scene()
        draw_water(hdr, depth, camera(), LIGHT, Water(level_m=0.0, ripple=0.012), seconds=seconds)
        pictures.append(hdr)
    change = np.abs(pictures[1] - pictures[0])
    assert 0 < float(change.mean()) < 0.02


def test_threads_do_not_change_the_water() -> None:
    pictures = []
    for threads in (1, 3):
        hdr, depth = scene()
        draw_water(hdr, depth, camera(), LIGHT, Water(level_m=0.0), seconds=1.0, threads=threads)
        pictures.append(hdr)
    np.testing.assert_array_equal(pictures[0], pictures[1])


def test_below_the_water_nothing_is_drawn() -> None:
    hdr, depth = scene()
    before = hdr.copy()
    draw_water(hdr, depth, camera(), LIGHT, Water(level_m=3.0), seconds=0.0)
    np.testing.assert_array_equal(hdr, before)


def test_mist_thickens_with_distance_and_thins_with_height() -> None:
    mist = GroundMist(level_m=0.0, height_m=1.5, per_m=0.01, patchy=0.0)
    veils = []
    for away in (5.0, 40.0, 160.0):
        hdr = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        depth = np.full((HEIGHT, WIDTH), away, np.float32)
        lay_ground_mist(hdr, depth, camera(), LIGHT, mist, seconds=0.0)
        veils.append(hdr[HEIGHT // 2, 20, 1])
        assert hdr[2, 20, 1] <= hdr[HEIGHT // 2, 20, 1]
    assert veils[0] < veils[1] < veils[2]
