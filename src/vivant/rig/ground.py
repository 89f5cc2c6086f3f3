"""The ground a rig is built on: the base photo cut to head and shoulders, at the rig's own scale."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.intake.portrait import Portrait
from vivant.media.face import CHIN, FOREHEAD

FACE_HEIGHT_PX = (240.0, 520.0)
"""A smaller face is enlarged to this, so that lids and lips have pixels to move; a larger one is reduced."""
ABOVE, BELOW, BESIDE = 1.9, 3.4, 3.6
"""How much of the photo is kept around the middle of the face, in face heights."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """The base photo in rig pixels."""

    rgb: UInt8[np.ndarray, "height width 3"]
    landmarks: Float32[np.ndarray, "478 3"]
    person: Float32[np.ndarray, "height width"]
    face_height_px: float
    """From the top of the forehead to the chin."""
    scale: float
    """Rig pixels for one pixel of the portrait's picture."""
    offset_px: tuple[float, float]
    """Where the picture's first pixel lies, in rig pixels."""
    cut: tuple[bool, bool, bool, bool]
    """Left, top, right, bottom: whether the photo ends there (and not only our crop)."""


def lay_ground(portrait: Portrait) -> Ground:
    """Cut the photo around the person and bring the face to the rig's scale."""
    pixels, points = portrait.picture.pixels, portrait.landmarks
    height, width = pixels.shape[:2]
    tall = float(np.linalg.norm(points[FOREHEAD, :2] - points[CHIN, :2]))
    middle = points[[FOREHEAD, CHIN], :2].mean(0)
    x0, x1 = (int(np.clip(middle[0] + side * BESIDE * tall, 0, width)) for side in (-1, 1))
    y0, y1 = (
        int(max(0.0, middle[1] - ABOVE * tall)),
        int(min(float(height), middle[1] + BELOW * tall)),
    )
    cut = (x0 == 0, y0 == 0, x1 == width, y1 == height)
    scale = float(np.clip(tall, *FACE_HEIGHT_PX) / tall)
    size = (max(2, round((x1 - x0) * scale)), max(2, round((y1 - y0) * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LANCZOS4
    rgb = cv2.resize(pixels[y0:y1, x0:x1], size, interpolation=way)
    person = cv2.resize(portrait.person[y0:y1, x0:x1], size, interpolation=cv2.INTER_LINEAR)
    # Landmarks count from the picture's edge; from here on pixel centres are whole numbers.
    shift = np.array([-x0 * scale - 0.5, -y0 * scale - 0.5, 0.0])
    moved = (points * scale + shift).astype(np.float32)
    return Ground(
        rgb=np.ascontiguousarray(rgb),
        landmarks=moved,
        person=np.clip(person, 0, 1).astype(np.float32),
        face_height_px=tall * scale,
        scale=scale,
        offset_px=(float(shift[0]), float(shift[1])),
        cut=cut,
    )
