"""Where sounds begin, seen in the sound itself: what timings of phones are judged by.

For a boundary between a vowel and a sound that differs from it in level or in hiss, the step is looked
for in a band of frequencies that suits the pair, anywhere in the two phones, and its edge is where
half of the step is done. Nothing here is shared with the code that settles the edges of phones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from vivant.media.sound import Sound
from vivant.voice.phones import is_vowel
from vivant.voice.speech import Phone

HOP_S = 0.001
OVER_S = 0.020
"""A step is the difference of the levels in this time before and after it."""
SMALLEST_STEP_DB = 9.0
FARTHEST_S = 0.120
SETTLED = frozenset({"vowel to hiss", "hiss to vowel", "vowel to p, b", "vowel to m", "m to vowel"})
"""Kinds of edges that the voice room settles by landmarks itself; the others it leaves where the engine says."""
_HISS, _STOPS = frozenset("szʃʒ"), frozenset("tdkɡ")
_OPEN_HZ, _MURMUR_HZ = (400.0, 4000.0), (900.0, 4000.0)


def edges(sound: Sound, phones: Sequence[Phone]) -> Iterator[tuple[str, float]]:
    """Find the edges that can be seen.

    Yields:
        The kind of edge, and how many seconds it lies behind where the phones say.
    """
    hop = round(HOP_S * sound.sample_rate_hz)
    hiss = np.maximum(_level(sound, (4000.0, 11_000.0)), -75) - np.maximum(
        _level(sound, (150.0, 3000.0)), -75
    )
    curves = {"hiss": hiss, "open": _level(sound, _OPEN_HZ), "murmur": _level(sound, _MURMUR_HZ)}
    for before, after in pairwise(phones):
        found = _kind(before.symbol, after.symbol)
        if found is None:
            continue
        kind, curve, sign = found
        said = before.last / hop
        first = int(max(before.first / hop, said - FARTHEST_S / HOP_S))
        last = int(min(after.last / hop, said + FARTHEST_S / HOP_S))
        at = _step(sign * curves[curve][first:last])
        if at is not None:
            yield kind, (first + at - said) * HOP_S


def _kind(before: str, after: str) -> tuple[str, str, int] | None:
    """Name an edge, the curve on which it is seen, and whether that rises or falls."""
    if is_vowel(before):
        for letters, kind, curve, sign in (
            (_HISS, "vowel to hiss", "hiss", 1),
            ("pb", "vowel to p, b", "open", -1),
            ("m", "vowel to m", "murmur", -1),
            (_STOPS, "vowel to t, d, k, g", "open", -1),
            ("n", "vowel to n", "murmur", -1),
        ):
            if after in letters:
                return kind, curve, sign
    if is_vowel(after):
        for letters, kind, curve, sign in (
            (_HISS, "hiss to vowel", "hiss", -1),
            ("m", "m to vowel", "murmur", 1),
            ("n", "n to vowel", "murmur", 1),
            ("f", "f to vowel", "murmur", 1),
        ):
            if before in letters:
                return kind, curve, sign
    return None


def _level(sound: Sound, band_hz: tuple[float, float]) -> np.ndarray:
    rate = sound.sample_rate_hz
    top = min(band_hz[1], 0.48 * rate)
    sections = butter(2, (band_hz[0], top), btype="bandpass", fs=rate, output="sos")
    power = uniform_filter1d(sosfiltfilt(sections, sound.samples) ** 2, round(0.008 * rate))
    return 10.0 * np.log10(power[:: round(HOP_S * rate)] + 1e-9)


def _step(curve: np.ndarray) -> int | None:
    """Find the greatest rise, and where half of it is done."""
    over = round(OVER_S / HOP_S)
    places = np.arange(over, len(curve) - over + 1)
    if len(curve) < 2 * over or not len(places):
        return None
    sums = np.concatenate([[0.0], np.cumsum(curve)])
    steps = (sums[places + over] - 2 * sums[places] + sums[places - over]) / over
    best = int(places[np.argmax(steps)])
    if steps.max() < SMALLEST_STEP_DB:
        return None
    half = (np.median(curve[best - over : best - 4]) + np.median(curve[best + 4 : best + over])) / 2
    near = range(max(1, best - 15), min(len(curve), best + 15))
    crossings = [i for i in near if curve[i - 1] < half <= curve[i]]
    return min(crossings, key=lambda i: abs(i - best), default=None)
