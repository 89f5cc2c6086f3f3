"""Figures of which the exact share of the person in each pixel is known: paintings laid over any background."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from rigs import faces, quality_of
from vivant.intake.portrait import Portrait
from vivant.intake.seeing import person_mask
from vivant.media.picture import Picture
from vivant.painting import CAST, paint
from vivant.rig.ground import Ground, lay_ground

BACKDROPS = ("plain", "leaves", "flag")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """A photo with its truth, cut and scaled as rigs are."""

    ground: Ground
    truth: Float32[np.ndarray, "height width"]
    """Share of the person, 0..1."""

    @property
    def plain_error(self) -> float:
        """Sum of absolute differences of the segmenter's mask, in thousands of pixels."""
        return self.error(self.ground.person)

    def error(self, alpha: Float32[np.ndarray, "height width"]) -> float:
        """Sum of absolute differences, in thousands of pixels."""
        return float(np.abs(alpha - self.truth).sum()) / 1000


@lru_cache(maxsize=64)
def figure(name: str, *, backdrop: str = "plain", strands: int = 0, width_px: int = 480) -> Figure:
    """Paint one of the cast; ``strands`` loose hairs stand off the head, ``backdrop`` is what lies behind."""
    height_px = width_px * 5 // 4
    if backdrop == "plain":
        painted = paint(CAST[name], width_px=width_px, height_px=height_px)
        pixels: np.ndarray = painted.pixels.astype(np.float32)
        alpha = painted.truth.person.astype(np.float32) / 255
    else:  # over black, a painting is the person's colour times the person's share
        black = replace(CAST[name], background=(0, 0, 0))
        painted = paint(black, width_px=width_px, height_px=height_px)
        alpha = painted.truth.person.astype(np.float32) / 255
        behind = _backdrop(backdrop, width_px, height_px)
        pixels = painted.pixels + behind * (1 - alpha[..., None])
    if strands:
        hair, covers = _strands(alpha, CAST[name].hair_colour, painted.truth.pupils, strands)
        pixels = pixels * (1 - covers[..., None]) + hair
        alpha = 1 - (1 - alpha) * (1 - covers)
    seen = np.round(np.clip(pixels, 0, 255)).astype(np.uint8)
    return _figure(seen, alpha)


def _figure(
    pixels: UInt8[np.ndarray, "height width 3"], alpha: Float32[np.ndarray, "height width"]
) -> Figure:
    (face,) = faces().find(pixels)

    portrait = Portrait(
        photo_id="painted",
        picture=Picture(pixels=pixels, sha256="0" * 64),
        landmarks=face.landmarks,
        shapes=face.shapes,
        person=person_mask(faces(), pixels, face),
        face_vector=np.zeros(128, np.float32),
        quality=quality_of(face),
    )
    ground = lay_ground(portrait)
    scale, (left, top) = ground.scale, ground.offset_px
    height, width = ground.rgb.shape[:2]
    x0, y0 = round(-(left + 0.5) / scale), round(-(top + 0.5) / scale)
    x1, y1 = x0 + round(width / scale), y0 + round(height / scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    truth = cv2.resize(alpha[y0:y1, x0:x1], (width, height), interpolation=way)
    return Figure(ground=ground, truth=np.asarray(truth, np.float32))


def _backdrop(name: str, width_px: int, height_px: int) -> Float32[np.ndarray, "height width 3"]:
    random = np.random.default_rng(3)
    if name == "leaves":  # a garden, out of focus
        spots = random.random((height_px // 12, width_px // 12, 1)).astype(np.float32)
        tint = np.array([96, 120, 70], np.float32) * (0.5 + spots) + 20 * spots
        wide = cv2.resize(tint, (width_px, height_px), interpolation=cv2.INTER_CUBIC)
        return np.asarray(cv2.GaussianBlur(wide, (0, 0), width_px / 160))
    rows, columns = np.mgrid[0:height_px, 0:width_px].astype(np.float32)  # stripes, in focus
    stripe = (np.sin((columns + 0.3 * rows) * 2 * np.pi / (width_px / 7)) > 0).astype(np.float32)
    stripe = cv2.GaussianBlur(stripe, (0, 0), 1.0)[..., None]
    return np.asarray(
        np.array([150, 60, 56], np.float32) * stripe + np.array([210, 206, 198]) * (1 - stripe)
    ).astype(np.float32)


def _strands(
    alpha: Float32[np.ndarray, "height width"],
    colour: tuple[int, int, int],
    pupils: Float32[np.ndarray, "2 2"],
    count: int,
) -> tuple[Float32[np.ndarray, "height width 3"], Float32[np.ndarray, "height width"]]:
    """Draw loose hairs from the head outwards; gives their colour times their cover, and their cover."""
    random = np.random.default_rng(5)
    fine = 4  # each is drawn this much larger
    height, width = alpha.shape
    apart = float(np.linalg.norm(pupils[1] - pupils[0]))
    middle = pupils.mean(0) + np.array([0, 0.2 * apart])
    canvas = np.zeros((height * fine, width * fine), np.float32)
    tint = np.zeros((height, width, 3), np.float32)
    for _ in range(count):
        angle = random.uniform(np.radians(-200), np.radians(20))  # over the head, ear to ear
        way = np.array([np.cos(angle), np.sin(angle)])
        reach = np.arange(0, 4 * apart, 0.5)
        along = middle + reach[:, None] * way
        inside = alpha[
            np.clip(along[:, 1], 0, height - 1).astype(int),
            np.clip(along[:, 0], 0, width - 1).astype(int),
        ]
        edge = along[np.flatnonzero(inside > 0.5).max()]
        long = random.uniform(0.06, 0.32) * apart
        side = np.array([-way[1], way[0]]) * random.normal(0, 0.8)
        t = np.linspace(-0.3, 1, 12)[:, None]
        path = edge + long * (way * t + side * t**2)
        cv2.polylines(
            canvas, [np.round(path * fine * 8).astype(np.int32)], False, 1.0,
            int(random.integers(1, 4)), cv2.LINE_AA, 3,
        )  # fmt: skip
    covers = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    tint[:] = np.array(colour, np.float32)
    return tint * covers[..., None], np.asarray(covers, np.float32)
