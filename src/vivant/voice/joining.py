"""Several speeches on one clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.voice.speech import Phone, Speech


def phones_laid(
    speeches: Iterable[tuple[Fraction, Speech]], *, sample_rate_hz: int, samples: int
) -> tuple[Phone, ...]:
    """Lay the phones of speeches on one clock, with pauses between.

    Args:
        speeches: Each with the moment, in seconds, at which it begins; in order. Where one begins in the silence at
            another's end, what comes first is kept.
        sample_rate_hz: Of the clock.
        samples: Length of the clock.

    Returns:
        Phones without gap or overlap, from 0 to ``samples``; none where nothing is said.
    """
    phones: list[Phone] = []
    end = 0
    for starts_s, speech in speeches:
        scale = Fraction(sample_rate_hz, speech.sound.sample_rate_hz)
        for phone in speech.phones:
            first, last = (
                round(starts_s * sample_rate_hz + at * scale) for at in (phone.first, phone.last)
            )
            first, last = max(first, end), min(last, samples)
            if last <= first:
                continue
            if first > end:
                phones.append(Phone(symbol="", first=end, last=first))
            phones.append(replace(phone, first=first, last=last))
            end = last
    if phones and end < samples:
        phones.append(Phone(symbol="", first=end, last=samples))
    return tuple(phones)


def joined(speeches: Sequence[tuple[Fraction, Speech]]) -> Speech:
    """Join what one person says into one speech.

    Args:
        speeches: At least one, in order, each with the moment in seconds at which it begins; the first at 0.

    Returns:
        All of it, at the sample rate of the first; one alone comes back as it is.
    """
    if len(speeches) == 1:
        return speeches[0][1]
    hz = speeches[0][1].sound.sample_rate_hz
    sounds = [resampled(speech.sound, sample_rate_hz=hz).samples for _, speech in speeches]
    begins = [round(starts_s * hz) for starts_s, _ in speeches]
    samples = max(first + len(sound) for first, sound in zip(begins, sounds, strict=True))
    whole = np.zeros(samples, np.float32)
    for first, sound in zip(begins, sounds, strict=True):
        whole[first : first + len(sound)] += sound
    words, directions = [], []
    for (_, speech), first in zip(speeches, begins, strict=True):
        scale = Fraction(hz, speech.sound.sample_rate_hz)
        for word in speech.words:
            a, b = (min(first + round(at * scale), samples) for at in (word.first, word.last))
            words.append(replace(word, first=a, last=b))
        for one in speech.directions:
            a, b = (min(first + round(at * scale), samples) for at in (one.first, one.last))
            directions.append(replace(one, first=a, last=b))
    return replace(
        speeches[0][1],
        sound=Sound(samples=whole, sample_rate_hz=hz),
        words=tuple(words),
        phones=phones_laid(speeches, sample_rate_hz=hz, samples=samples),
        text=" ".join(speech.text for _, speech in speeches if speech.text),
        directions=tuple(directions),
    )
