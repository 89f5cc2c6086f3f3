"""A set's light as it falls on somebody close to the camera: numbers for the loops in ``relight``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from vivant.scene.light import Light
from vivant.scene.view import View

LUMA = np.array([0.2126, 0.7152, 0.0722])
FILL = 1.48
"""Light from the sky all around, where the set's ambient light is the usual."""
USUAL_AMBIENT = 0.56
"""Mean of up and down times strength, of the light that ``FILL`` was judged in."""
AMBIENT_POWER = 0.6
"""A darker set darkens the person by this power only: faces stay readable."""
TINT_COOL, TINT_WARM = 0.28, 0.36
"""How much of the colour of sky and sun comes into the fill on the two sides."""
TINT_AROUND = 0.40
"""The same of all that is to be seen behind the person."""
KEY = 0.30
"""Share of the sun on what faces it."""
RIM = 1.5
"""Share of the sun that licks round the edges when it stands behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a living photo is taken into a set."""

    flat: float = 0.20
    """How far the photo's own darks are lifted toward the middle."""
    saturation: float = 1.04
    """Of the photo's colours in linear light; the film's grade gives some back."""
    rim: float = 1.0
    """Strength of the sun's edge."""
    wrap: float = 0.34
    """How far the set's light spills over the edge; above 0.4 black cloth glows."""
    haze: float = 0.030
    """Share of the air between camera and person."""


USUAL_STYLE = Style()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Falling:
    """Light in the camera's own directions: right, up, toward the camera."""

    sun: Float64[np.ndarray, " 3"]
    sun_rgb: Float64[np.ndarray, " 3"]
    cool_rgb: Float64[np.ndarray, " 3"]
    warm_rgb: Float64[np.ndarray, " 3"]

    @property
    def aside(self) -> Float64[np.ndarray, " 2"]:
        """Direction of the sun in the picture (right, up); its length is 1 when it stands at the side."""
        return np.asarray(self.sun[:2])

    @property
    def behind(self) -> float:
        """How far the sun stands behind the person, 0..1."""
        return float(np.clip(0.35 - self.sun[2] * 0.9, 0, 1))


def falling(
    light: Light, view: View, *, around_rgb: Float64[np.ndarray, " 3"] | None = None
) -> Falling:
    """See a set's light from a camera.

    Args:
        light: Of the shot.
        view: The camera.
        around_rgb: Mean light of the picture behind the person, whose hue the fill takes in part.
    """
    sun = np.asarray(light.sun, np.float64)
    seen = np.array([sun @ view.right, sun @ view.up, -(sun @ view.forward)])
    up, down = (np.array(rgb) for rgb in (light.ambient_up_rgb, light.ambient_down_rgb))
    ambient = float(LUMA @ (up + down) / 2) * light.ambient
    level = FILL * float(np.clip(ambient / USUAL_AMBIENT, 0.05, 4) ** AMBIENT_POWER)
    hue = np.ones(3) if around_rgb is None else _tint(around_rgb, TINT_AROUND)
    return Falling(
        sun=seen,
        sun_rgb=np.array(light.sun_rgb),
        cool_rgb=level * hue * _tint(up, TINT_COOL) * 0.94,
        warm_rgb=level * hue * _tint(np.array(light.sun_rgb), TINT_WARM) * 1.04,
    )


def _tint(rgb: Float64[np.ndarray, " 3"], share: float) -> Float64[np.ndarray, " 3"]:
    """Take part of a colour's hue, at no more and no less light than white."""
    hue = np.maximum(rgb, 1e-3) ** share
    return np.asarray(hue / float(LUMA @ hue))


def numbers(
    falls: Falling,
    style: Style,
    *,
    body: Float64[np.ndarray, "3 3"],
    head: Float64[np.ndarray, "3 3"],
) -> Float32[np.ndarray, " 36"]:
    """Put all that the half-size loop needs into one array: light, then how body and head have turned."""
    length = max(float(np.linalg.norm(falls.aside)), 1e-3)
    toward = falls.aside / length
    return np.array(
        [
            *falls.sun,
            *falls.sun_rgb,
            *falls.cool_rgb,
            *falls.warm_rgb,
            *toward,
            min(1.0, length * 1.5),
            KEY,
            style.wrap,
            style.haze,
            *body.ravel(),
            *head.ravel(),
        ],
        np.float32,
    )
