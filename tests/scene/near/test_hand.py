"""Our own hand is one closed skin, and fingers bend without tearing it."""

from __future__ import annotations

import numpy as np
import pytest

from vivant.scene.near.hand import gripped, hand_skin


def test_the_skin_is_closed_but_for_the_wrist() -> None:
    triangles = hand_skin().triangles
    edges = np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    unlike, counts = np.unique(edges, axis=0, return_counts=True)

    assert (counts <= 2).mean() > 0.999
    open_ends = unlike[counts == 1]
    assert np.all(hand_skin().points[open_ends.ravel(), 1] < -0.04), "behind the wrist only"


def test_it_has_the_size_of_a_hand() -> None:
    points = gripped(0.0)

    assert 0.165 < points[:, 1].max() < 0.195
    assert 0.08 < np.ptp(points[:, 0]) < 0.115
    assert np.ptp(points[:, 2]) < 0.07


def test_triangles_face_outward() -> None:
    points, triangles = hand_skin().points, hand_skin().triangles
    a, b, c = (points[triangles[:, k]] for k in range(3))
    volume = float(np.sum(np.cross(a, b) * c) / 6)

    assert 1.5e-4 < volume < 6e-4, "cubic metres"


def test_between_fingers_it_is_darker_than_on_the_back() -> None:
    skin = hand_skin()
    back = skin.open_sky[
        (skin.points[:, 2] > 0.006) & (skin.points[:, 1] < 0.06) & (skin.points[:, 1] > 0.03)
    ]

    assert back.mean() > 0.9
    assert np.quantile(skin.open_sky, 0.02) < 0.45


@pytest.mark.parametrize("grip", [0.0, 0.3, 0.7, 1.0])
def test_fingers_bend_without_tearing(grip: float) -> None:
    skin = hand_skin()
    rest, bent = skin.points, gripped(grip)
    pairs = skin.triangles[:, :2]
    before = np.linalg.norm(rest[pairs[:, 0]] - rest[pairs[:, 1]], axis=1)
    after = np.linalg.norm(bent[pairs[:, 0]] - bent[pairs[:, 1]], axis=1)

    assert np.quantile(after / np.maximum(before, 5e-4), 0.99) < 2.2
    assert after.max() < 0.02


def test_a_closed_hand_reaches_less_far_and_lower() -> None:
    assert gripped(1.0)[:, 1].max() < gripped(0.0)[:, 1].max() - 0.04
    assert gripped(1.0)[:, 2].min() < gripped(0.0)[:, 2].min() - 0.02


def test_the_wrist_stays_where_it_is() -> None:
    wrist = hand_skin().points[:, 1] < 0.03

    assert np.allclose(gripped(0.9)[wrist], hand_skin().points[wrist])
