"""Where somebody's shoulders are in a gathering: found on their photo's outline, and carried into the set."""

from __future__ import annotations

from typing import Literal

import numpy as np
from jaxtyping import Float64

from vivant.performance.curves import Performance
from vivant.scene.direction.call import Call, Curve
from vivant.scene.direction.gathering import GROWN_M, Gathering, face_m
from vivant.scene.direction.outline import ABOVE, BESIDE, CELL, Outline, usual_outline

Side = Literal["left", "right"]
"""The person's own: their left is the picture's right."""
JOINT_RIGHT_M, JOINT_DOWN_M = 0.175, 0.262
"""From the middle of the eyes to the joint of a shoulder, of somebody 1.68 m tall."""
LIFT = 0.016
"""How far shoulders rise between a breath out and a breath in, in face heights: see ``render.pose``."""


def top_of_shoulder(outline: Outline | None, aside: float) -> float:
    """Tell how far below the eyes a shoulder's upper edge is.

    Args:
        outline: Of the person; most people's where it is not known.
        aside: To the picture's right of the eyes; both in face heights.
    """
    person = (usual_outline() if outline is None else outline).person
    column = int(np.clip(round((aside + BESIDE) / CELL), 0, person.shape[1] - 1))
    first = round((ABOVE + 0.35) / CELL)  # below the ears, whatever the hair does
    rows = np.flatnonzero(person[first:, column])
    return float((first + rows[0]) * CELL - ABOVE) if len(rows) else 1.9


def edge_of_shoulder(outline: Outline | None, side: Side, *, inside: float = 0.16) -> float:
    """Tell where a shoulder is to be touched: a little inside its outer end, right of the eyes, in face heights."""
    person = (usual_outline() if outline is None else outline).person
    row = min(round((ABOVE + 1.75) / CELL), person.shape[0] - 1)
    columns = np.flatnonzero(person[row])
    if not len(columns):
        return 1.0 if side == "left" else -1.0
    ends = np.clip(columns[[0, -1]] * CELL - BESIDE, -1.7, 1.7)
    return float(ends[1] - inside) if side == "left" else float(ends[0] + inside)


def place_on(
    gathering: Gathering,
    call: Call,
    name: str,
    *,
    aside: Curve | float,
    down: Curve | float,
    roll_deg: Curve | float = 0.0,
    performance: Performance | None = None,
) -> Float64[np.ndarray, "frames 3"]:
    """Find a place of somebody's photo in the set, at the depth of their eyes.

    Args:
        gathering: With the person.
        call: The shot.
        name: The person.
        aside: To the picture's right of the middle of the eyes, in face heights.
        down: The same, below it.
        roll_deg: Of the person's bust.
        performance: Theirs, whose breath lifts the shoulders.
    """
    turn = np.radians(np.broadcast_to(np.asarray(roll_deg, np.float64), (call.frames,)))
    breath = (
        np.zeros(call.frames) if performance is None else np.clip(performance.breath, 0, 1) - 0.5
    )
    x, y = (
        np.broadcast_to(aside, (call.frames,)),
        np.broadcast_to(down, (call.frames,)) - LIFT * breath,
    )
    right = (np.cos(turn) * x - np.sin(turn) * y) * face_m(call, name)
    below = (np.sin(turn) * x + np.cos(turn) * y) * face_m(call, name)
    away = right[:, None] * gathering.right - below[:, None] * gathering.up
    return np.asarray(gathering.eyes_m[name] + away)


def joint_of(
    gathering: Gathering, call: Call, name: str, side: Side
) -> Float64[np.ndarray, "frames 3"]:
    """Guess where the joint of somebody's shoulder is, from their height."""
    build = call.builds.get(name)
    size = (GROWN_M if build is None else build.height_m) / GROWN_M
    sign = 1.0 if side == "left" else -1.0
    away = sign * JOINT_RIGHT_M * gathering.right - JOINT_DOWN_M * gathering.up
    return np.asarray(gathering.eyes_m[name] + size * away)
