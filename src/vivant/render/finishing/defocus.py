"""Blur by depth: what is away from the focus becomes discs, as behind a round lens.

Discs are cast, not gathered: each pixel is dealt out to a few blurs by its own disc's size, and the
blurs are added with their weights. What is sharp has no weight, so it never leaks into the blurred
background; what is nearer than the focus is laid over the rest with soft edges. All blurs are made at
half the film's size; each disc is a stack of runs, each run the difference of two running sums.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np
from jaxtyping import Float32

from vivant.media.compilation import compiled, compiled_fast, owned
from vivant.render.finishing.sharing import in_bands

LARGEST = 0.0125
"""Radius of the largest disc, in heights of the picture: 9 pixels of 720."""
LEVELS = (0.30, 0.62, 1.0)
"""Radii of the blurs, as shares of the largest disc in the frame."""
MOST = 12.0
"""A brighter pixel's disc shines no brighter."""
LEAST_PX, WHOLE_PX = 0.35, 1.35
"""Discs smaller than the first are left sharp; from the second on, only the blur is seen."""
NEAREST_M = 0.3
NEAR_SHARE = 1e-4
"""Fewer pixels than this before the focus are not worth a blur of their own."""


def defocus(
    hdr: Float32[np.ndarray, "height width 3"],
    depth: Float32[np.ndarray, "height width"],
    focus_m: float,
    aperture: float,
    *,
    threads: int = 2,
) -> Float32[np.ndarray, "height width 3"]:
    """Blur a picture by depth.

    Args:
        hdr: Linear light; it is written over.
        depth: Along the camera's axis in metres; infinite where nothing is.
        focus_m: Depth that stays sharp.
        aperture: Radius of the blur of things infinitely far when focused at one metre, in
            thousandths of the picture's height; 0 returns the picture as it is.
        threads: That share the work; the result does not depend on them.

    Returns:
        The same array as ``hdr`` where that is contiguous, else a new one.
    """
    height, width = depth.shape
    gain = aperture * 1e-3 * height
    most = LARGEST * height
    far_px = min(gain / focus_m, most)
    near_px = min(gain * (1 / NEAREST_M - 1 / focus_m), most)
    hdr = owned(hdr)
    if max(far_px, near_px) <= LEAST_PX:
        return hdr
    size = ((height + 1) // 2, (width + 1) // 2)
    lens = np.array([gain, 1 / focus_m, NEAREST_M, most, LEAST_PX, WHOLE_PX, MOST], np.float32)
    discs, near_counts = np.empty((height, width), np.float32), np.zeros(height, np.int32)
    depth = owned(depth)
    in_bands(
        lambda first, end: _measure(depth, lens, discs, near_counts, first, end),
        rows=height,
        threads=threads,
    )
    far = np.zeros((4, *size), np.float32)
    _cast(hdr, discs, lens, far_px, np.float32(1), far, threads)
    if int(near_counts.sum()) > NEAR_SHARE * height * width:
        near = np.zeros((4, *size), np.float32)
        _cast(hdr, discs, lens, near_px, np.float32(-1), near, threads)
    else:
        near = np.zeros((4, 0, 0), np.float32)
    in_bands(
        lambda first, end: _compose(hdr, discs, lens, far, near, first, end),
        rows=height,
        threads=threads,
    )
    return hdr


def _cast(
    hdr: Float32[np.ndarray, "height width 3"],
    discs: Float32[np.ndarray, "height width"],
    lens: Float32[np.ndarray, " 7"],
    largest_px: float,
    side: np.float32,
    total: Float32[np.ndarray, "4 rows columns"],
    threads: int,
) -> None:
    """Add up the discs of all that lies behind the focus (``side`` 1) or before it (-1)."""
    if largest_px <= LEAST_PX:
        return
    rows, columns = total.shape[1:]
    radii = np.array([share * largest_px for share in LEVELS], np.float32)
    for level in range(len(LEVELS)):
        radius = float(radii[level]) / 2
        reach = int(np.ceil(radius)) + 1
        layer = np.zeros((4, rows, columns + 2 * reach + 1), np.float32)
        running = np.zeros_like(layer)
        used = np.zeros(rows, np.bool_)
        in_bands(
            lambda first, end, k=level, to=layer, runs=running, r=reach, u=used: _deal(  # type: ignore[misc]
                hdr, discs, lens, radii, k, side, to, runs, r, u, first, end
            ),
            rows=rows,
            threads=threads,
        )
        spans = _disc(radius)
        in_bands(
            lambda first, end, f=layer, runs=running, s=spans, r=reach, u=used: _blur(  # type: ignore[misc]
                f, runs, s, r, u, total, first, end
            ),
            rows=rows,
            threads=threads,
        )


def _disc(radius: float) -> Float32[np.ndarray, "rows 3"]:
    """Cut a disc into rows: whole pixels beside the middle one, and the part of the next one.

    The parts are weighted so that the disc's weights add to one.
    """
    reach = int(np.ceil(radius))
    y = np.arange(-reach, reach + 1)
    fine = y[:, None] + (np.arange(16) + 0.5) / 16 - 0.5
    half = np.sqrt(np.clip((radius + 0.5) ** 2 - fine**2, 0, None)).mean(axis=1)
    shown = (np.abs(fine) <= radius + 0.5).mean(axis=1)
    half = np.maximum(half - 0.5 * shown, 0)
    spans = np.column_stack([np.floor(half), half - np.floor(half), shown])
    area = float(((2 * half + 1) * shown).sum())
    return np.asarray(np.column_stack([spans[:, 0], spans[:, 1], shown / area]), np.float32)


@compiled  # depth may be infinite
@no_type_check
def _measure(
    depth: np.ndarray,
    lens: np.ndarray,
    discs: np.ndarray,
    near_counts: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Give each pixel the radius of its disc: above zero behind the focus, below zero before it."""
    one = np.float32(1)
    for row in range(first, end):
        found = 0
        for x in range(depth.shape[1]):
            disc = (lens[1] - one / max(depth[row, x], lens[2])) * lens[0]
            discs[row, x] = disc
            found += 1 if disc < -lens[5] else 0
        near_counts[row] = found


@compiled_fast
@no_type_check
def _deal(  # noqa: C901, PLR0913, PLR0917 - one pass over all pixels
    hdr: np.ndarray,
    discs: np.ndarray,
    lens: np.ndarray,
    radii: np.ndarray,
    level: int,
    side: float,
    layer: np.ndarray,
    running: np.ndarray,
    reach: int,
    used: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Give one blur its share of each pixel, at half size, and sum it up along the rows."""
    height, width = discs.shape
    columns = layer.shape[2] - 2 * reach - 1
    zero, one = np.float32(0), np.float32(1)
    most, least, whole, cap = lens[3], lens[4], lens[5], lens[6]
    here = radii[level]
    below = radii[max(level - 1, 0)]
    above = radii[min(level + 1, radii.size - 1)]
    first_level, last_level = level == 0, level == radii.size - 1
    up = one / max(here - below, np.float32(1e-6))
    down = one / max(above - here, np.float32(1e-6))
    soft = one / (whole - least)
    share = np.empty(width, np.float32)
    for row in range(first, end):
        some = zero
        for y in range(2 * row, min(2 * row + 2, height)):
            for x in range(width):
                disc = discs[y, x] * side
                shown = min(max((disc - least) * soft, zero), one)
                disc = min(disc, most)
                rise = one if first_level else min(max((disc - below) * up, zero), one)
                fall = one if last_level else min(max((above - disc) * down, zero), one)
                weight = shown * rise * fall * np.float32(0.25)
                share[x] = weight
                some += weight
            if some > zero:
                for x in range(width // 2):
                    a, b = share[2 * x], share[2 * x + 1]
                    layer[3, row, reach + x] += a + b
                    for c in range(3):
                        layer[c, row, reach + x] += (
                            min(hdr[y, 2 * x, c], cap) * a + min(hdr[y, 2 * x + 1, c], cap) * b
                        )
        used[row] = some > zero
        if some > zero:
            for c in range(4):
                line, sums = layer[c, row], running[c, row]
                for k in range(reach):
                    line[k] = line[reach]
                    line[reach + columns + k] = line[reach + columns - 1]
                total = zero
                for k in range(line.size):
                    sums[k] = total
                    total += line[k]


@compiled_fast
@no_type_check
def _blur(
    layer: np.ndarray,
    running: np.ndarray,
    spans: np.ndarray,
    reach: int,
    used: np.ndarray,
    total: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Add discs. ``running`` holds, at each place, the sum of all before it."""
    rows, columns = total.shape[1], total.shape[2]
    half = spans.shape[0] // 2
    for row in range(first, end):
        for k in range(spans.shape[0]):
            other = min(max(row + k - half, 0), rows - 1)
            if not used[other]:
                continue
            long = int(spans[k, 0])
            part, weight = spans[k, 1], spans[k, 2]
            a, b = reach + long + 1, reach - long
            for c in range(4):
                out = total[c, row]
                high = running[c, other, a : a + columns]
                low = running[c, other, b : b + columns]
                right = layer[c, other, a : a + columns]
                left = layer[c, other, b - 1 : b - 1 + columns]
                for x in range(columns):
                    out[x] += (high[x] - low[x] + part * (right[x] + left[x])) * weight


@compiled_fast
@no_type_check
def _rise(planes: np.ndarray, row: int, out: np.ndarray) -> None:
    """One row of the film's height out of planes of half its height, still half as wide."""
    rows = planes.shape[1]
    near = row // 2
    other = near - 1 if row % 2 == 0 else near + 1
    near, other = min(near, rows - 1), min(max(other, 0), rows - 1)
    for c in range(4):
        a, b = planes[c, near], planes[c, other]
        for x in range(planes.shape[2]):
            out[c, x] = a[x] * np.float32(0.75) + b[x] * np.float32(0.25)


@compiled_fast
@no_type_check
def _compose(
    hdr: np.ndarray,
    discs: np.ndarray,
    lens: np.ndarray,
    far: np.ndarray,
    near: np.ndarray,
    first: int,
    end: int,
) -> None:
    """Lay the blurred far over the sharp, and the blurred near over both."""
    width = discs.shape[1]
    columns = far.shape[2]
    zero, one = np.float32(0), np.float32(1)
    least = lens[4]
    soft = one / (lens[5] - least)
    behind = np.empty((4, columns), np.float32)
    before = np.zeros((4, columns), np.float32)
    has_near = near.shape[1] > 0
    most, most_q = np.float32(0.75), np.float32(0.25)
    for row in range(first, end):
        _rise(far, row, behind)
        if has_near:
            _rise(near, row, before)
        for x in range(width):
            i = x // 2
            j = min(max(i - 1 if x % 2 == 0 else i + 1, 0), columns - 1)
            shown = min(max((abs(discs[row, x]) - least) * soft, zero), one)
            weight = behind[3, i] * most + behind[3, j] * most_q
            if shown > zero and weight > np.float32(1e-4):
                scale = shown / weight
                keep = one - shown
                for c in range(3):
                    blurred = behind[c, i] * most + behind[c, j] * most_q
                    hdr[row, x, c] = hdr[row, x, c] * keep + blurred * scale
            if has_near:
                cover = before[3, i] * most + before[3, j] * most_q
                if cover > np.float32(1e-4):
                    gain_ = one / max(cover, one)
                    keep = max(one - cover, zero)
                    for c in range(3):
                        veil = before[c, i] * most + before[c, j] * most_q
                        hdr[row, x, c] = hdr[row, x, c] * keep + veil * gain_
