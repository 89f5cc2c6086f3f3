"""How thick the air is at a place: a sea of clouds over a height map, billowing by the noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import no_type_check

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import gaussian_filter, maximum_filter

from vivant.media.compilation import compiled_fast
from vivant.scene.air import Clouds, HeightMap

LEAN = 0.75
"""How far steep walls of cloud are taken for what they are: 0 measures depth straight down, 1 across the wall."""
RISE_M = 6.0
"""No billow rises higher than this above the height map."""
LEAP_M = 8.0
"""Side of the squares in which the air is looked over for leaps through empty parts."""
_NEAR, _FAR, _DRIFT, _BILLOW, _TOP, _LEAP = 0, 3, 6, 9, 10, 11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """Clouds at one moment, as the loops read them."""

    shape: Float32[np.ndarray, "128 128 128"]
    detail: Float32[np.ndarray, "128 128 128"]
    near: Float32[np.ndarray, "rows columns 2"]
    """Height in metres, and how much of it counts as depth where it is steep, 0..1."""
    far: Float32[np.ndarray, "rows columns 2"]
    leap: Float32[np.ndarray, "rows columns"]
    """Height above which a square and its neighbours are empty."""
    facts: Float32[np.ndarray, " 14"]
    thickness: float


def field_of(
    clouds: Clouds, noise: Float32[np.ndarray, "128 128 128 2"], *, seconds: float
) -> Field:
    """Lay clouds out as they are at a time."""
    near, far = _with_lean(clouds.tops), _with_lean(clouds.far_tops)
    leap, left, front = _leaps(clouds)
    drift = np.asarray(clouds.drift_m_per_s) * seconds
    facts = np.asarray(
        [
            *(clouds.tops.left_m, clouds.tops.near_m, 1 / clouds.tops.cell_m),
            *(clouds.far_tops.left_m, clouds.far_tops.near_m, 1 / clouds.far_tops.cell_m),
            *drift,
            clouds.billow_m,
            float(max(near[..., 0].max(), far[..., 0].max())) + RISE_M * clouds.billow_m,
            *(left, front),
            1 / LEAP_M,
        ],
        np.float32,
    )
    return Field(
        shape=np.ascontiguousarray(noise[..., 0]),
        detail=np.ascontiguousarray(noise[..., 1]),
        near=near,
        far=far,
        leap=leap,
        facts=facts,
        thickness=clouds.thickness,
    )


def _with_lean(tops: HeightMap) -> Float32[np.ndarray, "rows columns 2"]:
    height = np.asarray(tops.height_m, np.float32)
    across, along = np.gradient(gaussian_filter(height, 1.0, mode="nearest"), tops.cell_m)
    lean = 1 / np.sqrt(1 + LEAN**2 * (across**2 + along**2))
    return np.ascontiguousarray(np.stack([height, lean.astype(np.float32)], -1))


def _leaps(clouds: Clouds) -> tuple[Float32[np.ndarray, "rows columns"], float, float]:
    """Find the greatest height in and around squares all over both maps."""
    far = clouds.far_tops
    rows, columns = far.height_m.shape
    left = far.left_m - far.cell_m / 2
    front = far.near_m - far.cell_m / 2
    down = int(np.ceil(rows * far.cell_m / LEAP_M))
    across = int(np.ceil(columns * far.cell_m / LEAP_M))
    highest = np.full((down, across), -1e3, np.float32)
    for tops in (far, clouds.tops):
        z = np.arange(tops.height_m.shape[0]) * tops.cell_m + tops.near_m
        x = np.arange(tops.height_m.shape[1]) * tops.cell_m + tops.left_m
        row = np.clip((z - front) / LEAP_M, 0, down - 1).astype(int)
        column = np.clip((x - left) / LEAP_M, 0, across - 1).astype(int)
        np.maximum.at(highest, (row[:, None], column[None]), tops.height_m)
    highest = maximum_filter(highest, 3, mode="nearest") + RISE_M * clouds.billow_m
    return highest.astype(np.float32), left, front


@compiled_fast
@no_type_check
def tap(cube, x, y, z):
    """Read a periodic cube between its samples; one period is 1."""
    x, y, z = x * 128, y * 128, z * 128
    floor_x, floor_y, floor_z = math.floor(x), math.floor(y), math.floor(z)
    i, j, k = int(floor_x) & 127, int(floor_y) & 127, int(floor_z) & 127
    a, b, c = x - floor_x, y - floor_y, z - floor_z
    i1, j1, k1 = (i + 1) & 127, (j + 1) & 127, (k + 1) & 127
    here = cube[k, j, i] + (cube[k, j, i1] - cube[k, j, i]) * a
    there = cube[k, j1, i] + (cube[k, j1, i1] - cube[k, j1, i]) * a
    first = here + (there - here) * b
    here = cube[k1, j, i] + (cube[k1, j, i1] - cube[k1, j, i]) * a
    there = cube[k1, j1, i] + (cube[k1, j1, i1] - cube[k1, j1, i]) * a
    return first + (here + (there - here) * b - first) * c


@compiled_fast
@no_type_check
def top_at(near, far, facts, x, z):
    """Give the height of the clouds' tops, and how much of a depth below it counts."""
    column, row = (x - facts[0]) * facts[2], (z - facts[1]) * facts[2]
    if 0 <= column < near.shape[1] - 1 and 0 <= row < near.shape[0] - 1:
        grid = near
    else:
        grid = far
        column = min(max((x - facts[3]) * facts[5], 0.0), grid.shape[1] - 1.001)
        row = min(max((z - facts[4]) * facts[5], 0.0), grid.shape[0] - 1.001)
    i, j = int(column), int(row)
    a, b = column - i, row - j
    p, q, r, s = (1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b
    height = grid[j, i, 0] * p + grid[j, i + 1, 0] * q + grid[j + 1, i, 0] * r
    lean = grid[j, i, 1] * p + grid[j, i + 1, 1] * q + grid[j + 1, i, 1] * r
    return height + grid[j + 1, i + 1, 0] * s, lean + grid[j + 1, i + 1, 1] * s


@compiled_fast
@no_type_check
def empty_above(leap, facts, x, z):
    """Give a height above which nothing is within some metres of a place."""
    column = int(min(max((x - facts[11]) * facts[13], 0.0), leap.shape[1] - 1.0))
    row = int(min(max((z - facts[12]) * facts[13], 0.0), leap.shape[0] - 1.0))
    return leap[row, column]


@compiled_fast
@no_type_check
def density(shape, detail, near, far, facts, x, y, z, fine, finer):
    """Tell how thick the air is, 0..1.

    ``fine`` and ``finer`` say how much of the two finer octaves is wanted: 0 leaves them at their mean.
    With ``fine`` below zero nothing is eroded: for light, which need not be sharp.
    """
    height, lean = top_at(near, far, facts, x, z)
    above = y - height
    if above > 6.0 * facts[9]:
        return 0.0
    x, y, z = x - facts[6], y - facts[7], z - facts[8]
    billow = (tap(shape, x * 0.028, y * 0.028, z * 0.028) * 11.5 - 5.2) * facts[9]
    deep = (billow - above * lean) * 0.34
    if deep < -0.5:
        return 0.0
    if fine < 0:
        return min(1.0, max(0.0, deep))
    wear = 0.65 * tap(detail, x * 0.11, y * 0.11, z * 0.11) + 0.17
    if fine > 0:
        wear += fine * (0.35 * tap(detail, x * 0.37, y * 0.37, z * 0.37) - 0.17)
    if finer > 0:
        wear += finer * (0.22 * tap(detail, x * 1.13, y * 1.13, z * 1.13) - 0.105)
    deep -= 1.25 * (1 - wear) * (1 - 0.35 * min(1.0, max(0.0, deep * 0.6)))
    return min(1.0, max(0.0, deep * 1.8))
