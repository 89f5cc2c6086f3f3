"""A run of films whose hashes lie side by side, in memory or in a file that is mapped into it.

A shelf's file is made from the register's facts and can be made again from them, so a damaged one is
passed over. It never changes once it has its name.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64, UInt8, UInt32, UInt64

from vivant.provenance.register.entry import HASH_BYTES
from vivant.provenance.register.facts import Numbered
from vivant.provenance.register.looking import (
    PLACES,
    WITHIN_BITS,
    bands_of,
    crowds_of,
    near_in_bands,
    near_in_row,
    places_of_keys,
    words_of,
)
from vivant.provenance.safekeeping import write_private

MAGIC = b"VIVANTSHELF1\n\0\0\0"
KEYS_EVERY = 8
"""Every so manieth sub-fingerprint of a stored sound can be looked up; of a sound looked for, all are."""
CROWD = 256
"""A sub-fingerprint that is in more places says nothing: music that many films share."""
_ROOM = 1 << 14
_ALIGNED = 64
_NAME = re.compile(r"(\d{12})-(\d{12})\.shelf")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Near:
    """A stored picture that is near one that was looked for."""

    numbers: Int64[np.ndarray, " hits"]
    """The film of each hit."""
    bits: UInt8[np.ndarray, " hits"]
    """How far it is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Films in the order of their numbers, from ``first`` to ``last``."""

    first: int
    last: int
    numbers: UInt32[np.ndarray, " films"]
    starts: UInt32[np.ndarray, " films_and_one"]
    """With which picture each film begins."""
    hashes: UInt64[np.ndarray, "pictures 4"]
    seconds: UInt32[np.ndarray, " pictures"]
    begins: UInt32[np.ndarray, "bands places"]
    order: UInt32[np.ndarray, "bands pictures_in_bands"]
    """Empty on a small shelf, which is gone through in a row."""
    sound_starts: UInt32[np.ndarray, " films_and_one"]
    """With which looked-up sub-fingerprint each film's sound begins."""
    keys: UInt32[np.ndarray, " keys"]
    """Sub-fingerprints, sorted."""
    key_places: UInt32[np.ndarray, " keys"]
    key_begins: UInt32[np.ndarray, " key_values"]
    """Where the keys with each upper half begin."""
    _room: list[int] = field(default_factory=lambda: [_ROOM])

    @classmethod
    def of(cls, films: Iterable[Numbered], *, first: int, last: int, with_bands: bool) -> Shelf:
        """Put films on a shelf."""
        numbers, starts, sound_starts = [], [0], [0]
        pictures: list[np.ndarray] = [np.zeros((0, HASH_BYTES), np.uint8)]
        seconds: list[np.ndarray] = [np.zeros(0, np.uint32)]
        keys: list[np.ndarray] = [np.zeros(0, np.uint32)]
        for film in films:
            numbers.append(film.number)
            every, moments = film.prints.all_pictures()
            pictures.append(every)
            seconds.append(moments)
            keys.append(film.prints.sound[::KEYS_EVERY])
            starts.append(starts[-1] + len(every))
            sound_starts.append(sound_starts[-1] + len(keys[-1]))
        hashes = words_of(np.concatenate(pictures))
        key = np.concatenate(keys).astype(np.uint32)
        sort = np.argsort(key, kind="stable")
        empty = np.zeros((0, 0), np.uint32)
        begins, order = bands_of(hashes) if with_bands else (empty, empty)
        counts = np.bincount(key >> np.uint32(16), minlength=PLACES)
        return cls(
            first=first,
            last=last,
            numbers=np.array(numbers, np.uint32),
            starts=np.array(starts, np.uint32),
            hashes=hashes,
            seconds=np.concatenate(seconds).astype(np.uint32),
            begins=begins,
            order=order,
            sound_starts=np.array(sound_starts, np.uint32),
            keys=key[sort],
            key_places=sort.astype(np.uint32),
            key_begins=np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
        )

    def crowds(self, queries: UInt64[np.ndarray, "q 4"]) -> Int64[np.ndarray, " q"]:
        """Tell how many pictures must be looked at to find those near each of some."""
        if self.order.size:
            return np.asarray(crowds_of(self.begins, queries), np.int64)
        return np.full(len(queries), len(self.hashes), np.int64)

    def near(self, query: UInt64[np.ndarray, " 4"], *, within: int = WITHIN_BITS) -> Near:
        """Find every picture that differs in no more than so many bits; nothing is missed up to 31."""
        while True:
            found, bits = np.empty(self._room[0], np.int64), np.empty(self._room[0], np.uint8)
            count = -1
            if self.order.size and within <= WITHIN_BITS:
                count = near_in_bands(
                    self.hashes, self.begins, self.order, query, within, found, bits
                )
            if count < 0:
                count = near_in_row(self.hashes, query, within, found, bits)
            if count <= len(found):
                break
            self._room[0] = 2 * count
        films = np.searchsorted(self.starts, found[:count], side="right") - 1
        return Near(numbers=self.numbers[films].astype(np.int64), bits=bits[:count])

    def hashes_of(self, number: int) -> UInt64[np.ndarray, "pictures 4"] | None:
        """Give out the pictures of a film; nothing where it is not here."""
        at = self._place_of(number)
        return None if at is None else self.hashes[self.starts[at] : self.starts[at + 1]]

    def seconds_of(self, number: int) -> UInt32[np.ndarray, " pictures"] | None:
        """Tell the second that each picture of a film is of, ``OF_MIDDLES`` added for middles."""
        at = self._place_of(number)
        return None if at is None else self.seconds[self.starts[at] : self.starts[at + 1]]

    def _place_of(self, number: int) -> int | None:
        at = int(np.searchsorted(self.numbers, number))
        return at if at < len(self.numbers) and self.numbers[at] == number else None

    def sounds_like(
        self, query: UInt32[np.ndarray, " query"]
    ) -> tuple[Int64[np.ndarray, " hits"], Int64[np.ndarray, " hits"]]:
        """Find films in which a sub-fingerprint of a sound occurs: their numbers, and by how much each lies later."""
        room = max(_ROOM, 4 * len(query))
        while True:
            asked, found = np.empty(room, np.int64), np.empty(room, np.int64)
            count = places_of_keys(self.keys, self.key_begins, query, asked, found, CROWD)
            if count <= room:
                break
            room = count
        places = self.key_places[found[:count]].astype(np.int64)
        films = np.searchsorted(self.sound_starts, places, side="right") - 1
        at = (places - self.sound_starts[films]) * KEYS_EVERY
        return self.numbers[films].astype(np.int64), at - asked[:count]

    def write(self, folder: Path) -> Path:
        """Write it into a folder, whole or not at all.

        Raises:
            ResourceError: The disk is full, or the folder cannot be written.
        """
        parts, described, at = [], {}, 0
        for name in _ARRAYS:
            array: np.ndarray = np.ascontiguousarray(getattr(self, name))
            described[name] = [array.dtype.str, list(array.shape), at]
            padded = -array.nbytes % _ALIGNED
            parts.append(array.tobytes() + bytes(padded))
            at += array.nbytes + padded
        header = json.dumps(
            {"first": self.first, "last": self.last, "bytes": at, "arrays": described}
        ).encode()
        header += b" " * (-(len(MAGIC) + 8 + len(header)) % _ALIGNED)
        path = folder / f"{self.first:012d}-{self.last:012d}.shelf"
        write_private(path, b"".join([MAGIC, struct.pack("<Q", len(header)), header, *parts]))
        return path

    @classmethod
    def open(cls, path: Path) -> Shelf | None:
        """Map a shelf's file into memory; nothing where it is damaged."""
        try:
            whole: UInt8[np.ndarray, " bytes"] = np.memmap(path, np.uint8, mode="r")
            size = struct.unpack("<Q", bytes(whole[len(MAGIC) : len(MAGIC) + 8]))[0]
            begins = len(MAGIC) + 8 + size
            if bytes(whole[: len(MAGIC)]) != MAGIC or size > len(whole):
                return None
            header: Mapping[str, Any] = json.loads(bytes(whole[len(MAGIC) + 8 : begins]))
            if len(whole) != begins + header["bytes"]:
                return None
            arrays: dict[str, Any] = {}
            for name in _ARRAYS:
                kind, shape, at = header["arrays"][name]
                count = int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
                part = np.asarray(whole[begins + at : begins + at + count])
                arrays[name] = part.view(kind).reshape(shape)
            return cls(first=int(header["first"]), last=int(header["last"]), **arrays)
        except (OSError, ValueError, KeyError, TypeError, struct.error):
            return None


_ARRAYS = (
    "numbers", "starts", "hashes", "seconds", "begins", "order", "sound_starts", "keys", "key_places",
    "key_begins",
)  # fmt: skip


def shelves_in(folder: Path) -> list[tuple[int, int, Path]]:
    """Choose the fewest shelf files that hold all films from the first on, without a gap: first, last, path."""
    found: list[tuple[int, int, Path]] = []
    if folder.is_dir():
        for path in folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match:
                found.append((int(match[1]), int(match[2]), path))
    chosen: list[tuple[int, int, Path]] = []
    wanted = 1
    while True:
        fitting = [one for one in found if one[0] == wanted and one[1] >= wanted]
        if not fitting:
            return chosen
        chosen.append(max(fitting))
        wanted = chosen[-1][1] + 1
