"""What an animal does, moment by moment: breath, blinks, a tilted head, ears.

Animals blink seldom; a cat that is at ease closes its eyes slowly, which is its smile. Ears turn before heads do.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, Float64

PET = (
    "blink_left", "blink_right", "yaw_deg", "pitch_deg", "roll_deg", "ear_left", "ear_right", "breath", "sniff",
)  # fmt: skip
"""Columns of a pet's performance. Left and right are the picture's. Blinks 0 open .. 1 closed; yaw to the picture's
right, pitch down, roll clockwise; ears -1 drawn together .. 1 laid outward; breath 0 empty .. 1 full; sniff 0..1."""
PET_CURVE = {name: place for place, name in enumerate(PET)}
LIMITS_DEG = {"yaw_deg": 8.0, "pitch_deg": 6.0, "roll_deg": 14.0}
"""One photo holds no more of the sides of a head."""
MOST_TILT_DEG = 12.0
BREATHS_S = {"cat": 2.6, "dog": 2.9, "other": 2.8}
"""How long a breath lasts at rest."""
Curve = Float64[np.ndarray, " frames"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PetPerformance:
    """What an animal does, frame by frame."""

    rate: Fraction
    curves: Float32[np.ndarray, "frames curves"]
    """Columns are ``PET``."""

    @property
    def frames(self) -> int:
        """How many there are."""
        return len(self.curves)

    @property
    def times_s(self) -> Curve:
        """The middle of each frame's time on screen."""
        return np.asarray((np.arange(self.frames) + 0.5) / float(self.rate))

    def curve(self, name: str) -> Float32[np.ndarray, " frames"]:
        """Give one of its curves."""
        return np.asarray(self.curves[:, PET_CURVE[name]])

    def with_more(self, **added: Curve) -> PetPerformance:
        """Add to some curves; all stay within what a photo can show."""
        curves = self.curves.astype(np.float64)
        for name, amount in added.items():
            curves[:, PET_CURVE[name]] += amount
        return PetPerformance(rate=self.rate, curves=_limited(curves))


def pet_idle(frames: int, *, rate: Fraction, seed: int, animal: str = "cat") -> PetPerformance:
    """Rest: breathe, blink now and then, flick an ear, move the head a little.

    Args:
        frames: How many.
        rate: Frames a second.
        seed: Chance; the same seed gives the same rest.
        animal: One of ``intake.pet_points.ANIMALS``.
    """
    random = np.random.default_rng(seed)
    t = (np.arange(frames) + 0.5) / float(rate)
    curves = np.zeros((frames, len(PET)))
    period = BREATHS_S.get(animal, BREATHS_S["other"])
    phase = random.uniform(0, 1)
    turns = t / period + phase + 0.05 * np.sin(0.5 * t + 6 * phase)
    curves[:, PET_CURVE["breath"]] = 0.5 - 0.5 * np.cos(2 * np.pi * turns)
    for name, size in (("yaw_deg", 1.1), ("pitch_deg", 0.7), ("roll_deg", 0.9)):
        first, second, third = random.uniform(0, 2 * np.pi, 3)
        wander = np.sin(0.42 * t + first) + 0.5 * np.sin(0.97 * t + second) + 0.2 * np.sin(1.9 * t + third)  # fmt: skip
        curves[:, PET_CURVE[name]] = size * wander / 1.7
    idle = PetPerformance(rate=rate, curves=_limited(curves))
    moment = random.uniform(1.6, 3.4)
    while moment < t[-1] - 0.5:
        idle = blink(idle, float(moment), closes_s=0.13, stays_s=0.05, opens_s=0.24)
        moment += random.uniform(4.2, 8.0)
    moment = random.uniform(0.8, 2.6)
    while moment < t[-1] - 0.4:
        side = "left" if random.random() < 0.5 else "right"
        idle = twitch(idle, float(moment), side=side, amount=float(random.uniform(0.35, 0.75)))
        moment += random.uniform(2.6, 5.5)
    return idle


def blink(
    pet: PetPerformance,
    at_s: float,
    *,
    closes_s: float = 0.13,
    stays_s: float = 0.05,
    opens_s: float = 0.24,
    depth: float = 1.0,
) -> PetPerformance:
    """Close both eyes and open them again; they are shut at ``at_s``."""
    t = pet.times_s
    down = _ease((t - (at_s - closes_s)) / closes_s)
    up = _ease((t - (at_s + stays_s)) / opens_s)
    amount = depth * (down - up)
    late = np.interp(t - 0.012, t, amount)
    return pet.with_more(blink_left=amount, blink_right=late)


def slow_blink(pet: PetPerformance, at_s: float, *, depth: float = 1.0) -> PetPerformance:
    """Close the eyes slowly, stay so, open them half, and then whole: a cat's smile."""
    t = pet.times_s
    down = _ease((t - at_s) / 0.75)
    half = 0.62 * _ease((t - (at_s + 1.15)) / 0.7)
    rest = 0.38 * _ease((t - (at_s + 2.0)) / 0.8)
    amount = depth * (down - half - rest)
    lowered = 0.8 * amount
    return pet.with_more(blink_left=amount, blink_right=amount, pitch_deg=lowered)


def twitch(pet: PetPerformance, at_s: float, *, side: str, amount: float = 0.6) -> PetPerformance:
    """Flick an ear: quickly out, and back with one small swing more."""
    t = pet.times_s - at_s
    flick = np.where(t > 0, np.exp(-t / 0.16) * np.sin(2 * np.pi * np.maximum(t, 0) / 0.36), 0.0)
    return pet.with_more(**{f"ear_{side}": 1.5 * amount * flick})


def tilt(
    pet: PetPerformance, at_s: float, *, degrees: float = 9.0, holds_s: float = 2.2
) -> PetPerformance:
    """Tilt the head as at a sound: the ears turn first, then the head, and back again later."""
    degrees = float(np.clip(degrees, -MOST_TILT_DEG, MOST_TILT_DEG))
    t = pet.times_s
    ears = _ease((t - (at_s - 0.28)) / 0.25) - _ease((t - (at_s + holds_s)) / 0.7)
    head = _ease((t - at_s) / 0.62) - _ease((t - (at_s + holds_s)) / 0.95)
    way = float(np.sign(degrees))
    return pet.with_more(
        roll_deg=degrees * head,
        yaw_deg=0.22 * degrees * head,
        pitch_deg=-0.9 * head,
        ear_left=(-0.55 - 0.15 * way) * ears,
        ear_right=(-0.55 + 0.15 * way) * ears,
    )


def look(
    pet: PetPerformance,
    at_s: float,
    *,
    yaw_deg: float,
    pitch_deg: float = 0.0,
    takes_s: float = 0.8,
) -> PetPerformance:
    """Turn the head somewhere, and stay so."""
    amount = _ease((pet.times_s - at_s) / takes_s)
    return pet.with_more(
        yaw_deg=yaw_deg * amount, pitch_deg=pitch_deg * amount, roll_deg=0.12 * yaw_deg * amount
    )


def sniff(pet: PetPerformance, at_s: float, *, times: int = 3) -> PetPerformance:
    """Draw in the air with the nose, a few times."""
    t = pet.times_s - at_s
    wave = np.sin(2 * np.pi * t / 0.34) ** 2 * ((t > 0) & (t < 0.34 * times))
    return pet.with_more(sniff=wave)


def _ease(part: Curve) -> Curve:
    part = np.clip(part, 0, 1)
    return np.asarray(part**3 * (part * (6 * part - 15) + 10))


def _limited(curves: Float64[np.ndarray, "frames curves"]) -> Float32[np.ndarray, "frames curves"]:
    """Bend what goes too far toward the limit, so that nothing stops dead."""
    out = curves.copy()
    for name, limit in LIMITS_DEG.items():
        column = out[:, PET_CURVE[name]]
        beyond = np.maximum(np.abs(column) - 0.7 * limit, 0) / (0.3 * limit)
        bent = 0.7 * limit + 0.3 * limit * np.tanh(beyond)
        out[:, PET_CURVE[name]] = np.where(beyond > 0, np.sign(column) * bent, column)
    for name in ("blink_left", "blink_right", "breath", "sniff"):
        out[:, PET_CURVE[name]] = np.clip(out[:, PET_CURVE[name]], 0, 1)
    for name in ("ear_left", "ear_right"):
        out[:, PET_CURVE[name]] = np.clip(out[:, PET_CURVE[name]], -1.2, 1.2)
    return out.astype(np.float32)
