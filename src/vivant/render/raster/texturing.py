"""The compiled look-up of textures: a triangle's picture laid over its colour, in the light that falls there."""
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917 - compiled loops

from __future__ import annotations

from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled_fast


@compiled_fast
@no_type_check
def _texel(atlas, start, width, height, u, v, out):
    """Sample a texture between its texels; its edge goes on beyond its borders."""
    u = min(max(u, np.float32(0)), np.float32(width - 1))
    v = min(max(v, np.float32(0)), np.float32(height - 1))
    left, top = min(int(u), max(width - 2, 0)), min(int(v), max(height - 2, 0))
    part_x, part_y = u - left, v - top
    right, below = min(left + 1, width - 1), min(top + 1, height - 1)
    for channel in range(4):
        one = atlas[start + top * width + left, channel] * (1 - part_x)
        one += atlas[start + top * width + right, channel] * part_x
        two = atlas[start + below * width + left, channel] * (1 - part_x)
        two += atlas[start + below * width + right, channel] * part_x
        out[channel] = one * (1 - part_y) + two * part_y


@compiled_fast
@no_type_check
def textured(name, time, at_x, at_y, corners, spots, looks, sheet, atlas, sizes, colour, texel):
    """Lay a triangle's texture over ``colour``, in the light that falls there."""
    p, q, r = corners[name, 0], corners[name, 1], corners[name, 2]
    x0, y0 = spots[time, p, 0], spots[time, p, 1]
    ax, ay = spots[time, q, 0] - x0, spots[time, q, 1] - y0
    bx, by = spots[time, r, 0] - x0, spots[time, r, 1] - y0
    over = np.float32(1) / (ax * by - bx * ay)
    x, y = at_x - x0, at_y - y0
    share_q = (x * by - bx * y) * over
    share_r = (ax * y - x * ay) * over
    share_p = (1 - share_q - share_r) * spots[time, p, 2]
    share_q *= spots[time, q, 2]
    share_r *= spots[time, r, 2]
    total = share_p + share_q + share_r
    share_p, share_q, share_r = share_p / total, share_q / total, share_r / total
    u = looks[p, 9] * share_p + looks[q, 9] * share_q + looks[r, 9] * share_r
    v = looks[p, 10] * share_p + looks[q, 10] * share_q + looks[r, 10] * share_r
    weight = looks[p, 11] * share_p + looks[q, 11] * share_q + looks[r, 11] * share_r
    _texel(atlas, sizes[sheet, 0], sizes[sheet, 1], sizes[sheet, 2], u, v, texel)
    weight = min(max(weight, np.float32(0)), np.float32(1)) * texel[3]
    for channel in range(3):
        light = looks[p, channel + 3] * share_p + looks[q, channel + 3] * share_q
        light += looks[r, channel + 3] * share_r
        bare = looks[p, channel + 6] * share_p + looks[q, channel + 6] * share_q
        bare += looks[r, channel + 6] * share_r
        colour[channel] += weight * (light * texel[channel] - bare)
