"""The shape of a voice's spectrum, frame by frame, with its harmonics smoothed away."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32
from scipy.fft import irfft, rfft

RATE_HZ = 24_000
HOP = 300
"""Samples from one frame to the next; frame *i* is centred on sample ``i * HOP``."""
BANDS = 64
FFT = 2048
UNVOICED_HZ = 200.0
"""Unvoiced frames are looked at as if they had this pitch: windows of 15 ms."""
STEPS_PER_OCTAVE = 6
"""Windows are made for this many pitches per octave."""
FLOOR = 1e-12


def mel(hertz: np.ndarray | float) -> np.ndarray:
    """Tell where a frequency lies on the mel scale (O'Shaughnessy, 1987)."""
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz) / 700.0))


def hertz_of(mels: np.ndarray | float) -> np.ndarray:
    """Tell the frequency of a place on the mel scale."""
    return np.asarray(700.0 * np.expm1(np.asarray(mels) / 1127.0))


@lru_cache(maxsize=1)
def centres_hz() -> np.ndarray:
    """Middle of each band: even steps of mel from 40 Hz to 11.8 kHz."""
    return hertz_of(np.linspace(mel(40.0), mel(11_800.0), BANDS))


@lru_cache(maxsize=4)
def spreading(bins: int, top_hz: float = RATE_HZ / 2) -> Float32[np.ndarray, "bands bins"]:
    """Weights that spread values of bands over even bins, linear in mel between the middles of bands."""
    places = np.interp(
        mel(np.linspace(0.0, top_hz, bins)), mel(centres_hz()), np.arange(BANDS, dtype=np.float64)
    )
    lower = np.minimum(places.astype(np.int64), BANDS - 2)
    weights = np.zeros((BANDS, bins), np.float32)
    weights[lower, np.arange(bins)] = 1.0 - (places - lower)
    weights[lower + 1, np.arange(bins)] += (places - lower).astype(np.float32)
    return weights


@lru_cache(maxsize=1)
def _gathering() -> Float32[np.ndarray, "bins bands"]:
    weights = spreading(FFT // 2 + 1).T
    return np.ascontiguousarray(weights / weights.sum(axis=0))


def envelopes(
    samples: Float32[np.ndarray, " samples"], pitch_hz: Float32[np.ndarray, " frames"]
) -> Float32[np.ndarray, "frames bands"]:
    """Measure the smooth power spectrum of a voice at 24 kHz.

    Windows of three periods make the power of a frame the same wherever in its period it
    stands, and smoothing over two thirds of the pitch takes the harmonics away.

    Args:
        samples: Mono speech at 24 kHz.
        pitch_hz: Pitch of each frame of 12.5 ms, 0 where unvoiced.

    Returns:
        Natural logarithm of the power density in 64 mel bands.

    Source:
        M. Morise, "CheapTrick, a spectral envelope estimator for high-quality speech synthesis", 2015;
        its last step, a lifter in the cepstrum, is left to the mel bands.
    """
    padded = np.pad(np.asarray(samples, np.float32), FFT)
    found = np.empty((len(pitch_hz), BANDS), np.float32)
    tone = np.where(pitch_hz > 0, np.maximum(pitch_hz, 45.0), UNVOICED_HZ)
    steps = np.rint(np.log2(tone / 45.0) * STEPS_PER_OCTAVE).astype(np.int64)
    for step in np.unique(steps):
        members = np.flatnonzero(steps == step)
        hertz = 45.0 * 2.0 ** (step / STEPS_PER_OCTAVE)
        length = min(round(1.5 * RATE_HZ / hertz) * 2, FFT)
        window = np.hanning(length + 1)[:-1].astype(np.float32)
        window /= np.sqrt((window**2).sum())
        firsts = np.minimum(members * HOP + FFT - length // 2, len(padded) - length)
        frames = np.lib.stride_tricks.sliding_window_view(padded, length)[firsts]
        power = np.abs(rfft(frames * window, FFT, axis=1)) ** 2
        found[members] = np.log(_smoothed(power, hertz) @ _gathering() + FLOOR)
    return found


def _smoothed(power: np.ndarray, hertz: float) -> np.ndarray:
    """Average over a width of two thirds of the pitch; what lies under the pitch is mirrored about it."""
    half = hertz / 3.0 / RATE_HZ * FFT
    mirror = round(hertz / RATE_HZ * FFT)
    low = power.copy()
    low[:, : mirror // 2 + 1] += power[:, mirror - mirror // 2 : mirror + 1][:, ::-1]
    reach = int(np.ceil(half)) + 1
    wide = np.pad(low, ((0, 0), (reach, reach)), mode="reflect")
    total = np.pad(np.cumsum(wide, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    places = np.arange(power.shape[1]) + reach + 0.5

    def up_to(place: np.ndarray) -> np.ndarray:
        whole = place.astype(np.int64)
        share = place - whole
        return total[:, whole] * (1 - share) + total[:, whole + 1] * share

    return np.asarray((up_to(places + half) - up_to(places - half)) / (2 * half), np.float32)


@lru_cache(maxsize=1)
def _lifter(size: int) -> np.ndarray:
    fold = np.zeros(size, np.float32)
    fold[0] = fold[size // 2] = 1.0
    fold[1 : size // 2] = 2.0
    return fold


def minimum_phase(
    log_amplitude: Float32[np.ndarray, "frames bins"],
) -> Float32[np.ndarray, "frames bins"]:
    """Find the phase of the shortest response that has these amplitudes (by way of its cepstrum).

    Source:
        A. Oppenheim and R. Schafer, "Discrete-time signal processing", section 13.
    """
    size = 2 * (log_amplitude.shape[1] - 1)
    cepstrum = irfft(log_amplitude, size, axis=1)
    return np.asarray(rfft(cepstrum * _lifter(size), axis=1).imag, np.float32)
