"""The colour and the gloss of skin and lips: zones of a face, fine unevenness, the signs of age."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from vivant.painting.curves import Field, bump, ridge, step
from vivant.painting.fine.beard import grows
from vivant.painting.fine.head import FineHead
from vivant.painting.pigment import clouds, linear, sample, skin_colour

Points = Float[np.ndarray, "n 3"]
RED = np.array([0.03, 0.30, 0.28], np.float32)
"""What blood near the surface takes from each channel."""


def paint_skin(
    head: FineHead, points: Points, *, marks: Float[np.ndarray, "n 2"]
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
    side = np.abs(x)
    front = step(0.0, 4.0, z)
    around = marks[:, 0] * 7.5
    fair = 1.0 - 0.7 * spec.skin
    colour = np.tile(skin_colour(spec.skin), (len(points), 1))
    _zones(head, colour, side, x, y, front, fair)
    _unevenness(head, colour, around, y, fair)
    lines = _lines(head, side, x, y) * front
    colour *= 1 - lines[:, None] * np.array([0.36, 0.52, 0.55], np.float32)
    _brow_shade(head, colour, side, y, front)
    if spec.beard > 0 or spec.moustache > 0:
        grown = 0.62 * grows(head, points)[0] * front
        tint = np.sqrt(np.clip(linear(spec.hair_colour), 0, 1))
        colour *= 1 - grown[:, None] * (1 - np.minimum(tint, 0.9))
    pores = clouds(spec.seed + 1, coarsest_px=3, finest_px=1)
    gloss = 0.30 + 0.10 * bump(side, y, at=(0, 3.6), wide=(1.4, 1.6))
    gloss += 0.12 * bump(side, y, at=(0, -4), wide=(4, 2))
    gloss += 0.12 * bump(side, y, at=(4.0, 2.4), wide=(1.6, 1.1))
    gloss *= (1 - 0.30 * head.old) * (1 - 0.25 * head.youth)
    gloss *= 1 + 0.35 * np.clip(sample(pores, around * 30, y * 30), -1.5, 1.5)
    colour, gloss = _lips(head, x, y, front, colour, gloss)
    dark = _nostrils(head, side, y) * front
    colour *= 1 - 0.80 * dark[:, None] * np.array([0.86, 1, 1], np.float32)
    return colour.astype(np.float32), np.asarray(np.clip(gloss * (1 - dark), 0, 1), np.float32)


def _zones(
    head: FineHead, colour: Points, side: Field, x: Field, y: Field, front: Field, fair: float
) -> None:
    spec, low = head.spec, head.lower
    blush = 0.50 * bump(side, y, at=(4.2, 3.4 * low), wide=(2.1, 1.8))
    blush += 0.38 * bump(x, y, at=(0, head.nose_tip_y_cm + 0.1), wide=(1.6, 1.1))
    blush += 0.20 * bump(side, y, at=(0, 10.2 * low), wide=(1.6, 1.0))
    blush += 0.16 * bump(side, y, at=(3.2, -0.5), wide=(1.9, 1.0))
    blush += 0.12 * bump(side, y, at=(0, 6.0 * low), wide=(2.6, 1.2))
    blush = blush * front * (0.8 + 0.35 * head.youth + 0.12 * spec.softness) * fair
    colour *= 1 - blush[:, None] * RED
    brow = bump(side, y, at=(0, -5.0), wide=(5.5, 2.6)) * front * 0.06
    colour *= 1 - brow[:, None] * np.array([0.0, 0.1, 0.8], np.float32)
    tired = ridge(y - (1.2 + 0.07 * (side - 3) ** 2), wide=0.55)
    tired = tired * bump(side, y, at=(2.5, 1.2), wide=(1.5, 0.9)) * front
    tired = tired * (0.09 + 0.15 * head.old - 0.04 * head.youth)
    colour *= 1 - tired[:, None] * np.array([0.8, 1.0, 0.8], np.float32)
    beard = bump(side, y, at=(0, 8.8 * low), wide=(5.2, 3.0)) * head.heavy * front * 0.13
    colour *= 1 - beard[:, None] * np.array([1.1, 0.8, 0.6], np.float32)
    lip_shade = bump(side, y, at=(0, 9.0 * low), wide=(2.2, 0.6)) * front * 0.06
    colour *= 1 - lip_shade[:, None] * np.array([0.7, 1.0, 1.0], np.float32)


def _unevenness(head: FineHead, colour: Points, around: Field, y: Field, fair: float) -> None:
    seed, old = head.spec.seed, head.old
    mottle = clouds(seed, coarsest_px=40, finest_px=2)
    freckles = clouds(seed + 4, coarsest_px=4, finest_px=3)
    pores = clouds(seed + 1, coarsest_px=3, finest_px=1)
    colour *= (1 + 0.026 * sample(mottle, around * 11, y * 11))[:, None]
    red = (0.040 + 0.02 * old) * sample(mottle, around * 16 + 99, y * 16) * fair
    colour *= 1 + red[:, None] * np.array([0.25, -1, -0.85], np.float32)
    yellow = 0.022 * sample(mottle, around * 9 + 222, y * 9 + 77)
    colour *= 1 + yellow[:, None] * np.array([0.0, 0.1, -1.0], np.float32)
    rough = (0.014 + 0.016 * old) * (1 - 0.5 * head.youth)
    colour *= (1 + rough * sample(pores, around * 26, y * 26))[:, None]
    spots = np.clip(sample(freckles, around * 20 + 40, y * 20 + 7) - 2.1, 0, 1)
    spots = spots * (0.06 + 0.26 * old)
    colour *= 1 - spots[:, None] * fair * np.array([0.35, 0.55, 0.7], np.float32)


def _brow_shade(head: FineHead, colour: Points, side: Field, y: Field, front: Field) -> None:
    """Lay a breath of the hair's colour where brows grow, so that no skin shines between their hairs."""
    t = np.clip((side - 1.3) / 4.0, 0, 1)
    body = step(0.0, 0.16, t) * step(1.02, 0.55, t)
    wide = (0.40 - 0.16 * head.spec.softness) * (1 - 0.2 * head.youth)
    shade = ridge(y - head.brow(side), wide=wide) * body * front
    shade *= (side > 1.2) * 0.34 * (1 - 0.55 * min(head.old, 1.0)) * (1 - 0.35 * head.youth)
    tint = np.sqrt(np.clip(linear(head.spec.hair_colour), 0, 1))
    colour *= 1 - shade[:, None] * (1 - np.minimum(tint, 0.8))


def _lines(head: FineHead, side: Field, x: Field, y: Field) -> Field:
    old, smile = head.old, head.smile
    upper, lower = head.lids(side)
    inner, outer = head.eye_span_cm
    on_eye = step(inner - 0.1, inner + 0.6, side) * step(outer + 0.45, outer - 0.3, side)
    if head.eyes_open:
        lines = (
            0.55
            * (1 - 0.6 * head.spec.eye_fold)
            * on_eye
            * ridge(y - head.crease(upper), wide=0.085)
        )
        lines += 0.30 * on_eye * ridge(y - upper + 0.02, wide=0.09)
    else:
        lines = ridge(y + 0.42, wide=0.12) * on_eye * 0.4
    under = 0.14 * (0.3 + 0.7 * smile + 0.9 * old) * (1 - 0.5 * head.youth)
    lines += under * ridge(y - lower - 0.44 - 0.05 * old, wide=0.12) * on_eye
    lines += 0.20 * old * on_eye * ridge(y - lower - 0.85 - 0.06 * (side - 3) ** 2, wide=0.13)
    lines += (0.20 * old + 0.20 * smile * (1 - head.youth)) * head.fold(side, y, wide=0.16)
    wobble = 0.15 * np.sin(x * 0.9 + head.spec.seed) + 0.05 * np.sin(x * 2.7 + 2)
    for line_y in (-3.7, -4.6, -5.5):
        far = ridge(y - line_y - wobble - 0.02 * x**2, wide=0.11)
        lines += 0.15 * old * far * step(4.5, 2.6, side)
    frown = ridge(side - 0.55 - 0.05 * (y + 2), wide=0.12)
    frown = frown * bump(side, y, at=(0.55, -2.1), wide=(0.6, 0.9))
    lines += 0.22 * old * (1 - head.spec.softness) * frown
    for slope in (-0.35, 0.05, 0.42):
        crow = ridge(y - 0.1 - slope * (side - outer), wide=0.075)
        crow = crow * step(outer + 0.2, outer + 0.5, side) * step(outer + 1.7, outer + 0.8, side)
        lines += (0.24 * old + 0.12 * smile * old) * crow
    wing = 1.16 * head.spec.nose_width * (0.4 + 0.6 * head.nose_size)
    around = np.hypot(side - wing + 0.1, y - head.nose_tip_y_cm - 0.25) - 0.72
    outside = step(wing - 0.1, wing + 0.35, side) * step(1.3, 0.7, y - head.nose_tip_y_cm)
    lines += (0.26 - 0.10 * head.youth) * ridge(around, wide=0.13) * outside
    corner = head.mouth_half_cm
    at = float(head.lips(corner)[1])
    lines += (0.10 + 0.12 * smile) * bump(side, y, at=(corner + 0.12, at), wide=(0.25, 0.3))
    return np.asarray(np.clip(lines, 0, 1), np.float32)


def _lips(
    head: FineHead, x: Field, y: Field, front: Field, colour: Points, gloss: Field
) -> tuple[Points, Field]:
    spec = head.spec
    top, inner_top, inner_bottom, bottom = head.lips(x)
    half = head.mouth_half_cm
    soft = 0.15 - 0.07 * spec.lip_colour
    across = step(half + 0.05, half - 0.35, np.abs(x)) * front
    mask = step(top - soft, top + soft, y) * step(bottom + soft * 1.3, bottom - soft * 1.5, y)
    mask = mask * across
    tint = np.array([0.85, 0.50, 0.52], np.float32)
    tint = tint ** (1.0 - 0.35 * spec.skin - 0.35 * head.old * (1 - spec.lip_colour))
    bare = colour * tint
    painted = linear((176, 62, 66)) * (1 - 0.35 * spec.skin)
    ruddy = bare * (1 - 0.55 * spec.lip_colour) + painted * 0.55 * spec.lip_colour
    grain = clouds(spec.seed + 2, coarsest_px=6, finest_px=1)
    creased = 0.06 * sample(grain, x * 42, y * 4) + 0.02 * sample(grain, x * 12 + 50, y * 12)
    ruddy = ruddy * (1 + creased)[:, None]
    middle = (inner_top + inner_bottom) / 2
    inward = ridge(y - middle, wide=0.34)
    ruddy = ruddy * (1 - 0.16 * inward[:, None] * np.array([0.5, 1.0, 1.0], np.float32))
    upper = step(inner_bottom, inner_top - 0.1, y)
    ruddy = ruddy * (1 - 0.10 * upper)[:, None]
    colour = colour + (ruddy - colour) * (0.92 * mask)[:, None]
    thick = 0.045 + 0.025 * ridge(np.abs(x) - 0.5 * half, wide=0.6)
    seam = ridge(y - middle, wide=thick) + 0.35 * ridge(y - middle - 0.03, wide=0.13)
    seam = seam * step(half + 0.18, half - 0.30, np.abs(x)) * front * (head.gape == 0)
    seam = seam + 0.35 * ridge(y - inner_top - 0.04, wide=0.05) * across * (head.gape > 0)
    dark = np.clip(seam, 0, 1)[:, None] * np.array([0.52, 0.70, 0.70], np.float32)
    colour = colour * (1 - dark)
    wet = mask * (0.26 + 0.22 * spec.lip_colour + 0.08 * spec.softness) * (1 - upper * 0.7)
    wet = wet * (1 + 4 * creased)
    return colour, np.asarray(gloss * (1 - 0.4 * mask) + wet, np.float32)


def _nostrils(head: FineHead, side: Field, y: Field) -> Field:
    wide = head.spec.nose_width
    turn = (y - head.nose_tip_y_cm - 0.82) + 0.26 * (side - 0.60 * wide)
    hole = ((side - 0.60 * wide) / (0.33 * wide * (0.45 + 0.55 * head.nose_size))) ** 2
    return np.asarray(step(1.7, 0.25, hole + (turn / 0.17) ** 2), np.float32)
