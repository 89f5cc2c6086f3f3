"""Files: read with limits, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vivant.errors import EngineBrokeError, InputError, ResourceError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_MB = 1_000_000


class DiskFullError(ResourceError):
    """The disk cannot hold what is being written."""

    code = "media.disk-full"

    def __init__(self, *, needed_mb: float, free_mb: float) -> None:
        self.needed_mb = needed_mb
        self.free_mb = free_mb
        super().__init__(
            f"The disk is full: {needed_mb:.1f} MB or more are needed and {free_mb:.1f} MB are free. "
            f"Make room, or write to another disk."
        )


class OutputTakenError(ResourceError):
    """Another run is writing to the same output."""

    code = "media.output-taken"

    def __init__(self, *, process: int | None) -> None:
        self.process = process
        who = f"process {process}" if process else "another run"
        super().__init__(
            f"The output is being written by {who}. Wait for it to end, or choose another name."
        )


@contextmanager
def unfinished(path: Path, *, expected_bytes: int = 0) -> Iterator[Path]:
    """Give a file its name only when it is whole.

    The writer gets a hidden place in the same folder, with the same suffix. When the block
    ends, the file is flushed to the disk and takes the place of ``path`` in one step. When
    the block raises anything, Ctrl-C too, nothing of it stays. Meanwhile the output is
    claimed with a lock that the system lifts when a process dies, so the claim of a killed
    run binds nobody, and the next run to the same output clears what it left.

    Args:
        path: Where the file shall be; its folder exists.
        expected_bytes: What it will take at least, if that is known.

    Yields:
        Where to write meanwhile.

    Raises:
        InputError: The folder does not exist, or there is something else than a file.
        OutputTakenError: Another run is writing there.
        DiskFullError: There is no room, now or later.
        ResourceError: The folder may not be written to.
        EngineBrokeError: The block ended without writing a file.
    """
    _check_place(path)
    hidden = path.with_name(f".{path.stem}.unfinished{path.suffix}")
    with _claimed(path.with_name(f".{path.name}.claim")):
        try:
            hidden.unlink(missing_ok=True)
            _check_room(path.parent, expected_bytes)
            yield hidden
            if not hidden.is_file():
                message = "The writer ended without writing its file. Report this to its author."
                raise EngineBrokeError(message)
            _flush(hidden)
            hidden.replace(path)
            _flush_folder(path.parent)
        except OSError as error:
            if error.errno in _FULL:
                raise _disk_full(hidden, expected_bytes) from error
            raise
        finally:
            hidden.unlink(missing_ok=True)


def is_being_written(path: Path) -> bool:
    """Tell whether a run that is alive is writing to an output; see ``unfinished``."""
    try:
        descriptor = os.open(path.with_name(f".{path.name}.claim"), os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(descriptor)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)  # gives the lock back
    return False


def read_limited(path: Path, *, at_most_bytes: int, what: str) -> bytes:
    """Read a small file whole, whatever somebody put there.

    Args:
        path: The file.
        at_most_bytes: More than this is refused, without reading it.
        what: What it should be, for the message: ``"photo"``; never its name.

    Raises:
        InputError: It is missing, not a file, not readable, empty or too large.
    """
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                message = f"The {what} is not a file. Give the path of a file."
                raise InputError(message)
            content = b"" if facts.st_size > at_most_bytes else file.read(at_most_bytes + 1)
            size = max(facts.st_size, len(content))
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"The {what} was not found. Check its path."
        raise InputError(message) from error
    except IsADirectoryError as error:
        message = f"The {what} is a folder. Give the path of a file."
        raise InputError(message) from error
    except (OSError, ValueError) as error:  # not allowed, a null in the path, a folder on Windows
        message = f"The {what} cannot be read. Give the path of a file that you may read."
        raise InputError(message) from error
    if size > at_most_bytes:
        message = (
            f"The {what} has {size / _MB:.1f} MB; at most {at_most_bytes / _MB:.1f} MB are read."
        )
        raise InputError(message)
    if not content:
        message = f"The {what} is empty: it has 0 bytes. Check that it was copied whole."
        raise InputError(message)
    return content


def sha256_of(path: Path) -> str:
    """Hash a file of any length, in hex.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = "A file that was to be hashed cannot be read. Check that it is still there."
        raise InputError(message) from error


def _open_without_waiting(name: str, flags: int) -> int:
    """Open so that a pipe without a writer does not hold us for ever."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        message = "The folder of the output does not exist. Make it first, or choose another."
        raise InputError(message)
    if path.exists() and not path.is_file():
        message = "The output is a folder or a device. Give the name of a file."
        raise InputError(message)


def _check_room(folder: Path, expected_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < expected_bytes:
        raise DiskFullError(needed_mb=expected_bytes / _MB, free_mb=free / _MB)


def _disk_full(hidden: Path, expected_bytes: int) -> DiskFullError:
    written = hidden.stat().st_size if hidden.exists() else 0
    free = shutil.disk_usage(hidden.parent).free
    needed = max(expected_bytes, written) / _MB
    return DiskFullError(needed_mb=needed, free_mb=free / _MB)


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network disks cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _claimed(claim: Path) -> Iterator[None]:
    descriptor = _claim(claim)
    try:
        yield
    finally:
        _give_up(claim, descriptor)


def _claim(claim: Path) -> int:
    """Lock the claim's file, and make sure that it is still the one that others will find."""
    while True:
        descriptor = _open_claim(claim)
        try:
            _lock(descriptor)
        except BlockingIOError as error:
            process = _process_in(descriptor)
            os.close(descriptor)
            raise OutputTakenError(process=process) from error
        if _is_still(claim, descriptor):
            with contextlib.suppress(OSError):  # on a full disk; it only serves the message
                os.ftruncate(descriptor, 0)
                os.write(descriptor, str(os.getpid()).encode())
            return descriptor
        os.close(descriptor)  # its last owner removed it just now: try again


def _open_claim(claim: Path) -> int:
    try:
        return os.open(claim, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno in _FULL:
            raise _disk_full(claim, 0) from error
        message = "The folder of the output may not be written to. Choose another folder."
        raise ResourceError(message) from error


def _is_still(claim: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(claim.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _process_in(descriptor: int) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        return int(os.read(descriptor, 20))
    return None


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _MB, os.SEEK_SET)  # beyond the number, which others may read
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

    def _give_up(claim: Path, descriptor: int) -> None:
        os.close(descriptor)
        with contextlib.suppress(OSError):  # another run has opened it already
            claim.unlink(missing_ok=True)

else:

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give_up(claim: Path, descriptor: int) -> None:
        claim.unlink(missing_ok=True)
        os.close(descriptor)
