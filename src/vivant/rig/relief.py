"""A photograph as two layers in depth: who is in front, and what lies behind. For albums: any number of people, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.errors import InputError
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.intake.reading import read_photo
from vivant.intake.repairing import repair
from vivant.intake.seeing import find_faces
from vivant.media.document import read_document, write_document
from vivant.rig.layers import fill

RELIEF_VERSION = 2
LONGEST_PX = 1600
SMALLEST_PX = 160


class PhotoTooSmallToShowError(InputError):
    """A photo has too few pixels to be shown large."""

    code = "rig.photo-too-small-to-show"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """A photograph in layers; all of one size."""

    front: UInt8[np.ndarray, "height width 3"]
    """The photo; sRGB."""
    alpha: UInt8[np.ndarray, "height width"]
    """How much of a pixel is in front, 0..255; soft at edges."""
    back: UInt8[np.ndarray, "height width 3"]
    """What lies behind, also where somebody stands before it."""
    faces: Float32[np.ndarray, "faces 4"]
    """Left, top, width and height of each face, in pixels."""
    photo_sha256: str
    mime: str
    repaired: tuple[str, ...]
    """What was mended; empty when nothing was."""

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.front.shape[1] / self.front.shape[0])


def relief_of(
    path: Path, *, engine: FaceEngine, mend: bool = True, what: str = "The photo"
) -> Relief:
    """Part a photograph into layers, mending it gently first.

    Args:
        path: The photo.
        engine: Finds faces and people.
        mend: Whether faded tones, dust and scratches are mended; faces never are.
        what: What to call it in messages.

    Raises:
        InputError: It cannot be read, or is smaller than 160 pixels.
    """
    reading = read_photo(path, what=what, longest_px=LONGEST_PX)
    pixels = reading.picture.pixels
    if min(pixels.shape[:2]) < SMALLEST_PX:
        message = (
            f"{what} has {pixels.shape[1]} x {pixels.shape[0]} pixels; to be shown in an album it needs "
            f"{SMALLEST_PX} on its shorter side. Scan it again, larger."
        )
        raise PhotoTooSmallToShowError(message)
    faces = find_faces(engine, pixels)
    mended = repair(pixels, faces) if mend else None
    shown = pixels if mended is None else mended.pixels
    alpha = _in_front(np.asarray(engine.segment(pixels), np.float32), shown)
    return Relief(
        front=np.ascontiguousarray(shown),
        alpha=np.round(alpha * 255).astype(np.uint8),
        back=_behind(shown, alpha),
        faces=_boxes(faces),
        photo_sha256=reading.picture.sha256,
        mime=reading.picture.mime,
        repaired=() if mended is None else mended.done,
    )


def _in_front(
    person: Float32[np.ndarray, "h w"], pixels: UInt8[np.ndarray, "h w 3"]
) -> Float32[np.ndarray, "h w"]:
    """Let the mask follow the photo's own edges, without a hole or a fringe."""
    side = max(4, round(0.012 * max(pixels.shape[:2])))
    guide = pixels.astype(np.float32) / 255
    followed = cv2.ximgproc.guidedFilter(guide, person, side, 1e-3)
    return np.asarray(np.clip((followed - 0.12) / 0.76, 0, 1), np.float32)


def _behind(
    pixels: UInt8[np.ndarray, "h w 3"], alpha: Float32[np.ndarray, "h w"]
) -> UInt8[np.ndarray, "h w 3"]:
    """Fill what people hide from what is seen beside them; only a narrow rim of it is ever shown."""
    grown = max(3, round(0.012 * max(alpha.shape))) | 1
    hidden = cv2.dilate(alpha, np.ones((grown, grown), np.uint8)) > 0.03
    if hidden.mean() > 0.97 or not hidden.any():
        return pixels.copy()
    filled = fill(pixels, (~hidden).astype(np.float32))
    soft = cv2.GaussianBlur(hidden.astype(np.float32), (0, 0), grown / 3)[..., None]
    soft = np.maximum(soft, hidden[..., None])
    mixed = pixels * (1 - soft) + filled * soft
    return np.asarray(np.round(np.clip(mixed, 0, 255)), np.uint8)


def _boxes(faces: Sequence[FoundFace]) -> Float32[np.ndarray, "faces 4"]:
    boxes = np.zeros((len(faces), 4), np.float32)
    for row, face in zip(boxes, faces, strict=True):
        low, high = face.landmarks[:, :2].min(0), face.landmarks[:, :2].max(0)
        row[:] = (*low, *(high - low))
    return boxes


def save_relief(relief: Relief, path: Path) -> None:
    """Write it as a versioned document."""
    write_document(
        path,
        kind="relief",
        version=RELIEF_VERSION,
        facts={
            "photo_sha256": relief.photo_sha256,
            "mime": relief.mime,
            "repaired": list(relief.repaired),
        },
        arrays={
            "front": relief.front,
            "alpha": relief.alpha,
            "back": relief.back,
            "faces": relief.faces,
        },
    )


def load_relief(path: Path) -> Relief:
    """Read it.

    Raises:
        InputError: The file is no relief, or is damaged.
    """
    document = read_document(path, kind="relief", version=RELIEF_VERSION)
    try:
        return Relief(
            front=document.arrays["front"],
            alpha=document.arrays["alpha"],
            back=document.arrays["back"],
            faces=document.arrays["faces"],
            photo_sha256=str(document.facts["photo_sha256"]),
            mime=str(document.facts["mime"]),
            repaired=tuple(document.facts["repaired"]),
        )
    except KeyError as missing:
        message = f"The kept photo {path.name} lacks a part ({missing}). It is made again."
        raise InputError(message) from missing
