"""The compiled part of the instruments: sums of partials."""

from __future__ import annotations

import math
from typing import no_type_check

import numpy as np

from vivant.media.compilation import compiled_fast

INAUDIBLE = 3e-5
"""A partial softer than this is left out."""


@no_type_check
@compiled_fast
def add_partials(
    sound: np.ndarray,
    rate_hz: float,
    hz: np.ndarray,
    size: np.ndarray,
    ring_s: np.ndarray,
    phase: np.ndarray,
) -> None:
    """Add decaying partials to a sound, each by turning a pointer a little with every sample, until it is too soft to hear."""
    for k in range(len(hz)):
        turn = 2 * math.pi * hz[k] / rate_hz
        fall = math.exp(-1.0 / (ring_s[k] * rate_hz))
        step_x, step_y = fall * math.cos(turn), fall * math.sin(turn)
        x, y = size[k] * math.cos(phase[k]), size[k] * math.sin(phase[k])
        heard = ring_s[k] * rate_hz * math.log(max(1.0, abs(size[k]) / INAUDIBLE))
        for i in range(min(len(sound), int(heard))):
            sound[i] += y
            x, y = x * step_x - y * step_y, x * step_y + y * step_x


@no_type_check
@compiled_fast
def add_bowed(
    sound: np.ndarray,
    rate_hz: float,
    hz: float,
    size: np.ndarray,
    vibrato_hz: float,
    vibrato_cents: float,
    phase: float,
) -> None:
    """Add a bowed string: harmonics of one tone whose pitch trembles, more so as it goes on."""
    turn = phase
    per_cent = math.log(2.0) / 1200
    for i in range(len(sound)):
        t = i / rate_hz
        depth = vibrato_cents * min(1.0, max(0.0, (t - 0.5) / 1.2))
        bend = depth * math.sin(2 * math.pi * vibrato_hz * t + phase)
        turn += 2 * math.pi * hz * (1 + per_cent * bend) / rate_hz
        turn -= 2 * math.pi * math.floor(turn / (2 * math.pi))
        twice = 2 * math.cos(turn)
        before, now = 0.0, math.sin(turn)
        total = 0.0
        for n in range(len(size)):
            total += size[n] * now
            before, now = now, twice * now - before
        sound[i] += total


def arrays(*rows: tuple[float, float, float, float]) -> tuple[np.ndarray, ...]:
    """Turn partials (frequency, size, ring, phase) into the columns that ``add_partials`` takes."""
    table = np.array(rows, np.float64).reshape(-1, 4)
    return tuple(np.ascontiguousarray(column) for column in table.T)
