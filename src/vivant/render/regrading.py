"""Lays over frames that were drawn elsewhere what ours have: the shot's fades, and the grain of the film."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, rgb_to_planes
from vivant.render.finishing.finish import finish
from vivant.render.finishing.look import USUAL
from vivant.scene.shot import Shot

MID_GREY = 0.18
CARD_PX = 32
_LIGHTS = np.concatenate([[0.0], np.geomspace(0.003, 12.0, 60)])


def regraded(
    pixels: UInt8[np.ndarray, "height width 3"], shot: Shot, index: int, *, threads: int = 2
) -> Frame:
    """Turn a picture into a frame of a shot.

    Args:
        pixels: R'G'B' of the film's size, without fades and grain.
        shot: Whose fades and seed count.
        index: Place in the shot.
        threads: That share the work.

    Returns:
        Fresh, writeable planes.
    """
    white = 0.0 if shot.white is None else float(shot.white[index])
    black = 0.0 if shot.black is None else float(shot.black[index])
    if white > 0:
        pixels = _into_light(pixels, white)
    y, u, v = rgb_to_planes(pixels)
    fine = y + _grain(y.shape[1], y.shape[0], shot.seed, index, threads)
    if black > 0:
        stays = 1 - min(1.0, black)
        fine = 16 + (fine - 16) * np.float32(stays)
        u, v = (np.rint(128 + (c - np.float32(128)) * stays).astype(np.uint8) for c in (u, v))
    luma = np.rint(np.clip(fine, 16, 235)).astype(np.uint8)
    return Frame(index=index, y=luma, u=u, v=v)


def _into_light(
    pixels: UInt8[np.ndarray, "height width 3"], white: float
) -> UInt8[np.ndarray, "height width 3"]:
    """Let a picture go into light as finishing does: before the film's curve, which is taken back and laid on again."""
    stays = (1 - white) * (1 + 1.6 * white)
    values = np.arange(256, dtype=np.float64)
    faded = np.empty_like(pixels)
    for channel, veil in enumerate(USUAL.light_rgb):
        curve = _curve()[:, channel]
        light = np.interp(values, curve, _LIGHTS) * stays + white * veil
        table = np.rint(np.interp(light, _LIGHTS, curve)).astype(np.uint8)
        faded[..., channel] = table[pixels[..., channel]]
    return faded


@cache
def _curve() -> Float64[np.ndarray, "lights 3"]:
    """Measure how bright the film shows grey light, by finishing cards of it; grows with the light."""
    shown = []
    for light in _LIGHTS:
        card = np.full((CARD_PX, CARD_PX, 3), light, np.float32)
        frame = finish(card, sun_px=None, bloom=0, rays=0, threads=1)
        middle = np.s_[CARD_PX // 4 : -CARD_PX // 4, CARD_PX // 4 : -CARD_PX // 4]
        shown.append(planes_to_rgb(frame.y, frame.u, frame.v)[middle].reshape(-1, 3).mean(0))
    return np.maximum.accumulate(np.array(shown, np.float64), axis=0)


def _grain(
    width_px: int, height_px: int, seed: int, index: int, threads: int
) -> Float32[np.ndarray, "height width"]:
    """Give the grain that the film has in this frame, on a grey card."""
    card = np.full((height_px, width_px, 3), MID_GREY, np.float32)
    y = finish(card, sun_px=None, bloom=0, rays=0, seed=seed, frame=index, threads=threads).y
    fine = y.astype(np.float32)
    return np.asarray(fine - cv2.GaussianBlur(fine, (0, 0), 8), np.float32)
