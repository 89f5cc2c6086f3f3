"""Triangles on Slaney's mel scale: the bands that networks for speech were taught with."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from jaxtyping import Float64

STEP_HZ, KNEE_HZ = 200.0 / 3, 1000.0
"""Width of a mel below the knee; above it, mels grow by a ratio."""
KNEE = KNEE_HZ / STEP_HZ
RATIO = float(np.log(6.4)) / 27.0


@lru_cache(maxsize=4)
def slaney_bands(bands: int, *, window: int, rate_hz: int) -> Float64[np.ndarray, "bins bands"]:
    """Weigh the bins of a spectrum into bands, from 0 Hz to half the rate, each with the same area.

    Args:
        bands: How many.
        window: Length of the Fourier transform.
        rate_hz: Samples in each second.

    Source:
        M. Slaney, Auditory Toolbox, 1998.
    """
    top = KNEE + np.log(rate_hz / 2 / KNEE_HZ) / RATIO
    marks = np.linspace(0.0, top, bands + 2)
    edges_hz = np.where(
        marks < KNEE, marks * STEP_HZ, KNEE_HZ * np.exp(RATIO * (np.maximum(marks, KNEE) - KNEE))
    )
    bins_hz = np.fft.rfftfreq(window, 1 / rate_hz)[:, None]
    rising = (bins_hz - edges_hz[:-2]) / np.diff(edges_hz)[:-1]
    falling = (edges_hz[2:] - bins_hz) / np.diff(edges_hz)[1:]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges_hz[2:] - edges_hz[:-2])))
