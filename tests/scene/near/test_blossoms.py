"""Flowers before the lens: they cover the picture's lower edge, and hardly move."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.scene.near.blossoms import Blossoms
from vivant.scene.props import Prop


def flowers(*, bouquet: bool = False, sway: float = 0.0, seed: int = 0) -> Blossoms:
    return Blossoms(
        place_m=np.zeros((1, 3)),
        right=np.array([1.0, 0.0, 0.0]),
        up=np.array([0.0, 1.0, 0.0]),
        wide_m=0.4,
        high_m=0.04,
        sway=np.array([sway]),
        bouquet=bouquet,
        seed=seed,
    )


def test_they_are_a_thing_that_a_shot_may_show() -> None:
    assert isinstance(flowers(), Prop)


@pytest.mark.parametrize("bouquet", [False, True])
def test_they_reach_from_side_to_side_and_leave_no_hole(bouquet: bool) -> None:
    (mesh,) = flowers(bouquet=bouquet).meshes(0)
    x, y = mesh.points_m[:, 0], mesh.points_m[:, 1]

    for column in np.linspace(-0.19, 0.19, 39):
        here = y[np.abs(x - column) < 0.008]
        assert here.min() < 0.0
        assert here.max() > 0.02
    assert y.max() < 0.09, "nobody's face is hidden"


def test_normals_are_unit_vectors_and_triangles_few() -> None:
    (mesh,) = flowers().meshes(0)

    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-4)
    assert len(mesh.triangles) < 8000
    assert mesh.triangles.max() == len(mesh.points_m) - 1
    assert ((mesh.open_sky > 0) & (mesh.open_sky <= 1)).all()


def test_the_air_moves_them_by_millimetres_and_chance_makes_them_differ() -> None:
    still, swayed = (flowers(sway=one).meshes(0)[0].points_m for one in (0.0, 1.0))

    assert 0 < np.linalg.norm(swayed - still, axis=1).max() < 0.006
    assert not np.array_equal(still, flowers(seed=3).meshes(0)[0].points_m)
    assert np.array_equal(still, flowers().meshes(0)[0].points_m)
