"""The built-in eyes: MediaPipe finds and measures faces and people, dlib tells whose face it is.

Everything runs on the CPU, with models that ``vivant models fetch`` has put in place.

Source:
    Landmarks, shapes and head: Google's MediaPipe Face Landmarker (BlazeFace, Attention Mesh,
    Blendshape V2). Person: MediaPipe Selfie Segmentation. Vector: the ResNet of dlib by Davis King,
    99.38 % on Labeled Faces in the Wild.
"""

from __future__ import annotations

import ctypes
import threading
import weakref
from types import ModuleType
from typing import Any

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.errors import InputError
from vivant.intake.engine import FaceTraits, FoundFace
from vivant.intake.engines.libraries import APT_LINE, wanted
from vivant.intake.engines.quiet import muted_stderr
from vivant.intake.engines.searching import (
    Square,
    drop_doubles,
    face_height_px,
    square_around,
    tile_sides,
    tiles,
)
from vivant.media.face import ARKIT_SHAPES, LEFT_IRIS, RIGHT_IRIS
from vivant.models.fetching import model_file
from vivant.places import Places

__all__ = ["APT_LINE", "MediapipeFaces"]

MOST_FACES = 24
LARGEST_LOOK_PX = 768
"""The crop around a face is made this large at most: the mesh network itself sees 256 pixels."""

_HALF_PIXEL = 0.5
"""MediaPipe's points count from the middle of the first pixel (measured: half a pixel at any scale), ours from its edge."""
_VECTOR_EYES_PX = 130.0
"""Between the eyes in the picture that dlib cuts its 150-pixel chip from: its points are whole pixels."""
_EYE_CORNERS = (263, 362, 33, 133)
"""Outer and inner corner of the person's left eye, then of the right: dlib's order."""
_INNER_CORNER_SHIFT = 0.036
"""dlib marks inner corners this much nearer to the outer ones, in eye distances (measured on 7 faces)."""
_NOSE_BASE = (2, 164)
"""dlib's nose point lies between these, a third of the way down (measured on 7 faces)."""


class MediapipeFaces:
    """Sees faces with MediaPipe and dlib. Models are loaded at the first use and kept; threads may share it."""

    traits = FaceTraits(version="mediapipe-1", smallest_eye_distance_px=16.0, most_faces=MOST_FACES)

    def __init__(self, places: Places | None = None) -> None:
        self._places = places or Places()
        self._lock = threading.RLock()
        self._landmarker: Any = None
        self._segmenter: Any = None
        self._vectors: Any = None

    def __reduce__(self) -> tuple[type[MediapipeFaces], tuple[Places]]:
        """Travel to another process without the models, which load there anew."""
        return type(self), (self._places,)

    def find(self, pixels: UInt8[np.ndarray, "height width 3"], /) -> tuple[FoundFace, ...]:
        """Find the faces of people, from left to right; small ones by looking at parts of the picture."""
        found = self._search(pixels)
        refined = [self._look_closely(pixels, face.landmarks) for face in found]
        kept = drop_doubles([face for face in refined if face is not None])
        return tuple(sorted(kept, key=lambda face: float(face.landmarks[:, 0].mean())))

    def segment(
        self, pixels: UInt8[np.ndarray, "height width 3"], /
    ) -> Float32[np.ndarray, "height width"]:
        """Tell how sure it is, 0..1, that each pixel is a person."""
        with self._lock:
            if self._segmenter is None:
                self._segmenter = self._load_segmenter()
            answer = self._segmenter.segment(_as_image(pixels))
        mask = np.array(answer.confidence_masks[0].numpy_view(), dtype=np.float32)
        return np.clip(mask.reshape(pixels.shape[:2]), 0.0, 1.0)

    def vector(
        self,
        pixels: UInt8[np.ndarray, "height width 3"],
        landmarks: Float32[np.ndarray, "478 3"],
        /,
    ) -> Float32[np.ndarray, " 128"]:
        """Turn a face into a vector of length 1."""
        dlib = _dlib()
        eyes_px = _eye_distance_px(landmarks)
        centre = landmarks[[*_EYE_CORNERS, _NOSE_BASE[0]], :2].mean(axis=0)
        square = Square(
            x=float(centre[0]) - 2 * eyes_px, y=float(centre[1]) - 2 * eyes_px, side=4 * eyes_px
        )
        look, scale = square.cut(pixels, side_px=round(4 * _VECTOR_EYES_PX))
        points = (_dlib_points(landmarks[:, :2]) - (square.x, square.y)) * scale
        detection = dlib.full_object_detection(
            dlib.rectangle(0, 0, look.shape[1], look.shape[0]),
            [dlib.point(round(float(x)), round(float(y))) for x, y in points],
        )
        with self._lock:
            if self._vectors is None:
                path = model_file("face-vector", places=self._places)
                self._vectors = dlib.face_recognition_model_v1(str(path))
            chip = dlib.get_face_chip(look, detection, size=150, padding=0.25)
            raw = np.asarray(self._vectors.compute_face_descriptor(chip), dtype=np.float64)
        return (raw / np.linalg.norm(raw)).astype(np.float32)

    def follow(self) -> _CloseFollower:
        """Start to follow the largest face of a film."""
        return _CloseFollower(self)

    def look_near(
        self,
        pixels: UInt8[np.ndarray, "height width 3"],
        landmarks: Float32[np.ndarray, "478 3"],
        /,
    ) -> FoundFace | None:
        """Find the face that was lately at these points, without searching the picture for others."""
        return self._look_closely(pixels, landmarks)

    def _search(self, pixels: UInt8[np.ndarray, "height width 3"]) -> list[FoundFace]:
        """Look at the whole, then at ever smaller parts until faces as small as half the largest are found."""
        height, width = pixels.shape[:2]
        found = self._detect(
            pixels, Square(x=0.0, y=0.0, side=float(max(height, width))), most=MOST_FACES
        )
        for side in tile_sides(max(height, width)):
            largest = max((face_height_px(face) for face in found), default=0.0)
            if found and side * 2 <= 4.0 * largest:
                break
            for tile in tiles(width, height, side):
                found.extend(self._detect(pixels, tile, most=MOST_FACES))
            found = drop_doubles(found)
        return found

    def _look_closely(
        self, pixels: UInt8[np.ndarray, "height width 3"], landmarks: Float32[np.ndarray, "478 3"]
    ) -> FoundFace | None:
        square = square_around(landmarks)
        faces = self._detect(pixels, square, most=2)
        middle = np.array([square.x, square.y]) + square.side / 2
        near = [
            face
            for face in faces
            if np.abs(face.landmarks[:, :2].mean(axis=0) - middle).max() < 0.2 * square.side
        ]
        return max(near, key=face_height_px, default=None)

    def _detect(
        self, pixels: UInt8[np.ndarray, "height width 3"], square: Square, *, most: int
    ) -> list[FoundFace]:
        side_px = max(1, min(LARGEST_LOOK_PX, round(square.side)))
        look, scale = square.cut(pixels, side_px=side_px)
        with self._lock:
            if self._landmarker is None:
                self._landmarker = self._load_landmarker()
            answer = self._landmarker.detect(_as_image(look))
        faces = []
        for points, shapes, matrix in zip(
            answer.face_landmarks,
            answer.face_blendshapes,
            answer.facial_transformation_matrixes,
            strict=True,
        ):
            landmarks = np.array([(p.x, p.y, p.z) for p in points], dtype=np.float64)
            landmarks *= (look.shape[1] / scale, look.shape[0] / scale, look.shape[1] / scale)
            landmarks += (square.x + _HALF_PIXEL / scale, square.y + _HALF_PIXEL / scale, 0.0)
            faces.append(_face_from(landmarks, shapes, np.asarray(matrix, dtype=np.float64)))
        return faces[:most]

    def _load_landmarker(self) -> Any:  # noqa: ANN401 - the library has no types
        vision, options = _tasks()
        path = model_file("face-landmarks", places=self._places)
        with wanted("MediaPipe"), muted_stderr():
            landmarker = vision.FaceLandmarker.create_from_options(
                vision.FaceLandmarkerOptions(
                    base_options=options(model_asset_path=str(path)),
                    output_face_blendshapes=True,
                    output_facial_transformation_matrixes=True,
                    num_faces=MOST_FACES,
                )
            )
            landmarker.detect(_as_image(np.zeros((64, 64, 3), dtype=np.uint8)))
        weakref.finalize(self, _let_go, landmarker)
        return landmarker

    def _load_segmenter(self) -> Any:  # noqa: ANN401 - the library has no types
        vision, options = _tasks()
        path = model_file("person-mask", places=self._places)
        with wanted("MediaPipe"), muted_stderr():
            segmenter = vision.ImageSegmenter.create_from_options(
                vision.ImageSegmenterOptions(
                    base_options=options(model_asset_path=str(path)),
                    output_confidence_masks=True,
                    output_category_mask=False,
                )
            )
            segmenter.segment(_as_image(np.zeros((64, 64, 3), dtype=np.uint8)))
        weakref.finalize(self, _let_go, segmenter)
        return segmenter


class _CloseFollower:
    """Looks where the face was; searches the whole frame when it is not there. Smooths nothing."""

    def __init__(self, engine: MediapipeFaces) -> None:
        self._engine = engine
        self._last: FoundFace | None = None
        self._time_ms = -1

    def next(
        self, pixels: UInt8[np.ndarray, "height width 3"], time_ms: int, /
    ) -> FoundFace | None:
        """Find the face in the next frame."""
        if time_ms <= self._time_ms:
            message = f"Frames must come in order: {time_ms} ms follows {self._time_ms} ms."
            raise InputError(message)
        self._time_ms = time_ms
        face = self._engine.look_near(pixels, self._last.landmarks) if self._last else None
        if face is None:
            face = max(self._engine.find(pixels), key=face_height_px, default=None)
        self._last = face or self._last
        return face

    def close(self) -> None:
        """Forget the face."""
        self._last = None


def _tasks() -> tuple[ModuleType, Any]:
    """Import MediaPipe, late: it takes half a second, and a bare server lacks what it needs."""
    with wanted("MediaPipe"), muted_stderr():
        from mediapipe.tasks.python import vision  # noqa: PLC0415
        from mediapipe.tasks.python.core.base_options import BaseOptions  # noqa: PLC0415
    return vision, BaseOptions


def _dlib() -> Any:  # noqa: ANN401 - the library has no types
    with wanted("dlib"):
        import dlib  # noqa: PLC0415
    return dlib


def _let_go(task: Any) -> None:  # noqa: ANN401 - the library has no types
    try:
        task.close()
    except RuntimeError:
        # Python is ending and the task's own thread has stopped: it cannot close any more, and its
        # __del__ would say so on the terminal. One more reference keeps it until the process is gone.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(task))


def _as_image(pixels: UInt8[np.ndarray, "height width 3"]) -> Any:  # noqa: ANN401 - no types
    with wanted("MediaPipe"):
        from mediapipe import Image, ImageFormat  # noqa: PLC0415
    return Image(image_format=ImageFormat.SRGB, data=np.ascontiguousarray(pixels))


def _face_from(
    landmarks: Float64[np.ndarray, "478 3"], shapes: list[Any], matrix: Float64[np.ndarray, "4 4"]
) -> FoundFace:
    seen = {shape.category_name: float(shape.score) for shape in shapes}
    curve = np.array([seen.get(name, 0.0) for name in ARKIT_SHAPES], dtype=np.float32)
    rotation = matrix[:3, :3]
    forward = rotation[:, 2]
    return FoundFace(
        landmarks=landmarks.astype(np.float32),
        shapes=np.clip(curve, 0.0, 1.0),
        matrix=matrix.astype(np.float32),
        yaw_deg=float(np.degrees(np.arctan2(forward[0], forward[2]))),
        pitch_deg=float(np.degrees(np.arcsin(np.clip(-forward[1], -1.0, 1.0)))),
        roll_deg=float(-np.degrees(np.arctan2(rotation[1, 0], rotation[1, 1]))),
    )


def _eye_distance_px(landmarks: Float32[np.ndarray, "478 3"]) -> float:
    apart = landmarks[LEFT_IRIS[0], :2] - landmarks[RIGHT_IRIS[0], :2]
    return max(1.0, float(np.linalg.norm(apart)))


def _dlib_points(points: Float32[np.ndarray, "478 2"]) -> np.ndarray:
    corners = points[list(_EYE_CORNERS)].astype(np.float64)
    eyes = float(np.linalg.norm(points[LEFT_IRIS[0]] - points[RIGHT_IRIS[0]]))
    for outer, inner in ((0, 1), (2, 3)):
        along = corners[outer] - corners[inner]
        corners[inner] += (
            along / max(1e-6, float(np.linalg.norm(along))) * eyes * _INNER_CORNER_SHIFT
        )
    nose = points[_NOSE_BASE[0]] * (2 / 3) + points[_NOSE_BASE[1]] / 3
    return np.vstack([corners, nose])
