"""Eyes, mouth and shade: drawn pixel by pixel each frame, from curves of lids and lips.

Boxes are float Y'CbCr with alpha, premultiplied (see ``rig/eyes.py`` and ``rig/mouth.py``). An
affine map takes film pixels into a box; lids and lips are curves over the box's columns, so that their
edges are smooth at any size. All drawing keeps to a band of rows, so that bands may be drawn at once.

What numba compiles together lives in this one file: its cache notices changes in one only.
"""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np
from jaxtyping import Float32, Int8, Int32, Int64, UInt32

from vivant.media.compilation import compiled

Box = Float32[np.ndarray, "height width 4"]
Curve = Float32[np.ndarray, " width"]


class EyeView(NamedTuple):
    """One eye as this frame shows it."""

    area: Int64[np.ndarray, " 4"]
    """Columns and rows of the film to go over: x0, y0, x1, y1."""
    inverse: Float32[np.ndarray, "2 3"]
    """Film pixels into box pixels."""
    upper: Curve
    """The upper lid's edge now: box y for each box column."""
    lower: Curve
    crease: Curve
    """The fold of the lid."""
    rest_upper: Curve
    """The upper lid's edge in the photo."""
    shut: Curve
    """Its edge when closed: where the lid's picture has its lashes."""
    ball: Box
    iris: Box
    lid: Box
    glare: Float32[np.ndarray, "height width 1"]
    gaze: Float32[np.ndarray, " 2"]
    """How far the iris has moved, in box pixels."""
    sharp: float
    """Film pixels for one box pixel."""
    faded: float
    """How present the lid is, 0..1; 0 leaves the photo's own."""
    lid_shadow: float
    """How much darker the eyeball is under a lowered lid, 0..1."""


class MouthView(NamedTuple):
    """The inside of the mouth as this frame shows it."""

    area: Int64[np.ndarray, " 4"]
    """Columns and rows of the film to go over: x0, y0, x1, y1."""
    skull: Float32[np.ndarray, "2 3"]
    """Film pixels into box pixels, by the skull."""
    jaw: Float32[np.ndarray, "2 3"]
    """The same by the jaw."""
    upper: Curve
    """Edge of the upper lip: box y (by the skull) for each box column."""
    lower: Curve
    upper_teeth: Box
    lower_teeth: Box
    tongue: Box
    cavity: Float32[np.ndarray, " 3"]
    """Y'CbCr of the dark."""
    line: float
    """Box y of the lip line at rest."""
    unit: float
    """Box pixels for a mouth width."""
    sharp: float
    """Film pixels for one box pixel."""
    raised: float
    """How far the tongue lies between the teeth, 0..1."""
    opened: float
    """Widest opening, in mouth widths."""
    lit: float
    """Light on the upper teeth right under the lip, 0..1."""
    seam: float
    """How dark the line is where closed lips meet, 0..1; 0 when the photo shows that line itself."""
    left: float
    """Box x of the mouth's corner on the picture's left."""
    right: float
    """Box x of the other corner."""


@compiled
@no_type_check
def _tap(
    box: Float32[np.ndarray, "height width channels"],
    x: float,
    y: float,
    out: Float32[np.ndarray, " channels"],
) -> None:
    """Sample a box bilinearly; clear outside."""
    height, width = box.shape[0], box.shape[1]
    if not (x > -1 and y > -1 and x < width and y < height):
        out[:] = 0.0
        return
    x0, y0 = int(np.floor(x)), int(np.floor(y))
    fx, fy = x - x0, y - y0
    xa, xb = max(x0, 0), min(x0 + 1, width - 1)
    ya, yb = max(y0, 0), min(y0 + 1, height - 1)
    for c in range(box.shape[2]):
        top = box[ya, xa, c] * (1 - fx) + box[ya, xb, c] * fx
        low = box[yb, xa, c] * (1 - fx) + box[yb, xb, c] * fx
        out[c] = top * (1 - fy) + low * fy


@compiled
@no_type_check
def _at(curve: Curve, x: float) -> float:
    x = min(max(x, 0.0), len(curve) - 1.001)
    i = int(x)
    return curve[i] * (1 - (x - i)) + curve[i + 1] * (x - i)


@compiled
@no_type_check
def _unit(x: float) -> float:
    """Keep to 0..1."""
    return min(max(x, 0.0), 1.0)


@compiled
@no_type_check
def _blend(
    canvas: UInt32[np.ndarray, "height width"],
    place: tuple[int, int],
    colour: tuple[float, float, float],
    alpha: float,
) -> None:
    """Put a premultiplied colour over a pixel."""
    if alpha <= 0.002:
        return
    there = canvas[place[0], place[1]]
    keep = 1 - alpha
    luma = min(max(colour[0] + (there & 0xFF) * keep, 0.0), 255.0) + 0.5
    blue = min(max(colour[1] + ((there >> 8) & 0xFF) * keep, 0.0), 255.0) + 0.5
    red = min(max(colour[2] + ((there >> 16) & 0xFF) * keep, 0.0), 255.0) + 0.5
    canvas[place[0], place[1]] = (
        np.uint32(luma) | np.uint32(blue) << 8 | np.uint32(red) << 16 | np.uint32(255) << 24
    )


@compiled
@no_type_check
def draw_eye(
    canvas: UInt32[np.ndarray, "height width"], eye: EyeView, rows: tuple[int, int]
) -> None:
    """Draw one eye over the canvas.

    Args:
        canvas: Texels, changed in place.
        eye: What to draw.
        rows: First row of the band to draw, and the row after its last.
    """
    first, last = max(eye.area[1], rows[0]), min(eye.area[3], rows[1])
    if first >= last:
        return
    span = (first, last, eye.area[0], eye.area[2])
    opening = (eye.upper, eye.lower)
    look = (eye.gaze, eye.sharp, eye.lid_shadow)
    _draw_ball(canvas, span, eye.inverse, opening, (eye.ball, eye.iris), look)
    if eye.faded > 0:
        curves = (eye.upper, eye.crease, eye.rest_upper, eye.shut)
        _draw_lid(canvas, span, eye.inverse, curves, (eye.lid, eye.glare), eye.faded)


# The loops below unpack their tuples once: a tuple of arrays handed on for every pixel cost nine times as much.


@compiled
@no_type_check
def _draw_ball(
    canvas: UInt32[np.ndarray, "height width"],
    span: tuple[int, int, int, int],
    way: Float32[np.ndarray, "2 3"],
    opening: tuple[Curve, Curve],
    pictures: tuple[Box, Box],
    look: tuple[Float32[np.ndarray, " 2"], float, float],
) -> None:
    """Draw eyeball and iris between the lids."""
    colour, disc = np.empty(4, np.float32), np.empty(4, np.float32)
    upper, lower = opening
    ball, iris = pictures
    gaze, sharp, lid_shadow = look
    right, bottom = ball.shape[1] - 1, ball.shape[0] - 1
    highest, lowest = upper.min() - 1, lower.max() + 1
    for row in range(span[0], span[1]):
        for column in range(span[2], span[3]):
            x = way[0, 0] * column + way[0, 1] * row + way[0, 2]
            y = way[1, 0] * column + way[1, 1] * row + way[1, 2]
            if not (0 <= x <= right and highest <= y <= lowest and 0 <= y <= bottom):
                continue
            top, low = _at(upper, x), _at(lower, x)
            inside = _unit((y - top) * sharp + 0.5) * _unit((low - y) * sharp + 0.5)
            if inside <= 0 or low - top < 0.2:
                continue
            _tap(ball, x, y, colour)
            _tap(iris, x - gaze[0], y - gaze[1], disc)
            keep = 1 - disc[3]
            shade = 1 - lid_shadow * 0.35 * max(0.0, 1 - (y - top) / (0.16 * ball.shape[1]))
            luma = (disc[0] + colour[0] * keep - 16) * shade + 16
            blue = (disc[1] + colour[1] * keep - 128) * shade + 128
            red = (disc[2] + colour[2] * keep - 128) * shade + 128
            _blend(canvas, (row, column), (luma * inside, blue * inside, red * inside), inside)


@compiled
@no_type_check
def _draw_lid(
    canvas: UInt32[np.ndarray, "height width"],
    span: tuple[int, int, int, int],
    way: Float32[np.ndarray, "2 3"],
    curves: tuple[Curve, Curve, Curve, Curve],
    pictures: tuple[Box, Box],
    faded: float,
) -> None:
    """Draw the upper lid, under what shines on spectacles."""
    colour, shine = np.empty(4, np.float32), np.empty(4, np.float32)
    upper, crease, rest_upper, shut = curves
    lid, glare = pictures
    right, bottom = lid.shape[1] - 1, lid.shape[0] - 1
    highest, lowest = 0.8 * crease.min(), upper.max() + 0.12 * lid.shape[1]
    for row in range(span[0], span[1]):
        for column in range(span[2], span[3]):
            x = way[0, 0] * column + way[0, 1] * row + way[0, 2]
            y = way[1, 0] * column + way[1, 1] * row + way[1, 2]
            if not (0 <= x <= right and highest <= y <= lowest and 0 <= y <= bottom):
                continue
            top = _at(upper, x)
            if y > top + 0.12 * lid.shape[1]:
                continue
            fold = _at(crease, x)
            start = max(_at(rest_upper, x) - fold, 1.0)
            enter = _unit((y - fold + 0.10 * start) / (0.55 * start))
            weight = faded * enter * enter * (3 - 2 * enter)
            if weight <= 0.002:
                continue
            _tap(lid, x, y + _at(shut, x) - top, colour)
            _tap(glare, x, y, shine)
            weight *= 1 - shine[0]
            _blend(
                canvas,
                (row, column),
                (colour[0] * weight, colour[1] * weight, colour[2] * weight),
                colour[3] * weight,
            )


@compiled
@no_type_check
def draw_mouth(
    canvas: UInt32[np.ndarray, "height width"], mouth: MouthView, rows: tuple[int, int]
) -> None:
    """Draw the inside of the mouth between the lips.

    Args:
        canvas: Texels, changed in place.
        mouth: What to draw.
        rows: First row of the band to draw, and the row after its last.
    """
    tooth = np.empty(4, np.float32)
    seen = np.empty(3, np.float32)
    right = mouth.upper_teeth.shape[1] - 1
    skull, jaw, sharp = mouth.skull, mouth.jaw, mouth.sharp
    for row in range(max(mouth.area[1], rows[0]), min(mouth.area[3], rows[1])):
        for column in range(mouth.area[0], mouth.area[2]):
            x = skull[0, 0] * column + skull[0, 1] * row + skull[0, 2]
            y = skull[1, 0] * column + skull[1, 1] * row + skull[1, 2]
            if not 0 <= x <= right:
                continue
            top, low = _at(mouth.upper, x), _at(mouth.lower, x)
            inside = _unit((y - top) * sharp + 0.8) * _unit((low - y) * sharp + 0.8)
            corner = _unit(min(x - mouth.left, mouth.right - x) / (0.07 * mouth.unit))
            inside *= max(_unit((low - top) * sharp / 1.2), mouth.seam * corner)
            if inside <= 0:
                continue
            jaw_x = jaw[0, 0] * column + jaw[0, 1] * row + jaw[0, 2]
            jaw_y = jaw[1, 0] * column + jaw[1, 1] * row + jaw[1, 2]
            seen[:] = mouth.cavity
            _see_jaw(mouth, (jaw_x, jaw_y), (y, low), tooth, seen)
            _tap(mouth.upper_teeth, x, y, tooth)
            under = (y - top) / mouth.unit
            _layer(seen, tooth, mouth.lit + (1 - mouth.lit) * _unit(under / 0.07), 1.0)
            # Lips throw shade on what lies behind them.
            near = min(under, (low - y) / mouth.unit)
            luma = (seen[0] - 16) * (0.80 + 0.20 * _unit(near / 0.03)) + 16
            _blend(
                canvas, (row, column), (luma * inside, seen[1] * inside, seen[2] * inside), inside
            )


@compiled
@no_type_check
def _see_jaw(
    mouth: MouthView,
    at: tuple[float, float],
    height: tuple[float, float],
    tooth: Float32[np.ndarray, " 4"],
    seen: Float32[np.ndarray, " 3"],
) -> None:
    """Lay tongue and lower teeth over the dark; ``height`` is the pixel's and the lower lip's box y."""
    x, y = at
    _tap(mouth.tongue, x, y + mouth.raised * 0.17 * mouth.unit, tooth)
    _layer(seen, tooth, 0.50 + 0.35 * _unit(mouth.opened / 0.22), 1.0)
    _tap(mouth.lower_teeth, x, y, tooth)
    _layer(seen, tooth, 0.66 + 0.26 * _unit((height[1] - height[0]) / mouth.unit / 0.05), 1.0)
    if mouth.raised > 0.02:
        _tap(mouth.tongue, x, y + mouth.raised * 0.30 * mouth.unit, tooth)
        front = mouth.raised * _unit((height[0] - mouth.line) / (0.03 * mouth.unit) + 1)
        _layer(seen, tooth, 0.9, front)


@compiled
@no_type_check
def _layer(
    seen: Float32[np.ndarray, " 3"],
    over: Float32[np.ndarray, " 4"],
    lit: float,
    share: float,
) -> None:
    """Lay a premultiplied colour, dimmed to ``lit`` toward black, over what is seen."""
    alpha = over[3] * share
    keep = 1 - alpha
    dim = lit * share
    seen[0] = seen[0] * keep + (over[0] - 16 * over[3]) * dim + 16 * alpha
    seen[1] = seen[1] * keep + (over[1] - 128 * over[3]) * dim + 128 * alpha
    seen[2] = seen[2] * keep + (over[2] - 128 * over[3]) * dim + 128 * alpha


@compiled
@no_type_check
def shade_texture(
    target: UInt32[np.ndarray, "height width"],
    base: UInt32[np.ndarray, "height width"],
    corner: tuple[int, int],
    sheets: Int8[np.ndarray, "sheets tall wide"],
    weights: Int32[np.ndarray, " sheets"],
) -> None:
    """Add sheets of luma change to a texture's box.

    Args:
        target: Texels, changed in place.
        base: The texture without shading.
        corner: First column and row of the box.
        sheets: Halves of a luma step.
        weights: 256 is full effect; a sheet of weight 0 costs nothing.
    """
    left, top = corner
    count, height, width = sheets.shape
    total = np.empty(width, np.int32)
    for r in range(height):
        total[:] = 0
        for k in range(count):
            weight = weights[k]
            if weight != 0:
                sheet = sheets[k, r]
                for c in range(width):
                    total[c] += np.int32(sheet[c]) * weight
        source, place = base[top + r, left : left + width], target[top + r, left : left + width]
        for c in range(width):
            texel = source[c]
            change = (total[c] * np.int32(texel >> np.uint32(24))) >> np.int32(17)
            luma = np.int32(texel & np.uint32(0xFF)) + change
            luma = min(max(luma, np.int32(0)), np.int32(255))
            place[c] = (texel & np.uint32(0xFFFFFF00)) | np.uint32(luma)
