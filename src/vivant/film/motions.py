"""What a film's curves tell: lips against sound, closures, blinks, pops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, Float64

from vivant.media.sound import Sound
from vivant.media.time import first_sample_of

FARTHEST_LAG_S = 0.4
"""Lips and sound are compared up to this far apart."""
QUIETEST_DB = -50.0
"""Anything quieter counts as silence."""
CLOSED_GAP = 0.035
"""Lips count as shut below this gap, in distances between the eyes. Shut lips measure 0.00 to 0.02, since
landmarks jitter by half a pixel."""
BLINK_DEPTH = 0.55
"""An eye has blinked when its openness falls below this share of what is usual for it."""
BLINK_OVER = 0.75
"""And is over when it rises above this share again."""
LONGEST_BLINK_S = 0.8
"""Eyes that stay shut longer are not blinking."""
POP_RATIO = 3.5
POP_LEAST = 5.0
"""A jump is a change of the face, in luma steps, this much and this many times larger than around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LipSync:
    """How the opening of the lips follows the loudness of the sound."""

    correlation: float
    """Best correlation, at ``lag_ms``."""
    lag_ms: float
    """How much later than the sound the lips move; people's lips are a little early, so it is below 0."""


def loudness_of_frames(
    sound: Sound, *, frames: int, rate: Fraction
) -> Float64[np.ndarray, " frames"]:
    """Tell how loud the sound is under each frame, in dB full scale, ``QUIETEST_DB`` at least."""
    edges = [
        first_sample_of(i, rate=rate, sample_rate_hz=sound.sample_rate_hz)
        for i in range(frames + 1)
    ]
    sums = np.concatenate([[0.0], np.cumsum(np.square(sound.samples, dtype=np.float64))])
    edges_in = np.minimum(np.asarray(edges), len(sound.samples))
    power = (sums[edges_in[1:]] - sums[edges_in[:-1]]) / np.maximum(1, np.diff(edges))
    loud: Float64[np.ndarray, " frames"] = 10 * np.log10(np.maximum(power, 1e-12))
    return np.asarray(np.maximum(QUIETEST_DB, loud))


def lip_sync(
    lip_gap: Float32[np.ndarray, " frames"],
    loudness_db: Float64[np.ndarray, " frames"],
    *,
    rate: Fraction,
) -> LipSync | None:
    """Compare how the lips open with how loud it is; nothing when either stands still."""
    gap = _without_holes(lip_gap.astype(np.float64))
    if gap is None or len(gap) < 2 * FARTHEST_LAG_S * rate + 10:
        return None
    if np.std(gap) < 1e-4 or np.std(loudness_db) < 1e-3:
        return None
    reach = int(FARTHEST_LAG_S * rate)
    lags = range(-reach, reach + 1)
    found = [_correlation_at(gap, loudness_db, lag) for lag in lags]
    best = int(np.argmax(found))
    shift = 0.0
    if 0 < best < len(found) - 1:
        before, here, after = found[best - 1 : best + 2]
        bend = before - 2 * here + after
        shift = 0.0 if bend == 0 else 0.5 * (before - after) / bend
    return LipSync(correlation=float(found[best]), lag_ms=float((lags[best] + shift) * 1000 / rate))


def closures_reached(
    lip_gap: Float32[np.ndarray, " frames"], closures: Sequence[tuple[int, int]]
) -> float | None:
    """Tell in what share of closures (p, b, m) the lips are seen to shut.

    Args:
        lip_gap: As ``Seen`` has it.
        closures: First frame, and one past the last, of each.
    """
    if not closures:
        return None
    reached = 0
    for first, last in closures:
        seen = lip_gap[max(0, first) : max(first + 1, last)]
        seen = seen[~np.isnan(seen)]
        reached += bool(seen.size and seen.min() < CLOSED_GAP)
    return reached / len(closures)


def blinks_of(eye_openness: Float32[np.ndarray, "frames 2"], *, rate: Fraction) -> tuple[int, ...]:
    """Find the blinks: both eyes fall shut and open again. Tells the frame where each is most shut."""
    openness = _without_holes(eye_openness.astype(np.float64).mean(axis=1))
    if openness is None:
        return ()
    usual = float(np.percentile(openness, 75))
    blinks, start = [], -1
    for frame, value in enumerate(openness):
        if start < 0 and value < BLINK_DEPTH * usual:
            start = frame
        elif start >= 0 and value > BLINK_OVER * usual:
            if frame - start <= LONGEST_BLINK_S * rate:
                blinks.append(start + int(np.argmin(openness[start:frame])))
            start = -1
    return tuple(blinks)


def pops_of(face_change: Float32[np.ndarray, " frames"]) -> tuple[int, ...]:
    """Find frames where the face jumps: changed far more than in the two frames before and after.

    A quick movement takes several frames; a jump one, or two when it jumps back. So the second
    largest of the four neighbours is what a jump must tower over.
    """
    pops = []
    for frame in range(1, len(face_change)):
        around = np.concatenate(
            [face_change[max(1, frame - 2) : frame], face_change[frame + 1 : frame + 3]]
        )
        around = np.sort(around[~np.isnan(around)])
        here = face_change[frame]
        if around.size >= 2 and here > POP_LEAST and here > POP_RATIO * around[-2]:
            pops.append(frame)
    return tuple(pops)


def correlation(
    a: Float64[np.ndarray, " frames"], b: Float64[np.ndarray, " frames"]
) -> float | None:
    """Correlate two curves where both are known; nothing when either stands still."""
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if a.size < 3 or a.std() < 1e-6 or b.std() < 1e-6:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _correlation_at(
    gap: Float64[np.ndarray, " frames"], loud: Float64[np.ndarray, " frames"], lag: int
) -> float:
    """Correlate lips ``lag`` frames later with sound."""
    a = gap[max(0, lag) : len(gap) + min(0, lag)]
    b = loud[max(0, -lag) : len(loud) - max(0, lag)]
    return correlation(a, b) or 0.0


def _without_holes(curve: Float64[np.ndarray, " frames"]) -> Float64[np.ndarray, " frames"] | None:
    """Fill frames without a face from those around; nothing when fewer than half have one."""
    known = ~np.isnan(curve)
    if known.sum() < max(2, len(curve) / 2):
        return None
    places = np.arange(len(curve))
    return np.asarray(np.interp(places, places[known], curve[known]))
