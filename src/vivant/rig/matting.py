"""The matte: how much of each pixel is the person, down to single strands of hair.

The segmenter knows where the person is, but sees the photo small. What it says is believed away from its own
edge; in a band along the edge the photo's colours decide (``hair_edge``). This is done twice: in a broad band,
to find the true outline and what stands off it, and then closely along what was found.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from vivant.media.compilation import owned
from vivant.media.face import CHIN
from vivant.rig.ground import Ground
from vivant.rig.hair_edge import (
    BACK,
    FRONT,
    STENCIL,
    UNSURE,
    lay_laplacian,
    sample_pairs,
    solve_shares,
)

Alpha = Float32[np.ndarray, "height width"]
Trimap = UInt8[np.ndarray, "height width"]
Colours = Float32[np.ndarray, "height width 3"]

FIRST_FACE_PX = 260.0
"""The broad band is worked through with the face this tall; finer hair is found in the second round."""
BODY_BAND, HAIR_BAND = 0.035, 0.10
"""How far from the segmenter's edge pixels are unsure, in face heights: at cloth and at hair."""
CLOSE_BAND = 0.009
"""The same in the second round."""
SAMPLES_COUNT = 0.25
"""How much the colours found along rays count against the smoothness of the matting Laplacian."""
MASK_COUNTS = 0.004
"""How much the mask counts where it is itself unsure."""
FLAT = 0.08
"""Share of the grain's variance that windows of one colour are allowed."""
COMMON_COUNTS = 0.10
"""How much it counts against hair that the background has the very colour."""
COMMON_FROM = 0.02
"""This far outside the mask, colours of the background are the background, in face heights."""
LEAST = 0.03
"""Shares nearer to 0 or 1 than this are noise."""
_BORDER_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trust:
    """How much the mask is believed on one side of its edge, by the way from the edge, in face heights."""

    begins: float
    full_after: float
    counts: float
    """Against the other sources, where it is believed in full."""
    pulls: float
    """How much of a mixture is taken for the mask's own side, 0..1."""


_WITHIN = _Trust(begins=0.004, full_after=0.012, counts=1.5, pulls=0.85)
_OUTSIDE = _Trust(begins=0.006, full_after=0.03, counts=0.07, pulls=0.5)
_CLOSE_WITHIN = _Trust(begins=0.002, full_after=0.01, counts=0.2, pulls=0.85)
_CLOSE_OUTSIDE = _Trust(begins=0.002, full_after=0.01, counts=0.04, pulls=0.5)


def matte(ground: Ground, face: UInt8[np.ndarray, "height width"]) -> Alpha:
    """Part the person from the background, hair by hair.

    Args:
        ground: The photo, with the segmenter's mask.
        face: 255 inside the outline of the face, which is the person for certain.

    Returns:
        Share of the person in each pixel, 0..1.
    """
    small = min(1.0, FIRST_FACE_PX / ground.face_height_px)
    height, width = ground.person.shape
    size = (max(8, round(width * small)), max(8, round(height * small)))

    def reduced(picture: np.ndarray) -> np.ndarray:
        if small == 1.0:
            return picture
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))

    tall = ground.face_height_px * small
    hair = _hair_zone(size[1], chin=float(ground.landmarks[CHIN, 1]) * small, tall=tall)
    band = np.maximum(3.0, (BODY_BAND + (HAIR_BAND - BODY_BAND) * hair) * tall)
    mask, sure = reduced(ground.person), reduced(face) > 250
    trimap = lay_trimap(mask, sure, band=band, doubt=np.full_like(hair, 0.07))
    first = _settle(reduced(ground.rgb), trimap, mask, tall, within=_WITHIN, outside=_OUTSIDE)
    first = _joined(first, tall)
    if small < 1.0:
        first = cv2.resize(first, (width, height), interpolation=cv2.INTER_LINEAR)
    tall = ground.face_height_px
    hair = _hair_zone(height, chin=float(ground.landmarks[CHIN, 1]), tall=tall)
    band = np.full_like(hair, max(2.5, CLOSE_BAND * tall))
    trimap = lay_trimap(first, face > 250, band=band, doubt=0.35 - 0.25 * hair)
    second = _settle(ground.rgb, trimap, first, tall, within=_CLOSE_WITHIN, outside=_CLOSE_OUTSIDE)
    return np.clip((_joined(second, tall) - LEAST) / (1 - 2 * LEAST), 0, 1)


def lay_trimap(
    mask: Alpha,
    sure: Bool[np.ndarray, "height width"],
    *,
    band: Float32[np.ndarray, "height 1"],
    doubt: Float32[np.ndarray, "height 1"],
) -> Trimap:
    """Say what is person, what is background, and what is to be found out.

    Args:
        mask: What is believed so far, 0..1.
        sure: Where the person is for certain.
        band: How far from the mask's edge nothing is certain, in pixels, for each row.
        doubt: How far from 0 and 1 the mask may be to be believed, for each row.
    """
    inside, outside = _ways(mask)
    trimap = np.full(mask.shape, UNSURE, np.uint8)
    trimap[(inside > band) & (mask > 1 - doubt)] = FRONT
    trimap[(outside > band) & (mask < doubt)] = BACK
    shrunk = cv2.erode(sure.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    trimap[shrunk & (inside > 2)] = FRONT
    return trimap


def grain(rgb: Colours) -> float:
    """Measure the photo's own noise, 0..1, as a standard deviation."""
    luma = rgb.mean(2)
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 1.2)
    return float(np.median(np.abs(fine))) * 1.48


def _settle(
    pixels: UInt8[np.ndarray, "height width 3"],
    trimap: Trimap,
    mask: Alpha,
    tall: float,
    *,
    within: _Trust,
    outside: _Trust,
) -> Alpha:
    """Find the shares of the unsure pixels."""
    rgb = _widened(pixels).astype(np.float32) / 255
    trimap, mask = _widened(trimap), _widened(mask)
    rim = np.ones(trimap.shape, bool)
    rim[2:-2, 2:-2] = False  # never seen: the stencil only needs it to be there
    rim &= trimap == UNSURE
    trimap[rim] = np.where(mask[rim] > 0.5, FRONT, BACK)
    unsure = trimap == UNSURE
    rows, columns = (at.astype(np.int32) for at in np.nonzero(unsure))
    alpha = (trimap == FRONT).astype(np.float64)
    own = grain(rgb)
    share, trust, common = (np.empty(len(rows), np.float32) for _ in range(3))
    front, back = (_smoothed(rgb, trimap == what) for what in (FRONT, BACK))
    noise = max(0.02, 2.5 * own)
    sample_pairs(rgb, front, back, trimap, rows, columns, 0.5 * tall, noise, share, trust, common)
    index = np.full(trimap.shape, -1, np.int32)
    index[unsure] = np.arange(len(rows), dtype=np.int32)
    table = np.zeros((len(rows), STENCIL), np.float32)
    lay_laplacian(rgb, index, FLAT * max(1e-5, (0.5 * own) ** 2), table)
    said = mask[unsure].astype(np.float64)
    deep, far = (
        np.clip((way[unsure] / tall - side.begins) / side.full_after, 0, 1) * (2 * said - 1) ** 2
        for way, side in zip(_ways(mask), (within, outside), strict=True)
    )
    pulled = np.clip(share / (1 - within.pulls * deep), 0, 1)
    pulled = np.clip((pulled - outside.pulls * far) / (1 - outside.pulls * far), 0, 1)
    beyond = np.clip(_ways(mask)[1][unsure] / (COMMON_FROM * tall), 0, 1)
    plain = beyond * common  # what the background itself may be is not taken for hair
    pulled *= 1 - plain
    counts = MASK_COUNTS + within.counts * deep + outside.counts * far
    weight = SAMPLES_COUNT * trust + counts + COMMON_COUNTS * plain
    wanted = (SAMPLES_COUNT * trust * pulled + counts * (1 - plain) * said) / weight
    alpha[unsure] = wanted
    solve_shares(table, rows, columns, wanted, weight, alpha, 200, 1e-6)
    inner = slice(_BORDER_PX, -_BORDER_PX)
    return np.ascontiguousarray(np.clip(alpha, 0, 1)[inner, inner], np.float32)


def _widened(picture: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.copyMakeBorder(picture, *(_BORDER_PX,) * 4, cv2.BORDER_REPLICATE))


def _ways(
    mask: Alpha,
) -> tuple[Float32[np.ndarray, "height width"], Float32[np.ndarray, "height width"]]:
    """Measure how far each pixel lies inside the mask's edge, and how far outside it, in pixels."""
    solid = (mask > 0.5).astype(np.uint8)
    inside, outside = (cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (solid, 1 - solid))
    return np.asarray(inside), np.asarray(outside)


def _hair_zone(rows: int, *, chin: float, tall: float) -> Float32[np.ndarray, "rows 1"]:
    """Tell, row by row, whether the person's edge may be hair: 1 down to the chin, 0 at the chest."""
    down = np.arange(rows, dtype=np.float32)[:, None]
    return np.asarray(np.clip((chin + 0.6 * tall - down) / (0.5 * tall), 0, 1), np.float32)


def _joined(alpha: Alpha, tall: float) -> Alpha:
    """Drop what hangs together with the person nowhere, not even by a gap as wide as a hair."""
    some = (alpha > 0.12).astype(np.uint8)
    side = 2 * max(1, round(0.006 * tall)) + 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(some, np.ones((side, side), np.uint8)), connectivity=8
    )
    if count <= 2:  # the background and the person
        return alpha
    person = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.where((labels == person) | (labels == 0), alpha, np.float32(0))


def _smoothed(rgb: Colours, known: Bool[np.ndarray, "height width"]) -> Colours:
    """Take the grain off known pixels, by their known neighbours."""
    weight = known.astype(np.float32)
    total = cv2.blur(rgb * weight[..., None], (5, 5))
    return owned(
        np.asarray(total / np.maximum(cv2.blur(weight, (5, 5)), 1e-6)[..., None], np.float32)
    )
