"""How well people match who stand in one picture: colour of their skin in light and in shade, and their blacks.

The measure is for any picture with faces in it, a frame of a film or a photo; ``tone`` looks at photos through it too.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8

from vivant.media.face import (
    FACE_OVAL,
    LEFT_BROW,
    LEFT_EYE_LOWER,
    LEFT_EYE_UPPER,
    LOWER_LIP_OUTER,
    RIGHT_BROW,
    RIGHT_EYE_LOWER,
    RIGHT_EYE_UPPER,
    UPPER_LIP_OUTER,
)

LUMA = np.array([0.2126, 0.7152, 0.0722])
IN_SHADE, IN_LIGHT = (0.10, 0.50), (0.50, 0.95)
"""Shares of the skin from its darkest to its lightest that count as shade and as light."""
INNER = 0.90
"""The face's outline is drawn in so far: beyond it lie hair and edges."""
DARKEST = 0.008
"""The share of the face, eyes and all, that is taken for black: pupils, lashes, nostrils."""

Points = Float32[np.ndarray, "points xyz"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinReading:
    """What a picture shows of one person's skin."""

    light_lab: tuple[float, float, float]
    """CIE L*, a*, b* (D65) of the lighter half of the skin."""
    shade_lab: tuple[float, float, float]
    """The same of the darker half."""
    black: float
    """Luma of what is darkest in the face, 0..255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How far two people are apart in one picture."""

    light_ab: float
    """Distance of their skins in a*, b* where light falls; L* is their own."""
    shade_ab: float
    """The same in the shade."""
    black: float
    """Difference of their blacks, 0..255."""


def read_skin(pixels: UInt8[np.ndarray, "height width 3"], landmarks: Points) -> SkinReading:
    """Measure one face of a picture.

    Args:
        pixels: sRGB.
        landmarks: 468 or more points of the face in pixels, as the face engine gives them.

    Returns:
        Its reading.
    """
    skin = pixels[skin_of(pixels.shape[:2], landmarks)].astype(np.float64) / 255
    linear = to_linear(skin)
    shade, light = halves(linear)
    return SkinReading(
        light_lab=_tuple(lab_of(light.mean(0))),
        shade_lab=_tuple(lab_of(shade.mean(0))),
        black=255 * float(to_encoded(np.array(black_of(pixels, landmarks)))),
    )


def compare(one: SkinReading, other: SkinReading) -> Match:
    """Tell how far two people are apart."""
    light = np.subtract(one.light_lab[1:], other.light_lab[1:])
    shade = np.subtract(one.shade_lab[1:], other.shade_lab[1:])
    return Match(
        light_ab=float(np.hypot(*light)),
        shade_ab=float(np.hypot(*shade)),
        black=abs(one.black - other.black),
    )


def skin_of(shape: tuple[int, ...], landmarks: Points) -> Bool[np.ndarray, "height width"]:
    """Find cheeks, nose and forehead: the face above the mouth without eyes and brows."""
    mask = np.zeros(shape[:2], np.uint8)
    outline = landmarks[list(FACE_OVAL), :2]
    middle = outline.mean(0)
    _fill(mask, middle + (outline - middle) * INNER, 1)
    tall = float(np.ptp(outline[:, 1]))
    for upper, lower in (
        (RIGHT_EYE_UPPER, RIGHT_EYE_LOWER),
        (LEFT_EYE_UPPER, LEFT_EYE_LOWER),
        (RIGHT_BROW, ()),
        (LEFT_BROW, ()),
        (UPPER_LIP_OUTER, LOWER_LIP_OUTER),
    ):
        part = cv2.convexHull(landmarks[[*upper, *lower], :2].astype(np.float32))[:, 0]
        away = part - part.mean(0)
        reach = np.linalg.norm(away, axis=1, keepdims=True)
        _fill(mask, part + away / np.maximum(reach, 1e-3) * 0.03 * tall, 0)
    mouth = float(landmarks[list(UPPER_LIP_OUTER), 1].min())
    mask[max(0, round(mouth - 0.03 * tall)) :] = 0
    return mask > 0


def black_of(pixels: UInt8[np.ndarray, "height width 3"], landmarks: Points) -> float:
    """Tell the light of what is darkest in a face, in linear light."""
    mask = np.zeros(pixels.shape[:2], np.uint8)
    _fill(mask, landmarks[list(FACE_OVAL), :2] * 1.0, 1)
    luma = to_linear(pixels[mask > 0].astype(np.float64) / 255) @ LUMA
    if not len(luma):
        return 0.0
    darkest = np.sort(luma)[: max(4, round(DARKEST * len(luma)))]
    return float(np.median(darkest))


def halves(
    linear: Float64[np.ndarray, "pixels 3"],
) -> tuple[Float64[np.ndarray, "shade 3"], Float64[np.ndarray, "light 3"]]:
    """Part skin into what lies in shade and what lies in light."""
    luma = linear @ LUMA
    (a, b), (c, d) = (np.quantile(luma, part) for part in (IN_SHADE, IN_LIGHT))
    return linear[(luma >= a) & (luma <= b)], linear[(luma >= c) & (luma <= d)]


def to_linear(encoded: Float64[np.ndarray, ...]) -> Float64[np.ndarray, ...]:
    """Turn sRGB 0..1 into linear light."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def to_encoded(linear: Float64[np.ndarray, ...]) -> Float64[np.ndarray, ...]:
    """Turn linear light into sRGB 0..1."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
_WHITE = _TO_XYZ.sum(1)


def lab_of(linear: Float64[np.ndarray, "*shape 3"]) -> Float64[np.ndarray, "*shape 3"]:
    """Turn linear light into CIE L*, a*, b* (D65)."""
    t = np.maximum(linear, 0) @ _TO_XYZ.T / _WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _fill(mask: UInt8[np.ndarray, "height width"], outline: np.ndarray, value: int) -> None:
    cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], value)


def _tuple(lab: Float64[np.ndarray, " 3"]) -> tuple[float, float, float]:
    return float(lab[0]), float(lab[1]), float(lab[2])
