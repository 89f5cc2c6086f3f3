"""Mend an old photo gently: faded tones, dust and scratches. A face is never touched, whatever lies on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from vivant.intake.engine import FoundFace

FADED_BELOW = 150.0
"""A photo whose tones span less than this (of 255) is faded."""
STRETCH_MOST = 1.35
"""Tones are spread by this much at most: more would be another photo."""
LIGHTS_AT = 225.0
"""Lights are raised up to here, and what is lighter already stays where it is: a face must not become paper."""
CAST_MOST = 14.0
"""An old print's yellow is taken back by this much at most, in steps of 255; warmth is part of it."""
SPECK = 0.006
"""Largest width of a scratch or a speck, as a share of the picture's shorter side."""
STANDS_OUT = 26.0
"""A speck is this much lighter or darker than all around it, in steps of 255."""
SPECKS_MOST = 0.02
"""Where more of the picture seems to be specks, it is texture, and is left alone."""
OLD_COLOUR = 22.0
"""Only a photo whose colours are this near to one tone (mean difference from it, of 255), or one that is faded, is taken for
old, and its specks for damage: in a new one they are stars, jewels and lights."""
FACE_MARGIN = 1.35
"""The protected oval, as a share of the face."""

Pixels = UInt8[np.ndarray, "height width 3"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repaired:
    """A photo after mending."""

    pixels: Pixels
    done: tuple[str, ...]
    """What was done, for the film's papers: ``tones``, ``cast``, ``specks``; empty when nothing was."""
    mended: float
    """Share of the pixels in which a speck was mended."""


def repair(pixels: Pixels, faces: Sequence[FoundFace]) -> Repaired:
    """Mend an old photo.

    Tones change all over by one smooth curve, so that a face keeps its own relations of light; specks and scratches
    are mended from what is around them, outside of every face.

    Args:
        pixels: Upright, sRGB.
        faces: All faces in it; nothing inside them is redrawn.

    Returns:
        The same size; the same pixels where nothing needed mending.
    """
    done: list[str] = []
    out = pixels
    keep = _protected(pixels.shape[:2], faces)
    old = _is_old(out)
    specks = _specks(out) & ~keep if old else np.zeros_like(keep)
    share = float(specks.mean())
    if 1e-5 < share <= SPECKS_MOST:
        radius = max(2, round(SPECK * min(pixels.shape[:2])))
        out = np.asarray(cv2.inpaint(out, specks.astype(np.uint8), radius, cv2.INPAINT_TELEA))
        done.append("specks")
    else:
        share = 0.0
    toned = _toned(out)
    if toned is not None:
        out = toned
        done.append("tones")
    balanced = _balanced(out) if old else None
    if balanced is not None:
        out = balanced
        done.append("cast")
    return Repaired(pixels=np.ascontiguousarray(out), done=tuple(done), mended=share)


def _protected(shape: tuple[int, int], faces: Sequence[FoundFace]) -> Bool[np.ndarray, "h w"]:
    mask = np.zeros(shape, np.uint8)
    for face in faces:
        points = face.landmarks[:, :2].astype(np.float32)
        middle = points.mean(0)
        hull = cv2.convexHull((middle + (points - middle) * FACE_MARGIN).astype(np.int32))
        cv2.fillConvexPoly(mask, hull, 1)
    return np.asarray(mask > 0)


def _luma(pixels: Pixels) -> UInt8[np.ndarray, "h w"]:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def _is_old(pixels: Pixels) -> bool:
    """Tell whether a photo is grey, sepia or faded."""
    values = pixels[::4, ::4].reshape(-1, 3).astype(np.float32)
    tone = values - values.mean(axis=1, keepdims=True)
    low, high = np.percentile(values.mean(axis=1), (0.5, 99.5))
    strays = float(np.abs(tone - np.median(tone, axis=0)).mean())
    return strays < OLD_COLOUR / 3 or float(high - low) < FADED_BELOW


def _specks(pixels: Pixels) -> Bool[np.ndarray, "h w"]:
    """Find what is thin or small and stands out on both sides, against a calm ground."""
    luma = _luma(pixels)
    side = max(3, round(SPECK * min(luma.shape))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side + 2, side + 2))
    light = cv2.morphologyEx(luma, cv2.MORPH_TOPHAT, kernel)
    dark = cv2.morphologyEx(luma, cv2.MORPH_BLACKHAT, kernel)
    wide = (4 * side + 1, 4 * side + 1)
    ground = cv2.medianBlur(luma, min(31, 2 * side + 3) | 1)
    rough = cv2.blur(np.abs(luma.astype(np.float32) - ground), wide)
    out = np.maximum(light, dark).astype(np.float32)
    found = (out > STANDS_OUT + 3.0 * rough).astype(np.uint8)
    return np.asarray(cv2.dilate(found, np.ones((3, 3), np.uint8)) > 0)


def _toned(pixels: Pixels) -> Pixels | None:
    """Spread faded tones by one curve, the same in all colours."""
    low, high = np.percentile(_luma(pixels), (0.5, 99.5))
    span = float(high - low)
    if span >= FADED_BELOW or span < 12:
        return None
    gain = min(STRETCH_MOST, 235.0 / span)
    middle = (low + high) / 2
    target = np.clip(middle, 110, 142) * 0.5 + middle * 0.5
    lights = min(target + gain * (high - middle), max(high, LIGHTS_AT))  # faces are among them
    steps = np.arange(256, dtype=np.float32)
    curve = np.clip((steps - high) * gain + lights, 0, 255).astype(np.uint8)
    return np.asarray(curve[pixels])


def _balanced(pixels: Pixels) -> Pixels | None:
    """Take back part of a cast over the whole picture, seen in what should be nearly grey: its lights and shadows."""
    values = pixels.reshape(-1, 3).astype(np.float32)
    luma = values @ np.array([0.299, 0.587, 0.114], np.float32)
    bright = values[luma >= np.percentile(luma, 97)]
    dark = values[luma <= np.percentile(luma, 3)]
    cast: Float32[np.ndarray, " 3"] = (bright.mean(0) + dark.mean(0)) / 2
    cast = cast - cast.mean()
    if float(np.abs(cast).max()) < 9 or float(values.std(axis=1).mean()) < 1.0:
        return None
    take = np.clip(0.6 * cast, -CAST_MOST, CAST_MOST)
    return np.clip(pixels.astype(np.float32) - take, 0, 255).astype(np.uint8)
