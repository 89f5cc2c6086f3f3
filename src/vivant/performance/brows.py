"""The brows, and the smile one greets and parts with."""

from __future__ import annotations

import numpy as np

from vivant.performance.motion import Curve, Shapes, add_pulse, chance, drift, eased
from vivant.performance.prosody import Prosody
from vivant.performance.ticks import Timeline

RAISED_SHARE = 0.25
"""About this share of the weighty syllables lifts the brows."""
RAISE_GAP_S = 1.6
"""Brows rest between two raises, or they would twitch."""


def move_brows(prosody: Prosody, timeline: Timeline, *, seed: int) -> Shapes:
    """Lift the brows on words that matter and through the end of questions."""
    rng = chance(seed, stream=7)
    times_s = timeline.tick_times_s
    inner, outer = np.zeros(timeline.ticks), np.zeros(timeline.ticks)
    last_s = -1e9
    for accent in prosody.accents:
        chosen, size = rng.random(), rng.uniform(0.6, 1.25)
        wanted = accent.strength > 1.0 - RAISED_SHARE or chosen < 0.08
        if not wanted or accent.at_s < last_s + RAISE_GAP_S:
            continue
        last_s = accent.at_s
        height = size * (0.08 + 0.22 * accent.strength)
        for curve, share in ((inner, 1.0), (outer, 0.8)):
            add_pulse(
                curve, times_s, first_s=accent.at_s - 0.20, rise_s=0.19, hold_s=0.12,
                fall_s=0.42, height=share * height,
            )  # fmt: skip
    for phrase in prosody.phrases:
        if phrase.question:
            rise_s = min(0.5, 0.5 * (phrase.last_s - phrase.first_s) + 0.1)
            for curve, share in ((inner, 0.38), (outer, 0.20)):
                add_pulse(
                    curve, times_s, first_s=phrase.last_s - rise_s - 0.15, rise_s=rise_s,
                    hold_s=0.30, fall_s=0.55, height=share,
                )  # fmt: skip
    idle = 0.025 + 0.020 * drift(rng, times_s, period_s=5.0, octaves=3)
    tilt = float(rng.normal(0.0, 0.07))
    return {
        "browInnerUp": np.clip(inner + idle, 0.0, 0.8),
        "browOuterUpLeft": np.clip(outer * (1 + tilt) + 0.7 * idle, 0.0, 0.7),
        "browOuterUpRight": np.clip(outer * (1 - tilt) + 0.7 * idle, 0.0, 0.7),
    }


def smile_of(prosody: Prosody, timeline: Timeline, *, seed: int, warmth: float) -> Curve:
    """Smile gently before the first word and after the last, and keep a trace of it between.

    Args:
        prosody: The speech.
        timeline: The clock.
        seed: Chance.
        warmth: 0 grave .. 1 beaming.

    Returns:
        How much the corners of the mouth rise, 0..1.
    """
    rng = chance(seed, stream=8)
    times_s = timeline.tick_times_s
    trace = 0.10 + 0.05 * drift(rng, times_s, period_s=8.0, octaves=3)
    if not prosody.phrases:
        return warmth * np.clip(0.30 + 1.6 * (trace - 0.10), 0.0, 1.0)
    first_s, last_s = prosody.phrases[0].first_s, prosody.phrases[-1].last_s
    greeting = 0.30 * (1.0 - eased((times_s - first_s + 0.25) / 0.8))
    parting = 0.42 * eased((times_s - last_s + 0.10) / 0.75)
    return warmth * np.clip(trace + greeting + parting, 0.0, 1.0)
