"""What a pet's rig is, and its document: a photo of an animal that can breathe, blink, tilt its head and move its ears."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Int32, UInt8

from vivant.errors import InputError
from vivant.media.document import read_document, write_document
from vivant.rig.framing_limits import FrameLimits, matte_limits

PET_RIG_VERSION = 2
"""Of the document, and of everything baked into it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PetEye:
    """An eye's lids, column by column from the picture's left to its right; rows are x, y in rig pixels."""

    upper: Float32[np.ndarray, "columns 2"]
    """Where fur ends above the open eye."""
    closed: Float32[np.ndarray, "columns 2"]
    """Where the lids meet."""
    lower: Float32[np.ndarray, "columns 2"]
    depth: Float32[np.ndarray, " columns"]
    box: tuple[int, int]
    """Left and top of ``shut`` in the rig's picture."""
    shut: UInt8[np.ndarray, "rows wide 3"]
    """The photo about the eye, with the eye closed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PetRig:
    """An animal ready to move, in rig pixels (the photo's crop at the rig's scale)."""

    rig_id: str
    photo_id: str
    animal: str
    face_height_px: float
    """From the brow to the chin."""
    eyes_px: tuple[float, float]
    """The middle between the eyes."""
    cut: tuple[bool, bool, bool, bool]
    """Whether the photo ends at the picture's left, top, right, bottom."""
    person: UInt8[np.ndarray, "height width 3"]
    """The animal's own colours, free of background at the edges."""
    alpha: UInt8[np.ndarray, "height width"]
    points: Float32[np.ndarray, "points 3"]
    """The mesh at rest; z grows away from the camera."""
    triangles: Int32[np.ndarray, "triangles 3"]
    head_weight: Float32[np.ndarray, " points"]
    """How far each point follows the head, 0..1."""
    ear_weight: Float32[np.ndarray, "2 points"]
    """How far each point follows the ear at the picture's left, and at its right."""
    ears: Float32[np.ndarray, "2 3 2"]
    """Of each: middle of its base, its tip, and across its base (a vector)."""
    chest_weight: Float32[np.ndarray, " points"]
    """How far each point moves with the breath."""
    chest: Float32[np.ndarray, " 2"]
    pivot: Float32[np.ndarray, " 3"]
    """The head turns about this point."""
    eyes: tuple[PetEye, PetEye]
    notes: tuple[str, ...] = ()

    @property
    def limits(self) -> FrameLimits:
        """How far a film may see of it."""
        return matte_limits(self.alpha, self.eyes_px, self.face_height_px)

    @property
    def up(self) -> float:
        """From its eyes to the top of its ears, in face heights."""
        rows = np.flatnonzero((self.alpha > 127).any(axis=1))
        top = float(rows[0]) if len(rows) else 0.0
        return (self.eyes_px[1] - top) / self.face_height_px


_PLAIN = (
    "person", "alpha", "points", "triangles", "head_weight", "ear_weight", "ears", "chest_weight", "chest", "pivot",
)  # fmt: skip
_EYE = tuple(field.name for field in fields(PetEye) if field.name != "box")


def save_pet_rig(rig: PetRig, path: Path) -> None:
    """Write the rig as a versioned document."""
    arrays = {name: getattr(rig, name) for name in _PLAIN}
    for number, eye in enumerate(rig.eyes):
        arrays |= {f"eye{number}.{name}": getattr(eye, name) for name in _EYE}
    facts = {
        "rig_id": rig.rig_id,
        "photo_id": rig.photo_id,
        "animal": rig.animal,
        "face_height_px": rig.face_height_px,
        "eyes_px": list(rig.eyes_px),
        "cut": list(rig.cut),
        "boxes": [list(eye.box) for eye in rig.eyes],
        "notes": list(rig.notes),
    }
    write_document(path, kind="pet-rig", version=PET_RIG_VERSION, facts=facts, arrays=arrays)


def load_pet_rig(path: Path) -> PetRig:
    """Read a pet's rig.

    Raises:
        InputError: The file is no such rig, is damaged, or is of another version.
    """
    document = read_document(path, kind="pet-rig", version=PET_RIG_VERSION)
    facts, arrays = document.facts, document.arrays
    try:
        left, right = (
            PetEye(
                box=(int(box[0]), int(box[1])),
                **{name: arrays[f"eye{number}.{name}"] for name in _EYE},
            )
            for number, box in enumerate(facts["boxes"])
        )
        cut_left, cut_top, cut_right, cut_bottom = (bool(one) for one in facts["cut"])
        return PetRig(
            rig_id=str(facts["rig_id"]),
            photo_id=str(facts["photo_id"]),
            animal=str(facts["animal"]),
            face_height_px=float(facts["face_height_px"]),
            eyes_px=(float(facts["eyes_px"][0]), float(facts["eyes_px"][1])),
            cut=(cut_left, cut_top, cut_right, cut_bottom),
            eyes=(left, right),
            notes=tuple(str(one) for one in facts["notes"]),
            **{name: arrays[name] for name in _PLAIN},
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        message = "The pet's rig lacks a part. Bake it again from the photo."
        raise InputError(message) from error
