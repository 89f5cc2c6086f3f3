"""An inaudible mark in the sound of a person's voice: made by a machine.

A small network hides it in the spectrum up to 2 kHz, under what the ear does not tell apart; it lives
through MP3, resampling and noise. It says "made", and nothing else: whose voice it is, and under which
consent, stands in the papers. Only what the mark adds goes through the spectrum: the rest of the sound
stays as it is, at its own rate, and nothing moves in time.

Source:
    Perth (PERceptual THreshold), Resemble AI, 2025, MIT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import scipy.fft
from jaxtyping import Complex64, Float32

from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.models.fetching import model_file
from vivant.places import Places
from vivant.provenance.mark_network import BINS, REACH_FRAMES, confidence, marker

MODEL: Final = "audio-watermark"
"""Name in the manifest of models; fetched only when asked for."""
MARK_NAME: Final = "perth-1"
"""What papers call the mark."""
PRESENT: Final = 0.8
"""Confidence above which speech is marked: marked speech reaches 0.98, other speech stays below 0.6. Of a
steady hum the reader knows nothing, and may say anything."""

_OWN_RATE_HZ = 32_000
_OWN_WINDOW = 2048
_HOPS_A_SECOND = 100
_FLOOR = 1e-9
_FLOOR_DB = -180.0
_RANGE_DB = 195.0
_SILENT_SHARE = 0.05
_FRAMES_AT_ONCE = 1200
_CLEAN_RATE_HZ = 500
"""Rates that divide by this need no conversion: window and hop are whole samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundMarkReading:
    """What was found of the mark."""

    confidence: float
    """0 to 1."""

    @property
    def present(self) -> bool:
        """Whether the sound is marked."""
        return self.confidence >= PRESENT


def mark_sound(sound: Sound, *, places: Places | None = None) -> Sound:
    """Mark a sound as made by a machine.

    Args:
        sound: Mono speech of any length and rate; half a second or more is found again.
        places: Where models are kept.

    Returns:
        The same sound with the mark: as many samples, at the same rate, none moved.

    Raises:
        MissingError: The model is not here; the message says how to fetch it.
    """
    weights = _weights(places)
    fit = _fitting(sound)
    if not len(fit.samples):
        return sound
    added = _added(fit, weights)
    if fit.sample_rate_hz != sound.sample_rate_hz:
        back = resampled(
            Sound(samples=added, sample_rate_hz=fit.sample_rate_hz),
            sample_rate_hz=sound.sample_rate_hz,
        ).samples
        added = np.zeros(len(sound.samples), np.float32)
        count = min(len(back), len(added))
        added[:count] = back[:count]
    return Sound(samples=sound.samples + added, sample_rate_hz=sound.sample_rate_hz)


def read_sound_mark(sound: Sound, *, places: Places | None = None) -> SoundMarkReading:
    """Look for the mark in a sound, coded or not.

    Args:
        sound: Mono, of any rate; from half a second to a few minutes.
        places: Where models are kept.

    Raises:
        MissingError: The model is not here; the message says how to fetch it.
    """
    weights = _weights(places)
    fit = _fitting(sound)
    if len(fit.samples) < fit.sample_rate_hz // _HOPS_A_SECOND:
        return SoundMarkReading(confidence=0.0)
    spectrum = _Spectrum(fit)
    sums, loudest = spectrum.sums()
    levels = np.concatenate(
        [_levels(piece[:, :BINS], spectrum.scale) for _, piece in spectrum.pieces(reach=0)]
    )
    counts = (sums > loudest * _SILENT_SHARE).astype(np.float32)
    return SoundMarkReading(confidence=confidence(weights, levels, counts))


@cache
def _weights(places: Places | None) -> Path:
    return model_file(MODEL, places=places)


def _fitting(sound: Sound) -> Sound:
    """Convert to a rate at which window and hop are whole samples, if it is not of that kind."""
    if sound.sample_rate_hz % _CLEAN_RATE_HZ == 0:
        return sound
    return resampled(sound, sample_rate_hz=_OWN_RATE_HZ)


def _added(sound: Sound, weights: Path) -> Float32[np.ndarray, " samples"]:
    """Make what the mark adds to a sound."""
    spectrum = _Spectrum(sound)
    sums, loudest = spectrum.sums()
    network = marker(weights)
    adding = _Adding(spectrum)
    for first, piece in spectrum.pieces(reach=REACH_FRAMES):
        low = max(0, first - REACH_FRAMES)
        last = min(first + _FRAMES_AT_ONCE, spectrum.frames)
        residual = network(_levels(piece[:, :BINS], spectrum.scale))[first - low : last - low]
        residual *= (sums[first:last] > loudest * _SILENT_SHARE)[:, None]
        more = np.power(np.float32(10.0), residual * np.float32(_RANGE_DB / 20.0)) - 1
        adding.add(first, piece[first - low : last - low, :BINS] * more)
    return adding.samples()


def _levels(
    spectrum: Complex64[np.ndarray, "time bins"], scale: float
) -> Float32[np.ndarray, "time bins"]:
    """Give levels as the network knows them: 0 at -180 dB, 1 at 15 dB, of a window of 2048 at 32 kHz."""
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    level_db = 10 * np.log10(np.maximum(power * np.float32(scale**2), np.float32(_FLOOR**2)))
    levels: np.ndarray = ((level_db - _FLOOR_DB) / _RANGE_DB).astype(np.float32)
    return levels


class _Spectrum:
    """The short-time spectrum of a sound: windows of 64 ms, every 10 ms, the first around the first sample."""

    def __init__(self, sound: Sound) -> None:
        rate_hz = sound.sample_rate_hz
        self.size = rate_hz * _OWN_WINDOW // _OWN_RATE_HZ
        self.hop = rate_hz // _HOPS_A_SECOND
        self.scale = _OWN_WINDOW / self.size
        self.count = len(sound.samples)
        self.window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.size) / self.size)).astype(
            np.float32
        )
        half = self.size // 2
        mode = "reflect" if self.count > half else "constant"
        self._padded = np.pad(sound.samples, half, mode=mode)  # type: ignore[call-overload]
        self.frames = 1 + self.count // self.hop

    def pieces(self, *, reach: int) -> Iterator[tuple[int, Complex64[np.ndarray, "time bins"]]]:
        """Give the spectrum in pieces: the first frame of each, and its frames with more around them."""
        for first in range(0, self.frames, _FRAMES_AT_ONCE):
            last = min(first + _FRAMES_AT_ONCE + reach, self.frames)
            yield first, self._between(max(0, first - reach), last)

    def sums(self) -> tuple[Float32[np.ndarray, " time"], float]:
        """Give each frame's levels in sum, and the largest of them."""
        sums = np.concatenate(
            [_levels(piece, self.scale).sum(axis=1) for _, piece in self.pieces(reach=0)]
        )
        return sums, float(sums.max())

    def _between(self, first: int, last: int) -> Complex64[np.ndarray, "time bins"]:
        views = np.lib.stride_tricks.sliding_window_view(self._padded, self.size)
        framed = views[first * self.hop : (last - 1) * self.hop + 1 : self.hop]
        found: np.ndarray = scipy.fft.rfft(framed * self.window, axis=1)
        return found


class _Adding:
    """Puts windows of sound one over the other, as the inverse of the short-time spectrum."""

    def __init__(self, spectrum: _Spectrum) -> None:
        self._of = spectrum
        self._made = np.zeros(spectrum.count, np.float32)
        self._open = np.zeros((2, 0), np.float32)
        """What later frames still add to: the sum of waves, and of their windows squared."""

    def add(self, first: int, spectrum: Complex64[np.ndarray, "time bins"]) -> None:
        """Add frames from ``first`` on, which follow those before."""
        of = self._of
        waves = scipy.fft.irfft(spectrum, of.size, axis=1) * of.window
        square = np.square(of.window)
        both = np.zeros((2, (len(waves) - 1) * of.hop + of.size), np.float32)
        both[:, : self._open.shape[1]] = self._open
        for i, wave in enumerate(waves):
            at = i * of.hop
            both[0, at : at + of.size] += wave
            both[1, at : at + of.size] += square
        done = both.shape[1] if first + len(waves) == of.frames else len(waves) * of.hop
        self._put(first * of.hop - of.size // 2, both[:, :done])
        self._open = both[:, done:]

    def _put(self, at: int, both: Float32[np.ndarray, "2 samples"]) -> None:
        """Write what is done; what no two windows cover stays silent."""
        made = both[0] / np.maximum(both[1], np.float32(1e-3))
        first, last = max(0, at), min(len(self._made), at + len(made))
        self._made[first:last] = made[first - at : last - at]

    def samples(self) -> Float32[np.ndarray, " samples"]:
        """Give the sound."""
        return self._made
