"""Masters sound: the loudness of everything that leaves the house is the same, and no peak clips.

The sound is gone over in blocks, several times: what gain it needs is found by listening to what the
limiter would make of it. So an hour needs no more memory than a minute, if it lies in a file.

Source:
    EBU R 128; measures after ITU-R BS.1770-5, see ``loudness``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import soxr
from jaxtyping import Float32
from scipy.ndimage import minimum_filter1d

from vivant.errors import InputError
from vivant.media.hearing import resampled
from vivant.media.loudness import (
    BETWEEN,
    BLOCK,
    LOUDNESS_RATE_HZ,
    REACH,
    SILENCE_LUFS,
    Meter,
    peaks_between,
)
from vivant.media.sound import Sound

MASTER_RATE_HZ = LOUDNESS_RATE_HZ
TARGET_LUFS = -16.0
CEILING_DBTP = -1.0
MOST_GAIN_DB = 48.0
"""A sound that would need more is left quieter, lest its noise roar."""
NEAR_ENOUGH_LU = 0.2
MOST_ROUNDS = 6
LOOK_AHEAD_S = 0.005
MARGIN_DB = 0.15
"""Kept under the asked true peak: a changing gain moves peaks between samples a little."""


@runtime_checkable
class Take(Protocol):
    """A sound at ``MASTER_RATE_HZ`` that pieces can be cut from, wherever it lies."""

    @property
    def count(self) -> int:
        """How many samples it has."""

    def cut(self, first: int, last: int) -> Float32[np.ndarray, " samples"]:
        """Give the samples from ``first`` up to ``last``, which lie in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a take needs, so that it is as loud as asked."""

    gain: float
    """Before the limiter."""
    ceiling: float
    """Of the limiter; full scale is 1.0."""
    trim: float
    """After the limiter; 1.0 or a little less."""


@dataclass(frozen=True, slots=True, eq=False)
class InMemory:
    """A take that lies in memory."""

    samples: Float32[np.ndarray, " samples"]

    @property
    def count(self) -> int:
        """How many samples it has."""
        return len(self.samples)

    def cut(self, first: int, last: int) -> Float32[np.ndarray, " samples"]:
        """Give a view of a piece."""
        return self.samples[first:last]


def master(
    sound: Sound,
    *,
    lufs: float = TARGET_LUFS,
    true_peak_dbtp: float = CEILING_DBTP,
    sample_rate_hz: int = MASTER_RATE_HZ,
    starts: int = 0,
    samples: int | None = None,
) -> Sound:
    """Bring a sound to the loudness that all of ours have, with no true peak above a ceiling.

    One gain for the whole sound, and a limiter that looks ahead and turns down only around peaks.
    Nothing moves in time. Silence stays silence. Memory: the result, and little beside it.

    Args:
        sound: Mono sound of any length and rate.
        lufs: Integrated loudness to reach, from -40 to -8.
        true_peak_dbtp: Ceiling for peaks, from -20 to 0.
        sample_rate_hz: Rate of the result; true peaks are held at 48 kHz.
        starts: Sample of the result with which the sound begins, at ``MASTER_RATE_HZ``; silence before it.
        samples: How many the result has, at ``MASTER_RATE_HZ``; the sound is cut there, or silence follows.

    Returns:
        Sound within 0.5 LU of the target, unless it would need more than ``MOST_GAIN_DB`` or is all peaks.

    Raises:
        InputError: The target or the ceiling is out of range, or a sample is no number.
    """
    check_target(lufs=lufs, true_peak_dbtp=true_peak_dbtp)
    check_samples(sound.samples)
    whole = _laid_out(sound, starts=starts, samples=samples)
    take = InMemory(whole)
    setting = setting_for(take, lufs=lufs, true_peak_dbtp=true_peak_dbtp)
    first = 0
    waiting = np.zeros(
        0, np.float32
    )  # a block is written when the next one, which looks back, is made
    for block in mastered_blocks(take, setting):
        whole[first : first + len(waiting)] = waiting
        first += len(waiting)
        waiting = block
    whole[first:] = waiting
    return resampled(
        Sound(samples=whole, sample_rate_hz=MASTER_RATE_HZ), sample_rate_hz=sample_rate_hz
    )


def check_target(*, lufs: float, true_peak_dbtp: float) -> None:
    """Refuse a loudness or a ceiling that makes no sense.

    Raises:
        InputError: One is out of range.
    """
    if not -40.0 <= lufs <= -8.0 or not -20.0 <= true_peak_dbtp <= 0.0:
        message = (
            f"The target is {lufs:g} LUFS under {true_peak_dbtp:g} dBTP; it must lie between -40 and -8 LUFS, "
            "the ceiling between -20 and 0 dBTP."
        )
        raise InputError(message)


def check_samples(samples: Float32[np.ndarray, " samples"]) -> None:
    """Refuse samples that are no numbers.

    Raises:
        InputError: There are some.
    """
    if not np.isfinite(samples).all():
        message = "The sound holds samples that are no numbers. Save it again as 16-bit WAV."
        raise InputError(message)


def setting_for(take: Take, *, lufs: float, true_peak_dbtp: float) -> Setting:
    """Find the gain: limiting takes loudness away, so raise again until the target is met.

    Args:
        take: The sound; silence needs nothing.
        lufs: Integrated loudness to reach.
        true_peak_dbtp: Ceiling for peaks.
    """
    ceiling = float(10 ** ((true_peak_dbtp - MARGIN_DB) / 20))
    setting = Setting(gain=1.0, ceiling=ceiling, trim=1.0)
    loudness = _metered(_pieces(take)).lufs
    if loudness <= SILENCE_LUFS:
        return setting
    gain_db = min(lufs - loudness, MOST_GAIN_DB)
    for _ in range(MOST_ROUNDS):
        gain = float(10 ** (gain_db / 20))
        heard = _metered(_limited(take, gain=gain, ceiling=ceiling))
        missing = lufs - heard.lufs
        setting = Setting(gain=gain, ceiling=ceiling, trim=min(1.0, ceiling / heard.true_peak))
        if abs(missing) <= NEAR_ENOUGH_LU or gain_db + missing > MOST_GAIN_DB:
            break
        gain_db += missing
    return setting


def mastered_blocks(take: Take, setting: Setting) -> Iterator[Float32[np.ndarray, " samples"]]:
    """Give out a take as loud as asked, in blocks of ``BLOCK`` samples and a last one.

    A block is made from the take's samples up to ``BLOCK`` before and after it.
    """
    for block in _limited(take, gain=setting.gain, ceiling=setting.ceiling):
        yield block * np.float32(setting.trim)


def _laid_out(sound: Sound, *, starts: int, samples: int | None) -> Float32[np.ndarray, " samples"]:
    """Convert a sound to the master's rate, right at its place in the result."""
    rate_hz, given = sound.sample_rate_hz, sound.samples
    count = round(len(given) * MASTER_RATE_HZ / rate_hz)
    whole = np.zeros(starts + count if samples is None else samples, np.float32)
    if rate_hz == MASTER_RATE_HZ:
        kept = given[: max(0, len(whole) - starts)]
        whole[starts : starts + len(kept)] = kept
        return whole
    converter = soxr.ResampleStream(rate_hz, MASTER_RATE_HZ, 1, dtype="float32", quality="HQ")
    at = starts
    for first in range(0, len(given), BLOCK):
        is_last = first + BLOCK >= len(given)
        piece = converter.resample_chunk(given[first : first + BLOCK], last=is_last)
        piece = piece[: max(0, len(whole) - at)]
        whole[at : at + len(piece)] = piece
        at += len(piece)
    return whole


def _pieces(take: Take) -> Iterator[Float32[np.ndarray, " samples"]]:
    for first in range(0, take.count, BLOCK):
        yield take.cut(first, min(first + BLOCK, take.count))


def _metered(blocks: Iterator[Float32[np.ndarray, " samples"]]) -> Meter:
    meter = Meter()
    for block in blocks:
        meter.add(block)
    return meter


def _limited(
    take: Take, *, gain: float, ceiling: float
) -> Iterator[Float32[np.ndarray, " samples"]]:
    """Multiply by a gain, less around peaks: lowest need within the look-ahead, then smoothed over it."""
    from scipy.signal import oaconvolve  # noqa: PLC0415 - 30 MB that a film being drawn does not need

    half = round(LOOK_AHEAD_S * MASTER_RATE_HZ)
    smooth = np.hanning(2 * half + 3)[1:-1].astype(np.float32)
    smooth /= smooth.sum()
    margin = 2 * half + REACH
    for first in range(0, take.count, BLOCK):
        last = min(first + BLOCK, take.count)
        low, high = max(0, first - margin), min(take.count, last + margin)
        block = take.cut(low, high) * np.float32(gain)
        if float(np.abs(block).max(initial=0.0)) * BETWEEN <= ceiling:
            yield block[first - low : last - low]
            continue
        needed = np.minimum(
            np.float32(1.0),
            np.float32(ceiling) / np.maximum(peaks_between(block), np.float32(1e-9)),
        )
        lowest = minimum_filter1d(np.pad(needed, half, constant_values=1.0), 2 * half + 1)
        turned = oaconvolve(np.pad(lowest, half, constant_values=1.0), smooth, mode="same")[
            2 * half : -2 * half
        ]
        yield (block * turned.astype(np.float32))[first - low : last - low]
