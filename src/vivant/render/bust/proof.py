"""Proofs: what becomes of a few colours of a photo in a film, worked out without drawing the film."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from vivant.render.bust.lighting import USUAL_STYLE
from vivant.render.bust.matching import lab_of, to_linear
from vivant.render.finishing.film import INSET
from vivant.render.finishing.look import USUAL

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


def deepness(grey: Float64[np.ndarray, ...]) -> Float64[np.ndarray, ...]:
    """Tell how deep in the photo's shade a light lies, 0..1."""
    return np.asarray(np.clip(1 - 1.2 * np.sqrt(np.maximum(grey, 0)), 0, 1))


def proofed(colours: Float64[np.ndarray, "n 3"]) -> Float64[np.ndarray, "n 3"]:
    """Develop colours as ``finishing.film.develop`` does, without grain, vignette and bytes; gives their CIE Lab."""
    light = np.maximum(colours, 0) * FALLS * EXPOSURE
    stops = (np.log2(light @ INSET.T + 1e-6) + 10.2) / 15.2
    x = np.clip(stops, 0, 1)
    curved = -0.00232 + x * (
        0.1191 + x * (0.4298 + x * (-6.868 + x * (31.96 + x * (-40.14 + x * 15.5))))
    )
    rgb = np.clip(curved @ np.linalg.inv(INSET).T, 0, 1)
    grey = (rgb @ np.array([0.25, 0.65, 0.10]))[:, None]
    warm = np.clip((grey - 0.35) / 0.65, 0, 1) * USUAL.warmth
    cool = (1 - np.minimum(2 * grey, 1)) * USUAL.warmth
    graded = (grey + (rgb - grey) * USUAL.saturation) * USUAL.contrast
    graded = np.clip(graded + USUAL.pivot * (1 - USUAL.contrast), 0, 1)
    graded += warm * np.array([0.030, 0.008, -0.030]) + cool * np.array([-0.014, 0.002, 0.022])
    return lab_of(to_linear(np.clip(graded + np.array(USUAL.lift), 0, 1)))
