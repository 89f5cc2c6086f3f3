"""The loops that light a living photo: slow things at half size, then each pixel of the film.

What numba compiles together lives in this one file: its cache notices changes in one only.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled_fast

MAPS = 13
"""Half-size maps: light (3), what is added everywhere (3), what spills over the edge (3), the matte blurred
and moved toward the sun (narrow and wide), the sun's strength at edges, and how far a place turns to it."""


@compiled_fast
@no_type_check
def halve_alpha(texels: np.ndarray, out: np.ndarray, first: int, end: int) -> None:
    """Give the matte of a canvas at half size, 0..1."""
    share = np.float32(1 / 1020)
    for row in range(first, end):
        a, b = texels[2 * row], texels[2 * row + 1]
        for x in range(out.shape[1]):
            total = (a[2 * x] >> np.uint32(24)) + (a[2 * x + 1] >> np.uint32(24))
            total += (b[2 * x] >> np.uint32(24)) + (b[2 * x + 1] >> np.uint32(24))
            out[row, x] = np.float32(np.int32(total)) * share


@compiled_fast
@no_type_check
def _reach(matte: np.ndarray, row: int) -> tuple[int, int]:
    """Find the columns of a row that are needed: those of its person, and of its neighbours', and one more."""
    rows, columns = matte.shape
    begin, stop = columns, 0
    for other in range(max(row - 1, 0), min(row + 2, rows)):
        for x in range(columns):
            if matte[other, x] > 0:
                begin = min(begin, x)
                stop = max(stop, x + 1)
    return max(begin - 1, 0), min(stop + 1, columns)


@compiled_fast
@no_type_check
def light_maps(  # noqa: PLR0913, PLR0917 - one pass over all pixels
    aux: np.ndarray,
    matte: np.ndarray,
    edges: np.ndarray,
    around: np.ndarray,
    corner: np.ndarray,
    k: np.ndarray,
    out: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Light each place of the person.

    Args:
        aux: Canvas of directions: right, up, stops, how far it follows the head; 8 bits each.
        matte: 0..1; maps are made about it only.
        edges: The matte blurred for the narrow rim, the wide rim and the spill; [3, rows, columns].
        around: What the set looks like from there: blurred, and very blurred; [rows, columns, 6].
        corner: Where this map's first pixel lies in ``around``, and the step of a pixel.
        k: See ``lighting.numbers``.
        out: [MAPS, rows, columns].
        first: Row to begin with.
        end: Row to end before.
    """
    zero, one, half = np.float32(0), np.float32(1), np.float32(0.5)
    unit = np.float32(1 / 127)
    tall, wide = around.shape[0], around.shape[1]
    seen = np.empty(6, np.float32)
    for row in range(first, end):
        ay = min(max(corner[1] + corner[2] * row, zero), np.float32(tall - 1.001))
        v = int(ay)
        fy = ay - np.float32(v)
        begin, stop = _reach(matte, row)
        for x in range(begin, stop):
            texel = aux[row, x]
            px = (np.float32(np.int32(texel & np.uint32(255))) - np.float32(128)) * unit
            py = (
                np.float32(np.int32((texel >> np.uint32(8)) & np.uint32(255))) - np.float32(128)
            ) * unit
            stops = (
                np.float32(np.int32((texel >> np.uint32(16)) & np.uint32(255))) - np.float32(128)
            ) * np.float32(1 / 64)
            follows = np.float32(np.int32(texel >> np.uint32(24))) * np.float32(1 / 255)
            pz = np.sqrt(max(one - px * px - py * py, np.float32(0.01)))
            stays = one - follows
            nx = (k[18] * px + k[19] * py + k[20] * pz) * stays
            ny = (k[21] * px + k[22] * py + k[23] * pz) * stays
            nz = (k[24] * px + k[25] * py + k[26] * pz) * stays
            nx += (k[27] * px + k[28] * py + k[29] * pz) * follows
            ny += (k[30] * px + k[31] * py + k[32] * pz) * follows
            nz += (k[33] * px + k[34] * py + k[35] * pz) * follows
            gain = np.exp2(stops)
            aside = nx * k[12] + ny * k[13] * np.float32(0.35)
            t = min(max(aside * k[14] * half + half, zero), one)
            lambert = nx * k[0] + ny * k[1] + nz * k[2]
            key = min(max((lambert + np.float32(0.18)) * np.float32(1 / 1.18), zero), one)
            key = key * np.sqrt(key) * k[15]
            level = np.float32(0.80) + np.float32(0.22) * ny + np.float32(0.18) * t
            ax = min(max(corner[0] + corner[2] * x, zero), np.float32(wide - 1.001))
            u = int(ax)
            fx = ax - np.float32(u)
            for c in range(6):
                upper = around[v, u, c] * (one - fx) + around[v, u + 1, c] * fx
                lower = around[v + 1, u, c] * (one - fx) + around[v + 1, u + 1, c] * fx
                seen[c] = upper * (one - fy) + lower * fy
            spill = max(one - edges[2, row, x], zero) * k[16]
            for c in range(3):
                fill = (k[6 + c] * (one - t) + k[9 + c] * t) * level
                out[c, row, x] = gain * (fill + k[3 + c] * key) * (one - k[17])
                out[3 + c, row, x] = seen[3 + c] * k[17]
                out[6 + c, row, x] = seen[c] * spill
            bright = (
                seen[0] * np.float32(0.25) + seen[1] * np.float32(0.65) + seen[2] * np.float32(0.1)
            )
            out[9, row, x] = edges[0, row, x]
            out[10, row, x] = edges[1, row, x]
            out[11, row, x] = min(np.float32(0.30) + np.float32(0.55) * bright, np.float32(1.2))
            turned = max(nx * k[12] + ny * k[13], zero)
            grazing = one - min(max(nz, zero), one)
            out[12, row, x] = grazing * grazing * turned


@compiled_fast
@no_type_check
def _span(texels: np.ndarray) -> tuple[int, int]:
    """Find the first pixel of a row that shows anything, and the one after the last."""
    begin, stop = 0, texels.size
    while begin < stop and texels[begin] == 0:
        begin += 1
    while stop > begin and texels[stop - 1] == 0:
        stop -= 1
    return begin, stop


@compiled_fast
@no_type_check
def put_over(  # noqa: PLR0915 - one pass over all pixels
    hdr: np.ndarray,
    texels: np.ndarray,
    maps: np.ndarray,
    left: int,
    top: int,
    k: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Lay the lit person over the picture.

    Args:
        hdr: Changed in place.
        texels: The person: Y'CbCr with alpha, premultiplied; even size.
        maps: See ``light_maps``.
        left: Column of the picture where the person's box begins.
        top: Its row.
        k: Photo's gain (3), saturation, flatness, the rim's light (3), presence, the photo's black as a factor
            and what is added, and by how much its gain differs in its own deep shade (3).
        first: Row of the box to begin with.
        end: Row of the box to end before.
    """
    width = texels.shape[1]
    columns, rows = maps.shape[2], maps.shape[1]
    zero, one = np.float32(0), np.float32(1)
    most, rest = np.float32(0.75), np.float32(0.25)
    line = np.empty((MAPS, columns), np.float32)
    wide = np.empty((MAPS, width), np.float32)
    luma_step, red_step, blue_step = (
        np.float32(1 / 219),
        np.float32(1.5748 / 224),
        np.float32(1.8556 / 224),
    )
    green_red, green_blue = np.float32(0.2126 / 0.7152), np.float32(0.0722 / 0.7152)
    for row in range(first, end):
        near = row // 2
        other = min(max(near - 1 if row % 2 == 0 else near + 1, 0), rows - 1)
        begin, stop = _span(texels[row])
        if begin >= stop:
            continue
        low, high = begin // 2, (stop + 1) // 2
        for c in range(MAPS):
            a, b = maps[c, near], maps[c, other]
            for i in range(max(low - 1, 0), min(high + 1, columns)):
                line[c, i] = a[i] * most + b[i] * rest
            to, of = wide[c], line[c]
            for i in range(low, high):
                middle = of[i] * most
                to[2 * i] = middle + of[max(i - 1, 0)] * rest
                to[2 * i + 1] = middle + of[min(i + 1, columns - 1)] * rest
        target = hdr[top + row]
        for x in range(begin, stop):
            texel = texels[row, x]
            alpha = np.float32(np.int32(texel >> np.uint32(24))) * np.float32(1 / 255)
            whole = one / max(alpha, np.float32(1 / 255))
            y = np.float32(np.int32(texel & np.uint32(255))) * whole - np.float32(16)
            cb = np.float32(
                np.int32((texel >> np.uint32(8)) & np.uint32(255))
            ) * whole - np.float32(128)
            cr = np.float32(
                np.int32((texel >> np.uint32(16)) & np.uint32(255))
            ) * whole - np.float32(128)
            y *= luma_step
            red, blue = cr * red_step, cb * blue_step
            r = min(max(y + red, zero), one)
            g = min(max(y - red * green_red - blue * green_blue, zero), one)
            b = min(max(y + blue, zero), one)
            r = r * (r * (r * np.float32(0.305306) + np.float32(0.682171)) + np.float32(0.0125229))
            g = g * (g * (g * np.float32(0.305306) + np.float32(0.682171)) + np.float32(0.0125229))
            b = b * (b * (b * np.float32(0.305306) + np.float32(0.682171)) + np.float32(0.0125229))
            r = max(r * k[9] + k[10], zero)
            g = max(g * k[9] + k[10], zero)
            b = max(b * k[9] + k[10], zero)
            grey = r * np.float32(0.25) + g * np.float32(0.65) + b * np.float32(0.10)
            deep = min(max(one - np.float32(1.2) * np.sqrt(grey), zero), one)
            r = (grey + (r - grey) * k[3]) * (k[0] + k[11] * deep)
            g = (grey + (g - grey) * k[3]) * (k[1] + k[12] * deep)
            b = (grey + (b - grey) * k[3]) * (k[2] + k[13] * deep)
            keep = one - k[4]
            lift = np.float32(0.62) * k[4]
            r = max(r, zero) * keep + lift * np.sqrt(max(r, zero))
            g = max(g, zero) * keep + lift * np.sqrt(max(g, zero))
            b = max(b, zero) * keep + lift * np.sqrt(max(b, zero))
            root = np.sqrt(min(max(grey, zero), one))
            rim = max(alpha - wide[9, x], zero) * np.float32(0.9)
            rim += max(alpha - wide[10, x], zero) * (np.float32(0.15) + np.float32(0.35) * root)
            rim = rim * wide[11, x] * (np.float32(0.05) + np.float32(0.60) * root)
            rim += wide[12, x] * (np.float32(0.018) + np.float32(0.18) * grey)
            spill = np.float32(0.15) + np.float32(0.85) * min(root * np.float32(1.6), one)
            r = r * wide[0, x] + wide[3, x] + k[5] * rim + wide[6, x] * spill
            g = g * wide[1, x] + wide[4, x] + k[6] * rim + wide[7, x] * spill
            b = b * wide[2, x] + wide[5, x] + k[7] * rim + wide[8, x] * spill
            alpha *= k[8]
            clear = one - alpha
            target[left + x, 0] = target[left + x, 0] * clear + r * alpha
            target[left + x, 1] = target[left + x, 1] * clear + g * alpha
            target[left + x, 2] = target[left + x, 2] * clear + b * alpha
