"""Where the mark in a sound lies: cells of time and pitch, and the sign that each of them carries.

A period of 5.12 s has 64 chips in time and 140 bands of 50 Hz. A chip lasts 80 ms: for 40 ms its band is a
little louder (or softer), for 40 ms the other way round, so that what a listener takes for loudness does not
change. A fifth of the cells is a public pilot, by which the reader finds where a period begins; the others
carry the id's 64 bits under an error-correcting code. The period is repeated as long as the sound lasts, so
whatever stretch of it somebody cuts out holds every cell once in any 5.12 s.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

import numpy as np
from jaxtyping import Float32, Int8, Int64

from vivant.provenance.coding import coded_length, encode
from vivant.provenance.record import ID_BITS

KEY: Final = b"vivant.sound-id.1"
"""Public; another value gives another mark."""
HOPS_A_SECOND: Final = 100
WINDOW_HOPS: Final = 4
"""A window lasts 40 ms, so its bins are 25 Hz apart at any rate."""
HALF_HOPS: Final = 4
CHIP_HOPS: Final = 2 * HALF_HOPS
CHIPS: Final = 64
PERIOD_HOPS: Final = CHIPS * CHIP_HOPS
PERIOD_S: Final = PERIOD_HOPS / HOPS_A_SECOND
LOWEST_HZ: Final = 300
BAND_HZ: Final = 50
BANDS: Final = 140
HIGHEST_HZ: Final = LOWEST_HZ + BANDS * BAND_HZ
BIN_HZ: Final = HOPS_A_SECOND // WINDOW_HOPS
BAND_BINS: Final = BAND_HZ // BIN_HZ
FIRST_BIN: Final = LOWEST_HZ // BIN_HZ
LAST_BIN: Final = HIGHEST_HZ // BIN_HZ
_PILOT_SHARE = 0.2


@cache
def layout() -> tuple[Int8[np.ndarray, "chips bands"], Int64[np.ndarray, " data"]]:
    """Tell the sign of every cell, and which cells carry data, in order.

    Drawn from SHAKE-256, not from a library's generator, so that it never changes.
    """
    count = CHIPS * BANDS
    stream = hashlib.shake_256(KEY).digest(count * 5)
    signs = (np.frombuffer(stream[:count], np.uint8) & 1).astype(np.int8) * 2 - 1
    order = np.argsort(np.frombuffer(stream[count:], "<u4"), kind="stable")
    return signs.reshape(CHIPS, BANDS), order[int(count * _PILOT_SHARE) :]


def cells_of(made_id: str) -> Int8[np.ndarray, "chips bands"]:
    """Spread an id over the cells of one period."""
    signs, data = layout()
    cells = signs.ravel().copy()
    code = encode(int(made_id, 16), bits=ID_BITS)
    cells[data] *= code[places_of_data()]
    return cells.reshape(CHIPS, BANDS)


@cache
def places_of_data() -> Int64[np.ndarray, " data"]:
    """Tell for each data cell which coded bit it carries."""
    return np.arange(len(layout()[1])) % coded_length(ID_BITS)


@cache
def pilot() -> Float32[np.ndarray, "hops bands"]:
    """Give the pilot as it lies in time: the other cells are 0."""
    signs, data = layout()
    cells = signs.astype(np.float32).ravel()
    cells[data] = 0
    return in_time(cells.reshape(CHIPS, BANDS))


@cache
def places_of_cells() -> Int64[np.ndarray, " cells"]:
    """Tell for each cell which coded bit it carries; those of the pilot carry one bit behind the last."""
    _, data = layout()
    places = np.full(CHIPS * BANDS, coded_length(ID_BITS), np.int64)
    places[data] = places_of_data()
    return places


def in_time(
    cells: Float32[np.ndarray, "chips bands"], *, flips: bool = True
) -> Float32[np.ndarray, "hops bands"]:
    """Lay cells out in hops: each one way, and then the other where it flips."""
    both = np.stack([cells, -cells if flips else cells], axis=1).reshape(2 * CHIPS, BANDS)
    laid: np.ndarray = np.repeat(both, HALF_HOPS, axis=0).astype(np.float32)
    return laid


@cache
def window(size: int) -> Float32[np.ndarray, " size"]:
    """Give the window of an analysis: Hann, periodic."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
