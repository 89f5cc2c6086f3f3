"""How high a voice speaks: its fundamental frequency, frame by frame."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from scipy.fft import irfft, rfft

from vivant.media.hearing import resampled
from vivant.media.sound import Sound

LOWEST_HZ, HIGHEST_HZ = 55.0, 480.0
RATE_HZ = 8_000
"""What is searched for periods: telephones hold no more, and voices need no more."""
CANDIDATES = 6
UNVOICED_FROM = 0.42
"""A correlation under this is no voice."""
QUIET = 0.02
"""A frame whose peak is below this share of the loudest is silence."""
OCTAVE_COST = 0.012
"""What a period costs per octave: of two that fit alike, the shorter is right."""
JUMP_COST = 0.45
"""What a leap costs per octave within 10 ms."""
SWITCH_COST = 0.16
"""What it costs to begin or to end a voiced stretch."""
AROUND_MEDIAN = (0.50, 2.1)
"""The second search keeps to this range about the median of the first."""


def pitch(sound: Sound, *, hop_s: float = 0.0125) -> Float32[np.ndarray, " frames"]:
    """Follow the fundamental frequency of one voice.

    Searched twice: in the whole range of voices first, then about the median found, which
    leaves no room for the wrong octave. The fundamental itself may be missing, as it is from a telephone.

    Args:
        sound: Mono speech at any sample rate from 8 kHz.
        hop_s: Seconds from one frame to the next; frame *i* is centred at ``i * hop_s``.

    Returns:
        Hz of each frame; 0 where nothing is voiced.

    Source:
        P. Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
        ratio of a sampled sound", 1993; the two searches after D. Hirst, "The analysis by synthesis of
        speech melody", 2011.
    """
    samples = resampled(sound, sample_rate_hz=RATE_HZ).samples
    frames = round(sound.seconds / hop_s)
    if len(samples) < RATE_HZ // 10 or not frames:
        return np.zeros(frames, np.float32)
    found = _track(samples, frames, hop_s, LOWEST_HZ, HIGHEST_HZ)
    voiced = found[found > 0]
    if len(voiced) < 3:
        return found
    middle = float(np.median(voiced))
    low, high = middle * AROUND_MEDIAN[0], middle * AROUND_MEDIAN[1]
    return _track(samples, frames, hop_s, max(low, LOWEST_HZ), min(high, HIGHEST_HZ))


def _track(
    samples: Float32[np.ndarray, " samples"], frames: int, hop_s: float, low: float, high: float
) -> Float32[np.ndarray, " frames"]:
    lags, strengths = _candidates(samples, frames, hop_s, low, high)
    hertz = np.where(lags > 0, RATE_HZ / np.maximum(lags, 1e-9), 0.0)
    return _best_path(hertz, strengths, hop_s)


def _candidates(
    samples: Float32[np.ndarray, " samples"], frames: int, hop_s: float, low: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Find the best lags of each frame, in samples, and how well each fits; the last one is "unvoiced"."""
    length = round(3.0 / low * RATE_HZ) // 2 * 2
    window = np.hanning(length + 2)[1:-1]
    size = 1 << (2 * length - 1).bit_length()
    own = irfft(np.abs(rfft(window, size)) ** 2)[:length]
    padded = np.pad(samples.astype(np.float64), length // 2 + RATE_HZ)
    at = np.rint(np.arange(frames) * hop_s * RATE_HZ).astype(np.int64) + RATE_HZ
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)[
        np.minimum(at, len(padded) - length)
    ]
    centred = windows - windows.mean(axis=1, keepdims=True)
    peaks = np.abs(centred).max(axis=1) / max(float(np.abs(samples).max()), 1e-9)
    power = np.abs(rfft(centred * window, size, axis=1)) ** 2
    correlation = irfft(power, axis=1)[:, :length]
    correlation /= np.maximum(correlation[:, :1], 1e-12) * (own / own[0])
    first, last = int(RATE_HZ / high), min(int(np.ceil(RATE_HZ / low)), length * 2 // 3)
    left, here, right = (correlation[:, first + d : last + d] for d in (-1, 0, 1))
    is_peak = (here > left) & (here >= right) & (here > UNVOICED_FROM / 2)
    bend = left - 2 * here + right
    shift = np.where(is_peak, 0.5 * (left - right) / np.where(bend < -1e-9, bend, -1.0), 0.0)
    lags = np.arange(first, last) + np.clip(shift, -0.5, 0.5)
    height = here - 0.25 * (left - right) * shift
    strength = np.where(is_peak, height - OCTAVE_COST * np.log2(low * lags / RATE_HZ), -1.0)
    order = np.argsort(-strength, axis=1)[:, : CANDIDATES - 1]
    best, chosen = (np.take_along_axis(a, order, axis=1) for a in (strength, lags))
    unvoiced = UNVOICED_FROM + np.clip(2.0 - peaks / QUIET, 0.0, None) * 0.5
    return (
        np.column_stack([np.where(best > 0, chosen, 0.0), np.zeros(frames)]),
        np.column_stack([best, unvoiced]),
    )


def _best_path(hertz: np.ndarray, strengths: np.ndarray, hop_s: float) -> np.ndarray:
    scale = 0.01 / hop_s
    voiced = hertz > 0
    octaves = np.log2(np.where(voiced, hertz, 1.0))
    score = strengths[0].copy()
    came_from = np.zeros(hertz.shape, np.int64)
    for i in range(1, len(hertz)):
        leap = JUMP_COST * scale * np.abs(octaves[i][:, None] - octaves[i - 1][None])
        both = voiced[i][:, None] & voiced[i - 1][None]
        either = voiced[i][:, None] ^ voiced[i - 1][None]
        cost = np.where(both, leap, np.where(either, SWITCH_COST * scale, 0.0))
        total = score[None] - cost
        came_from[i] = total.argmax(axis=1)
        score = total.max(axis=1) + strengths[i]
    path = np.empty(len(hertz), np.int64)
    path[-1] = int(score.argmax())
    for i in range(len(hertz) - 1, 0, -1):
        path[i - 1] = came_from[i, path[i]]
    return hertz[np.arange(len(hertz)), path].astype(np.float32)
