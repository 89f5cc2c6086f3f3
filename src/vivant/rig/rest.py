"""From the face in the photo to the face at rest: lips closed, most of a smile let go.

Performances are told relative to a neutral face. A photo rarely is one: this module finds the lip
line exactly, and works out how the mesh must move so that parted lips meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.face import SHAPE
from vivant.rig.anatomy import LOWER_ROWS, UPPER_ROWS
from vivant.rig.ground import Ground

PARTED = 0.020
"""Lips further apart than this share of the face height count as parted."""
KEPT_SMILE = 0.40
"""Share of the photo's own smile that stays at rest: a face known by its smile should keep some."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rest:
    """How the photo's face differs from a face at rest."""

    parted: bool
    smile: float
    """The smile in the photo, 0..1."""
    shapes: Float32[np.ndarray, " 52"]
    """ARKit weights to add to every performance, mostly negative: they take the photo's smile off."""


def find_lip_line(ground: Ground) -> Float64[np.ndarray, "478 3"]:
    """Give the landmarks with closed lips snapped onto the dark line between them."""
    points = ground.landmarks.astype(np.float64).copy()
    tall = ground.face_height_px
    upper, lower = list(UPPER_ROWS[0]), list(LOWER_ROWS[0])
    if lips_gap(points) > PARTED * tall:
        return points
    luma = cv2.cvtColor(ground.rgb, cv2.COLOR_RGB2GRAY)
    luma = cv2.GaussianBlur(luma, (0, 0), max(0.8, tall * 0.004)).astype(np.float32)
    reach = max(2, round(0.03 * tall))
    steps = np.arange(-reach, reach + 1)
    for a, b in zip(upper[1:-1], lower[1:-1], strict=True):
        x, y = (points[a, :2] + points[b, :2]) / 2
        column = cv2.remap(
            luma,
            np.full((1, len(steps)), x, np.float32),
            (y + steps)[None].astype(np.float32),
            cv2.INTER_LINEAR,
        )[0]
        found = y + steps[np.argmin(column + 15.0 * (steps / reach) ** 2)]
        points[[a, b], 0], points[[a, b], 1] = x, found
    line = points[upper, 1].copy()
    line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    points[upper, 1] = line
    points[lower, 1] = line
    depth = (points[upper, 2] + points[lower, 2]) / 2  # or a nod would part them
    points[upper, 2] = depth
    points[lower, 2] = depth
    return points


def lips_gap(points: Float64[np.ndarray, "478 3"]) -> float:
    """Mean opening between the middle of the lips, in pixels."""
    upper, lower = points[list(UPPER_ROWS[0][3:8]), :2], points[list(LOWER_ROWS[0][3:8]), :2]
    return float(np.linalg.norm(upper - lower, axis=1).mean())


def find_rest(
    ground: Ground, points: Float64[np.ndarray, "478 3"], shapes: Float32[np.ndarray, " 52"]
) -> Rest:
    """Tell what to take off the photo's expression."""
    smile = float((shapes[SHAPE["mouthSmileLeft"]] + shapes[SHAPE["mouthSmileRight"]]) / 2)
    parted = lips_gap(points) > PARTED * ground.face_height_px
    takeoff = np.zeros(52, np.float32)
    over = max(0.0, smile - 0.25) / 0.75  # the detector calls many calm mouths a slight smile
    for side in ("Left", "Right"):
        takeoff[SHAPE["mouthSmile" + side]] = -(1 - KEPT_SMILE) * over
        if parted:
            takeoff[SHAPE["mouthUpperUp" + side]] = (
                -0.6 * float(shapes[SHAPE["mouthUpperUp" + side]]) * over
            )
    return Rest(parted=parted, smile=over, shapes=takeoff)


def close_lips(
    sheet: Float64[np.ndarray, "points 3"],
    down: Float64[np.ndarray, " 3"],
    rows_hold: tuple[float, ...] = (1.0, 0.8, 0.55, 0.35),
) -> dict[int, Float64[np.ndarray, " 3"]]:
    """Say how each lip point must move for parted lips to meet.

    The upper lip comes down a little more than half: teeth in a smile hang from it.
    """
    handles: dict[int, Float64[np.ndarray, " 3"]] = {}
    for k in range(11):
        top, bottom = sheet[UPPER_ROWS[0][k]], sheet[LOWER_ROWS[0][k]]
        gap = float((bottom - top) @ down)
        beside = bottom - top - gap * down  # or a turn or a nod would part them again
        for rows, way, share in ((UPPER_ROWS, 1.0, 0.55), (LOWER_ROWS, -1.0, 0.45)):
            step, last = gap * share, rows[0][k]
            for row, hold in zip(rows, rows_hold, strict=True):
                apart = abs(float((sheet[row[k]] - sheet[last]) @ down))
                step, last = (
                    max(gap * share * hold, step - 0.6 * apart),
                    row[k],
                )  # rows keep their order
                handles[row[k]] = way * (down * step + beside * share * hold)
    return handles
