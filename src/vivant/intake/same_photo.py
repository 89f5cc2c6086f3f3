"""Whether two pictures hold one photograph of a face, saved again, cut or made smaller."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

SAME_PHOTO_FROM = 0.95
"""Correlation of two faces from here on means one photograph. Measured on 15 photos and paintings: the same one as JPEG of
quality 50, at 0.55 of its size, with other contrast, or cut: 0.991 .. 1.000; two people: up to 0.78."""
_SIDE_PX = 64
_SPREAD = 0.30
"""Spread of the landmarks, in sides of the picture that is compared."""
_LANDMARKS = (33, 133, 263, 362, 1, 61, 291, 152, 10, 234, 454)
"""Corners of the eyes and of the mouth, nose, chin, forehead, sides."""


def face_print(
    pixels: UInt8[np.ndarray, "height width 3"], landmarks: Float32[np.ndarray, "478 3"]
) -> Float32[np.ndarray, "64 64"]:
    """Bring a face into one place and size, and keep its fine light and shade, as a picture of length 1.

    Args:
        pixels: sRGB.
        landmarks: Of the face, in pixels.
    """
    points = landmarks[list(_LANDMARKS), :2].astype(np.float64)
    middle = points.mean(axis=0)
    across = points[2] + points[3] - points[0] - points[1]
    angle = np.arctan2(across[1], across[0])
    spread = np.sqrt(np.square(points - middle).sum(axis=1).mean())
    size = _SPREAD * _SIDE_PX / max(spread, 1e-6)
    turn = size * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    place = np.column_stack([turn, _SIDE_PX / 2 - turn @ middle])
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.float32)
    if size < 1:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.5 / size), np.float32)
    seen = np.asarray(cv2.warpAffine(grey, place, (_SIDE_PX, _SIDE_PX)), np.float32)
    fine = seen - np.asarray(cv2.GaussianBlur(seen, (0, 0), _SIDE_PX / 8), np.float32)
    fine -= fine.mean()
    return np.asarray(fine / (np.linalg.norm(fine) + 1e-6), np.float32)


def is_same_photo(
    one: Float32[np.ndarray, "64 64"], other: Float32[np.ndarray, "64 64"], /
) -> bool:
    """Tell whether two prints are of one photograph."""
    return float((one * other).sum()) >= SAME_PHOTO_FROM
