"""The still picture behind the person, and the person's own picture, at the size of the film."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.render.framing import Framing
from vivant.rig.rig import Rig

FEATHER = 0.06
"""Where the film shows more than the photo holds, the photo melts into its surroundings over this share of the height."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layers:
    """Pictures at film scale, with a margin around the film's frame."""

    margin: int
    back: UInt8[np.ndarray, "height width 3"] | None
    """The film's frame without the person; no margin. None draws over nothing."""
    person: UInt8[np.ndarray, "tall wide 3"]
    throat: UInt8[np.ndarray, "tall wide 3"]
    alpha: UInt8[np.ndarray, "tall wide"]


def lay_layers(rig: Rig, framing: Framing) -> Layers:
    """Bring all layers of a rig to the film's scale and cut them to its frame."""
    margin = max(8, round(0.10 * framing.height_px))
    size = (round(rig.alpha.shape[1] * framing.scale), round(rig.alpha.shape[0] * framing.scale))
    way = cv2.INTER_AREA if framing.scale < 1 else cv2.INTER_CUBIC

    def scaled(picture: np.ndarray) -> np.ndarray:
        return cv2.resize(picture, size, interpolation=way)

    beyond = _beyond(framing, size)
    feather = max(4, round(FEATHER * framing.height_px))
    presence = _presence(size, beyond, feather)
    alpha = scaled(rig.alpha).astype(np.float32) * presence
    back = scaled(rig.back)
    if min(beyond) < 0:  # the film sees past the photo
        whole = scaled(rig.photo)
        mix = presence[..., None]
        back = np.round(back * mix + whole * (1 - mix)).astype(np.uint8)
        full = _surround(whole, back, framing, beyond)
    else:
        full = _cut(back, framing, 0, cv2.BORDER_REPLICATE)
    return Layers(
        margin=margin,
        back=full,
        person=_cut(scaled(rig.person), framing, margin, cv2.BORDER_REPLICATE),
        throat=_cut(scaled(rig.throat), framing, margin, cv2.BORDER_REPLICATE),
        alpha=_cut(np.round(alpha).astype(np.uint8), framing, margin, cv2.BORDER_REPLICATE),
    )


def _beyond(framing: Framing, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """How far the photo reaches past the film's left, top, right, bottom; negative where the film sees more."""
    return (
        framing.left,
        framing.top,
        size[0] - framing.left - framing.width_px,
        size[1] - framing.top - framing.height_px,
    )


def _presence(
    size: tuple[int, int], beyond: tuple[int, int, int, int], feather: int
) -> Float32[np.ndarray, "h w"]:
    """1 inside the photo, easing to 0 toward those of its edges that the film shows."""
    x = np.arange(size[0], dtype=np.float32)
    y = np.arange(size[1], dtype=np.float32)
    across, down = np.ones_like(x), np.ones_like(y)
    for axis, near, gap in (
        (across, x, beyond[0]),
        (down, y, beyond[1]),
        (across, x[::-1], beyond[2]),
        (down, y[::-1], beyond[3]),
    ):
        if gap < 0:
            t = np.clip(near / feather, 0, 1)
            np.multiply(axis, t * t * (3 - 2 * t), out=axis)
    return np.asarray(down[:, None] * across[None])


def _cut(picture: np.ndarray, framing: Framing, margin: int, border: int) -> np.ndarray:
    """Cut the film's frame (and a margin) out of a scaled picture, going on past its edges."""
    height, width = picture.shape[:2]
    x0, y0 = framing.left - margin, framing.top - margin
    x1, y1 = framing.left + framing.width_px + margin, framing.top + framing.height_px + margin
    pads = (max(0, -y0), max(0, y1 - height), max(0, -x0), max(0, x1 - width))
    inner = picture[max(0, y0) : min(height, y1), max(0, x0) : min(width, x1)]
    return np.ascontiguousarray(cv2.copyMakeBorder(inner, *pads, border))


def _surround(
    whole: UInt8[np.ndarray, "h w 3"],
    back: UInt8[np.ndarray, "h w 3"],
    framing: Framing,
    beyond: tuple[int, int, int, int],
) -> UInt8[np.ndarray, "height width 3"]:
    """Carry the photo on past its edges, ever more out of focus, as a shallow lens would."""
    sharp, seen = _slow_mirror(back, framing), _slow_mirror(whole, framing)
    x = np.arange(framing.width_px, dtype=np.float32)
    y = np.arange(framing.height_px, dtype=np.float32)
    out = (
        np.maximum(
            np.maximum(-beyond[0] - x, x - (framing.width_px - 1 + beyond[2]))[None],
            np.maximum(-beyond[1] - y, y - (framing.height_px - 1 + beyond[3]))[:, None],
        )
        / framing.height_px
    )
    small = (max(1, framing.width_px // 4), max(1, framing.height_px // 4))
    far, near, away = (
        np.asarray(cv2.resize(one, small, interpolation=cv2.INTER_AREA), np.float32)
        for one in (sharp, seen, out.astype(np.float32))
    )
    # The person melts into the background where the photo ends; the background alone goes on.
    gone = _ease(away / 0.09)[..., None]
    mirrored = near * (1 - gone) + far * gone
    columns = np.flatnonzero((out > -FEATHER).any(axis=0))  # the photo itself stays as it is
    part, beside = sharp[:, columns].astype(np.float32), out[:, columns]
    for sigma, start, end in ((0.008, -FEATHER, 0.01), (0.025, -0.02, 0.07), (0.07, 0.03, 0.22)):
        soft = cv2.GaussianBlur(mirrored, (0, 0), max(0.5, sigma * framing.height_px / 4))
        full = (framing.width_px, framing.height_px)
        soft = np.asarray(cv2.resize(soft, full, interpolation=cv2.INTER_CUBIC))[:, columns]
        t = _ease((beside - start) / (end - start)).astype(np.float32)[..., None]
        part = np.asarray(part * (1 - t) + soft * t, np.float32)
    dim = (1 - 0.22 * np.clip(beside / 0.45, 0, 1)).astype(np.float32)[..., None]
    sharp[:, columns] = np.round(np.clip(part * dim, 0, 255)).astype(np.uint8)
    return sharp


def _ease(t: Float32[np.ndarray, "*shape"] | Float64[np.ndarray, "*shape"]) -> np.ndarray:
    """Ease from 0 at 0 to 1 at 1."""
    t = np.clip(t, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _slow_mirror(
    picture: UInt8[np.ndarray, "h w 3"], framing: Framing
) -> UInt8[np.ndarray, "height width 3"]:
    """Carry a picture on past its edges by its own border strip, mirrored and ever more stretched, so that no second person appears."""
    height, width = picture.shape[:2]

    def inward(at: np.ndarray, size: int) -> np.ndarray:
        strip = 0.14 * size
        before = strip * (1 - np.exp(np.minimum(at, 0) / strip))
        after = size - 1 - strip * (1 - np.exp(-np.maximum(at - size + 1, 0) / strip))
        return np.where(at < 0, before, np.where(at > size - 1, after, at)).astype(np.float32)

    x = inward(np.arange(framing.width_px, dtype=np.float64) + framing.left, width)
    y = inward(np.arange(framing.height_px, dtype=np.float64) + framing.top, height)
    columns, rows = np.meshgrid(x, y)
    return np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_LINEAR))
