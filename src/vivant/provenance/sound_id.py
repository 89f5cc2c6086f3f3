"""An inaudible mark in any sound: the film's or sound's id, so that a sound track ripped from a film tells which it was.

The mark makes narrow bands a little louder and softer, by tenths of a decibel, 12 times a second, by a pattern
that only its reader looks for (``sound_id_cells``). What it changes is a small share of what is heard at that
moment in that band, so it lies under it wherever it is loud or soft; silence stays silent. Where a sound stands still,
as a held tone does, ears hear the least change, and it changes less. Of the id's bits those are marked most against
which the sound itself seems to speak. Nothing moves in time, and no weights are needed.

The reader (``sound_id_reading``) needs no original. It lives through AAC and MP3, other rates, other gains, noise,
cutting, and small changes of speed.

Method: patchwork and spread spectrum in the magnitudes of a short-time spectrum, strong where the host is against
it. The key is public: the mark
tells where a sound is from; it does not prove it. Proof is the signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import scipy.fft
from jaxtyping import Float32, Float64
from scipy.ndimage import uniform_filter1d

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.mastering import MASTER_RATE_HZ, InMemory, Take
from vivant.media.sound import Sound
from vivant.provenance.record import is_film_id
from vivant.provenance.sound_id_cells import (
    BAND_BINS,
    BAND_HZ,
    BANDS,
    CHIPS,
    FIRST_BIN,
    HIGHEST_HZ,
    HOPS_A_SECOND,
    LAST_BIN,
    LOWEST_HZ,
    PERIOD_HOPS,
    WINDOW_HOPS,
    cells_of,
    in_time,
    places_of_cells,
    window,
)
from vivant.provenance.sound_id_levels import compared, powers_of_bands
from vivant.provenance.sound_id_reading import SoundIdReading, read_sound_id

__all__ = ["MARK_NAME", "SoundIdReading", "mark_with_id", "marked_blocks", "read_sound_id"]

MARK_NAME = "sound-id-1"
"""What papers call the mark."""
LEAST_DB, MOST_DB = 0.4, 1.15
"""How much a band's level is changed, before bits and bands are weighed against one another."""
PER_LIVELINESS = 0.5
"""By how much of what it changes anyway, from one moment to the next."""

LEAST_SHARE, MOST_SHARE = 0.5, 1.5
"""Bits of which the sound itself says the same get less of that, others more."""

_EDGE_HOPS = 32
"""Hops around a stretch that must be known to mark it."""
_MOMENT, _AROUND = 9, 25
_FAINT = 1e-10
_SMOOTH = (np.float32(0.25), np.float32(0.5), np.float32(0.25))
_HALVINGS = 12
_USUAL_WIDTH_HZ, _LEAVE = 300.0, (0.7, 1.4)
_OWN = slice(_EDGE_HOPS - WINDOW_HOPS // 2, _EDGE_HOPS - WINDOW_HOPS // 2 + PERIOD_HOPS)
"""Windows whose middle lies in the period."""


def mark_with_id(sound: Sound, made_id: str, *, first: int = 0) -> Sound:
    """Mark a sound with the id of the film or sound it belongs to.

    Args:
        sound: Mono, of any length and rate from 1,000 samples a second; rates below 14,600 leave out bands.
        made_id: 16 hex digits, the last 4 a check on the others.
        first: Sample of the whole with which this sound begins, where it is one part of something longer.

    Returns:
        As many samples at the same rate, none moved.

    Raises:
        InputError: The id does not pass its own check.
    """
    rate_hz = sound.sample_rate_hz
    if rate_hz % HOPS_A_SECOND or rate_hz < 2 * HIGHEST_HZ:
        fit = resampled(sound, sample_rate_hz=MASTER_RATE_HZ)
        marked = mark_with_id(fit, made_id, first=round(first * MASTER_RATE_HZ / rate_hz))
        added = Sound(samples=marked.samples - fit.samples, sample_rate_hz=MASTER_RATE_HZ)
        back = resampled(added, sample_rate_hz=rate_hz).samples
        whole = sound.samples.copy()
        count = min(len(back), len(whole))
        whole[:count] += back[:count]
        return Sound(samples=whole, sample_rate_hz=rate_hz)
    blocks = marked_blocks(InMemory(sound.samples), made_id, sample_rate_hz=rate_hz, first=first)
    return Sound(samples=np.concatenate([np.zeros(0, np.float32), *blocks]), sample_rate_hz=rate_hz)


def marked_blocks(
    take: Take, made_id: str, *, sample_rate_hz: int = MASTER_RATE_HZ, first: int = 0
) -> Iterator[Float32[np.ndarray, " samples"]]:
    """Mark a sound that lies anywhere, in blocks of a period.

    Each of its samples is read once, in order, and none after the block that holds it was given out: blocks may
    be written where they were read.

    Args:
        take: The sound.
        made_id: 16 hex digits, the last 4 a check on the others.
        sample_rate_hz: Of the sound: a multiple of 100, 14,600 or more.
        first: Sample of the whole with which this sound begins.

    Raises:
        InputError: The id does not pass its own check.
    """
    if not is_film_id(made_id):
        message = f"{made_id!r} is no id of a film or sound: 16 hex digits, the last 4 a check on the others."
        raise InputError(message)
    hop = sample_rate_hz // HOPS_A_SECOND
    pattern = in_time(cells_of(made_id).astype(np.float32))
    return _marking(take, pattern, hop=hop, first=first)


def _marking(
    take: Take, pattern: Float32[np.ndarray, "hops bands"], *, hop: int, first: int
) -> Iterator[Float32[np.ndarray, " samples"]]:
    """Give out the marked sound, period by period, each half a window late: the next one adds to its end."""
    size, edge, late = PERIOD_HOPS * hop, _EDGE_HOPS * hop, WINDOW_HOPS * hop // 2
    at = -(first % size)  # of the take: where this period begins
    near = np.concatenate([np.zeros(edge - at, np.float32), _read(take, 0, at + size + edge)])
    begun = np.zeros((WINDOW_HOPS - 1) * hop, np.float32)
    """What the period before adds to this one."""
    while at - late < take.count:
        added = _added(near, pattern, hop=hop)
        added[: len(begun)] += begun
        begun = added[size:]
        whole = near[edge - late : edge - late + size] + added[:size]
        yield whole[max(0, late - at) : max(0, take.count - at + late)]
        near = np.concatenate([near[size:], _read(take, at + size + edge, at + 2 * size + edge)])
        at += size


def _read(take: Take, first: int, last: int) -> Float32[np.ndarray, " samples"]:
    """Read a stretch; silence follows the end."""
    known = take.cut(min(first, take.count), min(last, take.count))
    return np.pad(known, (0, last - first - len(known)))


def _added(
    near: Float32[np.ndarray, " near"], pattern: Float32[np.ndarray, "hops bands"], *, hop: int
) -> Float32[np.ndarray, " added"]:
    """Make what the mark adds in one period; it begins half a window before the period."""
    size = WINDOW_HOPS * hop
    views = np.lib.stride_tricks.sliding_window_view(near, size)[::hop]
    spectrum = scipy.fft.rfft(views[_OWN] * np.sqrt(window(size)), axis=1)
    change_db = _change_db(powers_of_bands(near, hop=hop), pattern)
    more = np.power(np.float32(10), np.repeat(change_db, BAND_BINS, axis=1) / np.float32(20)) - 1
    changed = np.zeros((PERIOD_HOPS, spectrum.shape[1]), np.complex64)
    changed[:, FIRST_BIN:LAST_BIN] = spectrum[:, FIRST_BIN:LAST_BIN] * more
    waves = scipy.fft.irfft(changed, size, axis=1) * (np.sqrt(window(size)) / 2)
    quarters = waves.reshape(PERIOD_HOPS, WINDOW_HOPS, hop)
    added = np.zeros((PERIOD_HOPS + WINDOW_HOPS - 1, hop), np.float32)
    for i in range(WINDOW_HOPS):  # windows overlap by three quarters; squared, they add up to two
        added[i : i + PERIOD_HOPS] += quarters[:, i]
    return added.ravel()


def _change_db(
    bands: Float32[np.ndarray, "near bands"], pattern: Float32[np.ndarray, "hops bands"]
) -> Float32[np.ndarray, "hops bands"]:
    """Tell by how much each band is made louder or softer.

    More where its level is lively, and for bits of the id against which the sound itself speaks.
    """
    level_db = 10 * np.log10(bands + _FAINT)
    away = np.abs(level_db - uniform_filter1d(level_db, _MOMENT, axis=0))
    lively = uniform_filter1d(away, _AROUND, axis=0)[_OWN]
    plain = np.clip(PER_LIVELINESS * lively, LEAST_DB, MOST_DB) * _leave() * pattern
    says = _said(bands, pattern)
    louder = bands.copy()
    louder[_OWN] *= np.power(10, _smooth(plain) / 10)
    gains = np.maximum(_said(louder, pattern) - says, 1e-6)
    shares = np.append(
        _shares(says[:-1], gains[:-1]), np.float32(1.0)
    )  # the pilot's is not touched
    return _smooth(plain * in_time(shares[places_of_cells()].reshape(CHIPS, BANDS), flips=False))


@cache
def _leave() -> Float32[np.ndarray, " bands"]:
    """Tell how much more each band may change: what one critical band takes together evens out.

    Its width after E. Zwicker and E. Terhardt, 1980.
    """
    kilohertz = (LOWEST_HZ + BAND_HZ * (np.arange(BANDS) + 0.5)) / 1000
    width_hz = 25 + 75 * np.power(1 + 1.4 * np.square(kilohertz), 0.69)
    leave: np.ndarray = np.clip(np.power(width_hz / _USUAL_WIDTH_HZ, 0.3), *_LEAVE)
    return leave.astype(np.float32)


def _said(
    bands: Float32[np.ndarray, "near bands"], pattern: Float32[np.ndarray, "hops bands"]
) -> Float64[np.ndarray, " places"]:
    """Tell how clearly a reader would hear each coded bit, and the pilot last, in one period."""
    heard = (compared(bands)[_OWN] * pattern).reshape(CHIPS, -1, BANDS).sum(axis=1)
    return np.bincount(places_of_cells(), weights=heard.ravel())


def _shares(
    says: Float64[np.ndarray, " places"], gains: Float64[np.ndarray, " places"]
) -> Float32[np.ndarray, " places"]:
    """Share out strength: as much in all as if each bit had 1, but most where it is needed most."""
    shares = np.ones(len(says))
    low, high = float(says.min()), float((says + MOST_SHARE * gains).max())
    for _ in range(_HALVINGS):  # find how clear all bits can be with it
        aim = (low + high) / 2
        shares = np.clip((aim - says) / gains, LEAST_SHARE, MOST_SHARE)
        low, high = (aim, high) if float(np.square(shares).mean()) < 1 else (low, aim)
    return np.asarray(shares, np.float32)


def _smooth(rows: Float32[np.ndarray, "hops bands"]) -> Float32[np.ndarray, "hops bands"]:
    padded = np.pad(rows, ((1, 1), (0, 0)), mode="edge")
    before, here, after = _SMOOTH
    smooth: np.ndarray = before * padded[:-2] + here * padded[1:-1] + after * padded[2:]
    return smooth
