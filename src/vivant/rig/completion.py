"""What the photo's edge cut off: shoulders and arms beside it, the body below it.

The outline goes on as shoulders do (``completion_outline``); the cloth goes on from the photo's own pixels
(``completion_cloth``). Made for scenes, where the person stands free; a portrait film keeps the photo as it is.
Nothing above the chin is ever made: hair or a hat that is cut stays cut, and ``frame_limits`` says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.rig.completion_cloth import grow_colours
from vivant.rig.completion_cuts import Pads, look_at_side, plan_pads
from vivant.rig.completion_outline import grow_alpha
from vivant.rig.completion_sheet import laid_out
from vivant.rig.framing_limits import meets
from vivant.rig.rig import Rig, Sheet

VERSION = 1
MADE = "-completed"
"""Notes that end so tell what was made: ``left``, ``right``, ``below``."""
Alpha = Float32[np.ndarray, "height width"]


def completed(rig: Rig) -> Rig:
    """Give a rig the shoulders and the body that its photo cut off.

    Args:
        rig: As baked. It is not changed.

    Returns:
        The same rig in a wider picture, with all points moved along; the rig itself where nothing is cut
        or where it is completed already. ``cut``
        then tells which edges of the wider picture still cut the person: the lower one, where mist belongs, and
        the upper one, which ``frame_limits`` keeps out of the film.
    """
    if any(note.endswith(MADE) for note in rig.notes):
        return rig
    tall = rig.face_height_px
    alpha = rig.alpha.astype(np.float32) / 255
    low = meets(rig.alpha[-2:].min(0), tall)
    left, right = look_at_side(rig, alpha), look_at_side(rig, alpha, mirrored=True)
    if not (low or any(side.shoulder or side.bulges for side in (left, right))):
        return rig
    pads = plan_pads(rig, left, right, low=low)
    grown = grow_alpha(rig, alpha, left, right, pads)
    person, throat = (
        grow_colours(rig, picture, alpha, grown, (left, right), pads)
        for picture in (rig.person, rig.throat)
    )
    return _moved(rig, pads, grown, person, throat)


def _moved(
    rig: Rig,
    pads: Pads,
    grown: Alpha,
    person: UInt8[np.ndarray, "h w 3"],
    throat: UInt8[np.ndarray, "h w 3"],
) -> Rig:
    """Move all points along with the picture, and lay the body's sheet over what was added."""
    height, width = grown.shape
    along = np.array([pads.left, 0], np.float32)
    around = (0, pads.below, pads.left, pads.right)
    back = np.asarray(cv2.copyMakeBorder(rig.back, *around, cv2.BORDER_REPLICATE))
    share = grown[..., None]
    photo = np.round(person * share + back * (1 - share)).astype(np.uint8)
    old = (slice(0, rig.alpha.shape[0]), slice(pads.left, pads.left + rig.alpha.shape[1]))
    photo[old] = rig.photo
    alpha = np.round(grown * 255).astype(np.uint8)
    made = (
        ("left" + MADE, pads.left),
        ("right" + MADE, pads.right),
        ("below" + MADE, pads.below),
    )
    name = f"completed/{VERSION}/{rig.rig_id}"
    tall = rig.face_height_px
    return replace(
        rig,
        rig_id=hashlib.sha256(name.encode()).hexdigest()[:16],
        cut=(
            meets(alpha[:, :2].min(1), tall),
            rig.cut[1],
            meets(alpha[:, -2:].min(1), tall),
            meets(alpha[-2:].min(0), tall),
        ),
        photo=photo,
        person=person,
        throat=throat,
        alpha=alpha,
        back=back,
        landmarks=rig.landmarks + np.r_[along, 0].astype(np.float32),
        face=_shifted(rig.face, along),
        body=laid_out(_shifted(rig.body, along), width=width, height=height, tall=tall),
        pivot=rig.pivot + np.r_[along, 0].astype(np.float32),
        eyes=(
            replace(rig.eyes[0], origin=rig.eyes[0].origin + along),
            replace(rig.eyes[1], origin=rig.eyes[1].origin + along),
        ),
        mouth=replace(rig.mouth, origin=rig.mouth.origin + along),
        shading=replace(rig.shading, left=rig.shading.left + pads.left),
        notes=(*rig.notes, *(note for note, some in made if some)),
    )


def _shifted(sheet: Sheet, along: Float32[np.ndarray, " 2"]) -> Sheet:
    return replace(sheet, uv=sheet.uv + along, rest=sheet.rest + np.r_[along, 0].astype(np.float32))
