"""The lake's surroundings: jetty, reeds, the far shore's wood, and hills behind one another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32

from vivant.scene.mesh import Mesh
from vivant.scene.sets import lake_plan as plan
from vivant.scene.sets.meadow_ground import ridge
from vivant.scene.sets.meadow_trees import wood
from vivant.scene.sets.surfaces import (
    block,
    coloured,
    facing,
    joined,
    mesh_of,
    mottle,
    moved,
    repeated,
    tube,
    wall,
)

BOARD = (0.215, 0.185, 0.150)
REED = np.array([0.30, 0.27, 0.15])


def jetty() -> list[Mesh]:
    """Lay a jetty of weathered boards on posts."""
    chance = np.random.default_rng(131)
    left, right = plan.JETTY_LEFT_M, plan.JETTY_RIGHT_M
    parts = []
    z = plan.JETTY_NEAR_M
    while z > plan.JETTY_FAR_M:
        deep = float(chance.uniform(0.125, 0.150))
        out = chance.uniform(-0.025, 0.025, 2)
        board = block(
            (left + out[0], -0.034, z - deep), (right + out[1], 0.0, z - 0.009), albedo=BOARD, material="wood", step_m=0.16,
        )  # fmt: skip
        points = board.points_m * np.array([0.5, 1.0, 4.0])
        board = coloured(
            board, mottle(points, size_m=0.10, octaves=3, seed=132), amount=0.20, warm=0.02
        )
        lift = (0.0, float(chance.normal(0, 0.003)), 0.0)
        tone = float(chance.uniform(0.78, 1.18))
        parts.append(moved(replace(board, albedo=(board.albedo * tone).astype(np.float32)), lift))
        z -= deep
    for x in (left + 0.12, right - 0.12):
        beam = block((x - 0.05, -0.17, plan.JETTY_FAR_M), (x + 0.05, -0.035, plan.JETTY_NEAR_M), albedo=(0.10, 0.085, 0.07), material="wood", step_m=0.4)  # fmt: skip
        parts.append(beam)
    for number, z in enumerate(np.linspace(plan.JETTY_NEAR_M - 0.6, plan.JETTY_FAR_M + 0.12, 6)):
        for x in (left - 0.03, right + 0.03):
            top = 0.34 if number == 5 else 0.05
            path = np.array(
                [
                    [x, plan.WATER_M - 0.5, z],
                    [x, plan.WATER_M + 0.05, z],
                    [x, -0.1, z],
                    [x, top, z],
                    [x, top + 0.02, z],
                ]
            )
            post = tube(
                path,
                np.array([0.075, 0.075, 0.07, 0.066, 0.02]),
                around=10,
                albedo=(0.13, 0.105, 0.08),
                material="wood",
            )
            wet = np.where(post.points_m[:, 1] < plan.WATER_M + 0.12, 0.5, 1.0)[:, None]
            parts.append(replace(post, albedo=(post.albedo * wet).astype(np.float32)))
    return parts


def surface() -> Mesh:
    """Build the water's own surface, for depth and for those who draw no reflections."""
    z = np.concatenate([[12.0], np.linspace(8, -40, 60), -np.geomspace(44, 1500, 30)])
    u = np.linspace(-1, 1, 25)
    x = (14 + 1.15 * np.abs(z - 8))[:, None] * u
    points = np.stack(
        [x, np.full(x.shape, plan.WATER_M), np.broadcast_to(z[:, None], x.shape)], axis=-1
    )
    flat = wall((0, 0, 0), (1, 0, 0), (0, 0, -1), u_m=u, v_m=np.arange(len(z), dtype=float), albedo=(0.02, 0.034, 0.036), material="water")  # fmt: skip
    made = facing(replace(flat, points_m=points.reshape(-1, 3).astype(np.float32)), (0, 1, 0))
    return replace(made, open_sky=np.full(len(made.points_m), 0.2, np.float32))


def far_shore() -> list[Mesh]:
    """Build the other side: a wood's edge, and hills."""
    base = plan.WATER_M - 0.1
    parts = [
        wood((-190, -38), away_m=plan.SHORE_M, bow=0.0018, high_m=(8, 13), seed=141, rgb=(0.070, 0.088, 0.045), step_m=0.32, leaves=2200),
        wood((18, 200), away_m=plan.SHORE_M + 25, bow=0.0016, high_m=(8, 14), seed=144, rgb=(0.072, 0.088, 0.046), step_m=0.34, leaves=2200),
        wood((-240, 240), away_m=plan.SHORE_M + 130, bow=0.0004, high_m=(9, 14), seed=147, rgb=(0.072, 0.086, 0.052), step_m=0.75, leaves=1200),
        ridge(430, high_m=46, seed=151, rgb=(0.072, 0.088, 0.062), rough_m=2.4),
        ridge(820, high_m=125, seed=154, rgb=(0.075, 0.088, 0.075), rough_m=3.0),
        ridge(1500, high_m=300, seed=157, rgb=(0.08, 0.09, 0.09), rough_m=4.0),
    ]  # fmt: skip
    return [moved(part, (0.0, base, 0.0)) for part in parts]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reeds:
    """Reeds at rest, and how they give way to the wind."""

    mesh: Mesh
    gives_m: Float32[np.ndarray, " points"]
    phase: Float32[np.ndarray, " points"]

    def at(self, seconds: float) -> Mesh:
        """Bend them."""
        t = np.float32(seconds)
        push = self.gives_m * (
            np.float32(0.4)
            + np.float32(0.45) * np.sin(np.float32(0.8) * t + self.phase)
            + np.float32(0.2) * np.sin(np.float32(2.1) * t + np.float32(3.0) * self.phase)
        )
        points = self.mesh.points_m.copy()
        points[:, 0] += push
        points[:, 2] += np.float32(0.3) * push
        return replace(self.mesh, points_m=points)


_CLUMPS = (
    # middle along x and z, half widths, stems
    (3.6, -5.2, 1.3, 1.5, 260),
    (5.9, -8.5, 2.0, 1.6, 300),
    (9.5, -13.0, 3.0, 2.0, 300),
    (-5.4, -6.5, 1.2, 1.2, 200),
    (-9.0, -12.0, 2.8, 1.6, 260),
    (2.7, -3.1, 0.4, 0.5, 50),
)


def reeds() -> Reeds:
    """Grow reeds in clumps: stems, long leaves, and dark heads on some."""
    chance = np.random.default_rng(161)
    root = np.concatenate(
        [
            np.array([x, z]) + chance.normal(0, 0.5, (count, 2)) * np.array([wide, deep])
            for x, z, wide, deep, count in _CLUMPS
        ]
    )
    count = len(root)
    tall = chance.uniform(0.75, 1.75, count) * (0.85 + 0.15 * chance.uniform(size=count))
    lean = chance.normal(0, 0.10, (count, 2))
    away = np.maximum(1.0, (4.0 - root[:, 1]) / 9)
    foot = np.column_stack([root[:, 0], np.full(count, plan.WATER_M - 0.08), root[:, 1]])

    def stem(share: float) -> np.ndarray:
        out = foot.copy()
        out[:, 1] += tall * share
        out[:, [0, 2]] += lean * (tall * share**1.6)[:, None]
        return out

    thin = np.column_stack([0.0042 * away, np.zeros(count), np.zeros(count)])
    stems = np.stack(
        [foot - thin, foot + thin, stem(0.55) - 0.8 * thin, stem(0.55) + 0.8 * thin, stem(1.0)],
        axis=1,
    )
    headed = (chance.uniform(size=count) < 0.30)[:, None]
    thick = np.where(headed, 2.7, 0.0) * thin
    heads = np.stack(
        [
            stem(0.87) - 0.5 * thick,
            stem(0.87) + 0.5 * thick,
            stem(0.90) - thick,
            stem(0.90) + thick,
            stem(0.985),
        ],
        axis=1,
    )
    turn = chance.uniform(0, 2 * np.pi, count)
    out = np.column_stack([np.cos(turn), np.zeros(count), np.sin(turn)])
    begin = stem(0.18)
    droop = chance.uniform(0.15, 0.6, count)[:, None]

    def leaf(share: float) -> np.ndarray:
        up = np.column_stack(
            [
                np.zeros(count),
                tall * 0.75 * (share - 0.35 * droop[:, 0] * share**3),
                np.zeros(count),
            ]
        )
        return np.asarray(begin + up + out * (tall[:, None] * droop * 0.55 * share**2))

    wide = 1.9 * thin
    leaves = np.stack(
        [
            leaf(0.0) - wide * 0.6,
            leaf(0.0) + wide * 0.6,
            leaf(0.5) - wide,
            leaf(0.5) + wide,
            leaf(1.0),
        ],
        axis=1,
    )
    faces = [(0, 1, 2), (1, 3, 2), (2, 3, 4)]
    tone = chance.uniform(0.65, 1.3, (count, 1, 1))
    shade = np.array([0.4, 0.4, 0.9, 0.9, 1.2])[None, :, None]
    green = np.array([0.155, 0.185, 0.075])
    brown = np.array([0.115, 0.065, 0.035])
    parts = []
    for points, rgb, stress in (
        (stems, REED * tone * shade, np.array([0.0, 0.0, 0.3, 0.3, 1.0])),
        (heads, brown * tone * np.ones((1, 5, 1)), np.array([0.78, 0.78, 0.84, 0.84, 0.98])),
        (
            leaves,
            (0.55 * green + 0.45 * REED) * tone * shade,
            np.array([0.04, 0.04, 0.35, 0.35, 1.0]),
        ),
    ):
        normals = np.broadcast_to([0.0, 0.62, 0.78], (count * 5, 3))
        made = mesh_of(
            points.reshape(-1, 3),
            repeated(count, 5, faces),
            albedo=rgb.reshape(-1, 3),
            material="leaf",
            normals=normals,
        )
        dim = np.tile(np.array([0.45, 0.45, 0.8, 0.8, 1.0], np.float32), count)
        made = replace(made, open_sky=dim, sunlit=dim)
        parts.append((made, (0.16 * tall[:, None] * stress).ravel()))
    phase = np.repeat(0.5 * root[:, 0] + 0.3 * root[:, 1] + chance.normal(0, 0.25, count), 5)
    return Reeds(
        mesh=joined([mesh for mesh, _ in parts]),
        gives_m=np.concatenate([gives for _, gives in parts]).astype(np.float32),
        phase=np.tile(phase, 3).astype(np.float32),
    )
