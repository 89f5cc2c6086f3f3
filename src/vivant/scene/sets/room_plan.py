"""Where everything in the room stands: one plan for its walls, its light and its things. The person is at the origin."""

from __future__ import annotations

import numpy as np

LEFT_M, RIGHT_M = -3.1, 1.75
BACK_M, FRONT_M = -2.7, 3.6
HEIGHT_M = 2.75
WINDOW_LEFT_M, WINDOW_RIGHT_M = -2.05, -0.25
SILL_M, LINTEL_M = 0.72, 2.38
REVEAL_M = 0.16
"""How deep the window lies in the wall."""
GLASS_M = BACK_M - REVEAL_M
CURTAIN_M = BACK_M + 0.15
CURTAINS = ((-2.42, -1.50), (-0.46, 0.02))
"""From x to x, each panel."""
DRAWN = ((-2.42, -1.12), (-1.20, 0.02))
"""The same, drawn over the window."""
ROD_M = 2.52
TABLE = (1.08, 0.74, -1.80)
"""Middle of its top."""
TABLE_RADIUS_M = 0.46
CHAIR = (-2.1, 0.0, -1.35)
CHAIR_YAW_RAD = 0.85
SHELF_LEFT_M, SHELF_RIGHT_M, SHELF_M, SHELF_DEEP_M = 0.55, 1.40, 1.58, 0.21

FRAME_M = 0.055
"""Thickness of the window's outer wood."""
BAR_M = 0.034
"""Of its bars."""


def window_bars() -> np.ndarray:
    """Give the window's wood as boxes (low corner, high corner), in metres."""
    z0, z1 = GLASS_M - 0.02, GLASS_M + 0.035
    left, right, low, high = WINDOW_LEFT_M, WINDOW_RIGHT_M, SILL_M, LINTEL_M
    middle = (left + right) / 2
    boxes = [
        (left, low, z0, left + FRAME_M, high, z1),
        (right - FRAME_M, low, z0, right, high, z1),
        (left, low, z0, right, low + FRAME_M, z1),
        (left, high - FRAME_M, z0, right, high, z1),
        (middle - 0.045, low, z0, middle + 0.045, high, z1 + 0.01),
    ]
    for share in (0.36, 0.69):
        y = low + (high - low) * share
        boxes.append((left, y - BAR_M / 2, z0, right, y + BAR_M / 2, z1 - 0.01))
    return np.asarray(boxes, np.float32)


def solid_boxes() -> np.ndarray:
    """Give what keeps light away, as boxes: window wood, table, chair, shelf and what stands on them."""
    x, y, z = TABLE
    r = TABLE_RADIUS_M
    boxes = [
        (x - r, y - 0.035, z - 0.38 * r, x + r, y, z + 0.38 * r),
        (x - 0.72 * r, y - 0.035, z - 0.72 * r, x + 0.72 * r, y, z + 0.72 * r),
        (x - 0.38 * r, y - 0.035, z - r, x + 0.38 * r, y, z + r),
        (x - 0.04, 0.0, z - 0.04, x + 0.04, y, z + 0.04),
        (x - 0.22, 0.0, z - 0.22, x + 0.22, 0.05, z + 0.22),
        (x - 0.16, y, z - 0.10, x + 0.00, y + 0.20, z + 0.06),
        (x - 0.22, y + 0.26, z - 0.14, x + 0.06, y + 0.44, z + 0.10),
        (x + 0.10, y, z + 0.02, x + 0.34, y + 0.10, z + 0.20),
        (SHELF_LEFT_M, SHELF_M - 0.03, BACK_M, SHELF_RIGHT_M, SHELF_M, BACK_M + SHELF_DEEP_M),
        (SHELF_LEFT_M + 0.06, SHELF_M, BACK_M + 0.02, SHELF_LEFT_M + 0.32, SHELF_M + 0.22, BACK_M + 0.17),
    ]  # fmt: skip
    cx, _, cz = CHAIR
    c, s = np.cos(CHAIR_YAW_RAD), np.sin(CHAIR_YAW_RAD)
    for ax, az, half, low, high in (
        (0.0, 0.0, 0.30, 0.14, 0.44),
        (0.0, -0.30, 0.17, 0.30, 0.92),
        (0.22, -0.28, 0.14, 0.30, 0.88),
        (-0.22, -0.28, 0.14, 0.30, 0.88),
        (0.36, 0.0, 0.12, 0.14, 0.60),
        (-0.36, 0.0, 0.12, 0.14, 0.60),
    ):
        px, pz = cx + c * ax + s * az, cz - s * ax + c * az
        boxes.append((px - half, low, pz - half, px + half, high, pz + half))
    return np.concatenate([window_bars(), np.asarray(boxes, np.float32)])
