"""Where the light of a photograph came from, as far as the face tells."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.rig.rig import Rig

PAIRS = ((50, 280), (205, 425), (117, 346), (187, 411), (101, 330), (69, 299))
"""Landmarks of skin that faces aside, on the picture's left and right: cheeks and temples."""
PATCH = 0.035
"""Half the side of what is looked at, in heights of the face."""
STRONG = 0.55
"""A difference of this much between the sides, against their mean, is all from one side."""
UNSURE = 0.12
"""Pairs that differ among themselves by more than this tell nothing: a hand, hair or a hat shades them."""


def lit_from(rig: Rig) -> float:
    """Measure which side of the face is brighter.

    Args:
        rig: Of the photo.

    Returns:
        -1 where the light came from the picture's left, 1 from its right; 0 from the front, or not to be told.
    """
    left = np.array([_skin(rig, pair[0]) for pair in PAIRS])
    right = np.array([_skin(rig, pair[1]) for pair in PAIRS])
    differs = (right - left) / np.maximum((right + left) / 2, 1e-4)
    middle = float(np.median(differs))
    if float(np.median(np.abs(differs - middle))) > UNSURE + 0.5 * abs(middle):
        return 0.0
    return float(np.clip(middle / STRONG, -1, 1))


def _skin(rig: Rig, landmark: int) -> float:
    """Give the light of a small patch round a landmark."""
    x, y = rig.landmarks[landmark, :2]
    half = max(1, round(PATCH * rig.face_height_px))
    rows = slice(max(0, round(float(y)) - half), max(0, round(float(y)) + half + 1))
    columns = slice(max(0, round(float(x)) - half), max(0, round(float(x)) + half + 1))
    patch: Float32[np.ndarray, "height width 3"] = rig.photo[rows, columns].astype(np.float32) / 255
    if patch.size == 0:
        return 0.0
    light = np.median(patch.reshape(-1, 3), axis=0) ** 2.2
    return float(light @ np.array([0.2126, 0.7152, 0.0722]))
