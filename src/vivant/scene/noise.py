"""One periodic noise from which everything in the air is made: how clouds billow, and where they rise.

Two channels: the *shape* of clouds (Perlin's noise, of ``Perlin, "Improving noise", 2002``, opened by the cells of
``Worley, "A cellular texture basis function", 1996``) and their *detail* (finer cells). Both repeat with period 1 in
all three directions and lie within 0..1.
"""

from __future__ import annotations

import math
from functools import cache
from typing import no_type_check

import numpy as np
from jaxtyping import Float, Float32, Float64
from scipy.ndimage import map_coordinates, spline_filter1d

from vivant.media.compilation import compiled_fast

VERSION = "1"
_OCTAVES = (4, 8, 16, 32, 64)
_PERLIN_SEED = 1
_PERLIN_SPREAD = 0.22
_PERLIN_POWER = math.sqrt(sum(0.25**octave for octave in range(len(_OCTAVES))))
_SHAPE_CELLS = ((4, 2, 0.625), (9, 3, 0.25), (18, 4, 0.125))
"""Cells a side, seed, weight."""
_DETAIL_CELLS = ((7, 5, 0.55), (15, 6, 0.30), (30, 7, 0.15))
_REACH = 1.05
"""Cells: from its nearest point to this far, a cell falls from 1 to 0."""
_CELLS_RANGE = (0.1068, 0.9455)
_SHAPE_RANGE = (0.0, 0.8747)
_DETAIL_RANGE = (0.1100, 0.9360)


def shape_at(points: Float64[np.ndarray, "n 3"]) -> Float32[np.ndarray, " n"]:
    """Tell the shape of clouds at points; columns are x, y and z in periods."""
    perlin = np.zeros(len(points))
    weight = 1.0
    for octave, cells in enumerate(_OCTAVES):
        grid = _perlin_grids()[octave]
        where = np.stack([points[:, axis] * cells for axis in (2, 1, 0)])
        perlin += weight * map_coordinates(grid, where, order=3, mode="grid-wrap", prefilter=False)
        weight *= 0.5
    return _shaped(perlin, _cells_at(points, _SHAPE_CELLS))


def detail_at(points: Float64[np.ndarray, "n 3"]) -> Float32[np.ndarray, " n"]:
    """Tell the detail of clouds at points; columns are x, y and z in periods."""
    return _stretched(_cells_at(points, _DETAIL_CELLS), _DETAIL_RANGE)


def noise_volume(side: int) -> Float32[np.ndarray, "side side side 2"]:
    """Sample both channels on a cube of points, z first, x last: sample i is at i / side."""
    perlin = np.zeros((side, side, side), np.float32)
    weight = np.float32(1)
    for octave, cells in enumerate(_OCTAVES):
        across = _spline_weights(side, cells)
        part = np.tensordot(across, _perlin_grids()[octave].astype(np.float32), (1, 0))
        part = np.tensordot(part, across, (1, 1))
        part = np.tensordot(part, across, (1, 1))
        perlin += weight * part
        weight *= np.float32(0.5)
    volume = np.empty((side, side, side, 2), np.float32)
    steps = np.arange(side) / side
    for z in range(side):
        points = np.empty((side, side, 3))
        points[..., 0], points[..., 1], points[..., 2] = steps, steps[:, None], steps[z]
        flat = points.reshape(-1, 3)
        cells_here = _cells_at(flat, _SHAPE_CELLS)
        volume[z, :, :, 0] = _shaped(perlin[z].ravel(), cells_here).reshape(side, side)
        volume[z, :, :, 1] = detail_at(flat).reshape(side, side)
    return volume


def _shaped(
    perlin: Float[np.ndarray, " n"], cells: Float32[np.ndarray, " n"]
) -> Float32[np.ndarray, " n"]:
    smooth = np.clip(perlin * (_PERLIN_SPREAD / _PERLIN_POWER) + 0.5, 0, 1)
    cells = _stretched(cells, _CELLS_RANGE)
    floor = (1 - cells) * 0.75
    opened = np.clip((smooth - floor) / (1 - floor + 1e-3), 0, 1)
    return _stretched(opened * 0.55 + cells * 0.45, _SHAPE_RANGE)


def _stretched(values: np.ndarray, span: tuple[float, float]) -> Float32[np.ndarray, " n"]:
    return np.asarray(np.clip((values - span[0]) / (span[1] - span[0]), 0, 1), np.float32)


@cache
def _perlin_grids() -> tuple[Float64[np.ndarray, "cells cells cells"], ...]:
    """Random grids, ready for cubic splines."""
    random = np.random.default_rng(_PERLIN_SEED)
    grids = []
    for cells in _OCTAVES:
        grid = random.normal(size=(cells, cells, cells)).astype(np.float32).astype(np.float64)
        for axis in range(3):
            grid = spline_filter1d(grid, 3, axis=axis, mode="grid-wrap")
        grids.append(grid)
    return tuple(grids)


def _spline_weights(side: int, cells: int) -> Float32[np.ndarray, "side cells"]:
    """Give the weights by which samples are made of a row of spline coefficients."""
    where = (np.arange(side) / side * cells)[None]
    rows = [
        map_coordinates(unit, where, order=3, mode="grid-wrap", prefilter=False)
        for unit in np.eye(cells)
    ]
    return np.stack(rows, 1).astype(np.float32)


@cache
def _jitter(cells: int, seed: int) -> Float64[np.ndarray, "cells cells cells 3"]:
    random: Float64[np.ndarray, "n 3"] = np.random.default_rng(seed).random((cells**3, 3))
    return random.reshape(cells, cells, cells, 3)


def _cells_at(
    points: Float64[np.ndarray, "n 3"], octaves: tuple[tuple[int, int, float], ...]
) -> Float32[np.ndarray, " n"]:
    out = np.zeros(len(points), np.float32)
    whole = np.ascontiguousarray(points, np.float64)
    for cells, seed, weight in octaves:
        _add_cells(whole, _jitter(cells, seed), weight, _REACH, out)
    return out


@compiled_fast
@no_type_check
def _add_cells(
    points: Float64[np.ndarray, "n 3"],
    jitter: Float64[np.ndarray, "cells cells cells 3"],
    weight: float,
    reach: float,
    out: Float32[np.ndarray, " n"],
) -> None:
    """Add how near the nearest of randomly placed points is, one of which lies in each cell."""
    cells = jitter.shape[0]
    for n in range(points.shape[0]):
        x = (points[n, 0] - math.floor(points[n, 0])) * cells
        y = (points[n, 1] - math.floor(points[n, 1])) * cells
        z = (points[n, 2] - math.floor(points[n, 2])) * cells
        column, row, plane = int(x), int(y), int(z)
        nearest = reach * reach
        for k in range(plane - 1, plane + 2):
            for j in range(row - 1, row + 2):
                for i in range(column - 1, column + 2):
                    place = jitter[k % cells, j % cells, i % cells]
                    dx, dy, dz = i + place[2] - x, j + place[1] - y, k + place[0] - z
                    nearest = min(nearest, dx * dx + dy * dy + dz * dz)
        out[n] += weight * (1 - math.sqrt(nearest) / reach)
