"""The shade that a thing of ours lays on the people on whom it lies, and on nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.media.compilation import compiled_fast

PART = 4
"""Pixels of the film, each way, in one of the map."""
CLOSE, WIDE = (0.065, 0.80), (0.20, 0.70)
"""How soft the dark seam beside it is, and its shadow, in face heights; and how strong."""
FALL = (0.04, 0.10)
"""How far its shadow falls, away from the sun and down, in face heights."""
MOST = 0.76
"""No place loses more light than this."""
WARMTH = np.array((0.88, 1.0, 1.08), np.float32)
"""How fast red, green and blue go: light between skin and cloth is warm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaded:
    """How large the picture is, and where shadows fall."""

    face_px: float
    """Height of a face where the thing is."""
    away: float
    """1 where shadows fall to the picture's right, -1 to its left, 0 straight down."""


def press(
    hdr: Float32[np.ndarray, "height width 3"],
    alpha: Float32[np.ndarray, "rows columns"],
    corner: tuple[int, int],
    *,
    there: UInt8[np.ndarray, "height width"],
    shaded: Shaded,
) -> None:
    """Take light from those on whom a thing lies: in a seam beside it, and where its shadow falls.

    Args:
        hdr: Written over.
        alpha: How far the thing covers a part of the picture.
        corner: Column and row where this part begins.
        there: How far people cover each pixel, 0..255.
        shaded: See there.
    """
    reach = int(shaded.face_px * (2.5 * WIDE[0] + FALL[1])) + PART
    left, top = (max(0, at - reach) for at in corner)
    right = min(hdr.shape[1], corner[0] + alpha.shape[1] + reach)
    bottom = min(hdr.shape[0], corner[1] + alpha.shape[0] + reach)
    box = (slice(top, bottom), slice(left, right))
    if right - left < PART or bottom - top < PART or not there[box].any():
        return
    mask = np.zeros((bottom - top, right - left), np.float32)
    mask[corner[1] - top :, corner[0] - left :][: alpha.shape[0], : alpha.shape[1]] = alpha
    size = (mask.shape[1] // PART, mask.shape[0] // PART)
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    face = shaded.face_px / PART
    way = np.array([[1, 0, FALL[0] * shaded.away * face], [0, 1, FALL[1] * face]], np.float32)
    fallen = cv2.warpAffine(small, way, size, borderMode=cv2.BORDER_REPLICATE)
    taken = CLOSE[1] * _blurred(small, CLOSE[0] * face) + WIDE[1] * _blurred(fallen, WIDE[0] * face)
    low = np.minimum(taken, MOST).astype(np.float32)
    dark = np.asarray(cv2.resize(low, mask.shape[::-1], interpolation=cv2.INTER_LINEAR))
    _darken(hdr, dark, there, WARMTH, left, top)


@compiled_fast
@no_type_check
def _darken(
    hdr: np.ndarray,
    dark: np.ndarray,
    there: np.ndarray,
    warmth: np.ndarray,
    left: int,
    top: int,
) -> None:
    """Take light from people in a box; the channels go at slightly different speeds."""
    one, half = np.float32(1), np.float32(0.5)
    for row in range(dark.shape[0]):
        for x in range(dark.shape[1]):
            share = dark[row, x] * np.float32(there[top + row, left + x]) * np.float32(1 / 255)
            if share < np.float32(0.003):
                continue
            tint = share / max(one - half * share, np.float32(0.1))
            for c in range(3):
                kept = (one - share) * (one + (one - warmth[c]) * tint)
                hdr[top + row, left + x, c] *= kept


def _blurred(
    picture: Float32[np.ndarray, "rows columns"], sigma: float
) -> Float32[np.ndarray, "rows columns"]:
    return np.asarray(
        cv2.GaussianBlur(picture, (0, 0), max(sigma, 0.5), borderType=cv2.BORDER_REPLICATE)
    )
