"""A grid sewn around a body's sheet, so that it reaches past a wider picture."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float64, Int, Int32
from scipy.spatial import ConvexHull, Delaunay

from vivant.rig.rig import Sheet


def laid_out(sheet: Sheet, *, width: int, height: int, tall: float) -> Sheet:
    """Sew a grid around a sheet, so that it reaches past the wider picture."""
    gap, margin = 0.16 * tall, 0.35 * tall
    hull = ConvexHull(sheet.uv.astype(np.float64)).vertices
    rim = sheet.uv[hull].astype(np.float64)
    xs, ys = np.meshgrid(
        np.arange(-margin, width + margin + gap, gap),
        np.arange(-margin, height + margin + gap, gap),
    )
    grid = np.c_[xs.ravel(), ys.ravel()]
    outline = rim.astype(np.float32)
    away = np.array([cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in grid])
    grid = grid[away < -0.5 * gap]
    if not len(grid):
        return sheet
    on_rim = _on_rim(sheet, hull)
    flat = np.vstack([sheet.uv[on_rim].astype(np.float64), grid])
    cells = Delaunay(flat).simplices
    centres = flat[cells].mean(1)
    beyond = [cv2.pointPolygonTest(outline, (float(x), float(y)), False) < 0 for x, y in centres]
    cells, count = cells[beyond], len(sheet.uv)
    names = np.r_[on_rim, count + np.arange(len(grid))].astype(np.int32)
    depth = np.full((len(grid), 1), np.median(sheet.rest[on_rim, 2]))
    new = len(grid)
    return Sheet(
        uv=np.vstack([sheet.uv, grid]).astype(np.float32),
        rest=np.vstack([sheet.rest, np.c_[grid, depth]]).astype(np.float32),
        triangles=np.vstack([_wound_like(sheet, names[cells], flat[cells]), sheet.triangles]),
        basis=np.concatenate(
            [sheet.basis, np.zeros((len(sheet.basis), new, 3), np.float32)], axis=1
        ),
        head_weight=np.r_[sheet.head_weight, np.zeros(new, np.float32)],
    )


def _on_rim(sheet: Sheet, hull: Int[np.ndarray, " corners"]) -> Int[np.ndarray, " points"]:
    """List the points on a sheet's outer edge."""
    outline = sheet.uv[hull]
    away = [cv2.pointPolygonTest(outline, (float(x), float(y)), True) for x, y in sheet.uv]
    return np.flatnonzero(np.array(away) < 0.5)


def _wound_like(
    sheet: Sheet, cells: Int32[np.ndarray, "cells 3"], corners: Float64[np.ndarray, "cells 3 2"]
) -> Int32[np.ndarray, "cells 3"]:
    """Wind cells the way round that a sheet's own are."""
    way = np.sign(np.median(_areas(sheet.uv[sheet.triangles].astype(np.float64))))
    return np.where((_areas(corners) * way > 0)[:, None], cells, cells[:, ::-1]).astype(np.int32)


def _areas(corners: Float64[np.ndarray, "cells 3 2"]) -> Float64[np.ndarray, " cells"]:
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])
