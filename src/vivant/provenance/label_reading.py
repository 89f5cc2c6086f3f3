"""Finds the visible label on a frame, and measures its ink: where we put it, or wherever it went.

``measure_label`` looks where a label of a known size must stand. ``find_label`` knows nothing of the
frame: somebody may have made the film smaller, cut its edges off, framed it or photographed a screen. It
searches sizes from coarse to fine, by the correlation of the picture with the label's letters.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from vivant.provenance.label_duties import territories
from vivant.provenance.label_plates import (
    LABEL_TEXT,
    SEPARATOR,
    SMALLEST_SIDE_PX,
    Glyph,
    LabelPlate,
    label_plate,
)

PRESENT_SCORE = 0.55
"""Correlation with the known label above which it is there; without it, frames stay below 0.3."""
FOUND_SCORE = 0.72
"""The same for each word where place and size were searched for: ours stay above 0.83, other words below 0.65."""
TEXTS: Final = (LABEL_TEXT, *(duty.words for duty in territories().duties))
"""All that our labels say."""

_REACH_PX = 2  # how far the label is looked for around its place
_CANON_PX = (
    (1920, 1080),
    (1080, 1080),
)  # frames whose plates are the patterns: one line, and several
_COARSE_INK_PX = 8.0  # letters are this high while they are searched for
_FINE_INK_PX = 32.0  # while they are compared
_LEAST_SHARE, _MOST_SHARE = 0.018, 0.085  # of the shorter side
_STEP = 1.07  # between sizes
_TRIED_COARSE = 3  # best places that are looked at closely
_LEAST_COARSE = 0.38
_SWAY = 0.1  # of the ink's height, by which a word may stand beside its place
_SURE = 0.8  # no further sizes are tried
_LEAST_INK_PX = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReading:
    """What a frame shows where the label should be."""

    present: bool
    ink_height_px: int
    """Of the lowest letter found; 0 when the label is not there."""
    share_of_short_side: float
    """Of this frame's shorter side, black borders and all."""
    score: float
    """Correlation of the frame with the label's letters, -1..1."""
    text: str = ""
    """What it says."""
    left_px: int = 0
    """Where the plate lies on this frame."""
    top_px: int = 0
    width_px: int = 0
    height_px: int = 0


def _absent(score: float) -> LabelReading:
    return LabelReading(present=False, ink_height_px=0, share_of_short_side=0.0, score=score)


def measure_label(plate: LabelPlate, y: UInt8[np.ndarray, "height width"]) -> LabelReading:
    """Look for the label on a frame, re-encoded or not.

    Args:
        plate: The label as it was drawn.
        y: Luma of the frame; when it has another size than the plate was drawn for, the label is
            searched for.

    Returns:
        Whether it is there, and how high its lowest letter stands in the picture's own pixels.
    """
    if y.shape != (plate.height_px, plate.width_px):
        return find_label(y, texts=(plate.text,))
    score, at, seen = max(
        (_likeness(plate, y, down, right) for down in _shifts() for right in _shifts()),
        key=lambda found: found[0],
    )
    if score < PRESENT_SCORE:
        return _absent(score)
    height = _ink_height(plate.ink, plate.glyphs, seen)
    rows, columns = plate.ink.shape
    return LabelReading(
        present=True,
        ink_height_px=height,
        share_of_short_side=height / min(plate.width_px, plate.height_px),
        score=score,
        text=plate.text,
        left_px=at[1],
        top_px=at[0],
        width_px=columns,
        height_px=rows,
    )


def _shifts() -> range:
    return range(-_REACH_PX, _REACH_PX + 1)


def _likeness(
    plate: LabelPlate, y: UInt8[np.ndarray, "height width"], down: int, right: int
) -> tuple[float, tuple[int, int], UInt8[np.ndarray, "rows columns"]]:
    rows, columns = plate.ink.shape
    top, left = max(plate.top_px + down, 0), max(plate.left_px + right, 0)
    top, left = min(top, plate.height_px - rows), min(left, plate.width_px - columns)
    seen = y[top : top + rows, left : left + columns]
    got = seen - seen.mean()
    ink = plate.ink - plate.ink.mean()
    scale = math.sqrt(float((got**2).sum()) * float((ink**2).sum()))
    return (float((got * ink).sum()) / scale if scale else 0.0), (top, left), seen


def _ink_height(
    ink: UInt8[np.ndarray, "rows columns"],
    glyphs: Sequence[Glyph],
    seen: UInt8[np.ndarray, "rows columns"],
) -> int:
    """Measure the lowest letter: rows whose brightest pixel is nearer to the ink than to the plate."""
    bright = float(np.median(seen[ink >= min(250, int(ink.max()))]))
    lowest: int = ink.shape[0]
    for glyph in glyphs:
        top, bottom = max(glyph.top - _REACH_PX, 0), glyph.bottom + _REACH_PX
        part = seen[top:bottom, glyph.left : glyph.right]
        ground = part[ink[top:bottom, glyph.left : glyph.right] <= 5]
        dark = float(np.median(ground if ground.size else part))
        rows = np.flatnonzero((part > (bright + dark) / 2).any(axis=1))
        lowest = min(lowest, int(rows[-1] - rows[0]) + 1 if len(rows) else 0)
    return lowest


Box = tuple[int, int, int, int]
"""Top, left, bottom, right; half-open."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pattern:
    """A label as it is looked for: the letters, large, and where in it each wording lies."""

    text: str
    ink: UInt8[np.ndarray, "rows columns"]
    glyphs: tuple[Glyph, ...]
    ink_height_px: int
    wordings: dict[str, Box]
    words: tuple[Box, ...]


@cache
def _pattern(text: str, canon: tuple[int, int]) -> _Pattern:
    plate = label_plate(*canon, text)
    glyphs, wordings, words = list(plate.glyphs), {}, []
    for wording in text.split(SEPARATOR):
        begun = len(plate.glyphs) - len(glyphs)
        for word in wording.split():
            words.append(_box_around(plate, glyphs[: len(word)]))
            glyphs = glyphs[len(word) :]
        wordings[wording] = _box_around(
            plate, plate.glyphs[begun : len(plate.glyphs) - len(glyphs)]
        )
    return _Pattern(
        text=text,
        ink=plate.ink,
        glyphs=plate.glyphs,
        ink_height_px=plate.ink_height_px,
        wordings=wordings,
        words=tuple(words),
    )


def _box_around(plate: LabelPlate, glyphs: Sequence[Glyph]) -> Box:
    pad = plate.ink_height_px // 4
    return (
        max(0, min(glyph.top for glyph in glyphs) - pad),
        max(0, glyphs[0].left - pad),
        min(plate.ink.shape[0], max(glyph.bottom for glyph in glyphs) + pad),
        min(plate.ink.shape[1], glyphs[-1].right + pad),
    )


def _patterns(texts: Sequence[str]) -> list[_Pattern]:
    return [
        _pattern(text, canon)
        for text in texts
        for canon in (_CANON_PX if SEPARATOR in text else _CANON_PX[:1])
    ]


@cache
def _sought(wording: str) -> Float32[np.ndarray, "rows columns"]:
    """Draw a wording as small as it is searched for."""
    pattern = _pattern(wording, _CANON_PX[0])
    top, left, bottom, right = pattern.wordings[wording]
    return _scaled(pattern.ink[top:bottom, left:right], _COARSE_INK_PX / pattern.ink_height_px)


def _scaled(
    picture: UInt8[np.ndarray, "rows columns"], scale: float
) -> Float32[np.ndarray, "down across"]:
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=how), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a wording may stand, in pixels."""

    score: float
    wording: str
    ink_px: float
    top: float
    left: float


def find_label(
    y: UInt8[np.ndarray, "height width"], *, texts: Sequence[str] | None = None
) -> LabelReading:
    """Search a frame for the label, of whatever size and wherever it stands.

    Args:
        y: Luma of any frame: made smaller or larger, cut, framed with bars.
        texts: What the label may say; all that ours say when left out.

    Returns:
        The fullest wording of which every part is there; absent where nothing is sure enough. The
        share is of this frame's shorter side: inside black bars the label is smaller than that of the
        film it was made for.
    """
    if min(y.shape) < SMALLEST_SIDE_PX:
        return _absent(0.0)
    patterns = _patterns(TEXTS if texts is None else tuple(texts))
    wordings = dict.fromkeys(wording for pattern in patterns for wording in pattern.wordings)
    best, parts = _absent(0.0), 0
    for place in _coarse(y, tuple(wordings)):
        for pattern in patterns:
            if place.wording not in pattern.wordings:
                continue
            reading = _fine(y, pattern, place)
            found = len(pattern.wordings) if reading.present else 0
            if (found, reading.score) > (parts, best.score):
                best, parts = reading, found
        if parts:
            break
    return best


def _coarse(y: UInt8[np.ndarray, "height width"], wordings: tuple[str, ...]) -> list[_Place]:
    """Look at every size for the wordings, and name the best places."""
    short = min(y.shape)
    near = min(1.0, 2 * _COARSE_INK_PX / (_LEAST_SHARE * short))
    seen = y if near == 1.0 else np.asarray(_scaled(y, near), dtype=np.uint8)
    places: list[_Place] = []
    for share in _shares():
        ink_px = share * short
        if ink_px < _LEAST_INK_PX:
            continue
        scale = _COARSE_INK_PX / ink_px
        small = _scaled(seen, scale / near)
        for wording in wordings:
            sought = _sought(wording)
            if sought.shape[0] > small.shape[0] or sought.shape[1] > small.shape[1]:
                continue
            likeness = cv2.matchTemplate(small, sought, cv2.TM_CCOEFF_NORMED)
            _, score, _, (left, top) = cv2.minMaxLoc(likeness)
            place = _Place(
                score=float(score),
                wording=wording,
                ink_px=ink_px,
                top=top / scale,
                left=left / scale,
            )
            places.append(place)
        if places and max(place.score for place in places) > _SURE:
            break
    places.sort(key=lambda place: -place.score)
    return [place for place in places[:_TRIED_COARSE] if place.score > _LEAST_COARSE]


@cache
def _shares() -> tuple[float, ...]:
    """List the sizes to try, the usual one first, then those further and further from it."""
    usual = 0.0535
    reach = math.ceil(math.log(usual / _LEAST_SHARE) / math.log(_STEP))
    every = [usual * _STEP**k for k in range(-reach, reach + 1)]
    fitting = [share for share in every if _LEAST_SHARE <= share <= _MOST_SHARE]
    return tuple(sorted(fitting, key=lambda share: abs(math.log(share / usual))))


def _fine(y: UInt8[np.ndarray, "height width"], pattern: _Pattern, place: _Place) -> LabelReading:
    """Compare all of a label with the frame around a place, in sizes near to the one found."""
    near = min(1.0, _FINE_INK_PX / place.ink_px)
    seen = y if near == 1.0 else np.asarray(_scaled(y, near), dtype=np.uint8)
    top, left, ink_px = place.top * near, place.left * near, place.ink_px * near
    tried = []
    for nudge in (0.96, 0.975, 0.99, 1.0, 1.01, 1.025, 1.04):
        scale = ink_px * nudge / pattern.ink_height_px
        box = pattern.wordings[place.wording]
        corner = (top - box[0] * scale, left - box[1] * scale)
        tried.append((*_aligned(seen, pattern, scale, corner, ink_px * 0.3 + 2), scale))
    _, at, scale = max(tried)
    corner = (at[0] / near, at[1] / near)
    if near < 1.0:
        _, at = _aligned(y, pattern, scale / near, corner, 2 / near)
    return _measured(y, pattern, scale / near, at)


def _aligned(
    y: UInt8[np.ndarray, "height width"],
    pattern: _Pattern,
    scale: float,
    corner: tuple[float, float],
    slack: float,
) -> tuple[float, tuple[int, int]]:
    """Find where near a corner a label fits best; how well, and its top and left."""
    ink = _scaled(pattern.ink, scale)
    reach = math.ceil(slack)
    top, left = round(corner[0]) - reach, round(corner[1]) - reach
    shape = (ink.shape[0] + 2 * reach, ink.shape[1] + 2 * reach)
    likeness = cv2.matchTemplate(_cut(y, top, left, shape), ink, cv2.TM_CCOEFF_NORMED)
    _, score, _, (right, down) = cv2.minMaxLoc(likeness)
    return float(score), (top + down, left + right)


def _cut(
    y: UInt8[np.ndarray, "height width"], top: int, left: int, shape: tuple[int, ...]
) -> Float32[np.ndarray, "rows columns"]:
    """Cut a part out of a frame; what lies outside is as the nearest edge is."""
    rows = np.clip(np.arange(top, top + shape[0]), 0, y.shape[0] - 1)
    columns = np.clip(np.arange(left, left + shape[1]), 0, y.shape[1] - 1)
    return y[np.ix_(rows, columns)].astype(np.float32)


def _measured(
    y: UInt8[np.ndarray, "height width"], pattern: _Pattern, scale: float, at: tuple[int, int]
) -> LabelReading:
    """Insist that every word is there, and measure the letters."""
    ink = _scaled(pattern.ink, scale)
    slack = max(1, round(_SWAY * pattern.ink_height_px * scale))
    score = min(_correlation(ink, y, at, _times(box, scale), slack) for box in pattern.words)
    if score < FOUND_SCORE:
        return _absent(score)
    glyphs = tuple(_glyph_at(glyph, scale) for glyph in pattern.glyphs)
    height = _ink_height(ink.astype(np.uint8), glyphs, _cut(y, *at, ink.shape).astype(np.uint8))
    return LabelReading(
        present=True,
        ink_height_px=height,
        share_of_short_side=height / min(y.shape),
        score=score,
        text=pattern.text,
        left_px=at[1],
        top_px=at[0],
        width_px=ink.shape[1],
        height_px=ink.shape[0],
    )


def _times(box: Box, scale: float) -> Box:
    top, left, bottom, right = (round(edge * scale) for edge in box)
    return top, left, bottom, right


def _correlation(
    ink: Float32[np.ndarray, "rows columns"],
    y: UInt8[np.ndarray, "height width"],
    at: tuple[int, int],
    box: Box,
    slack: int,
) -> float:
    """Compare one word with the frame; it may stand a little beside its place, as rounding puts it."""
    top, left, bottom, right = box
    word = np.ascontiguousarray(ink[top:bottom, left:right])
    shape = (word.shape[0] + 2 * slack, word.shape[1] + 2 * slack)
    part = _cut(y, at[0] + top - slack, at[1] + left - slack, shape)
    _, score, _, _ = cv2.minMaxLoc(cv2.matchTemplate(part, word, cv2.TM_CCOEFF_NORMED))
    return float(score)


def _glyph_at(glyph: Glyph, scale: float) -> Glyph:
    left, top = math.floor(glyph.left * scale), math.floor(glyph.top * scale)
    return Glyph(
        letter=glyph.letter,
        left=left,
        top=top,
        right=max(math.ceil(glyph.right * scale), left + 1),
        bottom=math.ceil(glyph.bottom * scale),
    )
