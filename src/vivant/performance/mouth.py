"""The mouth: from phones in time to lips, jaw and tongue.

Three layers, each smooth in itself, so that nothing after them need be smoothed again:

1. *Targets.* Every sound pulls each articulator towards its target with a strength that
   is full inside the sound and falls off outside it; where sounds overlap, the weighted mean
   wins. Rounding reaches further ahead than behind. Short sounds are outvoted by their
   neighbours, so quick speech undershoots by itself.
   (After Cohen and Massaro 1993, "Modeling coarticulation in synthetic visual speech".)
2. *Mass.* Each articulator's path is blurred over the time its mass allows.
3. *Contacts.* p, b, m close the lips and f, v bring the lower lip to the teeth by a gate of
   least jerk, laid over the blurred paths and never blurred itself, so a contact is exact
   and has no corner. A gate stays shut for at least ``SHUT_S``, longer than a frame at 24
   frames a second, so that every contact is seen; at lower rates the nearest frame shows it.

A lip closure means ``mouthClose == jawOpen`` and no funnel, lower-lip-down or upper-lip-up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float64

from vivant.performance.motion import Curve, Shapes, chance, eased, smooth
from vivant.performance.prosody import SILENCE_DB, Prosody
from vivant.performance.ticks import TICKS_HZ, Timeline
from vivant.performance.visemes import ARTICULATORS, Contact, Posture, viseme_of
from vivant.voice.speech import Phone

SHUT_S = 0.044
"""Shortest time that a contact holds: a frame at 24 frames a second is 41.7 ms."""
CLOSING_S, OPENING_S = 0.085, 0.095
"""How long lips take to meet and to part. Löfqvist and Gracco 1997 measured 80 to 120 ms."""
QUICKEST_S = 0.040
"""How fast they can be where two closures follow each other closely."""
AHEAD_S = np.array([0.042, 0.130, 0.140, 0.085, 0.050, 0.050, 0.030, 0.100])
"""How far ahead of its sound each articulator starts: rounding is the earliest."""
BEHIND_S = np.array([0.045, 0.080, 0.080, 0.075, 0.050, 0.050, 0.030, 0.080])
"""How far each lingers."""
MASS_S = np.array([0.019, 0.030, 0.032, 0.028, 0.018, 0.018, 0.016, 0.030])
"""Blur of each path: a jaw is heavier than a lip."""
REACH = 5.0
"""Pulls are followed for this many times their fall-off (the rest is under 0.7 %)."""
REST_PULL = 1e-3
STRESS_GAIN = (0.92, 1.12, 1.03)
"""How much wider a vowel without, with primary and with secondary stress opens."""
GAIN_PER_DB = 0.018
GAIN_LIMITS = (0.70, 1.28)
_GROWS = np.array([1.0, 0.5, 0.4, 0.6, 1.0, 1.0, 0.0, 0.0])
"""How much of the gain each articulator takes."""

J, FUNNEL, PUCKER, SPREAD, LOWER, UPPER, TONGUE, FORWARD = range(len(ARTICULATORS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A time during which lips meet, or the lower lip meets the teeth; seconds of the speech."""

    first_s: float
    last_s: float
    contact: Contact
    press: float

    @property
    def middle_s(self) -> float:
        """The moment it is surest."""
        return (self.first_s + self.last_s) / 2


def touches_of(phones: tuple[Phone, ...], *, sample_rate_hz: int) -> tuple[Touch, ...]:
    """List the contacts of some phones, each at least ``SHUT_S`` long."""
    touches = []
    for phone in phones:
        viseme = viseme_of(phone.symbol)
        if not viseme.contact:
            continue
        first_s = phone.first / sample_rate_hz
        last_s = first_s + (phone.last - phone.first) * viseme.contact_ends / sample_rate_hz
        short_s = max(0.0, SHUT_S - (last_s - first_s))
        touches.append(
            Touch(
                first_s=first_s - short_s / 2,
                last_s=last_s + short_s / 2,
                contact=viseme.contact,
                press=viseme.press,
            )
        )
    return tuple(touches)


def mouth_times(timeline: Timeline, touches: tuple[Touch, ...]) -> Float64[np.ndarray, " frames"]:
    """Tell which moment of the mouth each frame shows.

    That is the middle of the frame, except where a contact would fall between two frames:
    then the nearer one shows it. The difference is under half a frame.
    """
    times_s = timeline.frame_times_s.copy()
    for touch in touches:
        first, last = np.searchsorted(timeline.frame_times_s, (touch.first_s, touch.last_s))
        if first != last or not len(times_s):
            continue
        around = timeline.frame_times_s[max(0, first - 1) : first + 1]
        nearest = max(0, first - 1) + int(np.argmin(np.abs(around - touch.middle_s)))
        times_s[nearest] = touch.middle_s
    return times_s


def move_mouth(
    prosody: Prosody, timeline: Timeline, *, sample_rate_hz: int, seed: int, smile: Curve
) -> Shapes:
    """Move jaw, lips and tongue.

    Args:
        prosody: The speech, silence already hushed.
        timeline: The clock.
        sample_rate_hz: Rate that the phones count in.
        seed: Decides how lopsided the mouth is, a few percent.
        smile: Smile wished for at each tick, 0..1; it gives way to rounding.

    Returns:
        The shapes of jaw, lips and tongue at each tick.
    """
    paths = _paths(prosody, timeline, sample_rate_hz=sample_rate_hz)
    touches = touches_of(prosody.phones, sample_rate_hz=sample_rate_hz)
    shut, press = gate(timeline, touches, contact="lips")
    bite, _ = gate(timeline, touches, contact="teeth")
    bite = bite * (1.0 - shut)
    return _shapes(paths, shut=shut, press=press, bite=bite, smile=smile, seed=seed)


def _gain(phone: Phone, level_db: float, usual_db: float) -> float:
    loud = 1.0 + GAIN_PER_DB * (level_db - usual_db)
    return float(np.clip(loud * STRESS_GAIN[phone.stress], *GAIN_LIMITS))


def _paths(
    prosody: Prosody, timeline: Timeline, *, sample_rate_hz: int
) -> Float64[np.ndarray, "ticks articulators"]:
    """Let the sounds argue out where each articulator goes, then give it its mass."""
    pulled = np.zeros((timeline.ticks, len(ARTICULATORS)))
    pull = np.full((timeline.ticks, len(ARTICULATORS)), REST_PULL)
    ends_s = 3600.0  # silence goes on before and after
    before = Phone(symbol="", first=-int(ends_s * sample_rate_hz), last=0)
    spoken = prosody.phones[-1].last if prosody.phones else 0
    after = Phone(symbol="", first=spoken, last=spoken + int(ends_s * sample_rate_hz))
    levels = (SILENCE_DB, *prosody.phone_levels_db, SILENCE_DB)
    for phone, level_db in zip((before, *prosody.phones, after), levels, strict=True):
        gain = _gain(phone, float(level_db), prosody.usual_db)
        first_s = phone.first / sample_rate_hz
        lasts_s = (phone.last - phone.first) / sample_rate_hz
        firm = min(1.0, lasts_s / 0.15) ** 2 if phone.symbol == "" else 1.0
        for posture in viseme_of(phone.symbol).postures:
            _pull(
                pulled, pull, posture,
                timeline=timeline,
                first_s=first_s + posture.first * lasts_s,
                last_s=first_s + posture.last * lasts_s,
                gain=gain if posture.vowel else 1.0,
                firm=firm,
            )  # fmt: skip
    paths: Float64[np.ndarray, "ticks articulators"] = pulled / pull
    for i in range(len(ARTICULATORS)):
        paths[:, i] = smooth(paths[:, i], sigma_s=float(MASS_S[i]))
    return paths


def _pull(
    pulled: Float64[np.ndarray, "ticks articulators"],
    pull: Float64[np.ndarray, "ticks articulators"],
    posture: Posture,
    *,
    timeline: Timeline,
    first_s: float,
    last_s: float,
    gain: float,
    firm: float,
) -> None:
    """Add one posture's pull, in place: full in the middle half of its time, falling outside it."""
    edge_s = min(0.25 * (last_s - first_s), 0.06)
    core_first_s, core_last_s = first_s + edge_s, last_s - edge_s
    a = round((core_first_s - REACH * AHEAD_S.max()) * TICKS_HZ) - timeline.first_tick
    b = round((core_last_s + REACH * BEHIND_S.max()) * TICKS_HZ) - timeline.first_tick
    a, b = max(0, a), min(timeline.ticks, b)
    if a >= b:
        return
    times_s = timeline.tick_times_s[a:b, None]
    away = (
        np.maximum(core_first_s - times_s, 0.0) / AHEAD_S
        + np.maximum(times_s - core_last_s, 0.0) / BEHIND_S
    )
    strength = np.exp(-away) * (np.asarray(posture.weights) * firm)
    pull[a:b] += strength
    pulled[a:b] += strength * (np.asarray(posture.values) * (1.0 + (gain - 1.0) * _GROWS))


def gate(
    timeline: Timeline, touches: tuple[Touch, ...], *, contact: Contact
) -> tuple[Curve, Curve]:
    """Tell how far a contact is made at each tick (0..1, exactly 1 while it holds), and how hard."""
    apart = np.ones(timeline.ticks)
    press = np.zeros(timeline.ticks)
    same = [touch for touch in touches if touch.contact == contact]
    rooms_s = [math.inf, *(b.first_s - a.last_s for a, b in pairwise(same)), math.inf]
    for touch, (room_before_s, room_after_s) in zip(same, pairwise(rooms_s), strict=False):
        # Between two closures the mouth opens and shuts in the time there is.
        closing_s = min(CLOSING_S, max(QUICKEST_S, 0.5 * room_before_s))
        opening_s = min(OPENING_S, max(QUICKEST_S, 0.5 * room_after_s))
        a = int((touch.first_s - CLOSING_S) * TICKS_HZ) - timeline.first_tick - 2
        b = int((touch.last_s + OPENING_S) * TICKS_HZ) - timeline.first_tick + 3
        a, b = max(0, a), min(timeline.ticks, b)
        times_s = timeline.tick_times_s[a:b]
        # A tick sooner and later than the contact, so that what lies between two ticks is shut too.
        tick_s = 1.0 / TICKS_HZ
        made = eased((times_s - touch.first_s + tick_s + closing_s) / closing_s)
        made *= 1.0 - eased((times_s - touch.last_s - tick_s) / opening_s)
        apart[a:b] *= 1.0 - made
        press[a:b] = 1.0 - (1.0 - press[a:b]) * (1.0 - touch.press * made)
    return 1.0 - apart, press


def _shapes(
    paths: Float64[np.ndarray, "ticks articulators"],
    *,
    shut: Curve,
    press: Curve,
    bite: Curve,
    smile: Curve,
    seed: int,
) -> Shapes:
    """Say it in ARKit's words."""
    rng = chance(seed, stream=1)
    jaw = paths[:, J]
    parted = (1.0 - shut) * (1.0 - bite)
    funnel = paths[:, FUNNEL] * (1.0 - shut) * (1.0 - 0.7 * bite)
    pucker = paths[:, PUCKER] * (1.0 - 0.35 * shut) * (1.0 - 0.5 * bite)
    narrow = np.clip(1.0 - 0.8 * (paths[:, FUNNEL] + paths[:, PUCKER]), 0.0, 1.0)
    spread = paths[:, SPREAD] * narrow
    smile = smile * narrow

    shapes = {
        "jawOpen": jaw,
        "jawForward": paths[:, FORWARD] * parted,
        "mouthClose": jaw * (shut + (1.0 - shut) * 0.75 * bite),
        "mouthFunnel": funnel,
        "mouthPucker": pucker,
        "mouthRollLower": 0.12 * shut + 0.50 * bite,
        "mouthRollUpper": 0.10 * shut,
        "mouthShrugLower": 0.06 * shut + 0.10 * bite,
        "tongueOut": paths[:, TONGUE] * parted,
    }
    for name, curve, lopsided in (
        ("mouthLowerDown", paths[:, LOWER] * parted, 0.04),
        ("mouthUpperUp", (paths[:, UPPER] + 0.24 * bite) * (1.0 - shut), 0.04),
        ("mouthStretch", 0.60 * spread * (1.0 - 0.5 * shut), 0.04),
        ("mouthSmile", 0.40 * spread + smile * (1.0 - 0.3 * spread), 0.03),
        ("mouthDimple", 0.12 * smile, 0.05),
        ("mouthPress", press, 0.05),
    ):
        tilt = float(np.clip(rng.normal(0.0, lopsided), -2 * lopsided, 2 * lopsided))
        shapes[f"{name}Left"] = curve * (1.0 + tilt)
        shapes[f"{name}Right"] = curve * (1.0 - tilt)
    return shapes
