"""Hair: a shell over the head whose edge sinks into the skin along the hairline."""

from __future__ import annotations

import numpy as np

from vivant.scene.figure.build import Build
from vivant.scene.figure.dress import Dress
from vivant.scene.figure.head import CHIN, MIDDLE_Z, RINGS, TALL, head_grid, head_weights
from vivant.scene.figure.part import Part, around, smoothstep, woven

_THICK = {
    "short": 0.050,
    "medium": 0.085,
    "long": 0.085,
    "bun": 0.040,
    "bald": 0.0,
    "balding": 0.040,
    "curly": 0.15,
}
_NAPE = {"short": 0.06, "balding": 0.08, "curly": 0.02, "medium": -0.10, "long": -0.10, "bun": 0.10}
SEGMENTS = 36


def hair_parts(build: Build, dress: Dress) -> list[Part]:
    """Make the hair that shows: all of it, or what a hat leaves free."""
    if dress.hair == "bald" or dress.hat == "headscarf":
        return []
    crown = RINGS if dress.hat == "none" else RINGS[RINGS < 0.88]
    lowest = _NAPE[dress.hair]
    if dress.hair in ("medium", "long"):
        end = -0.14 if dress.hair == "medium" else -1.25
        falling = np.linspace(end, 0.10, 8 if dress.hair == "medium" else 18)
        heights = np.concatenate([falling, crown[crown > 0.13]])
    else:
        heights = crown[crown > lowest - 0.12]
    grid = _shell(build, dress, heights)
    points, triangles = woven(grid, close_last=dress.hat == "none")
    parts = [_strands(points, triangles, build, dress)]
    if dress.hair == "bun" and dress.hat in ("none", "brimmed", "peaked"):
        parts.append(_bun(build, dress))
    return parts


def _shell(build: Build, dress: Dress, heights: np.ndarray) -> np.ndarray:
    angle = np.abs(np.angle(np.exp(1j * around(SEGMENTS))))[None]
    y = heights[:, None]
    thick = _THICK[dress.hair] * (0.75 if dress.hat != "none" else 1.0)
    lowest = _NAPE[dress.hair]
    cut = 0.04 if dress.hair in ("short", "bun", "balding", "curly") else 0.10
    # how far above its edge the hair is: the brow in front, before the ear, and the nape
    brow = 0.80 - 0.05 * np.cos(3 * angle)
    side = 0.34 if dress.hair in ("short", "bun", "balding", "curly") else -0.3
    edge = np.where(angle < 0.85, brow, brow + (side - brow) * smoothstep(0.85, 1.22, angle))
    behind = smoothstep(1.62, 1.95, angle)
    edge = edge * (1 - behind) + lowest * behind
    if dress.hair == "long":
        edge = np.where(angle > 1.25, -9.0, edge)
    cover = smoothstep(-0.03, cut, y - edge)
    if dress.hair == "balding":
        cover = cover * smoothstep(0.70, 0.60, y)
    full = thick * (0.70 + 0.30 * smoothstep(0.2, 0.7, y)) * np.ones_like(angle)
    full = full * (1 + 0.35 * smoothstep(1.9, 2.9, angle) * np.exp(-(((y - 0.62) / 0.25) ** 2)))
    rng = np.random.default_rng(31)
    lock = np.zeros_like(full)
    for count in (9, 14, 23):
        lock = lock + 0.10 * np.sin(count * around(SEGMENTS)[None] + 2.5 * y + rng.uniform(0, 6))
    if dress.hair == "curly":
        lock = lock * 0.4 + 0.16 * np.sin(13 * around(SEGMENTS)[None] + 9 * y) * np.sin(31 * y + 2)
    more = cover * full * (1 + lock) - (1 - cover) * 0.035
    grid = head_grid(build, heights, more=more, segments=SEGMENTS)
    if dress.hair in ("medium", "long"):
        _fall(grid, heights, build, long=dress.hair == "long")
    return grid


def _fall(grid: np.ndarray, heights: np.ndarray, build: Build, *, long: bool) -> None:
    """Let hair hang straight from where the head is widest, instead of following the neck."""
    size = TALL * build.height_m
    at = int(np.argmin(np.abs(heights - 0.42)))
    turned = np.angle(np.exp(1j * around(SEGMENTS)))
    free = smoothstep(1.15, 1.5, np.abs(turned))[None]
    below = smoothstep(0.42, 0.18, heights)[:, None] * free
    close = 1 - (0.10 if long else 0.06) * smoothstep(0.2, -0.3, heights)[:, None]
    shoulder = smoothstep(-0.35, -0.75, heights)[:, None]
    behind = smoothstep(1.5, 2.2, np.abs(turned))[None]
    over = np.interp(-heights, [0.05, 0.30, 0.60, 1.25], [0.0, 0.20, 0.38, 0.36])[:, None]
    middle = MIDDLE_Z / TALL * size
    hang_x = grid[at, :, 0][None] * close * (1 + 0.12 * shoulder)
    hang_z = middle + (grid[at, :, 2][None] - middle) * close - over * size * behind
    grid[..., 0] += below * (hang_x - grid[..., 0])
    grid[..., 2] += below * (hang_z - grid[..., 2])


def _strands(points: np.ndarray, triangles: np.ndarray, build: Build, dress: Dress) -> Part:
    size = TALL * build.height_m
    angle = np.arctan2(points[:, 0], points[:, 2] - MIDDLE_Z * build.height_m)
    y = (points[:, 1] / size) - CHIN / TALL
    strand = np.zeros(len(points))
    rng = np.random.default_rng(37)
    for count, strength in ((7, 0.25), (17, 0.30), (31, 0.30), (53, 0.25)):
        strand += strength * np.sin(count * angle + rng.uniform(0, 6) + 1.5 * np.sin(3 * y + count))
    light = 1 + 0.35 * strand + 0.15 * smoothstep(0.5, 1.0, y)
    albedo = np.clip(np.asarray(dress.hair_colour) * light[:, None], 0.004, 0.9)
    return Part(
        name="hair",
        points_m=points,
        triangles=triangles,
        albedo=albedo,
        material="hair",
        weights=head_weights(points, build),
    )


def _bun(build: Build, dress: Dress) -> Part:
    size = TALL * build.height_m
    a, b = np.linspace(0.1, np.pi - 0.1, 11), around(18)
    ball = np.empty((11, 18, 3))
    ball[..., 0] = 0.19 * np.sin(a)[:, None] * np.cos(b)
    ball[..., 1] = 0.165 * np.cos(a)[:, None]
    ball[..., 2] = 0.145 * np.sin(a)[:, None] * np.sin(b)
    coil = 1 + 0.05 * np.sin(3 * b[None] + 5 * a[:, None])
    low = 0.40 if dress.hat != "none" else 0.58
    ball = ball * coil[..., None] + [0, CHIN / TALL + low, MIDDLE_Z / TALL - 0.555]
    points, triangles = woven(ball * size, close_first=True, close_last=True)
    return _strands(points, triangles, build, dress)
