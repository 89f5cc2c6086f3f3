"""The colour and the gloss of skin and lips, point by point on the head."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from vivant.painting.anatomy import Head
from vivant.painting.curves import Field, bump, ridge, step
from vivant.painting.pigment import clouds, linear, sample, skin_colour

Points = Float[np.ndarray, "n 3"]


def paint_skin(
    head: Head, points: Points, *, marks: Float[np.ndarray, "n 2"]
) -> tuple[Points, Field]:
    """Tell the colour of the head's skin in linear light, and its gloss (0..1).

    Args:
        head: Whose head.
        points: On the head, in its own frame.
        marks: Angle around the head, and ring.

    Returns:
        Colour without light, and gloss.
    """
    spec = head.spec
    x, y, z = points.T
    side, low = np.abs(x), head.lower
    front = step(0.0, 4.0, z)
    around = marks[:, 0] * 7.5
    base = skin_colour(spec.skin)
    colour = np.tile(base, (len(points), 1))
    blush = 0.55 * bump(side, y, at=(4.0, 3.2 * low), wide=(2.0, 1.7))
    blush += 0.45 * bump(x, y, at=(0, head.nose_tip_y_cm), wide=(1.5, 1.1))
    blush += 0.25 * bump(side, y, at=(0, 10.3 * low), wide=(1.4, 0.9)) + 0.15 * bump(
        side, y, at=(3.1, 0), wide=(2, 1)
    )
    fair = 1.0 - 0.75 * spec.skin
    blush = blush * front * (0.75 + 0.3 * head.youth + 0.15 * spec.softness) * fair
    colour *= 1 - blush[:, None] * np.array([0.04, 0.30, 0.32], np.float32)
    tired = ridge(y - (1.15 + 0.06 * (side - 3) ** 2), wide=0.5) * bump(
        side, y, at=(2.5, 1.2), wide=(1.4, 0.9)
    )
    tired = tired * (0.12 + 0.22 * head.old) * front
    colour *= 1 - tired[:, None] * np.array([0.75, 1.0, 0.85], np.float32)
    shadow_of_beard = (
        bump(side, y, at=(0, 8.8 * low), wide=(5.2, 3.0)) * (1 - spec.softness) * (1 - head.youth)
    )
    shadow_of_beard = shadow_of_beard * front * 0.16
    colour *= 1 - shadow_of_beard[:, None] * np.array([1.1, 0.8, 0.6], np.float32)
    mottle = clouds(spec.seed, coarsest_px=40, finest_px=2)
    freckles = clouds(spec.seed + 4, coarsest_px=4, finest_px=3)
    pores = clouds(spec.seed + 1, coarsest_px=3, finest_px=1)
    colour *= (1 + 0.030 * sample(mottle, around * 22, y * 22))[:, None]
    red = 0.025 * sample(mottle, around * 16 + 99, y * 16) * fair
    colour *= 1 + red[:, None] * np.array([0.3, -1, -0.8], np.float32)
    colour *= (1 + (0.012 + 0.014 * head.old) * sample(pores, around * 26, y * 26))[:, None]
    spots = np.clip(sample(freckles, around * 20 + 40, y * 20 + 7) - 2.1, 0, 1) * (
        0.12 + 0.30 * head.old
    )
    colour *= 1 - spots[:, None] * fair * np.array([0.35, 0.55, 0.7], np.float32)
    colour *= 1 - (_lines(head, side, x, y) * front)[:, None] * np.array(
        [0.42, 0.62, 0.66], np.float32
    )
    gloss = (
        0.34
        + 0.30 * bump(side, y, at=(0, 2.5), wide=(1.0, 4.0))
        + 0.15 * bump(side, y, at=(0, -4), wide=(4, 2))
    )
    gloss += 0.12 * bump(side, y, at=(4.2, 2.2), wide=(1.5, 1.0)) + 0.10 * spec.skin
    gloss *= 1 - 0.35 * head.old
    colour, gloss = _lips(head, x, y, front, colour, gloss)
    dark = _nostrils(head, side, y) * front
    colour *= 1 - 0.86 * dark[:, None] * np.array([0.9, 1, 1], np.float32)
    return colour.astype(np.float32), np.asarray(np.clip(gloss * (1 - dark), 0, 1), np.float32)


def _lines(head: Head, side: Field, x: Field, y: Field) -> Field:
    low, old = head.lower, head.old
    upper, lower = head.lids(side)
    inner, outer = head.eye_span_cm
    on_eye = step(inner - 0.1, inner + 0.5, side) * step(outer + 0.35, outer - 0.3, side)
    crease = (
        ridge(y - (upper - 0.36 + 0.10 * old), wide=0.075)
        * on_eye
        * (1 - 0.75 * head.spec.eye_fold)
    )
    if not head.eyes_open:
        crease = ridge(y - (-0.42), wide=0.12) * on_eye * 0.4
    lines = 0.75 * crease
    lines += (
        0.28
        * (1 + old)
        * ridge(y - lower - 0.42 - 0.05 * old, wide=0.10)
        * on_eye
        * (0.35 + 0.65 * head.smile + 0.5 * old)
    )
    fold_x = (
        1.85 * head.spec.nose_width * head.nose_size
        + 0.52 * np.maximum(y - 4.3 * low, 0)
        + 0.3 * head.smile
    )
    fold = (
        ridge(side - fold_x, wide=0.13)
        * step(4.1 * low, 5.0 * low, y)
        * step(7.6 * low, 6.3 * low, y)
    )
    lines += (0.30 * old + 0.34 * head.smile * (1 - head.youth)) * fold
    wobble = 0.15 * np.sin(x * 0.9 + head.spec.seed)
    for line_y in (-3.6, -4.5, -5.4):
        lines += (
            0.22 * old * ridge(y - line_y - wobble - 0.02 * x**2, wide=0.10) * step(4.5, 3.0, side)
        )
    frown = ridge(side - 0.55 - 0.05 * (y + 2), wide=0.11) * bump(
        side, y, at=(0.55, -2.1), wide=(0.6, 0.9)
    )
    lines += 0.35 * old * (1 - head.spec.softness) * frown
    for slope in (-0.35, 0.05, 0.42):
        crow = ridge(y - 0.1 - slope * (side - outer), wide=0.075) * step(
            outer + 0.2, outer + 0.5, side
        )
        lines += (
            (0.35 * old + 0.15 * head.smile * old) * crow * step(outer + 1.7, outer + 0.8, side)
        )
    return np.asarray(np.clip(lines, 0, 1), np.float32)


def _lips(
    head: Head, x: Field, y: Field, front: Field, colour: Points, gloss: Field
) -> tuple[Points, Field]:
    spec = head.spec
    top, inner_top, inner_bottom, bottom = head.lips(x)
    half = head.mouth_half_cm
    edge = 0.10 - 0.05 * spec.lip_colour
    across = step(half + 0.02, half - 0.12, np.abs(x)) * front
    mask = (
        step(top - edge, top + edge, y) * step(bottom + edge * 1.4, bottom - edge * 1.4, y) * across
    )
    tint = np.array([0.80, 0.50, 0.48], np.float32) * (
        1 - 0.25 * spec.softness * np.array([0, 1, 1], np.float32)
    )
    tint = tint ** (1.0 - 0.45 * spec.skin - 0.3 * head.old * (1 - spec.lip_colour))
    bare = colour * tint
    painted = linear((168, 44, 52)) * (1 - 0.3 * spec.skin)
    ruddy = bare * (1 - 0.65 * spec.lip_colour) + painted * 0.65 * spec.lip_colour
    grain = clouds(spec.seed + 2, coarsest_px=6, finest_px=1)
    ruddy = ruddy * (1 + 0.05 * sample(grain, x * 40, y * 5))[:, None]
    upper = step(inner_bottom, inner_top - 0.1, y)
    ruddy = ruddy * (1 - 0.14 * upper)[:, None]
    colour = colour + (ruddy - colour) * mask[:, None]
    middle = (inner_top + inner_bottom) / 2
    thick = 0.055 + 0.03 * step(half * 0.6, half, np.abs(x))
    seam = (
        ridge(y - middle, wide=thick)
        * step(half + 0.22, half - 0.15, np.abs(x))
        * front
        * (head.gape == 0)
    )
    seam += 0.35 * ridge(y - inner_top - 0.04, wide=0.05) * across * (head.gape > 0)
    colour = colour * (1 - 0.78 * np.clip(seam, 0, 1)[:, None] * np.array([0.85, 1, 1], np.float32))
    wet = mask * (0.35 + 0.30 * spec.lip_colour + 0.1 * spec.softness) * (1 - upper * 0.6)
    return colour, np.asarray(gloss * (1 - 0.4 * mask) + wet, np.float32)


def _nostrils(head: Head, side: Field, y: Field) -> Field:
    wide = head.spec.nose_width
    at_y = head.nose_tip_y_cm + 0.80
    turn = (y - at_y) + 0.28 * (side - 0.62 * wide)
    hole = ((side - 0.62 * wide) / (0.36 * wide * (0.5 + 0.5 * head.nose_size))) ** 2 + (
        turn / 0.17
    ) ** 2
    return np.asarray(step(1.35, 0.55, hole), np.float32)
