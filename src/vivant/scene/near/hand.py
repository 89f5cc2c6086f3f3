"""A hand at rest: fingers together, a little bent, seen from its back; it may close softly over a shoulder.

The left hand lies with its wrist at the origin, fingers along +y, its back to +z and the thumb at +x, in metres of a
hand that is 0.19 long.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32

from vivant.scene.near.modelled import egg, joined, openness_of, rod, skin_of, slope_of

LENGTH_M = 0.19
CELL_M = 0.0026
REST = 0.45
"""The grip in which the skin is modelled."""
_KNUCKLES = (
    (0.0265, 0.0865, 0.0),
    (0.0075, 0.0905, 0.0025),
    (-0.0115, 0.0860, 0.0012),
    (-0.0285, 0.0775, -0.0020),
)
"""Where the fingers begin: index to little."""
_BONES = (
    (0.044, 0.025, 0.0175),
    (0.0475, 0.029, 0.0185),
    (0.0445, 0.027, 0.0180),
    (0.0345, 0.0200, 0.0160),
)
_THICK = (1.0, 1.02, 0.97, 0.84)
_FAN = (-1.8, -0.2, 1.6, 4.2)
"""Degrees away from +y, toward the thumb."""
_OPEN = ((8.0, 10.0, 6.0), (9.0, 12.0, 6.0), (11.0, 14.0, 8.0), (13.0, 16.0, 9.0))
_CLOSED = ((52.0, 50.0, 26.0), (58.0, 54.0, 28.0), (64.0, 56.0, 30.0), (70.0, 58.0, 30.0))
"""Degrees at the three joints of each finger, when the grip is 0 and 1."""
_FINGER_R = np.array([0.0103, 0.0094, 0.0083, 0.0065])
"""At the knuckle, the two joints and near the tip."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HandSkin:
    """The skin of the left hand at rest, and what moves it."""

    points: Float64[np.ndarray, "points 3"]
    triangles: Int32[np.ndarray, "triangles 3"]
    open_sky: Float32[np.ndarray, " points"]
    finger: Float64[np.ndarray, "points 4"]
    """How far each finger carries a point."""
    along: Float64[np.ndarray, "points 4 3"]
    """How far each bone of a finger, beyond its joint, carries it."""
    blush: Float32[np.ndarray, " points"]
    """How red it is: knuckles and finger tips."""
    crease: Float32[np.ndarray, " points"]
    """Fine lines over the joints."""
    nail: Float32[np.ndarray, " points"]
    thumb: Bool[np.ndarray, " points"]
    """Whether it is the thumb's."""
    forearm: Float64[np.ndarray, " points"]
    """How far a point follows the fore arm, behind the wrist."""


def _chain(
    finger: int, grip: float
) -> tuple[Float64[np.ndarray, "4 3"], Float64[np.ndarray, "3 3 3"]]:
    """Give a finger's joints with its tip, and how each of its bones is turned."""
    fan = np.radians(_FAN[finger])
    aside = np.array([np.cos(fan), -np.sin(fan), 0.0])
    ahead = np.array([np.sin(fan), np.cos(fan), 0.0])
    place, angle = np.array(_KNUCKLES[finger]), 0.0
    places, turns = [place], []
    for bone in range(3):
        low, high = _OPEN[finger][bone], _CLOSED[finger][bone]
        angle += np.radians(low + grip * (high - low))
        way = np.cos(angle) * ahead - np.sin(angle) * np.array([0, 0, 1.0])
        back = np.sin(angle) * ahead + np.cos(angle) * np.array([0, 0, 1.0])
        turns.append(np.column_stack([aside, way, back]))
        place = place + _BONES[finger][bone] * way
        places.append(place)
    return np.array(places), np.array(turns)


def _finger(places: np.ndarray, finger: int) -> np.ndarray:
    joints, turns = _chain(finger, REST)
    thick = _FINGER_R * _THICK[finger]
    tip = joints[3] - turns[2][:, 1] * thick[3] * 0.8
    out = rod(places, joints[0], joints[1], (thick[0], thick[1] * 1.02))
    out = joined(out, rod(places, joints[1], joints[2], (thick[1], thick[2] * 1.03)), 0.005)
    out = joined(out, rod(places, joints[2], tip, (thick[2], thick[3] * 1.04)), 0.004)
    pad = joints[3] - turns[2][:, 1] * 0.009 - turns[2][:, 2] * 0.0022
    return joined(
        out,
        rod(places, pad, pad + turns[2][:, 1] * 0.001, (thick[3] * 0.92, thick[3] * 0.86)),
        0.004,
    )


def _thumb(p: np.ndarray) -> np.ndarray:
    a, b, c, d = (np.array(q) for q in ((0.022, 0.020, -0.010), (0.0415, 0.053, -0.0165), (0.0480, 0.081, -0.0205), (0.0490, 0.103, -0.0250)))  # fmt: skip
    thumb = joined(rod(p, a, b, (0.0150, 0.0115)), rod(p, b, c, (0.0112, 0.0100)), 0.007)
    return joined(thumb, rod(p, c, d, (0.0100, 0.0078)), 0.004)


def _body(places: np.ndarray) -> np.ndarray:
    """Tell how far places are from the left hand in its rest grip."""
    p = np.asarray(places, np.float32)
    palm = egg(p, np.array([0.001, 0.050, -0.004]), np.array([0.037, 0.046, 0.0130]))
    for finger, (x, y, z) in enumerate(_KNUCKLES):
        heel = np.array([0.42 * x, 0.012, -0.002])
        bone = rod(p, heel, np.array([x, y, z - 0.0018]), (0.0125, 0.0112 * _THICK[finger]))
        palm = joined(palm, bone, 0.011)
        palm = joined(
            palm,
            egg(p, np.array([x, y - 0.001, z + 0.0035]), np.array([0.0082, 0.0105, 0.0078])),
            0.007,
        )
    palm = joined(
        palm, egg(p, np.array([0.024, 0.036, -0.013]), np.array([0.017, 0.030, 0.014])), 0.012
    )
    palm = joined(
        palm, egg(p, np.array([-0.024, 0.036, -0.012]), np.array([0.013, 0.034, 0.012])), 0.012
    )
    wrist = p * np.array([1.0, 1.0, 1.32], np.float32)
    arm = rod(
        wrist, np.array([0.0, 0.010, -0.004]), np.array([0.0, -0.075, -0.004]), (0.0262, 0.0300)
    )
    palm = joined(palm, arm, 0.016)
    fingers = _finger(p, 0)
    for finger in (1, 2, 3):
        fingers = joined(fingers, _finger(p, finger), 0.0022)
    hand = joined(palm, fingers, 0.0075)
    return joined(hand, _thumb(p), 0.009)


@cache
def hand_skin() -> HandSkin:
    """Model the left hand; once in a process."""
    points, triangles = skin_of(
        _body, (-0.056, -0.052, -0.112), (0.072, 0.196, 0.028), cell_m=CELL_M
    )
    normals = slope_of(_body, points, 0.0006)
    open_sky = openness_of(_body, points, normals, reach_m=0.034)
    far = np.stack([_finger(points.astype(np.float32), finger) for finger in range(4)], -1)
    near = np.exp(-np.maximum(far, 0) / 0.0022)
    finger = near / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
    along = np.zeros((len(points), 4, 3))
    blush, crease, nail = (np.zeros(len(points)) for _ in range(3))
    for one in range(4):
        joints, turns = _chain(one, REST)
        thick = _FINGER_R[:3] * _THICK[one]
        for bone in range(3):
            before = turns[bone - 1] if bone else np.eye(3)
            middle = before[:, 1] + turns[bone][:, 1]
            middle /= np.linalg.norm(middle)
            past = (points - joints[bone]) @ middle
            width = (0.0105, 0.0075, 0.0060)[bone]
            along[:, one, bone] = _smooth((past + width) / (2 * width))
            back = (before[:, 2] + turns[bone][:, 2]) / 2
            here = joints[bone] + back * thick[bone]
            apart = np.linalg.norm(points - here, axis=1)
            blush += (
                np.exp(-((apart / (0.0095, 0.0075, 0.006)[bone]) ** 2)) * (0.8, 0.6, 0.35)[bone]
            )
            if bone:
                lines = np.cos(past * 2 * np.pi / 0.0030) ** 2
                crease += np.exp(-((apart / 0.0062) ** 2)) * lines * (0.8, 0.55)[bone - 1]
        tip = joints[3]
        blush += 0.7 * np.exp(-((np.linalg.norm(points - tip, axis=1) / 0.010) ** 2))
        local = (points - tip) @ turns[2]
        shape = (local[:, 0] / (0.0050 * _THICK[one])) ** 4 + ((local[:, 1] + 0.0075) / 0.0062) ** 4
        above = (local[:, 2] > 0.0008) * (near[:, one] > 0.2)
        nail += np.exp(-(shape**2)) * above
        crease += 0.9 * np.exp(-(((shape - 1.15) / 0.5) ** 2)) * above  # the fold round the nail
    along[:, :, 1] *= along[:, :, 0]
    along[:, :, 2] *= along[:, :, 1]
    return HandSkin(
        points=points,
        triangles=triangles,
        open_sky=(0.26 + 0.74 * open_sky).astype(np.float32),
        finger=finger * _smooth((points[:, 1] - 0.045) / 0.03)[:, None],
        along=along,
        blush=np.clip(blush, 0, 1).astype(np.float32),
        crease=np.clip(crease, 0, 1).astype(np.float32),
        nail=np.clip(nail, 0, 1).astype(np.float32),
        thumb=_thumb(points.astype(np.float32)) < 0.004 + 0.1 * np.maximum(0.05 - points[:, 1], 0),
        forearm=_smooth((0.012 - points[:, 1]) / 0.045),
    )


@lru_cache(maxsize=64)
def gripped(grip: float) -> Float64[np.ndarray, "points 3"]:
    """Bend the fingers: 0 lies flat and loose, 1 is closed round something."""
    skin = hand_skin()
    moved = np.zeros_like(skin.points)
    for finger in range(4):
        rest, rest_turns = _chain(finger, REST)
        now, turns = _chain(finger, grip)
        stays = skin.along[:, finger]
        share = np.stack(
            [1 - stays[:, 0], stays[:, 0] - stays[:, 1], stays[:, 1] - stays[:, 2], stays[:, 2]], -1
        )
        here = share[:, :1] * skin.points
        for bone in range(3):
            turn = turns[bone] @ rest_turns[bone].T
            here = here + share[:, bone + 1, None] * (
                (skin.points - rest[bone]) @ turn.T + now[bone]
            )
        moved += skin.finger[:, finger, None] * here
    kept = 1 - skin.finger.sum(axis=1, keepdims=True)
    out = np.asarray(moved + kept * skin.points)
    out.setflags(write=False)
    return out


def _smooth(t: np.ndarray) -> np.ndarray:
    x = np.clip(t, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))
