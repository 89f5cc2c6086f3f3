"""More contracts for voices: of the class that is registered, and of engines that can be like a person.

```python
class TestToneFactory(VoiceFactoryContract):
    @pytest.fixture
    def factory(self) -> type[ToneVoice]:
        return ToneVoice
```
Needs pytest.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

from vivant.errors import InputError, MissingError
from vivant.media.sound import Sound
from vivant.media.watch import unwatched
from vivant.places import Places
from vivant.voice.engine import PersonalEngine, VoiceEngine, VoiceFactory
from vivant.voice.person import Character, Reference
from vivant.voice.speech import Phone

RATE_HZ = 24_000


def humming_person(*, seconds: float = 12.0, pitch_hz: float = 130.0) -> Reference:
    """Make a reference of nobody: a buzz with a rhythm of syllables, and silence between."""
    moments_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    buzz = sum(np.sin(2 * np.pi * pitch_hz * k * moments_s) / k for k in range(1, 12))
    syllables = np.clip(np.sin(2 * np.pi * 3.0 * moments_s), 0, None)
    samples = (0.2 * buzz * syllables).astype(np.float32)
    third = RATE_HZ // 6
    phones = tuple(
        Phone(symbol="" if i % 2 else "a", first=first, last=min(first + third, len(samples)))
        for i, first in enumerate(range(0, len(samples), third))
    )
    return Reference(
        sound=Sound(samples=samples, sample_rate_hz=RATE_HZ),
        phones=phones,
        bandwidth_hz=10_000.0,
        snr_db=40.0,
    )


class VoiceFactoryContract:
    """What the class of a voice engine must do; give it through the fixture ``factory``."""

    @pytest.fixture
    def factory(self) -> VoiceFactory:
        """Give the class under test."""
        pytest.fail("Override the fixture 'factory' so that it returns the class of your engine.")

    @pytest.fixture
    def nowhere(self, tmp_path: Path) -> Places:
        """Give folders in which nothing is."""
        return Places(data=tmp_path / "data", cache=tmp_path / "cache")

    def test_it_is_a_factory(self, factory: VoiceFactory) -> None:
        """It can be called, and lists its voices."""
        assert isinstance(factory, VoiceFactory)

    def test_its_voices_can_be_chosen_from(self, factory: VoiceFactory, nowhere: Places) -> None:
        """Each has a name of its own, a licence, and says what to do when it is not ready."""
        offers = factory.offers(places=nowhere)

        assert offers
        assert len({offer.name for offer in offers}) == len(offers)
        for offer in offers:
            assert offer.licence
            assert offer.ready or offer.how

    def test_it_is_made_without_a_voice_or_says_what_is_missing(
        self, factory: VoiceFactory, nowhere: Places
    ) -> None:
        """The first of its voices is taken."""
        with contextlib.suppress(MissingError):
            assert isinstance(factory(places=nowhere), VoiceEngine)

    def test_a_voice_that_it_does_not_have_is_refused(
        self, factory: VoiceFactory, nowhere: Places
    ) -> None:
        """Never another voice instead."""
        if len(factory.offers(places=nowhere)) == 1 and not factory.offers(places=nowhere)[0].name:
            return  # it has one, without a name
        with pytest.raises((InputError, MissingError)):
            factory(voice="a voice that nobody has", places=nowhere)


class PersonalEngineContract:
    """What an engine that can be like a person must do besides; give it through the fixture ``engine``."""

    @pytest.fixture
    def engine(self) -> VoiceEngine:
        """Give the engine under test."""
        pytest.fail("Override the fixture 'engine' so that it returns your voice engine.")

    @pytest.fixture
    def reference(self) -> Reference:
        """Give a person heard alone; override it where a buzz will not do."""
        return humming_person()

    def test_it_says_how_near_it_comes(self, engine: VoiceEngine) -> None:
        """Its traits tell what to expect, and from how much."""
        assert isinstance(engine, PersonalEngine)
        assert engine.traits.likeness in {"matched", "cloned"}
        assert engine.traits.clones_from_s

    def test_what_it_learned_can_be_kept(self, engine: VoiceEngine, reference: Reference) -> None:
        """It is arrays of numbers under its own name and version."""
        assert isinstance(engine, PersonalEngine)
        character = engine.fit(reference, watch=unwatched)

        assert isinstance(character, Character)
        assert character.engine == engine.traits.name
        assert character.version == engine.traits.version
        assert character.arrays
        assert all(not array.dtype.hasobject for array in character.arrays.values())

    def test_too_little_is_refused(self, engine: VoiceEngine) -> None:
        """With a message, not with a poor likeness."""
        assert isinstance(engine, PersonalEngine)
        with pytest.raises(InputError):
            engine.fit(humming_person(seconds=0.5), watch=unwatched)
