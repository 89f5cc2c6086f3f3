"""Pictures as planes and back: Y'CbCr 4:2:0, BT.709, limited range.

Chroma is sited at the centre of each 2 x 2 block: averaged on the way in, repeated on the
way out. Values are computed in single precision and rounded once, halves up.
"""

from __future__ import annotations

import math
from typing import no_type_check

import numpy as np
from jaxtyping import UInt8

from vivant.media.compilation import compiled, owned

_HALF = np.float32(0.5)
# ITU-R BT.709-6, items 3.2 to 3.5
_RED, _GREEN, _BLUE = (np.float32(weight) for weight in (0.2126, 0.7152, 0.0722))
_LUMA = np.float32(219 / 255)
_TO_CB, _TO_CR = np.float32(224 / 255 / 1.8556), np.float32(224 / 255 / 1.5748)
_FROM_LUMA = np.float32(255 / 219)
_FROM_CB, _FROM_CR = np.float32(1.8556 * 255 / 224), np.float32(1.5748 * 255 / 224)
_GREEN_CB = np.float32(1.8556 * 255 / 224 * 0.0722 / 0.7152)
_GREEN_CR = np.float32(1.5748 * 255 / 224 * 0.2126 / 0.7152)


def rgb_to_planes(
    pixels: UInt8[np.ndarray, "height width 3"],
) -> tuple[
    UInt8[np.ndarray, "height width"],
    UInt8[np.ndarray, "half_height half_width"],
    UInt8[np.ndarray, "half_height half_width"],
]:
    """Turn a picture into the planes of a frame.

    Args:
        pixels: R'G'B', 0 to 255; even width and height.

    Returns:
        Y 16 to 235; U and V 16 to 240, half as wide and as high; fresh, writeable.

    Raises:
        ValueError: Width or height is odd.

    Source:
        ITU-R BT.709-6, items 3.2 to 3.5.
    """
    height, width, _ = pixels.shape
    if height % 2 or width % 2:
        message = f"The picture is {width} x {height}; planes need an even width and height."
        raise ValueError(message)
    y = np.empty((height, width), np.uint8)
    u, v = (np.empty((height // 2, width // 2), np.uint8) for _ in range(2))
    _rgb_to_planes(owned(pixels), y, u, v)
    return y, u, v


def planes_to_rgb(
    y: UInt8[np.ndarray, "height width"],
    u: UInt8[np.ndarray, "half_height half_width"],
    v: UInt8[np.ndarray, "half_height half_width"],
) -> UInt8[np.ndarray, "height width 3"]:
    """Turn the planes of a frame into a picture.

    Args:
        y: Luma; what lies outside 16..235 becomes darker than black or lighter than white,
            and is clipped.
        u: Blue difference, half as wide and as high.
        v: Red difference.

    Returns:
        R'G'B', 0 to 255; fresh, writeable.

    Raises:
        ValueError: The chroma planes are not half of the luma plane.
    """
    height, width = y.shape
    if u.shape != v.shape or (2 * u.shape[0], 2 * u.shape[1]) != y.shape:
        message = (
            f"Luma is {width} x {height} and chroma {u.shape[1]} x {u.shape[0]}; must be half."
        )
        raise ValueError(message)
    pixels = np.empty((height, width, 3), np.uint8)
    _planes_to_rgb(owned(y), owned(u), owned(v), pixels)
    return pixels


def psnr(a: UInt8[np.ndarray, "*shape"], b: UInt8[np.ndarray, "*shape"]) -> float:
    """Compare two pictures or planes: peak signal-to-noise ratio in dB, infinite when equal.

    Raises:
        ValueError: They differ in shape, or are empty.
    """
    if a.shape != b.shape or a.size == 0:
        message = f"Shapes {a.shape} and {b.shape} cannot be compared; they must be the same."
        raise ValueError(message)
    error = int(_squared_error(owned(a).reshape(-1), owned(b).reshape(-1)))
    return 10 * math.log10(255**2 * a.size / error) if error else math.inf


@compiled
@no_type_check
def _rgb_to_planes(
    pixels: UInt8[np.ndarray, "height width 3"],
    y: UInt8[np.ndarray, "height width"],
    u: UInt8[np.ndarray, "half_height half_width"],
    v: UInt8[np.ndarray, "half_height half_width"],
) -> None:
    start = np.float32(16.5)
    for row in range(y.shape[0]):
        line = pixels[row]
        for x in range(y.shape[1]):
            luma = _RED * line[x, 0] + _GREEN * line[x, 1] + _BLUE * line[x, 2]
            y[row, x] = np.uint8(start + _LUMA * luma)
    middle, quarter = np.float32(128.5), np.float32(0.25)
    for row in range(u.shape[0]):
        upper, lower = pixels[2 * row], pixels[2 * row + 1]
        for x in range(u.shape[1]):
            i, j = 2 * x, 2 * x + 1
            red = np.float32(np.int32(upper[i, 0]) + upper[j, 0] + lower[i, 0] + lower[j, 0])
            green = np.float32(np.int32(upper[i, 1]) + upper[j, 1] + lower[i, 1] + lower[j, 1])
            blue = np.float32(np.int32(upper[i, 2]) + upper[j, 2] + lower[i, 2] + lower[j, 2])
            luma = _RED * red + _GREEN * green + _BLUE * blue
            u[row, x] = np.uint8(middle + _TO_CB * quarter * (blue - luma))
            v[row, x] = np.uint8(middle + _TO_CR * quarter * (red - luma))


@compiled
@no_type_check
def _byte(value: float) -> int:
    low, high = np.float32(0), np.float32(255)
    return np.uint8(min(max(value + _HALF, low), high))


@compiled
@no_type_check
def _planes_to_rgb(
    y: UInt8[np.ndarray, "height width"],
    u: UInt8[np.ndarray, "half_height half_width"],
    v: UInt8[np.ndarray, "half_height half_width"],
    pixels: UInt8[np.ndarray, "height width 3"],
) -> None:
    black, none = np.float32(16), np.float32(128)
    for row in range(y.shape[0]):
        blues, reds = u[row // 2], v[row // 2]
        for x in range(y.shape[1]):
            luma = _FROM_LUMA * (np.float32(y[row, x]) - black)
            blue, red = np.float32(blues[x // 2]) - none, np.float32(reds[x // 2]) - none
            pixels[row, x, 0] = _byte(luma + _FROM_CR * red)
            pixels[row, x, 1] = _byte(luma - _GREEN_CB * blue - _GREEN_CR * red)
            pixels[row, x, 2] = _byte(luma + _FROM_CB * blue)


@compiled
@no_type_check
def _squared_error(a: UInt8[np.ndarray, " count"], b: UInt8[np.ndarray, " count"]) -> int:
    total = np.int64(0)
    for i in range(a.size):
        difference = np.int32(a[i]) - np.int32(b[i])
        total += np.int64(difference * difference)
    return total
