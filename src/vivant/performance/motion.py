"""The few movements that everything a face does is made of."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from vivant.performance.ticks import TICKS_HZ

Curve = Float64[np.ndarray, " ticks"]
Shapes = dict[str, Curve]
"""Curves by the name of their ARKit shape; one that is not named rests at 0."""


def chance(seed: int, *, stream: int) -> np.random.Generator:
    """Open a stream of chance; each part of the face has its own, so that none disturbs another."""
    return np.random.default_rng(np.random.SeedSequence([seed & 0xFFFFFFFFFFFFFFFF, stream]))


def eased(way: Float64[np.ndarray, " *any"]) -> Float64[np.ndarray, " *any"]:
    """Go from 0 to 1 as a limb does: at rest at both ends, with the least jerk.

    Args:
        way: How far through the movement's time; below 0 it rests, above 1 it has arrived.

    Returns:
        How far through its path. The fastest moment is the middle, 1.875 times the mean.

    Source:
        Flash and Hogan 1985, "The coordination of arm movements".
    """
    x = np.clip(way, 0.0, 1.0)
    path: Float64[np.ndarray, " *any"] = x * x * x * (10.0 + x * (6.0 * x - 15.0))
    return path


def add_pulse(
    curve: Curve,
    times_s: Curve,
    *,
    first_s: float,
    rise_s: float,
    hold_s: float,
    fall_s: float,
    height: float,
) -> None:
    """Add to a curve, in place, a rise that starts at ``first_s``, a hold and a fall."""
    start = times_s[0]
    a = max(0, int((first_s - start) * TICKS_HZ))
    b = min(len(curve), int((first_s + rise_s + hold_s + fall_s - start) * TICKS_HZ) + 2)
    if a >= b:
        return
    t = times_s[a:b] - first_s
    up = eased(t / rise_s)
    down = eased((t - rise_s - hold_s) / fall_s)
    curve[a:b] += height * (up - down)


def steps(times_s: Curve, *, moments: list[tuple[float, float, float]]) -> Curve:
    """Move from place to place.

    Args:
        times_s: Moments of the curve.
        moments: For each move: when it starts, how long it takes (above zero), where it goes.
            In order of time. A move that starts before the last has ended adds to it
            smoothly. The curve starts at 0.

    Returns:
        The curve.
    """
    curve = np.zeros_like(times_s)
    place = 0.0
    for first_s, lasts_s, to in moments:
        a = int(np.clip((first_s - times_s[0]) * TICKS_HZ, 0, len(curve)))
        b = int(np.clip((first_s + lasts_s - times_s[0]) * TICKS_HZ + 2, 0, len(curve)))
        curve[a:b] += (to - place) * eased((times_s[a:b] - first_s) / lasts_s)
        curve[b:] += to - place
        place = to
    return curve


def drift(rng: np.random.Generator, times_s: Curve, *, period_s: float, octaves: int = 4) -> Curve:
    """Wander as a living body does, slow and wide with ever smaller, faster parts.

    Args:
        rng: Chance.
        times_s: Moments.
        period_s: About the time from one far side to the other and back.
        octaves: How many halvings of the period are mixed in.

    Returns:
        A curve of mean about 0 and standard deviation about 1 that never repeats. Power falls
        with the square of the frequency, as measured for standing and sitting people.
    """
    lasts_s = float(times_s[-1] - times_s[0])
    curve = np.zeros_like(times_s)
    power = 0.0
    for octave in range(octaves):
        gap_s = period_s / 2 / 2**octave
        weight = 0.5**octave
        knots = int(np.ceil(lasts_s / gap_s)) + 4
        places = (np.arange(knots) - 1) * gap_s + times_s[0]
        curve += weight * CubicSpline(places, rng.standard_normal(knots))(times_s)
        power += 0.8 * weight**2
    wander: Curve = curve / np.sqrt(power)
    return wander


def smooth(curve: Curve, *, sigma_s: float) -> Curve:
    """Blur along time without moving anything in time."""
    blurred: Curve = gaussian_filter1d(curve, sigma_s * TICKS_HZ, mode="nearest", truncate=4.0)
    return blurred


def held(curve: Curve, *, limit: float) -> Curve:
    """Keep within ±``limit``, hardly touching what is well inside."""
    kept: Curve = curve / (1.0 + (np.abs(curve) / limit) ** 4) ** 0.25
    return kept
