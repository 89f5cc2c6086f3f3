"""The door of the intake: photos of one person become a likeness, or an error says why not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from jaxtyping import Float32

from vivant.errors import InputError
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.intake.engines.mediapipe import MediapipeFaces
from vivant.intake.likeness import SAME_PERSON_FROM, SURE_FROM, Likeness, similarity
from vivant.intake.measuring import eye_distance_px, light, measure_face
from vivant.intake.portrait import Note, Portrait, Quality
from vivant.intake.quality import (
    GOOD_EYE_DISTANCE_PX,
    LEAST_EYES_OPEN,
    SeveralFacesError,
    choose_face,
    notes_on,
    refuse_closed_eyes,
    refuse_unfit,
)
from vivant.intake.reading import WORKING_SIDE_PX, Part, Reading, read_photo
from vivant.intake.seeing import face_height, find_faces, person_mask, vector_of
from vivant.media.files import sha256_of
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import PRIVATELY, Asked, Showing, permit
from vivant.provenance.safekeeping import utc_now

ENOUGH_EYE_DISTANCE_PX = 200.0
"""Between the pupils in the working picture: as much as a film 1080 pixels high can show."""
_KEPT_HEIGHTS = (3.5, 2.2, 3.5, 3.8)
"""How much is kept around a face that is small in a huge photo: left, above, right, below its middle, in
heights of the face. A film shows 2.5 to 3 heights."""
_WORTH_CUTTING = 1.15


class DifferentPeopleError(InputError):
    """Photos that should show one person do not."""

    code = "intake.different-people"

    def __init__(self, *, photo_id: str, base_id: str, similarity_: float) -> None:
        self.photo_id = photo_id
        self.base_id = base_id
        self.similarity = similarity_
        self.needed = SAME_PERSON_FROM
        super().__init__(
            f"Photos {base_id} and {photo_id} do not show one person: their faces are {similarity_:.3f} alike, "
            f"and {SAME_PERSON_FROM:.2f} is needed. Leave {photo_id} out, or say with --face N who is meant."
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """A photo with the faces found in it."""

    path: Path
    what: str
    reading: Reading
    faces: tuple[FoundFace, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Taken:
    """A photo with its portrait."""

    portrait: Portrait
    number: int
    """Which face of the photo, from 1 at the left."""


def take_photos(  # noqa: PLR0913 - the choices of a likeness
    paths: Sequence[Path],
    *,
    consent: Consent,
    face: int | None = None,
    engine: FaceEngine | None = None,
    places: Places | None = None,
    watch: Watch = unwatched,
    now: datetime | None = None,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
) -> Likeness:
    """Take photos of one person in.

    Each photo is read, its face found, measured and judged. Of several photos the best becomes the base:
    from the front, sharp, large, eyes open, lips closed. The others help, also those with closed eyes or
    an open mouth. In a photo that shows several people the person is recognised when another photo
    shows that person alone.

    Args:
        paths: One photo or several of one person. The same file twice counts once.
        consent: What allows it; must name the use.
        face: Which face, from 1 at the left, in photos that show several people.
        engine: What sees faces; the built-in one when None.
        places: Where things are kept; the user's own folders when None.
        watch: Hears of each photo.
        now: The moment that the consent is judged at; now when None.
        use: What the likeness is for.
        showing: To whom and where what is made of it will be shown.

    Returns:
        The likeness.

    Raises:
        ConsentError: The consent does not hold, or not for this; ``rule`` names what refused.
        InputError: A photo cannot be read or will not do, or the photos show different people. The
            message has the measured number and says what would help.
        MissingError: A model or a library is not here.
    """
    permit_photos(
        paths, consent, Asked(use=use).to_be_shown(showing), now=now, places=places or Places()
    )
    if not paths:
        message = "There is no photo. Give at least one."
        raise InputError(message)
    engine = engine or MediapipeFaces(places)
    seen: list[_Seen] = []
    for number, path in enumerate(paths, start=1):
        watch("taking the photos in", number - 1, len(paths))
        what = "The photo" if len(paths) == 1 else f"Photo {number} of {len(paths)}"
        reading = read_photo(path, what=what)
        if any(reading.photo_id == other.reading.photo_id for other in seen):
            continue
        faces = find_faces(engine, reading.picture.pixels)
        seen.append(_Seen(path=path, what=what, reading=reading, faces=faces))
    taken = _take_each(seen, face, engine)
    watch("taking the photos in", len(paths), len(paths))
    return _one_person(taken, consent_id=consent.record_id)


def permit_photos(
    paths: Sequence[Path],
    consent: Consent,
    asked: Asked,
    *,
    now: datetime | None = None,
    places: Places,
) -> None:
    """Insist that a person's photos may be made to live. No photo is opened before the record is found to hold.

    Args:
        paths: The photos; those that are not there are passed over.
        consent: The record.
        asked: What is to be made of them; their hashes are added.
        now: The moment; now when None.
        places: Where the ledger is.

    Raises:
        ConsentError: It may not be; ``rule`` names what refused.
    """
    moment, ledger = now or utc_now(), Ledger.in_places(places)
    permit(consent, asked, now=moment, ledger=ledger)
    hashes = tuple(sha256_of(path) for path in paths if path.is_file())
    if hashes:
        permit(consent, replace(asked, photos=hashes), now=moment, ledger=ledger)


def _take_each(seen: list[_Seen], face: int | None, engine: FaceEngine) -> list[_Taken]:
    """Choose whom each photo is of; where several people are seen, by the photos that show one."""
    taken: dict[int, _Taken] = {}
    crowded: dict[int, SeveralFacesError] = {}
    for index, photo in enumerate(seen):
        alone = len(photo.faces) == 1 and len(seen) > 1
        try:
            chosen = choose_face(
                photo.faces,
                face=None if alone else face,
                photo_id=photo.reading.photo_id,
                width_px=photo.reading.picture.width_px,
                height_px=photo.reading.picture.height_px,
            )
        except SeveralFacesError as error:
            crowded[index] = error
        else:
            taken[index] = _take(photo, chosen, engine)
    for index, refusal in crowded.items():
        if not taken:
            raise refusal
        known = _mean_vector([one.portrait for one in taken.values()])
        pixels = seen[index].reading.picture.pixels
        alike = [similarity(vector_of(engine, pixels, one), known) for one in seen[index].faces]
        if max(alike) < SAME_PERSON_FROM:
            raise refusal
        taken[index] = _take(seen[index], seen[index].faces[int(np.argmax(alike))], engine)
    return [taken[index] for index in sorted(taken)]


def _take(photo: _Seen, face: FoundFace, engine: FaceEngine) -> _Taken:
    number = 1 + next(i for i, one in enumerate(photo.faces) if one is face)
    others = tuple(one for one in photo.faces if one is not face)
    reading = photo.reading
    part = _part_worth_keeping(reading, face)
    if part is not None:
        reading, face, others = _look_again(photo, face, part, engine)
    pixels = reading.picture.pixels
    size = {"width_px": reading.picture.width_px, "height_px": reading.picture.height_px}
    quality = measure_face(pixels, face, scale=reading.scale, is_grey=reading.picture.was_grey)
    lit = light(pixels, face)
    refuse_unfit(quality, lit, face, photo_id=reading.photo_id, **size)
    portrait = Portrait(
        photo_id=reading.photo_id,
        picture=reading.picture,
        landmarks=face.landmarks,
        shapes=face.shapes,
        person=person_mask(engine, pixels, face, others=others),
        face_vector=vector_of(engine, pixels, face),
        quality=quality,
        notes=(
            *notes_on(quality, lit, face, **size),
            *_notes_on_others(others),
            *(Note(code="file", text=text, measured=1.0, good_from=0.0) for text in reading.notes),
        ),
        photo_px=(reading.full_width_px, reading.full_height_px),
        cut_px=(reading.part.left, reading.part.top, reading.part.right, reading.part.bottom),
    )
    return _Taken(portrait=portrait, number=number)


def _part_worth_keeping(reading: Reading, face: FoundFace) -> Part | None:
    """Choose what to read again at a finer scale, when the face is small in a huge photo."""
    if reading.scale >= 1.0 or eye_distance_px(face) >= ENOUGH_EYE_DISTANCE_PX:
        return None
    middle = face.landmarks[:, :2].mean(axis=0) / reading.scale
    size = face_height(face) / reading.scale
    left, above, right, below = (size * share for share in _KEPT_HEIGHTS)
    part = Part(
        left=max(0, int(middle[0] - left)),
        top=max(0, int(middle[1] - above)),
        right=min(reading.full_width_px, int(middle[0] + right)),
        bottom=min(reading.full_height_px, int(middle[1] + below)),
    )
    scale = min(1.0, WORKING_SIDE_PX / max(part.right - part.left, part.bottom - part.top))
    return part if scale > _WORTH_CUTTING * reading.scale else None


def _look_again(
    photo: _Seen, face: FoundFace, part: Part, engine: FaceEngine
) -> tuple[Reading, FoundFace, tuple[FoundFace, ...]]:
    reading = read_photo(photo.path, what=photo.what, part=part)
    faces = find_faces(engine, reading.picture.pixels)
    wanted = face.landmarks[:, :2].mean(axis=0) / photo.reading.scale - (part.left, part.top)
    wanted = wanted * reading.scale
    size = face_height(face) / photo.reading.scale * reading.scale
    near = [
        one
        for one in faces
        if np.linalg.norm(one.landmarks[:, :2].mean(axis=0) - wanted) < size / 2
    ]
    if not near:  # the closer look lost it: stay with the first
        return photo.reading, face, tuple(one for one in photo.faces if one is not face)
    return reading, near[0], tuple(one for one in faces if one is not near[0])


def _notes_on_others(others: tuple[FoundFace, ...]) -> tuple[Note, ...]:
    if not others:
        return ()
    text = f"The photo shows {len(others)} more faces; they stay in the background."
    return (Note(code="others", text=text, measured=float(len(others)), good_from=0.0),)


def _one_person(taken: list[_Taken], *, consent_id: str) -> Likeness:
    """Put the photos of one person together, best first."""
    ranked = sorted(taken, key=lambda one: -fitness(one.portrait.quality))
    base = ranked[0].portrait
    refuse_closed_eyes(base.quality, photo_id=base.photo_id)
    for one in ranked[1:]:
        alike = similarity(base.face_vector, one.portrait.face_vector)
        if alike < SAME_PERSON_FROM:
            raise DifferentPeopleError(
                photo_id=one.portrait.photo_id, base_id=base.photo_id, similarity_=alike
            )
    digest = hashlib.sha256(b"likeness/1\n")
    for line in sorted(f"{one.portrait.picture.sha256} {one.number}\n" for one in taken):
        digest.update(line.encode())
    return Likeness(
        likeness_id=digest.hexdigest(),
        base=base,
        helpers=tuple(_doubted(base, one.portrait) for one in ranked[1:]),
        face_vector=_mean_vector([one.portrait for one in ranked]),
        consent_id=consent_id,
    )


def fitness(quality: Quality) -> float:
    """Tell how well a photo serves as the one that moves; higher is better.

    One step is worth a doubling of the sharp pixels between the eyes, 15 degrees of turning,
    or half-closed eyes.
    """
    filled = quality.eye_distance_px * quality.sharpness
    size = float(np.log2(max(1.0, min(filled, ENOUGH_EYE_DISTANCE_PX)) / GOOD_EYE_DISTANCE_PX))
    closed = 2.0 * (1.0 - quality.eyes_open) + (8.0 if quality.eyes_open < LEAST_EYES_OPEN else 0.0)
    turned = (
        abs(quality.yaw_deg) / 15 + abs(quality.pitch_deg - 6.0) / 20 + abs(quality.roll_deg) / 30
    )
    mouth = 8.0 * max(0.0, quality.mouth_open - 0.02) + 0.8 * quality.smile
    return size - closed - turned - mouth


def _doubted(base: Portrait, portrait: Portrait) -> Portrait:
    alike = similarity(base.face_vector, portrait.face_vector)
    if alike >= SURE_FROM:
        return portrait
    text = (
        f"The face is {alike:.3f} like the base photo's; from {SURE_FROM:.3f} on there is no doubt."
    )
    note = Note(code="hardly-alike", text=text, measured=alike, good_from=SURE_FROM)
    return replace(portrait, notes=(*portrait.notes, note))


def _mean_vector(portraits: Sequence[Portrait]) -> Float32[np.ndarray, " 128"]:
    mean = np.mean([portrait.face_vector.astype(np.float64) for portrait in portraits], axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
