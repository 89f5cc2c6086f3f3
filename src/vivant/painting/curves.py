"""Small curves that the painter draws everything with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Shaped
from scipy.interpolate import PchipInterpolator

Field = Shaped[np.ndarray, "..."]
"""One number for each point or pixel."""
Numbers = float | np.floating | Field
"""One number, or one for each point or pixel."""


def along(table: Mapping[float, float], at: Numbers) -> Field:
    """Read a smooth curve through the given points; its ends go on level."""
    knots = sorted(table)
    curve = PchipInterpolator(knots, [table[k] for k in knots])
    return np.asarray(curve(np.clip(at, knots[0], knots[-1])), dtype=np.float32)


def step(low: Numbers, high: Numbers, at: Numbers) -> Field:
    """Rise smoothly from 0 at ``low`` to 1 at ``high``; falls when ``low`` is above ``high``."""
    t = np.clip((np.asarray(at) - low) / (np.asarray(high) - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def bump(x: Numbers, y: Numbers, *, at: tuple[float, float], wide: tuple[float, float]) -> Field:
    """A soft hill of height 1."""
    return np.asarray(
        np.exp(-(((x - at[0]) / wide[0]) ** 2) - ((y - at[1]) / wide[1]) ** 2), dtype=np.float32
    )


def ridge(distance: Numbers, *, wide: Numbers) -> Field:
    """A soft wall of height 1 where ``distance`` is 0."""
    return np.asarray(np.exp(-((np.asarray(distance) / wide) ** 2)), dtype=np.float32)


def higher(a: Numbers, b: Numbers, *, soft: float) -> Field:
    """The greater of two, with a round join."""
    return np.asarray(0.5 * (a + b + np.sqrt((a - b) ** 2 + soft * soft)), dtype=np.float32)
