"""Draws the visible label for one size of frame: letters, their ink measured, on a plate that keeps them readable."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO

import numpy as np
from jaxtyping import UInt8, UInt16
from PIL import Image, ImageDraw, ImageFont

from vivant.errors import InputError
from vivant.provenance.label_duties import territories

SEPARATOR = " · "
"""Between the wordings of two duties; on narrow pictures a new line stands for it."""
LABEL_TEXT = SEPARATOR.join(territories().named(name).words for name in territories().default)
"""The wording that meets all duties."""
SMALLEST_SHARE = max(duty.least_share for duty in territories().duties)
"""Ink height over the frame's shorter side, at least."""

_GENEROUS = 1.06  # so that a re-encoded, resized film still measures 5 %
_DARKNESS = 0.66  # of the plate: text on white then has 7 : 1 contrast
_BLACK, _WHITE, _GREY = 16, 235, 128
_ONE = 256  # of the fixed-point weights
INK = 128
"""Coverage from which a pixel counts as ink."""
SMALLEST_SIDE_PX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """The ink of one letter, in pixels of the plate; half-open."""

    letter: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelPlate:
    """The label for one frame size, ready to be put on frames. Arrays are read-only."""

    text: str
    width_px: int
    """Of the frame."""
    height_px: int
    left_px: int
    """Where the plate's corner lies; even."""
    top_px: int
    ink: UInt8[np.ndarray, "height width"]
    """Coverage of the letters, 0..255; sides are even."""
    keep_y: UInt16[np.ndarray, "height width"]
    """How much of the picture stays, 0..256."""
    add_y: UInt16[np.ndarray, "height width"]
    """What is added, in 1/256 of a luma step."""
    keep_c: UInt16[np.ndarray, "half_height half_width"]
    add_c: UInt16[np.ndarray, "half_height half_width"]
    glyphs: tuple[Glyph, ...]
    ink_height_px: int
    """Of the lowest letter."""

    @property
    def share_of_short_side(self) -> float:
        """Height of the lowest letter over the frame's shorter side."""
        return self.ink_height_px / min(self.width_px, self.height_px)


@lru_cache(maxsize=32)
def label_plate(
    width_px: int,
    height_px: int,
    text: str = LABEL_TEXT,
    *,
    share: Fraction = SMALLEST_SHARE,
) -> LabelPlate:
    """Draw the label for a frame size, top right.

    On pictures clearly wider than high it is one line; on the others each wording has its own, which
    covers less of a face.

    Args:
        width_px: Width of the frame, at least 64.
        height_px: Height of the frame, at least 64.
        text: What it says: one wording, or several with `` · `` between.
        share: Ink height over the frame's shorter side, at least.

    Raises:
        InputError: The frame is too small to hold a label that can be read.
    """
    short = min(width_px, height_px)
    if short < SMALLEST_SIDE_PX:
        message = (
            f"The frame is {width_px} x {height_px} pixels, and its label needs "
            f"{SMALLEST_SIDE_PX} on the shorter side. Choose a larger size."
        )
        raise InputError(message)
    lines = lines_of(text, wide=width_px > 1.2 * height_px)
    needed_px = math.ceil(float(share) * _GENEROUS * short)
    ink, glyphs = letters(lines, needed_px)
    height, width = ink.shape
    margin = 2 * round(short * 0.0125)
    left = (width_px - margin - width) & ~1
    soft = _plate(width, height, radius=height / len(lines) * 0.2)
    return _woven(text, (width_px, height_px), (left, margin), ink, soft, glyphs)


def lines_of(text: str, *, wide: bool) -> tuple[str, ...]:
    """Tell the lines of a label: one on a wide picture, one for each wording on others."""
    return (text,) if wide else tuple(text.split(SEPARATOR))


def _woven(
    text: str,
    size: tuple[int, int],
    corner: tuple[int, int],
    ink: UInt8[np.ndarray, "height width"],
    soft: UInt8[np.ndarray, "height width"],
    glyphs: tuple[Glyph, ...],
) -> LabelPlate:
    letters = ink / 255.0
    dark = soft / 255.0 * _DARKNESS
    keep = (1 - dark) * (1 - letters)
    add = _BLACK * dark * (1 - letters) + _WHITE * letters
    half = keep.reshape(keep.shape[0] // 2, 2, keep.shape[1] // 2, 2).mean(axis=(1, 3))
    plate = LabelPlate(
        text=text,
        width_px=size[0],
        height_px=size[1],
        left_px=corner[0],
        top_px=corner[1],
        ink=ink,
        keep_y=np.round(keep * _ONE).astype(np.uint16),
        add_y=np.round(add * _ONE).astype(np.uint16),
        keep_c=np.round(half * _ONE).astype(np.uint16),
        add_c=(_GREY * (_ONE - np.round(half * _ONE))).astype(np.uint16),
        glyphs=glyphs,
        ink_height_px=min(glyph.bottom - glyph.top for glyph in glyphs),
    )
    for array in (plate.ink, plate.keep_y, plate.add_y, plate.keep_c, plate.add_c):
        array.flags.writeable = False
    return plate


@cache
def _font_file() -> bytes:
    fonts = resources.files("vivant.provenance") / "fonts"
    return (fonts / "vivant-label-bold.otf").read_bytes()


def _font(size_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(_font_file()), size_px, layout_engine=ImageFont.Layout.BASIC)


def letters(
    lines: tuple[str, ...], needed_px: int
) -> tuple[UInt8[np.ndarray, "height width"], tuple[Glyph, ...]]:
    """Draw the lines in the smallest size whose lowest letter has the ink height that is needed."""
    size_px = needed_px / 0.76
    while True:
        ink, glyphs = _drawn(lines, size_px)
        if min(glyph.bottom - glyph.top for glyph in glyphs) >= needed_px:
            return ink, glyphs
        size_px += 0.25


def _drawn(
    lines: tuple[str, ...], size_px: float
) -> tuple[UInt8[np.ndarray, "height width"], tuple[Glyph, ...]]:
    font = _font(size_px)
    tracking, pad_x, pad_y, leading = (size_px * k for k in (0.025, 0.36, 0.22, 1.16))
    rows = [_places(line, font, tracking) for line in lines]
    width = round(max(right for _, right in rows) - tracking + 2 * pad_x + 1) & ~1
    top = pad_y - size_px * 0.29  # the ink of 生 begins there
    height = round(2 * pad_y + size_px * 0.98 + leading * (len(lines) - 1) + 1) & ~1
    ink = np.zeros((height, width), dtype=np.uint8)
    glyphs = []
    for number, (places, right) in enumerate(rows):
        start = width - pad_x - (right - tracking)
        for letter, x in places:
            image = Image.new("L", (width, height))
            at = (round(start + x), round(top + number * leading))
            ImageDraw.Draw(image).text(at, letter, font=font, fill=255)
            drawn = np.asarray(image)
            np.maximum(ink, drawn, out=ink)
            if letter != "·":
                glyphs.append(_glyph(letter, drawn))
    return ink, tuple(glyphs)


def _places(
    line: str, font: ImageFont.FreeTypeFont, tracking: float
) -> tuple[list[tuple[str, float]], float]:
    """Place each letter along the line.

    The dot of a Chinese font is as wide as a character, so it is drawn closer.
    """
    places, x = [], 0.0
    for letter in line:
        advance = font.getlength(letter)
        if letter == " ":
            x += advance
            continue
        shift = advance * 0.3 if letter == "·" else 0.0
        places.append((letter, x - shift))
        x += advance - 2 * shift + tracking
    return places, x


def _glyph(letter: str, drawn: UInt8[np.ndarray, "height width"]) -> Glyph:
    rows, columns = (np.flatnonzero((drawn >= INK).any(axis=axis)) for axis in (1, 0))
    return Glyph(
        letter=letter,
        left=int(columns[0]),
        top=int(rows[0]),
        right=int(columns[-1]) + 1,
        bottom=int(rows[-1]) + 1,
    )


def _plate(width: int, height: int, *, radius: float) -> UInt8[np.ndarray, "height width"]:
    """Draw a rectangle with round corners, smooth at the edge."""
    fine = 8
    image = Image.new("L", (width * fine, height * fine))
    box = (0, 0, width * fine - 1, height * fine - 1)
    ImageDraw.Draw(image).rounded_rectangle(box, radius=radius * fine, fill=255)
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))


def stamp(
    plate: LabelPlate,
    y: UInt8[np.ndarray, "height width"],
    u: UInt8[np.ndarray, "half_height half_width"],
    v: UInt8[np.ndarray, "half_height half_width"],
) -> None:
    """Put the label on a frame, in place.

    Args:
        plate: The label for this frame size.
        y: Luma, 16..235; written.
        u: Blue difference; written.
        v: Red difference; written.

    Raises:
        InputError: The frame has another size than the plate was drawn for.
    """
    if y.shape != (plate.height_px, plate.width_px):
        message = (
            f"The label was drawn for {plate.width_px} x {plate.height_px} pixels, and the frame has "
            f"{y.shape[1]} x {y.shape[0]}. Draw it for the frame's size."
        )
        raise InputError(message)
    rows, columns = plate.ink.shape
    top, left = plate.top_px, plate.left_px
    _mix(y[top : top + rows, left : left + columns], plate.keep_y, plate.add_y)
    for plane in (u, v):
        part = plane[top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]
        _mix(part, plate.keep_c, plate.add_c)


def _mix(
    part: UInt8[np.ndarray, "height width"],
    keep: UInt16[np.ndarray, "height width"],
    add: UInt16[np.ndarray, "height width"],
) -> None:
    part[:] = (part * keep + add + _ONE // 2) >> 8
