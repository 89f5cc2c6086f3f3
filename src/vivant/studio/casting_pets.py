"""The animals in a cast: a photo and the points of its face become a pet's rig."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vivant.errors import InputError
from vivant.intake.pet_finding import find_pet
from vivant.intake.pet_points import read_points
from vivant.intake.reading import read_photo
from vivant.media.files import sha256_of
from vivant.media.watch import Watch, unwatched
from vivant.rig.pet import PET_RIG_VERSION, PetRig, load_pet_rig, save_pet_rig
from vivant.rig.pet_building import build_pet_rig
from vivant.scene.direction.call import Subject
from vivant.scene.shot import Animal, Shot
from vivant.studio.stage import Form
from vivant.studio.store import key_of

PET_FORM: Form[PetRig] = Form(suffix=".petrig", write=save_pet_rig, read=load_pet_rig)
PetGiven = tuple[Path, Path | None]
"""The photo, and the file of points where there is one."""


class NoPetFaceError(InputError):
    """Nobody has said where an animal's face is in its photo."""

    code = "studio.no-pet-face"


@dataclass(frozen=True, slots=True, kw_only=True)
class PetRigStage:
    """A photo of an animal becomes a rig."""

    name: str = "pet"

    def key(self, given: PetGiven, /) -> str:
        """Hash the photo and its points."""
        photo, points = given
        said = "found" if points is None else sha256_of(points)
        return key_of(("pet", str(PET_RIG_VERSION), sha256_of(photo), said))

    def __call__(self, given: PetGiven, /, *, watch: Watch = unwatched) -> PetRig:
        """Read the photo and its points, and build the rig."""
        photo, points = given
        reading = read_photo(photo)
        if points is not None:
            return build_pet_rig(reading.picture, read_points(points), watch=watch)
        message = (
            "no animal's face was found in the pet photo"
            if find_pet(reading.picture.pixels) is None
            else "nobody has said where the face is in the pet photo"
        )
        message += (
            ". Tap its eyes and nose: vivant pet points PHOTO -o POINTS.yaml; then write points: POINTS.yaml at the pet in "
            "the cast. If it is a person, take pet: yes out."
        )
        raise NoPetFaceError(message)


def pet_subject(name: str, rig: PetRig) -> Subject:
    """Measure how far a pet's photo reaches."""
    return Subject(name=name, limits=rig.limits, up=rig.up, animal=rig.animal)


def pets_in(shot: Shot) -> tuple[str, ...]:
    """Name the animals that a shot shows."""
    return tuple(dict.fromkeys(one.pet for one in shot.presences if isinstance(one, Animal)))
