"""The innermost loop of the picture: textured triangles onto a canvas, canvas into planes.

A texel, and a pixel of the canvas, is one ``uint32``: ``Y | U << 8 | V << 16 | A << 24``,
BT.709 limited range, every channel premultiplied by A (0 clear, 255 solid). The centre of
pixel (x, y) lies at the coordinates (x, y), in canvases and textures alike.

Triangles are painted in the order given, each over what is there. A pixel belongs to a
triangle when its centre lies inside; a centre on a shared edge belongs to exactly one of
the two neighbours, because both compute the edge from the same end points in the same
order. So a mesh that does not fold has no holes, and no pixel is painted twice, which
soft edges would show.

Everything here is compiled with numba on first use and kept in its cache. The compiled
parts hold no Python lock: threads call ``draw`` and ``to_planes`` at once, each with its
own band of rows.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8, UInt32

from vivant.media.compilation import owned
from vivant.render.spans import draw_triangles, write_planes
from vivant.render.texture import pack, sharp_texture, texture_from_rgba, unpack

__all__ = [
    "draw",
    "draw_sharp",
    "pack",
    "sharp_texture",
    "texture_from_rgba",
    "to_planes",
    "unpack",
]


def draw(
    canvas: UInt32[np.ndarray, "height width"],
    texture: UInt32[np.ndarray, "texture_height texture_width"],
    *,
    vertices: Float32[np.ndarray, "points 2"],
    uv: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    opaque: Bool[np.ndarray, " triangles"],
    row0: int = 0,
    row1: int | None = None,
) -> None:
    """Paint textured triangles over the canvas, sampling bilinearly.

    Args:
        canvas: Solid pixels, C-contiguous; changed in place.
        texture: Texels, premultiplied, 2 x 2 or more; its edge goes on beyond its borders.
        vertices: Where each point lies on the canvas: x, y in pixels.
        uv: Where each point lies in the texture: x, y in texels.
        triangles: Three points each, either way round, in the order of painting.
        opaque: Whether a triangle is solid, with the texels one step around it (two for
            ``draw_sharp``); such a triangle is not blended.
        row0: First row of the band to paint.
        row1: The row after the last; None is the height.

    A triangle with a coordinate that is not finite, without area, or with a point that
    does not exist is left out. Nothing outside the canvas is ever written.

    Raises:
        ValueError: The canvas is not contiguous, or the texture is smaller than 2 x 2.
    """
    height, width = texture.shape
    _paint(canvas, texture, (width, height), vertices, uv, triangles, opaque, (row0, row1, False))


def draw_sharp(
    canvas: UInt32[np.ndarray, "height width"],
    texture: UInt32[np.ndarray, "padded_height padded_width"],
    *,
    vertices: Float32[np.ndarray, "points 2"],
    uv: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    opaque: Bool[np.ndarray, " triangles"],
    row0: int = 0,
    row1: int | None = None,
) -> None:
    """Paint as ``draw`` does, along a cubic spline through the texels.

    Args:
        canvas: As for ``draw``.
        texture: What ``sharp_texture`` returned.
        vertices: As for ``draw``.
        uv: As for ``draw``; (0, 0) is still the picture's first pixel.
        triangles: As for ``draw``.
        opaque: As for ``draw``.
        row0: As for ``draw``.
        row1: As for ``draw``.

    Raises:
        ValueError: The canvas is not contiguous, or the picture was smaller than 2 x 2.
    """
    height, width = texture.shape[0] - 3, texture.shape[1] - 3
    _paint(canvas, texture, (width, height), vertices, uv, triangles, opaque, (row0, row1, True))


def _paint(
    canvas: UInt32[np.ndarray, "height width"],
    texture: UInt32[np.ndarray, "texture_height texture_width"],
    size: tuple[int, int],
    vertices: Float32[np.ndarray, "points 2"],
    uv: Float32[np.ndarray, "points 2"],
    triangles: Int32[np.ndarray, "triangles 3"],
    opaque: Bool[np.ndarray, " triangles"],
    how: tuple[int, int | None, bool],
) -> None:
    if not (canvas.flags.c_contiguous and canvas.flags.writeable):
        message = "The canvas must be a writeable array with its rows one after the other."
        raise ValueError(message)
    if min(size) < 2:
        message = f"The texture is {size[0]} x {size[1]} texels; it needs 2 x 2 or more."
        raise ValueError(message)
    texture = np.ascontiguousarray(texture)
    row0, row1, cubic = how
    rows = (max(row0, 0), canvas.shape[0] if row1 is None else min(row1, canvas.shape[0]))
    own = (owned(array) for array in (vertices, uv, triangles, opaque))
    draw_triangles(canvas, (texture.ctypes.data, texture.shape[1], *size), *own, rows, cubic)


def to_planes(
    canvas: UInt32[np.ndarray, "height width"],
    y: UInt8[np.ndarray, "height width"],
    u: UInt8[np.ndarray, "half_height half_width"],
    v: UInt8[np.ndarray, "half_height half_width"],
    row0: int = 0,
    row1: int | None = None,
) -> None:
    """Write a canvas into the planes of a frame; chroma is the rounded mean of 2 x 2 pixels.

    Args:
        canvas: Solid pixels, C-contiguous, even width and height.
        y: Luma, written in place; planes are writeable and C-contiguous.
        u: Blue difference, half as wide and half as high.
        v: Red difference.
        row0: First row of the band to write, even.
        row1: The row after the last, even; None is the height.

    Raises:
        ValueError: A size or a row is odd, a plane does not fit the canvas, or an array is
            not contiguous or not writeable.
    """
    height, width = canvas.shape
    row1 = height if row1 is None else row1
    if height % 2 or width % 2 or row0 % 2 or row1 % 2 or not 0 <= row0 <= row1 <= height:
        message = f"The canvas is {width} x {height}, rows {row0} to {row1}: all must be even."
        raise ValueError(message)
    fits = y.shape == canvas.shape and u.shape == v.shape == (height // 2, width // 2)
    if not (fits and all(p.flags.c_contiguous and p.flags.writeable for p in (y, u, v))):
        message = "The planes must be writeable, contiguous, and fit the canvas (4:2:0)."
        raise ValueError(message)
    write_planes(owned(canvas), y, u, v, (row0, row1))
