"""How long work tells its caller where it is, and hears that it should stop."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Watch(Protocol):
    """Called by work as it goes; raises ``KeyboardInterrupt`` or another error to stop it."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Hear that ``done`` of ``total`` steps of ``what`` are finished."""


def unwatched(what: str, done: int, total: int, /) -> None:
    """Watch nothing."""
