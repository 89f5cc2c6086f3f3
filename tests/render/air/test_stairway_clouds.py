from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float64

from vivant.places import Places
from vivant.render.air.field import Field, density, field_of
from vivant.render.air.noise import cloud_noise
from vivant.scene.sets import stairway_plan as plan
from vivant.scene.sets.stairway_air import LOOKS, stairway_clouds


def _thickest(field: Field, points: Float64[np.ndarray, "n 3"]) -> float:
    return float(max(density(field, x, y, z, 1.0, 0.0) for x, y, z in points))


@pytest.mark.parametrize("look", LOOKS)
def test_clouds_keep_off_the_stair(look: str, air_places: Places) -> None:
    points = np.array(
        [
            plan.place_at(way, aside) + np.array([0, height, 0])
            for way in np.arange(0, plan.LENGTH_M, 0.7)
            for aside in (-1.9, 0.0, 1.9)
            for height in (0.3, 1.0, 1.8)
        ]
    )
    for seconds in (0.0, 3.0, 7.0):
        field = field_of(stairway_clouds(look), cloud_noise(air_places), seconds=seconds)
        assert _thickest(field, points) < 0.05


def test_clouds_keep_off_the_landing_before_the_gate(air_places: Places) -> None:
    field = field_of(stairway_clouds("clouds"), cloud_noise(air_places), seconds=0.0)
    points = np.array(
        [
            plan.GATE + plan.ONWARD * along + plan.ASIDE * aside + [0, height, 0]
            for along in np.arange(-4, 4.1, 1)
            for aside in np.arange(-3, 3.1, 1)
            for height in (0.3, 1.2, 2.2)
        ]
    )
    assert _thickest(field, points) < 0.05


def test_light_alone_ends_in_clouds_on_both_sides(air_places: Places) -> None:
    field = field_of(stairway_clouds("light"), cloud_noise(air_places), seconds=0.0)
    for side in (-1, 1):
        bank = [
            plan.GATE + plan.ONWARD * 8 + plan.ASIDE * side * aside + [0, height, 0]
            for aside in (6, 8, 10)
            for height in (0, 2)
        ]
        assert _thickest(field, np.array(bank)) > 0.5
    open_way = [plan.GATE + plan.ONWARD * along + [0, 3.5, 0] for along in range(2, 20)]
    assert _thickest(field, np.array(open_way)) < 0.05
