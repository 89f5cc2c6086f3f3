"""Measures what an engine that invents has made of a shot, and says whether it may be shown.

Each bar stands where a person would object, and well away from what such models do when all is well:

- ``FIRST_DB``: the autoencoders of these models give a picture back at 30 dB and more. Below 24 dB it did not
  begin where our staging left off, and a cut to it jumps.
- ``SAME_PERSON_FROM``: the face finder's own bar between one person and two, in every picture that is looked at;
  where our own staging of the face scores lower (small, in strong light), that, less ``NOISE``, is the bar.
- ``SOFT``, ``HARSH``: fine detail against our first picture. Less than half of it is seen as out of focus;
  twice as much is texture that was made up.
- ``NOISY``: noise from pixel to pixel, in 1/255. The grain of our own film measures 1.2; five times that looks dirty.
- ``FLICKER``: brightness of parts of the picture that jumps to and fro, in 1/255. Our own shots measure 0.1; a
  change of 1 % from frame to frame, which the eye begins to see, measures 1.9. Steady movement and slow light do not count.
- ``STILL``: a result in which next to nothing moves is no better than a photograph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.intake.engine import FaceEngine
from vivant.intake.likeness import SAME_PERSON_FROM, similarity
from vivant.media.planes import psnr

VERSION = "1"
"""Changes whenever the same frames would be judged otherwise."""
SAMPLES = 9
FIRST_DB = 24.0
NOISE = 0.02
"""Two looks at one face differ by this much."""
KNOWN_FROM = 0.85
"""A face of our first picture that is less like every photo is compared with itself."""
SOFT, HARSH = 0.5, 2.0
NOISY = 6.0
FLICKER = 1.5
STILL = 0.3
LOST = 1 / 3
"""Share of the pictures in which a face may not be found: it may turn away."""
_ROUGH_PX, _FINE_PX = 320, 640
_PARTS = 12

Pixels = UInt8[np.ndarray, "height width 3"]
Scaled = UInt8[np.ndarray, "scaled_height scaled_width 3"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether frames may be shown."""

    why: tuple[str, ...] = ()
    """What is wrong with them, each with its numbers; nothing when they may be shown."""
    measured: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def good(self) -> bool:
        """Whether they may be shown."""
        return not self.why


def judge(
    frame: Callable[[int], Pixels],
    *,
    count: int,
    first: Pixels,
    people: Mapping[str, Float32[np.ndarray, " 128"]],
    faces: FaceEngine,
) -> Verdict:
    """Measure frames against the picture that they should go on from, and against photos of the people in them.

    Args:
        frame: Gives each, at the film's size, in order.
        count: How many there are.
        first: Our own first picture.
        people: The face of each person, from their photo.
        faces: Who sees faces.
    """
    picked = set(np.unique(np.linspace(0, count - 1, SAMPLES).astype(int)).tolist())
    identity = Identity(first, people, faces)
    sharpness: list[float] = []
    noise: list[float] = []
    parts: list[Float64[np.ndarray, " parts"]] = []
    roughs: dict[int, Scaled] = {}
    fine = _detail(first)
    for index in range(count):
        pixels = frame(index)
        parts.append(_brightness(pixels))
        if index in picked:
            identity.look(pixels)
            sharpness.append(_detail(pixels) / max(fine, 1e-6))
            noise.append(_noise(pixels))
        if index in {0, count - 1}:
            roughs[index] = _rough(pixels)
    measured = {
        "first_db": min(99.0, psnr(_rough(first), roughs[0])),
        "sharpness": float(np.median(sharpness)),
        "noise": float(np.median(noise)),
        "flicker": _flicker(np.array(parts)),
        "moved": float(np.abs(roughs[0].astype(float) - roughs[count - 1]).mean()),
        **identity.measured(),
    }
    why = (*_faults(measured), *identity.faults())
    return Verdict(why=why, measured=MappingProxyType(measured))


def judge_poses(
    frames: Sequence[Pixels],
    *,
    first: Pixels,
    people: Mapping[str, Float32[np.ndarray, " 128"]],
    faces: FaceEngine,
) -> Verdict:
    """Measure single pictures of poses, which do not follow each other: the first is to be our own first picture."""
    identity = Identity(first, people, faces)
    for pixels in frames:
        identity.look(pixels)
    fine = max(_detail(first), 1e-6)
    measured = {
        "first_db": min(99.0, psnr(_rough(first), _rough(frames[0]))),
        "sharpness": float(np.median([_detail(one) / fine for one in frames])),
        "noise": float(np.median([_noise(one) for one in frames])),
        "flicker": 0.0,
        "moved": max(
            float(np.abs(_rough(frames[0]).astype(float) - _rough(one)).mean()) for one in frames
        ),
        **identity.measured(),
    }
    why = (*_faults(measured), *identity.faults())
    return Verdict(why=why, measured=MappingProxyType(measured))


def _faults(measured: Mapping[str, float]) -> list[str]:
    found = []
    if measured["first_db"] < FIRST_DB:
        found.append(
            f"it does not begin with our picture ({measured['first_db']:.0f} dB, {FIRST_DB:.0f} needed)"
        )
    if measured["sharpness"] < SOFT:
        found.append(f"it is soft ({measured['sharpness']:.2f} of our detail, {SOFT:g} needed)")
    if measured["sharpness"] > HARSH:
        found.append(
            f"it is full of made-up texture ({measured['sharpness']:.1f} times our detail, {HARSH:g} allowed)"
        )
    if measured["noise"] > NOISY:
        found.append(f"it is full of noise ({measured['noise']:.0f} of 255, {NOISY:.0f} allowed)")
    if measured["flicker"] > FLICKER:
        found.append(f"it flickers ({measured['flicker']:.1f} of 255, {FLICKER:g} allowed)")
    if measured["moved"] < STILL:
        found.append(f"nothing moves in it ({measured['moved']:.2f} of 255, {STILL:g} needed)")
    return found


class Identity:
    """Whether the people of a picture stay who they are, and alone."""

    def __init__(
        self, first: Pixels, people: Mapping[str, Float32[np.ndarray, " 128"]], faces: FaceEngine
    ) -> None:
        self._faces = faces
        vectors = self._vectors(first)
        self._shown = len(vectors)
        self._people = dict(people)
        self._needed: dict[str, float] = {}
        for place, vector in enumerate(vectors):
            alike = {name: similarity(vector, one) for name, one in people.items()}
            name = max(alike, key=lambda one: alike[one], default="")
            if (
                alike.get(name, 0.0) < KNOWN_FROM
            ):  # a print, say: who it is at first, it is to remain
                name = f"face {place}"
                self._people[name] = vector
                alike[name] = 1.0
            bar = min(SAME_PERSON_FROM, alike[name] - NOISE)
            self._needed[name] = max(bar, self._needed.get(name, 0.0))
        self._found: dict[str, list[float]] = {name: [] for name in self._needed}
        self._looks = self._strange = 0

    def look(self, pixels: Pixels) -> None:
        """Look for everybody in one more picture."""
        vectors = self._vectors(pixels)
        self._looks += 1
        self._strange += len(vectors) > self._shown
        for name, found in self._found.items():
            if vectors:
                found.append(max(similarity(one, self._people[name]) for one in vectors))

    def measured(self) -> dict[str, float]:
        """Tell the least likeness of anybody, and how often somebody was not found or too many were."""
        told = {"faces": float(len(self._needed))}
        if self._needed:
            seen = [one for found in self._found.values() for one in found]
            told["likeness"] = min(seen, default=0.0)
            told["likeness_needed"] = max(self._needed.values())
            told["lost"] = max(
                1 - len(found) / max(1, self._looks) for found in self._found.values()
            )
        told["strangers"] = self._strange / max(1, self._looks)
        return told

    def faults(self) -> list[str]:
        """Tell what is wrong with the people."""
        wrong = []
        for name, needed in self._needed.items():
            found = self._found[name]
            lost = self._looks - len(found)
            if lost > LOST * self._looks:
                wrong.append(f"a face is lost in {lost} of {self._looks} pictures")
            elif min(found) < needed:
                wrong.append(
                    f"a face becomes another's (likeness {min(found):.3f} to its photo, {needed:.3f} needed)"
                )
        if self._strange > 1:
            wrong.append(f"somebody appears who was not there ({self._strange} of {self._looks})")
        return wrong

    def _vectors(self, pixels: Pixels) -> list[Float32[np.ndarray, " 128"]]:
        return [self._faces.vector(pixels, one.landmarks) for one in self._faces.find(pixels)]


def _scaled(pixels: Pixels, width_px: int) -> Scaled:
    height, width = pixels.shape[:2]
    size = width_px, max(2, round(height * width_px / width))
    how = cv2.INTER_AREA if width > width_px else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=how))


def _rough(pixels: Pixels) -> Scaled:
    """Give a small, soft picture: what is the same in two that differ by grain."""
    return np.asarray(cv2.GaussianBlur(_scaled(pixels, _ROUGH_PX), (0, 0), 1.5))


def _detail(pixels: Pixels) -> float:
    """Measure fine detail: what lies between the grain and the shapes."""
    grey = cv2.cvtColor(_scaled(pixels, _FINE_PX), cv2.COLOR_RGB2GRAY).astype(np.float32)
    band = cv2.GaussianBlur(grey, (0, 0), 1.0) - cv2.GaussianBlur(grey, (0, 0), 2.0)
    return float(np.sqrt(np.mean(band**2)))


def _noise(pixels: Pixels) -> float:
    """Measure noise from pixel to pixel.

    Source:
        J. Immerkær, "Fast Noise Variance Estimation", CVIU 64(2), 1996; the median instead of the mean, so that
        edges do not count.
    """
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY).astype(np.float32)
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    return float(np.median(np.abs(cv2.filter2D(grey, -1, mask))) / (0.6745 * 6))


def _brightness(pixels: Pixels) -> Float64[np.ndarray, " parts"]:
    """Measure how bright parts of the picture are."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    parts = cv2.resize(grey.astype(np.float32), (_PARTS, _PARTS), interpolation=cv2.INTER_AREA)
    return np.asarray(parts, np.float64).ravel()


def _flicker(parts: Float64[np.ndarray, "frames parts"]) -> float:
    """Measure brightness that jumps to and fro: away from the mean of its neighbours in time."""
    if len(parts) < 3:
        return 0.0
    jumps = parts[1:-1] - (parts[:-2] + parts[2:]) / 2
    return float(np.median(np.sqrt(np.mean(jumps**2, axis=0))))
