"""What a rig is, and its document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float32, Int32, UInt8

from vivant.errors import InputError
from vivant.media.document import read_document, write_document
from vivant.rig.eyes import Eye
from vivant.rig.mouth import Mouth
from vivant.rig.shade import Shading

RIG_VERSION = 3
"""Of the document, and of everything baked into it: a change of either makes old rigs stale."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One moving sheet of picture."""

    uv: Float32[np.ndarray, "points 2"]
    """Where each point lies in the photo, in rig pixels."""
    rest: Float32[np.ndarray, "points 3"]
    """Where each point lies when the face is at rest; z grows away from the camera."""
    triangles: Int32[np.ndarray, "triangles 3"]
    """In painting order."""
    basis: Float32[np.ndarray, "52 points 3"]
    """How each ARKit shape at 1 moves each point."""
    head_weight: Float32[np.ndarray, " points"]
    """How far each point follows the head, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rig:
    """A person ready to move: layers, meshes and shapes, in rig pixels (the photo's crop at the rig's scale)."""

    rig_id: str
    likeness_id: str
    photo_id: str
    face_height_px: float
    cut: tuple[bool, bool, bool, bool]
    """Whether the photo ends at the picture's left, top, right, bottom."""
    photo: UInt8[np.ndarray, "height width 3"]
    person: UInt8[np.ndarray, "height width 3"]
    """The person's own colours, free of background at the edges."""
    throat: UInt8[np.ndarray, "height width 3"]
    """The same with the lower face painted over by throat: the body sheet's picture."""
    alpha: UInt8[np.ndarray, "height width"]
    back: UInt8[np.ndarray, "height width 3"]
    """What lies behind the person."""
    landmarks: Float32[np.ndarray, "478 3"]
    face: Sheet
    body: Sheet
    rest_shapes: Float32[np.ndarray, " 52"]
    """Added to every performance; takes most of the photo's own smile off."""
    axes: Float32[np.ndarray, "3 3"]
    """Right, down and away of the head in the photo."""
    pivot: Float32[np.ndarray, " 3"]
    """The head turns about this point."""
    eyes: tuple[Eye, Eye]
    mouth: Mouth
    shading: Shading
    notes: tuple[str, ...]
    """What the bake found that people should know."""


_ARRAYS = (
    "photo",
    "person",
    "throat",
    "alpha",
    "back",
    "landmarks",
    "rest_shapes",
    "axes",
    "pivot",
)


Part = TypeVar("Part", Sheet, Eye, Mouth, Shading)


def without_pictures(rig: Rig) -> Rig:
    """Let go of a rig's pictures once they are in textures: moving it needs its meshes alone, and pictures are most of it."""
    nothing = np.zeros((1, 1, 3), np.uint8)
    return replace(
        rig, photo=nothing, person=nothing, throat=nothing, back=nothing, alpha=nothing[..., 0]
    )


def save_rig(rig: Rig, path: Path) -> None:
    """Write the rig as a versioned document."""
    arrays = {name: getattr(rig, name) for name in _ARRAYS}
    facts: dict[str, object] = {
        name: getattr(rig, name) for name in ("rig_id", "likeness_id", "photo_id", "face_height_px")
    } | {"cut": list(rig.cut), "notes": list(rig.notes)}
    for name, part in _parts(rig):
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, np.ndarray):
                arrays[f"{name}.{field.name}"] = value
            else:
                facts[f"{name}.{field.name}"] = value
    write_document(path, kind="rig", version=RIG_VERSION, facts=facts, arrays=arrays)


def load_rig(path: Path) -> Rig:
    """Read a rig.

    Raises:
        InputError: The file is no rig, is damaged, or is of another version.
    """
    document = read_document(path, kind="rig", version=RIG_VERSION)
    try:
        return _assembled({**document.facts, **document.arrays})
    except (KeyError, TypeError) as missing:
        message = f"The rig {path.name} lacks a part ({missing}). Bake it again from the photo."
        raise InputError(message) from missing


def _assembled(every: Mapping[str, Any]) -> Rig:
    def part(kind: type[Part], name: str) -> Part:
        return kind(**{field.name: every[f"{name}.{field.name}"] for field in fields(kind)})

    return Rig(
        **{
            name: every[name]
            for name in (*_ARRAYS, "rig_id", "likeness_id", "photo_id", "face_height_px")
        },
        cut=tuple(every["cut"]),
        notes=tuple(every["notes"]),
        face=part(Sheet, "face"),
        body=part(Sheet, "body"),
        eyes=(part(Eye, "eye0"), part(Eye, "eye1")),
        mouth=part(Mouth, "mouth"),
        shading=part(Shading, "shading"),
    )


def _parts(rig: Rig) -> tuple[tuple[str, Sheet | Eye | Mouth | Shading], ...]:
    return (
        ("face", rig.face),
        ("body", rig.body),
        ("eye0", rig.eyes[0]),
        ("eye1", rig.eyes[1]),
        ("mouth", rig.mouth),
        ("shading", rig.shading),
    )
