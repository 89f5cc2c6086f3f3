"""Trees: a crown of soft bodies fringed with leaves, on limbs; and how crowns keep light away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float32

from vivant.scene.light import Rgb
from vivant.scene.mesh import Mesh
from vivant.scene.sets.surfaces import joined, mesh_of, mottle, sheet_triangles, tube

BARK = (0.085, 0.068, 0.052)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One tree."""

    place_m: tuple[float, float, float]
    """Its foot."""
    height_m: float
    wide_m: float
    """Across its crown."""
    seed: int
    leaves: int = 420
    leaf_m: float = 0.34
    lobes: int = 9
    rgb: Rgb = (0.115, 0.150, 0.055)
    clear: float = 0.26
    """Share of the height below the crown."""
    fine: bool = False
    """Whether it is near: with limbs, and rounder bodies."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crowns:
    """Crowns as balls that let some light through."""

    centre_m: Float[np.ndarray, "crowns 3"]
    half_m: Float[np.ndarray, "crowns 3"]

    def sunlit(
        self, points_m: Float[np.ndarray, "points 3"], sun: Sequence[float], *, dense: float = 0.55
    ) -> Float32[np.ndarray, " points"]:
        """Give the share of the sun that comes through the crowns to each point."""
        thick = np.zeros(len(points_m))
        way = np.asarray(sun, np.float64)
        for centre, half in zip(self.centre_m, self.half_m, strict=True):
            start, along = (points_m - centre) / half, way / half
            a = along @ along
            b = start @ along
            c = (start * start).sum(axis=1) - 1
            root = np.sqrt(np.maximum(b * b - a * c, 0))
            thick += np.maximum((-b + root) / a, 0) - np.maximum((-b - root) / a, 0)
        return np.exp(-dense * thick).astype(np.float32)

    def open_sky(self, points_m: Float[np.ndarray, "points 3"]) -> Float32[np.ndarray, " points"]:
        """Give the share of the sky that crowns leave open above each point."""
        shut = np.zeros(len(points_m))
        for centre, half in zip(self.centre_m, self.half_m, strict=True):
            away = points_m - centre
            far2 = (away * away).sum(axis=1)
            above = np.clip(0.5 - away[:, 1] / (2 * np.sqrt(far2) + 1e-6), 0, 1)
            size = half.max() ** 2
            shut += 1.5 * above * size / (far2 + 2.2 * size)
        return np.exp(-1.4 * shut).astype(np.float32)


def crowns_of(trees: Sequence[Tree]) -> Crowns:
    """Give the crowns of trees."""
    centre, half = [], []
    for tree in trees:
        tall = tree.height_m * (1 - tree.clear)
        centre.append(np.asarray(tree.place_m) + np.array([0, tree.height_m - tall / 2, 0]))
        half.append([tree.wide_m / 2, tall / 2, tree.wide_m / 2])
    return Crowns(centre_m=np.array(centre), half_m=np.array(half))


def tree_mesh(tree: Tree) -> Mesh:
    """Build a tree; the dark of its inside is already in it, as ``open_sky``."""
    chance = np.random.default_rng(tree.seed)
    crown = crowns_of([tree])
    centre, half = crown.centre_m[0], crown.half_m[0]
    lobes = _lobes(chance, tree.lobes)
    sizes = chance.uniform(0.34, 0.62, len(lobes)) * (1 - 0.18 * np.abs(lobes[:, 1]))
    parts = [_wood(chance, tree, centre + lobes[:: max(1, len(lobes) // 6)] * half * 0.8)]
    parts += [
        _body(tree, centre + lobe * half * 0.66, half * size, number)
        for number, (lobe, size) in enumerate(zip(lobes, sizes, strict=True))
    ]
    parts.append(_leaves(chance, tree, centre + lobes * half * 0.66, half * sizes[:, None]))
    made = joined(parts)
    return replace(made, open_sky=_inside(made.points_m, centre, half) * made.open_sky)


def _lobes(chance: np.random.Generator, count: int) -> np.ndarray:
    """Spread the middles of a crown's bodies over a ball, evenly but not in order."""
    k = np.arange(count) + 0.5
    height = 1 - 2 * k / count
    turn = k * 2.399963 + chance.uniform(0, 6)
    flat = np.sqrt(1 - height * height)
    ball = np.column_stack([flat * np.cos(turn), height, flat * np.sin(turn)])
    return np.asarray(ball * chance.uniform(0.72, 1.05, (count, 1)))


def _inside(points: np.ndarray, centre: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Tell how open the sky is within a crown: dark in its heart and below."""
    place = (points - centre) / half
    out = np.linalg.norm(place, axis=1)
    above = np.clip(0.5 + 0.5 * place[:, 1], 0, 1)
    open_ = np.clip((out - 0.25) / 0.75, 0.05, 1) * (0.35 + 0.65 * above)
    return np.asarray(np.where(place[:, 1] < -1.0, 0.6, open_), np.float32)


def _wood(chance: np.random.Generator, tree: Tree, ends: np.ndarray) -> Mesh:
    foot = np.asarray(tree.place_m)
    thick = 0.028 * tree.height_m
    fork = foot + np.array([chance.normal(0, 0.1), tree.height_m * (tree.clear + 0.08), 0])
    t = np.linspace(0, 1, 6)[:, None]
    bend = np.sin(np.pi * t) * np.array([[chance.normal(0, 0.12), 0, 0]])
    radius = thick * (1.5 - 0.9 * np.linspace(0, 1, 6) ** 0.5)
    parts = [
        tube(
            foot + t * (fork - foot) + bend,
            radius,
            around=8 if tree.fine else 4,
            albedo=BARK,
            material="wood",
        )
    ]
    for end in ends if tree.fine else ():
        sag = np.sin(np.pi * t) * np.array([[0, 0.10 * tree.wide_m, 0]])
        parts.append(
            tube(
                fork + t * (end - fork) - sag * 0.5,
                np.linspace(0.55, 0.10, 6) * thick,
                around=5,
                albedo=BARK,
                material="wood",
            )
        )
    return joined(parts)


def _body(tree: Tree, centre: np.ndarray, half: np.ndarray, number: int) -> Mesh:
    """Make one soft body of leaves, with bumps."""
    cells = 9 if tree.fine else 6
    up = np.linspace(-np.pi / 2, np.pi / 2, cells)[:, None]
    turn = np.linspace(-np.pi, np.pi, 2 * cells)
    ball = np.stack(
        [np.cos(up) * np.cos(turn), np.sin(up) + 0 * turn, -np.cos(up) * np.sin(turn)], axis=-1
    ).reshape(-1, 3)
    rough = mottle(ball + 7.1 * number + tree.seed, size_m=0.6, octaves=2, seed=tree.seed)
    points = centre + ball * half * (0.42 if tree.fine else 0.58) * (1 + 0.34 * rough[:, None])
    tone = _tones(points, tree)
    return mesh_of(
        points,
        sheet_triangles(cells, 2 * cells),
        albedo=np.asarray(tree.rgb) * 0.8 * tone[:, None],
        material="leaf",
        normals=ball,
    )


def _tones(points: np.ndarray, tree: Tree) -> np.ndarray:
    wide = mottle(points, size_m=0.22 * tree.wide_m, octaves=2, seed=tree.seed + 1)
    fine = mottle(points, size_m=0.35, octaves=2, seed=tree.seed + 2)
    return np.clip(1 + 0.30 * wide + 0.34 * fine, 0.3, 1.9)


def _leaves(
    chance: np.random.Generator, tree: Tree, centres: np.ndarray, halves: np.ndarray
) -> Mesh:
    """Set leaves on twigs all over the bodies, in clumps with gaps between, so that no outline is smooth."""
    twigs = max(12, tree.leaves // 48)
    which = chance.integers(0, len(centres), twigs)
    way = chance.normal(0, 1, (twigs, 3)) + np.array([0, 0.25, 0])
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    twig = (
        centres[which] + way * halves[which] * 0.80 * chance.uniform(0.10, 1.0, (twigs, 1)) ** 0.5
    )
    on = chance.integers(0, twigs, tree.leaves)
    spread = 0.040 * tree.wide_m * chance.uniform(0.6, 1.3, twigs)
    middle = twig[on] + chance.normal(0, 1, (tree.leaves, 3)) * spread[on, None] * [1, 0.7, 1]
    return leaves_at(
        chance,
        middle,
        way[on],
        size_m=tree.leaf_m,
        rgb=np.asarray(tree.rgb) * _tones(middle, tree)[:, None],
    )


def leaves_at(
    chance: np.random.Generator,
    middle_m: Float[np.ndarray, "leaves 3"],
    way: Float[np.ndarray, "leaves 3"],
    *,
    size_m: float,
    rgb: Float[np.ndarray, "leaves 3"],
) -> Mesh:
    """Put a leaf at each place, turned anyhow, lit as the body is that it belongs to."""
    count = len(middle_m)
    corners = chance.normal(0, 1, (count, 3, 3))
    corners /= np.linalg.norm(corners, axis=2, keepdims=True)
    corners *= size_m * chance.uniform(0.55, 1.2, (count, 1, 1))
    tone = np.repeat(rgb * chance.uniform(0.7, 1.4, (count, 1)), 3, axis=0)
    return mesh_of(
        (middle_m[:, None] + corners).reshape(-1, 3),
        np.arange(3 * count, dtype=np.int32).reshape(-1, 3),
        albedo=tone,
        material="leaf",
        normals=np.repeat(way, 3, axis=0),
    )


def wood(  # noqa: PLR0913 - all that is known of a wood
    x_m: tuple[float, float],
    *,
    away_m: float,
    bow: float,
    high_m: tuple[float, float],
    seed: int,
    rgb: Rgb,
    step_m: float = 0.17,
    leaves: int = 3600,
    gap: tuple[float, float] | None = None,
) -> Mesh:
    """Build the edge of a wood far away: crowns before one another, one outline against the sky.

    Args:
        x_m: From where to where.
        away_m: Its distance along -z in the middle.
        bow: How much nearer it comes toward its ends, per square metre.
        high_m: Heights of the lowest and the highest trees.
        seed: Chooses the trees.
        rgb: Colour of the leaves.
        step_m: How fine the outline is.
        leaves: Loose leaves along the outline.
        gap: Where it sinks to bushes: the middle along x and half the width.
    """
    chance = np.random.default_rng(seed)
    x = np.arange(x_m[0], x_m[1], step_m)
    count = int((x_m[1] - x_m[0]) / 3.1)
    middle = np.linspace(x_m[0], x_m[1], count) + chance.normal(0, 1.5, count)
    tall = chance.uniform(*high_m, count) * (
        1 + 0.25 * mottle(np.column_stack([middle, 0 * middle, 0 * middle]), size_m=17, seed=seed)
    )
    if gap is not None:
        tall *= 0.26 + 0.74 * np.clip((np.abs(middle - gap[0]) / gap[1]) ** 3, 0, 1)
    ends = np.minimum(middle - x_m[0], x_m[1] - middle) / (0.16 * (x_m[1] - x_m[0]))
    tall *= 0.10 + 0.90 * np.clip(ends, 0, 1) ** 0.7
    half = tall * chance.uniform(0.42, 0.75, count)
    part = (x[:, None] - middle) / half
    arch = tall * np.clip(1 - np.abs(part) ** 2.2, 0, 1) ** 0.6
    own = np.argmax(arch, axis=1)
    top = np.max(arch, axis=1)
    line = np.column_stack([x, 0 * x, 0 * x])
    scale = float(np.mean(high_m)) / 9
    lumps = sum(
        size
        * (0.5 - np.abs(mottle(line, size_m=4.2 * size * scale, octaves=1, seed=seed + number)))
        for number, size in enumerate((1.0, 0.5, 0.25, 0.13))
    )
    uneven = 1.7 * lumps * np.clip(top / (5 * scale), 0.25, 1) + 0.16 * chance.normal(0, 1, len(x))
    top = np.maximum(top * (1 + 0.10 * lumps), 0.6 * scale) + scale * uneven
    share = np.linspace(0, 1, 9)[:, None]
    across = (x - middle[own]) / half[own]
    belly = np.sqrt(np.clip(1 - across**2, 0, 1)) * np.sin(
        np.pi * np.clip(share, 0.06, 0.98) ** 0.8
    )
    z = -away_m + bow * x**2 + 0.45 * half[own] * belly
    y = top * share + 0 * x
    points = np.stack([np.broadcast_to(x, y.shape), y, z], axis=-1)
    flat = points.reshape(-1, 3)
    clump = mottle(flat * np.array([1.0, 0.8, 1.0]), size_m=1.7 * scale, octaves=3, seed=seed + 2)
    between = 1 - 0.55 * np.abs(across) ** 5
    tone = np.clip(1 + 0.5 * clump, 0.25, 2.2) * ((0.45 + 0.75 * share) * between).ravel()
    normals = np.stack(
        [np.broadcast_to(0.75 * across, y.shape), share - 0.25 + 0 * x, 0.15 + 0.6 * belly], axis=-1
    )
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    made = mesh_of(
        points.reshape(-1, 3), sheet_triangles(9, len(x)), albedo=np.asarray(rgb) * tone[:, None],
        material="leaf", normals=normals.reshape(-1, 3),
    )  # fmt: skip
    open_ = (0.22 + 0.78 * share**1.5) * (0.6 + 0.4 * np.abs(belly))
    made = replace(made, open_sky=np.clip(open_, 0, 1).reshape(-1).astype(np.float32))
    at = chance.integers(0, len(x), leaves)
    down = chance.exponential(0.7, leaves) - 0.45
    place = np.column_stack(
        [
            x[at] + chance.normal(0, 0.3, leaves),
            top[at] - down,
            z[-1][at] + chance.uniform(0, 0.6, leaves),
        ]
    )
    light = np.tile([0.0, 0.75, 0.66], (leaves, 1))
    return joined(
        [
            made,
            leaves_at(
                chance,
                place,
                light,
                size_m=0.24 * away_m / 65 * min(1.0, 1.6 * scale),
                rgb=np.tile(np.asarray(rgb), (leaves, 1)),
            ),
        ]
    )
