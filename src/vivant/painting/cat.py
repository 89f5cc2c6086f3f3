"""Paints a cat, which no door for people may accept."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from vivant.painting.curves import Field, bump, ridge, step
from vivant.painting.pigment import clouds, sample

FINE = 3
Picture = UInt8[np.ndarray, "height width 3"]


def paint_cat(*, width_px: int = 768, height_px: int = 960, seed: int = 7) -> Picture:
    """Paint a ginger cat that looks at the viewer.

    Args:
        width_px: Pixels across.
        height_px: Pixels down.
        seed: Where stripes and hairs fall.

    Returns:
        The painting in sRGB.
    """
    size = min(width_px, height_px) * 0.36
    middle = (width_px / 2, height_px * 0.44)
    rows, columns = np.mgrid[0:height_px, 0:width_px].astype(np.float32)
    u, v = (columns - middle[0]) / size, (rows - middle[1]) / size
    noise = clouds(seed, coarsest_px=40, finest_px=3)
    ground = 96 + 46 * np.exp(-((u / 1.6) ** 2) - ((v + 0.2) / 1.6) ** 2)
    canvas: Picture = (ground[..., None] * np.array([0.86, 0.95, 1.0], np.float32)).astype(np.uint8)
    fur, inside = _coat(u, v, noise)
    shape = np.where(inside, 1.0, 0.0)[..., None]
    canvas = (canvas * (1 - shape) + fur * shape).astype(np.uint8)
    random = np.random.default_rng(seed)
    _fur(canvas, fur, inside, u, v, size, random)
    _features(canvas, middle, size, random)
    return canvas


def _coat(
    u: Field, v: Field, noise: Float[np.ndarray, "n n"]
) -> tuple[Float[np.ndarray, "h w 3"], np.ndarray]:
    side = np.abs(u)
    head = (u / 1.0) ** 2 + (v / 0.86) ** 2 + 0.10 * bump(
        side, v, at=(0.9, 0.4), wide=(0.3, 0.3)
    ) * -1.5 < 1
    ear = (
        (v < -0.30) & (v > -1.32 + 1.9 * np.abs(side - 0.68) ** 1.15) & (np.abs(side - 0.66) < 0.42)
    )
    body = (u / 1.12) ** 2 + ((v - 2.1) / 1.55) ** 2 < 1
    inside = head | ear | body
    ginger, cream = np.array([206, 132, 66], np.float32), np.array([246, 232, 212], np.float32)
    dark = np.array([140, 74, 32], np.float32)
    wobble = 0.10 * sample(noise, u * 60, v * 60)
    stripes = np.where(v < 0.0, np.sin(side * 13 + wobble * 6) * step(-0.2, -0.6, v),
                       np.sin(v * 12 - side * 5 + wobble * 8) * step(0.35, 0.7, side))  # fmt: skip
    stripes = np.clip(stripes, 0, 1) ** 1.4 * 0.75
    colour = ginger + (dark - ginger) * stripes[..., None]
    pale = bump(u, v, at=(0, 0.48), wide=(0.52, 0.30)) + bump(u, v, at=(0, 1.15), wide=(0.5, 0.5))
    pale = np.clip(
        pale * 1.4 + 0.25 * ridge(np.hypot(side - 0.42, v + 0.08) - 0.30, wide=0.07), 0, 1
    )
    colour = colour + (cream - colour) * pale[..., None]
    within = (
        (ear & ~head)
        & (np.abs(side - 0.67) < 0.24)
        & (v > -1.05 + 1.9 * np.abs(side - 0.68) ** 1.15)
    )
    colour = np.where(within[..., None], np.array([214, 150, 132], np.float32), colour)
    bulge = np.clip(1 - (u / 1.05) ** 2 - (v / 0.92) ** 2, 0, 1) ** 0.5
    light = 0.62 + 0.38 * np.where(head, bulge, 0.55) - 0.16 * u * head - 0.10 * v * head
    light = light - 0.30 * bump(u, v, at=(0, 1.02), wide=(0.8, 0.22)) * ~head
    light = light * (1 - 0.22 * bump(side, v, at=(0.24, 0.12), wide=(0.16, 0.34)))
    return np.asarray(
        np.clip(colour * np.clip(light, 0.2, 1.1)[..., None], 0, 255), np.float32
    ), inside


def _fur(
    canvas: Picture,
    fur: Float[np.ndarray, "h w 3"],
    inside: np.ndarray,
    u: Field,
    v: Field,
    size: float,
    random: np.random.Generator,
) -> None:
    ys, xs = np.nonzero(inside)
    picks = random.integers(0, len(ys), 15_000)
    for pick in picks[
        np.argsort(-np.hypot(u[ys[picks], xs[picks]], v[ys[picks], xs[picks]] - 0.3))
    ]:
        x, y = int(xs[pick]), int(ys[pick])
        way = np.array([u[y, x], v[y, x] - 0.28])
        way = way / max(float(np.linalg.norm(way)), 0.1) + random.normal(0, 0.25, 2)
        long = size * random.uniform(0.03, 0.085)
        paint = np.clip(fur[y, x] * random.uniform(0.78, 1.2), 0, 255)
        path = np.array([[x, y], [x, y] + way * long * 0.5, [x, y] + way * long + [0, long * 0.15]])
        cv2.polylines(
            canvas,
            [np.rint(path * (1 << FINE)).astype(np.int32)],
            False,
            paint.tolist(),
            1,
            cv2.LINE_AA,
            FINE,
        )


def _features(
    canvas: Picture, middle: tuple[float, float], size: float, random: np.random.Generator
) -> None:
    def at(u: float, v: float) -> tuple[int, int]:
        return round((middle[0] + u * size) * 8), round((middle[1] + v * size) * 8)

    def long(length: float) -> int:
        return round(length * size * 8)

    def oval(
        u: float, v: float, wide: tuple[float, float], tilt_deg: float, paint: tuple[int, int, int]
    ) -> None:
        cv2.ellipse(
            canvas,
            at(u, v),
            (long(wide[0]), long(wide[1])),
            tilt_deg,
            0,
            360,
            paint,
            -1,
            cv2.LINE_AA,
            FINE,
        )

    for sign in (-1, 1):
        u, tilt = 0.42 * sign, 16.0 * -sign
        oval(u, -0.08, (0.235, 0.175), tilt, (38, 26, 20))
        for i in range(8):
            fade = 1 - i / 8
            oval(u, -0.08 + 0.02 * (1 - fade), (0.205 * (0.6 + 0.4 * fade), 0.15 * (0.6 + 0.4 * fade)), tilt,
                 (int(150 + 34 * (1 - fade)), int(168 + 30 * (1 - fade)), int(70 + 20 * (1 - fade))))  # fmt: skip
        oval(u, -0.08, (0.052, 0.148), 0, (16, 14, 12))
        oval(u - 0.06, -0.14, (0.035, 0.035), 0, (250, 250, 246))
    nose = np.array([at(-0.11, 0.25), at(0.11, 0.25), at(0.03, 0.345), at(-0.03, 0.345)], np.int32)
    cv2.fillPoly(canvas, [nose], (196, 112, 104), cv2.LINE_AA, FINE)
    line = (92, 52, 42)
    thick = max(1, round(size * 0.012))
    cv2.line(canvas, at(0, 0.34), at(0, 0.44), line, thick, cv2.LINE_AA, FINE)
    for sign in (-1, 1):
        curve = [
            at(sign * 0.26 * t, 0.44 + 0.10 * float(np.sin(np.pi * t)))
            for t in np.linspace(0, 1, 12)
        ]
        cv2.polylines(canvas, [np.array(curve, np.int32)], False, line, thick, cv2.LINE_AA, FINE)
        for i in range(7):
            start = (sign * random.uniform(0.16, 0.30), random.uniform(0.33, 0.46))
            rise = (i - 3) * 0.07
            hair = [
                at(
                    start[0] + sign * 0.95 * t,
                    start[1] + rise * t + 0.12 * t * t + random.normal(0, 0.001),
                )
                for t in np.linspace(0, 1, 14)
            ]
            cv2.polylines(
                canvas, [np.array(hair, np.int32)], False, (244, 240, 232), 1, cv2.LINE_AA, FINE
            )
