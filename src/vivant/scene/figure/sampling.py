"""What the photo shows of clothes and hair: colours and kinds, for the figure to wear."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int, UInt8

from vivant.media.face import FOREHEAD
from vivant.rig.rig import Rig
from vivant.scene.figure.dress import Colour, Dress, Hair, Hat
from vivant.scene.figure.patch import HeadFrame, face_patch, head_frame

CHEEKS = (50, 205, 280, 425, 117, 346)
LEAST = 0.024
"""Black cloth and hair still show their shape in such light: darker ones are lifted toward it."""
SURE = 0.85
"""Matte from which a pixel is the person's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Photo:
    frame: HeadFrame
    person: UInt8[np.ndarray, "height width 3"]
    alpha: UInt8[np.ndarray, "height width"]

    def linear(
        self, y: Int[np.ndarray, "*places"], x: Int[np.ndarray, "*places"]
    ) -> Float64[np.ndarray, "*places 3"]:
        """Give colours in linear light, of these pixels only: a photo has millions."""
        return np.asarray((self.person[y, x].astype(np.float64) / 255) ** 2.2)

    def seen(self, right: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give colours and matte at places in head heights from the eyes; outside the photo the matte is 0."""
        places = self.frame.at(right, 0.0) + np.multiply.outer(down, self.frame.down)
        x, y = np.rint(places).astype(int).T
        tall, wide = self.alpha.shape
        inside = (x >= 0) & (y >= 0) & (x < wide) & (y < tall)
        x, y = np.clip(x, 0, wide - 1), np.clip(y, 0, tall - 1)
        return self.linear(y, x), np.where(inside, self.alpha[y, x] / 255, 0.0)

    def patch(
        self, rights: tuple[float, float], downs: tuple[float, float]
    ) -> Float64[np.ndarray, "n 3"]:
        """Give the person's own pixels in a box."""
        grid = np.stack(np.meshgrid(np.linspace(*rights, 24), np.linspace(*downs, 24)), -1).reshape(
            -1, 2
        )
        colours, matte = self.seen(grid[:, 0], grid[:, 1])
        return np.asarray(colours[matte > SURE])

    def both_sides(
        self, rights: tuple[float, float], downs: tuple[float, float]
    ) -> Float64[np.ndarray, "n 3"]:
        """Give them left and right of the face."""
        return np.vstack([self.patch(rights, downs), self.patch((-rights[1], -rights[0]), downs)])


def dress_from(rig: Rig) -> Dress:
    """Guess what a person wears from the photo's own pixels; a family's choices come on top (``with_choices``).

    The coat is seen below the chin, inside the matte; hair in a band above the forehead and at the temples; a hat
    where what sits there reaches far above a skull, or is nothing like the hair at the temples; skin on the cheeks.
    What a bust cannot show (the skirt or trousers, shoes, the hair behind) is the quietest guess.
    """
    photo = _Photo(frame=head_frame(rig), person=rig.person, alpha=rig.alpha)
    seen = _Seen(photo, rig)
    hat = _hat(seen)
    hair = _hair(seen, hat)
    side = 3.0 * photo.frame.half_wide
    cloths = photo.both_sides((1.2 * photo.frame.half_wide, side), (0.85, 1.6))
    cloth = _middle(cloths if len(cloths) > 40 else photo.patch((-0.3, 0.3), (0.62, 0.9)))
    usual = Dress()
    found = seen.band
    if hat != "none" or hair == "balding":
        found = (
            seen.sides
        )  # at the edge of the matte, where other things shine through: paler is surer
        found = None if found is None else found.mean() + 0.6 * (found - found.mean())
    return Dress(
        hat=hat,
        hair=hair,
        cloth=_worn(cloth, usual.cloth, most=0.55),
        collar=_collar(photo.patch((-0.16, 0.16), (0.56, 0.74)), seen.skin, usual.collar),
        hat_colour=_worn(seen.crown if hat == "peaked" else seen.band, usual.hat_colour, most=0.7),
        hair_colour=_worn(found, usual.hair_colour, most=0.6, kept=0.85),
        skin=_patched_skin(rig, usual.skin),
    )


class _Seen:
    """What is where on a head, measured by its face."""

    def __init__(self, photo: _Photo, rig: Rig) -> None:
        frame = photo.frame
        wide = frame.half_wide
        brow = float((frame.eyes - rig.landmarks[FOREHEAD, :2]) @ frame.down) / frame.tall_px**2
        self.top = _top(photo)
        self.skin = _skin(rig, photo)
        self.band = _middle(photo.patch((-0.6 * wide, 0.6 * wide), (-brow - 0.14, -brow - 0.04)))
        """Above the forehead."""
        self.crown = _middle(
            photo.patch((-0.6 * wide, 0.6 * wide), (-self.top + 0.03, -self.top + 0.12))
        )
        self.temples = _middle(photo.both_sides((1.02 * wide, 1.15 * wide), (-0.1, 0.1)))
        self.throat = _middle(photo.patch((-0.12, 0.12), (0.56, 0.70)))
        self.jaw = _middle(photo.both_sides((1.1 * wide, 1.35 * wide), (0.25, 0.5)))
        """Beside it: hair, a scarf, or nothing of the person."""
        self.breast = _middle(photo.both_sides((1.1 * wide, 1.5 * wide), (0.75, 1.0)))
        pool = photo.both_sides((1.0 * wide, 1.45 * wide), (-0.15, 0.35))
        self.sides = _not_skin(pool, self.skin)
        """Beside the face, what is not skin."""
        rights = np.linspace(-1.5, 1.5, 301)
        self.wide = {
            name: float((photo.seen(rights, np.full(301, down))[1] > 0.5).mean() * 1.5 / wide)
            for name, down in (
                ("top", -self.top + 0.05), ("high", -self.top + 0.12), ("brow", -brow - 0.05), ("eyes", 0.0),
            )
        }  # fmt: skip
        """Width of the person at some heights, against the face's."""


def _middle(colours: Float64[np.ndarray, "n 3"]) -> Float64[np.ndarray, " 3"] | None:
    """Give the median of the middle half by brightness: neither shine nor shadow."""
    if len(colours) < 12:
        return None
    luma = colours @ [0.2126, 0.7152, 0.0722]
    low, high = np.quantile(luma, [0.25, 0.75])
    return np.asarray(np.median(colours[(luma >= low) & (luma <= high)], axis=0))


def _worn(
    found: Float64[np.ndarray, " 3"] | None, usual: Colour, *, most: float, kept: float = 0.95
) -> Colour:
    """Make a colour that light can fall on: the photo's, but neither black nor glaring nor gaudy."""
    if found is None:
        return usual
    pale = found.mean() + (found - found.mean()) * kept
    pale = pale * min(1.0, most / max(float(pale.max()), 1e-6))
    pale = np.maximum(pale, 0.004)
    pale = pale * max(1.0, LEAST / float(pale.mean()))
    red, green, blue = (float(value) for value in np.clip(pale, 0.008, most))
    return red, green, blue


def _patched_skin(rig: Rig, usual: Colour) -> Colour:
    """Take the skin from the very pixels that will lie on the face, so that the neck goes with it."""
    rgba = face_patch(rig).rgba
    tall, wide = rgba.shape[:2]
    cheeks = rgba[int(0.52 * tall) : int(0.66 * tall), int(0.28 * wide) : int(0.72 * wide)]
    cheeks = cheeks.reshape(-1, 4)
    return _worn(_middle(cheeks[cheeks[:, 3] > 0.9, :3].astype(np.float64)), usual, most=0.75)


def _skin(rig: Rig, photo: _Photo) -> Float64[np.ndarray, " 3"]:
    x, y = np.rint(rig.landmarks[list(CHEEKS), :2]).astype(int).T
    tall, wide = photo.alpha.shape
    near = [
        photo.linear(np.clip(y + dy, 0, tall - 1), np.clip(x + dx, 0, wide - 1))
        for dx in (-3, 0, 3)
        for dy in (-3, 0, 3)
    ]
    return np.asarray(np.median(np.concatenate(near), axis=0))


def _not_skin(pixels: np.ndarray, skin: np.ndarray) -> Float64[np.ndarray, " 3"] | None:
    """Find what is much greyer than skin, in light and in shadow; else what is unlike it at all."""
    if len(pixels) < 12:
        return None
    coded = pixels ** (1 / 2.2)
    strength = 1 - coded.min(axis=1) / np.maximum(coded.max(axis=1), 0.02)
    of_skin = skin ** (1 / 2.2)
    greyer = strength < 1 - of_skin.min() / of_skin.max() - 0.22
    found = _middle(pixels[greyer & (coded.max(axis=1) > 0.12)])
    if found is not None and greyer.mean() > 0.08:
        return found
    found = _middle(pixels[np.array([_unlike(pixel, skin) > 0.13 for pixel in pixels], bool)])
    return None if found is None or _in_shadow(found, skin) else found


def _in_shadow(colour: np.ndarray, skin: np.ndarray) -> bool:
    """Tell whether a colour may be skin in another light: of its hue, and no greyer."""
    a, b = (
        (value - value.mean()) / value.mean() for value in (colour ** (1 / 2.2), skin ** (1 / 2.2))
    )
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return (
        size > 0.002
        and float(a @ b) / size > 0.88
        and float(np.linalg.norm(a) / np.linalg.norm(b)) > 0.55
    )


def _light(colour: np.ndarray | None) -> float:
    return 0.0 if colour is None else float((np.asarray(colour) ** (1 / 2.2)).mean())


def _hue(one: np.ndarray | None, other: np.ndarray | None) -> float:
    """Measure how unlike two colours are, beside their light."""
    if one is None or other is None:
        return 0.0
    a, b = (np.asarray(colour) ** (1 / 2.2) for colour in (one, other))
    return float(np.linalg.norm((a - a.mean()) - (b - b.mean())))


def _unlike(one: np.ndarray | None, other: np.ndarray | None) -> float:
    """Measure how unlike two colours are: 0 is the same, 1 about as black and white; light counts half."""
    if one is None or other is None:
        return 0.0
    return 0.5 * abs(_light(one) - _light(other)) + 1.2 * _hue(one, other)


def _top(photo: _Photo) -> float:
    """Find how far over the eyes the person reaches, in heads."""
    downs = np.linspace(-1.4, -0.2, 121)
    _, matte = photo.seen(np.zeros(121), downs)
    solid = downs[matte > 0.5]
    return float(-solid.min()) if len(solid) else 0.5


def _hat(seen: _Seen) -> Hat:
    if seen.band is None or _unlike(seen.band, seen.skin) < 0.2:
        return "none"
    wrapped = _unlike(seen.band, seen.throat) < 0.12 and _unlike(seen.band, seen.temples) < 0.18
    if wrapped and seen.throat is not None and seen.temples is not None:
        return "headscarf"
    if seen.wide["brow"] > 1.35 * seen.wide["eyes"]:
        return "brimmed"
    strange = _unlike(seen.band, seen.temples) > 0.35 and _unlike(seen.temples, seen.skin) > 0.1
    if _unlike(seen.crown, seen.band) > 0.3 or (strange and _unlike(seen.band, seen.skin) > 0.35):
        return "peaked"
    return "none"


def _hair(seen: _Seen, hat: Hat) -> Hair:
    if hat != "none" or seen.band is None:
        return "short"
    bare = _hue(seen.band, seen.skin) < 0.10 and _light(seen.band) > 0.9 * _light(seen.skin)
    if bare:
        return "balding" if _hue(seen.temples, seen.skin) > 0.06 else "bald"
    if seen.top > 0.60 and seen.wide["top"] < 0.6:
        return "bun"
    hanging = _unlike(seen.band, seen.jaw) < 0.15 and seen.jaw is not None
    if hanging:
        long = seen.breast is not None and _unlike(seen.band, seen.breast) < 0.15
        return "long" if long else "medium"
    if seen.wide["high"] > 1.2 and seen.wide["eyes"] > 1.35:
        return "curly"
    return "medium" if seen.wide["eyes"] > 1.42 else "short"


def _collar(neck: Float64[np.ndarray, "n 3"], skin: np.ndarray, usual: Colour) -> Colour:
    """Find a shirt or scarf at the neck; where skin shows there, the collar is the coat's own affair."""
    if len(neck) < 12:
        return usual
    luma = neck @ [0.2126, 0.7152, 0.0722]
    bright = _middle(neck[luma >= np.quantile(luma, 0.85)])
    if bright is None or _in_shadow(bright, skin):
        return usual
    return _worn(bright, usual, most=0.75)
