"""Films are put on shelves as they come: small shelves first, and many small ones become a larger one.

So adding a film costs the same however many there are, but for now and then: the last of 256 films puts all
of them on a shelf, and the last of eight shelves of one size makes one of them.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from vivant.provenance.register.facts import Facts
from vivant.provenance.register.shelf import SUFFIX, Shelf, shelves_in
from vivant.provenance.safekeeping import locked, private_folder

SMALLEST_FILMS = 256
"""Films on the smallest shelf; as many at most are on none."""
GROWS = 8
"""So many shelves of one size become one."""
LARGEST_FILMS = SMALLEST_FILMS * GROWS**2
"""No shelf holds more: putting up one takes seconds and some hundred megabytes of memory at most."""


def stack(
    facts: Facts, folder: Path, *, smallest: int = SMALLEST_FILMS, largest: int = LARGEST_FILMS
) -> None:
    """Put films on shelves where enough are on none; another process that does so is waited for.

    Raises:
        ResourceError: The disk is full, or the folder cannot be written.
    """
    if facts.last() - _shelved(folder) < smallest:
        return
    private_folder(folder)
    with locked(folder.parent / "shelves.lock"):
        while facts.last() - _shelved(folder) >= smallest:
            first, last = _next_run(folder, facts.last(), smallest, largest)
            shelf = Shelf.of(
                facts.after(first - 1, to=last), first=first, last=last, with_bands=True
            )
            kept = shelf.write(folder)
            _cleared(folder, kept, first, last)


def _shelved(folder: Path) -> int:
    shelves = shelves_in(folder)
    return shelves[-1][1] if shelves else 0


def _next_run(folder: Path, newest: int, smallest: int, largest: int) -> tuple[int, int]:
    """Tell from which to which film the next shelf goes, with those before it of its size taken in."""
    shelves = shelves_in(folder)
    first = _shelved(folder) + 1
    size = smallest
    while size < largest and newest - first + 1 >= size * GROWS:
        size *= GROWS
    last = first + size - 1
    while size < largest:
        equals: list[int] = []
        for begins, ends, _ in reversed(shelves):
            if ends - begins + 1 != size or len(equals) == GROWS - 1:
                break
            equals.append(begins)
        if len(equals) < GROWS - 1:
            break
        first = equals[-1]
        shelves = [one for one in shelves if one[1] < first]
        size *= GROWS
    return first, last


def _cleared(folder: Path, kept: Path, first: int, last: int) -> None:
    """Remove shelves whose films are all on a newer one, and older Vivants'; one that is still open may stay."""
    gone = list(folder.glob("*.shelf"))
    for path in folder.glob(f"*{SUFFIX}"):
        begins, _, ends = path.stem.partition("-")
        if path != kept and first <= int(begins) and int(ends) <= last:
            gone.append(path)
    for path in gone:
        with contextlib.suppress(OSError):
            path.unlink()
