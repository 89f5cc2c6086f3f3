"""How strongly each place of a picture may be marked, and the marking itself, in compiled loops.

The eye forgives more where the picture is busy. How busy a place is, is measured in blocks of 4 x 4
pixels and averaged over 3 x 3 of them after taking the root, so that one hard edge beside an even
field counts for little. Between the blocks' centres the strength changes gradually.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Int8, Int16, UInt8

from vivant.media.compilation import compiled

LEAST = 0.75
"""Standard deviation of the mark on an even field, in luma steps."""
PER_STEP = 0.22
"""How much stronger it is for each step of luma by which neighbours differ."""
MOST = 1.9
"""Its standard deviation in the busiest places."""

_BLOCK = 4
_APART = 2  # pixels between the neighbours that are compared
_LOWEST, _HIGHEST = 16, 235
_UNIT = 64  # strengths are whole numbers of 1/64 step; with the pattern's 1/32 that is 11 bits
_SHIFT = 11
_HALF = 1 << (_SHIFT - 1)


@compiled
@no_type_check
def _differ(
    total: Int16[np.ndarray, " width"],
    row: UInt8[np.ndarray, " wider"],
    below: UInt8[np.ndarray, " wider"],
) -> None:
    for j in range(len(total)):
        luma = np.int16(row[j])
        down = np.int16(np.int16(below[j]) - luma)
        across = np.int16(np.int16(row[j + _APART]) - luma)
        down = max(down, np.int16(-down))
        across = max(across, np.int16(-across))
        total[j] += np.int16(down + across)


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
def _busyness(y: UInt8[np.ndarray, "height width"]) -> Float32[np.ndarray, "down across"]:
    """Mean difference between neighbours in each block, its root averaged over 3 x 3 blocks."""
    height, width = y.shape
    down, across = (height + _BLOCK - 1) // _BLOCK, (width + _BLOCK - 1) // _BLOCK
    wide = across * _BLOCK
    total = np.empty(wide, np.int16)
    row = np.empty(wide + _APART, np.uint8)
    below = np.empty(wide + _APART, np.uint8)
    rough = np.empty((down + 2, across + 2), np.float32)
    for b in range(down):
        total[:] = 0
        for i in range(0, _BLOCK, 2):
            at = min(_BLOCK * b + i, height - 1)
            row[:width] = y[at]
            row[width:] = row[width - 1]
            below[:width] = y[min(at + _APART, height - 1)]
            below[width:] = below[width - 1]
            _differ(total, row, below)
        for c in range(across):
            at = _BLOCK * c
            summed = total[at] + total[at + 1] + total[at + 2] + total[at + 3]
            rough[b + 1, c + 1] = np.sqrt(np.float32(summed) / np.float32(4 * _BLOCK))
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
    y: UInt8[np.ndarray, "height width"], pattern: Int8[np.ndarray, "height width"]
) -> None:
    """Add the pattern to a frame, in place, within 16..235."""
    height, width = y.shape
    rough = _busyness(y)
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
            strengths[c] = np.int16(np.float32(_UNIT) * min(strength, np.float32(MOST)))
        _spread(lines[b + 1], strengths)
    lines[0] = lines[1]
    lines[down + 1] = lines[down]
    for i in range(height):
        b, inside = i // _BLOCK, i % _BLOCK
        first = b if inside < _BLOCK // 2 else b + 1
        part = 2 * ((inside + _BLOCK // 2) % _BLOCK) + 1
        _add_row(y[i], pattern[i], lines[first, :width], lines[first + 1, :width], part)
