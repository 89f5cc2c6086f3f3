"""What a picture looks like, in 256 bits: pictures that look alike differ in few of them.

The hash is PDQ, as Meta published it: luma is smoothed and sampled down to 64x64, a discrete cosine
transform keeps the 16x16 slowest waves (without the mean), and each bit says whether its wave is
stronger than the median one. Brightness and contrast do not matter, nor do size and shape: 16:9 squeezed
to a square hashes as before. Cutting and borders do.

Source:
    Facebook, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019), and the
    readme of PDQ, from which the thresholds are. The two box filters in a row and the sampling after them
    are linear, so here they are one small matrix for each axis, and only what is sampled is computed.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import no_type_check

import numpy as np
from jaxtyping import Float32, Float64, Int64, Shaped, UInt8

from vivant.media.compilation import compiled

MATCH_BITS = 31
"""Two hashes that differ in no more bits are of the same picture (published)."""
GOOD_QUALITY = 50
"""A picture of less quality is too plain to be told from others by itself (published: 49 and less are dropped)."""
LEAST_QUALITY = 20
"""Below this a picture shows next to nothing: a sky, a gradient. A line of words on black has 20 to 50."""
SMALL = 64
WAVES = 16
STRETCHED_PX = 512
"""Shorter sides are stretched first, as vPDQ does with all: the filters move small pictures by half a pixel."""
SMALLEST_PX = 16
"""No side of a picture may be shorter."""
_PASSES_PER_SAMPLE = 2
_PLAIN_SHARE = 90
"""Published: the sum of steps between neighbours, in percent of full scale, over this is the quality."""

Bits = UInt8[np.ndarray, " 32"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureHash:
    """How a picture looks."""

    bits: UInt8[np.ndarray, " 32"]
    """256 bits; in hex they read as the published programs write them."""
    quality: int
    """0..100: how much there is to see; below ``GOOD_QUALITY`` the bits say little."""
    firmness: Float32[np.ndarray, " 256"]
    """How far each bit's wave is from the median, 1 in sum, in the order of ``np.unpackbits(bits)``: what copying
    changes first are the bits that are hardly firm."""

    @property
    def hex(self) -> str:
        """The bits as text."""
        return bytes(self.bits).hex()

    @property
    def is_good(self) -> bool:
        """Whether there is enough to see for the picture to be known by itself."""
        return self.quality >= GOOD_QUALITY

    @property
    def is_something(self) -> bool:
        """Whether there is enough to see for a film of such pictures to be known."""
        return self.quality >= LEAST_QUALITY


def pdq(
    luma: UInt8[np.ndarray, "height width"] | Float32[np.ndarray, "height width"],
    *,
    is_limited: bool = True,
) -> PictureHash:
    """Hash a picture.

    Args:
        luma: Its luma, each side ``SMALLEST_PX`` or more.
        is_limited: Whether black is 16 and white 235, as in film; else 0 and 255. Only the quality depends
            on it.
    """
    waves, quality = _waves_of(luma, is_limited=is_limited)
    bits, firmness = _thresholded(waves)
    return PictureHash(bits=bits, quality=quality, firmness=firmness)


def distance(first: Bits, second: Bits) -> int:
    """Count the bits in which two hashes differ: 0 for the same picture, about 128 for strangers."""
    return int(np.bitwise_count(first ^ second).sum())


def distances(
    first: UInt8[np.ndarray, "n 32"], second: UInt8[np.ndarray, "m 32"]
) -> Int64[np.ndarray, "n m"]:
    """Count the bits in which each of some hashes differs from each of others."""
    a, b = (np.ascontiguousarray(part).view(np.uint64) for part in (first, second))
    far: Int64[np.ndarray, "n m"] = np.bitwise_count(a[:, None, :] ^ b[None, :, :]).sum(
        axis=2, dtype=np.int64
    )
    return far


def _waves_of(
    luma: Shaped[np.ndarray, "height width"], *, is_limited: bool
) -> tuple[Float32[np.ndarray, "16 16"], int]:
    height, width = luma.shape
    first_row, row_weights = _sampling(height)
    first_column, column_weights = _sampling(width)
    small = _sampled(
        np.ascontiguousarray(luma), first_row, row_weights, first_column, column_weights
    )
    if is_limited:
        small = (small - np.float32(16)) * np.float32(255 / 219)
    cosines = _cosines()
    waves: Float32[np.ndarray, "16 16"] = cosines @ small @ cosines.T
    return waves, _quality_of(small)


def _thresholded(
    waves: Float32[np.ndarray, "16 16"],
) -> tuple[Bits, Float32[np.ndarray, " 256"]]:
    ordered = np.sort(waves, axis=None)
    median = ordered[len(ordered) // 2 - 1]  # the lower of the two in the middle
    backwards = (waves - median).ravel()[::-1]
    firmness = np.sqrt(np.abs(backwards))
    total = float(firmness.sum())
    firmness = firmness / np.float32(total) if total else np.full(256, 1 / 256, np.float32)
    return np.packbits(backwards > 0), firmness


def _quality_of(small: Float32[np.ndarray, "64 64"]) -> int:
    steps = sum(
        int(np.abs((np.diff(small, axis=axis) * np.float32(100) / np.float32(255)).astype(np.int32)).sum())
        for axis in (0, 1)
    )  # fmt: skip
    return min(100, steps // _PLAIN_SHARE)


@functools.cache
def _cosines() -> Float32[np.ndarray, "16 64"]:
    wave = np.arange(1, WAVES + 1)[:, None]
    place = 2 * np.arange(SMALL)[None, :] + 1
    matrix = math.sqrt(2 / SMALL) * np.cos(math.pi / (2 * SMALL) * wave * place)
    cosines: Float32[np.ndarray, "16 64"] = matrix.astype(np.float32)
    return cosines


@functools.lru_cache(maxsize=256)
def _sampling(length: int) -> tuple[Int64[np.ndarray, " 64"], Float32[np.ndarray, "64 taps"]]:
    """Tell which pixels each of 64 samples along one axis is made of: the first of them, and their weights."""
    whole = _box_filtered(max(length, STRETCHED_PX))
    if length < STRETCHED_PX:
        whole = _stretched_from(whole, length)
    used = whole != 0
    first = used.argmax(axis=1)
    taps = int((length - used[:, ::-1].argmax(axis=1) - first).max())
    first = np.minimum(first, length - taps)
    weights = np.stack([row[at : at + taps] for row, at in zip(whole, first, strict=True)])
    return first.astype(np.int64), np.ascontiguousarray(weights, np.float32)


def _box_filtered(length: int) -> Float64[np.ndarray, "64 length"]:
    """Two running means in a row, then every so manieth of their values."""
    window = math.ceil(length / (_PASSES_PER_SAMPLE * SMALL))
    ahead = (window + 2) // 2 - 1
    behind = window - 1 - ahead
    weights = np.zeros((SMALL, length))
    for sample in range(SMALL):
        centre = int((sample + 0.5) * length / SMALL)
        middle = range(max(0, centre - behind), min(length, centre + ahead + 1))
        for one in middle:
            low, high = max(0, one - behind), min(length, one + ahead + 1)
            weights[sample, low:high] += 1 / len(middle) / (high - low)
    return weights


def _stretched_from(
    weights: Float64[np.ndarray, "64 stretched"], length: int
) -> Float64[np.ndarray, "64 length"]:
    """Weigh the old pixels instead of the new ones, each of which lies between two of those."""
    to = weights.shape[1]
    at = np.clip((np.arange(to) + 0.5) * length / to - 0.5, 0, length - 1)
    low = np.minimum(at.astype(np.int64), length - 2)
    share = at - low
    old = np.zeros((length, SMALL))
    np.add.at(old, low, (weights * (1 - share)).T)
    np.add.at(old, low + 1, (weights * share).T)
    return old.T


@compiled
@no_type_check
def _sampled(
    luma: Shaped[np.ndarray, "height width"],
    first_row: Int64[np.ndarray, " 64"],
    row_weights: Float32[np.ndarray, "64 taps"],
    first_column: Int64[np.ndarray, " 64"],
    column_weights: Float32[np.ndarray, "64 more_taps"],
) -> Float32[np.ndarray, "64 64"]:
    width = luma.shape[1]
    small = np.empty((64, 64), np.float32)
    line = np.empty(width, np.float32)
    for i in range(64):
        line[:] = 0.0
        for k in range(row_weights.shape[1]):
            weight = row_weights[i, k]
            row = first_row[i] + k
            for x in range(width):
                line[x] += weight * np.float32(luma[row, x])
        for j in range(64):
            total = np.float32(0.0)
            for k in range(column_weights.shape[1]):
                total += column_weights[j, k] * line[first_column[j] + k]
            small[i, j] = total
    return small
