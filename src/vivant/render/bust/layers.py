"""A rig's pictures made ready to stand before another world: clean edges, soft ends, no trace of the photo's room."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.render.backdrop import Layers
from vivant.rig.layers import fill
from vivant.rig.rig import Rig

SURE = 0.97
"""Colours of pixels less covered than this are taken from the person beside them."""
INSIDE = 0.012
"""The outermost rim of what is sure holds light of the photo's room; this wide, in face heights."""
THREAD, WISP = 0.022, 0.022
"""Things thinner than the first (half of their width) are no part of a person but near something solid: hair may
reach this far whole, and fades over as much again; both in face heights."""
END_BELOW, END_BESIDE, END_ABOVE = 0.34, 0.16, 0.03
"""Where the photo cuts through the person, the person ends softly over this many face heights."""
LEAST_GRAIN = 0.002
"""Less noise than this is not worth adding."""
RAGGED = 0.5
"""How far the soft end is torn, like mist, as a share of its length."""


def bust_layers(rig: Rig, scale: float, *, grain: float = 0.0) -> Layers:
    """Bring the whole person to a scale.

    Args:
        rig: The person.
        scale: Pixels for one rig pixel.
        grain: Noise to be added to a photo that is smoother than its neighbour's, in shares of white.

    Returns:
        Layers with a margin, without a background.
    """
    alpha = settled(rig.alpha.astype(np.float32) / 255, rig.face_height_px)
    person, throat = (own_light(rgb, alpha, rig.face_height_px) for rgb in (rig.person, rig.throat))
    alpha = alpha * ends(rig)
    height, width = alpha.shape
    size = (round(width * scale), round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    margin = max(8, round(0.12 * rig.face_height_px * scale))

    def brought(picture: np.ndarray, border: int) -> np.ndarray:
        sized = cv2.resize(picture, size, interpolation=way)
        return np.ascontiguousarray(
            cv2.copyMakeBorder(sized, margin, margin, margin, margin, border)
        )

    matte = np.clip(brought(alpha, cv2.BORDER_REPLICATE), 0, 1)
    noise = _grain(matte.shape, grain) if grain > LEAST_GRAIN else None

    def grained(picture: np.ndarray) -> UInt8[np.ndarray, "tall wide 3"]:
        sized = brought(picture, cv2.BORDER_REPLICATE)
        if noise is None:
            return sized
        return np.asarray(np.clip(np.rint(sized + noise[..., None]), 0, 255), np.uint8)

    return Layers(
        margin=margin,
        back=None,
        person=grained(person),
        throat=grained(throat),
        alpha=np.round(matte * 255).astype(np.uint8),
    )


def settled(
    alpha: Float32[np.ndarray, "height width"], face_height_px: float
) -> Float32[np.ndarray, "height width"]:
    """Take off what hangs beside the matte, and make soft edges of solid things as narrow as a lens would.

    Wide soft edges are steepened about their middle; hair, where the matte itself is fine, is left.
    """
    width = max(3, round(2 * THREAD * face_height_px)) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    solid = cv2.morphologyEx((alpha > 0.6).astype(np.uint8), cv2.MORPH_OPEN, brush)
    away = cv2.distanceTransform(
        1 - solid, cv2.DIST_L2, 5
    )  # from the nearest thing that is no thread
    near = np.clip(2 - away / (WISP * face_height_px), 0, 1)
    alpha = np.clip((alpha - 0.06) / 0.90, 0, 1) * near
    soft = cv2.GaussianBlur(alpha, (0, 0), 1.0)
    slope_x, slope_y = (cv2.Sobel(soft, cv2.CV_32F, *way, ksize=3) / 8 for way in ((1, 0), (0, 1)))
    slope = np.hypot(slope_x, slope_y)
    del away, near, slope_x, slope_y
    strands = cv2.GaussianBlur(np.abs(alpha - soft), (0, 0), 0.02 * face_height_px)
    del soft
    hair = np.clip((strands - 0.012) / 0.03, 0, 1)
    del strands
    steep = np.clip((alpha - 0.5) * np.clip(0.7 / (slope + 0.02), 1, 6) + 0.5, 0, 1)
    return np.asarray(alpha * hair + steep * (1 - hair), np.float32)


def own_light(
    rgb: UInt8[np.ndarray, "height width 3"],
    alpha: Float32[np.ndarray, "height width"],
    face_height_px: float,
) -> UInt8[np.ndarray, "height width 3"]:
    """Carry the person's colours outward over the edge, so that no light of the photo's room is left in it."""
    width = max(3, round(2 * INSIDE * face_height_px)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    sure = cv2.erode((alpha > SURE).astype(np.uint8), kernel).astype(np.float32)
    if sure.mean() < 0.01:
        return rgb
    mixed = fill(rgb, sure)
    keep = cv2.GaussianBlur(sure, (0, 0), max(0.6, 0.3 * INSIDE * face_height_px))
    keep = np.clip(keep * 2 - 0.5, 0, 1)[..., None]
    # The grain and the cloth of the rim stay; only its slow light is replaced. In place: these are large.
    fine = rgb.astype(np.float32)
    fine -= cv2.GaussianBlur(fine, (0, 0), max(1.0, INSIDE * face_height_px))
    np.clip(fine, -14, 14, out=fine)
    fine *= np.clip((alpha - 0.6) / 0.4, 0, 1)[..., None]
    mixed += fine
    mixed *= 1 - keep
    mixed += np.multiply(rgb, keep, out=fine)
    np.rint(np.clip(mixed, 0, 255, out=mixed), out=mixed)
    return mixed.astype(np.uint8)


def ends(rig: Rig) -> Float32[np.ndarray, "height width"]:
    """1 inside the photo, easing to 0 toward its edges that cut the person, torn like mist below."""
    return soft_ends(rig.alpha.shape, rig.cut, rig.face_height_px)


def soft_ends(
    shape: tuple[int, ...], cut: tuple[bool, bool, bool, bool], tall: float
) -> Float32[np.ndarray, "height width"]:
    """The same for any photo: its size, whether it cuts at the left, top, right, bottom, and the face's height."""
    height, width = shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    torn = _mist(height, width, tall)
    out = np.ones((height, width), np.float32)
    left, top, right, bottom = cut
    for is_cut, away, length in (
        (left, x, END_BESIDE),
        (top, y, END_ABOVE),
        (right, width - 1 - x, END_BESIDE),
        (bottom, height - 1 - y, END_BELOW),
    ):
        if is_cut:
            wide = length * tall
            t = np.clip((away - torn * RAGGED * wide) / (wide * (1 - RAGGED)), 0, 1)
            out *= t * t * (3 - 2 * t)
    return np.asarray(out, np.float32)


def _mist(height: int, width: int, tall: float) -> Float32[np.ndarray, "height width"]:
    """Slow noise, 0..1, always the same."""
    random = np.random.default_rng(11)
    total = np.zeros((height, width), np.float32)
    for octave, share in ((1, 0.6), (2, 0.28), (4, 0.12)):
        cell = 0.45 * tall / octave
        grid = random.random((int(height / cell) + 4, int(width / cell) + 4)).astype(np.float32)
        rows = (np.arange(height, dtype=np.float32) / cell + 1)[:, None].repeat(width, axis=1)
        columns = (np.arange(width, dtype=np.float32) / cell + 1)[None].repeat(height, axis=0)
        total += np.float32(share) * cv2.remap(grid, columns, rows, cv2.INTER_CUBIC)
    return np.asarray(np.clip(total, 0, 1), np.float32)


def _grain(shape: tuple[int, ...], strength: float) -> Float32[np.ndarray, "height width"]:
    """Noise as fine as a photo's, always the same, in steps of a byte."""
    noise = np.random.default_rng(3).standard_normal(shape[:2]).astype(np.float32)
    noise = np.array(cv2.GaussianBlur(noise, (0, 0), 0.7), np.float32)
    return np.asarray(noise * (255 * strength / float(noise.std())), np.float32)
