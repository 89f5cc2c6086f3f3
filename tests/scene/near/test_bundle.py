"""A newborn in a blanket breathes, has no face, and is held by two arms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vivant.scene.near.bundle import LENGTH_M, Bundle
from vivant.scene.near.reaching import Cradle, cradle
from vivant.scene.props import Prop

RIGHT, UP, FORWARD = np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, -1.0])
FRAMES = 3


def held(head_side: float = 1.0) -> Cradle:
    eyes = np.tile([0.0, 1.6, 0.0], (FRAMES, 1))
    return cradle(
        eyes,
        right=RIGHT,
        up=UP,
        forward=FORWARD,
        breath=np.array([0.0, 1.0, 0.5]),
        head_side=head_side,
    )


def test_a_bundle_is_a_prop_of_the_size_of_a_newborn() -> None:
    bundle = held().bundle
    points = np.vstack([mesh.points_m for mesh in bundle.meshes(0)])

    assert isinstance(bundle, Prop)
    assert (
        0.9 * LENGTH_M
        < np.ptp(points @ (bundle.head_toward[0] / np.linalg.norm(bundle.head_toward[0])))
        < 1.1 * LENGTH_M
    )


def test_it_is_a_blanket_and_a_cap_and_nothing_of_a_face() -> None:
    assert len(held().bundle.meshes(0)) == 2


def test_it_breathes_gently() -> None:
    out, in_ = (held().bundle.meshes(frame)[0].points_m for frame in (0, 1))
    most = np.linalg.norm(in_ - out, axis=1).max()

    assert 0.0003 < most < 0.003, "metres"


def test_the_cap_stays_while_it_breathes() -> None:
    out, in_ = (held().bundle.meshes(frame)[1].points_m for frame in (0, 1))

    assert np.array_equal(out, in_)


def test_surfaces_face_outward() -> None:
    bundle = replace(
        held().bundle, head_toward=np.tile(UP, (FRAMES, 1)), back=np.tile(-FORWARD, (FRAMES, 1))
    )
    for mesh in bundle.meshes(0):
        middle = mesh.points_m.mean(axis=0)
        outward = np.sum((mesh.points_m - middle) * mesh.normals, axis=1)
        assert (outward > 0).mean() > 0.85


def test_the_head_lies_on_the_side_that_was_asked_for() -> None:
    for side in (1.0, -1.0):
        cap = held(side).bundle.meshes(0)[1].points_m.mean(axis=0)
        assert np.sign(cap[0]) == side


def test_both_hands_are_at_the_bundle() -> None:
    one = held()
    blanket = one.bundle.meshes(0)[0].points_m
    for reach in (one.below, one.behind):
        away = np.linalg.norm(blanket - reach.wrist_m[0], axis=1).min()
        assert away < 0.09
    assert one.below.side != one.behind.side


def test_a_larger_child_is_larger() -> None:
    small, large = (replace(held().bundle, size=size).meshes(0)[0].points_m for size in (1.0, 1.3))

    assert np.ptp(large, axis=0).max() > 1.25 * np.ptp(small, axis=0).max()


def test_example_in_the_docs_holds() -> None:
    frames = 2
    bundle = Bundle(
        middle_m=np.zeros((frames, 3)),
        head_toward=np.tile(UP, (frames, 1)),
        back=np.tile(-FORWARD, (frames, 1)),
        breath=np.zeros(frames),
    )

    assert bundle.meshes(1)[0].points_m.shape == bundle.meshes(0)[0].points_m.shape
