"""How far a film may see of a person before it would see where the photo ends."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from jaxtyping import UInt8

from vivant.media.face import LEFT_IRIS, RIGHT_IRIS
from vivant.rig.rig import Rig

THERE = 128
"""Alpha from which a pixel is the person."""
LEAST_RUN = 0.04
"""A person meets the photo's edge when this much of the edge, in face heights, is the person."""
SAFE = 0.02
"""The film's frame stays this far inside, in face heights: people move a little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLimits:
    """How far the film's frame may reach from the middle between the eyes, in face heights; ``inf`` where nothing is cut.

    A frame that reaches further shows a straight cut, unless mist or darkness covers it.
    """

    above: float
    below: float
    left: float
    """Toward the picture's left."""
    right: float
    left_from: float = inf
    """How far below the eyes the cut at the left begins: a frame that ends above it may be as wide as it likes."""
    right_from: float = inf


def frame_limits(rig: Rig) -> FrameLimits:
    """Tell how far a film may see of a rig, or of a completed one.

    Args:
        rig: Of ``building.build_rig`` or ``completion.completed``.
    """
    eyes = rig.landmarks[[RIGHT_IRIS[0], LEFT_IRIS[0]], :2].astype(np.float64).mean(0)
    return matte_limits(rig.alpha, (float(eyes[0]), float(eyes[1])), rig.face_height_px)


def matte_limits(
    alpha: UInt8[np.ndarray, "height width"], eyes: tuple[float, float], tall: float
) -> FrameLimits:
    """Tell the same of any matte: where the eyes are in it, and how tall the face is, in its pixels."""
    height, width = alpha.shape

    def way(edge: UInt8[np.ndarray, " n"], pixels: float) -> float:
        return pixels / tall - SAFE if meets(edge, tall) else inf

    def begins(edge: UInt8[np.ndarray, " n"]) -> float:
        there = np.flatnonzero(edge > THERE)
        return float((there[0] - eyes[1]) / tall) - SAFE if meets(edge, tall) else inf

    left, right = alpha[:, :2].min(1), alpha[:, -2:].min(1)
    return FrameLimits(
        above=way(alpha[:2].min(0), eyes[1]),
        below=way(alpha[-2:].min(0), height - 1 - eyes[1]),
        left=way(left, eyes[0]),
        right=way(right, width - 1 - eyes[0]),
        left_from=begins(left),
        right_from=begins(right),
    )


def meets(edge: UInt8[np.ndarray, " n"], face_height_px: float) -> bool:
    """Whether the person is cut by an edge of the photo, whose alpha this is."""
    return int((edge > THERE).sum()) > LEAST_RUN * face_height_px
