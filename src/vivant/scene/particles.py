"""What floats in the air of a shot: kinds of particles, and how each falls, drifts and answers light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, Float64

from vivant.errors import InputError
from vivant.scene.light import Light, Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticleKind:
    """One kind. Particles fill a box in front of the camera that has no end: who leaves it comes in on the other side."""

    name: str
    count: int
    box_m: tuple[float, float, float]
    """Size of the box along x, y and z; it is centred before the camera."""
    size_m: tuple[float, float]
    """Smallest and largest, across."""
    drift_m_per_s: tuple[float, float, float]
    wander_m: float
    """How far each strays from its straight way."""
    wander_hz: float
    rgb: Rgb
    """Colour, 0..1."""
    warm: float = 0.0
    """How much colours differ from one to the next."""
    sun_through: float = 1.0
    """Light that it passes on toward the camera when the sun is behind it."""
    opaque: float = 1.0
    """1 hides what is behind it; 0 only adds light, as dust does."""
    flat: float = 0.0
    """1 is a leaf that turns and is at times seen from its edge; 0 is round."""
    spin_hz: float = 0.0


_KINDS = (
    ParticleKind(
        name="dust", count=420, box_m=(3.6, 2.4, 3.6), size_m=(0.0006, 0.0016),
        drift_m_per_s=(0.016, -0.006, 0.010), wander_m=0.05, wander_hz=0.11,
        rgb=(1.0, 0.95, 0.86), warm=0.04, sun_through=2.6, opaque=0.0, spin_hz=0.35,
    ),
    ParticleKind(
        name="petals", count=64, box_m=(10.0, 6.0, 11.0), size_m=(0.011, 0.022),
        drift_m_per_s=(0.34, -0.36, 0.12), wander_m=0.22, wander_hz=0.27,
        rgb=(0.80, 0.60, 0.58), warm=0.10, sun_through=0.9, opaque=0.92, flat=1.0, spin_hz=0.8,
    ),
    ParticleKind(
        name="seeds", count=110, box_m=(9.0, 5.0, 10.0), size_m=(0.007, 0.013),
        drift_m_per_s=(0.26, 0.03, 0.10), wander_m=0.16, wander_hz=0.16,
        rgb=(0.92, 0.88, 0.80), warm=0.03, sun_through=2.4, opaque=0.22, spin_hz=0.1,
    ),
    ParticleKind(
        name="snow", count=620, box_m=(11.0, 7.0, 12.0), size_m=(0.005, 0.011),
        drift_m_per_s=(0.16, -0.78, 0.05), wander_m=0.12, wander_hz=0.33,
        rgb=(0.92, 0.94, 0.97), sun_through=0.5, opaque=0.85,
    ),
)  # fmt: skip
PARTICLES: Mapping[str, ParticleKind] = MappingProxyType({kind.name: kind for kind in _KINDS})
"""By the names that storyboards use."""


@runtime_checkable
class SunInAir(Protocol):
    """A set that knows where in its air the sun shines, such as a room with a window."""

    def sunlit_at(
        self, points_m: Float64[np.ndarray, "points 3"], look: str, light: Light
    ) -> Float32[np.ndarray, " points"]:
        """Give the share of the sun at each place, 0..1."""


def kind_named(name: str) -> ParticleKind:
    """Find a kind of particles.

    Raises:
        InputError: There is none of that name.
    """
    if name not in PARTICLES:
        known = ", ".join(PARTICLES)
        message = f'No particles are called "{name}". Choose some of: {known}.'
        raise InputError(message)
    return PARTICLES[name]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cloudlet:
    """Where the particles of one kind are at one moment."""

    places_m: Float64[np.ndarray, "particles 3"]
    size_m: Float64[np.ndarray, " particles"]
    turned: Float64[np.ndarray, " particles"]
    """Share of its face that each shows, 0..1."""
    lean_rad: Float64[np.ndarray, " particles"]
    """Angle of its long side in the picture."""
    fade: Float64[np.ndarray, " particles"]
    """0 at the box's walls, so that nothing appears at once."""
    rgb: Float64[np.ndarray, "particles 3"]


def particles_at(
    kind: ParticleKind,
    *,
    seconds: float,
    seed: int,
    centre_m: Float64[np.ndarray, " 3"],
) -> Cloudlet:
    """Give the particles of a kind at a moment: the same for the same seed, and smooth in time.

    Args:
        kind: What falls.
        seconds: Since the shot began; any number.
        seed: Chooses which particles.
        centre_m: Middle of the box. They stay where they are in the world while it moves.
    """
    chance = np.random.default_rng([seed, *kind.name.encode()])
    box = np.asarray(kind.box_m)
    start = chance.uniform(0, 1, (kind.count, 3)) * box
    phase = chance.uniform(0, 2 * np.pi, (kind.count, 3))
    pace = chance.uniform(0.75, 1.25, (kind.count, 1))
    low, high = kind.size_m
    size = low + (high - low) * chance.uniform(0, 1, kind.count) ** 2
    tone = chance.normal(0, 1, kind.count)
    spin = chance.uniform(-1, 1, kind.count)
    spin = np.sign(spin) * (0.4 + 0.6 * np.abs(spin)) * kind.spin_hz
    circle = 2 * np.pi * kind.wander_hz * pace * seconds
    way = start + pace * np.asarray(kind.drift_m_per_s) * seconds
    way = way + kind.wander_m * (np.sin(circle + phase) + 0.4 * np.sin(2.3 * circle + 2.1 * phase))
    offset = np.mod(way - centre_m + box / 2, box) - box / 2
    edge = np.min((box / 2 - np.abs(offset)) / (0.14 * box), axis=1)
    turn = 2 * np.pi * spin * seconds + phase[:, 0]
    colours = np.asarray(kind.rgb) * (1 + kind.warm * tone[:, None] * np.array([0.5, 0.0, -0.9]))
    return Cloudlet(
        places_m=centre_m + offset,
        size_m=size,
        turned=np.abs(np.cos(turn)),
        lean_rad=0.6 * turn + phase[:, 1],
        fade=np.clip(edge, 0, 1) ** 2,
        rgb=np.clip(colours, 0, 1),
    )
