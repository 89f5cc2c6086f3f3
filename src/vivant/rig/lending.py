"""What other photos of the same person lend: an open smile gives real teeth, closed eyes give real lids.

A lent photo is laid over the base photo by the parts of the face that do not move (eyes' corners and the
nose), and its colours are brought to the base's by the skin of the cheeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float64, UInt8

from vivant.intake.portrait import Portrait
from vivant.rig.ground import Ground

STILL = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 1, 2)
"""Points that neither speech nor a blink moves."""
CHEEKS = (50, 280, 205, 425)
OPEN_MOUTH = 0.08
"""Gap of the lips over the mouth's width, from which teeth may be lent."""
SHUT_EYES = 0.25
"""Openness of the eyes up to which lids may be lent."""
TURNED_DEG = 14.0
"""A head turned further than this from the base lends nothing: its parts would not lie right."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loan:
    """Another photo of the same person, in the base's place, scale and light."""

    rgb: UInt8[np.ndarray, "height width 3"]
    """At the size of the base's ground."""
    points: Float64[np.ndarray, "478 2"]
    """Its landmarks, in rig pixels."""


def borrow_teeth(ground: Ground, base: Portrait, helpers: Sequence[Portrait]) -> Loan | None:
    """Find the photo with the widest open mouth that can lend its teeth."""
    able = [p for p in helpers if p.quality.mouth_open >= OPEN_MOUTH and _like(base, p)]
    if not able or base.quality.mouth_open >= OPEN_MOUTH:
        return None
    return lay_over(ground, max(able, key=lambda p: (p.quality.mouth_open, p.photo_id)))


def borrow_lids(ground: Ground, base: Portrait, helpers: Sequence[Portrait]) -> Loan | None:
    """Find the photo with the most closed eyes that can lend its lids."""
    able = [p for p in helpers if p.quality.eyes_open <= SHUT_EYES and _like(base, p)]
    return (
        lay_over(ground, min(able, key=lambda p: (p.quality.eyes_open, p.photo_id)))
        if able
        else None
    )


def _like(base: Portrait, other: Portrait) -> bool:
    turned = abs(base.quality.yaw_deg - other.quality.yaw_deg)
    return turned <= TURNED_DEG and base.quality.is_grey == other.quality.is_grey


def lay_over(ground: Ground, portrait: Portrait) -> Loan:
    """Bring a photo to the base's place, scale and light."""
    flat = (
        portrait.landmarks[:, :2].astype(np.float64) - 0.5
    )  # pixel centres are whole numbers here
    theirs = flat[list(STILL)]
    ours = ground.landmarks[list(STILL), :2].astype(np.float64)
    move = _similarity(theirs, ours)
    size = (ground.rgb.shape[1], ground.rgb.shape[0])
    rgb = cv2.warpAffine(
        portrait.picture.pixels, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    points = flat @ move[:, :2].T + move[:, 2]
    gain = _cheeks(ground.rgb, ground.landmarks[:, :2]) / np.maximum(_cheeks(rgb, points), 1.0)
    lit = np.clip(rgb * np.clip(gain, 0.5, 2.0), 0, 255)
    return Loan(rgb=np.round(lit).astype(np.uint8), points=points)


def _similarity(
    theirs: Float64[np.ndarray, "n 2"], ours: Float64[np.ndarray, "n 2"]
) -> Float64[np.ndarray, "2 3"]:
    """Least-squares turn, scale and shift from one set of points to another (Umeyama 1991)."""
    a, b = theirs - theirs.mean(0), ours - ours.mean(0)
    power = float((a * a).sum())
    cosine = float((a * b).sum()) / power
    sine = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / power
    turn = np.array([[cosine, -sine], [sine, cosine]])
    shift = ours.mean(0) - turn @ theirs.mean(0)
    return np.concatenate([turn, shift[:, None]], axis=1)


def _cheeks(
    rgb: UInt8[np.ndarray, "h w 3"], points: Float64[np.ndarray, "n 2"]
) -> Float64[np.ndarray, " 3"]:
    """Median colour of the cheeks."""
    side = max(2, round(float(np.linalg.norm(points[10] - points[152])) * 0.03))
    patches = []
    for x, y in np.round(points[list(CHEEKS)]).astype(int):
        patch = rgb[max(0, y - side) : y + side, max(0, x - side) : x + side].reshape(-1, 3)
        patches.append(patch)
    every = np.concatenate(patches)
    return np.median(every, axis=0) if len(every) else np.full(3, 128.0)
