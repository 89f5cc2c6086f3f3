"""Whether a shot holds together from frame to frame: pops, jumps of brightness, things that jump, flicker.

Every measure walks through the frames once and keeps a few numbers, however long the shot is. Luma is
averaged over four by four pixels first (two by two where ways are measured), so that grain, which is
new in every frame, is not taken for a change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, UInt8

from vivant.film.stillness import StillJump, StillParts
from vivant.media.picture import Frame

BLACK_LUMA = 16
MOST_CHANGE_RATIO = 2.0
"""The largest change of the picture over the mean one, inside a shot."""
MOST_BRIGHTNESS_JUMP = 0.06
"""Of the mean brightness, from one frame to the next."""
MOST_STILL_JUMP_PX = 2.0
"""How far what stands still, or drifts evenly, may leap."""
POP_RATIO = 3.5
POP_LEAST = 8.0
"""A part of the picture pops when it changes this many luma steps, this many times more than around that moment."""
AVERAGED_PX = 4
TILES_ACROSS = 16
"""Parts of the longer side that are watched for pops of their own."""
LEAST_CHANGE = 0.05
"""Mean change, in luma steps, below which a picture counts as frozen."""
DARKEST_STEPS = 10.0
"""Brightness jumps of darker pictures are told as if they were this many luma steps above black."""
_AROUND = 2
"""Steps before and after, with which a step is compared."""


class Pop(NamedTuple):
    """A part of the picture that changes suddenly."""

    frame: int
    """The first frame that shows the change, from 0."""
    x_px: int
    y_px: int
    """Middle of the part."""
    steps: float
    """Mean luma change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """What was measured in one shot. Frames are counted from its first."""

    frames: int
    mean_change: float
    """Mean luma change from frame to frame outside fades, in steps of 255."""
    largest_change: float
    largest_change_at: int
    brightness_jump: float
    """The largest change of mean brightness from one frame to the next outside fades, as a share."""
    brightness_jump_at: int
    still_jump: StillJump | None
    """The farthest leap of what stands still or drifts evenly; nothing where nothing does."""
    pops: tuple[Pop, ...]
    flicker: float | None
    """How much the locked-off part varies in time: a standard deviation in luma steps; None without such a part."""

    @property
    def change_ratio(self) -> float:
        """The largest change over the mean one; 1 in an even shot."""
        return self.largest_change / max(self.mean_change, LEAST_CHANGE)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is worse than the limits above; empty in a good shot."""
        found = []
        if self.change_ratio >= MOST_CHANGE_RATIO:
            found.append(
                f"frame {self.largest_change_at} changes {self.change_ratio:.1f} times as much as the mean frame"
            )
        if self.brightness_jump >= MOST_BRIGHTNESS_JUMP:
            found.append(
                f"frame {self.brightness_jump_at} is {100 * self.brightness_jump:.1f} % brighter or darker than the one before"
            )
        jump = self.still_jump
        if jump is not None and jump.way_px > MOST_STILL_JUMP_PX:
            found.append(
                f"something still at {jump.x_px}, {jump.y_px} leaps {jump.way_px:.1f} px in frame {jump.frame}"
            )
        found += [
            f"the picture pops at {pop.x_px}, {pop.y_px} in frame {pop.frame}" for pop in self.pops
        ]
        return tuple(found)


def continuity_of(
    frames: Iterable[Frame],
    *,
    fades: Collection[int] = (),
    locked: Bool[np.ndarray, "height width"] | None = None,
) -> Continuity:
    """Measure one shot.

    Args:
        frames: All of one size, in order; at least one.
        fades: Frames, counted from the first, in which the picture is meant to go into light or black,
            to come out of it, or to dissolve; the steps into and out of them are not judged.
        locked: Where nothing at all should change, such as a wall seen by a camera on a tripod.

    Raises:
        ValueError: There is no frame.
    """
    faded = frozenset(fades)
    changes, brightness, parts, still = _Changes(), _Brightness(), _Parts(), StillParts()
    flicker = None if locked is None else _Flicker(locked)
    before: Float32[np.ndarray, "rows columns"] | None = None
    count = 0
    for index, frame in enumerate(frames):
        small = averaged(frame.y)
        judged = index not in faded and index - 1 not in faded
        if before is not None:
            change = np.abs(small - before)
            changes.add(float(change.mean()), index, judged=judged)
            parts.add(change, index, judged=judged)
        brightness.add(float(small.mean()) - BLACK_LUMA, index, judged=judged)
        still.add(frame.y, index, judged=judged)
        if flicker is not None:
            flicker.add(small)
        before = small
        count += 1
    if not count:
        message = "No frame was given."
        raise ValueError(message)
    return Continuity(
        frames=count,
        mean_change=changes.mean,
        largest_change=changes.largest,
        largest_change_at=changes.largest_at,
        brightness_jump=brightness.jump,
        brightness_jump_at=brightness.jump_at,
        still_jump=still.end(),
        pops=parts.end(),
        flicker=None if flicker is None else flicker.deviation,
    )


def averaged(
    luma: UInt8[np.ndarray, "height width"], by: int = AVERAGED_PX
) -> Float32[np.ndarray, "rows columns"]:
    """Average luma over squares, so that grain goes and the picture stays."""
    height, width = luma.shape
    size = (max(1, width // by), max(1, height // by))
    return np.asarray(cv2.resize(luma.astype(np.float32), size, interpolation=cv2.INTER_AREA))


@dataclass(slots=True, kw_only=True)
class _Changes:
    """Mean and largest change of the whole picture."""

    total: float = 0.0
    count: int = 0
    largest: float = 0.0
    largest_at: int = 0

    @property
    def mean(self) -> float:
        return self.total / max(1, self.count)

    def add(self, change: float, index: int, *, judged: bool) -> None:
        if not judged:
            return
        self.total += change
        self.count += 1
        if change > self.largest:
            self.largest, self.largest_at = change, index


@dataclass(slots=True, kw_only=True)
class _Brightness:
    """The largest jump of mean brightness."""

    before: float | None = None
    jump: float = 0.0
    jump_at: int = 0

    def add(self, brightness: float, index: int, *, judged: bool) -> None:
        if self.before is not None and judged:
            jump = abs(brightness - self.before) / max(DARKEST_STEPS, self.before)
            if jump > self.jump:
                self.jump, self.jump_at = jump, index
        self.before = brightness


@dataclass(slots=True, kw_only=True, eq=False)
class _Parts:
    """Finds parts of the picture that pop.

    A quick movement takes several frames and comes from the part beside; a pop takes one, or two when it
    pops back. So the second largest of the four steps around, here and in the parts beside, is what a pop
    must tower over.
    """

    window: deque[tuple[int, bool, Float32[np.ndarray, "rows columns"]]] = field(
        default_factory=lambda: deque(maxlen=2 * _AROUND + 1)
    )
    found: list[Pop] = field(default_factory=list)
    tile_px: float = 1.0

    def add(self, change: Float32[np.ndarray, "rows columns"], index: int, *, judged: bool) -> None:
        rows, columns = change.shape
        tile = max(rows, columns) / TILES_ACROSS
        self.tile_px = tile * AVERAGED_PX
        size = (max(1, round(columns / tile)), max(1, round(rows / tile)))
        tiles = np.asarray(cv2.resize(change, size, interpolation=cv2.INTER_AREA))
        self.window.append((index, judged, tiles))
        if len(self.window) == self.window.maxlen:
            first = index == self.window.maxlen  # the first step belongs to frame 1
            for place in range(_AROUND + 1) if first else (_AROUND,):
                self._judge(place)

    def end(self) -> tuple[Pop, ...]:
        short = len(self.window) < 2 * _AROUND + 1
        for place in range(len(self.window)) if short else range(_AROUND + 1, len(self.window)):
            self._judge(place)
        return tuple(self.found)

    def _judge(self, place: int) -> None:
        index, judged, here = self.window[place]
        around = [tiles for other, (_, _, tiles) in enumerate(self.window) if other != place]
        if not judged or len(around) < 2:
            return
        usual = cv2.dilate(np.sort(np.stack(around), axis=0)[-2], np.ones((3, 3), np.uint8))
        popped = (here > POP_LEAST) & (here > POP_RATIO * usual)
        if popped.any():
            row, column = np.unravel_index(np.where(popped, here, 0).argmax(), here.shape)
            self.found.append(
                Pop(
                    frame=index,
                    x_px=round((column + 0.5) * self.tile_px),
                    y_px=round((row + 0.5) * self.tile_px),
                    steps=float(here[row, column]),
                )
            )


class _Flicker:
    """How much a part varies in time."""

    def __init__(self, locked: Bool[np.ndarray, "height width"]) -> None:
        whole = averaged(np.where(locked, np.uint8(255), np.uint8(0)))
        self._inside = whole > 254.5
        self._count = 0
        self._mean: Float64[np.ndarray, " places"] = np.zeros(int(self._inside.sum()))
        self._square: Float64[np.ndarray, " places"] = np.zeros_like(self._mean)

    def add(self, small: Float32[np.ndarray, "rows columns"]) -> None:
        """Add a frame, by Welford's sums."""
        seen = small[self._inside].astype(np.float64)
        self._count += 1
        away = seen - self._mean
        self._mean += away / self._count
        self._square += away * (seen - self._mean)

    @property
    def deviation(self) -> float | None:
        """Root of the mean variance; None where the part is smaller than a square of averaged pixels."""
        if not self._mean.size:
            return None
        return float(np.sqrt(self._square.mean() / max(1, self._count - 1)))
