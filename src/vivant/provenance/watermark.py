"""An invisible mark in the picture: the film's id, spread over the luma of every frame.

The mark is a tile of 32 x 32 chips, repeated over the picture. A quarter of the chips form a public
pilot, by which the reader finds where the tile begins; the others carry the id's 64 bits under an
error-correcting code. A chip raises or lowers its pixels by one step of luma; by two where the
picture is busy, and every other pixel where it is smooth. The mark does not change in time, so that
encoders keep it at little cost, and any second of the film carries it. A chip has 4, 8 or 16
pixels, by the size of the picture, so a film made larger or smaller as a whole is found by trying
few sizes.

The reader takes away what the picture itself explains (local mean), tames edges, adds up frames and
tiles, whitens the spectrum, finds the pilot and decodes. It says "no mark" unless the pilot stands
out, the decoded id fits all chips better than chance, and the id's own check holds.

Method: spread spectrum, I. J. Cox and others, "Secure spread spectrum watermarking for multimedia",
1997; whitened correlation and clipped residuals are matched filtering in coloured, heavy-tailed noise.
The key is public: the mark tells where a film is from; it does not prove it. Proof is the signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import no_type_check

import cv2
import numpy as np
from jaxtyping import Float32, Float64, Int8, Int16, Int64, UInt8

from vivant.errors import InputError
from vivant.media.compilation import compiled, owned
from vivant.provenance.coding import coded_length, decode, encode
from vivant.provenance.record import ID_BITS, is_film_id

KEY = b"vivant.watermark.1"
"""Public; another value gives another mark."""
TILE = 32
"""Chips along a tile's side."""
PILOT_SHARE = 0.25
CHIP_PX = ((900, 16), (400, 8), (0, 4))
"""From how many pixels of the shorter side on, how many pixels a chip has. All lie on an encoder's
grid of 4 pixels, where they live longest."""
USUAL_SHORT_SIDES_PX = (720, 1080, 512, 480, 768)
"""Of films before somebody resized them; other sizes have the same chips on the shorter side (256, 360,
540, 1440), or are found at their own size only."""
LARGEST_FILM_SIDE_PX = 4320

_BUSY = 9  # difference to neighbours, in luma steps, from which a pixel moves by two
_SMOOTH = 2  # below which only every other pixel moves
_LOWEST, _HIGHEST = 16, 235
_SAMPLES = 4  # per chip, while reading
_SMALLEST_CHIP_PX = 1.5
_FRAMES_READ = 12
_PEAKS_TRIED = 4
_PILOT_NEEDED = 5.0  # standard deviations
_FIT_NEEDED = 10.0  # the best of 2**64 code words fits noise by 8.0, give or take 0.4
_WINDOW = 1.2  # chips, over which the picture is taken to be even
_NOISE = 1.0  # least deviation of a picture from its local mean, in luma steps
_EDGE_TAMED = 1.0  # local deviations
_SPECTRUM = 15  # bins, over which its power is averaged


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


@cache
def _layout() -> tuple[Int8[np.ndarray, "tile tile"], Int64[np.ndarray, " data"]]:
    """Tell the sign of every chip, and which chips carry data, in order.

    Drawn from SHAKE-256, not from a library's generator, so that it never changes.
    """
    chips = TILE * TILE
    stream = hashlib.shake_256(KEY).digest(chips * 5)
    signs = (np.frombuffer(stream[:chips], dtype=np.uint8) & 1).astype(np.int8) * 2 - 1
    order = np.argsort(np.frombuffer(stream[chips:], dtype="<u4"), kind="stable")
    return signs.reshape(TILE, TILE), order[int(chips * PILOT_SHARE) :]


def _pilot() -> Float32[np.ndarray, "tile tile"]:
    signs, data = _layout()
    pilot = signs.astype(np.float32).ravel()
    pilot[data] = 0
    return pilot.reshape(TILE, TILE)


def _tile_of(film_id: str) -> Int8[np.ndarray, "tile tile"]:
    """Spread an id over the chips of one tile."""
    signs, data = _layout()
    chips = signs.ravel().copy()
    code = encode(int(film_id, 16), bits=ID_BITS)
    chips[data] *= code[np.arange(len(data)) % len(code)]
    return chips.reshape(TILE, TILE)


def _chip_px(short_side_px: int) -> int:
    return next(chip for least, chip in CHIP_PX if short_side_px >= least)


class Mark:
    """The mark of one film at one frame size; threads may share it."""

    __slots__ = ("_full", "_thin", "film_id", "height_px", "width_px")

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
        if not (64 <= width_px <= LARGEST_FILM_SIDE_PX and 64 <= height_px <= LARGEST_FILM_SIDE_PX):
            message = (
                f"The frame is {width_px} x {height_px} pixels; a film has 64 to "
                f"{LARGEST_FILM_SIDE_PX} on each side."
            )
            raise InputError(message)
        self.film_id = film_id
        self.width_px = width_px
        self.height_px = height_px
        self._full = _pattern(_tile_of(film_id), width_px, height_px)
        rows, columns = np.ogrid[:height_px, :width_px]
        self._thin = self._full * ((rows + columns) % 2).astype(np.int8)

    def apply(self, y: UInt8[np.ndarray, "height width"], index: int = 0) -> None:
        """Mark one frame, in place.

        Args:
            y: Luma, 16..235, which it stays within; written.
            index: Which frame of the film it is; the mark is the same on all of them today.

        Raises:
            InputError: The frame has another size than the mark.
        """
        del index
        if y.shape != self._full.shape:
            message = (
                f"The mark was made for {self.width_px} x {self.height_px} pixels, and the frame has "
                f"{y.shape[1]} x {y.shape[0]}."
            )
            raise InputError(message)
        frame = owned(y)
        _add(frame, self._full, self._thin)
        if frame is not y:
            y[:] = frame


def _pattern(
    tile: Int8[np.ndarray, "tile tile"], width_px: int, height_px: int
) -> Int8[np.ndarray, "height width"]:
    chip = _chip_px(min(width_px, height_px))
    rows, columns = (np.arange(n) // chip % TILE for n in (height_px, width_px))
    return np.ascontiguousarray(tile[np.ix_(rows, columns)])


@compiled
@no_type_check
def _add_row(  # its own function, on slices, so that the compiler makes vectors of it
    row: UInt8[np.ndarray, " width"],
    below: UInt8[np.ndarray, " width"],
    here: Int16[np.ndarray, " width"],
    right: Int16[np.ndarray, " width"],
    full: Int8[np.ndarray, " width"],
    thin: Int8[np.ndarray, " width"],
) -> None:
    for j in range(len(row)):
        luma = here[j]
        down = np.int16(np.int16(below[j]) - luma)
        across = np.int16(right[j] - luma)
        down = max(down, np.int16(-down))
        across = max(across, np.int16(-across))
        change = np.int16(down + across)
        # All ones where it is so, else zero: the sign of a difference, spread over its 16 bits.
        busy = np.int16(np.int16(np.int16(_BUSY - 1) - change) >> np.int16(15))
        smooth = np.int16(np.int16(change - np.int16(_SMOOTH)) >> np.int16(15))
        step = np.int16(np.int16(thin[j] & smooth) | np.int16(full[j] & ~smooth))
        value = np.int16(np.int16(luma + step) + np.int16(step & busy))
        row[j] = np.uint8(max(min(value, np.int16(_HIGHEST)), np.int16(_LOWEST)))


@compiled
@no_type_check
def _add(
    y: UInt8[np.ndarray, "height width"],
    full: Int8[np.ndarray, "height width"],
    thin: Int8[np.ndarray, "height width"],
) -> None:
    height, width = y.shape
    here = np.empty(width + 2, dtype=np.int16)
    for i in range(height):
        row = y[i]
        here[:width] = row
        here[width] = here[width + 1] = here[width - 1]
        _add_row(row, y[min(i + 2, height - 1)], here[:width], here[2:], full[i], thin[i])


def read_mark(
    lumas: Sequence[UInt8[np.ndarray, "_height _width"]], *, short_sides_px: Sequence[int] = ()
) -> MarkReading:
    """Read a film's id out of its pixels.

    Args:
        lumas: Luma of some frames of one size, re-encoded or resized as a whole or not; a second or
            more of them, best spread over the film. One picture may do.
        short_sides_px: Shorter sides that the film may have had before it was resized, where they are
            known; they are tried after the present one and before the usual ones.

    Returns:
        The id, or why there is none. Never raises for what the pictures hold.
    """
    if not lumas or min(lumas[0].shape) < 64 or any(y.shape != lumas[0].shape for y in lumas):
        return _none("No frames of one size, with 64 pixels or more on each side, were given.")
    chosen = [lumas[i] for i in _spread(len(lumas))]
    short = min(lumas[0].shape)
    best = _none("No mark was found: nothing in the picture stands out as the pilot does.")
    for chip_px in _chips_tried(short, short_sides_px):
        reading = _read_at(chosen, chip_px)
        if reading.film_id is not None:
            return reading
        best = max(best, reading, key=lambda r: r.pilot_score)
    return best


def _chips_tried(short: int, known: Sequence[int]) -> list[float]:
    """Tell how large a chip may be now, the likeliest first."""
    before = [short, *known, *USUAL_SHORT_SIDES_PX]
    sizes = [short * _chip_px(side) / side for side in before if side > 0]
    return list(dict.fromkeys(size for size in sizes if size >= _SMALLEST_CHIP_PX))


def _none(why: str, pilot_score: float = 0.0, fit_score: float = 0.0) -> MarkReading:
    return MarkReading(
        film_id=None, confidence=0.0, pilot_score=pilot_score, fit_score=fit_score, why=why
    )


def _spread(count: int) -> list[int]:
    used = min(count, _FRAMES_READ)
    return [(2 * i + 1) * count // (2 * used) for i in range(used)]


def _read_at(lumas: Sequence[UInt8[np.ndarray, "height width"]], chip_px: float) -> MarkReading:
    whitened = _folded(lumas, chip_px)
    if whitened is None:
        return _none("The picture holds nothing but one even tone, and no mark.")
    pilot = np.kron(_pilot(), np.ones((_SAMPLES, _SAMPLES), dtype=np.float32))
    found = np.fft.irfft2(np.fft.rfft2(whitened) * np.conj(np.fft.rfft2(pilot)), s=pilot.shape)
    found /= found.std() or 1.0
    best = _none("No mark was found: nothing in the picture stands out as the pilot does.")
    for _ in range(_PEAKS_TRIED):
        down, right = np.unravel_index(int(found.argmax()), found.shape)
        score = float(found[down, right])
        if score < _PILOT_NEEDED:
            return max(best, _none(best.why, score), key=lambda r: r.pilot_score)
        reading = _decoded(np.roll(whitened, (-int(down), -int(right)), axis=(0, 1)), score)
        if reading.film_id is not None:
            return reading
        best = max(best, reading, key=lambda r: r.pilot_score)
        found[down, right] = -np.inf
    return best


def _decoded(whitened: Float64[np.ndarray, "side side"], pilot_score: float) -> MarkReading:
    signs, data = _layout()
    chips = whitened.reshape(TILE, _SAMPLES, TILE, _SAMPLES).sum(axis=(1, 3)).ravel()
    heard = (chips * signs.ravel())[data]
    length = coded_length(ID_BITS)
    places = np.arange(len(data)) % length
    soft = np.bincount(places, weights=heard, minlength=length).astype(np.float32)
    value = decode(soft, bits=ID_BITS)
    code = encode(value, bits=ID_BITS)
    fit = float((heard * code[places]).sum() / (np.sqrt((heard**2).sum()) or 1.0))
    film_id = f"{value:016x}"
    wrong = float((np.sign(soft) != code).mean())
    if fit < _FIT_NEEDED or not is_film_id(film_id):
        why = "Something like the pilot was found, but no id that passes its own check."
        return _none(why, pilot_score, fit)
    return MarkReading(
        film_id=film_id,
        confidence=max(0.0, 1 - 2 * wrong),
        pilot_score=pilot_score,
        fit_score=fit,
        why=f"The mark reads {film_id}; {wrong:.0%} of its coded bits had to be corrected.",
    )


def _folded(
    lumas: Sequence[UInt8[np.ndarray, "height width"]], chip_px: float
) -> Float64[np.ndarray, "side side"] | None:
    """Add up frames, whiten them, and add up tiles; ``None`` where the picture is one even tone."""
    total: Float32[np.ndarray, "height width"] = _residual(
        lumas, window_px=round(chip_px * _WINDOW) | 1
    )
    step = chip_px / _SAMPLES
    if step > 1:
        total = np.asarray(cv2.blur(total, (round(step), round(step))), dtype=np.float32)
    height, width = total.shape
    across, down = int(width / step), int(height / step)
    shift = step / 2 - 0.5
    grid = np.array([[step, 0, shift], [0, step, shift]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sampled = cv2.warpAffine(total, grid, (across, down), flags=flags)
    if not float(np.abs(sampled).max()) > 0:
        return None
    white = _whitened(np.asarray(sampled, dtype=np.float32))
    side = TILE * _SAMPLES
    padded = np.pad(white, ((0, -down % side), (0, -across % side)))
    tiles = padded.reshape(padded.shape[0] // side, side, padded.shape[1] // side, side)
    return np.asarray(tiles.sum(axis=(0, 2)), dtype=np.float64)


def _residual(
    lumas: Sequence[UInt8[np.ndarray, "height width"]], *, window_px: int
) -> Float32[np.ndarray, "height width"]:
    """Take away what the picture itself explains, and tame its edges."""
    total = np.zeros(lumas[0].shape, dtype=np.float32)
    window = (window_px, window_px)
    for y in lumas:
        picture = y.astype(np.float32)
        residual = picture - cv2.blur(picture, window)
        spread = cv2.blur(np.abs(residual), window) + _NOISE
        total += np.clip(residual / spread, -_EDGE_TAMED, _EDGE_TAMED) / spread
    return total


def _whitened(
    sampled: Float32[np.ndarray, "height width"],
) -> Float32[np.ndarray, "height width"]:
    """Divide by the smoothed power spectrum, so that no band of the picture speaks louder."""
    spectrum = np.fft.fft2(sampled - sampled.mean())
    power = np.fft.fftshift(np.abs(spectrum) ** 2)
    smooth = np.fft.ifftshift(cv2.blur(power, (_SPECTRUM, _SPECTRUM)))
    return np.asarray(
        np.fft.ifft2(spectrum / (smooth + 1e-6 * smooth.mean())).real, dtype=np.float32
    )
