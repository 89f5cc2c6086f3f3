"""Round bodies modelled of soft solids that flow into one another, and the skin over them.

A body is a function that tells how far a place is outside it. Its skin is found by naive surface nets (S. Gibson,
*Constrained elastic surface nets*, 1998): one point in every cell of a grid that the surface passes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float32, Float64, Int32

Distance = Callable[[np.ndarray], np.ndarray]
"""Places [n, 3] in metres to metres outside, negative inside; near the surface it grows by about a metre a metre."""


def rod(
    places: np.ndarray, a: np.ndarray, b: np.ndarray, thick: tuple[float, float]
) -> Float32[np.ndarray, " n"]:
    """Tell how far places are from a rod with round ends, whose radius changes along it."""
    way = np.asarray(b, np.float32) - np.asarray(a, np.float32)
    from_a = places - np.asarray(a, np.float32)
    along = np.clip(from_a @ way / max(float(way @ way), 1e-12), 0, 1)
    away = from_a - along[:, None] * way
    radius = thick[0] + along * (thick[1] - thick[0])
    return np.asarray(np.sqrt(np.sum(away * away, axis=1)) - radius, np.float32)


def egg(
    places: np.ndarray, middle: np.ndarray, radii: np.ndarray, turn: np.ndarray | None = None
) -> Float32[np.ndarray, " n"]:
    """Tell about how far places are from an ellipsoid; rows of ``turn`` are its axes."""
    away = places - np.asarray(middle, np.float32)
    if turn is not None:
        away = away @ np.asarray(turn, np.float32).T
    sized = away / np.asarray(radii, np.float32)
    near = np.sqrt(np.sum(sized * sized, axis=1))
    slope = np.sqrt(np.sum((sized / np.asarray(radii, np.float32)) ** 2, axis=1))
    return np.asarray(near * (near - 1) / np.maximum(slope, 1e-6), np.float32)


def joined(a: np.ndarray, b: np.ndarray, soft_m: float) -> Float32[np.ndarray, " n"]:
    """Let two solids flow into one another over a width."""
    near = np.clip(0.5 + 0.5 * (b - a) / soft_m, 0, 1)
    return np.asarray(b + near * (a - b) - soft_m * near * (1 - near), np.float32)


def skin_of(
    distance: Distance,
    low_m: tuple[float, float, float],
    high_m: tuple[float, float, float],
    *,
    cell_m: float,
) -> tuple[Float64[np.ndarray, "points 3"], Int32[np.ndarray, "triangles 3"]]:
    """Find a body's skin; triangles wind counter-clockwise seen from outside."""
    axes = [
        np.arange(a, b + cell_m, cell_m, dtype=np.float32)
        for a, b in zip(low_m, high_m, strict=True)
    ]
    shape = tuple(len(axis) for axis in axes)
    value = _measured(distance, axes, cell_m)
    cells = tuple(n - 1 for n in shape)
    total, count = np.zeros((*cells, 3)), np.zeros(cells)
    corner = {
        (i, j, k): value[i : i + cells[0], j : j + cells[1], k : k + cells[2]]
        for i in (0, 1) for j in (0, 1) for k in (0, 1)
    }  # fmt: skip
    for axis in range(3):
        for u in (0, 1):
            for v in (0, 1):
                start = [u, v]
                start.insert(axis, 0)
                end = list(start)
                end[axis] = 1
                a, b = corner[tuple(start)], corner[tuple(end)]  # type: ignore[index]
                crossed = (a < 0) != (b < 0)
                share = np.where(crossed, a / np.where(crossed, a - b, 1), 0)
                place = np.zeros((*cells, 3))
                for at in range(3):
                    place[..., at] = share if at == axis else start[at]
                total += place * crossed[..., None]
                count += crossed
    used = count > 0
    number = np.full(cells, -1, np.int64)
    number[used] = np.arange(int(used.sum()))
    inside = np.argwhere(used)
    points = np.asarray(low_m) + cell_m * (inside + total[used] / count[used][:, None])
    triangles = _woven(value, number)
    return _drawn_onto(distance, points, cell_m), triangles


def _measured(distance: Distance, axes: list[np.ndarray], cell_m: float) -> np.ndarray:
    """Measure a grid: every fourth place of it, and all where the surface may be."""
    rough = [
        np.arange(axis[0], axis[-1] + 4 * cell_m, 4 * cell_m, dtype=np.float32) for axis in axes
    ]
    coarse = distance(np.stack(np.meshgrid(*rough, indexing="ij"), -1).reshape(-1, 3))
    coarse = coarse.reshape([len(axis) for axis in rough])
    value = coarse
    for axis, places in enumerate(axes):
        value = np.repeat(value, 4, axis=axis).take(np.arange(len(places)), axis=axis)
    near = np.argwhere(np.abs(value) < 9 * cell_m)  # a cell's corners are no farther apart than 7
    places = np.stack([axes[k][near[:, k]] for k in range(3)], -1)
    value[tuple(near.T)] = distance(places)
    return value


def _woven(value: np.ndarray, number: np.ndarray) -> Int32[np.ndarray, "triangles 3"]:
    """Join the points of the four cells round every edge of the grid that the surface crosses."""
    found = []
    for axis in range(3):
        one, other = (axis + 1) % 3, (axis + 2) % 3
        size = value.shape
        here = [slice(1, size[k] - 1) for k in range(3)]
        here[axis] = slice(0, size[axis] - 1)
        later = list(here)
        later[axis] = slice(1, size[axis])
        a, b = value[tuple(here)], value[tuple(later)]
        for wanted, way in (((a < 0) & (b >= 0), 1), ((a >= 0) & (b < 0), -1)):
            at = np.argwhere(wanted)
            at[:, one] += 1
            at[:, other] += 1
            ring = []
            for u, v in ((0, 0), (-1, 0), (-1, -1), (0, -1)):
                cell = at.copy()
                cell[:, one] += u
                cell[:, other] += v
                ring.append(number[tuple(cell.T)])
            p, q, r, s = ring if way > 0 else ring[::-1]
            found += [np.stack([p, q, r], -1), np.stack([p, r, s], -1)]
    return np.concatenate(found).astype(np.int32)


def slope_of(
    distance: Distance, points: np.ndarray, step_m: float
) -> Float64[np.ndarray, "points 3"]:
    """Give the direction that leads out of a body, as unit vectors."""
    ways = np.eye(3, dtype=np.float32) * step_m
    there = np.asarray(points, np.float32)
    slope = np.stack([distance(there + way) - distance(there - way) for way in ways], -1)
    return np.asarray(
        slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-9), np.float64
    )


def _drawn_onto(
    distance: Distance, points: np.ndarray, cell_m: float
) -> Float64[np.ndarray, "points 3"]:
    """Draw points onto the surface itself."""
    for _ in range(2):
        off = np.clip(distance(points.astype(np.float32)), -cell_m, cell_m)
        points = points - 0.9 * off[:, None] * slope_of(distance, points, 0.3 * cell_m)
    return np.asarray(points)


def openness_of(
    distance: Distance, points: np.ndarray, normals: np.ndarray, *, reach_m: float
) -> Float64[np.ndarray, " points"]:
    """Tell how much of the sky points of a surface see past its own folds, 0..1."""
    closed = np.zeros(len(points))
    for share, weight in ((0.12, 0.36), (0.28, 0.28), (0.6, 0.22), (1.0, 0.14)):
        far = share * reach_m
        seen = distance((points + far * normals).astype(np.float32))
        closed += weight * np.clip(1 - seen / far, 0, 1)
    return np.asarray(np.clip(1 - closed, 0, 1))
