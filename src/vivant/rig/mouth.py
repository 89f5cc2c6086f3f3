"""The inside of the mouth: teeth, gums, tongue, in the light of the photo.

Everything lies in a box around the lip line, upright in the face's own frame, at ``scale`` box
pixels for a rig pixel. Upper teeth belong to the skull, lower teeth and tongue to the jaw. Where a
photo shows the person's own teeth, those pixels lie over the drawn ones.

Source:
    Proportions of teeth: Wheeler's Dental Anatomy (a central incisor is 8.5 mm wide and 10.5 mm tall;
    a mouth at rest is about 50 mm wide); how much shows under the lip is our own choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32, Float64, UInt8

from vivant.media import face as names
from vivant.media.colour import LUMA, rgb_to_ycc
from vivant.rig.ground import Ground
from vivant.rig.lending import Loan
from vivant.rig.mesh import smoothstep
from vivant.rig.rest import Rest
from vivant.rig.teeth import LOWER_TEETH, UPPER_TEETH, draw_teeth

BOX_WIDTH_PX = 240
REACH = (0.62, 0.34, 0.52)
"""How far the box reaches from the lip line: sideways, up, down, in mouth widths."""
UPPER_EDGE = 0.035
"""How far the upper incisors reach below the lip line at rest, in mouth widths (under 2 mm)."""
LOWER_EDGE = -0.015
SEAM = 0.8
"""Where a photo shows parted lips, it has no line of closed lips: this one is drawn."""
Box = Float32[np.ndarray, "height width 4"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mouth:
    """What lies behind the lips. Colours are Y'CbCr 0..255 and alpha 0..1, premultiplied, as float."""

    origin: Float32[np.ndarray, " 2"]
    """Rig pixels of the box's pixel (0, 0), in the photo."""
    axes: Float32[np.ndarray, "2 2"]
    """Rig pixels that one box pixel to the right (first row) and down (second row) moves."""
    line: float
    """Box y of the lip line at rest."""
    upper: Box
    lower: Box
    tongue: Box
    cavity: Float32[np.ndarray, " 3"]
    """Y'CbCr of the dark."""
    seam: float
    """How dark the line is where the lips meet, 0..1; 0 when the photo shows closed lips and so has that line."""
    own_teeth: bool
    """Whether a photo gave the upper teeth."""


def build_mouth(
    ground: Ground, points: Float64[np.ndarray, "478 3"], rest: Rest, loan: Loan | None = None
) -> Mouth:
    """Draw the inside of the mouth in the photo's light; ``loan`` is a photo of the same person that shows teeth."""
    flat = points[:, :2]
    left, right = flat[61], flat[291]
    eyes = flat[263] - flat[33]
    across = eyes / np.linalg.norm(eyes)
    down = np.array([-across[1], across[0]])
    wide = abs(float((right - left) @ across)) * (1 - 0.13 * rest.smile)
    scale = BOX_WIDTH_PX / (2 * REACH[0] * wide)
    height = round((REACH[1] + REACH[2]) * wide * scale)
    middle = (left + right) / 2 * 0.3 + (flat[13] * 0.55 + flat[14] * 0.45) * 0.7
    seam = flat[13] * 0.45 + flat[14] * 0.55
    middle = middle + down * float((seam - middle) @ down)
    origin = middle - across * REACH[0] * wide - down * REACH[1] * wide
    axes = np.stack([across, down]) / scale
    unit, line, centre = wide * scale, REACH[1] * wide * scale, BOX_WIDTH_PX / 2
    enamel, gum, flesh = _light(ground, flat)
    own, edge = None, UPPER_EDGE
    shown = (ground.rgb, flat) if rest.parted else None if loan is None else (loan.rgb, loan.points)
    if shown is not None:
        own, edge, seen = _own_teeth(*shown, origin, axes, (BOX_WIDTH_PX, height), line, unit)
        enamel = enamel if seen is None else seen
    shape = (height, BOX_WIDTH_PX)
    upper = premultiply(
        draw_teeth(UPPER_TEETH, shape, (centre, line + edge * unit), unit, (enamel, gum))
    )
    lower = premultiply(
        draw_teeth(
            LOWER_TEETH, shape, (centre, line + LOWER_EDGE * unit), unit, (0.9 * enamel, 0.9 * gum)
        )
    )
    if own is not None:
        upper = own + upper * (1 - own[..., 3:])
    return Mouth(
        origin=origin.astype(np.float32),
        axes=axes.astype(np.float32),
        line=float(line),
        upper=upper.astype(np.float32),
        lower=lower,
        tongue=_tongue(shape, centre, line, unit, flesh),
        cavity=rgb_to_ycc((flesh * np.array([0.16, 0.10, 0.10])).astype(np.float32)),
        seam=SEAM if rest.parted else 0.0,
        own_teeth=own is not None,
    )


def _light(
    ground: Ground, flat: Float64[np.ndarray, "478 2"]
) -> tuple[Float64[np.ndarray, " 3"], ...]:
    """Tell the colours of enamel, gum and tongue in this photo's light, from the whites of the eyes and the skin."""
    whites = []
    for upper, lower, iris in (
        (names.RIGHT_EYE_UPPER, names.RIGHT_EYE_LOWER, names.RIGHT_IRIS),
        (names.LEFT_EYE_UPPER, names.LEFT_EYE_LOWER, names.LEFT_IRIS),
    ):
        mask = np.zeros(ground.rgb.shape[:2], np.uint8)
        cv2.fillPoly(
            mask,
            [np.round(np.vstack([flat[list(upper)], flat[list(lower)][::-1]])).astype(np.int32)],
            255,
        )
        radius = np.linalg.norm(flat[list(iris[1:])] - flat[iris[0]], axis=1).mean() * 1.1
        cv2.circle(
            mask, np.round(flat[iris[0]]).astype(int).tolist(), max(1, round(float(radius))), 0, -1
        )
        whites.append(ground.rgb[mask > 0])
    white = np.concatenate(whites).astype(np.float64)
    box = np.clip(
        np.round(np.vstack([flat[50], flat[280], flat[205], flat[425]])).astype(int),
        0,
        np.array(ground.rgb.shape[1::-1]) - 1,
    )
    side = max(2, round(ground.face_height_px * 0.03))
    skin = np.median(
        np.concatenate(
            [
                ground.rgb[max(0, y - side) : y + side, max(0, x - side) : x + side].reshape(-1, 3)
                for x, y in box
            ]
        ),
        axis=0,
    )
    bright = float(np.percentile(white @ LUMA, 80)) if len(white) > 8 else 0.0
    skin_luma = float(skin @ LUMA)
    level = np.clip(np.clip(bright, skin_luma * 1.02, skin_luma * 2.2), 60, 225) * 0.97
    cast = (
        np.median(white[white @ LUMA > np.percentile(white @ LUMA, 60)], axis=0)
        if len(white) > 8
        else np.full(3, 200.0)
    )
    cast = cast / max(float(cast @ LUMA), 1.0)
    # The white of the eye tells the light; enamel is a little warmer than it.
    ivory = (0.3 * cast + 0.7) * np.array([1.035, 1.0, 0.90])
    enamel = np.clip(level * ivory / float(ivory @ LUMA), 0, 245)
    gum = np.clip(enamel * np.array([0.74, 0.40, 0.40]), 0, 255)
    flesh = np.clip(enamel * np.array([0.72, 0.40, 0.38]), 0, 255)
    if _is_toned(ground, flat):  # an old print has one tone; nothing in it may be red
        tone = skin / max(skin_luma, 1.0)
        enamel, gum, flesh = (np.clip(float(c @ LUMA) * tone, 0, 255) for c in (enamel, gum, flesh))
    return enamel, gum, flesh


def _is_toned(ground: Ground, flat: Float64[np.ndarray, "478 2"]) -> bool:
    """Whether the face has light and dark only, in whatever tone the print has."""
    low, high = flat[:468].min(0).astype(int), flat[:468].max(0).astype(int) + 1
    face = (
        ground.rgb[max(0, low[1]) : high[1], max(0, low[0]) : high[0]]
        .reshape(-1, 3)
        .astype(np.float32)
    )
    total = face.sum(1, keepdims=True)
    lit = total[:, 0] > 90
    if lit.sum() < 50:
        return False
    share = face[lit] / total[lit]
    return float(share.std(axis=0).max()) < 0.010


def _tongue(
    shape: tuple[int, int],
    centre: float,
    line: float,
    unit: float,
    flesh: Float64[np.ndarray, " 3"],
) -> Box:
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float64)
    x, y = (xs - centre) / (0.30 * unit), (ys - line - 0.03 * unit) / (0.16 * unit)
    far = np.hypot(x, y)
    alpha = 1 - smoothstep(far, 0.80, 1.05)
    shade = (
        0.55
        + 0.40 * np.exp(-(((y + 0.35) / 0.5) ** 2)) * np.exp(-((x / 0.9) ** 2))
        - 0.10 * np.exp(-((x / 0.10) ** 2))
    )
    bumps = cv2.GaussianBlur(np.random.default_rng(2).standard_normal(shape), (0, 0), 1.2)
    colour = flesh * (shade * (1 + 0.05 * bumps / bumps.std()))[..., None]
    return premultiply(np.dstack([np.clip(colour, 0, 255), alpha]).astype(np.float32))


def _own_teeth(
    rgb: UInt8[np.ndarray, "height width 3"],
    flat: Float64[np.ndarray, "478 2"],
    origin: Float64[np.ndarray, " 2"],
    axes: Float64[np.ndarray, "2 2"],
    size: tuple[int, int],
    line: float,
    unit: float,
) -> tuple[Float32[np.ndarray, "tall wide 4"] | None, float, Float64[np.ndarray, " 3"] | None]:
    """Cut the teeth that the photo shows: bright and pale between the parted lips."""
    affine = np.array([[axes[0, 0], axes[1, 0], origin[0]], [axes[0, 1], axes[1, 1], origin[1]]])
    patch: UInt8[np.ndarray, "h w 3"] = cv2.warpAffine(
        rgb,
        affine,
        size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    outline = (
        np.vstack([flat[list(names.UPPER_LIP_INNER)], flat[list(names.LOWER_LIP_INNER)][::-1]])
        - origin
    )
    inverse = np.linalg.inv(axes)
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(mask, [np.round(outline @ inverse * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    luma = patch.astype(np.float32) @ LUMA
    spread = patch.max(2).astype(np.float32) - patch.min(2)
    inside = mask > 200
    if inside.sum() < 60:
        return None, UPPER_EDGE, None
    bright = float(np.percentile(luma[inside], 85))
    tooth = smoothstep(luma, 0.50 * bright, 0.72 * bright) * (
        1 - smoothstep(spread / np.maximum(luma, 1), 0.38, 0.62)
    )
    far = np.abs(np.arange(size[0]) - size[0] / 2) / unit
    patch = np.round(patch * (1 - 0.5 * smoothstep(far, 0.22, 0.46))[None, :, None]).astype(
        np.uint8
    )
    tooth = cv2.GaussianBlur((tooth * (mask / 255.0)).astype(np.float32), (0, 0), 0.9)
    sure = (tooth > 0.6) & inside
    if sure.sum() < 0.20 * inside.sum():
        return None, UPPER_EDGE, None
    middle = slice(size[0] // 2 - round(0.15 * unit), size[0] // 2 + round(0.15 * unit))
    rows = np.nonzero(sure[:, middle].mean(1) > 0.4)[0]
    edge = (float(rows.max()) - line) / unit if len(rows) else UPPER_EDGE
    enamel = np.median(patch[sure].astype(np.float64), axis=0)
    box = premultiply(np.dstack([patch.astype(np.float32), tooth]))
    return box, edge, enamel


def premultiply(rgba: Float[np.ndarray, "h w 4"]) -> Box:
    """Turn RGB with alpha into premultiplied Y'CbCr with alpha."""
    alpha = rgba[..., 3:]
    return np.concatenate(
        [rgb_to_ycc(np.ascontiguousarray(rgba[..., :3])) * alpha, alpha], axis=2
    ).astype(np.float32)
