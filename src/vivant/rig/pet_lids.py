"""The lids of an animal: fur is carried over the eye, and a dark line is left where the lids meet.

Cats and dogs close their eyes mostly from above. What a lid looks like no open eye shows: its slow colours are
filled in from the fur around the eye, its hairs are those just above.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.intake.pet_places import Axes, eye_outline
from vivant.intake.pet_points import PetPoints
from vivant.rig.layers import fill
from vivant.rig.pet import PetEye

COLUMNS = 33
MEETS = 0.78
"""How far down the lids meet, between the upper and the lower edge of the open eye."""
RIM = 0.055
"""Thickness of the dark line between closed lids, in eye heights."""
RING = 0.16
"""How far around an eye its dark rim and its shade go, in eye heights."""
ROOM = 0.9
"""How much of the photo about the eye is kept, in eye heights."""
HAIRS = 0.7
"""How much of the fur's own texture a lid has."""


def pet_eye(
    pixels: UInt8[np.ndarray, "height width 3"],
    points: PetPoints,
    side: str,
    depth: Float32[np.ndarray, "height width"],
) -> PetEye:
    """Find an eye's lids, and paint it closed.

    Args:
        pixels: The animal's colours.
        points: Complete, in their pixels.
        side: ``left`` or ``right`` in the picture.
        depth: Of the animal, over the picture.
    """
    upper, lower = lid_curves(pixels, points, side)
    closed = upper + MEETS * (lower - upper)
    tall = float((lower - upper)[:, 1].max())
    room = int(ROOM * tall) + 6
    every = np.vstack([upper, lower])
    height, width = pixels.shape[:2]
    x0, y0 = (max(0, int(v) - room) for v in every.min(0))
    x1, y1 = min(width, int(every[:, 0].max()) + room), min(height, int(every[:, 1].max()) + room)
    corner = np.array([x0, y0])
    shut = paint_shut(
        pixels[y0:y1, x0:x1], upper - corner, closed - corner, lower - corner, tall=tall
    )
    rows, columns = (np.clip(np.round(closed[:, k]).astype(int), 0, (height, width)[1 - k] - 1) for k in (1, 0))  # fmt: skip
    return PetEye(
        upper=upper.astype(np.float32),
        closed=closed.astype(np.float32),
        lower=lower.astype(np.float32),
        depth=depth[rows, columns],
        box=(x0, y0),
        shut=shut,
    )


def lid_curves(
    pixels: UInt8[np.ndarray, "height width 3"], points: PetPoints, side: str
) -> tuple[Float64[np.ndarray, "columns 2"], Float64[np.ndarray, "columns 2"]]:
    """Find where fur ends above and below an eye, column by column from corner to corner."""
    places, axes = points.places, Axes(points.places)
    outer, inner, top, bottom = (
        np.array(places[f"{side}-eye-{part}"]) for part in ("outer", "inner", "top", "bottom")
    )
    along, down = axes.level
    half = (
        max(abs(float((outer - inner) @ along)), 6.0) / 2,
        max(abs(float((bottom - top) @ down)), 4.0) / 2,
    )
    middle = ((outer + inner) @ along / 2) * along + ((top + bottom) @ down / 2) * down
    outline = eye_outline(
        cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY),
        (float(middle[0]), float(middle[1])),
        axes=axes,
        size=(half[0] / axes.apart, half[1] / axes.apart),
    )
    across, low = outline @ along, outline @ down
    first, last = int(np.argmin(across)), int(np.argmax(across))
    count = len(outline)
    clockwise = np.arange(first, first + ((last - first) % count) + 1) % count
    other = np.arange(first, first - ((first - last) % count) - 1, -1) % count
    at = across[first] + (across[last] - across[first]) * _spaced()
    curves = []
    for way in (clockwise, other):
        order = np.argsort(across[way], kind="stable")
        curves.append(np.interp(at, across[way][order], low[way][order]))
    one, two = curves
    if one.mean() > two.mean():
        one, two = two, one
    two = np.maximum(two, one)
    return at[:, None] * along + one[:, None] * down, at[:, None] * along + two[:, None] * down


def _spaced() -> Float64[np.ndarray, " columns"]:
    """Columns closer together toward the corners, where an outline is steep."""
    return np.asarray((1 - np.cos(np.linspace(0, np.pi, COLUMNS))) / 2)


def paint_shut(
    photo: UInt8[np.ndarray, "rows wide 3"],
    upper: Float64[np.ndarray, "columns 2"],
    closed: Float64[np.ndarray, "columns 2"],
    lower: Float64[np.ndarray, "columns 2"],
    *,
    tall: float,
) -> UInt8[np.ndarray, "rows wide 3"]:
    """Paint an eye closed.

    Args:
        photo: About the eye.
        upper: Where fur ends above it, in the photo's pixels.
        closed: Where the lids are to meet.
        lower: Where fur begins below it.
        tall: Height of the open eye, in pixels.
    """
    outline = np.vstack([upper, lower[::-1]])
    hole = _filled(photo.shape, outline)
    ring = max(2, round(RING * tall))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    unknown = cv2.dilate(hole, brush)
    smooth = fill(photo, (unknown < 128).astype(np.float32))
    smooth = np.asarray(cv2.GaussianBlur(smooth, (0, 0), max(1.0, 0.10 * tall)), np.float32)
    hairs = _hairs(photo, upper, closed, lower, reach=ring)
    lid = smooth + HAIRS * hairs
    lid *= _roundness(photo.shape, upper, closed, tall)[..., None]
    rim = np.percentile(photo[(hole > 128)].reshape(-1, 3), 8, axis=0) if (hole > 128).any() else np.zeros(3)  # fmt: skip
    line = _line(photo.shape, closed, max(1.2, RIM * tall))
    line = 0.82 * line[..., None]
    lid = lid * (1 - line) + rim * line
    grown = max(1, round(0.10 * tall))
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * grown + 1, 2 * grown + 1))
    cover = cv2.GaussianBlur(cv2.dilate(hole, brush), (0, 0), max(0.8, 0.075 * tall)) / 255.0
    out = photo * (1 - cover[..., None]) + lid * cover[..., None]
    return np.asarray(np.clip(np.rint(out), 0, 255), np.uint8)


def _filled(
    shape: tuple[int, ...], outline: Float64[np.ndarray, "n 2"]
) -> UInt8[np.ndarray, "rows wide"]:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask


def _line(
    shape: tuple[int, ...], curve: Float64[np.ndarray, "columns 2"], thick: float
) -> Float32[np.ndarray, "rows wide"]:
    """Draw a soft line that thins toward its ends."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    line = np.interp(x[0], curve[:, 0], curve[:, 1])[None]
    slope = np.gradient(line[0])[None]
    part = (x - curve[0, 0]) / max(float(curve[-1, 0] - curve[0, 0]), 1.0)
    taper = np.sqrt(np.clip(np.sin(np.pi * np.clip(part, 0, 1)), 0, 1))
    away = np.abs(y - line) / np.hypot(1, slope)
    return np.asarray(np.exp(-((away / (0.62 * thick * (0.35 + 0.65 * taper))) ** 2)) * np.minimum(taper * 2.5, 1), np.float32)  # fmt: skip


def _hairs(
    photo: UInt8[np.ndarray, "rows wide 3"],
    upper: Float64[np.ndarray, "columns 2"],
    closed: Float64[np.ndarray, "columns 2"],
    lower: Float64[np.ndarray, "columns 2"],
    *,
    reach: int,
) -> Float32[np.ndarray, "rows wide 3"]:
    """Take the hairs just above for the upper lid, and those just below for the lower one."""
    rows, wide = photo.shape[:2]
    colours = photo.astype(np.float32)
    fine = colours - cv2.GaussianBlur(colours, (0, 0), max(1.5, 0.5 * reach))
    y, x = np.mgrid[:rows, :wide].astype(np.float32)
    line = np.interp(x[0], closed[:, 0], closed[:, 1]).astype(np.float32)[None]
    tall = float((lower - upper)[:, 1].max())
    from_above = y - (MEETS * tall + 2 * reach)
    from_below = y + ((1 - MEETS) * tall + 2 * reach)
    source = np.where(y < line, from_above, from_below)
    return np.asarray(
        cv2.remap(fine, x, source.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT),
        np.float32,
    )  # fmt: skip


def _roundness(
    shape: tuple[int, ...],
    upper: Float64[np.ndarray, "columns 2"],
    closed: Float64[np.ndarray, "columns 2"],
    tall: float,
) -> Float32[np.ndarray, "rows wide"]:
    """Shade a lid as what lies over a ball: lighter in its middle, darker toward fold and corners."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    edge, line = (np.interp(x[0], curve[:, 0], curve[:, 1])[None] for curve in (upper, closed))
    down = np.clip((y - edge) / np.maximum(line - edge, 1.0), 0, 1)
    across = np.clip((x - upper[0, 0]) / max(float(upper[-1, 0] - upper[0, 0]), 1.0), 0, 1)
    ball = np.sin(np.pi * down) * np.sin(np.pi * across)
    fold = np.exp(-(((y - edge) / (0.10 * tall)) ** 2)) * np.sin(np.pi * across)
    under = np.exp(-(((y - line - 0.03 * tall) / (0.12 * tall)) ** 2)) * (y > line)
    return np.asarray(1 + 0.09 * ball - 0.05 * fold - 0.06 * under, np.float32)
