"""Photos of several people become one picture: the cast of their light, their blacks, their sharpness come together.

Casts are matched in a*, b* of CIE Lab, in the photos' light and in their shade, as far as proofs of the
film tell; L* of everybody's skin stays what it is. What is left between two people is their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from vivant.render.bust.proof import proofed, toned
from vivant.render.bust.seeing import FACE_PX, LUMA, Closely, Seen, Tone, sharpness
from vivant.scene.light import Rgb

OWN_AB = 0.8
"""So far from the middle of all may anybody's skin stay in a*, b*: skins differ."""
MUTED = 0.52
"""Beside a grey photo, colours keep this much."""
GREY_BEHIND, GREY_MOST = 2.0, 11.0
"""A grey photo's tone has this much less colour than the skin beside it, and no more than an old print."""
STEPS, CAREFUL = 14, 3.0
"""Of the search, and what it costs (in units of Lab) to turn a photo's whites or its deepest shade by one e-fold."""
ROUNDS = 2
GAIN_MOST, SHADE_MOST = 0.55, 0.25
"""No channel is changed by more: in logarithms, and in shares."""
DEEPER = 0.95
"""How far blacks go to the deepest photo's; the rest to the most faded one's."""
BLACK_MOST = 0.16
"""Blacks lighter than this, in linear light, are no blacks: there is nothing dark in the face."""
SOFTER = 0.92
"""A photo is softened when another has less than this share of its fine detail."""
SOFTEN_MOST = 0.0075
"""And by no more than this (spread, in face heights)."""


def together(seen: Sequence[Seen], close: Sequence[Closely], tones: Sequence[Tone]) -> list[Tone]:
    """Bring tones of single photos together.

    Args:
        seen: What the photos show.
        close: And what more.
        tones: Of each photo alone.

    Returns:
        Their tones side by side; grain and size are the same as before.
    """
    coloured = [k for k, one in enumerate(seen) if not one.grey]
    out = list(tones)
    if 0 < len(coloured) < len(seen):
        for k in coloured:
            out[k] = replace(out[k], saturation=MUTED * out[k].saturation)
    plain = out
    own_l = [_proof(one, tone)[:, 0] for one, tone in zip(close, out, strict=True)]
    for _ in range(ROUNDS):  # blacks and colours lean on each other
        blacks = _blacks([one.black for one in close], out)
        out = [replace(tone, black=black) for tone, black in zip(plain, blacks, strict=True)]
        _match_colours(close, out, coloured, own_l)
    return [
        replace(tone, soften=soften) for tone, soften in zip(out, _softened(close), strict=True)
    ]


def _match_colours(
    close: Sequence[Closely],
    out: list[Tone],
    coloured: Sequence[int],
    own_l: Sequence[Float64[np.ndarray, " 2"]],
) -> None:
    """Turn the tones so that skins come together in a* and b*."""
    if not coloured:
        return
    labs = {k: _proof(close[k], out[k]) for k in coloured}
    middle = np.mean([labs[k][:, 1:] for k in coloured], axis=0)
    for k in coloured:
        wanted = labs[k].copy()
        wanted[:, 0] = own_l[k]
        away = labs[k][:, 1:] - middle
        far = np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
        wanted[:, 1:] = middle + away * np.minimum(1, OWN_AB / far)
        out[k] = _turned(close[k], out[k], wanted)
    for k in set(range(len(out))) - set(coloured):
        wanted = _proof(close[k], out[k])
        wanted[:, 0] = own_l[k]
        colour = np.linalg.norm(middle, axis=1, keepdims=True)
        wanted[:, 1:] = middle / colour * np.clip(colour - GREY_BEHIND, 0, GREY_MOST)
        out[k] = _turned(close[k], out[k], wanted)


def rgb_of(values: Float64[np.ndarray, " 3"]) -> Rgb:
    """Make three numbers of an array."""
    return float(values[0]), float(values[1]), float(values[2])


def _proof(one: Closely, tone: Tone) -> Float64[np.ndarray, "2 3"]:
    """Tell the Lab of somebody's skin in the film: in light, in shade."""
    colours = toned(
        one.sides,
        gain=np.array(tone.gain),
        shade=np.array(tone.shade),
        saturation=tone.saturation,
        black=tone.black,
    )
    return proofed(colours)


def _turned(one: Closely, tone: Tone, wanted: Float64[np.ndarray, "2 3"]) -> Tone:
    """Search the gains in light and shade that bring skin to the wanted colours.

    Source: the method of Levenberg and Marquardt, with differences for derivatives.
    """
    start = np.log(np.array(tone.gain))

    def with_(x: Float64[np.ndarray, " 6"]) -> Tone:
        gain = np.exp(np.clip(start + x[:3], -GAIN_MOST, GAIN_MOST))
        shade = np.clip(x[3:], -SHADE_MOST, SHADE_MOST) * gain
        return replace(tone, gain=rgb_of(gain), shade=rgb_of(shade))

    def missed(x: Float64[np.ndarray, " 6"]) -> Float64[np.ndarray, " 12"]:
        off = ((_proof(one, with_(x)) - wanted) * [2.0, 1.0, 1.0]).ravel()  # L* above all
        whites, deep = x[:3] - x[:3] @ LUMA, x[:3] + x[3:]
        return np.concatenate([off, CAREFUL * whites, CAREFUL * (deep - deep @ LUMA)])

    x, h = np.zeros(6), 0.03
    for _ in range(STEPS):
        off = missed(x)
        slope = np.stack(
            [(missed(x + h * way) - missed(x - h * way)) / (2 * h) for way in np.eye(6)], 1
        )
        change = np.linalg.solve(slope.T @ slope + 0.5 * np.eye(6), slope.T @ off)
        x = x - np.clip(change, -0.15, 0.15)
        if np.abs(change).max() < 0.004:
            break
    return with_(x)


def _blacks(blacks: Sequence[float], tones: Sequence[Tone]) -> list[tuple[float, float]]:
    """Bring blacks together in the film, mostly by taking off the veil of those that are faded."""
    known = [min(black, BLACK_MOST) for black in blacks]
    seen = [_black_l(black, tone) for black, tone in zip(known, tones, strict=True)]
    common = DEEPER * min(seen) + (1 - DEEPER) * max(seen)
    out = []
    for black, tone in zip(known, tones, strict=True):
        low, high, wanted = 0.0, 2 * BLACK_MOST, black
        for _ in range(16):
            wanted = (low + high) / 2
            low, high = (wanted, high) if _black_l(wanted, tone) < common else (low, wanted)
        factor = (1 - wanted) / (1 - black)
        out.append((factor, wanted - black * factor))
    return out


def _black_l(black: float, tone: Tone) -> float:
    """Tell L* of a grey so dark in the film."""
    grey = toned(
        np.full((1, 3), black),
        gain=np.array(tone.gain),
        shade=np.array(tone.shade),
        saturation=0.0,
        black=(1.0, 0.0),
    )
    return float(proofed(grey)[0, 0])


def _softened(close: Sequence[Closely]) -> list[float]:
    """Tell how far each photo must be softened for the softest one's sake."""
    softest = min(one.sharp for one in close)
    out = []
    for one in close:
        if softest >= SOFTER * one.sharp:
            out.append(0.0)
            continue
        tried = np.linspace(0.2, SOFTEN_MOST * FACE_PX, 12)
        left = [sharpness(one.picture, blur=float(blur)) for blur in tried]
        fits = tried[int(np.argmin(np.abs(np.array(left) - softest)))]
        out.append(float(fits) / FACE_PX)
    return out
