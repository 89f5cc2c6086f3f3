"""How the film stock looks: what is the same in all layers, all shots and all people of a film."""

from __future__ import annotations

from dataclasses import dataclass

from vivant.scene.light import Rgb


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Curve, colours, vignette and grain of a film."""

    contrast: float = 1.06
    """Steepness about ``pivot``, after the curve."""
    pivot: float = 0.46
    saturation: float = 1.16
    """After the curve; skin turns red above 1.2."""
    warmth: float = 0.34
    """How far highlights lean to warm and shadows to cool; 0 leaves them."""
    lift: Rgb = (0.016, 0.010, 0.006)
    """Black of the film, in shares of its white: not quite black, a little warm."""
    vignette: float = 0.30
    """The share of light that the lens loses in the corners."""
    grain: float = 0.011
    """Strength of the grain in mid tones, in shares of white; 0.02 looks dirty."""
    glow_from: float = 1.6
    """Light above this blooms and makes shafts."""
    light_rgb: Rgb = (3.2, 2.9, 2.5)
    """The light into which a film fades."""


USUAL = Look()
