"""One voice for all tests of the room: it keeps nothing between lines."""

from __future__ import annotations

import pytest

from vivant.voice.engines.hibari import HibariVoice
from vivant.voice.speaking import speak
from vivant.voice.speech import Speech

SENTENCE = "My mother made a map of the places that my papa remembered."


@pytest.fixture(scope="session")
def voice() -> HibariVoice:
    return HibariVoice()


@pytest.fixture(scope="session")
def spoken(voice: HibariVoice) -> Speech:
    return speak(SENTENCE, engine=voice)
