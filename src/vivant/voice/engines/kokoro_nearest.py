"""Which of Kokoro's voices is nearest to a person.

For each voice the mean spectra of its kinds of sounds were measured once, as Kokoro says them, and its
pitch; they lie beside this file, made by ``benchmarks/voice/measure_kokoro_voices.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Bool, Float32, Float64
from scipy.fft import dct

from vivant.voice.engines.kokoro_colour import BANDS, KIND_OF, KINDS, PARTS, Spoken

FILE = "kokoro_nearest.npz"
SHAPES = 20
"""Finer shapes of a spectrum, as cosines over the bands, say little about who speaks."""
LEVEL_AND_TILT = 0.25
"""Weight of the two coarsest shapes: a recording changes them more than a person does."""
PER_OCTAVE = 1.0
"""What a distance in pitch counts beside that of the spectra."""
ENOUGH_FRAMES = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A voice of Kokoro's."""

    name: str
    """As Kokoro calls it: ``"am_michael"``."""
    middle_hz: float
    """Median of its pitch."""
    spread_octaves: float
    """Standard deviation of its pitch."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gallery:
    """All voices, measured."""

    names: tuple[str, ...]
    middles_hz: Float64[np.ndarray, " voices"]
    spreads: Float64[np.ndarray, " voices"]
    kinds: Float32[np.ndarray, "voices kinds bands"]
    """Mean spectrum of each kind of sound, as ``measured`` gives it; not a number where not heard."""


@lru_cache(maxsize=1)
def gallery() -> Gallery:
    """Read the measurements; a few ms, once."""
    with (
        files("vivant.voice.engines").joinpath(FILE).open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        return Gallery(
            names=tuple(str(name) for name in data["names"]),
            middles_hz=data["middles_hz"].astype(np.float64),
            spreads=data["spreads"].astype(np.float64),
            kinds=data["kinds"].astype(np.float32),
        )


def kind_means(
    spoken: Spoken,
) -> tuple[Float32[np.ndarray, "kinds bands"], Float64[np.ndarray, " kinds"]]:
    """Tell the mean spectrum of each kind of sound, and from how many frames; the middle thirds count."""
    heard = (spoken.rows >= 0) & (spoken.rows % PARTS == 1)
    kinds = np.array(KIND_OF)[spoken.rows[heard] // PARTS]
    counts = np.bincount(kinds, minlength=len(KINDS)).astype(np.float64)
    sums = np.zeros((len(KINDS), BANDS))
    np.add.at(sums, kinds, spoken.bands[heard])
    means = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1.0)[:, None], np.nan)
    return means.astype(np.float32), counts


def distances(
    person: Spoken, *, middle_hz: float, known: Bool[np.ndarray, " bands"]
) -> Float64[np.ndarray, " voices"]:
    """Tell how far each voice is from a person."""
    voices = gallery()
    means, counts = kind_means(person)
    trust = np.minimum(counts, ENOUGH_FRAMES)
    apart = voices.kinds[:, :, known] - means[None][:, :, known]
    trust = np.where(np.isnan(apart).any(axis=(0, 2)), 0.0, trust)
    shapes = dct(np.nan_to_num(apart), norm="ortho", axis=2)[:, :, :SHAPES]
    shapes[:, :, :2] *= LEVEL_AND_TILT**0.5
    spectral = np.einsum("vks,k->v", shapes**2, trust) / max(trust.sum(), 1.0) / shapes.shape[2]
    octaves = np.abs(np.log2(middle_hz / voices.middles_hz))
    return np.asarray(np.sqrt(spectral) + PER_OCTAVE * octaves * np.sqrt(spectral).std())


def nearest(person: Spoken, *, middle_hz: float, known: Bool[np.ndarray, " bands"]) -> Near:
    """Find the voice that is nearest."""
    voices = gallery()
    best = int(distances(person, middle_hz=middle_hz, known=known).argmin())
    return Near(
        name=voices.names[best],
        middle_hz=float(voices.middles_hz[best]),
        spread_octaves=float(voices.spreads[best]),
    )
