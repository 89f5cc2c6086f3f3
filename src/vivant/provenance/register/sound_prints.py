"""Fingerprints of sound: what is heard, so that a copy of it is recognised without any mark.

32 bits every 11.6 ms: for each pair of neighbouring bands whether the difference of their energies rises
or falls. Coding, resampling and noise change few of them, and two sounds that have nothing to do with one
another differ in half. Digital silence has no shape: its sub-fingerprints are ``SILENT``, and never compared.

Source:
    J. Haitsma and T. Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002: frames of
    0.37 s that overlap by 31/32, 33 bands on a logarithmic scale from 300 to 2,000 Hz, blocks of 256
    sub-fingerprints, a threshold of 0.35 on the bit error rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, no_type_check

import numpy as np
import scipy.fft
from jaxtyping import Float32, Float64, UInt32

from vivant.media.compilation import compiled, owned
from vivant.media.hearing import resampled
from vivant.media.sound import Sound

RATE_HZ: Final = 5512
"""Samples a second in which sounds are compared."""
FRAME: Final = 2048
"""Samples in one frame: 0.37 s."""
HOP: Final = 64
"""Samples from one sub-fingerprint to the next: 11.6 ms."""
PRINTS_A_SECOND: Final = RATE_HZ / HOP
BANDS: Final = 33
LOWEST_HZ: Final = 300.0
HIGHEST_HZ: Final = 2000.0
BLOCK: Final = 256
"""Sub-fingerprints, 3 s of sound, in which a sound is recognised."""
SAME: Final = 0.35
"""Bit error rate below which two blocks are of the same sound."""
SILENT: Final = 0
"""The sub-fingerprint of what cannot be heard."""

_QUIETEST = 1e-9
"""Mean square below which a frame is silent: -90 dB of full scale."""
_FRAMES_AT_ONCE = 1024
_MOST_BLOCKS = 4
_SURE = 0.2
"""Below this error no other block is laid."""
_FEWEST = 0.5
"""Share of a block that must be heard on both sides for it to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a sound lies in another."""

    offset: int
    """The stored sub-fingerprint at which the query begins; below 0 where it begins before."""
    error: float
    """Bit error rate, 0 to 0.5 and a little more; 1.0 where nothing could be compared."""

    @property
    def same(self) -> bool:
        """Whether the two are one sound."""
        return self.error < SAME


def subprints(sound: Sound) -> UInt32[np.ndarray, " subprints"]:
    """Tell what a sound sounds like.

    Args:
        sound: Mono, of any rate and length; below 0.4 s it has no sub-fingerprint.

    Returns:
        32 bits every 11.6 ms. Any one of them depends on nothing but the 0.38 s of sound it stands for.
    """
    heard = resampled(sound, sample_rate_hz=RATE_HZ).samples
    frames = (len(heard) - FRAME) // HOP + 1
    if frames < 2:
        return np.zeros(0, np.uint32)
    made = [
        _bits_of(heard[first * HOP : (min(first + _FRAMES_AT_ONCE, frames - 1)) * HOP + FRAME])
        for first in range(0, frames - 1, _FRAMES_AT_ONCE)
    ]
    return np.concatenate(made)


def bit_error(
    one: UInt32[np.ndarray, " subprints"], other: UInt32[np.ndarray, " subprints"]
) -> float:
    """Tell what share of the bits differs; 1.0 where less than half of the places is heard in both."""
    if not len(one):
        return 1.0
    both = (one != SILENT) & (other != SILENT)
    count = int(both.sum())
    if count < _FEWEST * len(one):
        return 1.0
    return int(np.bitwise_count(one[both] ^ other[both]).sum()) / (32 * count)


def find_in(query: UInt32[np.ndarray, " query"], stored: UInt32[np.ndarray, " stored"]) -> Found:
    """Find where a stretch of sound fits best in a stored sound.

    Some blocks of the shorter one, those in which most is heard, are laid at every place of the longer one. An
    hour is searched for a block in about 0.1 s.

    Args:
        query: Of the sound to be recognised.
        stored: Of a sound of ours.
    """
    if not len(query) or not len(stored):
        return Found(offset=0, error=1.0)
    if len(query) > len(stored):
        turned = find_in(stored, query)
        return Found(offset=-turned.offset, error=turned.error)
    best = Found(offset=0, error=1.0)
    for first in _blocks_of(query):
        block = query[first : first + BLOCK]
        at, error = _laid(owned(block), owned(stored), max(1, int(_FEWEST * len(block))))
        if error < best.error:
            best = Found(offset=int(at) - first, error=float(error))
        if best.error < _SURE:
            break
    return best


def _blocks_of(query: UInt32[np.ndarray, " query"]) -> list[int]:
    """Choose blocks that do not overlap: those of which most is heard first."""
    firsts = np.arange(0, max(1, len(query) - BLOCK + 1), BLOCK)
    heard = [int((query[first : first + BLOCK] != SILENT).sum()) for first in firsts]
    order = np.argsort(-np.array(heard), kind="stable")[:_MOST_BLOCKS]
    return [int(firsts[i]) for i in order]


@compiled
@no_type_check
def _laid(
    block: UInt32[np.ndarray, " block"], stored: UInt32[np.ndarray, " stored"], fewest: int
) -> tuple[int, float]:
    best_at = 0
    best = 1.0
    size = len(block)
    for at in range(len(stored) - size + 1):
        wrong = 0
        compared = 0
        for i in range(size):
            a = block[i]
            b = stored[at + i]
            if a != 0 and b != 0:
                bits = a ^ b
                bits = bits - ((bits >> np.uint32(1)) & np.uint32(0x55555555))
                bits = (bits & np.uint32(0x33333333)) + (
                    (bits >> np.uint32(2)) & np.uint32(0x33333333)
                )
                bits = (bits + (bits >> np.uint32(4))) & np.uint32(0x0F0F0F0F)
                wrong += ((bits * np.uint32(0x01010101)) >> np.uint32(24)) & np.uint32(0xFF)
                compared += 1
        if compared >= fewest:
            error = wrong / (32.0 * compared)
            if error < best:
                best = error
                best_at = at
    return best_at, best


def _bits_of(
    samples: Float32[np.ndarray, " samples"],
) -> UInt32[np.ndarray, " subprints"]:
    """Make the sub-fingerprints of a stretch; one less than it has frames."""
    views = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP]
    spectrum = scipy.fft.rfft(views * _window(), axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    energy = np.add.reduceat(power, _edges(), axis=1)[:, :BANDS].astype(np.float64)
    slope = energy[:, :-1] - energy[:, 1:]
    rises = slope[1:] - slope[:-1] > 0
    bits = np.packbits(rises, axis=1, bitorder="little").view("<u4")[:, 0].astype(np.uint32)
    heard = np.mean(np.square(views), axis=1) > _QUIETEST
    bits = np.where(bits == SILENT, np.uint32(1), bits)
    return np.where(heard[1:] & heard[:-1], bits, np.uint32(SILENT))


def _window() -> Float32[np.ndarray, " frame"]:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)


def _edges() -> np.ndarray:
    """Tell with which bin each band begins, and with which the last ends."""
    hertz: Float64[np.ndarray, " edges"] = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    return np.rint(hertz * FRAME / RATE_HZ).astype(np.int64)
