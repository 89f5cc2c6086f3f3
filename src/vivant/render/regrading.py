"""Lays over frames that were drawn elsewhere what ours have: the shot's fades, and the grain of the film."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.media.picture import Frame
from vivant.media.planes import planes_to_rgb, rgb_to_planes
from vivant.render.finishing.finish import finish
from vivant.scene.shot import Shot

MID_GREY = 0.18
_GAMMA = 2.4


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
        light = (pixels / np.float32(255)) ** np.float32(_GAMMA)
        stays = (1 - white) * (1 + 1.6 * white)  # as in finishing
        light = light * np.float32(stays) + np.asarray(_veil(), np.float32) * np.float32(white)
        pixels = np.rint(np.clip(light, 0, 1) ** np.float32(1 / _GAMMA) * 255).astype(np.uint8)
    y, u, v = rgb_to_planes(pixels)
    fine = y + _grain(y.shape[1], y.shape[0], shot.seed, index, threads)
    if black > 0:
        stays = 1 - min(1.0, black)
        fine = 16 + (fine - 16) * np.float32(stays)
        u, v = (np.rint(128 + (c - np.float32(128)) * stays).astype(np.uint8) for c in (u, v))
    luma = np.rint(np.clip(fine, 16, 235)).astype(np.uint8)
    return Frame(index=index, y=luma, u=u, v=v)


@cache
def _veil() -> tuple[float, float, float]:
    """Tell the light into which a film fades, as it is seen."""
    nothing = np.zeros((8, 8, 3), np.float32)
    frame = finish(nothing, sun_px=None, white=1.0, threads=1)
    seen = planes_to_rgb(frame.y, frame.u, frame.v).reshape(-1, 3).mean(0) / 255
    red, green, blue = (float(one) ** _GAMMA for one in seen)
    return red, green, blue


def _grain(
    width_px: int, height_px: int, seed: int, index: int, threads: int
) -> Float32[np.ndarray, "height width"]:
    """Give the grain that the film has in this frame, on a grey card."""
    card = np.full((height_px, width_px, 3), MID_GREY, np.float32)
    y = finish(card, sun_px=None, bloom=0, rays=0, seed=seed, frame=index, threads=threads).y
    fine = y.astype(np.float32)
    return np.asarray(fine - cv2.GaussianBlur(fine, (0, 0), 8), np.float32)
