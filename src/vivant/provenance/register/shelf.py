"""A run of films whose hashes lie side by side, in memory or in a file that is mapped into it.

A shelf's file is made from the register's facts and can be made again from them, so a damaged one is
passed over. It never changes once it has its name.
"""

from __future__ import annotations

import json
import operator
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64, UInt8, UInt32

from vivant.provenance.register.entry import Fingerprints
from vivant.provenance.register.facts import Numbered
from vivant.provenance.register.hash_index import HashIndex
from vivant.provenance.register.looking import PLACES, places_of_keys
from vivant.provenance.safekeeping import write_private

MAGIC = b"VIVANTSHELF2\n\0\0\0"
KEYS_EVERY = 8
"""Every so manieth sub-fingerprint of a stored sound can be looked up; of a sound looked for, all are."""
CROWD = 256
"""A sub-fingerprint that is in more places says nothing: music that many films share."""
_ROOM = 1 << 14
_ALIGNED = 64
SUFFIX = ".shelf2"
"""Those of other Vivants have other ones, and are passed over."""
_NAME = re.compile(r"(\d{12})-(\d{12})" + re.escape(SUFFIX))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Films in the order of their numbers, from ``first`` to ``last``."""

    first: int
    last: int
    numbers: UInt32[np.ndarray, " films"]
    wholes: HashIndex
    """Of whole pictures."""
    inners: HashIndex
    """Of their inner parts."""
    sound_starts: UInt32[np.ndarray, " films_and_one"]
    """With which looked-up sub-fingerprint each film's sound begins."""
    keys: UInt32[np.ndarray, " keys"]
    """Sub-fingerprints, sorted."""
    key_places: UInt32[np.ndarray, " keys"]
    key_begins: UInt32[np.ndarray, " key_values"]
    """Where the keys with each upper half begin."""

    @classmethod
    def of(cls, films: Iterable[Numbered], *, first: int, last: int, with_bands: bool) -> Shelf:
        """Put films on a shelf."""
        numbers, sound_starts = [], [0]
        prints: list[Fingerprints] = []
        keys: list[np.ndarray] = [np.zeros(0, np.uint32)]
        for film in films:
            numbers.append(film.number)
            prints.append(film.prints)
            keys.append(film.prints.sound[::KEYS_EVERY])
            sound_starts.append(sound_starts[-1] + len(keys[-1]))
        key = np.concatenate(keys).astype(np.uint32)
        sort = np.argsort(key, kind="stable")
        counts = np.bincount(key >> np.uint32(16), minlength=PLACES)
        every = np.array(numbers, np.uint32)
        return cls(
            first=first,
            last=last,
            numbers=every,
            wholes=HashIndex.of(
                every,
                [one.pictures for one in prints],
                [one.seconds for one in prints],
                with_bands=with_bands,
            ),
            inners=HashIndex.of(
                every,
                [one.inners for one in prints],
                [one.inner_seconds for one in prints],
                with_bands=with_bands,
            ),
            sound_starts=np.array(sound_starts, np.uint32),
            keys=key[sort],
            key_places=sort.astype(np.uint32),
            key_begins=np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32),
        )

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
            array: np.ndarray = np.ascontiguousarray(operator.attrgetter(name)(self))
            described[name] = [array.dtype.str, list(array.shape), at]
            padded = -array.nbytes % _ALIGNED
            parts.append(array.tobytes() + bytes(padded))
            at += array.nbytes + padded
        header = json.dumps(
            {"first": self.first, "last": self.last, "bytes": at, "arrays": described}
        ).encode()
        header += b" " * (-(len(MAGIC) + 8 + len(header)) % _ALIGNED)
        path = folder / f"{self.first:012d}-{self.last:012d}{SUFFIX}"
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
            numbers = arrays.pop("numbers")
            indexes: dict[str, Any] = {
                kind: HashIndex(
                    numbers=numbers, **{part: arrays.pop(f"{kind}.{part}") for part in _PARTS}
                )
                for kind in _KINDS
            }
            first, last = int(header["first"]), int(header["last"])
            return cls(first=first, last=last, numbers=numbers, **indexes, **arrays)
        except (OSError, ValueError, KeyError, TypeError, struct.error):
            return None


_KINDS = ("wholes", "inners")
_PARTS = ("starts", "hashes", "seconds", "begins", "order")
_ARRAYS = (
    "numbers",
    *(f"{kind}.{part}" for kind in _KINDS for part in _PARTS),
    "sound_starts",
    "keys",
    "key_places",
    "key_begins",
)


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
