"""Measure a face in a photo: how large, how sharp, how turned, how lit."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

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

_RESOLVED_FROM = 0.33
"""Strength of a band over the strength of the band an octave coarser, from where on it counts as resolved.
Sharp photos and paintings measure 0.34 .. 0.7 in their finest band, blurred and enlarged ones 0.0 .. 0.25."""
_LARGEST_CUT_PX = 1024
_LAPLACE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)


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

    The spectrum of the face is cut into rings half an octave wide. In a sharp picture each ring is about
    half as strong as the one an octave coarser; a blur, or an enlargement, makes the fine ones vanish.
    From the coarse side up, the last ring that holds tells the resolution. Noise is measured first and
    taken off, so that grain does not pass for detail.

    Returns:
        1.0 when the finest ring holds, 0.5 when the one an octave coarser is the last to hold, and so on.
        An enlargement made of square blocks is not recognised.

    Source:
        Noise: J. Immerkaer, "Fast noise variance estimation", 1996, with a median for the mean.
    """
    strengths = _rings(_face_cut(pixels, face))
    if len(strengths) < 3:
        return 1.0
    ratios = strengths[:-2] / np.maximum(strengths[2:], 1e-6)
    lost = np.flatnonzero(ratios < _RESOLVED_FROM)
    if not len(lost):
        return 1.0
    last_lost = int(lost[-1])
    steps = last_lost + 1.0
    if last_lost + 1 < len(ratios):  # between the ring that is lost and the next: straight line
        below, above = float(ratios[last_lost]), float(ratios[last_lost + 1])
        steps = last_lost + (_RESOLVED_FROM - below) / max(1e-6, above - below)
    return float(2.0 ** (-steps / 2))


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
    reach = min(reach, _LARGEST_CUT_PX / 2)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    left, top = np.maximum(0, np.floor(middle - reach)).astype(int)
    right, bottom = np.maximum(0, np.ceil(middle + reach)).astype(int)
    part = pixels[top:bottom, left:right]
    if part.size == 0:
        return np.zeros((1, 1), dtype=np.float32)
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    return grey.astype(np.float32)


def _rings(grey: Float32[np.ndarray, "height width"]) -> Float64[np.ndarray, " rings"]:
    """Measure the strength of each half octave of the spectrum, finest first, without the noise."""
    height, width = grey.shape
    if min(height, width) < 16:
        return np.zeros(0)
    noise = float(np.median(np.abs(cv2.filter2D(grey, -1, _LAPLACE)))) / 0.6745 / 6.0
    window = np.outer(np.hanning(height), np.hanning(width))
    power = np.abs(np.fft.rfft2((grey - grey.mean()) * window)) ** 2 / (height * width) ** 2
    radius = np.hypot(2 * np.fft.fftfreq(height)[:, None], 2 * np.fft.rfftfreq(width)[None])
    noise_power = noise**2 * float((window**2).mean()) / (height * width)
    strengths: list[float] = []
    outer = 1.0
    while outer / np.sqrt(2) * min(height, width) >= 8:
        ring = (radius > outer / np.sqrt(2)) & (radius <= outer)
        left = float(power[ring].sum()) - noise_power * int(ring.sum())
        strengths.append(float(np.sqrt(max(0.0, left))))
        outer /= np.sqrt(2)
    return np.array(strengths)
