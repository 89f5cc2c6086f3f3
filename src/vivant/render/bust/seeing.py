"""What a photo shows of a face before it comes into a film: skin, whites, grain, blacks, sharpness; and ``Tone``, the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.media.face import FACE_OVAL
from vivant.render.bust.matching import black_of, halves, skin_of, to_encoded, to_linear
from vivant.render.bust.modelling import shape_of
from vivant.rig.rig import Rig
from vivant.scene.light import Rgb

LUMA = np.array([0.2126, 0.7152, 0.0722])
WHITE_ABOVE, WHITE_COLOUR, WHITE_LEAST = 0.62, 0.10, 0.004
"""Collars, hair and paper: at least so bright (after the curve), of so little colour, on this share of the person."""
GREY_BELOW = 0.035
"""A face with less colour than this is a grey photo's."""
FACE_PX = 256
"""Height of the face at which photos are compared closely: about its size in a film."""
FINE, COARSE = (0.7, 1.4), (3.0, 6.0)
"""Two octaves of detail, at that size: what blur takes, and what it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """Of one photo in one film."""

    gain: Rgb = (1.0, 1.0, 1.0)
    """Linear light is multiplied by this."""
    saturation: float = 1.0
    grain: float = 0.0
    """Noise to be added, as strong as the other photo's, in shares of white after the curve."""
    size: float = 1.0
    """The head is drawn this much larger, so that heads side by side are of one size."""
    black: tuple[float, float] = (1.0, 0.0)
    """The photo's light is first multiplied by the one, and the other is added: so blacks of photos come together."""
    shade: Rgb = (0.0, 0.0, 0.0)
    """What is added to ``gain`` in the photo's deepest shade."""
    soften: float = 0.0
    """The photo is blurred so far (spread, in face heights): beside a softer one it would look cut out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What a photo shows of a face."""

    skin: Float64[np.ndarray, " 3"]
    white: Float64[np.ndarray, " 3"] | None
    """Mean of what is white, where enough is."""
    grey: bool
    grain: float
    eyes_apart: float
    """In face heights."""


def see(rig: Rig) -> Seen:
    """Look at one photo."""
    mask = np.zeros(rig.alpha.shape, np.uint8)
    outline = rig.landmarks[list(FACE_OVAL), :2]
    inner = outline.mean(0) + (outline - outline.mean(0)) * 0.85
    cv2.fillPoly(mask, [np.round(inner).astype(np.int32)], 255)
    face = rig.person[mask > 0].astype(np.float64) / 255
    linear = face**2.2
    luma = linear @ LUMA
    low, high = np.quantile(luma, [0.35, 0.85])
    skin = linear[(luma >= low) & (luma <= high)].mean(0)
    colour = float(np.abs(face - face.mean(1, keepdims=True)).mean())
    grey = cv2.cvtColor(rig.person, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    fine = (grey - cv2.GaussianBlur(grey, (0, 0), 1.2))[mask > 0]
    eyes = rig.landmarks[[468, 473], :2]
    return Seen(
        skin=np.maximum(skin, 1e-3),
        white=_white(rig),
        grey=colour < GREY_BELOW,
        grain=float(np.median(np.abs(fine))) * 1.48,
        eyes_apart=float(np.linalg.norm(eyes[0] - eyes[1])) / rig.face_height_px,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closely:
    """What must be known besides when photos are to stand side by side."""

    sides: Float64[np.ndarray, "2 3"]
    """Linear light of the skin where the photo's light falls, and in its shade."""
    black: float
    """The darkest of the face, in linear light."""
    sharp: float
    """Fine detail over coarse detail; less where the photo is soft."""
    picture: Float32[np.ndarray, "rows columns"]
    """The face in grey at ``FACE_PX``, by which softness is tried out."""


def see_closely(rig: Rig) -> Closely:
    """Look at one photo once more, its lamp taken off as the film takes it off."""
    scale = FACE_PX / rig.face_height_px
    points = rig.landmarks * scale
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    low = np.maximum(points[:, :2].min(0) - 0.1 * FACE_PX, 0)
    high = points[:, :2].max(0) + 0.1 * FACE_PX
    (x0, y0), (x1, y1) = (np.round(corner / scale).astype(int) for corner in (low, high))
    part = rig.person[y0:y1, x0:x1]
    size = (max(8, round(part.shape[1] * scale)), max(8, round(part.shape[0] * scale)))
    face = np.asarray(cv2.resize(part, size, interpolation=way))
    stops = shape_of(rig, rig.alpha.astype(np.float32) / 255).stops
    stops = stops[y0 // 2 : max(y1 // 2, y0 // 2 + 1), x0 // 2 : max(x1 // 2, x0 // 2 + 1)]
    even = np.exp2(cv2.resize(stops, size))[..., None].astype(np.float64)
    face = np.round(255 * to_encoded(to_linear(face / 255.0) * even)).astype(np.uint8)
    points[:, :2] -= np.array([x0, y0]) * scale
    skin = to_linear(face[skin_of(face.shape, points)].astype(np.float64) / 255)
    shade, light = halves(skin)
    picture = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    return Closely(
        sides=np.stack([light.mean(0), shade.mean(0)]),
        black=black_of(face, points),
        sharp=sharpness(picture),
        picture=picture,
    )


def softened(rig: Rig, spread: float) -> Rig:
    """Blur a photo; ``spread`` is in face heights, and 0 gives the same rig."""
    if spread <= 0:
        return rig
    sigma = spread * rig.face_height_px

    def blurred(
        picture: UInt8[np.ndarray, "height width 3"],
    ) -> UInt8[np.ndarray, "height width 3"]:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)

    return replace(rig, person=blurred(rig.person), throat=blurred(rig.throat))


def sharpness(picture: Float32[np.ndarray, "rows columns"], *, blur: float = 0.0) -> float:
    """Tell how much fine detail there is for the coarse detail.

    Noise counts for little: of both only what is strong is taken, edges of eyes, brows and lips.
    """
    blurred = [
        np.asarray(cv2.GaussianBlur(picture, (0, 0), float(np.hypot(sigma, blur))))
        for sigma in (*FINE, *COARSE)
    ]
    fine, coarse = (np.abs(blurred[k] - blurred[k + 1]) for k in (0, 2))
    strong = [float(np.quantile(part, 0.98)) for part in (fine, coarse)]
    return strong[0] / max(strong[1], 1e-4)


def _white(rig: Rig) -> Float64[np.ndarray, " 3"] | None:
    """Find white cloth and white hair beside the face; skin's own highlights are left out."""
    outside = rig.alpha > 250
    face = np.zeros(rig.alpha.shape, np.uint8)
    outline = rig.landmarks[list(FACE_OVAL), :2]
    cv2.fillPoly(face, [np.round(outline).astype(np.int32)], 1)
    outside &= cv2.dilate(face, np.ones((9, 9), np.uint8)) == 0
    pixels = rig.person[outside].astype(np.float64) / 255
    if not len(pixels):
        return None
    colour = pixels.max(1) - pixels.min(1)
    chosen = (pixels.min(1) > WHITE_ABOVE) & (colour < WHITE_COLOUR) & (pixels.max(1) < 0.985)
    if chosen.sum() < WHITE_LEAST * len(pixels):
        return None
    white: Float64[np.ndarray, " 3"] = (pixels[chosen] ** 2.2).mean(0)
    return white
