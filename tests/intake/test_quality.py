"""What is measured on a face, and which photos are refused, with the number and what would help."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.retouching import enlarged, with_closed_eyes, with_glasses
from vivant.intake.engine import FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.glasses import glasses_score
from vivant.intake.measuring import Light, eyes_open, light, measure_face, sharpness
from vivant.intake.portrait import Quality
from vivant.intake.quality import (
    EyesClosedError,
    FaceBlurredError,
    FaceCutError,
    FaceLightError,
    FaceTooSmallError,
    FaceTurnedError,
    NoFaceError,
    PhotoRefusedError,
    SeveralFacesError,
    choose_face,
    notes_on,
    refuse_closed_eyes,
    refuse_unfit,
)
from vivant.intake.taking import fitness

pytestmark = pytest.mark.models

GOOD = Quality(
    eye_distance_px=90.0,
    sharpness=1.0,
    yaw_deg=2.0,
    pitch_deg=5.0,
    roll_deg=-1.0,
    eyes_open=1.0,
    mouth_open=0.01,
    smile=0.1,
    is_grey=False,
    has_glasses=0.0,
)
LIT = Light(middle=150.0, span=120.0, burnt=0.0)


def judge(quality: Quality, face: FoundFace, lit: Light = LIT) -> None:
    refuse_unfit(quality, lit, face, photo_id="0123456789ab", width_px=512, height_px=600)


def moved(face: FoundFace, *, right_px: float = 0.0, times: float = 1.0) -> FoundFace:
    landmarks = face.landmarks * times + np.array([right_px, 0.0, 0.0])
    return replace(face, landmarks=landmarks.astype(np.float32))


def test_a_good_photo_passes_without_a_note(hopper_face: FoundFace) -> None:
    judge(GOOD, hopper_face)

    assert notes_on(GOOD, LIT, hopper_face, width_px=512, height_px=600) == ()


@pytest.mark.parametrize(
    ("quality", "lit", "kind", "said"),
    [
        (
            replace(GOOD, eye_distance_px=18.0),
            LIT,
            FaceTooSmallError,
            "18 pixels apart; at least 24",
        ),
        (replace(GOOD, sharpness=0.15), LIT, FaceBlurredError, "no more than 14 sharp ones"),
        (replace(GOOD, yaw_deg=-48.0), LIT, FaceTurnedError, "turned 48 degrees to the side"),
        (replace(GOOD, pitch_deg=33.0), LIT, FaceTurnedError, "tilted 33 degrees up or down"),
        (replace(GOOD, roll_deg=88.0), LIT, FaceTurnedError, "Rotate the photo upright"),
        (GOOD, replace(LIT, middle=6.0), FaceLightError, "too dark: its level is 6 of 255"),
        (GOOD, replace(LIT, span=4.0), FaceLightError, "too flat"),
        (GOOD, replace(LIT, burnt=0.7), FaceLightError, "overexposed: 70% of it"),
    ],
)
def test_an_unfit_photo_is_refused_with_its_number(
    hopper_face: FoundFace, quality: Quality, lit: Light, kind: type[PhotoRefusedError], said: str
) -> None:
    with pytest.raises(kind, match=said) as caught:
        judge(quality, hopper_face, lit)

    assert caught.value.photo_id == "0123456789ab"
    assert caught.value.measured != caught.value.needed


def test_a_face_at_the_edge_is_refused(hopper_face: FoundFace) -> None:
    with pytest.raises(FaceCutError, match=r"cuts off \d+ % of the face"):
        judge(GOOD, moved(hopper_face, right_px=190.0))


def test_closed_eyes_are_refused() -> None:
    with pytest.raises(EyesClosedError, match="10 % open; at least 25 %"):
        refuse_closed_eyes(replace(GOOD, eyes_open=0.1), photo_id="0123456789ab")


@pytest.mark.parametrize(
    ("quality", "lit", "code"),
    [
        (replace(GOOD, eye_distance_px=40.0), LIT, "small"),
        (replace(GOOD, sharpness=0.4), LIT, "soft"),
        (replace(GOOD, yaw_deg=-28.0), LIT, "turned"),
        (replace(GOOD, roll_deg=25.0), LIT, "tilted"),
        (replace(GOOD, eyes_open=0.5), LIT, "half-open-eyes"),
        (replace(GOOD, mouth_open=0.2), LIT, "open-mouth"),
        (replace(GOOD, has_glasses=0.9), LIT, "glasses"),
        (GOOD, replace(LIT, middle=30.0), "dark"),
        (GOOD, replace(LIT, span=30.0), "flat"),
        (GOOD, replace(LIT, burnt=0.2), "burnt"),
    ],
)
def test_what_could_be_better_is_noted(
    hopper_face: FoundFace, quality: Quality, lit: Light, code: str
) -> None:
    judge(quality, hopper_face, lit)

    notes = notes_on(quality, lit, hopper_face, width_px=512, height_px=600)

    assert [note.code for note in notes] == [code]


def test_no_face_and_a_number_too_high_are_told(hopper_face: FoundFace) -> None:
    size = {"photo_id": "0123456789ab", "width_px": 512, "height_px": 600}

    with pytest.raises(NoFaceError, match="no face of a person was found"):
        choose_face([], face=None, **size)  # type: ignore[arg-type]
    with pytest.raises(NoFaceError, match="face 2 was asked for, and 1 were found"):
        choose_face([hopper_face], face=2, **size)  # type: ignore[arg-type]


def test_of_several_people_one_must_be_named(hopper_face: FoundFace) -> None:
    faces = [hopper_face, moved(hopper_face, right_px=300.0), moved(hopper_face, right_px=600.0)]

    with pytest.raises(SeveralFacesError, match=r"3 faces.*1 at 2\d % from the left.*--face N"):
        choose_face(faces, face=None, photo_id="0123456789ab", width_px=1000, height_px=600)
    assert choose_face(faces, face=2, photo_id="0", width_px=1000, height_px=600) is faces[1]


def test_people_far_in_the_background_do_not_count(hopper_face: FoundFace) -> None:
    faces = [moved(hopper_face, times=0.3), hopper_face]

    assert choose_face(faces, face=None, photo_id="0", width_px=512, height_px=600) is hopper_face


@given(
    yaw=st.floats(-89, 89),
    pitch=st.floats(-89, 89),
    eyes=st.floats(1, 900),
    sharp=st.floats(0.01, 1),
)
def test_every_refusal_names_a_number_that_breaks_its_limit(
    yaw: float, pitch: float, eyes: float, sharp: float
) -> None:
    quality = replace(GOOD, yaw_deg=yaw, pitch_deg=pitch, eye_distance_px=eyes, sharpness=sharp)
    face = FoundFace(
        landmarks=np.full((478, 3), 100, dtype=np.float32),
        shapes=np.zeros(52, dtype=np.float32),
        matrix=np.eye(4, dtype=np.float32),
        yaw_deg=yaw,
        pitch_deg=pitch,
        roll_deg=0.0,
    )
    if abs(yaw) <= 35 and abs(pitch) <= 30 and eyes >= 24 and eyes * sharp >= 16:
        judge(quality, face)
        return
    with pytest.raises(PhotoRefusedError) as caught:
        judge(quality, face)
    turned = isinstance(caught.value, FaceTurnedError)
    assert (caught.value.measured > caught.value.needed) is turned


def test_the_photographs_measure_as_they_look(
    hopper: np.ndarray, astronaut: np.ndarray, hopper_face: FoundFace, astronaut_face: FoundFace
) -> None:
    hers = measure_face(hopper, hopper_face, scale=1.0, is_grey=False)
    other = measure_face(astronaut, astronaut_face, scale=0.5, is_grey=False)

    assert hers.eye_distance_px == pytest.approx(83, abs=2)
    assert other.eye_distance_px == pytest.approx(86, abs=3)
    assert (hers.mouth_open, other.mouth_open) == pytest.approx((0.0, 0.16), abs=0.03)
    assert (hers.smile, other.smile) == pytest.approx((0.0, 0.9), abs=0.1)
    assert (hers.has_glasses, other.has_glasses) == pytest.approx((1.0, 0.0), abs=0.1)
    assert min(hers.eyes_open, other.eyes_open) > 0.9
    assert min(hers.sharpness, other.sharpness) > 0.9


def test_a_wider_blur_leaves_less(astronaut: np.ndarray, astronaut_face: FoundFace) -> None:
    measured = [
        sharpness(cv2.GaussianBlur(astronaut, (0, 0), sigma), astronaut_face)
        for sigma in (0.3, 1.0, 2.0, 4.0, 8.0)
    ]

    assert measured == sorted(measured, reverse=True)
    assert measured[1:4] == pytest.approx([0.5, 0.3, 0.17], abs=0.06)


@pytest.mark.parametrize("factor", [2.0, 3.0, 4.0])
def test_an_enlarged_copy_holds_no_more_than_before(
    engine: MediapipeFaces, astronaut: np.ndarray, factor: float
) -> None:
    large = enlarged(astronaut, factor)

    assert sharpness(large, engine.find(large)[0]) == pytest.approx(1 / factor, rel=0.35)


def test_grain_does_not_pass_for_detail(astronaut: np.ndarray, astronaut_face: FoundFace) -> None:
    soft = cv2.GaussianBlur(astronaut, (0, 0), 3.0).astype(float)
    grainy = np.clip(soft + np.random.default_rng(0).normal(0, 6, soft.shape), 0, 255)

    assert sharpness(grainy.astype(np.uint8), astronaut_face) < 0.3


def test_closed_eyes_are_seen(
    engine: MediapipeFaces,
    hopper: np.ndarray,
    astronaut: np.ndarray,
    hopper_face: FoundFace,
    astronaut_face: FoundFace,
) -> None:
    for pixels, face in ((hopper, hopper_face), (astronaut, astronaut_face)):
        shut = with_closed_eyes(pixels, face.landmarks)

        assert eyes_open(engine.find(shut)[0]) < 0.25


@pytest.mark.parametrize(
    "frame",
    [
        {"colour": (20, 15, 15), "thick": 0.06, "wide": 0.38, "deep": 0.30},
        {"colour": (70, 60, 50), "thick": 0.02, "wide": 0.36, "deep": 0.28},
        {"colour": (190, 160, 90), "thick": 0.025, "wide": 0.36, "deep": 0.26},
        {"colour": (40, 25, 15), "thick": 0.05, "wide": 0.44, "deep": 0.40},
    ],
    ids=["thick", "thin", "golden", "large"],
)
def test_glasses_are_seen(
    astronaut: np.ndarray, astronaut_face: FoundFace, frame: dict[str, object]
) -> None:
    worn = with_glasses(astronaut, astronaut_face.landmarks, **frame)  # type: ignore[arg-type]

    assert glasses_score(worn, astronaut_face.landmarks) > 0.8


def test_the_light_on_a_face_is_measured(astronaut: np.ndarray, astronaut_face: FoundFace) -> None:
    lit = light(astronaut, astronaut_face)
    dim = light((astronaut * 0.2).astype(np.uint8), astronaut_face)
    burnt = light(np.clip(astronaut.astype(int) * 3, 0, 255).astype(np.uint8), astronaut_face)

    assert 120 < lit.middle < 220
    assert lit.burnt < 0.02
    assert dim.middle == pytest.approx(lit.middle * 0.2, abs=3)
    assert burnt.burnt > 0.5


@pytest.mark.parametrize(
    "worse",
    [
        {"eye_distance_px": 40.0},
        {"sharpness": 0.4},
        {"yaw_deg": 25.0},
        {"pitch_deg": 28.0},
        {"eyes_open": 0.5},
        {"mouth_open": 0.25},
        {"smile": 0.9},
    ],
)
def test_whatever_is_worse_makes_a_worse_base(worse: dict[str, Any]) -> None:
    assert fitness(replace(GOOD, **worse)) < fitness(GOOD)


def test_a_face_beyond_the_picture_is_measured_without_breaking(hopper_face: FoundFace) -> None:
    gone = moved(hopper_face, right_px=5000.0)
    pixels = np.zeros((600, 512, 3), dtype=np.uint8)

    quality = measure_face(pixels, gone, scale=1.0, is_grey=True)

    assert quality.has_glasses == 0.0
    with pytest.raises(FaceCutError):
        judge(GOOD, gone)
