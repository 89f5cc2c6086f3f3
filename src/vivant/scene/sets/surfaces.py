"""Simple surfaces that sets are built from: sheets, boxes, turned shapes, tubes; and what mottles their colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Float32, Float64, Int32

from vivant.scene.light import Rgb
from vivant.scene.mesh import MATERIAL, Mesh

Points = Float[np.ndarray, "points 3"]


def mesh_of(
    points_m: Points,
    triangles: Int32[np.ndarray, "triangles 3"],
    *,
    albedo: Rgb | Float[np.ndarray, "points 3"],
    material: str,
    normals: Points | None = None,
) -> Mesh:
    """Make a surface that sees all of the sky and the sun; normals come from its triangles."""
    count = len(points_m)
    points = np.ascontiguousarray(points_m, np.float32)
    found = _normals(points, triangles) if normals is None else np.asarray(normals, np.float64)
    found = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    colour = np.broadcast_to(np.asarray(albedo, np.float32), (count, 3))
    return Mesh(
        points_m=points,
        normals=np.ascontiguousarray(found, np.float32),
        triangles=np.ascontiguousarray(triangles, np.int32),
        albedo=np.ascontiguousarray(np.clip(colour, 0, 1)),
        material=np.full(count, MATERIAL[material], np.uint8),
        open_sky=np.ones(count, np.float32),
        sunlit=np.ones(count, np.float32),
    )


def _normals(points: Float32[np.ndarray, "points 3"], triangles: np.ndarray) -> np.ndarray:
    """Average the normals of the triangles round each point, larger ones counting more."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros((len(points), 3), np.float64)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(triangles[:, k], face[:, axis], len(points))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-12, total / np.maximum(length, 1e-12), [0, 1, 0]))


def sheet_triangles(
    rows: int, columns: int, *, holes: np.ndarray | None = None
) -> Int32[np.ndarray, "triangles 3"]:
    """Join points that lie in rows; ``holes[row, column]`` are cells left open."""
    corner = np.arange((rows - 1) * columns).reshape(rows - 1, columns)[:, :-1]
    if holes is not None:
        corner = corner[~holes]
    low = corner.ravel()
    return np.concatenate(
        [
            np.column_stack([low, low + 1, low + columns]),
            np.column_stack([low + 1, low + columns + 1, low + columns]),
        ]
    ).astype(np.int32)


def repeated(
    count: int, each: int, triangles: Sequence[tuple[int, int, int]]
) -> Int32[np.ndarray, "triangles 3"]:
    """Join the points of many equal things, each of so many points, by the triangles of the first."""
    start = each * np.arange(count)[:, None, None]
    return np.asarray(start + np.asarray(triangles)).reshape(-1, 3).astype(np.int32)


def sheet(
    points_m: Float[np.ndarray, "rows columns 3"],
    *,
    albedo: Rgb | Float[np.ndarray, "points 3"],
    material: str,
    holes: np.ndarray | None = None,
) -> Mesh:
    """Make a sheet of points in rows; along a row and then down is anticlockwise seen from behind its normals."""
    rows, columns = points_m.shape[:2]
    return mesh_of(
        points_m.reshape(-1, 3),
        sheet_triangles(rows, columns, holes=holes),
        albedo=albedo,
        material=material,
    )


def wall(
    origin_m: Sequence[float] | Float[np.ndarray, " 3"],
    across: Sequence[float],
    along: Sequence[float],
    *,
    u_m: np.ndarray,
    v_m: np.ndarray,
    albedo: Rgb,
    material: str,
    holes: np.ndarray | None = None,
) -> Mesh:
    """Make a flat sheet with its points at chosen lines; the normal is ``across`` x ``along``."""
    v, u = np.meshgrid(v_m, u_m, indexing="ij")
    points = (
        np.asarray(origin_m, np.float64)
        + u[..., None] * np.asarray(across, np.float64)
        + v[..., None] * np.asarray(along, np.float64)
    )
    flat = np.cross(np.asarray(across, np.float64), np.asarray(along, np.float64))
    made = sheet(points, albedo=albedo, material=material, holes=holes)
    return replace(
        made, normals=np.tile(flat / np.linalg.norm(flat), (u.size, 1)).astype(np.float32)
    )


_SIDES = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((-1, 0, 0), (0, 0, 1), (0, 1, 0)),
    ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
    ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    ((0, 0, 1), (1, 0, 0), (0, 1, 0)),
    ((0, 0, -1), (0, 1, 0), (1, 0, 0)),
)


def block(
    low_m: Sequence[float],
    high_m: Sequence[float],
    *,
    albedo: Rgb,
    material: str,
    step_m: float = 0.2,
) -> Mesh:
    """Make a box between two corners, cut finely enough for light to vary over it."""
    low, high = np.asarray(low_m, np.float64), np.asarray(high_m, np.float64)
    middle, half = (low + high) / 2, (high - low) / 2
    sides = []
    for normal, across, along in _SIDES:
        reach_u = float(np.abs(np.dot(across, half)))
        reach_v = float(np.abs(np.dot(along, half)))
        sides.append(
            wall(
                middle + np.asarray(normal) * half,
                across,
                along,
                u_m=np.linspace(-reach_u, reach_u, 2 + int(2 * reach_u / step_m)),
                v_m=np.linspace(-reach_v, reach_v, 2 + int(2 * reach_v / step_m)),
                albedo=albedo,
                material=material,
            )
        )
        sides[-1] = facing(sides[-1], normal)
    return joined(sides)


def lathe(
    profile_m: Float[np.ndarray, "rings 2"],
    *,
    around: int = 24,
    albedo: Rgb | Float[np.ndarray, "points 3"],
    material: str,
) -> Mesh:
    """Turn a profile of (radius, height) about the upright axis."""
    turn = np.linspace(0, 2 * np.pi, around + 1)
    radius, height = profile_m[:, 0, None], profile_m[:, 1, None]
    points = np.stack(
        [
            radius * np.cos(turn),
            np.broadcast_to(height, (len(profile_m), around + 1)),
            radius * np.sin(turn),
        ],
        axis=-1,
    )
    made = sheet(points, albedo=albedo, material=material)
    normals = made.normals.reshape(len(profile_m), around + 1, 3).copy()
    seam = normals[:, 0] + normals[:, -1]
    seam /= np.maximum(np.linalg.norm(seam, axis=1, keepdims=True), 1e-9)
    normals[:, 0] = normals[:, -1] = seam
    outward = np.sum(normals[:, :, 0] * np.cos(turn) + normals[:, :, 2] * np.sin(turn))
    return replace(
        made, normals=(normals.reshape(-1, 3) * np.sign(outward or 1)).astype(np.float32)
    )


def tube(
    path_m: Float[np.ndarray, "places 3"],
    radius_m: float | Float[np.ndarray, " places"],
    *,
    around: int = 8,
    albedo: Rgb,
    material: str,
) -> Mesh:
    """Make a round bar along a path."""
    path = np.asarray(path_m, np.float64)
    forward = np.gradient(path, axis=0)
    forward /= np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9)
    helper = np.where(np.abs(forward[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    side = np.cross(forward, helper)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    over = np.cross(side, forward)
    turn = np.linspace(0, 2 * np.pi, around + 1)[:, None]
    round_ = side[:, None] * np.cos(turn) + over[:, None] * np.sin(turn)
    radius = np.broadcast_to(np.asarray(radius_m, np.float64), (len(path),))[:, None, None]
    made = sheet(path[:, None] + round_ * radius, albedo=albedo, material=material)
    return replace(made, normals=round_.reshape(-1, 3).astype(np.float32))


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Make one surface of several that have no texture."""
    starts = np.cumsum([0, *(len(mesh.points_m) for mesh in meshes)])
    return Mesh(
        points_m=np.concatenate([mesh.points_m for mesh in meshes]),
        normals=np.concatenate([mesh.normals for mesh in meshes]),
        triangles=np.concatenate(
            [mesh.triangles + np.int32(start) for mesh, start in zip(meshes, starts, strict=False)]
        ),
        albedo=np.concatenate([mesh.albedo for mesh in meshes]),
        material=np.concatenate([mesh.material for mesh in meshes]),
        open_sky=np.concatenate([mesh.open_sky for mesh in meshes]),
        sunlit=np.concatenate([mesh.sunlit for mesh in meshes]),
    )


def moved(
    mesh: Mesh,
    by_m: Sequence[float] = (0.0, 0.0, 0.0),
    *,
    yaw_rad: float = 0.0,
    tilt_rad: float = 0.0,
    scale: float = 1.0,
) -> Mesh:
    """Tilt a surface about x, turn it about the upright axis, and set it down elsewhere."""
    c, s = np.cos(yaw_rad), np.sin(yaw_rad)
    d, e = np.cos(tilt_rad), np.sin(tilt_rad)
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ np.array(
        [[1, 0, 0], [0, d, -e], [0, e, d]]
    )
    return replace(
        mesh,
        points_m=(mesh.points_m * scale @ turn.T + np.asarray(by_m)).astype(np.float32),
        normals=(mesh.normals @ turn.T).astype(np.float32),
    )


def mottle(
    points_m: Points, *, size_m: float, octaves: int = 3, seed: int = 0
) -> Float64[np.ndarray, " points"]:
    """Give each point a number that varies smoothly over about ``size_m``; mean 0, mostly within ±1."""
    total = np.zeros(len(points_m))
    weight, size = 1.0, size_m
    for octave in range(octaves):
        total += weight * _lattice(np.asarray(points_m, np.float64) / size, seed * 31 + octave)
        weight, size = weight * 0.55, size / 2.1
    return np.asarray(total * 1.9)


def _lattice(places: np.ndarray, seed: int) -> np.ndarray:
    """Numbers at whole places, eased between them: value noise, -0.5..0.5."""
    whole = np.floor(places).astype(np.int64)
    part = places - whole
    part = part * part * part * (part * (part * 6 - 15) + 10)
    out = np.zeros(len(places))
    for corner in range(8):
        step = np.array([corner & 1, corner >> 1 & 1, corner >> 2])
        share = np.prod(np.where(step, part, 1 - part), axis=1)
        out += share * _hashed(whole + step, seed)
    return np.asarray(out - 0.5)


def _hashed(whole: np.ndarray, seed: int) -> np.ndarray:
    """A number in 0..1 for each whole place."""
    mixed = (
        whole[:, 0].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        ^ whole[:, 1].astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        ^ whole[:, 2].astype(np.uint64) * np.uint64(0x165667B19E3779F9)
        ^ np.uint64(seed * 0x27D4EB2F + 1)
    )
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)


def facing(mesh: Mesh, way: Sequence[float]) -> Mesh:
    """Let a flat surface face one way."""
    unit = np.array(way, np.float64) / np.linalg.norm(way)
    return replace(mesh, normals=np.tile(unit.astype(np.float32), (len(mesh.points_m), 1)))


def coloured(
    mesh: Mesh, by: Float[np.ndarray, " points"], *, amount: float, warm: float = 0.0
) -> Mesh:
    """Mottle a surface: lighter and warmer where ``by`` is above 0."""
    tint = 1 + by[:, None] * (amount + warm * np.array([1.0, 0.1, -1.0]))
    return replace(mesh, albedo=np.clip(mesh.albedo * tint, 0, 1).astype(np.float32))


def cushion(
    centre_m: Sequence[float],
    half_m: Sequence[float],
    *,
    power: float = 4.0,
    cells: int = 12,
    albedo: Rgb,
    material: str,
) -> Mesh:
    """Make a box with soft edges: a ball of the given power, from 2 (round) upward (squarer)."""
    up = np.linspace(-np.pi / 2, np.pi / 2, cells + 1)[:, None]
    turn = np.linspace(-np.pi, np.pi, 2 * cells + 1)
    ball = np.stack(
        [np.cos(up) * np.cos(turn), np.sin(up) + 0 * turn, -np.cos(up) * np.sin(turn)], axis=-1
    )
    size = (np.abs(ball) ** power).sum(axis=-1, keepdims=True) ** (1 / power)
    unit = ball / size
    normal = np.sign(unit) * np.abs(unit) ** (power - 1) / np.asarray(half_m)
    normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
    made = sheet(unit * np.asarray(half_m) + np.asarray(centre_m), albedo=albedo, material=material)
    return replace(made, normals=normal.reshape(-1, 3).astype(np.float32))
