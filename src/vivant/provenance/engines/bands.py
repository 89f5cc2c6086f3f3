"""The built-in mark in sound, by the door that all sound marks go through."""

from __future__ import annotations

from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.marking import EngineReading
from vivant.provenance.sound_id import MARK_NAME, mark_with_id, read_sound_id
from vivant.provenance.sound_marking import SoundMarkTraits


class BandsMark:
    """Marks sound in its bands; needs no weights."""

    traits = SoundMarkTraits(
        name="bands",
        version="1",
        licence="Apache-2.0",
        algorithm=f"org.vivant.{MARK_NAME}",
        least_s=6.0,
    )

    def __init__(self, *, places: Places | None = None) -> None:
        """Make one; it keeps nothing anywhere."""
        del places

    @property
    def ready(self) -> bool:
        """Always."""
        return True

    def identity(self) -> str:
        """Name the mark."""
        return MARK_NAME

    def mark(self, sound: Sound, made_id: str, /) -> Sound:
        """Mark a sound."""
        return mark_with_id(sound, made_id)

    def read(self, sound: Sound, /) -> EngineReading:
        """Read the mark."""
        reading = read_sound_id(sound)
        return EngineReading(
            film_id=reading.made_id, confidence=reading.confidence, why=reading.why
        )
