"""The two loops over all points of a figure: carrying them with the bones, and finding which way they face."""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.media.compilation import compiled_fast

MOST = 4
"""Bones that carry one point."""


def heaviest(
    weights: Float64[np.ndarray, "points bones"],
) -> tuple[Int32[np.ndarray, "points 4"], Float32[np.ndarray, "points 4"]]:
    """Keep the bones that matter most to each point."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :MOST]
    kept = np.take_along_axis(weights, order, axis=1)
    kept = kept / kept.sum(axis=1, keepdims=True)
    return order.astype(np.int32), kept.astype(np.float32)


@compiled_fast
@no_type_check
def carry(
    points: Float32[np.ndarray, "points 3"],
    bones: Float32[np.ndarray, "bones 3 4"],
    which: Int32[np.ndarray, "points 4"],
    weights: Float32[np.ndarray, "points 4"],
    out: Float32[np.ndarray, "points 3"],
) -> None:
    """Carry points with the bones that hold them."""
    for point in range(points.shape[0]):
        x, y, z = points[point, 0], points[point, 1], points[point, 2]
        for axis in range(3):
            total = np.float32(0.0)
            for slot in range(which.shape[1]):
                bone, weight = which[point, slot], weights[point, slot]
                if weight > 0:
                    total += weight * (
                        bones[bone, axis, 0] * x
                        + bones[bone, axis, 1] * y
                        + bones[bone, axis, 2] * z
                        + bones[bone, axis, 3]
                    )
            out[point, axis] = total


@compiled_fast
@no_type_check
def facing(
    points: Float32[np.ndarray, "points 3"],
    triangles: Int32[np.ndarray, "triangles 3"],
    out: Float32[np.ndarray, "points 3"],
) -> None:
    """Give each point the mean direction of its triangles, as a unit vector."""
    out[:] = 0
    for triangle in range(triangles.shape[0]):
        a, b, c = triangles[triangle, 0], triangles[triangle, 1], triangles[triangle, 2]
        ux, uy, uz = (
            points[b, 0] - points[a, 0],
            points[b, 1] - points[a, 1],
            points[b, 2] - points[a, 2],
        )
        vx, vy, vz = (
            points[c, 0] - points[a, 0],
            points[c, 1] - points[a, 1],
            points[c, 2] - points[a, 2],
        )
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (a, b, c):
            out[corner, 0] += nx
            out[corner, 1] += ny
            out[corner, 2] += nz
    for point in range(out.shape[0]):
        square = out[point, 0] ** 2 + out[point, 1] ** 2 + out[point, 2] ** 2
        if square > 0:
            scale = 1 / np.sqrt(square)
            out[point, 0] *= scale
            out[point, 1] *= scale
            out[point, 2] *= scale
        else:
            out[point, 1] = 1
