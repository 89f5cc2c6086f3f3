from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.places import Places
from vivant.render.air.noise import SIDE, cloud_noise
from vivant.scene.noise import detail_at, shape_at

_PERIODS = st.floats(-3, 3, allow_nan=False)


@given(st.tuples(_PERIODS, _PERIODS, _PERIODS), st.tuples(*[st.integers(-2, 2)] * 3))
def test_noise_repeats_in_all_directions(
    place: tuple[float, float, float], periods: tuple[int, int, int]
) -> None:
    points = np.array([place, np.add(place, periods)])
    for noise in (shape_at, detail_at):
        here, there = noise(points)
        assert abs(here - there) < 1e-4
        assert 0 <= here <= 1


def test_the_cube_is_the_noise_at_its_points(air_places: Places) -> None:
    cube = cloud_noise(air_places)
    assert cube.shape == (SIDE, SIDE, SIDE, 2)
    assert cube.dtype == np.float32
    where = np.random.default_rng(0).integers(0, SIDE, (60, 3))
    x, y, z = where.T
    assert np.abs(shape_at(where / SIDE) - cube[z, y, x, 0]).max() < 1e-4
    assert np.abs(detail_at(where / SIDE) - cube[z, y, x, 1]).max() < 1e-4
    assert 0.25 < cube[..., 0].mean() < 0.4


def test_a_damaged_cube_is_made_again(air_places: Places) -> None:
    (kept,) = (air_places.cache / "air").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    cloud_noise(air_places)
    assert kept.read_bytes() == whole


def test_a_cube_that_cannot_be_kept_is_still_given(tmp_path: Path, air_places: Places) -> None:
    in_the_way = tmp_path / "cache"
    in_the_way.write_bytes(b"not a folder")
    cube = cloud_noise(Places(data=tmp_path, cache=in_the_way))
    assert np.array_equal(cube, cloud_noise(air_places))
