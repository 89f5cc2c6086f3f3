"""How much of a voice is breath: the share of noise in each band of its voiced frames."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from scipy.fft import rfft

from vivant.voice.spectra import BANDS, HOP, RATE_HZ, centres_hz, mel

PERIOD = 256
"""Samples to which each period is stretched: enough for 12 kHz above 94 Hz."""
PERIODS = 4
"""Periods that are looked at together; harmonics then stand four bins apart, and a Hann window leaves the middle free."""
TOGETHER = 4
"""Bands that share one measurement: the lowest are narrower than a pitch."""
LEAST, MOST = 0.001, 1.0


def breath(
    samples: Float32[np.ndarray, " samples"], pitch_hz: Float32[np.ndarray, " frames"]
) -> Float32[np.ndarray, "frames bands"]:
    """Measure the share of noise in the power of a voice.

    Time is stretched so that every period has the same length, whatever the melody does; then
    all that lies half way between two harmonics is noise.

    Args:
        samples: Mono speech at 24 kHz.
        pitch_hz: Pitch of each frame of 12.5 ms, 0 where unvoiced.

    Returns:
        0.001 to 1 in each mel band; 1 in unvoiced frames.

    Source:
        The stretching: I. Kawahara et al., "Temporally variable multi-aspect auditory morphing", 2009, and F.
        Charpentier's pitch-synchronous analysis; the comb of harmonics and gaps: G. de Krom, "A cepstrum-based technique
        for determining a harmonics-to-noise ratio in speech signals", 1993.
    """
    found = np.ones((len(pitch_hz), BANDS), np.float32)
    voiced = np.flatnonzero(pitch_hz > 0)
    if not len(voiced):
        return found
    steady = np.interp(np.arange(len(pitch_hz)), voiced, pitch_hz[voiced]).astype(np.float64)
    times = np.arange(len(samples))
    cycles = np.concatenate(
        [[0.0], np.cumsum(np.interp(times, np.arange(len(steady)) * HOP, steady) / RATE_HZ)]
    )
    grid = np.arange(int(cycles[-1] * PERIOD)) / PERIOD
    even = np.interp(np.interp(grid, cycles, np.arange(len(cycles))), times, samples)
    length = PERIODS * PERIOD
    padded = np.pad(even, length)
    window = np.hanning(length + 1)[:-1]
    at = np.rint(cycles[np.minimum(voiced * HOP, len(samples))] * PERIOD).astype(np.int64)
    frames = np.lib.stride_tricks.sliding_window_view(padded, length)[at + length // 2]
    power = np.abs(rfft(frames * window, axis=1)) ** 2
    gaps = power[:, PERIODS // 2 :: PERIODS]
    noise = PERIODS / 2 * (gaps[:, :-1] + gaps[:, 1:])
    first = PERIODS // 2
    whole = power[:, first : first + PERIODS * noise.shape[1]]
    whole = whole.reshape(*noise.shape, PERIODS).sum(axis=2)
    found[voiced] = np.clip(_in_bands(noise, whole, pitch_hz[voiced]), LEAST, MOST)
    return found


def _in_bands(
    noise: np.ndarray, whole: np.ndarray, pitch_hz: Float32[np.ndarray, " voiced"]
) -> np.ndarray:
    """Sum what belongs to each harmonic into groups of bands; a group that holds no harmonic is like the one above."""
    hertz = pitch_hz[:, None] * np.arange(1, noise.shape[1] + 1)
    places = np.interp(mel(hertz), mel(centres_hz()), np.arange(BANDS) / TOGETHER)
    groups = BANDS // TOGETHER
    cells = np.minimum(places.astype(np.int64), groups - 1)
    cells += np.arange(len(noise))[:, None] * groups
    kept = hertz < centres_hz()[-1]
    sums = [
        np.bincount(cells[kept], part[kept], len(noise) * groups).reshape(-1, groups)
        for part in (noise, whole)
    ]
    share = np.where(sums[1] > 0, sums[0] / np.maximum(sums[1], 1e-20), np.nan)
    for group in range(groups - 2, -1, -1):
        share[:, group] = np.where(np.isnan(share[:, group]), share[:, group + 1], share[:, group])
    return np.repeat(np.nan_to_num(share, nan=MOST), TOGETHER, axis=1)
