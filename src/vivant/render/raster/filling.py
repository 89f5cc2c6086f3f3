"""The compiled loop that fills a band of rows: which triangle each sample sees, then what colour each pixel has.

Each sample has its own place in the pixel and, while the shutter is open, its own moment. A sample's row is cut by
a triangle's edges into one run; both neighbours of an edge compute it from the same two points in the same order, so
no sample falls between them and none is counted twice. Colours are looked up once for each triangle in a pixel, at the
middle of the samples that see it, which lies inside the triangle.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled, compiled_fast

SAMPLE_X = np.array([-0.125, 0.375, -0.375, 0.125], np.float32)
SAMPLE_Y = np.array([-0.375, -0.125, 0.125, 0.375], np.float32)
"""A rotated grid: no two samples share a row or a column, so edges of every slope are smooth."""
VEIL = -2
"""The sheet of a triangle that hides nothing and adds its light."""
EMPTY = np.float32(np.inf)
"""The depth of a pixel in which nothing is."""


@compiled_fast
@no_type_check
def _scan(name, corners, spots, top, nearness, seen):  # noqa: C901
    """Show a triangle in a band that begins at row ``top``."""
    samples, rows, width = nearness.shape
    times = spots.shape[0]
    x0 = y0 = n0 = x1 = y1 = n1 = x2 = y2 = n2 = 0.0
    across = down = long_slope = upper_slope = lower_slope = 0.0
    low = high = np.float32(0)
    fine = False
    for sample in range(samples):
        if sample == 0 or times > 1:
            time = sample if times > 1 else 0
            p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
            if spots[time, q, 1] < spots[time, p, 1]:
                p, q = q, p
            if spots[time, r, 1] < spots[time, q, 1]:
                q, r = r, q
                if spots[time, q, 1] < spots[time, p, 1]:
                    p, q = q, p
            x0, y0, n0 = (
                float(spots[time, p, 0]),
                float(spots[time, p, 1]),
                float(spots[time, p, 2]),
            )
            x1, y1, n1 = (
                float(spots[time, q, 0]),
                float(spots[time, q, 1]),
                float(spots[time, q, 2]),
            )
            x2, y2, n2 = (
                float(spots[time, r, 0]),
                float(spots[time, r, 1]),
                float(spots[time, r, 2]),
            )
            area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
            fine = abs(area) > 1e-9
            if fine:
                across = ((n1 - n0) * (y2 - y0) - (n2 - n0) * (y1 - y0)) / area
                down = ((x1 - x0) * (n2 - n0) - (x2 - x0) * (n1 - n0)) / area
                low = np.float32(min(n0, n1, n2))
                high = np.float32(max(n0, n1, n2))
                long_slope = (x2 - x0) / (y2 - y0) if y2 > y0 else 0.0
                upper_slope = (x1 - x0) / (y1 - y0) if y1 > y0 else 0.0
                lower_slope = (x2 - x1) / (y2 - y1) if y2 > y1 else 0.0
        if not fine:
            continue
        in_x, in_y = SAMPLE_X[sample], SAMPLE_Y[sample]
        first_row = int(max(np.ceil(y0 - in_y), top))
        last_row = int(min(np.ceil(y2 - in_y), top + rows))
        for row in range(first_row, last_row):
            y = row + in_y
            left = x0 + (y - y0) * long_slope
            right = x0 + (y - y0) * upper_slope if y < y1 else x1 + (y - y1) * lower_slope
            if right < left:
                left, right = right, left
            first = int(np.ceil(min(max(left - in_x, 0.0), width)))
            last = int(np.ceil(min(max(right - in_x, 0.0), width)))
            if first < last:
                value = n0 + across * (first + in_x - x0) + down * (y - y0)
                base, step = np.float32(value), np.float32(across)
                at = row - top
                for x in range(first, last):
                    near = min(max(base + np.float32(x - first) * step, low), high)
                    if near > nearness[sample, at, x]:
                        nearness[sample, at, x] = near
                        seen[sample, at, x] = name


@compiled_fast
@no_type_check
def _lighten(name, corners, spots, looks, top, nearness, rgb):
    """Add the light of a veil in a band, where nothing is before it; it covers nothing."""
    samples, rows, width = nearness.shape
    height = rgb.shape[0]
    times = spots.shape[0]
    each = np.float32(1) / np.float32(samples)
    for sample in range(samples):
        time = sample if times > 1 else 0
        p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
        if spots[time, q, 1] < spots[time, p, 1]:
            p, q = q, p
        if spots[time, r, 1] < spots[time, q, 1]:
            q, r = r, q
            if spots[time, q, 1] < spots[time, p, 1]:
                p, q = q, p
        x0, y0, n0 = float(spots[time, p, 0]), float(spots[time, p, 1]), float(spots[time, p, 2])
        x1, y1, n1 = float(spots[time, q, 0]), float(spots[time, q, 1]), float(spots[time, q, 2])
        x2, y2, n2 = float(spots[time, r, 0]), float(spots[time, r, 1]), float(spots[time, r, 2])
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        in_x, in_y = SAMPLE_X[sample], SAMPLE_Y[sample]
        first_row = int(max(np.ceil(y0 - in_y), top))
        last_row = int(min(np.ceil(y2 - in_y), top + rows, height))
        for row in range(first_row, last_row):
            y = row + in_y
            left = x0 + (y - y0) * (x2 - x0) / (y2 - y0)
            right = (
                x0 + (y - y0) * (x1 - x0) / (y1 - y0)
                if y < y1
                else x1 + (y - y1) * (x2 - x1) / (y2 - y1)
            )
            if right < left:
                left, right = right, left
            first = int(np.ceil(min(max(left - in_x, 0.0), width)))
            last = int(np.ceil(min(max(right - in_x, 0.0), width)))
            for x in range(first, last):
                way_x, way_y = x + in_x - x0, y - y0
                of_q = (way_x * (y2 - y0) - (x2 - x0) * way_y) / area * n1
                of_r = ((x1 - x0) * way_y - way_x * (y1 - y0)) / area * n2
                of_p = (1 - of_q / n1 - of_r / n2) * n0
                near = of_p + of_q + of_r
                if near > nearness[sample, row - top, x]:
                    for channel in range(3):
                        light = looks[p, channel] * of_p + looks[q, channel] * of_q
                        light += looks[r, channel] * of_r
                        rgb[row, x, channel] += np.float32(max(light / near, 0.0)) * each


@compiled_fast
@no_type_check
def _texel(atlas, start, width, height, u, v, out):
    """Sample a texture between its texels; its edge goes on beyond its borders."""
    u = min(max(u, np.float32(0)), np.float32(width - 1))
    v = min(max(v, np.float32(0)), np.float32(height - 1))
    left, top = min(int(u), max(width - 2, 0)), min(int(v), max(height - 2, 0))
    part_x, part_y = u - left, v - top
    right, below = min(left + 1, width - 1), min(top + 1, height - 1)
    for channel in range(4):
        one = atlas[start + top * width + left, channel] * (1 - part_x)
        one += atlas[start + top * width + right, channel] * part_x
        two = atlas[start + below * width + left, channel] * (1 - part_x)
        two += atlas[start + below * width + right, channel] * part_x
        out[channel] = one * (1 - part_y) + two * part_y


@compiled_fast
@no_type_check
def _textured(name, time, at_x, at_y, corners, spots, looks, sheet, atlas, sizes, colour, texel):  # noqa: PLR0913, PLR0917
    """Lay a triangle's texture over ``colour``, in the light that falls there."""
    p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
    x0, y0 = spots[time, p, 0], spots[time, p, 1]
    ax, ay = spots[time, q, 0] - x0, spots[time, q, 1] - y0
    bx, by = spots[time, r, 0] - x0, spots[time, r, 1] - y0
    over = np.float32(1) / (ax * by - bx * ay)
    x, y = at_x - x0, at_y - y0
    share_q = (x * by - bx * y) * over
    share_r = (ax * y - x * ay) * over
    share_p = (1 - share_q - share_r) * spots[time, p, 2]
    share_q *= spots[time, q, 2]
    share_r *= spots[time, r, 2]
    total = share_p + share_q + share_r
    share_p, share_q, share_r = share_p / total, share_q / total, share_r / total
    u = looks[p, 9] * share_p + looks[q, 9] * share_q + looks[r, 9] * share_r
    v = looks[p, 10] * share_p + looks[q, 10] * share_q + looks[r, 10] * share_r
    weight = looks[p, 11] * share_p + looks[q, 11] * share_q + looks[r, 11] * share_r
    _texel(atlas, sizes[sheet, 0], sizes[sheet, 1], sizes[sheet, 2], u, v, texel)
    weight = min(max(weight, np.float32(0)), np.float32(1)) * texel[3]
    for channel in range(3):
        light = looks[p, channel + 3] * share_p + looks[q, channel + 3] * share_q
        light += looks[r, channel + 3] * share_r
        bare = looks[p, channel + 6] * share_p + looks[q, channel + 6] * share_q
        bare += looks[r, channel + 6] * share_r
        colour[channel] += weight * (light * texel[channel] - bare)


@compiled_fast
@no_type_check
def _resolve(
    top, rows, corners, spots, looks, sheets, atlas, sizes, nearness, seen, rgb, alpha, depth
):
    """Give the band's pixels their colours.

    Nearness, and colours times nearness, are flat in the picture; a triangle's planes are kept until another is seen.
    """
    samples, _, width = nearness.shape
    times = spots.shape[0]
    colour, texel = np.zeros(3, np.float32), np.zeros(4, np.float32)
    each, zero, one = np.float32(1) / np.float32(samples), np.float32(0), np.float32(1)
    everything = (1 << samples) - 1
    kept_name, kept_time = -1, -1
    x0 = y0 = n0 = nx = ny = r0 = rx = ry = g0 = gx = gy = b0 = bx = by = zero
    for row in range(rows):
        y = top + row
        for x in range(width):
            nearest = nearness[0, row, x]
            farthest = nearest
            name = seen[0, row, x]
            alike = True
            for sample in range(1, samples):
                near = nearness[sample, row, x]
                nearest = max(nearest, near)
                farthest = min(farthest, near)
                alike = alike and seen[sample, row, x] == name
            if nearest == zero:
                rgb[y, x, 0] = zero
                rgb[y, x, 1] = zero
                rgb[y, x, 2] = zero
                alpha[y, x] = zero
                depth[y, x] = EMPTY
                continue
            depth[y, x] = one / nearest
            covered = red = green = blue = zero
            done = 0
            for sample in range(samples):
                if (done >> sample) & 1 or nearness[sample, row, x] == zero:
                    continue
                time = 0
                if alike and farthest > zero:
                    done = everything
                    number = np.float32(samples)
                    at_x, at_y = np.float32(x), np.float32(y)
                    if times > 1:
                        time = 1
                        at_x += SAMPLE_X[1]
                        at_y += SAMPLE_Y[1]
                else:
                    name = seen[sample, row, x]
                    number = at_x = at_y = zero
                    for other in range(sample, samples):
                        if seen[other, row, x] == name and nearness[other, row, x] > zero:
                            done |= 1 << other
                            number += one
                            at_x += SAMPLE_X[other]
                            at_y += SAMPLE_Y[other]
                    if times > 1:
                        time = sample
                        at_x, at_y = SAMPLE_X[sample] + x, SAMPLE_Y[sample] + y
                    else:
                        at_x, at_y = at_x / number + x, at_y / number + y
                if name != kept_name or time != kept_time:
                    kept_name, kept_time = name, time
                    p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
                    x0, y0, n0 = spots[time, p, 0], spots[time, p, 1], spots[time, p, 2]
                    x1, y1, n1 = spots[time, q, 0] - x0, spots[time, q, 1] - y0, spots[time, q, 2]
                    x2, y2, n2 = spots[time, r, 0] - x0, spots[time, r, 1] - y0, spots[time, r, 2]
                    area = x1 * y2 - x2 * y1
                    over = one / area if abs(area) > np.float32(1e-9) else zero
                    x1, y1, x2, y2 = x1 * over, y1 * over, x2 * over, y2 * over
                    nx = (n1 - n0) * y2 - (n2 - n0) * y1
                    ny = x1 * (n2 - n0) - x2 * (n1 - n0)
                    r0, g0, b0 = looks[p, 0] * n0, looks[p, 1] * n0, looks[p, 2] * n0
                    first, second = looks[q, 0] * n1 - r0, looks[r, 0] * n2 - r0
                    rx, ry = first * y2 - second * y1, x1 * second - x2 * first
                    first, second = looks[q, 1] * n1 - g0, looks[r, 1] * n2 - g0
                    gx, gy = first * y2 - second * y1, x1 * second - x2 * first
                    first, second = looks[q, 2] * n1 - b0, looks[r, 2] * n2 - b0
                    bx, by = first * y2 - second * y1, x1 * second - x2 * first
                way_x, way_y = at_x - x0, at_y - y0
                over = one / max(n0 + nx * way_x + ny * way_y, np.float32(1e-6))
                colour[0] = max((r0 + rx * way_x + ry * way_y) * over, zero)
                colour[1] = max((g0 + gx * way_x + gy * way_y) * over, zero)
                colour[2] = max((b0 + bx * way_x + by * way_y) * over, zero)
                if sheets[name] >= 0:
                    _textured(
                        name, time, at_x, at_y, corners, spots, looks, sheets[name], atlas, sizes,
                        colour, texel,
                    )  # fmt: skip
                number *= each
                red += colour[0] * number
                green += colour[1] * number
                blue += colour[2] * number
                covered += number
            rgb[y, x, 0] = red
            rgb[y, x, 1] = green
            rgb[y, x, 2] = blue
            alpha[y, x] = covered


@compiled
@no_type_check
def fill(which, tables, lists, nearness, seen, out):
    """Fill every band that falls to a worker.

    Args:
        which: The worker, and how many there are.
        tables: Corners, spots, looks, sheets, the textures' texels, their starts, widths and heights.
        lists: For each worker's triangles, where each band begins; and the triangles, in one list for each worker.
        nearness, seen: The worker's own band of samples [samples, rows, width].
        out: rgb, alpha and depth of the picture.
    """
    worker, workers = which
    starts, order = lists
    corners, spots, looks, sheets, atlas, sizes = tables
    rgb, alpha, depth = out
    rows = nearness.shape[1]
    height, width = alpha.shape
    for band in range(worker, starts.shape[1] - 1, workers):
        top = band * rows
        here = min(rows, height - top)
        touched = 0
        for part in range(starts.shape[0]):
            touched += starts[part, band + 1] - starts[part, band]
        if touched == 0:
            rgb[top : top + here] = 0
            alpha[top : top + here] = 0
            depth[top : top + here] = EMPTY
            continue
        nearness[:] = 0
        veils = 0
        for part in range(starts.shape[0]):
            for at in range(starts[part, band], starts[part, band + 1]):
                if sheets[order[part, at]] == VEIL:
                    veils += 1
                else:
                    _scan(order[part, at], corners, spots, top, nearness, seen)
        _resolve(
            top, here, corners, spots, looks, sheets, atlas, sizes, nearness, seen, rgb, alpha, depth,
        )  # fmt: skip
        if veils > 0:
            for part in range(starts.shape[0]):
                for at in range(starts[part, band], starts[part, band + 1]):
                    if sheets[order[part, at]] == VEIL:
                        _lighten(order[part, at], corners, spots, looks, top, nearness, rgb)
    return width
