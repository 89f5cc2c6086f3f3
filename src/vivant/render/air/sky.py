"""The sky: three colours by height, a fourth below the horizon, and the sun as a soft disc in its own glare.

The formula is our own; it never shows a hard circle.
"""

from __future__ import annotations

import math
from typing import no_type_check

import numpy as np
from jaxtyping import Float, Float32, Float64

from vivant.media.compilation import compiled_fast
from vivant.scene.light import Light

SkyFacts = Float32[np.ndarray, " 18"]
"""Sun's direction, its colour, then zenith, middle, horizon and below."""


def sky_facts(light: Light) -> SkyFacts:
    """Pack what ``sky_at`` needs to know of the light."""
    parts = (
        light.sun,
        light.sun_rgb,
        light.zenith_rgb,
        light.middle_rgb,
        light.horizon_rgb,
        light.below_rgb,
    )
    return np.asarray(parts, np.float32).ravel()


def sky_rgb(directions: Float[np.ndarray, "n 3"], light: Light) -> Float32[np.ndarray, "n 3"]:
    """Give the colour of the clear sky in directions of any length; linear light."""
    out = np.empty((len(directions), 3), np.float32)
    _fill(np.ascontiguousarray(directions, np.float64), sky_facts(light), out)
    return out


@compiled_fast
@no_type_check
def sky_at(x: float, y: float, z: float, facts: SkyFacts) -> tuple[float, float, float]:
    """Give red, green and blue of the clear sky in a direction of length 1."""
    upper, lower = _rise(-0.02, 0.28, y), _rise(0.15, 0.9, y)
    under = _rise(0.0, 0.4, -y)
    toward = max(0.0, x * facts[0] + y * facts[1] + z * facts[2])
    glare = 0.0
    if toward > 0.05:
        log = math.log(toward)
        glare = 0.11 * math.exp(5 * log) + 0.34 * math.exp(30 * log)
        if toward > 0.9:
            glare += 1.5 * math.exp(250 * log) + 7.0 * math.exp(2600 * log)
    if y > 0:
        high = upper * (1 - lower)
        low = (1 - upper) * (1 - lower)
        red = facts[6] * lower + facts[9] * high + facts[12] * low
        green = facts[7] * lower + facts[10] * high + facts[13] * low
        blue = facts[8] * lower + facts[11] * high + facts[14] * low
    else:
        red = facts[12] + (facts[15] - facts[12]) * under
        green = facts[13] + (facts[16] - facts[13]) * under
        blue = facts[14] + (facts[17] - facts[14]) * under
    return red + glare * facts[3], green + glare * facts[4], blue + glare * facts[5]


@compiled_fast
@no_type_check
def _rise(low: float, high: float, value: float) -> float:
    part = min(1.0, max(0.0, (value - low) / (high - low)))
    return part * part * (3 - 2 * part)


@compiled_fast
@no_type_check
def _fill(
    directions: Float64[np.ndarray, "n 3"], facts: SkyFacts, out: Float32[np.ndarray, "n 3"]
) -> None:
    for n in range(directions.shape[0]):
        x, y, z = directions[n, 0], directions[n, 1], directions[n, 2]
        scale = 1 / math.sqrt(x * x + y * y + z * z)
        out[n, 0], out[n, 1], out[n, 2] = sky_at(x * scale, y * scale, z * scale, facts)
