"""The eyes of a rig: eyeball, iris and lid as layers, so that a blink is skin and a glance moves only the iris.

Everything lies in a small box around the eye, upright in the eye's own frame (x from the viewer's left
corner to the right one, y down), at ``scale`` box pixels for a rig pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, UInt8
from scipy.interpolate import PchipInterpolator

from vivant.media import face as names
from vivant.media.colour import rgb_to_ycc
from vivant.rig.ground import Ground
from vivant.rig.layers import fill
from vivant.rig.lending import Loan
from vivant.rig.mesh import smoothstep

BOX_WIDTH_PX = 144
REACH = (0.78, 0.72, 0.62)
"""How far the box reaches from the eye's middle: sideways, up, down, in eye widths."""
CREASE = {"right": (30, 29, 27, 28, 56), "left": (286, 258, 257, 259, 260)}
CHEEKS = {"right": (50, 205), "left": (280, 425)}
"""Where the skin is seen in the light that falls on this eye."""
SHUT = 0.97
"""Where the lids meet: this far from the upper lid's rest toward the lower lid."""

Box = Float32[np.ndarray, "height width 4"]
WHITE_OF_THE_EYE = 0.5
"""A bright spot of which this share lies between the lids is the white of the eye, in a shaded face, not light on a lens."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Eye:
    """One eye. Colours are Y'CbCr 0..255 and alpha 0..1, premultiplied, as float."""

    side: str
    """``"right"`` or ``"left"``: the person's own."""
    origin: Float32[np.ndarray, " 2"]
    """Rig pixels of the box's pixel (0, 0)."""
    axes: Float32[np.ndarray, "2 2"]
    """Rig pixels that one box pixel to the right (first row) and down (second row) moves."""
    upper: Float32[np.ndarray, " width"]
    """Edge of the upper lid at rest: box y for each box column."""
    lower: Float32[np.ndarray, " width"]
    crease: Float32[np.ndarray, " width"]
    shut: Float32[np.ndarray, " width"]
    """Where the upper lid's edge lies when the eye is closed."""
    ball: Box
    iris: Box
    """At the place it has in the photo."""
    lid: Box
    """The closed lid, edge and lashes along ``shut``."""
    glare: Float32[np.ndarray, "height width"]
    """Light on spectacle lenses that stays over a closing lid, 0..1."""
    iris_radius: float
    """In box pixels."""
    opening: float
    """Greatest height of the opening, in box pixels."""


def build_eyes(
    ground: Ground,
    points: Float64[np.ndarray, "478 3"],
    *,
    glasses: float,
    loan: Loan | None = None,
) -> tuple[Eye, Eye]:
    """Take both eyes apart; ``loan`` is a photo of the same person with closed eyes, if there is one."""
    right = (names.RIGHT_EYE_UPPER, names.RIGHT_EYE_LOWER, names.RIGHT_IRIS)
    left = (names.LEFT_EYE_UPPER, names.LEFT_EYE_LOWER, names.LEFT_IRIS)
    return (
        _build(ground, points, "right", right, glasses, loan),
        _build(ground, points, "left", left, glasses, loan),
    )


def _build(
    ground: Ground,
    points: Float64[np.ndarray, "478 3"],
    side: str,
    rows: tuple[tuple[int, ...], ...],
    glasses: float,
    loan: Loan | None,
) -> Eye:
    upper, lower, iris = rows
    flat = points[:, :2]
    left, right = flat[upper[0]], flat[upper[-1]]
    wide = float(np.linalg.norm(right - left))
    across = (right - left) / wide
    down = np.array([-across[1], across[0]])
    scale = BOX_WIDTH_PX / (2 * REACH[0] * wide)
    width, height = BOX_WIDTH_PX, round((REACH[1] + REACH[2]) * wide * scale)
    middle = (left + right) / 2
    origin = middle - across * REACH[0] * wide - down * REACH[1] * wide
    axes = np.stack([across, down]) / scale

    def into(
        ids: tuple[int, ...], of: Float64[np.ndarray, "478 2"] = flat
    ) -> Float64[np.ndarray, "n 2"]:
        away = of[list(ids)] - origin
        return np.stack([away @ across, away @ down], axis=1) * scale

    top = contour(into(upper), width)
    bottom = np.maximum(contour(into(lower), width), top + 0.3)
    fold = top - _lid_height(into(CREASE[side]), top, wide * scale)
    affine = np.array([[axes[0, 0], axes[1, 0], origin[0]], [axes[0, 1], axes[1, 1], origin[1]]])
    patch = _patch(ground.rgb, affine, (width, height))
    shut = top + (bottom - top) * SHUT + 0.02 * wide * scale * _hump(width)
    centre = into(iris[:1])[0]
    radius = float(np.linalg.norm(into(iris[1:]) - centre, axis=1).mean())
    opening = float((bottom - top).max())
    ball, disc = _ball_and_iris(patch, top, bottom, centre, radius)
    skin = _skin(patch, ground, flat[list(CHEEKS[side])], (top, bottom, fold), opening)
    lid = _lid(
        skin, patch, (top, fold, shut), wide * scale, grain_px=scale * max(1.0, ground.scale)
    )
    if loan is not None:
        edge = (
            contour(into(upper, loan.points), width) + contour(into(lower, loan.points), width)
        ) / 2
        lid = _lent_lid(_patch(loan.rgb, affine, (width, height)), edge, shut, wide * scale)
    glare = _glare(patch, skin, glasses, (top, bottom))
    return Eye(
        side=side,
        origin=origin.astype(np.float32),
        axes=axes.astype(np.float32),
        upper=top.astype(np.float32),
        lower=bottom.astype(np.float32),
        crease=fold.astype(np.float32),
        shut=shut.astype(np.float32),
        ball=ball,
        iris=disc,
        lid=lid,
        glare=glare,
        iris_radius=radius,
        opening=opening,
    )


def _patch(
    rgb: UInt8[np.ndarray, "h w 3"], affine: Float64[np.ndarray, "2 3"], size: tuple[int, int]
) -> UInt8[np.ndarray, "hh ww 3"]:
    """Cut the eye's box out of a picture in rig pixels."""
    way = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(rgb, affine, size, flags=way, borderMode=cv2.BORDER_REPLICATE)


def _lent_lid(
    patch: UInt8[np.ndarray, "h w 3"],
    edge: Float64[np.ndarray, " w"],
    shut: Float64[np.ndarray, " w"],
    wide: float,
) -> Box:
    """Take the closed lid from another photo, its lashes laid along our lid's closed edge."""
    height, width = patch.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    moved = cv2.remap(
        patch,
        xs,
        (ys + (edge - shut)).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    corner = np.abs((np.arange(width) / (width - 1) * 2 - 1) * REACH[0] * 2)
    lashes = 0.07 * wide
    alpha = (1 - smoothstep(ys - shut, lashes, 2 * lashes)) * (1 - smoothstep(corner, 1.10, 1.45))
    return _ycc(moved.astype(np.float32), alpha[..., None])


def contour(points: Float64[np.ndarray, "n 2"], width: int) -> Float64[np.ndarray, " width"]:
    """Run a smooth curve through a row of points; level beyond its ends."""
    order = np.argsort(points[:, 0])
    x, y = points[order, 0], points[order, 1]
    x = x + np.arange(len(x)) * 1e-3  # lids may be so narrow that two points share a column
    columns = np.clip(np.arange(width, dtype=np.float64), x[0], x[-1])
    return np.asarray(PchipInterpolator(x, y)(columns))


def _lid_height(
    crease: Float64[np.ndarray, "n 2"], top: Float64[np.ndarray, " width"], wide: float
) -> Float64[np.ndarray, " width"]:
    """How high the lid reaches over its edge, from the crease; beyond the corners high enough to take in the lashes."""
    columns = np.arange(len(top), dtype=np.float64)
    order = np.argsort(crease[:, 0])
    x, height = crease[order, 0], np.interp(crease[order, 0], columns, top) - crease[order, 1]
    ends = (len(top) - 1) / 2 + np.array([-0.62, 0.62]) * wide
    inside = (x > ends[0] + 1) & (x < ends[1] - 1)
    x = np.r_[ends[0], x[inside] + np.arange(inside.sum()) * 1e-3, ends[1]]
    height = np.r_[0.15 * wide, np.maximum(height[inside], 0.15 * wide), 0.15 * wide]
    return np.asarray(PchipInterpolator(x, height)(np.clip(columns, *ends)))


def _hump(width: int) -> Float64[np.ndarray, " width"]:
    """1 in the middle of the eye, 0 from the corners on."""
    x = (np.arange(width) / (width - 1) * 2 - 1) * REACH[0] * 2
    return np.sqrt(np.clip(1 - x * x, 0, 1))


def _ball_and_iris(
    patch: UInt8[np.ndarray, "h w 3"],
    top: Float64[np.ndarray, " w"],
    bottom: Float64[np.ndarray, " w"],
    centre: Float64[np.ndarray, " 2"],
    radius: float,
) -> tuple[Box, Box]:
    height, width = patch.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float64)
    from_centre = np.hypot(xs - centre[0], ys - centre[1])
    inside = (
        (ys > top + 0.10 * (bottom - top))
        & (ys < bottom - 0.06 * (bottom - top))
        & (bottom - top > 1.5)
    )
    white = inside & (from_centre > radius * 1.18)
    if (
        white.sum() >= 24
    ):  # what the lids shade, and the red of the corner, is not the white of the eye
        luma = patch.astype(np.float64) @ np.array([0.2126, 0.7152, 0.0722])
        white &= luma > np.percentile(luma[white], 45)
    if white.sum() < 12:
        white = inside & (from_centre > radius * 0.9)
    if white.sum() < 4:
        white = inside | (np.abs(ys - (top + bottom) / 2) < 2)
    sclera = cv2.GaussianBlur(fill(patch, white.astype(np.float32)), (0, 0), 1.5)
    seen = (ys > top) & (ys < bottom) & (bottom - top > 1.0)
    photo = patch.astype(np.float32)
    near_edge = np.minimum(ys - top, bottom - ys)[..., None]
    # In the opening, away from the iris, the eyeball is the photo itself.
    own = (smoothstep(from_centre / radius, 1.15, 1.60) * seen)[..., None] * np.clip(
        near_edge, 0, 1
    )
    ball = sclera * (1 - own) + photo * own
    profile = _radial(photo, from_centre, seen & (from_centre < radius * 1.3), radius)
    alpha = (1 - smoothstep(from_centre / radius, 0.98, 1.22))[..., None]
    hidden = 1 - np.clip(near_edge, 0, 1) * seen[..., None]
    disc = photo * (1 - hidden) + profile * hidden
    # Premultiplied so that eyeball and iris in their places give back the photo.
    premultiplied = np.clip(disc - ball * (1 - alpha), 0, 255) * (alpha > 0)
    return _ycc(ball, np.ones((height, width, 1))), _ycc_premultiplied(premultiplied, alpha)


def _radial(
    photo: Float[np.ndarray, "h w 3"],
    distance: Float[np.ndarray, "h w"],
    known: Bool[np.ndarray, "h w"],
    radius: float,
) -> Float[np.ndarray, "h w 3"]:
    """Colour of the iris by distance from its centre, for the part under the lid."""
    bins = np.clip((distance / radius * 12).astype(int), 0, 15)
    table = np.zeros((16, 3))
    last = photo[known].mean(0) if known.any() else np.full(3, 40.0)
    for b in range(16):
        here = (bins == b) & known
        if here.sum() >= 2:
            last = np.median(photo[here], axis=0)
        table[b] = last
    at = np.clip(distance / radius * 12 - 0.5, 0, 14.99)
    low = at.astype(int)
    part = (at - low)[..., None]
    return np.asarray((table[low] * (1 - part) + table[low + 1] * part).astype(np.float32))


def _skin(
    patch: UInt8[np.ndarray, "h w 3"],
    ground: Ground,
    cheeks: Float64[np.ndarray, "2 2"],
    curves: tuple[Float64[np.ndarray, " w"], ...],
    opening: float,
) -> Float[np.ndarray, "h w 3"]:
    """Skin as it would look without the eye: from the lid and the skin around it, without lashes and rims."""
    top, bottom, fold = curves
    height, width = patch.shape[:2]
    ys = np.mgrid[0:height, 0:width][0].astype(np.float64)
    lash = max(2.0, 0.30 * opening)
    eye = (ys > top - lash) & (ys < bottom + 0.6 * lash)
    spots = np.clip(cheeks.astype(int), 0, np.array(ground.rgb.shape[1::-1]) - 1)
    side = max(2, round(ground.face_height_px * 0.02))
    around = [
        np.median(
            ground.rgb[max(0, y - side) : y + side, max(0, x - side) : x + side].reshape(-1, 3),
            axis=0,
        )
        for x, y in spots
    ]
    weights = np.array([0.2126, 0.7152, 0.0722])
    cheek = float(np.median(around, axis=0) @ weights)
    luma = cv2.GaussianBlur(patch, (0, 0), 1.0).astype(np.float64) @ weights
    odd = (luma < 0.66 * cheek) | (luma > 1.30 * cheek)
    tone = np.median(around, axis=0) / max(float(np.median(around, axis=0).sum()), 1.0)
    share = patch / np.maximum(patch.sum(axis=2, keepdims=True, dtype=np.float64), 30.0)
    odd |= (
        np.abs(share - tone).max(axis=2) > 0.055
    )  # a rim, a lens, a strand of hair: not this skin
    odd = cv2.dilate(odd.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    known = ~(eye | odd)
    if known.sum() < 0.04 * known.size:  # thick rims, deep shadow: only the cheeks tell the skin
        plain = 0.9 * np.median(around, axis=0)
        return np.broadcast_to(plain, patch.shape).astype(np.float32)
    # A lid is more like the skin above it than like the cheek.
    trust = known.astype(np.float32) * np.where(ys > bottom, 0.25, 1.0).astype(np.float32)
    smooth = cv2.GaussianBlur(fill(patch, trust), (0, 0), 3.0)
    total = smooth.sum(axis=2, keepdims=True)
    smooth = 0.5 * smooth + 0.5 * total * tone.astype(np.float32)
    light = float(np.median(around, axis=0).sum())
    smooth *= np.clip(total, 0.74 * light, 1.15 * light) / np.maximum(total, 1.0)
    lid = (ys > fold - 2) & (ys < bottom + 0.6 * lash)
    own = cv2.GaussianBlur((known & ~lid).astype(np.float32), (0, 0), 2.0)[..., None]
    return np.asarray((patch * own + smooth * (1 - own)).astype(np.float32))


def _lid(
    skin: Float[np.ndarray, "h w 3"],
    patch: UInt8[np.ndarray, "h w 3"],
    curves: tuple[Float64[np.ndarray, " w"], ...],
    wide: float,
    *,
    grain_px: float,
) -> Box:
    top, fold, shut = curves
    height, width = skin.shape[:2]
    ys = np.mgrid[0:height, 0:width][0].astype(np.float64)
    hump = _hump(width)
    # A closed lid bulges over the eyeball: lighter along its middle, darker at the fold and toward the lashes.
    part = np.clip((ys - fold) / np.maximum(shut - fold, 1), 0, 1.2)
    bulge = (
        1
        + 0.07 * np.exp(-(((part - 0.55) / 0.22) ** 2)) * hump
        - 0.10 * smoothstep(part, 0.78, 1.02) * hump
    )
    bulge -= 0.08 * np.exp(-(((part - 0.05) / 0.10) ** 2)) * hump
    grain = patch.astype(np.float32) - cv2.GaussianBlur(patch, (0, 0), 1.5 * grain_px)
    strength = min(float(np.median(np.abs(grain))), 2.5)
    noise = cv2.GaussianBlur(
        np.random.default_rng(1).standard_normal((height, width)), (0, 0), 0.7 * grain_px
    )
    colour = 0.965 * skin * bulge[..., None] + (noise / noise.std() * strength)[..., None]
    corner = (np.arange(width) / (width - 1) * 2 - 1) * REACH[0] * 2
    rim = np.clip(patch[np.clip(top.astype(int), 0, height - 1), np.arange(width)], 0, 255)
    dark = np.percentile(rim[np.abs(corner) < 0.9].astype(np.float64), 15, axis=0) * 0.75
    thick = (0.020 + 0.016 * hump) * wide
    off = np.abs(ys - shut - 0.15 * thick)
    taper = np.sqrt(np.clip(1.04 - np.abs(corner), 0, 1) / 1.04)
    lash = np.clip(1.15 - off / np.maximum(thick, 0.8), 0, 1) * 0.82 * taper
    shade = np.exp(-((np.maximum(shut - ys, 0) / (0.10 * wide)) ** 2)) * (ys < shut) * 0.14 * hump
    colour = colour * (1 - shade[..., None])
    colour = colour * (1 - lash[..., None]) + dark * lash[..., None]
    body = (1 - smoothstep(ys - shut, -0.5, 1.0)) * (1 - smoothstep(np.abs(corner), 1.18, 1.50))
    alpha = np.maximum(body, lash)[..., None]
    return _ycc(np.clip(colour, 0, 255), alpha)


def _glare(
    patch: UInt8[np.ndarray, "h w 3"],
    skin: Float[np.ndarray, "h w 3"],
    glasses: float,
    opening: tuple[Float[np.ndarray, " w"], Float[np.ndarray, " w"]],
) -> Float[np.ndarray, "h w"]:
    """Find light on lenses: brighter than skin could be and low in colour, and more than the white of the eye."""
    if glasses < 0.5:
        return np.zeros(patch.shape[:2], np.float32)
    weights = np.array([0.2126, 0.7152, 0.0722], np.float32)
    over = patch.astype(np.float32) @ weights - skin @ weights
    pale = 1 - smoothstep(_depth_of_colour(patch) / _depth_of_colour(skin), 0.45, 0.75)
    light = cv2.morphologyEx(
        (smoothstep(over, 25, 80) * pale).astype(np.float32),
        cv2.MORPH_OPEN,
        np.ones((5, 5), np.uint8),
    )
    rows = np.arange(patch.shape[0], dtype=np.float32)[:, None]
    within = (rows >= opening[0] - 1) & (rows <= opening[1] + 1)
    count, labels = cv2.connectedComponents((light > 0.05).astype(np.uint8))
    for one in range(1, count):
        spot = labels == one
        if within[spot].mean() > WHITE_OF_THE_EYE:
            light[spot] = 0
    return cv2.GaussianBlur(light, (0, 0), 1.2)


def _depth_of_colour(rgb: np.ndarray) -> Float[np.ndarray, "h w"]:
    """Tell how far from grey colours are, 0..1, never quite 0."""
    high = rgb.max(axis=2).astype(np.float32)
    return np.asarray((high - rgb.min(axis=2) + 4) / (high + 4), np.float32)


def _ycc(rgb: Float[np.ndarray, "h w 3"], alpha: Float[np.ndarray, "h w 1"]) -> Box:
    ycc = rgb_to_ycc(np.asarray(rgb, np.float32))
    return np.concatenate([ycc * alpha, alpha], axis=2).astype(np.float32)


def _ycc_premultiplied(rgb: Float[np.ndarray, "h w 3"], alpha: Float[np.ndarray, "h w 1"]) -> Box:
    """Convert premultiplied colours: the offsets of luma and chroma weigh by alpha."""
    ycc = rgb_to_ycc(np.asarray(rgb, np.float32)) - np.array([16, 128, 128], np.float32)
    return np.concatenate(
        [ycc + np.array([16, 128, 128], np.float32) * alpha, alpha], axis=2
    ).astype(np.float32)
