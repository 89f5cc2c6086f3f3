"""Cleans recordings: clicks, clipped peaks, hum, noise and echo, measured before and after.

There are two strengths. All that is taken for noise goes where a voice is measured or matched. Words and
lips are found better, and people hear better, when noise is only pushed back: then nothing is made
quieter by more than ``GENTLE_DB``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32
from scipy.signal import butter, filtfilt, iirnotch, sosfiltfilt

from vivant.media.sound import Sound
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.voice.activity import HOP, RATE_HZ, held, speech_probabilities
from vivant.voice.denoising import denoised
from vivant.voice.landmarks import level_curve
from vivant.voice.mending import click_samples, clipped_samples, filled
from vivant.voice.soundness import Soundness, hum_lines, soundness

Strength = Literal["full", "gentle"]
GENTLE_DB = 9.0
"""Words are heard best, and speech sounds most natural, when noise is pushed back by no more."""
SPEECH_DB = -24.0
"""RMS of speech to which a sound is brought: headroom for its peaks, and what the network was taught."""
HIGHEST_PEAK = 0.97
RUMBLE_HZ = 40.0
NOTCH_HZ = 3.0
"""Width of the band taken out around each line of the mains that is heard."""
CLEAN_FROM_DB = 35.0
"""Speech this far above its noise needs no cleaning."""
CLEAN_UNTIL_CLICKS_A_SECOND = 0.5
MENDED_FROM_SHARE = 0.0002
MENDED_UNTIL_SHARE = 0.2
"""Above it, too little is left around the flat peaks to tell what was there."""
RIDE_S = 4.0
RIDE_DB = 10.0
"""How far quiet and loud passages are brought together, and how slowly."""
NATURAL_DB = 2.5
"""By so much a voice rises and falls of itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cleaned:
    """A recording after cleaning."""

    sound: Sound
    """As long and at the rate as given, in time with it."""
    before: Soundness
    after: Soundness
    speaks: Bool[np.ndarray, " frames"]
    """For each 32 ms whether somebody speaks."""
    notes: tuple[str, ...]
    """What was done, with numbers, for people."""


def clean(
    sound: Sound,
    *,
    strength: Strength = "full",
    places: Places | None = None,
    watch: Watch = unwatched,
) -> Cleaned:
    """Clean a recording of speech.

    Args:
        sound: Mono, at any sample rate.
        strength: ``"full"`` for measuring and matching a voice, ``"gentle"`` for words, lips and ears.
        places: Where models are kept.
        watch: Told as it goes.

    Returns:
        Speech at ``SPEECH_DB``, peaks not above ``HIGHEST_PEAK``. A sound without speech is only measured.

    Raises:
        MissingError: A model was not fetched.
    """
    speaks = held(speech_probabilities(sound, places=places))
    before = soundness(sound, speaks=speaks)
    if before.speech_s == 0.0 or not len(sound.samples):
        return Cleaned(sound=sound, before=before, after=before, speaks=speaks, notes=())
    rate = sound.sample_rate_hz
    samples = _without_rumble(sound.samples, rate)
    if before.clicks > CLEAN_UNTIL_CLICKS_A_SECOND * sound.seconds:
        samples = filled(samples, click_samples(samples, sample_rate_hz=rate), sample_rate_hz=rate)
    if MENDED_FROM_SHARE < before.clipped_share < MENDED_UNTIL_SHARE:
        flat = clipped_samples(sound.samples)
        samples = filled(samples, flat, sample_rate_hz=rate, at_least=True)
    if before.hum_hz:
        samples = _without_lines(samples, hum_lines(sound, speaks=speaks), rate)
    mended = _at_level(Sound(samples=samples, sample_rate_hz=rate), speaks)
    quieter = denoised(
        mended,
        at_most_db=None if strength == "full" else GENTLE_DB,
        places=places,
        watch=watch,
    )
    done = _at_level(quieter, speaks)
    after = soundness(done, speaks=speaks)
    return Cleaned(
        sound=done, before=before, after=after, speaks=speaks, notes=_notes(before, after, sound)
    )


def restore(
    sound: Sound, *, places: Places | None = None, watch: Watch = unwatched
) -> tuple[Sound, tuple[str, ...]]:
    """Make an archive recording fit to be heard: noise pushed back, quiet and loud passages brought together.

    Args:
        sound: Mono, at any sample rate.
        places: Where models are kept.
        watch: Told as it goes.

    Returns:
        As many samples at the same rate, in time with those given, and what was done. A recording that is
        clean already keeps its sound and is only levelled; one without speech is given back as it is.

    Raises:
        MissingError: A model was not fetched.
    """
    speaks = held(speech_probabilities(sound, places=places))
    if not speaks.any():
        return sound, ()
    before = soundness(sound, speaks=speaks)
    if _is_clean(before, sound):
        return _ridden(_at_level(sound, speaks), speaks), ()
    cleaned = clean(sound, strength="gentle", places=places, watch=watch)
    return _ridden(cleaned.sound, speaks), cleaned.notes


def _is_clean(found: Soundness, sound: Sound) -> bool:
    return (
        found.snr_db >= CLEAN_FROM_DB
        and not found.hum_hz
        and found.clicks <= CLEAN_UNTIL_CLICKS_A_SECOND * sound.seconds
        and found.clipped_share <= MENDED_FROM_SHARE
    )


def _without_rumble(samples: Float32[np.ndarray, " samples"], rate: int) -> np.ndarray:
    if len(samples) < 64:
        return samples
    sections = butter(2, RUMBLE_HZ, btype="highpass", fs=rate, output="sos")
    return np.asarray(sosfiltfilt(sections, samples), np.float32)


def _without_lines(samples: np.ndarray, lines_hz: tuple[float, ...], rate: int) -> np.ndarray:
    """Take out what is heard of the mains and no more: where it is not, a voice may have its own lines."""
    for line in lines_hz if len(samples) > rate // 10 else ():
        b, a = iirnotch(line, line / NOTCH_HZ, fs=rate)
        samples = np.asarray(filtfilt(b, a, samples), np.float32)
    return samples


def _at_level(sound: Sound, speaks: Bool[np.ndarray, " frames"]) -> Sound:
    """Bring the speech to ``SPEECH_DB``, or as near as its peaks allow."""
    levels = level_curve(
        sound.samples, sample_rate_hz=sound.sample_rate_hz, hop_s=HOP / RATE_HZ, window_s=0.04
    )
    count = min(len(levels), len(speaks))
    said = levels[:count][speaks[:count]]
    if not len(said):
        return sound
    speech_db = 10 * np.log10(np.mean(10.0 ** (said.astype(np.float64) / 10)))
    gain = 10.0 ** ((SPEECH_DB - float(speech_db)) / 20)
    gain = min(gain, HIGHEST_PEAK / max(float(np.abs(sound.samples).max()), 1e-6))
    return Sound(
        samples=(sound.samples * np.float32(gain)).astype(np.float32),
        sample_rate_hz=sound.sample_rate_hz,
    )


def _ridden(sound: Sound, speaks: Bool[np.ndarray, " frames"]) -> Sound:
    """Ride the gain: slowly, by what is said around, and by no more than ``RIDE_DB``."""
    levels = level_curve(
        sound.samples, sample_rate_hz=sound.sample_rate_hz, hop_s=HOP / RATE_HZ, window_s=0.04
    )
    count = min(len(levels), len(speaks))
    said = speaks[:count].astype(np.float64)
    power = 10.0 ** (levels[:count].astype(np.float64) / 10) * said
    width = 2 * round(RIDE_S * RATE_HZ / HOP / 2) + 1
    shape = np.hanning(width + 2)[1:-1]
    weight = np.convolve(np.pad(said, width // 2), shape, mode="valid")
    around = np.convolve(np.pad(power, width // 2), shape, mode="valid")
    whole = float(power.sum() / max(said.sum(), 1.0))
    known = weight > 0.05 * shape.sum()
    if not known.any():
        return sound
    local = 10 * np.log10(np.maximum(around[known] / weight[known], 1e-13))
    off = 10 * np.log10(max(whole, 1e-13)) - local
    wanted = np.clip(np.sign(off) * np.maximum(np.abs(off) - NATURAL_DB, 0.0), -RIDE_DB, RIDE_DB)
    places = np.flatnonzero(known) * (HOP / RATE_HZ) * sound.sample_rate_hz
    gains_db = np.interp(np.arange(len(sound.samples)), places, wanted)
    samples = sound.samples * (10.0 ** (gains_db / 20)).astype(np.float32)
    peak = float(np.abs(samples).max(initial=0.0))
    if peak > HIGHEST_PEAK:
        samples = samples * np.float32(HIGHEST_PEAK / peak)
    return Sound(samples=samples.astype(np.float32), sample_rate_hz=sound.sample_rate_hz)


def _notes(before: Soundness, after: Soundness, sound: Sound) -> tuple[str, ...]:
    notes = [
        f"Noise lay {before.snr_db:.0f} dB under the speech, now {after.snr_db:.0f} dB; "
        f"speech is heard up to {before.bandwidth_hz:,.0f} Hz."
    ]
    if before.hum_hz:
        notes.append(f"Hum of {before.hum_hz:.0f} Hz mains was taken out.")
    if before.clicks > CLEAN_UNTIL_CLICKS_A_SECOND * sound.seconds:
        notes.append(f"{before.clicks} clicks were mended, {after.clicks} are left.")
    if before.clipped_share > MENDED_FROM_SHARE:
        done = "mended" if before.clipped_share < MENDED_UNTIL_SHARE else "too many to mend"
        notes.append(f"{before.clipped_share:.1%} of the samples lie in clipped peaks: {done}.")
    if before.echo_s > 0.6:
        notes.append(f"The room rings for {before.echo_s:.1f} s; now {after.echo_s:.1f} s.")
    return tuple(notes)
