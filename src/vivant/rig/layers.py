"""The layers of a photo: who stands in front, what lies behind, and the throat under the chin."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.media.face import (
    FACE_OVAL,
    LOWER_LIP_INNER,
    LOWER_LIP_OUTER,
    UPPER_LIP_INNER,
    UPPER_LIP_OUTER,
)
from vivant.rig.ground import Ground
from vivant.rig.matting import matte

Rgb = UInt8[np.ndarray, "height width 3"]
Alpha = Float32[np.ndarray, "height width"]
Floats = Float32[np.ndarray, "..."]


def oval_mask(ground: Ground, grow: float = 1.0) -> UInt8[np.ndarray, "height width"]:
    """Fill the face's outline, grown about its middle, with 255."""
    outline = ground.landmarks[list(FACE_OVAL), :2]
    middle = outline.mean(0)
    mask = np.zeros(ground.rgb.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(middle + (outline - middle) * grow).astype(np.int32)], 255)
    return mask


def cut_person(ground: Ground) -> Alpha:
    """Part the person from the background, with hair; the share of the person in each pixel, 0..1."""
    return matte(ground, oval_mask(ground))


def own_colours(ground: Ground, alpha: Alpha) -> Rgb:
    """Give each pixel at the person's edge the person's colour alone, without the background's.

    Source:
        Germer et al. 2020 / Forte 2021, blur-fusion foreground estimation, two passes.
    """
    photo = ground.rgb.astype(np.float32)
    a = alpha[..., None]
    front = photo
    back = photo
    for share in (0.12, 0.02):
        side = max(3, round(ground.face_height_px * share)) | 1
        weight = cv2.blur(alpha, (side, side))[..., None]
        near = cv2.blur(front * a, (side, side)) / (weight + 1e-5)
        far = cv2.blur(back * (1 - a), (side, side)) / (1 - weight + 1e-5)
        front = np.clip(near + a * (photo - a * near - (1 - a) * far), 0, 255)
        back = far
    front[alpha >= 1] = photo[alpha >= 1]
    return np.round(front).astype(np.uint8)


def fill(
    rgb: Rgb, known: Float32[np.ndarray, "height width"]
) -> Float32[np.ndarray, "height width 3"]:
    """Fill unknown pixels smoothly from the known ones around them (push-pull pyramid).

    Source:
        Gortler et al. 1996, The Lumigraph, section 3.4.
    """
    colours: list[Floats] = [rgb.astype(np.float32) * known[..., None]]
    weights: list[Floats] = [known.astype(np.float32)]
    while min(weights[-1].shape) > 2:
        size = ((weights[-1].shape[1] + 1) // 2, (weights[-1].shape[0] + 1) // 2)
        colours.append(np.asarray(cv2.resize(colours[-1], size, interpolation=cv2.INTER_AREA)))
        weights.append(np.asarray(cv2.resize(weights[-1], size, interpolation=cv2.INTER_AREA)))
    full = colours[-1] / np.maximum(weights[-1], 1e-6)[..., None]
    for colour, weight in zip(colours[-2::-1], weights[-2::-1], strict=True):
        up = cv2.resize(full, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        sure = np.minimum(weight * 4, 1)[..., None]  # a few known pixels in a cell are enough
        full = np.divide(colour, np.maximum(weight, 1e-6)[..., None], out=colour)  # these are large
        np.multiply(full, sure, out=full)
        np.multiply(up, 1 - sure, out=up)
        np.add(full, up, out=full)
    return np.asarray(full)


def clear_background(ground: Ground, alpha: Alpha) -> Rgb:
    """Paint what lies behind the person, from what is seen beside the person, with the photo's grain."""
    grown = max(3, round(ground.face_height_px * 0.03)) | 1
    covered = cv2.dilate(alpha, np.ones((grown, grown), np.uint8)) > 0.10
    known = (~covered).astype(np.float32)
    if known.mean() < 0.01:
        return np.round(cv2.GaussianBlur(ground.rgb, (0, 0), ground.face_height_px * 0.3)).astype(
            np.uint8
        )
    smooth = fill(ground.rgb, known)
    mended = np.where(covered[..., None], smooth, ground.rgb.astype(np.float32))
    rim = covered.astype(np.uint8) - cv2.erode(
        covered.astype(np.uint8),
        np.ones((3, 3), np.uint8),
        iterations=max(2, round(ground.face_height_px * 0.06)),
    )
    edges = cv2.inpaint(
        np.round(np.clip(mended, 0, 255)).astype(np.uint8), rim, 3, cv2.INPAINT_TELEA
    ).astype(np.float32)
    soft = cv2.GaussianBlur(rim.astype(np.float32), (0, 0), 2)[..., None] * covered[..., None]
    out = mended * (1 - soft) + edges * soft
    out[covered] += _grain(ground.rgb, known)[covered]
    return np.asarray(np.round(np.clip(out, 0, 255)).astype(np.uint8))


def _grain(
    rgb: Rgb, known: Float32[np.ndarray, "height width"]
) -> Float32[np.ndarray, "height width 3"]:
    """Noise as strong as the photo's own in its smooth parts."""
    luma = rgb.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    fine = luma - cv2.GaussianBlur(luma, (0, 0), 1.2)
    seen = np.abs(fine[known > 0.5])
    strength = float(np.median(seen)) * 1.48 if seen.size else 0.0
    noise = np.random.default_rng(0).standard_normal(luma.shape).astype(np.float32)
    noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.8))
    noise *= min(strength, 6.0) / max(float(noise.std()), 1e-6)
    return noise[..., None].repeat(3, axis=2)


def clear_throat(ground: Ground, colours: Rgb, alpha: Alpha) -> Rgb:
    """Paint the throat that the chin hides, so that the jaw can slide over it instead of dragging it.

    The lower face is painted over from the skin or cloth just outside the jaw line.
    """
    tall = ground.face_height_px
    face = oval_mask(ground, 1.0)
    mouth_y = float(ground.landmarks[[61, 291], 1].mean())
    rows = np.arange(face.shape[0], dtype=np.float32)[:, None]
    lower = np.clip((rows - (mouth_y - 0.12 * tall)) / (0.10 * tall), 0, 1)
    reach = cv2.dilate(face, np.ones((3, 3), np.uint8), iterations=max(2, round(tall * 0.16)))
    known = ((face == 0) & (reach > 0)).astype(np.float32) * (alpha > 0.9)
    known *= rows > mouth_y - 0.02 * tall
    if known.sum() < 20:
        return colours
    painted = fill(colours, known)
    chin = float(ground.landmarks[152, 1])
    shade = 1 - 0.12 * np.clip(
        (chin + 0.02 * tall - rows) / (0.12 * tall), 0, 1
    )  # deeper under the chin
    weight = cv2.GaussianBlur((face > 0).astype(np.float32), (0, 0), max(1.0, tall * 0.004)) * lower
    weight = weight[..., None]
    out = colours.astype(np.float32) * (1 - weight) + painted * shade[..., None] * weight
    return np.asarray(np.round(np.clip(out, 0, 255)).astype(np.uint8))


def close_mouth(colours: Rgb, points: Float64[np.ndarray, "478 3"], tall: float) -> Rgb:
    """Paint lip over what parted lips show: at the lips' very rims, teeth would shine into the closed mouth."""
    outline = points[[*UPPER_LIP_INNER, *LOWER_LIP_INNER[::-1]], :2]
    lips = points[[*UPPER_LIP_OUTER, *LOWER_LIP_OUTER[::-1]], :2]
    inner, outer = (np.zeros(colours.shape[:2], np.uint8) for _ in range(2))
    cv2.fillPoly(inner, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    cv2.fillPoly(outer, [np.round(lips * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    side = max(3, round(tall * 0.022)) | 1
    wider = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    inner = np.asarray(cv2.dilate(inner, wider), np.uint8)
    known = ((outer > 127) & (inner == 0)).astype(np.float32)
    if known.sum() < 20:
        return colours
    weight = (
        cv2.GaussianBlur(inner, (0, 0), max(0.7, tall * 0.004)).astype(np.float32)[..., None] / 255
    )
    return np.round(colours * (1 - weight) + fill(colours, known) * weight).astype(np.uint8)
