"""The notice is spoken in the speech's language where a voice can, and as fast as the law asks where it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from speeches import built
from vivant.film.spoken_notice import level_of, notice_for, said_s, spoken_notice
from vivant.places import Places
from vivant.provenance.sound_label import FASTEST_PACE, NOTICES, SLOWEST_PACE, pace_of
from vivant.voice.engine import Line, Said, VoiceTraits
from vivant.voice.speech import Phone


class Reader:
    """Reads Chinese, a character in so many seconds."""

    traits = VoiceTraits(
        name="reader",
        version="1",
        sample_rate_hz=16_000,
        languages=frozenset({"zh-CN"}),
        licence="MIT",
        gives_timings=True,
    )

    def __init__(self, character_s: float) -> None:
        self._character_s = character_s

    def say(self, line: Line, /) -> Said:
        """Hum the characters, between two pauses."""
        characters = sum(one.isalnum() for one in line.text)
        count = round(16_000 * self._character_s * characters / line.rate)
        hum = 0.1 * np.sin(np.arange(count) / 20)
        samples = np.concatenate([np.zeros(1600), hum, np.zeros(1600)]).astype(np.float32)
        phones = (
            Phone(symbol="", first=0, last=1600, stress=0),
            Phone(symbol="a", first=1600, last=1600 + count, stress=0),
            Phone(symbol="", first=1600 + count, last=len(samples), stress=0),
        )
        return Said(samples=samples, phones=phones)


@pytest.fixture
def places(own_home: Path) -> Places:
    return Places(data=own_home / "data", cache=own_home / "cache")


@pytest.mark.parametrize("character_s", [0.21, 0.3, 0.43, 0.8])
def test_chinese_is_spoken_at_120_to_160_characters_a_minute(
    places: Places, character_s: float
) -> None:
    spoken = spoken_notice("zh-CN", voice="reader", engine=Reader(character_s), places=places)

    assert spoken is not None
    assert SLOWEST_PACE <= pace_of(NOTICES["zh"][0], seconds=said_s(spoken)) <= FASTEST_PACE


def test_a_voice_that_does_not_speak_the_language_says_nothing(places: Places) -> None:
    assert spoken_notice("fr-FR", voice="reader", engine=Reader(0.2), places=places) is None
    assert spoken_notice("tlh", voice="reader", engine=Reader(0.2), places=places) is None
    assert spoken_notice("en-US", voice="nobody-here", places=places) is None


@pytest.mark.parametrize("language", ["en-US", "mt-MT"])
def test_where_no_voice_speaks_the_language_english_is_spoken(
    places: Places, language: str
) -> None:
    first = replace(built((("", 0.1), ("ə", 0.5), ("", 0.1))), language=language)
    notice = notice_for(first, places=places)

    assert notice is not None
    assert notice.sample_rate_hz == first.sound.sample_rate_hz
    assert 1.0 < notice.seconds < 5.0
    assert 0.3 < np.sqrt(np.mean(np.square(notice.samples))) / level_of(first) < 1.5
