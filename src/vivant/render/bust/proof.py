"""Proofs: what becomes of a few colours of a photo in a film, worked out without drawing the film."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.media.planes import planes_to_rgb
from vivant.render.bust.lighting import USUAL_STYLE
from vivant.render.bust.matching import lab_of, to_linear
from vivant.render.finishing.film import develop, knobs
from vivant.render.finishing.look import Look

FILM = Look(grain=0.0, vignette=0.0)
EXPOSURE = 1.14
FALLS = 1.30
"""Light of a set on somebody's face, as a rule."""
_LIFTED = 0.62


def toned(
    linear: Float64[np.ndarray, "n 3"],
    *,
    gain: Float64[np.ndarray, " 3"],
    shade: Float64[np.ndarray, " 3"],
    saturation: float,
    black: tuple[float, float],
) -> Float64[np.ndarray, "n 3"]:
    """Do to colours what ``relight.put_over`` does before light falls on them."""
    colour = np.maximum(linear * black[0] + black[1], 0)
    grey = colour @ np.array([0.25, 0.65, 0.10])
    deep = deepness(grey)[:, None]
    colour = grey[:, None] + (colour - grey[:, None]) * saturation * USUAL_STYLE.saturation
    colour = np.maximum(colour * (gain + shade * deep), 0)
    flat = USUAL_STYLE.flat
    return np.asarray(colour * (1 - flat) + _LIFTED * flat * np.sqrt(colour))


def deepness(grey: Float64[np.ndarray, "..."]) -> Float64[np.ndarray, "..."]:
    """Tell how deep in the photo's shade a light lies, 0..1."""
    return np.clip(1 - 1.2 * np.sqrt(np.maximum(grey, 0)), 0, 1)


def proofed(colours: Float64[np.ndarray, "n 3"]) -> Float64[np.ndarray, "n 3"]:
    """Develop colours as the film does; gives their CIE Lab."""
    count = len(colours)
    wide = np.repeat(colours.astype(np.float32) * FALLS, 2, axis=0)
    hdr = np.ascontiguousarray(np.stack([wide, wide]), np.float32)
    luma = np.empty((2, 2 * count), np.uint8)
    blue, red = (np.empty((1, count), np.uint8) for _ in range(2))
    dark = np.zeros((3, 3, 2 * count), np.float32)
    knob = knobs(FILM, exposure=EXPOSURE, white=0.0, black=0.0)
    develop(hdr, dark, luma, blue, red, knob, np.uint32(1), 0, 2)
    seen = planes_to_rgb(luma, blue, red)[0, ::2].astype(np.float64) / 255
    return lab_of(to_linear(seen))
