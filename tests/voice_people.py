"""People to learn voices from: the embedded voice, played slower and lower, or higher."""

from __future__ import annotations

from functools import cache

import numpy as np
import soxr

from vivant.media.sound import Sound
from vivant.provenance.consent import Consent, Event, attest
from vivant.provenance.safekeeping import utc_now
from vivant.voice.engine import Line
from vivant.voice.engines.hibari import HibariVoice

RATE_HZ = 24_000
SENTENCES = (
    "My mother made a map of the places that my papa remembered.",
    "We went there in the spring, and it rained for nine days.",
    "The old house stood by the river, under three tall trees.",
    "Every morning my father would cut the bread and take the boat out.",
    "He kept a book about the weather, and nobody knew what he put in it.",
    "When the summer came we moved the table under the plum tree.",
)


def sound_of(samples: np.ndarray, rate_hz: int = RATE_HZ) -> Sound:
    return Sound(samples=np.ascontiguousarray(samples, np.float32), sample_rate_hz=rate_hz)


@cache
def a_person(*, lower: float = 1.0, sentences: int = 4) -> Sound:
    """Someone who speaks; a voice lower than 1 is higher."""
    engine = HibariVoice()
    gap = np.zeros(RATE_HZ // 3, np.float32)
    parts = [
        part
        for text in SENTENCES[:sentences]
        for part in (engine.say(Line(text=text, language="en-US")).samples, gap)
    ]
    whole = np.concatenate(parts)
    if lower != 1.0:
        whole = soxr.resample(whole, RATE_HZ, round(RATE_HZ * lower))
    return sound_of(whole)


def chords(seconds: float) -> Sound:
    """Four notes at a time, another four each half second."""
    rng = np.random.default_rng(0)
    parts = []
    for _ in range(round(seconds * 2)):
        t = np.arange(RATE_HZ // 2) / RATE_HZ
        root = 220 * 2 ** (rng.integers(-5, 7) / 12)
        notes = [root * 2 ** (step / 12) for step in (0, 4, 7, 12)]
        parts.append(
            np.sum([np.sin(2 * np.pi * f * h * t) / h for f in notes for h in range(1, 5)], axis=0)
            * np.exp(-2 * t)
        )
    return sound_of(0.05 * np.concatenate(parts))


def telephone(sound: Sound, *, snr_db: float = 10.0) -> Sound:
    """As it comes out of a telephone: 8 kHz, with noise."""
    narrow = soxr.resample(sound.samples, sound.sample_rate_hz, 8_000)
    power = float(np.mean(narrow[np.abs(narrow) > 0.01] ** 2))
    hiss = np.random.default_rng(0).standard_normal(len(narrow))
    return sound_of(narrow + hiss * np.sqrt(power / 10 ** (snr_db / 10)), 8_000)


def voice_consent() -> Consent:
    """A full record that grants a voice."""
    record = attest("self", now=utc_now())
    return Consent.model_validate(
        {
            **record.model_dump(),
            "collection_method": "signed-form",
            "purposes": ("portrait-film", "voice-likeness"),
        }
    )


def withdrawn(consent: Consent) -> Consent:
    """The same, taken back at once."""
    back = Event(
        event_time=consent.given_at, event_type="consent_withdrawn", event_state="withdrawn"
    )
    return consent.model_copy(update={"events": (*consent.events, back)})
