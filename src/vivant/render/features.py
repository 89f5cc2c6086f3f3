"""Eyes and mouth: drawn over the sheets each frame, pixel by pixel, from curves of lids and lips.

Boxes are float Y'CbCr with alpha, premultiplied (see ``rig/eyes.py`` and ``rig/mouth.py``). An
affine map takes film pixels into a box; lids and lips are curves over the box's columns, so that their
edges are smooth at any size.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.render.spans import compiled


@compiled
@no_type_check
def _tap(box, x, y, out):
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
def _at(curve, x):
    x = min(max(x, 0.0), len(curve) - 1.001)
    i = int(x)
    return curve[i] * (1 - (x - i)) + curve[i + 1] * (x - i)


@compiled
@no_type_check
def _blend(canvas, row, column, y, u, v, a):
    """Put a premultiplied colour over a pixel."""
    if a <= 0.002:
        return
    there = canvas[row, column]
    keep = 1 - a
    luma = min(max(y + (there & 0xFF) * keep, 0.0), 255.0) + 0.5
    blue = min(max(u + ((there >> 8) & 0xFF) * keep, 0.0), 255.0) + 0.5
    red = min(max(v + ((there >> 16) & 0xFF) * keep, 0.0), 255.0) + 0.5
    canvas[row, column] = (
        np.uint32(luma) | np.uint32(blue) << 8 | np.uint32(red) << 16 | np.uint32(255) << 24
    )


@compiled
@no_type_check
def draw_eye(
    canvas,
    area,
    inverse,
    upper,
    lower,
    crease,
    rest_upper,
    shut,
    ball,
    iris,
    lid,
    glare,
    gaze,
    sharp,
    faded,
    lid_shadow,
):
    """Draw one eye over the canvas.

    Args:
        canvas: UInt32[height width], texels.
        area: Int64[4], columns and rows to go over: x0, y0, x1, y1.
        inverse: Float32[2 3], film pixels into box pixels.
        upper: Float32[width], the upper lid's edge now, box y by column.
        lower: Float32[width], the lower lid's edge now.
        crease: Float32[width], the fold of the lid.
        rest_upper: Float32[width], the upper lid's edge in the photo.
        shut: Float32[width], its edge when closed: where the lid's picture has its lashes.
        ball: Float32[h w 4].
        iris: Float32[h w 4].
        lid: Float32[h w 4].
        glare: Float32[h w 1].
        gaze: Float32[2], how far the iris has moved, in box pixels.
        sharp: Film pixels for one box pixel.
        faded: 0..1, how present the lid is; 0 leaves the photo's own.
        lid_shadow: 0..1, how much darker the eyeball is under a lowered lid.
    """
    x0, y0, x1, y1 = area
    colour = np.empty(4, np.float32)
    disc = np.empty(4, np.float32)
    shine = np.empty(1, np.float32)
    width = ball.shape[1]
    for row in range(y0, y1):
        for column in range(x0, x1):
            x = inverse[0, 0] * column + inverse[0, 1] * row + inverse[0, 2]
            y = inverse[1, 0] * column + inverse[1, 1] * row + inverse[1, 2]
            if x < 0 or y < 0 or x > width - 1 or y > ball.shape[0] - 1:
                continue
            top, low = _at(upper, x), _at(lower, x)
            inside = min(max((y - top) * sharp + 0.5, 0.0), 1.0) * min(
                max((low - y) * sharp + 0.5, 0.0), 1.0
            )
            if low - top < 0.2:
                inside = 0.0
            if inside > 0:
                _tap(ball, x, y, colour)
                _tap(iris, x - gaze[0], y - gaze[1], disc)
                keep = 1 - disc[3]
                shade = 1 - lid_shadow * 0.35 * max(0.0, 1 - (y - top) / (0.16 * width))
                luma = (disc[0] + colour[0] * keep - 16) * shade + 16
                blue = (disc[1] + colour[1] * keep - 128) * shade + 128
                red = (disc[2] + colour[2] * keep - 128) * shade + 128
                _blend(canvas, row, column, luma * inside, blue * inside, red * inside, inside)
            if faded <= 0:
                continue
            edge = _at(shut, x)
            fold = _at(crease, x)
            rest = _at(rest_upper, x)
            _tap(lid, x, y + edge - top, colour)
            start = max(rest - fold, 1.0)
            enter = min(max((y - fold + 0.10 * start) / (0.55 * start), 0.0), 1.0)
            weight = faded * enter * enter * (3 - 2 * enter)
            if y > top + 0.12 * width:
                weight = 0.0
            if weight <= 0.002:
                continue
            _tap(glare, x, y, shine)
            weight *= 1 - shine[0]
            _blend(
                canvas,
                row,
                column,
                colour[0] * weight,
                colour[1] * weight,
                colour[2] * weight,
                colour[3] * weight,
            )


@compiled
@no_type_check
def draw_mouth(
    canvas,
    area,
    skull,
    jaw,
    upper,
    lower,
    upper_teeth,
    lower_teeth,
    tongue,
    cavity,
    line,
    unit,
    sharp,
    raised,
    opened,
    lit,
):
    """Draw the inside of the mouth between the lips.

    Args:
        canvas: UInt32[height width], texels.
        area: Int64[4], x0, y0, x1, y1.
        skull: Float32[2 3], film pixels into box pixels, by the skull.
        jaw: Float32[2 3], the same by the jaw.
        upper: Float32[width], edge of the upper lip, box y (by the skull) for each column.
        lower: Float32[width], edge of the lower lip.
        upper_teeth: Float32[h w 4].
        lower_teeth: Float32[h w 4].
        tongue: Float32[h w 4].
        cavity: Float32[3].
        line: Box y of the lip line at rest.
        unit: Box pixels for a mouth width.
        sharp: Film pixels for one box pixel.
        raised: 0..1, tongue between the teeth.
        opened: Float, widest opening in mouth widths.
        lit: 0..1, light on the upper teeth right under the lip.
    """
    x0, y0, x1, y1 = area
    width = upper_teeth.shape[1]
    tooth = np.empty(4, np.float32)
    depth = min(max(opened / 0.22, 0.0), 1.0)
    for row in range(y0, y1):
        for column in range(x0, x1):
            x = skull[0, 0] * column + skull[0, 1] * row + skull[0, 2]
            y = skull[1, 0] * column + skull[1, 1] * row + skull[1, 2]
            if x < 0 or x > width - 1:
                continue
            top, low = _at(upper, x), _at(lower, x)
            inside = min(max((y - top) * sharp + 0.8, 0.0), 1.0) * min(
                max((low - y) * sharp + 0.8, 0.0), 1.0
            )
            inside *= min(max((low - top) * sharp / 1.2, 0.0), 1.0)
            if inside <= 0:
                continue
            luma, blue, red = cavity[0], cavity[1], cavity[2]
            jx = jaw[0, 0] * column + jaw[0, 1] * row + jaw[0, 2]
            jy = jaw[1, 0] * column + jaw[1, 1] * row + jaw[1, 2]
            under_top = (y - top) / unit
            over_low = (low - y) / unit
            back = 0.50 + 0.35 * depth
            _tap(tongue, jx, jy + raised * 0.17 * unit, tooth)
            keep = 1 - tooth[3]
            luma = luma * keep + (tooth[0] - 16 * tooth[3]) * back + 16 * tooth[3]
            blue = blue * keep + (tooth[1] - 128 * tooth[3]) * back + 128 * tooth[3]
            red = red * keep + (tooth[2] - 128 * tooth[3]) * back + 128 * tooth[3]
            _tap(lower_teeth, jx, jy, tooth)
            shade = 0.66 + 0.26 * min(max(over_low / 0.05, 0.0), 1.0)
            keep = 1 - tooth[3]
            luma = luma * keep + (tooth[0] - 16 * tooth[3]) * shade + 16 * tooth[3]
            blue = blue * keep + (tooth[1] - 128 * tooth[3]) * shade + 128 * tooth[3]
            red = red * keep + (tooth[2] - 128 * tooth[3]) * shade + 128 * tooth[3]
            if raised > 0.02:
                _tap(tongue, jx, jy + raised * 0.30 * unit, tooth)
                front = tooth[3] * raised * min(max((y - line) / (0.03 * unit) + 1, 0.0), 1.0)
                keep = 1 - front
                part = front / max(tooth[3], 1e-4)
                luma = luma * keep + (tooth[0] - 16 * tooth[3]) * part * 0.9 + 16 * front
                blue = blue * keep + (tooth[1] - 128 * tooth[3]) * part * 0.9 + 128 * front
                red = red * keep + (tooth[2] - 128 * tooth[3]) * part * 0.9 + 128 * front
            _tap(upper_teeth, x, y, tooth)
            shade = lit + (1 - lit) * min(max(under_top / 0.07, 0.0), 1.0)
            keep = 1 - tooth[3]
            luma = luma * keep + (tooth[0] - 16 * tooth[3]) * shade + 16 * tooth[3]
            blue = blue * keep + (tooth[1] - 128 * tooth[3]) * shade + 128 * tooth[3]
            red = red * keep + (tooth[2] - 128 * tooth[3]) * shade + 128 * tooth[3]
            # Lips throw shade on what lies behind them.
            near = min(under_top, over_low)
            rim = 0.80 + 0.20 * min(max(near / 0.03, 0.0), 1.0)
            luma = (luma - 16) * rim + 16
            _blend(canvas, row, column, luma * inside, blue * inside, red * inside, inside)


@compiled
@no_type_check
def shade_texture(target, base, left, top, sheets, weights):
    """Add sheets of luma change to a texture's box.

    Args:
        target: UInt32[height width], changed in place.
        base: UInt32[height width], the texture without shading.
        left: First column of the box.
        top: First row of the box.
        sheets: Int8[n h w], halves of a luma step.
        weights: Int32[n], 256 is full effect.
    """
    count, height, width = sheets.shape
    for r in range(height):
        for c in range(width):
            total = 0
            for k in range(count):
                total += np.int32(sheets[k, r, c]) * weights[k]
            texel = base[top + r, left + c]
            alpha = np.int32(texel >> 24)
            luma = np.int32(texel & 0xFF) + ((total * alpha) >> 17)
            luma = min(max(luma, 0), 255)
            target[top + r, left + c] = (texel & np.uint32(0xFFFFFF00)) | np.uint32(luma)
