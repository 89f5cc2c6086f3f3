"""What the points of a face mesh say about lips, jaw and lids.

A network that guesses shapes from a picture is weak where lips meet, jaws drop and lids close; the
points themselves are better there. Distances are taken in space and divided by the distance of the
outer eye corners (about 90 mm in an adult), so they hardly change when the head turns or comes near.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

EYE_CORNERS = (33, 263)
NOSE_BASE, CHIN_POINT, FOREHEAD_POINT, BRIDGE = 2, 152, 10, 168
MOUTH_CORNERS = (61, 291)
LIP_PAIRS = ((81, 178), (13, 14), (311, 402))
"""Inner upper and lower lip: between corner and middle, middle, and on the other side."""
LID_PAIRS = {
    "Left": ((385, 380), (386, 374), (387, 373), (362, 263)),
    "Right": ((160, 144), (159, 145), (158, 153), (33, 133)),
}
"""Upper and lower lid at three places, then the corners of the eye."""
MEASURES = ("gap", "drop", "width", "lid_left", "lid_right")
"""Distance of the lips, of nose and chin, of the mouth's corners; openness of each eye (height over width)."""


def measure(landmarks: Float32[np.ndarray, "478 3"]) -> Float64[np.ndarray, " measures"]:
    """Measure a face; see ``MEASURES``."""
    points = landmarks.astype(np.float64)

    def far(a: int, b: int) -> float:
        return float(np.linalg.norm(points[a] - points[b]))

    unit = max(far(*EYE_CORNERS), 1e-6)
    gap = sum(far(*pair) for pair in LIP_PAIRS) / len(LIP_PAIRS)
    lids = []
    for *pairs, corners in LID_PAIRS.values():
        lids.append(sum(far(*pair) for pair in pairs) / len(pairs) / max(far(*corners), 1e-6))
    return np.array(
        [gap / unit, far(NOSE_BASE, CHIN_POINT) / unit, far(*MOUTH_CORNERS) / unit, *lids]
    )


def place(landmarks: Float32[np.ndarray, "478 3"]) -> Float64[np.ndarray, " 3"]:
    """Tell where a face is: right and down in pixels, and its height in pixels."""
    points = landmarks.astype(np.float64)
    height = float(np.linalg.norm(points[FOREHEAD_POINT] - points[NOSE_BASE]))
    return np.array([points[BRIDGE, 0], points[BRIDGE, 1], max(height, 1e-6)])
