"""Engines that hide a film's id in its pictures, ours and anybody's, and what they owe each other.

The built-in mark is always in a film. Others are wished for by name, each for itself, and stand beside it: a
neural mark lives through other changes than ours does. An engine is found by its entry point in the group
``vivant.engines.mark`` and needs weights that nothing fetches by itself. Whoever reads asks all engines that
are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from vivant.engines import declared, engine_named
from vivant.errors import EngineBrokeError, InputError, VivantError
from vivant.media.picture import Frame
from vivant.places import Places

ROOM: Final = "mark"
BUILT_IN: Final = "luma"
"""In every film; never wished for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkTraits:
    """What an engine can do; asked before work starts."""

    name: str
    version: str
    """Changes whenever the same frame would be marked otherwise."""
    licence: str
    """Of its weights, as SPDX writes it."""
    bits: int
    """How many bits it hides, the ones that guard the others among them."""
    algorithm: str
    """As the C2PA's list of soft bindings calls it, or a name of one's own."""
    least_frames: int
    """How many frames it needs to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReading:
    """What an engine read out of frames."""

    film_id: str | None
    """16 hex digits; ``None`` where its mark is not there, or cannot be read."""
    confidence: float
    """0 .. 1; 0 without an id."""
    why: str


@runtime_checkable
class FrameMarker(Protocol):
    """Marks the frames of one film, in order."""

    def apply(self, frame: Frame, /) -> None:
        """Mark a frame, in place; its planes can be written."""

    def close(self) -> None:
        """Give back what it holds."""


@runtime_checkable
class MarkEngine(Protocol):
    """Hides a film's id in frames, and reads it."""

    @property
    def traits(self) -> MarkTraits:
        """What it can do."""

    @property
    def ready(self) -> bool:
        """Whether its weights and libraries are here; finds out without loading them."""

    def identity(self) -> str:
        """Name, version and weights, as a film's papers call them.

        Raises:
            MissingError: Its weights are not here.
        """

    def begin(self, film_id: str, /, *, width_px: int, height_px: int) -> FrameMarker:
        """Make ready to mark a film.

        Raises:
            MissingError: Its weights or libraries are not here.
        """

    def read(self, frames: Sequence[Frame], /) -> EngineReading:
        """Read the mark out of some frames of one film, of whatever size.

        Raises:
            MissingError: Its weights or libraries are not here.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFound:
    """What one of several engines found."""

    engine: str
    film_id: str | None
    confidence: float
    why: str


def mark_engine(name: str, *, places: Places | None = None) -> MarkEngine:
    """Load an engine by its name.

    Raises:
        InputError: There is none of that name, or it is the built-in one, which is in every film anyway.
        MissingError: It cannot be loaded, or its weights are not here; the message says how to get them.
        EngineBrokeError: It does not keep its contract.
    """
    if name == BUILT_IN:
        message = f"The mark {BUILT_IN!r} is in every film. Name another, or leave it out."
        raise InputError(message)
    engine = _loaded(name, places)
    engine.identity()
    return engine


def _loaded(name: str, places: Places | None) -> MarkEngine:
    engine = engine_named(ROOM, name).load(places=places or Places())
    if not isinstance(engine, MarkEngine):
        message = f"The mark engine {name!r} does not keep its contract. Install it again."
        raise EngineBrokeError(message)
    return engine


def read_marks(frames: Sequence[Frame], *, places: Places | None = None) -> tuple[MarkFound, ...]:
    """Ask every engine that is installed and ready, the built-in one aside.

    Args:
        frames: Some frames of one film, spread over it.
        places: Where weights lie.

    Returns:
        What each said; one that failed says why. Never raises for what an engine does.
    """

    def ask(name: str) -> EngineReading | None:
        engine = _loaded(name, places)
        return engine.read(frames) if engine.ready else None

    return asked_of_all(ROOM, ask, but=BUILT_IN)


def asked_of_all(
    room: str, ask: Callable[[str], EngineReading | None], *, but: str
) -> tuple[MarkFound, ...]:
    """Ask the engines of a room one after the other.

    Args:
        room: Of pictures or of sound.
        ask: Asks the engine of a name; nothing where that is not ready.
        but: Whom not to ask.

    Returns:
        What each said; one that failed says why.
    """
    found = []
    for name in (one.name for one in declared(room) if one.name != but):
        try:
            reading = ask(name)
        except VivantError as error:
            reading = EngineReading(film_id=None, confidence=0.0, why=str(error))
        if reading is not None:
            found.append(
                MarkFound(
                    engine=name,
                    film_id=reading.film_id,
                    confidence=reading.confidence,
                    why=reading.why,
                )
            )
    return tuple(found)
