"""Who plays in a shot, by name; and things by name that are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from vivant.scene.shot import Bust, Photograph, Shot, Walker

Made = TypeVar("Made")


class OnDemand(Mapping[str, Made]):
    """Things by name that are read when they are asked for, and not kept: a rig is larger than what is drawn of it."""

    def __init__(self, keys: Sequence[str], read: Callable[[str], Made]) -> None:
        self._keys, self._read = tuple(keys), read

    def __getitem__(self, key: str) -> Made:
        if key not in self._keys:
            raise KeyError(key)
        return self._read(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def living_in(shot: Shot) -> tuple[str, ...]:
    """Name the rigs that a shot shows."""
    keys = [
        key
        for one in shot.presences
        if isinstance(one, Bust)
        for key in (one.person, one.becomes)
        if key is not None
    ]
    return tuple(dict.fromkeys(keys))


def figures_in(shot: Shot) -> tuple[str, ...]:
    """Name the figures that a shot shows."""
    return tuple(dict.fromkeys(one.person for one in shot.presences if isinstance(one, Walker)))


def prints_in(shot: Shot) -> tuple[str, ...]:
    """Name the prints that a shot shows."""
    return tuple(dict.fromkeys(one.photo for one in shot.presences if isinstance(one, Photograph)))
