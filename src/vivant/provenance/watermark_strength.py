"""How strongly each place of a picture may be marked, and the marking itself, in compiled loops.

The eye forgives more where the picture itself is uneven in the way the mark is: over some ten pixels. So
means of 4 x 4 pixels are compared with their neighbours on both sides. Grain and a slope count for
nothing in that, a straight edge for little, since the less uneven of both directions counts most. It is
averaged over 3 x 3 means after taking the root, so that one strong place beside an even field does
not spread. Between the means' centres the strength changes gradually.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Int8, Int16, UInt8

from vivant.media.compilation import compiled

LEAST = 0.58
"""Standard deviation of the mark on an even field, in luma steps."""
PER_STEP = 0.3
"""How much stronger it is for each step of luma by which the picture is uneven."""
MOST = 1.95
"""Its standard deviation in the busiest places."""

IN_THE_DARK = 1.6
"""How much stronger it is on black, where a step of luma gives next to no light and half of the mark is cut off.

That the eye forgives more in the dark: C.-H. Chou and Y.-C. Li, "A perceptually tuned subband image coder
based on the measure of just-noticeable-distortion profile", 1995.
"""
_FULL_PX = 720
_SMALLER = 0.18
_BLACK, _DARK = 16.0, 60.0  # between these it becomes gradually less

_BLOCK = 4
_APART = 1  # blocks between those that are compared
_ACROSS_AN_EDGE = 0.1  # how much the more uneven direction counts beside the other
_LOWEST, _HIGHEST = 16, 235
_UNIT = 64  # strengths are whole numbers of 1/64 step; with the pattern's 1/32 that is 11 bits
_SHIFT = 11
_HALF = 1 << (_SHIFT - 1)


def gain_for(width_px: int, height_px: int) -> float:
    """Tell how much stronger the mark is in a small film: there are fewer pixels to hear it from.

    Returns:
        1.0 from 720 lines on, 1.1 at 424, 1.2 at 256.
    """
    return float(max(1.0, _FULL_PX / min(width_px, height_px)) ** _SMALLER)


@compiled
@no_type_check
def _add_up(total: Int16[np.ndarray, " width"], row: UInt8[np.ndarray, " width"]) -> None:
    for j in range(len(total)):
        total[j] += np.int16(row[j])


@compiled
@no_type_check
def _uneven(
    rough: Float32[np.ndarray, " blocks"],
    here: Float32[np.ndarray, " wider"],
    above: Float32[np.ndarray, " wider"],
    below: Float32[np.ndarray, " wider"],
) -> None:
    for c in range(len(rough)):
        mean = here[c + _APART]
        across = abs(here[c] + here[c + 2 * _APART] - mean - mean)
        down = abs(above[c + _APART] + below[c + _APART] - mean - mean)
        both = min(across, down) + np.float32(_ACROSS_AN_EDGE) * max(across, down)
        rough[c] = np.sqrt(both)


@compiled
@no_type_check
def _add_row(
    row: UInt8[np.ndarray, " width"],
    pattern: Int8[np.ndarray, " width"],
    above: Int16[np.ndarray, " width"],
    below: Int16[np.ndarray, " width"],
    part: int,
) -> None:
    """Add a row of the pattern; ``part`` of 8 of the strength comes from the blocks below."""
    other = np.int16(8 - part)
    share = np.int16(part)
    for j in range(len(row)):
        strength = np.int16(np.int16(above[j] * other) + np.int16(below[j] * share)) >> np.int16(3)
        step = np.int16(np.int16(strength * np.int16(pattern[j])) + np.int16(_HALF)) >> np.int16(
            _SHIFT
        )
        value = np.int16(np.int16(row[j]) + step)
        row[j] = np.uint8(max(min(value, np.int16(_HIGHEST)), np.int16(_LOWEST)))


@compiled
@no_type_check
def _means_of(y: UInt8[np.ndarray, "height width"]) -> Float32[np.ndarray, "down wider"]:
    """The mean of each block; repeated beyond the left and the right edge."""
    height, width = y.shape
    down, across = (height + _BLOCK - 1) // _BLOCK, (width + _BLOCK - 1) // _BLOCK
    total = np.zeros(across * _BLOCK, np.int16)
    means = np.empty((down, across + 2 * _APART), np.float32)
    for b in range(down):
        total[:] = 0
        for i in range(_BLOCK):
            _add_up(total[:width], y[min(_BLOCK * b + i, height - 1)])
        total[width:] = total[width - 1]
        for c in range(across):
            at = _BLOCK * c
            summed = total[at] + total[at + 1] + total[at + 2] + total[at + 3]
            means[b, c + _APART] = np.float32(summed) / np.float32(_BLOCK * _BLOCK)
        means[b, :_APART] = means[b, _APART]
        means[b, across + _APART :] = means[b, across + _APART - 1]
    return means


@compiled
@no_type_check
def _unevenness(means: Float32[np.ndarray, "down wider"]) -> Float32[np.ndarray, "taller across"]:
    """The root of how uneven each block's surroundings are; one block more on each side."""
    down, across = means.shape[0], means.shape[1] - 2 * _APART
    rough = np.empty((down + 2, across + 2), np.float32)
    for b in range(down):
        above, below = means[max(b - _APART, 0)], means[min(b + _APART, down - 1)]
        _uneven(rough[b + 1, 1 : across + 1], means[b], above, below)
    rough[0] = rough[1]
    rough[down + 1] = rough[down]
    rough[:, 0] = rough[:, 1]
    rough[:, across + 1] = rough[:, across]
    return rough


@compiled
@no_type_check
def _spread(line: Int16[np.ndarray, " wide"], strengths: Int16[np.ndarray, " blocks"]) -> None:
    """Let strengths change gradually from one block's centre to the next."""
    last = len(strengths) - 1
    for c in range(last + 1):
        here = strengths[c]
        left = strengths[max(c - 1, 0)]
        right = strengths[min(c + 1, last)]
        at = _BLOCK * c
        line[at] = (3 * left + 5 * here) >> 3
        line[at + 1] = (left + 7 * here) >> 3
        line[at + 2] = (right + 7 * here) >> 3
        line[at + 3] = (3 * right + 5 * here) >> 3


@compiled
@no_type_check
def add_mark(
    y: UInt8[np.ndarray, "height width"], pattern: Int8[np.ndarray, "height width"], gain: float
) -> None:
    """Add the pattern to a frame, in place, within 16..235."""
    unit = np.float32(_UNIT) * np.float32(gain)
    height, width = y.shape
    means = _means_of(y)
    rough = _unevenness(means)
    down, across = rough.shape[0] - 2, rough.shape[1] - 2
    lines = np.empty((down + 2, across * _BLOCK), np.int16)
    strengths = np.empty(across, np.int16)
    for b in range(down):
        for c in range(across):
            mean = np.float32(0)
            for i in range(3):
                mean += rough[b + i, c] + rough[b + i, c + 1] + rough[b + i, c + 2]
            mean *= np.float32(1 / 9)
            strength = np.float32(LEAST) + np.float32(PER_STEP) * mean * mean
            dark = (np.float32(_DARK) - means[b, c + _APART]) / np.float32(_DARK - _BLACK)
            dark = min(max(dark, np.float32(0)), np.float32(1))
            strength *= np.float32(1) + dark * np.float32(IN_THE_DARK - 1)
            strengths[c] = np.int16(unit * min(strength, np.float32(MOST)))
        _spread(lines[b + 1], strengths)
    lines[0] = lines[1]
    lines[down + 1] = lines[down]
    for i in range(height):
        b, inside = i // _BLOCK, i % _BLOCK
        first = b if inside < _BLOCK // 2 else b + 1
        part = 2 * ((inside + _BLOCK // 2) % _BLOCK) + 1
        _add_row(y[i], pattern[i], lines[first, :width], lines[first + 1, :width], part)
