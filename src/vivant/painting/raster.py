"""Triangles to pixels: which surface is seen where, and where on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Int32, UInt8

from vivant.media.compilation import compiled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A grid of points bent into a surface, in centimetres of its own frame."""

    points: Float32[np.ndarray, "rows columns 3"]
    marks: Float32[np.ndarray, "rows columns 2"]
    """Two numbers that the painter reads back on each pixel."""
    cut: Float32[np.ndarray, "rows columns"] | None = None
    """Where it is below 0, the sheet is cut away; between points it is read smoothly."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What each pixel sees."""

    depth: Float32[np.ndarray, "height width"]
    """Toward the viewer, in centimetres; very negative where nothing is."""
    what: UInt8[np.ndarray, "height width"]
    """Number of the surface; 0 is the background."""
    where: Float32[np.ndarray, "height width 3"]
    """The point in the surface's own frame, in centimetres."""
    normal: Float32[np.ndarray, "height width 3"]
    """In the viewer's frame, length 1."""
    marks: Float32[np.ndarray, "height width 2"]


FAR_CM = -1e6


def empty_scene(height_px: int, width_px: int) -> Scene:
    """Make a scene that sees nothing."""
    shape = (height_px, width_px)
    return Scene(
        depth=np.full(shape, FAR_CM, np.float32),
        what=np.zeros(shape, np.uint8),
        where=np.zeros((*shape, 3), np.float32),
        normal=np.zeros((*shape, 3), np.float32),
        marks=np.zeros((*shape, 2), np.float32),
    )


def normals_of(
    points: Float32[np.ndarray, "rows columns 3"],
) -> Float32[np.ndarray, "rows columns 3"]:
    """Tell which way a sheet faces at each of its points, from its neighbours."""
    down = np.gradient(points, axis=0)
    along = np.gradient(points, axis=1)
    normal = np.cross(along, down)
    length = np.linalg.norm(normal, axis=2, keepdims=True)
    return np.asarray(normal / np.maximum(length, 1e-9), np.float32)


def draw_sheet(
    scene: Scene,
    sheet: Sheet,
    *,
    number: int,
    screen: Float32[np.ndarray, "rows columns 3"],
    normal: Float32[np.ndarray, "rows columns 3"],
) -> None:
    """Draw a sheet into a scene, nearer surfaces over farther ones.

    Args:
        scene: Changed in place.
        sheet: The surface.
        number: What the scene calls it, above 0.
        screen: Its points as x, y in pixels and depth in centimetres.
        normal: Its normals in the viewer's frame.
    """
    rows, columns = screen.shape[:2]
    cut = np.ones((rows, columns), np.float32) if sheet.cut is None else sheet.cut
    faces = _faces(rows, columns, cut)
    values = np.concatenate([sheet.points, normal, sheet.marks], axis=2).reshape(-1, 8)
    _fill(
        faces,
        np.ascontiguousarray(screen.reshape(-1, 3), dtype=np.float32),
        np.ascontiguousarray(values, dtype=np.float32),
        np.ascontiguousarray(cut.reshape(-1), dtype=np.float32),
        number,
        scene.depth,
        scene.what,
        scene.where,
        scene.normal,
        scene.marks,
    )


def _faces(
    rows: int, columns: int, cut: Float32[np.ndarray, "rows columns"]
) -> Int32[np.ndarray, "n 3"]:
    index = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    some = cut > 0
    whole = some[:-1, :-1] | some[1:, :-1] | some[:-1, 1:] | some[1:, 1:]
    a, b = index[:-1, :-1][whole], index[:-1, 1:][whole]
    c, d = index[1:, :-1][whole], index[1:, 1:][whole]
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)]).astype(np.int32)


@compiled
@no_type_check
def _fill(  # noqa: PLR0913, PLR0917 - compiled code takes arrays one by one
    faces: Int32[np.ndarray, "faces 3"],
    screen: Float32[np.ndarray, "points 3"],
    values: Float32[np.ndarray, "points 8"],
    cut: Float32[np.ndarray, " points"],
    number: int,
    depth: Float32[np.ndarray, "height width"],
    what: UInt8[np.ndarray, "height width"],
    where: Float32[np.ndarray, "height width 3"],
    normal: Float32[np.ndarray, "height width 3"],
    marks: Float32[np.ndarray, "height width 2"],
) -> None:
    height, width = depth.shape
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay, bx, by = screen[i, 0], screen[i, 1], screen[j, 0], screen[j, 1]
        cx, cy = screen[k, 0], screen[k, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-7:
            continue
        left = max(0, int(np.ceil(min(ax, bx, cx))))
        right = min(width - 1, int(np.floor(max(ax, bx, cx))))
        top = max(0, int(np.ceil(min(ay, by, cy))))
        bottom = min(height - 1, int(np.floor(max(ay, by, cy))))
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
                v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
                w = 1.0 - u - v
                if u < -1e-4 or v < -1e-4 or w < -1e-4:
                    continue
                if u * cut[i] + v * cut[j] + w * cut[k] < 0:
                    continue
                z = u * screen[i, 2] + v * screen[j, 2] + w * screen[k, 2]
                if z <= depth[y, x]:
                    continue
                depth[y, x] = z
                what[y, x] = number
                for n in range(3):
                    where[y, x, n] = u * values[i, n] + v * values[j, n] + w * values[k, n]
                    normal[y, x, n] = (
                        u * values[i, 3 + n] + v * values[j, 3 + n] + w * values[k, 3 + n]
                    )
                for n in range(2):
                    marks[y, x, n] = (
                        u * values[i, 6 + n] + v * values[j, 6 + n] + w * values[k, 6 + n]
                    )
