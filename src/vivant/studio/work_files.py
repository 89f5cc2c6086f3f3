"""Finds the work files that were made of a person: in the store, among the notes of films, among learned voices."""

from __future__ import annotations

import json
import re
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from vivant.errors import InputError
from vivant.film.half_made import left_half_made
from vivant.film.keeping import LARGEST_BYTES
from vivant.places import Places
from vivant.studio.store import Kept, Store
from vivant.voice.profiles import list_profiles, load_profile, profile_path

KINDS = {
    ".rig": "rig",
    ".petrig": "rig of an animal",
    ".relief": "print",
    ".shot.mp4": "shot",
    ".account.json": "account of a shot",
    ".speech": "line",
}
"""What endings in the store mean; the others hold nobody's likeness, voice or words."""
_TEMPORARY = re.compile(r"vivant-(shots-)?[a-z0-9_]{8}")
"""How ``tempfile`` calls the folders of ours."""
NOTES, VOICE, HALF = "notes of a film", "voice", "half-written file"
HALF_WRITTEN_FOR = timedelta(days=1)
"""A hidden file in the store is left by a killed process when nobody touched it for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFile:
    """A file that was made of somebody."""

    kind: str
    path: Path
    bytes: int


def work_files_of(consent_id: str, *, places: Places) -> tuple[WorkFile, ...]:
    """List what was made under a consent and still lies on this machine, the consent's record aside."""
    kept = Store.in_places(places).owned_by(consent_id)
    return (
        *(_in_store(one) for one in kept),
        *(_file(NOTES, path) for path, facts in _notes(places) if consent_id in named_in(facts)),
        *(_file(VOICE, path) for path in _voices(consent_id, places)),
        *(
            _file(HALF, path)
            for left in left_half_made(places)
            if consent_id in left.consents
            for path in left.files
        ),
    )


def old_work_files(
    *, unused_since: datetime, now: datetime, places: Places
) -> tuple[WorkFile, ...]:
    """List what was not used since a moment, whosever it is, and what killed processes left half written.

    Learned voices stay: they are kept on purpose, until they are forgotten or their consent ends.
    """
    found = []
    half = (now - HALF_WRITTEN_FOR).timestamp()
    for kept in Store.in_places(places).everything():
        if kept.path.name.startswith("."):
            if kept.used_s < half:
                found.append(WorkFile(kind=HALF, path=kept.path, bytes=kept.bytes))
        elif kept.used_s < unused_since.timestamp() and _kind_of(kept.path) is not None:
            found.append(_in_store(kept))
    found += [WorkFile(kind=HALF, path=one.path, bytes=one.bytes) for one in _left_beside(half)]
    for left in left_half_made(places):
        if all(path.stat().st_mtime < half for path in left.files):
            found += [_file(HALF, path) for path in left.files]
    old = unused_since.timestamp()
    notes = (path for path, _ in _notes(places) if path.stat().st_mtime < old)
    return (*found, *(_file(NOTES, path) for path in notes))


def _left_beside(half_s: float) -> Iterator[Kept]:
    """Find what killed processes left in temporary folders of theirs: only in such, and only what is a work file."""
    for folder in Path(tempfile.gettempdir()).glob("vivant-*"):
        if _TEMPORARY.fullmatch(folder.name) is None or folder.is_symlink():
            continue
        for path in folder.glob("*"):
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode) and _kind_of(path) and facts.st_mtime < half_s:
                yield Kept(path=path, bytes=facts.st_size, used_s=facts.st_mtime)


def _in_store(kept: Kept) -> WorkFile:
    return WorkFile(kind=_kind_of(kept.path) or "work file", path=kept.path, bytes=kept.bytes)


def _kind_of(path: Path) -> str | None:
    return next((kind for ending, kind in KINDS.items() if path.name.endswith(ending)), None)


def _file(kind: str, path: Path) -> WorkFile:
    return WorkFile(kind=kind, path=path, bytes=path.stat().st_size)


def _voices(consent_id: str, places: Places) -> Iterator[Path]:
    for name in list_profiles(places=places):
        try:
            if load_profile(name, places=places).consent_id == consent_id:
                yield profile_path(name, places=places)
        except InputError:  # damaged: nobody can tell whose it is
            continue


def _notes(places: Places) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((places.data / "films").glob("*.json")):
        try:
            facts = json.loads(path.read_bytes()) if path.stat().st_size <= LARGEST_BYTES else {}
        except (OSError, ValueError, RecursionError):
            facts = {}
        yield path, facts if isinstance(facts, dict) else {}


def named_in(facts: dict[str, Any]) -> frozenset[str]:
    """Name the consents in a film's notes: the picture's, the voices', everybody's."""
    record = facts.get("record")
    recipe = record.get("recipe") if isinstance(record, dict) else None
    return frozenset(_consents(recipe)) if isinstance(recipe, dict) else frozenset()


def _consents(thing: object) -> Iterator[str]:
    if isinstance(thing, dict):
        for name, value in thing.items():
            if name in ("consent_id", "record_id") and isinstance(value, str):
                yield value
            else:
                yield from _consents(value)
    elif isinstance(thing, list):
        for one in thing:
            yield from _consents(one)
