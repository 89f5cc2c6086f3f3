"""The eyes: where they look, how they stay there while the head moves, and when they blink."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.performance.motion import Curve, Shapes, chance, eased, steps
from vivant.performance.prosody import Prosody
from vivant.performance.ticks import TICKS_HZ, Timeline

EYE_RANGE_DEG = 30.0
"""An eye-look shape of 1.0 turns the eye this far."""
BLINKS_A_MINUTE = 14.5
BLINK_GAP_S = 0.4
"""Blinks start no nearer than this, rare doubles apart; they also never overlap."""
DOUBLE_SHARE = 0.03
LONGEST_GLANCE_S = 3.0
"""Who waits for longer than this looks back before speaking."""
CLOSING_S, SHUT_S, OPENING_S = 0.090, 0.044, 0.185
"""Mean times of a blink. Closing is twice as quick as opening (VanderWerf and others 2003)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gaze:
    """Where the eyes look in the room, relative to the viewer."""

    yaw_deg: Float64[np.ndarray, " ticks"]
    """Above 0 to the picture's right."""
    pitch_deg: Float64[np.ndarray, " ticks"]
    """Above 0 down."""
    shifts_s: tuple[float, ...]
    """When large shifts start; people tend to blink on them."""


def direct_gaze(prosody: Prosody, timeline: Timeline, *, seed: int) -> Gaze:
    """Look at the viewer, and away now and then, as people do while they think.

    Glances away start in pauses and seldom inside long phrases, and come back as the
    next words begin; the first and the last moments belong to the viewer.
    """
    rng = chance(seed, stream=4)
    glances = _glances(prosody, timeline, rng)
    moves: list[tuple[float, float, float]] = []
    at_s, ends_s = float(timeline.tick_times_s[0]), float(timeline.tick_times_s[-1])
    glance_at = 0
    while at_s < ends_s:
        if glance_at < len(glances) and at_s >= glances[glance_at][0]:
            first_s, last_s, yaw, pitch = glances[glance_at]
            glance_at += 1
            moves.append((first_s, yaw, pitch))
            if last_s - first_s > 0.7:  # eyes do not freeze while away
                middle_s = first_s + (last_s - first_s) * float(rng.uniform(0.4, 0.6))
                moves.append((middle_s, yaw * float(rng.uniform(0.75, 1.1)), pitch + 0.8))
            at_s = last_s
        yaw, pitch = rng.normal(0.0, 0.8), rng.normal(0.0, 0.5)  # the viewer's two eyes and mouth
        moves.append((at_s, float(np.clip(yaw, -2, 2)), float(np.clip(pitch, -1.2, 1.2))))
        at_s += float(np.clip(rng.lognormal(0.1, 0.5), 0.35, 3.2))
        if glance_at < len(glances):
            at_s = min(at_s, max(glances[glance_at][0], moves[-1][0] + 0.1))
    return Gaze(
        yaw_deg=_saccades(timeline, moves, axis=1),
        pitch_deg=_saccades(timeline, moves, axis=2),
        shifts_s=tuple(s for first, last, _, _ in glances for s in (first, last)),
    )


def _glances(
    prosody: Prosody, timeline: Timeline, rng: np.random.Generator
) -> list[tuple[float, float, float, float]]:
    """Choose the glances away: from, to, and where."""
    times: list[tuple[float, float]] = []
    if not prosody.phrases:
        at_s = float(timeline.tick_times_s[0]) + float(rng.uniform(3.0, 6.0))
        while at_s < timeline.speech_s - 1.0:
            lasts_s = float(rng.uniform(0.6, 1.6))
            times.append((at_s, at_s + lasts_s))
            at_s += lasts_s + float(rng.uniform(4.0, 9.0))
    for before, after in zip(prosody.phrases, prosody.phrases[1:], strict=False):
        pause_s, chosen = after.first_s - before.last_s, rng.random()
        early, late = rng.uniform(-0.05, 0.12), rng.uniform(-0.05, 0.30)
        if pause_s > 0.22 and chosen < (0.50 if before.ends_sentence else 0.30):
            first_s = before.last_s + float(early)
            times.append((first_s, min(after.first_s + float(late), first_s + LONGEST_GLANCE_S)))
    for phrase in prosody.phrases:
        chosen, where, lasts_s = rng.random(), rng.uniform(0.3, 0.6), rng.uniform(0.35, 0.7)
        if phrase.last_s - phrase.first_s > 3.0 and chosen < 0.3:
            at_s = phrase.first_s + float(where) * (phrase.last_s - phrase.first_s)
            times.append((at_s, at_s + float(lasts_s)))
    glances: list[tuple[float, float, float, float]] = []
    side = 1.0 if rng.random() < 0.5 else -1.0
    for first_s, last_s in sorted(times):
        side = -side if rng.random() < 0.35 else side
        yaw, pitch = side * rng.uniform(4.0, 9.0), rng.uniform(-2.5, 5.0)
        if glances and first_s < glances[-1][1] + 1.2:
            continue
        glances.append((first_s, max(last_s, first_s + 0.3), float(yaw), float(pitch)))
    return glances


def _saccades(timeline: Timeline, moves: list[tuple[float, float, float]], *, axis: int) -> Curve:
    """Jump from place to place as eyes do: 21 ms and 2.2 ms a degree (Bahill and others 1975)."""
    timed, before = [], (0.0, 0.0)
    for at_s, yaw, pitch in moves:
        size_deg = float(np.hypot(yaw - before[0], pitch - before[1]))
        timed.append((at_s, 0.021 + 0.0022 * size_deg, (yaw, pitch)[axis - 1]))
        before = (yaw, pitch)
    return steps(timeline.tick_times_s, moments=timed)


def blink_times(
    prosody: Prosody, timeline: Timeline, *, gaze: Gaze, seed: int
) -> tuple[float, ...]:
    """Choose when to blink: about ``BLINKS_A_MINUTE``, likelier at phrase ends and gaze shifts.

    The wish to blink grows with time, faster where people blink, and a blink comes when it is
    full; how much it takes varies (a gamma process of shape 5), so the count stays human.
    """
    rng = chance(seed, stream=5)
    wish = np.ones(timeline.ticks)
    for phrase in prosody.phrases:
        _favour(wish, timeline, at_s=phrase.last_s + 0.08, lasts_s=0.35, times=9.0)
        _favour(wish, timeline, at_s=phrase.first_s - 0.15, lasts_s=0.2, times=2.0)
    for at_s in gaze.shifts_s:
        _favour(wish, timeline, at_s=at_s, lasts_s=0.12, times=8.0)
    grown = np.cumsum(wish / wish.mean()) * BLINKS_A_MINUTE / 60.0 / TICKS_HZ
    times: list[float] = []
    full, count = float(rng.uniform(0.0, 1.0)), 0
    while full < grown[-1]:
        at_s = float(timeline.tick_times_s[int(np.searchsorted(grown, full))])
        if not times or at_s >= times[-1] + BLINK_GAP_S:
            times.append(at_s)
            count += 1
            if rng.random() < DOUBLE_SHARE:
                times.append(at_s + float(rng.uniform(0.34, 0.39)))
        full += float(rng.gamma(5.0, 0.2))
    return tuple(times)


def _favour(
    wish: Float64[np.ndarray, " ticks"], timeline: Timeline, *, at_s: float, lasts_s: float,
    times: float,
) -> None:  # fmt: skip
    a = round((at_s - lasts_s / 2) * TICKS_HZ) - timeline.first_tick
    b = round((at_s + lasts_s / 2) * TICKS_HZ) - timeline.first_tick
    wish[max(0, a) : max(0, b)] *= times


def move_lids(
    timeline: Timeline, times_s: tuple[float, ...], *, seed: int
) -> Float64[np.ndarray, "ticks 2"]:
    """Blink: 0 open .. 1 closed, for the person's left and right eye."""
    rng = chance(seed, stream=6)
    lids = np.zeros((timeline.ticks, 2))
    for at_s in times_s:
        speed = float(rng.uniform(0.9, 1.12))
        hold_s = SHUT_S + float(rng.uniform(0.0, 0.02))
        for eye, late_s in enumerate((0.0, float(rng.normal(0.0, 0.003)))):
            first_s = at_s + late_s
            a = max(0, int(first_s * TICKS_HZ) - timeline.first_tick)
            t = timeline.tick_times_s[a : a + TICKS_HZ] - first_s
            closed = eased(t / (CLOSING_S * speed))
            # The lid lets go at once and comes to rest slowly.
            way = np.clip((t - CLOSING_S * speed - hold_s) / (OPENING_S * speed), 0.0, 1.0)
            closed *= 1.0 - eased(way**0.8)
            lids[a : a + TICKS_HZ, eye] = np.maximum(lids[a : a + TICKS_HZ, eye], closed)
    return lids


def move_eyes(
    gaze: Gaze,
    lids: Float64[np.ndarray, "ticks 2"],
    head: Float64[np.ndarray, "ticks 6"],
    *,
    smile: Curve,
) -> Shapes:
    """Turn the eyes in the head, and the lids with them.

    The eyes turn against the head, so that the gaze stays where it is in the room. Lids follow
    a lowered gaze down and a raised one up.
    """
    aside = (gaze.yaw_deg - head[:, 0]) / EYE_RANGE_DEG
    down = (gaze.pitch_deg - head[:, 1]) / EYE_RANGE_DEG
    right, left = np.maximum(aside, 0.0), np.maximum(-aside, 0.0)
    # The picture's right is the person's left.
    shapes = {
        "eyeLookOutLeft": right,
        "eyeLookInRight": right,
        "eyeLookInLeft": left,
        "eyeLookOutRight": left,
    }
    lowered = 0.45 * np.maximum(down, 0.0)
    for eye, side in enumerate(("Left", "Right")):
        shapes[f"eyeLookDown{side}"] = np.maximum(down, 0.0)
        shapes[f"eyeLookUp{side}"] = np.maximum(-down, 0.0)
        shapes[f"eyeBlink{side}"] = lids[:, eye] + (1.0 - lids[:, eye]) * lowered
        shapes[f"eyeWide{side}"] = 0.35 * np.maximum(-down, 0.0) * (1.0 - lids[:, eye])
        shapes[f"eyeSquint{side}"] = 0.35 * smile + 0.12 * lids[:, eye]
        shapes[f"cheekSquint{side}"] = 0.45 * smile
    return shapes
