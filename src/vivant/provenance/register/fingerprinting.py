"""Fingerprints of a film while it is made: a look at its frames as they are delivered."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from jaxtyping import UInt8, UInt32

from vivant.media.compilation import owned
from vivant.media.sound import Sound
from vivant.provenance.register.cutting import NO_CUT
from vivant.provenance.register.entry import HASH_BYTES, Fingerprints
from vivant.provenance.register.pdq import SMALLEST_PX, Bits, PictureHash, distance, pdq
from vivant.provenance.register.sound_prints import subprints

LOOKS_A_SECOND = 4
"""How often a frame is looked at."""
MOVED_BITS = 10
"""Between whole seconds a picture is kept only if it differs from the last one kept by more."""


class Fingerprinter:
    """Sees the frames of one film in order, hears its sound, and tells what is to be remembered.

    One picture a second is kept, as vPDQ does, and besides each that has moved on from the last by more than
    ``MOVED_BITS`` at one of ``LOOKS_A_SECOND``, so that a screenshot from between two seconds is found as well.
    """

    def __init__(self, rate: Fraction, width: int, height: int) -> None:
        """Begin a film.

        Args:
            rate: Frames a second, exact.
            width: Of its frames, in pixels.
            height: Of its frames, in pixels.
        """
        self._rate = rate
        self._size = (height, width)
        self._step = max(1, math.floor(rate / LOOKS_A_SECOND))
        self._wholes = _Kept()
        self._inners = _Kept()
        self._last_second = -1
        self._sound: UInt32[np.ndarray, " subprints"] = np.zeros(0, np.uint32)

    def see(self, index: int, y: UInt8[np.ndarray, "height width"]) -> None:
        """Look at a frame, or pass over it.

        Args:
            index: Its number in the film; each is looked at at most once, in order.
            y: Its luma as it is delivered, label and mark included.
        """
        second = math.floor(index / self._rate)
        is_due = second > self._last_second
        if not is_due and index % self._step:
            return
        self._last_second = second
        self._wholes.see(pdq(y), second, is_due=is_due)
        inner = NO_CUT.inner_of(y)
        if min(inner.shape) >= SMALLEST_PX:
            self._inners.see(pdq(owned(inner)), second, is_due=is_due)

    def hear(self, sound: Sound) -> None:
        """Listen to the film's sound, mastered."""
        self._sound = subprints(sound)

    def done(self) -> Fingerprints:
        """Tell what was seen and heard."""
        return Fingerprints(
            pictures=self._wholes.hashes(),
            seconds=np.array(self._wholes.seconds, np.uint32),
            sound=self._sound,
            inners=self._inners.hashes(),
            inner_seconds=np.array(self._inners.seconds, np.uint32),
        )


@dataclass(slots=True)
class _Kept:
    """Hashes of one kind that are remembered."""

    bits: list[Bits] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)

    def see(self, found: PictureHash, second: int, *, is_due: bool) -> None:
        """Keep a hash that is due or has moved on, if it says something."""
        moved = not self.bits or distance(found.bits, self.bits[-1]) > MOVED_BITS
        if found.is_something and (is_due or moved):
            self.bits.append(found.bits)
            self.seconds.append(second)

    def hashes(self) -> UInt8[np.ndarray, "kept 32"]:
        """All of them, in order."""
        return np.array(self.bits, np.uint8).reshape(-1, HASH_BYTES)
