"""The door for animals: a photo and its points become a rig."""

from __future__ import annotations

import hashlib
from types import MappingProxyType

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.errors import InputError
from vivant.intake.pet_places import Axes, complete
from vivant.intake.pet_points import EAR_PARTS, SIDES, PetPoints, check_points, text_of
from vivant.media.picture import Picture
from vivant.media.watch import Watch, unwatched
from vivant.rig.ground import Ground
from vivant.rig.layers import own_colours
from vivant.rig.pet import PET_RIG_VERSION, PetRig
from vivant.rig.pet_lids import pet_eye
from vivant.rig.pet_matte import pet_matte
from vivant.rig.pet_shape import (
    STEP,
    Face,
    chest_weight_of,
    depth_of,
    ear_of,
    ear_weight_of,
    grid,
    head_weight_of,
)

FACE_HEIGHT_PX = (240.0, 520.0)
"""A smaller face is enlarged to this, a larger one reduced."""
ABOVE, BELOW, BESIDE = 2.2, 4.2, 3.4
"""How much of the photo is kept around the eyes, in face heights."""
BROW = 1.5
"""A face's height, in ways from the eyes to the chin: people's are counted from the brow too."""
SAME_SHAPE = 0.02
"""A photo of other proportions than this is not the one that was tapped on."""
LEAST_FACE_PX = 60.0


class PetPhotoError(InputError):
    """A photo and the points of a pet's face do not belong together, or show too little."""

    code = "rig.pet-photo"


def face_height(points: PetPoints) -> float:
    """Tell how tall an animal's face is, from the brow to the chin, in pixels."""
    places = points.places
    down = Axes(places).level[1]
    return BROW * float((np.array(places["chin"]) - Axes(places).middle) @ down)


def build_pet_rig(picture: Picture, points: PetPoints, *, watch: Watch = unwatched) -> PetRig:
    """Make an animal's photo ready to move.

    Args:
        picture: The photo, upright.
        points: Tapped on it; what is missing is worked out.
        watch: Hears ``"rig"``.

    Raises:
        PetPointsError: They cannot be those of a face.
        PetPhotoError: They are of another photo, or the face is too small.
    """
    check_points(points)
    watch("rig", 0, 3)
    shown = tuple(
        side for side in SIDES if all(f"{side}-ear-{part}" in points.places for part in EAR_PARTS)
    )
    pixels, points = _cut_out(picture, points)
    tall = face_height(points)
    height, width = pixels.shape[:2]
    alpha = pet_matte(pixels, points, face_height_px=tall, shown=shown)
    ground = Ground(
        rgb=pixels,
        landmarks=np.zeros((478, 3), np.float32),
        person=alpha,
        face_height_px=tall,
        scale=1.0,
        offset_px=(0.0, 0.0),
        cut=(False, False, False, False),
    )
    colours = own_colours(ground, alpha)
    watch("rig", 1, 3)
    face = Face(points, (height, width))
    depth = depth_of(face)
    left_eye, right_eye = (pet_eye(colours, points, side, depth) for side in SIDES)
    watch("rig", 2, 3)
    mesh, triangles = grid(alpha, STEP * tall)
    ears = np.stack([ear_of(points, side) for side in SIDES])
    middle = Axes(points.places).middle
    neck = face.axes.place(0.0, 1.0)
    rig = PetRig(
        rig_id=_id_of(picture, points),
        photo_id=picture.sha256[:12],
        animal=points.animal,
        face_height_px=tall,
        eyes_px=(float(middle[0]), float(middle[1])),
        cut=_cuts(alpha),
        person=colours,
        alpha=np.round(alpha * 255).astype(np.uint8),
        points=np.column_stack([mesh, _at(depth, mesh)]).astype(np.float32),
        triangles=triangles,
        head_weight=_at(head_weight_of(face), mesh),
        ear_weight=np.stack(
            [_at(ear_weight_of(points, side, (height, width)), mesh) for side in SIDES]
        ),
        ears=ears,
        chest_weight=_at(chest_weight_of(face), mesh),
        chest=np.array(points.places["chest"], np.float32),
        pivot=np.array([neck[0], neck[1], 0.25 * face.apart], np.float32),
        eyes=(left_eye, right_eye),
    )
    watch("rig", 3, 3)
    return rig


def _cut_out(
    picture: Picture, points: PetPoints
) -> tuple[UInt8[np.ndarray, "height width 3"], PetPoints]:
    """Cut the photo about the animal, at the rig's scale."""
    width, height = points.photo_px
    own = picture.width_px / picture.height_px
    if abs(width / height / own - 1) > SAME_SHAPE:
        message = (
            f"The points were tapped on a photo of {width} x {height} pixels, and this one has {picture.width_px} x "
            f"{picture.height_px}. Tap them on this photo: vivant pet points PHOTO -o POINTS.yaml"
        )
        raise PetPhotoError(message)
    points = complete(points.scaled(picture.width_px / width), picture.pixels)
    tall = face_height(points)
    if tall < LEAST_FACE_PX:
        message = (
            f"The pet's face is {tall:.0f} pixels tall in the photo; at least {LEAST_FACE_PX:.0f} are needed, and 300 make a "
            "good film. Give a photo in which it is larger."
        )
        raise PetPhotoError(message)
    x, y = Axes(points.places).middle
    x0, x1 = (int(np.clip(x + side * BESIDE * tall, 0, picture.width_px)) for side in (-1, 1))
    y0, y1 = int(max(0.0, y - ABOVE * tall)), int(min(picture.height_px, y + BELOW * tall))
    scale = float(np.clip(tall, *FACE_HEIGHT_PX) / tall)
    size = (max(2, round((x1 - x0) * scale)), max(2, round((y1 - y0) * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LANCZOS4
    cut = cv2.resize(picture.pixels[y0:y1, x0:x1], size, interpolation=way)
    moved = {
        name: ((px - x0) * scale - 0.5, (py - y0) * scale - 0.5)
        for name, (px, py) in points.places.items()
    }
    return np.ascontiguousarray(cut), PetPoints(
        animal=points.animal, photo_px=size, places=MappingProxyType(moved)
    )


def _at(
    field: Float32[np.ndarray, "height width"], places: Float64[np.ndarray, "points 2"]
) -> Float32[np.ndarray, " points"]:
    read = cv2.remap(
        field,
        places[:, :1].astype(np.float32),
        places[:, 1:].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(read[:, 0], np.float32)


def _cuts(alpha: Float32[np.ndarray, "height width"]) -> tuple[bool, bool, bool, bool]:
    """Tell at which edges the photo cuts through the animal."""
    left, top, right, bottom = (
        bool((edge > 0.5).mean() > 0.01)
        for edge in (alpha[:, 1], alpha[1], alpha[:, -2], alpha[-2])
    )
    return left, top, right, bottom


def _id_of(picture: Picture, points: PetPoints) -> str:
    said = f"pet/{PET_RIG_VERSION}/{picture.sha256}/{text_of(points)}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]
