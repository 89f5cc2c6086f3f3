"""Hats: peaked caps, brimmed hats, headscarves, knitted caps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.head import CHIN, MIDDLE_Z, RINGS, TALL, head_grid, head_weights
from vivant.scene.figure.part import Part, around, coloured, smoothstep, woven

SEGMENTS = 36
_WIDE, _FRONT, _BACK = 0.400, 0.455, 0.535
"""Half axes of a hat band, in heads."""


def hat_parts(build: Build, dress: Dress) -> list[Part]:
    """Make the hat."""
    made = {
        "none": _none,
        "peaked": _peaked,
        "brimmed": _brimmed,
        "headscarf": _scarf,
        "knitted": _knitted,
    }
    return made[dress.hat](build, dress)


def _none(build: Build, dress: Dress) -> list[Part]:
    del build, dress
    return []


def _turned(
    rows: Sequence[tuple[float, float]], *, tilt: float = 0.0, rise_front: float = 0.0
) -> np.ndarray:
    """Turn a profile of height over the chin and size about an oval head band."""
    angles = around(SEGMENTS)
    values = np.asarray(rows)
    depth = np.where(np.cos(angles) > 0, _FRONT, _BACK)
    grid = np.empty((len(values), SEGMENTS, 3))
    grid[..., 0] = values[:, 1:] * _WIDE * np.sin(angles)
    grid[..., 2] = values[:, 1:] * depth * np.cos(angles)
    grid[..., 1] = values[:, :1] + tilt * grid[..., 2] + rise_front * np.cos(angles)
    return grid


def _placed(
    name: str,
    grid: np.ndarray,
    build: Build,
    colour: Sequence[float],
    *,
    close: bool = True,
    vary: float = 0.08,
    material: str = "cloth",
) -> Part:
    points, triangles = woven(grid, close_last=close)
    points = np.add(points, [0, CHIN / TALL, MIDDLE_Z / TALL]) * TALL * build.height_m
    return Part(
        name=name,
        points_m=points,
        triangles=triangles,
        albedo=coloured(points, colour, seed=41, vary=vary),
        material=material,
        weights=head_weights(points, build),
    )


def _peaked(build: Build, dress: Dress) -> list[Part]:
    top = _turned(
        ((0.70, 0.97), (0.71, 1.0), (0.80, 1.01), (0.86, 1.02), (0.875, 1.06), (0.93, 1.20), (0.985, 1.285),
         (1.02, 1.29), (1.045, 1.24), (1.06, 1.05), (1.068, 0.6), (1.07, 0.05)), tilt=0.10,
    )  # fmt: skip
    crown = smoothstep(0.88, 1.0, top[..., 1] - 0.10 * top[..., 2])
    top[..., 1] += 0.05 * crown * np.cos(around(SEGMENTS))
    part = _placed("hat", top, build, dress.hat_colour)
    band = (np.arange(len(part.points_m)) < SEGMENTS * 4)[:, None]
    albedo = np.where(band, np.asarray(dress.hat_colour) * 0.35, part.albedo)
    whole = Part(
        name="hat",
        points_m=part.points_m,
        triangles=part.triangles,
        albedo=np.clip(albedo, 0.004, 0.92),
        material="cloth",
        weights=part.weights,
    )
    a = np.linspace(-1.15, 1.15, 25)
    visor = np.empty((6, 25, 3))
    for ring, share in enumerate(np.linspace(0, 1, 6)):
        reach = 0.20 * share * np.cos(a / 1.15 * np.pi / 2) ** 0.6
        visor[ring, :, 0] = (_WIDE + 0.25 * reach) * np.sin(a)
        visor[ring, :, 2] = (_FRONT + reach) * np.cos(a)
        visor[ring, :, 1] = 0.745 - 0.115 * share * np.cos(a) ** 2 + 0.02 * np.cos(a)
    points, triangles = woven(visor, round_=False)
    points = np.add(points, [0, CHIN / TALL, MIDDLE_Z / TALL]) * TALL * build.height_m
    peak = Part(
        name="visor",
        points_m=points,
        triangles=triangles,
        albedo=coloured(points, (0.015, 0.015, 0.017), seed=43, vary=0.02),
        material="leather",
        weights=head_weights(points, build),
    )
    return [whole, peak]


def _brimmed(build: Build, dress: Dress) -> list[Part]:
    grid = _turned(
        ((0.735, 1.62), (0.722, 1.64), (0.728, 1.60), (0.735, 1.35), (0.745, 1.06), (0.765, 1.0), (0.83, 0.985),
         (0.90, 0.955), (1.00, 0.90), (1.09, 0.83), (1.125, 0.74), (1.115, 0.55), (1.075, 0.30), (1.065, 0.04)),
        tilt=0.06,
    )  # fmt: skip
    angles = around(SEGMENTS)
    wide = smoothstep(1.1, 1.6, np.hypot(grid[..., 0] / _WIDE, grid[..., 2] / _BACK))
    grid[..., 1] += wide * (
        0.055 * np.sin(angles) ** 2 - 0.05 * np.cos(angles) ** 2 * (np.cos(angles) > 0)
    )
    top = smoothstep(1.0, 1.09, grid[..., 1])
    grid[..., 0] *= 1 - 0.16 * top * smoothstep(0.2, 1.0, np.cos(angles))
    part = _placed("hat", grid, build, dress.hat_colour)
    ribbon = np.zeros(len(part.points_m), bool)
    ribbon[SEGMENTS * 5 : SEGMENTS * 7] = True
    part.albedo[ribbon] *= 0.45
    return [part]


def _knitted(build: Build, dress: Dress) -> list[Part]:
    grid = _turned(
        ((0.64, 0.95), (0.63, 1.0), (0.65, 1.045), (0.70, 1.05), (0.745, 1.03), (0.75, 0.99), (0.85, 0.95),
         (0.95, 0.83), (1.03, 0.62), (1.075, 0.36), (1.09, 0.05)), tilt=0.12,
    )  # fmt: skip
    ribs = 1 + 0.008 * np.sin(22 * around(SEGMENTS))
    grid[..., 0] *= ribs
    grid[..., 2] *= ribs
    return [_placed("hat", grid, build, dress.hat_colour, vary=0.14)]


def _scarf(build: Build, dress: Dress) -> list[Part]:
    heights = np.concatenate([np.linspace(-0.42, -0.02, 8), RINGS[RINGS > 0.0]])
    angle = np.abs(np.angle(np.exp(1j * around(SEGMENTS))))[None]
    y = heights[:, None]
    open_ = smoothstep(0.80, 0.62, angle) * smoothstep(0.70, 0.62, y) * smoothstep(-0.03, 0.05, y)
    folds = 0.010 * np.sin(9 * angle + 7 * y) + 0.008 * np.sin(17 * y + 2 * angle)
    more = (0.070 + folds + 0.03 * smoothstep(0.2, -0.1, y)) * (1 - open_) - 0.04 * open_
    grid = head_grid(build, heights, more=more, segments=SEGMENTS)
    size = TALL * build.height_m
    behind = smoothstep(1.9, 2.8, angle) * smoothstep(0.35, 0.0, y)
    grid[..., 2] -= 0.06 * size * behind
    points, triangles = woven(grid, close_last=True)
    return [
        Part(
            name="hat",
            points_m=points,
            triangles=triangles,
            albedo=coloured(points, dress.hat_colour, seed=47, vary=0.14),
            material="cloth",
            weights=head_weights(points, build),
        )
    ]
