"""Keeps lips from passing through each other, and the rows of points in a lip in their order."""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.media.compilation import compiled
from vivant.media.face import (
    LOWER_LIP_INNER,
    LOWER_LIP_MIDDLE,
    LOWER_LIP_OUTER,
    UPPER_LIP_INNER,
    UPPER_LIP_MIDDLE,
    UPPER_LIP_OUTER,
)
from vivant.rig.untangling import LIP_CORNERS

LEAST_GAP = 0.25
"""Rows of points in a lip, and the points of a corner, come no closer than this share of their distance at rest."""
HOLD = np.array([1.0, 0.7, 0.4])
"""How far each row behind the lip's edge follows when lips meet."""


class Lips(NamedTuple):
    """What the order of the lips' points is judged by."""

    upper: Int32[np.ndarray, "4 11"]
    """Rows from the inner contour to the outer one."""
    lower: Int32[np.ndarray, "4 11"]
    upper_gaps: Float64[np.ndarray, "3 11"]
    """Least distance of each point from the one of the row before, in rig pixels."""
    lower_gaps: Float64[np.ndarray, "3 11"]
    corners: Int32[np.ndarray, "2 4"]
    """Points of the two corners of the mouth, from the outer row inward."""
    corner_gaps: Float64[np.ndarray, "2 3"]
    """Least distance of each from the one before, inward, in rig pixels."""
    down: Float64[np.ndarray, " 3"]
    """The face's own downward direction in the photo."""
    right: Float64[np.ndarray, " 3"]


def lips_of(rest: Float32[np.ndarray, "points 3"], axes: Float32[np.ndarray, "3 3"]) -> Lips:
    """Measure the lips of a face at rest; the axes are right, down and away of the face in the photo."""
    upper = np.array([UPPER_LIP_INNER, *UPPER_LIP_MIDDLE, UPPER_LIP_OUTER], np.int32)
    lower = np.array([LOWER_LIP_INNER, *LOWER_LIP_MIDDLE, LOWER_LIP_OUTER], np.int32)
    corners = np.array(LIP_CORNERS, np.int32)
    right, down = axes[0].astype(np.float64), axes[1].astype(np.float64)

    def gaps(rows: Int32[np.ndarray, "4 11"]) -> Float64[np.ndarray, "3 11"]:
        steps = (rest[rows[:-1]] - rest[rows[1:]]) @ down
        return np.asarray(LEAST_GAP * np.abs(steps))

    inward = (rest[corners[:, 1:]] - rest[corners[:, :-1]]) @ right * np.array([[1.0], [-1.0]])
    return Lips(
        upper=upper,
        lower=lower,
        upper_gaps=gaps(upper),
        lower_gaps=gaps(lower),
        corners=corners,
        corner_gaps=LEAST_GAP * np.maximum(inward, 0),
        down=down,
        right=right,
    )


@compiled
@no_type_check
def part_lips(face: Float32[np.ndarray, "points 3"], lips: Lips) -> None:
    """Let lips that would pass through each other meet half way; rows of a pressed lip keep their order.

    Args:
        face: Points in rig pixels, changed in place.
        lips: Of the same face.
    """
    down = lips.down
    columns = lips.upper.shape[1]
    for k in range(columns):
        gap = _along(face, lips.lower[0, k], lips.upper[0, k], down)
        if gap < 0:
            for row in range(HOLD.shape[0]):
                _slide(face, lips.upper[row, k], 0.5 * gap * HOLD[row], down)
                _slide(face, lips.lower[row, k], -0.5 * gap * HOLD[row], down)
    for row in range(3):
        for k in range(1, columns - 1):
            inner, outer = lips.upper[row, k], lips.upper[row + 1, k]
            short = lips.upper_gaps[row, k] - _along(face, inner, outer, down)
            _slide(face, outer, -max(short, 0.0), down)
            inner, outer = lips.lower[row, k], lips.lower[row + 1, k]
            short = lips.lower_gaps[row, k] + _along(face, inner, outer, down)
            _slide(face, outer, max(short, 0.0), down)
    for side in range(2):
        inward = lips.right * (1 - 2 * side)
        for k in range(3):
            before, point = lips.corners[side, k], lips.corners[side, k + 1]
            short = lips.corner_gaps[side, k] - _along(face, point, before, inward)
            _slide(face, point, max(short, 0.0), inward)


@compiled
@no_type_check
def _along(
    face: Float32[np.ndarray, "points 3"], a: int, b: int, down: Float64[np.ndarray, " 3"]
) -> float:
    """How far a lies below b."""
    return (
        (face[a, 0] - face[b, 0]) * down[0]
        + (face[a, 1] - face[b, 1]) * down[1]
        + (face[a, 2] - face[b, 2]) * down[2]
    )


@compiled
@no_type_check
def _slide(
    face: Float32[np.ndarray, "points 3"], point: int, by: float, down: Float64[np.ndarray, " 3"]
) -> None:
    for axis in range(3):
        face[point, axis] += by * down[axis]
