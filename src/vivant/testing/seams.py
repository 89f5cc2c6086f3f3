"""Measures what gives a composite away: edges that hold another room's light, and things that jump."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

VISIBLE = 12.0
"""A difference of fewer steps of a byte than this is not seen at an edge."""


class Edge(NamedTuple):
    """How wide an edge is that is seen."""

    mean_px: float
    """Pixels that are seen, for each pixel of the outline."""
    widest_px: float
    """Only a twentieth of what is seen is wider."""


def visible_edge(
    one: UInt8[np.ndarray, "height width"],
    other: UInt8[np.ndarray, "height width"],
    alpha: Float32[np.ndarray, "height width"],
) -> Edge:
    """Measure how wide a matte's edge is seen.

    Both pictures show the same person before the same set; only what was behind the person in the
    photos differs. Whatever differs now is that room, shining through the matte or left in its edge.

    Args:
        one: Luma, 0..255, without grain.
        other: The same of the other photo.
        alpha: The matte, 0..1: the outline is where it passes the half.
    """
    differs = np.abs(one.astype(np.float32) - other) > VISIBLE
    inside = (alpha > 0.5).astype(np.uint8)
    outline = inside - cv2.erode(inside, np.ones((3, 3), np.uint8))
    length = max(1, int(outline.sum()))
    if not differs.any():
        return Edge(0.0, 0.0)
    depth = cv2.distanceTransform(
        cv2.copyMakeBorder(differs.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT),
        cv2.DIST_L2,
        5,
    )
    ridge = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    widest = float(np.quantile(depth[ridge], 0.95)) * 2 - 1
    return Edge(float(differs.sum()) / length, widest)


def largest_jump_px(
    frames: Sequence[UInt8[np.ndarray, "height width"]],
    still: Bool[np.ndarray, "height width"],
) -> float:
    """Measure how far anything moves from one frame to the next, where nothing should.

    Args:
        frames: Luma, without grain.
        still: Where to look.

    Returns:
        The longest way in pixels, a two-hundredth of the places left out: where there is no
        pattern, the way is a guess.
    """
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    most = 0.0
    for before, after in pairwise(frames):
        way = np.asarray(flow.calc(before, after, np.zeros((*before.shape, 2), np.float32)))
        slope = np.hypot(cv2.Sobel(before, cv2.CV_32F, 1, 0), cv2.Sobel(before, cv2.CV_32F, 0, 1))
        seen = still & (slope > 24)
        if seen.any():
            most = max(most, float(np.quantile(np.hypot(way[..., 0], way[..., 1])[seen], 0.995)))
    return most
