"""Beards and moustaches of fine hairs."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float

from vivant.painting.curves import Field, bump, step
from vivant.painting.easel import FINE, Easel
from vivant.painting.fine.head import FineHead
from vivant.painting.pigment import linear

Points = Float[np.ndarray, "n 3"]


def stroke_beard(easel: Easel, head: FineHead) -> None:
    """Draw beard and moustache, lower hairs first; the scene is half as large as the canvas."""
    spec, random = head.spec, easel.random
    if spec.beard <= 0 and spec.moustache <= 0:
        return
    ys, xs = np.nonzero(easel.scene.what == 1)
    where = easel.scene.where[ys, xs]
    low = where[:, 1] > 0.5
    ys, xs, where = ys[low], xs[low], where[low]
    density, lip = grows(head, where)
    full = max(spec.beard, spec.moustache)
    count = int(5200 + 12000 * max(spec.beard, 0.25 * spec.moustache))
    picks = random.choice(len(ys), count, p=density / max(float(density.sum()), 1e-6))
    picks = picks[np.argsort(-ys[picks])]
    at = np.stack([2 * xs[picks], 2 * ys[picks]], 1) + random.uniform(-0.5, 1.5, (count, 2))
    x, y, _ = where[picks].T
    is_lip = lip[picks] > 0.3
    aside = np.where(is_lip, np.sign(x) * 0.8 * np.minimum(1, np.abs(x) / 0.9), 0.05 * x)
    lean = np.stack([aside, np.where(is_lip, 0.62, 1.0)], 1)
    lean = lean / np.linalg.norm(lean, axis=1, keepdims=True) + random.normal(0, 0.2, (count, 2))
    long = np.where(is_lip, 0.40, 0.30 + 0.95 * step(7.0, 11.0, y) * full)
    long = np.maximum(long * full**1.2 * random.uniform(0.5, 1.2, count), 0.10)
    long = (long * easel.camera.px_per_cm)[:, None]
    curl = random.normal(0, 0.15, (count, 1)) * np.stack([-lean[:, 1], lean[:, 0]], 1)
    t = np.linspace(0, 1, 4)
    paths = [at + s * long * lean + curl * long * s**2 for s in t]
    ends = np.rint(np.stack(paths, 1) * (1 << FINE)).astype(np.int32)
    grey = min(head.old, 1.0)
    light = easel.light.hard[ys[picks], xs[picks]].mean(-1) * 0.75 + 0.12
    white = random.uniform(0.4, 1.0, count) + 0.7 * grey * random.uniform(0, 1, count)
    hair = linear(spec.hair_colour) * (light * white)[:, None]
    hair = np.clip(hair, 0, 1) ** (1 / 2.2) * 255
    skin = easel.canvas[2 * ys[picks], 2 * xs[picks], :3].astype(np.float32)
    mix = (min(1.0, 0.45 + 0.6 * full) * (0.45 + 0.55 * density[picks]))[:, None]
    paint = skin + (hair - skin) * np.clip(mix, 0, 0.9)
    for i in range(count):
        colour = (float(paint[i, 0]), float(paint[i, 1]), float(paint[i, 2]), 255.0)
        cv2.polylines(easel.canvas, [ends[i]], False, colour, 1, cv2.LINE_AA, FINE)


def grows(head: FineHead, where: Points) -> tuple[Field, Field]:
    """Tell how densely beard grows at points of the head, and where that is the moustache; both 0..1."""
    spec, low = head.spec, head.lower
    x, y, z = where.T
    side = np.abs(x)
    top, _inner, _inner_low, bottom = head.lips(x)
    half = head.mouth_half_cm
    lips = (side < half * 0.97) & (y > top + 0.12) & (y < bottom + 0.16)
    edge = 7.6 * low - 0.12 * side**1.35
    jaw = step(edge, edge + 1.3, y) * step(-2.6, -1.0, z)
    burns = step(4.9, 5.8, side) * step(0.5, 2.5, y) * step(-1.2, 0.0, z) * step(4.4, 2.6, z)
    corner = step(half + 1.2, half + 0.3, side) * step(half - 0.5, half + 0.1, side)
    corner = corner * step(6.3 * low, 7.1 * low, y)
    under = head.nose_tip_y_cm + 1.05
    reach = np.clip(side / (half + 0.7), 0, 1)
    above = under + 0.12 + (head.mouth_y_cm + 0.1 - under) * 0.9 * reach**2.2
    below = top + 0.10 + 0.5 * step(0.55, 1.0, reach)
    lip = step(above - 0.15, above + 0.35, y) * step(below + 0.12, below - 0.2, y)
    lip = lip * step(1.0, 0.82, reach) * (1 - 0.5 * bump(x, y, at=(0, 5.6), wide=(0.16, 0.7)))
    density = np.maximum(
        np.maximum(np.maximum(jaw, burns), corner) * spec.beard, lip * spec.moustache
    )
    return np.where(lips | (z < -2.5), 0, density).astype(np.float32), np.asarray(lip, np.float32)
