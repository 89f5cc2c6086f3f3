"""Files that only their owner may read, written whole or not at all, one process at a time."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from vivant.errors import ResourceError

if sys.platform == "win32":  # pragma: no cover
    import msvcrt
else:
    import fcntl


def canonical(value: Mapping[str, Any]) -> bytes:
    """Write a value as JSON in the one way that is hashed: keys sorted, no spaces, UTF-8."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256_hex(data: bytes) -> str:
    """Hash some bytes with SHA-256, in hex."""
    return hashlib.sha256(data).hexdigest()


def utc_now() -> datetime:
    """Tell the moment, in whole seconds of UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter (mode 0700 where the system knows modes).

    Raises:
        ResourceError: It cannot be made here.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.chmod(0o700)
    except OSError as error:
        message = (
            f"The folder {path} cannot be made ({error.strerror}). Choose a data folder that you "
            f"may write into."
        )
        raise ResourceError(message) from error
    return path


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read (mode 0600), whole or not at all.

    Raises:
        ResourceError: It cannot be written here.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _cannot_write(path, error) from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> ResourceError:
    message = (
        f"The file {path} cannot be written ({error.strerror}). Free some space, or choose a folder "
        f"that you may write into."
    )
    return ResourceError(message)


@contextmanager
def locked(path: Path) -> Iterator[IO[bytes]]:
    """Hold a lock file: another thread or process that asks for it waits its turn.

    The lock ends with the process that held it, however it ends.
    """
    private_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        if sys.platform == "win32":  # pragma: no cover
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield file
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
