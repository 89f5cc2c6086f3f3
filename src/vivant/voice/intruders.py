"""What else is heard beside one person: music, and a second voice at the same time."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from vivant.media.hearing import resampled
from vivant.media.sound import Sound

RATE_HZ = 8_000
LONG, HOP = 1024, 256
"""128 ms, in which the lines of a tone stand apart, each 32 ms."""
LATER = 8
"""Frames after which a steady tone is still the same: a quarter of a second. No voice that speaks holds one so long."""
LINES_HZ = (150.0, 3000.0)
FRAME, STEP = 512, 128
LOWEST_HZ, HIGHEST_HZ = 75.0, 400.0
LONGEST_LAG = 107
VOICED = 0.6
"""Likeness of a frame to itself one pitch period later, from which on it is voiced."""
HIGHEST_PARTIAL_HZ = 1500.0
FEWEST_VOICED = 5
OTHER_PITCH_OCTAVES = 0.1
SECOND_VOICED = 0.7
SECOND_LOUD = 0.1
"""Share of the power that must be left for a second voice, when the first is taken away."""


def steadiness(sound: Sound) -> Float32[np.ndarray, " frames"]:
    """Tell how steady the tones of a sound are, each 32 ms.

    Args:
        sound: Mono, at any sample rate.

    Returns:
        The correlation of the fine spectrum, its envelope taken off, with that a quarter of a second later:
        around 0 for speech and noise, towards 1 for held notes.
    """
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    if len(heard) < LONG + LATER * HOP:
        return np.zeros(0, np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(heard, LONG)[::HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(LONG).astype(np.float32), axis=1)) ** 2
    low, high = (round(hz * LONG / RATE_HZ) for hz in LINES_HZ)
    levels = np.log(power[:, low:high] + 1e-9 + 1e-4 * power.max(axis=1, keepdims=True))
    fine = levels - uniform_filter1d(levels, 25, axis=1)
    fine /= np.maximum(np.linalg.norm(fine, axis=1, keepdims=True), 1e-6)
    return np.asarray((fine[:-LATER] * fine[LATER:]).sum(axis=1), np.float32)


def second_voice_share(sound: Sound) -> float:
    """Tell in what share of the voiced moments a second voice is heard at the same time.

    The first pitch is found, everything that repeats with it is taken away, and what is left is
    searched for another.

    Args:
        sound: Speech, mono, at any sample rate.

    Returns:
        From 0 to 1; 0 when nothing is voiced.

    Source:
        de Cheveigné, Separation of concurrent harmonic sounds, JASA 1993.
    """
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    if len(heard) < 4 * FRAME:
        return 0.0
    low = sosfiltfilt(butter(4, HIGHEST_PARTIAL_HZ, fs=RATE_HZ, output="sos"), heard)
    frames = np.lib.stride_tricks.sliding_window_view(low, FRAME)[::STEP]
    power = np.square(frames).mean(axis=1)
    frames = frames[power > 0.05 * np.percentile(power, 90)]
    likeness, lags = _pitch(frames)
    voiced = likeness > VOICED
    if voiced.sum() < FEWEST_VOICED:
        return 0.0
    frames, lags = frames[voiced], lags[voiced]
    places = np.arange(FRAME)[None] - lags[:, None]
    left = (frames - np.take_along_axis(frames, np.maximum(places, 0), axis=1))[:, LONGEST_LAG:]
    again, lags_left = _pitch(left)
    share = np.square(left).mean(axis=1) / 2 / np.maximum(np.square(frames).mean(axis=1), 1e-12)
    octaves = np.log2(lags_left / lags)
    other = np.abs(octaves - np.round(octaves)) > OTHER_PITCH_OCTAVES
    return float(((again > SECOND_VOICED) & (share > SECOND_LOUD) & other).mean())


def _pitch(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the period of each frame: how alike it is one period later, and the period in samples."""
    size = 1 << (2 * frames.shape[1] - 1).bit_length()
    together = np.fft.irfft(np.abs(np.fft.rfft(frames, size, axis=1)) ** 2, axis=1)
    low, high = round(RATE_HZ / HIGHEST_HZ), round(RATE_HZ / LOWEST_HZ)
    whole = np.concatenate(
        [np.zeros((len(frames), 1)), np.cumsum(np.square(frames), axis=1)], axis=1
    )
    count = frames.shape[1]
    lags = np.arange(low, high)
    energy = np.sqrt(whole[:, count - lags] * (whole[:, [count]] - whole[:, lags])) + 1e-12
    alike = together[:, low:high] / energy
    best = alike.max(axis=1)
    first = np.argmax(alike > 0.9 * best[:, None], axis=1)  # the shortest of the good ones
    near = np.clip(first[:, None] + np.arange(0, 6)[None], 0, len(lags) - 1)
    place = np.take_along_axis(
        near, np.argmax(np.take_along_axis(alike, near, axis=1), axis=1)[:, None], axis=1
    )[:, 0]
    return best, lags[place]
