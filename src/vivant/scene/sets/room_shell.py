"""The room itself: walls, floor, ceiling, window, and the garden that shows through it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from vivant.scene.mesh import Mesh
from vivant.scene.sets import room_plan as plan
from vivant.scene.sets.meadow_trees import wood
from vivant.scene.sets.surfaces import block, coloured, facing, joined, mottle, moved, sheet, wall

PLASTER = (0.66, 0.62, 0.56)
OAK = (0.30, 0.205, 0.135)
PAINT = (0.74, 0.72, 0.68)


def shell() -> list[Mesh]:
    """Build walls, floor, ceiling and the window's wood."""
    return [*_walls(), _floor(), *_window()]


def _lines(*stops: float, step_m: float) -> np.ndarray:
    """Give lines no further apart than a step, with one at every stop."""
    parts = [
        np.linspace(a, b, max(2, 1 + int(np.ceil((b - a) / step_m))))[:-1]
        for a, b in pairwise(stops)
    ]
    return np.concatenate([*parts, [stops[-1]]])


def _plaster(mesh: Mesh) -> Mesh:
    """Give a wall the clouds and fine grain of hand-laid plaster, and bend its normals as little as a hand would."""
    wide = mottle(mesh.points_m, size_m=0.9, octaves=4, seed=3)
    fine = mottle(mesh.points_m, size_m=0.09, octaves=2, seed=4)
    mesh = coloured(mesh, wide, amount=0.055, warm=0.018)
    mesh = coloured(mesh, fine, amount=0.022)
    slope = np.column_stack(
        [mottle(mesh.points_m, size_m=0.28, octaves=2, seed=seed) for seed in (5, 6, 7)]
    )
    normals = mesh.normals + 0.035 * slope
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return replace(mesh, normals=normals.astype(np.float32))


def _walls() -> list[Mesh]:
    left, right, back, front, top = (
        plan.LEFT_M, plan.RIGHT_M, plan.BACK_M, plan.FRONT_M, plan.HEIGHT_M,
    )  # fmt: skip
    x = _lines(left, plan.WINDOW_LEFT_M, plan.WINDOW_RIGHT_M, right, step_m=0.085)
    y = _lines(0.0, plan.SILL_M, plan.LINTEL_M, top, step_m=0.085)
    mid_x, mid_y = (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
    hole = ((mid_x > plan.WINDOW_LEFT_M) & (mid_x < plan.WINDOW_RIGHT_M))[None, :] & (
        (mid_y > plan.SILL_M) & (mid_y < plan.LINTEL_M)
    )[:, None]
    rear = wall(
        (0, 0, back),
        (1, 0, 0),
        (0, 1, 0),
        u_m=x,
        v_m=y,
        albedo=PLASTER,
        material="plaster",
        holes=hole,
    )
    z = _lines(back, -0.7, front, step_m=0.036)
    z = np.concatenate([z[z < -0.7], _lines(-0.7, front, step_m=0.15)])
    yy = np.concatenate([_lines(0.0, 1.9, step_m=0.036), _lines(1.9, top, step_m=0.12)[1:]])
    east = wall(
        (right, 0, 0), (0, 0, 1), (0, 1, 0), u_m=z, v_m=yy, albedo=PLASTER, material="plaster"
    )
    zz, rough = _lines(back, front, step_m=0.16), _lines(0.0, top, step_m=0.16)
    west = wall(
        (left, 0, 0), (0, 0, 1), (0, 1, 0), u_m=zz, v_m=rough, albedo=PLASTER, material="plaster"
    )
    west = facing(west, [1, 0, 0])
    east = facing(east, [-1, 0, 0])
    xx = _lines(left, right, step_m=0.2)
    ceiling = wall(
        (0, top, 0),
        (1, 0, 0),
        (0, 0, 1),
        u_m=xx,
        v_m=zz,
        albedo=(0.74, 0.72, 0.68),
        material="plaster",
    )
    ceiling = facing(ceiling, [0, -1, 0])
    skirting = [
        block(
            (left, 0, back),
            (right, 0.11, back + 0.018),
            albedo=PAINT,
            material="plaster",
            step_m=0.12,
        ),
        block(
            (right - 0.018, 0, back),
            (right, 0.11, front),
            albedo=PAINT,
            material="plaster",
            step_m=0.12,
        ),
        block(
            (left, 0, back),
            (left + 0.018, 0.11, front),
            albedo=PAINT,
            material="plaster",
            step_m=0.2,
        ),
    ]
    return [_plaster(rear), _plaster(east), _plaster(west), ceiling, *skirting]


def _floor() -> Mesh:
    """Lay oak boards, each of its own tone, with dark joints."""
    chance = np.random.default_rng(11)
    wide, joint = 0.145, 0.005
    boards = []
    for number, left in enumerate(np.arange(plan.LEFT_M, plan.RIGHT_M, wide)):
        right = min(left + wide, plan.RIGHT_M)
        u = np.array([left, left + joint, left + joint + 0.006, (left + right) / 2, right])
        v = _lines(plan.BACK_M, plan.FRONT_M, step_m=0.075)
        board = wall((0, 0, 0), (1, 0, 0), (0, 0, 1), u_m=u, v_m=v, albedo=OAK, material="wood")
        points = board.points_m * np.array([5.0, 1.0, 0.45])
        grain = mottle(points + number * 7.3, size_m=0.16, octaves=3, seed=12)
        ends = np.floor((board.points_m[:, 2] + number * 0.83) / 1.6)
        tone = 1 + 0.16 * (np.sin(ends * 12.9 + number * 78.2) % 1.0 - 0.5) + 0.05 * chance.normal()
        board = coloured(board, grain, amount=0.13, warm=0.02)
        dark = np.where(np.arange(len(board.points_m)) % 5 < 2, 0.35, 1.0) * tone
        board = facing(board, [0, 1, 0])
        boards.append(replace(board, albedo=(board.albedo * dark[:, None]).astype(np.float32)))
    return joined(boards)


def _window() -> list[Mesh]:
    left, right, low, high = plan.WINDOW_LEFT_M, plan.WINDOW_RIGHT_M, plan.SILL_M, plan.LINTEL_M
    back, glass = plan.BACK_M, plan.GLASS_M
    parts = [
        block((b[0], b[1], b[2]), (b[3], b[4], b[5]), albedo=PAINT, material="wood", step_m=0.1)
        for b in plan.window_bars().tolist()
    ]
    deep = _lines(glass, back, step_m=0.08)
    up, across = _lines(low, high, step_m=0.1), _lines(left, right, step_m=0.1)
    for x, sign in ((left, 1.0), (right, -1.0)):
        side = wall(
            (x, 0, 0), (0, 0, 1), (0, 1, 0), u_m=deep, v_m=up, albedo=PLASTER, material="plaster"
        )
        parts.append(facing(side, [sign, 0, 0]))
    lintel = wall(
        (0, high, 0), (1, 0, 0), (0, 0, 1), u_m=across, v_m=deep, albedo=PLASTER, material="plaster"
    )
    parts.append(facing(lintel, [0, -1, 0]))
    parts.append(
        block(
            (left - 0.07, low - 0.035, glass),
            (right + 0.07, low, back + 0.075),
            albedo=PAINT,
            material="wood",
            step_m=0.08,
        )
    )
    return parts


def garden() -> Mesh:
    """Build what is seen outside, too bright and too soft to make out: a lawn, bushes, trees."""
    near, far = -7.0, -34.0
    x, z = np.meshgrid(np.linspace(-26, 14, 60), np.linspace(near, far, 24))
    lawn = sheet(
        np.stack([x, np.full(x.shape, -0.9), z], axis=-1),
        albedo=(0.44, 0.46, 0.30),
        material="plaster",
    )
    streaks = lawn.points_m * np.array([0.4, 1.0, 1.0])
    lawn = coloured(
        facing(lawn, (0, 1, 0)),
        mottle(streaks, size_m=2.0, octaves=3, seed=21),
        amount=0.25,
        warm=0.05,
    )
    trees = wood(
        (-34, 22), away_m=-far - 2, bow=0.004, high_m=(3.6, 8.0), seed=23, rgb=(0.30, 0.33, 0.20), step_m=0.11, leaves=2400, gap=(-14.0, 8.0),
    )  # fmt: skip
    bushes = wood(
        (-20, 12), away_m=17.0, bow=0.012, high_m=(1.4, 3.0), seed=27, rgb=(0.28, 0.31, 0.18), step_m=0.06, leaves=1600, gap=(-5.0, 6.5),
    )  # fmt: skip
    return joined([lawn, moved(trees, (0, -1.0, 0)), moved(bushes, (0, -1.0, 0))])
