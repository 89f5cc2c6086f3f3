"""The loops behind the matte: what colours meet at an edge, and which shares of them explain the photo.

Two sources speak about each unsure pixel. *Sampling* looks outwards for the nearest sure pixels of the
person and of the background, and asks which pair of their colours mixes to the pixel's own. The *matting
Laplacian* asks that in every small window the share be a linear function of colour, which carries the
answer along strands of hair. Both are put into one least-squares problem.

Source:
    Gastal and Oliveira 2010, Shared Sampling for Real-Time Alpha Matting (the search along rays and the
    costs of a pair); Levin, Lischinski and Weiss 2008, A Closed-Form Solution to Natural Image Matting.
"""

from __future__ import annotations

from math import cos, exp, pi, sin, sqrt
from typing import no_type_check

import numpy as np
from jaxtyping import Float, Float32, Float64, Int32, UInt8

from vivant.media.compilation import compiled_fast

BACK, UNSURE, FRONT = 0, 1, 2
"""What a pixel of a trimap is."""
STENCIL = 25
"""A row of the matting Laplacian reaches two pixels each way."""
_RAYS = 12
Colours = Float32[np.ndarray, "height width 3"]
Trimap = UInt8[np.ndarray, "height width"]
Places = Int32[np.ndarray, " unsure"]


@compiled_fast
@no_type_check
def sample_pairs(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - compiled code takes arrays one by one
    rgb: Colours,
    front: Colours,
    back: Colours,
    trimap: Trimap,
    rows: Places,
    columns: Places,
    reach: float,
    noise: float,
    share: Float32[np.ndarray, " unsure"],
    trust: Float32[np.ndarray, " unsure"],
    common: Float32[np.ndarray, " unsure"],
) -> None:
    """Find, for each unsure pixel, the two sure colours that mix to it.

    Args:
        rgb: Photo, 0..1.
        front: Colours of sure pixels of the person, smoothed over their like.
        back: The same of the background.
        trimap: ``BACK``, ``UNSURE``, ``FRONT``.
        rows: Of the unsure pixels.
        columns: Of the unsure pixels.
        reach: How far rays go, in pixels.
        noise: What the photo's grain may put between a mixture and a pixel, 0..1.
        share: Out: share of the person, 0..1.
        trust: Out: how far to believe it, 0..1.
        common: Out: how well some pixel of the background around has the very colour, 0..1.
    """
    height, width = trimap.shape
    fx, fy, fd = np.zeros(_RAYS, np.int32), np.zeros(_RAYS, np.int32), np.zeros(_RAYS, np.float32)
    bx, by, bd = np.zeros(_RAYS, np.int32), np.zeros(_RAYS, np.int32), np.zeros(_RAYS, np.float32)
    for n in range(len(rows)):
        y, x = rows[n], columns[n]
        start = ((x * 7 + y * 13) % 9) / 9.0  # neighbours look along other rays
        fronts, backs = 0, 0
        nearest = 1e9
        for k in range(_RAYS):
            angle = 2 * pi * (k + start) / _RAYS
            dx, dy = cos(angle), sin(angle)
            some_front, some_back = False, False
            way = 1.0
            while way < reach:
                px, py = int(x + dx * way + 0.5), int(y + dy * way + 0.5)
                if px < 0 or py < 0 or px >= width or py >= height:
                    break
                what = trimap[py, px]
                if what == 2 and not some_front:
                    fx[fronts], fy[fronts], fd[fronts] = px, py, way
                    fronts += 1
                    some_front = True
                elif what == 0 and not some_back:
                    bx[backs], by[backs], bd[backs] = px, py, way
                    backs += 1
                    some_back = True
                if what == 0:
                    e0, e1, e2 = (
                        rgb[y, x, 0] - rgb[py, px, 0],
                        rgb[y, x, 1] - rgb[py, px, 1],
                        rgb[y, x, 2] - rgb[py, px, 2],
                    )
                    nearest = min(nearest, e0 * e0 + e1 * e1 + e2 * e2)
                if way >= 0.5 * reach and some_front and some_back:
                    break
                way += 1.0 if not (some_front and some_back) and way < 24 else 3.0
        common[n] = exp(-nearest / (noise * noise))
        if fronts == 0 or backs == 0:
            share[n] = 0.5
            trust[n] = 0.0
            continue
        near_front, near_back = reach, reach
        for i in range(fronts):
            near_front = min(near_front, fd[i])
        for j in range(backs):
            near_back = min(near_back, bd[j])
        total, mixed, apart, wrong = 0.0, 0.0, 0.0, 0.0
        for i in range(fronts):
            f0, f1, f2 = front[fy[i], fx[i], 0], front[fy[i], fx[i], 1], front[fy[i], fx[i], 2]
            for j in range(backs):
                b0, b1, b2 = back[by[j], bx[j], 0], back[by[j], bx[j], 1], back[by[j], bx[j], 2]
                d0, d1, d2 = f0 - b0, f1 - b1, f2 - b2
                c0, c1, c2 = rgb[y, x, 0] - b0, rgb[y, x, 1] - b1, rgb[y, x, 2] - b2
                length = d0 * d0 + d1 * d1 + d2 * d2
                a = (c0 * d0 + c1 * d1 + c2 * d2) / (length + 1e-5)
                a = min(1.0, max(0.0, a))
                e0, e1, e2 = c0 - a * d0, c1 - a * d1, c2 - a * d2
                error = (e0 * e0 + e1 * e1 + e2 * e2) / (noise * noise)
                cost = error + 0.4 * (fd[i] / near_front + bd[j] / near_back - 2)
                weight = exp(-0.5 * min(cost, 60.0)) * length / (length + 1e-3) + 1e-14
                total += weight
                mixed += weight * a
                apart += weight * length
                wrong += weight * error
        share[n] = mixed / total
        apart = sqrt(apart / total)
        clear = min(1.0, max(0.0, (apart / noise - 3.0) / 8.0))
        trust[n] = clear * exp(-0.10 * wrong / total)


@compiled_fast
@no_type_check
def lay_laplacian(  # noqa: C901 - one window after another
    rgb: Colours,
    index: Int32[np.ndarray, "height width"],
    eps: float,
    table: Float32[np.ndarray, "unsure 25"],
) -> None:
    """Add up the matting Laplacian's rows for the unsure pixels.

    Args:
        rgb: Photo, 0..1.
        index: Number of each unsure pixel, -1 elsewhere and within two pixels of the photo's edge.
        eps: Variance that does not count as colour.
        table: Out: a row of ``STENCIL`` numbers for each unsure pixel, zeros at first.
    """
    height, width = index.shape
    d = np.zeros((9, 3))
    g = np.zeros((9, 3))
    for cy in range(1, height - 1):
        for cx in range(1, width - 1):
            some = False
            for k in range(9):
                if index[cy + k // 3 - 1, cx + k % 3 - 1] >= 0:
                    some = True
                    break
            if not some:
                continue
            m0 = m1 = m2 = 0.0
            for k in range(9):
                py, px = cy + k // 3 - 1, cx + k % 3 - 1
                m0 += rgb[py, px, 0]
                m1 += rgb[py, px, 1]
                m2 += rgb[py, px, 2]
            m0, m1, m2 = m0 / 9, m1 / 9, m2 / 9
            s00 = s01 = s02 = s11 = s12 = s22 = 0.0
            for k in range(9):
                py, px = cy + k // 3 - 1, cx + k % 3 - 1
                d[k, 0], d[k, 1], d[k, 2] = (
                    rgb[py, px, 0] - m0,
                    rgb[py, px, 1] - m1,
                    rgb[py, px, 2] - m2,
                )
                s00 += d[k, 0] * d[k, 0]
                s01 += d[k, 0] * d[k, 1]
                s02 += d[k, 0] * d[k, 2]
                s11 += d[k, 1] * d[k, 1]
                s12 += d[k, 1] * d[k, 2]
                s22 += d[k, 2] * d[k, 2]
            s00, s11, s22 = s00 / 9 + eps, s11 / 9 + eps, s22 / 9 + eps
            s01, s02, s12 = s01 / 9, s02 / 9, s12 / 9
            i00, i01, i02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
            i11, i12, i22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
            det = s00 * i00 + s01 * i01 + s02 * i02
            for k in range(9):
                g[k, 0] = (i00 * d[k, 0] + i01 * d[k, 1] + i02 * d[k, 2]) / det
                g[k, 1] = (i01 * d[k, 0] + i11 * d[k, 1] + i12 * d[k, 2]) / det
                g[k, 2] = (i02 * d[k, 0] + i12 * d[k, 1] + i22 * d[k, 2]) / det
            for i in range(9):
                iy, ix = i // 3 - 1, i % 3 - 1
                row = index[cy + iy, cx + ix]
                if row < 0:
                    continue
                for j in range(9):
                    jy, jx = j // 3 - 1, j % 3 - 1
                    value = -(1 + g[i, 0] * d[j, 0] + g[i, 1] * d[j, 1] + g[i, 2] * d[j, 2]) / 9
                    if i == j:
                        value += 1
                    table[row, (jy - iy + 2) * 5 + jx - ix + 2] += value


@compiled_fast
@no_type_check
def solve_shares(  # noqa: C901 - compiled code takes arrays one by one
    table: Float32[np.ndarray, "unsure 25"],
    rows: Places,
    columns: Places,
    wanted: Float[np.ndarray, " unsure"],
    weight: Float[np.ndarray, " unsure"],
    alpha: Float64[np.ndarray, "height width"],
    rounds: int,
    enough: float,
) -> None:
    """Solve for the unsure pixels by conjugate gradients, with the diagonal as preconditioner.

    Args:
        table: Of ``lay_laplacian``.
        rows: Of the unsure pixels.
        columns: Of the unsure pixels.
        wanted: What other sources say of each.
        weight: How much that counts.
        alpha: In and out: the picture of shares; sure pixels stay.
        rounds: At most.
        enough: Stop when the residual has shrunk to this share of the first.
    """
    count = len(rows)
    width = alpha.shape[1]
    flat = alpha.ravel()
    at = np.empty(count, np.int64)
    shift = np.empty(25, np.int64)
    for k in range(25):
        shift[k] = (k // 5 - 2) * width + (k % 5 - 2)
    for n in range(count):
        at[n] = rows[n] * width + columns[n]
    way = np.zeros(len(flat), np.float64)  # a step, zero at sure pixels
    rest, steep, product = np.empty(count), np.empty(count), np.empty(count)
    size = 0.0
    for n in range(count):
        total = (wanted[n] - flat[at[n]]) * weight[n]
        for k in range(25):
            total -= table[n, k] * flat[at[n] + shift[k]]
        rest[n] = total
        steep[n] = 1.0 / (table[n, 12] + weight[n] + 1e-9)
        way[at[n]] = total * steep[n]
        size += total * total * steep[n]
    first = size
    for _ in range(rounds):
        if size <= enough * first or size == 0.0:
            break
        along = 0.0
        for n in range(count):
            total = weight[n] * way[at[n]]
            for k in range(25):
                total += table[n, k] * way[at[n] + shift[k]]
            product[n] = total
            along += total * way[at[n]]
        far = size / along
        new = 0.0
        for n in range(count):
            flat[at[n]] += far * way[at[n]]
            rest[n] -= far * product[n]
            new += rest[n] * rest[n] * steep[n]
        turn = new / size
        size = new
        for n in range(count):
            way[at[n]] = rest[n] * steep[n] + turn * way[at[n]]
