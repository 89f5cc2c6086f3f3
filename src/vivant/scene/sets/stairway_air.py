"""The clouds of the *Stairway*: mountains of them all round, and none where people go."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.air import Clouds, HeightMap
from vivant.scene.noise import shape_at
from vivant.scene.sets.stairway_plan import (
    ASIDE,
    GATE,
    LENGTH_M,
    ONWARD,
    RADIUS_M,
    RISE_M,
    TREAD_M,
)

LOOKS = ("clouds", "light")
_FLOOR_M = -9.0
_MOUNTAIN_M = 44.0
_HILL_M = 12.0
_BELOW_STAIR_M = 1.75
_NEAR = (-64.0, 64.0, -40.0, 104.0, 0.5)
_FAR = (-380.0, 420.0, -360.0, 440.0, 4.0)
_DRIFT = (-0.34, 0.04, -0.14)


@cache
def stairway_clouds(look: str = "clouds") -> Clouds:
    """Tell where clouds lie round the stair.

    Args:
        look: ``"clouds"`` keeps the way through the gates open; ``"light"`` has no gates: there the
            stair ends in a bank of cloud that is open only where the light is.
    """
    return Clouds(tops=_map(_NEAR, look), far_tops=_map(_FAR, look), drift_m_per_s=_DRIFT)


def _map(area: tuple[float, float, float, float, float], look: str) -> HeightMap:
    left, right, front, back, cell = area
    x = np.arange(left, right + cell / 2, cell)
    z = np.arange(front, back + cell / 2, cell)
    heights = _height_m(*np.meshgrid(x, z), look=look)
    return HeightMap(height_m=heights.astype(np.float32), left_m=left, near_m=front, cell_m=cell)


def _height_m(
    x: Float64[np.ndarray, "rows columns"], z: Float64[np.ndarray, "rows columns"], *, look: str
) -> Float32[np.ndarray, "rows columns"]:
    """Give the clouds' height: mountains, hills, and the clearings for stair, landing and gate."""
    mountain = _noise(x * 0.0031 + 0.13, 0.37, z * 0.0031 + 0.61)
    hill = _noise(x * 0.011, 0.71, z * 0.011 + 0.2)
    height = _FLOOR_M + _MOUNTAIN_M * _smooth(0.34, 0.85, mountain) + _HILL_M * (hill - 0.4)
    height, stair, off_middle = _without_stair(height, x, z, hill)
    along = (x - GATE[0]) * ONWARD[0] + (z - GATE[2]) * ONWARD[2]
    aside = (x - GATE[0]) * ASIDE[0] + (z - GATE[2]) * ASIDE[2]
    away = np.hypot(x - GATE[0], z - GATE[2])
    floor = GATE[1]
    ragged = away + 9 * (_noise(x * 0.019 + 0.4, 0.33, z * 0.019) - 0.36)
    ring = np.where(ragged < 8, 1.0, _bell(ragged - 8, 5.0)) * 0.97
    height = _mixed(height, floor + 1.2 + 6 * (hill - 0.38), ring)
    height = _mixed(height, np.minimum(height, floor - 2.6), _smooth(8.6, 6.6, away))
    height = _mixed(height, np.minimum(height, floor - 4.5), _smooth(7.2, 5.6, away))
    before = _smooth(5.0, -3.0, along) * _smooth(12.0, 3.0, np.abs(aside))
    height = _mixed(height, np.minimum(height, floor - 1.9), before)
    low = np.minimum(height, stair - 1.5)
    height = np.where(along < -4, _mixed(height, low, _bell(off_middle, 4.0)), height)
    width = 9.0 + 0.25 * np.maximum(along, 0)
    view = _bell(aside, width) * _smooth(10.0, 22.0, along) * 0.9
    height = _mixed(height, np.minimum(height, floor - 4 + 0.02 * along), view)
    if look == "light":
        height = _bank(height, along, aside, hill)
    return np.asarray(height, np.float32)


def _without_stair(
    height: Float64[np.ndarray, "rows columns"],
    x: Float64[np.ndarray, "rows columns"],
    z: Float64[np.ndarray, "rows columns"],
    hill: Float64[np.ndarray, "rows columns"],
) -> tuple[Float64[np.ndarray, "rows columns"], ...]:
    """Keep clouds below the stair; gives the height of the stair and the way off its middle too."""
    off_middle = np.hypot(x, z) - RADIUS_M
    angle = np.arctan2(z, x)
    stair = np.clip(angle * RADIUS_M, 0, LENGTH_M) * (RISE_M / TREAD_M)
    stair = np.where(angle < -0.6, 0.0, stair)
    near = _bell(off_middle, 8.0) * ((angle > -0.8) & (angle < 2.4))
    clear = np.minimum(height, stair - _BELOW_STAIR_M + 2 * (hill - 0.5))
    return _mixed(height, clear, near), stair, off_middle


def _bank(
    height: Float64[np.ndarray, "rows columns"],
    along: Float64[np.ndarray, "rows columns"],
    aside: Float64[np.ndarray, "rows columns"],
    hill: Float64[np.ndarray, "rows columns"],
) -> Float64[np.ndarray, "rows columns"]:
    """Raise clouds on both sides of the way into the light, and a low sill across it."""
    bank = _bell(along - 7, 6.0) * _smooth(1.8, 7.0, np.abs(aside)) * _bell(aside, 12.0)
    height = _mixed(height, np.maximum(height, GATE[1] + 7.0 + 10 * (hill - 0.4)), bank)
    sill = _bell(along - 6, 2.5) * _smooth(5.0, 2.0, np.abs(aside))
    return _mixed(height, GATE[1] - 0.2 + 0 * height, sill)


def _noise(
    x: Float64[np.ndarray, "rows columns"], y: float, z: Float64[np.ndarray, "rows columns"]
) -> Float64[np.ndarray, "rows columns"]:
    points = np.stack([x.ravel(), np.full(x.size, y), z.ravel()], 1)
    return shape_at(points).astype(np.float64).reshape(x.shape)


def _mixed(first: np.ndarray, second: np.ndarray, part: np.ndarray) -> np.ndarray:
    return np.asarray(first + (second - first) * part)


def _bell(value: np.ndarray, width: float | np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(-(value**2) / (2 * np.square(width))))


def _smooth(low: float, high: float, value: np.ndarray) -> np.ndarray:
    part = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part))
