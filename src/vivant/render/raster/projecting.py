"""Compiled loops before the filling: points through the camera, triangles cut at its nearest plane and sorted into bands.

Arrays that several functions share:

- ``eye`` [2, points, 3]: right, up, depth from the camera as the shutter opens and closes, in metres.
- ``spots`` [times, points, 3]: x and y in pixels and 1 / depth, at each sample's time; 1 / depth is 0 for a point
  too near or behind. Behind the mesh's points come those made by cutting, a region for each worker.
- ``corners`` [triangles, 3]: indices into these; a region for each worker.
"""
# ruff: noqa: ANN001, ANN201, ANN202, C901, D417, PLR0912, PLR0913, PLR0917 - compiled loops

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled, compiled_fast
from vivant.render.raster.samples import SAMPLE_X, SAMPLE_Y

NEAR_M = 0.03
"""Nothing nearer than this is drawn."""


@compiled_fast
@no_type_check
def see(points, frame, eye, start):
    """Give points as the camera sees them; ``frame`` holds its place, right, up and forward in rows."""
    for i in range(points.shape[0]):
        x = points[i, 0] - frame[0, 0]
        y = points[i, 1] - frame[0, 1]
        z = points[i, 2] - frame[0, 2]
        for axis in range(3):
            way = x * frame[axis + 1, 0] + y * frame[axis + 1, 1] + z * frame[axis + 1, 2]
            eye[start + i, axis] = way


@compiled_fast
@no_type_check
def put(eye, spots, first, last, lens):
    """Give places in the picture; ``lens`` holds the middle x, the middle y, and pixels per metre at one metre."""
    times = spots.shape[0]
    for time in range(times):
        part = np.float32((time + 0.5) / times)
        for i in range(first, last):
            x = eye[0, i, 0] + (eye[1, i, 0] - eye[0, i, 0]) * part
            y = eye[0, i, 1] + (eye[1, i, 1] - eye[0, i, 1]) * part
            depth = eye[0, i, 2] + (eye[1, i, 2] - eye[0, i, 2]) * part
            nearest = min(depth, eye[0, i, 2], eye[1, i, 2])
            if nearest < NEAR_M * np.float32(0.999):
                spots[time, i, 0] = 0.0
                spots[time, i, 1] = 0.0
                spots[time, i, 2] = 0.0
            else:
                near = np.float32(1) / depth
                spots[time, i, 0] = lens[0] + x * lens[2] * near
                spots[time, i, 1] = lens[1] - y * lens[2] * near
                spots[time, i, 2] = near


@compiled
@no_type_check
def _halve(a, b, eye, looks, at):
    """Make a point where an edge meets the nearest plane in both moments' mean; give its index."""
    depth_a = min(eye[0, a, 2], eye[1, a, 2])
    depth_b = min(eye[0, b, 2], eye[1, b, 2])
    part = (np.float32(NEAR_M) - depth_a) / (depth_b - depth_a)
    for axis in range(3):
        for moment in range(2):
            first = eye[moment, a, axis]
            eye[moment, at, axis] = first + (eye[moment, b, axis] - first) * part
    for moment in range(2):
        eye[moment, at, 2] = max(eye[moment, at, 2], np.float32(NEAR_M))
    for channel in range(looks.shape[1]):
        looks[at, channel] = looks[a, channel] + (looks[b, channel] - looks[a, channel]) * part
    return at


@compiled
@no_type_check
def _cut(tri, base, eye, looks, spots, lens, corners, count, spare):
    """Cut a triangle at the nearest plane; give how many triangles and points there are now."""
    kept = np.empty(4, np.int64)
    number = 0
    for corner in range(3):
        a, b = base + tri[corner], base + tri[(corner + 1) % 3]
        in_a = min(eye[0, a, 2], eye[1, a, 2]) >= NEAR_M
        in_b = min(eye[0, b, 2], eye[1, b, 2]) >= NEAR_M
        if in_a:
            kept[number] = a
            number += 1
        if in_a != in_b:
            if in_a:
                kept[number] = _halve(b, a, eye, looks, spare)
            else:
                kept[number] = _halve(a, b, eye, looks, spare)
            put(eye, spots, spare, spare + 1, lens)
            spare += 1
            number += 1
    for last in range(2, number):
        corners[count, 0] = kept[0]
        corners[count, 1] = kept[last - 1]
        corners[count, 2] = kept[last]
        count += 1
    return count, spare


@compiled
@no_type_check
def _misses(left, right, top, bottom):
    """Tell whether something small lies between all samples."""
    for sample in range(SAMPLE_X.shape[0]):
        beside = np.ceil(left - SAMPLE_X[sample]) >= np.ceil(right - SAMPLE_X[sample])
        if not beside and np.ceil(top - SAMPLE_Y[sample]) < np.ceil(bottom - SAMPLE_Y[sample]):
            return False
    return True


@compiled
@no_type_check
def gather(
    triangles, base, closed, sheet, size, eye, looks, spots, lens, corners, sheets, reach, state
):
    """Add the triangles that the picture may show to a worker's ``corners``.

    Args:
        triangles: Of one mesh, or a part of them.
        base: Where the mesh's points begin.
        closed: Whether those that turn away are not seen.
        sheet: The mesh's texture, or -1.
        size: Width and height in pixels.
        eye, looks, spots, lens: As above; ``looks`` holds colours.
        corners, sheets: Out: the triangles and their textures.
        reach: Out: first and last row of each.
        state: In and out: how many triangles there are, and the next spare point.
    """
    width, height = size
    times = spots.shape[0]
    for i in range(triangles.shape[0]):
        tri = triangles[i]
        a, b, c = base + tri[0], base + tri[1], base + tri[2]
        first = state[0]
        near = 0
        for corner in (a, b, c):
            if spots[0, corner, 2] > 0:
                near += 1
        if near == 0:
            continue
        if near == 3:
            corners[first, 0] = a
            corners[first, 1] = b
            corners[first, 2] = c
            count = first + 1
        elif state[1] + 4 > state[2]:
            continue
        else:
            count, spare = _cut(tri, base, eye, looks, spots, lens, corners, first, state[1])
            state[1] = spare
        kept = first
        for t in range(first, count):
            p, q, r = corners[t, 0], corners[t, 1], corners[t, 2]
            left, right = np.float32(1e9), np.float32(-1e9)
            top, bottom = np.float32(1e9), np.float32(-1e9)
            turned = 0
            for time in range(times):
                xp, xq, xr = spots[time, p, 0], spots[time, q, 0], spots[time, r, 0]
                yp, yq, yr = spots[time, p, 1], spots[time, q, 1], spots[time, r, 1]
                left = min(left, xp, xq, xr)
                right = max(right, xp, xq, xr)
                top = min(top, yp, yq, yr)
                bottom = max(bottom, yp, yq, yr)
                if (xq - xp) * (yr - yp) - (xr - xp) * (yq - yp) >= 0:
                    turned += 1
            if closed and turned == times:
                continue
            if right < -0.5 or left > width - 0.5 or bottom < -0.5 or top > height - 0.5:
                continue
            if right - left < 1 and bottom - top < 1 and _misses(left, right, top, bottom):
                continue
            corners[kept, 0] = p
            corners[kept, 1] = q
            corners[kept, 2] = r
            sheets[kept] = sheet
            reach[kept, 0] = max(0, int(np.floor(top)))
            reach[kept, 1] = min(height - 1, int(np.ceil(bottom)))
            kept += 1
        state[0] = kept


@compiled
@no_type_check
def sort_into_bands(reach, first, last, rows, starts, order):
    """List for each band of rows the triangles that touch it, in the order given.

    Returns:
        How many places the list needs; it is written only if ``order`` has as many.
    """
    bands = starts.shape[0] - 1
    starts[:] = 0
    for t in range(first, last):
        for band in range(reach[t, 0] // rows, reach[t, 1] // rows + 1):
            starts[band + 1] += 1
    for band in range(bands):
        starts[band + 1] += starts[band]
    total = starts[bands]
    if total > order.shape[0]:
        return total
    at = starts.copy()
    for t in range(first, last):
        for band in range(reach[t, 0] // rows, reach[t, 1] // rows + 1):
            order[at[band]] = t
            at[band] += 1
    return total
