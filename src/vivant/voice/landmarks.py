"""What can be seen in a sound with no knowledge of language: silence, and lips that meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float32
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from vivant.voice.phones import LIP_CLOSURES, PAUSE, SIBILANTS, is_vowel
from vivant.voice.speech import Phone

HOP_S = 0.0025
WINDOW_S = 0.010
SHORTEST_PAUSE_S = 0.040
"""A silence shorter than this is part of a stop consonant, not a pause."""
SILENCE_BELOW_SPEECH_DB = 36.0
SILENCE_FLOOR_DB = -65.0
SPARED_S = 0.030
"""No phone gets shorter than this when its neighbour's edge is moved."""
SPARED_STOP_S = 0.060
STOPS = frozenset({"p", "b", "t", "d", "k", "ɡ", "ʔ", "tʃ", "dʒ"})
REACH_S = 0.040
"""How far the edge of a lip closure may be moved."""
CLOSURE_BAND_HZ = {"p": (400.0, 4000.0), "b": (400.0, 4000.0), "m": (900.0, 4000.0)}
"""Where closed lips are heard: a vowel is loud there; a stop, and a nasal's murmur, are not."""
SHALLOWEST_DB = 8.0
"""A dip less deep than this says nothing about the lips."""

SHORTEST_CLOSURE_S = 0.035
HISS_HZ = 4000.0
SIBILANT_REACH_S = 0.045
SMALLEST_STEP_DB = 12.0
STEP_OVER_S = 0.012
FAR_COSTS_DB = 4.0
"""A step at the end of the reach must be this much higher than one in the middle."""
LIQUIDS = frozenset("lɹwj")


def level_curve(
    samples: Float32[np.ndarray, " samples"],
    *,
    sample_rate_hz: int,
    hop_s: float = HOP_S,
    window_s: float = WINDOW_S,
) -> Float32[np.ndarray, " hops"]:
    """Measure the level around every hop of a sound.

    Args:
        samples: Mono sound; full scale is ±1.0.
        sample_rate_hz: Samples in each second.
        hop_s: Time from one value to the next; value *i* is centred on sample ``i * hop``.
        window_s: Time that each value looks at.

    Returns:
        RMS in dB FS, not below -120.
    """
    hop, window = (max(1, round(s * sample_rate_hz)) for s in (hop_s, window_s))
    power = uniform_filter1d(np.square(samples, dtype=np.float64), window, mode="constant")[::hop]
    return (10.0 * np.log10(np.maximum(power, 1e-12))).astype(np.float32)


def silence_threshold_db(levels: Float32[np.ndarray, " hops"]) -> float:
    """Tell the level under which a sound with speech in it is silent, from its loud parts and its floor."""
    if not len(levels):
        return SILENCE_FLOOR_DB
    speech = float(np.percentile(levels, 95))
    floor = float(np.percentile(levels, 5))
    between = floor + 0.35 * (speech - floor)  # a noisy room: its floor is not silence
    return max(SILENCE_FLOOR_DB, speech - SILENCE_BELOW_SPEECH_DB, min(between, floor + 8.0))


def settle_pauses(
    phones: Sequence[Phone], *, samples: Float32[np.ndarray, " samples"], sample_rate_hz: int
) -> list[Phone]:
    """Move the edges of pauses to where the sound falls silent and starts again.

    A pause in which nothing is silent becomes empty; its time goes to the phone before it,
    or to the one behind it where there is none before.

    Args:
        phones: Covering the sound without gap or overlap.
        samples: The sound, mono, full scale ±1.0.
        sample_rate_hz: Samples in each second.

    Returns:
        As many phones, covering the sound.
    """
    levels = level_curve(samples, sample_rate_hz=sample_rate_hz)
    quiet = levels < silence_threshold_db(levels)
    hop = max(1, round(HOP_S * sample_rate_hz))
    settled = list(phones)
    for i, pause in enumerate(phones):
        if pause.symbol != PAUSE:
            continue
        low, high = _room_around(settled, i, sample_rate_hz)
        first, last = _longest_run(quiet[-(-low // hop) : high // hop + 1])
        first, last = low + first * hop, min(low + last * hop, high)
        first = pause.first if i == 0 else first
        last = pause.last if i == len(phones) - 1 else last
        if last - first < SHORTEST_PAUSE_S * sample_rate_hz:
            first = last = pause.last if i else pause.first
        settled[i] = replace(pause, first=first, last=last)
        if i:
            settled[i - 1] = replace(settled[i - 1], last=first)
        if i + 1 < len(settled):
            settled[i + 1] = replace(settled[i + 1], first=last)
    return settled


def _room_around(phones: Sequence[Phone], i: int, sample_rate_hz: int) -> tuple[int, int]:
    """Tell between which samples a pause may lie without eating its neighbours."""
    low, high = phones[i].first, phones[i].last
    if i:
        before = phones[i - 1]
        spared = SPARED_STOP_S if before.symbol in STOPS else SPARED_S
        low = min(low, before.first + round(spared * sample_rate_hz))
    if i + 1 < len(phones) and phones[i + 1].symbol not in STOPS:
        high = max(high, phones[i + 1].last - round(SPARED_S * sample_rate_hz))
    return low, high


def _longest_run(flags: np.ndarray) -> tuple[int, int]:
    """Find the longest run of true values: its first place and one past its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    if not len(starts):
        return 0, 0
    best = int(np.argmax(stops - starts))
    return int(starts[best]), int(stops[best])


def settle_closures(
    phones: Sequence[Phone], *, samples: Float32[np.ndarray, " samples"], sample_rate_hz: int
) -> list[Phone]:
    """Move the edges of p, b and m to where the lips are heard to meet and to part.

    Args:
        phones: Covering the sound without gap or overlap.
        samples: The sound, mono, full scale ±1.0.
        sample_rate_hz: Samples in each second.

    Returns:
        As many phones, covering the sound; edges moved by at most ``REACH_S``.
    """
    settled = list(phones)
    curves: dict[str, np.ndarray] = {}
    for i, phone in enumerate(phones):
        if phone.symbol not in LIP_CLOSURES or not 0 < i < len(phones) - 1:
            continue
        if phone.symbol not in curves:
            curves[phone.symbol] = _band_levels(
                samples, sample_rate_hz, CLOSURE_BAND_HZ[phone.symbol]
            )
        _settle(settled, i, curves[phone.symbol], sample_rate_hz)
    return settled


def _band_levels(
    samples: np.ndarray, sample_rate_hz: int, band_hz: tuple[float, float]
) -> np.ndarray:
    top = min(band_hz[1], 0.45 * sample_rate_hz)
    sections = butter(2, (band_hz[0], top), btype="bandpass", fs=sample_rate_hz, output="sos")
    if len(samples) < 64:
        return np.full(len(samples), -120.0, np.float32)
    banded = sosfiltfilt(sections, samples).astype(np.float32)
    return level_curve(banded, sample_rate_hz=sample_rate_hz, window_s=0.006)


def _settle(phones: list[Phone], i: int, levels: np.ndarray, sample_rate_hz: int) -> None:
    """Find the dip nearest the closure, and its edges halfway up each side."""
    before, phone, after = phones[i - 1 : i + 2]
    hop = max(1, round(HOP_S * sample_rate_hz))
    reach, spared = (round(s * sample_rate_hz) for s in (REACH_S, SPARED_S))
    low = max(phone.first - reach, min(before.first + spared, phone.first))
    high = min(phone.last + reach, max(after.last - spared, phone.last))
    a, b = -(-low // hop), min(high // hop + 1, len(levels))
    inside = slice(max(a, phone.first // hop), max(min(b, -(-phone.last // hop)), a + 1))
    if b - a < 4 or inside.stop <= inside.start:
        return
    bottom = inside.start + int(np.argmin(levels[inside]))
    depth = float(levels[bottom])
    first, last = phone.first, phone.last
    left, right = levels[a : bottom + 1], levels[bottom:b]
    if before.symbol != PAUSE and (rise := float(left.max()) - depth) > SHALLOWEST_DB:
        first = (a + int(np.flatnonzero(left > depth + rise / 2)[-1]) + 1) * hop
    if after.symbol != PAUSE and (rise := float(right.max()) - depth) > SHALLOWEST_DB:
        last = (bottom + int(np.flatnonzero(right > depth + rise / 2)[0])) * hop
    first, last = max(low, min(first, bottom * hop)), min(high, max(last, (bottom + 1) * hop))
    first, last = _long_enough(first, last, before, after, sample_rate_hz)
    phones[i - 1] = replace(before, last=first)
    phones[i] = replace(phone, first=first, last=last)
    phones[i + 1] = replace(after, first=last)


def _long_enough(
    first: int, last: int, before: Phone, after: Phone, sample_rate_hz: int
) -> tuple[int, int]:
    """Widen a closure that lips could not make in the time, first into the pause or the phone before it."""
    shortest, spared = (round(s * sample_rate_hz) for s in (SHORTEST_CLOSURE_S, SPARED_S))
    room = max(0, first - before.first - (0 if before.symbol == PAUSE else spared))
    first -= min(max(0, shortest - (last - first)), room)
    room = max(0, after.last - last - (0 if after.symbol == PAUSE else spared))
    return first, last + min(max(0, shortest - (last - first)), room)


def settle_sibilants(
    phones: Sequence[Phone], *, samples: Float32[np.ndarray, " samples"], sample_rate_hz: int
) -> list[Phone]:
    """Move the edges between vowels and hissing sounds to where the hiss begins and ends.

    Args:
        phones: Covering the sound without gap or overlap.
        samples: The sound, mono, full scale ±1.0.
        sample_rate_hz: Samples in each second; a sound of less than 12 kHz is left as it is.

    Returns:
        As many phones, covering the sound; edges moved by at most ``SIBILANT_REACH_S``.
    """
    settled = list(phones)
    if sample_rate_hz < 3 * HISS_HZ or len(samples) < 64:
        return settled
    sections = butter(4, HISS_HZ, btype="highpass", fs=sample_rate_hz, output="sos")
    hiss = level_curve(
        sosfiltfilt(sections, samples).astype(np.float32),
        sample_rate_hz=sample_rate_hz,
        window_s=0.006,
    )
    voice = _band_levels(samples, sample_rate_hz, (150.0, 3000.0))
    ratio = np.maximum(hiss, -70.0) - np.maximum(voice, -70.0)
    for i in range(1, len(settled)):
        before, after = settled[i - 1 : i + 1]
        if before.symbol in SIBILANTS and _open(after.symbol):
            edge = _steepest(-ratio, before, after, sample_rate_hz)
        elif after.symbol in SIBILANTS and after.symbol[0] not in "td" and _open(before.symbol):
            edge = _steepest(ratio, before, after, sample_rate_hz)
        else:
            continue
        settled[i - 1] = replace(before, last=edge)
        settled[i] = replace(after, first=edge)
    return settled


def _open(symbol: str) -> bool:
    return is_vowel(symbol) or symbol in LIQUIDS


def _steepest(curve: np.ndarray, before: Phone, after: Phone, sample_rate_hz: int) -> int:
    """Find the steepest rise near the edge between two phones."""
    hop = max(1, round(HOP_S * sample_rate_hz))
    reach, spared = (round(s * sample_rate_hz) for s in (SIBILANT_REACH_S, SPARED_S))
    edge = before.last
    low = max(edge - reach, min(before.first + spared, edge))
    high = min(edge + reach, max(after.last - spared, edge))
    over = max(1, round(STEP_OVER_S / HOP_S))
    places = np.arange(max(-(-low // hop), over), min(high // hop + 1, len(curve) - over))
    if not len(places):
        return edge
    sums = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    steps = (sums[places + over] - 2 * sums[places] + sums[places - over]) / over
    weighed = steps - FAR_COSTS_DB * np.abs(places * hop - edge) / reach
    best = int(np.argmax(weighed))
    return int(places[best]) * hop if steps[best] > SMALLEST_STEP_DB else edge
