"""An inaudible mark in any sound: the film's or sound's id, so that a sound track ripped from a film tells which it was.

The mark makes narrow bands a little louder and softer, by a decibel and less, 12 times a second, by a pattern
that only its reader looks for (``sound_id_cells``). What it changes is a small share of what is heard at that
moment in that band, so it lies under it wherever it is loud or soft; silence stays silent. Where a sound stands still
(a held tone), where ears hear least change, it changes less. Nothing moves in time, and no weights are needed.

The reader (``sound_id_reading``) needs no original. It lives through AAC and MP3, other rates, other gains, noise,
cutting, and small changes of speed. Voices and instruments can be cut from one another; then each part still
carries its own cells.

Method: patchwork and spread spectrum in the magnitudes of a short-time spectrum. The key is public: the mark
tells where a sound is from; it does not prove it. Proof is the signature.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.fft
from jaxtyping import Complex64, Float32
from scipy.ndimage import uniform_filter1d

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.mastering import MASTER_RATE_HZ, InMemory, Take
from vivant.media.sound import Sound
from vivant.provenance.record import is_film_id
from vivant.provenance.sound_id_cells import (
    BAND_BINS,
    BANDS,
    FIRST_BIN,
    HIGHEST_HZ,
    HOPS_A_SECOND,
    LAST_BIN,
    PERIOD_HOPS,
    WINDOW_HOPS,
    cells_of,
    in_time,
    window,
)
from vivant.provenance.sound_id_reading import SoundIdReading, read_sound_id

__all__ = ["MARK_NAME", "SoundIdReading", "mark_with_id", "marked_blocks", "read_sound_id"]

MARK_NAME = "sound-id-1"
"""What papers call the mark."""
LEAST_DB, MOST_DB = 0.4, 1.5
"""How much a band's level is changed."""
PER_LIVELINESS = 0.5
"""By how much of what it changes anyway, from one moment to the next."""

_EDGE_HOPS = 32
"""Hops around a stretch that must be known to mark it."""
_MOMENT, _AROUND = 9, 25
_FAINT = 1e-10
_SMOOTH = (0.25, 0.5, 0.25)


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
    reach = _EDGE_HOPS - WINDOW_HOPS // 2  # the first window whose middle lies in the period
    own = slice(reach, reach + PERIOD_HOPS)
    spectrum = scipy.fft.rfft(views * np.sqrt(window(size)), axis=1)
    change_db = _change_db(spectrum[:, FIRST_BIN:LAST_BIN])[own] * pattern
    rows = np.pad(change_db, ((1, 1), (0, 0)), mode="edge")
    smooth = sum(share * rows[i : i + PERIOD_HOPS] for i, share in enumerate(_SMOOTH))
    more = np.power(np.float32(10), np.repeat(smooth, BAND_BINS, axis=1) / np.float32(20)) - 1
    changed = np.zeros((PERIOD_HOPS, spectrum.shape[1]), np.complex64)
    changed[:, FIRST_BIN:LAST_BIN] = spectrum[own, FIRST_BIN:LAST_BIN] * more
    waves = scipy.fft.irfft(changed, size, axis=1) * (np.sqrt(window(size)) / 2)
    quarters = waves.reshape(PERIOD_HOPS, WINDOW_HOPS, hop)
    added = np.zeros((PERIOD_HOPS + WINDOW_HOPS - 1, hop), np.float32)
    for i in range(WINDOW_HOPS):  # windows overlap by three quarters; squared, they add up to two
        added[i : i + PERIOD_HOPS] += quarters[:, i]
    return added.ravel()


def _change_db(
    spectrum: Complex64[np.ndarray, "hops bins"],
) -> Float32[np.ndarray, "hops bands"]:
    """Tell how much each band may change: more where its level is lively."""
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    level_db = 10 * np.log10(power.reshape(-1, BANDS, BAND_BINS).sum(axis=2) + _FAINT)
    away = np.abs(level_db - uniform_filter1d(level_db, _MOMENT, axis=0))
    lively = uniform_filter1d(away, _AROUND, axis=0)
    return np.clip(PER_LIVELINESS * lively, LEAST_DB, MOST_DB).astype(np.float32)
