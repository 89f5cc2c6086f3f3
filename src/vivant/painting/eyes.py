"""Eyes and the inside of the mouth: what lies behind the openings of the face."""

from __future__ import annotations

import itertools

import numpy as np
from jaxtyping import Float

from vivant.painting.anatomy import EYEBALL_CM, EYEBALL_Z_CM, Head
from vivant.painting.curves import Field, bump, ridge, step
from vivant.painting.pigment import clouds, linear, sample

Points = Float[np.ndarray, "n 3"]
Vector = Float[np.ndarray, " 3"]
IRIS_CM = 0.60
TEETH_CM = (0.0, 0.86, 1.52, 2.22, 2.85, 3.4)


def eye_opening(head: Head, points: Points) -> Field:
    """Tell how surely a point of the skin is the opening of an eye, 0..1."""
    x, y, z = points.T
    side = np.abs(x)
    upper, lower = head.lids(side)
    inner, outer = head.eye_span_cm
    across = (side > inner) & (side < outer) & (z > 3)
    return np.asarray(
        step(upper - 0.015, upper + 0.03, y) * step(lower + 0.015, lower - 0.03, y) * across,
        np.float32,
    )


def gaze(side: float, toward_viewer: Vector) -> Vector:
    """Tell where an eye looks, in the head's frame: almost at the viewer."""
    look = (
        0.68 * toward_viewer
        + 0.32 * np.array([0, 0, 1], np.float32)
        + np.array([side * 0.01, 0.01, 0], np.float32)
    )
    return np.asarray(look / np.linalg.norm(look), np.float32)


def paint_eyes(
    head: Head, points: Points, *, toward_viewer: Vector, light: Vector
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
    colour = np.tile(linear((226, 217, 209)), (len(points), 1))
    glint = np.zeros(len(points), np.float32)
    inner, outer = head.eye_span_cm
    side = np.abs(x)
    ends = step(inner + 0.9, inner, side) + 0.6 * step(outer - 0.8, outer, side)
    colour *= 1 - 0.45 * ends[:, None] * np.array([0.25, 0.85, 0.85], np.float32)
    colour *= 1 - 0.12 * head.old * np.array([0.1, 0.25, 0.6], np.float32)
    for one in (-1.0, 1.0):
        mine = sign == one
        look = gaze(one, toward_viewer)
        _iris(head, normal, look, mine, colour, glint, light=light, toward=toward_viewer)
    upper, lower = head.lids(side)
    tear = bump(side, y, at=(inner + 0.16, 0.17), wide=(0.2, 0.16))
    colour += (linear((206, 128, 116)) - colour) * np.clip(1.1 * tear, 0, 1)[:, None]
    wet = ridge(y - lower + 0.03, wide=0.05)
    colour += (linear((222, 164, 150)) - colour) * 0.7 * wet[:, None]
    shade = 0.30 + 0.70 * step(-0.04, 0.48, y - upper)
    shade *= 0.62 + 0.38 * np.clip(normal[:, 2], 0, 1) ** 1.5
    shade *= 0.8 + 0.2 * step(-0.02, 0.2, lower - y)
    return colour.astype(np.float32), np.asarray(shade, np.float32), glint


def _iris(
    head: Head,
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
    fibres = clouds(head.spec.seed + 3, coarsest_px=8, finest_px=1)
    turn = np.arctan2(v, u) / (2 * np.pi) * 512
    grain = sample(fibres, turn * 1.0, r * 30) + 0.6 * sample(fibres, turn * 3.0, r * 12)
    iris = np.tile(linear(head.spec.eye_colour) * 1.9, (len(r), 1))
    iris *= (1 + 0.22 * grain)[:, None]
    warm = ridge(r - 0.27, wide=0.09)
    iris *= 1 + warm[:, None] * np.array([0.55, 0.30, 0.05], np.float32)
    iris *= (1 - 0.72 * step(IRIS_CM - 0.16, IRIS_CM - 0.01, r))[:, None]
    iris *= (1 + 0.8 * step(-0.1, 0.45, v) * step(0.55, 0.3, r))[:, None]
    iris *= (1 - 0.96 * step(0.235, 0.195, r))[:, None]
    mask = (step(IRIS_CM + 0.035, IRIS_CM - 0.035, r) * front)[:, None]
    colour += (iris - colour) * mask
    half = light + toward
    half /= np.linalg.norm(half)
    at_u, at_v = float(half @ right) * 0.55, float(half @ down) * 0.62
    spark = step(0.125, 0.075, np.hypot((u - at_u) * 1.0, (v - at_v) * 0.85))
    spark += 0.22 * step(0.12, 0.0, np.hypot(u + at_u * 1.1, v + at_v * 1.05))
    glint += np.where(front, spark, 0).astype(np.float32)


def mouth_opening(head: Head, points: Points) -> Field:
    """Tell how surely a point of the skin is the opening of the mouth, 0..1."""
    x, y, z = points.T
    _, top, bottom, _ = head.lips(x)
    across = (np.abs(x) < head.mouth_half_cm * 0.985) & (z > 3) & (head.gape > 0)
    return np.asarray(
        step(top - 0.01, top + 0.05, y) * step(bottom + 0.02, bottom - 0.05, y) * across, np.float32
    )


def paint_mouth(
    head: Head, points: Points, *, toward_viewer: Vector
) -> tuple[Points, Field, Field]:
    """Paint teeth and the dark behind them; returns colour, shade and gloss."""
    inward = points - toward_viewer * (0.55 / max(float(toward_viewer[2]), 0.3))
    x, y = inward[:, 0], points[:, 1]
    side = np.abs(x)
    half = head.mouth_half_cm
    _, top, bottom, _ = head.lips(points[:, 0])
    arch = np.clip(side / half, 0, 1)
    wide = 1.0 - 0.1 * head.youth
    edge = head.mouth_y_cm + 0.58 - 0.62 * arch**2 * head.smile
    gap = np.zeros_like(side)
    bite = np.zeros_like(side)
    for near, far in itertools.pairwise(TEETH_CM):
        near_x, far_x = near * wide, far * wide
        gap += ridge(side - far_x, wide=0.035)
        middle = (near_x + far_x) / 2
        bite += ((side >= near_x) & (side < far_x)) * np.clip(
            np.abs(side - middle) / (far_x - near_x) * 2, 0, 1
        ) ** 4
    gap += 0.8 * ridge(x, wide=0.03)
    edge = edge - 0.10 * bite
    tooth = step(edge + 0.04, edge - 0.04, y)
    colour = np.tile(linear((88, 34, 30)) * 0.35, (len(x), 1))
    below = step(bottom - 0.42, bottom - 0.05, y) * (1 - tooth)
    colour += (
        (linear((150, 70, 66)) * 0.6 - colour) * below[:, None] * step(0.8, 0.2, arch)[:, None]
    )
    enamel = linear((238, 229, 212)) * (1 - 0.18 * head.old * np.array([0.3, 0.5, 1.0], np.float32))
    enamel = enamel * (
        1 - 0.35 * np.clip(gap, 0, 1)[:, None] * np.array([0.8, 1.0, 1.1], np.float32)
    )
    colour += (enamel - colour) * tooth[:, None]
    shade = (1.0 - 0.88 * arch**2.4) * 0.9 * (0.45 + 0.55 * step(0.0, 0.4, y - top))
    shade *= 0.75 + 0.25 * step(0.0, 0.25, bottom - y)
    gloss = 0.5 * tooth * step(1.0, 0.3, arch)
    return colour.astype(np.float32), np.asarray(shade, np.float32), np.asarray(gloss, np.float32)
