"""Eyes with depth: shaded whites, an iris with a soft rim, the lid's shadow, one window's light."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from vivant.painting.anatomy import EYEBALL_CM, EYEBALL_Z_CM
from vivant.painting.curves import Field, bump, ridge, step
from vivant.painting.eyes import gaze
from vivant.painting.fine.head import FineHead
from vivant.painting.pigment import clouds, linear, sample

Points = Float[np.ndarray, "n 3"]
Vector = Float[np.ndarray, " 3"]
IRIS_CM = 0.615


def paint_eyes(
    head: FineHead, points: Points, *, toward_viewer: Vector, light: Vector
) -> tuple[Points, Field, Field]:
    """Paint what shows between the lids.

    Args:
        head: Whose eyes.
        points: On the skin over the opening, in the head's frame.
        toward_viewer: Direction to the viewer in the head's frame.
        light: Direction to the main light in the head's frame.

    Returns:
        Colour without light, how much shade the lids and the ball give (1 none), and bright glints.
    """
    x, y, _ = points.T
    sign = np.sign(x)
    centre = np.stack([sign * head.eye_x, np.zeros_like(x), np.full_like(x, EYEBALL_Z_CM)], axis=1)
    away = points - centre
    b = away @ toward_viewer
    under = np.maximum(b * b - (away * away).sum(1) + EYEBALL_CM**2, 0.0)
    hit = points + toward_viewer * (-b + np.sqrt(under))[:, None]
    normal = (hit - centre) / EYEBALL_CM
    colour = np.tile(linear((218, 209, 203)), (len(points), 1))
    glint = np.zeros(len(points), np.float32)
    inner, outer = head.eye_span_cm
    side = np.abs(x)
    ends = step(inner + 1.0, inner, side) + 0.7 * step(outer - 0.9, outer, side)
    colour *= 1 - 0.40 * ends[:, None] * np.array([0.35, 0.85, 0.85], np.float32)
    colour *= 1 - 0.12 * head.old * np.array([0.1, 0.25, 0.5], np.float32)
    for one in (-1.0, 1.0):
        mine = sign == one
        _iris(
            head,
            normal,
            gaze(one, toward_viewer),
            mine,
            colour,
            glint,
            light=light,
            toward=toward_viewer,
        )
    upper, lower = head.lids(side)
    tear = bump(side, y, at=(inner + 0.14, 0.19), wide=(0.2, 0.16))
    colour += (linear((196, 130, 118)) * 0.9 - colour) * np.clip(tear, 0, 1)[:, None]
    wet = ridge(y - lower + 0.02, wide=0.06)
    flesh = linear((214, 160, 146)) * (1 - 0.6 * head.spec.skin)
    colour += (flesh - colour) * 0.55 * wet[:, None]
    shade = 0.34 + 0.66 * step(-0.06, 0.52, y - upper)
    shade *= 0.60 + 0.40 * np.clip(normal[:, 2], 0, 1) ** 2.0
    shade *= 0.82 + 0.18 * step(-0.02, 0.25, lower - y)
    return colour.astype(np.float32), np.asarray(shade, np.float32), glint


def _iris(
    head: FineHead,
    normal: Points,
    look: Vector,
    mine: Field,
    colour: Points,
    glint: Field,
    *,
    light: Vector,
    toward: Vector,
) -> None:
    right = np.cross(np.array([0, 1, 0], np.float32), look)
    right /= np.linalg.norm(right)
    down = np.cross(look, right)
    u = (normal @ right) * EYEBALL_CM
    v = (normal @ down) * EYEBALL_CM
    r = np.hypot(u, v)
    front = mine & (normal @ look > 0)
    size = IRIS_CM * (1 + 0.04 * head.youth)
    fibres = clouds(head.spec.seed + 3, coarsest_px=8, finest_px=1)
    turn = np.arctan2(v, u) / (2 * np.pi) * 512
    grain = sample(fibres, turn * 1.0, r * 30) + 0.6 * sample(fibres, turn * 3.0, r * 12)
    own = linear(head.spec.eye_colour)
    iris = np.tile((0.75 * own + 0.25 * own.mean()) * 1.2, (len(r), 1))
    iris *= (1 + 0.20 * grain)[:, None]
    iris *= 1 + ridge(r - 0.28, wide=0.09)[:, None] * np.array([0.40, 0.22, 0.05], np.float32)
    iris *= (1 - 0.62 * step(size - 0.20, size - 0.02, r))[:, None]
    opposite = -0.35 * float(np.sign(light[0])) * u + v
    iris *= (0.85 + 0.95 * step(-0.1, 0.5, opposite) * step(0.58, 0.3, r))[:, None]
    iris *= (1 - 0.985 * step(0.27, 0.21, r))[:, None]
    mask = (step(size + 0.055, size - 0.055, r) * front)[:, None]
    colour += (iris - colour) * mask
    between = light + toward
    between /= np.linalg.norm(between)
    at_u, at_v = float(between @ right) * 0.55, float(between @ down) * 0.60
    square = np.maximum(np.abs(u - at_u), 0.85 * np.abs(v - at_v))
    spark = step(0.125, 0.085, 0.5 * square + 0.5 * np.hypot(u - at_u, v - at_v))
    spark += 0.14 * step(0.14, 0.0, np.hypot(u + at_u * 1.2, v + at_v * 1.05))
    glint += np.where(front, spark, 0).astype(np.float32)
