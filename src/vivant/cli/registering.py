"""The work behind ``vivant register``."""

from __future__ import annotations

import re
from pathlib import Path

from vivant.errors import InputError
from vivant.film.fingerprints import find_file
from vivant.places import Places
from vivant.provenance.register.entry import Entry, Match
from vivant.provenance.register.register import Register
from vivant.settings import hush_native_libraries

_ID = re.compile(r"[0-9a-f]{16}")


def matches_of(what: str, *, places: Places) -> tuple[Match, ...]:
    """Find by a file; or, where there is none of that name, by an id.

    Raises:
        InputError: It is neither.
    """
    path = Path(what)
    if path.is_file():
        hush_native_libraries()
        return find_file(path, places=places)
    if not _ID.fullmatch(what):
        message = "There is no file of that name, and it is no id of 16 hex digits. Check the path."
        raise InputError(message)
    entry = Register.in_places(places).by_id(what)
    if entry is None:
        return ()
    why = f"The {entry.kind} {entry.made_id} is registered here."
    return (Match(entry=entry, by="watermark", score=1.0, why=why),)


def entry_of(made_id: str, *, places: Places) -> Entry:
    """Look an id up.

    Raises:
        InputError: It is no id, or nothing here has it.
    """
    entry = Register.in_places(places).by_id(made_id) if _ID.fullmatch(made_id) else None
    if entry is None:
        message = "Nothing here has that id. An id is 16 hex digits; vivant verify tells a film's."
        raise InputError(message)
    return entry


def lines_of(entry: Entry) -> list[str]:
    """Tell an entry for people."""
    lines = [f"{entry.kind} {entry.made_id}: {entry.state}", f"file    {entry.file_sha256}"]
    if entry.record_sha256:
        lines.append(f"record  {entry.record_sha256}")
    if entry.made_at is not None:
        lines.append(f"made    {entry.made_at.isoformat()}, {entry.seconds:.1f} s")
    lines += [f"consent {one}" for one in entry.consent_ids]
    return lines
