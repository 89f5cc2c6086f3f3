"""What fills the air of a set: where clouds lie, and how thick they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeightMap:
    """A height for each place on the ground; beyond its edge the edge goes on."""

    height_m: Float32[np.ndarray, "rows columns"]
    """Rows run along z, columns along x; centres of cells."""
    left_m: float
    """x of the centre of the first column."""
    near_m: float
    """z of the centre of the first row."""
    cell_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clouds:
    """A sea of clouds: what a set says of its air. How they billow comes from the noise that all sets share."""

    tops: HeightMap
    """Height of the clouds' tops near by, before they billow: a set keeps them off its stage with it."""
    far_tops: HeightMap
    """The same, coarser, for all beyond ``tops``."""
    thickness: float = 0.5
    """Extinction per metre inside a cloud."""
    billow_m: float = 1.0
    """How high the billows are, as a share of the usual."""
    drift_m_per_s: tuple[float, float, float] = (0.96, -0.12, 0.40)
