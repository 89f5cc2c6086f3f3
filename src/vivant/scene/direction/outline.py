"""What of a person hides others: a coarse picture of the matte and of the face, for those who stand before and behind one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from jaxtyping import Bool, Float64

from vivant.media.face import CHIN, FACE_OVAL, FOREHEAD
from vivant.rig.rig import Rig

CELL = 0.03
"""Of the coarse picture, in face heights."""
ABOVE, BELOW, BESIDE = 1.4, 4.4, 2.4
"""How far the coarse picture reaches from the middle of the eyes, in face heights."""
CHIN_ROUND = 0.08
"""So far above the chin's lowest point a jaw ends at its sides."""
IRISES, OUTER_CORNERS, MOUTH = (468, 473), (33, 263), (13, 14)
Point = Float64[np.ndarray, " 2"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """Somebody's shape; right and down from the middle between the eyes, in face heights."""

    person: Bool[np.ndarray, "rows columns"]
    """Where the person is; the eyes' middle lies at row ``ABOVE / CELL``, column ``BESIDE / CELL``."""
    head: Bool[np.ndarray, "rows columns"]
    """Where the person is, above the chin."""
    face: Bool[np.ndarray, "rows columns"]
    """Where the face is."""
    corners: Float64[np.ndarray, "2 2"]
    """Outer corners of the eyes: the picture's left one, then its right one."""
    mouth: Point
    chin: Point
    hairline: Point
    """The highest point of the face's middle."""


def outline_of(rig: Rig) -> Outline:
    """Measure a person's shape.

    Args:
        rig: As it will be drawn: completed.
    """
    tall = rig.face_height_px
    points = rig.landmarks[:, :2].astype(np.float64)
    eyes = points[list(IRISES)].mean(0)
    size = (round(2 * BESIDE / CELL), round((ABOVE + BELOW) / CELL))
    step = CELL * tall
    way = np.array([[step, 0, eyes[0] - BESIDE * tall], [0, step, eyes[1] - ABOVE * tall]])
    # The body goes on below the photo: mist or the picture's end hides where it stops.
    flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    soft = cv2.blur(rig.alpha, (max(1, round(step)),) * 2)
    matte = cv2.warpAffine(soft, way, size, flags=flags, borderMode=cv2.BORDER_CONSTANT)
    away = (points - eyes) / tall
    face = np.zeros(matte.shape, np.uint8)
    oval = (away[list(FACE_OVAL)] + [BESIDE, ABOVE]) / CELL
    cv2.fillPoly(face, [np.round(oval).astype(np.int32)], 1)
    person = matte > 127
    end = int(np.flatnonzero(person.any(axis=1))[-1])
    person[end:] = person[max(end - 2, 0)]
    corners = away[list(OUTER_CORNERS)]
    return Outline(
        person=person,
        head=_above(person, float(away[CHIN, 1])),
        face=face.astype(bool),
        corners=corners[np.argsort(corners[:, 0])],
        mouth=away[list(MOUTH)].mean(0),
        chin=away[CHIN],
        hairline=away[FOREHEAD],
    )


def _above(
    person: Bool[np.ndarray, "rows columns"], chin: float
) -> Bool[np.ndarray, "rows columns"]:
    head = person.copy()
    head[round((chin - CHIN_ROUND + ABOVE) / CELL) :] = False
    return head


@cache
def usual_outline() -> Outline:
    """Somebody of whom nothing is known: a head, a neck, shoulders."""
    shape = (round((ABOVE + BELOW) / CELL), round(2 * BESIDE / CELL))
    person, face = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)

    def place(x: float, y: float) -> tuple[int, int]:
        return round((x + BESIDE) / CELL), round((y + ABOVE) / CELL)

    def length(share: float) -> int:
        return round(share / CELL)

    cv2.ellipse(face, (place(0, 0.06), (2 * length(0.48), 2 * length(0.66)), 0), 1, -1)
    cv2.ellipse(person, (place(0, -0.02), (2 * length(0.58), 2 * length(0.80)), 0), 1, -1)
    body = [(-0.36, 0.4), (0.36, 0.4), (0.42, 0.95), (1.3, 1.3), (1.6, 3.3), (-1.6, 3.3), (-1.3, 1.3), (-0.42, 0.95)]  # fmt: skip
    cv2.fillPoly(person, [np.array([place(*one) for one in body], np.int32)], 1)
    return Outline(
        person=person.astype(bool),
        head=_above(person.astype(bool), 0.72),
        face=face.astype(bool),
        corners=np.array([[-0.36, 0.0], [0.36, 0.0]]),
        mouth=np.array([0.0, 0.5]),
        chin=np.array([0.0, 0.72]),
        hairline=np.array([0.0, -0.5]),
    )
