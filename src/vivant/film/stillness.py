"""How far things leap that stand still, or drift as evenly as a slow camera lets them drift.

The picture is cut into blocks. A block's way from one frame to the next is where its pixels are found
again with the least squared difference, and counts only where the block has a pattern in both
directions and its way explains what changed. A block leaps when it goes another way than in the two
steps before and the two after, which are alike.

Source:
    Whether a block can be followed: Shi and Tomasi, "Good features to track", 1994.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

BLOCK_PX = 24
"""Side of a block, in pixels of the picture that ways are measured in."""
REACH_PX = 8
"""How far a block is looked for; what goes farther is a pop of its part of the picture."""
MEASURED_PX = 360
"""Shorter side of the picture that ways are measured in, about."""
LEAST_PATTERN = 2.0
"""Mean squared slope, in luma steps a pixel, that a block needs in every direction."""
FASTEST_PX = 3.0
"""What drifts faster than this in a frame, in film pixels, is not still."""
EVEN_PX = 0.75
"""What is still drifts evenly: its steps differ by no more."""
EXPLAINS = 0.4
"""A longer way counts when following it leaves less than this share of the squared change."""
UNIQUE = 1.5
"""Everywhere else in its reach, a block that is found leaves at least so many times more."""
_DOUBTFUL_PX = 0.6
_AROUND = 2


class StillJump(NamedTuple):
    """A leap."""

    way_px: float
    """How far it goes beyond what it does around that moment, in film pixels."""
    frame: int
    """The first frame that shows it, from 0."""
    x_px: int
    y_px: int
    """Middle of the block."""
    share: float
    """The largest share of the picture's blocks that were still and could be followed, in any step."""


_Ways = Float32[np.ndarray, "rows columns 2"]


class StillParts:
    """Follows blocks from frame to frame; keeps two pictures and five steps."""

    def __init__(self) -> None:
        self._before: Float32[np.ndarray, "height width"] | None = None
        self._steps: deque[tuple[int, bool, _Ways]] = deque(maxlen=2 * _AROUND + 1)
        self._seen = 0
        self._factor = 1
        self._share = 0.0
        self._farthest: tuple[float, int, int, int] | None = None

    def add(self, luma: UInt8[np.ndarray, "height width"], index: int, *, judged: bool) -> None:
        """Add the next frame; ``judged`` tells whether the step to it counts."""
        height, width = luma.shape
        self._factor = max(1, round(min(height, width) / MEASURED_PX))
        size = (width // self._factor, height // self._factor)
        small = np.asarray(cv2.resize(luma.astype(np.float32), size, interpolation=cv2.INTER_AREA))
        if self._before is not None:
            self._steps.append((index, judged, self._ways(self._before, small)))
            self._seen += 1
            if len(self._steps) == self._steps.maxlen:
                first = self._seen == self._steps.maxlen
                for place in range(_AROUND + 1) if first else (_AROUND,):
                    self._judge(place)
        self._before = small

    def end(self) -> StillJump | None:
        """Judge the last steps, and tell the farthest leap; nothing when nothing was still."""
        short = self._seen < 2 * _AROUND + 1
        for place in range(len(self._steps)) if short else range(_AROUND + 1, len(self._steps)):
            self._judge(place)
        if self._farthest is None:
            return None
        way, frame, row, column = self._farthest
        middle = REACH_PX + BLOCK_PX // 2
        return StillJump(
            way_px=way,
            frame=frame,
            x_px=(column * BLOCK_PX + middle) * self._factor,
            y_px=(row * BLOCK_PX + middle) * self._factor,
            share=self._share,
        )

    def _ways(
        self,
        before: Float32[np.ndarray, "height width"],
        after: Float32[np.ndarray, "height width"],
    ) -> _Ways:
        """Find each block's way in film pixels; not-a-number where it cannot be told."""
        pattern = _pattern(before)
        ways = np.full((*pattern.shape, 2), np.nan, np.float32)
        for row, column in np.argwhere(pattern > LEAST_PATTERN):
            way = _way(before, after, int(row), int(column))
            if way is not None:
                ways[row, column] = way
        return ways * np.float32(self._factor)

    def _judge(self, place: int) -> None:
        index, judged, here = self._steps[place]
        around = [ways for other, (_, _, ways) in enumerate(self._steps) if other != place]
        if not judged or len(around) < 2 or not here.size:
            return
        others = np.stack(around)
        known = ~np.isnan(others[..., 0])
        enough = known.sum(axis=0) >= max(2, len(around) - 1)
        followed = enough & ~np.isnan(here[..., 0])
        if not followed.any():
            return
        filled = np.where(known[..., None], others, np.nan)
        usual = np.full_like(here, np.nan)
        usual[followed] = np.nanmedian(filled[:, followed], axis=0)
        apart = np.hypot(*np.moveaxis(others - usual, -1, 0))
        apart = np.sort(np.where(known, apart, np.inf), axis=0)
        even = apart[max(0, len(around) - 2)] <= EVEN_PX  # one may leap back
        still = followed & even & (np.hypot(usual[..., 0], usual[..., 1]) <= FASTEST_PX)
        if not still.any():
            return
        self._share = max(self._share, float(still.mean()))
        leaps = np.where(still, np.hypot(*np.moveaxis(here - usual, -1, 0)), 0)
        row, column = np.unravel_index(leaps.argmax(), leaps.shape)
        if self._farthest is None or leaps[row, column] > self._farthest[0]:
            self._farthest = (float(leaps[row, column]), index, int(row), int(column))


def _pattern(picture: Float32[np.ndarray, "height width"]) -> Float32[np.ndarray, "rows columns"]:
    """Tell how much pattern each block has in the direction in which it has least.

    Blocks begin ``REACH_PX`` from the picture's edge, so that all of their ways can be seen.
    """
    height, width = (max(0, (side - 2 * REACH_PX) // BLOCK_PX * BLOCK_PX) for side in picture.shape)
    if not height or not width:
        return np.zeros((0, 0), np.float32)
    inner = picture[REACH_PX : REACH_PX + height, REACH_PX : REACH_PX + width]
    soft = cv2.GaussianBlur(inner, (0, 0), 1.0)  # slopes of the picture, not of its grain
    across, down = (cv2.Sobel(soft, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    size = (width // BLOCK_PX, height // BLOCK_PX)
    xx, yy, xy = (
        np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA))
        for one in (across * across, down * down, across * down)
    )
    return np.asarray((xx + yy) / 2 - np.hypot((xx - yy) / 2, xy), np.float32)


def _way(
    before: Float32[np.ndarray, "height width"],
    after: Float32[np.ndarray, "height width"],
    row: int,
    column: int,
) -> tuple[float, float] | None:
    top, left = row * BLOCK_PX, column * BLOCK_PX
    inner = slice(REACH_PX, REACH_PX + BLOCK_PX)
    field = slice(top, top + BLOCK_PX + 2 * REACH_PX), slice(left, left + BLOCK_PX + 2 * REACH_PX)
    block = np.ascontiguousarray(before[field][inner, inner])
    apart = np.asarray(cv2.matchTemplate(after[field].copy(), block, cv2.TM_SQDIFF))
    y, x = (int(one) for one in np.unravel_index(apart.argmin(), apart.shape))
    if not (0 < x < 2 * REACH_PX and 0 < y < 2 * REACH_PX):
        return None
    elsewhere = apart.copy()
    elsewhere[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3] = np.inf
    if elsewhere.min() < UNIQUE * apart[y, x]:  # balusters look alike
        return None
    way_x = x - REACH_PX + _vertex(apart[y, x - 1 : x + 2])
    way_y = y - REACH_PX + _vertex(apart[y - 1 : y + 2, x])
    if np.hypot(way_x, way_y) < _DOUBTFUL_PX:
        return way_x, way_y
    explained = apart[y, x] < EXPLAINS * apart[REACH_PX, REACH_PX]
    near = max(abs(x - REACH_PX), abs(y - REACH_PX)) <= 1
    return (way_x, way_y) if explained or near else None


def _vertex(three: Float32[np.ndarray, " 3"]) -> float:
    """Where the parabola through three values is lowest, from the middle one."""
    bend = float(three[0] - 2 * three[1] + three[2])
    return 0.0 if bend <= 0 else float(0.5 * (three[0] - three[2]) / bend)
