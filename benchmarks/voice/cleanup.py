"""What cleaning does to an old recording with noise at 5 dB: to the voice, and to the words.

A recogniser that hears speech this noisy now and then loses the rest of what it is given, or says it over and over.
So each recording is aged several times and read in short stretches, the same before and after, and all the words
wrong are counted together.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.signal import butter, sosfiltfilt

from benchmarks.voice.hearing_words import RECOGNISER, _plain, wrong
from benchmarks.voice.people import RATE_HZ, Person, Setting, active_level
from vivant.media.sound import Sound
from vivant.voice.cleaning import clean, restore
from vivant.voice.landmarks import level_curve
from vivant.voice.recognising import recognise
from vivant.voice.speaker import speaker_vector

OLD, CLEANED = "words_wrong_old", "words_wrong_cleaned"
NOISE_DB = 5.0
BAND_HZ = (180.0, 3800.0)
LEAST_GAIN = 0.1
SECONDS = 45.0
SEEDS = (5, 6, 7, 8)
SHORTEST_S, LONGEST_S, LEVEL_HOP_S = 6.0, 12.0, 0.05


def run(setting: Setting) -> list[dict[str, Any]]:
    """Age each person's recording, clean it, and compare; words are judged over all of them."""
    rows = [_row(person) for person in setting.persons]
    old, cleaned = ([words for row in rows for words in row[name]] for name in (OLD, CLEANED))
    for row in rows:
        row |= {name: _told(row[name]) for name in (OLD, CLEANED)}
    better, worse = (
        sum(sign * (b - a) > 0 for a, b in zip(old, cleaned, strict=True)) for sign in (-1, 1)
    )
    together = {
        "what": f"words of all: fewer wrong {better} times, more {worse}",
        OLD: sum(old),
        CLEANED: sum(cleaned),
        "ok": sum(cleaned) <= sum(old),
    }
    return [*rows, together]


def aged(sound: Sound, *, seed: int = 5) -> Sound:
    """Make a recording old: a narrow band, an uneven motor, pink noise, hum, clicks."""
    random = np.random.default_rng(seed)
    size = len(sound.samples)
    moments = np.arange(size) / sound.sample_rate_hz
    wow = moments + 0.0008 * np.sin(2 * np.pi * 0.55 * moments)
    voice = np.interp(wow, moments, sound.samples)
    band = butter(4, BAND_HZ, "band", fs=sound.sample_rate_hz, output="sos")
    voice = np.tanh(2.0 * sosfiltfilt(band, voice) / np.abs(voice).max()) / 2.0
    spectrum = np.fft.rfft(random.normal(size=size))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 20.0)), size)
    hum = sum(np.sin(2 * np.pi * 50 * k * moments) / k for k in (1, 2, 3))
    noise = pink / pink.std() + 0.4 * hum
    level = active_level(voice, sound.sample_rate_hz)
    noise *= level / noise.std() * 10 ** (-NOISE_DB / 20)
    clicks = (random.random(size) < 2.0 / sound.sample_rate_hz) * random.normal(size=size) * 0.5
    mixed = voice + noise + clicks
    samples = np.asarray(mixed / np.abs(mixed).max() * 0.8, np.float32)
    return Sound(samples=samples, sample_rate_hz=sound.sample_rate_hz)


def _row(person: Person) -> dict[str, Any]:
    plain = Sound(
        samples=person.train.samples[: round(SECONDS * RATE_HZ)].copy(), sample_rate_hz=RATE_HZ
    )
    cuts = _cuts(plain)
    asked = _plain(_words(plain, cuts))
    target = speaker_vector(person.held_out)
    likeness, mistakes = [], []
    for seed in SEEDS:
        old = aged(plain, seed=seed)
        gentle = restore(old)[0]
        sounds = (old, clean(old).sound, gentle)
        likeness.append([float(target @ speaker_vector(sound)) for sound in sounds])
        mistakes.append([wrong(asked, _words(sound, cuts)) for sound in (old, gentle)])
    before, after, gently = np.mean(likeness, axis=0).tolist()
    return {
        "what": f"{person.name}{'' if person.real else ' (stand-in)'} at {NOISE_DB:g} dB",
        "cosine_old": before,
        "cosine_cleaned": after,
        "gain": after - before,
        "bar": LEAST_GAIN,
        "cosine_gentle": gently,
        "words": len(asked) * len(SEEDS),
        OLD: [old for old, _ in mistakes],
        CLEANED: [cleaned for _, cleaned in mistakes],
        "ok": after - before >= LEAST_GAIN,
    }


def _told(counts: list[int]) -> str:
    return f"{sum(counts)} ({' '.join(map(str, counts))})"


def _cuts(sound: Sound) -> list[int]:
    """Tell where to cut, in the quietest places."""
    rate = sound.sample_rate_hz
    levels = level_curve(sound.samples, sample_rate_hz=rate, hop_s=LEVEL_HOP_S, window_s=0.2)
    cuts = [0]
    while len(sound.samples) - cuts[-1] > LONGEST_S * rate:
        low, high = (round((cuts[-1] / rate + s) / LEVEL_HOP_S) for s in (SHORTEST_S, LONGEST_S))
        cuts.append(round((low + int(np.argmin(levels[low:high]))) * LEVEL_HOP_S * rate))
    return [*cuts, len(sound.samples)]


def _words(sound: Sound, cuts: list[int]) -> str:
    texts = []
    for first, last in itertools.pairwise(cuts):
        stretch = replace(sound, samples=sound.samples[first:last].copy())
        heard = recognise(stretch, language="en", model=RECOGNISER)
        assert heard is not None
        texts.append(heard.text)
    return " ".join(texts)
