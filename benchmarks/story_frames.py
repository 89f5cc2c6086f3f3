"""What is measured in a storyboard's frames and motions: continuity, identity, feet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.film.continuity import Continuity, continuity_of
from vivant.film.decoding import frames_as_rgb, read_frames
from vivant.film.seeing import eyes_apart
from vivant.intake.engine import FaceEngine, FoundFace
from vivant.performance.performing import perform_idle
from vivant.rig.framing_limits import FrameLimits
from vivant.scene.direction.call import Subject
from vivant.scene.figure.motion import FigureMotion
from vivant.scene.figure.staging import footprint_m
from vivant.scene.shot import Shot, Walker
from vivant.scene.staging import Company, stage
from vivant.scene.storyboard import Storyboard
from vivant.scene.storyboard_checking import expected_s
from vivant.scene.storyboard_terms import TERMS

FADING = 0.01
"""A frame fades when its share of light or black differs by this much from the one before."""
ENLARGED = 3
"""Small faces are looked for in a picture this many times larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """How the faces of a film resemble a photo."""

    looked_at: int
    similarities: tuple[float, ...]
    """Of the frames in which a face was found."""
    eyes_px: float
    """Median distance between the eyes."""

    @property
    def mean(self) -> float:
        """Of all faces found."""
        return float(np.mean(self.similarities)) if self.similarities else float("nan")

    @property
    def least(self) -> float:
        """Of all faces found."""
        return min(self.similarities, default=float("nan"))


def staged(storyboard: Storyboard, *, width_px: int, height_px: int) -> tuple[Shot, ...]:
    """Stage a storyboard with people as most are; fades and motions do not depend on who they are."""
    rate = storyboard.rate
    frames = {plan.name: round(expected_s(plan, terms=TERMS) * rate) for plan in storyboard.shots}
    seen = {name for plan in storyboard.shots for name in plan.who}
    people = {
        key: Subject(
            name=name, up=0.75, limits=FrameLimits(above=inf, below=2.4, left=inf, right=inf)
        )
        for name in seen
        for key in (name, *(f"{name}/{photo}" for photo in range(2, 13)))
    }
    company = Company(
        people=people,
        performances={
            plan.name: {
                name: perform_idle(frames[plan.name] / float(rate), rate=rate, seed=3)
                for name in plan.who
            }
            for plan in storyboard.shots
        },
        prints=dict.fromkeys(people, 0.8),
    )
    return stage(
        storyboard,
        frames=frames,
        company=company,
        rate=rate,
        width_px=width_px,
        height_px=height_px,
    )


def fades_of(shot: Shot) -> frozenset[int]:
    """Frames in which a shot is meant to fade."""
    faded: set[int] = set()
    for curve in (shot.white, shot.black):
        if curve is not None:
            faded |= {int(index) + 1 for index in np.flatnonzero(np.abs(np.diff(curve)) > FADING)}
    return frozenset(faded)


def faded_share(shot: Shot) -> Float32[np.ndarray, " frames"]:
    """How far each frame has gone into light or black."""
    shares = [curve for curve in (shot.white, shot.black) if curve is not None]
    return np.max(shares, axis=0) if shares else np.zeros(shot.frames, np.float32)


def continuity_in(path: Path, shot: Shot) -> Continuity:
    """Measure a kept shot."""
    return continuity_of(read_frames(path), fades=fades_of(shot))


def slide_m(motion: FigureMotion) -> float:
    """Measure the farthest that a ball of a foot moves while it stands."""
    worst = 0.0
    for foot, places in enumerate(np.moveaxis(footprint_m(motion), 1, 0)):
        put_down: np.ndarray | None = None
        for frame, stands in enumerate(motion.stance[:, foot]):
            put_down = None if not stands else places[frame] if put_down is None else put_down
            if put_down is not None:
                worst = max(worst, float(np.linalg.norm(places[frame] - put_down)))
    return worst


def walkers_of(shot: Shot) -> list[Walker]:
    """The figures of a shot."""
    return [one for one in shot.presences if isinstance(one, Walker)]


def faces_in(
    path: Path,
    vector: Float32[np.ndarray, " 128"],
    *,
    engine: FaceEngine,
    frames: Iterable[int],
    enlarge: bool = False,
) -> Faces:
    """Compare the largest face of some frames with a photo's."""
    wanted = frozenset(frames)
    alike, apart = [], []
    for index, pixels in enumerate(frames_as_rgb(path)):
        if index not in wanted:
            continue
        seen = _middle(pixels) if enlarge else pixels
        face = _largest(engine.find(seen))
        if face is not None:
            alike.append(float(engine.vector(seen, face.landmarks) @ vector))
            apart.append(eyes_apart(face.landmarks) / (ENLARGED if enlarge else 1))
    return Faces(
        looked_at=len(wanted),
        similarities=tuple(alike),
        eyes_px=float(np.median(apart)) if apart else 0.0,
    )


def vector_of(
    pixels: UInt8[np.ndarray, "height width 3"], *, engine: FaceEngine
) -> Float32[np.ndarray, " 128"]:
    """Tell whose face a photo shows."""
    face = _largest(engine.find(pixels))
    assert face is not None, "the photo shows no face"
    return engine.vector(pixels, face.landmarks)


def _largest(faces: tuple[FoundFace, ...]) -> FoundFace | None:
    return max(faces, key=lambda face: eyes_apart(face.landmarks), default=None)


def _middle(pixels: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, "rows columns 3"]:
    """Cut out the upper middle of a picture, and enlarge it."""
    height, width = pixels.shape[:2]
    part = pixels[: 2 * height // 3, width // 4 : 3 * width // 4]
    size = (part.shape[1] * ENLARGED, part.shape[0] * ENLARGED)
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_CUBIC), np.uint8)
