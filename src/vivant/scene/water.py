"""Still water and low mist: what a set says of them. Neither is a surface: both depend on where the camera is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from vivant.scene.light import Light, Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class Water:
    """A level sheet of water without end; what lies deeper than its level is not seen."""

    level_m: float
    deep_rgb: Rgb = (0.020, 0.034, 0.036)
    """Colour of what light comes back from below, 0..1."""
    ripple: float = 0.011
    """Steepness of the ripples: 0 is a mirror, 0.05 a breeze."""
    waves_toward_rad: float = 0.6
    """Way of the wind: toward (sin, 0, cos)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundMist:
    """Mist that lies on the ground, thinner with height."""

    level_m: float
    height_m: float
    """Height at which it has thinned to a third."""
    per_m: float
    """The share of light that a metre of it replaces, at the ground."""
    patchy: float = 0.5
    """0 is even; 1 comes and goes."""


@runtime_checkable
class WaterySet(Protocol):
    """A set with water in it."""

    def water(self, look: str) -> Water:
        """Tell where the water is, and how still."""


@runtime_checkable
class MistySet(Protocol):
    """A set with mist on its ground."""

    def ground_mist(self, look: str, light: Light) -> GroundMist | None:
        """Tell how the mist lies in a light; nothing where there is none."""
