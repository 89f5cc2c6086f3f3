"""How a person's outline goes on past the photo: shoulders round off, arms hang, sleeves come back."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Float64

from vivant.rig.completion_cuts import ARM_FLARE, Bulge, Cut, Pads, Side
from vivant.rig.rig import Rig

Alpha = Float32[np.ndarray, "height width"]
Curve = Float64[np.ndarray, "points 2"]


def grow_alpha(
    rig: Rig, alpha: Alpha, left: Side, right: Side, pads: Pads
) -> Float32[np.ndarray, "tall wide"]:
    """Draw the matte of the wider picture."""
    height, width = alpha.shape
    tall = rig.face_height_px
    size = (height + pads.below, width + pads.left + pads.right)
    out = np.zeros(size, np.float32)
    out[:height, pads.left : pads.left + width] = alpha
    if pads.below:
        beside = (0 if left.shoulder else pads.left, 0 if right.shoulder else pads.right)
        wider = np.pad(alpha, ((0, 0), beside))
        first = pads.left - beside[0]
        out[height:, first : first + wider.shape[1]] = _downwards(
            wider, pads.below, tall, on_from=(left.shoulder is not None, right.shoulder is not None)
        )
    for side, half, mirrored in ((left, pads.left_half, False), (right, pads.right_half, True)):
        cut, pad = side.shoulder, pads.right if mirrored else pads.left
        if side.lost:
            continue
        beside_photo = (out[:, ::-1] if mirrored else out)[:, :pad]
        for bulge in side.bulges:
            shape = _bulging(bulge) + np.array([pad, 0])
            np.maximum(beside_photo, _filled(shape, beside_photo.shape), out=beside_photo)
        if cut is None:
            continue
        way = width - 1 - pads.axis if mirrored else pads.axis
        curve = _outline(cut, way=way, half=half, tall=tall, bottom=size[0])
        shape = np.vstack([curve, [[2.0, size[0] + 4.0]], [[2.0, cut.row]]])
        drawn = _filled(shape + np.array([pad, 0]), (size[0], pad + 3))
        view = out[:, ::-1] if mirrored else out
        np.maximum(view[:, :pad], drawn[:, :pad], out=view[:, :pad])
        below = view[height:, pad : pad + round(0.5 * tall)]
        below[:] = np.maximum(below, np.minimum(1, view[height - 1, pad : pad + below.shape[1]]))
    return out


def _outline(cut: Cut, *, way: float, half: float, tall: float, bottom: float) -> Curve:
    """Carry a shoulder's outline on, outwards and down, from the left edge (x below 0) to the bottom.

    A Bezier curve leaves the photo as the outline does and ends as a hanging arm.
    """
    wide = half - way
    drop = 0.8 * cut.steep * wide + 0.42 * tall * min(1.0, wide / (0.35 * tall))
    start = np.array([0.0, cut.row])
    end = np.array([-wide, cut.row + drop])
    leave = np.array([-1.0, cut.steep]) / np.hypot(1.0, cut.steep)
    reach = min(0.6 * wide * np.hypot(1.0, cut.steep), 0.7 * drop / max(cut.steep, 0.3))
    handles = (start + leave * reach, end - np.array([0.0, 0.5 * drop]))
    t = np.linspace(0, 1, 48)[:, None]
    curve = (
        (1 - t) ** 3 * start
        + 3 * (1 - t) ** 2 * t * handles[0]
        + 3 * (1 - t) * t**2 * handles[1]
        + t**3 * end
    )
    fall = max(0.0, bottom - end[1]) + 4
    arm = np.array([end + fall * s * np.array([-ARM_FLARE, 1.0]) for s in np.linspace(0, 1, 12)])
    return np.vstack([curve, arm[1:]])


def _bulging(bulge: Bulge) -> Curve:
    """Carry a sleeve on past the left edge, and back."""
    reach = bulge.wide / 0.75
    corners = np.array(
        [
            [0, bulge.first],
            [-reach, bulge.first + bulge.leaves * reach],
            [-reach, bulge.last + bulge.returns * reach],
            [0, bulge.last],
        ]
    )
    if corners[2, 1] - corners[1, 1] < 0.3 * (bulge.last - bulge.first):  # the outlines would cross
        corners[1:3, 1] = corners[[0, 3], 1]
    t = np.linspace(0, 1, 40)[:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3])
    return np.vstack([weights @ corners, [[3, bulge.last], [3, bulge.first]]])


def _downwards(
    alpha: Alpha, rows: int, tall: float, *, on_from: tuple[bool, bool]
) -> Float32[np.ndarray, "added width"]:
    """Carry the matte on below: each edge goes on as it came, and ever more straight down.

    ``on_from`` says whether what is made beside the photo, at its left and right, goes on into it.
    """
    height, width = alpha.shape
    last = (alpha[height - 3] > 0.5).astype(np.uint8)[None]
    narrow = np.ones((1, round(0.12 * tall) | 1), np.uint8)  # gaps that an arm would close
    last = cv2.morphologyEx(last, cv2.MORPH_CLOSE, narrow)[0] > 0
    for side, joined in zip((last, last[::-1]), on_from, strict=True):
        if joined and side.any() and side.argmax() < 0.35 * tall:
            side[: side.argmax()] = True
    seen = max(4, round(0.25 * tall))
    down = np.arange(rows, dtype=np.float64)
    eased = 0.45 * tall * (1 - np.exp(-down / (0.45 * tall)))
    out = np.zeros((rows, width), np.float32)
    flips = np.flatnonzero(np.diff(np.r_[False, last, False].astype(np.int8)))
    for first, end in zip(flips[::2], flips[1::2], strict=True):
        if end - first < 0.06 * tall:
            continue
        edges = []
        for at, outer, way in (
            (first, first == flips[0], -1),
            (end - 1, end == flips[-1], 1),
        ):
            slope = _slope(alpha, int(at), seen) if outer and 0 < at < width - 1 else 0.0
            x = float(at) if 0 < at < width - 1 else float(at) + (-4 if at == 0 else 4)
            edges.append(np.c_[x + slope * eased + way * 0.5 * ARM_FLARE * down, down])
        shape = np.vstack([edges[0], edges[1][::-1]])
        shape = np.vstack([shape, [[edges[1][0, 0], -4.0]], [[edges[0][0, 0], -4.0]]])
        out = np.maximum(out, _filled(shape, out.shape))
    return out


def _slope(alpha: Alpha, column: int, rows: int) -> float:
    """Tell how an edge that meets the photo's bottom at a column came down."""
    height, width = alpha.shape
    found, x = [], column
    inside = alpha[height - 3, min(column + 2, width - 1)] > 0.5
    step = 1 if inside else -1  # toward the inside
    for y in range(height - 3, max(0, height - 3 - rows), -1):
        row = alpha[y] > 0.5
        while 0 < x < width - 1 and not row[x]:
            x += step
        while 0 < x < width - 1 and row[x - step]:
            x -= step
        found.append(x)
    slope = -np.polyfit(np.arange(len(found)), found, 1)[0] if len(found) > 4 else 0.0
    return float(np.clip(slope, -0.35, 0.35))


def _filled(shape: Curve, size: tuple[int, ...]) -> Alpha:
    """Fill a polygon, its edge soft by a pixel."""
    drawn = np.zeros(size, np.uint8)
    cv2.fillPoly(drawn, [np.round(shape * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.8), np.float32) / 255
