"""Which part of a photo the networks see, and how what they draw is laid back into the film.

Source:
    The crop that LivePortrait was trained on: upright by eyes and mouth, 2.3 times the face (brow to chin, or
    ear to ear), an eighth of that higher. Its makers find the face with models that are for research only;
    here it is measured on our own face mesh.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.media import face as names

CROP_PX = 512
AROUND = 2.3
HIGHER = 0.125
SOFT = 0.16
"""Width of the soft edge, in sides of the crop: wide, since neck and hair go through it."""
HARD = 0.02
"""The outermost part that is not used at all: networks are weak at edges."""


def crop_matrix(landmarks: Float32[np.ndarray, "478 3"]) -> Float64[np.ndarray, "2 3"]:
    """Give the way from a picture's pixels into the crop's, ``CROP_PX`` on a side."""
    points = landmarks[:, :2].astype(np.float64)
    eyes = points[[names.RIGHT_IRIS[0], names.LEFT_IRIS[0]]].mean(0)
    lips = points[[names.UPPER_LIP_OUTER[0], names.UPPER_LIP_OUTER[-1]]].mean(0)
    down = lips - eyes
    down /= max(float(np.linalg.norm(down)), 1e-6)
    axes = np.stack([np.array([down[1], -down[0]]), down])  # right, down
    brows = points[list(names.RIGHT_BROW + names.LEFT_BROW)]
    top = (brows @ down).min()
    oval = points[list(names.FACE_OVAL)]
    face = np.vstack([oval[oval @ down >= top], brows]) @ axes.T
    low, high = face.min(0), face.max(0)
    side = float((high - low).max()) * AROUND
    middle = (low + high) / 2 - np.array([0, HIGHER * side])
    scale = CROP_PX / side
    shift = (CROP_PX - 1) / 2 - scale * middle
    return np.asarray(np.c_[scale * axes, shift], np.float64)


def cropped(
    pixels: UInt8[np.ndarray, "height width 3"], matrix: Float64[np.ndarray, "2 3"]
) -> UInt8[np.ndarray, "512 512 3"]:
    """Cut the crop out; where the picture ends, it is mirrored."""
    size = (CROP_PX, CROP_PX)
    scale = float(np.hypot(*matrix[0, :2]))
    if scale < 0.5:  # larger pictures lose their finest detail first
        pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale))
    found = cv2.warpAffine(
        pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.asarray(found, np.uint8)


def composed(
    first: Float64[np.ndarray, "2 3"], then: Float64[np.ndarray, "2 3"]
) -> Float64[np.ndarray, "2 3"]:
    """Give one way for two."""
    return np.asarray(then[:, :2] @ np.c_[first] + np.c_[np.zeros((2, 2)), then[:, 2]], np.float64)


def inverted(matrix: Float64[np.ndarray, "2 3"]) -> Float64[np.ndarray, "2 3"]:
    """Give the way back."""
    return np.asarray(cv2.invertAffineTransform(matrix), np.float64)


def soft_mask(side: int) -> Float32[np.ndarray, "side side"]:
    """Make a mask that is one inside and melts into nothing toward the edges, with round corners."""
    place = (np.arange(side) + 0.5) / side
    edge = np.minimum(place, 1 - place)
    ramp = np.clip((edge - HARD) / SOFT, 0, 1)
    away = np.hypot(1 - ramp[None], 1 - ramp[:, None])
    inside = np.clip(1 - away, 0, 1)
    return np.asarray(inside * inside * (3 - 2 * inside), np.float32)


def pasted(
    film: UInt8[np.ndarray, "height width 3"],
    head: UInt8[np.ndarray, "side side 3"],
    matrix: Float64[np.ndarray, "2 3"],
    mask: Float32[np.ndarray, "height width"],
) -> UInt8[np.ndarray, "height width 3"]:
    """Lay a head over a frame.

    Args:
        film: The frame.
        head: What the network drew.
        matrix: The way from its pixels into the film's.
        mask: Of the film's size, see ``laid_mask``.
    """
    size = film.shape[1::-1]
    over = cv2.warpAffine(
        head, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mixed = film + (over.astype(np.float32) - film) * mask[..., None]
    return np.asarray(np.rint(mixed), np.uint8)


def laid_mask(
    side: int, matrix: Float64[np.ndarray, "2 3"], *, width_px: int, height_px: int
) -> Float32[np.ndarray, "height width"]:
    """Lay the mask into the film."""
    found = cv2.warpAffine(soft_mask(side), matrix, (width_px, height_px), flags=cv2.INTER_LINEAR)
    return np.asarray(found, np.float32)
