"""How near a living photo may come, and where in the picture it stands, so that no edge of the photo is seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from vivant.scene.direction.call import Subject

LARGEST_FACE = 0.56
"""Height of the face in the picture, at most: beyond it a photo is seen to be one."""
HEADROOM = 0.045
"""Free space above hair or hat, in heights of the picture."""
BELOW_EDGE = 0.02
MIST_REACH = 0.20
"""Mist hides an edge that lies lower than this above the picture's end, in heights of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a face stands: middle of the eyes and height of the face, in heights of the picture."""

    eyes_x: float
    eyes_y: float
    face_height: float
    mist_top: float
    """From where down mist has to hide the photo's end."""


def place_of(subject: Subject, *, aspect: float, wish: Place, misty: bool) -> Place:
    """Keep to the wish as far as the photo reaches.

    The photo's lower end comes below the picture or into the mist; a shoulder that the photo cuts goes out of the
    picture at the side where it is cut. Where the set has no mist, the lower end has to be out of the picture.
    """
    limits = subject.limits
    face, x, y = wish.face_height, wish.eyes_x, wish.eyes_y
    room_down = 1 + BELOW_EDGE - y - (MIST_REACH if misty else 0.0)
    if limits.below * face < room_down:
        face = min(LARGEST_FACE, room_down / limits.below)
    half = aspect / 2
    cut_left = isfinite(limits.left) and limits.left_from * face < 1 - y
    cut_right = isfinite(limits.right) and limits.right_from * face < 1 - y
    if cut_left and cut_right:
        wide = limits.left + limits.right
        face = min(LARGEST_FACE, max(face, aspect / wide * 0.86))
        x = (limits.left - limits.right) * face / 2
    elif cut_left:
        x = min(x, limits.left * face - half)
    elif cut_right:
        x = max(x, half - limits.right * face)
    if isfinite(limits.above):
        y = min(y, limits.above * face)
    else:
        y = max(y, HEADROOM + min(subject.up, 1.6) * face)
    end = y + min(limits.below, 9.0) * face
    return Place(
        eyes_x=x, eyes_y=y, face_height=face, mist_top=float(np.clip(end - 0.24, 0.62, 0.90))
    )


def usual_place(aspect: float, *, side: float = -1.0) -> Place:
    """Stand in a third of a wide picture, in the middle of an upright one; ``side`` -1 is left, 1 right, 0 the middle."""
    wide = float(np.clip((aspect - 0.8) / (16 / 9 - 0.8), 0, 1))
    return Place(
        eyes_x=side * 0.25 * wide,
        eyes_y=0.40 - 0.01 * wide,
        face_height=0.27 + 0.09 * wide,
        mist_top=0.8,
    )
