"""An invisible mark in the picture: the film's id, spread over the luma of every frame.

The mark is a tile of plane waves, repeated over the picture (``watermark_tile``); it is stronger where the
picture is busy (``watermark_strength``). It does not change in time, so that encoders keep it at
little cost, and any frame of the film carries all of it. Its size follows the picture's shorter
side. The reader finds the tile at any scale and place by its pilots (``watermark_search``), hears
what the other waves say, and decodes. It says "no mark" unless the decoded id fits all waves better
than chance and the id's own check holds.

The key is public: the mark tells where a film is from; it does not prove it. Proof is the signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float32, Float64, UInt8

from vivant.errors import InputError
from vivant.media.compilation import owned
from vivant.provenance.coding import coded_length, decode_list, encode
from vivant.provenance.record import ID_BITS, is_film_id
from vivant.provenance.watermark_motion import MOVING_FRAMES, moving_residual_of
from vivant.provenance.watermark_search import (
    MOSTLY_FILM,
    SMALL_WINDOWS,
    SQUEEZED,
    WINDOWS,
    Candidate,
    Look,
    Search,
    residual_of,
)
from vivant.provenance.watermark_strength import add_mark, gain_for
from vivant.provenance.watermark_tile import pattern_of, waves

LARGEST_FILM_SIDE_PX = 4320
SMALLEST_SIDE_PX = 64

_FRAMES_READ = 20
_PARTS = 3  # of the frames, that are read by themselves at last
_READ_HZ = 30
_SCREENS_READ = 3  # large pictures, in which a small window hardly changes
_Luma = UInt8[np.ndarray, "height width"]
_White = Float32[np.ndarray, "height width"]
_FIT_NEEDED = 10.0  # the best of 2**64 code words fits noise by 8.0, give or take 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkReading:
    """What was read out of the pixels."""

    film_id: str | None
    """16 hex digits; ``None`` where there is no mark, or none that can be read."""
    confidence: float
    """0 .. 1: 1 less twice the share of coded bits that had to be corrected; 0 without an id."""
    pilot_score: float
    """How far the pilot stands out, in standard deviations; chance stays below 5."""
    fit_score: float
    """How well the id fits all data chips, in standard deviations; chance stays below 9.5."""
    why: str


class Mark:
    """The mark of one film at one frame size; threads may share it."""

    __slots__ = ("_gain", "_pattern", "film_id", "height_px", "width_px")

    def __init__(self, film_id: str, width_px: int, height_px: int) -> None:
        """Spread an id over a frame.

        Args:
            film_id: 16 hex digits, the last 4 a check on the others.
            width_px: Width of the frames.
            height_px: Height of the frames.

        Raises:
            InputError: The id does not pass its own check, or the size is none a film can have.
        """
        if not is_film_id(film_id):
            message = f"{film_id!r} is no film id: 16 hex digits, the last 4 a check on the others."
            raise InputError(message)
        if not (
            SMALLEST_SIDE_PX <= width_px <= LARGEST_FILM_SIDE_PX
            and SMALLEST_SIDE_PX <= height_px <= LARGEST_FILM_SIDE_PX
        ):
            message = (
                f"The frame is {width_px} x {height_px} pixels; a film has 64 to "
                f"{LARGEST_FILM_SIDE_PX} on each side."
            )
            raise InputError(message)
        self.film_id = film_id
        self.width_px = width_px
        self.height_px = height_px
        self._gain = gain_for(width_px, height_px)
        self._pattern = pattern_of(film_id, width_px, height_px)

    def apply(self, y: UInt8[np.ndarray, "height width"], index: int = 0) -> None:
        """Mark one frame, in place.

        Args:
            y: Luma, 16..235, which it stays within; written.
            index: Which frame of the film it is; the mark is the same on all of them today.

        Raises:
            InputError: The frame has another size than the mark.
        """
        del index
        if y.shape != self._pattern.shape:
            message = (
                f"The mark was made for {self.width_px} x {self.height_px} pixels, and the frame has "
                f"{y.shape[1]} x {y.shape[0]}."
            )
            raise InputError(message)
        frame = owned(y)
        add_mark(frame, self._pattern, self._gain)
        if frame is not y:
            y[:] = frame


def read_mark(lumas: Sequence[UInt8[np.ndarray, "_height _width"]]) -> MarkReading:
    """Read a film's id out of its pixels.

    Args:
        lumas: Luma of some frames of one size, re-encoded, resized, cut or with bars around them or
            not; a second or more of them, best spread over the film. One picture may do.

    Returns:
        The id, or why there is none. Never raises for what the pictures hold.
    """
    if (
        not lumas
        or min(lumas[0].shape) < SMALLEST_SIDE_PX
        or any(y.shape != lumas[0].shape for y in lumas)
    ):
        return _none("No frames of one size, with 64 pixels or more on each side, were given.")
    best = _none("The picture holds nothing but one even tone, and no mark.")
    for white, look in _tries(lumas):
        for reading in readings_of(white, look):
            if reading.film_id is not None:
                return reading
            best = max(best, reading, key=lambda r: r.fit_score)
    return best


def readings_of(white: Float32[np.ndarray, "height width"], look: Look) -> Iterator[MarkReading]:
    """Read every tile that a look at a whitened picture finds."""
    return (_decoded(candidate) for candidate in Search(white).candidates(look))


def _tries(lumas: Sequence[_Luma]) -> Iterator[tuple[_White, Look]]:
    """Look at what frames have in common, at what stands still in them, at windows, at squeezed films."""
    chosen = _some_of(lumas, _FRAMES_READ)
    common = residual_of(chosen, short_side_px=MOSTLY_FILM.short_side_px)
    yield from _seen(common, MOSTLY_FILM)
    standing = moving_residual_of(_some_of(lumas, MOVING_FRAMES))
    yield from _seen(standing, MOSTLY_FILM)
    yield from _seen(residual_of(chosen, short_side_px=WINDOWS.short_side_px), WINDOWS)
    yield from _seen(common, *SQUEEZED)
    yield from _seen(standing, *SQUEEZED)
    if standing is None or len(lumas) <= _FRAMES_READ:  # which may be too far apart to tell motion
        for part in _parts_of(chosen):
            white = residual_of(part, short_side_px=MOSTLY_FILM.short_side_px)
            yield from _seen(white, MOSTLY_FILM)
    if min(lumas[0].shape) > WINDOWS.short_side_px:
        screens = _some_of(lumas, _SCREENS_READ)
        white = residual_of(screens, short_side_px=SMALL_WINDOWS.short_side_px)
        yield from _seen(white, SMALL_WINDOWS)


def _seen(white: _White | None, *looks: Look) -> Iterator[tuple[_White, Look]]:
    if white is not None:
        yield from ((white, look) for look in looks)


def _parts_of(lumas: Sequence[_Luma]) -> Iterator[Sequence[_Luma]]:
    """Some of the frames: an encoder lets the mark drift away with a moving picture until its next key frame."""
    if len(lumas) >= _PARTS:
        for i in range(_PARTS):
            yield lumas[i * len(lumas) // _PARTS : (i + 1) * len(lumas) // _PARTS]


def frames_to_read(frames: int, rate: Fraction) -> tuple[int, ...]:
    """Choose which frames of a film, or of a piece of one, to give to ``read_mark``.

    Args:
        frames: How many there are.
        rate: Frames a second.

    Returns:
        Of up to three seconds all, if they are no more than 30 a second; of more, three stretches of a
        second. Frames that follow each other tell what moves.
    """
    step = max(1, round(rate / _READ_HZ))
    if frames <= MOVING_FRAMES * step:
        return tuple(range(0, frames, step))
    length = MOVING_FRAMES // _PARTS * step
    starts = [i - length // 2 for i in _spread_over(frames, _PARTS)]
    return tuple(i for start in starts for i in range(start, start + length, step))


def _none(why: str, pilot_score: float = 0.0, fit_score: float = 0.0) -> MarkReading:
    return MarkReading(
        film_id=None, confidence=0.0, pilot_score=pilot_score, fit_score=fit_score, why=why
    )


def _some_of(lumas: Sequence[_Luma], most: int) -> list[_Luma]:
    return [lumas[i] for i in _spread_over(len(lumas), min(len(lumas), most))]


def _spread_over(count: int, used: int) -> list[int]:
    return [(2 * i + 1) * count // (2 * used) for i in range(used)]


def _decoded(candidate: Candidate) -> MarkReading:
    tile = waves()
    heard: Float64[np.ndarray, " data"] = candidate.heard[tile.data]
    length = coded_length(ID_BITS)
    soft = np.bincount(tile.places, weights=heard, minlength=length).astype(np.float32)
    values = decode_list(soft, bits=ID_BITS)
    value = next((one for one in values if is_film_id(f"{one:016x}")), values[0])
    code = encode(value, bits=ID_BITS)
    fit = float((heard * code[tile.places]).sum() / (np.sqrt((heard**2).sum()) or 1.0))
    film_id = f"{value:016x}"
    wrong = float((np.sign(soft) != code).mean())
    if fit < _FIT_NEEDED or not is_film_id(film_id):
        why = "No mark was found: nothing in the picture reads as an id that passes its own check."
        return _none(why, candidate.score, fit)
    mirror = ", in a mirrored picture" if candidate.is_mirrored else ""
    return MarkReading(
        film_id=film_id,
        confidence=max(0.0, 1 - 2 * wrong),
        pilot_score=candidate.score,
        fit_score=fit,
        why=f"The mark reads {film_id}{mirror}; {wrong:.0%} of its coded bits had to be corrected.",
    )
