"""Shots are drawn once: what was drawn before, from the same numbers, comes out of the store."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from fractions import Fraction
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from vivant.errors import InputError
from vivant.film.making import closable
from vivant.film.shots_kept import SUFFIX, is_whole, write_shot
from vivant.media.picture import Frame
from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.render.shooting import Players
from vivant.scene.shot import Shot
from vivant.studio import accounts
from vivant.studio.accounts import Account, AccountableShooter, read_account, write_account
from vivant.studio.casting import Cast
from vivant.studio.scenery import FINE, shoot_in_set
from vivant.studio.store import Store

logger = logging.getLogger(__name__)

DRAWN_BY = ("render", "scene", "rig", "performance", "intake")
"""Rooms whose code decides how a shot looks."""


@runtime_checkable
class Shooter(Protocol):
    """Who draws a shot; ``scenery.shoot_in_set`` unless a test brings another."""

    def __call__(
        self,
        shot: Shot,
        *,
        players: Players,
        frames: Sequence[int] | None = None,
        coarse: int = FINE,
        threads: int = 2,
        places: Places | None = None,
        watch: Watch = unwatched,
    ) -> Iterator[Frame]:
        """Draw its frames."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShotMade:
    """One shot, drawn."""

    name: str
    path: Path
    frames: int
    kept: bool
    """Whether it came out of the store."""
    account: Account | None = None
    """What came of it where somebody else was asked to invent its pictures."""


class ShotStore:
    """Finds shots, or has them drawn; one at a time."""

    def __init__(
        self,
        cast: Cast,
        *,
        threads: int,
        shooter: Shooter = shoot_in_set,
        places: Places,
        watch: Watch = unwatched,
    ) -> None:
        self._cast, self._shooter = cast, shooter
        self._threads, self._places, self._watch = threads, places, watch
        self._store = Store.in_places(places)
        self._aside: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Remove what the store would not take."""
        if self._aside is not None:
            self._aside.cleanup()

    def key(self, shot: Shot) -> str:
        """Hash every number of a shot, who plays in it, and the code that draws it."""
        shooter = self._shooter
        maker = shooter.who(shot) if isinstance(shooter, AccountableShooter) else maker_of(shooter)
        hashed = hashlib.sha256(f"shot/1|{drawing_code()}|{maker}|".encode())
        for one in self._cast.ids_in(shot):
            hashed.update(f"{one}|".encode())
        _feed(hashed, dataclasses.replace(shot, name=""))
        return hashed.hexdigest()

    def made(self, shot: Shot, *, anew: bool = False) -> ShotMade:
        """Give a shot's file.

        Args:
            shot: Staged.
            anew: Whether it is to be drawn even if it was kept.
        """
        key, owners = self.key(shot), self._cast.owners_in(shot)
        size = {"count": shot.frames, "width_px": shot.width_px, "height_px": shot.height_px}
        if not anew:
            path = self._store.find(key, suffix=SUFFIX, owners=owners)
            account = self._account_kept(key) if shot.engine else None
            is_told = account is not None or not shot.engine
            if path is not None and is_told and is_whole(path, **size):
                return ShotMade(
                    name=shot.name, path=path, frames=shot.frames, kept=True, account=account
                )
        self._store.forget(key, suffix=SUFFIX)

        def write(to: Path) -> None:
            with closing(closable(self._drawn(shot))) as frames:
                write_shot(to, frames, rate=shot.rate, **size)

        path = self._store.keep(key, write, suffix=SUFFIX, owners=owners)
        if path is None:
            path = self._beside(key)
            logger.warning(
                "a shot is drawn again, beside the store",
                extra={"why": "the store would not take it"},
            )
            write(path)
        account = None
        if isinstance(self._shooter, AccountableShooter):
            account = self._shooter.account(shot)
        if account is not None:
            told = partial(write_account, account)
            self._store.keep(key, told, suffix=accounts.SUFFIX, owners=owners)
        return ShotMade(name=shot.name, path=path, frames=shot.frames, kept=False, account=account)

    def _account_kept(self, key: str) -> Account | None:
        path = self._store.find(key, suffix=accounts.SUFFIX)
        try:
            return None if path is None else read_account(path)
        except InputError:
            return None

    def _drawn(self, shot: Shot) -> Iterator[Frame]:
        def watch(what: str, done: int, total: int, /) -> None:
            self._watch(f"shot {shot.name}" if what == "frames" else what, done, total)

        return self._shooter(
            shot,
            players=self._cast.players_for(shot),
            threads=self._threads,
            places=self._places,
            watch=watch,
        )

    def _beside(self, key: str) -> Path:
        if self._aside is None:
            self._aside = tempfile.TemporaryDirectory(prefix="vivant-shots-")
        return Path(self._aside.name) / f"{key}{SUFFIX}"


def maker_of(shooter: Shooter) -> str:
    """Name who draws."""
    name = getattr(shooter, "__qualname__", type(shooter).__qualname__)
    return f"{getattr(shooter, '__module__', '')}.{name}"


@cache
def drawing_code() -> str:
    """Hash the code that decides how shots look: another version of it never finds what an older one drew."""
    hashed = hashlib.sha256()
    rooms = Path(str(resources.files("vivant")))
    for room in DRAWN_BY:
        for path in sorted((rooms / room).rglob("*.py")):
            hashed.update(path.relative_to(rooms).as_posix().encode())
            hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _feed(hashed: hashlib._Hash, thing: object) -> None:
    """Hash anything that a shot may hold, so that no two things are taken for one."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        hashed.update(f"<{type(thing).__name__}".encode())
        for one in dataclasses.fields(thing):
            hashed.update(f".{one.name}=".encode())
            _feed(hashed, getattr(thing, one.name))
    elif isinstance(thing, np.ndarray):
        hashed.update(f"[{thing.dtype.str}{thing.shape}".encode())
        hashed.update(np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, Mapping):
        hashed.update(f"{{{len(thing)}".encode())
        for name in sorted(thing, key=str):
            hashed.update(f"{name}:".encode())
            _feed(hashed, thing[name])
    elif isinstance(thing, list | tuple):
        hashed.update(f"({len(thing)}".encode())
        for part in thing:
            _feed(hashed, part)
    elif thing is None or isinstance(thing, bool | int | float | str | Fraction | np.generic):
        hashed.update(f"{type(thing).__name__}:{thing!r};".encode())
    else:
        message = f"A shot holds a {type(thing).__name__}, which cannot be hashed."
        raise TypeError(message)
