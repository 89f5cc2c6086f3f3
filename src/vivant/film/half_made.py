"""Films and sounds while they are made. A half-made one shows somebody too: what a killed process leaves of it is found again.

Until the file has its name, a note in the data folder tells where it grows and of whom. The note goes with the run that
wrote it, however that ends; only a run that is killed leaves both, for ``vivant erase``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vivant.media.files import is_being_written, unfinished
from vivant.places import Places
from vivant.provenance.safekeeping import canonical, write_private

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfMade:
    """Where a film or a sound grows."""

    to: Path
    """Where it will be when it is whole."""
    finished: Path
    """Where it is to be written, signed."""
    unsigned: Path
    """Where it is written before that."""
    note: Path

    def shows(self, consents: Sequence[str]) -> None:
        """Remember of whom it is made; call it before anything of them is written.

        Args:
            consents: Ids of the consents of everybody who is seen or heard.

        Raises:
            ResourceError: The data folder cannot be written.
        """
        files = [str(one.absolute()) for one in (self.unsigned, self.finished)]
        facts = {"to": str(self.to.absolute()), "files": files, "consents": list(consents)}
        write_private(self.note, canonical(facts) + b"\n")


@contextmanager
def half_made(to: Path, *, places: Places, expected_bytes: int = 0) -> Iterator[HalfMade]:
    """Make a film or a sound that appears whole or not at all; see ``media.files.unfinished`` for how, and for errors.

    Args:
        to: Where it will be.
        places: Where the note is kept.
        expected_bytes: What it will take at least, if that is known.
    """
    note = _folder(places) / f"{secrets.token_hex(8)}.json"
    try:
        with unfinished(to, expected_bytes=expected_bytes) as finished:
            unsigned = finished.with_name(f"{finished.stem}.unsigned{finished.suffix}")
            try:
                yield HalfMade(to=to, finished=finished, unsigned=unsigned, note=note)
            finally:
                unsigned.unlink(missing_ok=True)
    finally:
        note.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a killed run left."""

    consents: frozenset[str]
    files: tuple[Path, ...]
    """The half-made files that are there, and the note about them."""


def left_half_made(places: Places) -> Iterator[Left]:
    """Find what killed runs left; what is being written right now is none of it."""
    for note in sorted(_folder(places).glob("*.json")):
        try:
            facts = json.loads(note.read_bytes()[:_MOST_BYTES])
            to, consents = Path(facts["to"]), frozenset(map(str, facts["consents"]))
            files = [Path(one) for one in facts["files"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        if is_being_written(to):
            continue
        # a note that somebody changed must not have other files erased
        ours = (
            one
            for one in files
            if one.parent == to.parent and one.name.startswith(f".{to.stem}.unfinished.")
        )
        left = (one for one in ours if one.is_file())
        yield Left(consents=consents, files=(*left, note))


def _folder(places: Places) -> Path:
    return places.data / "half-made"
