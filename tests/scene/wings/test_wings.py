"""Wings unfold smoothly, are each other's mirror, and have no holes between their feathers."""

from __future__ import annotations

import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.scene.mesh import MATERIAL, MATERIALS
from vivant.scene.props import Prop
from vivant.scene.wings.plumage import PRIMARIES, plumage
from vivant.scene.wings.unfolding import pair_of
from vivant.scene.wings.wings import Wings

UNFOLDS = 120
"""Frames that unfolding takes: 4.8 seconds."""


def wings(opened: np.ndarray | float, *, behind: bool = False, lift: float = 0.5) -> Wings:
    curve = np.atleast_1d(np.asarray(opened, np.float64))
    frames = len(curve)
    return Wings(
        root_m=np.tile([0.3, 1.2, -2.0], (frames, 1)),
        across=np.tile([1.0, 0.0, 0.0], (frames, 1)),
        up=np.tile([0.0, 1.0, 0.0], (frames, 1)),
        opened=curve,
        breath=np.zeros(frames),
        behind=behind,
        lift=lift,
    )


def flight_of(points: np.ndarray) -> np.ndarray:
    """Take the flight feathers of the wing on the right: feathers, stations, lanes."""
    shape = pair_of(False).cards[0].shape
    return points[: shape[0] * shape[1] * shape[2]].reshape(*shape[:3], 3)


def test_wings_are_things_that_a_shot_may_show() -> None:
    assert isinstance(wings(0.5), Prop)


@given(st.floats(0, 1), st.floats(0, 1.5), st.booleans())
@settings(max_examples=20, deadline=None)
def test_normals_are_unit_vectors_and_colours_are_those_of_a_surface(
    opened: float, lift: float, behind: bool
) -> None:
    (mesh,) = wings(opened, behind=behind, lift=lift).meshes(0)

    assert np.isfinite(mesh.points_m).all()
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-3)
    assert ((mesh.albedo > 0) & (mesh.albedo < 1)).all()
    for share in (mesh.open_sky, mesh.sunlit):
        assert ((share >= 0) & (share <= 1)).all()
    assert set(mesh.material) == {MATERIAL["feather"]}
    assert mesh.triangles.max() == len(mesh.points_m) - 1


def test_light_comes_through_feathers() -> None:
    feather = MATERIALS[MATERIAL["feather"]]
    (mesh,) = wings(1.0).meshes(0)

    thin = flight_of(np.repeat(mesh.sunlit[:, None], 3, axis=1))[..., 0]
    assert feather.through > 0.25, "both sides are seen"
    assert thin[:, -3, -1].mean() > 1.2 * thin[:, -3, 2].mean(), "more at a vane's free edge"
    assert thin[:, -3].mean() > 2 * thin[:, 1].mean(), "less under the coverts"


@pytest.mark.parametrize("opened", [0.0, 0.4, 1.0])
def test_both_wings_are_each_others_mirror(opened: float) -> None:
    (mesh,) = wings(opened).meshes(0)
    points = mesh.points_m - np.array([0.3, 1.2, -2.0], np.float32)
    half = len(points) // 2

    assert np.allclose(points[:half] * [-1, 1, 1], points[half:], atol=1e-5)


def test_a_pair_has_four_to_ten_thousand_triangles_and_ten_primaries() -> None:
    (mesh,) = wings(1.0).meshes(0)

    assert 4000 <= len(mesh.triangles) <= 10000
    assert PRIMARIES == 10
    assert (plumage(behind=False).flight.bone == 2).sum() == PRIMARIES


@pytest.mark.parametrize("lift", [0.0, 0.55, 1.0])
@pytest.mark.parametrize("behind", [False, True])
def test_no_light_is_seen_between_neighbouring_flight_feathers(behind: bool, lift: float) -> None:
    (mesh,) = wings(1.0, behind=behind, lift=lift).meshes(0)
    feathers = flight_of(mesh.points_m)[..., :2] * 1000

    shapes = [np.concatenate([one[:, 0], one[::-1, -1]]).astype(np.float32) for one in feathers]
    for place, (inner, outer) in enumerate(pairwise(feathers)):
        for station in range(2, 6):  # from under the coverts to where tips part, as a bird's do
            way = np.linspace(inner[station, 2], outer[station, 2], 15)
            for at in way.tolist():
                inside = [
                    cv2.pointPolygonTest(shapes[place + one][:, None], tuple(at), measureDist=False)
                    for one in (0, 1)
                ]
                assert max(inside) >= 0, f"between feathers {place} and {place + 1}, {station}"


def test_unfolding_is_smooth_and_no_feather_jumps() -> None:
    part = np.linspace(0, 1, UNFOLDS)
    eased = part**3 * (part * (part * 6 - 15) + 10)
    pair = wings(eased)
    places = np.stack([pair.meshes(frame)[0].points_m for frame in range(UNFOLDS)])

    steps = np.linalg.norm(np.diff(places, axis=0), axis=2)
    jerks = np.linalg.norm(np.diff(places, n=2, axis=0), axis=2)
    assert steps.max() < 0.075, "metres in a frame, of a tip"
    assert jerks.max() < 0.006
    assert steps[0].max() < 1e-3
    assert steps[-1].max() < 1e-3


def test_feathers_keep_their_length_while_they_unfold() -> None:
    lengths = []
    for opened in (0.0, 0.3, 0.7, 1.0):
        quills = flight_of(wings(opened).meshes(0)[0].points_m)[:, :, 2]
        lengths.append(np.linalg.norm(np.diff(quills, axis=1), axis=2).sum(axis=1))

    assert np.allclose(lengths, lengths[0], rtol=0.035)


def test_opening_makes_them_wide_and_folding_keeps_them_behind_the_shoulders() -> None:
    spans = [np.ptp(wings(opened).meshes(0)[0].points_m[:, 0]) for opened in (0.0, 0.5, 1.0)]

    assert spans[0] < 1.0
    assert spans[1] > 1.2 * spans[0]
    assert spans[2] > 1.9


def test_breath_moves_them_a_little() -> None:
    still, (low,) = wings(1.0), (1.0,)
    breathing = Wings(
        root_m=still.root_m, across=still.across, up=still.up, opened=still.opened,
        breath=np.array([low]), lift=still.lift,
    )  # fmt: skip
    apart = np.linalg.norm(
        breathing.meshes(0)[0].points_m - still.meshes(0)[0].points_m, axis=1
    ).max()

    assert 0.004 < apart < 0.08


def test_between_two_frames_they_are_between() -> None:
    pair = wings(np.array([0.2, 0.4]))
    before, between, after = (pair.meshes(frame)[0].points_m for frame in (0, 0.5, 1))

    assert np.linalg.norm(between - 0.5 * (before + after), axis=1).max() < 0.05
    assert not np.array_equal(before, between)


def test_a_pair_is_built_in_a_few_milliseconds() -> None:
    pair = wings(0.6)
    pair.meshes(0)
    began = time.thread_time()
    for _ in range(10):
        pair.meshes(0)

    assert (time.thread_time() - began) / 10 < 0.05
