"""The roundness of a photographed person: which way each place faces, and how the photo was lit.

The face has the mesh's own shape; hair, hat and shoulders are taken as inflated from the matte. What the
photo's lamp did to the face is a slow function of these directions; it is found by least squares, and
most of it is taken off, so that the set can light the person instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, Float64
from scipy.interpolate import LinearNDInterpolator

from vivant.media.face import FACE_OVAL
from vivant.rig.rig import Rig

SMOOTH = 0.022
"""Directions are smooth over this share of the face height: finer ones gave evil eyes."""
FORWARD = 0.25
"""Directions lean to the camera by this, as light that wraps around."""
ROUND = 0.55
"""How far from its edge a body is still round, in face heights."""
UNLIT, UNLIT_BESIDE = 0.45, 0.12
"""The share of the photo's lighting that is taken off the face, and off the rest."""
MOST_STOPS = 0.5
"""No place is lightened or darkened by more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """Fields over the photo."""

    normals: Float32[np.ndarray, "height width 3"]
    """Unit vectors: right, up, toward the camera."""
    stops: Float32[np.ndarray, "height width"]
    """By how many stops each place is to be lightened to take the photo's lamp off."""


def shape_of(rig: Rig, alpha: Float32[np.ndarray, "height width"]) -> Shape:
    """Find the shape of a person in half the rig's pixels.

    Args:
        rig: The person.
        alpha: The matte, 0..1, as large as the rig's photo.
    """
    height, width = alpha.shape
    size = (max(2, width // 2), max(2, height // 2))
    part = np.array([size[0] / width, size[1] / height])
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    tall = rig.face_height_px * float(part[1])
    points = rig.landmarks.astype(np.float64).copy()
    points[:, :2] = (points[:, :2] + 0.5) * part - 0.5
    points[:, 2] *= part[1]
    face = _face_normals(points[:468], size)
    body = inflated(small, tall)
    outline = points[list(FACE_OVAL), :2]
    mask = np.zeros(small.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    within = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 0.05 * tall)
    inner = np.clip(within * 2 - 1, 0, 1)[..., None]
    normals = face * inner + body * (1 - inner)
    normals = np.array(cv2.GaussianBlur(normals, (0, 0), SMOOTH * tall), np.float32)
    normals[..., 2] += FORWARD
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-3)
    rgb = cv2.resize(rig.person, size, interpolation=cv2.INTER_AREA)
    return Shape(
        normals=normals.astype(np.float32),
        stops=_unlit(rgb.astype(np.float32), normals, (mask > 127) & (small > 0.9), within),
    )


def _face_normals(
    points: Float64[np.ndarray, "468 3"], size: tuple[int, int]
) -> Float32[np.ndarray, "rows columns 3"]:
    """Slope of the face's mesh; away from it, facing the camera."""
    x0, y0 = np.floor(points[:, :2].min(0)).astype(int)
    x1, y1 = np.ceil(points[:, :2].max(0)).astype(int) + 1
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(size[0], x1), min(size[1], y1)
    out = np.zeros((size[1], size[0], 3), np.float32)
    out[..., 2] = 1
    if x1 - x0 < 4 or y1 - y0 < 4:
        return out
    columns, rows = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
    depth = LinearNDInterpolator(points[:, :2], points[:, 2])(columns, rows)
    depth = np.where(np.isfinite(depth), depth, np.nanmax(depth)).astype(np.float32)
    down, right = np.gradient(cv2.GaussianBlur(depth, (0, 0), 1.5))
    slope = np.dstack([right, -down, np.ones_like(right)])  # z grows away from the camera
    out[y0:y1, x0:x1] = slope / np.linalg.norm(slope, axis=2, keepdims=True)
    return out


def inflated(
    alpha: Float32[np.ndarray, "rows columns"], tall: float
) -> Float32[np.ndarray, "rows columns 3"]:
    """Blow the matte up like a cushion. The picture's own edges are no edges of the person."""
    room = int(ROUND * tall) + 2
    solid = cv2.copyMakeBorder(
        (alpha > 0.5).astype(np.uint8), room, room, room, room, cv2.BORDER_REPLICATE
    )
    away = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    inward = np.clip(1 - away / (ROUND * tall), 0, 1)
    height = ROUND * tall * np.sqrt(np.maximum(1 - inward * inward, 0))
    height = cv2.GaussianBlur(height, (0, 0), 0.05 * tall)[room:-room, room:-room]
    down, right = np.gradient(height)
    slope = np.dstack([-right, down, np.ones_like(right)])
    return np.asarray(slope / np.linalg.norm(slope, axis=2, keepdims=True), np.float32)


def _unlit(
    rgb: Float32[np.ndarray, "rows columns 3"],
    normals: Float32[np.ndarray, "rows columns 3"],
    face: np.ndarray,
    within: Float32[np.ndarray, "rows columns"],
) -> Float32[np.ndarray, "rows columns"]:
    """Fit the light of the face by its directions; give most of the difference back."""
    if face.sum() < 200:
        return np.zeros(within.shape, np.float32)
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    bright = np.log2(np.maximum((luma / 255) ** 2.2, 2e-3))
    terms = np.column_stack([np.ones(int(face.sum())), normals[face]])
    seen = bright[face].astype(np.float64)
    weight = np.ones(len(seen))
    fit = np.zeros(4)
    for _ in range(4):  # brows, glasses and beards are not light: they lose their say
        scaled = terms * weight[:, None]
        fit = np.linalg.solve(
            scaled.T @ terms + 0.02 * len(seen) * np.diag([0, 1, 1, 1]), scaled.T @ seen
        )
        weight = 1 / (1 + ((seen - terms @ fit) / 0.5) ** 2)
    level = float(np.median(terms @ fit))
    light = fit[0] + normals @ fit[1:].astype(np.float32) - level
    share = UNLIT_BESIDE + (UNLIT - UNLIT_BESIDE) * within
    return np.asarray(np.clip(-light * share, -MOST_STOPS, MOST_STOPS), np.float32)
