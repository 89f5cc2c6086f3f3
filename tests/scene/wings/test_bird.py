"""A bird has a bird's shape, beats its wings, and goes where its beak points."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.scene.props import Prop
from vivant.scene.wings.bird import Bird, fly
from vivant.scene.wings.unfolding import pair_of

RATE = 25.0


def bird(beat: float, *, vigour: float = 1.0) -> Bird:
    return Bird(
        place_m=np.zeros((1, 3)),
        ahead=np.array([[0.0, 0.0, -1.0]]),
        roll_rad=np.zeros(1),
        beat=np.array([beat]),
        vigour=np.array([vigour]),
    )


def wing_of(one: Bird) -> np.ndarray:
    """Take the points of its right wing."""
    count = len(pair_of(True).albedo) // 2
    return one.meshes(0)[0].points_m[:count]


def test_it_is_a_thing_that_a_shot_may_show() -> None:
    assert isinstance(bird(0.0), Prop)


def test_it_is_as_large_as_a_dove() -> None:
    points = bird(0.0, vigour=0.0).meshes(0)[0].points_m

    assert 0.5 < np.ptp(points[:, 0]) < 0.9, "from tip to tip"
    assert 0.30 < np.ptp(points[:, 2]) < 0.45, "from beak to tail"


def test_wings_go_up_and_down_and_are_drawn_in_on_their_way_up() -> None:
    wings = [wing_of(bird(phase)) for phase in np.linspace(0, 1, 24, endpoint=False)]
    heights = np.array([points[:, 1].max() + points[:, 1].min() for points in wings])
    spans = [np.linalg.norm(points[:, :2], axis=1).max() for points in wings]

    assert heights.max() > 0.15
    assert heights.min() < -0.10
    assert min(spans[:5]) < 0.8 * max(spans[8:16]), "folded on the way up, long on the way down"


def test_a_beat_ends_where_it_began() -> None:
    assert np.allclose(wing_of(bird(0.0)), wing_of(bird(1.0)), atol=1e-5)


@pytest.mark.parametrize("phase", [0.0, 0.3, 0.6])
def test_normals_are_unit_vectors(phase: float) -> None:
    (mesh,) = bird(phase).meshes(0)

    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3)
    assert np.isfinite(mesh.points_m).all()


def test_the_body_faces_outward() -> None:
    (mesh,) = bird(0.0).meshes(0)
    first = len(pair_of(True).albedo)
    body, normals = mesh.points_m[first : first + 120], mesh.normals[first : first + 120]
    middle = body.mean(axis=0)
    outward = (body - middle) * [1, 1, 0]

    assert ((outward * normals).sum(axis=1) > 0).mean() > 0.95


def test_it_leans_into_a_turn_and_looks_where_it_flies() -> None:
    angle = np.linspace(0, 1.5, 75)
    way = np.stack([8 * (1 - np.cos(angle)), 0 * angle, -8 * np.sin(angle)], axis=1)
    flown = fly(way, rate=RATE, vigour=np.ones(75))

    assert flown.roll_rad[20:-20].min() > 0.1, "a turn to the right"
    speed = np.gradient(way, axis=0)
    along = (flown.ahead * speed).sum(axis=1) / np.linalg.norm(speed, axis=1)
    assert along.min() > 0.95


def test_straight_on_it_does_not_lean() -> None:
    way = np.outer(np.arange(50.0), [0.0, 0.02, -0.2])

    assert np.abs(fly(way, rate=RATE, vigour=np.ones(50)).roll_rad).max() < 1e-6
