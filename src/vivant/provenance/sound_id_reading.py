"""Reads the mark in a sound: which film or sound of ours it is from.

Levels of bands are compared with those around them in time and pitch, weighed by how still they are otherwise,
added up period by period, and laid over the pilot at every moment at which a period may begin. Where the pilot
stands out the id is decoded; it counts only if it fits all cells better than the best of all ids fits noise,
and passes its own check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
import soxr
from jaxtyping import Float32, Float64

from vivant.media.hearing import resampled
from vivant.media.sound import Sound
from vivant.provenance.coding import coded_length, decode, encode
from vivant.provenance.record import ID_BITS, is_film_id
from vivant.provenance.sound_id_cells import (
    BANDS,
    CHIPS,
    HALF_HOPS,
    HOPS_A_SECOND,
    PERIOD_HOPS,
    PERIOD_S,
    WINDOW_HOPS,
    layout,
    pilot,
    places_of_data,
)
from vivant.provenance.sound_id_levels import compared, powers_of_bands

RATE_HZ: Final = 16_000
"""The rate at which sounds are read; all bands lie below its half."""
LOOK_S: Final = 4 * PERIOD_S
"""A stretch that is read as one: so much may be added up before a clock that runs a thousandth fast blurs it.
Where nothing is found, stretches half as long are read: somebody may have cut the sound and put it together anew."""
SHORTEST_S: Final = 2.0
MOST_LOOKS: Final = 16
SPEEDS: Final = (
    1.005, 0.995, 1.01, 0.99, 1.015, 0.985, 25 / 24, 24 / 25,
)  # fmt: skip
"""How much faster than it was made a sound may run, besides as made; tried where nothing else is found."""

_FIT_NEEDED = (
    10.0  # standard deviations; the best of 2**64 code words fits noise by 8, give or take 0.4
)
_PILOT_NEEDED = 3.2
_PEAKS_TRIED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundIdReading:
    """What was read out of a sound."""

    made_id: str | None
    """16 hex digits; ``None`` where there is no mark, or none that can be read."""
    confidence: float
    """0 .. 1: 1 less twice the share of coded bits that had to be corrected; 0 without an id."""
    fit_score: float
    """How well the id fits all data cells, in standard deviations; chance stays below 10."""
    starts_s: float
    """Where the stretch begins in which it was read."""
    speed: float
    """How much faster the sound runs than it was made."""
    why: str
    """One plain sentence."""


def unread(why: str, fit_score: float = 0.0) -> SoundIdReading:
    """Say that no id was read, and why."""
    return SoundIdReading(
        made_id=None, confidence=0.0, fit_score=fit_score, starts_s=0.0, speed=1.0, why=why
    )


def read_sound_id(sound: Sound, *, speeds: bool = True) -> SoundIdReading:
    """Read which film or sound of ours a sound is from.

    Args:
        sound: Mono, of any rate; best 6 s and more. Of a long one ``MOST_LOOKS`` stretches are read.
        speeds: Whether to look for sounds that run a little fast or slow too; takes 12 times as long where
            nothing is found.

    Returns:
        The id, or why there is none. Never raises for what the sound holds.
    """
    if sound.seconds < SHORTEST_S:
        return unread(
            f"The sound lasts {sound.seconds:.1f} s; {SHORTEST_S:g} s are needed at least."
        )
    samples = resampled(sound, sample_rate_hz=RATE_HZ).samples
    if not np.isfinite(samples).all() or not float(np.abs(samples).max(initial=0.0)) > 0:
        return unread("The sound is silent, or holds samples that are no numbers.")
    best = unread("No mark was found: nothing in the sound stands out as the pilot does.")
    looks = list(_looks(samples, seconds=LOOK_S))
    shorter = _looks(samples, seconds=LOOK_S / 2) if sound.seconds > LOOK_S / 2 else ()
    for first, look in chain(looks, shorter):
        reading = _read(look, starts_s=first / RATE_HZ, speed=1.0)
        if reading.made_id is not None:
            return reading
        best = max(best, reading, key=lambda one: one.fit_score)
    loudest = max(looks, key=lambda one: float(np.square(one[1]).sum()))
    for speed in SPEEDS if speeds else ():
        look = np.asarray(soxr.resample(loudest[1], RATE_HZ, RATE_HZ * speed, quality="MQ"))
        reading = _read(look.astype(np.float32), starts_s=loudest[0] / RATE_HZ, speed=speed)
        if reading.made_id is not None:
            return reading
    return best


def _looks(
    samples: Float32[np.ndarray, " samples"], *, seconds: float
) -> Iterator[tuple[int, Float32[np.ndarray, " look"]]]:
    """Give out stretches: from the beginning on, overlapping by half; of a long sound, spread over it."""
    size = round(seconds * RATE_HZ)
    count = max(1, -(-2 * (len(samples) - size) // size) + 1)
    used = min(count, MOST_LOOKS)
    last = max(0, len(samples) - size)
    for i in range(used):
        first = last * i // max(1, used - 1)
        yield first, samples[first : first + size]


def _read(
    samples: Float32[np.ndarray, " samples"], *, starts_s: float, speed: float
) -> SoundIdReading:
    bands = _bands_of(samples)
    best = unread("No mark was found: nothing in the sound stands out as the pilot does.")
    for is_wary in (False, True):
        folded = _folded(compared(bands, is_wary=is_wary))
        reading = _read_folded(folded, starts_s=starts_s, speed=speed)
        if reading.made_id is not None:
            return reading
        best = max(best, reading, key=lambda one: one.fit_score)
    return best


def _read_folded(
    folded: Float64[np.ndarray, "period bands"], *, starts_s: float, speed: float
) -> SoundIdReading:
    spectrum = np.fft.rfft(folded, axis=0) * np.conj(np.fft.rfft(pilot(), axis=0))
    found = np.fft.irfft(spectrum.sum(axis=1), PERIOD_HOPS)
    found /= found.std() or 1.0
    best = unread("No mark was found: nothing in the sound stands out as the pilot does.")
    for _ in range(_PEAKS_TRIED):
        at = int(found.argmax())
        if found[at] < _PILOT_NEEDED:
            break
        reading = _decoded(np.roll(folded, -at, axis=0), starts_s=starts_s, speed=speed)
        if reading.made_id is not None:
            return reading
        best = max(best, reading, key=lambda one: one.fit_score)
        found[np.arange(at - 1, at + 2) % PERIOD_HOPS] = -np.inf
    return best


def _bands_of(samples: Float32[np.ndarray, " samples"]) -> Float32[np.ndarray, "hops bands"]:
    size = WINDOW_HOPS * RATE_HZ // HOPS_A_SECOND
    padded = np.pad(samples, (size // 2, size))
    return powers_of_bands(padded, hop=RATE_HZ // HOPS_A_SECOND)


def _folded(
    weighed: Float32[np.ndarray, "hops bands"],
) -> Float64[np.ndarray, "period bands"]:
    """Add up periods."""
    padded = np.pad(weighed, ((0, -len(weighed) % PERIOD_HOPS), (0, 0)))
    folded: np.ndarray = padded.reshape(-1, PERIOD_HOPS, BANDS).sum(axis=0, dtype=np.float64)
    return folded


def _decoded(
    folded: Float64[np.ndarray, "period bands"], *, starts_s: float, speed: float
) -> SoundIdReading:
    signs, data = layout()
    halves = folded.reshape(CHIPS, 2, HALF_HOPS, BANDS).sum(axis=2)
    heard = ((halves[:, 0] - halves[:, 1]) * signs).ravel()[data]
    places = places_of_data()
    soft = np.bincount(places, weights=heard, minlength=coded_length(ID_BITS)).astype(np.float32)
    value = decode(soft, bits=ID_BITS)
    code = encode(value, bits=ID_BITS)
    fit = float((heard * code[places]).sum() / (np.sqrt(np.square(heard).sum()) or 1.0))
    made_id = f"{value:016x}"
    if fit < _FIT_NEEDED or not is_film_id(made_id):
        why = "Something like the pilot was found, but no id that passes its own check."
        return unread(why, fit)
    wrong = float((np.sign(soft) != code).mean())
    pace = "" if speed == 1.0 else f" The sound runs {100 * (speed - 1):+.2f} % fast."
    return SoundIdReading(
        made_id=made_id,
        confidence=max(0.0, 1 - 2 * wrong),
        fit_score=fit,
        starts_s=starts_s,
        speed=speed,
        why=f"The mark in the sound reads {made_id}; {wrong:.0%} of its coded bits had to be corrected.{pace}",
    )
