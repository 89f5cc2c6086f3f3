"""Cells of the mesh that a photo or a movement shows edge-on or turned over, set right once in the bake."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from jaxtyping import Float64, Int32

from vivant.media.face import (
    LEFT_EYE_LOWER,
    LEFT_EYE_UPPER,
    LOWER_LIP_INNER,
    LOWER_LIP_MIDDLE,
    LOWER_LIP_OUTER,
    RIGHT_EYE_LOWER,
    RIGHT_EYE_UPPER,
    UPPER_LIP_INNER,
    UPPER_LIP_MIDDLE,
    UPPER_LIP_OUTER,
)
from vivant.rig.mesh import FACE_POINTS, Mesh, edges_of, face_triangles, laplacian, neighbours
from vivant.rig.unfolding import unfold

MOUTH = np.array(
    [
        *UPPER_LIP_INNER,
        *LOWER_LIP_INNER,
        *UPPER_LIP_OUTER,
        *LOWER_LIP_OUTER,
        *sum(UPPER_LIP_MIDDLE + LOWER_LIP_MIDDLE, ()),
    ]
)
"""Points of the lips: a fold at a corner of the mouth is mended around them, never by tearing the lips' line."""
LIP_CORNERS = ((61, 76, 62, 78), (291, 306, 292, 308))
"""The corners of the four rows of each lip, the viewer's left and right, from the outer row inward."""
CORNER_STEP = 0.006
"""Least distance from one to the next, in widths of the mouth."""
TOUCHING_PX = 1.0
"""Lips closer than this are closed."""
SLIVER, SLIVER_OF_PX2 = 0.03, 20.0
"""What a squeezed cell keeps of its area at least, and of how much of it."""


def untangle(points: Float64[np.ndarray, "478 3"]) -> Float64[np.ndarray, "478 3"]:
    """Spread out the cells that lie edge-on or turned over in the photo (the far side of a turned head).

    Points of lids, lips and the outline stay; the rest are drawn toward their neighbours until every cell shows
    its face.
    """
    triangles = face_triangles()
    points = order_corners(points)
    edges = edges_of(triangles)
    _, degree = laplacian(FACE_POINTS, edges, np.ones(len(edges)))
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    around = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(FACE_POINTS, FACE_POINTS))
    usual = _signed_area(points[triangles, :2])
    sign = np.sign(np.median(usual))
    least = 0.002 * float(np.median(np.abs(usual)))
    hold = np.zeros(FACE_POINTS, bool)
    hold[
        [
            *UPPER_LIP_INNER,
            *LOWER_LIP_INNER,
            *RIGHT_EYE_UPPER,
            *RIGHT_EYE_LOWER,
            *LEFT_EYE_UPPER,
            *LEFT_EYE_LOWER,
            *LIP_CORNERS[0],
            *LIP_CORNERS[1],
        ]
    ] = True
    for _ in range(40):
        bad = _signed_area(points[triangles, :2]) * sign < least
        if not bad.any():
            break
        touched = np.unique(triangles[bad])
        touched = touched[~hold[touched]]
        mean = (around @ points[:FACE_POINTS, :2])[touched] / degree[touched, None]
        points[touched, :2] = 0.5 * points[touched, :2] + 0.5 * mean
    return show_all_cells(points, triangles)


def order_corners(points: Float64[np.ndarray, "478 3"]) -> Float64[np.ndarray, "478 3"]:
    """Put the points at the corners of the mouth in their order, from the outer contour inward.

    They lie so close together that a detector often finds them crossed.
    """
    points = points.copy()
    along = points[LIP_CORNERS[1][0], :2] - points[LIP_CORNERS[0][0], :2]
    wide = float(np.linalg.norm(along))
    for (first, *others), way in zip(LIP_CORNERS, (1.0, -1.0), strict=True):
        inward = way * along / wide
        reached = float(points[first, :2] @ inward)
        for point in others:
            reached += CORNER_STEP * wide
            short = max(0.0, reached - float(points[point, :2] @ inward))
            points[point, :2] += short * inward
            reached = float(points[point, :2] @ inward)
    return points


def show_all_cells(
    points: Float64[np.ndarray, "points 3"], triangles: Int32[np.ndarray, "triangles 3"]
) -> Float64[np.ndarray, "points 3"]:
    """Move points as little as it takes for every cell to show its face; lips that touch stay together."""
    area = _signed_area(points[triangles, :2])
    way = float(np.sign(np.median(area)))
    least = (SLIVER * np.minimum(np.abs(area), SLIVER_OF_PX2) + SLIVER).astype(np.float32)
    flat = np.ascontiguousarray(points[:, :2], np.float32)
    before = flat.copy()
    unfold(flat, triangles, least, way, lip_partners(len(points)))
    points = points.copy()
    points[:, :2] += flat - before
    return points


def join_lips(points: Float64[np.ndarray, "points 3"]) -> Float64[np.ndarray, "points 3"]:
    """Bring lips that touch to one depth, or a nod would part them."""
    upper, lower = np.array(UPPER_LIP_INNER), np.array(LOWER_LIP_INNER)
    touching = np.hypot(*(points[upper, :2] - points[lower, :2]).T) < TOUCHING_PX
    upper, lower = upper[touching], lower[touching]
    points = points.copy()
    middle = (points[upper] + points[lower]) / 2
    points[upper], points[lower] = middle, middle
    return points


def lip_partners(count: int) -> Int32[np.ndarray, " points"]:
    """Give each point of the lips' edges the one it meets on the other lip; -1 for all other points."""
    pairs = np.full(count, -1, np.int32)
    for above, below in zip(UPPER_LIP_INNER[1:-1], LOWER_LIP_INNER[1:-1], strict=True):
        pairs[above], pairs[below] = below, above
    return pairs


def _signed_area(corners: Float64[np.ndarray, "t 3 2"]) -> Float64[np.ndarray, " t"]:
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2)


def even_folds(
    mesh: Mesh, sheet: Float64[np.ndarray, "points 3"], moved: Float64[np.ndarray, "points 3"]
) -> Float64[np.ndarray, "points 3"]:
    """Where a movement would turn a cell over, let its points move more like those around them."""
    triangles = mesh.union_triangles
    before = _signed_area(sheet[triangles, :2])
    least = 0.05 * np.minimum(np.abs(before), 8.0)
    around, total = neighbours(triangles, sheet)
    moved = moved.copy()
    for _ in range(30):
        bad = _signed_area((sheet + moved)[triangles, :2]) * np.sign(before) < least
        if not bad.any():
            break
        points = np.unique(triangles[bad])
        points = points[~np.isin(points, MOUTH)]
        moved[points] = 0.5 * moved[points] + 0.5 * (around[points] @ moved) / total[points, None]
    return moved
