"""A pet's rig: what the matte keeps, how eyes are painted shut, what moves with what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from painted_pets import CHELSEA, chelsea, painted, points_of, rig_of
from vivant.errors import InputError
from vivant.media.picture import Picture
from vivant.rig.pet import load_pet_rig, save_pet_rig
from vivant.rig.pet_building import PetPhotoError, build_pet_rig


@pytest.mark.parametrize(("name", "least"), [("cat", 0.95), ("dog", 0.95)])
def test_the_matte_is_the_animal(name: str, least: float) -> None:
    rig, pet = rig_of(name), painted(name)
    truth = cv2.resize(pet.matte, rig.alpha.shape[::-1], interpolation=cv2.INTER_LINEAR) > 127
    found = rig.alpha > 127

    assert (truth & found).sum() / (truth | found).sum() >= least


def test_chelseas_room_is_left_out() -> None:
    rig = rig_of("chelsea")
    height, width = rig.alpha.shape

    assert rig.alpha[: height // 3, -width // 10 :].mean() < 40
    assert rig.alpha[height // 3 : height // 2, width // 4 : width // 2].min() > 240


@pytest.mark.parametrize("name", ["cat", "dog", "chelsea"])
def test_a_shut_eye_shows_fur_and_no_iris(name: str) -> None:
    rig = rig_of(name)
    for eye in rig.eyes:
        x, y = eye.box
        rows, wide = eye.shut.shape[:2]
        mask = np.zeros((rows, wide), np.uint8)
        outline = np.vstack([eye.upper, eye.lower[::-1]]) - [x, y]
        cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 1)
        wide_ring, inner = (
            np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8))) > 0 for side in (25, 9)
        )
        fur = np.median(eye.shut[wide_ring & ~inner], axis=0)
        inside = np.median(eye.shut[mask > 0], axis=0)

        assert np.abs(inside - fur).max() < 40


def test_the_photo_about_a_shut_eye_is_the_photo() -> None:
    rig = rig_of("cat")
    eye = rig.eyes[0]
    x, y = eye.box
    rows, wide = eye.shut.shape[:2]

    assert np.array_equal(eye.shut[:3], rig.person[y : y + 3, x : x + wide])
    assert np.array_equal(eye.shut[:, :2], rig.person[y : y + rows, x : x + 2])


@pytest.mark.parametrize("name", ["cat", "dog", "chelsea"])
def test_lids_meet_low_between_the_lids(name: str) -> None:
    for eye in rig_of(name).eyes:
        middle = len(eye.upper) // 2
        top, line, low = (float(curve[middle, 1]) for curve in (eye.upper, eye.closed, eye.lower))

        assert top < line < low
        assert (line - top) / (low - top) > 0.6, "mostly from above"


def test_the_head_turns_whole_and_the_chest_stays() -> None:
    rig = rig_of("cat")
    below = (rig.points[:, 1] - rig.eyes_px[1]) / rig.face_height_px

    assert rig.head_weight[below < 0.4].min() > 0.9
    assert rig.head_weight[below > 1.6].max() < 0.05


@pytest.mark.parametrize("name", ["cat", "dog"])
def test_ears_move_and_eyes_do_not_move_with_them(name: str) -> None:
    rig = rig_of(name)
    for ear, weight in zip(rig.ears, rig.ear_weight, strict=True):
        tip = int(np.linalg.norm(rig.points[:, :2] - ear[1], axis=1).argmin())
        assert weight[tip] > 0.3
        for eye in rig.eyes:
            near = np.linalg.norm(rig.points[:, :2] - eye.closed.mean(0), axis=1).argmin()
            assert weight[near] < 0.02


def test_ears_that_the_photo_does_not_show_stay_still() -> None:
    assert rig_of("chelsea").ear_weight.max() == 0


def test_a_nose_comes_toward_the_camera() -> None:
    cat, dog = (rig_of(name) for name in ("cat", "dog"))
    out = []
    for rig in (cat, dog):
        eyes = np.linalg.norm(rig.points[:, :2] - rig.eyes_px, axis=1).argmin()
        out.append(float(rig.points[eyes, 2] - rig.points[:, 2].min()) / rig.face_height_px)

    assert out[1] > 1.5 * out[0] > 0


def test_a_rig_comes_back_as_it_was_written(tmp_path: Path) -> None:
    rig = rig_of("cat")
    save_pet_rig(rig, tmp_path / "cat.petrig")

    back = load_pet_rig(tmp_path / "cat.petrig")

    assert back.rig_id == rig.rig_id
    assert back.cut == rig.cut == (False, False, False, True)
    assert np.array_equal(back.alpha, rig.alpha)
    assert np.array_equal(back.eyes[1].shut, rig.eyes[1].shut)
    assert back.eyes[1].box == rig.eyes[1].box


def test_a_damaged_rig_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cat.petrig").write_bytes(b"PK nothing")

    with pytest.raises(InputError):
        load_pet_rig(tmp_path / "cat.petrig")


def test_points_of_another_photo_are_refused() -> None:
    with pytest.raises(PetPhotoError, match="tapped on a photo of 451 x 400"):
        build_pet_rig(chelsea(), replace(CHELSEA, photo_px=(451, 400)))


def test_a_face_of_few_pixels_is_refused() -> None:
    pet = painted("cat")
    small = np.ascontiguousarray(pet.pixels[::3, ::3])
    points = points_of(pet).scaled(1 / 3)
    points = replace(points, photo_px=small.shape[1::-1])

    with pytest.raises(PetPhotoError, match="pixels tall"):
        build_pet_rig(Picture(pixels=small, sha256="0" * 64), points)
