"""Keeps what was made under the hash of what it was made from.

The store lies in the cache folder, readable by its owner only: it holds likenesses. It may be
erased at any time; the next film then takes a few seconds longer. The least recently used
things go first when it grows beyond its limit.

To whom a thing belongs is kept as an empty file of its name in ``owners/CONSENT-ID``: so that all that was made of a
person is found, and erased, when the person takes the consent back.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vivant.places import Places

logger = logging.getLogger(__name__)

OWNERS = "owners"
LIMIT_BYTES = 4_000_000_000
"""About eighty rigs of large photos."""


def key_of(parts: Iterable[str]) -> str:
    """Hash some texts into one key; the order counts, and so does where one text ends."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something that lies in the store."""

    path: Path
    bytes: int
    used_s: float
    """When it was last made or used, in seconds of the epoch."""


class Store:
    """A folder of things by key. Several processes may share it."""

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    @classmethod
    def in_places(cls, places: Places | None = None) -> Store:
        """Open the user's own store."""
        return cls((places or Places()).cache / "studio")

    def find(self, key: str, *, suffix: str, owners: Iterable[str] = ()) -> Path | None:
        """Find what was kept, and remember that it was used, and under which consents."""
        path = self._path(key, suffix)
        try:
            os.utime(path)
        except OSError:
            return None
        return path if self.own(key, suffix=suffix, owners=owners) else None

    def keep(
        self,
        key: str,
        write: Callable[[Path], None],
        *,
        suffix: str,
        owners: Iterable[str] = (),
    ) -> Path | None:
        """Keep something: written whole or not at all.

        Args:
            key: Hash of what it was made from.
            write: Writes it to the path that it is given.
            suffix: Ending of the file.
            owners: Ids of the consents of those who are seen or heard in it; a thing whose owners cannot be
                written down is not kept.

        Returns:
            Where it lies; None when this machine would not take it (disk full, folder locked),
            which costs time later and nothing else, and is logged.
        """
        path = self._path(key, suffix)
        fresh = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{suffix}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.own(key, suffix=suffix, owners=owners):
                return None
            write(fresh)
            fresh.chmod(0o600)
            fresh.replace(path)
        except OSError as error:
            logger.warning("the studio's store could not keep a result", extra={"why": str(error)})
            return None
        finally:
            fresh.unlink(missing_ok=True)
        self._make_room(spare=path)
        return path

    def own(self, key: str, *, suffix: str, owners: Iterable[str]) -> bool:
        """Remember to whom a thing belongs.

        Returns:
            Whether that could be written down.
        """
        try:
            for owner in owners:
                sign = self._folder / OWNERS / owner / f"{key}{suffix}"
                if not sign.exists():
                    sign.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    sign.touch(mode=0o600)
        except OSError as error:
            logger.warning("the studio's store cannot note owners", extra={"why": str(error)})
            return False
        return True

    def owned_by(self, consent_id: str) -> tuple[Kept, ...]:
        """List what belongs to those who gave a consent."""
        signs = sorted(path.name for path in (self._folder / OWNERS / consent_id).glob("*"))
        found = (self._kept(self._folder / name[:2] / name) for name in signs)
        return tuple(one for one in found if one is not None)

    def disown(self, consent_id: str) -> None:
        """Forget what belongs to a consent, once it is erased."""
        folder = self._folder / OWNERS / consent_id
        for sign in folder.glob("*"):
            if not (self._folder / sign.name[:2] / sign.name).exists():
                sign.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty, or not there
            folder.rmdir()

    def everything(self) -> Iterator[Kept]:
        """List all that it holds, what a killed process left half written too."""
        for _, _, path in self._entries():
            kept = self._kept(path)
            if kept is not None:
                yield kept

    @staticmethod
    def _kept(path: Path) -> Kept | None:
        try:
            facts = path.stat()
        except OSError:
            return None
        return Kept(path=path, bytes=facts.st_size, used_s=facts.st_mtime)

    def forget(self, key: str, *, suffix: str) -> None:
        """Remove something, if it is there."""
        self._path(key, suffix).unlink(missing_ok=True)

    @property
    def size_bytes(self) -> int:
        """How much it holds."""
        return sum(size for _, size, _ in self._entries())

    def _path(self, key: str, suffix: str) -> Path:
        return self._folder / key[:2] / f"{key}{suffix}"

    def _entries(self) -> list[tuple[int, int, Path]]:
        found: list[tuple[int, int, Path]] = []
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(OSError):  # another process removed it
                facts = path.stat()
                found.append((facts.st_mtime_ns, facts.st_size, path))
        return sorted(found)

    def _make_room(self, *, spare: Path) -> None:
        entries = self._entries()
        held = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if held <= self._limit_bytes:
                return
            if path != spare:
                path.unlink(missing_ok=True)
                held -= size
