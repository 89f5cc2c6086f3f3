"""The embedded voice taken apart into pitch, spectrum and breath, frame by frame, and put together again.

hibari's network returns three spectra that only make sense together: one of them leans on the phases
of its neighbours. So its sound is made first and measured, with the pitch that the network itself
names, which no tracker can miss. What is changed is made into sound by hibari's own synthesis.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from hibari import dsp
from jaxtyping import Float32

from vivant.voice.breath import LEAST, MOST
from vivant.voice.spectra import (
    BANDS,
    HOP,
    RATE_HZ,
    centres_hz,
    envelopes,
    minimum_phase,
    spread,
)

LEAST_VOICED_HZ = 50.0
"""Under this, hibari's pitch means unvoiced."""
PULSES = 600.0 / np.sqrt(RATE_HZ)
"""Brings a harmonic, by its share of the power density, to the scale of hibari's synthesis."""
NOISE = 30.0
"""The same for noise: with Hann windows that overlap fourfold, sqrt(1200 * 1.5 / 2)."""
BREATH_FROM_HZ, BREATH_FULL_HZ = 1_500.0, 9_500.0
BINS = dsp.N_FFT // 2 + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frames:
    """Speech in frames of 12.5 ms; frame *i* is centred on sample ``i * HOP``."""

    pitch_hz: Float32[np.ndarray, " frames"]
    """0 where unvoiced."""
    envelope: Float32[np.ndarray, "frames bands"]
    """Natural logarithm of the power density, as ``envelopes`` measures it."""
    breath: Float32[np.ndarray, "frames bands"]
    """Share of noise in the power of voiced frames, 0 to 1; unvoiced frames are all noise."""

    def __len__(self) -> int:
        return len(self.pitch_hz)


def taken_apart(
    samples: Float32[np.ndarray, " samples"],
    pitch_hz: Float32[np.ndarray, " frames"],
    *,
    breath: Float32[np.ndarray, "frames bands"] | None = None,
) -> Frames:
    """Measure a sound of hibari's, of which the network told the pitch."""
    return frames_of(samples, voiced_pitch(pitch_hz), breath=breath)


def voiced_pitch(pitch_hz: Float32[np.ndarray, " frames"]) -> Float32[np.ndarray, " frames"]:
    """Set to 0 what the network means as unvoiced."""
    return np.where(pitch_hz > LEAST_VOICED_HZ, pitch_hz, 0.0).astype(np.float32)


def frames_of(
    samples: Float32[np.ndarray, " samples"],
    pitch_hz: Float32[np.ndarray, " frames"],
    *,
    breath: Float32[np.ndarray, "frames bands"] | None = None,
) -> Frames:
    """Measure a sound of known pitch; its breath counts as the usual one where it is not given."""
    if breath is None:
        breath = np.broadcast_to(usual_breath(), (len(pitch_hz), BANDS))
    return Frames(pitch_hz=pitch_hz, envelope=envelopes(samples, pitch_hz), breath=breath)


@lru_cache(maxsize=1)
def usual_breath() -> Float32[np.ndarray, " bands"]:
    """Tell the share of noise in a voice that is neither hoarse nor pressed: none below 1.5 kHz, all above 9.5."""
    ramp = (centres_hz() - BREATH_FROM_HZ) / (BREATH_FULL_HZ - BREATH_FROM_HZ)
    return np.clip(ramp, LEAST, MOST).astype(np.float32)


def put_together(frames: Frames, *, noise: np.random.Generator) -> Float32[np.ndarray, " samples"]:
    """Make sound of frames: pulses and noise, shaped by the shortest response of each spectrum.

    Args:
        frames: What to say.
        noise: Where the noise comes from.

    Returns:
        ``HOP`` samples for each frame, at 24 kHz.
    """
    if not len(frames):
        return np.zeros(0, np.float32)
    voiced = frames.pitch_hz > 0
    log_amplitude = spread(0.5 * frames.envelope, BINS)
    amplitude = np.exp(log_amplitude)
    share = np.where(voiced[:, None], np.clip(frames.breath, 0.0, 1.0), 1.0).astype(np.float32)
    tone = PULSES * np.sqrt(frames.pitch_hz, dtype=np.float32)[:, None]
    turn = minimum_phase(log_amplitude)
    spectrum = np.empty(amplitude.shape, np.complex64)
    np.cos(turn, out=spectrum.real)
    np.sin(turn, out=spectrum.imag)
    spectrum *= amplitude * spread(np.sqrt(1.0 - share), BINS) * tone
    spectrum *= dsp.stft(dsp.pulses(frames.pitch_hz), len(frames)).T
    wild = noise.standard_normal((len(frames), 2 * BINS), dtype=np.float32).view(np.complex64)
    wild *= amplitude * spread(np.sqrt(share) * np.float32(NOISE), BINS)
    spectrum += wild
    return np.asarray(dsp.ola(np.ascontiguousarray(spectrum.T)), np.float32)


def moved(places: np.ndarray, *, lengths: Float32[np.ndarray, " frames"]) -> np.ndarray:
    """Tell where samples lie after each frame was made as long as ``lengths`` says, 1 being as it was."""
    edges = _edges(lengths)
    there = np.interp(np.asarray(places) / HOP, np.arange(len(edges)), edges)
    return np.asarray(np.rint(there * HOP), np.int64)


def _edges(lengths: Float32[np.ndarray, " frames"]) -> np.ndarray:
    """Lay frames of these lengths one behind the other, over a whole number of frames in all."""
    edges = np.concatenate([[0.0], np.cumsum(lengths, dtype=np.float64)])
    return np.asarray(edges * (np.rint(edges[-1]) / max(edges[-1], 1e-9)))


def stretched(frames: Frames, *, lengths: Float32[np.ndarray, " frames"]) -> Frames:
    """Make frames longer or shorter.

    Args:
        frames: What is said.
        lengths: For each frame how long it becomes, 1 being as it was.

    Returns:
        As many frames as the sum of ``lengths``, rounded.
    """
    edges = _edges(lengths)
    places = np.interp(np.arange(round(edges[-1])), edges, np.arange(len(edges)))
    places = np.minimum(places, len(frames) - 1)
    lower = places.astype(np.int64)
    upper = np.minimum(lower + 1, len(frames) - 1)
    share = (places - lower).astype(np.float32)
    nearest = np.where(share < 0.5, lower, upper)
    both = (frames.pitch_hz[lower] > 0) & (frames.pitch_hz[upper] > 0)
    between = frames.pitch_hz[lower] * (1 - share) + frames.pitch_hz[upper] * share
    return Frames(
        pitch_hz=np.where(both, between, frames.pitch_hz[nearest]).astype(np.float32),
        envelope=frames.envelope[lower] * (1 - share[:, None])
        + frames.envelope[upper] * share[:, None],
        breath=frames.breath[nearest],
    )
