"""One walk through a film's frames: what the face does, how sharp it is, what stands still.

Nothing here grows with the picture's size times the film's length: of each frame a few
numbers are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64, UInt8

from vivant.film.decoding import read_frames
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.media import face as points
from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb
from vivant.media.watch import Watch, unwatched
from vivant.provenance.label import label_plate

MOST_VECTORS = 32
"""Whose face it is is asked this often at most, evenly spread."""
MASK_EVERY_S = 2
"""How often the person is told from the background."""
CLEAR_SHARE = 0.03
"""Background starts this far from the person, as a share of the picture's width."""
SMALLEST_LABELLED_PX = 64

_LIP_PAIRS = ((81, 178), (82, 87), (13, 14), (312, 317), (311, 402))
"""Inner upper and lower lip, from one corner to the other."""
_CHIN = (152, 148, 377, 175)
_NOSE_BASE = (2, 98, 327)
_EYES = (
    ((33, 133), ((160, 144), (159, 145), (158, 153))),
    ((263, 362), ((387, 373), (386, 374), (385, 380))),
)
"""Corners of each eye, then pairs of upper and lower lid."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What was seen, frame by frame; numbers are not-a-number where no face was found."""

    rate: Fraction
    width_px: int
    height_px: int
    found: Bool[np.ndarray, " frames"]
    lip_gap: Float32[np.ndarray, " frames"]
    """Between the inner lips at the middle, in distances between the eyes."""
    lip_width: Float32[np.ndarray, " frames"]
    """From corner to corner, in distances between the eyes."""
    chin_drop: Float32[np.ndarray, " frames"]
    """From the base of the nose down to the chin, along the face, in distances between the eyes."""
    eye_openness: Float32[np.ndarray, "frames 2"]
    """Height over width of the person's right and left eye."""
    shapes: Float32[np.ndarray, "frames 52"]
    """ARKit shapes as detected again."""
    head_deg: Float32[np.ndarray, "frames 3"]
    """Yaw, pitch and roll."""
    eyes_apart_px: Float32[np.ndarray, " frames"]
    sharpness: Float32[np.ndarray, " frames"]
    """Variance of the Laplacian inside the face, in squared luma steps."""
    face_change: Float32[np.ndarray, " frames"]
    """Mean luma change of the face since the frame before, in steps of 255; 0 in the first frame."""
    vector_frames: Int64[np.ndarray, " vectors"]
    vectors: Float32[np.ndarray, "vectors 128"]
    """Whose face it is, in some frames."""
    background_error: float
    """Mean squared luma change from frame to frame, outside the person; not-a-number without background."""
    background_share: float
    """Share of the picture that counted as background."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Walk:
    """What is carried from frame to frame."""

    before: UInt8[np.ndarray, "height width"] | None = None
    face_before: FoundFace | None = None
    change: Float64[np.ndarray, "height width"] | None = None
    person: Bool[np.ndarray, "height width"] | None = None


def look_through(
    path: Path, *, frames: int, rate: Fraction, engine: FaceEngine, watch: Watch = unwatched
) -> Seen:
    """Walk through a film once and measure its face in every frame.

    Args:
        path: The film.
        frames: How many frames it has (``encoding.probe``).
        rate: Its frames a second.
        engine: Who finds the face.
        watch: Hears ``"looking"``.

    Raises:
        InputError: The film is damaged.
    """
    rows: list[tuple[float, ...]] = []
    shapes: list[Float32[np.ndarray, " 52"]] = []
    vectors: dict[int, Float32[np.ndarray, " 128"]] = {}
    vector_every = max(1, -(-frames // MOST_VECTORS))
    mask_every = max(1, round(MASK_EVERY_S * rate))
    walk = _Walk()
    follower = engine.follow()
    nothing = np.full(len(points.ARKIT_SHAPES), np.nan, np.float32)
    width = height = 0
    try:
        for frame in read_frames(path):
            watch("looking", frame.index, max(frames, frame.index + 1))
            height, width = frame.y.shape
            pixels = planes_to_rgb(frame.y, frame.u, frame.v)
            face = follower.next(pixels, round(frame.index * 1000 / rate))
            if frame.index % mask_every == 0:
                _add_person(walk, engine.segment(pixels))
            if face is not None and frame.index % vector_every == 0:
                vectors[frame.index] = engine.vector(pixels, face.landmarks)
            rows.append(_measured(frame, face, walk))
            shapes.append(nothing if face is None else face.shapes)
    finally:
        follower.close()
    watch("looking", len(rows), len(rows))
    error, share = _background(walk, len(rows), width, height)
    table = np.asarray(rows, np.float32).reshape(len(rows), 11)
    return Seen(
        rate=rate,
        width_px=width,
        height_px=height,
        found=~np.isnan(table[:, 0]),
        lip_gap=table[:, 0],
        lip_width=table[:, 1],
        chin_drop=table[:, 2],
        eye_openness=table[:, 3:5],
        head_deg=table[:, 5:8],
        eyes_apart_px=table[:, 8],
        sharpness=table[:, 9],
        face_change=table[:, 10],
        shapes=np.asarray(shapes, np.float32).reshape(len(rows), len(points.ARKIT_SHAPES)),
        vector_frames=np.asarray(sorted(vectors), np.int64),
        vectors=np.asarray([vectors[i] for i in sorted(vectors)], np.float32).reshape(-1, 128),
        background_error=error,
        background_share=share,
    )


def lip_gap(landmarks: Float32[np.ndarray, "478 3"]) -> float:
    """Measure the opening between the inner lips, in distances between the eyes."""
    middle = [float(np.linalg.norm(landmarks[a, :2] - landmarks[b, :2])) for a, b in _LIP_PAIRS]
    return float(np.mean(middle[1:4])) / eyes_apart(landmarks)


def lip_width(landmarks: Float32[np.ndarray, "478 3"]) -> float:
    """Measure the mouth from corner to corner, in distances between the eyes."""
    return float(np.linalg.norm(landmarks[61, :2] - landmarks[291, :2])) / eyes_apart(landmarks)


def chin_drop(landmarks: Float32[np.ndarray, "478 3"]) -> float:
    """Measure from the base of the nose down to the chin, in distances between the eyes."""
    right, left = (landmarks[list(corners), :2].mean(axis=0) for corners, _ in _EYES)
    across = left - right
    down = np.array([-across[1], across[0]]) / max(1e-3, float(np.linalg.norm(across)))
    drop = landmarks[list(_CHIN), :2].mean(axis=0) - landmarks[list(_NOSE_BASE), :2].mean(axis=0)
    return float(drop @ down) / eyes_apart(landmarks)


def eyes_apart(landmarks: Float32[np.ndarray, "478 3"]) -> float:
    """Measure between the middles of the eyes, in pixels; lids and gaze do not move them."""
    right, left = (landmarks[list(corners), :2].mean(axis=0) for corners, _ in _EYES)
    return max(1e-3, float(np.linalg.norm(right - left)))


def eye_openness(landmarks: Float32[np.ndarray, "478 3"]) -> tuple[float, float]:
    """Measure height over width of the right and the left eye.

    Source:
        Soukupová and Čech, "Real-time eye blink detection using facial landmarks", 2016.
    """
    right, left = (
        float(np.mean([np.linalg.norm(landmarks[a, :2] - landmarks[b, :2]) for a, b in lids]))
        / max(1e-3, float(np.linalg.norm(landmarks[outer, :2] - landmarks[inner, :2])))
        for (outer, inner), lids in _EYES
    )
    return right, left


def face_sharpness(
    luma: UInt8[np.ndarray, "height width"], landmarks: Float32[np.ndarray, "478 3"]
) -> float:
    """Measure the variance of the Laplacian inside the face, the mouth left out."""
    top, left, bottom, right = _box_of(landmarks, luma.shape)
    if bottom - top < 8 or right - left < 8:
        return float("nan")
    crop = luma[top:bottom, left:right]
    inside = np.zeros(crop.shape, np.uint8)
    corner = np.array([left, top])
    oval = landmarks[list(points.FACE_OVAL), :2]
    oval = oval.mean(axis=0) + 0.9 * (oval - oval.mean(axis=0))  # not the edge against the hair
    mouth = landmarks[list(points.UPPER_LIP_OUTER + points.LOWER_LIP_OUTER[::-1]), :2]
    cv2.fillPoly(inside, [np.round(oval - corner).astype(np.int32)], 1)
    cv2.fillPoly(inside, [np.round(mouth - corner).astype(np.int32)], 0)
    edges = cv2.Laplacian(crop, cv2.CV_32F)
    return float(edges[inside > 0].var()) if inside.any() else float("nan")


def _measured(frame: Frame, face: FoundFace | None, walk: _Walk) -> tuple[float, ...]:
    if walk.before is None or walk.change is None:
        walk.change = np.zeros(frame.y.shape)
        change = 0.0
    else:
        steps = frame.y.astype(np.int16) - walk.before
        walk.change += np.square(steps, dtype=np.int32)
        change = float("nan")
        if face is not None:
            top, left, bottom, right = _box_of(face.landmarks, frame.y.shape)
            part = np.abs(steps[top:bottom, left:right])
            change = float(part.mean()) if part.size else float("nan")
    walk.before, walk.face_before = frame.y, face
    if face is None:
        return (float("nan"),) * 10 + (change,)
    return (
        lip_gap(face.landmarks),
        lip_width(face.landmarks),
        chin_drop(face.landmarks),
        *eye_openness(face.landmarks),
        face.yaw_deg,
        face.pitch_deg,
        face.roll_deg,
        eyes_apart(face.landmarks),
        face_sharpness(frame.y, face.landmarks),
        change,
    )


def _box_of(
    landmarks: Float32[np.ndarray, "478 3"], shape: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of the face inside the picture; half-open."""
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    left, right = (int(np.clip(edge, 0, shape[1])) for edge in (low[0], high[0] + 1))
    top, bottom = (int(np.clip(edge, 0, shape[0])) for edge in (low[1], high[1] + 1))
    return top, left, bottom, right


def _add_person(walk: _Walk, mask: Float32[np.ndarray, "height width"]) -> None:
    person = mask > 0.1
    walk.person = person if walk.person is None else walk.person | person


def _background(walk: _Walk, frames: int, width: int, height: int) -> tuple[float, float]:
    if walk.person is None or walk.change is None or frames < 2:
        return float("nan"), 0.0
    reach = 2 * round(CLEAR_SHARE * width) + 1
    grown = cv2.dilate(walk.person.astype(np.uint8), np.ones((reach, reach), np.uint8))
    clear = grown == 0
    if min(width, height) >= SMALLEST_LABELLED_PX:  # the label comes and goes
        plate = label_plate(width, height)
        rows, columns = plate.ink.shape
        clear[plate.top_px : plate.top_px + rows, plate.left_px : plate.left_px + columns] = False
    share = float(clear.mean())
    if share < 0.01:
        return float("nan"), share
    return float(walk.change[clear].mean() / (frames - 1)), share
