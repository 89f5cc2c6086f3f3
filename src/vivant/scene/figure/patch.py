"""The photo's own face, to be laid on the small head: no other pixels ever are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FacePatch:
    """Pixels of a photo, in linear light, and how they lie on a head."""

    rgba: Float32[np.ndarray, "height width 4"]
    """Linear colour and how much it covers, not premultiplied."""
    eyes_px: tuple[float, float]
    """Right and down: the middle between the eyes."""
    right_px: tuple[float, float]
    """How far one head height to the figure's left is, in pixels right and down."""
    up_px: tuple[float, float]
    """The same for one head height up."""
    near_px: tuple[float, float]
    """The same for one head height toward the viewer, from the plane of the eyes."""
