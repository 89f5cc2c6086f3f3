"""What an engine is that moves a whole picture: it is shown the first one and told what happens, and invents the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import UInt8

from vivant.media.watch import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingTraits:
    """What an engine can do; asked before work starts."""

    name: str
    """What storyboards call it."""
    version: str
    """Changes whenever the same wish would give other frames with the same weights."""
    licence: str
    needs_gpu: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wish:
    """What is wished of an engine."""

    first: UInt8[np.ndarray, "height width 3"]
    """The first picture, R'G'B'."""
    prompt: str
    seed: int
    frames: int
    rate: Fraction
    """Of the film; the engine's own frames may come at another."""


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moved:
    """What came back: at the engine's own size and rate."""

    pixels: UInt8[np.ndarray, "frames height width 3"]
    """May lie in a file."""
    rate: Fraction
    close: Callable[[], None] = field(default=_nothing)
    """Removes that file."""


@runtime_checkable
class MovingEngine(Protocol):
    """Moves pictures, and nothing else: how good it is, the room around it measures."""

    @property
    def traits(self) -> MovingTraits:
        """What this engine can do."""

    def identity(self) -> str:
        """Name all that decides what comes back, beside the wish: version, weights, dials.

        Raises:
            MissingError: There are no weights here.
        """

    def move(self, wish: Wish, /, *, watch: Watch) -> Moved:
        """Move a picture for at least as long as wished.

        Raises:
            InputError: It cannot move that long.
            MissingError: A library or weights are not here.
            ResourceError: There is too little memory.
            EngineBrokeError: It failed.
        """

    def close(self) -> None:
        """Let memory and processes go; the next wish takes them again."""
