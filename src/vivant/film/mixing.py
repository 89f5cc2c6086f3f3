"""Mixes what is heard in a film: words, the music that makes room for them, and the quiet of the place.

Words lead. Music lies some way under them and goes down further while somebody speaks: it begins to before
the first word, stays down through pauses too short to come back in, and returns slowly. All of it is then
mastered as one sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.hearing import resampled
from vivant.media.loudness import SILENCE_LUFS, measure
from vivant.media.mastering import CEILING_DBTP, MASTER_RATE_HZ, TARGET_LUFS, master
from vivant.media.sound import Sound

DUCK_DB = 10.0
"""How much lower music is while somebody speaks."""
FALL_S = 0.7
"""How long music takes to go down; it is down when the first word begins."""
AHEAD_S = 0.1
"""It is down this long before the first word."""
HOLD_S = 0.4
"""And stays down this long after the last."""
RISE_S = 2.2
"""How long it takes to come back."""
STAYS_UP_S = 1.0
"""Between two lines music comes back only if it can stay this long; else it would be heard to pump."""
MUSIC_UNDER_LU = 7.0
"""How far music at level 0.5 lies under words while nobody speaks."""
LEVEL_LU = 16.0
"""How much louder level 1 is than level 0."""
AMBIENCE_UNDER_LU = 24.0
"""How far the quiet of a place lies under words."""
COMES_S, GOES_S = 1.5, 3.5
"""Music fades in and out over this long."""
LOUDEST_ALONE_LUFS = -20.0
"""Music without any word is mastered no louder than this: nobody shall jump."""
KNOT_S = 0.005


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voice:
    """One line, and where it stands in the film."""

    sound: Sound
    first: int
    """Sample of the film, at ``MASTER_RATE_HZ``, with which it begins."""
    speaker: str
    """All lines of one speaker are brought to one loudness together, so that what is said softly stays softer."""
    heard: tuple[tuple[int, int], ...]
    """Stretches of ``sound`` in which something is said: first sample, and one past the last."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mix:
    """What is heard, and how music was held back for it."""

    sound: Sound | None
    """Mastered, at ``MASTER_RATE_HZ``; nothing where nothing is heard."""
    ducking_db: Float32[np.ndarray, " knots"]
    """Gain of the music in dB, from ``-DUCK_DB`` to 0, each ``KNOT_S``; fades left out."""


def mix(
    voices: Sequence[Voice],
    *,
    samples: int,
    music: Sound | None = None,
    level: float = 0.5,
    ambience: Sound | None = None,
) -> Mix:
    """Put everything that is heard in a film together.

    Args:
        voices: The lines; of one after another each at its own place.
        samples: How long the film is, at ``MASTER_RATE_HZ``.
        music: As long as the film or longer, see ``score.music_for``.
        level: How loud music is, 0 to 1; 0.5 leaves words easy to follow.
        ambience: As long as the film or longer; stays quiet.

    Returns:
        One sound at -16 LUFS under -1 dBTP, of exactly ``samples``; without words at most at
        ``LOUDEST_ALONE_LUFS``, and never louder than it is where only the quiet of a place is heard.
    """
    seconds = samples / MASTER_RATE_HZ
    ducking = ducking_curve(_stretches(voices), seconds=seconds)
    words = _words(voices, samples)
    if words is None and music is None and ambience is None:
        return Mix(sound=None, ducking_db=ducking)
    whole = np.zeros(samples, np.float32) if words is None else words
    if music is not None:
        under = MUSIC_UNDER_LU + (0.5 - level) * LEVEL_LU
        _add(whole, music, lufs=TARGET_LUFS - under, gain_db=ducking, fades_s=(COMES_S, GOES_S))
    if ambience is not None:
        _add(whole, ambience, lufs=TARGET_LUFS - AMBIENCE_UNDER_LU, fades_s=(0.5, 1.0))
    if words is not None:
        target = TARGET_LUFS
    elif music is not None:
        target = min(TARGET_LUFS, LOUDEST_ALONE_LUFS)
    else:
        target = TARGET_LUFS - AMBIENCE_UNDER_LU
    mixed = Sound(samples=whole, sample_rate_hz=MASTER_RATE_HZ)
    return Mix(
        sound=master(mixed, lufs=target, true_peak_dbtp=CEILING_DBTP, samples=samples),
        ducking_db=ducking,
    )


def ducking_curve(
    heard_s: Sequence[tuple[float, float]], *, seconds: float
) -> Float32[np.ndarray, " knots"]:
    """Tell how far music is held back, each ``KNOT_S``.

    Args:
        heard_s: When words are heard, in any order.
        seconds: How long the film is.

    Returns:
        Gain in dB: 0, ``-DUCK_DB``, and smooth ways between, whose slope never jumps.
    """
    times = np.arange(int(seconds / KNOT_S) + 2) * KNOT_S
    depth = np.zeros(len(times))
    for first, last in _held(heard_s):
        down = _eased((times - (first - FALL_S)) / FALL_S)
        back = _eased((times - last) / RISE_S)
        depth = np.maximum(depth, down - back)
    return (-DUCK_DB * depth).astype(np.float32)


def _held(heard_s: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join stretches between which music could not come back and stay a while."""
    least_gap = RISE_S + STAYS_UP_S + FALL_S
    held: list[tuple[float, float]] = []
    for begins, ends in sorted(heard_s):
        first, last = begins - AHEAD_S, ends + HOLD_S
        if held and first - held[-1][1] < least_gap:
            held[-1] = (held[-1][0], max(held[-1][1], last))
        else:
            held.append((first, last))
    return held


def _eased(t: Float64[np.ndarray, " knots"]) -> Float64[np.ndarray, " knots"]:
    part = np.clip(t, 0.0, 1.0)
    return np.asarray(part * part * (3 - 2 * part))


def _stretches(voices: Sequence[Voice]) -> list[tuple[float, float]]:
    return [
        (
            voice.first / MASTER_RATE_HZ + first / voice.sound.sample_rate_hz,
            voice.first / MASTER_RATE_HZ + last / voice.sound.sample_rate_hz,
        )
        for voice in voices
        for first, last in voice.heard
    ]


def _words(voices: Sequence[Voice], samples: int) -> Float32[np.ndarray, " samples"] | None:
    """Lay out all lines, each speaker's brought to the loudness of words."""
    if not voices:
        return None
    whole = np.zeros(samples, np.float32)
    for speaker in dict.fromkeys(voice.speaker for voice in voices):
        lines = [
            (voice.first, resampled(voice.sound, sample_rate_hz=MASTER_RATE_HZ).samples)
            for voice in voices
            if voice.speaker == speaker
        ]
        together = Sound(
            samples=np.concatenate([line for _, line in lines]), sample_rate_hz=MASTER_RATE_HZ
        )
        gain = _gain_to(together, lufs=TARGET_LUFS)
        for first, line in lines:
            kept = line[: max(0, samples - first)]
            whole[first : first + len(kept)] += kept * gain
    return whole


def _add(
    whole: Float32[np.ndarray, " samples"],
    sound: Sound,
    *,
    lufs: float,
    gain_db: Float32[np.ndarray, " knots"] | None = None,
    fades_s: tuple[float, float],
) -> None:
    """Add a sound at a loudness, in place and in blocks."""
    given = resampled(sound, sample_rate_hz=MASTER_RATE_HZ).samples[: len(whole)]
    gain = _gain_to(Sound(samples=given, sample_rate_hz=MASTER_RATE_HZ), lufs=lufs)
    knots = None if gain_db is None else 10 ** (gain_db.astype(np.float64) / 20)
    seconds = len(given) / MASTER_RATE_HZ
    comes, goes = (min(fade, seconds / 3) or KNOT_S for fade in fades_s)
    block = 1 << 18
    for first in range(0, len(given), block):
        piece = given[first : first + block] * gain
        times = (first + np.arange(len(piece))) / MASTER_RATE_HZ
        fade = np.sqrt(_eased(times / comes) * _eased((seconds - times) / goes))
        if knots is not None:
            fade *= np.interp(times, np.arange(len(knots)) * KNOT_S, knots)
        whole[first : first + len(piece)] += (piece * fade).astype(np.float32)


def _gain_to(sound: Sound, *, lufs: float) -> np.float32:
    loudness = measure(sound).lufs
    return np.float32(0.0 if loudness <= SILENCE_LUFS else 10 ** ((lufs - loudness) / 20))
