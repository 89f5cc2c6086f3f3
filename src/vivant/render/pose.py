"""Where expressions, the head and the breath carry the points of a sheet."""

from __future__ import annotations

import math
from typing import NamedTuple, no_type_check

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.compilation import compiled
from vivant.media.face import CHIN
from vivant.render.framing import Framing
from vivant.rig.rig import Rig

YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG = 16.0, 11.0, 15.0
SHIFT_LIMIT = 0.12
"""Furthest the head moves sideways or up and down, in face heights."""
CAMERA = 9.0
"""Distance of the camera, in face heights: a portrait lens."""
KNEE = 0.7
"""Share of a limit up to which motion is left as it is."""


class Pose(NamedTuple):
    """One frame's head and breath, and the way from rig pixels to film pixels."""

    rotation: Float64[np.ndarray, "3 3"]
    shift: Float64[np.ndarray, " 3"]
    """In rig pixels."""
    pivot: Float64[np.ndarray, " 3"]
    tall: float
    """Height of the face, in rig pixels."""
    breath: float
    """-0.5 empty .. 0.5 full."""
    shoulder: Float64[np.ndarray, " 2"]
    """x of the body's middle and y of the shoulders, in rig pixels."""
    film: Float64[np.ndarray, "2 3"]
    """The way from rig pixels to film pixels."""


def pose_of(
    rig: Rig,
    framing: Framing,
    *,
    head: Float32[np.ndarray, " 6"],
    breath: float,
    place: Float64[np.ndarray, "2 3"] | None = None,
) -> Pose:
    """Turn a performance's head and breath into a pose, within the engine's limits.

    Args:
        rig: The person.
        framing: Where the film's frame lies.
        head: Yaw, pitch, roll in degrees; right, down, away in face heights.
        breath: 0 empty .. 1 full.
        place: Where the framing's pixels come to lie in the film; where they are when left out.
    """
    limits = (YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG)
    yaw, pitch, roll = (
        math.radians(soft_limit(float(head[i]), limit)) for i, limit in enumerate(limits)
    )
    turn = np.array(
        [[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]]
    )
    nod = np.array(
        [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    )
    tilt = np.array(
        [[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]]
    )
    tall = float(rig.face_height_px)
    scale, half = framing.scale, (framing.scale - 1) / 2
    film = np.array([[scale, 0, half - framing.left], [0, scale, half - framing.top]], np.float64)
    if place is not None:
        film = place @ np.vstack([film, [0, 0, 1]])
    return Pose(
        rotation=tilt @ nod @ turn,
        shift=np.array([soft_limit(float(v), SHIFT_LIMIT) * tall for v in head[3:6]]),
        pivot=rig.pivot.astype(np.float64),
        tall=tall,
        breath=float(breath) - 0.5,
        shoulder=np.array([rig.landmarks[CHIN, 0], rig.landmarks[CHIN, 1] + 0.35 * tall]),
        film=film,
    )


def soft_limit(value: float, limit: float) -> float:
    """Leave small values alone and bend large ones toward the limit, so that motion never stops dead."""
    knee = KNEE * limit
    if abs(value) <= knee:
        return value
    beyond = (abs(value) - knee) / (limit - knee)
    return math.copysign(knee + (limit - knee) * math.tanh(beyond), value)


@compiled
@no_type_check
def deform(
    rest: Float32[np.ndarray, "points 3"],
    basis: Float32[np.ndarray, "52 points 3"],
    weights: Float32[np.ndarray, " 52"],
) -> Float32[np.ndarray, "points 3"]:
    """Move a sheet's points by the weighted shapes, in rig pixels."""
    moved = rest.copy()
    for k in range(weights.shape[0]):
        weight = weights[k]
        if weight == 0:
            continue
        for i in range(rest.shape[0]):
            moved[i, 0] += weight * basis[k, i, 0]
            moved[i, 1] += weight * basis[k, i, 1]
            moved[i, 2] += weight * basis[k, i, 2]
    return moved


@compiled
@no_type_check
def carry(
    points: Float32[np.ndarray, "points 3"], weight: Float32[np.ndarray, " points"], pose: Pose
) -> Float32[np.ndarray, "points 2"]:
    """Carry points by the head as far as each follows it, then by the breath, and on to the film.

    Args:
        points: In rig pixels.
        weight: How far each follows the head, 0..1.
        pose: Of this frame.

    Returns:
        Film pixels.
    """
    turn, pivot, shift, tall = pose.rotation, pose.pivot, pose.shift, pose.tall
    film = pose.film
    far = CAMERA * tall
    out = np.empty((points.shape[0], 2), np.float32)
    for i in range(points.shape[0]):
        x, y = float(points[i, 0]), float(points[i, 1])
        dx, dy, dz = x - pivot[0], y - pivot[1], points[i, 2] - pivot[2]
        turned_x = turn[0, 0] * dx + turn[0, 1] * dy + turn[0, 2] * dz
        turned_y = turn[1, 0] * dx + turn[1, 1] * dy + turn[1, 2] * dz
        turned_z = turn[2, 0] * dx + turn[2, 1] * dy + turn[2, 2] * dz
        nearer = (far + dz) / (far + turned_z + shift[2])
        moved_x = x + weight[i] * (turned_x * nearer + pivot[0] + shift[0] - x)
        moved_y = y + weight[i] * (turned_y * nearer + pivot[1] + shift[1] - y)
        below = y - pose.shoulder[1]
        lift = min(max(1 - below / (1.6 * tall), 0.0), 1.0)
        chest = min(max(below / (0.6 * tall), 0.0), 1.0)
        moved_y -= pose.breath * 0.016 * tall * lift
        moved_x += pose.breath * 0.010 * (x - pose.shoulder[0]) * chest
        out[i, 0] = moved_x * film[0, 0] + moved_y * film[0, 1] + film[0, 2]
        out[i, 1] = moved_x * film[1, 0] + moved_y * film[1, 1] + film[1, 2]
    return out


def into_box(box_in_film: Float32[np.ndarray, "3 2"]) -> Float32[np.ndarray, "2 3"]:
    """Give the way from film pixels into a box's pixels, from where its (0,0), (1,0) and (0,1) lie."""
    corners: list[list[float]] = box_in_film.tolist()
    (x, y), (right_x, right_y), (down_x, down_y) = corners
    a, b, c, d = right_x - x, down_x - x, right_y - y, down_y - y
    det = a * d - b * c
    p, q, r, s = d / det, -b / det, -c / det, a / det
    return np.array([[p, q, -p * x - q * y], [r, s, -r * x - s * y]], np.float32)
