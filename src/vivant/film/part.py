"""What is played in a film: the curves, the speech, and where the speech begins."""

from __future__ import annotations

import hashlib
from fractions import Fraction

import numpy as np

from vivant.errors import InputError
from vivant.film.encoding import SOUND_RATE_HZ
from vivant.film.person_voice import mark_is_heard, marked_sound
from vivant.media.mastering import master
from vivant.media.sound import Sound
from vivant.media.time import first_sample_of
from vivant.performance.curves import Performance
from vivant.performance.performing import lead_frames, perform
from vivant.places import Places
from vivant.voice.speech import Speech

LISTENED_S = 30.0
"""Seconds of a marked voice in which the mark is read back."""
LEAD_S = 0.4
"""Time before the first sound: a breath in, and the face is there before it speaks."""


class FilmTooShortError(InputError):
    """A performance has no frames, or ends before the speech begins."""

    code = "film.too-short"


class Part:
    """What is played: the curves, the speech, and where the speech begins."""

    def __init__(
        self,
        speech: Speech | None,
        performance: Performance | None,
        speech_starts: int | None,
        *,
        rate: Fraction,
        seed: int,
    ) -> None:
        self.speech = speech
        self.mark = ""
        """Kind of the watermark in the sound, once that is made."""
        self.is_given = performance is not None
        if performance is None:
            if speech is None:
                message = "A film needs a speech or a performance, and neither was given."
                raise InputError(message)
            performance = perform(speech, rate=rate, seed=seed, lead_s=LEAD_S)
            speech_starts = lead_frames(rate, LEAD_S)
        self.performance = performance
        self.rate = rate
        self.starts = speech_starts or 0
        self.frames = performance.frames
        if performance.rate != rate:
            message = (
                f"The performance has {float(performance.rate):g} frames a second, and the film "
                f"{float(rate):g}. Read the performance again at the film's rate."
            )
            raise InputError(message)
        if not 0 <= self.starts < max(1, self.frames) or not self.frames:
            message = (
                f"The performance has {self.frames} frames and the speech starts at frame "
                f"{self.starts}. Give a longer performance."
            )
            raise FilmTooShortError(message)

    def sound(self, *, places: Places) -> Sound | None:
        """Master the speech and put it where it belongs in the film; a person's made voice is marked first."""
        if self.speech is None:
            return None
        spoken = self.speech.sound
        if self.speech.person is not None:
            spoken, self.mark = marked_sound(spoken, places=places)
            if self.mark and not mark_is_heard([_beginning_of(spoken)], places=places):
                self.mark = ""  # papers promise nothing that cannot be shown
        first, last = (
            first_sample_of(frame, rate=self.rate, sample_rate_hz=SOUND_RATE_HZ)
            for frame in (self.starts, self.frames)
        )
        return master(spoken, starts=first, samples=last)


def _beginning_of(sound: Sound) -> Sound:
    count = round(LISTENED_S * sound.sample_rate_hz)
    return Sound(samples=sound.samples[:count], sample_rate_hz=sound.sample_rate_hz)


def hash_of_speech(speech: Speech | None) -> str:
    """Hash a speech's samples and what is said when, in hex."""
    hashed = hashlib.sha256()
    if speech is not None:
        hashed.update(f"{speech.sound.sample_rate_hz}".encode())
        hashed.update(np.ascontiguousarray(speech.sound.samples, "<f4").tobytes())
        for phone in speech.phones:
            hashed.update(f"|{phone.symbol}:{phone.first}:{phone.last}:{phone.stress}".encode())
    return hashed.hexdigest()


def hash_of_curves(performance: Performance) -> str:
    """Hash a performance's curves, in hex."""
    hashed = hashlib.sha256(str(performance.rate).encode())
    for curve in (performance.shapes, performance.head, performance.breath):
        hashed.update(np.ascontiguousarray(curve, "<f4").tobytes())
    return hashed.hexdigest()
