"""One person, from one photo or several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from vivant.intake.portrait import Portrait

SAME_PERSON_FROM = 0.90
"""Two faces that are less similar are taken for two people.

dlib's vectors are about 1.42 long, and faces up to 0.63 apart (99.7 % right at 0.60, all right at 0.63, over
300 pairs of real photos) are one person's: a cosine of 1 - (0.63 / 1.42)² / 2 = 0.90."""
SURE_FROM = 0.925
"""From here on there is no doubt: the most alike of 21 pairs of strangers measured reach 0.916."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """One person: the photo to animate and the photos that help."""

    likeness_id: str
    """Hash of the photos and of who was chosen in each, in hex; the same photos give the same id."""
    base: Portrait
    """The photo that will move."""
    helpers: tuple[Portrait, ...]
    """Other photos of the same person, best first; teeth, lids and sides come from them."""
    face_vector: Float32[np.ndarray, " 128"]
    """Mean over the photos, length 1."""
    consent_id: str
    """The consent record under which the photos were taken in."""


def similarity(a: Float32[np.ndarray, " 128"], b: Float32[np.ndarray, " 128"], /) -> float:
    """Tell how alike two faces are: the cosine between their vectors.

    With the built-in encoder the same photo, saved again as JPEG, made grey, blurred or halved, scores
    0.97 .. 1.00; strangers score 0.82 .. 0.92, and never near 0. So 0.90 is where one person ends
    (``SAME_PERSON_FROM``), and a film of a person should stay above 0.95. The encoder learned from
    photographs: drawn faces by one hand score up to 0.98 and cannot be told apart with it.

    Returns:
        0 .. 1; below 0 is given as 0.
    """
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    if lengths < 1e-9:
        return 0.0
    return float(np.clip(float(a.astype(np.float64) @ b.astype(np.float64)) / lengths, 0.0, 1.0))
