"""How a photo's own colours are brought into the film: its cast, its exposure, its greys; two people into one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from jaxtyping import Float64

from vivant.media.face import FACE_OVAL
from vivant.rig.rig import Rig
from vivant.scene.light import Rgb

LUMA = np.array([0.2126, 0.7152, 0.0722])
SKIN_RED, SKIN_BLUE = (1.25, 1.70), (0.55, 0.82)
"""Red and blue of skin over its green, in linear light, of people of every colour in daylight."""
BACK_TO_SKIN = 0.6
"""How much of a cast beyond that is taken off."""
BACK_BESIDE_WHITE = 0.15
"""The same where white things have told of the cast: what is left is the skin's own."""
WHITE_ABOVE, WHITE_COLOUR, WHITE_LEAST = 0.62, 0.10, 0.004
"""Collars, hair and paper: at least so bright (after the curve), of so little colour, on this share of the person."""
WHITE_TRUST = 0.45
"""How much of the cast that white things show is taken off."""
SKIN_COLOUR, COLOUR_EVENED, COLOUR_LIMITS = 1.0, 0.5, (0.75, 1.12)
"""Colour of skin (widest difference of channels over light), and how far photos are brought to it."""
CAST_LIMIT = 0.20
"""No channel is changed by more, in logarithms: a warm lamp may stay a warm lamp."""
GREY_BELOW = 0.035
"""A face with less colour than this is a grey photo's."""
GREY_RGB = (1.10, 0.985, 0.86)
"""The tone of a grey photo in a film in colour: as warm as an old print, and no more."""
LEVEL = 0.30
"""Light of a face in the middle of what photos show."""
LEVELLED, LEVEL_LIMITS = 0.35, (0.85, 1.15)
"""How far a face is brought to that level: darkness may be the skin's, not the photo's."""
MOST_GRAIN = 0.012
"""No photo is made grainier than this."""
TOGETHER, TOGETHER_LIMIT = 0.3, 0.06
"""How far two people's casts are brought to their mean, and by no more than this, in logarithms: skins differ."""


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
    """Linear light is first multiplied by the one, and the other is added: so blacks of photos come together."""
    shade: Rgb = (0.0, 0.0, 0.0)
    """What is added to ``gain`` in the photo's deepest shade."""
    soften: float = 0.0
    """The photo is blurred so far (spread, in face heights): beside a softer one it would look cut out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What a photo shows of a face."""

    skin: Float64[np.ndarray, " 3"]
    white: Float64[np.ndarray, " 3"] | None
    """Mean of what is white, where enough is."""
    grey: bool
    grain: float
    eyes_apart: float
    """In face heights."""


def matched(rigs: Sequence[Rig]) -> tuple[Tone, ...]:
    """Bring photos into one film: one person's, or several people's that are to stand side by side.

    Each photo's cast is taken off as far as it lies beyond what skin can have, and exposure is
    evened a little. Between several, casts and grain come closer, and heads get one size.
    A grey photo stays grey, in a warm tone: colours of a face are not made up.
    """
    seen = [_see(rig) for rig in rigs]
    tones = [_own(one) for one in seen]
    if len(seen) < 2:
        return tuple(tones)
    coloured = [k for k, one in enumerate(seen) if not one.grey]
    if len(coloured) > 1:
        after = {k: np.log(seen[k].skin * np.array(tones[k].gain)) for k in coloured}
        casts = {k: value - value.mean() for k, value in after.items()}
        mean = np.mean(list(casts.values()), axis=0)
        for k in coloured:
            gain = np.array(tones[k].gain) * np.exp(
                np.clip((mean - casts[k]) * TOGETHER, -TOGETHER_LIMIT, TOGETHER_LIMIT)
            )
            tones[k] = replace(tones[k], gain=_rgb(gain))
    elif coloured:  # beside a grey photo, less colour
        tones[coloured[0]] = replace(
            tones[coloured[0]], saturation=0.75 * tones[coloured[0]].saturation
        )
    most = min(max(one.grain for one in seen), MOST_GRAIN)
    apart = float(np.exp(np.mean([np.log(one.eyes_apart) for one in seen])))
    return tuple(
        replace(
            tone,
            grain=float(np.sqrt(max(0.0, most**2 - one.grain**2))),
            size=float(np.clip((apart / one.eyes_apart) ** 0.5, 0.92, 1.08)),
        )
        for tone, one in zip(tones, seen, strict=True)
    )


def _own(one: _Seen) -> Tone:
    level = float(one.skin @ LUMA)
    even = float(np.clip((LEVEL / max(level, 1e-3)) ** LEVELLED, *LEVEL_LIMITS))
    if one.grey:
        return Tone(gain=_rgb(np.array(GREY_RGB) * even), saturation=0.0)
    cast = np.zeros(3)
    if one.white is not None:
        cast = -np.log(one.white / one.white[1]) * WHITE_TRUST
    skin = one.skin * np.exp(cast)
    red, blue = skin[0] / skin[1], skin[2] / skin[1]
    wanted = np.array([np.clip(red, *SKIN_RED) / red, 1.0, np.clip(blue, *SKIN_BLUE) / blue])
    cast += np.log(wanted) * (BACK_TO_SKIN if one.white is None else BACK_BESIDE_WHITE)
    gain = np.exp(np.clip(cast, -CAST_LIMIT, CAST_LIMIT))
    after = one.skin * gain
    gain *= level / float(after @ LUMA)
    colour = float(np.ptp(after)) / max(float(after @ LUMA), 1e-3)
    vivid = float(np.clip((SKIN_COLOUR / max(colour, 1e-3)) ** COLOUR_EVENED, *COLOUR_LIMITS))
    return Tone(gain=_rgb(gain * even), saturation=vivid)


def _see(rig: Rig) -> _Seen:
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
    return _Seen(
        skin=np.maximum(skin, 1e-3),
        white=_white(rig),
        grey=colour < GREY_BELOW,
        grain=float(np.median(np.abs(fine))) * 1.48,
        eyes_apart=float(np.linalg.norm(eyes[0] - eyes[1])) / rig.face_height_px,
    )


def _rgb(values: Float64[np.ndarray, " 3"]) -> Rgb:
    return float(values[0]), float(values[1]), float(values[2])


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
