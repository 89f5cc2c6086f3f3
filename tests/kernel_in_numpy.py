"""The kernel said again in plain NumPy and floats: slow, and easy to believe."""

from __future__ import annotations

import itertools

import numpy as np
from jaxtyping import Bool, Float64, UInt32

Texels = UInt32[np.ndarray, "height width"]


def channels(texels: Texels) -> Float64[np.ndarray, "height width 4"]:
    values: np.ndarray = np.stack([(texels >> (8 * k)) & 255 for k in range(4)], axis=-1)
    return values.astype(np.float64)


def texels(values: Float64[np.ndarray, "height width 4"]) -> Texels:
    whole = np.floor(np.clip(values, 0, 255) + 0.5).astype(np.uint32)
    return np.asarray(whole @ np.array([1, 1 << 8, 1 << 16, 1 << 24], np.uint32))


def bilinear(texture: Texels, u: np.ndarray, v: np.ndarray) -> Float64[np.ndarray, "points 4"]:
    height, width = texture.shape
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    column = np.minimum(u.astype(int), width - 2)
    row = np.minimum(v.astype(int), height - 2)
    across, down = (u - column)[:, None], (v - row)[:, None]
    values = channels(texture)
    upper = values[row, column] * (1 - across) + values[row, column + 1] * across
    lower = values[row + 1, column] * (1 - across) + values[row + 1, column + 1] * across
    return np.asarray(upper * (1 - down) + lower * down)


def spline(texture: Texels, u: np.ndarray, v: np.ndarray) -> Float64[np.ndarray, "points 4"]:
    height, width = texture.shape[0] - 3, texture.shape[1] - 3
    u, v = np.clip(u, 0, width - 1), np.clip(v, 0, height - 1)
    values = channels(texture)
    total = np.zeros((u.size, 4))
    for j, i in itertools.product(range(4), repeat=2):
        column, row = u.astype(int), v.astype(int)
        weight = _b_spline(column + i - 1 - u) * _b_spline(row + j - 1 - v)
        total += weight[:, None] * values[row + j, column + i]
    total[:, 0] = np.clip((total[:, 0] - 42.5 * total[:, 3] / 255) * 1.5, 0, 255)
    return total


def _b_spline(distance: np.ndarray) -> np.ndarray:
    x = np.abs(distance)
    return np.asarray(np.where(x < 1, 2 / 3 - x**2 + x**3 / 2, np.clip(2 - x, 0, None) ** 3 / 6))


def draw(
    canvas: Texels,
    texture: Texels,
    vertices: np.ndarray,
    uv: np.ndarray,
    triangles: np.ndarray,
    opaque: Bool[np.ndarray, " triangles"],
    *,
    sharp: bool = False,
) -> Texels:
    """Return what the canvas becomes."""
    seen = channels(canvas)
    sample = spline if sharp else bilinear
    for corners, solid in zip(triangles, opaque, strict=True):
        points, places = vertices[corners].astype(np.float64), uv[corners].astype(np.float64)
        row, column = np.nonzero(inside(points, canvas.shape))
        if not row.size:
            continue
        frame = np.stack([points[1] - points[0], points[2] - points[0]], axis=1)
        shares = np.linalg.solve(frame, np.stack([column, row]) - points[0][:, None])
        where = (
            places[0][:, None]
            + np.stack([places[1] - places[0], places[2] - places[0]], 1) @ shares
        )
        texel = np.floor(sample(texture, where[0], where[1]) + 0.5)
        clear = 0 if solid else 255 - texel[:, 3:]
        seen[row, column] = texel + np.floor(seen[row, column] * clear / 255 + 0.5)
    return texels(seen)


def inside(points: Float64[np.ndarray, "3 2"], shape: tuple[int, ...]) -> Bool[np.ndarray, "h w"]:
    """Say which pixel centres lie in a triangle: left and upper edges count, others do not."""
    a, b, c = points[np.argsort(points[:, 1], kind="stable")]
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    long = _edge(a, c, rows)
    short = np.where(rows < b[1], _edge(a, b, rows), _edge(b, c, rows))
    right_turn = (b[0] - a[0]) * (c[1] - a[1]) > (c[0] - a[0]) * (b[1] - a[1])
    left, right = (long, short) if right_turn else (short, long)
    within: np.ndarray = (rows >= a[1]) & (rows < c[1]) & (columns >= left) & (columns < right)
    return within


def _edge(top: np.ndarray, bottom: np.ndarray, rows: np.ndarray) -> np.ndarray:
    rise = bottom[1] - top[1]
    slope = (bottom[0] - top[0]) / rise if rise else 0.0
    return np.asarray(top[0] + (rows - top[1]) * slope)


def planes(canvas: Texels) -> tuple[np.ndarray, ...]:
    values = channels(canvas)
    height, width = canvas.shape
    mean = values.reshape(height // 2, 2, width // 2, 2, 4).mean(axis=(1, 3))
    chroma = np.floor(mean + 0.5).astype(np.uint8)
    return values[..., 0].astype(np.uint8), chroma[..., 1], chroma[..., 2]
