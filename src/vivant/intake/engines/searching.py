"""Where to look for faces that are small in a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, UInt8

from vivant.intake.engine import FoundFace
from vivant.intake.engines.libraries import wanted
from vivant.media.face import CHIN, FOREHEAD

SMALLEST_TILE_PX = 180
"""Below this a tile holds no face large enough for any use: faces fill a tenth of a tile or more."""
_STRIDE = 0.6
"""Tiles overlap, so that a face of up to 0.4 of a tile lies whole in one of them."""
_LOOK_HEIGHTS = 2.4
"""The close look shows this many heights of the face: what the detector likes best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A square part of a picture, in its pixels; may reach beyond the edges."""

    x: float
    y: float
    side: float

    def cut(
        self, pixels: UInt8[np.ndarray, "height width 3"], *, side_px: int
    ) -> tuple[UInt8[np.ndarray, "side side 3"], float]:
        """Cut it out and scale it; what lies beyond the picture is mid grey.

        Returns:
            The part, ``side_px`` square, and how many of its pixels one pixel of the picture gives.
        """
        with wanted("OpenCV"):
            import cv2  # noqa: PLC0415 - a bare server lacks what it needs
        scale = side_px / self.side
        left, top = int(np.floor(self.x)), int(np.floor(self.y))
        right, bottom = int(np.ceil(self.x + self.side)), int(np.ceil(self.y + self.side))
        height, width = pixels.shape[:2]
        inside = pixels[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
        if inside.size == 0:
            return np.full((side_px, side_px, 3), 128, dtype=np.uint8), scale
        shift_x, shift_y = max(0, left) - self.x, max(0, top) - self.y
        if scale < 1.0:  # averaging first, since a warp alone skips pixels
            smaller = (
                max(1, round(inside.shape[1] * scale)),
                max(1, round(inside.shape[0] * scale)),
            )
            step_x, step_y = smaller[0] / inside.shape[1], smaller[1] / inside.shape[0]
            inside = cv2.resize(inside, smaller, interpolation=cv2.INTER_AREA)
        else:
            step_x = step_y = 1.0
        zoom_x, zoom_y = scale / step_x, scale / step_y
        # OpenCV puts the middle of the first pixel at 0, our points at 0.5.
        matrix = np.array(
            [
                [zoom_x, 0.0, (shift_x * scale) + 0.5 * zoom_x - 0.5],
                [0.0, zoom_y, (shift_y * scale) + 0.5 * zoom_y - 0.5],
            ]
        )
        look = cv2.warpAffine(
            inside,
            matrix,
            (side_px, side_px),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(128, 128, 128),
        )
        return look.astype(np.uint8, copy=False), scale


def face_height_px(face: FoundFace) -> float:
    """Measure a face from hairline to chin."""
    return float(np.linalg.norm(face.landmarks[CHIN, :2] - face.landmarks[FOREHEAD, :2]))


def square_around(landmarks: Float32[np.ndarray, "478 3"]) -> Square:
    """Choose the part of the picture for a close look at a face."""
    lowest, highest = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    middle = (lowest + highest) / 2
    side = max(8.0, float((highest - lowest).max()) * _LOOK_HEIGHTS)
    return Square(x=float(middle[0]) - side / 2, y=float(middle[1]) - side / 2, side=side)


def tile_sides(longest_px: int) -> Iterator[float]:
    """Name the sizes of parts to search, each half of the one before."""
    side = longest_px / 2
    while side >= SMALLEST_TILE_PX:
        yield side
        side /= 2


def tiles(width_px: int, height_px: int, side: float) -> Iterator[Square]:
    """Cover a picture with overlapping squares."""
    for y in _starts(height_px, side):
        for x in _starts(width_px, side):
            yield Square(x=x, y=y, side=side)


def _starts(length_px: int, side: float) -> list[float]:
    if length_px <= side:
        return [(length_px - side) / 2]
    count = int(np.ceil((length_px - side) / (side * _STRIDE))) + 1
    return [float(start) for start in np.linspace(0.0, length_px - side, count)]


def drop_doubles(faces: Sequence[FoundFace]) -> list[FoundFace]:
    """Keep one of several findings of the same face: the largest."""
    kept: list[FoundFace] = []
    for face in sorted(faces, key=face_height_px, reverse=True):
        middle, size = face.landmarks[:, :2].mean(axis=0), face_height_px(face)
        if size < 1.0:
            continue
        apart = (
            np.linalg.norm(other.landmarks[:, :2].mean(axis=0) - middle)
            / max(size, face_height_px(other))
            for other in kept
        )
        if all(distance > 0.5 for distance in apart):
            kept.append(face)
    return kept
