"""Films whose edges were cut off: the inner part of each picture is known, and is looked for in what was left.

What was cut off is not known, so likely cuts are tried in steps, with the pictures that tell most; where a film
of ours is near, the cut is fitted to it, and then all pictures are compared as those of whole films are. Bits flip
fast beside the right cut (one edge wrong by 1 % of the side flips 23 of 256), so the steps are small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from jaxtyping import Float32, UInt8, UInt64

from vivant.media.compilation import owned
from vivant.provenance.register.comparing import Seen, compare, spread
from vivant.provenance.register.hash_index import HashIndex
from vivant.provenance.register.looking import differences, words_of
from vivant.provenance.register.pdq import SMALLEST_PX, PictureHash, pdq

INNER = 0.6
"""Share of each side that a picture's inner part has: it stays whole in a copy cut by up to 20 % at any edge."""
STEP = 0.0125
"""From one tried cut to the next."""
MOST_CUT = 0.22
"""Nothing beyond is tried."""
PROBES = 3
"""Pictures with which cuts are tried."""
MOST_FITTED = 8
"""Films to which the cut is fitted, the nearest first."""
AROUND_BITS = 12
AROUND_LOST_BITS = 300
"""Bits by which a cut picture, grown to its old size, may differ from the film's, and the more for all that is gone.
Measured: 4 to 36 where a tenth was cut off, 6 to 60 for a fifth."""
_FITTING_STEPS = (0.012, 0.006, 0.003)
_LARGE_PX = 640

Luma = UInt8[np.ndarray, "height width"]


class Cut(NamedTuple):
    """What was cut off each edge, as a share of the side it had."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def inner_of(self, y: Luma) -> UInt8[np.ndarray, "_ _"]:
        """Give out of a picture cut so what was the inner part of the whole."""
        edge = (1 - INNER) / 2
        height, width = y.shape
        rows, columns = height / (1 - self.top - self.bottom), width / (1 - self.left - self.right)
        top, bottom = round((edge - self.top) * rows), round((edge - self.bottom) * rows)
        left, right = round((edge - self.left) * columns), round((edge - self.right) * columns)
        return y[max(0, top) : height - max(0, bottom), max(0, left) : width - max(0, right)]

    def grown(self, y: Luma) -> UInt8[np.ndarray, "_ _"]:
        """Make a picture cut so as large as it was, what is missing being like the edge that is left."""
        height, width = y.shape
        rows, columns = height / (1 - self.top - self.bottom), width / (1 - self.left - self.right)
        sides = (self.top * rows, self.bottom * rows, self.left * columns, self.right * columns)
        top, bottom, left, right = (max(0, round(side)) for side in sides)
        return np.pad(y, ((top, bottom), (left, right)), mode="edge")

    def moves(self, by: float) -> Iterator[Cut]:
        """Give out the cuts next to it: one edge moved, or two opposite ones alike."""
        for sign in (-by, by):
            for edge in range(4):
                yield Cut(*(one + sign * (at == edge) for at, one in enumerate(self)))
            yield self._replace(left=self.left + sign, right=self.right - sign)
            yield self._replace(top=self.top + sign, bottom=self.bottom - sign)


NO_CUT = Cut()


def _tried() -> Iterator[Cut]:
    """Give out likely cuts: at one edge, or the same at all; each step's middle, so none is missed by more than half."""
    for at in np.arange(STEP / 2, MOST_CUT, STEP).tolist():
        for edge in Cut._fields:
            yield NO_CUT._replace(**{edge: at})
        yield Cut(at, at, at, at)


CUTS = tuple(_tried())


def films_cut(
    inners: Sequence[HashIndex], wholes: Sequence[HashIndex], shown: Sequence[Luma]
) -> list[Seen]:
    """Find films of which something may be a copy with cut edges.

    Args:
        inners: Where inner parts are looked up.
        wholes: Where whole pictures of the same films are.
        shown: Pictures of one film, in order, or a single one.
    """
    small = [_reduced(y) for y in shown]
    probes = _probes(small)
    best: dict[int, tuple[int, Cut]] = {}
    for cut in CUTS:
        for found in _hashed(probes, cut):
            word = words_of(found.bits[None])[0]
            for index in inners:
                near = index.near(word)
                for number, bits in zip(near.numbers.tolist(), near.bits.tolist(), strict=True):
                    if number not in best or bits < best[number][0]:
                        best[number] = (bits, cut)
    seen = []
    for number in sorted(best, key=lambda one: best[one][0])[:MOST_FITTED]:
        stored, whole = _of_film(inners, number), _of_film(wholes, number)
        cut = _fitted(probes, owned(stored), best[number][1])
        every = _hashed(small, cut)
        is_plain = np.array([not one.is_good for one in every], np.bool_)
        one = compare(number, *_words_and_firmness(every), is_plain, stored, may_be_faint=False)
        if one is not None and _fits_around(small, cut, whole):
            seen.append(one)
    return seen


def _of_film(indexes: Sequence[HashIndex], number: int) -> UInt64[np.ndarray, "n 4"]:
    for index in indexes:
        found = index.of_film(number)
        if found is not None:
            return owned(found)
    return np.zeros((0, 4), np.uint64)


def _fits_around(shown: Sequence[Luma], cut: Cut, whole: UInt64[np.ndarray, "m 4"]) -> bool:
    """Tell whether what lies around the inner part is the film's too: two figures alike may stand before other grounds.

    What was cut off is made up from the edge that is left, so the more is gone, the more may differ.
    """
    grown = [cut.grown(y) for y in shown]
    words, firmness = _words_and_firmness([pdq(y) for y in grown if min(y.shape) >= SMALLEST_PX])
    if not len(words) or not len(whole):
        return False
    _, bits = differences(words, firmness, whole)
    lost = 1 - (1 - cut.left - cut.right) * (1 - cut.top - cut.bottom)
    return float(np.median(bits.min(axis=1))) <= AROUND_BITS + AROUND_LOST_BITS * max(0.0, lost)


def _reduced(y: Luma) -> UInt8[np.ndarray, "_ _"]:
    by = _LARGE_PX / max(y.shape)
    if by >= 1:
        return owned(y)
    return np.asarray(cv2.resize(y, None, fx=by, fy=by, interpolation=cv2.INTER_AREA), np.uint8)


def _hashed(shown: Sequence[Luma], cut: Cut) -> list[PictureHash]:
    parts = [cut.inner_of(y) for y in shown]
    every = [pdq(owned(part)) for part in parts if min(part.shape) >= SMALLEST_PX]
    return [one for one in every if one.is_something]


def _words_and_firmness(
    hashes: Sequence[PictureHash],
) -> tuple[UInt64[np.ndarray, "n 4"], Float32[np.ndarray, "n 256"]]:
    bits = np.array([one.bits for one in hashes], np.uint8).reshape(-1, 32)
    firmness = np.array([one.firmness for one in hashes], np.float32).reshape(-1, 256)
    return words_of(bits), firmness


def _probes(shown: Sequence[Luma]) -> list[Luma]:
    """Choose pictures that differ, all of which show something."""
    hashed = [(y, pdq(y)) for y in shown if min(y.shape) >= SMALLEST_PX]
    good = [(y, one) for y, one in hashed if one.is_something]
    words, _ = _words_and_firmness([one for _, one in good])
    return [good[at][0] for at in spread(words)[:PROBES]]


def _fitted(probes: Sequence[Luma], stored: UInt64[np.ndarray, "m 4"], cut: Cut) -> Cut:
    """Move the edges until the pictures fit best."""
    least = _misfit(probes, stored, cut)
    for by in _FITTING_STEPS:
        while True:
            found = min((_misfit(probes, stored, one), one) for one in cut.moves(by))
            if found[0] >= least:
                break
            least, cut = found
    return cut


def _misfit(probes: Sequence[Luma], stored: UInt64[np.ndarray, "m 4"], cut: Cut) -> float:
    share, _ = differences(*_words_and_firmness(_hashed(probes, cut)), stored)
    return float(share.min(axis=1).mean()) if len(share) else 1.0
