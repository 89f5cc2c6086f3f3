"""Speaks the notice that goes beside the label's tones where a person's voice is made."""

from __future__ import annotations

import logging

import numpy as np

from vivant.errors import InputError, MissingError
from vivant.film.person_voice import voice_in_papers
from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.sound_label import notice_in, paced_rate
from vivant.voice.choosing import voice_engine
from vivant.voice.engine import VoiceEngine
from vivant.voice.phones import PAUSE
from vivant.voice.speaking import FASTEST, SLOWEST, speak
from vivant.voice.speech import Speech

logger = logging.getLogger(__name__)

_SPOKEN_BY = "hibari"
"""Who speaks the notice where the voice's own engine has no voice that is nobody's."""
_SPOKEN_IN = "en-US"


def notice_for(first: Speech, *, places: Places) -> Sound | None:
    """Speak the notice in a voice that is nobody's: in the speech's language, or in English where none can."""
    own = voice_in_papers(first).partition("@")[2]
    for language, names in ((first.language, (own, _SPOKEN_BY)), (_SPOKEN_IN, (_SPOKEN_BY,))):
        for name in dict.fromkeys(names):
            spoken = spoken_notice(language, voice=name, places=places)
            if spoken is None:
                continue
            sound = resampled(spoken.sound, sample_rate_hz=first.sound.sample_rate_hz)
            gain = np.float32(level_of(first) / max(level_of(spoken), 1e-6))
            return Sound(samples=sound.samples * gain, sample_rate_hz=sound.sample_rate_hz)
        logger.warning(
            "no voice can speak the notice in this language", extra={"language": language}
        )
    return None


def spoken_notice(
    language: str, *, voice: str, engine: VoiceEngine | None = None, places: Places
) -> Speech | None:
    """Speak the notice, as fast as the law asks where it does.

    Args:
        language: BCP 47.
        voice: Who speaks it; a voice that is nobody's.
        engine: A voice engine to use instead of an installed one.
        places: Where voices are.

    Returns:
        The notice; nothing where we have no words in this language, or this voice does not speak it.
    """
    words = notice_in(language)
    if words is None:
        return None
    try:
        engine = engine or voice_engine(voice, places=places)
        if language not in engine.traits.languages:
            return None
        spoken = speak(words, voice=voice, engine=engine, language=language, places=places)
        rate = paced_rate(words, language=language, seconds=said_s(spoken))
        if rate is None:
            return spoken
        rate = min(FASTEST, max(SLOWEST, rate))
        return speak(words, voice=voice, engine=engine, language=language, rate=rate, places=places)
    except (InputError, MissingError):
        return None


def said_s(speech: Speech) -> float:
    """Tell how long somebody speaks, from the first sound to the last."""
    sounding = [p for p in speech.phones if p.symbol != PAUSE]
    if not sounding:
        return speech.sound.seconds
    return (sounding[-1].last - sounding[0].first) / speech.sound.sample_rate_hz


def level_of(speech: Speech) -> float:
    """Measure the RMS of speech without its pauses, full scale 1.0."""
    sounding = [p for p in speech.phones if p.symbol != PAUSE]
    samples = speech.sound.samples
    if sounding:
        samples = samples[sounding[0].first : sounding[-1].last]
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
