"""Seeing plates of air from another place, and laying them over, between and behind surfaces.

A slab is a stack of planes across the plate's axis. With u and v the tangents of a ray in the plate's axes,
a plane at depth z is met at ``u + (o.x - o.z u) / z`` and ``v + (o.y - o.z v) / z``, where o is how far the eye has
moved: a homography in two multiplications. Which z a texel has within its slab, its relief says.
"""

from __future__ import annotations

from typing import NamedTuple, no_type_check

import numpy as np
from jaxtyping import Float32, Int32, UInt8

from vivant.media.compilation import compiled_fast

SQUARE = 16
"""Half-size pixels a side of the squares that are worked on at once."""
_SPENT = np.float32(0.004)
_CLEAR = np.float32(0.9975)
_ONE, _ZERO, _HALF, _QUARTER = np.float32(1), np.float32(0), np.float32(0.5), np.float32(0.25)
_CLOSEST = np.float32(0.3)
_STEP = np.float32(1 / 254)
_TILE = np.float32(1 / 8)
_LITTLE, _HUGE = np.float32(0.001), np.float32(1e9)


class Plate(NamedTuple):
    """A plate, unpacked for the loops."""

    texels: Float32[np.ndarray, " four_times_texels"]
    """Red, green, blue, and what is let through."""
    glow: Float32[np.ndarray, " texels_or_none"]
    relief: UInt8[np.ndarray, " texels"]
    boxes: Int32[np.ndarray, "slabs 5"]
    filled: UInt8[np.ndarray, "slabs tiles_down tiles_across"]
    edges: Float32[np.ndarray, " borders"]


class Placed(NamedTuple):
    """How a plate lies before a camera."""

    right: tuple[np.float32, np.float32, np.float32]
    up: tuple[np.float32, np.float32, np.float32]
    forward: tuple[np.float32, np.float32, np.float32]
    """The camera's, in the plate's axes."""
    x: np.float32
    y: np.float32
    z: np.float32
    """Where the camera is, in the plate's axes, seen from the plate's own place, with the drift taken off."""
    tangent: np.float32
    """Of a pixel of the film."""
    column: np.float32
    row: np.float32
    """The film's middle."""
    scale: np.float32
    """Texels of a tangent of 1."""
    plate_column: np.float32
    plate_row: np.float32
    """The plate's middle."""
    plate_wide: int
    plate_high: int
    share: np.float32
    """How much this plate counts."""


class Sky(NamedTuple):
    """The clear sky at every so many half-size pixels."""

    rgb: Float32[np.ndarray, "down across 3"]
    """A row and a column more than there are steps."""
    step: int


class Surfaces(NamedTuple):
    """What stands in the air."""

    rgb: Float32[np.ndarray, "height width 3"]
    alpha: Float32[np.ndarray, "height width"]
    depth: Float32[np.ndarray, "height width"]


class Canvas(NamedTuple):
    """Half-size pixels."""

    total: Float32[np.ndarray, "rows columns 4"]
    """All light of the air and the sky; last, the inverse of its depth."""
    front: Float32[np.ndarray, "rows columns 5"]
    """Light of the air before the nearest surface in the pixel, what is let through to it, and its depth, or 0."""
    back: Float32[np.ndarray, "rows columns 5"]
    """The same before the farthest surface."""


class _Square(NamedTuple):
    """Where work is going on."""

    left: int
    top: int
    wide: int
    high: int


class _Work(NamedTuple):
    """Its arrays."""

    u: Float32[np.ndarray, "16 16"]
    v: Float32[np.ndarray, "16 16"]
    ahead: Float32[np.ndarray, "16 16"]
    light: Float32[np.ndarray, "16 16 5"]
    """Light so far, what it lets through, and the inverse of its depth."""
    caught: UInt8[np.ndarray, "16 16 3"]
    """Whether the light before the nearest and the farthest surface is known; whether these hide all behind."""


@compiled_fast
@no_type_check
def stack(
    plate: Plate,
    placed: Placed,
    glow_rgb: tuple[float, float, float],
    sky: Sky,
    surfaces: Surfaces,
    rows: tuple[int, int],
    canvas: Canvas,
) -> None:
    """Add a plate's share to some rows of half-size pixels."""
    u = np.empty((SQUARE, SQUARE), np.float32)
    light = np.empty((SQUARE, SQUARE, 5), np.float32)
    caught = np.empty((SQUARE, SQUARE, 3), np.uint8)
    work = _Work(u, np.empty_like(u), np.empty_like(u), light, caught)
    width = canvas.total.shape[1]
    for top in range(rows[0], rows[1], SQUARE):
        for left in range(0, width, SQUARE):
            square = _Square(left, top, min(SQUARE, width - left), min(SQUARE, rows[1] - top))
            _aim(placed, square, work)
            light[:] = _ZERO
            light[:, :, 3] = _ONE
            caught[:] = 0
            found = _find_surfaces(surfaces, square, work, canvas)
            for slab in range(plate.boxes.shape[0]):
                if plate.boxes[slab, 2] == 0 or plate.edges[slab + 1] <= placed.z + _CLOSEST:
                    continue
                if not _is_filled(slab, plate, placed, square, work):
                    continue
                if _lay(slab, plate, placed, glow_rgb, square, work, found, canvas) < _SPENT:
                    break
            _add(square, work, found, placed.share, sky, canvas)


@compiled_fast
@no_type_check
def _aim(placed: Placed, square: _Square, work: _Work) -> None:
    """Compute the rays' tangents in the plate's axes."""
    right, up, forward = placed.right, placed.up, placed.forward
    for row in range(square.high):
        y = (placed.row - np.float32(2 * (square.top + row)) - _HALF) * placed.tangent
        for column in range(square.wide):
            x = (np.float32(2 * (square.left + column)) + _HALF - placed.column) * placed.tangent
            ahead = right[2] * x + up[2] * y + forward[2]
            inverse = _ONE / ahead
            work.u[row, column] = (right[0] * x + up[0] * y + forward[0]) * inverse
            work.v[row, column] = (right[1] * x + up[1] * y + forward[1]) * inverse
            work.ahead[row, column] = ahead


@compiled_fast
@no_type_check
def _find_surfaces(surfaces: Surfaces, square: _Square, work: _Work, canvas: Canvas) -> bool:
    """Note the nearest and the farthest surface of each half-size pixel; tell whether there is any."""
    found = False
    alpha, depth = surfaces.alpha, surfaces.depth
    for row in range(square.top, square.top + square.high):
        for column in range(square.left, square.left + square.wide):
            near, far = np.float32(1e9), _ZERO
            for y in range(2 * row, min(2 * row + 2, alpha.shape[0])):
                for x in range(2 * column, min(2 * column + 2, alpha.shape[1])):
                    if alpha[y, x] > 0:
                        near, far = min(near, depth[y, x]), max(far, depth[y, x])
            if far > 0:
                found = True
                work.caught[row - square.top, column - square.left, 2] = _is_closed(
                    alpha, 2 * row, 2 * column
                )
                canvas.front[row, column, 4] = near
                canvas.back[row, column, 4] = far
    return found


@compiled_fast
@no_type_check
def _is_closed(alpha: Float32[np.ndarray, "height width"], top: int, left: int) -> bool:
    """Tell whether no pixel that reads a half-size pixel shows what is behind surfaces."""
    for y in range(max(0, top - 1), min(top + 3, alpha.shape[0])):
        for x in range(max(0, left - 1), min(left + 3, alpha.shape[1])):
            if alpha[y, x] < 1:
                return False
    return True


@compiled_fast
@no_type_check
def _is_filled(slab: int, plate: Plate, placed: Placed, square: _Square, work: _Work) -> bool:
    """Tell whether any tile of the slab that the square could see has cloud."""
    low_x, low_y, high_x, high_y = 1e9, 1e9, -1e9, -1e9
    for border in range(2):
        inverse = _ONE / max(plate.edges[slab + border], placed.z + _CLOSEST)
        stretch = _ONE - placed.z * inverse
        for corner in range(4):
            row, column = (square.high - 1) * (corner // 2), (square.wide - 1) * (corner % 2)
            x = (work.u[row, column] * stretch + placed.x * inverse) * placed.scale
            y = (work.v[row, column] * stretch + placed.y * inverse) * placed.scale
            low_x, high_x = min(low_x, x), max(high_x, x)
            low_y, high_y = min(low_y, -y), max(high_y, -y)
    down, across = plate.filled.shape[1] - 1.0, plate.filled.shape[2] - 1.0
    first = int(min(max((low_x + placed.plate_column) * _TILE, 0.0), across))
    last = int(min(max((high_x + placed.plate_column) * _TILE, 0.0), across))
    top = int(min(max((low_y + placed.plate_row) * _TILE, 0.0), down))
    bottom = int(min(max((high_y + placed.plate_row) * _TILE, 0.0), down))
    for row in range(top, bottom + 1):
        for column in range(first, last + 1):
            if plate.filled[slab, row, column]:
                return True
    return False


class _Box(NamedTuple):
    """The part of a plate in which a slab has texels, as a camera meets it."""

    start: int
    wide: int
    shift_x: float
    shift_y: float
    """From tangents to texels of the box."""
    last_x: float
    last_y: float
    low_x: float
    low_y: float
    high_x: float
    high_y: float
    """Beyond these is nothing; the plate's own edge goes on for ever."""
    near: float
    far: float
    begin: float
    span: float
    """Inverse depths: limits, and what a relief of 1 and each more of it means."""


@compiled_fast
@no_type_check
def _box(slab: int, plate: Plate, placed: Placed) -> _Box:
    left, top, wide, high, start = plate.boxes[slab]
    begin, far = _ONE / plate.edges[slab], _ONE / plate.edges[slab + 1]
    last_x, last_y = np.float32(wide - 1), np.float32(high - 1)
    return _Box(
        start,
        wide,
        placed.plate_column - np.float32(left),
        placed.plate_row - np.float32(top),
        last_x - _LITTLE,
        last_y - _LITTLE,
        -_HUGE if left == 0 else _ZERO,
        -_HUGE if top == 0 else _ZERO,
        _HUGE if left + wide >= placed.plate_wide else last_x,
        _HUGE if top + high >= placed.plate_high else last_y,
        min(begin, _ONE / max(placed.z + _CLOSEST, _LITTLE)),
        far,
        begin,
        (far - begin) * _STEP,
    )


@compiled_fast
@no_type_check
def _lay(
    slab: int,
    plate: Plate,
    placed: Placed,
    glow_rgb: tuple[float, float, float],
    square: _Square,
    work: _Work,
    found: bool,
    canvas: Canvas,
) -> float:
    """Lay a slab behind what is there already; give the most that any pixel still lets through."""
    box = _box(slab, plate, placed)
    zx, zy, zz = placed.x * placed.scale, placed.y * placed.scale, placed.z
    half = _QUARTER * (plate.edges[slab + 1] - plate.edges[slab])
    glows = plate.glow.shape[0] > 0 and glow_rgb[0] + glow_rgb[1] + glow_rgb[2] > 0
    middle, light, most = (box.near + box.far) * _HALF, work.light, _ZERO
    for row in range(square.high):
        for column in range(square.wide):
            through = light[row, column, 3]
            if through < _SPENT:
                continue
            most = max(most, through)
            u, v = work.u[row, column] * placed.scale, work.v[row, column] * placed.scale
            x = u + (zx - zz * u) * middle + box.shift_x
            y = box.shift_y - v - (zy - zz * v) * middle
            if x < box.low_x or x > box.high_x or y < box.low_y or y > box.high_y:
                continue
            x, y = min(max(x, _ZERO), box.last_x), min(max(y, _ZERO), box.last_y)
            relief = plate.relief[box.start + np.int32(y) * box.wide + np.int32(x)]
            inverse = box.begin + box.span * np.float32(np.int32(relief) - 1)
            inverse = min(max(inverse, box.far), box.near)
            x = u + (zx - zz * u) * inverse + box.shift_x
            y = box.shift_y - v - (zy - zz * v) * inverse
            x, y = min(max(x, _ZERO), box.last_x), min(max(y, _ZERO), box.last_y)
            i, j = np.int32(x), np.int32(y)
            texel, a, b = box.start + j * box.wide + i, x - np.float32(i), y - np.float32(j)
            lit = _sample(plate.texels, 4 * texel, 4 * box.wide, a, b)
            passed = lit[3]
            if passed > _CLEAR:
                continue
            if glows:
                lit = _glowing(lit, plate.glow, texel, box.wide, a, b, glow_rgb)
            away = _ONE / inverse
            if found and canvas.front[square.top + row, square.left + column, 4] > 0:
                where = (row, column, away - half, away + half, plate.edges[slab + 1])
                _catch(where, lit, placed, square, work, canvas)
            light[row, column, 0] += through * lit[0]
            light[row, column, 1] += through * lit[1]
            light[row, column, 2] += through * lit[2]
            far_off = work.ahead[row, column] / max(away - zz, _CLOSEST)
            light[row, column, 4] += through * (_ONE - passed) * far_off
            caught = work.caught[row, column]
            light[row, column, 3] = _ZERO if caught[1] and caught[2] else through * passed
    return most


@compiled_fast
@no_type_check
def _sample(
    texels: Float32[np.ndarray, " n"], here: int, row: int, a: float, b: float
) -> tuple[float, float, float, float]:
    """Read between four texels."""
    p, q, r, s = (_ONE - a) * (_ONE - b), a * (_ONE - b), (_ONE - a) * b, a * b
    t, w = here, here + row
    return (
        texels[t] * p + texels[t + 4] * q + texels[w] * r + texels[w + 4] * s,
        texels[t + 1] * p + texels[t + 5] * q + texels[w + 1] * r + texels[w + 5] * s,
        texels[t + 2] * p + texels[t + 6] * q + texels[w + 2] * r + texels[w + 6] * s,
        texels[t + 3] * p + texels[t + 7] * q + texels[w + 3] * r + texels[w + 7] * s,
    )


@compiled_fast
@no_type_check
def _glowing(
    lit: tuple[float, float, float, float],
    glow: Float32[np.ndarray, " n"],
    texel: int,
    wide: int,
    a: float,
    b: float,
    glow_rgb: tuple[float, float, float],
) -> tuple[float, float, float, float]:
    """Add the answer to the glow."""
    above = glow[texel] + (glow[texel + 1] - glow[texel]) * a
    below = glow[texel + wide] + (glow[texel + wide + 1] - glow[texel + wide]) * a
    answer = above + (below - above) * b
    return (
        lit[0] + answer * glow_rgb[0],
        lit[1] + answer * glow_rgb[1],
        lit[2] + answer * glow_rgb[2],
        lit[3],
    )


@compiled_fast
@no_type_check
def _catch(
    where: tuple[int, int, float, float, float],
    lit: tuple[float, float, float, float],
    placed: Placed,
    square: _Square,
    work: _Work,
    canvas: Canvas,
) -> None:
    """Note the light before surfaces that stand before or in this slab's cloud."""
    row, column, begins, ends, border = where
    light, share = work.light, placed.share
    for which in range(2):
        if work.caught[row, column, which]:
            continue
        before = canvas.front if which == 0 else canvas.back
        y, x = square.top + row, square.left + column
        depth = placed.z + before[y, x, 4] * work.ahead[row, column]
        if depth >= border:
            continue
        work.caught[row, column, which] = 1
        part = min(max((depth - begins) / (ends - begins), _ZERO), _ONE)
        passed = lit[3] ** part if part < _ONE else lit[3]
        weight = light[row, column, 3] * (_ONE - passed) / (_ONE - lit[3])
        for colour in range(3):
            before[y, x, colour] += share * (light[row, column, colour] + weight * lit[colour])
        before[y, x, 3] += share * light[row, column, 3] * passed


@compiled_fast
@no_type_check
def _add(
    square: _Square,
    work: _Work,
    found: bool,
    share: float,
    sky: Sky,
    canvas: Canvas,
) -> None:
    """Put the sky behind, and add the square's light to that of other plates."""
    light, total, step, points = work.light, canvas.total, sky.step, sky.rgb
    part = _ONE / np.float32(step)
    for row in range(square.high):
        y = square.top + row
        j = y // step
        b = np.float32(y - j * step) * part
        for column in range(square.wide):
            x = square.left + column
            i = x // step
            a = np.float32(x - i * step) * part
            through = light[row, column, 3]
            for colour in range(3):
                above = points[j, i, colour] + a * (points[j, i + 1, colour] - points[j, i, colour])
                below = points[j + 1, i, colour]
                below += a * (points[j + 1, i + 1, colour] - below)
                behind = above + b * (below - above)
                total[y, x, colour] += share * (light[row, column, colour] + through * behind)
            total[y, x, 3] += share * light[row, column, 4]
            if found and canvas.front[y, x, 4] > 0:
                for which in range(4):
                    if not work.caught[row, column, 0]:
                        canvas.front[y, x, which] += share * light[row, column, which]
                    if not work.caught[row, column, 1]:
                        canvas.back[y, x, which] += share * light[row, column, which]
