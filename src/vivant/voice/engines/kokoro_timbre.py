"""How Kokoro's styles sound, and which style sounds most like a person.

The first half of a style bends the sound. What it does to the mean spectrum of each kind of sound was learned
once, from some 200 styles between and around Kokoro's voices; it is close to linear. That, and the
pitch of each voice, lies beside this file, made by ``benchmarks/voice/learn_kokoro_timbre.py`` from
nothing but Kokoro's own speech.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Bool, Float32, Float64
from scipy.fft import dct

from vivant.voice.engines.kokoro_colour import BANDS, KIND_OF, KINDS, PARTS, Spoken

FILE = "kokoro_timbre.npz"
SHAPES = 24
"""Finer shapes of a spectrum, as cosines over the bands, say little about who speaks."""
PRIOR = 2.0
"""How firmly a style keeps to where Kokoro's voices are; 1 is what their own scatter says."""
NOISE = 0.6
"""How far a kind of sound wavers from text to text, against its scatter between voices."""
ENOUGH_FRAMES = 15.0
"""A mean of so many frames is half as sure as one of endless many."""
CHANNEL = (4.0, 3.0, 2.5, 2.5, 2.0, 2.0, 1.0)
"""What a recording may do to each shape of all sounds alike, standard deviations; the last for all finer."""
MIDDLE_HZ = 140.0
PITCH_TERMS = 2
MELODISTS = (
    "af_heart",
    "af_bella",
    "bf_emma",
    "af_kore",
    "am_michael",
    "am_liam",
    "am_puck",
    "am_fenrir",
    "bm_george",
)
"""Voices whose melodies are natural, and whose words are understood best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Melodist:
    """A voice of Kokoro's, as far as its melody goes."""

    name: str
    """As Kokoro calls it: ``"am_michael"``."""
    middle_hz: float
    """Median of its pitch."""
    spread_octaves: float
    """Standard deviation of its pitch."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timbres:
    """What was learned."""

    mean: Float64[np.ndarray, 128]
    """First half of the mean style."""
    basis: Float64[np.ndarray, "places 128"]
    """Directions in which voices differ, each as long as they differ."""
    centre: Float64[np.ndarray, "kinds bands"]
    """Spectra of the mean style at ``MIDDLE_HZ``."""
    response: Float64[np.ndarray, "terms kinds bands"]
    """What a step of 1 along each direction changes, and what octaves and squared octaves of pitch change."""
    heard: Bool[np.ndarray, " kinds"]
    """Which kinds of sound were heard."""
    melodists: tuple[Melodist, ...]

    def style(self, place: Float64[np.ndarray, " places"]) -> Float32[np.ndarray, 128]:
        """Give the first half of the style at a place."""
        return np.asarray(self.mean + place @ self.basis, np.float32)

    def spectra(
        self, place: Float64[np.ndarray, " places"], *, middle_hz: float
    ) -> Float64[np.ndarray, "kinds bands"]:
        """Foretell the mean spectra of a place."""
        octaves = float(np.log2(middle_hz / MIDDLE_HZ))
        terms = np.concatenate([place, [octaves, octaves**2]])
        return np.asarray(self.centre + np.tensordot(terms, self.response, axes=1))


@lru_cache(maxsize=1)
def timbres() -> Timbres:
    """Read what was learned; a few ms, once."""
    with (
        files("vivant.voice.engines").joinpath(FILE).open("rb") as file,
        np.load(file, allow_pickle=False) as data,
    ):
        return Timbres(
            mean=data["mean"].astype(np.float64),
            basis=data["basis"].astype(np.float64),
            centre=data["centre"].astype(np.float64),
            response=data["response"].astype(np.float64),
            heard=data["heard"],
            melodists=tuple(
                Melodist(name=str(name), middle_hz=float(middle), spread_octaves=float(spread))
                for name, middle, spread in zip(
                    data["names"], data["middles_hz"], data["spreads"], strict=True
                )
            ),
        )


def kind_means(
    spoken: Spoken,
) -> tuple[Float64[np.ndarray, "kinds bands"], Float64[np.ndarray, " kinds"]]:
    """Tell the mean spectrum of each kind of sound, and from how many frames; the middle thirds count."""
    heard = (spoken.rows >= 0) & (spoken.rows % PARTS == 1)
    kinds = np.array(KIND_OF)[spoken.rows[heard] // PARTS]
    counts = np.bincount(kinds, minlength=len(KINDS)).astype(np.float64)
    sums = np.zeros((len(KINDS), BANDS))
    np.add.at(sums, kinds, spoken.bands[heard])
    return sums / np.maximum(counts, 1.0)[:, None], counts


def melodist_like(*, middle_hz: float, spread_octaves: float) -> Melodist:
    """Find the voice, of those with the best melodies, whose needs the least change."""
    return min(
        (one for one in timbres().melodists if one.name in MELODISTS),
        key=lambda one: (
            abs(np.log2(middle_hz / one.middle_hz))
            + 0.5 * abs(np.log2(spread_octaves / one.spread_octaves))
        ),
    )


def place_of(
    person: Spoken,
    *,
    middle_hz: float,
    known: Bool[np.ndarray, " bands"],
    tried: tuple[Float64[np.ndarray, " places"], Spoken] | None = None,
) -> Float64[np.ndarray, " places"]:
    """Find the place among Kokoro's styles that sounds most like a person.

    Args:
        person: The person's speech.
        middle_hz: Median of their pitch.
        known: Bands of which the recording says something.
        tried: A place, and what Kokoro said there: what was foretold wrongly is then set right.

    Returns:
        Steps along ``Timbres.basis``; what the recording does to all sounds alike is told apart.

    Source:
        R. Kuhn et al., "Rapid speaker adaptation in eigenvoice space", 2000, with a channel beside it.
    """
    known_styles = timbres()
    means, counts = kind_means(person)
    places = len(known_styles.basis)
    start = np.zeros(places)
    foretold = known_styles.spectra(start, middle_hz=middle_hz)
    trust = np.where(known_styles.heard, counts / (counts + ENOUGH_FRAMES), 0.0)
    if tried is not None:
        start, said = tried
        foretold, their_counts = kind_means(said)
        trust *= their_counts / (their_counts + ENOUGH_FRAMES)
    shapes = min(SHAPES, int(known.sum()))
    rest = dct((means - foretold)[:, known], norm="ortho", axis=1)[:, :shapes]
    slopes = dct(known_styles.response[:places][:, :, known], norm="ortho", axis=2)[:, :, :shapes]
    scatter = np.sqrt((slopes[:, known_styles.heard] ** 2).sum(axis=0).mean(axis=0))
    weights = trust[:, None] / (NOISE * scatter) ** 2
    channel = np.array([*CHANNEL, *[CHANNEL[-1]] * shapes])[:shapes]
    precision = np.diag(np.concatenate([np.full(places, PRIOR), 1.0 / channel**2]))
    pull = np.concatenate([-PRIOR * start, np.zeros(shapes)])
    for kind in np.flatnonzero(trust > 0.0):
        change = np.concatenate([slopes[:, kind], np.eye(shapes)])
        precision += (change * weights[kind]) @ change.T
        pull += (change * weights[kind]) @ rest[kind]
    return np.asarray(start + np.linalg.solve(precision, pull)[:places])
