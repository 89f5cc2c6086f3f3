"""Eyes and mouth over nothing: what lies under lids and lips, and where lids end."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int32

from vivant.media.face import (
    LEFT_EYE_LOWER,
    LEFT_EYE_UPPER,
    LOWER_LIP_INNER,
    RIGHT_EYE_LOWER,
    RIGHT_EYE_UPPER,
    UPPER_LIP_INNER,
)
from vivant.render.engines.puppet import Moved
from vivant.render.features import EyeView

SHUT_PX, OPEN_PX = 0.5, 1.5
"""An eye's corner that is open less than the first is shut; from the second on, it is as it is."""
SEAM = 0.6
"""Share of the line between closed lips: the set's light is softer than the photo's."""
RIM_PX = 0.8
"""Lids keep so much of the photo's own edge, where lashes and the moist rim are."""


def ground_cells() -> Int32[np.ndarray, "cells 3"]:
    """Close the face's holes with cells between upper and lower lids, and between the lips."""
    pairs = (
        (RIGHT_EYE_UPPER, RIGHT_EYE_LOWER),
        (LEFT_EYE_UPPER, LEFT_EYE_LOWER),
        (UPPER_LIP_INNER, LOWER_LIP_INNER),
    )
    cells: list[tuple[int, int, int]] = []
    for upper, lower in pairs:
        for k in range(min(len(upper), len(lower)) - 1):
            a, b, c, d = upper[k], upper[k + 1], lower[k], lower[k + 1]
            cells += [cell for cell in ((a, b, c), (b, d, c)) if len(set(cell)) == 3]
    return np.array(cells, np.int32)


def with_shut_corners(moved: Moved) -> Moved:
    """Shut the corners of the eyes, where lids meet: no line of white runs on into the skin; soften closed lips."""
    mouth = moved.mouth
    return moved._replace(
        mouth=None if mouth is None else mouth._replace(seam=mouth.seam * SEAM),
        eyes=tuple(None if eye is None else _shut(eye) for eye in moved.eyes),
    )


def _shut(eye: EyeView) -> EyeView:
    gap = (eye.lower - eye.upper) * np.float32(eye.sharp)
    part = np.clip((gap - SHUT_PX) / (OPEN_PX - SHUT_PX), 0, 1).astype(np.float32)
    rim = np.float32(RIM_PX / eye.sharp) * part
    upper = eye.upper + rim
    return eye._replace(upper=upper, lower=upper + (eye.lower - eye.upper - 2 * rim) * part)
