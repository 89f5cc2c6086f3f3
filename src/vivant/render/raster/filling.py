"""The compiled loop that fills a band of rows: which triangle each sample sees, then what colour each pixel has.

Each sample has its own place in the pixel and, while the shutter is open, its own moment. A sample's row is cut by
a triangle's edges into one run; both neighbours of an edge compute it from the same two points in the same order, so
no sample falls between them and none is counted twice. Colours are looked up once for each triangle in a pixel, at the
middle of the samples that see it, which lies inside the triangle.
"""
# ruff: noqa: ANN001, ANN201, ANN202, C901, D417, PLR0912, PLR0913, PLR0915, PLR0917, PLW3301 - compiled loops

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled, compiled_fast
from vivant.render.raster.samples import BLOCK, LANE_X, LANE_Y, LANES, SAMPLE_X, SAMPLE_Y, SAMPLES
from vivant.render.raster.texturing import textured

TINY = np.float32(1e-9)
SLACK_PX = np.float32(2e-4)
VEIL = -2
"""The sheet of a triangle that hides nothing and adds its light."""
EMPTY = np.float32(np.inf)
"""The depth of a pixel in which nothing is."""
SAME_DEPTH = np.float32(0.97)
"""Samples of a pixel that are no farther apart than this, as a share, are taken for one depth."""


@compiled_fast
@no_type_check
def _scan(which, first_at, last_at, corners, spots, sheets, top, nearness, seen, sides, lanes):
    """Show triangles in a band that begins at row ``top``; give how many are veils, which wait.

    A sample lies in a triangle when three sides are positive there. ``sides`` [4, 3, times] is room for how these and
    the nearness change across and down, and for their values at the first block; ``lanes`` [12, LANES] for the same
    at each sample of a block. All in one function: passing arrays on costs more than the work.
    """
    rows, stride = nearness.shape
    times = spots.shape[0]
    width = np.float32(stride // SAMPLES)
    half, zero, one = np.float32(0.5), np.float32(0), np.float32(1)
    most = stride // LANES
    veils = 0
    for index in range(first_at, last_at):
        name = which[index]
        if sheets[name] == VEIL:
            veils += 1
            continue
        left, right = np.float32(1e9), np.float32(-1e9)
        upper, lower = np.float32(1e9), np.float32(-1e9)
        low, high = np.float32(1e9), zero
        p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
        for time in range(times):
            left = min(left, spots[time, p, 0], spots[time, q, 0], spots[time, r, 0])
            right = max(right, spots[time, p, 0], spots[time, q, 0], spots[time, r, 0])
            upper = min(upper, spots[time, p, 1], spots[time, q, 1], spots[time, r, 1])
            lower = max(lower, spots[time, p, 1], spots[time, q, 1], spots[time, r, 1])
        first_row = int(min(max(upper + half, np.float32(top)), np.float32(top + rows)))
        last_row = min(int(max(lower + half, np.float32(-1))) + 1, top + rows)
        first = int(min(max(left + half, zero), width)) // BLOCK
        last = min(int(min(max(right + half, np.float32(-1)), width)) // BLOCK + 1, most)
        if first_row >= last_row or first >= last:
            continue
        from_x, from_y = np.float32(first * BLOCK), np.float32(first_row)
        for time in range(times):
            x0, y0, n0 = spots[time, p, 0] - from_x, spots[time, p, 1] - from_y, spots[time, p, 2]
            x1, y1, n1 = spots[time, q, 0] - from_x, spots[time, q, 1] - from_y, spots[time, q, 2]
            x2, y2, n2 = spots[time, r, 0] - from_x, spots[time, r, 1] - from_y, spots[time, r, 2]
            low, high = min(low, n0, n1, n2), max(high, n0, n1, n2)
            ax, ay, bx, by = x1 - x0, y1 - y0, x2 - x0, y2 - y0
            area = ax * by - bx * ay
            flat = abs(area) < TINY
            over = zero if flat else one / area
            way = one if area > 0 else -one
            for side in range(3):
                xa, ya = (x0, y0) if side == 0 else (x1, y1) if side == 1 else (x2, y2)
                xb, yb = (x1, y1) if side == 0 else (x2, y2) if side == 1 else (x0, y0)
                across, down = (ya - yb) * way, (xb - xa) * way
                # a little beyond the edge: neighbours overlap by what rounding could else leave between them
                value = SLACK_PX * (abs(across) + abs(down)) - across * xa - down * ya
                sides[side, 0, time], sides[side, 1, time] = across, down
                sides[side, 2, time] = np.float32(-1e20) if flat else value
            across = ((n1 - n0) * by - (n2 - n0) * ay) * over
            down = (ax * (n2 - n0) - bx * (n1 - n0)) * over
            sides[3, 0, time], sides[3, 1, time] = across, down
            sides[3, 2, time] = n0 - across * x0 - down * y0
        for side in range(4):
            if times == 1:
                across, down, value = sides[side, 0, 0], sides[side, 1, 0], sides[side, 2, 0]
                for lane in range(np.uint64(LANES)):
                    lanes[side, lane] = value + across * LANE_X[lane] + down * LANE_Y[lane]
                    lanes[side + 4, lane] = across
                    lanes[side + 8, lane] = down
            else:
                for pixel in range(np.uint64(BLOCK)):
                    begin_at = pixel * np.uint64(SAMPLES)
                    for time in range(np.uint64(SAMPLES)):
                        lane = begin_at + time
                        across, down = sides[side, 0, time], sides[side, 1, time]
                        value = sides[side, 2, time] + across * LANE_X[lane] + down * LANE_Y[lane]
                        lanes[side, lane] = value
                        lanes[side + 4, lane] = across
                        lanes[side + 8, lane] = down
        number = np.int32(name)
        for row in range(first_row, last_row):
            below = np.float32(row - first_row)
            begin, end = 0, last - first
            if end > 2:  # only the blocks between the sides
                least, greatest = np.float32(1e9), np.float32(-1e9)
                for time in range(times):
                    start, stop = -one, np.float32(end * BLOCK)
                    for side in range(3):
                        across, down = sides[side, 0, time], sides[side, 1, time]
                        value = sides[side, 2, time] + down * below + abs(down) * half
                        if across > np.float32(1e-3):
                            start = max(start, -value / across)
                        elif across < np.float32(-1e-3):
                            stop = min(stop, -value / across)
                    least, greatest = min(least, start), max(greatest, stop)
                begin = max(int(least - one), 0) // BLOCK
                end = min(int(max(greatest, np.float32(-2)) + np.float32(2)) // BLOCK + 1, end)
            at = np.uint64(row - top)
            for block in range(begin, end):
                start_at = np.uint64((first + block) * LANES)
                right_by = np.float32(block * BLOCK)
                for lane in range(np.uint64(LANES)):
                    in_a = lanes[0, lane] + lanes[4, lane] * right_by + lanes[8, lane] * below
                    in_b = lanes[1, lane] + lanes[5, lane] * right_by + lanes[9, lane] * below
                    in_c = lanes[2, lane] + lanes[6, lane] * right_by + lanes[10, lane] * below
                    near = lanes[3, lane] + lanes[7, lane] * right_by + lanes[11, lane] * below
                    near = min(max(near, low), high)
                    old = nearness[at, start_at + lane]
                    was = seen[at, start_at + lane]
                    inside = min(min(in_a, in_b), min(in_c, near - old)) > 0
                    nearness[at, start_at + lane] = near if inside else old
                    seen[at, start_at + lane] = number if inside else was
    return veils


@compiled_fast
@no_type_check
def _lighten(name, corners, spots, looks, top, nearness, rgb):
    """Add the light of a veil in a band, where nothing is before it; it covers nothing.

    Runs of samples are cut by edges that neighbours compute alike, so that no sample is lit twice.
    """
    rows = nearness.shape[0]
    height, width, _ = rgb.shape
    times = spots.shape[0]
    zero, one = np.float32(0), np.float32(1)
    each = one / np.float32(SAMPLES)
    x0 = y0 = x1 = y1 = y2 = long_slope = upper_slope = lower_slope = 0.0
    nx = ny = rx = ry = gx = gy = bx = by = n0 = r0 = g0 = b0 = zero
    flat = False
    for sample in range(SAMPLES):
        if sample == 0 or times > 1:
            time = sample if times > 1 else 0
            p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
            if spots[time, q, 1] < spots[time, p, 1]:
                p, q = q, p
            if spots[time, r, 1] < spots[time, q, 1]:
                q, r = r, q
                if spots[time, q, 1] < spots[time, p, 1]:
                    p, q = q, p
            x0, y0, n0 = float(spots[time, p, 0]), float(spots[time, p, 1]), spots[time, p, 2]
            x1, y1, n1 = float(spots[time, q, 0]), float(spots[time, q, 1]), spots[time, q, 2]
            x2, y2, n2 = float(spots[time, r, 0]), float(spots[time, r, 1]), spots[time, r, 2]
            area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
            flat = abs(area) < 1e-9
            if flat:
                continue
            long_slope = (x2 - x0) / (y2 - y0)
            upper_slope = (x1 - x0) / max(y1 - y0, 1e-12)
            lower_slope = (x2 - x1) / max(y2 - y1, 1e-12)
            qx, qy = np.float32((y2 - y0) / area), np.float32((x2 - x0) / -area)
            sx, sy = np.float32((y1 - y0) / -area), np.float32((x1 - x0) / area)
            nx, ny = (n1 - n0) * qx + (n2 - n0) * sx, (n1 - n0) * qy + (n2 - n0) * sy
            r0, g0, b0 = looks[p, 0] * n0, looks[p, 1] * n0, looks[p, 2] * n0
            first_rise, second_rise = looks[q, 0] * n1 - r0, looks[r, 0] * n2 - r0
            rx, ry = first_rise * qx + second_rise * sx, first_rise * qy + second_rise * sy
            first_rise, second_rise = looks[q, 1] * n1 - g0, looks[r, 1] * n2 - g0
            gx, gy = first_rise * qx + second_rise * sx, first_rise * qy + second_rise * sy
            first_rise, second_rise = looks[q, 2] * n1 - b0, looks[r, 2] * n2 - b0
            bx, by = first_rise * qx + second_rise * sx, first_rise * qy + second_rise * sy
        if flat:
            continue
        in_x, in_y = SAMPLE_X[sample], SAMPLE_Y[sample]
        first_row = int(max(np.ceil(y0 - in_y), top))
        last_row = int(min(np.ceil(y2 - in_y), top + rows, height))
        for row in range(first_row, last_row):
            y = row + in_y
            left = x0 + (y - y0) * long_slope
            right = x0 + (y - y0) * upper_slope if y < y1 else x1 + (y - y1) * lower_slope
            if right < left:
                left, right = right, left
            first = int(np.ceil(min(max(left - in_x, 0.0), width)))
            last = int(np.ceil(min(max(right - in_x, 0.0), width)))
            way_y = np.float32(y - y0)
            way_0 = np.float32(in_x - x0)
            at = row - top
            for x in range(np.uint64(first), np.uint64(last)):
                way_x = np.float32(x) + way_0
                near = n0 + nx * way_x + ny * way_y
                if near > nearness[at, x * np.uint64(SAMPLES) + np.uint64(sample)]:
                    over = each / near
                    rgb[row, x, 0] += max(r0 + rx * way_x + ry * way_y, zero) * over
                    rgb[row, x, 1] += max(g0 + gx * way_x + gy * way_y, zero) * over
                    rgb[row, x, 2] += max(b0 + bx * way_x + by * way_y, zero) * over


@compiled_fast
@no_type_check
def _resolve(
    top, rows, corners, spots, looks, sheets, atlas, sizes, nearness, seen, rgb, alpha, depth
):
    """Give the band's pixels their colours.

    Nearness, and colours times nearness, are flat in the picture; a triangle's planes are kept until another is seen.
    """
    samples, width = SAMPLES, alpha.shape[1]
    times = spots.shape[0]
    colour, texel = np.zeros(3, np.float32), np.zeros(4, np.float32)
    each, zero, one = np.float32(1) / np.float32(samples), np.float32(0), np.float32(1)
    everything = (1 << samples) - 1
    kept_name, kept_time = -1, -1
    x0 = y0 = n0 = nx = ny = r0 = rx = ry = g0 = gx = gy = b0 = bx = by = zero
    for row in range(rows):
        y = top + row
        for x in range(np.uint64(width)):
            at = x * np.uint64(SAMPLES)
            nearest = farthest = nearness[row, at]
            for sample in range(np.uint64(1), np.uint64(SAMPLES)):
                near = nearness[row, at + sample]
                nearest = max(nearest, near)
                farthest = min(farthest, near)
            if nearest == zero:
                rgb[y, x, 0] = zero
                rgb[y, x, 1] = zero
                rgb[y, x, 2] = zero
                alpha[y, x] = zero
                depth[y, x] = EMPTY
                continue
            name = seen[row, at]
            alike = farthest > zero
            for sample in range(np.uint64(1), np.uint64(SAMPLES)):
                alike &= seen[row, at + sample] == name
            if farthest > nearest * SAME_DEPTH:
                depth[y, x] = one / nearest
            else:  # an edge: between both, so that the air before them is smooth too
                away = inside = zero
                for sample in range(samples):
                    near = nearness[row, x * SAMPLES + sample]
                    if near > zero:
                        away += one / near
                        inside += one
                depth[y, x] = away / inside
            covered = red = green = blue = zero
            done = 0
            for sample in range(samples):
                if (done >> sample) & 1 or nearness[row, x * SAMPLES + sample] == zero:
                    continue
                time = 0
                if alike:
                    done = everything
                    number = np.float32(samples)
                    at_x, at_y = np.float32(x), np.float32(y)
                    if times > 1:
                        time = 1
                        at_x += SAMPLE_X[1]
                        at_y += SAMPLE_Y[1]
                else:
                    name = seen[row, x * SAMPLES + sample]
                    number = at_x = at_y = zero
                    for other in range(sample, samples):
                        if (
                            seen[row, x * SAMPLES + other] == name
                            and nearness[row, x * SAMPLES + other] > zero
                        ):
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
                    textured(
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
        nearness, seen: The worker's own band of samples [rows, samples of a row].
        out: rgb, alpha and depth of the picture.
    """
    worker, workers = which
    starts, order = lists
    corners, spots, looks, sheets, atlas, sizes = tables
    rgb, alpha, depth = out
    rows = nearness.shape[0]
    sides = np.zeros((4, 3, SAMPLES), np.float32)
    lanes = np.zeros((12, LANES), np.float32)
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
            veils += _scan(
                order[part], starts[part, band], starts[part, band + 1], corners, spots, sheets, top,
                nearness, seen, sides, lanes,
            )  # fmt: skip
        _resolve(
            top, here, corners, spots, looks, sheets, atlas, sizes, nearness, seen, rgb, alpha, depth,
        )  # fmt: skip
        if veils > 0:
            for part in range(starts.shape[0]):
                for at in range(starts[part, band], starts[part, band + 1]):
                    if sheets[order[part, at]] == VEIL:
                        _lighten(order[part, at], corners, spots, looks, top, nearness, rgb)
    return width
