"""One photo of a person becomes another: both faces are brought into register, then one gives way to the other.

The register is a smooth field of shifts between the landmarks of both, in heights of the face from the middle of the eyes.
What gives way does so unevenly, as mist does, from below upward: clothes first, the face last and evenly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Float32, UInt32

from vivant.media.face import FACE_OVAL
from vivant.render.bust.staging import BustLayer
from vivant.rig.rig import Rig

Eyes = tuple[float, float]
REACH = 1.5
"""The field reaches this far from the eyes, in face heights."""
CELLS = 96
SOFT = 0.09
"""A landmark moves what is around it, with this sigma, in face heights."""
GONE = 0.12
"""Where landmarks weigh less than this, the field fades away."""
EDGE = 0.26
"""Width of the front along which one gives way to the other, as a share of the whole way."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Register:
    """How the first photo's face has to be shifted to lie on the second's."""

    shift: Float32[np.ndarray, "cells cells 2"]
    """Right and down, in face heights, from -REACH to REACH."""


def register(first: Rig, second: Rig) -> Register:
    """Find the shifts between two photos of one person."""
    a, b = _upright(first), _upright(second)
    grid = np.linspace(-REACH, REACH, CELLS, dtype=np.float32)
    x, y = np.meshgrid(grid, grid)
    weight = np.zeros((CELLS, CELLS), np.float32)
    total = np.zeros((CELLS, CELLS, 2), np.float32)
    for place, shift in zip(a, b - a, strict=True):
        near = np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / (2 * SOFT**2))
        weight += near
        total += near[..., None] * shift
    return Register(shift=total / (weight + GONE)[..., None])


def _upright(rig: Rig) -> Float32[np.ndarray, "points 2"]:
    """Give some landmarks from the middle of the eyes, in face heights: the outline, and every third point inside."""
    points = rig.landmarks[:, :2]
    eyes = points[[468, 473]].mean(axis=0)
    chosen = sorted(set(FACE_OVAL) | set(range(0, 468, 3)))
    return np.asarray((points[chosen] - eyes) / rig.face_height_px, np.float32)


def shifted(layer: BustLayer, field: Register, *, share: float, eyes_px: Eyes) -> BustLayer:
    """Move a living photo by a share of the field.

    Args:
        layer: The photo at one moment.
        field: The register.
        share: 1 moves the first photo onto the second; negative shares move the second toward the first.
        eyes_px: Middle of the eyes in the film.
    """
    eyes = (eyes_px[0] - layer.left, eyes_px[1] - layer.top)
    half = ((eyes[0] - 0.5) / 2, (eyes[1] - 0.5) / 2)
    return replace(
        layer,
        texels=_moved(layer.texels, field, share, eyes, layer.face_px),
        round=_moved(layer.round, field, share, half, layer.face_px / 2),
    )


def _moved(
    packed: UInt32[np.ndarray, "rows columns"],
    field: Register,
    share: float,
    eyes_px: Eyes,
    face_px: float,
) -> UInt32[np.ndarray, "rows columns"]:
    height, width = packed.shape
    columns = (np.arange(width, dtype=np.float32) - np.float32(eyes_px[0])) / np.float32(face_px)
    rows = (np.arange(height, dtype=np.float32) - np.float32(eyes_px[1])) / np.float32(face_px)
    scale = np.float32((CELLS - 1) / (2 * REACH))
    x, y = np.meshgrid((columns + np.float32(REACH)) * scale, (rows + np.float32(REACH)) * scale)
    shift = np.asarray(cv2.remap(field.shift, x, y, cv2.INTER_LINEAR), np.float32)
    shift *= np.float32(share * face_px)
    from_x = np.arange(width, dtype=np.float32)[None] - shift[..., 0]
    from_y = np.arange(height, dtype=np.float32)[:, None] - shift[..., 1]
    bytes_ = np.ascontiguousarray(packed).view(np.uint8).reshape(height, width, 4)
    moved = cv2.remap(bytes_, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(moved).view(np.uint32).reshape(height, width)


def gives_way(
    height: int, width: int, *, amount: float, eyes_px: Eyes, face_px: float
) -> Float32[np.ndarray, "height width"]:
    """Tell where the second photo is seen, 0..1: a soft, torn front rises from the hem; a face changes as a whole."""
    y = (np.arange(height, dtype=np.float32)[:, None] - eyes_px[1]) / face_px
    x = (np.arange(width, dtype=np.float32)[None] - eyes_px[0]) / face_px
    rises = np.clip((1.9 - y) / 3.0, 0, 1)
    torn = rises + 0.10 * (_mist(height, width, face_px) - 0.5)
    near = np.exp(-(((x / 0.62) ** 2 + ((y - 0.16) / 0.78) ** 2) ** 2))
    order = np.clip(torn, 0, 1.05) * (1 - near) + 0.52 * near
    t = np.clip((amount * (1.05 + EDGE) - order) / EDGE, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _mist(height: int, width: int, face_px: float) -> Float32[np.ndarray, "height width"]:
    """Slow noise, 0..1, always the same."""
    rng = np.random.default_rng(5)
    total = np.zeros((height, width), np.float32)
    for cells, share in ((2.0, 0.6), (5.0, 0.3), (11.0, 0.1)):
        size = (max(2, int(width / face_px * cells) + 2), max(2, int(height / face_px * cells) + 2))
        grid = rng.random((size[1], size[0])).astype(np.float32)
        total += share * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(total, 0, 1)
