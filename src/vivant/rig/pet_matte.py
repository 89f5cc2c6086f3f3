"""Parts an animal from its background: its points say where its head must be, the photo's colours decide the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.intake.pet_places import Axes
from vivant.intake.pet_points import PetPoints, Place
from vivant.media.face import CHIN
from vivant.rig.ground import Ground
from vivant.rig.matting import matte

WORK_PX = 420
"""Longest side of the picture in which fur and background are told apart by colour."""
ROUNDS = 6
EAR_SURE = 0.96
"""The inner share of a tapped ear's triangle that is the animal for certain."""
HEAD = {"cat": (1.12, 1.02), "dog": (1.02, 0.95), "other": (1.05, 0.95)}
"""Half the width of a head, and its crown above the eyes, in distances between the eyes."""


def pet_matte(
    pixels: UInt8[np.ndarray, "height width 3"],
    points: PetPoints,
    *,
    face_height_px: float,
    shown: Sequence[str] = (),
) -> Float32[np.ndarray, "height width"]:
    """Tell the share of the animal in each pixel.

    Args:
        pixels: The photo, cut about the animal.
        points: Complete, in its pixels.
        face_height_px: From the brow to the chin.
        shown: Sides on which somebody has said where the ear is.

    Returns:
        0..1, down to single hairs.
    """
    height, width = pixels.shape[:2]
    small = min(1.0, WORK_PX / max(height, width))
    size = (max(8, round(width * small)), max(8, round(height * small)))
    picture = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    labels = _beliefs(size, points.scaled(small), shown)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    if (labels == cv2.GC_BGD).any() or (labels == cv2.GC_PR_BGD).any():
        cv2.setRNGSeed(1)
        cv2.grabCut(
            picture[..., ::-1].copy(), labels, (0, 0, 1, 1), *models, ROUNDS, cv2.GC_INIT_WITH_MASK
        )
    inside = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    inside = _whole(inside, points.scaled(small))
    mask = cv2.resize(inside.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(1.0, 0.7 / small)), np.float32)
    return np.asarray(matte(_ground(pixels, mask, face_height_px), _face(pixels.shape, points)))


def _beliefs(
    size: tuple[int, int], points: PetPoints, shown: Sequence[str]
) -> UInt8[np.ndarray, "rows columns"]:
    """Say where the animal is for certain, likely, unlikely, and not."""
    places, axes = points.places, Axes(points.places)
    y, x = np.mgrid[: size[1], : size[0]].astype(np.float64)
    along, down = axes.level
    right = ((x - axes.middle[0]) * along[0] + (y - axes.middle[1]) * along[1]) / axes.apart
    below = ((x - axes.middle[0]) * down[0] + (y - axes.middle[1]) * down[1]) / axes.apart
    wide, crown = HEAD.get(points.animal, HEAD["other"])
    chin = float((np.array(places["chin"]) - axes.middle) @ down) / axes.apart
    head = _ellipse(right, below, wide, crown, chin)
    labels = np.full(size[::-1], cv2.GC_PR_BGD, np.uint8)
    body = (below > 0.6 * chin) & (np.abs(right) < wide * (0.75 + 0.55 * np.clip(below - chin, 0, 2)))  # fmt: skip
    labels[body | (head < 1.25)] = cv2.GC_PR_FGD
    ears = np.zeros(size[::-1], np.uint8)
    for side in ("left", "right"):
        cv2.fillPoly(ears, [np.round(_ear(places, side) * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    labels[ears > 0] = cv2.GC_PR_FGD
    far = (below < chin) & (head > 5.5) & (cv2.dilate(ears, np.ones((9, 9), np.uint8)) == 0)
    labels[far] = cv2.GC_BGD
    labels[head < 0.62] = cv2.GC_FGD
    neck = (below >= 0.5 * chin) & (below < chin + 0.5) & (np.abs(right) < 0.42 * wide)
    labels[neck] = cv2.GC_FGD
    for side in shown:
        corners = _ear(places, side)
        cv2.fillPoly(labels, [np.round((corners.mean(0) + (corners - corners.mean(0)) * EAR_SURE) * 16).astype(np.int32)], cv2.GC_FGD, cv2.LINE_8, 4)  # fmt: skip
    return labels


def _ear(places: Mapping[str, Place], side: str) -> Float64[np.ndarray, "3 2"]:
    return np.array([places[f"{side}-ear-{part}"] for part in ("tip", "outer", "inner")])


def _ellipse(
    right: Float64[np.ndarray, "rows columns"],
    below: Float64[np.ndarray, "rows columns"],
    wide: float,
    crown: float,
    chin: float,
) -> Float64[np.ndarray, "rows columns"]:
    """Give 1 along a head's outline, less inside."""
    middle = (chin - crown) / 2
    tall = (chin + crown) / 2
    return np.asarray((right / wide) ** 2 + ((below - middle) / tall) ** 2)


def _whole(
    inside: UInt8[np.ndarray, "rows columns"], points: PetPoints
) -> UInt8[np.ndarray, "rows columns"]:
    """Keep what hangs together with the face, and fill its holes."""
    side = 2 * max(1, round(0.02 * Axes(points.places).apart)) + 1
    inside = cv2.morphologyEx(inside, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    _, labels = cv2.connectedComponents(inside)
    x, y = (int(v) for v in Axes(points.places).middle)
    here = int(labels[np.clip(y, 0, labels.shape[0] - 1), np.clip(x, 0, labels.shape[1] - 1)])
    kept = (labels == here).astype(np.uint8) if here else inside
    outside = cv2.copyMakeBorder(1 - kept, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    outside[-1] = 0  # what the photo's lower edge closes is a hole too
    cv2.floodFill(outside, None, (0, 0), 2)
    return np.asarray((outside[1:-1, 1:-1] != 2) | (kept > 0), np.uint8)


def _face(shape: tuple[int, ...], points: PetPoints) -> UInt8[np.ndarray, "height width"]:
    """255 between eyes, nose and mouth, which is the animal for certain."""
    names = ("left-eye-outer", "left-eye-top", "right-eye-top", "right-eye-outer", "mouth")
    corners = np.array([points.places[name] for name in names])
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(corners).astype(np.int32)), 255)
    return mask


def _ground(
    pixels: UInt8[np.ndarray, "height width 3"],
    mask: Float32[np.ndarray, "height width"],
    face_height_px: float,
) -> Ground:
    """Put the photo before the matte for people: all of an animal is hair, so its 'chin' lies at the very bottom."""
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[CHIN, 1] = pixels.shape[0]
    return Ground(
        rgb=pixels,
        landmarks=landmarks,
        person=np.clip(mask, 0, 1),
        face_height_px=face_height_px,
        scale=1.0,
        offset_px=(0.0, 0.0),
        cut=(False, False, False, False),
    )
