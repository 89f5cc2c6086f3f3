"""Old photos are mended gently, and a face is never touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from jaxtyping import UInt8

from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.repairing import repair
from vivant.intake.seeing import find_faces, vector_of
from vivant.painting import portrait

Pixels = UInt8[np.ndarray, "h w 3"]


@pytest.fixture(scope="module")
def engine() -> MediapipeFaces:
    return MediapipeFaces()


@pytest.fixture(scope="module")
def grey() -> Pixels:
    """A black-and-white print of somebody who never lived."""
    return portrait("man-hat-print", width_px=512, height_px=640).pixels


def scratched(pixels: Pixels) -> tuple[Pixels, np.ndarray]:
    """Scratch a print from top to bottom, and strew dust on it."""
    damage = np.zeros(pixels.shape[:2], np.uint8)
    cv2.line(damage, (40, 0), (70, 639), 255, 2)
    rng = np.random.default_rng(2)
    for x, y in zip(rng.integers(0, 512, 40), rng.integers(0, 640, 40), strict=True):
        cv2.circle(damage, (int(x), int(y)), 2, 255, -1)
    out = pixels.copy()
    out[damage > 0] = 245
    return out, damage > 0


def test_specks_and_scratches_go_and_the_face_stays_to_the_byte(
    grey: Pixels, engine: MediapipeFaces
) -> None:
    hurt, damage = scratched(grey)
    faces = find_faces(engine, grey)
    mended = repair(hurt, faces)

    assert "specks" in mended.done
    face = np.zeros(grey.shape[:2], np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(faces[0].landmarks[:, :2].astype(np.int32)), 1)
    assert "tones" not in mended.done, "else the whole photo changes by one curve"
    assert np.array_equal(mended.pixels[face > 0], hurt[face > 0])
    outside = damage & (cv2.dilate(face, np.ones((99, 99))) == 0)
    before = np.abs(hurt[outside].astype(int) - grey[outside]).mean()
    after = np.abs(mended.pixels[outside].astype(int) - grey[outside]).mean()
    assert after < 0.5 * before


def test_a_mended_photo_shows_the_same_person(grey: Pixels, engine: MediapipeFaces) -> None:
    faded = (grey.astype(np.float32) * 0.35 + 120).astype(np.uint8)
    mended = repair(faded, find_faces(engine, faded))
    before = vector_of(engine, grey, find_faces(engine, grey)[0])
    after = vector_of(engine, mended.pixels, find_faces(engine, mended.pixels)[0])

    assert "tones" in mended.done
    assert float(np.ptp(mended.pixels)) > 1.2 * float(np.ptp(faded))
    assert float(before @ after) > 0.97


def test_a_good_photo_is_left_as_it_is(engine: MediapipeFaces) -> None:
    good = portrait("young-woman-long-hair", width_px=512, height_px=640).pixels
    mended = repair(good, find_faces(engine, good))

    assert mended.done == ()
    assert np.array_equal(mended.pixels, good)


def test_texture_is_not_taken_for_dust() -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(60, 200, (300, 300, 1)).astype(np.uint8).repeat(3, axis=2)

    assert "specks" not in repair(noise, ()).done
