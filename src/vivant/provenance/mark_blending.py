"""Brings frames to the small pictures that neural marks work on, and what those add back to the frames.

A network sees 256 x 256 pixels and says how they should change. Only that change is made as large as the
frame, not the picture: so the frame keeps all its detail. Colours are turned into luma and chroma where
they are small; both ways are linear, so nothing is lost by it.

Source:
    T. Bui, S. Agarwal, J. Collomosse, "TrustMark", arXiv:2311.18297: scaling of the residual, without its
    mean, which would tint the picture. P. Fernandez and others, "Video Seal", arXiv:2412.09492: the same at
    256 pixels, and one residual for several frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.media.picture import Frame

SIDE_PX = 256
"""Of the pictures that the networks see."""
_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722  # BT.709
_TO_LUMA, _TO_CHROMA = 219 / 255, 224 / 255  # limited range
_Y_RANGE, _C_RANGE = (16, 235), (16, 240)

Small = Float32[np.ndarray, "3 side side"]
"""A small picture, or a change of one: red, green, blue; black 0, white 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The part of a frame that carries a mark; half-open, even."""

    left: int
    top: int
    right: int
    bottom: int


def whole(width_px: int, height_px: int, *, widest: float = float("inf")) -> Region:
    """Tell which part of a frame is marked.

    Args:
        width_px: Of the frame.
        height_px: Of the frame.
        widest: Of pictures whose long side is longer than this many short sides, the square in the middle.
    """
    if max(width_px, height_px) <= widest * min(width_px, height_px):
        return Region(left=0, top=0, right=width_px & ~1, bottom=height_px & ~1)
    side = min(width_px, height_px) & ~1
    left, top = (width_px - side) // 2 & ~1, (height_px - side) // 2 & ~1
    return Region(left=left, top=top, right=left + side, bottom=top + side)


def small_picture(frame: Frame, region: Region) -> Small:
    """Bring a part of a frame to a small square picture."""
    y = _shrunk(frame.y[region.top : region.bottom, region.left : region.right])
    u, v = (
        _shrunk(plane[region.top // 2 : region.bottom // 2, region.left // 2 : region.right // 2])
        for plane in (frame.u, frame.v)
    )
    light = (y - 16) / 219
    blue = light + (u - 128) / 224 * 2 * (1 - _BLUE)
    red = light + (v - 128) / 224 * 2 * (1 - _RED)
    green = (light - _RED * red - _BLUE * blue) / _GREEN
    picture = np.empty((3, SIDE_PX, SIDE_PX), np.float32)
    picture[:] = red, green, blue
    np.clip(picture, 0, 1, out=picture)
    return picture


def _shrunk(plane: UInt8[np.ndarray, "rows columns"]) -> Float32[np.ndarray, "side side"]:
    small = cv2.resize(
        np.ascontiguousarray(plane), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA
    )
    return np.asarray(small, np.float32)


def without_tint(change: Small) -> Small:
    """Take the mean out of each colour's change."""
    return np.asarray(change - change.mean(axis=(1, 2), keepdims=True), np.float32)


def add_change(frame: Frame, change: Small, region: Region, *, strength: float = 1.0) -> None:
    """Add what a network wants changed to a part of a frame, in place.

    Args:
        frame: Planes that may be written.
        change: Of the small picture.
        region: Which part.
        strength: How much of it.
    """
    red, green, blue = 255 * strength * change
    light = _RED * red + _GREEN * green + _BLUE * blue
    rows, columns = region.bottom - region.top, region.right - region.left
    y = frame.y[region.top : region.bottom, region.left : region.right]
    y[:] = _added(y, light * _TO_LUMA, (columns, rows), _Y_RANGE)
    tints = (blue - light) / (2 * (1 - _BLUE)), (red - light) / (2 * (1 - _RED))
    for plane, tint in zip((frame.u, frame.v), tints, strict=True):
        part = plane[region.top // 2 : region.bottom // 2, region.left // 2 : region.right // 2]
        part[:] = _added(part, tint * _TO_CHROMA, (columns // 2, rows // 2), _C_RANGE)


def _added(
    plane: UInt8[np.ndarray, "rows columns"],
    change: Float32[np.ndarray, "side side"],
    size: tuple[int, int],
    limits: tuple[int, int],
) -> UInt8[np.ndarray, "rows columns"]:
    grown = cv2.resize(np.ascontiguousarray(change), size, interpolation=cv2.INTER_LINEAR)
    return np.clip(np.rint(plane + grown), *limits).astype(np.uint8)
