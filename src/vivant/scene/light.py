"""The light of a scene: one sun, a sky, haze, and at most one glow. Everything in a shot is lit by this."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

Rgb = tuple[float, float, float]
"""Linear light, BT.709 primaries; 1 is a white surface in plain daylight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glow:
    """Light that comes from one place, such as an open gate."""

    place_m: tuple[float, float, float]
    rgb: Rgb
    """Colour at strength 1; the strength of each frame is the shot's."""
    reach_m: float
    """Distance at which it has fallen to half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """Light, sky and haze."""

    sun: tuple[float, float, float]
    """Unit vector toward the sun."""
    sun_rgb: Rgb = (3.1, 2.62, 2.0)
    zenith_rgb: Rgb = (0.13, 0.32, 0.80)
    middle_rgb: Rgb = (0.50, 0.78, 1.18)
    horizon_rgb: Rgb = (1.50, 1.22, 0.98)
    below_rgb: Rgb = (1.10, 1.05, 1.08)
    ambient_up_rgb: Rgb = (0.50, 0.62, 0.88)
    """What falls on a surface that faces up; includes its strength."""
    ambient_down_rgb: Rgb = (0.86, 0.76, 0.68)
    """What falls on a surface that faces down."""
    ambient: float = 0.8
    haze_per_m: float = 0.0042
    """The share of light that a metre of air replaces by its own."""
    glow: Glow | None = None
    exposure: float = 1.14

    def from_direction(self, sun: np.ndarray) -> Light:
        """Move the sun; a film cheats its place in each shot, so that it stays behind the subject."""
        unit = np.asarray(sun, np.float64) / np.linalg.norm(sun)
        return replace(self, sun=(float(unit[0]), float(unit[1]), float(unit[2])))
