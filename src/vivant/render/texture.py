"""Textures: pictures in the one form that the kernel samples."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, UInt8, UInt32
from scipy.ndimage import correlate1d, spline_filter1d

from vivant.media.colour import rgb_to_ycc
from vivant.render.spans import SPREAD


def pack(
    y: UInt8[np.ndarray, "*shape"],
    u: UInt8[np.ndarray, "*shape"],
    v: UInt8[np.ndarray, "*shape"],
    a: UInt8[np.ndarray, "*shape"],
) -> UInt32[np.ndarray, "*shape"]:
    """Put four channels (already premultiplied) into texels."""
    wide = [channel.astype(np.uint32) << (8 * k) for k, channel in enumerate((y, u, v, a))]
    return wide[0] | wide[1] | wide[2] | wide[3]


def unpack(
    texels: UInt32[np.ndarray, "*shape"],
) -> tuple[
    UInt8[np.ndarray, "*shape"],
    UInt8[np.ndarray, "*shape"],
    UInt8[np.ndarray, "*shape"],
    UInt8[np.ndarray, "*shape"],
]:
    """Take texels apart: Y, U, V and A, premultiplied as they are."""
    y, u, v, a = ((texels >> np.uint32(8 * k)).astype(np.uint8) for k in range(4))
    return y, u, v, a


def texture_from_rgba(
    rgb: UInt8[np.ndarray, "height width 3"], alpha: UInt8[np.ndarray, "height width"]
) -> UInt32[np.ndarray, "height width"]:
    """Make a texture of a picture and its matte.

    Args:
        rgb: sRGB, not premultiplied.
        alpha: 0 clear to 255 solid.

    Returns:
        Texels: Y'CbCr BT.709, limited range, premultiplied.
    """
    return _premultiplied(rgb_to_ycc(rgb.astype(np.float32)), alpha)


def sharp_texture(
    rgb: UInt8[np.ndarray, "height width 3"], alpha: UInt8[np.ndarray, "height width"]
) -> UInt32[np.ndarray, "padded_height padded_width"]:
    """Make a texture for ``draw_sharp``: the coefficients of a cubic spline through the picture.

    A spline passes through the pixels instead of blurring between them. Half-way between
    two pixels the finest detail is lost in any case; the filter makes up for it, so that
    the energy at each frequency is that of the picture on average over all shifts. What
    moves looks as sharp as the photo, what rests a little sharper. The colours are
    filtered before they meet the matte; the matte is not, so it never rings.

    Args:
        rgb: sRGB, not premultiplied.
        alpha: 0 clear to 255 solid.

    Returns:
        Texels of ``[height + 3, width + 3]``: one more before and two more after each edge.
        Luma overshoots at edges, so it is stored as ``(Y + 63.75) / 1.5``.

    Source:
        M. Unser, "Splines: a perfect fit for signal and image processing", IEEE Signal
        Processing Magazine 16(6), 1999.
    """
    planes = rgb_to_ycc(rgb.astype(np.float32))
    for axis in (0, 1):
        planes = correlate1d(planes, _BOOST, axis=axis, mode="mirror")
        planes = spline_filter1d(planes, order=3, axis=axis, mode="mirror", output=np.float32)
    planes[..., 0] = (planes[..., 0] + 127.5 * (SPREAD - 1)) / SPREAD
    edges = ((1, 2), (1, 2))
    padded = np.pad(planes, (*edges, (0, 0)), mode="reflect")
    return _premultiplied(padded, np.pad(alpha, edges, mode="edge"))


def _boost() -> Float32[np.ndarray, " taps"]:
    """Make the filter that gives back what a spline loses between pixels, on average.

    The response at rest over the root mean square of the responses at all shifts.
    """
    turns = np.linspace(0, np.pi, 64)
    shifts = (np.arange(64) + 0.5) / 64
    near = np.arange(-2, 4)[:, None, None]
    distance = np.abs(near - np.concatenate([[0.0], shifts])[None, :, None])
    inner = 2 / 3 - distance**2 + distance**3 / 2
    weight = np.where(distance < 1, inner, np.clip(2 - distance, 0, None) ** 3 / 6)
    response = np.abs((weight * np.exp(-1j * near * turns)).sum(axis=0))
    wanted = response[0] / np.sqrt((response[1:] ** 2).mean(axis=0))
    taps = np.roll(np.fft.irfft(wanted), 4)[:9]
    return np.asarray(taps / taps.sum(), dtype=np.float32)


_BOOST = _boost()


def _premultiplied(
    planes: Float32[np.ndarray, "height width 3"], alpha: UInt8[np.ndarray, "height width"]
) -> UInt32[np.ndarray, "height width"]:
    share = alpha[..., None].astype(np.float32) / 255
    whole = np.rint(np.clip(planes, 0, 255) * share).astype(np.uint8)
    return pack(whole[..., 0], whole[..., 1], whole[..., 2], alpha)
