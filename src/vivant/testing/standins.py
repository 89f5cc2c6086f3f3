"""Stand-ins: real engines that do little, for tests of the rooms around them. No mocks.

A stand-in keeps its protocol, so what a test proves with it holds with a real engine.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.intake.engine import FaceTraits, FoundFace
from vivant.media import face as names
from vivant.media.picture import Frame
from vivant.media.planes import rgb_to_planes
from vivant.painting import Painted
from vivant.places import Places
from vivant.render.engine import RenderTraits
from vivant.rig.rig import Rig
from vivant.voice.engine import Line, Said, VoiceOffer, VoiceTraits
from vivant.voice.speech import Phone, Word

WORD_S = 0.24
"""How long a hummed word lasts, at rate 1."""
LOWEST_HZ = 110.0


class ToneVoice:
    """Hums each word, lips shut for its first quarter; a longer word hums higher."""

    traits = VoiceTraits(
        name="tone",
        version="1",
        sample_rate_hz=16_000,
        languages=frozenset({"en-GB", "en-US", "ja"}),
        licence="Apache-2.0",
        gives_timings=True,
    )

    def __init__(self, *, voice: str = "", places: Places | None = None) -> None:
        del voice, places  # it hums alike for all

    @classmethod
    def offers(cls, *, places: Places | None = None) -> tuple[VoiceOffer, ...]:
        """List its one voice."""
        del places
        traits = cls.traits
        return (
            VoiceOffer(name="", languages=traits.languages, sounds="a hum", licence=traits.licence),
        )

    def say(self, line: Line, /) -> Said:
        """Hum the line."""
        long_s = WORD_S / line.rate
        moments_s = (
            np.arange(round(long_s * self.traits.sample_rate_hz)) / self.traits.sample_rate_hz
        )
        fade = 0.5 * np.sin(np.pi * moments_s / long_s)  # no click where words meet
        written = line.text.split()
        hums = [
            fade * np.sin(2 * np.pi * LOWEST_HZ * (1 + len(word)) * moments_s) for word in written
        ]
        long = len(moments_s)
        phones = []
        for first in range(0, long * len(written), long):
            opens, last = first + long // 4, first + long
            phones.append(Phone(symbol="m", first=first, last=opens))
            phones.append(Phone(symbol="ɑ", first=opens, last=last, stress=1))
        words = [
            Word(text=word, first=i * long, last=(i + 1) * long) for i, word in enumerate(written)
        ]
        return Said(
            samples=np.concatenate(hums).astype(np.float32),
            phones=tuple(phones),
            words=tuple(words),
        )


class StillRender:
    """Shows the photo, whatever is performed."""

    traits = RenderTraits(
        name="still",
        version="1",
        licence="Apache-2.0",
        needs_gpu=False,
        yaw_limit_deg=1.0,
        pitch_limit_deg=1.0,
    )

    def open(self, rig: Rig, *, width_px: int, height_px: int, threads: int) -> StillStage:  # noqa: ARG002
        """Cut the photo to the film's shape, once."""
        return StillStage(_cover(rig.photo, width_px=width_px, height_px=height_px))


class StillStage:
    """A photo, ready to be shown."""

    folded = 0

    def __init__(self, pixels: UInt8[np.ndarray, "height width 3"]) -> None:
        self._planes = rgb_to_planes(pixels)

    def draw(
        self,
        index: int,
        *,
        shapes: Float32[np.ndarray, " 52"],  # noqa: ARG002 - it stays still
        head: Float32[np.ndarray, " 6"],  # noqa: ARG002
        breath: float,  # noqa: ARG002
    ) -> Frame:
        """Show the photo."""
        y, u, v = (plane.copy() for plane in self._planes)
        return Frame(index=index, y=y, u=u, v=v)

    def close(self) -> None:
        """Nothing to let go."""


class PaintedFaces:
    """Sees the paintings it was given, exactly where the painter put things, and nothing else.

    Lips, eyes, irises, nose, chin and the oval of the face are true; the other points of the mesh
    lie on the tip of the nose. Good for tests of the intake; no rig can be baked from it.
    """

    traits = FaceTraits(version="painted-1", smallest_eye_distance_px=1.0, most_faces=1)

    def __init__(self, paintings: Sequence[Painted]) -> None:
        self._paintings = tuple(paintings)

    def find(self, pixels: UInt8[np.ndarray, "height width 3"], /) -> tuple[FoundFace, ...]:
        """Find the person of a known painting."""
        painted = self._known(pixels)
        return () if painted is None else (_true_face(painted),)

    def segment(
        self, pixels: UInt8[np.ndarray, "height width 3"], /
    ) -> Float32[np.ndarray, "height width"]:
        """Tell where the painter put the person."""
        painted = self._known(pixels)
        if painted is None:
            return np.zeros(pixels.shape[:2], np.float32)
        return (painted.truth.person / np.float32(255)).astype(np.float32)

    def vector(
        self,
        pixels: UInt8[np.ndarray, "height width 3"],
        landmarks: Float32[np.ndarray, "478 3"],  # noqa: ARG002 - it knows the person
        /,
    ) -> Float32[np.ndarray, " 128"]:
        """Make a vector of its own for each seed: paintings of one person agree, others do not."""
        painted = self._known(pixels)
        seed = 0 if painted is None else painted.spec.seed
        vector = np.random.default_rng(seed).standard_normal(128)
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def follow(self) -> PaintedFollower:
        """Follow a film of known paintings."""
        return PaintedFollower(self)

    def _known(self, pixels: UInt8[np.ndarray, "height width 3"]) -> Painted | None:
        for painted in self._paintings:
            if np.array_equal(painted.pixels, pixels):
                return painted
        return None


class PaintedFollower:
    """Follows a film whose frames are known paintings."""

    def __init__(self, faces: PaintedFaces) -> None:
        self._faces = faces

    def next(
        self,
        pixels: UInt8[np.ndarray, "height width 3"],
        time_ms: int,  # noqa: ARG002 - it keeps no track
        /,
    ) -> FoundFace | None:
        """Find the person of the next frame."""
        found = self._faces.find(pixels)
        return found[0] if found else None

    def close(self) -> None:
        """Nothing to free."""


def _cover(
    picture: UInt8[np.ndarray, "height width 3"], *, width_px: int, height_px: int
) -> UInt8[np.ndarray, "film_height film_width 3"]:
    height, width = picture.shape[:2]
    scale = max(width_px / width, height_px / height)
    size = (max(width_px, round(width * scale)), max(height_px, round(height * scale)))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    left, top = (size[0] - width_px) // 2, (size[1] - height_px) // 3
    return np.ascontiguousarray(large[top : top + height_px, left : left + width_px])


def _true_face(painted: Painted) -> FoundFace:
    truth = painted.truth
    points = np.tile(truth.nose_tip, (478, 1)).astype(np.float32)
    for rows, edge in (
        (names.UPPER_LIP_OUTER, truth.upper_lip),
        (names.LOWER_LIP_OUTER, truth.lower_lip),
    ):
        points[list(rows)] = edge[::2]
    seam = (truth.upper_lip[::2] + truth.lower_lip[::2]) / 2
    points[list(names.UPPER_LIP_INNER)] = points[list(names.LOWER_LIP_INNER)] = seam
    apart = float(np.linalg.norm(truth.pupils[0] - truth.pupils[1]))
    for iris, pupil in zip((names.RIGHT_IRIS, names.LEFT_IRIS), truth.pupils, strict=True):
        ring = np.array([[0, 0], [1, 0], [0, -1], [-1, 0], [0, 1]], np.float32) * 0.09 * apart
        points[list(iris)] = pupil + ring
    rise = 0.09 * apart if truth.eyes_open else 0.0
    for upper, lower, ends in (
        (names.RIGHT_EYE_UPPER, names.RIGHT_EYE_LOWER, truth.eye_corners[:2]),
        (names.LEFT_EYE_UPPER, names.LEFT_EYE_LOWER, truth.eye_corners[2:]),
    ):
        t = np.linspace(0, 1, len(upper), dtype=np.float32)[:, None]
        line = ends[0] + (ends[1] - ends[0]) * t
        arch = np.concatenate([0 * t, rise * np.sin(np.pi * t)], axis=1)
        points[list(upper)], points[list(lower)] = line - arch, line + arch
    middle = truth.pupils.mean(axis=0)
    tall = float(np.linalg.norm(truth.chin - middle))
    turn = np.linspace(0, 2 * np.pi, len(names.FACE_OVAL), endpoint=False, dtype=np.float32)
    centre = middle + (truth.chin - middle) * 0.2
    points[list(names.FACE_OVAL)] = centre + np.stack(
        [np.sin(turn) * tall * 0.62, -np.cos(turn) * tall * 0.8], axis=1
    )
    points[names.CHIN] = truth.chin
    shapes = np.zeros(52, np.float32)
    if not truth.eyes_open:
        shapes[[names.SHAPE["eyeBlinkLeft"], names.SHAPE["eyeBlinkRight"]]] = 0.8
    if truth.teeth_shown:
        shapes[
            [names.SHAPE["mouthSmileLeft"], names.SHAPE["mouthSmileRight"], names.SHAPE["jawOpen"]]
        ] = 0.5
    yaw = np.radians(truth.head_yaw_deg)
    matrix = np.eye(4, dtype=np.float32)
    matrix[:3, :3] = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
    matrix[2, 3] = -40
    return FoundFace(
        landmarks=np.concatenate([points, np.zeros((478, 1), np.float32)], axis=1).astype(
            np.float32
        ),
        shapes=shapes,
        matrix=matrix,
        yaw_deg=truth.head_yaw_deg,
        pitch_deg=0.0,
        roll_deg=0.0,
    )
