"""The shape of a voice's spectrum, frame by frame, with its harmonics smoothed away."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float32
from scipy.fft import irfft, rfft
from scipy.sparse import csr_array

RATE_HZ = 24_000
HOP = 300
"""Samples from one frame to the next; frame *i* is centred on sample ``i * HOP``."""
BANDS = 64
FFT = 2048
LOWEST_HZ = 45.0
UNVOICED_HZ = 200.0
"""Unvoiced frames are looked at as if they had this pitch: windows of 15 ms."""
STEPS_PER_OCTAVE = 6
"""Windows are made for this many pitches per octave."""
FLOOR = 1e-12
SMALLEST = 1e-7


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
def _places(bins: int) -> tuple[np.ndarray, Float32[np.ndarray, " bins"]]:
    """Tell for each of even bins up to 12 kHz the band below it, and how far it is on to the next."""
    hertz = np.linspace(0.0, RATE_HZ / 2, bins)
    places = np.interp(mel(hertz), mel(centres_hz()), np.arange(BANDS, dtype=np.float64))
    lower = np.minimum(places.astype(np.int64), BANDS - 2)
    return lower, (places - lower).astype(np.float32)


def spread(
    values: Float32[np.ndarray, "frames bands"], bins: int
) -> Float32[np.ndarray, "frames bins"]:
    """Spread values of bands over even bins, linear in mel between the middles of bands."""
    lower, share = _places(bins)
    done = np.take(values, lower + 1, axis=1)
    below = np.take(values, lower, axis=1)
    done -= below
    done *= share
    done += below
    return done


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
    tone = np.where(pitch_hz > 0, np.maximum(pitch_hz, LOWEST_HZ), UNVOICED_HZ)
    steps = np.rint(np.log2(tone / LOWEST_HZ) * STEPS_PER_OCTAVE).astype(np.int64)
    for step in np.unique(steps):
        members = np.flatnonzero(steps == step)
        hertz = LOWEST_HZ * 2.0 ** (step / STEPS_PER_OCTAVE)
        length = min(round(1.5 * RATE_HZ / hertz) * 2, FFT)
        size = FFT if length > FFT // 2 else FFT // 2
        window = np.hanning(length + 1)[:-1].astype(np.float32)
        window /= np.sqrt((window**2).sum())
        firsts = np.minimum(members * HOP + FFT - length // 2, len(padded) - length)
        frames = np.lib.stride_tricks.sliding_window_view(padded, length)[firsts]
        spectrum = rfft(frames * window, size, axis=1)
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        gathered = _gathering(int(step), size) @ np.ascontiguousarray(power.T)
        found[members] = np.log(gathered.T + np.float32(FLOOR))
    return found


@lru_cache(maxsize=64)
def _gathering(step: int, size: int) -> csr_array:
    """Weights, bands by bins, that smooth over two thirds of a pitch, what lies under it mirrored about it, and gather bands."""
    bins = size // 2 + 1
    hertz = LOWEST_HZ * 2.0 ** (step / STEPS_PER_OCTAVE)
    weights = spread(np.eye(BANDS, dtype=np.float32), bins).astype(np.float64)
    weights /= weights.sum(axis=1, keepdims=True)
    half = hertz / 3.0 / RATE_HZ * size
    reach = int(np.ceil(half)) + 1
    total = np.pad(np.cumsum(np.pad(weights, ((0, 0), (reach, reach))), axis=1), ((0, 0), (1, 0)))
    places = np.arange(bins) + reach + 0.5
    steps = np.arange(total.shape[1])
    smooth = np.stack(
        [
            np.interp(places + half, steps, row) - np.interp(places - half, steps, row)
            for row in total
        ],
        axis=1,
    ) / (2 * half)
    mirror = round(hertz / RATE_HZ * size)
    below = np.arange(mirror // 2 + 1)
    smooth[mirror - below] += smooth[below]
    return csr_array(np.where(smooth > SMALLEST, smooth, 0.0).T.astype(np.float32))


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
