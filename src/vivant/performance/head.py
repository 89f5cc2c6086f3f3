"""The head and the breath: calm, never still, moved by what is said."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64
from scipy.interpolate import PchipInterpolator

from vivant.performance.motion import Curve, add_pulse, chance, drift, eased, held, smooth, steps
from vivant.performance.prosody import Accent, Phrase, Prosody
from vivant.performance.ticks import Timeline

YAW_LIMIT_DEG, PITCH_LIMIT_DEG, ROLL_LIMIT_DEG = 7.0, 4.0, 3.0
"""A calm, dignified speaker's range; people talking freely use two to three times as much."""
NOD_GAP_S = 0.55
"""Nods do not follow every beat, or the head would bob."""
BREATH_S = 4.2
"""One breath at rest: 14 a minute."""


def breathe(prosody: Prosody, timeline: Timeline, *, seed: int) -> Curve:
    """Breathe in the pauses, let the breath go while speaking, and calmly where nothing is said.

    Returns:
        How full the chest is, 0..1.
    """
    rng = chance(seed, stream=2)
    starts_s, ends_s = float(timeline.tick_times_s[0]), float(timeline.tick_times_s[-1])
    points: list[tuple[float, float]] = [(starts_s - BREATH_S, 0.25)]
    for phrase in prosody.phrases:
        _breathe_at_rest(points, until_s=phrase.first_s - 0.9, rng=rng)
        at_s, fullness = points[-1]
        room_s = phrase.first_s - at_s
        if room_s >= 0.14:
            begins_s = max(at_s + 0.02, phrase.first_s - float(np.clip(room_s, 0.14, 0.75)))
            wish = 0.55 + 0.09 * min(phrase.last_s - phrase.first_s, 4.5)
            filled = min(0.96, max(fullness + 0.05, min(wish, fullness + 1.6 * room_s)))
            points += [(begins_s, max(0.04, fullness - 0.02)), (phrase.first_s - 0.01, filled)]
        used = 0.28 * (phrase.last_s - phrase.first_s)
        points.append((phrase.last_s, max(0.06, points[-1][1] * float(np.exp(-used)))))
    _breathe_at_rest(points, until_s=ends_s + BREATH_S, rng=rng)
    moments = np.array([point[0] for point in points])
    fullness_at = np.array([point[1] for point in points])
    first = np.concatenate([[True], np.diff(moments) > 1e-3])
    curve = PchipInterpolator(moments[first], fullness_at[first])(timeline.tick_times_s)
    breath: Curve = np.clip(smooth(curve, sigma_s=0.06), 0.0, 1.0)
    return breath


def _breathe_at_rest(
    points: list[tuple[float, float]], *, until_s: float, rng: np.random.Generator
) -> None:
    """Add whole breaths at rest while there is room for them: in 40 % of the time, out 60 %."""
    while points[-1][0] + 0.75 * BREATH_S < until_s:
        lasts_s = BREATH_S * float(rng.uniform(0.88, 1.14))
        at_s = points[-1][0]
        depth = float(rng.uniform(0.62, 0.74))
        points += [
            (at_s + 0.08 * lasts_s, points[-1][1]),
            (at_s + 0.44 * lasts_s, depth),
            (at_s + lasts_s, float(rng.uniform(0.20, 0.28))),
        ]


def move_head(
    prosody: Prosody,
    timeline: Timeline,
    *,
    seed: int,
    breath: Curve,
    gaze_yaw_deg: Curve,
    gaze_pitch_deg: Curve,
) -> Float64[np.ndarray, "ticks 6"]:
    """Move the head.

    Args:
        prosody: The speech.
        timeline: The clock.
        seed: Chance.
        breath: 0..1; lifts the head a little.
        gaze_yaw_deg: Where the eyes look in the room; the head goes a fifth of the way.
        gaze_pitch_deg: The same, down.

    Returns:
        Columns as ``curves.HEAD``.
    """
    rng = chance(seed, stream=3)
    times_s = timeline.tick_times_s
    alive = 0.45 + 0.55 * prosody.speaking
    yaw = 1.5 * alive * drift(rng, times_s, period_s=6.5)
    pitch = 0.75 * alive * drift(rng, times_s, period_s=5.0)
    roll = 0.65 * alive * drift(rng, times_s, period_s=8.0)
    sideways = 0.0040 * drift(rng, times_s, period_s=9.0, octaves=3)
    lean = 0.0060 * drift(rng, times_s, period_s=11.0, octaves=3)
    postures = [steps(times_s, moments=moves) for moves in _postures(prosody.phrases, rng)]
    yaw, pitch, roll, lean = (
        curve + posture for curve, posture in zip((yaw, pitch, roll, lean), postures, strict=True)
    )
    nods = _nods(prosody.accents, times_s, rng)
    pitch += nods + 0.9 * (smooth(prosody.energy, sigma_s=0.18) - 0.5) * prosody.speaking
    pitch -= 0.55 * (breath - 0.4)
    slow_yaw = smooth(gaze_yaw_deg, sigma_s=0.16)
    yaw += 0.20 * slow_yaw
    pitch += 0.15 * smooth(gaze_pitch_deg, sigma_s=0.16)
    roll += 0.06 * yaw - 0.04 * slow_yaw
    calm = _calm(prosody, timeline)
    yaw, pitch, roll = yaw * calm, pitch * calm, roll * calm
    head = np.stack(
        [
            held(yaw, limit=YAW_LIMIT_DEG),
            held(pitch, limit=PITCH_LIMIT_DEG),
            held(roll, limit=ROLL_LIMIT_DEG),
            0.0022 * yaw + sideways * calm,
            0.0016 * pitch + 0.0012 * nods - 0.0075 * (breath - 0.25),
            lean * calm - 0.0015 * pitch,
        ],
        axis=1,
    )
    return np.stack([smooth(head[:, i], sigma_s=0.025) for i in range(head.shape[1])], axis=1)


def _postures(
    phrases: tuple[Phrase, ...], rng: np.random.Generator
) -> list[list[tuple[float, float, float]]]:
    """Choose where the head rests in each phrase: yaw, pitch, roll, and how near it leans."""
    moves: list[list[tuple[float, float, float]]] = [[], [], [], []]
    side = 1.0 if rng.random() < 0.5 else -1.0
    for phrase in phrases:
        side = -side if rng.random() < 0.7 else side
        places = [
            side * abs(rng.normal(0.0, 2.0)),
            rng.normal(0.0, 0.6),
            side * rng.normal(0.35, 0.8),
            -abs(rng.normal(0.0, 0.006)),
        ]
        if phrase.question:
            places[1] -= 0.7
            places[2] += 1.1 * side
        starts_s, takes_s = phrase.first_s - rng.uniform(0.10, 0.35), rng.uniform(0.7, 1.15)
        for move, place in zip(moves, places, strict=True):
            move.append((float(starts_s), float(takes_s), float(place)))
    return moves


def _nods(accents: tuple[Accent, ...], times_s: Curve, rng: np.random.Generator) -> Curve:
    """Nod on the syllables that weigh: a small lift, down on the vowel, slowly back."""
    nods = np.zeros_like(times_s)
    last_s = -math.inf
    for accent in accents:
        chosen, size = rng.random(), rng.uniform(0.8, 1.2)
        if chosen > 0.2 + 0.6 * accent.strength or accent.at_s < last_s + NOD_GAP_S:
            continue
        last_s = accent.at_s
        height = size * (0.6 + 1.5 * accent.strength)
        rise_s, fall_s = 0.20, 0.34 + 0.16 * accent.strength
        lift_s = accent.at_s - 0.42
        add_pulse(nods, times_s, first_s=lift_s, rise_s=0.2, hold_s=0.0, fall_s=0.24,
                  height=-0.3 * height)  # fmt: skip
        add_pulse(nods, times_s, first_s=accent.at_s - rise_s + 0.02, rise_s=rise_s, hold_s=0.02,
                  fall_s=fall_s, height=height)  # fmt: skip
    return nods


def _calm(prosody: Prosody, timeline: Timeline) -> Curve:
    """Come to rest after the last word; a portrait ends as it began."""
    if not prosody.phrases:
        return np.ones(timeline.ticks)
    first_s, last_s = prosody.phrases[0].first_s, prosody.phrases[-1].last_s
    times_s = timeline.tick_times_s
    start = 0.35 + 0.65 * eased((times_s - first_s + 0.4) / 0.9)
    end = 1.0 - 0.75 * eased((times_s - last_s + 0.15) / 1.1)
    both: Curve = start * end
    return both
