"""How cloth goes on past the photo: its slow light follows the outline, its weave is the photo's own, mirrored."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8
from scipy.ndimage import median_filter

from vivant.rig.completion_cuts import BELOW, Cut, Pads, Side
from vivant.rig.rig import Rig

EDGE = 0.012
"""The photo's last rows and columns are not trusted: scans and frames end in them. In face heights."""
RUNS_ON = 0.18
"""What runs on below the photo is what is usual in its last rows, over this many face heights."""
STREAK = 0.55
"""What is narrower than half of this, in face heights, ends a little below the photo."""
SLOW = 0.05
"""Light that changes over more than this, in face heights, is shading; what changes faster is cloth."""

Picture = Float32[np.ndarray, "height width 3"]
Alpha = Float32[np.ndarray, "height width"]


def grow_colours(
    rig: Rig,
    picture: UInt8[np.ndarray, "height width 3"],
    alpha: Alpha,
    grown: Float32[np.ndarray, "tall wide"],
    sides: tuple[Side, Side],
    pads: Pads,
) -> UInt8[np.ndarray, "tall wide 3"]:
    """Carry the cloth on into what was added."""
    height, tall = alpha.shape[0], rig.face_height_px
    size = (max(4, round(SLOW * tall)) * 2) | 1
    solid = (alpha > 0.95).astype(np.float32)
    known = cv2.copyMakeBorder(picture, 0, pads.below, pads.left, pads.right, cv2.BORDER_REPLICATE)
    out = known.astype(np.float32)
    weight = cv2.blur(solid, (size, size), borderType=cv2.BORDER_REFLECT)
    slow = cv2.blur(picture * solid[..., None], (size, size), borderType=cv2.BORDER_REFLECT)
    slow = slow / np.maximum(weight, 1e-4)[..., None]
    slow[weight < 0.02] = picture[weight < 0.02]
    weave = _weave(picture.astype(np.float32), tall) * solid[..., None]
    inside = np.asarray(cv2.distanceTransform((grown > 0.5).astype(np.uint8), cv2.DIST_L2, 5))
    for side, mirrored in zip(sides, (False, True), strict=True):
        pad = 0 if side.lost else pads.right if mirrored else pads.left
        for bulge in side.bulges if pad else ():
            first, end = round(bulge.first - bulge.wide), round(bulge.last + bulge.wide)
            rows = slice(max(0, first), min(height, end))
            across = (out[:, ::-1] if mirrored else out)[rows]
            edge = max(2, round(EDGE * tall))
            across[:, : pad + edge] = across[:, pad + edge : 2 * (pad + edge)][:, ::-1]
        cut = side.shoulder
        if cut is None or not pad:
            continue
        views = (out, slow, weave, inside)
        if mirrored:
            views = tuple(view[:, ::-1] for view in views)  # type: ignore[assignment]
        _beside(*views, cut=cut, pad=pad, rows=height, tall=tall)
    if pads.below:
        _below(out, (grown > 0.95).astype(np.float32), pads, height=height, tall=tall)
    return np.round(np.clip(out, 0, 255)).astype(np.uint8)


def _beside(
    out: Float32[np.ndarray, "tall wide 3"],
    slow: Picture,
    weave: Picture,
    inside: Float32[np.ndarray, "tall wide"],
    *,
    cut: Cut,
    pad: int,
    rows: int,
    tall: float,
) -> None:
    """Paint the columns left of the photo: light by the way from the outline, weave by mirror."""
    edge = max(2, round(EDGE * tall))
    pad, slow, weave = pad + edge, slow[:, edge:], weave[:, edge:]
    tops = cut.top[edge:] - cut.top[edge]
    first = int(cut.top[edge])
    depth = np.maximum.accumulate(inside[first:rows, pad])
    x = np.arange(pad, dtype=np.float32)[None].repeat(rows, axis=0)
    row = np.interp(
        inside[:rows, :pad], depth + np.arange(len(depth)) * 1e-4, np.arange(first, rows)
    )
    row = row.astype(np.float32)
    away = pad - x
    reach = len(tops) - 2
    back_and_forth = reach - np.abs(reach - np.mod(away, 2 * reach))
    shear = np.interp(back_and_forth, np.arange(len(tops)), tops)
    there = np.clip(row + shear, 0, rows - 1).astype(np.float32)
    near = np.minimum(back_and_forth, 0.10 * tall * (1 - np.exp(-away / (0.10 * tall))))
    near_shear = np.interp(near, np.arange(len(tops)), tops)
    light = _at(slow, near.astype(np.float32), (row + near_shear).astype(np.float32))
    made = light + _at(weave, back_and_forth.astype(np.float32), there)
    seam = out[:rows, pad : pad + 1] - made[:, pad - 1 : pad]
    lost = np.exp(-away / (0.08 * tall))[..., None]
    made += cv2.GaussianBlur(seam, (1, 9), 2.0).reshape(rows, 1, 3) * lost
    top = max(0, first - 3)
    out[top:rows, : pad - edge] = made[top:, : pad - edge]
    out[first:rows, pad - edge : pad] = made[first:, pad - edge :]  # the photo's own last columns
    out[rows:, :pad] = out[rows - 1 : rows, :pad]


def _below(out: Picture, solid: Alpha, pads: Pads, *, height: int, tall: float) -> None:
    """Paint the rows below the photo: what meets its lower edge runs on down, ever softer and a little darker."""
    edge = max(2, round(EDGE * tall))
    height, count = height - edge, pads.below + edge
    reach = min(height, max(8, round(RUNS_ON * tall)))
    size = (out.shape[1], 24)
    band, seen = (
        cv2.resize(part[height - reach : height], size, interpolation=cv2.INTER_AREA)
        for part in (out * solid[..., None], solid)
    )
    known = seen.max(0) > 0.9
    if not known.any():
        return
    band = band / np.maximum(seen, 0.05)[..., None]
    band[seen < 0.9] = np.nan
    middle = np.full((out.shape[1], 3), np.nan, np.float32)
    middle[known] = np.nanmedian(band[:, known], axis=0)  # a button or a badge does not run on
    at = np.flatnonzero(known)
    for channel in range(3):
        middle[:, channel] = np.interp(np.arange(len(middle)), at, middle[at, channel])
    middle = middle[None]
    down = np.arange(count, dtype=np.float32)
    made = np.empty((count, *out.shape[1:]), np.float32)
    made[:] = cv2.GaussianBlur(middle, (0, 0), 0.008 * tall, sigmaY=0.1).reshape(1, -1, 3)
    width = min(middle.shape[1], round(STREAK * tall) | 1)
    plain = median_filter(middle, size=(1, width, 1), mode="nearest")  # no streak runs on far
    for sigma, begins in ((0.02, 0.0), (0.06, 0.2), (0.16, 0.6)):
        soft = cv2.GaussianBlur(plain, (0, 0), sigma * tall, sigmaY=0.1)
        share = np.clip((down / tall - begins) / 0.3, 0, 1)[:, None, None]
        made = made * (1 - share) + soft.reshape(1, -1, 3) * share
    span = round(0.5 * tall)
    mirrored = height - 1 - (span - np.abs(span - down.astype(int) % (2 * span)))
    weave = _weave(out[:height], tall)[np.clip(mirrored, 0, height - 1)]
    seam = (out[height - 6 : height].mean(0) - made[0]) * solid[height - 1, :, None]
    seam = cv2.GaussianBlur(seam[None], (0, 0), 0.02 * tall, sigmaY=0.1)
    made += seam.reshape(1, -1, 3) * np.exp(-down / (0.07 * tall))[:, None, None]
    weave *= (0.4 + 0.6 * np.exp(-down / (0.2 * tall)))[:, None, None]
    made = (made + weave) * (1 - 0.16 * np.clip(down / (BELOW * tall), 0, 1))[:, None, None]
    out[height:] = made


def _weave(picture: Picture, tall: float) -> Picture:
    """Take cloth and grain out of a picture, and leave behind what stands out from them: seams, badges, folds."""
    fine = picture - cv2.GaussianBlur(picture, (0, 0), max(1.0, 0.012 * tall))
    strength = cv2.GaussianBlur(np.abs(fine).max(2), (0, 0), max(1.5, 0.02 * tall))
    usual = float(np.median(strength[-round(0.8 * tall) :]))
    return np.asarray(fine * np.clip(1.5 * usual / (strength + 1e-3), 0, 1)[..., None] ** 3)


def _at(
    picture: Picture, x: Float32[np.ndarray, "h w"], y: Float32[np.ndarray, "h w"]
) -> Float32[np.ndarray, "h w 3"]:
    return np.asarray(
        cv2.remap(
            np.ascontiguousarray(picture), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
    )
