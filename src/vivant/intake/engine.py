"""What an engine that sees faces must do.

Pixels are sRGB, 8 bit, upright. Points are in pixels of the picture given: the middle of the
first pixel is (0.5, 0.5), so that a point times two is the point in a picture twice the size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, UInt8


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceTraits:
    """What an engine can do; asked before work starts."""

    version: str
    """Changes whenever the same photo would give other numbers; part of cache keys."""
    smallest_eye_distance_px: float
    """Faces with fewer pixels between the pupils are not found for certain."""
    most_faces: int
    """How many faces it looks for in one photo."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundFace:
    """One face in a picture."""

    landmarks: Float32[np.ndarray, "478 3"]
    """MediaPipe face mesh with irises: x, y, z in pixels; smaller z is nearer to the camera."""
    shapes: Float32[np.ndarray, " 52"]
    """ARKit face shapes, 0..1, in the order of ``ARKIT_SHAPES``; ``tongueOut`` may always be 0."""
    matrix: Float32[np.ndarray, "4 4"]
    """From the canonical face (centimetres, y up, z toward the viewer) to a camera that looks straight at
    the middle of the face; the angles below come from it."""
    yaw_deg: float
    """Above 0 turned toward the picture's right."""
    pitch_deg: float
    """Above 0 looks down."""
    roll_deg: float
    """Above 0 tilted clockwise, as the viewer sees it."""


@runtime_checkable
class Follower(Protocol):
    """Follows one face through the frames of a film; belongs to one thread."""

    def next(
        self, pixels: UInt8[np.ndarray, "height width 3"], time_ms: int, /
    ) -> FoundFace | None:
        """Find the face in the next frame.

        Args:
            pixels: The frame; its size must not change on the way.
            time_ms: Its time, later than the one before.

        Returns:
            The face, or None when there is none in this frame.
        """

    def close(self) -> None:
        """Free what it holds."""


@runtime_checkable
class FaceEngine(Protocol):
    """Sees faces in pictures, and judges nothing: the rooms around it do.

    Threads may share it. Its models are loaded at the first use.
    """

    @property
    def traits(self) -> FaceTraits:
        """What this engine can do."""

    def find(self, pixels: UInt8[np.ndarray, "height width 3"], /) -> tuple[FoundFace, ...]:
        """Find the faces of people, painted ones too, from left to right.

        Raises:
            MissingError: A model or a library is not here.
        """

    def segment(
        self, pixels: UInt8[np.ndarray, "height width 3"], /
    ) -> Float32[np.ndarray, "height width"]:
        """Tell how sure it is, 0..1, that each pixel is a person and not background."""

    def vector(
        self,
        pixels: UInt8[np.ndarray, "height width 3"],
        landmarks: Float32[np.ndarray, "478 3"],
        /,
    ) -> Float32[np.ndarray, " 128"]:
        """Turn a face into a vector of length 1; two of one person lie close together."""

    def follow(self) -> Follower:
        """Start to follow the largest face of a film."""
