"""Engines that hide an id in sound, ours and anybody's, and what they owe each other.

The built-in mark (``sound_id``) is in all sound that leaves. Others are asked for by name and stand beside it. An
engine is found by its entry point in the group ``vivant.engines.sound_mark``, and needs weights that nothing
fetches by itself. Whoever reads asks all engines that are ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from vivant.engines import declared, engine_named
from vivant.errors import EngineBrokeError, InputError
from vivant.media.sound import Sound
from vivant.places import Places
from vivant.provenance.marking import EngineReading, MarkFound, asked_of_all

ROOM: Final = "sound_mark"
BUILT_IN: Final = "bands"
"""In all sound; never asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundMarkTraits:
    """What an engine can do; asked before work starts."""

    name: str
    version: str
    """Changes whenever the same sound would be marked otherwise."""
    licence: str
    """Of its weights, as SPDX writes it."""
    algorithm: str
    """As the C2PA's list of soft bindings calls it, or a name of one's own."""
    least_s: float
    """How much sound it needs to be read."""


@runtime_checkable
class SoundMarkEngine(Protocol):
    """Hides an id in sound, and reads it."""

    @property
    def traits(self) -> SoundMarkTraits:
        """What it can do."""

    @property
    def ready(self) -> bool:
        """Whether its weights and libraries are here; finds out without loading them."""

    def identity(self) -> str:
        """Name, version and weights, as papers call them.

        Raises:
            MissingError: Its weights are not here.
        """

    def mark(self, sound: Sound, made_id: str, /) -> Sound:
        """Mark a sound: as many samples at the same rate, none moved.

        Raises:
            MissingError: Its weights or libraries are not here.
            InputError: The id does not pass its own check.
        """

    def read(self, sound: Sound, /) -> EngineReading:
        """Read the mark out of a sound of any rate and length.

        Raises:
            MissingError: Its weights or libraries are not here.
        """


def sound_mark_engine(name: str, *, places: Places | None = None) -> SoundMarkEngine:
    """Load an engine by its name.

    Raises:
        InputError: There is none of that name, or it is the built-in one, which is in all sound anyway.
        MissingError: It cannot be loaded, or its weights are not here; the message says how to get them.
        EngineBrokeError: It does not keep its contract.
    """
    if name == BUILT_IN:
        message = f"The mark {BUILT_IN!r} is in all sound. Name another, or leave it out."
        raise InputError(message)
    engine = _loaded(name, places)
    engine.identity()
    return engine


def marks_sound(name: str) -> bool:
    """Tell whether an installed engine of that name marks sound, and not pictures."""
    return any(one.name == name for one in declared(ROOM))


def marked_by(engine: SoundMarkEngine, sound: Sound, made_id: str) -> Sound:
    """Mark a sound with an engine, checked on both sides.

    Raises:
        EngineBrokeError: It returned another length or rate, or samples that are no numbers.
    """
    marked = engine.mark(sound, made_id)
    same = marked.sample_rate_hz == sound.sample_rate_hz
    if not same or len(marked.samples) != len(sound.samples) or not abs(marked.samples.sum()) >= 0:
        message = (
            f"The mark engine {engine.traits.name!r} returned {len(marked.samples)} samples at "
            f"{marked.sample_rate_hz} Hz for {len(sound.samples)} at {sound.sample_rate_hz}, or some that are no "
            f"numbers. Report this to its author."
        )
        raise EngineBrokeError(message)
    return marked


def read_sound_marks(sound: Sound, *, places: Places | None = None) -> tuple[MarkFound, ...]:
    """Ask every engine that is installed and ready, the built-in one aside.

    Args:
        sound: A stretch of sound.
        places: Where weights lie.

    Returns:
        What each said; one that failed says why. Never raises for what an engine does.
    """

    def ask(name: str) -> EngineReading | None:
        engine = _loaded(name, places)
        return engine.read(sound) if engine.ready else None

    return asked_of_all(ROOM, ask, but=BUILT_IN)


def _loaded(name: str, places: Places | None) -> SoundMarkEngine:
    engine = engine_named(ROOM, name).load(places=places or Places())
    if not isinstance(engine, SoundMarkEngine):
        message = f"The mark engine {name!r} does not keep its contract. Install it again."
        raise EngineBrokeError(message)
    return engine
