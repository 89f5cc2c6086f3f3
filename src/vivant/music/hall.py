"""The room in which it is played: a quiet hall, made of decaying noise."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float32
from scipy.signal import butter, oaconvolve, sosfilt

from vivant.music.instruments import RATE_HZ

DECAY_S = 2.6
"""Until it has fallen by 60 dB."""


def in_hall(
    dry: Float32[np.ndarray, " samples"], *, wet: float = 0.34
) -> Float32[np.ndarray, " samples"]:
    """Let a sound ring in the hall; the length stays."""
    ringing = oaconvolve(dry, _answer(), mode="full")[: len(dry)]
    return np.asarray(dry * (1 - 0.35 * wet) + wet * ringing, np.float32)


@cache
def _answer() -> Float32[np.ndarray, " samples"]:
    """Make the hall's answer to a clap: high tones die sooner; loudness 1."""
    rng = np.random.default_rng(20)
    t = np.arange(round(DECAY_S * RATE_HZ)) / RATE_HZ
    answer = np.zeros(len(t))
    for low, high, ring in ((60, 300, 1.1), (300, 1200, 1.0), (1200, 4000, 0.7), (4000, 9000, 0.4)):
        band = butter(2, (low, high), btype="band", fs=RATE_HZ, output="sos")
        answer += sosfilt(band, rng.standard_normal(len(t))) * np.exp(-6.9 * t / (DECAY_S * ring))
    answer *= np.clip((t - 0.018) / 0.03, 0, 1)
    for after_s, size in ((0.019, 0.5), (0.027, -0.4), (0.037, 0.33), (0.051, -0.25)):
        answer[round(after_s * RATE_HZ)] += size * 12
    return np.asarray(answer / np.sqrt(np.sum(answer**2)), np.float32)
