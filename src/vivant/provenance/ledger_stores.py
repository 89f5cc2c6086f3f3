"""Where a ledger's lines are kept. A store knows nothing of what they say: it adds one at a time, and finds them."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, Protocol, runtime_checkable

from vivant.errors import ResourceError
from vivant.provenance.ledger_lines import LONGEST_LINE_BYTES, LedgerError, opened
from vivant.provenance.ledger_search import Search
from vivant.provenance.safekeeping import locked

_TAIL_BYTES = 2 * LONGEST_LINE_BYTES


@runtime_checkable
class LedgerWriting(Protocol):
    """A ledger while one writer holds it; others wait."""

    @property
    def torn(self) -> bytes:
        """A last line that was never finished; set aside already, so that it is not lost."""

    def last(self) -> bytes | None:
        """Give the last whole line; nothing of an empty ledger."""

    def head(self) -> bytes | None:
        """Give what is remembered of the end; nothing when there is no head."""

    def put(self, lines: Sequence[bytes], head: bytes) -> None:
        """Add lines and remember the new end: both or neither, and on the disk when this returns.

        Raises:
            OSError: It cannot be written; nothing was added.
        """


@runtime_checkable
class LedgerStore(Protocol):
    """Keeps lines in order, and one head."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def writing(self) -> AbstractContextManager[LedgerWriting]:
        """Hold the ledger for writing.

        Raises:
            ResourceError: It cannot be written here.
        """

    def lines(self) -> Iterator[bytes]:
        """Give every line in order; the last may lack its newline."""

    def lines_with(self, subject: str) -> Iterator[bytes]:
        """Give the lines that hold an id or a hash, in order."""

    def last(self) -> bytes | None:
        """Give the last whole line."""

    def head(self) -> bytes | None:
        """Give what is remembered of the end."""

    def mark(self) -> object:
        """Give something that is another whenever a line was added."""

    def unindexed(self) -> int | None:
        """Give the first line that ``lines_with`` would miss; nothing when it misses none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStore:
    """Lines in one file, ``ledger.jsonl``; the head beside it. Threads and processes may write at once."""

    folder: Path

    @property
    def path(self) -> Path:
        """The lines."""
        return self.folder / "ledger.jsonl"

    @property
    def head_path(self) -> Path:
        """What is remembered of the end."""
        return self.folder / "ledger.head"

    @property
    def next_path(self) -> Path:
        """The head to be, while a line is written."""
        return self.folder / "ledger.next"

    @property
    def name(self) -> str:
        """Where it lies."""
        return str(self.path)

    @contextmanager
    def writing(self) -> Iterator[LedgerWriting]:
        """Hold the ledger; a torn last line is set aside."""
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(locked(self.folder / "ledger.lock"))
                file = held.enter_context(self.path.open("a+b", buffering=0))
                self.path.chmod(0o600)
                writing = _FileWriting(store=self, file=file)
                writing.set_torn_aside()
            except OSError as error:
                raise self._cannot(error) from error
            try:
                yield writing
            except OSError as error:
                raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> ResourceError:
        message = (
            f"The ledger {self.path} cannot be written ({error.strerror}). Free some space, or mend "
            f"the folder's permissions."
        )
        return ResourceError(message)

    def lines(self) -> Iterator[bytes]:
        """Give every line in order; what is longer than a line may be comes in pieces."""
        with self._open() as file:
            if file is not None:
                while line := file.readline(LONGEST_LINE_BYTES):
                    yield line

    def lines_with(self, subject: str) -> Iterator[bytes]:
        """Search the bytes, and cut out whole lines: some 50 ms for 100,000 lines, and next to nothing the next time."""
        with self._open() as file:
            if file is None:
                return
            found, rest = _searched(self.path).search(file, subject)
        yield from found
        yield from rest

    def last(self) -> bytes | None:
        """Read the last whole line from the end of the file."""
        with self._open() as file:
            return None if file is None else _last_of(_tail_of(file))[0]

    def head(self) -> bytes | None:
        """Read the head; where a writer was killed before it put the new one in place, that one."""
        fresh = _read(self.next_path)
        if fresh is not None:
            last = opened(self.last() or b"")
            if last is not None and _sha256_in(fresh) == last.sha256:
                return fresh
        return _read(self.head_path)

    def mark(self) -> object:
        """Give the file's size and identity."""
        try:
            facts = self.path.stat()
        except OSError:
            return None
        return facts.st_size, facts.st_ino

    def unindexed(self) -> int | None:
        """Miss none: a file has no index."""
        return None

    @contextmanager
    def _open(self) -> Iterator[IO[bytes] | None]:
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            yield None
            return
        except OSError as error:
            message = (
                f"The ledger {self.path} cannot be read ({error.strerror}). Mend its permissions."
            )
            raise ResourceError(message) from error
        with file:
            yield file


@dataclass(slots=True, kw_only=True)
class _FileWriting:
    store: FileStore
    file: IO[bytes]
    torn: bytes = field(default=b"")

    def set_torn_aside(self) -> None:
        """Move a last line that was never finished out of the way; finish one that lacks only its newline."""
        _, torn = _last_of(_tail_of(self.file))
        if torn and opened(torn) is not None:
            self.file.write(b"\n")
        elif len(torn) > LONGEST_LINE_BYTES:
            message = (
                f"The ledger's last line has no end within {len(torn)} bytes: it was changed. Restore it from a "
                "backup before anything is added."
            )
            raise LedgerError(message)
        elif torn:
            with (self.store.folder / "ledger.torn").open("ab") as aside:
                aside.write(torn + b"\n")
                aside.flush()
                os.fsync(aside.fileno())
            self.file.truncate(self.file.seek(0, os.SEEK_END) - len(torn))
            self.torn = torn

    def last(self) -> bytes | None:
        """Give the last line."""
        return _last_of(_tail_of(self.file))[0]

    def head(self) -> bytes | None:
        """Give the head."""
        return self.store.head()

    def put(self, lines: Sequence[bytes], head: bytes) -> None:
        """Write the head to be, the lines, and then put the head in place: a kill between leaves both readable."""
        before = self.file.seek(0, os.SEEK_END)
        try:
            with open(self.store.next_path, "wb", opener=_for_owner) as fresh:
                fresh.write(head)
                fresh.flush()
                rest = memoryview(b"".join(lines))
                while (
                    rest
                ):  # not buffered: what was buffered would be written again when the file is closed
                    rest = rest[self.file.write(rest) :]
                os.fsync(self.file.fileno())
                os.fsync(fresh.fileno())
            self.store.next_path.replace(self.store.head_path)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self.file.fileno(), before)
            with contextlib.suppress(OSError):
                self.store.next_path.unlink(missing_ok=True)
            raise


def _for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@lru_cache(maxsize=16)
def _searched(path: Path) -> Search:
    """Give what this process remembers of searches in a file."""
    del path
    return Search()


def _tail_of(file: IO[bytes]) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    return file.read()


def _last_of(tail: bytes) -> tuple[bytes | None, bytes]:
    """Part the end of a file into its last whole line and what stands after that."""
    whole, newline, torn = tail.rpartition(b"\n")
    if torn and opened(torn) is not None:
        return torn, torn
    line = whole.rpartition(b"\n")[2]
    return (line if newline and line else None), torn


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_LINE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = (
            f"The ledger's head {path} cannot be read ({error.strerror}). Mend its permissions."
        )
        raise LedgerError(message) from error


def _sha256_in(head: bytes) -> str:
    try:
        return str(json.loads(head)["sha256"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
