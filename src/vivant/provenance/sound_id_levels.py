"""How levels of bands are compared with those around them: what the reader of the mark in a sound adds up.

Whoever marks looks through the same eyes: what the sound itself seems to say is known beforehand, and the mark
need only be strong where that speaks against it.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from jaxtyping import Float32
from scipy.ndimage import uniform_filter

from vivant.provenance.sound_id_cells import (
    BAND_BINS,
    BANDS,
    CHIP_HOPS,
    FIRST_BIN,
    LAST_BIN,
    WINDOW_HOPS,
    window,
)

_RANGE_DB = 90.0  # under the loudest, what is still weighed
_FULL_DB = 20.0  # above that, from where on it is weighed in full
_LOUDEST = 98.0  # percentile
_TAMED = 1.5  # local deviations
_LEAST_DB = 0.3  # least deviation of a level
_WEIGHT = 0.7  # power of the deviation by which levels are weighed
_AROUND_HOPS, _AROUND_BANDS = 13, 17
_FAINT = 1e-12
_QUIETEST = 10.0  # percentile
_NOISE_DB, _CLEAR_DB, _LEAST_TRUST = 2.0, 6.0, 0.05


def powers_of_bands(
    samples: Float32[np.ndarray, " samples"], *, hop: int
) -> Float32[np.ndarray, "hops bands"]:
    """Give the power in each band, every hop.

    Args:
        samples: Of which the first window begins with the first sample.
        hop: Samples in a hundredth of a second.
    """
    size = WINDOW_HOPS * hop
    views = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    spectrum = scipy.fft.rfft(views * window(size), axis=1)[:, FIRST_BIN:LAST_BIN]
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    bands: np.ndarray = power.reshape(-1, BANDS, BAND_BINS).sum(axis=2).astype(np.float32)
    return bands


def compared(
    bands: Float32[np.ndarray, "hops bands"], *, is_wary: bool = False
) -> Float32[np.ndarray, "hops bands"]:
    """Compare each band's level with those around it in time and pitch, and weigh it by how still it is otherwise.

    Args:
        bands: Power in each band, every hop.
        is_wary: Whether to trust little what lies near the quietest of its band: noise that came later, maybe.
    """
    loudest = float(np.percentile(bands, _LOUDEST)) or float(bands.max()) or 1.0
    level_db = 10 * np.log10(bands / np.float32(loudest) + np.float32(_FAINT))
    apart = level_db - uniform_filter(level_db, (_AROUND_HOPS, 1))
    apart -= uniform_filter(apart, (1, _AROUND_BANDS))
    usual = uniform_filter(np.abs(apart), (4 * CHIP_HOPS + 1, 3)) + np.float32(_LEAST_DB)
    heard = np.clip((level_db + _RANGE_DB) / _FULL_DB, 0.0, 1.0)
    if is_wary:
        near_db = uniform_filter(level_db, (5, 3))
        above_db = near_db - np.percentile(near_db, _QUIETEST, axis=0) - _NOISE_DB
        heard *= np.clip(above_db / _CLEAR_DB, _LEAST_TRUST, 1.0)
    weighed: np.ndarray = np.clip(apart / usual, -_TAMED, _TAMED) / usual**_WEIGHT * heard
    return weighed.astype(np.float32)
