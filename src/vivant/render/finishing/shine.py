"""What bright light does in lens and air: bloom, warmer as it is wider, and shafts away from the sun.

Both are soft, so they are made from a quarter of the film's pixels each way.
"""

from __future__ import annotations

from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import compiled_fast
from vivant.render.finishing.sharing import in_bands

PART = 4
"""Pixels of the film, each way, in one pixel of the light."""
BLOOM_SHARES = (0.30, 0.28, 0.22, 0.14, 0.10, 0.08)
"""From the narrowest to the widest; each is twice as wide as the one before."""
BLOOM_TINTS = (
    (1.0, 1.0, 1.0),
    (1.0, 0.98, 0.95),
    (1.0, 0.95, 0.88),
    (1.0, 0.92, 0.82),
    (1.0, 0.90, 0.78),
    (1.0, 0.88, 0.74),
)
BLOOM_GAIN = 4.0
BLOOM_MOST = 6.0
"""A brighter pixel blooms no more: one glint must not fill the picture."""
RAY_MOST = 2.5
RAY_STEPS = (0.012, 0.024, 0.048, 0.096, 0.192, 0.384, 0.384)
"""How much nearer to the sun the light of each round is fetched from."""
RAY_SOURCE, RAY_ELSEWHERE = 0.5, 0.22
"""Shafts come from what is bright this near to the sun, in picture heights; from all else that is bright only so much."""
RAY_REACH = 0.7
"""Shafts are gone when the sun is this many picture heights outside the picture."""


def shine_of(
    hdr: Float32[np.ndarray, "height width 3"],
    *,
    sun_px: tuple[float, float] | None,
    rays: float,
    bloom: float,
    glow_from: float,
    threads: int = 2,
) -> Float32[np.ndarray, "quarter_rows 3 width"]:
    """Give the light to be added: full width, a quarter of the rows, channel by channel.

    Row ``k`` belongs to the film's row ``4 * k + 1.5``.
    """
    height, width, _ = hdr.shape
    small = ((height + PART - 1) // PART, (width + PART - 1) // PART)
    over, mask = (np.empty((*small, 3), np.float32) for _ in range(2))
    limits = np.array([glow_from, BLOOM_MOST, RAY_MOST], np.float32)
    in_bands(
        lambda first, end: _gather_bright(hdr, over, mask, limits, first, end),
        rows=small[0],
        threads=threads,
    )
    light = _bloom(over, bloom) if bloom > 0 else np.zeros_like(over)
    strength = rays * _nearness(sun_px, width, height) if sun_px is not None else 0.0
    if sun_px is not None and strength > 0:
        light += _rays(mask, sun_px) * np.float32(strength)
    wide = np.empty((small[0], 3, width), np.float32)
    _widen(light, wide)
    return wide


def _nearness(sun_px: tuple[float, float], width: int, height: int) -> float:
    outside = (
        max(-sun_px[0], sun_px[0] - width, -sun_px[1], sun_px[1] - height, 0.0) / height / RAY_REACH
    )
    near = max(0.0, 1.0 - outside)
    return near * near * (3 - 2 * near)


def _bloom(
    over: Float32[np.ndarray, "rows columns 3"], strength: float
) -> Float32[np.ndarray, "rows columns 3"]:
    """Blur at ever coarser sizes, and add all of them up again from the coarsest."""
    levels = [cv2.GaussianBlur(over, (5, 5), 1.0)]
    while len(levels) < len(BLOOM_SHARES) and min(levels[-1].shape[:2]) > 4:
        levels.append(cv2.GaussianBlur(cv2.pyrDown(levels[-1]), (5, 5), 0.8))
    total = np.zeros_like(levels[-1])
    for k in range(len(levels) - 1, -1, -1):
        tint = np.array(BLOOM_TINTS[k], np.float32) * np.float32(
            BLOOM_SHARES[k] * strength * BLOOM_GAIN
        )
        if total.shape != levels[k].shape:
            total = cv2.pyrUp(total, dstsize=(levels[k].shape[1], levels[k].shape[0]))
        total = total + levels[k] * tint
    return np.asarray(total, np.float32)


def _rays(
    mask: Float32[np.ndarray, "rows columns 3"], sun_px: tuple[float, float]
) -> Float32[np.ndarray, "rows columns 3"]:
    """Smear what is bright away from the sun, twice as far in each round."""
    size = (mask.shape[1], mask.shape[0])
    middle = (PART - 1) / 2
    x, y = ((place - middle) / PART for place in sun_px)
    rows, columns = mask.shape[:2]
    reach = RAY_SOURCE * rows
    across = np.exp(-(((np.arange(columns, dtype=np.float32) - x) / reach) ** 2))
    down = np.exp(-(((np.arange(rows, dtype=np.float32) - y) / reach) ** 2))
    near = RAY_ELSEWHERE + (1 - RAY_ELSEWHERE) * down[:, None] * across[None]
    light = mask * near.astype(np.float32)[..., None]
    for step in RAY_STEPS:
        grow = 1 / (1 - step)
        matrix = np.array([[grow, 0, x * (1 - grow)], [0, grow, y * (1 - grow)]], np.float32)
        moved = cv2.warpAffine(
            light, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        light = (light + moved) * np.float32(0.5)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), 1.2), np.float32)


@compiled_fast
@no_type_check
def _gather_bright(
    hdr: np.ndarray, over: np.ndarray, mask: np.ndarray, limits: np.ndarray, first: int, end: int
) -> None:
    height, width, _ = hdr.shape
    least, most, ray_most = limits[0], limits[1], limits[2]
    nothing = np.float32(0)
    plain = np.empty(3 * width, np.float32)
    above = np.empty(3 * width, np.float32)
    for row in range(first, end):
        low, high = row * 4, min(row * 4 + 4, height)
        plain[:] = nothing
        above[:] = nothing
        for y in range(low, high):
            line = hdr[y].reshape(3 * width)
            for i in range(3 * width):
                value = line[i]
                plain[i] += value
                above[i] += min(max(value - least, nothing), most)
        for column in range(over.shape[1]):
            left, right = column * 4, min(column * 4 + 4, width)
            share = np.float32(1) / np.float32((right - left) * (high - low))
            for c in range(3):
                a = b = nothing
                for x in range(left, right):
                    a += plain[3 * x + c]
                    b += above[3 * x + c]
                mask[row, column, c] = a * share
                over[row, column, c] = b * share
            bright = max(mask[row, column, 0], mask[row, column, 1], mask[row, column, 2])
            gain = min(max((bright - least) / least, nothing), ray_most)
            gain /= max(bright, np.float32(1e-3))
            for c in range(3):
                mask[row, column, c] = max(mask[row, column, c] * gain, nothing)


@compiled_fast
@no_type_check
def _widen(light: np.ndarray, wide: np.ndarray) -> None:
    """Go four times as wide by a quadratic spline, which leaves no corner in any slope."""
    rows, columns, _ = light.shape
    width = wide.shape[2]
    half = np.float32(0.5)
    for row in range(rows):
        for x in range(width):
            place = np.float32(x) * np.float32(0.25) - np.float32(0.375)
            near = int(np.floor(place + half))
            part = place - np.float32(near)
            before = half * (half - part) * (half - part)
            after = half * (half + part) * (half + part)
            here = np.float32(1) - before - after
            a = min(max(near - 1, 0), columns - 1)
            b = min(max(near, 0), columns - 1)
            c = min(max(near + 1, 0), columns - 1)
            for k in range(3):
                wide[row, k, x] = (
                    light[row, a, k] * before + light[row, b, k] * here + light[row, c, k] * after
                )
