"""Flowers right before the lens, along the picture's lower edge: out of focus, and before where photos end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float32, Float64, Int32

from vivant.scene.mesh import MATERIAL, Mesh
from vivant.scene.props import at_frame

AWAY_M = 0.38
"""From the lens."""
LEAVES_A_METRE, FLOWERS_A_METRE, CUT_A_METRE = 1500, 85, 240
PETALS = 5
_LEAF_RGB = ((0.26, 0.29, 0.12), (0.33, 0.35, 0.16), (0.42, 0.41, 0.22))
_FLOWER_RGB = ((0.93, 0.91, 0.88), (0.93, 0.89, 0.85), (0.90, 0.62, 0.60), (0.88, 0.48, 0.50))
_HEART_RGB = (0.72, 0.50, 0.12)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blossoms:
    """A bank of flowers before a camera that looks straight on. Curves have one value a frame."""

    place_m: Float64[np.ndarray, "frames 3"]
    """Where its lower edge's middle is."""
    right: Float64[np.ndarray, " 3"]
    up: Float64[np.ndarray, " 3"]
    """Unit vectors."""
    wide_m: float
    high_m: float
    """How high it reaches at both ends; lower in the middle."""
    sway: Float64[np.ndarray, " frames"]
    """-1..1: what the air moves."""
    bouquet: bool = False
    """Whether they are cut flowers among broad leaves, as indoors; else they grow in high grass."""
    seed: int = 0

    def meshes(self, frame: float) -> tuple[Mesh, ...]:
        """Build it at a frame, or between two."""
        bank = _bank(
            round(self.wide_m, 3), round(self.high_m, 3), bouquet=self.bouquet, seed=self.seed
        )
        place = at_frame(self.place_m, frame)
        sway = float(at_frame(self.sway, frame))
        points = bank.points.copy()
        points[:, 0] += 0.04 * sway * points[:, 1]
        axes = np.stack([self.right, self.up, np.cross(self.right, self.up)]).astype(np.float32)
        return (
            Mesh(
                points_m=(points @ axes + place).astype(np.float32),
                normals=bank.normals @ axes,
                triangles=bank.triangles,
                albedo=bank.albedo,
                material=np.full(len(points), MATERIAL["leaf"], np.uint8),
                open_sky=bank.open_sky,
                sunlit=np.ones(len(points), np.float32),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bank:
    points: Float32[np.ndarray, "points 3"]
    normals: Float32[np.ndarray, "points 3"]
    triangles: Int32[np.ndarray, "triangles 3"]
    albedo: Float32[np.ndarray, "points 3"]
    open_sky: Float32[np.ndarray, " points"]


@cache
def _bank(wide_m: float, high_m: float, *, bouquet: bool, seed: int) -> _Bank:
    chance = np.random.default_rng(seed)
    leaves = round(LEAVES_A_METRE * wide_m)
    flowers = round((CUT_A_METRE if bouquet else FLOWERS_A_METRE) * wide_m)
    x = chance.uniform(-0.5, 0.5, leaves) * wide_m
    foot = np.column_stack([x, chance.uniform(-0.35, 0.55, leaves) * _top(x, wide_m, high_m)])
    angle = chance.normal(np.pi / 2, 0.9 if bouquet else 0.42, leaves)
    parts = [_petals(chance, foot, angle, (0.024, 0.0075) if bouquet else (0.034, 0.0044))]
    colours = [_mixed(chance, _LEAF_RGB, leaves)]
    across = (np.arange(flowers) + chance.uniform(-0.4, 0.4, flowers)) / flowers - 0.5
    x = across * wide_m
    heart = np.column_stack([x, chance.uniform(0.35, 1.12, flowers) * _top(x, wide_m, high_m)])
    own = _mixed(chance, _FLOWER_RGB, flowers)
    turn = chance.uniform(0, 2 * np.pi, flowers)
    size = chance.uniform(0.7, 1.5, flowers) * (1.25 if bouquet else 1.0)
    for petal in range(PETALS):
        angle = turn + 2 * np.pi * petal / PETALS
        parts.append(_petals(chance, heart, angle, (0.0108, 0.0050), size=size, before=0.03))
        colours.append(own)
    for half in (0.0, np.pi):
        parts.append(_petals(chance, heart, turn + half, (0.0026, 0.0024), before=0.034))
        colours.append(np.tile(_HEART_RGB, (flowers, 1)))
    return _joined(parts, colours, wide_m, high_m)


def _top(x: np.ndarray, wide_m: float, high_m: float) -> np.ndarray:
    """Tell how high it reaches: lower where people's chests are."""
    return np.asarray(high_m * (0.55 + 0.45 * np.abs(2 * x / wide_m) ** 1.6))


def _mixed(
    chance: np.random.Generator, colours: tuple[tuple[float, float, float], ...], count: int
) -> np.ndarray:
    shades = np.asarray(colours)[chance.integers(0, len(colours), count)]
    return shades * (1 + chance.normal(0, 0.05, (count, 1)))


def _petals(
    chance: np.random.Generator,
    foot: np.ndarray,
    angle: np.ndarray,
    size_m: tuple[float, float],
    *,
    size: np.ndarray | float = 1.0,
    before: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Give leaves or petals, six points each, and which way they face."""
    count = len(foot)
    size = np.broadcast_to(size, (count,))[:, None]
    along = np.array([0.0, 0.35, 0.35, 0.75, 0.75, 1.0]) * size_m[0] * size
    aside = np.array([0.0, -0.8, 0.8, -0.9, 0.9, 0.0]) * size_m[1] * size
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x = foot[:, :1] + along * cos - aside * sin
    y = foot[:, 1:] + along * sin + aside * cos
    deep = chance.uniform(-0.02, 0.02, (count, 1)) if not before else np.full((count, 1), before)
    z = np.broadcast_to(deep, x.shape) + 0.2 * along
    points = np.stack([x, y, z], axis=-1)
    tilt = chance.normal(0, 0.35, (count, 2))
    facing = np.column_stack([tilt, np.ones(count)])
    facing /= np.linalg.norm(facing, axis=1, keepdims=True)
    return points, np.repeat(facing[:, None], 6, axis=1)


def _joined(
    parts: list[tuple[np.ndarray, np.ndarray]],
    colours: list[np.ndarray],
    wide_m: float,
    high_m: float,
) -> _Bank:
    points = np.concatenate([places.reshape(-1, 3) for places, _ in parts])
    count = len(points) // 6
    one = np.array([[0, 1, 2], [1, 3, 2], [2, 3, 4], [3, 5, 4]])
    triangles = one[None] + 6 * np.arange(count)[:, None, None]
    high = points[:, 1] / _top(points[:, 0], wide_m, high_m)
    return _Bank(
        points=points.astype(np.float32),
        normals=np.concatenate([facing.reshape(-1, 3) for _, facing in parts]).astype(np.float32),
        triangles=triangles.reshape(-1, 3).astype(np.int32),
        albedo=np.concatenate([np.repeat(one, 6, axis=0) for one in colours]).astype(np.float32),
        open_sky=np.clip(0.55 + 0.5 * high, 0.4, 1).astype(np.float32),
    )
