"""The embedded voice bent towards a person: pitch, length of the throat, and the colour of each sound.

Everything is learned by comparing two measurements made alike, one of the person and one of the
embedded voice itself: how high they speak and how widely their pitch moves, by which ratio their
resonances lie apart, and by how much each phone differs in each of its thirds. What was heard too
seldom leans on sounds of its kind, and those on all sounds (a maximum a posteriori estimate). No speaker
encoder takes part, so one can judge the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32

from vivant.errors import InputError
from vivant.voice.breath import TOGETHER, breath
from vivant.voice.engines.hibari_frames import Frames, frames_of, put_together
from vivant.voice.engines.hibari_table import UNVOICED, VOWELS, Sorted, lacking, rows_of
from vivant.voice.person import Reference
from vivant.voice.pitch import pitch
from vivant.voice.spectra import BANDS, HOP, RATE_HZ, centres_hz, mel
from vivant.voice.speech import Phone

LEAST_VOICED_S = 2.0
MOST_S = 120.0
"""Of a longer recording the first part is used: more does not make the voice more like."""
LOUD_DB = (25.0, 45.0)
"""How far below the loudest frames others still count: in a noisy recording, and at most."""
ABOVE_NOISE_DB = 6.0
WARPS = np.exp(np.linspace(-0.34, 0.26, 41))
"""Ratios of resonances that are tried."""
WARP_BAND_HZ = (200.0, 5000.0)
LEVELS = np.linspace(0.02, 0.98, 13)
"""Quantiles of pitch that are kept."""
MEDIAN, LOWER, UPPER = 6, 2, 10
WIDEST_MOVES = (0.4, 2.0)
"""The person's pitch moves by at least and at most so much of the embedded voice's movement."""
TELEPHONE_BELOW_HZ = 5_000.0
LOW_EDGE_HZ = 320.0
"""A telephone takes away what lies below, and more than a trace of what lies near its upper edge."""
KEPT, TELEPHONE_KEEPS = 0.92, 0.8
"""The share of a recording's bandwidth that is not weakened."""
EDGE_BANDS, FADING_BANDS = 5, 5.0
DEEPEST_HZ = 150.0
"""Voices are weak below; where a recording cannot tell, so weak as twelve decibels an octave make them."""
ROUNDS = 4
"""So often the voice is made, measured like the person, and corrected by what is still lacking."""
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
    frames = frames_of(samples, tone, breath=breath(samples, tone))
    return Spoken(frames=frames, phones=reference.phones)


def learned(
    person: Spoken,
    own: Sequence[Spoken],
    *,
    bandwidth_hz: float,
    snr_db: float,
) -> dict[str, np.ndarray]:
    """Find how a person differs from the embedded voice.

    Args:
        person: The person's speech.
        own: Sentences of the embedded voice.
        bandwidth_hz: Above it nothing is known of the person.
        snr_db: Speech over noise, before cleaning.

    Returns:
        Arrays for ``likened``, some 20 kB.

    Source:
        Ratio of resonances: E. Eide and H. Gish, "A parametric approach to vocal tract length normalization",
        1996. Estimates that lean on their kind: J.-L. Gauvain and C.-H. Lee, "Maximum a posteriori
        estimation for multivariate Gaussian mixture observations of Markov chains", 1994.
    """
    known = _known_bands(bandwidth_hz)
    depth_db = float(np.clip(snr_db + ABOVE_NOISE_DB, *LOUD_DB))
    theirs, ours = _envelopes([person], known, depth_db), _envelopes(own, known, depth_db)
    their_breath = _breaths([person])
    ratio = _resonance_ratio(theirs, ours, known)
    tones = [person.frames.pitch_hz, np.concatenate([one.frames.pitch_hz for one in own])]
    bent = replace(ours, values=warped(ours.values, ratio))
    arrays: dict[str, np.ndarray] = {
        "pitch": np.stack([_quantiles(tone) for tone in tones]),
        "ratio": np.array([ratio], np.float32),
        "spectra": _beyond(lacking(theirs, bent), known) + _depths(known),
        "breath": lacking(their_breath, _breaths(own)),
    }
    for _ in range(ROUNDS):
        again = [_heard_again(one, arrays, np.random.default_rng(0)) for one in own]
        arrays["spectra"] = arrays["spectra"] + _beyond(
            lacking(theirs, _envelopes(again, known, depth_db)), known
        )
        arrays["breath"] = arrays["breath"] + lacking(their_breath, _breaths(again))
    arrays["spectra"][UNVOICED] = np.minimum(arrays["spectra"][UNVOICED], 0.0)  # pauses stay quiet
    for name in ("spectra", "breath"):
        arrays[name] = arrays[name].astype(np.float16)
    return arrays


def _heard_again(
    spoken: Spoken, arrays: Mapping[str, np.ndarray], noise: np.random.Generator
) -> Spoken:
    """Say it like the person and measure it as the person was measured."""
    bent = likened(spoken.frames, phones=spoken.phones, arrays=arrays)
    samples = put_together(bent, noise=noise)
    measured = breath(samples, bent.pitch_hz)
    return Spoken(frames=frames_of(samples, bent.pitch_hz, breath=measured), phones=spoken.phones)


def likened(frames: Frames, *, phones: Sequence[Phone], arrays: Mapping[str, np.ndarray]) -> Frames:
    """Bend speech of the embedded voice towards the person that ``learned`` describes."""
    rows = rows_of(frames.pitch_hz, phones)
    spectra, share = (_smoothed(arrays[name][rows]) for name in ("spectra", "breath"))
    share = np.log(frames.breath) + np.repeat(share, TOGETHER, axis=1)
    return Frames(
        pitch_hz=_pitch_like(frames.pitch_hz, np.asarray(arrays["pitch"], np.float64)),
        envelope=warped(frames.envelope, float(arrays["ratio"][0])) + spectra,
        breath=np.exp(np.minimum(share, 0.0)),
    )


def _smoothed(values: np.ndarray) -> Float32[np.ndarray, "frames values"]:
    """Let values glide from row to row: a step in the spectrum would click."""
    padded = np.pad(values.astype(np.float32), ((len(SMOOTHING) // 2,) * 2, (0, 0)), mode="edge")
    done = np.zeros(values.shape, np.float32)
    for i, weight in enumerate(SMOOTHING):
        done += weight * padded[i : i + len(done)]
    return done


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


def _known_bands(bandwidth_hz: float) -> Bool[np.ndarray, " bands"]:
    centres = centres_hz()
    if bandwidth_hz < TELEPHONE_BELOW_HZ:
        return np.asarray((centres > LOW_EDGE_HZ) & (centres < TELEPHONE_KEEPS * bandwidth_hz))
    return np.asarray(centres < KEPT * bandwidth_hz)


def _envelopes(
    spoken: Sequence[Spoken], known: Bool[np.ndarray, " bands"], depth_db: float
) -> Sorted:
    """Gather the loud frames at a common level."""
    parts = []
    for one in spoken:
        frames = one.frames
        level = frames.envelope[:, known].mean(axis=1)
        parts.append(
            (frames.envelope, level, frames.pitch_hz, rows_of(frames.pitch_hz, one.phones))
        )
    envelope, level, tone, rows = (np.concatenate(each) for each in zip(*parts, strict=True))
    loud = level > np.percentile(level, 97) - depth_db * NEPERS_PER_DB
    middle = np.float32(level[(tone > 0) & loud].mean())
    return Sorted(values=envelope[loud] - middle, rows=rows[loud])


def _breaths(spoken: Sequence[Spoken]) -> Sorted:
    """Gather the logarithm of the breath of voiced frames."""
    values, rows = [], []
    for one in spoken:
        voiced = one.frames.pitch_hz > 0
        values.append(np.log(one.frames.breath[voiced, ::TOGETHER]))
        rows.append(rows_of(one.frames.pitch_hz, one.phones)[voiced])
    return Sorted(values=np.concatenate(values), rows=np.concatenate(rows))


def _resonance_ratio(theirs: Sorted, ours: Sorted, known: Bool[np.ndarray, " bands"]) -> float:
    """Find the ratio that lets vowels differ least, the mean difference of all aside."""
    centres = centres_hz()
    band = known & (centres > WARP_BAND_HZ[0]) & (centres < WARP_BAND_HZ[1])
    counts, means = theirs.means()
    best, least = 1.0, np.inf
    for ratio in WARPS:
        own_counts, own_means = replace(ours, values=warped(ours.values, ratio)).means()
        weight = np.minimum(counts, own_counts) * VOWELS
        weight = weight / max(weight.sum(), 1.0)
        apart = (means - own_means)[:, band]
        apart = apart - weight @ apart
        apart = apart - apart.mean(axis=1, keepdims=True)
        error = float(weight @ (apart**2).sum(axis=1))
        if error < least:
            best, least = float(ratio), error
    return best


def _beyond(
    offsets: Float32[np.ndarray, "rows bands"], known: Bool[np.ndarray, " bands"]
) -> Float32[np.ndarray, "rows bands"]:
    """Go on from the last known bands, fading towards the mean, where nothing is known of the person."""
    places = np.flatnonzero(known)
    first, last = int(places[0]), int(places[-1])
    done = offsets.copy()
    middle = offsets[:, known].mean(axis=1, keepdims=True)
    sides = (
        (np.arange(first)[::-1], slice(first, first + EDGE_BANDS)),
        (np.arange(last + 1, BANDS), slice(last + 1 - EDGE_BANDS, last + 1)),
    )
    for beyond, edge in sides:
        step = offsets[:, edge].mean(axis=1, keepdims=True) - middle
        done[:, beyond] = middle + step * np.exp(-np.arange(1, len(beyond) + 1) / FADING_BANDS)
    return done


def _depths(known: Bool[np.ndarray, " bands"]) -> Float32[np.ndarray, " bands"]:
    """Weaken the lowest tones where they are not known."""
    octaves = np.minimum(np.log2(centres_hz() / DEEPEST_HZ), 0.0)
    return np.where(known, 0.0, 12.0 * NEPERS_PER_DB * octaves).astype(np.float32)


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
