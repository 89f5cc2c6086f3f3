"""Ask an engine, and check what it answers."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.errors import EngineBrokeError
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.media.face import CHIN, FOREHEAD

_HEAD_HEIGHTS = 4.0
"""Side of the square around the head that is segmented a second time, in heights of the face."""
_ISLAND_LEVEL = 0.2


def find_faces(
    engine: FaceEngine, pixels: UInt8[np.ndarray, "height width 3"]
) -> tuple[FoundFace, ...]:
    """Find the faces in a picture, from left to right.

    Raises:
        EngineBrokeError: The engine returned numbers that cannot be.
    """
    faces = engine.find(pixels)
    for face in faces:
        numbers = (
            face.landmarks,
            face.shapes,
            face.matrix,
            np.array([face.yaw_deg, face.pitch_deg]),
        )
        if not all(np.isfinite(some).all() for some in numbers):
            message = (
                "The face engine returned numbers that are not finite. Report this to its author."
            )
            raise EngineBrokeError(message)
        if face.shapes.min() < 0.0 or face.shapes.max() > 1.0:
            message = (
                f"The face engine returned shapes from {face.shapes.min():.2f} to {face.shapes.max():.2f}; "
                "0 to 1 is allowed. Report this to its author."
            )
            raise EngineBrokeError(message)
    return tuple(sorted(faces, key=lambda face: float(face.landmarks[:, 0].mean())))


def vector_of(
    engine: FaceEngine, pixels: UInt8[np.ndarray, "height width 3"], face: FoundFace
) -> Float32[np.ndarray, " 128"]:
    """Turn a face into a vector of length 1.

    Raises:
        EngineBrokeError: The engine's vector has another length.
    """
    vector = engine.vector(pixels, face.landmarks)
    length = float(np.linalg.norm(vector))
    if not abs(length - 1.0) < 1e-3:
        message = f"The face engine returned a vector of length {length}; 1 is needed. Report this to its author."
        raise EngineBrokeError(message)
    return vector


def person_mask(
    engine: FaceEngine,
    pixels: UInt8[np.ndarray, "height width 3"],
    face: FoundFace,
    *,
    others: tuple[FoundFace, ...] = (),
) -> Float32[np.ndarray, "height width"]:
    """Tell the person from the background, 0..1.

    Segmenters see a picture small, so the surroundings of the head are looked at a second time, larger,
    and laid over the first answer with a soft edge. What is nearer to another person's face than to
    this one, each measured in heights of its face, is taken out, and so are islands that nothing joins to
    the face.
    """
    height, width = pixels.shape[:2]
    mask = _checked(engine.segment(pixels), pixels)
    size = face_height(face)
    middle = face.landmarks[:, :2].mean(axis=0) + np.array([0.0, 0.35 * size])
    left, top = np.clip(middle - _HEAD_HEIGHTS / 2 * size, 0, (width, height)).astype(int)
    right, bottom = np.clip(middle + _HEAD_HEIGHTS / 2 * size, 0, (width, height)).astype(int)
    if (
        right - left > 16
        and bottom - top > 16
        and (right - left) * (bottom - top) < 0.7 * mask.size
    ):
        part = np.ascontiguousarray(pixels[top:bottom, left:right])
        closer = _checked(engine.segment(part), part)
        share = _soft_window(
            closer.shape,
            left=bool(left > 0),
            top=bool(top > 0),
            right=bool(right < width),
            bottom=bool(bottom < height),
        )
        mask[top:bottom, left:right] += share * (closer - mask[top:bottom, left:right])
    mask = _joined_to(face, mask)
    if others:
        mask *= _nearest_is(face, others, height, width)
    return np.asarray(np.clip(mask, 0.0, 1.0), dtype=np.float32)


def face_height(face: FoundFace) -> float:
    """Measure a face from hairline to chin, in pixels."""
    return max(1.0, float(np.linalg.norm(face.landmarks[CHIN, :2] - face.landmarks[FOREHEAD, :2])))


def _checked(
    mask: Float32[np.ndarray, "rows columns"], pixels: UInt8[np.ndarray, "height width 3"]
) -> Float32[np.ndarray, "height width"]:
    if mask.shape != pixels.shape[:2] or not np.isfinite(mask).all():
        message = (
            f"The face engine returned a mask of {mask.shape} for a picture of {pixels.shape[:2]}. "
            "Report this to its author."
        )
        raise EngineBrokeError(message)
    return np.asarray(np.clip(mask, 0.0, 1.0), dtype=np.float32)


def _soft_window(
    shape: tuple[int, ...], *, left: bool, top: bool, right: bool, bottom: bool
) -> Float32[np.ndarray, "height width"]:
    """Fall off to 0 over an eighth of the window, on those sides that lie inside the picture."""

    def ramp(length: int, low: bool, high: bool) -> np.ndarray:
        edge = max(1.0, length / 8)
        at = np.arange(length, dtype=np.float32) + 0.5
        rise = np.minimum(1.0, at / edge) if low else np.ones(length)
        fall = np.minimum(1.0, (length - at) / edge) if high else np.ones(length)
        return np.asarray(rise * fall, dtype=np.float32)

    window = np.outer(ramp(shape[0], top, bottom), ramp(shape[1], left, right))
    return np.asarray(window, dtype=np.float32)


def _joined_to(
    face: FoundFace, mask: Float32[np.ndarray, "height width"]
) -> Float32[np.ndarray, "height width"]:
    """Keep what hangs together with the face."""
    height, width = mask.shape
    count, labels = cv2.connectedComponents((mask > _ISLAND_LEVEL).astype(np.uint8), connectivity=4)
    if count <= 2:
        return mask
    inside = np.clip(face.landmarks[:, :2], 0, (width - 1, height - 1)).astype(int)
    seen = labels[inside[:, 1], inside[:, 0]]
    own = np.bincount(seen[seen > 0], minlength=count)
    if not own.any():
        return mask
    reach = max(3, round(face_height(face) / 20)) | 1
    kept = cv2.dilate((labels == own.argmax()).astype(np.uint8), np.ones((reach, reach), np.uint8))
    soft = cv2.blur(kept.astype(np.float32), (reach, reach))
    return np.asarray(mask * np.minimum(1.0, soft * 2), dtype=np.float32)


def _nearest_is(
    face: FoundFace, others: tuple[FoundFace, ...], height: int, width: int
) -> Float32[np.ndarray, "height width"]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)

    def distance(one: FoundFace) -> np.ndarray:
        middle = one.landmarks[:, :2].mean(axis=0)
        # Bodies stand below their faces: what lies across counts more than what lies down.
        across, down = x - middle[0], y - middle[1]
        return np.asarray(np.hypot(across, np.where(down > 0, 0.35, 1.0) * down) / face_height(one))

    own = distance(face)
    nearest = np.minimum.reduce([distance(other) for other in others])
    return np.asarray(np.clip((nearest - own) / 0.2 + 0.5, 0.0, 1.0), dtype=np.float32)
