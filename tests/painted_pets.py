"""Animals for tests: painted ones, small, and Chelsea, whose points were set by hand."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from vivant.intake.pet_points import PetPoints
from vivant.media.picture import Picture
from vivant.painting.pets import PaintedPet, painted_pet
from vivant.rig.pet import PetRig
from vivant.rig.pet_building import build_pet_rig

SMALL = {"width_px": 384, "height_px": 480}
CHELSEA = PetPoints(
    animal="cat",
    photo_px=(451, 300),
    places=MappingProxyType(
        {
            "left-eye": (171.0, 116.0), "right-eye": (318.0, 136.5), "nose": (267.0, 239.0), "mouth": (257.0, 266.0),
            "chin": (250.0, 287.0), "left-eye-outer": (138.0, 101.0), "left-eye-inner": (208.0, 141.0),
            "left-eye-top": (172.0, 86.0), "left-eye-bottom": (172.0, 147.0), "right-eye-inner": (296.0, 132.0),
            "right-eye-outer": (342.0, 116.0), "right-eye-top": (325.0, 110.0), "right-eye-bottom": (312.0, 163.0),
        }
    ),
)  # fmt: skip
"""In skimage.data.chelsea()."""


def chelsea() -> Picture:
    """Give the photo of the cat Chelsea."""
    import skimage.data

    return Picture(pixels=skimage.data.chelsea().copy(), sha256="c" * 64)


def painted(name: str) -> PaintedPet:
    """Paint a small animal, once."""
    return painted_pet(name, **SMALL)


def points_of(pet: PaintedPet, *names: str) -> PetPoints:
    """Give a painting's points, or only some of them."""
    height, width = pet.pixels.shape[:2]
    chosen = {name: at for name, at in pet.places.items() if not names or name in names}
    return PetPoints(animal=pet.animal, photo_px=(width, height), places=chosen)


@lru_cache(maxsize=4)
def rig_of(name: str) -> PetRig:
    """Build a painted animal's rig, once; or Chelsea's."""
    if name == "chelsea":
        return build_pet_rig(chelsea(), CHELSEA)
    pet = painted(name)
    picture = Picture(pixels=np.array(pet.pixels), sha256=f"{name:0<64}")
    return build_pet_rig(picture, points_of(pet))
