"""How loud a sound is: integrated loudness and true peak, for sounds of any length.

Source:
    ITU-R BS.1770-5: K-weighting, gating, true peak by fourfold oversampling.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log10

import numpy as np
from jaxtyping import Float32

from vivant.media.hearing import resampled
from vivant.media.sound import Sound

LOUDNESS_RATE_HZ = 48_000
"""The rate at which loudness is measured and peaks are held."""
SILENCE_LUFS = -70.0
"""The absolute gate of BS.1770; nothing quieter is told apart."""
SILENCE_DBTP = -120.0
REACH = 7
"""Samples on each side that the interpolation between samples looks at."""
BLOCK = 1 << 15
"""Samples that are worked on at once."""
BETWEEN = 2.0
"""A wave of speech or music rises at most this many times above its samples."""

_K_WEIGHTING = np.array([
    [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
    [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
])  # fmt: skip
"""At 48 kHz: BS.1770 tables 1 and 2."""
_OFFSET = -0.691
_HOP = LOUDNESS_RATE_HZ // 10
_HOPS_IN_BLOCK = 4
_RELATIVE_GATE_LU = 10.0
_OVERSAMPLING = 4
_TAPS = 12 * _OVERSAMPLING + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """How loud a sound is, by BS.1770."""

    lufs: float
    """Integrated loudness, ``SILENCE_LUFS`` at least."""
    true_peak_dbtp: float
    """Highest peak of the wave between the samples too, in dB of full scale; ``SILENCE_DBTP`` at least."""


class Meter:
    """Measures a sound that comes in blocks; remembers ten numbers for each second of it."""

    def __init__(self) -> None:
        self._state = np.zeros((len(_K_WEIGHTING), 2))
        self._powers: list[np.ndarray] = []
        self._begun = np.zeros(0)
        self._square = 0.0
        self._count = 0
        self._peak = 0.0
        self._before = np.zeros(0, np.float32)
        self._checked = 0

    def add(self, samples: Float32[np.ndarray, " samples"]) -> None:
        """Hear the next block: mono, at ``LOUDNESS_RATE_HZ``, of any length."""
        if not len(samples):
            return
        from scipy.signal import sosfilt  # noqa: PLC0415 - 30 MB that a film being drawn does not need

        weighted, self._state = sosfilt(_K_WEIGHTING, samples.astype(np.float64), zi=self._state)
        square = np.concatenate([self._begun, np.square(weighted)])
        self._square += float(square[len(self._begun) :].sum())
        self._count += len(samples)
        whole = len(square) // _HOP * _HOP
        if whole:
            self._powers.append(square[:whole].reshape(-1, _HOP).mean(axis=1))
        self._begun = square[whole:]
        near = np.concatenate([self._before, samples])
        if float(np.abs(near).max()) * BETWEEN > self._peak:
            known = peaks_between(near)[self._checked : len(near) - REACH]
            self._peak = max(self._peak, float(known.max(initial=0.0)))
        self._before = near[-2 * REACH :]
        self._checked = max(0, len(self._before) - REACH)

    @property
    def lufs(self) -> float:
        """Integrated loudness so far. What is shorter than the 0.4 s that the standard gates by is one block, ungated."""
        powers = np.concatenate([np.zeros(0), *self._powers])
        if self._count < _HOP * _HOPS_IN_BLOCK:
            return _loudness_of(self._square / self._count if self._count else 0.0)
        blocks = np.convolve(powers, np.full(_HOPS_IN_BLOCK, 1 / _HOPS_IN_BLOCK), mode="valid")
        loud = blocks[blocks > 10 ** ((SILENCE_LUFS - _OFFSET) / 10)]
        if not len(loud):
            return SILENCE_LUFS
        kept = loud[loud > loud.mean() * 10 ** (-_RELATIVE_GATE_LU / 10)]
        return _loudness_of(float(kept.mean()))

    @property
    def true_peak(self) -> float:
        """Highest magnitude of the wave so far, full scale 1.0, as if silence followed."""
        last = peaks_between(self._before)[self._checked :]
        return max(self._peak, float(last.max(initial=0.0)))

    @property
    def loudness(self) -> Loudness:
        """Both, as people read them."""
        peak_db = 20 * log10(max(self.true_peak, 1e-9))
        return Loudness(lufs=self.lufs, true_peak_dbtp=max(SILENCE_DBTP, peak_db))


def measure(sound: Sound) -> Loudness:
    """Measure integrated loudness and true peak.

    Args:
        sound: Mono sound of any length and rate.
    """
    samples = resampled(sound, sample_rate_hz=LOUDNESS_RATE_HZ).samples
    meter = Meter()
    for first in range(0, len(samples), BLOCK):
        meter.add(samples[first : first + BLOCK])
    return meter.loudness


def peaks_between(
    samples: Float32[np.ndarray, " samples"],
) -> Float32[np.ndarray, " samples"]:
    """Tell for each sample the largest magnitude of the wave from it up to the next."""
    from scipy.signal import upfirdn  # noqa: PLC0415 - as above

    fine = upfirdn(_interpolator(), samples, up=_OVERSAMPLING)
    delay = _TAPS // 2
    fine = fine[delay : delay + len(samples) * _OVERSAMPLING]
    fine = np.pad(fine, (0, len(samples) * _OVERSAMPLING - len(fine)))
    peaks = np.abs(fine.reshape(-1, _OVERSAMPLING)).max(axis=1)
    highest: np.ndarray = np.maximum(peaks, np.abs(samples)).astype(np.float32)
    return highest


def _loudness_of(power: float) -> float:
    return max(SILENCE_LUFS, _OFFSET + 10 * log10(max(power, 1e-12)))


@cache
def _interpolator() -> Float32[np.ndarray, " taps"]:
    from scipy.signal import firwin  # noqa: PLC0415 - as above

    taps = firwin(_TAPS, 1.0 / _OVERSAMPLING, window=("kaiser", 5.0)) * _OVERSAMPLING
    return np.asarray(taps, np.float32)
