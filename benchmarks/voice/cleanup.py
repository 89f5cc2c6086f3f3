"""What cleaning does to an old recording with noise at 5 dB: to the voice, and to the words."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.signal import butter, sosfiltfilt

from benchmarks.voice.hearing_words import RECOGNISER, _plain, wrong
from benchmarks.voice.people import RATE_HZ, Person, Setting, active_level
from vivant.media.sound import Sound
from vivant.voice.cleaning import clean, restore
from vivant.voice.recognising import recognise
from vivant.voice.speaker import speaker_vector

NOISE_DB = 5.0
BAND_HZ = (180.0, 3800.0)
LEAST_GAIN = 0.1
SECONDS = 45.0


def run(setting: Setting) -> list[dict[str, Any]]:
    """Age each person's recording, clean it, and compare."""
    return [_row(person) for person in setting.persons]


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
    old = aged(plain)
    target = speaker_vector(person.held_out)
    full, gentle = clean(old).sound, restore(old)[0]
    before, after, gently = (float(target @ speaker_vector(s)) for s in (old, full, gentle))
    asked = _plain(_words(plain))
    wrong_before, wrong_after = (wrong(asked, _words(s)) / len(asked) for s in (old, gentle))
    return {
        "what": f"{person.name}{'' if person.real else ' (stand-in)'} at {NOISE_DB:g} dB",
        "cosine_old": before,
        "cosine_cleaned": after,
        "gain": after - before,
        "bar": LEAST_GAIN,
        "cosine_gentle": gently,
        "words_wrong_%_old": wrong_before * 100,
        "words_wrong_%_cleaned": wrong_after * 100,
        "ok": after - before >= LEAST_GAIN and wrong_after <= wrong_before,
    }


def _words(sound: Sound) -> str:
    heard = recognise(sound, language="en", model=RECOGNISER)
    assert heard is not None
    return heard.text
