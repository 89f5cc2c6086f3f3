"""Walking through clouds along rays: what each slab of depth sends to the eye, and what it lets through.

Light is scattered once, and then as if more often with less loss (three octaves, after ``Wrenninge, Kulla and
Lundqvist, "Oz: the great and volumetric", 2013``), darkened where a cloud is thin toward the sun (powder).
"""

from __future__ import annotations

import math
from typing import no_type_check

from vivant.media.compilation import compiled_fast
from vivant.render.air.field import density, empty_above, top_at
from vivant.render.air.sky import sky_at

FAR_M = 320.0
"""Clouds end here, in haze."""
NEAR_M = 0.4
LIGHT_SCALE = 2048.0
"""Light is kept in whole numbers of this part."""
THROUGH_SCALE = 65535.0
_EDGE = 0.004
_DENSE = 1.7
_SUN = 6.5
_END = 0.012
_TAPS = 6
_MOST_STEPS = 260


@compiled_fast
@no_type_check
def _lobe(cosine, forward):
    square = forward * forward
    away = 1 + square - 2 * forward * cosine
    return (1 - square) / (12.566 * away * math.sqrt(away))


@compiled_fast
@no_type_check
def _toward_sun(shape, detail, near, far, facts, x, y, z, sky, first, crisp):
    """Sum up how thick the air is from a place toward the sun."""
    depth, way, step = 0.0, 0.0, first
    for number in range(_TAPS):
        way += step
        fine = crisp if number < 2 else -1.0
        depth += step * density(
            shape,
            detail,
            near,
            far,
            facts,
            x + sky[0] * way,
            y + sky[1] * way,
            z + sky[2] * way,
            fine,
            0.0,
        )
        step *= 1.7
    return depth


@compiled_fast
@no_type_check
def march(shape, detail, near, far, leap, facts, sky, air, camera, edges, rows, out, glow, relief):
    """Fill some rows of all slabs.

    Args:
        shape, detail, near, far, leap, facts: Of the ``Field``.
        sky: ``sky_facts``.
        air: Thickness; haze per metre; light from above and from below (3 each); the glow's place and reach.
        camera: Position, right, up and forward (3 each), tangent of a slab's pixel, middle column, middle row.
        edges: Depths of the slabs' borders.
        rows: First row and the row after the last.
        out: ``[slabs, rows, columns, 4]`` light and what is let through, as whole numbers, with nothing in the
            way at first; all four are 0 where something hides what is behind.
        glow: ``[slabs, rows, columns]`` answer to a glow of strength 1; or empty.
        relief: ``[slabs, rows, columns]`` where between a slab's borders its cloud lies, by the depth's inverse.
    """
    slabs, width = edges.shape[0] - 1, out.shape[2]
    with_glow = glow.shape[0] > 0
    for row in range(rows[0], rows[1]):
        for column in range(width):
            across = (column - camera[13]) * camera[12]
            upward = (camera[14] - row) * camera[12]
            x = camera[9] + across * camera[3] + upward * camera[6]
            y = camera[10] + across * camera[4] + upward * camera[7]
            z = camera[11] + across * camera[5] + upward * camera[8]
            length = math.sqrt(x * x + y * y + z * z)
            x, y, z = x / length, y / length, z / length
            cosine = x * sky[0] + y * sky[1] + z * sky[2]
            once = 0.62 * _lobe(cosine, 0.72) + 0.38 * _lobe(cosine, -0.15)
            twice = 0.55 * (0.6 * _lobe(cosine, 0.38) + 0.4 * _lobe(cosine, -0.08))
            often = 0.34 / 12.566
            haze_y = max(y, 0.02) * 0.6 + 0.05
            scale = 1 / math.sqrt(x * x + haze_y * haze_y + z * z)
            haze_r, haze_g, haze_b = sky_at(x * scale, haze_y * scale, z * scale, sky)
            haze_r, haze_g, haze_b = haze_r * 0.92, haze_g * 0.92, haze_b * 0.92
            slab = 0
            red, green, blue, glowing, through, total, places = 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0
            way = NEAR_M
            inside, before, back, sunny = False, 0.0, 0.0, 0.0
            count, lit = 0, 0
            while way < FAR_M and count < _MOST_STEPS:
                count += 1
                px, py, pz = camera[0] + x * way, camera[1] + y * way, camera[2] + z * way
                if not inside:
                    if py > facts[10] and y >= 0:
                        break
                    clear = empty_above(leap, facts, px, pz)
                    if py > clear and py + y * 8.0 > clear:
                        way += 8.0
                        back = 0.0
                        continue
                fine = min(1.0, max(0.0, (110 - way) / 40))
                finer = min(1.0, max(0.0, (26 - way) / 14))
                here = density(shape, detail, near, far, facts, px, py, pz, fine, finer)
                if here <= _EDGE:
                    inside = False
                    step = max(0.30, way * 0.020)
                    height, _ = top_at(near, far, facts, px, pz)
                    if py - height > 14:
                        step += min((py - height - 12) * 0.5, 6.0)
                    back = step
                    before = 0.0
                    way += step
                    continue
                if not inside and back > 0:
                    low, high = way - back, way
                    for _ in range(4):
                        middle = (low + high) / 2
                        found = density(
                            shape,
                            detail,
                            near,
                            far,
                            facts,
                            camera[0] + x * middle,
                            camera[1] + y * middle,
                            camera[2] + z * middle,
                            fine,
                            finer,
                        )
                        if found > _EDGE:
                            high, here = middle, found
                        else:
                            low = middle
                    way = high
                    px, py, pz = camera[0] + x * way, camera[1] + y * way, camera[2] + z * way
                    lit = 0
                inside = True
                back = 0.0
                depth = way / length
                while slab < slabs - 1 and depth >= edges[slab + 1]:
                    _write(
                        out,
                        glow,
                        relief,
                        edges,
                        slab,
                        row,
                        column,
                        red,
                        green,
                        blue,
                        glowing,
                        through,
                        places,
                    )
                    red, green, blue, glowing, through, places = 0.0, 0.0, 0.0, 0.0, 1.0, 0.0
                    slab += 1
                step = max(0.22, way * 0.0125)
                thick = 0.5 * (here + before) * air[0]
                before = here
                if lit == 0:
                    sun_depth = (
                        air[0]
                        * 0.9
                        * _toward_sun(
                            shape,
                            detail,
                            near,
                            far,
                            facts,
                            px,
                            py,
                            pz,
                            sky,
                            0.9,
                            0.0 if way > 60 else fine,
                        )
                    )
                    sunny = (
                        math.exp(-sun_depth) * once
                        + math.exp(-0.35 * sun_depth) * twice
                        + math.exp(-0.10 * sun_depth) * often
                    )
                lit = (lit + 1) % 2
                powder = _SUN * sunny * (1 - 0.45 * math.exp(-5 * here * air[0]))
                height, _ = top_at(near, far, facts, px, pz)
                high = min(1.0, max(0.0, (py - height + 6) / 10))
                dim = 0.35 + 0.65 * high
                clear = math.exp(-way * air[1])
                veil = 1 - clear
                light_r = sky[3] * powder + dim * (air[5] + (air[2] - air[5]) * high)
                light_g = sky[4] * powder + dim * (air[6] + (air[3] - air[6]) * high)
                light_b = sky[5] * powder + dim * (air[7] + (air[4] - air[7]) * high)
                light_r = light_r * clear + haze_r * veil
                light_g = light_g * clear + haze_g * veil
                light_b = light_b * clear + haze_b * veil
                passed = math.exp(-thick * step * _DENSE)
                share = through * (1 - passed)
                red, green, blue = (
                    red + share * light_r,
                    green + share * light_g,
                    blue + share * light_b,
                )
                if with_glow:
                    gx, gy, gz = px - air[8], py - air[9], pz - air[10]
                    reach = air[11] * air[11]
                    glowing += share * clear * 0.643 * reach / (reach + gx * gx + gy * gy + gz * gz)
                places += share / depth
                through *= passed
                total *= passed
                way += step
                if total < _END:
                    through = 0.0
                    break
            _write(
                out,
                glow,
                relief,
                edges,
                slab,
                row,
                column,
                red,
                green,
                blue,
                glowing,
                through,
                places,
            )
            if total < _END:
                for rest in range(slab + 1, slabs):
                    out[rest, row, column, 3] = 0


@compiled_fast
@no_type_check
def _write(out, glow, relief, edges, slab, row, column, red, green, blue, glowing, through, places):
    out[slab, row, column, 0] = min(65535.0, red * LIGHT_SCALE + 0.5)
    out[slab, row, column, 1] = min(65535.0, green * LIGHT_SCALE + 0.5)
    out[slab, row, column, 2] = min(65535.0, blue * LIGHT_SCALE + 0.5)
    out[slab, row, column, 3] = through * THROUGH_SCALE + 0.5
    if through < 0.999:
        first = 1 / max(edges[slab], 1.0)
        part = (first - places / (1 - through)) / (first - 1 / edges[slab + 1])
        relief[slab, row, column] = 1 + min(254.0, max(0.0, part * 254))
    if glow.shape[0] > 0:
        glow[slab, row, column] = min(65535.0, glowing * 8192 + 0.5)
