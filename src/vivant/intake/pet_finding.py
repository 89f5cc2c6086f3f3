"""Looks for an animal's face in a photo: two round eyes that mirror one another, with a nose below them.

There is no packaged model of animals. So this is a guess by form alone, and is told as one: the family
looks at it, and taps what is wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.intake.pet_points import NEAREST_EYES_PX, PetPoints, Place

SURE = 0.80
"""From here on, what was found is taken for a face. Of 19 photos without animals none comes so far."""
GREY, MOST_GREY = 1.5, 0.70
"""A photo of less colour than this is grey; a guess in it always has to be looked at."""
UNLIKE, FACE = 0.6, 1.1
"""Scores of what is no face, and of what surely is one."""
WORK_PX = 300
"""Longest side of the picture that is searched."""
RADII = (4, 6, 8, 11, 15, 20, 26)
"""Of eyes in it."""
CANDIDATES = 44
EYE_SHARE = (0.09, 0.33)
"""Radius of an eye, in ways between the eyes."""
STEEPEST = 0.55
"""Of the line between eyes: down over across."""
LEAST_COLOUR = 0.6
"""Mean square of a channel of colour from which on it tells anything."""
RIM_STEP = 9.0
"""Of lightness (0..100), from an eye's rim to the fur about it."""
PATCH = 21
"""Samples across an eye's patch, and down it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPet:
    """A face that may be an animal's."""

    points: PetPoints
    """Both eyes and the nose, in the picture's pixels."""
    sure: float
    """0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """Something round."""

    x: float
    y: float
    radius: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    left: _Round
    right: _Round
    score: float
    nose: Place
    down: float
    """How far below the eyes the nose is, in ways between them."""


def find_pet(pixels: UInt8[np.ndarray, "height width 3"]) -> FoundPet | None:
    """Look for a face.

    Args:
        pixels: The photo, sRGB, upright.

    Returns:
        The likeliest face; None when nothing is like one.
    """
    height, width = pixels.shape[:2]
    scale = WORK_PX / max(height, width)
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    low, high = np.percentile(lab[..., 0], (1, 99))
    plain = lab.copy()
    gain = min(max(90 / max(float(high - low), 20.0), 1.0), 2.2)
    lab[..., 0] = lab[..., 0] * np.float32(gain)  # a dark photo is judged as a light one
    rounds = _rounds(lab[..., 0])
    pairs = [
        pair
        for one, other in combinations(rounds, 2)
        if (pair := _pair(lab, plain, *sorted((one, other), key=lambda at: at.x))) is not None
    ]
    if not pairs:
        return None
    best = max(pairs, key=lambda pair: pair.score)
    grey = float(np.abs(lab[..., 1:]).mean()) < GREY
    sure = float(np.clip((best.score - UNLIKE) / (FACE - UNLIKE), 0, MOST_GREY if grey else 1))

    def whole(x: float, y: float) -> Place:
        place = (x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5
        return min(max(place[0], 0.0), float(width)), min(max(place[1], 0.0), float(height))

    left, right = (whole(one.x, one.y) for one in (best.left, best.right))
    if math.dist(left, right) < NEAREST_EYES_PX:
        return None
    return FoundPet(
        points=PetPoints(
            animal="cat" if best.down < 0.80 else "dog",
            photo_px=(width, height),
            places=MappingProxyType(
                {"left-eye": left, "right-eye": right, "nose": whole(*best.nose)}
            ),
        ),
        sure=sure,
    )


def _rounds(light: Float32[np.ndarray, "rows columns"]) -> list[_Round]:
    """Find what is round: where gradients of a ring meet, be it dark or light.

    Source:
        Loy & Zelinsky 2003, Fast radial symmetry for detecting points of interest.
    """
    rows, columns = light.shape
    soft = cv2.GaussianBlur(light, (0, 0), 1.2)
    right, down = (cv2.Sobel(soft, cv2.CV_32F, *way, ksize=3) / 8 for way in ((1, 0), (0, 1)))
    strong = np.hypot(right, down)
    ys, xs = np.nonzero(strong > max(0.6, float(np.percentile(strong, 60))))
    way_x, way_y = right[ys, xs] / strong[ys, xs], down[ys, xs] / strong[ys, xs]
    weight = np.minimum(strong[ys, xs], 8.0)
    found: list[_Round] = []
    for radius in RADII:
        votes = np.zeros((rows, columns), np.float32)
        for sign in (-1, 1):
            x = np.rint(xs + sign * way_x * radius).astype(int)
            y = np.rint(ys + sign * way_y * radius).astype(int)
            inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
            np.add.at(votes, (y[inside], x[inside]), weight[inside])
        spread = 0.28 * radius
        votes = np.array(cv2.GaussianBlur(votes, (0, 0), spread) * (spread**2 / radius), np.float32)
        peaks = (votes >= cv2.dilate(votes, np.ones((5, 5), np.uint8))) & (votes > 0)
        at_y, at_x = np.nonzero(peaks)
        found += [
            _Round(x=float(x), y=float(y), radius=float(radius), strength=float(votes[y, x]))
            for y, x in zip(at_y, at_x, strict=True)
        ]
    found.sort(key=lambda one: -one.strength)
    kept: list[_Round] = []
    for one in found:
        if all(
            math.hypot(one.x - k.x, one.y - k.y) > 0.6 * max(one.radius, k.radius) for k in kept
        ):
            kept.append(one)
        if len(kept) >= CANDIDATES:
            break
    return kept


def _pair(
    lab: Float32[np.ndarray, "rows columns 3"],
    plain: Float32[np.ndarray, "rows columns 3"],
    left: _Round,
    right: _Round,
) -> _Pair | None:
    """Judge whether two round things may be eyes; None when they cannot."""
    across, down = right.x - left.x, right.y - left.y
    apart = math.hypot(across, down)
    mean = (left.radius + right.radius) / 2
    fits = EYE_SHARE[0] * apart <= mean <= EYE_SHARE[1] * apart
    if apart < 14 or not fits or abs(down) > STEEPEST * across:
        return None
    if max(left.radius, right.radius) > 1.9 * min(left.radius, right.radius):
        return None
    along = np.array([across, down]) / apart
    middle = np.array([(left.x + right.x) / 2, (left.y + right.y) / 2])
    reach = 1.7 * mean
    eyes = [_patch(lab, np.array([one.x, one.y]), along, reach) for one in (left, right)]
    alike = _alike(eyes[0], eyes[1][:, ::-1])
    if alike < 0.35:
        return None
    rims = min(_rim(lab[..., 0], one) for one in (left, right))
    sides = _sides(lab, middle, along, apart)
    nose, place, low = _nose(plain, middle, along, apart)
    contrast = min(1.0, min(float(eye[..., 0].std()) for eye in eyes) / 16)
    strength = min(1.0, math.sqrt(left.strength * right.strength) / 22)
    tilt = abs(down) / across
    score = 0.20 * alike + 0.12 * sides + 0.16 * nose + 0.10 * contrast + 0.10 * strength
    score += 0.46 * (rims - 0.35) / 0.5 - 0.10 * tilt
    return _Pair(left=left, right=right, score=score, nose=place, down=low)


def _rim(light: Float32[np.ndarray, "rows columns"], one: _Round) -> float:
    """Tell on which share of its circumference something round ends from dark to light, as eyes in fur do."""
    around = np.arange(32) * 2 * np.pi / 32
    away = np.linspace(0.55, 1.75, 19) * one.radius
    x = one.x + np.cos(around)[:, None] * away
    y = one.y + np.sin(around)[:, None] * away
    seen = cv2.remap(
        light, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )  # fmt: skip
    reach = 4
    step = seen[:, reach:] - seen[:, :-reach]
    return float((step.max(axis=1) > RIM_STEP).mean())


def _patch(
    lab: Float32[np.ndarray, "rows columns 3"],
    middle: Float64[np.ndarray, " 2"],
    along: Float64[np.ndarray, " 2"],
    reach: float,
    *,
    shape: tuple[int, int] = (PATCH, PATCH),
    down: tuple[float, float] = (-1.0, 1.0),
) -> Float32[np.ndarray, "down across 3"]:
    """Cut out a part, upright in the face's own axes."""
    right, low = np.meshgrid(np.linspace(-1, 1, shape[1]), np.linspace(*down, shape[0]))
    x = middle[0] + reach * (right * along[0] - low * along[1])
    y = middle[1] + reach * (right * along[1] + low * along[0])
    return np.asarray(
        cv2.remap(lab, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )  # fmt: skip


def _alike(one: Float32[np.ndarray, "a b 3"], other: Float32[np.ndarray, "a b 3"]) -> float:
    """Correlate two patches, light and colours, -1..1."""
    total = whole = 0.0
    for channel, share in ((0, 0.6), (1, 0.15), (2, 0.25)):
        a, b = (
            one[..., channel] - one[..., channel].mean(),
            other[..., channel] - other[..., channel].mean(),
        )
        norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
        if (
            norm > LEAST_COLOUR * a.size or channel == 0
        ):  # a grey photo is judged by its light alone
            total += share * float((a * b).sum()) / max(norm, 1e-3)
            whole += share
    return total / whole


def _sides(
    lab: Float32[np.ndarray, "rows columns 3"],
    middle: Float64[np.ndarray, " 2"],
    along: Float64[np.ndarray, " 2"],
    apart: float,
) -> float:
    """Tell how far the face's two halves mirror one another."""
    soft = cv2.GaussianBlur(lab, (0, 0), max(1.0, 0.05 * apart))
    face = _patch(soft, middle, along, apart, shape=(33, 33), down=(-0.7, 1.2))
    return max(0.0, _alike(face, face[:, ::-1]))


def _nose(
    lab: Float32[np.ndarray, "rows columns 3"],
    middle: Float64[np.ndarray, " 2"],
    along: Float64[np.ndarray, " 2"],
    apart: float,
) -> tuple[float, Place, float]:
    """Find the nose: darker or redder than what is about it, near the middle, below the eyes."""
    soft = cv2.GaussianBlur(lab, (0, 0), max(0.8, 0.035 * apart))
    wide, low, high = 0.75, 0.15, 1.55
    rows, columns = 57, 61
    reach = wide * apart
    strip = _patch(
        soft, middle, along, reach, shape=(rows, columns), down=(low / wide, high / wide)
    )
    step = 2 * wide / (columns - 1)  # in ways between the eyes
    inner, outer = 0.10 / step, 0.34 / step
    own, about = (cv2.GaussianBlur(strip, (0, 0), size) for size in (0.55 * inner, outer))
    unlike = np.maximum((about - own)[..., 0], 0) / 14 + np.maximum((own - about)[..., 1], 0) / 9
    right, down = np.meshgrid(np.linspace(-wide, wide, columns), np.linspace(low, high, rows))
    likely = np.exp(-((right / 0.34) ** 2)) * np.where(
        down < 0.5,
        np.exp(-(((down - 0.5) / 0.14) ** 2)),
        np.exp(-((np.maximum(down - 0.85, 0) / 0.35) ** 2)),
    )
    inside = (down > low + 0.06) & (down < high - 0.10)
    judged = np.minimum(unlike, 2.4) * likely * inside
    best = int(judged.argmax())
    x, y = float(right.flat[best]), float(down.flat[best])
    place = middle + apart * (x * along + y * np.array([-along[1], along[0]]))
    return min(1.0, 0.6 * float(judged.max())), (float(place[0]), float(place[1])), y
