"""Hashes of many films side by side, found again by nearness: of whole pictures, or of their inner parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int64, UInt8, UInt32, UInt64

from vivant.provenance.register.entry import HASH_BYTES
from vivant.provenance.register.looking import (
    WITHIN_BITS,
    bands_of,
    crowds_of,
    near_in_bands,
    near_in_row,
    words_of,
)

_ROOM = 1 << 14
_FEWEST_BANDED = 1 << 15
"""Fewer hashes are gone through in a row: that is as fast, and bands take four megabytes however few there are."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Near:
    """Stored hashes that are near one that was looked for."""

    numbers: Int64[np.ndarray, " hits"]
    """The film of each hit."""
    bits: UInt8[np.ndarray, " hits"]
    """How far it is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HashIndex:
    """Hashes of one kind, film after film."""

    numbers: UInt32[np.ndarray, " films"]
    starts: UInt32[np.ndarray, " films_and_one"]
    """With which hash each film begins."""
    hashes: UInt64[np.ndarray, "pictures 4"]
    seconds: UInt32[np.ndarray, " pictures"]
    begins: UInt32[np.ndarray, "bands places"]
    order: UInt32[np.ndarray, "bands pictures_in_bands"]
    """Empty where there are few hashes, which are gone through in a row."""
    _room: list[int] = field(default_factory=lambda: [_ROOM])

    @classmethod
    def of(
        cls,
        numbers: UInt32[np.ndarray, " films"],
        hashes: Sequence[UInt8[np.ndarray, "_ 32"]],
        seconds: Sequence[UInt32[np.ndarray, " _"]],
        *,
        with_bands: bool,
    ) -> HashIndex:
        """Put the hashes of some films side by side."""
        words = words_of(np.concatenate([np.zeros((0, HASH_BYTES), np.uint8), *hashes]))
        counts = np.array([0, *(len(one) for one in hashes)])
        empty = np.zeros((0, 0), np.uint32)
        banded = with_bands and len(words) >= _FEWEST_BANDED
        begins, order = bands_of(words) if banded else (empty, empty)
        return cls(
            numbers=numbers,
            starts=np.cumsum(counts).astype(np.uint32),
            hashes=words,
            seconds=np.concatenate([np.zeros(0, np.uint32), *seconds]).astype(np.uint32),
            begins=begins,
            order=order,
        )

    def crowds(self, queries: UInt64[np.ndarray, "q 4"]) -> Int64[np.ndarray, " q"]:
        """Tell how many hashes must be looked at to find those near each of some."""
        if self.order.size:
            return np.asarray(crowds_of(self.begins, queries), np.int64)
        return np.full(len(queries), len(self.hashes), np.int64)

    def near(self, query: UInt64[np.ndarray, " 4"], *, within: int = WITHIN_BITS) -> Near:
        """Find every hash that differs in no more than so many bits; nothing is missed up to 31."""
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

    def of_film(self, number: int) -> UInt64[np.ndarray, "pictures 4"] | None:
        """Give out the hashes of a film; nothing where it is not here."""
        at = int(np.searchsorted(self.numbers, number))
        if at == len(self.numbers) or self.numbers[at] != number:
            return None
        return self.hashes[self.starts[at] : self.starts[at + 1]]
