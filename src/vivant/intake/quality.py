"""The gate: which photos will do, and for those that will not, the number and what would help."""

from __future__ import annotations

from collections.abc import Sequence

from vivant.errors import InputError
from vivant.intake.engine import FoundFace
from vivant.intake.measuring import Light, eye_distance_px, outside_share
from vivant.intake.portrait import Note, Quality

LEAST_EYE_DISTANCE_PX = 24.0
"""Fewer pixels between the pupils than this give no film."""
GOOD_EYE_DISTANCE_PX = 60.0
LEAST_FILLED_PX = 16.0
"""The same for what is left of a soft photo: eye distance times sharpness."""
GOOD_FILLED_PX = 40.0
MOST_YAW_DEG, GOOD_YAW_DEG = 35.0, 20.0
MOST_PITCH_DEG, GOOD_PITCH_DEG = 30.0, 22.0
MOST_ROLL_DEG, GOOD_ROLL_DEG = 40.0, 20.0
LEAST_EYES_OPEN, GOOD_EYES_OPEN = 0.25, 0.7
"""Eyes drawn shut measure 0.00 .. 0.14; eyes narrowed by laughing must still pass."""
MOST_OUTSIDE, GOOD_OUTSIDE = 0.06, 0.005
"""Share of the face's height beyond the picture's edge."""
LEAST_MIDDLE, GOOD_MIDDLE = 14.0, 45.0
"""Median luma of the skin, 0..255."""
LEAST_SPAN, GOOD_SPAN = 12.0, 40.0
"""Luma from the darkest to the lightest parts of the face."""
MOST_BURNT, GOOD_BURNT = 0.5, 0.12
"""Share of the face that is pure white."""
GOOD_MOUTH_OPEN = 0.06
COUNTS_FROM = 0.5
"""A face smaller than this share of the largest is somebody in the background."""


class PhotoRefusedError(InputError):
    """A photo will not do."""

    code = "intake.refused"

    def __init__(self, message: str, *, photo_id: str, measured: float, needed: float) -> None:
        self.photo_id = photo_id
        self.measured = measured
        self.needed = needed
        super().__init__(message)


class NoFaceError(PhotoRefusedError):
    """There is no face in a photo, or none that can be seen well enough."""

    code = "intake.no-face"


class SeveralFacesError(PhotoRefusedError):
    """A photo shows several people, and nobody said which."""

    code = "intake.several-faces"


class FaceTooSmallError(PhotoRefusedError):
    """A face has too few pixels."""

    code = "intake.face-too-small"


class FaceBlurredError(PhotoRefusedError):
    """A face is too soft."""

    code = "intake.face-blurred"


class FaceTurnedError(PhotoRefusedError):
    """A face is turned away too far."""

    code = "intake.face-turned"


class FaceCutError(PhotoRefusedError):
    """The picture's edge cuts the face."""

    code = "intake.face-cut"


class FaceLightError(PhotoRefusedError):
    """A face is too dark, too light or too flat to see its features."""

    code = "intake.face-light"


class EyesClosedError(PhotoRefusedError):
    """The eyes are closed."""

    code = "intake.eyes-closed"


def choose_face(
    faces: Sequence[FoundFace], *, face: int | None, photo_id: str, width_px: int, height_px: int
) -> FoundFace:
    """Choose whom a photo is of.

    Args:
        faces: From left to right.
        face: Number of the face, from 1 at the left; when None, the photo must show one person, faces
            less than half the size of the largest left aside.
        photo_id: What messages call the photo.
        width_px: Of the picture that the faces are in.
        height_px: Likewise.

    Raises:
        NoFaceError: There is none, or not as many.
        SeveralFacesError: There are several; the message lists them.
    """
    if not faces:
        message = (
            f"Photo {photo_id}: no face of a person was found. Give a photo that shows the face from the front, "
            f"with at least {LEAST_EYE_DISTANCE_PX:.0f} pixels between the eyes, upright and not covered."
        )
        raise NoFaceError(message, photo_id=photo_id, measured=0, needed=1)
    if face is not None:
        if not 1 <= face <= len(faces):
            message = (
                f"Photo {photo_id}: face {face} was asked for, and {len(faces)} were found: "
                f"{_listed(faces, width_px, height_px)}."
            )
            raise NoFaceError(message, photo_id=photo_id, measured=len(faces), needed=face)
        return faces[face - 1]
    largest = max(faces, key=eye_distance_px)
    counting = [
        one for one in faces if eye_distance_px(one) >= COUNTS_FROM * eye_distance_px(largest)
    ]
    if len(counting) > 1:
        message = (
            f"Photo {photo_id}: {len(faces)} faces were found, from left to right: "
            f"{_listed(faces, width_px, height_px)}. Say which with --face N."
        )
        raise SeveralFacesError(message, photo_id=photo_id, measured=len(counting), needed=1)
    return largest


def refuse_unfit(
    quality: Quality, light: Light, face: FoundFace, *, photo_id: str, width_px: int, height_px: int
) -> None:
    """Refuse a photo that no film can be made from. Closed eyes are judged by ``refuse_closed_eyes``.

    Args:
        quality: What was measured.
        light: How the face is lit.
        face: The face, in pixels of the picture.
        photo_id: What messages call the photo.
        width_px: Of the picture.
        height_px: Likewise.

    Raises:
        PhotoRefusedError: One of its kinds, with the number and what would help.
    """
    _refuse_small_or_soft(quality, photo_id)
    _refuse_turned(quality, photo_id)
    outside = outside_share(face, width_px=width_px, height_px=height_px)
    if outside > MOST_OUTSIDE:
        message = (
            f"Photo {photo_id}: the picture's edge cuts off {100 * outside:.0f} % of the face. "
            "Give a photo that shows the whole head."
        )
        raise FaceCutError(message, photo_id=photo_id, measured=outside, needed=MOST_OUTSIDE)
    _refuse_light(light, photo_id)


def refuse_closed_eyes(quality: Quality, *, photo_id: str) -> None:
    """Refuse a photo whose eyes are closed: the person in the film could not look.

    Raises:
        EyesClosedError: They are.
    """
    if quality.eyes_open < LEAST_EYES_OPEN:
        message = (
            f"Photo {photo_id}: the eyes are {100 * quality.eyes_open:.0f} % open; at least "
            f"{100 * LEAST_EYES_OPEN:.0f} % are needed. Give a photo with open eyes; this one helps beside it."
        )
        raise EyesClosedError(
            message, photo_id=photo_id, measured=quality.eyes_open, needed=LEAST_EYES_OPEN
        )


def notes_on(
    quality: Quality, light: Light, face: FoundFace, *, width_px: int, height_px: int
) -> tuple[Note, ...]:
    """Say what would make a better film, worst first as a rule.

    Codes: ``small``, ``soft``, ``turned``, ``tilted``, ``cut``, ``half-open-eyes``, ``open-mouth``,
    ``dark``, ``flat``, ``burnt``, ``glasses``.
    """
    filled = quality.eye_distance_px * quality.sharpness
    outside = outside_share(face, width_px=width_px, height_px=height_px)
    found: list[tuple[bool, str, str, float, float]] = [
        (
            quality.eye_distance_px < GOOD_EYE_DISTANCE_PX,
            "small",
            f"The eyes are {quality.eye_distance_px:.0f} pixels apart; from {GOOD_EYE_DISTANCE_PX:.0f} on a film "
            "looks good. A larger scan or the original file helps.",
            quality.eye_distance_px,
            GOOD_EYE_DISTANCE_PX,
        ),
        (
            quality.eye_distance_px >= GOOD_EYE_DISTANCE_PX and filled < GOOD_FILLED_PX,
            "soft",
            f"The face is soft: it holds as much as a sharp one with {filled:.0f} pixels between the eyes; from "
            f"{GOOD_FILLED_PX:.0f} on it is good.",
            filled,
            GOOD_FILLED_PX,
        ),
        (
            abs(quality.yaw_deg) > GOOD_YAW_DEG,
            "turned",
            f"The face is turned {abs(quality.yaw_deg):.0f} degrees to the {_side(quality.yaw_deg)}; up to "
            f"{GOOD_YAW_DEG:.0f} it moves freely, beyond that the head turns less.",
            abs(quality.yaw_deg),
            GOOD_YAW_DEG,
        ),
        (
            abs(quality.pitch_deg) > GOOD_PITCH_DEG or abs(quality.roll_deg) > GOOD_ROLL_DEG,
            "tilted",
            f"The face is tilted: {quality.pitch_deg:.0f} degrees down, {quality.roll_deg:.0f} clockwise. "
            "A straight look into the camera is better.",
            max(abs(quality.pitch_deg), abs(quality.roll_deg)),
            GOOD_ROLL_DEG,
        ),
        (
            outside > GOOD_OUTSIDE,
            "cut",
            f"The picture's edge cuts off {100 * outside:.0f} % of the face.",
            outside,
            GOOD_OUTSIDE,
        ),
        (
            LEAST_EYES_OPEN <= quality.eyes_open < GOOD_EYES_OPEN,
            "half-open-eyes",
            f"The eyes are {100 * quality.eyes_open:.0f} % open; wide open ones blink better.",
            quality.eyes_open,
            GOOD_EYES_OPEN,
        ),
        (
            quality.mouth_open > GOOD_MOUTH_OPEN,
            "open-mouth",
            f"The mouth is open by {100 * quality.mouth_open:.0f} % of its width. It gives real teeth; a second "
            "photo with closed lips gives a better rest.",
            quality.mouth_open,
            GOOD_MOUTH_OPEN,
        ),
        *_light_notes(light),
        (
            quality.has_glasses >= 0.5,
            "glasses",
            "The person wears glasses; they stay as they are while the face moves behind them.",
            quality.has_glasses,
            0.5,
        ),
    ]
    return tuple(
        Note(code=code, text=text, measured=float(measured), good_from=float(good))
        for true, code, text, measured, good in found
        if true
    )


def _light_notes(light: Light) -> tuple[tuple[bool, str, str, float, float], ...]:
    return (
        (
            light.middle < GOOD_MIDDLE,
            "dark",
            f"The face is dark: level {light.middle:.0f} of 255; from {GOOD_MIDDLE:.0f} on it is good.",
            light.middle,
            GOOD_MIDDLE,
        ),
        (
            light.span < GOOD_SPAN,
            "flat",
            f"The face has little contrast: {light.span:.0f} levels of 255; from {GOOD_SPAN:.0f} on it is good.",
            light.span,
            GOOD_SPAN,
        ),
        (
            light.burnt > GOOD_BURNT,
            "burnt",
            f"{100 * light.burnt:.0f} % of the face is pure white; less than {100 * GOOD_BURNT:.0f} % is good.",
            light.burnt,
            GOOD_BURNT,
        ),
    )


def _refuse_small_or_soft(quality: Quality, photo_id: str) -> None:
    eyes = quality.eye_distance_px
    if eyes < LEAST_EYE_DISTANCE_PX:
        message = (
            f"Photo {photo_id}: the eyes are {eyes:.0f} pixels apart; at least {LEAST_EYE_DISTANCE_PX:.0f} are "
            f"needed, and {GOOD_EYE_DISTANCE_PX:.0f} for a good film. Give the photo "
            f"{LEAST_EYE_DISTANCE_PX / max(1.0, eyes):.1f} times larger (a new scan or the original, not an "
            "enlarged copy), or one taken closer."
        )
        raise FaceTooSmallError(
            message, photo_id=photo_id, measured=eyes, needed=LEAST_EYE_DISTANCE_PX
        )
    filled = eyes * quality.sharpness
    if filled < LEAST_FILLED_PX:
        message = (
            f"Photo {photo_id}: the face is blurred: {eyes:.0f} pixels lie between the eyes, but they hold no "
            f"more than {filled:.0f} sharp ones would; at least {LEAST_FILLED_PX:.0f} are needed. Give a sharper "
            "photo, or scan the print again in focus."
        )
        raise FaceBlurredError(message, photo_id=photo_id, measured=filled, needed=LEAST_FILLED_PX)


def _refuse_turned(quality: Quality, photo_id: str) -> None:
    for angle, most, how in (
        (
            quality.roll_deg,
            MOST_ROLL_DEG,
            "tilted {} degrees in the picture's plane. Rotate the photo upright",
        ),
        (
            quality.yaw_deg,
            MOST_YAW_DEG,
            "turned {} degrees to the side. Give a photo from the front",
        ),
        (
            quality.pitch_deg,
            MOST_PITCH_DEG,
            "tilted {} degrees up or down. Give a photo from the front",
        ),
    ):
        if abs(angle) > most:
            message = f"Photo {photo_id}: the face is {how.format(f'{abs(angle):.0f}')}; up to {most:.0f} will do."
            raise FaceTurnedError(message, photo_id=photo_id, measured=abs(angle), needed=most)


def _refuse_light(light: Light, photo_id: str) -> None:
    for bad, measured, needed, text in (
        (
            light.middle < LEAST_MIDDLE,
            light.middle,
            LEAST_MIDDLE,
            "too dark: its level is {:.0f} of 255",
        ),
        (
            light.span < LEAST_SPAN,
            light.span,
            LEAST_SPAN,
            "too flat: its levels span {:.0f} of 255",
        ),
        (
            light.burnt > MOST_BURNT,
            light.burnt,
            MOST_BURNT,
            "overexposed: {:.0%} of it is pure white",
        ),
    ):
        if bad:
            limit = f"{needed:.0%}" if needed <= 1 else f"{needed:.0f}"
            message = (
                f"Photo {photo_id}: the face is {text.format(measured)}, and the limit is {limit}. "
                "Give a photo with more even light, or correct this one."
            )
            raise FaceLightError(message, photo_id=photo_id, measured=measured, needed=needed)


def _listed(faces: Sequence[FoundFace], width_px: int, height_px: int) -> str:
    entries = []
    for number, face in enumerate(faces, start=1):
        middle = face.landmarks[:, :2].mean(axis=0)
        entries.append(
            f"{number} at {100 * middle[0] / width_px:.0f} % from the left, "
            f"{100 * middle[1] / height_px:.0f} % from the top, eyes {eye_distance_px(face):.0f} px apart"
        )
    return "; ".join(entries)


def _side(yaw_deg: float) -> str:
    return "right" if yaw_deg > 0 else "left"
