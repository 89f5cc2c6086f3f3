"""Light on the scene: a soft main light with cast shadows, a cool fill, and nooks that stay dark."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float

from vivant.painting.raster import Scene

Grey = Float[np.ndarray, "height width"]
Rgb = Float[np.ndarray, "height width 3"]
KEY = np.array([1.0, 0.93, 0.83], np.float32) * 1.18
FILL = np.array([0.55, 0.62, 0.72], np.float32) * 0.36
RIM = np.array([0.8, 0.86, 1.0], np.float32) * 0.32
AMBIENT = np.array([0.52, 0.52, 0.56], np.float32) * 0.42


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Light:
    """What falls on each pixel."""

    toward: Float[np.ndarray, " 3"]
    """Direction of the main light, in the viewer's frame."""
    hard: Rgb
    """Light on a matt surface."""
    soft: Rgb
    """Light on skin, which lets it wander under the surface."""
    shade: Grey
    """1 in the main light, 0 in its shadow."""
    open: Grey
    """1 in the open, 0 in a nook."""


def light_scene(scene: Scene, *, light_deg: float, px_per_cm: float) -> Light:
    """Light a scene.

    Args:
        scene: What each pixel sees.
        light_deg: Where the main light stands; below zero on the picture's left.
        px_per_cm: Pixels of the scene in a centimetre.

    Returns:
        The light on each pixel.
    """
    aside, above = np.radians(light_deg), np.radians(34.0)
    toward = np.array(
        [np.sin(aside) * np.cos(above), -np.sin(above), np.cos(aside) * np.cos(above)], np.float32
    )
    seen = scene.what > 0
    shade = _shadow(scene, toward, px_per_cm=px_per_cm)
    nook = _nooks(scene, seen, px_per_cm=px_per_cm)
    facing = scene.normal @ toward
    back = np.array([-toward[0] * 0.9, -0.35, -0.45], np.float32)
    other = np.array([-np.sign(toward[0]) * 0.75, -0.15, 0.65], np.float32)
    around = (FILL * np.clip(scene.normal @ other * 0.6 + 0.4, 0, 1)[..., None]
              + AMBIENT * (0.65 - 0.35 * scene.normal[..., 1:2])) * nook[..., None]  # fmt: skip
    rim = RIM * (np.clip(scene.normal @ back, 0, 1) ** 1.5 * nook)[..., None]
    hard = KEY * (np.clip(facing, 0, 1) * shade)[..., None] + around + rim
    wrap = np.array([0.30, 0.16, 0.10], np.float32)
    lit = np.clip((facing[..., None] + wrap) / (1 + wrap), 0, 1)
    soft = KEY * lit * (0.08 * wrap + (1 - 0.08 * wrap) * shade[..., None]) + around + rim
    skin = _wander(soft, scene, px_per_cm=px_per_cm)
    return Light(toward=toward, hard=hard.astype(np.float32), soft=skin, shade=shade, open=nook)


def _shadow(scene: Scene, toward: Float[np.ndarray, " 3"], *, px_per_cm: float) -> Grey:
    height, width = scene.depth.shape
    small = (width // 2, height // 2)
    depth = cv2.resize(scene.depth, small, interpolation=cv2.INTER_NEAREST)
    scale = px_per_cm / 2
    dark = np.zeros_like(depth)
    for far in 0.35 * 1.17 ** np.arange(24):
        shift = np.array(
            [[1, 0, toward[0] * far * scale], [0, 1, toward[1] * far * scale]], np.float32
        )
        above = cv2.warpAffine(
            depth, shift, small, flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP, borderValue=-1e6
        )
        gap = above - depth - toward[2] * far
        blocked = np.clip((gap - 0.12) / (0.12 + 0.16 * far), 0, 1) * (gap < 6 + far)
        dark = np.maximum(dark, blocked * (1 - 0.25 * np.clip(far / 14, 0, 1)))
    dark = cv2.GaussianBlur(dark, (0, 0), 0.12 * scale + 0.3)
    return np.asarray(1 - 0.92 * cv2.resize(dark, (width, height)), np.float32)


def _nooks(scene: Scene, seen: Bool[np.ndarray, "height width"], *, px_per_cm: float) -> Grey:
    height, width = scene.depth.shape
    small = (width // 2, height // 2)
    near = cv2.resize(
        np.where(seen, scene.depth, 0).astype(np.float32), small, interpolation=cv2.INTER_AREA
    )
    weight = cv2.resize(seen.astype(np.float32), small, interpolation=cv2.INTER_AREA)
    result = np.ones_like(near)
    depth = near / np.maximum(weight, 1e-3)
    for reach_cm, strength in ((0.35, 0.9), (1.1, 0.42), (3.0, 0.16)):
        sigma = reach_cm * px_per_cm / 2
        mean = cv2.GaussianBlur(near, (0, 0), sigma) / np.maximum(
            cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3
        )
        result *= np.exp(-strength * np.clip(mean - depth, 0, 2.5))
    return np.asarray(cv2.resize(result, (width, height)), np.float32)


def _wander(light: Rgb, scene: Scene, *, px_per_cm: float) -> Rgb:
    height, width = scene.depth.shape
    small = (width // 2, height // 2)
    skin = np.isin(scene.what, (1, 2, 3))
    share = cv2.resize(skin.astype(np.float32), small, interpolation=cv2.INTER_AREA)
    lit = cv2.resize(light * skin[..., None], small, interpolation=cv2.INTER_AREA)
    result = light.copy()
    for channel, reach_cm in enumerate((0.22, 0.09, 0.05)):
        sigma = reach_cm * px_per_cm / 2
        spread = cv2.GaussianBlur(lit[..., channel], (0, 0), sigma)
        spread = spread / np.maximum(cv2.GaussianBlur(share, (0, 0), sigma), 1e-3)
        result[..., channel][skin] = cv2.resize(spread, (width, height))[skin]
    return result
