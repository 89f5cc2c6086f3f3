from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from air_scenes import GLOWING, HEIGHT, LIGHT, WIDTH, camera, flat_clouds, nothing, pixels, wall
from vivant.errors import InputError
from vivant.places import Places
from vivant.render.air.over import Air
from vivant.render.air.sky import sky_rgb
from vivant.render.air.slabs import bake_slabs
from vivant.scene.light import Light
from vivant.scene.view import View


def _air(
    *plates: tuple[int, View],
    height_m: float | None,
    places: Places,
    light: Light = LIGHT,
    threads: int = 1,
    coarse: int = 2,
) -> Air:
    clouds = None if height_m is None else flat_clouds(height_m)
    baked = [
        (frame, bake_slabs(view.widened(0.15), clouds, light, places=places, coarse=coarse))
        for frame, view in plates
    ]
    return Air(baked, light=light, width_px=WIDTH, height_px=HEIGHT, threads=threads)


def _over(
    air: Air,
    view: View,
    solids: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    *,
    frame: float = 0,
    glow: float = 0.0,
) -> np.ndarray:
    rgb, alpha, depth = solids or nothing()
    light = air.over(view, frame, seconds=0.0, glow=glow, rgb=rgb, alpha=alpha, depth=depth)
    return light.copy()


def test_without_clouds_there_is_the_sky(air_places: Places) -> None:
    view = camera()
    light = _over(_air((0, view), height_m=None, places=air_places), view)
    sky = sky_rgb(pixels(view), LIGHT).reshape(HEIGHT, WIDTH, 3)
    away = pixels(view) @ np.array(LIGHT.sun) / np.linalg.norm(pixels(view), axis=1)
    plain = (away < 0.9).reshape(HEIGHT, WIDTH)  # the glare is bent, at so few pixels
    assert np.abs(light - sky)[plain].max() < 0.03


@given(cover=st.floats(0, 1))
def test_a_soft_edge_shows_the_sky_behind_by_the_rest(air_places: Places, cover: float) -> None:
    view = camera()
    air = _air((0, view), height_m=None, places=air_places)
    sky = _over(air, view)
    light = _over(air, view, wall(5.0, alpha=cover))
    assert np.abs(light - (np.float32(0.3 * cover) + (1 - cover) * sky)).max() < 1e-3


def test_a_surface_before_all_clouds_is_as_it_was(air_places: Places) -> None:
    view = camera()
    air = _air((0, view), height_m=2.0, places=air_places)
    assert np.abs(_over(air, view, wall(0.5)) - 0.3).max() < 1e-5
    assert np.allclose(air.depth_m, 0.5, rtol=1e-4)


def test_a_surface_behind_thick_cloud_is_not_seen(air_places: Places) -> None:
    view = camera(y=1.0)
    air = _air((0, view), height_m=8.0, places=air_places)
    empty = _over(air, view)
    assert np.abs(_over(air, view, wall(300.0)) - empty)[HEIGHT // 2 :].max() < 0.01
    assert air.depth_m[HEIGHT // 2 :].max() < 60


def test_clouds_gather_before_a_surface_as_it_goes_away(air_places: Places) -> None:
    view = camera(y=3.0)
    air = _air((0, view), height_m=2.5, places=air_places)
    seen = [
        float(np.abs(_over(air, view, wall(depth)) - 0.3)[HEIGHT // 2 :].mean())
        for depth in (1, 4, 10, 20, 40, 80, 200)
    ]
    assert all(later >= earlier - 1e-4 for earlier, later in pairwise(seen))
    assert seen[-1] > 0.1


def test_light_without_cover_is_added(air_places: Places) -> None:
    view = camera()
    air = _air((0, view), height_m=None, places=air_places)
    rgb, alpha, depth = nothing()
    assert np.allclose(_over(air, view, (rgb + 1, alpha, depth)), _over(air, view) + 1, atol=1e-5)


def test_glow_brightens_clouds_in_proportion(air_places: Places) -> None:
    view = camera()
    air = _air((0, view), height_m=2.0, places=air_places, light=GLOWING)
    dark, one, three = (_over(air, view, glow=glow) for glow in (0.0, 1.0, 3.0))
    assert (one - dark).max() > 0.05
    assert np.allclose(three - dark, 3 * (one - dark), atol=2e-3)


def test_any_number_of_threads_gives_the_same_picture(air_places: Places) -> None:
    view = camera()
    pictures = []
    for threads in (1, 3):
        air = _air((0, view), height_m=2.0, places=air_places, threads=threads)
        pictures.append(_over(air, view, wall(30.0, alpha=0.5)))
        air.close()
    assert np.array_equal(pictures[0], pictures[1])


def test_a_plate_seen_from_near_by_is_what_would_be_seen_there(air_places: Places) -> None:
    there = camera(x=0.5, y=4.2, z=1.0)
    moved = _over(_air((0, camera()), height_m=2.0, places=air_places), there)
    fresh = _over(_air((0, there), height_m=2.0, places=air_places), there)
    still = _over(_air((0, camera()), height_m=2.0, places=air_places), camera())
    error = float(np.mean((np.minimum(moved, 2) - np.minimum(fresh, 2)) ** 2))
    unmoved = float(np.mean((np.minimum(still, 2) - np.minimum(fresh, 2)) ** 2))
    assert error < unmoved / 3


def test_plates_fade_into_one_another_without_a_jump(air_places: Places) -> None:
    first, last = camera(), camera(x=1.5, z=1.5)
    air = _air((0, first), (40, last), height_m=2.0, places=air_places)
    frames = []
    for frame in range(41):
        part = frame / 40
        frames.append(_over(air, camera(x=1.5 * part, z=1.5 * part), frame=frame))
    bright = np.array([picture.mean() for picture in frames])
    assert np.abs(np.diff(np.log(bright))).max() < 0.01
    steps = np.array([np.abs(b - a).mean() for a, b in pairwise(frames)])
    assert steps.max() / steps.mean() < 2


def test_air_without_a_plate_is_refused() -> None:
    with pytest.raises(InputError, match="at least one plate"):
        Air([], light=LIGHT, width_px=WIDTH, height_px=HEIGHT)
