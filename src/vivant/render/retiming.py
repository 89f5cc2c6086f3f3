"""Frames of another size and rate become frames of a film's: stretched back, and put where the film's moments are."""

from __future__ import annotations

import math
from fractions import Fraction

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.render.moving import Moved

FLOW_WIDTH_PX = 480
"""Motion is looked for in pictures of this width."""
ASTRAY_PX = 1.5
"""Motion whose way there and back do not meet within this many pixels of those is not believed."""


class Retimed:
    """Frames that came back, at a film's size and rate; one thread at a time."""

    def __init__(self, moved: Moved, *, rate: Fraction, width_px: int, height_px: int) -> None:
        self._moved = moved
        self._step = moved.rate / rate
        self._size = width_px, height_px
        self._flow: tuple[int, np.ndarray, np.ndarray] | None = None

    @property
    def frames(self) -> int:
        """How many of the film's frames it covers."""
        return math.floor((len(self._moved.pixels) - 1) / self._step) + 1

    def frame(self, index: int) -> UInt8[np.ndarray, "height width 3"]:
        """Give a frame of the film.

        Between two frames both are carried along their motion to the moment, and laid over each other by how
        near they are; where the motion is not certain, the nearer frame alone is shown, so that nothing is seen twice.
        """
        place = index * self._step
        before = min(place.numerator // place.denominator, len(self._moved.pixels) - 1)
        part = float(place - before)
        pixels = self._moved.pixels[before]
        if part > 1e-6 and before + 1 < len(self._moved.pixels):
            pixels = self._between(before, part)
        if pixels.shape[1::-1] == self._size:
            return np.array(pixels)
        shrinks = pixels.shape[1] > self._size[0]
        how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(np.ascontiguousarray(pixels), self._size, interpolation=how))

    def _between(self, before: int, part: float) -> UInt8[np.ndarray, "height width 3"]:
        first, second = (np.array(self._moved.pixels[before + i]) for i in (0, 1))
        if self._flow is None or self._flow[0] != before:
            self._flow = before, *_motion(first, second)
        _, there, back = self._flow
        from_first = _carried(first, there, part)
        from_second = _carried(second, back, 1 - part)
        sure = _certain(there, back)[..., None]
        mixed = from_first * (1 - part) + from_second * part
        nearer = from_first if part < 0.5 else from_second
        return np.asarray(np.rint(mixed * sure + nearer * (1 - sure)), np.uint8)


def _motion(
    first: UInt8[np.ndarray, "height width 3"], second: UInt8[np.ndarray, "height width 3"]
) -> tuple[Float32[np.ndarray, "height width 2"], Float32[np.ndarray, "height width 2"]]:
    """Find where each pixel goes, there and back, in pixels."""
    height, width = first.shape[:2]
    scale = min(1.0, FLOW_WIDTH_PX / width)
    small = max(16, round(width * scale)), max(16, round(height * scale))
    greys = [
        cv2.resize(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), small, interpolation=cv2.INTER_AREA)
        for one in (first, second)
    ]
    looks = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found = []
    for one, other in (greys, greys[::-1]):
        flow = looks.calc(one, other, None)  # type: ignore[call-overload]
        large = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR)
        found.append(np.asarray(large * (width / small[0], height / small[1]), np.float32))
    return found[0], found[1]


def _grid(height: int, width: int) -> Float32[np.ndarray, "height width 2"]:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([columns, rows], axis=-1).astype(np.float32)


def _carried(
    pixels: UInt8[np.ndarray, "height width 3"],
    flow: Float32[np.ndarray, "height width 2"],
    part: float,
) -> Float32[np.ndarray, "height width 3"]:
    """Carry a picture a part of its way."""
    places = _grid(*pixels.shape[:2]) - flow * np.float32(part)
    moved = cv2.remap(pixels, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return np.asarray(moved, np.float32)


def _certain(
    there: Float32[np.ndarray, "height width 2"], back: Float32[np.ndarray, "height width 2"]
) -> Float32[np.ndarray, "height width"]:
    """Tell where motion there and back meet."""
    height, width = there.shape[:2]
    returned = cv2.remap(back, _grid(height, width) + there, None, cv2.INTER_LINEAR)  # type: ignore[call-overload]
    away = np.linalg.norm(there + returned, axis=-1) * min(1.0, FLOW_WIDTH_PX / width)
    sure = (away < ASTRAY_PX).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(sure, (0, 0), max(1.0, width / 320)), np.float32)
