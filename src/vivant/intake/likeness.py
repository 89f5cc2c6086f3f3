"""One person, from one photo or several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from vivant.intake.portrait import Portrait


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """One person: the photo to animate and the photos that help."""

    likeness_id: str
    """Hash of the photos, in hex; the same photos give the same id."""
    base: Portrait
    """The photo that will move."""
    helpers: tuple[Portrait, ...]
    """Other photos of the same person, best first; teeth, lids and sides come from them."""
    face_vector: Float32[np.ndarray, " 128"]
    """Mean over the photos, length 1."""
    consent_id: str
    """The consent record under which the photos were taken in."""
