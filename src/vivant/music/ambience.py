"""The quiet of a place, so that a film is never dead silent: wind, a meadow, a room, water."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

import numpy as np
from jaxtyping import Float32
from scipy.signal import butter, sosfilt

from vivant.errors import InputError
from vivant.media.sound import Sound
from vivant.music.instruments import RATE_HZ

Samples = Float32[np.ndarray, " samples"]


class UnknownAmbienceError(InputError):
    """There is no such quiet."""

    code = "music.unknown-ambience"


def ambience(name: str, *, seconds: float, seed: int = 0) -> Sound:
    """Make the quiet of a place: mono at 48 kHz, at about -40 dBFS, the same for the same input.

    Args:
        name: ``wind``, ``meadow``, ``room``, ``water``.
        seconds: How long, above 0.
        seed: Chance.

    Raises:
        UnknownAmbienceError: There is no such place.
    """
    if name not in AMBIENCES:
        message = f"There is no ambience called {name!r}; there are {', '.join(sorted(AMBIENCES))}."
        raise UnknownAmbienceError(message)
    count = max(1, round(seconds * RATE_HZ))
    made = AMBIENCES[name](count, np.random.default_rng(seed))
    level = 0.01 / max(1e-9, float(np.sqrt(np.mean(made**2))))
    return Sound(samples=np.asarray(made * level, np.float32), sample_rate_hz=RATE_HZ)


def _wind(count: int, rng: np.random.Generator) -> Samples:
    low = _band(count, rng, 60, 420) * (0.6 + 0.4 * _slow(count, rng, 0.11))
    high = _band(count, rng, 420, 1600) * np.clip(_slow(count, rng, 0.17), 0, None) * 0.30
    return np.asarray(low + high, np.float32)


def _meadow(count: int, rng: np.random.Generator) -> Samples:
    grass = _band(count, rng, 900, 5200) * np.clip(0.4 + 0.6 * _slow(count, rng, 0.2), 0, None)
    sound = _wind(count, rng) + 0.35 * grass
    for start in np.cumsum(rng.uniform(2.5, 6.5, 1 + count // (3 * RATE_HZ))):
        song = _song(rng)
        first = int(start * RATE_HZ)
        part = song[: max(0, count - first)]
        sound[first : first + len(part)] += part
    return np.asarray(sound, np.float32)


def _room(count: int, rng: np.random.Generator) -> Samples:
    return np.asarray(_band(count, rng, 50, 260) + 0.1 * _band(count, rng, 260, 2000), np.float32)


def _water(count: int, rng: np.random.Generator) -> Samples:
    lap = np.clip(_slow(count, rng, 0.35), 0, None) ** 2
    return np.asarray(0.4 * _wind(count, rng) + _band(count, rng, 300, 1400) * lap, np.float32)


def _band(count: int, rng: np.random.Generator, low_hz: float, high_hz: float) -> Samples:
    """Make noise between two frequencies, of loudness 1."""
    sos = butter(1, (low_hz, high_hz), btype="band", fs=RATE_HZ, output="sos")
    heard = np.asarray(sosfilt(sos, rng.standard_normal(count + RATE_HZ // 4)), np.float32)
    heard = heard[RATE_HZ // 4 :]  # the filter has settled
    return np.asarray(heard / max(1e-9, float(heard.std())), np.float32)


def _slow(count: int, rng: np.random.Generator, hz: float) -> Samples:
    """Come and go, between about -1 and 1, this many times a second."""
    knots = rng.uniform(-1, 1, max(4, int(count / RATE_HZ * hz * 2) + 4))
    places = np.linspace(0, len(knots) - 1, count)
    low = places.astype(int).clip(0, len(knots) - 2)
    part = places - low
    part = part * part * (3 - 2 * part)
    return np.asarray(knots[low] * (1 - part) + knots[low + 1] * part, np.float32)


def _song(rng: np.random.Generator) -> Samples:
    """Let a far bird sing a few notes."""
    notes = []
    base = rng.uniform(2600, 3800)
    for _ in range(int(rng.integers(2, 5))):
        t = np.arange(int(rng.uniform(0.07, 0.16) * RATE_HZ)) / RATE_HZ
        bend = base * rng.uniform(0.85, 1.25) * (1 + rng.uniform(-1.2, 1.2) * t)
        swell = np.sin(np.pi * t / t[-1]) ** 2
        notes.append(
            0.5 * rng.uniform(0.4, 1) * swell * np.sin(2 * np.pi * np.cumsum(bend) / RATE_HZ)
        )
        notes.append(np.zeros(int(rng.uniform(0.03, 0.09) * RATE_HZ)))
    return np.asarray(np.concatenate(notes), np.float32)


AMBIENCES: Final = MappingProxyType[str, Callable[[int, np.random.Generator], Samples]](
    {"wind": _wind, "meadow": _meadow, "room": _room, "water": _water}
)
