"""Fur, hair by hair: strokes along a flow, in the colours of what lies under them, the far ones first."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

FINE = 3
"""Brushes place points to an eighth of a pixel."""
SHADES = 9.0
"""Steps of a channel between the colours of hairs."""
LAYERS = 36


def comb(  # noqa: PLR0913 - a brush has many qualities
    canvas: UInt8[np.ndarray, "rows columns channels"],
    colours: Float32[np.ndarray, "rows columns 3"],
    where: Float32[np.ndarray, "rows columns"],
    flow: Float32[np.ndarray, "rows columns 2"],
    order: Float32[np.ndarray, "rows columns"],
    *,
    hairs: int,
    long_px: float,
    random: np.random.Generator,
    spread: float = 0.28,
    thick: int = 1,
) -> None:
    """Lay hairs over a picture.

    Args:
        canvas: Painted on; a fourth channel, where there is one, takes the hairs as cover.
        colours: Of the fur, sRGB, 0..255, lit.
        where: How thickly hairs stand, 0..1.
        flow: Which way they lie: right, down.
        order: Hairs at low values are painted first.
        hairs: How many.
        long_px: Their length.
        random: Chance.
        spread: How far they stray from the flow.
        thick: Pixels.
    """
    rows, columns = np.nonzero(where > 0.02)
    weight = where[rows, columns].astype(np.float64)
    picks = random.choice(len(rows), hairs, p=weight / weight.sum())
    y, x = rows[picks], columns[picks]
    ranks = np.argsort(
        order[y, x] + random.normal(0, 0.02, hairs).astype(np.float32), kind="stable"
    )
    y, x = y[ranks], x[ranks]
    start = np.column_stack([x, y]) + random.uniform(-0.5, 0.5, (hairs, 2))
    way = flow[y, x] / np.maximum(np.linalg.norm(flow[y, x], axis=1, keepdims=True), 1e-3)
    way = way + random.normal(0, spread, (hairs, 2))
    bend = random.normal(0, 0.22, (hairs, 1)) * np.column_stack([-way[:, 1], way[:, 0]])
    length = (long_px * random.uniform(0.55, 1.25, (hairs, 1))).astype(np.float64)
    middle = start + way * length * 0.5 + bend * length * 0.3
    end = start + way * length + bend * length
    light = random.normal(1.0, 0.13, (hairs, 1)).clip(0.6, 1.45)
    tint = random.normal(1.0, 0.02, (hairs, 3))
    paint = np.clip(colours[y, x] * light * tint, 0, 255)
    paint = np.clip(np.round(paint / SHADES) * SHADES, 0, 255)
    paths = np.rint(np.stack([start, middle, end], axis=1) * (1 << FINE)).astype(np.int32)
    for layer in np.array_split(np.arange(hairs), LAYERS):  # hairs of one colour go down together
        shades, which = np.unique(paint[layer], axis=0, return_inverse=True)
        for number, shade in enumerate(shades.tolist()):
            chosen = paths[layer[which.ravel() == number]]
            colour = [*shade, 255.0][: canvas.shape[2]]
            cv2.polylines(canvas, list(chosen), False, colour, thick, cv2.LINE_AA, FINE)
