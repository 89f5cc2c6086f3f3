"""How likely a sound's spectra are under a model of one person's, beside a model of everybody's.

Source:
    Reynolds, Quatieri and Dunn, Speaker verification using adapted Gaussian mixture models, Digital
    Signal Processing, 2000: cepstra under a mixture of Gaussians, the person's means adapted from
    everybody's. Cepstra keep their long-term mean: the colour of a voice is part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from jaxtyping import Float64
from scipy.fft import dct

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound

RATE_HZ = 16_000
HOP, WINDOW, FFT = 160, 400, 512
BANDS, CEPSTRA = 28, 16
REACHES_HZ = ((300.0, 3000.0), (150.0, 4500.0), (150.0, 7000.0))
"""From where to where spectra are looked at; the widest that a recording reaches is taken."""
SLACK = 1.05
"""A band may end this much above what was measured of a recording."""
BELOW_LOUD_DB = 25.0
"""Frames quieter than the loud ones by more are no speech, or too near the noise."""
DEEPEST = 45.0 / 10.0 * float(np.log(10.0))
"""No band is taken for quieter than 45 dB under the loudest of its frame: digital silence is no voice."""
MIXTURES = 32
HOLDS_ON = 16.0
"""Frames that weigh as much as what is known of everybody (the relevance factor)."""
MOST = 10.0
"""One frame counts no more than this, so that a click cannot decide."""
FEWEST_FRAMES = 50
FILE = "everybody.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Everybody:
    """A mixture of Gaussians over the cepstra of many voices, all of them synthetic."""

    low_hz: float
    high_hz: float
    weights: Float64[np.ndarray, " mixtures"]
    means: Float64[np.ndarray, "mixtures cepstra"]
    variances: Float64[np.ndarray, "mixtures cepstra"]

    @classmethod
    def up_to(cls, bandwidth_hz: float) -> Everybody:
        """Choose the model for recordings that reach up to a frequency."""
        fitting = [i for i, (_, high) in enumerate(REACHES_HZ) if high <= bandwidth_hz * SLACK]
        return _read(max(fitting, default=0))


@lru_cache(maxsize=len(REACHES_HZ))
def _read(index: int) -> Everybody:
    with (
        resources.as_file(resources.files("vivant.voice") / FILE) as path,
        np.load(path, allow_pickle=False) as file,
    ):
        parts = [
            file[f"{part}_{index}"].astype(np.float64) for part in ("weights", "means", "variances")
        ]
    return Everybody(*REACHES_HZ[index], *parts)


def likeness(sound: Sound, /, *, person: Sound, everybody: Everybody) -> float:
    """Tell how much likelier a sound is to be the person than anybody.

    Args:
        sound: Speech, at any sample rate and level.
        person: Other speech of the person, from which their model is made.
        everybody: What it is compared with.

    Returns:
        Mean natural logarithm of the ratio per frame of speech: some 1.5 to 4 for the person,
        below 0.5 for others.

    Raises:
        InputError: One of the two holds less than half a second of speech.
    """
    own = adapted(cepstra(person, everybody.low_hz, everybody.high_hz), everybody)
    heard = cepstra(sound, everybody.low_hz, everybody.high_hz)
    ratios = _log_likelihood(heard, own) - _log_likelihood(heard, everybody)
    return float(np.clip(ratios, -MOST, MOST).mean())


def cepstra(sound: Sound, low_hz: float, high_hz: float) -> Float64[np.ndarray, "frames cepstra"]:
    """Describe the spectra of the frames in which a sound speaks, whatever their level."""
    samples = resampled(sound, sample_rate_hz=RATE_HZ).samples.astype(np.float64)
    if len(samples) < WINDOW + FEWEST_FRAMES * HOP:
        _too_little(len(samples) / RATE_HZ)
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    taper = np.hamming(WINDOW)
    powers = np.concatenate(
        [
            np.abs(np.fft.rfft(windows[first : first + 4096] * taper, FFT)) ** 2
            for first in range(0, len(windows), 4096)
        ]
    )
    bands = np.log(powers @ _triangles(low_hz, high_hz) + 1e-10)
    bands = np.maximum(bands, bands.max(axis=1, keepdims=True) - DEEPEST)
    bins_hz = np.fft.rfftfreq(FFT, 1 / RATE_HZ)
    inside = (bins_hz >= low_hz) & (bins_hz <= high_hz)
    levels = 10.0 * np.log10(powers[:, inside].sum(axis=1) + 1e-12)
    spoken = (levels > np.percentile(levels, 95) - BELOW_LOUD_DB) & (levels > -60.0)
    if spoken.sum() < FEWEST_FRAMES:
        _too_little(float(spoken.sum()) * HOP / RATE_HZ)
    return np.asarray(dct(bands[spoken], norm="ortho", axis=1)[:, 1 : CEPSTRA + 1])


def _too_little(seconds: float) -> None:
    message = (
        f"The sound holds {seconds:.1f} s of speech, and its spectra can be judged from 0.5 s on. "
        "Give a longer recording."
    )
    raise InputError(message)


@lru_cache(maxsize=len(REACHES_HZ))
def _triangles(low_hz: float, high_hz: float) -> np.ndarray:
    marks = np.linspace(_mel(low_hz), _mel(high_hz), BANDS + 2)
    edges = 700.0 * np.expm1(marks / 1127.0)
    bins = np.fft.rfftfreq(FFT, 1 / RATE_HZ)[:, None]
    rising = (bins - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins) / np.diff(edges)[1:]
    weights: np.ndarray = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(weights / weights.sum(axis=0))


def _mel(hertz: float) -> float:
    return float(1127.0 * np.log1p(hertz / 700.0))


def adapted(heard: Float64[np.ndarray, "frames cepstra"], everybody: Everybody, /) -> Everybody:
    """Move the means of everybody towards one person, as far as there is speech of theirs."""
    shares = _shares(heard, everybody)
    counts = shares.sum(axis=0)
    trust = (counts / (counts + HOLDS_ON))[:, None]
    own = shares.T @ heard / np.maximum(counts, 1e-9)[:, None]
    means = trust * own + (1.0 - trust) * everybody.means
    return Everybody(
        everybody.low_hz, everybody.high_hz, everybody.weights, means, everybody.variances
    )


def _log_likelihood(heard: np.ndarray, model: Everybody) -> Float64[np.ndarray, " frames"]:
    logs = _logs(heard, model)
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)))


def _shares(heard: np.ndarray, model: Everybody) -> Float64[np.ndarray, "frames mixtures"]:
    logs = _logs(heard, model)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _logs(heard: np.ndarray, model: Everybody) -> np.ndarray:
    means, variances = model.means, model.variances
    distances = (
        heard**2 @ (1.0 / variances).T
        - 2.0 * heard @ (means / variances).T
        + (means**2 / variances).sum(axis=1)
    )
    spread = np.log(2.0 * np.pi * variances).sum(axis=1)
    return np.asarray(np.log(model.weights) - 0.5 * (distances + spread))


def learned(
    heard: Float64[np.ndarray, "frames cepstra"], *, low_hz: float, high_hz: float, rounds: int = 15
) -> Everybody:
    """Make a model of everybody from the frames of many voices, by expectation and maximisation."""
    random = np.random.default_rng(0)
    spread = heard.var(axis=0)
    model = Everybody(
        low_hz,
        high_hz,
        np.full(MIXTURES, 1.0 / MIXTURES),
        heard[random.choice(len(heard), MIXTURES, replace=False)],
        np.repeat(spread[None], MIXTURES, axis=0),
    )
    for _ in range(rounds):
        shares = _shares(heard, model)
        counts = shares.sum(axis=0) + 1e-6
        means = shares.T @ heard / counts[:, None]
        squares = shares.T @ heard**2 / counts[:, None]
        variances = np.maximum(squares - means**2, 0.05 * spread)
        model = Everybody(low_hz, high_hz, counts / counts.sum(), means, variances)
    return model
