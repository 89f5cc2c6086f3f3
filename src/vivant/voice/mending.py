"""Fills what is missing of a sound from what stands around it: clicks, and peaks cut flat.

Source:
    Janssen, Veldhuis and Vries, Adaptive interpolation of discrete-time signals that can be modeled as
    autoregressive processes, IEEE TASSP 1986. Clicks are found in what such a model cannot foretell, as
    in Godsill and Rayner, Digital Audio Restoration, 1998.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float32
from scipy.linalg import solve, solve_toeplitz
from scipy.ndimage import binary_dilation, maximum_filter1d
from scipy.signal import lfilter

from vivant.media.hearing import CLIPPED_AT, CLIPPED_RUN

ORDER = 28
"""Samples from which the next one is foretold."""
FRAME_S = 0.04
CLICK_IS = 3.5
"""A sample is part of a click when it is this many times as far from the foretold one as any just before and after."""
CLICK_CLEAR_S, CLICK_AROUND_S = 0.0012, 0.016
"""What counts as just before and after: so far that a voice pulses in it."""
CLICK_OVER = 0.02
"""And this far, against the loudest sample: less is not heard as a click."""
LONGEST_CLICK_S = 0.002
"""A longer disturbance is a sound."""
LONGEST_GAP_S = 0.006
WHOLE_SHARE = 0.5
"""A stretch of which more is missing is left as it is."""


def clipped_samples(samples: Float32[np.ndarray, " samples"]) -> Bool[np.ndarray, " samples"]:
    """Find the samples that lie in peaks cut flat, whatever the level they were cut at."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < 1e-4:
        return np.zeros(len(samples), bool)
    flat = np.abs(samples) >= CLIPPED_AT * peak
    found = np.zeros(len(samples), bool)
    for first, last in runs(flat):
        found[first:last] = last - first >= CLIPPED_RUN
    return found


def click_samples(
    samples: Float32[np.ndarray, " samples"], *, sample_rate_hz: int
) -> Bool[np.ndarray, " samples"]:
    """Find clicks and crackle: what is far off from the foretold, and over at once."""
    surprise = np.zeros(len(samples), np.float32)
    frame = _frame(sample_rate_hz)
    for first, last in _frames(len(samples), frame):
        begin = max(0, first - ORDER)
        part = samples[begin:last].astype(np.float64)
        told = lfilter(np.concatenate([[1.0], -_model(part)]), [1.0], part)
        surprise[first:last] = told[first - begin :]
    size = np.abs(surprise)
    least = CLICK_OVER * float(np.percentile(np.abs(samples), 99.9)) if len(samples) else 0.0
    usual = np.maximum(*_beside(size, sample_rate_hz))
    found = (size > CLICK_IS * usual) & (size > least)
    joined = binary_dilation(found, iterations=max(1, round(0.0003 * sample_rate_hz)))
    longest = LONGEST_CLICK_S * sample_rate_hz
    for first, last in runs(joined):
        joined[first:last] = last - first <= longest
    return joined


def _beside(size: np.ndarray, sample_rate_hz: int) -> tuple[np.ndarray, np.ndarray]:
    """Tell the largest value a little before and a little after each: a voice's own pulses are in them."""
    near, far = (round(s * sample_rate_hz) for s in (CLICK_CLEAR_S, CLICK_AROUND_S))
    largest = maximum_filter1d(size, size=max(1, far - near), mode="constant")
    shift = (near + far) // 2
    padded = np.pad(largest, shift)
    return padded[: len(size)], padded[2 * shift : 2 * shift + len(size)]


def filled(
    samples: Float32[np.ndarray, " samples"],
    missing: Bool[np.ndarray, " samples"],
    *,
    sample_rate_hz: int,
    at_least: bool = False,
) -> Float32[np.ndarray, " samples"]:
    """Put into the missing samples what fits those around them best.

    Args:
        samples: Mono sound.
        missing: What to fill; stretches longer than ``LONGEST_GAP_S`` are left as they are.
        sample_rate_hz: Samples in each second.
        at_least: Whether the samples there are known to lie further out than they stand: clipped peaks.

    Returns:
        As many samples; those not missing are unchanged.
    """
    out = samples.astype(np.float64)
    gaps = missing.copy()
    for first, last in runs(missing):
        gaps[first:last] = last - first <= LONGEST_GAP_S * sample_rate_hz
    frame = _frame(sample_rate_hz)
    places = np.flatnonzero(gaps)
    while len(places):
        first = max(0, int(places[0]) - frame // 2)
        last = min(len(out), first + frame)
        inside = gaps[first:last].copy()
        if last < len(out) and inside[-1]:  # do not cut a gap in two
            whole = np.flatnonzero(~inside)
            inside[int(whole[-1]) if len(whole) else 0 :] = False
        if not inside.any() or inside.mean() > WHOLE_SHARE or len(inside) < 4 * ORDER:
            places = places[places >= max(last, int(places[0]) + 1)]
            continue
        out[first:last] = _fill(out[first:last], inside, outward=at_least)
        places = places[places >= first + int(np.flatnonzero(inside)[-1]) + 1]
    return out.astype(np.float32)


def _fill(part: np.ndarray, missing: np.ndarray, *, outward: bool) -> np.ndarray:
    stood = part.copy()
    part = part.copy()
    if not outward:
        kept = np.flatnonzero(~missing)
        part[missing] = np.interp(np.flatnonzero(missing), kept, part[~missing])
    places = np.flatnonzero(missing)
    for _ in range(3):
        taps = np.concatenate([[1.0], -_model(part)])
        shape = np.correlate(taps, taps, mode="full")[len(taps) - 1 :]
        row = np.zeros(len(part))
        row[: len(shape)] = shape
        matrix = row[np.abs(places[:, None] - places[None, :])]
        part[missing] = 0.0
        around = np.convolve(part, np.concatenate([shape[:0:-1], shape]), mode="same")[places]
        ridge = 1e-6 * row[0] * np.eye(len(places))
        part[missing] = solve(matrix + ridge, -around, assume_a="pos", check_finite=False)
        if outward:
            further = np.sign(stood[missing]) * np.maximum(
                np.abs(stood[missing]),
                np.minimum(np.sign(stood[missing]) * part[missing], 3 * np.abs(stood[missing])),
            )
            part[missing] = further
        limit = 3.0 * float(np.abs(stood).max())
        part[missing] = np.clip(part[missing], -limit, limit)
    return part


def _model(part: np.ndarray) -> np.ndarray:
    """Find the weights that foretell a sample from those before it."""
    order = min(ORDER, len(part) - 1)
    if order < 1:
        return np.zeros(0)
    shaped = part * np.hanning(len(part) + 2)[1:-1]
    size = 1 << (2 * len(part) - 1).bit_length()
    power = np.fft.irfft(np.abs(np.fft.rfft(shaped, size)) ** 2, size)[: order + 1]
    power[0] = power[0] * (1 + 1e-9) + 1e-12
    return np.asarray(solve_toeplitz(power[:-1], power[1:], check_finite=False))


def _frame(sample_rate_hz: int) -> int:
    return max(8 * ORDER, round(FRAME_S * sample_rate_hz))


def _frames(samples: int, frame: int) -> Iterator[tuple[int, int]]:
    for first in range(0, samples, frame):
        yield first, min(first + frame, samples)


def runs(flags: Bool[np.ndarray, " samples"]) -> list[tuple[int, int]]:
    """List where flags stand in a row: first places, and one past the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
