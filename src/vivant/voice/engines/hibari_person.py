"""The embedded voice bent towards a person: pitch, length of the throat, and the colour of each sound.

Everything is learned by comparing two measurements made alike, one of the person and one of the
embedded voice itself: how high they speak and how widely their pitch moves, by which ratio their
resonances lie apart, and by how much each phone differs in each of its thirds. What was heard too
seldom leans on sounds of its kind, and those on all sounds (a maximum a posteriori estimate). No speaker
encoder takes part, so one can judge the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float32, Int64

from vivant.errors import InputError
from vivant.voice.engines.hibari_frames import Frames
from vivant.voice.person import Reference
from vivant.voice.phones import is_vowel
from vivant.voice.pitch import pitch
from vivant.voice.spectra import BANDS, HOP, RATE_HZ, centres_hz, envelopes, mel
from vivant.voice.speech import Phone

LEAST_VOICED_S = 5.0
MOST_S = 120.0
"""Of a longer recording the first part is used: more does not make the voice more like."""
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "close": ("i", "ɪ", "j", "eɪ", "e", "ɨ", "y"),
    "back": ("u", "ʊ", "w", "oʊ", "ɔ", "ɔɪ", "əʊ", "o"),
    "open": ("æ", "ɛ", "ɑ", "ʌ", "aɪ", "aʊ", "a", "ɒ", "ɐ"),
    "middle": ("ə", "ɜ", "ɚ", "ɹ", "l"),
    "nasal": ("m", "n", "ŋ"),
    "buzz": ("v", "ð", "z", "ʒ", "dʒ"),
    "hiss": ("f", "θ", "s", "ʃ", "tʃ", "h"),
    "burst": ("p", "t", "k"),
    "voiced burst": ("b", "d", "ɡ", "ɾ"),
})  # fmt: skip
"""Phones by how they are made."""
SYMBOLS = tuple(symbol for symbols in KINDS.values() for symbol in symbols)
KIND_OF = tuple(kind for kind, symbols in enumerate(KINDS.values()) for _ in symbols)
PARTS = 3
"""Beginning, middle and end of a phone are told apart."""
VOICED, UNVOICED = len(SYMBOLS) * PARTS, len(SYMBOLS) * PARTS + 1
"""Rows of the table for frames of no known phone."""
PRIOR_FRAMES = 12.0
"""A phone heard for this many frames counts as much as its kind."""
PRIOR_KIND_FRAMES = 20.0
LOUD_DB = 45.0
"""Frames this far below the loudest are silence."""
WARPS = np.exp(np.linspace(-0.34, 0.26, 41))
"""Ratios of resonances that are tried."""
WARP_BAND_HZ = (200.0, 5000.0)
LEVELS = np.linspace(0.02, 0.98, 13)
"""Quantiles of pitch that are kept."""
MEDIAN, LOWER, UPPER = 6, 2, 10
WIDEST_MOVES = (0.4, 2.0)
"""The person's pitch moves by at least and at most so much of the embedded voice's movement."""
BREATH_FROM_HZ, BREATH_FULL_HZ = 1_500.0, 9_500.0
TELEPHONE_BELOW_HZ = 5_000.0
LOW_EDGE_HZ = 320.0
"""A telephone takes away what lies below."""
SMOOTHING = np.array([1.0, 2.0, 3.0, 2.0, 1.0], np.float32) / 9.0
NEPERS_PER_DB = np.log(10.0) / 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """Speech as frames with the phone of each."""

    frames: Frames
    phones: tuple[Phone, ...]


def heard(reference: Reference, /) -> Spoken:
    """Measure a person.

    Raises:
        InputError: Too little of the recording is voiced.
    """
    samples = reference.sound.samples[: round(MOST_S * RATE_HZ)]
    sound = type(reference.sound)(samples=samples.copy(), sample_rate_hz=RATE_HZ)
    tone = pitch(sound, hop_s=HOP / RATE_HZ)
    voiced_s = float((tone > 0).sum()) * HOP / RATE_HZ
    if voiced_s < LEAST_VOICED_S:
        message = (
            f"The recording holds {voiced_s:.1f} s of voiced speech, and the embedded voice needs "
            f"{LEAST_VOICED_S:.0f} s to be matched. Give a longer recording, or one with less noise."
        )
        raise InputError(message)
    return Spoken(
        frames=Frames(pitch_hz=tone, envelope=envelopes(samples, tone)), phones=reference.phones
    )


def learned(person: Spoken, own: Sequence[Spoken], *, bandwidth_hz: float) -> dict[str, np.ndarray]:
    """Find how a person differs from the embedded voice.

    Args:
        person: The person's speech.
        own: Sentences of the embedded voice.
        bandwidth_hz: Above it nothing is known of the person.

    Returns:
        Arrays for ``likened``, some 20 kB.

    Source:
        Ratio of resonances: E. Eide and H. Gish, "A parametric approach to vocal tract length normalization",
        1996. Estimates that lean on their kind: J.-L. Gauvain and C.-H. Lee, "Maximum a posteriori
        estimation for multivariate Gaussian mixture observations of Markov chains", 1994.
    """
    known = _known_bands(bandwidth_hz)
    theirs, ours = _Counted.of([person], known), _Counted.of(own, known)
    ratio = _resonance_ratio(theirs, ours, known)
    offsets = _offsets(theirs, ours.warped(ratio))
    return {
        "pitch": np.stack([_quantiles(theirs.pitch_hz), _quantiles(ours.pitch_hz)]),
        "ratio": np.array([ratio], np.float32),
        "offsets": _beyond(offsets, known).astype(np.float16),
    }


def likened(frames: Frames, *, phones: Sequence[Phone], arrays: Mapping[str, np.ndarray]) -> Frames:
    """Bend speech of the embedded voice towards the person that ``learned`` describes."""
    rows = _rows(frames.pitch_hz, phones)
    offsets = np.asarray(arrays["offsets"], np.float32)[rows]
    padded = np.pad(offsets, ((len(SMOOTHING) // 2,) * 2, (0, 0)), mode="edge")
    offsets = sum(weight * padded[i : i + len(offsets)] for i, weight in enumerate(SMOOTHING))
    envelope = warped(frames.envelope, float(arrays["ratio"][0])) + offsets
    return Frames(
        pitch_hz=_pitch_like(frames.pitch_hz, np.asarray(arrays["pitch"], np.float64)),
        envelope=np.asarray(envelope, np.float32),
    )


def breath_of(frames: Frames) -> Float32[np.ndarray, "frames bands"]:
    """Tell the share of noise in each band of a voiced frame."""
    ramp = (centres_hz() - BREATH_FROM_HZ) / (BREATH_FULL_HZ - BREATH_FROM_HZ)
    return np.broadcast_to(np.clip(ramp, 0.02, 1.0).astype(np.float32), frames.envelope.shape)


def warped(
    envelope: Float32[np.ndarray, "frames bands"], ratio: float
) -> Float32[np.ndarray, "frames bands"]:
    """Move resonances to ``ratio`` times their frequency."""
    centres = centres_hz()
    places = np.interp(mel(centres / ratio), mel(centres), np.arange(BANDS, dtype=np.float64))
    lower = np.minimum(places.astype(np.int64), BANDS - 2)
    share = (places - lower).astype(np.float32)
    return np.asarray(
        envelope[..., lower] * (1 - share) + envelope[..., lower + 1] * share, np.float32
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Counted:
    """Loud frames of speech at a common level, with the row of the table that each belongs to."""

    envelope: Float32[np.ndarray, "frames bands"]
    pitch_hz: Float32[np.ndarray, " frames"]
    rows: Int64[np.ndarray, " frames"]

    @classmethod
    def of(cls, spoken: Sequence[Spoken], known: Bool[np.ndarray, " bands"]) -> _Counted:
        envelope = np.concatenate([one.frames.envelope for one in spoken])
        tone = np.concatenate([one.frames.pitch_hz for one in spoken])
        rows = np.concatenate([_rows(one.frames.pitch_hz, one.phones) for one in spoken])
        level = envelope[:, known].mean(axis=1)
        loud = level > np.percentile(level, 97) - LOUD_DB * NEPERS_PER_DB
        middle = float(level[(tone > 0) & loud].mean())
        return cls(envelope=envelope[loud] - middle, pitch_hz=tone[loud], rows=rows[loud])

    def warped(self, ratio: float) -> _Counted:
        return _Counted(
            envelope=warped(self.envelope, ratio), pitch_hz=self.pitch_hz, rows=self.rows
        )

    def means(
        self, groups: Int64[np.ndarray, " frames"], count: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Count the frames of each group, and average them."""
        numbers = np.bincount(groups, minlength=count).astype(np.float64)
        totals = np.zeros((count, BANDS))
        np.add.at(totals, groups, self.envelope)
        return numbers, totals / np.maximum(numbers, 1.0)[:, None]


def _rows(
    pitch_hz: Float32[np.ndarray, " frames"], phones: Sequence[Phone]
) -> Int64[np.ndarray, " frames"]:
    """Tell for each frame its row: phone and part of it, or only whether it is voiced."""
    rows = np.where(pitch_hz > 0, VOICED, UNVOICED)
    place_of = {symbol: i for i, symbol in enumerate(SYMBOLS)}
    for phone in phones:
        place = place_of.get(phone.symbol)
        first, last = -(-phone.first // HOP), min(-(-phone.last // HOP), len(rows))
        if place is None or last <= first:
            continue
        part = (np.arange(first, last) * HOP - phone.first) * PARTS // (phone.last - phone.first)
        rows[first:last] = place * PARTS + np.minimum(part, PARTS - 1)
    return rows


def _known_bands(bandwidth_hz: float) -> Bool[np.ndarray, " bands"]:
    centres = centres_hz()
    low = LOW_EDGE_HZ if bandwidth_hz < TELEPHONE_BELOW_HZ else 0.0
    return np.asarray((centres < 0.92 * bandwidth_hz) & (centres > low))


def _resonance_ratio(theirs: _Counted, ours: _Counted, known: Bool[np.ndarray, " bands"]) -> float:
    """Find the ratio that lets vowels differ least, the mean difference of all aside."""
    centres = centres_hz()
    band = known & (centres > WARP_BAND_HZ[0]) & (centres < WARP_BAND_HZ[1])
    vowels = np.repeat([is_vowel(symbol) for symbol in SYMBOLS], PARTS)
    counts, means = theirs.means(theirs.rows, UNVOICED + 1)
    best, least = 1.0, np.inf
    for ratio in WARPS:
        own_counts, own_means = ours.warped(ratio).means(ours.rows, UNVOICED + 1)
        weight = np.minimum(counts, own_counts)[: len(vowels)] * vowels
        weight = weight / max(weight.sum(), 1.0)
        apart = (means - own_means)[: len(vowels)][:, band]
        apart = apart - weight @ apart
        apart = apart - apart.mean(axis=1, keepdims=True)
        error = float(weight @ (apart**2).sum(axis=1))
        if error < least:
            best, least = float(ratio), error
    return best


def _offsets(theirs: _Counted, ours: _Counted) -> Float32[np.ndarray, "rows bands"]:
    """Measure what each row lacks, leaning on its phone, its kind, and whether it is voiced."""
    rows = np.arange(UNVOICED + 1)
    phone = np.where(rows < VOICED, rows // PARTS, rows - VOICED + len(SYMBOLS))
    kind = np.concatenate([KIND_OF, [len(KINDS), len(KINDS) + 1]])
    silent = [name in {"hiss", "burst"} for name in KINDS]
    voice = np.array([*(int(s) for s in silent), 0, 1])
    overall = _lacking(theirs, ours, voice[kind[phone]])[1]
    count, kinds = _lacking(theirs, ours, kind[phone])
    kinds = _leaning(count, kinds, overall[voice], PRIOR_KIND_FRAMES)
    count, phones = _lacking(theirs, ours, phone)
    phones = _leaning(count, phones, kinds[kind], PRIOR_FRAMES)
    count, parts = _lacking(theirs, ours, rows)
    table = _leaning(count, parts, phones[phone], PRIOR_FRAMES)
    table[VOICED:] = overall
    return table.astype(np.float32)


def _lacking(
    theirs: _Counted, ours: _Counted, group_of: Int64[np.ndarray, " rows"]
) -> tuple[np.ndarray, np.ndarray]:
    """Count the frames that both have of each group of rows, and take the difference of their means."""
    groups = int(group_of.max()) + 1
    counts, means = theirs.means(group_of[theirs.rows], groups)
    own_counts, own_means = ours.means(group_of[ours.rows], groups)
    both = np.minimum(counts, own_counts)
    return both, np.where(both[:, None] > 0, means - own_means, 0.0)


def _leaning(counts: np.ndarray, found: np.ndarray, prior: np.ndarray, frames: float) -> np.ndarray:
    share = (counts / (counts + frames))[:, None]
    return np.asarray(share * found + (1 - share) * prior)


def _beyond(
    offsets: Float32[np.ndarray, "rows bands"], known: Bool[np.ndarray, " bands"]
) -> Float32[np.ndarray, "rows bands"]:
    """Go on from the last known bands, fading towards the mean, where nothing is known of the person."""
    places = np.flatnonzero(known)
    first, last = int(places[0]), int(places[-1])
    done = offsets.copy()
    middle = offsets[:, known].mean(axis=1, keepdims=True)
    for edge, beyond in ((first, np.arange(first)[::-1]), (last, np.arange(last + 1, BANDS))):
        inner = offsets[:, edge : edge + 3] if edge == first else offsets[:, edge - 2 : edge + 1]
        step = inner.mean(axis=1, keepdims=True) - middle
        done[:, beyond] = middle + step * np.exp(-np.arange(1, len(beyond) + 1) / 8.0)
    return done


def _quantiles(pitch_hz: Float32[np.ndarray, " frames"]) -> Float32[np.ndarray, " levels"]:
    return np.asarray(np.quantile(np.log(pitch_hz[pitch_hz > 0]), LEVELS), np.float32)


def _pitch_like(
    pitch_hz: Float32[np.ndarray, " frames"], levels: np.ndarray
) -> Float32[np.ndarray, " frames"]:
    """Speak as high as the person, and move as widely."""
    theirs, ours = levels
    moves = np.clip((theirs[UPPER] - theirs[LOWER]) / (ours[UPPER] - ours[LOWER]), *WIDEST_MOVES)
    log = theirs[MEDIAN] + moves * (np.log(np.maximum(pitch_hz, 1.0)) - ours[MEDIAN])
    log = np.clip(log, theirs[0] - 0.15, theirs[-1] + 0.25)
    return np.asarray(np.where(pitch_hz > 0, np.exp(log), 0.0), np.float32)
