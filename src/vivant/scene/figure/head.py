"""Head, neck and ears."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Colour, Dress
from vivant.scene.figure.part import (
    Grid,
    Part,
    around,
    coloured,
    ellipses,
    skinned,
    smoothstep,
    table,
    woven,
)

CHIN, TALL = 0.872, 0.128
"""The chin over the floor, and from there to the crown, in body heights."""
EYES = 0.50
"""Height of the eyes between chin and crown."""
MIDDLE_Z = 0.004
"""The head's axis before the body's, in body heights."""
_PROFILE = (  # height over the chin, half width, front, back; all in heads
    (-0.34, 0.250, 0.215, 0.310),
    (-0.20, 0.243, 0.215, 0.310),
    (-0.06, 0.250, 0.250, 0.312),
    (-0.01, 0.262, 0.345, 0.316),
    (0.05, 0.272, 0.392, 0.325),
    (0.10, 0.284, 0.398, 0.338),
    (0.18, 0.304, 0.388, 0.362),
    (0.26, 0.320, 0.412, 0.390),
    (0.34, 0.332, 0.410, 0.418),
    (0.44, 0.343, 0.408, 0.448),
    (0.50, 0.350, 0.402, 0.462),
    (0.57, 0.357, 0.424, 0.474),
    (0.66, 0.362, 0.424, 0.482),
    (0.76, 0.352, 0.404, 0.470),
    (0.86, 0.308, 0.340, 0.420),
    (0.93, 0.240, 0.255, 0.335),
    (0.975, 0.155, 0.160, 0.220),
    (1.0, 0.030, 0.030, 0.045),
)
RINGS = np.concatenate(
    [np.linspace(-0.34, -0.02, 6), np.linspace(0.02, 0.86, 20), [0.90, 0.935, 0.965, 0.985, 1.0]]
)
AROUND = 32


def head_grid(
    build: Build,
    heights: Float64[np.ndarray, " rings"],
    *,
    more: float | np.ndarray = 0.0,
    segments: int = AROUND,
) -> Grid:
    """Lay rings of the head's surface, at heights over the chin in heads, grown by a part of a head."""
    size = TALL * build.height_m
    rows = table(_PROFILE, np.clip(heights, -0.34, 1.0))
    angles = around(segments)
    centres = np.column_stack(
        [0 * heights, CHIN / TALL + heights, np.full(len(heights), MIDDLE_Z / TALL)]
    )
    grid = ellipses(centres, rows[:, 0], rows[:, 1], rows[:, 2], angles, square=2.15)
    turned = np.arctan2(grid[..., 0], grid[..., 2] - MIDDLE_Z / TALL)
    jaw = smoothstep(0.36, 0.0, heights) * smoothstep(-0.15, -0.02, heights)
    grid[..., 0] *= 1 - 0.42 * jaw[:, None] * smoothstep(0.95, 0.35, np.abs(turned))
    nose = np.exp(-((turned / 0.13) ** 2))
    bridge = np.interp(heights, [0.33, 0.37, 0.42, 0.54, 0.60], [0.0, 0.105, 0.085, 0.030, 0.0])
    sockets = np.exp(
        -(((np.abs(turned) - 0.42) / 0.17) ** 2) - ((heights[:, None] - EYES) / 0.055) ** 2
    )
    grid[..., 2] += bridge[:, None] * nose - 0.030 * sockets
    away = np.stack([np.sin(turned), 0 * turned, np.cos(turned)], -1)
    grown = np.asarray(more)
    grid += (grown[..., None] if grown.ndim == 2 else grown) * away
    return grid * size


def head_parts(build: Build, dress: Dress) -> list[Part]:
    """Make the bare head with its neck, and the ears."""
    grid = head_grid(build, RINGS)
    points, triangles = woven(grid, close_last=True)
    parts = [_headed("head", points, triangles, build, dress.skin, "skin", seed=23, vary=0.05)]
    if dress.hat != "headscarf" and dress.hair not in ("medium", "long"):
        for side in (1.0, -1.0):
            ear = _ear(side, build)
            parts.append(_headed("ear", *ear, build, dress.skin, "skin", seed=25, vary=0.04))
    return parts


def _ear(side: float, build: Build) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.linspace(0.25, np.pi - 0.25, 7), around(10)
    ball = np.empty((7, 10, 3))
    ball[..., 0] = 0.035 * np.sin(a)[:, None] * np.cos(b)
    ball[..., 1] = 0.135 * np.cos(a)[:, None]
    ball[..., 2] = 0.075 * np.sin(a)[:, None] * np.sin(b)
    ball[..., 0] = side * (0.352 + ball[..., 0] - 0.35 * ball[..., 2] * 0.6)
    ball[..., 1] += CHIN / TALL + 0.44
    ball[..., 2] += MIDDLE_Z / TALL - 0.035
    points, triangles = woven(ball, close_first=True, close_last=True)
    return points * TALL * build.height_m, triangles


def _headed(
    name: str,
    points: np.ndarray,
    triangles: np.ndarray,
    build: Build,
    colour: Colour,
    material: str,
    *,
    seed: int,
    vary: float,
) -> Part:
    return Part(
        name=name,
        points_m=points,
        triangles=triangles,
        albedo=coloured(points, colour, seed=seed, vary=vary),
        material=material,
        weights=head_weights(points, build),
    )


def over_chin(points: np.ndarray, build: Build) -> np.ndarray:
    """Give heights over the chin, in heads."""
    return np.asarray((points[:, 1] / build.height_m - CHIN) / TALL)


def head_weights(points: np.ndarray, build: Build) -> np.ndarray:
    """Follow the head; the neck bends between head and chest, and what lies on the shoulders stays there."""
    y = over_chin(points, build)
    head = smoothstep(-0.16, 0.06, y)
    neck = smoothstep(-0.50, -0.24, y) * (1 - head)
    return skinned(points, {"head": head, "neck": neck, "chest": 1 - head - neck})
