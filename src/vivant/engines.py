"""Finds the engines that are installed, ours and anybody's, without running them.

An engine is a class and one entry point in the group ``vivant.engines.ROOM``. Listing reads only
what packages declare; the class is imported when it is asked for by name.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass

from vivant.errors import InputError, MissingError, VivantError

ROOMS: tuple[str, ...] = ("intake", "voice", "render", "mark", "sound_mark", "signing")
"""What takes engines, in the order in which a film passes through it."""

_GROUP = "vivant.engines."


class EngineLoadError(MissingError):
    """An engine is declared, but it cannot be imported here."""

    code = "engines.load"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredEngine:
    """One engine as its package declares it."""

    room: str
    """The room that it works in: ``"voice"``."""
    name: str
    """What options and messages call it: ``"hibari"``."""
    package: str
    """The package that brings it."""
    package_version: str
    entry: importlib.metadata.EntryPoint
    """Where the class lies."""

    def load(self, **settings: object) -> object:
        """Import the class and make one.

        Args:
            settings: What the class is made with.

        Raises:
            MissingError: It cannot be imported; the message says what is absent.
        """
        try:
            return self.entry.load()(**settings)
        except VivantError:
            raise
        except Exception as error:
            message = (
                f"The {self.room} engine {self.name!r} of package {self.package} "
                f"{self.package_version} cannot be loaded ({type(error).__name__}: {error}). "
                "Mend or remove that package; `vivant doctor` shows the rest."
            )
            raise EngineLoadError(message) from error


def declared(room: str | None = None) -> tuple[DeclaredEngine, ...]:
    """List the engines that installed packages declare.

    Args:
        room: Only those of this room; of every room when None.

    Returns:
        By room, then by name. Nothing is imported.
    """
    found = [
        DeclaredEngine(
            room=one,
            name=entry.name,
            package=entry.dist.name if entry.dist else "?",
            package_version=entry.dist.version if entry.dist else "?",
            entry=entry,
        )
        for one in (ROOMS if room is None else (room,))
        for entry in importlib.metadata.entry_points(group=_GROUP + one)
    ]
    return tuple(sorted(found, key=lambda engine: (ROOMS.index(engine.room), engine.name)))


def engine_named(room: str, name: str) -> DeclaredEngine:
    """Find one engine.

    Raises:
        InputError: The room has no engine of that name; the message lists those it has.
    """
    engines = {engine.name: engine for engine in declared(room)}
    if name not in engines:
        known = ", ".join(engines) or "none"
        message = f"There is no {room} engine {name!r}. Installed are: {known}."
        raise InputError(message)
    return engines[name]
