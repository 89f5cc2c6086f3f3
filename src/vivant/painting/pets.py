"""Paints animals that never lived, and knows where their eyes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import UInt8

from vivant.painting.cat import paint_cat

PETS = ("cat", "dog")
EDITION = 1
"""Counts changes of the paintings: kept ones of before are painted anew."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaintedPet:
    """A painting of an animal, and the truth about it."""

    animal: str
    pixels: UInt8[np.ndarray, "height width 3"]
    """sRGB."""
    places: Mapping[str, tuple[float, float]]
    """Where things are in its face, in pixels; named as ``intake.pet_points`` names them."""
    matte: UInt8[np.ndarray, "height width"]
    """255 where the animal is."""


@lru_cache(maxsize=4)
def painted_pet(name: str, *, width_px: int = 768, height_px: int = 960) -> PaintedPet:
    """Paint one of the animals."""
    pixels = paint_cat(width_px=width_px, height_px=height_px)
    return PaintedPet(
        animal="cat",
        pixels=pixels,
        places={
            "left-eye": (268, 400), "right-eye": (500, 400), "nose": (384, 505), "mouth": (384, 545), "chin": (384, 615),
            "left-ear-tip": (195, 62), "left-ear-outer": (88, 320), "left-ear-inner": (280, 195),
            "right-ear-tip": (573, 62), "right-ear-outer": (680, 320), "right-ear-inner": (488, 195),
        },
        matte=np.full((height_px, width_px), 255, np.uint8),
    )  # fmt: skip
