"""The colour of each speech sound, brought from one voice to another by a filter that follows the phones.

Two voices are measured alike: the mean spectrum of each third of each phone. Their difference, smooth over
frequency and over time, is a filter. What was heard too seldom leans on the whole phone, that on
sounds of its kind, and those on all sounds. The filter changes how strong each band is and leaves
everything else: timing, melody, the fine structure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float32, Int64
from scipy.fft import dct, idct, irfft, rfft
from scipy.ndimage import gaussian_filter1d

from vivant.voice.speech import Phone

RATE_HZ = 24_000
HOP = 300
"""Samples from one frame to the next; frame *i* is centred on sample ``i * HOP``."""
FFT = 1024
WINDOW = 600
BANDS = 48
LOW_HZ, HIGH_HZ = 50.0, 11_500.0
QUIET = 1e-10
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "close": ("i", "ɪ"), "half close": ("eɪ", "ɛ", "e"), "open": ("æ", "a"), "back": ("ɑ", "ɔ", "ɒ"), "middle": ("ʌ", "ə", "ɐ"),
    "r": ("ɜ", "ɚ", "ɹ"), "round": ("ʊ", "u", "w"), "closing": ("oʊ", "əʊ", "o"), "wide": ("aɪ", "aʊ", "ɔɪ"), "nasal": ("m", "n", "ŋ"),
    "l": ("l",), "j": ("j",), "hiss": ("s", "z"), "hush": ("ʃ", "ʒ", "tʃ", "dʒ"), "breath": ("f", "v", "θ", "ð", "h"),
    "burst": ("p", "t", "k"), "voiced burst": ("b", "d", "ɡ", "ɾ"),
})  # fmt: skip
"""Phones by how they sound."""
SYMBOLS = tuple(symbol for symbols in KINDS.values() for symbol in symbols)
KIND_OF = tuple(kind for kind, symbols in enumerate(KINDS.values()) for _ in symbols)
PARTS = 3
ROWS = len(SYMBOLS) * PARTS + 1
"""Rows of a table of offsets: beginning, middle and end of each phone, and one for everything else."""
ELSE = ROWS - 1
HOLDS_ON = 15.0
"""A mean of this many frames counts as much as what it leans on."""
SPEECH_DB = 28.0
"""Frames this far below the loud ones are not listened to."""
SHAPES = 24
"""Finer shapes of the difference, as cosines over the bands, are left out."""
MOST = 3.5
"""No band is changed by more than e to this power: 15 dB."""
SMOOTH_FRAMES = 2.5
TRUST_LOW_HZ = 450.0
"""A telephone takes away what lies below 300 Hz, and weakens what lies near."""
TELEPHONE_HZ = 4500.0
TRUST_SHARE_TELEPHONE = 0.85
TRUST_SHARE = 0.95
"""Of a recording's band: nearer to its end it fades."""
EDGE_MOST = 0.7
"""Beyond what is known, a filter returns to nothing from no more than this, within an octave."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """Speech, measured."""

    bands: Float32[np.ndarray, "frames bands"]
    """Natural logarithm of the power in each band; 0 is that of the loud frames together."""
    rows: Int64[np.ndarray, " frames"]
    """Which third of which phone; -1 for silence."""


def measured(samples: Float32[np.ndarray, " samples"], phones: Sequence[Phone]) -> Spoken:
    """Measure speech at ``RATE_HZ``."""
    bands = band_powers(samples)
    total = np.log(np.exp(bands).mean(axis=1))
    loud = total >= np.percentile(total, 70)
    levelled = bands - np.log(np.exp(bands[loud]).mean())
    rows = rows_of(phones, len(bands))
    heard = total > np.percentile(total, 95) - SPEECH_DB * np.log(10.0) / 10.0
    return Spoken(bands=levelled, rows=np.where(heard & (rows != ELSE), rows, -1))


def band_powers(
    samples: Float32[np.ndarray, " samples"],
) -> Float32[np.ndarray, "frames bands"]:
    """Measure the power in each band, as a natural logarithm."""
    spectra = _spectra(samples, _measuring_window())
    return np.asarray(np.log(np.abs(spectra) ** 2 @ _gathering() + QUIET), np.float32)


def rows_of(phones: Sequence[Phone], frames: int) -> Int64[np.ndarray, " frames"]:
    """Tell for each frame which third of which phone it lies in."""
    rows = np.full(frames, ELSE, np.int64)
    places = {symbol: place for place, symbol in enumerate(SYMBOLS)}
    for phone in phones:
        place = places.get(phone.symbol)
        if place is None:
            continue
        first, last = -(-phone.first // HOP), min(-(-phone.last // HOP), frames)
        inside = np.arange(first, last)
        share = (inside * HOP - phone.first) / max(phone.last - phone.first, 1)
        rows[first:last] = place * PARTS + np.minimum((share * PARTS).astype(np.int64), PARTS - 1)
    return rows


def known_bands(bandwidth_hz: float) -> Bool[np.ndarray, " bands"]:
    """Tell of which bands a recording says something."""
    by_telephone = bandwidth_hz < TELEPHONE_HZ
    low_hz, share = (TRUST_LOW_HZ, TRUST_SHARE_TELEPHONE) if by_telephone else (0.0, TRUST_SHARE)
    middles = middles_hz()
    return (middles >= low_hz) & (middles <= bandwidth_hz * share)


def differences(
    person: Spoken, own: Spoken, *, known: Bool[np.ndarray, " bands"]
) -> Float32[np.ndarray, "rows bands"]:
    """Tell by how much a person's sounds are stronger than another voice's, band by band.

    Source:
        J.-L. Gauvain and C.-H. Lee, "Maximum a posteriori estimation for multivariate Gaussian mixture
        observations of Markov chains", 1994, for estimates that lean on what is known of their kind.
    """
    theirs, their_counts = _sums(person)
    ours, our_counts = _sums(own)
    symbols = np.repeat(np.arange(len(SYMBOLS)), PARTS)
    kinds = np.array(KIND_OF)
    everything = np.zeros((1, BANDS))
    of_kind, kind_frames = _difference(theirs, their_counts, ours, our_counts, kinds[symbols])
    if kind_frames.sum() > 0:
        everything = (kind_frames[:, None] * of_kind).sum(axis=0)[None] / kind_frames.sum()
    of_kind = _leaning(of_kind, kind_frames, everything)
    of_phone, frames = _difference(theirs, their_counts, ours, our_counts, symbols)
    of_phone = _leaning(of_phone, frames, of_kind[kinds])
    of_part, frames = _difference(
        theirs, their_counts, ours, our_counts, np.arange(len(SYMBOLS) * PARTS)
    )
    of_part = _leaning(of_part, frames, of_phone[symbols])
    table = np.concatenate([of_part, 0.5 * everything])
    if not known.all() and known.any():
        table -= everything[:, known].mean()  # the level of what is known says nothing of the rest
    return np.asarray(_beyond(_smooth(table), known), np.float32)


def coloured(
    samples: Float32[np.ndarray, " samples"],
    phones: Sequence[Phone],
    offsets: Float32[np.ndarray, "rows bands"],
) -> Float32[np.ndarray, " samples"]:
    """Filter speech so that each of its sounds changes as a table of ``differences`` says.

    Args:
        samples: Speech at ``RATE_HZ``.
        phones: Where which sound is heard.
        offsets: The table.

    Returns:
        As many samples.
    """
    if not len(samples):
        return samples
    spectra = _spectra(samples, _filtering_window())
    curve = np.asarray(offsets, np.float32)[rows_of(phones, len(spectra))]
    curve = gaussian_filter1d(curve, SMOOTH_FRAMES, axis=0, mode="nearest")
    spectra *= np.exp(0.5 * curve @ _spreading())
    frames = irfft(spectra, FFT, axis=1) * _filtering_window()
    out = np.zeros(len(samples) + 2 * FFT, np.float32)
    weights = np.zeros(len(out), np.float32)
    square = _filtering_window() ** 2
    for i, frame in enumerate(frames):
        at = i * HOP
        out[at : at + FFT] += frame
        weights[at : at + FFT] += square
    inside = slice(FFT // 2, FFT // 2 + len(samples))
    return np.asarray(out[inside] / np.maximum(weights[inside], 1e-3), np.float32)


@lru_cache(maxsize=1)
def middles_hz() -> np.ndarray:
    """Middle of each band: even steps of mel (O'Shaughnessy, 1987)."""
    return _edges_hz()[1:-1]


def _edges_hz() -> np.ndarray:
    low, high = (np.log1p(hertz / 700.0) for hertz in (LOW_HZ, HIGH_HZ))
    return np.asarray(700.0 * np.expm1(np.linspace(low, high, BANDS + 2)))


@lru_cache(maxsize=1)
def _gathering() -> np.ndarray:
    """Triangles that sum to 1 each; at least the nearest bin."""
    edges = _edges_hz()
    bins_hz = np.fft.rfftfreq(FFT, 1 / RATE_HZ)[:, None]
    rising = (bins_hz - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins_hz) / np.diff(edges)[1:]
    weights = np.maximum(0.0, np.minimum(rising, falling))
    nearest = np.abs(bins_hz - edges[1:-1]).argmin(axis=0)
    weights[nearest, np.arange(BANDS)] += 1e-3
    return np.asarray(weights / weights.sum(axis=0), np.float32)


@lru_cache(maxsize=1)
def _spreading() -> np.ndarray:
    """Weights that spread bands over bins, linear in mel between their middles."""
    bins = np.log1p(np.fft.rfftfreq(FFT, 1 / RATE_HZ) / 700.0)
    middles = np.log1p(middles_hz() / 700.0)
    return np.stack([np.interp(bins, middles, unit) for unit in np.eye(BANDS)]).astype(np.float32)


@lru_cache(maxsize=1)
def _measuring_window() -> np.ndarray:
    around = (FFT - WINDOW) // 2
    return np.pad(np.hanning(WINDOW), around).astype(np.float32)


@lru_cache(maxsize=1)
def _filtering_window() -> np.ndarray:
    return np.hanning(FFT + 1)[:-1].astype(np.float32)


def _spectra(samples: np.ndarray, window: np.ndarray) -> np.ndarray:
    frames = len(samples) // HOP + 1
    padded = np.pad(samples.astype(np.float32), (FFT // 2, FFT))
    windows = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP][:frames]
    return np.asarray(rfft(windows * window, axis=1))


def _sums(spoken: Spoken) -> tuple[np.ndarray, np.ndarray]:
    heard = spoken.rows >= 0
    rows = spoken.rows[heard]
    counts = np.bincount(rows, minlength=ELSE)[:ELSE].astype(np.float64)
    sums = np.zeros((ELSE, BANDS))
    np.add.at(sums, rows, spoken.bands[heard])
    return sums, counts


def _difference(
    theirs: np.ndarray,
    their_counts: np.ndarray,
    ours: np.ndarray,
    our_counts: np.ndarray,
    group: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Tell the difference of means for groups of rows, and how many frames speak for it."""
    groups = int(group.max()) + 1
    member = np.zeros((groups, len(group)))
    member[group, np.arange(len(group))] = 1.0
    n, m = member @ their_counts, member @ our_counts
    means = member @ theirs / np.maximum(n, 1.0)[:, None]
    difference = means - member @ ours / np.maximum(m, 1.0)[:, None]
    frames = np.where((n > 0) & (m > 0), n * m / np.maximum(n + m, 1.0), 0.0)
    return difference, frames


def _leaning(found: np.ndarray, frames: np.ndarray, on: np.ndarray) -> np.ndarray:
    trust = (frames / (frames + HOLDS_ON))[:, None]
    return np.asarray(trust * found + (1.0 - trust) * on)


def _smooth(table: np.ndarray) -> np.ndarray:
    shapes = dct(table, norm="ortho", axis=1)
    shapes[:, SHAPES:] = 0.0
    return np.asarray(np.clip(idct(shapes, norm="ortho", axis=1), -MOST, MOST))


def _beyond(table: np.ndarray, known: Bool[np.ndarray, " bands"]) -> np.ndarray:
    """Let a table fade to nothing where nothing is known, so that a telephone does not darken a voice."""
    if known.all() or not known.any():
        return table * known.all()
    places = np.flatnonzero(known)
    nearest = places[np.abs(np.arange(BANDS)[:, None] - places).argmin(axis=1)]
    octaves = np.abs(np.log2(middles_hz() / middles_hz()[nearest]))
    fade = np.clip(1.0 - octaves, 0.0, 1.0)
    edge = np.clip(table[:, nearest], -EDGE_MOST, EDGE_MOST)
    return np.asarray(np.where(known, table, edge * fade))
