"""Eyes, nose, mouth and whiskers of painted animals."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.painting.curves import Field, bump, step
from vivant.painting.pet_form import PetSpec

FINE = 3
Canvas = UInt8[np.ndarray, "rows columns 4"]


class Features:
    """What is painted over the fur."""

    def __init__(
        self,
        canvas: Canvas,
        spec: PetSpec,
        u: Float32[np.ndarray, "rows columns"],
        v: Float32[np.ndarray, "rows columns"],
        px: float,
    ) -> None:
        self._canvas, self._spec, self._u, self._v, self._px = canvas, spec, u, v, px

    def _lay(self, colour: np.ndarray, share: Field) -> None:
        share = np.clip(np.asarray(share, np.float32), 0, 1)[..., None]
        under = self._canvas[..., :3].astype(np.float32)
        self._canvas[..., :3] = np.clip(under * (1 - share) + colour * share, 0, 255).astype(
            np.uint8
        )

    def eyes(self) -> None:
        """Paint both eyes: a dark rim, a round iris with a pupil, the light of a window, the shade of the lid."""
        spec = self._spec
        wide, tall = spec.eye
        slit = spec.animal == "cat"
        iris = np.array(spec.colours["iris"], np.float32)
        for sign in (-1.0, 1.0):
            a = np.radians(spec.eye_tilt_deg) * sign
            du, dv = self._u - 0.5 * sign, self._v
            x = (du * np.cos(a) - dv * np.sin(a)) * -sign  # toward the nose is right
            y = du * np.sin(a) + dv * np.cos(a)
            upper = -tall * np.clip(1 - np.abs(x / wide) ** 2.1, 0, 1) ** 0.75
            lower = 0.92 * tall * np.clip(1 - np.abs(x / wide) ** 2.3, 0, 1) ** 0.8
            inside = np.minimum(y - upper, lower - y)
            inside = np.minimum(inside, 0.8 * (wide - np.abs(x)))
            rim = 0.030 - 0.034 * step(0.75, 1.05, np.abs(x) / wide)
            self._lay(np.array([30, 22, 20], np.float32), _edge(inside + rim, 0.022))
            away = np.hypot(x - 0.01, y)
            size = max(wide, tall) * (0.98 if slit else 0.92)
            ring = away / size
            ball = iris * (1.12 - 0.55 * step(0.62, 1.0, ring))[..., None]
            streak = 0.06 * np.sin(23 * np.arctan2(y, x) + 3 * ring) + 0.04 * np.sin(
                51 * np.arctan2(y, x)
            )
            ball = ball * (1 + streak * step(0.2, 0.6, ring))[..., None] + np.array([22, 26, 8]) * bump(x, y, at=(0.0, 0.5 * tall), wide=(wide, 0.5 * tall))[..., None]  # fmt: skip
            white = np.array([222, 212, 204], np.float32) if not slit else iris * 0.72
            ball = ball + (white - ball) * step(0.96, 1.06, ring)[..., None]
            shade = 1 - 0.55 * np.exp(-np.clip(y - upper, 0, 9) / (0.30 * tall))
            self._lay(ball * shade[..., None], _edge(inside, 0.014))
            if slit:
                pupil = 1 - np.hypot(du / (0.42 * wide), dv / (0.84 * tall))
            else:
                pupil = 1 - away / (0.46 * size)
            self._lay(
                np.array([10, 9, 10], np.float32), _edge(pupil * 0.1, 0.012) * _edge(inside, 0.014)
            )
            glint = 1 - np.hypot((du + 0.055) / 0.042, (dv + 0.36 * tall) / 0.046)
            self._lay(
                np.array([250, 250, 248], np.float32),
                0.95 * _edge(glint * 0.05, 0.012) * _edge(inside, 0.01),
            )
            low = bump(du, dv, at=(0.05, 0.45 * tall), wide=(0.09, 0.05))
            self._lay(np.array([200, 206, 196], np.float32), 0.22 * low * _edge(inside, 0.02))

    def nose(self) -> None:
        """Paint the bare tip of the nose, with nostrils and a damp light."""
        spec = self._spec
        half = spec.nose_wide
        u, v = self._u, self._v - spec.nose
        tall = 0.62 * half if spec.animal == "cat" else 0.78 * half
        low = np.clip((v + tall) / (2 * tall), 0, 1)
        wide = half * (1.0 - (0.72 if spec.animal == "cat" else 0.45) * low**1.6)
        inside = 1 - ((np.abs(u) / np.maximum(wide, 0.02)) ** 3 + (np.abs(v) / tall) ** 3) ** (
            1 / 3
        )
        inside = inside * 0.6 * half
        inside = inside - 0.02 * (1 - np.clip(np.abs(u) / half, 0, 1)) * (v < 0)
        colour = np.array(spec.colours["nose"], np.float32)
        light = 0.82 + 0.38 * bump(
            u, v, at=(-0.15 * half, -0.45 * tall), wide=(0.6 * half, 0.4 * tall)
        )
        light = light - 0.30 * step(0.2, 1.0, v / tall)
        self._lay(colour * light[..., None], _edge(inside, 0.03))
        for sign in (-1, 1):
            hole = 1 - np.hypot((u - sign * 0.50 * half) / (0.26 * half), (v - 0.12 * tall + 0.25 * sign * (u - sign * 0.5 * half)) / (0.30 * tall))  # fmt: skip
            self._lay(colour * 0.22, 0.9 * _edge(hole * 0.05, 0.02))
        shine = bump(u, v, at=(-0.12 * half, -0.62 * tall), wide=(0.30 * half, 0.14 * tall))
        self._lay(np.array([255, 250, 246], np.float32), 0.55 * shine)

    def mouth(self) -> None:
        """Paint the line from the nose, and the two soft bows of the lips."""
        spec = self._spec
        tall = 0.62 * spec.nose_wide if spec.animal == "cat" else 0.78 * spec.nose_wide
        top = spec.nose + tall
        deep = 0.10 if spec.animal == "cat" else 0.16
        dark = np.array(spec.colours["lip"], np.float32)
        line = np.exp(-((self._u / 0.014) ** 2)) * (self._v > top - 0.02) * (self._v < top + deep)
        self._lay(dark, 0.8 * line)
        reach = 0.75 * spec.muzzle[0]
        part = np.clip(np.abs(self._u) / reach, 0, 1)
        curve = (
            top
            + deep
            + (0.085 if spec.animal == "cat" else 0.10) * np.sin(np.pi * part * 0.92)
            - 0.02 * part
        )
        thick = 0.013 + 0.006 * (1 - part)
        bow = np.exp(-(((self._v - curve) / thick) ** 2)) * (np.abs(self._u) < reach)
        self._lay(dark, 0.78 * bow * np.clip((1 - part) * 3, 0, 1))
        under = bump(self._u, self._v, at=(0, top + deep + 0.16), wide=(0.6 * reach, 0.06))
        self._lay(dark, 0.16 * under)

    def whiskers(self, random: np.random.Generator) -> None:
        """Draw long hairs from the pads, thinner toward their ends, half seen."""
        spec, px = self._spec, self._px
        pale = (246, 243, 236) if spec.animal == "cat" else (70, 58, 50)
        count, long = (10, 1.25) if spec.animal == "cat" else (7, 0.5)
        rows, columns = self._u.shape
        origin = np.array([-self._u[0, 0], -self._v[0, 0]]) * px
        for sign in (-1, 1):
            for k in range(count):
                root = np.array([sign * random.uniform(0.30, 0.62) * spec.muzzle[0] * 1.25, spec.nose + random.uniform(0.08, 0.26)])  # fmt: skip
                rise = (k - count / 2) * 0.052 + random.normal(0, 0.02)
                t = np.linspace(0, 1, 20)
                reach = long * random.uniform(0.75, 1.1)
                path = root + np.column_stack([sign * reach * t, rise * t - 0.10 * t + 0.22 * t**2])
                points = np.rint((origin + path * px) * (1 << FINE)).astype(np.int32)
                layer = np.zeros((rows, columns), np.uint8)
                cv2.polylines(layer, [points[:12]], False, 210, 2, cv2.LINE_AA, FINE)
                cv2.polylines(layer, [points[11:]], False, 150, 1, cv2.LINE_AA, FINE)
                box = (slice(max(0, points[:, 1].min() // 8 - 3), points[:, 1].max() // 8 + 4), slice(max(0, points[:, 0].min() // 8 - 3), points[:, 0].max() // 8 + 4))  # fmt: skip
                share = layer[box].astype(np.float32)[..., None] / 255 * 0.85
                part = self._canvas[box]
                part[..., :3] = (part[..., :3] * (1 - share) + np.array(pale) * share).astype(
                    np.uint8
                )


def _edge(inside: Field, soft: float) -> Field:
    return np.asarray(np.clip(np.asarray(inside) / soft + 0.5, 0, 1), np.float32)
