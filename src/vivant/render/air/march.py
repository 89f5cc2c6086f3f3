"""Walking through clouds along rays: what each slab of depth sends to the eye, and what it lets through.

Light is scattered once, and then as if more often with less loss (three octaves, after ``Wrenninge, Kulla and
Lundqvist, "Oz: the great and volumetric", 2013``), darkened where a cloud is thin toward the sun (powder) and
in its hollows. Rays enter a cloud where it begins, found by halving, so that no dither is needed.
"""

from __future__ import annotations

import math
from typing import NamedTuple, no_type_check

import numpy as np
from jaxtyping import Float32, Float64, UInt8, UInt16

from vivant.media.compilation import compiled_fast
from vivant.render.air.field import LEAP_M, SMOOTH, Field, density, empty_above, top_at
from vivant.render.air.sky import SkyFacts, sky_at

FAR_M = 320.0
"""Clouds end here, in haze."""
LIGHT_SCALE = 2048.0
"""Light is kept in whole numbers of this part, up to 32."""
GLOW_SCALE = 8192.0
THROUGH_SCALE = 65535.0
_NEAR_M = 0.4
_EDGE = 0.004
_DENSE = 1.7
_SUN = 6.5
_END = 0.012
"""What is behind air that lets less than this through is not looked for."""
_TAPS = 6
_MOST_STEPS = 400
_HALVINGS = 4
_RED, _GREEN, _BLUE, _GLOW, _THROUGH, _PLACES = range(6)


class Eye(NamedTuple):
    """From where a plate is seen."""

    x: float
    y: float
    z: float
    right: tuple[float, float, float]
    up: tuple[float, float, float]
    forward: tuple[float, float, float]
    tangent: float
    """Of a texel."""
    column: float
    row: float
    """Texels from the first to the middle."""


class Scatter(NamedTuple):
    """How the air answers light."""

    sky: SkyFacts
    thickness: float
    haze_per_m: float
    above: tuple[float, float, float]
    below: tuple[float, float, float]
    """Light from above and from below."""
    glow_x: float
    glow_y: float
    glow_z: float
    glow_reach: float
    """Squared."""


class Dense(NamedTuple):
    """All slabs of a plate, with what is empty too."""

    texels: UInt16[np.ndarray, "slabs rows columns 4"]
    """Premultiplied light and what is let through; all four are 0 where something hides what is behind."""
    glow: UInt16[np.ndarray, "slabs_or_none rows columns"]
    relief: UInt8[np.ndarray, "slabs rows columns"]
    """Where between a slab's borders its cloud lies, 1..255, by the depth's inverse; 0 where there is none."""
    edges: Float32[np.ndarray, " borders"]


class _Ray(NamedTuple):
    x: float
    y: float
    z: float
    """Unit vector."""
    length: float
    """Way along the ray for a depth of 1."""
    once: float
    twice: float
    """How much sunlight turns to the eye, scattered once and more often."""
    haze_r: float
    haze_g: float
    haze_b: float


@compiled_fast
@no_type_check
def march(field: Field, scatter: Scatter, eye: Eye, rows: tuple[int, int], dense: Dense) -> None:
    """Fill some rows of all slabs, which have nothing in them so far."""
    sums = np.empty(6)
    for row in range(rows[0], rows[1]):
        for column in range(dense.texels.shape[2]):
            ray = _aim(eye, scatter, row, column)
            _walk(field, scatter, eye, ray, (row, column), sums, dense)


@compiled_fast
@no_type_check
def _aim(eye: Eye, scatter: Scatter, row: int, column: int) -> _Ray:
    across = (column - eye.column) * eye.tangent
    upward = (eye.row - row) * eye.tangent
    x = eye.forward[0] + across * eye.right[0] + upward * eye.up[0]
    y = eye.forward[1] + across * eye.right[1] + upward * eye.up[1]
    z = eye.forward[2] + across * eye.right[2] + upward * eye.up[2]
    length = math.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    sky = scatter.sky
    cosine = x * sky[0] + y * sky[1] + z * sky[2]
    once = 0.62 * _lobe(cosine, 0.72) + 0.38 * _lobe(cosine, -0.15)
    twice = 0.55 * (0.6 * _lobe(cosine, 0.38) + 0.4 * _lobe(cosine, -0.08))
    level = max(y, 0.02) * 0.6 + 0.05
    scale = 1 / math.sqrt(x * x + level * level + z * z)
    red, green, blue = sky_at(x * scale, level * scale, z * scale, sky)
    return _Ray(x, y, z, length, once, twice, red * 0.92, green * 0.92, blue * 0.92)


@compiled_fast
@no_type_check
def _lobe(cosine: float, forward: float) -> float:
    """Give the share of light that is scattered by an angle (Henyey and Greenstein, 1941)."""
    square = forward * forward
    away = 1 + square - 2 * forward * cosine
    return (1 - square) / (4 * math.pi * away * math.sqrt(away))


@compiled_fast
@no_type_check
def _walk(
    field: Field,
    scatter: Scatter,
    eye: Eye,
    ray: _Ray,
    pixel: tuple[int, int],
    sums: Float64[np.ndarray, " 6"],
    dense: Dense,
) -> None:
    """Follow one ray through all slabs."""
    sums[:] = 0.0
    sums[_THROUGH] = 1.0
    slabs = dense.edges.shape[0] - 1
    slab, total, way, back, before, odd = 0, 1.0, _NEAR_M, 0.0, 0.0, False
    sunny, shade, high = 0.0, 0.0, 0.0
    for _ in range(_MOST_STEPS):
        if way >= FAR_M or total < _END:
            break
        fine = min(1.0, max(0.0, (110 - way) / 40))
        finer = min(1.0, max(0.0, (26 - way) / 14))
        if before == 0:
            step = _leap(field, eye, ray, way)
            if step > 0:
                way += step
                back = 0.0
                continue
        here = _density(field, eye, ray, way, fine, finer)
        if here <= _EDGE:
            back = max(0.25, way * 0.018)
            way += back
            before = 0.0
            continue
        if before == 0 and back > 0:
            way, here = _enter(field, eye, ray, (way - back, way, here), (fine, finer))
        depth = way / ray.length
        while slab < slabs - 1 and depth >= dense.edges[slab + 1]:
            _write(dense, slab, pixel, sums)
            slab += 1
        if before == 0 or odd:
            sunny, shade, high = _light(field, scatter, eye, ray, way, fine)
        odd = before == 0 or not odd
        step = max(0.20, way * 0.011)
        passed = math.exp(-0.5 * (here + before) * scatter.thickness * step * _DENSE)
        powder = 1 - 0.45 * math.exp(-5 * here * scatter.thickness)
        _send(scatter, eye, ray, (way, passed, _SUN * sunny * powder, shade, high), sums)
        total *= passed
        before = here
        way += step
    if total < _END:
        sums[_THROUGH] = 0.0
        dense.texels[slab + 1 :, pixel[0], pixel[1], 3] = 0
    _write(dense, slab, pixel, sums)


@compiled_fast
@no_type_check
def _leap(field: Field, eye: Eye, ray: _Ray, way: float) -> float:
    """Give a way that is empty for certain, or 0."""
    height = eye.y + ray.y * way
    if height > field.top and ray.y >= 0:
        return FAR_M
    clear = empty_above(field, eye.x + ray.x * way, eye.z + ray.z * way)
    return LEAP_M if height > clear and height + ray.y * LEAP_M > clear else 0.0


@compiled_fast
@no_type_check
def _density(field: Field, eye: Eye, ray: _Ray, way: float, fine: float, finer: float) -> float:
    x, y, z = eye.x + ray.x * way, eye.y + ray.y * way, eye.z + ray.z * way
    return density(field, x, y, z, fine, finer)


@compiled_fast
@no_type_check
def _enter(
    field: Field,
    eye: Eye,
    ray: _Ray,
    between: tuple[float, float, float],
    wanted: tuple[float, float],
) -> tuple[float, float]:
    """Find where a cloud begins between two ways, by halving; give the way and the density there."""
    low, high, here = between
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        found = _density(field, eye, ray, middle, wanted[0], wanted[1])
        if found > _EDGE:
            high, here = middle, found
        else:
            low = middle
    return high, here


@compiled_fast
@no_type_check
def _light(
    field: Field, scatter: Scatter, eye: Eye, ray: _Ray, way: float, fine: float
) -> tuple[float, float, float]:
    """Give the sunlight that a place sends to the eye, how much ambient light it gets, and how high it lies, 0..1."""
    x, y, z = eye.x + ray.x * way, eye.y + ray.y * way, eye.z + ray.z * way
    crisp = fine if way < 60 else 0.0
    depth = 0.9 * scatter.thickness * _toward_sun(field, scatter.sky, x, y, z, crisp)
    height, lean = top_at(field, x, z)
    high = min(1.0, max(0.0, ((y - height) * lean + 6.5) / 8))
    off = max(1.0, way * 0.02)
    cover = density(
        field, x - ray.x * 0.7 * off, y + 1.3 * off, z - ray.z * 0.7 * off, 0.0, 0.0
    ) + 1.5 * density(field, x - ray.x * 2 * off, y + 3.4 * off, z - ray.z * 2 * off, SMOOTH, 0.0)
    shade = (0.35 + 0.80 * high) * (0.45 + 0.75 * math.exp(-cover))
    more = math.exp(-0.35 * depth) * ray.twice + math.exp(-0.10 * depth) * (0.34 / (4 * math.pi))
    return math.exp(-depth) * ray.once + more * (0.60 + 0.55 * shade), shade, high


@compiled_fast
@no_type_check
def _toward_sun(field: Field, sky: SkyFacts, x: float, y: float, z: float, crisp: float) -> float:
    """Sum up how thick the air is from a place toward the sun."""
    depth, way, step = 0.0, 0.0, 0.9
    for number in range(_TAPS):
        way += step
        fine = crisp if number < 2 else SMOOTH
        depth += step * density(
            field, x + sky[0] * way, y + sky[1] * way, z + sky[2] * way, fine, 0.0
        )
        step *= 1.7
    return depth


@compiled_fast
@no_type_check
def _send(
    scatter: Scatter,
    eye: Eye,
    ray: _Ray,
    part: tuple[float, float, float, float, float],
    sums: Float64[np.ndarray, " 6"],
) -> None:
    """Add a short way's light to its slab's."""
    way, passed, sunny, shade, high = part
    share = sums[_THROUGH] * (1 - passed)
    clear = math.exp(-way * scatter.haze_per_m)
    veil = (1 - clear) * share
    sky, above, below = scatter.sky, scatter.above, scatter.below
    lit = share * clear
    red = sky[3] * sunny + shade * (below[0] + (above[0] - below[0]) * high)
    green = sky[4] * sunny + shade * (below[1] + (above[1] - below[1]) * high)
    blue = sky[5] * sunny + shade * (below[2] + (above[2] - below[2]) * high)
    sums[_RED] += lit * red + veil * ray.haze_r
    sums[_GREEN] += lit * green + veil * ray.haze_g
    sums[_BLUE] += lit * blue + veil * ray.haze_b
    x = eye.x + ray.x * way - scatter.glow_x
    y = eye.y + ray.y * way - scatter.glow_y
    z = eye.z + ray.z * way - scatter.glow_z
    reach = scatter.glow_reach
    sums[_GLOW] += lit * 0.643 * reach / (reach + x * x + y * y + z * z)
    sums[_PLACES] += share * ray.length / way
    sums[_THROUGH] *= passed


@compiled_fast
@no_type_check
def _write(
    dense: Dense, slab: int, pixel: tuple[int, int], sums: Float64[np.ndarray, " 6"]
) -> None:
    """Put down what is known of a slab, and begin the next."""
    row, column = pixel
    texel = dense.texels[slab, row, column]
    for colour in range(3):
        texel[colour] = min(65535.0, sums[colour] * LIGHT_SCALE + 0.5)
    through = sums[_THROUGH]
    texel[3] = through * THROUGH_SCALE + 0.5
    if through < 0.999:
        first = 1 / dense.edges[slab]
        part = (first - sums[_PLACES] / (1 - through)) / (first - 1 / dense.edges[slab + 1])
        dense.relief[slab, row, column] = 1 + min(254.0, max(0.0, part * 254))
    if dense.glow.shape[0] > 0:
        dense.glow[slab, row, column] = min(65535.0, sums[_GLOW] * GLOW_SCALE + 0.5)
    sums[:] = 0.0
    sums[_THROUGH] = 1.0
