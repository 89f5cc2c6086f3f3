"""How things of our own are written down as living photos are, so that the same loops light both."""

from __future__ import annotations

from functools import cache
from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Float32, UInt32

from vivant.media.compilation import compiled_fast

STEPS = 4096
"""Of the curve from linear light to what screens show."""


@cache
def curve() -> Float32[np.ndarray, " steps"]:
    """Give what screens show of linear light 0..1, in even steps."""
    light = np.linspace(0, 1, STEPS)
    shown = np.where(light < 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(shown, np.float32)


def packed(
    colour: Float32[np.ndarray, "rows columns 3"], alpha: Float32[np.ndarray, "rows columns"]
) -> UInt32[np.ndarray, "rows columns"]:
    """Write linear light, premultiplied, as the texels of a living photo: Y'CbCr with alpha, 8 bits each."""
    texels = np.empty(alpha.shape, np.uint32)
    _pack(colour, alpha, curve(), texels)
    return texels


def directions(
    normals: Float32[np.ndarray, "rows columns 3"],
) -> UInt32[np.ndarray, "rows columns"]:
    """Write directions (right, up, toward) as ``relight.light_maps`` reads them; no stops, following the body."""
    length = np.sqrt(np.square(normals).sum(axis=2, keepdims=True))
    unit = normals / np.maximum(length, 1e-3)
    levels = np.rint(128 + 127 * np.clip(unit[..., :2], -1, 1)).astype(np.uint32)
    return np.asarray(levels[..., 0] | levels[..., 1] << np.uint32(8) | np.uint32(128 << 16))


def softened(
    picture: Float32[np.ndarray, "rows columns *_"], sigma_px: float
) -> Float32[np.ndarray, "rows columns *_"]:
    """Blur as a lens does that is not quite in focus."""
    return np.asarray(
        cv2.GaussianBlur(picture, (0, 0), max(sigma_px, 0.3), borderType=cv2.BORDER_REPLICATE)
    )


@compiled_fast
@no_type_check
def _pack(colour: np.ndarray, alpha: np.ndarray, shown: np.ndarray, out: np.ndarray) -> None:
    one, half, top = np.float32(1), np.float32(0.5), np.float32(shown.size - 1)
    for row in range(alpha.shape[0]):
        for x in range(alpha.shape[1]):
            whole = alpha[row, x]
            level = int(min(whole, one) * np.float32(255) + half)
            if level == 0:
                out[row, x] = 0
                continue
            over = top / whole
            r = shown[int(min(colour[row, x, 0] * over, top) + half)]
            g = shown[int(min(colour[row, x, 1] * over, top) + half)]
            b = shown[int(min(colour[row, x, 2] * over, top) + half)]
            y = np.float32(0.2126) * r + np.float32(0.7152) * g + np.float32(0.0722) * b
            share = np.float32(level) / np.float32(255)
            luma = (np.float32(16) + np.float32(219) * y) * share
            blue = (np.float32(128) + np.float32(224 / 1.8556) * (b - y)) * share
            red = (np.float32(128) + np.float32(224 / 1.5748) * (r - y)) * share
            texel = np.uint32(int(luma + half)) | np.uint32(int(blue + half)) << np.uint32(8)
            texel |= np.uint32(int(red + half)) << np.uint32(16)
            out[row, x] = texel | np.uint32(level) << np.uint32(24)
