"""Seeing plates of air from another place, and laying them over, between and behind surfaces.

A slab is a stack of planes across the plate's axis. With u and v the tangents of a ray in the plate's axes,
a plane at depth z is met at ``u + (o.x - o.z u) / z`` and ``v + (o.y - o.z v) / z``, where o is how far the eye has
moved: two multiplications a slab. Which z a texel has within its slab, its relief says.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled_fast

SQUARE = 16
"""Half-size pixels a side of the squares that are worked on at once."""
SKY_STEP = 4
"""Half-size pixels from one computed point of the sky to the next."""
_LIGHT = np.float32(1 / 2048)
_GLOW = np.float32(1 / 8192)
_PART = np.float32(1 / 65535)
_SPENT = np.float32(0.004)
_ONE = np.float32(1)
_ZERO = np.float32(0)


@compiled_fast
@no_type_check
def stack(plate, geometry, share, glow_rgb, sky, alpha, depth, rows, total, front, back):
    """Add a plate's share to the light of half-size pixels.

    Args:
        plate: Texels, relief, glow, boxes, filled tiles, borders.
        geometry: See ``over.geometry``.
        share: How much this plate counts.
        glow_rgb: Colour and strength of the glow.
        sky: Points of the sky, every ``SKY_STEP`` half-size pixels.
        alpha, depth: Of the surfaces, full size.
        rows: First row of half-size pixels, and the row after the last.
        total: ``[rows, columns, 4]`` all the air's light, and the inverse of its depth.
        front, back: ``[rows, columns, 5]`` the light before the nearest and the farthest surface of a half-size
            pixel, what the air lets through there, and that surface's depth; depth 0 where there is none.
    """
    texels, relief, glow, boxes, filled, edges = plate
    width = total.shape[1]
    slabs = boxes.shape[0]
    u = np.empty((SQUARE, SQUARE), np.float32)
    v, c = np.empty_like(u), np.empty_like(u)
    light = np.empty((SQUARE, SQUARE, 5), np.float32)
    caught = np.empty((SQUARE, SQUARE, 2), np.uint8)
    for top in range(rows[0], rows[1], SQUARE):
        high = min(SQUARE, rows[1] - top)
        for left in range(0, width, SQUARE):
            wide = min(SQUARE, width - left)
            _aim(geometry, left, top, wide, high, u, v, c)
            light[:] = _ZERO
            light[:, :, 3] = _ONE
            caught[:] = 0
            surfaces = _find_surfaces(alpha, depth, left, top, wide, high, front, back)
            for slab in range(slabs):
                if boxes[slab, 2] == 0 or edges[slab + 1] <= geometry[11] + 0.3:
                    continue
                if not _is_filled(slab, filled, edges, geometry, u, v, wide, high):
                    continue
                _lay(
                    slab, texels, relief, glow, boxes, filled, edges, geometry, glow_rgb,
                    u, v, c, left, top, wide, high, light, surfaces, caught, share, front, back,
                )  # fmt: skip
                if light[:high, :wide, 3].max() < _SPENT:
                    break
            _add(left, top, wide, high, light, surfaces, caught, share, sky, total, front, back)


@compiled_fast
@no_type_check
def _aim(geometry, left, top, wide, high, u, v, c):
    for row in range(high):
        y = np.float32((geometry[14] - 2 * (top + row) - 0.5) * geometry[12])
        for column in range(wide):
            x = np.float32((2 * (left + column) + 0.5 - geometry[13]) * geometry[12])
            ahead = geometry[2] * x + geometry[5] * y + geometry[8]
            u[row, column] = (geometry[0] * x + geometry[3] * y + geometry[6]) / ahead
            v[row, column] = (geometry[1] * x + geometry[4] * y + geometry[7]) / ahead
            c[row, column] = ahead


@compiled_fast
@no_type_check
def _find_surfaces(alpha, depth, left, top, wide, high, front, back):
    """Note the nearest and the farthest surface of each half-size pixel; tell whether there is any."""
    found = False
    for row in range(top, top + high):
        for column in range(left, left + wide):
            near, far = np.float32(1e9), _ZERO
            for y in range(2 * row, min(2 * row + 2, alpha.shape[0])):
                for x in range(2 * column, min(2 * column + 2, alpha.shape[1])):
                    if alpha[y, x] > 0:
                        near, far = min(near, depth[y, x]), max(far, depth[y, x])
            if far > 0:
                found = True
                front[row, column, 4] = near
                back[row, column, 4] = far
            else:
                front[row, column, 4] = _ZERO
    return found


@compiled_fast
@no_type_check
def _is_filled(slab, filled, edges, geometry, u, v, wide, high):
    """Tell whether any tile of the slab that the square could see has cloud."""
    low_x, low_y, high_x, high_y = 1e9, 1e9, -1e9, -1e9
    for border in range(2):
        z = max(edges[slab + border], geometry[11] + 0.3)
        stretch = 1 - geometry[11] / z
        for corner in range(4):
            row, column = (high - 1) * (corner // 2), (wide - 1) * (corner % 2)
            x = (u[row, column] * stretch + geometry[9] / z) * geometry[15] + geometry[16]
            y = geometry[17] - (v[row, column] * stretch + geometry[10] / z) * geometry[15]
            low_x, high_x = min(low_x, x), max(high_x, x)
            low_y, high_y = min(low_y, y), max(high_y, y)
    down, across = filled.shape[1], filled.shape[2]
    first = int(min(max(low_x / 8, 0.0), across - 1.0))
    last = int(min(max(high_x / 8, 0.0), across - 1.0))
    for row in range(
        int(min(max(low_y / 8, 0.0), down - 1.0)), int(min(max(high_y / 8, 0.0), down - 1.0)) + 1
    ):
        for column in range(first, last + 1):
            if filled[slab, row, column]:
                return True
    return False


@compiled_fast
@no_type_check
def _lay(
    slab, texels, relief, glow, boxes, filled, edges, geometry, glow_rgb,
    u, v, c, left, top, wide, high, light, surfaces, caught, share, front, back,
):  # fmt: skip
    """Lay a slab behind what is there already."""
    box_x, box_y, box_wide, box_high, start = boxes[slab]
    near, far = _ONE / edges[slab], _ONE / edges[slab + 1]
    middle, span = (near + far) * np.float32(0.5), (far - near) * np.float32(1 / 254)
    ox, oy, oz, scale = geometry[9], geometry[10], geometry[11], geometry[15]
    off_x, off_y = geometry[16] - np.float32(box_x), geometry[17] - np.float32(box_y)
    most_x, most_y = np.float32(box_wide - 1), np.float32(box_high - 1)
    plate_high, plate_wide = geometry[18], geometry[19]
    open_left, open_top = box_x == 0, box_y == 0
    open_right, open_below = box_x + box_wide >= plate_wide, box_y + box_high >= plate_high
    with_glow = glow.shape[0] > 0 and glow_rgb[0] + glow_rgb[1] + glow_rgb[2] > 0
    limit = _ONE / max(oz + np.float32(0.3), np.float32(0.01))
    nearest = min(middle, limit)
    for row in range(high):
        for column in range(wide):
            through = light[row, column, 3]
            if through < _SPENT:
                continue
            x = (u[row, column] * (_ONE - oz * nearest) + ox * nearest) * scale + off_x
            y = off_y - (v[row, column] * (_ONE - oz * nearest) + oy * nearest) * scale
            if (
                (x < 0 and not open_left) or (x > most_x and not open_right)
                or (y < 0 and not open_top) or (y > most_y and not open_below)
            ):  # fmt: skip
                continue
            i, j = int(min(max(x, _ZERO), most_x)), int(min(max(y, _ZERO), most_y))
            inverse = near + span * np.float32(np.int32(relief[start + j * box_wide + i]) - 1)
            inverse = min(max(inverse, far), min(near, limit))
            x = (u[row, column] * (_ONE - oz * inverse) + ox * inverse) * scale + off_x
            y = off_y - (v[row, column] * (_ONE - oz * inverse) + oy * inverse) * scale
            x, y = min(max(x, _ZERO), most_x), min(max(y, _ZERO), most_y)
            i, j = min(int(x), box_wide - 2), min(int(y), box_high - 2)
            a, b = x - np.float32(i), y - np.float32(j)
            first = start + j * box_wide + i
            under = first + box_wide
            p, q, r, s = (_ONE - a) * (_ONE - b), a * (_ONE - b), (_ONE - a) * b, a * b
            passed = _PART * (
                texels[first, 3] * p + texels[first + 1, 3] * q
                + texels[under, 3] * r + texels[under + 1, 3] * s
            )  # fmt: skip
            if passed > np.float32(0.9975):
                continue
            red = _LIGHT * (
                texels[first, 0] * p + texels[first + 1, 0] * q
                + texels[under, 0] * r + texels[under + 1, 0] * s
            )  # fmt: skip
            green = _LIGHT * (
                texels[first, 1] * p + texels[first + 1, 1] * q
                + texels[under, 1] * r + texels[under + 1, 1] * s
            )  # fmt: skip
            blue = _LIGHT * (
                texels[first, 2] * p + texels[first + 1, 2] * q
                + texels[under, 2] * r + texels[under + 1, 2] * s
            )  # fmt: skip
            if with_glow:
                answer = _GLOW * (
                    glow[first] * p + glow[first + 1] * q + glow[under] * r + glow[under + 1] * s
                )
                red += answer * glow_rgb[0]
                green += answer * glow_rgb[1]
                blue += answer * glow_rgb[2]
            ahead = c[row, column]
            away = _ONE / inverse
            if surfaces and front[top + row, left + column, 4] > 0:
                for which in range(2):
                    ends = front if which == 0 else back
                    if caught[row, column, which]:
                        continue
                    surface = oz + ends[top + row, left + column, 4] * ahead
                    if surface >= edges[slab + 1]:
                        continue
                    half = np.float32(0.25) * (edges[slab + 1] - edges[slab])
                    part = (surface - away) / (half + half) + np.float32(0.5)
                    part = min(max(part, _ZERO), _ONE)
                    caught[row, column, which] = 1
                    left_over = passed**part
                    lit = through * (_ONE - left_over) / (_ONE - passed)
                    ends[top + row, left + column, 0] += share * (light[row, column, 0] + lit * red)
                    ends[top + row, left + column, 1] += share * (
                        light[row, column, 1] + lit * green
                    )
                    ends[top + row, left + column, 2] += share * (
                        light[row, column, 2] + lit * blue
                    )
                    ends[top + row, left + column, 3] += share * through * left_over
            light[row, column, 0] += through * red
            light[row, column, 1] += through * green
            light[row, column, 2] += through * blue
            light[row, column, 4] += through * (_ONE - passed) * ahead / (away - oz)
            light[row, column, 3] = through * passed


@compiled_fast
@no_type_check
def _add(left, top, wide, high, light, surfaces, caught, share, sky, total, front, back):
    """Put the sky behind, and add the square's light to that of other plates."""
    for row in range(high):
        y = np.float32(top + row) / np.float32(SKY_STEP)
        j = int(y)
        b = y - np.float32(j)
        for column in range(wide):
            x = np.float32(left + column) / np.float32(SKY_STEP)
            i = int(x)
            a = x - np.float32(i)
            through = light[row, column, 3]
            for colour in range(3):
                above = sky[j, i, colour] + a * (sky[j, i + 1, colour] - sky[j, i, colour])
                below = sky[j + 1, i, colour]
                below += a * (sky[j + 1, i + 1, colour] - below)
                behind = above + b * (below - above)
                total[top + row, left + column, colour] += share * (
                    light[row, column, colour] + through * behind
                )
            total[top + row, left + column, 3] += share * light[row, column, 4]
            if not surfaces or front[top + row, left + column, 4] <= 0:
                continue
            for which in range(2):
                if not caught[row, column, which]:
                    ends = front if which == 0 else back
                    for part in range(4):
                        ends[top + row, left + column, part] += share * light[row, column, part]


@compiled_fast
@no_type_check
def merge(total, front, back, rgb, alpha, depth, rows, out, out_depth):
    """Lay surfaces between the air before them and the air behind, at full size.

    Args:
        total, front, back: From ``stack``.
        rgb, alpha, depth: Of the surfaces; colours premultiplied.
        rows: First row and the row after the last.
        out: ``[rows, columns, 3]`` light.
        out_depth: ``[rows, columns]`` depth of what is seen, for lenses.
    """
    high, wide = total.shape[0], total.shape[1]
    near, far = np.float32(0.75), np.float32(0.25)
    for y in range(rows[0], rows[1]):
        row = y // 2
        other = min(max(row + (1 if y % 2 else -1), 0), high - 1)
        for x in range(out.shape[1]):
            column = x // 2
            beside = min(max(column + (1 if x % 2 else -1), 0), wide - 1)
            cover = alpha[y, x]
            if cover < 1:
                p, q, r, s = near * near, near * far, far * near, far * far
                red = total[row, column, 0] * p + total[row, beside, 0] * q
                green = total[row, column, 1] * p + total[row, beside, 1] * q
                blue = total[row, column, 2] * p + total[row, beside, 2] * q
                away = total[row, column, 3] * p + total[row, beside, 3] * q
                red += total[other, column, 0] * r + total[other, beside, 0] * s
                green += total[other, column, 1] * r + total[other, beside, 1] * s
                blue += total[other, column, 2] * r + total[other, beside, 2] * s
                away += total[other, column, 3] * r + total[other, beside, 3] * s
            else:
                red, green, blue, away = _ZERO, _ZERO, _ZERO, total[row, column, 3]
            if cover > 0:
                here = depth[y, x]
                first, last = front[row, column, 4], back[row, column, 4]
                part = _ZERO
                if last > first:
                    part = min(max((here - first) / (last - first), _ZERO), _ONE)
                before = _ONE - part
                through = front[row, column, 3] * before + back[row, column, 3] * part
                clear = _ONE - cover
                red = clear * red + rgb[y, x, 0] * through
                green = clear * green + rgb[y, x, 1] * through
                blue = clear * blue + rgb[y, x, 2] * through
                red += cover * (front[row, column, 0] * before + back[row, column, 0] * part)
                green += cover * (front[row, column, 1] * before + back[row, column, 1] * part)
                blue += cover * (front[row, column, 2] * before + back[row, column, 2] * part)
                seen = cover * through
                away = seen / max(here, np.float32(0.01)) + (_ONE - seen) * away
            out[y, x, 0] = red
            out[y, x, 1] = green
            out[y, x, 2] = blue
            out_depth[y, x] = _ONE / max(away, np.float32(1e-4))
