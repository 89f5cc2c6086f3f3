"""Words in the picture: cards before and after the film, titles over it. Drawn once, laid on each frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, no_type_check

import cv2
import numpy as np
from jaxtyping import Float32, UInt8
from PIL import Image, ImageDraw

from vivant.film.cards_fonts import Role, UnwritableError, direction_of, font_for
from vivant.media.compilation import compiled
from vivant.media.picture import Frame

_WARM = (229.0, 124.0, 131.0)
_DARK = (40.0, 130.0, 128.0)
"""Y', Cb and Cr of the letters: a warm white, and a soft black."""
CARD_COMES_S, CARD_GOES_S, WORDS_TAKE_S = 0.5, 0.6, 0.6
BLUR = 0.055
"""Of the picture behind a card, in heights."""
DIMMED_TO = 78.0
"""Mean luma behind light letters; a picture darker than that stays."""
LIGHT_FROM = 168.0
"""Behind letters on a card after the film, a picture lighter than this stays, and the letters are dark."""
GRAIN = 1.3
LONGEST_SHARE = 0.82
"""Of the picture's width, that a line may fill."""
MOST_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text, and how it stands in the picture."""

    text: str
    size: float
    """Of its letters, in hundredths of the picture's shorter side."""
    centre_y: float
    """Middle of the text, in heights of the picture."""
    role: Role = "title"
    what: str = "The title"
    """What messages call it."""
    dark: bool = False
    shaded: bool = False
    """Whether a soft shade lies behind the letters, so that they are read on any picture."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plate:
    """Letters ready to be laid on frames of one size: a frame becomes ``frame * keep + add``."""

    left_px: int
    """Even."""
    top_px: int
    """Even."""
    keep_y: Float32[np.ndarray, "height width"]
    add_y: Float32[np.ndarray, "height width"]
    keep_c: Float32[np.ndarray, "half_height half_width"]
    add_u: Float32[np.ndarray, "half_height half_width"]
    add_v: Float32[np.ndarray, "half_height half_width"]

    def lay(self, frame: Frame, opacity: float) -> None:
        """Lay it on a frame, in place."""
        if opacity <= 0:
            return
        share = np.float32(min(1.0, opacity))
        rows, columns = self.keep_y.shape
        top, left = self.top_px, self.left_px
        _lay(frame.y[top : top + rows, left : left + columns], self.keep_y, self.add_y, share)
        rows, columns, top, left = rows // 2, columns // 2, top // 2, left // 2
        for plane, add in ((frame.u, self.add_u), (frame.v, self.add_v)):
            _lay(plane[top : top + rows, left : left + columns], self.keep_c, add, share)


def plate_of(
    words: Sequence[Words], *, width_px: int, height_px: int, language: str
) -> Plate | None:
    """Draw texts for frames of a size; nothing where there is nothing to draw.

    Raises:
        UnwritableError: No font here can draw one of them, or it is too long for the picture.
    """
    ink = np.zeros((height_px, width_px), np.float32)
    shade = np.zeros_like(ink)
    tone = np.zeros_like(ink)
    for one in words:
        if not one.text.strip():
            continue
        drawn = _drawn(one, width_px=width_px, height_px=height_px, language=language)
        tone = np.where(drawn > ink, np.float32(one.dark), tone)
        ink = np.maximum(ink, drawn)
        short = min(width_px, height_px)
        soft = cv2.GaussianBlur(drawn, (0, 0), short * (0.012 if one.shaded else 0.02))
        shade = np.maximum(shade, np.minimum(1.0, soft * 2.2) * (0.62 if one.shaded else 0.0))
    rows, columns = np.flatnonzero((shade + ink).max(axis=1) > 0.004), np.flatnonzero((shade + ink).max(axis=0) > 0.004)  # fmt: skip
    if not len(rows):
        return None
    top, left = int(rows[0]) & ~1, int(columns[0]) & ~1
    bottom = min(height_px, (int(rows[-1]) + 2) & ~1)
    right = min(width_px, (int(columns[-1]) + 2) & ~1)
    cut = (slice(top, bottom), slice(left, right))
    return _woven(ink[cut], shade[cut], tone[cut], top=top, left=left)


def _woven(
    ink: Float32[np.ndarray, "h w"],
    shade: Float32[np.ndarray, "h w"],
    tone: Float32[np.ndarray, "h w"],
    *,
    top: int,
    left: int,
) -> Plate:
    keep = (1 - shade) * (1 - ink)
    colours = [warm + (dark - warm) * tone for warm, dark in zip(_WARM, _DARK, strict=True)]
    add_y = 16 * shade * (1 - ink) + colours[0] * ink
    half = [_halved(one) for one in (keep, 128 * shade * (1 - ink) + colours[1] * ink, 128 * shade * (1 - ink) + colours[2] * ink)]  # fmt: skip
    return Plate(
        left_px=left,
        top_px=top,
        keep_y=np.ascontiguousarray(keep, np.float32),
        add_y=np.ascontiguousarray(add_y, np.float32),
        keep_c=half[0],
        add_u=half[1],
        add_v=half[2],
    )


def _halved(plane: Float32[np.ndarray, "h w"]) -> Float32[np.ndarray, "hh hw"]:
    height, width = plane.shape
    return np.ascontiguousarray(
        plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)), np.float32
    )


def _drawn(
    words: Words, *, width_px: int, height_px: int, language: str
) -> Float32[np.ndarray, "height width"]:
    size_px = words.size / 100 * min(width_px, height_px)
    font = font_for(
        words.text, size_px=size_px, role=words.role, language=language, what=words.what
    )
    lines = _broken(words.text, font.getlength, most=LONGEST_SHARE * width_px)
    if len(lines) > MOST_LINES or any(font.getlength(line) > 0.98 * width_px for line in lines):
        message = f"{words.what} has {len(words.text)} letters, and {MOST_LINES} lines of the picture hold fewer. Shorten it."
        raise UnwritableError(message)
    image = Image.new("L", (width_px, height_px))
    pen = ImageDraw.Draw(image)
    leading = 1.36 * size_px
    first = words.centre_y * height_px - leading * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        pen.text(
            (width_px / 2, first + number * leading),
            line,
            font=font,
            fill=255,
            anchor="mm",
            direction=direction_of(line),
        )
    return np.asarray(image, np.float32) / 255


def _broken(text: str, length: object, *, most: float) -> list[str]:
    """Break a text into lines that fit, as even in length as can be."""
    lines: list[str] = []
    for paragraph in text.strip().splitlines():
        lines += _even_lines(paragraph.split(), length, most=most) if paragraph.strip() else []
    return lines


def _even_lines(written: list[str], length: object, *, most: float) -> list[str]:
    fits = length if callable(length) else len
    pieces, glue = written, " "
    if any(fits(piece) > most for piece in pieces):  # scripts without spaces
        pieces, glue = [*" ".join(written)], ""

    def filled(limit: float) -> list[str]:
        lines = [""]
        for piece in pieces:
            longer = f"{lines[-1]}{glue}{piece}" if lines[-1] else piece
            if fits(longer) > limit and lines[-1]:
                lines.append(piece)
            else:
                lines[-1] = longer
        return lines

    count = len(filled(most))
    limit = most
    while count > 1 and limit > most / 3 and len(filled(limit * 0.96)) == count:
        limit *= 0.96
    return [line.strip() for line in filled(limit)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backdrop:
    """A calm picture behind a card."""

    y: Float32[np.ndarray, "height width"]
    u: Float32[np.ndarray, "half_height half_width"]
    v: Float32[np.ndarray, "half_height half_width"]
    is_light: bool
    """Whether letters on it must be dark."""


def backdrop_from(frame: Frame, *, may_be_light: bool = False) -> Backdrop:
    """Make a calm picture of a frame: far out of focus, and dim enough for light letters.

    Args:
        frame: Of the film.
        may_be_light: Whether a light picture may stay light.
    """
    sigma = BLUR * frame.y.shape[0]
    y, u, v = (
        cv2.GaussianBlur(plane.astype(np.float32), (0, 0), spread, borderType=cv2.BORDER_REPLICATE)
        for plane, spread in ((frame.y, sigma), (frame.u, sigma / 2), (frame.v, sigma / 2))
    )
    mean = float(y.mean())
    if may_be_light and mean > LIGHT_FROM:
        return Backdrop(y=np.minimum(y, 222), u=u, v=v, is_light=True)
    share = min(1.0, (DIMMED_TO - 16) / max(1.0, mean - 16))
    colour = 0.35 + 0.65 * share
    return Backdrop(
        y=(16 + (y - 16) * share).astype(np.float32),
        u=(128 + (u - 128) * colour).astype(np.float32),
        v=(128 + (v - 128) * colour).astype(np.float32),
        is_light=False,
    )


def plain_backdrop(width_px: int, height_px: int) -> Backdrop:
    """Give a quiet evening tone, where no picture of the film is at hand."""
    rise = np.linspace(0, 1, height_px, dtype=np.float32)[:, None]
    y = np.repeat(46 + 34 * rise, width_px, axis=1)
    return Backdrop(
        y=np.ascontiguousarray(y, np.float32),
        u=np.full((height_px // 2, width_px // 2), 134, np.float32),
        v=np.full((height_px // 2, width_px // 2), 125, np.float32),
        is_light=False,
    )


def card_frames(
    backdrop: Backdrop,
    plate: Plate | None,
    *,
    frames: int,
    rate: Fraction,
    comes: Literal["black", "at once"],
    goes: Literal["black", "at once"],
    words_until: int,
    seed: int = 0,
) -> Iterator[Frame]:
    """Show a card: the picture, and the words coming and going.

    Args:
        backdrop: What lies behind.
        plate: The words.
        frames: How many.
        rate: Frames a second.
        comes: Whether it comes out of black.
        goes: Whether it goes into black.
        words_until: The frame at which the words are gone.
        seed: Of the grain.
    """
    grain = np.random.default_rng(seed).normal(0, GRAIN, (256, 256)).astype(np.float32)
    height, width = backdrop.y.shape
    tiles = np.tile(grain, (height // 256 + 2, width // 256 + 2))
    shifts = np.random.default_rng(seed + 1).integers(0, 256, (frames, 2))
    u, v = (np.round(plane).astype(np.uint8) for plane in (backdrop.u, backdrop.v))
    for index in range(frames):
        seconds = (index + 0.5) / float(rate)
        left_s = (frames - index - 0.5) / float(rate)
        share = 1.0
        if comes == "black":
            share *= _ease(seconds / CARD_COMES_S)
        if goes == "black":
            share *= _ease(left_s / CARD_GOES_S)
        down, right = shifts[index]
        y = np.empty((height, width), np.uint8)
        _grained(backdrop.y, tiles[down : down + height, right : right + width], np.float32(share), y)  # fmt: skip
        frame = Frame(index=index, y=y, u=_faded(u, share), v=_faded(v, share))
        if plate is not None:
            gone_s = (words_until - index - 0.5) / float(rate)
            here = _ease((seconds - 0.3) / WORDS_TAKE_S) * _ease(gone_s / WORDS_TAKE_S)
            plate.lay(frame, here)
        yield frame


def fading(index: int, *, first: int, last: int, rate: Fraction, takes_s: float) -> float:
    """Tell how much is there of what comes softly at frame ``first`` and is gone at ``last``."""
    if not first <= index < last:
        return 0.0
    come = (index - first + 0.5) / float(rate) / takes_s
    go = (last - index - 0.5) / float(rate) / takes_s
    return _ease(come) * _ease(go)


def _ease(t: float) -> float:
    part = min(1.0, max(0.0, t))
    return part * part * (3 - 2 * part)


def _faded(plane: UInt8[np.ndarray, "h w"], share: float) -> UInt8[np.ndarray, "h w"]:
    if share >= 1:
        return plane.copy()
    faded: UInt8[np.ndarray, "h w"] = np.round(128 + (plane - np.float32(128)) * share).astype(np.uint8)  # fmt: skip
    return faded


@compiled
@no_type_check
def _grained(
    picture: Float32[np.ndarray, "h w"],
    grain: Float32[np.ndarray, "h w"],
    share: float,
    y: UInt8[np.ndarray, "h w"],
) -> None:
    sixteen, half = np.float32(16), np.float32(0.5)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            value = sixteen + (picture[i, j] - sixteen) * share + grain[i, j]
            y[i, j] = np.uint8(min(max(value + half, np.float32(17)), np.float32(234)))


@compiled
@no_type_check
def _lay(
    plane: UInt8[np.ndarray, "h w"],
    keep: Float32[np.ndarray, "h w"],
    add: Float32[np.ndarray, "h w"],
    share: float,
) -> None:
    one, half = np.float32(1), np.float32(0.5)
    for i in range(plane.shape[0]):
        for j in range(plane.shape[1]):
            there = one - share * (one - keep[i, j])
            plane[i, j] = np.uint8(np.float32(plane[i, j]) * there + share * add[i, j] + half)
