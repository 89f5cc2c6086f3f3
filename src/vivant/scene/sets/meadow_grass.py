"""Grass near by, blade by blade, with flowers and seed heads, bending in the wind."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32

from vivant.scene.light import Light, Rgb
from vivant.scene.mesh import MATERIAL, Mesh
from vivant.scene.sets.meadow_ground import meadow_rgb
from vivant.scene.sets.meadow_plan import FAR_M, NEAR_M, ground_at
from vivant.scene.sets.meadow_trees import Crowns
from vivant.scene.sets.surfaces import joined, mesh_of, mottle, repeated

BLADES = 10_800
FLOWERS = 430
HEADS = 1000
PETALS: tuple[Rgb, ...] = ((0.84, 0.82, 0.76), (0.84, 0.82, 0.76), (0.80, 0.70, 0.42), (0.52, 0.46, 0.62), (0.72, 0.44, 0.40))  # fmt: skip
CLEARING_M = 0.55
"""Nothing grows higher than the ankle so near the person."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grass:
    """Grass at rest, and how far each of its points gives way to the wind."""

    mesh: Mesh
    gives_m: Float32[np.ndarray, " points"]
    root_m: Float32[np.ndarray, "points 2"]
    """x and z of the root, from which a gust's moment follows."""
    own: Float32[np.ndarray, " points"]
    """A phase of its own, radians."""

    def at(self, seconds: float) -> Mesh:
        """Bend it: gusts run over the meadow, and every stem trembles a little by itself."""
        x, z = self.root_m[:, 0], self.root_m[:, 1]
        run = np.float32(0.62) * x + np.float32(0.35) * z
        t = np.float32(seconds)
        gust = np.sin(np.float32(0.9) * t - run) + np.float32(0.5) * np.sin(
            np.float32(1.7) * t - np.float32(2.3) * run + np.float32(1.3)
        )
        tremble = np.sin(np.float32(2.6) * t + self.own)
        push = self.gives_m * (
            np.float32(0.30) + np.float32(0.34) * gust + np.float32(0.20) * tremble
        )
        points = self.mesh.points_m.copy()
        points[:, 0] += push
        points[:, 2] += np.float32(0.35) * push
        points[:, 1] -= np.float32(0.5) * push * push / (self.gives_m + np.float32(0.05))
        return replace(self.mesh, points_m=points)

    def lit(self, crowns: Crowns, light: Light) -> Grass:
        """Put the trees' shadows in."""
        sun = crowns.sunlit(self.mesh.points_m.astype(np.float64), light.sun)
        return replace(
            self, mesh=replace(self.mesh, sunlit=(self.mesh.sunlit * sun).astype(np.float32))
        )


def grow() -> Grass:
    """Grow grass, seed heads and flowers."""
    chance = np.random.default_rng(101)
    stems = [_blades(chance), _heads(chance), _flowers(chance)]
    return Grass(
        mesh=joined([stem.mesh for stem in stems]),
        gives_m=np.concatenate([stem.gives_m for stem in stems]),
        root_m=np.concatenate([stem.root_m for stem in stems]),
        own=np.concatenate([stem.own for stem in stems]),
    )


def _places(chance: np.random.Generator, count: int, *, near: float = 1.5) -> np.ndarray:
    """Choose roots: in the view of cameras that stand before the person, more of them near by."""
    camera = NEAR_M - 2.4
    away = 0.5 + (camera - FAR_M - 0.5) * chance.uniform(0, 1, 3 * count) ** near
    across = chance.uniform(-1, 1, 3 * count) * (1.6 + 0.72 * away)
    place = np.column_stack([across, camera - away])
    tuft = mottle(
        np.column_stack([place[:, 0], 0 * across, place[:, 1]]), size_m=0.8, octaves=2, seed=102
    )
    keep = chance.uniform(0, 1, len(place)) < 0.62 + 0.5 * tuft
    return np.asarray(place[keep][:count])


def _blades(chance: np.random.Generator) -> Grass:
    root = _places(chance, BLADES)
    count = len(root)
    away = NEAR_M - root[:, 1]
    flat = np.column_stack([root[:, 0], np.zeros(count), root[:, 1]])
    tall = (
        0.40 * (1 + 0.35 * mottle(flat, size_m=1.7, seed=103)) * chance.uniform(0.45, 1.25, count)
    )
    tall *= np.clip((np.hypot(root[:, 0], root[:, 1]) - 0.1) / CLEARING_M, 0.3, 1.0)
    wide = 0.0048 * chance.uniform(0.7, 1.4, count) * np.maximum(1.0, away / 4.5)
    turn = chance.uniform(0, 2 * np.pi, count)
    bend = chance.uniform(0.10, 0.75, count) * tall
    ground = ground_at(root[:, 0], root[:, 1])
    side = np.column_stack([np.cos(turn), np.zeros(count), np.sin(turn)])
    lean = np.column_stack([-np.sin(turn), np.zeros(count), np.cos(turn)])
    foot = np.column_stack([root[:, 0], ground - 0.02, root[:, 1]])

    def at(share: float) -> np.ndarray:
        up = np.zeros((count, 3))
        up[:, 1] = tall * (share - 0.22 * share**3)
        return np.asarray(foot + up + lean * (bend * share**2)[:, None])

    half = side * wide[:, None]
    middle, tip = at(0.55), at(1.0)
    points = np.stack(
        [foot - half, foot + half, middle - 0.8 * half, middle + 0.8 * half, tip], axis=1
    )
    triangles = repeated(count, 5, [(0, 1, 2), (1, 3, 2), (2, 3, 4)])
    colour = meadow_rgb(flat) * chance.uniform(0.7, 1.35, (count, 1))
    dry = chance.uniform(0, 1, (count, 1)) < 0.16
    colour = np.where(
        dry, np.array([0.36, 0.31, 0.18]) * chance.uniform(0.7, 1.2, (count, 1)), colour
    )
    shade = np.array([0.30, 0.30, 0.85, 0.85, 1.6])
    up = np.array([0.0, 0.8, 0.45]) + 0.35 * lean
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    share = np.array([0.0, 0.0, 0.34, 0.34, 1.0])
    return _grass(
        points,
        triangles,
        rgb=colour[:, None] * shade[None, :, None],
        normals=np.repeat(up[:, None], 5, axis=1),
        open_sky=np.array([0.22, 0.22, 0.70, 0.70, 1.0]),
        sunlit=np.array([0.15, 0.15, 0.75, 0.75, 1.0]),
        gives=(0.30 * tall)[:, None] * share,
        root=root,
        own=chance.uniform(0, 2 * np.pi, count),
    )


def _grass(  # noqa: PLR0913 - all that is known of a stem
    points: np.ndarray,
    triangles: np.ndarray,
    *,
    rgb: np.ndarray,
    normals: np.ndarray,
    open_sky: np.ndarray,
    sunlit: np.ndarray,
    gives: np.ndarray,
    root: np.ndarray,
    own: np.ndarray,
) -> Grass:
    """Put stems of equally many points together."""
    count, each = points.shape[:2]
    mesh = mesh_of(
        points.reshape(-1, 3), triangles, albedo=rgb.reshape(-1, 3), material="leaf", normals=normals.reshape(-1, 3)
    )  # fmt: skip
    mesh = replace(
        mesh,
        open_sky=np.tile(open_sky.astype(np.float32), count),
        sunlit=np.tile(sunlit.astype(np.float32), count),
        material=np.full(count * each, MATERIAL["leaf"], np.uint8),
    )
    return Grass(
        mesh=mesh,
        gives_m=np.broadcast_to(gives, (count, each)).reshape(-1).astype(np.float32),
        root_m=np.repeat(root, each, axis=0).astype(np.float32),
        own=np.repeat(own, each).astype(np.float32),
    )


def _stalk(
    chance: np.random.Generator, count: int, *, low: float, high: float
) -> tuple[np.ndarray, ...]:
    """Choose where stalks stand and where their tops are."""
    root = _places(chance, count, near=1.2)
    count = len(root)
    tall = chance.uniform(low, high, count)
    tall *= np.clip((np.hypot(root[:, 0], root[:, 1]) - 0.1) / CLEARING_M, 0.25, 1.0)
    lean = chance.normal(0, 0.11, (count, 2))
    foot = np.column_stack([root[:, 0], ground_at(root[:, 0], root[:, 1]) - 0.02, root[:, 1]])
    top = foot + np.column_stack([lean[:, 0] * tall, tall, lean[:, 1] * tall])
    return root, foot, top, tall


def _heads(chance: np.random.Generator) -> Grass:
    """Tall grass with ears."""
    root, foot, top, tall = _stalk(chance, HEADS, low=0.45, high=0.78)
    count = len(root)
    away = np.maximum(1.0, (NEAR_M - root[:, 1]) / 4.5)[:, None]
    turn = chance.uniform(0, np.pi, count)
    side = np.column_stack([np.cos(turn), np.zeros(count), np.sin(turn)])
    thin, ear = 0.0014 * away * side, 0.0058 * away * side
    length = chance.uniform(0.06, 0.11, count)[:, None] * np.array([0.15, 1.0, 0.05])
    points = np.stack(
        [foot - thin, foot + thin, top, top - 0.15 * length, top + 0.45 * length + ear, top + 0.45 * length - ear, top + length],
        axis=1,
    )  # fmt: skip
    triangles = repeated(count, 7, [(0, 1, 2), (3, 4, 5), (4, 6, 5)])
    straw = np.array([0.42, 0.36, 0.22]) * chance.uniform(0.7, 1.25, (count, 1))
    stem = np.array([0.20, 0.21, 0.09])
    rgb = np.stack(
        [np.broadcast_to(0.6 * stem, straw.shape)] * 2
        + [np.broadcast_to(stem, straw.shape)]
        + [straw] * 4,
        axis=1,
    )
    share = np.array([0.0, 0.0, 1.0, 1.0, 1.06, 1.06, 1.12])
    normals = np.broadcast_to([0.0, 0.6, 0.8], (count, 7, 3))
    return _grass(
        points, triangles, rgb=rgb, normals=normals,
        open_sky=np.array([0.25, 0.25, 1, 1, 1, 1, 1.0]), sunlit=np.array([0.2, 0.2, 1, 1, 1, 1, 1.0]),
        gives=(0.26 * tall)[:, None] * share, root=root, own=chance.uniform(0, 2 * np.pi, count),
    )  # fmt: skip


def _flowers(chance: np.random.Generator) -> Grass:
    """Open flowers, in drifts of one kind."""
    root, foot, top, tall = _stalk(chance, FLOWERS, low=0.30, high=0.56)
    count, petals = len(root), 7
    kind = mottle(np.column_stack([root[:, 0], 0 * tall, root[:, 1]]), size_m=2.2, seed=105)
    chosen = np.clip(
        ((kind + 0.9) / 1.8 + chance.normal(0, 0.08, count)) * len(PETALS), 0, len(PETALS) - 1
    )
    colour = np.asarray(PETALS)[chosen.astype(int)] * chance.uniform(0.85, 1.1, (count, 1))
    size = chance.uniform(0.013, 0.027, count) * np.maximum(1.0, (NEAR_M - root[:, 1]) / 7.5)
    up = np.column_stack(
        [chance.normal(0, 0.35, count), np.ones(count), 0.45 + chance.normal(0, 0.3, count)]
    )
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    side = np.cross(up, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    over = np.cross(up, side)
    stem_half = 0.0016 * np.column_stack([np.ones(count), np.zeros(count), np.zeros(count)])
    rows = [foot - stem_half, foot + stem_half, top, top + 0.15 * size[:, None] * up]
    for petal in range(petals):
        for reach, wide in ((0.62, -0.36), (1.0, 0.0), (0.62, 0.36)):
            turn = 2 * np.pi * petal / petals + wide
            out = np.cos(turn) * side + np.sin(turn) * over
            rows.append(top + reach * size[:, None] * out + 0.35 * reach**2 * size[:, None] * up)
    points = np.stack(rows, axis=1)
    each = points.shape[1]
    faces = [(0, 1, 2)]
    for petal in range(petals):
        first = 4 + 3 * petal
        faces += [(3, first, first + 1), (3, first + 1, first + 2)]
    rgb = np.empty((count, each, 3))
    rgb[:, :2] = np.array([0.08, 0.10, 0.04])
    rgb[:, 2] = np.array([0.16, 0.19, 0.08])
    rgb[:, 3] = np.array([0.52, 0.38, 0.10])
    rgb[:, 4:] = colour[:, None]
    ones = np.ones(each)
    ones[:2] = 0.25
    share = np.ones(each)
    share[:2] = 0
    return _grass(
        points, repeated(count, each, faces), rgb=rgb, normals=np.repeat(up[:, None], each, axis=1),
        open_sky=ones, sunlit=ones, gives=(0.26 * tall)[:, None] * share, root=root, own=chance.uniform(0, 2 * np.pi, count),
    )  # fmt: skip
