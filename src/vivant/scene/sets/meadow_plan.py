"""Where everything in the meadow stands. The person is at the origin and faces +z; the sun is behind, to the left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Float64

from vivant.scene.mesh import Mesh
from vivant.scene.sets.meadow_trees import Tree, wood
from vivant.scene.sets.surfaces import mottle

SUN_YAW_RAD = np.pi + 0.30
HAZE_PER_M = 0.0020
NEAR_M, FAR_M = 5.0, -15.0
"""Grass stands blade by blade from here to there along z."""


def ground_at(
    x_m: Float[np.ndarray, "*places"], z_m: Float[np.ndarray, "*places"]
) -> Float64[np.ndarray, "*places"]:
    """Give the height of the ground: level round the person, and softly rolling farther away."""
    x, z = np.asarray(x_m, np.float64), np.asarray(z_m, np.float64)
    flat = np.column_stack([x.ravel(), np.zeros(x.size), z.ravel()])
    away = np.hypot(x, z).ravel()
    swell = 0.10 * mottle(flat, size_m=3.2, octaves=2, seed=61) * np.clip(away / 5, 0, 1)
    roll = 0.9 * mottle(flat, size_m=34.0, octaves=2, seed=62) * np.clip((away - 12) / 50, 0, 1)
    bowl = -0.012 * np.clip(away - 6, 0, 45) + 0.020 * np.clip(away - 60, 0, 200)
    return np.asarray((swell + roll + bowl).reshape(x.shape))


GAP = (-19.0, 15.0)
"""Where the wood sinks, so that the sun is seen: middle along x and half the width."""


def trees() -> tuple[Tree, ...]:
    """Give the trees that stand by themselves."""
    stands = (
        Tree(place_m=(11.0, 0.0, -26.0), height_m=10.5, wide_m=9.6, seed=64, leaves=13500, leaf_m=0.135, lobes=26, clear=0.17, fine=True),
        Tree(place_m=(-27.0, 0.0, -47.0), height_m=8.0, wide_m=7.4, seed=65, leaves=3600, leaf_m=0.24, lobes=11, clear=0.14),
    )  # fmt: skip
    return tuple(_rooted(tree) for tree in stands)


def _rooted(tree: Tree) -> Tree:
    x, _, z = tree.place_m
    return replace(tree, place_m=(x, float(ground_at(np.array([x]), np.array([z]))[0]) - 0.1, z))


def woods() -> list[Mesh]:
    """Build the edges of two woods, one behind the other."""
    return [
        wood((-62, 66), away_m=74.0, bow=0.0035, high_m=(6.5, 10.5), seed=70, rgb=(0.088, 0.112, 0.048), gap=GAP),
        wood((-120, 130), away_m=135.0, bow=0.001, high_m=(7, 11), seed=74, rgb=(0.080, 0.098, 0.050), step_m=0.6, leaves=1000, gap=(-36.0, 24.0)),
    ]  # fmt: skip
