"""What is known of one photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from vivant.media.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something about a photo that is no reason to refuse it, yet worth knowing."""

    code: str
    """Stable name: ``"small"``, ``"turned"``, ``"dark"``; see ``intake/quality.py``."""
    text: str
    """In words, with the measured number and what would help."""
    measured: float
    """The number."""
    good_from: float
    """From where on it would be good (for some, up to where)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was measured on the face, in pixels of the photo as taken and in degrees."""

    eye_distance_px: float
    """Between the pupils."""
    sharpness: float
    """Share of the pixels, across or down, that the photo really fills: 0.5 looks like a sharp photo of half
    the size. 1 is as sharp as the pixels allow; how it is measured: ``intake/measuring.py``."""
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    eyes_open: float
    """0 closed .. 1 open, the less open eye."""
    mouth_open: float
    """Gap between the lips over the width of the mouth."""
    smile: float
    """0 none .. 1 wide."""
    is_grey: bool
    has_glasses: float
    """0 .. 1, how sure."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Portrait:
    """One photo of one person, with the face found in it.

    All points and masks are in pixels of ``picture``, which is the photo made upright and, when
    it is larger than the work needs, made smaller; the pixels around the person are kept.
    """

    photo_id: str
    """First 12 hex digits of the file's SHA-256: what messages call it."""
    picture: Picture
    landmarks: Float32[np.ndarray, "478 3"]
    """MediaPipe face mesh with irises: x, y, z in pixels; smaller z is nearer to the camera."""
    shapes: Float32[np.ndarray, " 52"]
    """ARKit face shapes seen in the photo, 0..1, in the order of ``ARKIT_SHAPES``."""
    person: Float32[np.ndarray, "height width"]
    """How sure the segmenter is that a pixel is the person, 0..1, at the picture's size; soft at edges."""
    face_vector: Float32[np.ndarray, " 128"]
    """Whose face it is; compare with ``likeness.similarity``."""
    quality: Quality
    notes: tuple[Note, ...] = ()
    """What would make a better film."""
    photo_px: tuple[int, int] = (0, 0)
    """Width and height of the whole photo, upright, before it was made smaller or cut."""
    cut_px: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Left, top, right, bottom of what ``picture`` shows, in pixels of the whole photo."""
