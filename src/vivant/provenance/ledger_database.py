"""A ledger's lines in a database: SQLite here, or whatever else speaks Python's DB-API, such as PostgreSQL.

The lines are the same, byte by byte, as in a file, and are checked in the same way. The row of the head is locked
first, so that writers wait for each other; lines, their ids for searching, and the head are written in one transaction.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from vivant.errors import ResourceError
from vivant.provenance.ledger_lines import opened
from vivant.provenance.ledger_stores import LedgerWriting
from vivant.provenance.safekeeping import private_folder

PATIENCE_S = 30.0
"""How long a writer waits for others."""
_SUBJECT = re.compile(r"[0-9a-f]{16,64}")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS vivant_ledger (number BIGINT PRIMARY KEY, line TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS vivant_ledger_subjects "
    "(subject VARCHAR(64) NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (subject, number))",
    "CREATE TABLE IF NOT EXISTS vivant_ledger_head (id INTEGER PRIMARY KEY, head TEXT)",
)
_ROWS = 1000


@runtime_checkable
class Cursor(Protocol):
    """What is asked of a DB-API cursor."""

    def execute(self, ask: str, values: Sequence[object] = ..., /) -> object:
        """Run a statement."""

    def executemany(self, ask: str, values: Sequence[Sequence[object]], /) -> object:
        """Run a statement for each row."""

    def fetchone(self) -> Sequence[Any] | None:
        """Give the next row."""

    def fetchall(self) -> Sequence[Any]:
        """Give the other rows."""

    def close(self) -> None:
        """Let it go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStore:
    """Lines in three tables of a database."""

    connect: Callable[[], Any]
    """Opens a DB-API connection that is not in autocommit mode; closed after each use."""
    paramstyle: Literal["qmark", "format", "pyformat"] = "qmark"
    """How the driver marks values: ``?`` or ``%s``."""
    errors: type[Exception] | tuple[type[Exception], ...] = sqlite3.Error
    """What the driver raises."""
    name: str = "the database"
    """What messages call it; no address, no password."""

    def make_tables(self) -> None:
        """Make the tables that are not there yet.

        Raises:
            ResourceError: The database cannot be written.
        """
        with self._connected() as cursor:
            for table in _TABLES:
                cursor.execute(table)
            _lock(cursor)

    @contextmanager
    def writing(self) -> Iterator[LedgerWriting]:
        """Hold the ledger: the row of the head is locked until the transaction ends."""
        with self._connected() as cursor:
            _lock(cursor)
            yield _DatabaseWriting(store=self, cursor=cursor)

    def lines(self) -> Iterator[bytes]:
        """Give every line in order, some at a time."""
        for rows in self._batches():
            yield from (_bytes(line).removesuffix(b"\n") + b"\n" for _, line in rows)

    def _batches(self) -> Iterator[list[tuple[int, str]]]:
        ask = "SELECT number, line FROM vivant_ledger WHERE number > {} ORDER BY number LIMIT {}"
        with self._connected() as cursor:
            after = -(1 << 62)  # a forged line may call itself anything
            while True:
                cursor.execute(self._marked(ask), (after, _ROWS))
                rows = [(int(number), line) for number, line in cursor.fetchall()]
                if not rows:
                    return
                yield rows
                after = rows[-1][0]

    def lines_with(self, subject: str) -> Iterator[bytes]:
        """Give the lines in which an id or a hash stands."""
        ask = (
            "SELECT l.line FROM vivant_ledger_subjects s JOIN vivant_ledger l ON l.number = s.number "
            "WHERE s.subject = {} ORDER BY s.number"
        )
        with self._connected() as cursor:
            cursor.execute(self._marked(ask), (subject,))
            found = [_bytes(row[0]) for row in cursor.fetchall()]
        yield from found

    def last(self) -> bytes | None:
        """Give the last line."""
        with self._connected() as cursor:
            return last_in(cursor)

    def head(self) -> bytes | None:
        """Give the head."""
        with self._connected() as cursor:
            return head_in(cursor)

    def mark(self) -> object:
        """Give the last line's number and the head."""
        with self._connected() as cursor:
            cursor.execute("SELECT MAX(number) FROM vivant_ledger")
            return cursor.fetchone(), head_in(cursor)

    def unindexed(self) -> int | None:
        """Give the first line that is not found by every id that stands in it: somebody took it out of the index."""
        ask = "SELECT subject, number FROM vivant_ledger_subjects WHERE number BETWEEN {} AND {}"
        for rows in self._batches():
            with self._connected() as cursor:
                cursor.execute(self._marked(ask), (rows[0][0], rows[-1][0]))
                known = {(str(subject), int(number)) for subject, number in cursor.fetchall()}
            for number, line in rows:
                if any((one, number) not in known for one in subjects_in(_bytes(line))):
                    return number
        return None

    def _marked(self, ask: str) -> str:
        return ask.format(*["?" if self.paramstyle == "qmark" else "%s"] * ask.count("{}"))

    @contextmanager
    def _connected(self) -> Iterator[Cursor]:
        """Open a connection for one transaction."""
        try:
            with closing(self.connect()) as connection:
                try:
                    with closing(connection.cursor()) as cursor:
                        yield cursor
                    connection.commit()
                except BaseException:
                    connection.rollback()
                    raise
        except self.errors as error:
            message = (
                f"The ledger in {self.name} cannot be used ({type(error).__name__}: {error}). Check that "
                f"the database runs, has room, and may be written to."
            )
            raise ResourceError(message) from error


@dataclass(slots=True, kw_only=True)
class _DatabaseWriting:
    store: DatabaseStore
    cursor: Cursor
    torn: bytes = b""

    def last(self) -> bytes | None:
        """Give the last line."""
        return last_in(self.cursor)

    def head(self) -> bytes | None:
        """Give the head."""
        return head_in(self.cursor)

    def put(self, lines: Sequence[bytes], head: bytes) -> None:
        """Add lines; the transaction makes it all or nothing."""
        marked = self.store._marked  # noqa: SLF001 - its own writer
        rows = [(entry.number, line) for line in lines if (entry := opened(line)) is not None]
        self.cursor.executemany(
            marked("INSERT INTO vivant_ledger (number, line) VALUES ({}, {})"),
            [(number, line.decode()) for number, line in rows],
        )
        self.cursor.executemany(
            marked("INSERT INTO vivant_ledger_subjects (subject, number) VALUES ({}, {})"),
            [(subject, number) for number, line in rows for subject in subjects_in(line)],
        )
        self.cursor.execute(
            marked("UPDATE vivant_ledger_head SET head = {} WHERE id = 1"), (head.decode(),)
        )


def sqlite_store(path: Path) -> DatabaseStore:
    """Keep a ledger in an SQLite file, made when it is not there.

    Raises:
        ResourceError: It cannot be made here.
    """
    private_folder(path.parent)

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=PATIENCE_S)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    store = DatabaseStore(connect=connect, name=str(path))
    if not path.is_file():
        store.make_tables()
        path.chmod(0o600)
    return store


def subjects_in(line: bytes) -> tuple[str, ...]:
    """Name the ids and hashes that stand in a line's facts."""
    entry = opened(line)
    return () if entry is None else tuple(dict.fromkeys(_subjects(entry.facts.values())))


def _subjects(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str) and _SUBJECT.fullmatch(value):
            yield value
        elif isinstance(value, list):
            yield from _subjects(value)
        elif isinstance(value, dict):
            yield from _subjects(value.values())


def _lock(cursor: Cursor) -> None:
    """Lock the row of the head until the transaction ends; make it where there is none, since nothing locks what is not there."""
    cursor.execute("UPDATE vivant_ledger_head SET id = id WHERE id = 1")
    cursor.execute("SELECT COUNT(*) FROM vivant_ledger_head WHERE id = 1")
    row = cursor.fetchone()
    if row is None or not row[0]:
        cursor.execute("INSERT INTO vivant_ledger_head (id, head) VALUES (1, NULL)")


def last_in(cursor: Cursor) -> bytes | None:
    """Read the last line."""
    cursor.execute("SELECT line FROM vivant_ledger ORDER BY number DESC LIMIT 1")
    row = cursor.fetchone()
    return None if row is None else _bytes(row[0]).removesuffix(b"\n")


def head_in(cursor: Cursor) -> bytes | None:
    """Read the head."""
    cursor.execute("SELECT head FROM vivant_ledger_head WHERE id = 1")
    row = cursor.fetchone()
    return None if row is None or row[0] is None else _bytes(row[0])


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
