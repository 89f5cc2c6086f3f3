"""Soft light as of a large window: shadows without edges, a bright fill, and light that wanders in skin.

All of it is worked out at half the size of the canvas.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float

from vivant.painting.light import Light
from vivant.painting.raster import Scene

Grey = Float[np.ndarray, "height width"]
Rgb = Float[np.ndarray, "height width 3"]
Vector = Float[np.ndarray, " 3"]
KEY = np.array([1.0, 0.955, 0.89], np.float32) * 0.98
FILL = np.array([0.90, 0.96, 1.02], np.float32) * 0.36
SKY = np.array([0.86, 0.93, 1.02], np.float32) * 0.25
FLOOR = np.array([1.0, 0.86, 0.74], np.float32) * 0.13
RIM = np.array([0.9, 0.95, 1.0], np.float32) * 0.16
WINDOW = 7
"""From so many points of the window light is reckoned."""
WIDE = 0.36
"""Half the window's width, in radians."""
WRAP = np.array([0.34, 0.20, 0.14], np.float32)
REACH_CM = (0.30, 0.13, 0.08)
"""How far red, green and blue light wanders under the skin."""
SKIN = (1, 2, 3)


def light_softly(scene: Scene, *, light_deg: float, px_per_cm: float) -> Light:
    """Light a scene.

    Args:
        scene: At half size.
        light_deg: Where the window stands; below zero on the picture's left.
        px_per_cm: Pixels of this scene in a centimetre.

    Returns:
        The light on each of its pixels.
    """
    middle = _direction(light_deg * 0.9, 30.0)
    seen = scene.what > 0
    nook = _nooks(scene, seen, px_per_cm=px_per_cm)
    key_hard = np.zeros(seen.shape, np.float32)
    key_soft = np.zeros((*seen.shape, 3), np.float32)
    shade = np.zeros(seen.shape, np.float32)
    for k in range(WINDOW):
        out, turn = WIDE * np.sqrt((k + 0.5) / WINDOW), 2.399963 * k
        toward = _direction(
            light_deg * 0.9 + np.degrees(out * np.cos(turn)), 30.0 + np.degrees(out * np.sin(turn))
        )
        lit = _shadow(scene, toward, px_per_cm=px_per_cm)
        facing = scene.normal @ toward
        shade += lit / WINDOW
        key_hard += np.clip(facing, 0, 1) * lit / WINDOW
        for c in range(3):
            wrapped = np.clip((facing + WRAP[c]) / (1 + WRAP[c]), 0, 1)
            key_soft[..., c] += wrapped * (0.10 * WRAP[c] + (1 - 0.10 * WRAP[c]) * lit) / WINDOW
    other = _direction(-np.sign(light_deg) * 32.0, 8.0)
    fill = np.clip(scene.normal @ other * 0.55 + 0.45, 0, 1)
    up = -scene.normal[..., 1]
    around = FILL * fill[..., None]
    around += SKY * (0.5 + 0.5 * up)[..., None]
    around += FLOOR * np.clip(0.35 - up, 0, 1)[..., None]
    around *= nook[..., None]
    back = np.array([-middle[0] * 0.9, -0.35, -0.45], np.float32)
    around += RIM * (np.clip(scene.normal @ back, 0, 1) ** 1.5 * nook)[..., None]
    key_soft *= KEY
    key_soft += around
    around += KEY * key_hard[..., None]
    _wander(key_soft, scene, px_per_cm=px_per_cm)
    return Light(
        toward=middle,
        hard=around,
        soft=key_soft,
        shade=shade.astype(np.float32),
        open=nook,
    )


def _direction(aside_deg: float, above_deg: float) -> Vector:
    aside, above = np.radians(aside_deg), np.radians(above_deg)
    return np.array(
        [np.sin(aside) * np.cos(above), -np.sin(above), np.cos(aside) * np.cos(above)], np.float32
    )


def _shadow(scene: Scene, toward: Vector, *, px_per_cm: float) -> Grey:
    height, width = scene.depth.shape
    dark = np.zeros_like(scene.depth)
    for far in 0.4 * 1.22 ** np.arange(18):
        shift = np.array(
            [[1, 0, toward[0] * far * px_per_cm], [0, 1, toward[1] * far * px_per_cm]], np.float32
        )
        above = cv2.warpAffine(
            scene.depth,
            shift,
            (width, height),
            flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
            borderValue=-1e6,
        )
        gap = above - scene.depth - toward[2] * far
        blocked = np.clip((gap - 0.10) / (0.15 + 0.22 * far), 0, 1) * (gap < 6 + far)
        np.maximum(dark, blocked * (1 - 0.25 * np.clip(far / 14, 0, 1)), out=dark)
    dark = cv2.GaussianBlur(dark, (0, 0), 0.16 * px_per_cm + 0.3)
    return np.asarray(1 - 0.94 * dark, np.float32)


def _nooks(scene: Scene, seen: np.ndarray, *, px_per_cm: float) -> Grey:
    near = np.where(seen, scene.depth, 0).astype(np.float32)
    weight = seen.astype(np.float32)
    result = np.ones_like(near)
    for reach_cm, strength in ((0.35, 0.40), (1.1, 0.34), (3.0, 0.20)):
        sigma = reach_cm * px_per_cm
        mean = cv2.GaussianBlur(near, (0, 0), sigma) / np.maximum(
            cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3
        )
        result *= np.exp(-strength * np.clip(mean - near, 0, 2.5))
    return np.asarray(result, np.float32)


def _wander(light: Rgb, scene: Scene, *, px_per_cm: float) -> None:
    """Let light on skin go astray in it, in place."""
    skin = np.isin(scene.what, SKIN)
    share = skin.astype(np.float32)
    for channel, reach_cm in enumerate(REACH_CM):
        sigma = reach_cm * px_per_cm
        spread = cv2.GaussianBlur(light[..., channel] * share, (0, 0), sigma)
        spread = spread / np.maximum(cv2.GaussianBlur(share, (0, 0), sigma), 1e-3)
        light[..., channel][skin] = spread[skin]
