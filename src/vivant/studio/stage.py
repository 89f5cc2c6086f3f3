"""What a stage is, and how its work is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar, runtime_checkable

from vivant.media.watch import Watch, unwatched

GivenIn = TypeVar("GivenIn", contravariant=True)
MadeOut = TypeVar("MadeOut", covariant=True)
Made = TypeVar("Made")


@runtime_checkable
class Stage(Protocol[GivenIn, MadeOut]):
    """One step on the way from photo to film.

    A stage is a pure function with a name: the same input gives the same output, it keeps
    nothing between calls, and it reads no settings. That is why the studio may skip a stage
    whose ``key`` it has seen.
    """

    @property
    def name(self) -> str:
        """The room it belongs to, as people see it: ``"rig"``."""

    def key(self, given: GivenIn, /) -> str:
        """Name this work: a hash of the input, the options and the versions of the engines."""

    def __call__(self, given: GivenIn, /, *, watch: Watch = unwatched) -> MadeOut:
        """Do the work.

        Raises:
            VivantError: And nothing else on purpose.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[Made]):
    """How something made is written to a file, and read back."""

    suffix: str
    """Ending of the file: ``".rig"``."""
    write: Callable[[Made, Path], None]
    read: Callable[[Path], Made]
    """Raises ``InputError`` when the file cannot be used."""
