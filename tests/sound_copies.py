"""What happens to sound out in the world: coding, other rates, noise, cutting, other speeds; and sounds to try it on."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache
from typing import Literal

import av
import numpy as np
import soxr

from vivant.media.hearing import resampled
from vivant.media.sound import Sound

RATE_HZ = 48_000


def sound_of(samples: np.ndarray, rate_hz: int = RATE_HZ) -> Sound:
    return Sound(samples=np.ascontiguousarray(samples, np.float32), sample_rate_hz=rate_hz)


def coded(sound: Sound, *, codec: Literal["aac", "libmp3lame"], kbit_s: int) -> Sound:
    """Encode and decode; the decoder's first samples, which are its own, stay: nobody cuts them off in the wild."""
    given = resampled(sound, sample_rate_hz=RATE_HZ).samples
    memory = io.BytesIO()
    container = "mp3" if codec == "libmp3lame" else "adts"
    with av.open(memory, "w", format=container) as file:
        stream = file.add_stream(codec, rate=RATE_HZ, layout="mono")
        stream.bit_rate = kbit_s * 1000
        size = 1152 if codec == "libmp3lame" else 1024
        for first in range(0, len(given), size):
            block = np.zeros((1, size), np.float32)
            piece = given[first : first + size]
            block[0, : len(piece)] = piece
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE_HZ, first
            frame.time_base = Fraction(1, RATE_HZ)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    memory.seek(0)
    with av.open(memory, "r") as file:
        mixer = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
        pieces = [
            mixed.to_ndarray().reshape(-1)
            for frame in file.decode(audio=0)
            for mixed in mixer.resample(frame)
        ]
    return sound_of(np.concatenate(pieces))


def noisy(sound: Sound, *, snr_db: float, seed: int = 0) -> Sound:
    """Add white noise."""
    power = float(np.mean(np.square(sound.samples, dtype=np.float64)))
    noise = np.random.default_rng(seed).standard_normal(len(sound.samples))
    return sound_of(
        sound.samples + np.sqrt(power / 10 ** (snr_db / 10)) * noise, sound.sample_rate_hz
    )


def cut(sound: Sound, *, first_s: float, seconds: float | None = None) -> Sound:
    """Cut out a stretch."""
    rate_hz = sound.sample_rate_hz
    first = round(first_s * rate_hz)
    last = None if seconds is None else first + round(seconds * rate_hz)
    return sound_of(sound.samples[first:last], rate_hz)


def faster(sound: Sound, *, by: float) -> Sound:
    """Play a sound faster, pitch and all: by 0.01 for one hundredth."""
    rate_hz = sound.sample_rate_hz
    return sound_of(soxr.resample(sound.samples, rate_hz * (1 + by), rate_hz), rate_hz)


@cache
def babble(seconds: float, *, seed: int = 0) -> Sound:
    """Make something like speech: harmonics of a wandering pitch in syllables with formants, hisses, pauses."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    moments = np.arange(count) / RATE_HZ
    knots = np.arange(0, seconds + 1, 0.15)
    pitch = 130 * 2 ** np.interp(moments, knots, 0.25 * rng.standard_normal(len(knots)))
    phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
    formants = [
        np.interp(moments, knots, rng.uniform(low, high, len(knots)))
        for low, high in ((300, 800), (900, 2200), (2300, 3200), (3300, 4500))
    ]
    voice = np.zeros(count)
    for k in range(1, 45):
        hertz = k * pitch
        gain = sum(np.exp(-(((hertz - f) / (90 + 0.06 * f)) ** 2)) / (i + 1) for i, f in enumerate(formants))  # fmt: skip
        voice += (gain + 0.004) * np.sin(k * phase) * (hertz < 8000)
    steps = np.interp(moments, knots, np.where(rng.random(len(knots)) < 0.3, 0.02, rng.uniform(0.3, 1, len(knots))))  # fmt: skip
    hiss = np.convolve(rng.standard_normal(count), [1, -0.9], "same")
    hisses = np.interp(moments, knots, (rng.random(len(knots)) < 0.2) * 0.05)
    whole = 0.12 * steps * voice + hisses * hiss + 0.0002 * rng.standard_normal(count)
    return sound_of(0.7 * whole / np.abs(whole).max())
