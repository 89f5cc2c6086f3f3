"""Colour as film carries it: Y'CbCr after BT.709, limited range."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Weights of red, green and blue in luma (ITU-R BT.709)."""
_BLUE, _RED = 1.8556, 1.5748


def rgb_to_ycc(rgb: Float32[np.ndarray, "*shape 3"]) -> Float32[np.ndarray, "*shape 3"]:
    """Turn R'G'B' 0..255 into Y' 16..235 and Cb, Cr 16..240, as float.

    Source:
        ITU-R BT.709-6, items 3.2 to 3.5.
    """
    luma = rgb @ LUMA
    blue = (rgb[..., 2] - luma) / _BLUE
    red = (rgb[..., 0] - luma) / _RED
    return np.stack(
        [16 + luma * (219 / 255), 128 + blue * (224 / 255), 128 + red * (224 / 255)], axis=-1
    ).astype(np.float32)


def ycc_to_rgb(ycc: Float32[np.ndarray, "*shape 3"]) -> Float32[np.ndarray, "*shape 3"]:
    """Turn limited-range Y'CbCr back into R'G'B', unclipped."""
    luma = (ycc[..., 0] - 16) * (255 / 219)
    blue = (ycc[..., 1] - 128) * (255 / 224) * _BLUE + luma
    red = (ycc[..., 2] - 128) * (255 / 224) * _RED + luma
    green = (luma - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    return np.stack([red, green, blue], axis=-1).astype(np.float32)
