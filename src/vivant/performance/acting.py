"""What the script asks of the face: a smile, softness, weight on a word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from vivant.performance.curves import HEAD
from vivant.performance.head import PITCH_LIMIT_DEG
from vivant.performance.motion import Curve, Shapes, add_pulse, eased, held
from vivant.performance.mouth import gate, touches_of
from vivant.performance.ticks import Timeline
from vivant.voice.speech import Direction, Speech

EASE_S = 0.3
"""How long the face takes to a smile, and back."""
KEPT_S = 2.0
"""A smile or softness is kept through a pause shorter than this, as between two sentences."""
SMILE = 0.45
"""How far the corners of the mouth rise in a smile that is asked for."""
SMILE_IN_CONTACT = 0.85
"""Share of it that stays while the lips meet: a broad smile would part them, and one that went away would twitch."""
SOFT_BROWS, SOFT_HEAD = 0.4, 0.35
"""Share of their movement that brows and head lose in what is said softly."""
TENDER_BROWS = 0.06
"""How far the inner brows rise instead."""
WEIGHT_GAP_S = 0.55
"""Weighty words nearer than this share one nod."""
WEIGHTY_BROWS, WEIGHTY_NOD_DEG = 0.22, 2.0

_BROWS = (("browInnerUp", 1.0), ("browOuterUpLeft", 0.8), ("browOuterUpRight", 0.8))
_PITCH = HEAD.index("pitch_deg")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Acting:
    """Directions of a speech as the face follows them."""

    smile: Float64[np.ndarray, " ticks"]
    """0 none .. 1 all that is asked for, eased."""
    shut: Float64[np.ndarray, " ticks"]
    """0 where the lips are apart .. 1 where they meet."""
    soft: Float64[np.ndarray, " ticks"]
    """0 .. 1, eased."""
    weights_s: tuple[float, ...]
    """Moments of the vowels that carry a weight, in seconds of the speech."""


def read_acting(speech: Speech, timeline: Timeline) -> Acting | None:
    """Read the directions of a speech; None when it has none."""
    if not speech.directions:
        return None
    hz = speech.sound.sample_rate_hz
    shut, _ = gate(timeline, touches_of(speech.phones, sample_rate_hz=hz), contact="lips")
    return Acting(
        smile=_stretches(speech.directions, "smile", timeline=timeline, sample_rate_hz=hz),
        shut=shut,
        soft=_stretches(speech.directions, "soft", timeline=timeline, sample_rate_hz=hz),
        weights_s=_weights(speech),
    )


def act_smile(smile: Curve, acting: Acting, *, lips: bool) -> Curve:
    """Add the smile that is asked for to the one that is there, never beyond 1.

    Args:
        smile: How much the corners of the mouth rise, 0..1.
        acting: What is asked for.
        lips: Whether it is for the lips, which have to meet; eyes and cheeks smile on.
    """
    asked = SMILE * acting.smile
    if lips:
        asked = asked * (1.0 - (1.0 - SMILE_IN_CONTACT) * acting.shut)
    wider: Curve = smile + (1.0 - smile) * asked
    return wider


def act_brows(brows: Shapes, acting: Acting, timeline: Timeline) -> Shapes:
    """Calm the brows where it is soft, and lift them on weighty words."""
    lift = np.zeros(timeline.ticks)
    for at_s in acting.weights_s:
        add_pulse(
            lift, timeline.tick_times_s, first_s=at_s - 0.20, rise_s=0.19, hold_s=0.12, fall_s=0.42,
            height=WEIGHTY_BROWS,
        )  # fmt: skip
    acted = dict(brows)
    for name, share in _BROWS:
        acted[name] = np.clip(
            brows[name] * (1.0 - SOFT_BROWS * acting.soft) + share * lift, 0.0, 0.8
        )
    acted["browInnerUp"] = acted["browInnerUp"] + TENDER_BROWS * acting.soft
    return acted


def act_head(
    head: Float64[np.ndarray, "ticks 6"], acting: Acting, timeline: Timeline
) -> Float64[np.ndarray, "ticks 6"]:
    """Calm the head where it is soft, and nod on weighty words: a small lift, down on the vowel, slowly back."""
    nods = np.zeros(timeline.ticks)
    for at_s in acting.weights_s:
        add_pulse(
            nods, timeline.tick_times_s, first_s=at_s - 0.42, rise_s=0.2, hold_s=0.0, fall_s=0.24,
            height=-0.3 * WEIGHTY_NOD_DEG,
        )  # fmt: skip
        add_pulse(
            nods, timeline.tick_times_s, first_s=at_s - 0.18, rise_s=0.2, hold_s=0.02, fall_s=0.45,
            height=WEIGHTY_NOD_DEG,
        )  # fmt: skip
    acted = head * (1.0 - SOFT_HEAD * acting.soft)[:, None]
    acted[:, _PITCH] = held(acted[:, _PITCH] + nods, limit=PITCH_LIMIT_DEG)
    return acted


def _stretches(
    directions: tuple[Direction, ...], kind: str, *, timeline: Timeline, sample_rate_hz: int
) -> Curve:
    """Be there while directions of a kind last; ease in around their beginning and out around their end."""
    times_s = timeline.tick_times_s
    there = np.zeros(timeline.ticks)
    stretches: list[list[float]] = []
    for direction in sorted(directions, key=lambda one: one.first):
        first_s, last_s = direction.first / sample_rate_hz, direction.last / sample_rate_hz
        if direction.kind != kind:
            continue
        if stretches and first_s - stretches[-1][1] < KEPT_S:
            stretches[-1][1] = max(stretches[-1][1], last_s)
        else:
            stretches.append([first_s, last_s])
    for first_s, last_s in stretches:
        come = eased((times_s - first_s) / EASE_S + 0.5)
        gone = eased((times_s - last_s) / EASE_S + 0.5)
        there = np.maximum(there, come - gone)
    return there


def _weights(speech: Speech) -> tuple[float, ...]:
    """Find the vowels that bear the stress of weighty words; the middle of the words when none is known."""
    hz = speech.sound.sample_rate_hz
    found: list[float] = []
    for direction in speech.directions:
        if direction.kind != "emphasis":
            continue
        vowels = [
            (phone.first + phone.last) / 2 / hz
            for phone in speech.phones
            if phone.stress == 1 and direction.first <= phone.first < direction.last
        ]
        for at_s in vowels or [(direction.first + direction.last) / 2 / hz]:
            if not found or at_s - found[-1] >= WEIGHT_GAP_S:
                found.append(at_s)
    return tuple(found)
