"""Photos in, a likeness out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from intake.retouching import enlarged, in_a_row, with_closed_eyes
from vivant.errors import ConsentError, EngineBrokeError, InputError
from vivant.intake.engine import FaceTraits, Follower, FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.likeness import similarity
from vivant.intake.measuring import eye_distance_px
from vivant.intake.quality import (
    EyesClosedError,
    FaceBlurredError,
    FaceTooSmallError,
    NoFaceError,
    SeveralFacesError,
)
from vivant.intake.taking import DifferentPeopleError, take_photos
from vivant.media.face import LEFT_IRIS, RIGHT_IRIS
from vivant.provenance.consent import Consent

pytestmark = pytest.mark.models


def saved(folder: Path, pixels: np.ndarray, name: str = "photo.png") -> Path:
    Image.fromarray(pixels).save(folder / name)
    return folder / name


def test_one_photo_becomes_a_likeness(
    hopper_path: Path, engine: MediapipeFaces, consent: Consent
) -> None:
    heard: list[tuple[str, int, int]] = []

    likeness = take_photos(
        [hopper_path], consent=consent, engine=engine, watch=lambda *step: heard.append(step)
    )

    base = likeness.base
    assert likeness.consent_id == consent.record_id
    assert likeness.helpers == ()
    assert base.picture.pixels.shape[:2] == base.person.shape
    assert base.photo_px == (512, 600)
    assert base.cut_px == (0, 0, 512, 600)
    assert [note.code for note in base.notes] == ["glasses"]
    assert np.linalg.norm(likeness.face_vector) == pytest.approx(1.0, abs=1e-5)
    assert heard == [("taking the photos in", 0, 1), ("taking the photos in", 1, 1)]


def test_the_same_photos_give_the_same_id_in_any_order(
    tmp_path: Path, hopper: np.ndarray, engine: MediapipeFaces, consent: Consent
) -> None:
    large = saved(tmp_path, hopper, "large.png")
    small = saved(tmp_path, enlarged(hopper, 0.6), "small.png")

    one = take_photos([large, small], consent=consent, engine=engine)
    two = take_photos([small, large, small], consent=consent, engine=engine)
    three = take_photos([large], consent=consent, engine=engine)

    assert one.likeness_id == two.likeness_id != three.likeness_id
    assert one.base.photo_id == two.base.photo_id == three.base.photo_id
    assert len(two.helpers) == 1


def test_a_photo_with_closed_eyes_helps_but_is_never_the_base(
    tmp_path: Path,
    hopper: np.ndarray,
    hopper_face: FoundFace,
    engine: MediapipeFaces,
    consent: Consent,
) -> None:
    shut = saved(
        tmp_path, enlarged(with_closed_eyes(hopper, hopper_face.landmarks), 1.5), "shut.png"
    )
    open_eyed = saved(tmp_path, enlarged(hopper, 0.6), "open.png")

    likeness = take_photos([shut, open_eyed], consent=consent, engine=engine)

    assert likeness.base.quality.eyes_open > 0.9
    assert likeness.helpers[0].quality.eyes_open < 0.3
    with pytest.raises(EyesClosedError):
        take_photos([shut], consent=consent, engine=engine)


def test_two_people_are_refused_with_the_measured_similarity(
    tmp_path: Path,
    hopper_path: Path,
    astronaut: np.ndarray,
    engine: MediapipeFaces,
    consent: Consent,
) -> None:
    other = saved(tmp_path, astronaut)

    with pytest.raises(
        DifferentPeopleError, match=r"are 0\.8\d\d alike, and 0\.90 is needed"
    ) as caught:
        take_photos([hopper_path, other], consent=consent, engine=engine)

    assert caught.value.similarity < caught.value.needed


def test_in_a_group_the_face_is_named_or_recognised(
    tmp_path: Path,
    hopper: np.ndarray,
    astronaut: np.ndarray,
    engine: MediapipeFaces,
    consent: Consent,
) -> None:
    group = saved(tmp_path, in_a_row(astronaut[:300, 60:360], hopper[60:400, 90:430]), "group.png")
    alone = saved(tmp_path, hopper, "alone.png")

    with pytest.raises(SeveralFacesError, match="2 faces were found"):
        take_photos([group], consent=consent, engine=engine)
    first = take_photos([group], consent=consent, face=1, engine=engine)
    second = take_photos([group], consent=consent, face=2, engine=engine)
    together = take_photos([group, alone], consent=consent, engine=engine)

    assert first.likeness_id != second.likeness_id
    assert first.base.landmarks[:, 0].mean() < second.base.landmarks[:, 0].mean()
    assert "others" in {note.code for note in first.base.notes}
    assert first.base.person[:, 450:].max() < 0.2  # the neighbour is background
    assert len(together.helpers) == 1
    assert together.helpers[0].landmarks[:, 0].mean() > 300


def test_a_cat_is_nobody(tmp_path: Path, engine: MediapipeFaces, consent: Consent) -> None:
    with pytest.raises(NoFaceError, match="no face of a person was found"):
        take_photos([saved(tmp_path, data.cat())], consent=consent, engine=engine)


def test_a_face_forty_pixels_wide_is_too_small(
    tmp_path: Path, hopper: np.ndarray, engine: MediapipeFaces, consent: Consent
) -> None:
    with pytest.raises(FaceTooSmallError, match=r"1\d pixels apart; at least 24"):
        take_photos([saved(tmp_path, enlarged(hopper, 0.2))], consent=consent, engine=engine)


def test_a_blurred_enlargement_is_refused(
    tmp_path: Path, hopper: np.ndarray, engine: MediapipeFaces, consent: Consent
) -> None:
    soft = enlarged(enlarged(hopper, 0.1), 6.0)

    with pytest.raises(FaceBlurredError, match="no more than"):
        take_photos([saved(tmp_path, soft)], consent=consent, engine=engine)


def test_an_old_grey_print_passes(
    tmp_path: Path, hopper: np.ndarray, engine: MediapipeFaces, consent: Consent
) -> None:
    path = tmp_path / "print.tif"
    Image.fromarray(hopper).convert("L").save(path)

    likeness = take_photos([path], consent=consent, engine=engine)

    assert likeness.base.quality.is_grey
    assert likeness.base.picture.was_grey


def test_a_small_face_in_a_huge_photo_keeps_its_pixels(
    tmp_path: Path, hopper: np.ndarray, engine: MediapipeFaces, consent: Consent
) -> None:
    """A person at the edge of a 48-megapixel photo is cut out of it, not shrunk with it."""
    canvas = np.full((6000, 8000, 3), 140, dtype=np.uint8)
    person = enlarged(hopper, 1.5)
    canvas[3000 : 3000 + person.shape[0], 6800 : 6800 + person.shape[1]] = person
    path = tmp_path / "huge.jpg"
    Image.fromarray(canvas).save(path, quality=92)

    base = take_photos([path], consent=consent, engine=engine).base

    left, top, right, _ = base.cut_px
    scale = base.picture.width_px / (right - left)
    irises = base.landmarks[[RIGHT_IRIS[0], LEFT_IRIS[0]], :2] / scale + (left, top)
    assert base.photo_px == (8000, 6000)
    assert scale > 0.95
    assert base.quality.eye_distance_px == pytest.approx(83 * 1.5, abs=3)
    assert np.linalg.norm(irises[1] - irises[0]) == pytest.approx(83 * 1.5, abs=3)
    assert irises[0] == pytest.approx((6800 + 224 * 1.5, 3000 + 193 * 1.5), abs=6)


def test_no_photo_at_all_is_refused(engine: MediapipeFaces, consent: Consent) -> None:
    with pytest.raises(InputError, match="at least one"):
        take_photos([], consent=consent, engine=engine)


def test_consent_comes_before_the_first_look(tmp_path: Path, consent: Consent) -> None:
    late = consent.given_at + timedelta(days=4000)

    with pytest.raises(ConsentError):
        take_photos([tmp_path / "never-opened.jpg"], consent=consent, now=late)


def test_similarity_is_the_cosine() -> None:
    a, b = np.zeros(128, dtype=np.float32), np.zeros(128, dtype=np.float32)
    a[0], b[0], b[1] = 2.0, 3.0, 4.0

    assert similarity(a, b) == pytest.approx(0.6)
    assert similarity(a, -b) == 0.0
    assert similarity(a, np.zeros(128, dtype=np.float32)) == 0.0


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Sees like another engine, but gets one thing wrong."""

    true: MediapipeFaces
    what: str
    traits: FaceTraits = MediapipeFaces.traits

    def find(self, pixels: np.ndarray, /) -> tuple[FoundFace, ...]:
        faces = self.true.find(pixels)
        if self.what == "landmarks":
            return tuple(
                replace(face, landmarks=face.landmarks * np.float32(np.nan)) for face in faces
            )
        if self.what == "shapes":
            return tuple(replace(face, shapes=face.shapes + np.float32(1.5)) for face in faces)
        return faces

    def segment(self, pixels: np.ndarray, /) -> np.ndarray:
        mask = self.true.segment(pixels)
        return mask[::2] if self.what == "mask" else mask

    def vector(self, pixels: np.ndarray, landmarks: np.ndarray, /) -> np.ndarray:
        length = 2.0 if self.what == "vector" else 1.0
        return self.true.vector(pixels, landmarks) * np.float32(length)

    def follow(self) -> Follower:
        return self.true.follow()


@pytest.mark.parametrize("what", ["landmarks", "shapes", "mask", "vector"])
def test_an_engine_that_breaks_its_contract_is_told(
    hopper_path: Path, engine: MediapipeFaces, consent: Consent, what: str
) -> None:
    with pytest.raises(EngineBrokeError, match="author"):
        take_photos([hopper_path], consent=consent, engine=Wrong(true=engine, what=what))


def test_a_face_is_as_large_as_its_irises_are_apart(hopper_face: FoundFace) -> None:
    assert eye_distance_px(hopper_face) == pytest.approx(83, abs=2)
