"""How skin changes as it moves: folds of a smile, lines of a raised brow, drawn as changes of luma.

Each sheet is a signed change of Y' at full effect, in the photo's own place; the renderer adds the
sheets by the weights of the shapes they belong to. Sheets are strong where the photo shows lines already
and faint in smooth skin, so that a child gets no crow's feet.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float64, Int8

from vivant.media.colour import LUMA
from vivant.rig.ground import Ground
from vivant.rig.rest import Rest

SHEETS = (
    "smileLeft",
    "smileRight",
    "browUp",
    "browDown",
    "squintLeft",
    "squintRight",
    "jaw",
    "pucker",
    "unsmile",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shading:
    """Changes of luma over the box of the face, in rig pixels."""

    left: int
    top: int
    sheets: Int8[np.ndarray, "9 height width"]
    """In the order of ``SHEETS``; 127 is a change of Y' by 63.5."""


def build_shading(ground: Ground, points: Float64[np.ndarray, "478 3"], rest: Rest) -> Shading:
    """Draw all sheets for a face."""
    flat = points[:468, :2]
    tall = ground.face_height_px
    x0, y0 = np.floor(np.maximum(flat.min(0) - 0.06 * tall, 0)).astype(int)
    x1, y1 = np.ceil(flat.max(0) + 0.06 * tall).astype(int)
    rgb = ground.rgb[y0:y1, x0:x1]
    luma = rgb.astype(np.float32) @ LUMA
    pen = _Pen(luma.shape, flat - np.array([x0, y0]), tall)
    lined = _linedness(luma, tall)
    base = cv2.GaussianBlur(luma, (0, 0), tall * 0.02)
    drawn: dict[str, Float[np.ndarray, "h w"]] = {}
    for side, nose, crow, cheek in (
        ("Right", (129, 203, 206, 216), ((226, 113), (130, 25), (130, 110)), 50),
        ("Left", (358, 423, 426, 436), ((446, 342), (359, 255), (359, 339)), 280),
    ):
        line = pen.fold(nose, 0.022) * -0.17
        apple = pen.spot(cheek, 0.13) * 0.05
        drawn["smile" + side] = (line + apple) * (0.6 + 0.5 * lined)
        feet = sum((pen.fold(pair, 0.010) for pair in crow), np.zeros_like(luma))
        drawn["squint" + side] = -0.10 * feet * lined
    rows = (
        (54, 68, 104, 69, 108, 151, 337, 299, 333, 298, 284),
        (71, 63, 105, 66, 107, 9, 336, 296, 334, 293, 301),
    )
    lines = sum(
        (
            pen.fold(_between(flat, rows, part) - np.array([x0, y0]), 0.016)
            for part in (0.30, 0.52, 0.72)
        ),
        np.zeros_like(luma),
    )
    drawn["browUp"] = -0.075 * lines * (0.05 + lined)
    drawn["browDown"] = (
        -0.13 * (pen.fold((107, 55), 0.012) + pen.fold((336, 285), 0.012)) * (0.4 + 0.6 * lined)
    )
    under = pen.fold((182, 83, 18, 313, 406), 0.030)
    drawn["jaw"] = -0.05 * (pen.spot(205, 0.10) + pen.spot(425, 0.10)) - 0.05 * under
    drawn["pucker"] = (
        -0.07 * (pen.fold((61, 57, 43), 0.02) + pen.fold((291, 287, 273), 0.02)) - 0.05 * under
    )
    drawn["unsmile"] = np.zeros_like(luma)
    sheets = np.stack([np.clip(drawn[name] * base * (219 / 255) * 2, -127, 127) for name in SHEETS])
    if rest.smile > 0.1:
        sheets[SHEETS.index("unsmile")] = np.clip(
            _unsmile(luma, pen, tall) * (219 / 255) * 2, -127, 127
        )
    return Shading(left=int(x0), top=int(y0), sheets=np.round(sheets).astype(np.int8))


class _Pen:
    """Draws soft lines and spots at landmarks, 0..1."""

    def __init__(
        self, shape: tuple[int, ...], flat: Float64[np.ndarray, "468 2"], tall: float
    ) -> None:
        self.shape, self.flat, self.tall = shape, flat, tall

    def fold(
        self, through: tuple[int, ...] | Float64[np.ndarray, "n 2"], width: float
    ) -> Float[np.ndarray, "h w"]:
        points = self.flat[list(through)] if isinstance(through, tuple) else through
        canvas = np.zeros(self.shape[:2], np.float32)
        dense = np.stack(
            [
                np.interp(np.linspace(0, len(points) - 1, 40), np.arange(len(points)), points[:, i])
                for i in (0, 1)
            ],
            axis=1,
        )
        taper = np.sin(np.linspace(0.08, 0.92, 39) * np.pi)
        for (ax, ay), (bx, by), strength in zip(dense[:-1], dense[1:], taper, strict=True):
            cv2.line(
                canvas,
                (round(ax * 16), round(ay * 16)),
                (round(bx * 16), round(by * 16)),
                float(strength),
                max(1, round(width * self.tall * 0.4)),
                cv2.LINE_AA,
                4,
            )
        soft = cv2.GaussianBlur(canvas, (0, 0), max(0.8, width * self.tall * 0.5))
        return soft / max(float(soft.max()), 1e-6)

    def spot(self, at: int, radius: float) -> Float[np.ndarray, "h w"]:
        ys, xs = np.mgrid[0 : self.shape[0], 0 : self.shape[1]].astype(np.float32)
        x, y = self.flat[at]
        far = ((xs - x) ** 2 + (ys - y) ** 2) / (2 * (radius * self.tall / 2) ** 2)
        return np.asarray(np.exp(-far).astype(np.float32))


def _between(
    flat: Float64[np.ndarray, "468 2"], rows: tuple[tuple[int, ...], tuple[int, ...]], part: float
) -> Float64[np.ndarray, "n 2"]:
    upper, lower = flat[list(rows[0])], flat[list(rows[1])]
    return (upper * (1 - part) + lower * part)[2:-2]


def _linedness(luma: Float[np.ndarray, "h w"], tall: float) -> float:
    """How lined the skin is already, about 0 for a child .. 1 for an old face."""
    fine = luma - cv2.GaussianBlur(luma, (0, 0), tall * 0.02)
    height, width = luma.shape
    cheeks = fine[int(height * 0.45) : int(height * 0.75), int(width * 0.12) : int(width * 0.88)]
    return float(np.clip((np.median(np.abs(cheeks)) - 1.2) / 4.0, 0, 1))


def _unsmile(luma: Float[np.ndarray, "h w"], pen: _Pen, tall: float) -> Float[np.ndarray, "h w"]:
    """Smooth the folds that a smile has pressed into the cheeks: their middle band of detail goes, pores stay."""
    zone = np.zeros_like(luma)
    for line in (
        (129, 203, 206, 216, 212, 214),
        (358, 423, 426, 436, 432, 434),
        (57, 186, 92),
        (287, 410, 322),
    ):
        zone = np.maximum(zone, pen.fold(line, 0.10))
    lips = np.zeros(luma.shape, np.uint8)
    outline = pen.flat[
        [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
    ]
    cv2.fillPoly(lips, [np.round(outline).astype(np.int32)], 1)
    keep = cv2.GaussianBlur(
        cv2.dilate(lips, np.ones((5, 5), np.uint8)).astype(np.float32), (0, 0), tall * 0.01
    )
    middle = cv2.GaussianBlur(luma, (0, 0), tall * 0.006) - cv2.GaussianBlur(
        luma, (0, 0), tall * 0.06
    )
    darker = np.minimum(middle, 0) + 0.4 * np.maximum(middle, 0)
    return np.asarray(-0.85 * darker * np.clip(zone * 1.3, 0, 1) * (1 - np.clip(keep, 0, 1)))
