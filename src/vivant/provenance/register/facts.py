"""Where the register's facts lie: one SQLite file that only its owner may read.

What was noted is on the disk when the call returns, whole or not at all, and several processes may write at
once. Content that is erased is overwritten with zeros in the file.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

import numpy as np
from jaxtyping import UInt32

from vivant.errors import ConsentError, PapersError, ResourceError
from vivant.provenance.register.entry import HASH_BYTES, OF_INNERS, Entry, Fingerprints, State
from vivant.provenance.safekeeping import private_folder

SCHEMA = 2
"""Version of the tables; a newer one is not touched. In the first, ``OF_INNERS`` marked hashes of a larger part, which
nothing looks up any more: they are dropped."""
PATIENCE_S = 30.0
"""How long a writer waits for another."""
_TABLES = """
CREATE TABLE made (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    made_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    record_sha256 TEXT NOT NULL,
    made_at TEXT NOT NULL,
    seconds REAL NOT NULL,
    consent_ids TEXT NOT NULL
);
CREATE TABLE files (sha256 TEXT PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX files_of ON files (number);
CREATE TABLE prints (number INTEGER PRIMARY KEY, pictures BLOB NOT NULL, seconds BLOB NOT NULL, sound BLOB NOT NULL);
"""
_COLUMNS = (
    "number, made_id, kind, state, record_sha256, made_at, seconds, consent_ids, "
    "(SELECT sha256 FROM files WHERE files.number = made.number ORDER BY at DESC LIMIT 1)"
)
_ORDER: tuple[State, ...] = ("made", "withdrawn", "erased")


class RegisterError(PapersError):
    """The register was damaged, or is of a newer Vivant."""

    code = "papers.register"


class WithdrawnFilmError(ConsentError):
    """The same film was made before and withdrawn; it is not made again."""

    code = "consent.film-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbered:
    """An entry's place in the register, and what it looks and sounds like."""

    number: int
    prints: Fingerprints


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The tables in one file. Threads and processes may use them at once."""

    path: Path

    def note(self, entry: Entry, prints: Fingerprints) -> int:
        """Write an entry down, and return its number when it is on the disk.

        The same film made again keeps its number and its prints, and gets one more file.

        Raises:
            WithdrawnFilmError: It was withdrawn.
            ResourceError: The disk is full, or the folder cannot be written.
            RegisterError: The file is damaged.
        """
        (number,) = self.note_all([(entry, prints)])
        return number

    def note_all(self, noted: Iterable[tuple[Entry, Fingerprints]]) -> list[int]:
        """Write many entries down, all of them or none; see ``note``."""
        with self._writing() as tables:
            return [_noted(tables, entry, prints) for entry, prints in noted]

    def set_state(self, made_id: str, state: Literal["withdrawn", "erased"]) -> bool:
        """Note that a film was withdrawn or erased; tells whether it is known. A state never goes back.

        Of an erased film only its id, its hashes and its state stay; the rest is overwritten.
        """
        if not self.path.exists():
            return False
        with self._writing() as tables:
            found = tables.execute("SELECT state FROM made WHERE made_id = ?", [made_id]).fetchone()
            if found is None:
                return False
            if _ORDER.index(found[0]) < _ORDER.index(state):
                tables.execute("UPDATE made SET state = ? WHERE made_id = ?", [state, made_id])
            if state == "erased":
                tables.execute(
                    "UPDATE made SET record_sha256 = '', made_at = '', seconds = 0, consent_ids = '[]' "
                    "WHERE made_id = ?",
                    [made_id],
                )
        return True

    def by_id(self, made_id: str) -> Entry | None:
        """Find a film or sound by its id."""
        return self._one("made_id = ?", made_id)

    def by_file(self, sha256: str) -> Entry | None:
        """Find a film or sound by the hash of the delivered file."""
        return self._one("number = (SELECT number FROM files WHERE sha256 = ?)", sha256)

    def by_number(self, number: int) -> Entry | None:
        """Find a film or sound by its place."""
        return self._one("number = ?", number)

    def _one(self, where: str, value: str | int) -> Entry | None:
        with self._reading() as tables:
            if tables is None:
                return None
            row = tables.execute(
                f"SELECT {_COLUMNS} FROM made WHERE {where}",  # noqa: S608 - our own words
                [value],
            ).fetchone()
            return None if row is None else _entry_of(row)

    def sound_of(self, number: int) -> UInt32[np.ndarray, " subprints"] | None:
        """Read what a film sounds like."""
        with self._reading() as tables:
            if tables is None:
                return None
            asked = "SELECT sound FROM prints WHERE number = ?"
            row = tables.execute(asked, [number]).fetchone()
            return None if row is None else np.frombuffer(row[0], "<u4").astype(np.uint32)

    def count(self) -> int:
        """Tell how many films and sounds are known, whatever their state."""
        with self._reading() as tables:
            if tables is None:
                return 0
            return int(tables.execute("SELECT count(*) FROM made").fetchone()[0])

    def last(self) -> int:
        """Tell the highest number given so far; 0 before the first."""
        with self._reading() as tables:
            if tables is None:
                return 0
            return int(tables.execute("SELECT coalesce(max(number), 0) FROM prints").fetchone()[0])

    def after(
        self, number: int, *, to: int | None = None, with_sound: bool = True
    ) -> Iterator[Numbered]:
        """Read what films look and sound like, in order, from the one after a number to another."""
        with self._reading() as tables:
            if tables is None:
                return
            sound = "sound" if with_sound else "x''"
            is_old = _version_of(tables) < SCHEMA
            rows = tables.execute(
                f"SELECT number, pictures, seconds, {sound} FROM prints "  # noqa: S608 - our own words
                "WHERE number > ? AND number <= ? ORDER BY number",
                [number, (1 << 62) if to is None else to],
            )
            for found, pictures, seconds, heard in rows:
                hashes = np.frombuffer(pictures, np.uint8).reshape(-1, HASH_BYTES)
                moments = np.frombuffer(seconds, "<u4").astype(np.uint32)
                inner = moments >= OF_INNERS
                known = inner & (not is_old)
                prints = Fingerprints(
                    pictures=hashes[~inner],
                    seconds=moments[~inner],
                    sound=np.frombuffer(heard, "<u4").astype(np.uint32),
                    inners=hashes[known],
                    inner_seconds=moments[known] ^ OF_INNERS,
                )
                yield Numbered(number=int(found), prints=prints)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self.path.exists():
            yield None
            return
        with _explained(self.path), _connected(self.path) as tables:
            yield tables if _is_ready(tables, self.path) else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        private_folder(self.path.parent)
        with _explained(self.path):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            with _connected(self.path) as tables:
                tables.execute("PRAGMA synchronous = FULL")
                tables.execute("PRAGMA secure_delete = ON")
                tables.execute("BEGIN IMMEDIATE")
                try:
                    if not _is_ready(tables, self.path):
                        for one in _TABLES.split(";"):
                            tables.execute(one)
                        tables.execute(f"PRAGMA user_version = {SCHEMA}")
                    elif _version_of(tables) < SCHEMA:
                        _drop_old_inners(tables)
                        tables.execute(f"PRAGMA user_version = {SCHEMA}")
                    yield tables
                    tables.execute("COMMIT")
                except BaseException:
                    if tables.in_transaction:
                        tables.execute("ROLLBACK")
                    raise


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    tables = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)
    try:
        yield tables
    finally:
        tables.close()


def _is_ready(tables: sqlite3.Connection, path: Path) -> bool:
    version = _version_of(tables)
    if version > SCHEMA:
        message = f"The register {path} is of a newer Vivant (tables {version}, known {SCHEMA}). Use that one."
        raise RegisterError(message)
    return version > 0


def _version_of(tables: sqlite3.Connection) -> int:
    return int(tables.execute("PRAGMA user_version").fetchone()[0])


def _drop_old_inners(tables: sqlite3.Connection) -> None:
    """Drop the hashes of what the first version took for the inner part."""
    for (number,) in tables.execute("SELECT number FROM prints").fetchall():
        pictures, seconds = tables.execute(
            "SELECT pictures, seconds FROM prints WHERE number = ?", [number]
        ).fetchone()
        moments = np.frombuffer(seconds, "<u4")
        whole = moments < OF_INNERS
        if not whole.all():
            hashes = np.frombuffer(pictures, np.uint8).reshape(-1, HASH_BYTES)[whole]
            tables.execute(
                "UPDATE prints SET pictures = ?, seconds = ? WHERE number = ?",
                [hashes.tobytes(), moments[whole].tobytes(), number],
            )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = (
            f"The register {path} cannot be used ({error}). Free some space, or mend the folder's "
            f"permissions, and try again."
        )
        raise ResourceError(message) from error
    except sqlite3.DatabaseError as error:
        message = f"The register {path} is damaged ({error}). Restore it from a backup."
        raise RegisterError(message) from error
    except OSError as error:
        message = (
            f"The register {path} cannot be written ({error.strerror}). Free some space, or mend the "
            f"folder's permissions."
        )
        raise ResourceError(message) from error


def _noted(tables: sqlite3.Connection, entry: Entry, prints: Fingerprints) -> int:
    found = tables.execute(
        "SELECT number, state FROM made WHERE made_id = ?", [entry.made_id]
    ).fetchone()
    if found is not None and found[1] != "made":
        message = (
            f"The {entry.kind} {entry.made_id} was made before and is {found[1]}; the same is not made "
            f"again. Ask those who took it back."
        )
        raise WithdrawnFilmError(message)
    number = _written(tables, entry, None if found is None else int(found[0]))
    if found is None:
        hashes, moments = prints.all_pictures()
        seconds, sound = (part.astype("<u4").tobytes() for part in (moments, prints.sound))
        tables.execute(
            "INSERT INTO prints VALUES (?, ?, ?, ?)", [number, hashes.tobytes(), seconds, sound]
        )
    (at,) = tables.execute(
        "SELECT coalesce(max(at), 0) + 1 FROM files WHERE number = ?", [number]
    ).fetchone()
    tables.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", [entry.file_sha256, number, at])
    return number


def _written(tables: sqlite3.Connection, entry: Entry, number: int | None) -> int:
    made_at = "" if entry.made_at is None else entry.made_at.astimezone(UTC).isoformat()
    facts = [
        entry.kind, entry.state, entry.record_sha256, made_at, entry.seconds,
        json.dumps(entry.consent_ids),
    ]  # fmt: skip
    if number is None:
        row = tables.execute(
            "INSERT INTO made (made_id, kind, state, record_sha256, made_at, seconds, consent_ids) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [entry.made_id, *facts],
        )
        return int(row.lastrowid or 0)
    tables.execute(
        "UPDATE made SET kind = ?, state = ?, record_sha256 = ?, made_at = ?, seconds = ?, "
        "consent_ids = ? WHERE number = ?",
        [*facts, number],
    )
    return number


def _entry_of(row: tuple[object, ...]) -> Entry:
    _, made_id, kind, state, record_sha256, made_at, seconds, consent_ids, file_sha256 = row
    moment = str(made_at)
    return Entry(
        made_id=str(made_id),
        kind=cast("Literal['film', 'sound']", kind),
        file_sha256=str(file_sha256 or ""),
        record_sha256=str(record_sha256),
        made_at=datetime.fromisoformat(moment) if moment else None,
        seconds=float(cast("float", seconds)),
        consent_ids=tuple(json.loads(str(consent_ids))),
        state=cast("State", state),
    )
