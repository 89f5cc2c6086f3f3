"""Sleeves go where arms go, keep their points, and are dressed as their people are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivant.scene.figure.dress import Dress
from vivant.scene.near.cloth_tube import FORE_M, UPPER_M, cloth
from vivant.scene.near.reaching import arm_round, bent
from vivant.scene.near.sleeve import Sleeve
from vivant.scene.props import Prop, at_frame

RIGHT, UP, FORWARD = np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, -1.0])
FRAMES = 4


def places(x: float, y: float, z: float) -> np.ndarray:
    return np.tile(np.array([x, y, z], float), (FRAMES, 1))


def sleeve(**more: object) -> Sleeve:
    reach = arm_round(
        places(-0.2, 1.36, -0.1), places(0.16, 1.4, 0), right=RIGHT, up=UP, forward=FORWARD, side="left", grip=0.7
    )  # fmt: skip
    return replace(Sleeve.of(Dress(), reach, person="anna"), **more)  # type: ignore[arg-type]


def test_a_sleeve_is_a_prop() -> None:
    assert isinstance(sleeve(), Prop)


@pytest.mark.parametrize("shows", ["all", "arm", "hand", "behind", "over"])
def test_it_always_has_the_same_number_of_points(shows: str) -> None:
    one = sleeve(shows=shows)
    first, later = one.meshes(0), one.meshes(2.4)

    assert [len(mesh.points_m) for mesh in first] == [len(mesh.points_m) for mesh in later]
    for mesh in first:
        assert np.isfinite(mesh.points_m).all()
        assert np.allclose(
            np.linalg.norm(mesh.normals[mesh.triangles].reshape(-1, 3), axis=1), 1, atol=1e-3
        )
        assert mesh.albedo.min() > 0
        assert 0 <= mesh.open_sky.min() <= mesh.open_sky.max() <= 1


def test_behind_and_over_make_the_whole_hand_together() -> None:
    whole, behind, over = (
        {tuple(sorted(t)) for t in sleeve(shows=shows).meshes(0)[-1].triangles.tolist()}
        for shows in ("hand", "behind", "over")
    )

    assert behind | over == whole
    assert len(behind & over) < 0.12 * len(whole), "they overlap at the knuckles only"


def test_knuckles_lie_where_they_were_asked_to() -> None:
    mesh = sleeve(shows="hand").meshes(0)[0]
    away = np.linalg.norm(mesh.points_m - np.array([0.16, 1.4, 0]), axis=1)

    assert away.min() < 0.03


def test_fingers_reach_over_toward_the_camera() -> None:
    over = sleeve(shows="over").meshes(0)[0]
    used = over.points_m[np.unique(over.triangles)]

    assert used[:, 2].max() > 0.02, "nearer than the shoulder's edge"
    assert used[:, 1].min() < 1.4 - 0.04, "and down from it"


def test_a_right_hand_is_a_left_one_in_a_mirror() -> None:
    left = sleeve(shows="hand").meshes(0)[0]
    right = sleeve(shows="hand", side="right").meshes(0)[0]

    for mesh in (left, right):
        a, b, c = (
            (mesh.points_m - mesh.points_m.mean(axis=0))[mesh.triangles[:, k]] for k in range(3)
        )
        assert np.sum(np.cross(a, b) * c) > 0, "faces out"
    assert not np.allclose(left.points_m, right.points_m, atol=0.01)


def test_the_colours_are_those_of_the_person() -> None:
    dress = Dress(cloth=(0.3, 0.05, 0.05), skin=(0.2, 0.1, 0.06))
    arm, hand = replace(sleeve(), cloth=dress.cloth, skin=dress.skin).meshes(0)

    assert np.allclose(np.median(arm.albedo, axis=0), dress.cloth, rtol=0.15)
    assert np.all(np.median(hand.albedo, axis=0) <= np.array(dress.skin) * 1.02), "in shade"
    assert np.median(hand.albedo, axis=0)[0] > 0.8 * dress.skin[0]


def test_a_glove_covers_the_skin() -> None:
    glove = (0.1, 0.1, 0.12)
    bare, gloved = (sleeve(shows="hand", glove=one).meshes(0)[0] for one in (None, glove))

    assert np.allclose(gloved.albedo, glove)
    assert np.abs(gloved.points_m - bare.points_m).max() > 0.001


@settings(max_examples=25, deadline=None)
@given(
    x=st.floats(-0.5, 0.5), y=st.floats(-0.5, 0.5), z=st.floats(-0.5, 0.5), tall=st.floats(0.7, 2.1)
)
def test_bones_keep_their_lengths(x: float, y: float, z: float, tall: float) -> None:
    wrist = places(x, y, z) + 0.01
    elbow, shoulder = bent(places(0, 0, 0), wrist, elbow_toward=places(0.1, -1, 0.2), height_m=tall)

    size = tall / 1.68
    assert np.allclose(np.linalg.norm(elbow - shoulder, axis=1), UPPER_M * size, atol=2e-3)
    assert np.allclose(np.linalg.norm(wrist - elbow, axis=1), FORE_M * size, atol=2e-3)


def test_cloth_folds_at_a_bent_elbow() -> None:
    cut = cloth(0, 1.0)
    elbow = np.abs(cut.along_m - UPPER_M) < 0.05

    assert np.ptp(cut.bent[elbow]) > 0.008
    assert np.abs(cut.bent[cut.along_m < 0.1]).max() < 0.004


def test_curves_are_read_between_frames_and_beyond_their_ends() -> None:
    curve = np.array([0.0, 1.0, 4.0])

    assert at_frame(curve, 1.5) == pytest.approx(2.5)
    assert at_frame(curve, -0.25) == 0.0
    assert at_frame(curve, 9.0) == 4.0
