"""One feather's own picture: quill, barbs, and the down where it begins; laid over the colour of each feather."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float32

WIDTH, HEIGHT = 49, 384
"""Texels across and along."""
_DARK, _LIGHT = 0.50, 0.97


@cache
def feather_picture() -> Float32[np.ndarray, "height width 4"]:
    """Draw it: linear colour, and how much it covers what is below."""
    chance = np.random.default_rng(23)
    across = np.linspace(-1, 1, WIDTH)[None, :]
    along = np.linspace(0, 1, HEIGHT)[:, None]
    # barbs leave the quill toward the tip: lines of equal along - slope * |across|
    slope = 0.10
    line = (along - slope * np.abs(across)) * HEIGHT
    coarse = np.interp(line, np.arange(-60, HEIGHT + 1), _noise(chance, HEIGHT + 61, 5.0))
    fine = np.interp(line, np.arange(-60, HEIGHT + 1), _noise(chance, HEIGHT + 61, 1.3))
    barbs = np.clip(0.10 + 0.10 * coarse + 0.08 * fine, 0, 0.4)
    quill = np.exp(-((across / (0.075 * (1.15 - along))) ** 2))
    beside = np.exp(-(((np.abs(across) - 0.16) / 0.10) ** 2)) * (1 - 0.6 * along)
    dark = np.clip(barbs + 0.16 * beside, 0, 0.6) * (1 - quill)
    cover = np.maximum(dark, 0.75 * quill)
    colour = np.where(quill > dark, _LIGHT, _DARK)
    grey = np.stack([colour * 0.985, colour * 0.985, colour], axis=-1)
    return np.concatenate([grey, cover[..., None]], axis=-1).astype(np.float32)


def _noise(chance: np.random.Generator, count: int, width: float) -> np.ndarray:
    raw = chance.normal(0, 1, count + 64)
    kernel = np.exp(-0.5 * (np.arange(-24, 25) / width) ** 2)
    smooth = np.convolve(raw, kernel / np.sqrt(np.square(kernel).sum()), mode="same")[32:-32]
    return np.asarray(smooth[:count])
