"""The instruments: sums of partials, each with its own decay. Nothing is sampled from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

import numpy as np
from jaxtyping import Float32

from vivant.music.partials import add_bowed, add_partials, arrays

RATE_HZ = 48_000
HIGHEST_HZ = 15_000.0
Samples = Float32[np.ndarray, " samples"]


def frequency_of(pitch: float) -> float:
    """Give the frequency of a MIDI number, in equal temperament."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def piano(pitch: float, seconds: float, loud: float, rng: np.random.Generator) -> Samples:
    """Play a felted piano: stiff strings, two to a note, struck softly; it rings on a little after the key is let go."""
    base = frequency_of(pitch)
    ring = 1.1 + 3.2 * np.exp(-(pitch - 40) / 22)
    t = _times(seconds + min(1.6, ring))
    stiff = 0.00035 * 2 ** ((pitch - 60) / 14)
    rows = []
    for n in range(1, 15):
        partial = n * base * np.sqrt(1 + stiff * n * n)
        if partial > HIGHEST_HZ:
            break
        size = np.exp(-n * (0.62 - 0.30 * loud)) * (0.6 if n == 7 else 1.0)
        apart = 2 ** (rng.normal(0.0, 0.7) / 1200)
        for hz, share in ((partial, 1.0), (partial * apart, 0.8)):
            phase = rng.uniform(0, 2 * np.pi)
            rows.append((hz, 0.72 * share * size, ring / (1 + 0.55 * n), phase))
            rows.append((hz, 0.28 * share * size, 2.4 * ring / (1 + 0.30 * n), phase))
    sound = np.zeros(len(t))
    add_partials(sound, RATE_HZ, *arrays(*rows))
    felt = rng.standard_normal(round(0.2 * RATE_HZ))
    felt = np.convolve(felt, np.hanning(64) / 32, mode="same")[: len(sound)]
    sound[: len(felt)] += 0.10 * loud * felt * np.exp(-t[: len(felt)] / 0.03)
    rise = np.clip(t / 0.006, 0, 1)
    damp = np.clip(1 - (t - seconds) / min(1.5, ring), 0, 1) ** 2
    return np.asarray(0.30 * loud * sound * rise * np.where(t > seconds, damp, 1.0), np.float32)


def strings(pitch: float, seconds: float, loud: float, rng: np.random.Generator) -> Samples:
    """Play a small section of muted strings: four players, never quite together."""
    base = frequency_of(pitch)
    t = _times(seconds + 1.4)
    partials = base * np.arange(1, 18)
    partials = partials[partials < 7000]
    body = 1.0 + 0.5 * np.exp(-(((partials - 480) / 200) ** 2))
    size = body / np.arange(1, len(partials) + 1) / (1 + (partials / (1100 + 1500 * loud)) ** 2)
    sound = np.zeros(len(t))
    for _ in range(4):
        hz = base * 2 ** (rng.normal(0, 4.5) / 1200)
        trembling, phase = rng.uniform(4.6, 5.8), rng.uniform(0, 2 * np.pi)
        add_bowed(sound, RATE_HZ, hz, size, trembling, 6.0, phase)
    rise = np.clip(t / (0.55 - 0.25 * loud), 0, 1)
    rise = rise * rise * (3 - 2 * rise)
    fall = np.clip(1 - (t - seconds) / 1.3, 0, 1)
    swell = 0.86 + 0.14 * np.sin(np.pi * np.clip(t / max(seconds, 0.1), 0, 1))
    shape = rise * swell * np.where(t > seconds, fall * fall, 1.0)
    return np.asarray(0.10 * loud * sound * shape, np.float32)


def harp(pitch: float, seconds: float, loud: float, rng: np.random.Generator) -> Samples:
    """Pluck a harp's string near its middle; it rings as long as it likes."""
    base = frequency_of(pitch)
    ring = 0.5 + 1.9 * np.exp(-(pitch - 48) / 20)
    t = _times(max(seconds, 1.6 * ring))
    rows = [
        (
            n * base * (1 + 0.0001 * n * n),
            abs(np.sin(np.pi * n * 0.36)) / n**1.35,
            ring / (1 + 0.42 * n),
            rng.uniform(0, 0.4),
        )
        for n in range(1, 14)
        if n * base < HIGHEST_HZ
    ]
    sound = np.zeros(len(t))
    add_partials(sound, RATE_HZ, *arrays(*rows))
    rise = np.clip(t / 0.003, 0, 1)
    end = np.clip((t[-1] - t) / 0.08, 0, 1)
    return np.asarray(0.42 * loud * sound * rise * end, np.float32)


def bell(pitch: float, seconds: float, loud: float, rng: np.random.Generator) -> Samples:
    """Strike a celesta's plate: a pure tone with a short, glassy start."""
    base = frequency_of(pitch + 12)
    t = _times(max(seconds, 2.0) + 0.6)
    plate = ((1, 1.0, 1.1), (2.0, 0.22, 0.7), (4.07, 0.22, 0.22), (6.5, 0.08, 0.10))
    rows = [
        (base * ratio, size, ring, rng.uniform(0, 0.3))
        for ratio, size, ring in plate
        if base * ratio < HIGHEST_HZ
    ]
    sound = np.zeros(len(t))
    add_partials(sound, RATE_HZ, *arrays(*rows))
    rise = np.clip(t / 0.004, 0, 1)
    end = np.clip((t[-1] - t) / 0.1, 0, 1)
    return np.asarray(0.26 * loud * sound * rise * end, np.float32)


def _times(seconds: float) -> np.ndarray:
    return np.arange(max(1, round(seconds * RATE_HZ))) / RATE_HZ


INSTRUMENTS: Final = MappingProxyType[str, Callable[..., Samples]](
    {"piano": piano, "strings": strings, "harp": harp, "bell": bell}
)
