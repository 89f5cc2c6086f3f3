"""Finds the stretches of recordings in which one person speaks alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int64

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.voice import speaker
from vivant.voice.activity import HOP, RATE_HZ
from vivant.voice.ear import BLANK, phone_probabilities
from vivant.voice.intruders import second_voice_share, steadiness
from vivant.voice.mending import runs
from vivant.voice.people import people_in, whose

FRAME_S = HOP / RATE_HZ
WINDOW_S = speaker.FRAMES * speaker.HOP / speaker.RATE_HZ
STEP_S = speaker.STEP * speaker.HOP / speaker.RATE_HZ
BLOCK_S = 60.0
HEARD_SHARE = 0.5
"""Share of a window in which somebody must speak for it to tell who."""
HELD_NOTES = 0.5
MUSIC_SHARE = 0.35
"""A stretch with more frames than this in which notes are held is music."""
SHORTEST_S, LONGEST_S = 0.6, 6.0
RIVAL = 0.5
RIVAL_S = 4.0
"""When a second person speaks this long, and this share of what the first does, the user must say who is meant."""
UNCLEAR, UNSURE = 0.6, 0.21
COHERENT = 0.75
SECOND_PITCH = 0.066
NOBODYS_SHARE = 0.3
"""Marks of people who talk over each other: see ``_check_alone``."""
CHECKED = 12
"""Stretches that are looked at for it."""
LEAST_SPEECH_S = 1.5


class NoSpeakerError(InputError):
    """No stretch was found in which one person speaks alone."""

    code = "voice.no-speaker"


class WhichSpeakerError(InputError):
    """Several people speak, and it is not clear who is meant."""

    code = "voice.which-speaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a recording in which the person speaks alone."""

    recording: int
    """Which of the recordings, from 0."""
    first: int
    """First sample."""
    last: int
    """One past the last sample."""
    sureness: float
    """Cosine with the middle of all that the person says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStretches:
    """What the person says, and how much others do."""

    stretches: tuple[Stretch, ...]
    """In order."""
    seconds: tuple[float, ...]
    """How long each person speaks, the longest first."""
    chosen: int
    """Which of them was taken, from 1."""
    music_s: float
    """Seconds left out because of music."""
    mixed_s: float
    """Seconds left out because it was not clear who speaks."""


@dataclass(slots=True)
class _Heard:
    """One recording as it is gone through."""

    sound: Sound
    speaks: np.ndarray
    vectors: np.ndarray
    middles_s: np.ndarray
    music_s: float = 0.0


def find_own(
    sounds: Sequence[Sound],
    speaks: Sequence[np.ndarray],
    *,
    speaker_number: int | None = None,
    places: Places | None = None,
) -> OwnStretches:
    """Find where one person speaks alone.

    Args:
        sounds: Cleaned recordings, mono, at any sample rates.
        speaks: For each of them a row of booleans: for each 32 ms, whether somebody speaks.
        speaker_number: Which of the people, from 1 for the one who speaks longest; needed where two speak
            about as long.
        places: Where models are kept.

    Returns:
        Stretches of ``SHORTEST_S`` to ``LONGEST_S``.

    Raises:
        InputError: Nobody speaks, there is only music, several people speak and it is not said who is
            meant, people talk over each other, or there are fewer people than asked for.
        MissingError: A model was not fetched.
    """
    heard = [_listen(sound, flags, places) for sound, flags in zip(sounds, speaks, strict=True)]
    music_s = sum(one.music_s for one in heard)
    speech_s = sum(float(one.speaks.sum()) * FRAME_S for one in heard)
    vectors = np.concatenate([one.vectors for one in heard])
    if speech_s < LEAST_SPEECH_S or not len(vectors):
        raise _nothing(heard, speech_s, music_s)
    of_recording = np.repeat(np.arange(len(heard)), [len(one.vectors) for one in heard])
    people = people_in(vectors, of_recording)
    labels = whose(vectors, people)
    found = [
        _stretches_of(i, one, labels[of_recording == i], people) for i, one in enumerate(heard)
    ]
    seconds = np.zeros(len(people))
    for parts in found:
        for who, part in parts:
            seconds[who] += (part.last - part.first) / heard[part.recording].sound.sample_rate_hz
    order = [int(i) for i in np.argsort(-seconds, kind="stable") if seconds[i] > 0]
    if not order:
        raise _nothing(heard, speech_s, music_s)
    told = tuple(round(float(s), 1) for s in seconds[order])
    chosen = _choose(told, speaker_number, found, order, heard)
    own = tuple(part for parts in found for who, part in parts if who == order[chosen - 1])
    nobodys = 1.0 - float(seconds.sum()) / speech_s
    _check_alone(own, heard, vectors[labels == order[chosen - 1]], nobodys, places)
    return OwnStretches(
        stretches=own,
        seconds=told,
        chosen=chosen,
        music_s=music_s,
        mixed_s=max(0.0, speech_s - float(seconds.sum())),
    )


def _listen(sound: Sound, speaks: Bool[np.ndarray, " frames"], places: Places | None) -> _Heard:
    """Leave music out, and describe who speaks in each window."""
    speaks = speaks.copy()
    notes = steadiness(sound) > HELD_NOTES
    music_s = 0.0
    for first, last in runs(speaks):
        held = notes[first:last]  # both go in steps of 32 ms
        if len(held) and held.mean() > MUSIC_SHARE:
            speaks[first:last] = False
            music_s += (last - first) * FRAME_S
    samples = resampled(sound, sample_rate_hz=speaker.RATE_HZ).samples
    vectors: list[np.ndarray] = []
    middles: list[np.ndarray] = []
    block = round(BLOCK_S / STEP_S) * speaker.STEP * speaker.HOP
    for first in range(0, len(samples), block):
        part = samples[first : first + block + speaker.FRAMES * speaker.HOP]
        if not speaks[round(first / HOP) : round((first + len(part)) / HOP)].any():
            continue
        found = speaker.encode(part, places=places)
        at_s = first / speaker.RATE_HZ + STEP_S * np.arange(len(found))
        keep = at_s < (first + block) / speaker.RATE_HZ
        vectors.append(found[keep])
        middles.append(at_s[keep] + WINDOW_S / 2)
    if not vectors:
        return _Heard(sound, speaks, np.zeros((0, 256), np.float32), np.zeros(0), music_s)
    share = np.convolve(speaks, np.ones(round(WINDOW_S / FRAME_S)) * FRAME_S / WINDOW_S, "same")
    at = np.concatenate(middles)
    said = share[np.clip((at / FRAME_S).astype(int), 0, len(share) - 1)] >= HEARD_SHARE
    return _Heard(sound, speaks, np.concatenate(vectors)[said], at[said], music_s)


def _stretches_of(
    recording: int, one: _Heard, labels: Int64[np.ndarray, " windows"], people: np.ndarray
) -> list[tuple[int, Stretch]]:
    """Cut what is said where the speaker changes and where it is quietest."""
    if not len(labels):
        return []
    frames_s = (np.arange(len(one.speaks)) + 0.5) * FRAME_S
    nearest = np.clip(np.searchsorted(one.middles_s, frames_s), 1, max(len(labels) - 1, 1))
    nearest = np.minimum(nearest, len(labels) - 1)
    before = np.maximum(nearest - 1, 0)
    closer = np.abs(one.middles_s[before] - frames_s) < np.abs(one.middles_s[nearest] - frames_s)
    nearest = np.where(closer, before, nearest)
    speaker_of = np.where(one.speaks, labels[nearest], -2)
    speaker_of[np.abs(one.middles_s[nearest] - frames_s) > WINDOW_S] = -2
    parts: list[tuple[int, Stretch]] = []
    rate = one.sound.sample_rate_hz
    for who in range(len(people)):
        for first, last in runs(speaker_of == who):
            a = first + (round(0.3 / FRAME_S) if first and speaker_of[first - 1] != -2 else 0)
            b = last - (
                round(0.3 / FRAME_S) if last < len(speaker_of) and speaker_of[last] != -2 else 0
            )
            for begin, end in _cut(one.sound, a, b):
                sure = one.vectors[nearest[begin:end]] @ people[who]
                part = Stretch(
                    recording=recording,
                    first=round(begin * FRAME_S * rate),
                    last=min(round(end * FRAME_S * rate), len(one.sound.samples)),
                    sureness=float(sure.mean()),
                )
                parts.append((who, part))
    return sorted(parts, key=lambda part: part[1].first)


def _cut(sound: Sound, first: int, last: int) -> list[tuple[int, int]]:
    """Cut what is too long where it is quietest; drop what is too short."""
    shortest, longest = round(SHORTEST_S / FRAME_S), round(LONGEST_S / FRAME_S)
    if last - first < shortest:
        return []
    if last - first <= longest:
        return [(first, last)]
    low, high = first + longest // 3, min(first + longest, last - shortest)
    hop = round(FRAME_S * sound.sample_rate_hz)
    levels = [
        float(np.square(sound.samples[i * hop : (i + 1) * hop], dtype=np.float64).mean())
        for i in range(low, high)
        if (i + 1) * hop <= len(sound.samples)
    ]
    at = low + int(np.argmin(levels)) if levels else (first + last) // 2
    return [(first, at), *_cut(sound, at, last)]


def _choose(
    told: tuple[float, ...],
    wanted: int | None,
    found: list[list[tuple[int, Stretch]]],
    order: list[int],
    heard: list[_Heard],
) -> int:
    listed = "; ".join(
        f"speaker {i + 1}: {told[i]:.0f} s, first heard at {_first_of(order[i], found, heard)}"
        for i in range(min(len(told), 6))
    )
    if wanted is not None and not 1 <= wanted <= len(told):
        message = f"There is no speaker {wanted}; {len(told)} were found ({listed})."
        raise WhichSpeakerError(message)
    if wanted is None and len(told) > 1 and told[1] >= max(RIVAL_S, RIVAL * told[0]):
        message = (
            f"Several people speak, and it is not clear who is meant ({listed}). "
            "Say it with --speaker and the number, or cut the recording."
        )
        raise WhichSpeakerError(message)
    return wanted or 1


def _first_of(who: int, found: list[list[tuple[int, Stretch]]], heard: list[_Heard]) -> str:
    for i, parts in enumerate(found):
        for one, part in parts:
            if one == who:
                at = part.first // heard[i].sound.sample_rate_hz
                where = f" of recording {i + 1}" if len(heard) > 1 else ""
                return f"{at // 60}:{at % 60:02d}{where}"
    return "?"


def _check_alone(
    own: tuple[Stretch, ...],
    heard: list[_Heard],
    vectors: np.ndarray,
    nobodys: float,
    places: Places | None,
) -> None:
    """Refuse people who talk over each other all the time.

    Their speech sounds are unclear; so are those of a language that the ear does not know. So another mark
    must come with it: the voice is not like itself from one moment to the next, or a second pitch is left
    when its own is taken away, or much of the speech is like nobody's.
    """
    if not own:
        return
    sound = together(own, [one.sound for one in heard], at_most=CHECKED)
    probabilities = phone_probabilities(sound, places=places)
    sure = np.exp(probabilities.max(axis=1))[np.argmax(probabilities, axis=1) != BLANK]
    unclear = float((sure < UNCLEAR).mean()) if len(sure) else 1.0
    apart = (vectors @ vectors.T)[np.triu_indices(len(vectors), 2)]
    coherence = float(np.median(apart)) if len(apart) else 1.0
    second = second_voice_share(sound)
    wavers = unclear > UNSURE and (coherence < COHERENT or second > SECOND_PITCH)
    if wavers or (nobodys > NOBODYS_SHARE and unclear > UNSURE / 2):
        message = (
            f"People seem to talk over each other: {unclear:.0%} of the speech sounds are unclear, the voice is like "
            f"itself by {coherence:.2f} from moment to moment (one person: more than {COHERENT}), a second pitch is heard "
            f"with {second:.0%} of the first, and {nobodys:.0%} of the speech is nobody's alone. Give a recording "
            "in which the person speaks alone."
        )
        raise NoSpeakerError(message)


def together(
    stretches: Sequence[Stretch], sounds: Sequence[Sound], *, at_most: int | None = None
) -> Sound:
    """Join stretches one behind the other, as they are, at the rate of the first one's recording."""
    rate = sounds[stretches[0].recording].sample_rate_hz
    pieces = []
    for one in stretches[:at_most]:
        whole = sounds[one.recording]
        part = Sound(
            samples=whole.samples[one.first : one.last].copy(), sample_rate_hz=whole.sample_rate_hz
        )
        pieces.append(resampled(part, sample_rate_hz=rate).samples)
    return Sound(samples=np.concatenate(pieces), sample_rate_hz=rate)


def _nothing(heard: list[_Heard], speech_s: float, music_s: float) -> NoSpeakerError:
    seconds = sum(one.sound.seconds for one in heard)
    notes = [share for one in heard if len(share := steadiness(one.sound))]
    held = float(np.mean(np.concatenate(notes) > HELD_NOTES)) if notes else 0.0
    if music_s > speech_s or (held > MUSIC_SHARE and speech_s < LEAST_SPEECH_S):
        message = (
            f"There is music, and nobody who speaks: in {held:.0%} of {seconds:.0f} s notes are held, and "
            f"{speech_s:.1f} s are speech. Give a recording in which the person speaks without music."
        )
        return NoSpeakerError(message)
    message = (
        f"Too little speech was found: {speech_s:.1f} s in {seconds:.1f} s of recording. Give a recording in which "
        "the person speaks for ten seconds or more."
    )
    return NoSpeakerError(message)
