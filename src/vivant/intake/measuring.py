"""Measure a face in a photo: how large, how sharp, how turned, how lit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.intake.engine import FoundFace
from vivant.intake.glasses import glasses_score
from vivant.intake.portrait import Quality
from vivant.media.face import (
    CHIN,
    FACE_OVAL,
    FOREHEAD,
    LEFT_EYE_LOWER,
    LEFT_EYE_UPPER,
    LEFT_IRIS,
    RIGHT_EYE_LOWER,
    RIGHT_EYE_UPPER,
    RIGHT_IRIS,
    SHAPE,
)

SHUT_AT = 0.12
"""Gap of the lids over the length of the eye; drawn-on closed lids measure 0.02 .. 0.13."""
OPEN_AT = 0.24
"""Seven faces with open eyes measure 0.29 .. 0.57."""

_BLUR_RATIO, _SHARP_RATIO = 0.30, 0.45
"""Detail of one octave over detail of the next coarser one: 0.30 where a blur has eaten it, 0.5 and more
where the picture is sharp (measured with blurs of 1 to 4 pixels on seven faces)."""
_NOISE_P97 = 2.17 / 0.6745
"""From the median to the 97th percentile of a normal distribution's size."""

_LOST_IN_NOISE = 0.5
"""Detail weaker than this share of the noise cannot be told from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """How the face is lit, in 8-bit levels of luma."""

    middle: float
    """Median."""
    span: float
    """From the 5th to the 95th percentile."""
    burnt: float
    """Share of the face that is pure white, 0..1."""


def measure_face(
    pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace, *, scale: float, is_grey: bool
) -> Quality:
    """Measure what decides whether a photo will do.

    Args:
        pixels: The picture that the face was found in.
        face: The face.
        scale: Pixels of the picture for each pixel of the photo as taken.
        is_grey: Whether the photo holds no colour.
    """
    return Quality(
        eye_distance_px=eye_distance_px(face) / scale,
        sharpness=sharpness(pixels, face),
        yaw_deg=face.yaw_deg,
        pitch_deg=face.pitch_deg,
        roll_deg=face.roll_deg,
        eyes_open=eyes_open(face),
        mouth_open=mouth_open(face),
        smile=float(
            (face.shapes[SHAPE["mouthSmileLeft"]] + face.shapes[SHAPE["mouthSmileRight"]]) / 2
        ),
        is_grey=is_grey,
        has_glasses=glasses_score(pixels, face.landmarks),
    )


def eye_distance_px(face: FoundFace) -> float:
    """Measure from pupil to pupil."""
    apart = face.landmarks[LEFT_IRIS[0], :2] - face.landmarks[RIGHT_IRIS[0], :2]
    return float(np.linalg.norm(apart))


def eyes_open(face: FoundFace) -> float:
    """Measure the less open eye from the gap of its lids: 0 closed .. 1 open."""
    gaps = (
        _gap(face.landmarks, RIGHT_EYE_UPPER, RIGHT_EYE_LOWER),
        _gap(face.landmarks, LEFT_EYE_UPPER, LEFT_EYE_LOWER),
    )
    return float(np.clip((min(gaps) - SHUT_AT) / (OPEN_AT - SHUT_AT), 0.0, 1.0))


def mouth_open(face: FoundFace) -> float:
    """Measure the gap between the lips over the width of the mouth."""
    points = face.landmarks[:, :2]
    gap = np.linalg.norm(points[13] - points[14])
    return float(gap / max(1e-6, float(np.linalg.norm(points[61] - points[291]))))


def sharpness(pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace) -> float:
    """Measure which share of the face's pixels, across or down, the photo really fills.

    A Laplacian pyramid of the face is taken apart into octaves. In a sharp picture the strongest detail
    of an octave is half to all of the next coarser one's; a blur drives that ratio down to 0.3. The
    finest octave that is not eaten tells the resolution. Noise is estimated from the finest octave's
    median and taken off first, so that grain does not pass for detail.

    Returns:
        1.0 when even the finest octave is there, 0.5 when it is not but the next is, and so on.
    """
    details = _octaves(_face_cut(pixels, face))
    if len(details) < 2:
        return 1.0
    ratios = details[:-1] / np.maximum(details[1:], 1e-3)
    whole = np.flatnonzero(ratios >= _SHARP_RATIO)
    octave = int(whole[0]) if len(whole) else len(ratios)
    eaten = float(octave)
    if octave > 0:
        part = (float(ratios[octave - 1]) - _BLUR_RATIO) / (_SHARP_RATIO - _BLUR_RATIO)
        eaten -= float(np.clip(part, 0.0, 1.0))
    return float(2.0**-eaten)


def light(pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace) -> Light:
    """Measure how the face is lit, over the skin inside its oval."""
    oval = face.landmarks[list(FACE_OVAL), :2]
    middle = oval.mean(axis=0)
    inner = np.round(middle + (oval - middle) * 0.85).astype(np.int32)
    left, top = np.maximum(inner.min(axis=0), 0)
    right, bottom = np.maximum(inner.max(axis=0) + 1, (left + 1, top + 1))
    part = pixels[top:bottom, left:right]
    if part.size == 0:
        return Light(middle=0.0, span=0.0, burnt=0.0)
    mask = np.zeros(part.shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(mask, inner - (left, top), 1)
    luma = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)[mask > 0]
    if luma.size == 0:
        return Light(middle=0.0, span=0.0, burnt=0.0)
    low, half, high = np.percentile(luma, (5, 50, 95))
    return Light(middle=float(half), span=float(high - low), burnt=float((luma >= 253).mean()))


def outside_share(face: FoundFace, *, width_px: int, height_px: int) -> float:
    """Measure which share of the face's height lies beyond the edge of the picture."""
    points = face.landmarks[:, :2]
    beyond = max(
        0.0,
        -float(points.min()),
        float(points[:, 0].max()) - width_px,
        float(points[:, 1].max()) - height_px,
    )
    height = float(np.linalg.norm(points[CHIN] - points[FOREHEAD]))
    return beyond / max(1.0, height)


def _gap(
    landmarks: Float32[np.ndarray, "478 3"], upper: tuple[int, ...], lower: tuple[int, ...]
) -> float:
    above, below = landmarks[list(upper)], landmarks[list(lower)]
    gap = np.linalg.norm((above[3:6] - below[3:6])[:, :2], axis=1).mean()
    # Length in three dimensions: an eye that is turned away is not thereby opened wider.
    return float(gap / max(1e-6, float(np.linalg.norm(above[0] - above[-1]))))


def _face_cut(
    pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace
) -> Float32[np.ndarray, "cut_height cut_width"]:
    points = face.landmarks[:, :2]
    reach = 0.55 * float(np.linalg.norm(points[CHIN] - points[FOREHEAD]))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    left, top = np.maximum(0, np.floor(middle - reach)).astype(int)
    right, bottom = np.maximum(0, np.ceil(middle + reach)).astype(int)
    part = pixels[top:bottom, left:right]
    if part.size == 0:
        return np.zeros((1, 1), dtype=np.float32)
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    return grey.astype(np.float32)


def _octaves(grey: Float32[np.ndarray, "height width"]) -> np.ndarray:
    """Measure the strongest detail (97th percentile) in each octave, finest first, without the noise."""
    strongest: list[float] = []
    noise = 0.0
    while min(grey.shape) >= 12:
        detail = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 1.0))
        if not strongest:
            noise = float(np.median(detail)) * _NOISE_P97
        noise_here = noise / 2 ** len(strongest)
        left = float(np.percentile(detail, 97)) ** 2 - noise_here**2
        strongest.append(float(np.sqrt(left)) if left > (_LOST_IN_NOISE * noise_here) ** 2 else 0.0)
        size = (grey.shape[1] // 2, grey.shape[0] // 2)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.array(strongest)
