"""Reads which film or sound of ours a file's sound is from: a film, a sound track ripped from one, a sound file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from vivant.errors import InputError
from vivant.film.claim import Claim
from vivant.media.containers import is_decodable, length_of, opened
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.marking import MarkFound
from vivant.provenance.sound_id import SoundIdReading, read_sound_id
from vivant.provenance.sound_id_reading import LOOK_S, RATE_HZ, unread
from vivant.provenance.sound_marking import read_sound_marks

STRETCHES = 4
"""How many stretches are read, spread over the sound."""


def sound_claim(path: Path, *, places: Places | None = None) -> Claim | None:
    """Tell which film or sound of ours is heard in a file.

    Args:
        path: Any file; of a long one some stretches are decoded.
        places: Where weights of other engines' marks lie; those that are ready are asked where ours says nothing.

    Returns:
        A claim that names it; nothing where there is no sound, or no mark can be read: what is very short or
        quiet carries none, and what is not ours neither.
    """
    return next(iter(sound_claims(path, places=places)), None)


def sound_claims(path: Path, *, places: Places | None = None) -> tuple[Claim, ...]:
    """Tell all films and sounds of ours that are heard in a file, the clearest first: somebody may have joined them.

    Args:
        path: Any file.
        places: As for ``sound_claim``.
    """
    found = {one.made_id: one for one in reversed(sound_ids_in(path)) if one.made_id is not None}
    if found:
        return tuple(
            Claim(name="sound", ok=True, why=one.why, film_id=one.made_id)
            for one in reversed(found.values())
        )
    return tuple(
        Claim(name="sound", ok=True, why=one.why, film_id=one.film_id)
        for one in _found_by_others(path, places)
        if one.film_id is not None
    )


def _found_by_others(path: Path, places: Places | None) -> tuple[MarkFound, ...]:
    try:
        stretch = next(stretches_of(path), None)
    except InputError:
        return ()
    return () if stretch is None else read_sound_marks(stretch, places=places)


def sound_id_in(path: Path) -> SoundIdReading:
    """Read the mark in a file's sound, with the reason where there is none; never raises for what the file holds."""
    return sound_ids_in(path)[0]


def sound_ids_in(path: Path) -> tuple[SoundIdReading, ...]:
    """Read the mark in each stretch of a file's sound, the clearest first; one reading at least."""
    try:
        stretches = list(stretches_of(path))
    except InputError as error:
        return (unread(str(error)),)
    if not stretches:
        return (unread("The file has no sound that can be read."),)
    readings = [read_sound_id(stretch, speeds=False) for stretch in stretches]
    readings.sort(key=lambda one: (one.made_id is not None, one.fit_score), reverse=True)
    best = readings[0]
    if best.made_id is not None:
        return tuple(readings)
    loudest = max(stretches, key=lambda one: float(np.square(one.samples).sum()))
    at_other_speeds = read_sound_id(loudest)
    return (best if at_other_speeds.made_id is None else at_other_speeds,)


def stretches_of(path: Path) -> Iterator[Sound]:
    """Decode some stretches of a file's sound, mixed down to one channel: from the beginning to the end.

    Raises:
        InputError: It cannot be read.
    """
    with opened(path) as file:
        sounds = [stream for stream in file.streams.audio if is_decodable(stream)]
        if not sounds:
            return
        seconds = float(length_of(sounds[0]))
        last = max(0.0, seconds - LOOK_S)
        count = min(STRETCHES, max(1, math.ceil(seconds / LOOK_S)))
        for i in range(count):
            if i:
                try:
                    file.seek(round(last * i / (count - 1) * av.time_base))
                except av.error.FFmpegError:
                    return
            stretch = _decoded(file, sounds[0])
            if len(stretch.samples):
                yield stretch


def _decoded(file: InputContainer, stream: AudioStream) -> Sound:
    """Decode from where the file stands."""
    mixer = av.AudioResampler(format="flt", layout="mono", rate=RATE_HZ)
    pieces = [np.zeros(0, np.float32)]
    wanted = round(LOOK_S * RATE_HZ)
    for frame in file.decode(stream):
        frame.pts = None
        for mixed in mixer.resample(frame):
            pieces.append(mixed.to_ndarray().reshape(-1).astype(np.float32))
            wanted -= len(pieces[-1])
        if wanted <= 0:
            break
    return Sound(samples=np.concatenate(pieces), sample_rate_hz=RATE_HZ)
