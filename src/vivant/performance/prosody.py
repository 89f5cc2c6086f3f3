"""The music of a speech: its phrases, pauses, loudness and the words that weigh."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.performance.motion import Curve, smooth
from vivant.performance.ticks import TICKS_HZ, Timeline
from vivant.voice.speech import Phone, Speech

SILENCE_DB = -60.0
"""A sound this quiet (dB FS) moves no mouth, whatever the phones say."""
PAUSE_S = 0.14
"""A silence shorter than this is part of a word (the closure of a stop), not a pause."""
ACCENT_GAP_S = 0.28
"""Accents nearer than this are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words said in one breath, in seconds of the speech."""

    first_s: float
    last_s: float
    question: bool = False
    ends_sentence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """A syllable that weighs."""

    at_s: float
    """Middle of its vowel."""
    strength: float
    """0 hardly .. 1 the heaviest of the speech."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prosody:
    """What the rest of the face moves to."""

    phrases: tuple[Phrase, ...]
    accents: tuple[Accent, ...]
    phones: tuple[Phone, ...]
    phone_levels_db: Float64[np.ndarray, " phones"]
    """Loudest moment of each phone, dB FS."""
    usual_db: float
    """Level of a middling vowel."""
    energy: Float64[np.ndarray, " ticks"]
    """Loudness over time: 0 silence .. 1 the loudest, smooth."""
    speaking: Float64[np.ndarray, " ticks"]
    """0 in pauses .. 1 in phrases, eased over a third of a second."""


def read_prosody(speech: Speech, timeline: Timeline) -> Prosody:
    """Find the music of a speech."""
    powers = _powers(speech)
    levels_db = _phone_levels(speech, powers)
    spoken = _spoken(speech, levels_db)
    voiced = [
        level
        for phone, level in zip(speech.phones, levels_db, strict=True)
        if phone.symbol and level > SILENCE_DB
    ]
    usual_db = float(np.median(voiced)) if voiced else SILENCE_DB
    phrases = _phrases(speech, spoken)
    speaking = np.zeros(timeline.ticks)
    for phrase in phrases:
        first, last = (_tick(timeline, s) for s in (phrase.first_s, phrase.last_s))
        speaking[first:last] = 1.0
    return Prosody(
        phrases=phrases,
        accents=_accents(speech, levels_db, spoken),
        phones=tuple(
            phone if heard else _hushed(phone)
            for phone, heard in zip(speech.phones, spoken, strict=True)
        ),
        phone_levels_db=levels_db,
        usual_db=usual_db,
        energy=_energy(powers, timeline),
        speaking=np.clip(smooth(speaking, sigma_s=0.12), 0.0, 1.0),
    )


def phrases_of(speech: Speech) -> tuple[Phrase, ...]:
    """Find the phrases of a speech, in seconds from its first sample; all of it is one where no phones are known."""
    if not any(phone.symbol for phone in speech.phones):
        return (Phrase(first_s=0.0, last_s=speech.sound.seconds, ends_sentence=True),)
    return _phrases(speech, _spoken(speech, _phone_levels(speech, _powers(speech))))


def silent_prosody(timeline: Timeline) -> Prosody:
    """Give the music of saying nothing."""
    return Prosody(
        phrases=(),
        accents=(),
        phones=(),
        phone_levels_db=np.zeros(0),
        usual_db=SILENCE_DB,
        energy=np.zeros(timeline.ticks),
        speaking=np.zeros(timeline.ticks),
    )


def _spoken(speech: Speech, levels_db: Float64[np.ndarray, " phones"]) -> tuple[bool, ...]:
    """Tell which phones are heard."""
    return tuple(
        phone.symbol != "" and bool(level > SILENCE_DB)
        for phone, level in zip(speech.phones, levels_db, strict=True)
    )


def _tick(timeline: Timeline, moment_s: float) -> int:
    return int(np.clip(round(moment_s * TICKS_HZ) - timeline.first_tick, 0, timeline.ticks))


def _hushed(phone: Phone) -> Phone:
    return Phone(symbol="", first=phone.first, last=phone.last)


def _powers(speech: Speech) -> Float64[np.ndarray, " bins"]:
    """Mean power of each tick's worth of sound, worked out in blocks so that memory stays small."""
    samples, hz = speech.sound.samples, speech.sound.sample_rate_hz
    bins = -(-len(samples) * TICKS_HZ // hz)
    edges = np.arange(bins, dtype=np.int64) * hz // TICKS_HZ
    powers = np.zeros(bins)
    for first in range(0, bins, 4096):
        last = min(first + 4096, bins)
        stop = int(edges[last]) if last < bins else len(samples)
        block = samples[int(edges[first]) : stop].astype(np.float64)
        powers[first:last] = np.add.reduceat(block * block, edges[first:last] - edges[first])
    return powers * TICKS_HZ / hz


def _phone_levels(
    speech: Speech, powers: Float64[np.ndarray, " bins"]
) -> Float64[np.ndarray, " phones"]:
    """Level of each phone at its loudest, a little of its neighbourhood counted in."""
    hz = speech.sound.sample_rate_hz
    around = round(0.06 * TICKS_HZ)
    calm = np.convolve(powers, np.full(5, 0.2), "same") if len(powers) else powers
    levels = np.full(len(speech.phones), -120.0)
    for i, phone in enumerate(speech.phones):
        own = calm[
            max(0, phone.first * TICKS_HZ // hz - around) : phone.last * TICKS_HZ // hz + around
        ]
        if len(own):
            levels[i] = 10.0 * np.log10(own.max() + 1e-12)
    return levels


def _energy(powers: Float64[np.ndarray, " bins"], timeline: Timeline) -> Curve:
    """Loudness on a scale that hearing would agree with (power to the 0.3, Stevens)."""
    energy = np.zeros(timeline.ticks)
    start = -timeline.first_tick
    count = min(len(powers), timeline.ticks - start)
    energy[start : start + count] = powers[:count]
    energy = smooth(energy, sigma_s=0.05) ** 0.3
    top = float(np.quantile(energy[energy > 0.02], 0.98)) if np.any(energy > 0.02) else 1.0
    return np.clip(energy / top, 0.0, 1.2)


def _phrases(speech: Speech, spoken: tuple[bool, ...]) -> tuple[Phrase, ...]:
    hz = speech.sound.sample_rate_hz
    ends = [word for word in speech.words if word.ends == "sentence"]
    marks = [mark for mark in re.findall(r"[.!?…。！？؟]+", speech.text) if mark]
    asked = tuple("?" in mark or "？" in mark or "؟" in mark for mark in marks)
    questions = [
        word.last / hz
        for i, word in enumerate(ends)
        if word.text.endswith(("?", "？", "؟")) or (len(ends) == len(marks) and asked[i])
    ]
    runs: list[list[float]] = []
    for phone, heard in zip(speech.phones, spoken, strict=True):
        if not heard:
            continue
        first_s, last_s = phone.first / hz, phone.last / hz
        if runs and first_s - runs[-1][1] < PAUSE_S:
            runs[-1][1] = last_s
        else:
            runs.append([first_s, last_s])
    near = 0.25
    return tuple(
        Phrase(
            first_s=first_s,
            last_s=last_s,
            question=any(abs(last_s - at_s) < near for at_s in questions),
            ends_sentence=any(abs(last_s - word.last / hz) < near for word in ends),
        )
        for first_s, last_s in runs
    )


def _accents(
    speech: Speech, levels_db: Float64[np.ndarray, " phones"], spoken: tuple[bool, ...]
) -> tuple[Accent, ...]:
    """Find the syllables that weigh: stressed vowels, weighed by loudness and length."""
    hz = speech.sound.sample_rate_hz
    heard = [i for i, yes in enumerate(spoken) if yes]
    knows_stress = any(speech.phones[i].stress == 1 for i in heard)
    chosen = [
        i
        for i in heard
        if (speech.phones[i].stress == 1 if knows_stress else _is_loudest(i, levels_db))
    ]
    if not chosen:
        return ()
    loud = levels_db[chosen]
    long = np.log([max(1, speech.phones[i].last - speech.phones[i].first) for i in chosen])
    weight = 0.5 * _ranks(loud) + 0.5 * _ranks(long)
    kept: list[Accent] = []
    for i, strength in zip(chosen, weight, strict=True):
        accent = Accent(
            at_s=(speech.phones[i].first + speech.phones[i].last) / 2 / hz, strength=float(strength)
        )
        if kept and accent.at_s - kept[-1].at_s < ACCENT_GAP_S:
            if accent.strength > kept[-1].strength:
                kept[-1] = accent
        else:
            kept.append(accent)
    return tuple(kept)


def _is_loudest(i: int, levels_db: Float64[np.ndarray, " phones"]) -> bool:
    """Tell whether a phone is the loudest of the nine around it."""
    return bool(levels_db[i] >= levels_db[max(0, i - 4) : i + 5].max())


def _ranks(values: Float64[np.ndarray, " chosen"]) -> Float64[np.ndarray, " chosen"]:
    """Replace values by their rank, 0 the least .. 1 the most, ties in order."""
    if len(values) == 1:
        return np.array([0.6])
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.linspace(0.0, 1.0, len(values))
    return ranks
