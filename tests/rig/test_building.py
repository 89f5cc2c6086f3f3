from __future__ import annotations

import numpy as np
import pytest

from rigs import arrays_of, likeness, rig
from vivant.media.face import ARKIT_SHAPES, LOWER_LIP_INNER, SHAPE, UPPER_LIP_INNER
from vivant.rig.building import build_rig


def test_the_same_likeness_gives_the_same_rig() -> None:
    first, second = (
        arrays_of(rig("young-man-curls")),
        arrays_of(build_rig(likeness("young-man-curls"))),
    )

    assert first.keys() == second.keys()
    assert [name for name in first if not np.array_equal(first[name], second[name])] == []


def test_everything_in_a_rig_is_finite() -> None:
    for name in ("hopper", "astronaut"):
        for what, array in arrays_of(rig(name)).items():
            assert np.isfinite(array).all(), what


def test_a_mirrored_photo_gives_a_mirrored_rig() -> None:
    plain, mirrored = rig("young-man-curls"), rig("mirrored-young-man-curls")
    width = plain.photo.shape[1]
    tall = plain.face_height_px

    assert mirrored.photo.shape == plain.photo.shape
    assert mirrored.face_height_px == pytest.approx(tall, rel=0.02)
    assert mirrored.pivot[0] == pytest.approx(width - 1 - plain.pivot[0], abs=0.03 * tall)
    assert np.abs(mirrored.alpha[:, ::-1].astype(float) - plain.alpha).mean() < 8
    right, left = mirrored.eyes
    for one, other in ((right, plain.eyes[1]), (left, plain.eyes[0])):
        assert one.iris_radius == pytest.approx(other.iris_radius, rel=0.2)
        assert one.opening == pytest.approx(other.opening, rel=0.25)


def test_a_mirrored_face_smiles_on_the_other_side() -> None:
    plain, mirrored = rig("young-man-curls"), rig("mirrored-young-man-curls")
    left = np.abs(plain.face.basis[SHAPE["mouthSmileLeft"]]).sum() / plain.face_height_px
    right = np.abs(mirrored.face.basis[SHAPE["mouthSmileRight"]]).sum() / mirrored.face_height_px

    assert right == pytest.approx(left, rel=0.15)


def test_at_rest_the_lips_touch_whatever_the_photo_shows() -> None:
    for name in ("hopper", "astronaut"):
        rest = rig(name).face.rest
        apart = rest[list(LOWER_LIP_INNER)] - rest[list(UPPER_LIP_INNER)]

        assert np.abs(apart).max() < 0.006 * rig(name).face_height_px


def test_a_parted_smiling_mouth_is_noted() -> None:
    assert {"lips-parted", "smile-taken-off"} <= set(rig("astronaut").notes)
    assert rig("hopper").notes == ()


def test_each_shape_but_those_of_eyes_and_tongue_moves_the_face() -> None:
    drawn = ("eyeBlink", "eyeLook", "tongueOut")
    moves = np.abs(rig("astronaut").face.basis).max(axis=(1, 2))

    still = [name for name, move in zip(ARKIT_SHAPES, moves, strict=True) if move < 0.2]
    assert [name for name in still if not name.startswith(drawn)] == []


def test_the_bake_tells_how_far_it_is() -> None:
    heard: list[tuple[str, int, int]] = []

    build_rig(likeness("young-man-curls"), watch=lambda *step: heard.append(step))

    assert heard == [("rig", k, 6) for k in range(1, 7)]
