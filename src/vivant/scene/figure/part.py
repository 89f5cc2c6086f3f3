"""Pieces of a figure's surface: rings lofted along a limb, skinned to bones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float64, Int32
from scipy.interpolate import PchipInterpolator

from vivant.scene.figure.motion import JOINT, JOINTS
from vivant.scene.mesh import MATERIAL

HELPERS = (
    "left_collarbone", "right_collarbone", "left_elbow_half", "right_elbow_half",
    "left_knee_half", "right_knee_half",
)  # fmt: skip
"""Bones that follow from the joints: shoulders as they are raised, and bends halfway."""
BONES = (*JOINTS, *HELPERS)
BONE = {**JOINT, **{name: len(JOINTS) + index for index, name in enumerate(HELPERS)}}

Grid = Float64[np.ndarray, "rings around 3"]
Weights = Mapping[str, Float64[np.ndarray, "*shape"]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A piece of surface at rest."""

    name: str
    points_m: Float64[np.ndarray, "points 3"]
    triangles: Int32[np.ndarray, "triangles 3"]
    albedo: Float64[np.ndarray, "points 3"]
    material: str
    weights: Float64[np.ndarray, "points bones"]
    """Rows sum to 1."""

    def __post_init__(self) -> None:
        assert self.material in MATERIAL  # noqa: S101 - our own tables


def smoothstep(low: float, high: float, at: np.ndarray | float) -> Float[np.ndarray, "*shape"]:
    """Go from 0 at ``low`` to 1 at ``high`` (which may be the smaller)."""
    x = np.clip((np.asarray(at) - low) / (high - low), 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def around(segments: int) -> Float64[np.ndarray, " segments"]:
    """Give angles round a ring: 0 is the front, a quarter turn the left."""
    return np.arange(segments) * (2 * np.pi / segments)


def table(rows: Sequence[Sequence[float]], at: np.ndarray) -> Float64[np.ndarray, "at columns"]:
    """Read a table of measures smoothly; its first column rises or falls."""
    values = np.asarray(rows, np.float64)
    order = np.argsort(values[:, 0])
    return np.asarray(PchipInterpolator(values[order, 0], values[order, 1:], axis=0)(at))


def ellipses(
    centres: Float64[np.ndarray, "rings 3"],
    half_width: np.ndarray,
    front: np.ndarray,
    back: np.ndarray,
    angles: Float64[np.ndarray, " around"],
    *,
    square: float = 2.2,
) -> Grid:
    """Lay level rings: superellipses, with a depth of their own in front and behind."""
    sine, cosine = np.sin(angles), np.cos(angles)
    power = 2 / square
    x = np.sign(sine) * np.abs(sine) ** power
    z = np.sign(cosine) * np.abs(cosine) ** power
    depth = np.where(cosine[None] > 0, np.asarray(front)[:, None], np.asarray(back)[:, None])
    grid = np.empty((len(centres), len(angles), 3))
    grid[..., 0] = centres[:, None, 0] + np.asarray(half_width)[:, None] * x
    grid[..., 1] = centres[:, None, 1]
    grid[..., 2] = centres[:, None, 2] + depth * z
    return grid


def tube(
    centres: Float64[np.ndarray, "rings 3"],
    across: np.ndarray,
    along: np.ndarray,
    angles: Float64[np.ndarray, " around"],
) -> Grid:
    """Lay rings square to a straight line that hangs down or stands up: radii left-right and front-back."""
    grid = np.empty((len(centres), len(angles), 3))
    grid[..., 0] = centres[:, None, 0] + np.asarray(across)[:, None] * np.sin(angles)
    grid[..., 1] = centres[:, None, 1]
    grid[..., 2] = centres[:, None, 2] + np.asarray(along)[:, None] * np.cos(angles)
    return grid


def woven(
    grid: Grid, *, close_first: bool = False, close_last: bool = False, round_: bool = True
) -> tuple[Float64[np.ndarray, "points 3"], Int32[np.ndarray, "triangles 3"]]:
    """Make triangles of rings; ends may be closed by a point in their middle."""
    rings, segments = grid.shape[:2]
    index = np.arange(rings * segments).reshape(rings, segments)
    following = np.roll(index, -1, axis=1) if round_ else index[:, 1:]
    first = index if round_ else index[:, :-1]
    a, b, c, d = first[:-1], following[:-1], following[1:], first[1:]
    triangles = [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    points = [grid.reshape(-1, 3)]
    count = rings * segments
    for wanted, ring in ((close_first, 0), (close_last, rings - 1)):
        if wanted:
            points.append(grid[ring].mean(axis=0)[None])
            middle = np.full(segments, count)
            turn = np.roll(index[ring], -1)
            pair = (turn, index[ring]) if ring == 0 else (index[ring], turn)
            triangles.append(np.stack([middle, *pair], -1))
            count += 1
    return np.vstack(points), np.vstack(triangles).astype(np.int32)


def skinned(
    points: Float64[np.ndarray, "points 3"], weights: Weights
) -> Float64[np.ndarray, "points bones"]:
    """Spread points over bones; rows come to sum to 1."""
    spread = np.zeros((len(points), len(BONES)))
    for name, values in weights.items():
        spread[:, BONE[name]] = np.maximum(values, 0)
    return np.asarray(spread / np.maximum(spread.sum(axis=1, keepdims=True), 1e-9))


def mirrored(part: Part, name: str) -> Part:
    """Make the right one of a left one."""
    swap = [
        BONE[bone.replace("left", "right") if "left" in bone else bone.replace("right", "left")]
        for bone in BONES
    ]
    return Part(
        name=name,
        points_m=part.points_m * [-1, 1, 1],
        triangles=part.triangles[:, ::-1].copy(),
        albedo=part.albedo,
        material=part.material,
        weights=part.weights[:, swap],
    )


def coloured(
    points: Float64[np.ndarray, "points 3"], colour: Sequence[float], *, seed: int, vary: float
) -> Float64[np.ndarray, "points 3"]:
    """Vary a colour a little over a surface: broad worn places and a weave."""
    rng = np.random.default_rng(seed)
    value = np.zeros(len(points))
    for scale, strength in ((9.0, 0.5), (23.0, 0.3), (60.0, 0.2)):
        for _ in range(4):
            way = rng.normal(size=3) * scale
            value += strength / 2 * np.sin(points @ way + rng.uniform(0, 6.28))
    return np.asarray(np.clip(np.asarray(colour) * (1 + vary * value[:, None]), 0.004, 0.92))


def outward(part: Part) -> Part:
    """Turn a part's triangles so that their normals point away from its inside."""
    return replace(part, triangles=facing_out(part.points_m, part.triangles))


def facing_out(
    points: Float64[np.ndarray, "points 3"], triangles: Int32[np.ndarray, "triangles 3"]
) -> Int32[np.ndarray, "triangles 3"]:
    """Turn triangles so that their normals point away from the middle of the points."""
    corner = (points - points.mean(axis=0))[triangles]
    volume = np.sum(corner[:, 0] * np.cross(corner[:, 1], corner[:, 2]))
    return triangles if volume >= 0 else triangles[:, ::-1].copy()
