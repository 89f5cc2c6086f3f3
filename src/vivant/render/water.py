"""Draw still water: what stands above it comes back upside down, drawn out by ripples, paler toward the far shore.

Each water pixel looks up what its mirrored ray meets in the picture itself: the picture's own depth says where that is
seen. What the picture does not hold is taken from the sky. Reflections are made at half the film's size.
"""

from __future__ import annotations

import math
from typing import no_type_check

import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import compiled_fast
from vivant.render.air.sky import sky_at, sky_facts, sky_rgb
from vivant.render.finishing.sharing import in_bands
from vivant.scene.light import Light
from vivant.scene.view import View
from vivant.scene.water import Water

WAVES = np.array(
    # length in metres, way against the wind in radians, share of the steepness
    [[2.9, 0.10, 0.30], [1.45, -0.45, 0.42], [0.71, 0.35, 0.52], [0.37, -0.20, 0.55], [0.19, 0.60, 0.50]],
    np.float32,
)  # fmt: skip
FARTHEST_M = np.float32(1e5)
"""Stands for no end, which fast sums do not know."""
BRIGHTEST = 7.0
"""A glint is no brighter than this, so that it does not flicker."""
SOFTER = 0.75
"""How far lost ripples draw a reflection out, against their steepness in pixels."""
NEAR_SHARE = 0.012
"""A pixel is water if its depth differs from the sheet's by no more than this share."""


def draw_water(
    hdr: Float32[np.ndarray, "height width 3"],
    depth: Float32[np.ndarray, "height width"],
    view: View,
    light: Light,
    water: Water,
    *,
    seconds: float,
    threads: int = 2,
) -> None:
    """Draw water into a picture, in place of whatever the sheet's own surface shows.

    Args:
        hdr: Linear light of set, people and sky; it is drawn into. C-contiguous.
        depth: Along the camera's axis in metres; infinite in the sky.
        view: The camera, above the water.
        light: Of the shot.
        water: Where it is.
        seconds: Since the shot began.
        threads: That share the work; the picture does not depend on them.
    """
    above = float(view.position_m[1]) - water.level_m
    if above <= 0:
        return
    height, width = depth.shape
    camera = np.concatenate(
        [
            view.position_m,
            view.right,
            view.up,
            view.forward,
            [view.px_per_m, (width - 1) / 2, (height - 1) / 2, water.level_m],
        ]
    ).astype(np.float64)
    turn = WAVES[:, 1] + water.waves_toward_rad
    length = 2 * np.pi / WAVES[:, 0]
    waves = np.column_stack(
        [
            length * np.sin(turn),
            length * np.cos(turn),
            -np.sqrt(9.81 * length) * seconds,
            WAVES[:, 2] * water.ripple,
            WAVES[:, 0],
            np.sin(turn),
            np.cos(turn),
        ]
    ).astype(np.float64)
    sky = sky_facts(light)
    ambient = np.asarray(light.ambient_up_rgb) * light.ambient + 0.12 * np.asarray(light.sun_rgb)
    deep = (ambient * np.asarray(water.deep_rgb)).astype(np.float32)
    columns = 2 * np.arange((width + 1) // 2) + 0.5
    ways = view.rays(columns, np.full(len(columns), 0.6 * height))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    ways[:, 1] = 0.035
    haze, thick = sky_rgb(ways, light), 1.1 * light.haze_per_m
    half = np.zeros(((height + 1) // 2, (width + 1) // 2, 3), np.float32)
    spreads = np.zeros(half.shape[0])
    picture, solid = hdr.copy(), np.minimum(depth, FARTHEST_M)
    in_bands(
        lambda first, end: _reflect(
            picture, solid, camera, waves, sky, deep, haze, thick, half, spreads, first, end
        ),
        rows=half.shape[0],
        threads=threads,
    )
    reach = SOFTER * spreads * view.px_per_m
    drawn_out = np.zeros_like(half)
    in_bands(
        lambda first, end: _draw_out(half, reach, drawn_out, first, end),
        rows=half.shape[1],
        threads=threads,
    )
    in_bands(
        lambda first, end: _lay(hdr, solid, camera, drawn_out, first, end),
        rows=height,
        threads=threads,
    )
    np.copyto(depth, solid, where=solid < FARTHEST_M)


@compiled_fast
@no_type_check
def _sheet_depth(camera: np.ndarray, x: float, y: float) -> float:  # pragma: no cover
    """Give the depth of the water's sheet in a pixel; below zero where it is not seen."""
    across, down = (x - camera[13]) / camera[12], (camera[14] - y) / camera[12]
    fall = camera[10] + across * camera[4] + down * camera[7]
    if fall > -1e-6:
        return -1.0
    return float((camera[15] - camera[1]) / fall)


@compiled_fast
@no_type_check
def _is_water(camera: np.ndarray, x: int, y: int, there: float) -> bool:  # pragma: no cover
    """Tell whether a pixel shows the sheet. Its depth is that of its nearest part, half a pixel lower."""
    sheet = _sheet_depth(camera, float(x), y + 0.6)
    return bool(sheet > 0.0 and there > sheet * (1 - NEAR_SHARE))


@compiled_fast
@no_type_check
def _row(
    camera: np.ndarray, waves: np.ndarray, y: float, facts: np.ndarray
) -> bool:  # pragma: no cover
    """Find what all pixels of a row share: which waves are seen there, what is lost of them, and the mirror's strength."""
    away = _sheet_depth(camera, camera[13], y)
    if away <= 0.0:
        return False
    down = (camera[14] - y) / camera[12]
    long = math.sqrt(1 + down * down)
    above = max(camera[1] - camera[15], 0.1)
    grain = away * away * long / (camera[12] * above)
    lost = 0.0
    for k in range(waves.shape[0]):
        facts[k] = math.exp(-((1.1 * grain / waves[k, 4]) ** 2)) * waves[k, 3]
        lost += waves[k, 3] ** 2 - facts[k] ** 2
    spread = 1.4 * math.sqrt(max(lost, 0.0))
    facts[5] = spread
    facts[6] = 0.06 + 0.94 * (1 - min(above / (away * long) + 0.5 * spread, 1.0)) ** 4
    facts[7] = long
    return True


@compiled_fast
@no_type_check
def _reflect(  # pragma: no cover  # noqa: PLR0913, PLR0917 - one loop
    picture: np.ndarray,
    depth: np.ndarray,
    camera: np.ndarray,
    waves: np.ndarray,
    sky: np.ndarray,
    deep: np.ndarray,
    haze: np.ndarray,
    thick: float,
    half: np.ndarray,
    spreads: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Find the light that comes from the water in pixels of the half-size picture."""
    height, width = depth.shape
    facts, light = np.zeros(8), np.zeros(3)
    for row in range(first, end):
        y = min(2.0 * row + 0.5, height - 1.0)
        if not _row(camera, waves, y, facts):
            y = min(y + 0.9, height - 1.0)
            if not _row(camera, waves, y, facts):
                continue
        mirror, spreads[row] = facts[6], facts[5]
        for column in range(half.shape[1]):
            x = min(2.0 * column + 0.5, width - 1.0)
            away = _sheet_depth(camera, x, y)
            if away <= 0.0 or _hidden(depth, int(x), int(y), away):
                continue
            a, b = (x - camera[13]) / camera[12], (camera[14] - y) / camera[12]
            dx = camera[9] + a * camera[3] + b * camera[6]
            dy = camera[10] + a * camera[4] + b * camera[7]
            dz = camera[11] + a * camera[5] + b * camera[8]
            wx, wz = camera[0] + dx * away, camera[2] + dz * away
            one = 1 / math.sqrt(dx * dx + dy * dy + dz * dz)
            dx, dy, dz = dx * one, dy * one, dz * one
            nx, nz = 0.0, 0.0
            for k in range(waves.shape[0]):
                if facts[k] > 1e-5:
                    swell = facts[k] * math.cos(waves[k, 0] * wx + waves[k, 1] * wz + waves[k, 2])
                    nx -= swell * waves[k, 5]
                    nz -= swell * waves[k, 6]
            dot = dx * nx + dy + dz * nz
            rx, ry, rz = dx - 2 * dot * nx, max(dy - 2 * dot, 0.004), dz - 2 * dot * nz
            _meet(picture, depth, camera, sky, wx, wz, away, rx, ry, rz, light)
            keep = math.exp(-away / one * thick)
            for c in range(3):
                value = (deep[c] + mirror * light[c]) * keep
                half[row, column, c] = value + haze[column, c] * (1 - keep)


@compiled_fast
@no_type_check
def _hidden(depth: np.ndarray, x: int, y: int, away: float) -> bool:  # pragma: no cover
    """Tell whether something stands before the water in all of four pixels."""
    least = away * (1 - NEAR_SHARE)
    right, low = min(x + 1, depth.shape[1] - 1), min(y + 1, depth.shape[0] - 1)
    nearest = max(depth[y, x], depth[y, right], depth[low, x], depth[low, right])
    return bool(nearest < least * 0.90)


@compiled_fast
@no_type_check
def _meet(  # pragma: no cover  # noqa: C901, PLR0912, PLR0913, PLR0917 - one loop
    picture: np.ndarray,
    depth: np.ndarray,
    camera: np.ndarray,
    sky: np.ndarray,
    wx: float,
    wz: float,
    away: float,
    rx: float,
    ry: float,
    rz: float,
    light: np.ndarray,
) -> None:
    """Find what a ray from the water meets: near things by steps, far ones by their direction, else the sky."""
    height, width = depth.shape
    ox, oy, oz = wx - camera[0], camera[15] - camera[1], wz - camera[2]
    x0 = ox * camera[3] + oy * camera[4] + oz * camera[5]
    y0 = ox * camera[6] + oy * camera[7] + oz * camera[8]
    xr = rx * camera[3] + ry * camera[4] + rz * camera[5]
    yr = rx * camera[6] + ry * camera[7] + rz * camera[8]
    zr = rx * camera[9] + ry * camera[10] + rz * camera[11]
    px, py, found = 0, 0, False
    step = 0.25
    while step < 14.0 and away < 32.0:
        z = away + zr * step
        fx = camera[13] + camera[12] * (x0 + xr * step) / z
        fy = camera[14] - camera[12] * (y0 + yr * step) / z
        if z < 0.2 or fy < 0 or fx < 0 or fx > width - 1 or fy > height - 1:
            break
        there = depth[int(fy), int(fx)]
        if there < z and there > z - 0.35 - 0.25 * step:
            px, py = int(fx), int(fy)
            found = not _is_water(camera, px, py, there)
            break
        step *= 1.5
    far = 3000.0
    for turn in range(3):
        if found:
            break
        z = away + zr * far
        if z < 0.2:
            break
        fx = camera[13] + camera[12] * (x0 + xr * far) / z
        fy = camera[14] - camera[12] * (y0 + yr * far) / z
        if fy < 0 or fy > height - 1 or fx < -0.25 * width or fx > 1.25 * width:
            break
        px, py = int(min(max(fx, 0.0), width - 1.0)), int(fy)
        there = min(depth[py, px], 4000.0)
        for _ in range(24):
            if py == 0 or not _is_water(camera, px, py, there):
                break
            py -= 1
            there = min(depth[py, px], 4000.0)
        next_far = (there - away) / max(zr, 0.05)
        if there < away + 1.0:
            break
        if turn == 2 or abs(next_far - far) < 0.06 * far or there >= 3000.0:
            found = True
        far = next_far
    if found:
        for c in range(3):
            light[c] = min(picture[py, px, c], BRIGHTEST)
    else:
        light[0], light[1], light[2] = sky_at(rx, ry, rz, sky)


@compiled_fast
@no_type_check
def _draw_out(
    half: np.ndarray, reach: np.ndarray, out: np.ndarray, first: int, end: int
) -> None:  # pragma: no cover
    """Average each pixel with those above and below it that are water, as far as its row's ripples are lost."""
    rows = half.shape[0]
    sums = np.zeros((rows + 1, 4))
    for x in range(first, end):
        for y in range(rows):
            water = half[y, x, 0] + half[y, x, 1] + half[y, x, 2] > 0
            sums[y + 1, 3] = sums[y, 3] + (1.0 if water else 0.0)
            for c in range(3):
                sums[y + 1, c] = sums[y, c] + half[y, x, c]
        for y in range(rows):
            if sums[y + 1, 3] == sums[y, 3]:
                continue
            far = int(reach[y] + 0.5)
            low, high = max(y - far, 0), min(y + far + 1, rows)
            count = sums[high, 3] - sums[low, 3]
            for c in range(3):
                out[y, x, c] = (sums[high, c] - sums[low, c]) / count


@compiled_fast
@no_type_check
def _lay(  # pragma: no cover
    hdr: np.ndarray, depth: np.ndarray, camera: np.ndarray, half: np.ndarray, first: int, end: int
) -> None:
    """Put the half-size water where the sheet is seen."""
    rows, columns = half.shape[0], half.shape[1]
    for y in range(first, end):
        for x in range(depth.shape[1]):
            sheet = _sheet_depth(camera, float(x), float(y))
            if sheet <= 0 or not _is_water(camera, x, y, depth[y, x]):
                continue
            fy, fx = max(0.5 * y - 0.25, 0.0), max(0.5 * x - 0.25, 0.0)
            j, i = min(int(fy), rows - 1), min(int(fx), columns - 1)
            j1, i1 = min(j + 1, rows - 1), min(i + 1, columns - 1)
            v, u = fy - j, fx - i
            for c in range(3):
                upper = half[j, i, c] * (1 - u) + half[j, i1, c] * u
                lower = half[j1, i, c] * (1 - u) + half[j1, i1, c] * u
                if upper == 0.0:
                    upper = lower
                hdr[y, x, c] = upper * (1 - v) + lower * v
            depth[y, x] = min(depth[y, x], sheet)
