"""How thick the air is at a place: a sea of clouds over a height map, billowing by the noise."""

from __future__ import annotations

import math
from typing import NamedTuple, no_type_check

import numpy as np
from jaxtyping import Float32, UInt8
from scipy.ndimage import gaussian_filter, maximum_filter

from vivant.media.compilation import compiled_fast
from vivant.scene.air import Clouds, HeightMap

RISE_M = 6.0
"""No billow rises higher than this above the height map."""
LEAP_M = 8.0
"""Side of the squares in which the air is looked over for leaps through empty parts."""
SMOOTH = -1.0
"""Wanted detail of a density that is not eroded at all."""
_LEAN = 0.75
"""How far steep walls of cloud are taken for what they are: 0 measures depth straight down, 1 across the wall."""
_STEEP = 0.15
_BULGE_M = 16.0
"""Billows of steep walls, which would be smooth otherwise."""


class Grid(NamedTuple):
    """A height map, and how much of a height above it counts as distance where it is steep, 0..1."""

    cells: Float32[np.ndarray, "rows columns 2"]
    left: float
    near: float
    per_m: float


class Field(NamedTuple):
    """Clouds at one moment, as the loops read them."""

    shape: UInt8[np.ndarray, "128 128 128"]
    detail: UInt8[np.ndarray, "128 128 128"]
    """In 255ths."""
    near: Grid
    far: Grid
    empty: Float32[np.ndarray, "rows columns"]
    """Height above which a square and its neighbours are empty."""
    empty_left: float
    empty_near: float
    top: float
    """Height above which all is empty."""
    billow: float
    drift_x: float
    drift_y: float
    drift_z: float


def field_of(
    clouds: Clouds, noise: Float32[np.ndarray, "128 128 128 2"], *, seconds: float
) -> Field:
    """Lay clouds out as they are at a time."""
    drift = np.asarray(clouds.drift_m_per_s) * seconds
    empty, left, near = _emptiness(clouds)
    return Field(
        shape=_packed(noise[..., 0]),
        detail=_packed(noise[..., 1]),
        near=_grid(clouds.tops),
        far=_grid(clouds.far_tops),
        empty=empty,
        empty_left=left,
        empty_near=near,
        top=float(empty.max()),
        billow=clouds.billow_m,
        drift_x=float(drift[0]),
        drift_y=float(drift[1]),
        drift_z=float(drift[2]),
    )


def _packed(cube: Float32[np.ndarray, "128 128 128"]) -> UInt8[np.ndarray, "128 128 128"]:
    """Make the cube small enough to stay near the processor: that counts for more than the last bits."""
    return np.ascontiguousarray(cube * np.float32(255) + np.float32(0.5), np.uint8)


def _grid(tops: HeightMap) -> Grid:
    height = np.asarray(tops.height_m, np.float32)
    across, along = np.gradient(gaussian_filter(height, 1.0, mode="nearest"), tops.cell_m)
    lean = 1 / np.sqrt(1 + _LEAN**2 * (across**2 + along**2))
    cells = np.ascontiguousarray(np.stack([height, lean.astype(np.float32)], -1))
    return Grid(cells, float(tops.left_m), float(tops.near_m), 1 / tops.cell_m)


def _emptiness(clouds: Clouds) -> tuple[Float32[np.ndarray, "rows columns"], float, float]:
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
def tap(cube: UInt8[np.ndarray, "128 128 128"], x: float, y: float, z: float) -> float:
    """Read a periodic cube between its samples; one period is 1."""
    x, y, z = x * 128, y * 128, z * 128
    floor_x, floor_y, floor_z = math.floor(x), math.floor(y), math.floor(z)
    i, j, k = int(floor_x) & 127, int(floor_y) & 127, int(floor_z) & 127
    a, b, c = x - floor_x, y - floor_y, z - floor_z
    i1, j1, k1 = (i + 1) & 127, (j + 1) & 127, (k + 1) & 127
    p, q = (1 - a) / 255, a / 255
    first = (cube[k, j, i] * p + cube[k, j, i1] * q) * (1 - b)
    first += (cube[k, j1, i] * p + cube[k, j1, i1] * q) * b
    second = (cube[k1, j, i] * p + cube[k1, j, i1] * q) * (1 - b)
    second += (cube[k1, j1, i] * p + cube[k1, j1, i1] * q) * b
    return first * (1 - c) + second * c


@compiled_fast
@no_type_check
def top_at(field: Field, x: float, z: float) -> tuple[float, float]:
    """Give the height of the clouds' tops, and how much of a height above counts as distance."""
    grid = field.near
    column, row = (x - grid.left) * grid.per_m, (z - grid.near) * grid.per_m
    cells = grid.cells
    if not (0 <= column < cells.shape[1] - 1 and 0 <= row < cells.shape[0] - 1):
        grid = field.far
        cells = grid.cells
        column = min(max((x - grid.left) * grid.per_m, 0.0), cells.shape[1] - 1.001)
        row = min(max((z - grid.near) * grid.per_m, 0.0), cells.shape[0] - 1.001)
    i, j = int(column), int(row)
    a, b = column - i, row - j
    p, q, r, s = (1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b
    height = cells[j, i, 0] * p + cells[j, i + 1, 0] * q + cells[j + 1, i, 0] * r
    lean = cells[j, i, 1] * p + cells[j, i + 1, 1] * q + cells[j + 1, i, 1] * r
    return height + cells[j + 1, i + 1, 0] * s, lean + cells[j + 1, i + 1, 1] * s


@compiled_fast
@no_type_check
def empty_above(field: Field, x: float, z: float) -> float:
    """Give a height above which nothing is within ``LEAP_M`` of a place."""
    empty = field.empty
    column = int(min(max((x - field.empty_left) / LEAP_M, 0.0), empty.shape[1] - 1.0))
    row = int(min(max((z - field.empty_near) / LEAP_M, 0.0), empty.shape[0] - 1.0))
    return empty[row, column]


@compiled_fast
@no_type_check
def density(field: Field, x: float, y: float, z: float, fine: float, finer: float) -> float:
    """Tell how thick the air is, 0..1.

    ``fine`` and ``finer`` say how much of the two finer octaves is wanted, 0..1: at 0 they stay at their mean.
    With ``SMOOTH`` nothing is eroded: for light, which need not be sharp.
    """
    height, lean = top_at(field, x, z)
    above = y - height
    if above > RISE_M * field.billow:
        return 0.0
    x, y, z = x - field.drift_x, y - field.drift_y, z - field.drift_z
    billow = (tap(field.shape, x * 0.028, y * 0.028, z * 0.028) * 11.5 - 5.2) * field.billow
    if lean < 1 - _STEEP:
        bulge = tap(field.shape, x * 0.0117 + 0.3, y * 0.0117, z * 0.0117) - 0.42
        billow += (1 - _STEEP - lean) * _BULGE_M * bulge
    deep = (billow - above * lean) * 0.34
    if deep < -0.5:
        return 0.0
    if fine < 0:
        return min(1.0, max(0.0, deep))
    detail = field.detail
    wear = 0.65 * tap(detail, x * 0.11, y * 0.11, z * 0.11) + 0.17
    if fine > 0:
        wear += fine * (0.35 * tap(detail, x * 0.37, y * 0.37, z * 0.37) - 0.17)
    if finer > 0:
        wear += finer * (0.22 * tap(detail, x * 1.13, y * 1.13, z * 1.13) - 0.105)
    deep -= 1.25 * (1 - wear) * (1 - 0.35 * min(1.0, max(0.0, deep * 0.6)))
    return min(1.0, max(0.0, deep * 1.8))
