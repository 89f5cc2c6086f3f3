"""The ground of the meadow, grass too far away to be blades, and hills behind one another in the haze."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vivant.scene.light import Rgb
from vivant.scene.mesh import Mesh
from vivant.scene.sets.meadow_plan import FAR_M, NEAR_M, ground_at
from vivant.scene.sets.surfaces import coloured, joined, mesh_of, mottle, sheet

EARTH = (0.085, 0.092, 0.040)
STRAW = np.array([0.34, 0.29, 0.15])
GREEN = np.array([0.165, 0.225, 0.058])


def ground() -> Mesh:
    """Build the ground, finer near by."""
    z = np.concatenate([np.arange(NEAR_M + 2, FAR_M, -0.5), np.geomspace(-FAR_M, 190, 46) * -1])
    parts = np.linspace(-1, 1, 49)
    half = 10 + 0.95 * np.abs(z - NEAR_M)
    x = half[:, None] * parts
    zz = np.broadcast_to(z[:, None], x.shape)
    points = np.stack([x, ground_at(x, zz), zz], axis=-1)
    made = sheet(points, albedo=EARTH, material="plaster")
    made = replace(made, normals=made.normals * np.sign(made.normals[:, 1:2]))
    return replace(
        made, albedo=(meadow_rgb(made.points_m, share=0.24) * [0.8, 1.0, 0.9]).astype(np.float32)
    )


def meadow_rgb(points_m: np.ndarray, *, share: float = 1.0) -> np.ndarray:
    """Give the colour of grass at places: patches of straw among green, drawn out across the view."""
    flat = points_m * np.array([0.55, 0.0, 1.0])
    patch = mottle(flat, size_m=7.0, octaves=3, seed=81)
    fine = mottle(flat, size_m=0.7, octaves=2, seed=82)
    straw = np.clip(0.36 + 0.42 * patch + 0.20 * fine, 0, 1)[:, None]
    tone = np.clip(1 + 0.16 * mottle(flat, size_m=2.6, seed=83) + 0.12 * fine, 0.4, 1.8)[:, None]
    return np.asarray(share * tone * (GREEN * (1 - straw) + STRAW * straw))


def far_grass() -> Mesh:
    """Set up strips of grass tops beyond the blades, wider and higher with the distance."""
    chance = np.random.default_rng(84)
    strips = []
    for away in np.geomspace(-FAR_M * 0.86, 74, 36):
        half = 8 + 0.78 * away
        step = 0.030 + 0.0042 * away
        count = min(int(2 * half / step), 330)
        x = np.linspace(-half, half, count) + chance.normal(0, 0.2 * step, count)
        z = -away + chance.normal(0, 0.35 + 0.012 * away, count)
        foot = ground_at(x, z)
        high = (0.30 + 0.16 * mottle(np.column_stack([x, 0 * x, z]), size_m=2.4, seed=85)) * (
            0.55 + chance.uniform(0, 1, count)
        )
        high *= 1 + 0.5 * np.clip((away - 40) / 40, 0, 1)
        wide = step * chance.uniform(0.55, 1.1, count)
        lean = chance.normal(0.25, 0.35, count) * high
        points = np.stack(
            [
                np.column_stack([x - wide, foot - 0.05, z]),
                np.column_stack([x + wide, foot - 0.05, z]),
                np.column_stack([x + lean, foot + high, z]),
            ],
            axis=1,
        )
        rgb = meadow_rgb(points[:, 0])[:, None, :] * np.array([0.55, 0.55, 1.25])[None, :, None]
        up = np.broadcast_to([0.0, 0.86, 0.5], (count * 3, 3))
        strips.append(
            mesh_of(
                points.reshape(-1, 3),
                np.arange(3 * count, dtype=np.int32).reshape(-1, 3),
                albedo=rgb.reshape(-1, 3),
                material="leaf",
                normals=up,
            )
        )
    made = joined(strips)
    return replace(
        made, open_sky=np.tile(np.array([0.45, 0.45, 1.0], np.float32), len(made.points_m) // 3)
    )


def ridge(
    away_m: float,
    *,
    high_m: float,
    seed: int,
    rgb: Rgb,
    rough_m: float,
    half_m: float | None = None,
) -> Mesh:
    """Build a far line of hills across the view."""
    half = 1.3 * away_m if half_m is None else half_m
    x = np.linspace(-half, half, 220)
    line = np.column_stack([x, 0 * x, 0 * x])
    top = high_m * (
        0.62
        + 0.36 * mottle(line, size_m=0.55 * away_m, octaves=3, seed=seed)
        + 0.05 * mottle(line, size_m=0.05 * away_m, octaves=3, seed=seed + 1)
    )
    top = np.maximum(top, 0.1 * high_m) + rough_m * mottle(
        line, size_m=2.2 * rough_m, octaves=2, seed=seed + 2
    )
    share = np.array([-0.25, 0.0, 0.35, 0.65, 0.85, 0.96, 1.0])[:, None]
    y = top * share
    z = -away_m - 0.35 * away_m * np.abs(share) ** 1.6 + 0 * x
    points = np.stack([np.broadcast_to(x, y.shape), y, np.broadcast_to(z, y.shape)], axis=-1)
    made = sheet(points, albedo=rgb, material="plaster")
    normals = made.normals * np.sign(made.normals[:, 1:2] + 1e-9)
    made = replace(made, normals=normals.astype(np.float32))
    tone = mottle(made.points_m, size_m=0.06 * away_m, octaves=3, seed=seed + 3)
    return coloured(made, tone, amount=0.25)


def hills() -> list[Mesh]:
    """Build the hills behind the trees."""
    return [
        ridge(230, high_m=17, seed=91, rgb=(0.085, 0.105, 0.060), rough_m=1.6),
        ridge(480, high_m=52, seed=94, rgb=(0.080, 0.098, 0.070), rough_m=2.0),
        ridge(1050, high_m=150, seed=97, rgb=(0.085, 0.095, 0.085), rough_m=3.0),
    ]
