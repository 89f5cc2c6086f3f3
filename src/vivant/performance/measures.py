"""What the points of a face mesh say about lips, jaw and lids.

A network that guesses shapes from a picture is weak where lips meet, jaws drop and lids close; the
points themselves are better there. Distances are taken in space and divided by the distance of the
outer eye corners (about 90 mm in an adult), so they hardly change when the head turns or comes near.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

EYE_CORNERS = (33, 263)
NOSE_BASE, CHIN_POINT, FOREHEAD_POINT = 2, 152, 10
EARS = (234, 454)
BONY = (33, 133, 362, 263, 168, 6, 197, 195, 5, 9, 151, 10, 234, 454, 127, 356, 2)
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


def place(landmarks: Float32[np.ndarray, "478 3"]) -> Float64[np.ndarray, " 4"]:
    """Tell where a face is, in pixels: right and down, its height from forehead to nose, its size.

    The place is the middle between the ears, which a turn of the head hardly moves; the size is
    the spread of points that no expression moves.
    """
    points = landmarks.astype(np.float64)
    middle = (points[EARS[0]] + points[EARS[1]]) / 2
    height = float(np.linalg.norm(points[FOREHEAD_POINT] - points[NOSE_BASE]))
    bones = points[list(BONY)]
    size = float(np.sqrt(np.mean(np.sum((bones - bones.mean(axis=0)) ** 2, axis=1))))
    return np.array([middle[0], middle[1], max(height, 1e-6), max(size, 1e-6)])
