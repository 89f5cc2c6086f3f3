"""Shapes to build sets from: boxes, turned columns, round bars, grids; joined, moved and painted into meshes.

Triangles wind counter-clockwise seen from outside. Edges that should look sharp have points of their own on each side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float32, Int32

from vivant.scene.mesh import MATERIAL, Mesh


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """A surface without colour."""

    points_m: Float32[np.ndarray, "points 3"]
    normals: Float32[np.ndarray, "points 3"]
    triangles: Int32[np.ndarray, "triangles 3"]


def sheet(
    points_m: Float[np.ndarray, "rows columns 3"], *, round_rows: bool = False, flat: bool = False
) -> Shape:
    """Join a grid of points: seen from outside, columns go right and rows go up.

    Args:
        points_m: The grid.
        round_rows: Whether each row is a ring: its last point is its first.
        flat: Whether each cell is flat, with sharp edges to its neighbours.
    """
    points = np.asarray(points_m, np.float64)
    rows, columns, _ = points.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, :-1].ravel(), index[1:, 1:].ravel()
    if flat:
        corners = points.reshape(-1, 3)[np.stack([a, b, c, d], 1)]
        first = np.arange(len(a))[:, None] * 4
        triangles = np.concatenate([first + np.array([0, 1, 3]), first + np.array([0, 3, 2])])
        across = np.cross(corners[:, 3] - corners[:, 0], corners[:, 2] - corners[:, 1])
        normals = np.repeat(_unit(across), 4, axis=0)
        return _shape(corners.reshape(-1, 3), normals, triangles)
    triangles = np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, c], 1)])
    if round_rows:
        wide = np.concatenate([points[:, -2:-1], points, points[:, 1:2]], axis=1)
        right = wide[:, 2:] - wide[:, :-2]
    else:
        right = np.gradient(points, axis=1)
    up = np.gradient(points, axis=0)
    return _shape(points.reshape(-1, 3), _unit(np.cross(right, up)).reshape(-1, 3), triangles)


def turned(
    radius_m: Float[np.ndarray, " rows"],
    height_m: Float[np.ndarray, " rows"],
    *,
    sides: int,
    slope: Float[np.ndarray, " rows"] | None = None,
) -> Shape:
    """Turn an outline round the y axis, as a lathe does.

    Args:
        radius_m: From bottom to top; where two rows are alike in height and radius, the edge is sharp.
        height_m: The same.
        sides: How many sides it has.
        slope: Change of radius with height, for the normals; found from the outline when left out.
    """
    radius, height = np.asarray(radius_m, np.float64), np.asarray(height_m, np.float64)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    out = np.stack([np.cos(angle), np.zeros(sides + 1), -np.sin(angle)], -1)
    points = out[None] * radius[:, None, None] + np.array([0, 1, 0]) * height[:, None, None]
    if slope is None:
        normals = _outline_normals(radius, height)
    else:
        normals = _unit(np.stack([np.ones_like(radius), -np.asarray(slope, np.float64)], -1))
    all_normals = out[None] * normals[:, :1, None] + np.array([0, 1, 0]) * normals[:, 1:, None]
    shape = sheet(points)
    return replace(shape, normals=all_normals.reshape(-1, 3).astype(np.float32))


def _outline_normals(
    radius: Float[np.ndarray, " rows"], height: Float[np.ndarray, " rows"]
) -> Float[np.ndarray, "rows 2"]:
    """Find outward normals of an outline, averaged where it is smooth."""
    step = np.stack([np.diff(radius), np.diff(height)], -1)
    length = np.linalg.norm(step, axis=1)
    out = np.stack([step[:, 1], -step[:, 0]], -1)
    solid = length > 1e-9
    total = np.zeros((len(radius), 2))
    for at in range(len(step)):
        if solid[at]:
            total[at] += out[at]
            total[at + 1] += out[at]
    return _unit(total)


def ball(radius_m: float, *, sides: int = 20, rows: int = 12) -> Shape:
    """Make a ball round the origin."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)
    shape = turned(np.cos(angle) * radius_m, np.sin(angle) * radius_m, sides=sides)
    return replace(shape, normals=_unit(shape.points_m).astype(np.float32))


def box(
    size_m: Sequence[float],
    *,
    bevel_m: float = 0.0,
    below: bool = True,
    across: int = 2,
    heights: Sequence[float] = (),
) -> Shape:
    """Make a box that stands on the ground, its middle at x = z = 0.

    Args:
        size_m: Along x, y and z.
        bevel_m: How much of its upright and upper edges is cut at 45 degrees.
        below: Whether it has a lower face.
        across: Points along a side, and on its lid, so that light can differ on it.
        heights: Where its sides have more points, as shares of its height.
    """
    x, y, z = size_m[0] / 2, size_m[1], size_m[2] / 2
    b = min(bevel_m, x * 0.9, z * 0.9, y * 0.9)
    levels = np.array([0.0, *(share * y for share in heights if share * y < y - b), y - b])
    share = np.linspace(0, 1, max(2, across))
    parts = []
    for side in range(4):
        half, out = (z, x) if side % 2 == 0 else (x, z)
        turn = np.round(turn_of(side * np.pi / 2))
        run = (half - b) * (1 - 2 * share)
        face = np.empty((len(levels), len(run), 3))
        face[..., 0], face[..., 1], face[..., 2] = out, levels[:, None], run
        parts.append(_turned_sheet(face, turn))
        if b > 0:
            corner = np.array([[[out, h, -half + b], [out - b, h, -half]] for h in levels])
            parts.append(_turned_sheet(corner, turn))
            low, high = np.full_like(run, y - b), np.full_like(run, y)
            slope = np.array(
                [np.stack([np.full_like(run, out), low, run], -1),
                 np.stack([np.full_like(run, out - b), high, run], -1)]
            )  # fmt: skip
            parts.append(_turned_sheet(slope, turn))
            tip = np.array(
                [[out - b, y, -half + b], [out, y - b, -half + b], [out - b, y - b, -half]]
            )
            parts.append(_facet(tip @ turn.T))
    parts.append(_plate(x - b, z - b, y, len(share), up=True))
    if below:
        parts.append(_plate(x, z, 0.0, 2, up=False))
    return joined(parts)


def _turned_sheet(
    points: Float[np.ndarray, "rows columns 3"], turn: Float[np.ndarray, "3 3"]
) -> Shape:
    return sheet(points @ turn.T)


def _facet(corners: Float[np.ndarray, "3 3"]) -> Shape:
    normal = _unit(np.cross(corners[1] - corners[0], corners[2] - corners[0]))
    return _shape(corners, np.repeat(normal[None], 3, 0), np.array([[0, 1, 2]]))


def _plate(x: float, z: float, y: float, across: int, *, up: bool) -> Shape:
    """Lay a level rectangle."""
    right = np.linspace(-x, x, across)
    away = np.linspace(z, -z, across)
    points = np.empty((across, across, 3))
    points[..., 0], points[..., 1], points[..., 2] = right, y, away[:, None]
    return sheet(points if up else points[:, ::-1])


def fan(ring_m: Float[np.ndarray, "corners 3"], *, up: bool) -> Shape:
    """Fill a flat, convex ring that goes counter-clockwise seen from above.

    Args:
        ring_m: Its corners.
        up: Whether it is seen from above, or else from below.
    """
    points = np.asarray(ring_m, np.float64)
    last = np.arange(2, len(points))
    triangles = np.stack([np.zeros_like(last), last - 1, last], 1)
    if not up:
        triangles = triangles[:, ::-1]
    a, b, c = points[triangles[:, 0]], points[triangles[:, 1]], points[triangles[:, 2]]
    normal = _unit(np.cross(b - a, c - a).sum(0))
    return _shape(points, np.repeat(normal[None], len(points), 0), triangles)


def bar(
    way_m: Float[np.ndarray, "stations 3"],
    radius_m: float | Float[np.ndarray, " stations"],
    *,
    sides: int = 6,
    closed: bool = False,
    up: Sequence[float] = (0.0, 0.0, 1.0),
) -> Shape:
    """Bend a round bar along a way.

    Args:
        way_m: Its middle line.
        radius_m: How thick it is.
        sides: How many sides it has.
        closed: Whether it is a ring: its last point is its first; otherwise its ends are closed.
        up: A direction that the way never takes.
    """
    way = np.asarray(way_m, np.float64)
    if closed:
        wide = np.concatenate([way[-2:-1], way, way[1:2]])
        along = _unit(wide[2:] - wide[:-2])
    else:
        along = _unit(np.gradient(way, axis=0))
    first = _unit(np.cross(np.asarray(up, np.float64), along))
    second = np.cross(along, first)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    out = first[:, None] * np.cos(angle)[None, :, None]
    out = out + second[:, None] * np.sin(angle)[None, :, None]
    radius = np.broadcast_to(np.asarray(radius_m, np.float64), len(way))
    shape = sheet(way[:, None] + out * radius[:, None, None])
    tube = replace(shape, normals=out.reshape(-1, 3).astype(np.float32))
    if closed:
        return tube
    rings = way[:, None] + out * radius[:, None, None]
    return joined([tube, _end(rings[0][:-1], -along[0]), _end(rings[-1][:-1], along[-1])])


def _end(ring: Float[np.ndarray, "corners 3"], out: Float[np.ndarray, " 3"]) -> Shape:
    last = np.arange(2, len(ring))
    triangles = np.stack([np.zeros_like(last), last - 1, last], 1)
    across = np.cross(ring[1] - ring[0], ring[2] - ring[0])
    if across @ out < 0:
        triangles = triangles[:, ::-1]
    return _shape(ring, np.repeat(out[None], len(ring), 0), triangles)


def joined(shapes: Iterable[Shape]) -> Shape:
    """Put shapes together."""
    parts = list(shapes)
    starts = np.cumsum([0] + [len(part.points_m) for part in parts])
    return Shape(
        points_m=np.concatenate([part.points_m for part in parts]),
        normals=np.concatenate([part.normals for part in parts]),
        triangles=np.concatenate(
            [part.triangles + start for part, start in zip(parts, starts[:-1], strict=True)]
        ).astype(np.int32),
    )


def moved(
    shape: Shape,
    by_m: Float[np.ndarray, " 3"] | Sequence[float] = (0.0, 0.0, 0.0),
    *,
    yaw_rad: float = 0.0,
) -> Shape:
    """Turn a shape about the y axis, then move it; its z axis ends up along (sin yaw, 0, cos yaw)."""
    turn = turn_of(yaw_rad)
    return replace(
        shape,
        points_m=(shape.points_m @ turn.T + np.asarray(by_m)).astype(np.float32),
        normals=(shape.normals @ turn.T).astype(np.float32),
    )


def turn_of(yaw_rad: float) -> Float[np.ndarray, "3 3"]:
    """Give the matrix that turns about the y axis."""
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float64)


def many(shape: Shape, places: Float[np.ndarray, "n 3"], yaw_rad: Float[np.ndarray, " n"]) -> Shape:
    """Set up the same shape in many places, each turned as for ``moved``."""
    cos, sin, flat = np.cos(yaw_rad), np.sin(yaw_rad), np.zeros(len(yaw_rad))
    turns = np.stack(
        [
            np.stack([cos, flat, sin], -1),
            np.stack([flat, flat + 1, flat], -1),
            np.stack([-sin, flat, cos], -1),
        ],
        1,
    )
    points = np.einsum("nij,pj->npi", turns, shape.points_m) + np.asarray(places)[:, None]
    normals = np.einsum("nij,pj->npi", turns, shape.normals)
    starts = np.arange(len(yaw_rad)) * len(shape.points_m)
    triangles = shape.triangles[None] + starts[:, None, None]
    return _shape(points.reshape(-1, 3), normals.reshape(-1, 3), triangles.reshape(-1, 3))


def painted(
    shape: Shape,
    *,
    albedo: Sequence[float] | Float[np.ndarray, "points 3"],
    material: str,
    closed: bool = True,
) -> Mesh:
    """Give a shape colour; all light reaches it until light is baked.

    Args:
        shape: The surface.
        albedo: One linear colour for all, or one for each point.
        material: Name of one of ``MATERIALS``.
        closed: Whether its inside is never seen.
    """
    count = len(shape.points_m)
    colour = np.broadcast_to(np.asarray(albedo, np.float32), (count, 3))
    return Mesh(
        points_m=shape.points_m,
        normals=shape.normals,
        triangles=shape.triangles,
        albedo=np.ascontiguousarray(colour),
        material=np.full(count, MATERIAL[material], np.uint8),
        open_sky=np.ones(count, np.float32),
        sunlit=np.ones(count, np.float32),
        closed=closed,
    )


def together(meshes: Sequence[Mesh]) -> Mesh:
    """Put painted meshes together into one; textures and coarser forms are left out."""
    starts = np.cumsum([0] + [len(mesh.points_m) for mesh in meshes])
    return Mesh(
        points_m=np.concatenate([mesh.points_m for mesh in meshes]),
        normals=np.concatenate([mesh.normals for mesh in meshes]),
        triangles=np.concatenate(
            [mesh.triangles + start for mesh, start in zip(meshes, starts[:-1], strict=True)]
        ).astype(np.int32),
        albedo=np.concatenate([mesh.albedo for mesh in meshes]),
        material=np.concatenate([mesh.material for mesh in meshes]),
        open_sky=np.concatenate([mesh.open_sky for mesh in meshes]),
        sunlit=np.concatenate([mesh.sunlit for mesh in meshes]),
        closed=all(mesh.closed for mesh in meshes),
    )


def _shape(
    points: Float[np.ndarray, "points 3"],
    normals: Float[np.ndarray, "points 3"],
    triangles: np.ndarray,
) -> Shape:
    return Shape(
        points_m=np.ascontiguousarray(points, np.float32),
        normals=np.ascontiguousarray(normals, np.float32),
        triangles=np.ascontiguousarray(triangles, np.int32),
    )


def _unit(vectors: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12))
