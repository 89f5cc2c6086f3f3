"""The tile of the invisible mark: which waves it is made of, and what each of them says.

A tile is a sum of plane waves that repeats after half of the picture's shorter side. Every wave has a
fixed, public phase. A quarter of them, the pilots, always have it; each other wave is turned over or
not, which says one sign of the coded id. The waves are 14 to 65 pixels long in a film of 720 lines, the
longer ones stronger: that is what an encoder keeps of a picture made half as large, and still finer
than what pictures hold most of.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from jaxtyping import Complex64, Float32, Float64, Int8, Int64

from vivant.provenance.coding import coded_length, encode
from vivant.provenance.record import ID_BITS

KEY: Final = b"vivant.watermark.2"
"""Public; another value gives another mark."""
TILES: Final = 2
"""How many tiles lie along the picture's shorter side."""
COARSEST, FINEST = 5.5, 26.0
"""Periods a tile of the waves, in whatever direction."""
GENTLER: Final = 0.5
"""A wave of twice as many periods is ``2 ** -GENTLER`` times as strong."""
PILOT_EVERY: Final = 4
"""One wave in so many is a pilot."""
PATTERN_SCALE: Final = 32
"""A pattern's number for one standard deviation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waves:
    """All waves of a tile, the coarsest first."""

    down: Int64[np.ndarray, " waves"]
    """Periods from the tile's top to its bottom."""
    across: Int64[np.ndarray, " waves"]
    """Periods from its left to its right; zero or more."""
    strength: Float64[np.ndarray, " waves"]
    """The mean of their squares is 1."""
    phase: Float64[np.ndarray, " waves"]
    """At the tile's top left corner, in radians."""
    pilots: Int64[np.ndarray, " pilots"]
    """Which of them are pilots."""
    data: Int64[np.ndarray, " data"]
    """Which of them carry the id."""
    places: Int64[np.ndarray, " data"]
    """Which sign of the coded id each of those carries."""


@cache
def waves() -> Waves:
    """Lay out the tile.

    Drawn from SHAKE-256, not from a library's generator, so that it never changes. Pilots and
    signs are spread evenly over coarse and fine waves.
    """
    reach = int(FINEST)
    down, across = (
        grid.ravel() for grid in np.mgrid[-reach : reach + 1, 0 : reach + 1].astype(np.int64)
    )
    squared = down**2 + across**2
    used = (squared >= COARSEST**2) & (squared <= FINEST**2) & ((across > 0) | (down > 0))
    down, across, squared = down[used], across[used], squared[used]
    order = np.lexsort((down, across, squared))
    down, across = down[order], across[order]
    count = len(down)
    drawn = np.frombuffer(hashlib.shake_256(KEY).digest(count * 12), dtype="<u4").reshape(3, -1)
    firsts = range(0, count, PILOT_EVERY)
    pilots = np.array([i + int(drawn[1, i : i + PILOT_EVERY].argmin()) for i in firsts])
    data = np.setdiff1d(np.arange(count), pilots)
    length = coded_length(ID_BITS)
    shuffled = [
        np.argsort(drawn[2, data[i : i + length]], kind="stable")
        for i in range(0, len(data), length)
    ]
    strength = (down**2 + across**2) ** (-GENTLER / 2)
    return Waves(
        down=down,
        across=across,
        strength=strength / np.sqrt((strength**2).mean()),
        phase=drawn[0] * (2 * np.pi / 2**32),
        pilots=pilots,
        data=data,
        places=np.concatenate(shuffled),
    )


def signs_of(film_id: str) -> Float64[np.ndarray, " waves"]:
    """Tell which waves an id turns over: +1 or -1 for each."""
    tile = waves()
    signs = np.ones(len(tile.phase))
    signs[tile.data] = encode(int(film_id, 16), bits=ID_BITS)[tile.places]
    return signs


def pattern_of(film_id: str, width_px: int, height_px: int) -> Int8[np.ndarray, "height width"]:
    """Draw the mark over a whole frame, in units of 1 / ``PATTERN_SCALE`` standard deviations."""
    tile = waves()
    reach = int(FINEST)
    spectrum: Complex64[np.ndarray, "down across"] = np.zeros(
        (2 * reach + 1, reach + 1), dtype=np.complex64
    )
    spectrum[tile.down + reach, tile.across] = (
        signs_of(film_id) * tile.strength * np.exp(1j * tile.phase)
    )
    period_px = min(width_px, height_px) / TILES
    rows = _turns(height_px, period_px, np.arange(-reach, reach + 1))
    columns = _turns(width_px, period_px, np.arange(reach + 1))
    drawn: Float32[np.ndarray, "height width"] = (rows @ spectrum @ columns.T).real
    drawn *= PATTERN_SCALE / np.sqrt(len(tile.phase) / 2)
    return np.asarray(np.clip(np.rint(drawn), -127, 127), dtype=np.int8)


def _turns(
    pixels: int, period_px: float, periods: Int64[np.ndarray, " waves"]
) -> Complex64[np.ndarray, "pixels waves"]:
    """Turn each wave along one side; pixels are counted at their centres."""
    where = (np.arange(pixels) + 0.5) / period_px
    return np.asarray(np.exp(2j * np.pi * np.outer(where, periods)), dtype=np.complex64)
