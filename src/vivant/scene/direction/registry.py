"""All directions by name."""

from __future__ import annotations

import difflib
from functools import cache

from vivant.errors import InputError
from vivant.scene.direction.call import Direction


class UnknownActionError(InputError):
    """A storyboard names an action that does not exist."""

    code = "scene.unknown-action"


@cache
def directions() -> dict[str, Direction]:
    """Give all directions by name."""
    from vivant.scene.direction import (  # noqa: PLC0415 - when a film is staged
        a_word,
        album,
        becoming,
        children,
        pets,
        stairway,
        together,
        welcome,
        wings,
        younger,
    )

    rooms = (
        stairway, a_word, album, becoming, together, younger, children, wings, welcome, pets,
    )  # fmt: skip
    return {name: direction for room in rooms for name, direction in room.DIRECTIONS.items()}


def direction_named(name: str) -> Direction:
    """Find a direction.

    Raises:
        UnknownActionError: There is none of that name.
    """
    known = directions()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        message = f"There is no action called {name!r}; there are {', '.join(sorted(known))}.{hint}"
        raise UnknownActionError(message)
    return known[name]
