"""What stands in the room: a table with flowers and books, an armchair, a shelf, the curtain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vivant.scene.light import Light, Rgb
from vivant.scene.mesh import Mesh
from vivant.scene.sets import room_plan as plan
from vivant.scene.sets.surfaces import (
    block,
    coloured,
    cushion,
    joined,
    lathe,
    mottle,
    moved,
    sheet,
    tube,
)

LINEN = (0.70, 0.67, 0.61)
WOOD = (0.25, 0.165, 0.105)
SAGE = (0.30, 0.315, 0.27)
STEM = (0.20, 0.27, 0.13)
FLOWERS: tuple[Rgb, ...] = (
    (0.86, 0.80, 0.70),
    (0.84, 0.66, 0.56),
    (0.88, 0.84, 0.78),
    (0.78, 0.52, 0.44),
)
SHEER = (0.90, 0.88, 0.84)


def things() -> list[Mesh]:
    """Build everything that stands still."""
    return [*_table(), *_bouquet(), *_books(), *_chair(), *_shelf(), _rod()]


def _table() -> list[Mesh]:
    x, y, z = plan.TABLE
    r = plan.TABLE_RADIUS_M
    turn = np.linspace(0, 2 * np.pi, 97)
    drop = np.concatenate([[0.0, 0.0, 0.0, 0.0], np.linspace(0.004, 0.25, 8)])
    radius = np.concatenate([np.linspace(0.02, r, 4), np.full(8, r + 0.006)])
    folds = np.concatenate([np.zeros(4), np.linspace(0, 1, 8) ** 1.4])[:, None]
    wave = 0.5 * np.sin(11 * turn + 0.7) + 0.5 * np.sin(17 * turn + 2.1 + 0.8 * np.sin(3 * turn))
    out = radius[:, None] + folds * (0.018 + 0.024 * wave)
    points = np.stack(
        [out * np.cos(turn), -drop[:, None] * (1 + 0.05 * np.sin(4 * turn)), -out * np.sin(turn)],
        axis=-1,
    )
    cloth = moved(sheet(points, albedo=LINEN, material="cloth"), (x, y + 0.004, z))
    cloth = coloured(cloth, mottle(cloth.points_m, size_m=0.05, seed=31), amount=0.03)
    foot = lathe(
        np.array([[0.21, 0.0], [0.21, 0.025], [0.06, 0.06], [0.035, 0.2], [0.045, 0.42], [0.03, 0.6], [0.06, 0.72]]),
        albedo=WOOD, material="wood",
    )  # fmt: skip
    return [cloth, moved(foot, (x, 0, z))]


def _bouquet() -> list[Mesh]:
    chance = np.random.default_rng(41)
    x, y, z = plan.TABLE[0] - 0.08, plan.TABLE[1], plan.TABLE[2] - 0.02
    profile = np.array(
        [[0.0, 0.004], [0.045, 0.004], [0.066, 0.03], [0.078, 0.08], [0.07, 0.13], [0.047, 0.17], [0.043, 0.19], [0.05, 0.205]]
    )  # fmt: skip
    vase = moved(lathe(profile, albedo=(0.62, 0.64, 0.62), material="pearl"), (x, y, z))
    parts = [vase]
    for number in range(15):
        turn, lean = (
            number * 2.4 + chance.normal(0, 0.2),
            0.12 + 0.62 * np.sqrt((number + 0.5) / 15),
        )
        out = np.array([np.sin(lean) * np.cos(turn), np.cos(lean), np.sin(lean) * np.sin(turn)])
        length = 0.25 - 0.07 * lean + chance.uniform(-0.03, 0.03)
        mouth = np.array([x, y + 0.18, z])
        along = np.linspace(0, 1, 6)[:, None]
        stem = mouth + along * out * length + along**2 * np.array([0, -0.02 * lean, 0])
        parts.append(tube(stem, 0.0026, around=5, albedo=STEM, material="leaf"))
        colour = FLOWERS[int(chance.integers(0, len(FLOWERS)))]
        size = float(chance.uniform(0.034, 0.052))
        parts.append(_bloom(chance, stem[-1], out, size, colour))
    for number in range(26):
        turn, lean = number * 2.4 + 0.9, chance.uniform(0.4, 1.25)
        out = np.array([np.sin(lean) * np.cos(turn), np.cos(lean), np.sin(lean) * np.sin(turn)])
        start = np.array([x, y + 0.19, z]) + out * chance.uniform(0.03, 0.12)
        parts.append(
            _blade(
                start, out, float(chance.uniform(0.10, 0.19)), float(chance.uniform(0.012, 0.022))
            )
        )
    return parts


def _bloom(
    chance: np.random.Generator, place: np.ndarray, out: np.ndarray, size: float, colour: Rgb
) -> Mesh:
    """Make a full flower: rings of cupped petals, tighter toward the heart."""
    side = np.cross(out, [0.3, 0.1, 0.9])
    side /= np.linalg.norm(side)
    over = np.cross(out, side)
    u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(0, 1, 5))
    petals = []
    for ring, (count, open_, reach) in enumerate(
        ((7, 1.05, 1.0), (6, 0.66, 0.85), (4, 0.28, 0.62))
    ):
        for number in range(count):
            turn = 2 * np.pi * (number + 0.5 * ring) / count + chance.normal(0, 0.12)
            tilt = open_ * (0.45 + 0.75 * v) + chance.normal(0, 0.06)
            radial = reach * size * v * np.sin(tilt)
            height = reach * size * v * np.cos(tilt) * 1.15 + 0.10 * size * u * u
            wide = reach * size * 0.62 * u * np.sin(np.pi * np.clip(v, 0.08, 0.94) ** 0.8)
            c, s = np.cos(turn), np.sin(turn)
            points = (
                place
                + (radial * c - wide * s)[..., None] * side
                + (radial * s + wide * c)[..., None] * over
                + height[..., None] * out
            )
            shade = np.clip(0.62 + 0.45 * v - 0.10 * ring, 0, 1).reshape(-1, 1)
            petals.append(sheet(points, albedo=np.asarray(colour) * shade, material="leaf"))
    made = joined(petals)
    return replace(made, normals=_rounded(made, place + out * size * 0.4))


def _rounded(mesh: Mesh, centre: np.ndarray) -> np.ndarray:
    """Bend normals outward from a centre, so that many small leaves take light as one soft body."""
    away = mesh.points_m - centre.astype(np.float32)
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
    mixed = 0.45 * mesh.normals * np.sign((mesh.normals * away).sum(axis=1, keepdims=True)) + away
    return np.asarray(
        mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-6), np.float32
    )


def _blade(start: np.ndarray, out: np.ndarray, length: float, wide: float) -> Mesh:
    side = np.cross(out, [0.0, 1.0, 0.05])
    side /= np.linalg.norm(side)
    along = np.linspace(0, 1, 6)[:, None, None]
    across = np.linspace(-1, 1, 3)[None, :, None]
    points = (
        start
        + along * out * length
        - along**2 * np.array([0, 0.35 * length, 0])
        + across * side * wide * np.sin(np.pi * np.clip(along, 0.04, 0.97) ** 0.8)
        + np.abs(across) * np.array([0, 0.3 * wide, 0])
    )
    tone = 0.75 + 0.5 * (hash(round(length * 1e6)) % 97) / 97
    return sheet(points, albedo=tuple(np.asarray(STEM) * tone * 1.2), material="leaf")


def _book(size: tuple[float, float, float], colour: Rgb) -> Mesh:
    """Make a closed book lying flat: boards, a round back, pages."""
    wide, thick, deep = size
    boards = [
        block((0, y, 0), (wide, y + 0.003, deep), albedo=colour, material="cloth", step_m=0.06)
        for y in (0.0, thick - 0.003)
    ]
    back = tube(
        np.linspace([0.0, thick / 2, 0.0], [0.0, thick / 2, deep], 4),
        thick / 2,
        around=10,
        albedo=colour,
        material="cloth",
    )
    pages = block(
        (0.003, 0.003, 0.004),
        (wide - 0.005, thick - 0.003, deep - 0.004),
        albedo=(0.72, 0.67, 0.57),
        material="plaster",
        step_m=0.06,
    )
    return joined([*boards, back, pages])


def _books() -> list[Mesh]:
    x, y, z = plan.TABLE[0] + 0.10, plan.TABLE[1] + 0.005, plan.TABLE[2] + 0.02
    stack = (
        ((0.24, 0.032, 0.17), (0.16, 0.19, 0.22), 0.10),
        ((0.21, 0.026, 0.15), (0.42, 0.30, 0.17), -0.14),
        ((0.18, 0.022, 0.125), (0.55, 0.50, 0.42), 0.22),
    )
    made, height = [], y
    for size, colour, yaw in stack:
        made.append(moved(_book(size, colour), (x, height, z), yaw_rad=yaw))
        height += size[1] + 0.001
    cup = lathe(np.array([[0.0, 0.002], [0.028, 0.002], [0.038, 0.02], [0.042, 0.07], [0.039, 0.07], [0.034, 0.02], [0.0, 0.012]]), albedo=(0.70, 0.69, 0.66), material="pearl", around=20)  # fmt: skip
    return [*made, moved(cup, (plan.TABLE[0] - 0.02, y, plan.TABLE[2] + 0.26))]


def _chair() -> list[Mesh]:
    parts = [
        cushion((0, 0.27, 0.0), (0.34, 0.13, 0.34), power=6, albedo=SAGE, material="cloth"),
        cushion((0, 0.43, 0.03), (0.28, 0.085, 0.31), power=4.5, albedo=SAGE, material="cloth"),
        moved(cushion((0, 0.30, 0.0), (0.33, 0.34, 0.10), power=4.5, cells=16, albedo=SAGE, material="cloth"), (0, 0.36, -0.30), tilt_rad=-0.20),
        cushion((0.37, 0.40, 0.0), (0.085, 0.22, 0.36), power=4, albedo=SAGE, material="cloth"),
        cushion((-0.37, 0.40, 0.0), (0.085, 0.22, 0.36), power=4, albedo=SAGE, material="cloth"),
        moved(cushion((0, 0, 0), (0.21, 0.20, 0.075), power=3.2, albedo=(0.56, 0.46, 0.34), material="cloth"), (0.03, 0.66, -0.15), tilt_rad=-0.32, yaw_rad=0.1),
    ]  # fmt: skip
    for ax in (-0.29, 0.29):
        for az in (-0.28, 0.28):
            legs = np.array([[ax * 1.06, 0.0, az * 1.06], [ax, 0.15, az]])
            parts.append(tube(legs, np.array([0.014, 0.022]), albedo=WOOD, material="wood"))
    parts = [
        coloured(part, mottle(part.points_m, size_m=0.06, seed=51), amount=0.05) for part in parts
    ]
    return [moved(part, plan.CHAIR, yaw_rad=plan.CHAIR_YAW_RAD) for part in parts]


def _shelf() -> list[Mesh]:
    left, right, y = plan.SHELF_LEFT_M, plan.SHELF_RIGHT_M, plan.SHELF_M
    back = plan.BACK_M
    parts = [
        block(
            (left, y - 0.028, back),
            (right, y, back + plan.SHELF_DEEP_M),
            albedo=WOOD,
            material="wood",
            step_m=0.08,
        )
    ]
    tones: tuple[Rgb, ...] = ((0.40, 0.27, 0.16), (0.20, 0.23, 0.24), (0.58, 0.52, 0.43), (0.33, 0.18, 0.14), (0.25, 0.27, 0.21), (0.62, 0.57, 0.49))  # fmt: skip
    x = left + 0.06
    for number, tone in enumerate(tones):
        thick, tall = 0.028 + 0.011 * (number * 7 % 3), 0.19 + 0.018 * (number * 5 % 4)
        parts.append(block((x, y, back + 0.03), (x + thick, y + tall, back + 0.17), albedo=tone, material="cloth", step_m=0.07))  # fmt: skip
        x += thick + 0.002
    bowl = lathe(np.array([[0.0, 0.0], [0.04, 0.0], [0.075, 0.03], [0.105, 0.085], [0.10, 0.085], [0.07, 0.036], [0.0, 0.02]]), albedo=(0.50, 0.50, 0.47), material="pearl")  # fmt: skip
    parts.append(moved(bowl, (right - 0.22, y, back + 0.11)))
    return parts


def _rod() -> Mesh:
    path = np.linspace([plan.CURTAINS[0][0] - 0.12, plan.ROD_M, plan.CURTAIN_M], [plan.CURTAINS[1][1] + 0.14, plan.ROD_M, plan.CURTAIN_M], 9)  # fmt: skip
    return tube(path, 0.012, albedo=WOOD, material="wood")


def curtain(light: Light, *, seconds: float, drawn: bool = False) -> Mesh:
    """Hang the sheer curtain, moving as in a breath of air, with its light already in it."""
    panels = []
    low_m = 0.02
    for number, (left, right) in enumerate(plan.DRAWN if drawn else plan.CURTAINS):
        across, down = np.linspace(0, 1, 85), np.linspace(0, 1, 16)[:, None]
        turns = (6.0 if number else 10.0) if not drawn else 11.0
        phase = 2 * np.pi * turns * across + 0.9 * np.sin(5 * across + number) + 1.3 * number
        deep = 0.034 * (0.55 + 0.45 * down) * (1 + 0.35 * np.sin(2.7 * across * turns))
        air = 0.030 * down**2 * np.sin(0.85 * seconds - 2.2 * across - 1.4 * down + number)
        air = air + 0.014 * down * np.sin(1.9 * seconds + 7 * across + 2 * number)
        x = left + (right - left) * across + 0.016 * np.sin(phase * 0.5 + 1) * down + 0.25 * air
        z = plan.CURTAIN_M + deep * np.sin(phase) + air
        y = plan.ROD_M - (plan.ROD_M - low_m) * down + 0 * across
        points = np.stack([x + 0 * down, y, z], axis=-1)
        panels.append(sheet(points, albedo=SHEER, material="cloth"))
    made = joined(panels)
    return _glowing(made, light)


def _glowing(made: Mesh, light: Light) -> Mesh:
    """Light cloth from outside: it faces the window, as light that comes through does."""
    outward = made.normals * np.where(made.normals[:, 2:] > 0, -1.0, 1.0)
    outward = 0.75 * outward + np.array([0, 0, -0.5])
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    x, y = made.points_m[:, 0], made.points_m[:, 1]
    sun = np.asarray(light.sun)
    over = plan.REVEAL_M / max(-sun[2], 0.2)
    behind_x, behind_y = x + sun[0] * over * 0.5, y + sun[1] * over * 0.5

    def inside(at: np.ndarray, low: float, high: float, soft: float) -> np.ndarray:
        return np.clip(np.minimum(at - low, high - at) / soft + 0.5, 0, 1)

    pane = inside(x, plan.WINDOW_LEFT_M, plan.WINDOW_RIGHT_M, 0.06) * inside(
        y, plan.SILL_M, plan.LINTEL_M, 0.06
    )
    sunny = pane * inside(behind_x, plan.WINDOW_LEFT_M, plan.WINDOW_RIGHT_M, 0.05)
    sunny *= inside(behind_y, plan.SILL_M, plan.LINTEL_M, 0.05)
    for bar in plan.window_bars().tolist():
        shadow = inside(behind_x, bar[0], bar[3], 0.03) * inside(behind_y, bar[1], bar[4], 0.03)
        sunny = sunny * (1 - 0.45 * shadow)
    spill = np.exp(-np.maximum(plan.SILL_M - y, 0) / 0.30) * 0.16 + 0.10
    return replace(
        made,
        normals=outward.astype(np.float32),
        open_sky=np.clip(0.85 * pane + spill * (1 - pane), 0, 1).astype(np.float32),
        sunlit=(0.8 * sunny).astype(np.float32),
    )
