"""Small scenes for tests of air."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.air import Clouds, HeightMap
from vivant.scene.light import Glow, Light
from vivant.scene.view import View, look

WIDTH, HEIGHT = 64, 36
LIGHT = Light(sun=(0.0, 0.28, 0.96)).from_direction(np.array([0.0, 0.28, 0.96]))
GLOWING = Light(
    sun=LIGHT.sun, glow=Glow(place_m=(0.0, 2.0, 30.0), rgb=(1.0, 0.8, 0.6), reach_m=6.0)
)


def flat_clouds(height_m: float, drift: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Clouds:
    def tops(half: float, cell: float) -> HeightMap:
        side = round(2 * half / cell) + 1
        cells = np.full((side, side), height_m, np.float32)
        return HeightMap(height_m=cells, left_m=-half, near_m=-half, cell_m=cell)

    return Clouds(tops=tops(40, 2), far_tops=tops(320, 16), drift_m_per_s=drift)


def camera(x: float = 0.0, y: float = 4.0, z: float = 0.0, **size: int) -> View:
    return look(
        np.array([x, y, z]),
        np.array([x, y, z + 30.0]),
        fov_deg=42,
        width_px=size.get("width_px", WIDTH),
        height_px=size.get("height_px", HEIGHT),
    )


def nothing(
    height: int = HEIGHT, width: int = WIDTH
) -> tuple[Float32[np.ndarray, "h w 3"], Float32[np.ndarray, "h w"], Float32[np.ndarray, "h w"]]:
    empty = np.zeros((height, width), np.float32)
    return np.zeros((height, width, 3), np.float32), empty, np.full_like(empty, np.inf)


def wall(
    depth_m: float, *, alpha: float = 1.0
) -> tuple[Float32[np.ndarray, "h w 3"], Float32[np.ndarray, "h w"], Float32[np.ndarray, "h w"]]:
    rgb, cover, depth = nothing()
    return rgb + np.float32(0.3 * alpha), cover + np.float32(alpha), np.full_like(depth, depth_m)


def pixels(view: View) -> Float64[np.ndarray, "n 3"]:
    y, x = np.mgrid[0 : view.height_px, 0 : view.width_px]
    return view.rays(x.ravel().astype(np.float64), y.ravel().astype(np.float64))
