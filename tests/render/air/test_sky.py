from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from air_scenes import LIGHT
from vivant.render.air.sky import sky_rgb

_PART = st.floats(-1, 1, allow_nan=False)


@given(st.tuples(_PART, _PART, _PART).filter(lambda way: math.hypot(*way) > 0.01))
def test_the_sky_is_brightest_at_the_sun(way: tuple[float, float, float]) -> None:
    there, sun = sky_rgb(np.array([way, LIGHT.sun]), LIGHT)
    assert np.isfinite(there).all()
    assert (there >= 0).all()
    assert there.sum() <= sun.sum() + 1e-3


def test_the_length_of_a_direction_does_not_matter() -> None:
    way = np.array([[0.3, 0.2, 0.9]])
    assert np.allclose(sky_rgb(way, LIGHT), sky_rgb(way * 7, LIGHT), rtol=1e-5)


def test_the_horizon_has_no_line() -> None:
    heights = np.linspace(-0.05, 0.05, 401)
    ways = np.stack([np.full_like(heights, 0.7), heights, np.full_like(heights, -0.7)], 1)
    steps = np.abs(np.diff(sky_rgb(ways, LIGHT), axis=0))
    assert steps.max() < 0.02
