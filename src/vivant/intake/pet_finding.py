"""Looks for an animal's face in a photo: two dark round eyes, a nose under them, and sides that mirror one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from vivant.intake.pet_points import PetPoints


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPet:
    """A face that may be an animal's."""

    points: PetPoints
    """Both eyes and the nose."""
    sure: float
    """0..1."""


def find_pet(pixels: UInt8[np.ndarray, "height width 3"]) -> FoundPet | None:
    """Look for a face; None when nothing is like one."""
    return None
