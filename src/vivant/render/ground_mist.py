"""Lay mist on the ground: thicker below, thicker toward the distance, bright toward the sun, in slow patches."""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.compilation import compiled_fast
from vivant.render.air.sky import sky_rgb
from vivant.render.finishing.sharing import in_bands
from vivant.scene.light import Light
from vivant.scene.view import View
from vivant.scene.water import GroundMist

FARTHEST_M = np.float32(900.0)
THICKEST = 0.93
COLUMNS, ROWS = 40, 90
"""The mist's colour and its patches are made this coarse."""


def lay_ground_mist(
    hdr: Float32[np.ndarray, "height width 3"],
    depth: Float32[np.ndarray, "height width"],
    view: View,
    light: Light,
    mist: GroundMist,
    *,
    seconds: float,
    threads: int = 2,
) -> None:
    """Lay mist between the camera and the picture.

    Args:
        hdr: Linear light; it is drawn into. C-contiguous.
        depth: Along the camera's axis in metres; infinite in the sky.
        view: The camera.
        light: Of the shot: mist takes the sky's colour near the horizon, and glows round the sun.
        mist: How it lies.
        seconds: Since the shot began: patches drift.
        threads: That share the work; the picture does not depend on them.
    """
    height, width = depth.shape
    camera = np.concatenate(
        [
            view.position_m,
            view.right,
            view.up,
            view.forward,
            [view.px_per_m, (width - 1) / 2, (height - 1) / 2, mist.level_m, 1 / mist.height_m, mist.per_m],
        ]
    )  # fmt: skip
    x, y = np.linspace(0, width - 1, COLUMNS), np.linspace(0, height - 1, ROWS)
    ways = view.rays(np.tile(x, ROWS), np.repeat(y, COLUMNS))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    patches = _patches(ways, view, mist, seconds=seconds)
    ways[:, 1] = 0.03 + 0.25 * np.maximum(ways[:, 1], 0)
    colours = np.minimum(sky_rgb(ways, light), 4.0).reshape(ROWS, COLUMNS, 3)
    up = np.asarray(light.ambient_up_rgb) * light.ambient
    colours = (0.80 * colours + 0.22 * up).astype(np.float32)
    camera = camera.astype(np.float32)
    solid = np.minimum(depth, FARTHEST_M)
    in_bands(
        lambda first, end: _lay(hdr, solid, camera, colours, patches, first, end),
        rows=height,
        threads=threads,
    )


def _patches(
    ways: Float64[np.ndarray, "n 3"], view: View, mist: GroundMist, *, seconds: float
) -> Float32[np.ndarray, "rows columns"]:
    """Give how thick the mist is in each direction, against its mean: where the way meets the ground, or far out."""
    fall = np.minimum(ways[:, 1], -1e-3)
    reach = np.clip((mist.level_m - float(view.position_m[1])) / fall, 2.0, 120.0)
    x = view.position_m[0] + ways[:, 0] * reach - 0.35 * seconds
    z = view.position_m[2] + ways[:, 2] * reach
    wave = np.sin(0.071 * x + 0.043 * z + 1.2 * np.sin(0.031 * x + 0.033 * seconds))
    wave = wave + 0.6 * np.sin(0.19 * x - 0.083 * z + 0.8 + np.sin(0.13 * x + 0.07 * z))
    thick = np.maximum(1 + 0.6 * mist.patchy * wave, 0.15)
    return np.asarray(thick.reshape(ROWS, COLUMNS), np.float32)


@compiled_fast
@no_type_check
def _fading(thick: float) -> float:  # pragma: no cover
    """Give what is left of light behind so much mist: near to an exponential, and much faster."""
    part = np.float32(1) / (np.float32(1) + np.float32(0.0625) * thick)
    part *= part
    part *= part
    part *= part
    return part * part


@compiled_fast
@no_type_check
def _lay(  # pragma: no cover
    hdr: np.ndarray,
    depth: np.ndarray,
    camera: np.ndarray,
    colours: np.ndarray,
    patches: np.ndarray,
    first: int,
    end: int,
) -> None:
    height, width = depth.shape
    zero, one = np.float32(0), np.float32(1)
    above, thin, dense = camera[1] - camera[15], camera[16], camera[17]
    start = _fading(max(above, zero) * thin)
    for y in range(first, end):
        b = (camera[14] - y) / camera[12]
        v = np.float32(y) / np.float32(max(height - 1, 1)) * np.float32(colours.shape[0] - 1)
        j = min(int(v), colours.shape[0] - 2)
        v -= np.float32(j)
        for x in range(width):
            a = (x - camera[13]) / camera[12]
            dy = camera[10] + a * camera[4] + b * camera[7]
            long = np.sqrt(one + a * a + b * b)
            deep = depth[y, x]
            rise = dy * deep * thin
            if abs(rise) < np.float32(2e-3):
                thick = deep * long * start
            else:
                thick = (start - _fading(max(above + dy * deep, zero) * thin)) / (dy * thin) * long
            thick *= dense
            if thick < np.float32(0.004):
                continue
            u = np.float32(x) / np.float32(max(width - 1, 1)) * np.float32(colours.shape[1] - 1)
            i = min(int(u), colours.shape[1] - 2)
            u -= np.float32(i)
            patch = (patches[j, i] * (one - u) + patches[j, i + 1] * u) * (one - v)
            patch += (patches[j + 1, i] * (one - u) + patches[j + 1, i + 1] * u) * v
            veil = np.float32(THICKEST) * (one - _fading(thick * patch))
            for c in range(3):
                upper = colours[j, i, c] * (one - u) + colours[j, i + 1, c] * u
                lower = colours[j + 1, i, c] * (one - u) + colours[j + 1, i + 1, c] * u
                air = upper * (one - v) + lower * v
                hdr[y, x, c] += (air - hdr[y, x, c]) * veil
