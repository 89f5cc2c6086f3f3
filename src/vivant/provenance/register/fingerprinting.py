"""Fingerprints of a film while it is made: a look at its frames as they are delivered."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from jaxtyping import UInt8, UInt32

from vivant.media.compilation import owned
from vivant.media.sound import Sound
from vivant.provenance.register.entry import HASH_BYTES, Fingerprints
from vivant.provenance.register.pdq import Bits, distance, pdq
from vivant.provenance.register.screens import MIDDLE, middle_of
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
        self._kept: list[Bits] = []
        self._seconds: list[int] = []
        self._middles: list[Bits] = []
        self._middle_seconds: list[int] = []
        self._last: Bits | None = None
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
        found = pdq(y)
        if is_due:
            self._last_second = second
            middle = pdq(owned(middle_of(y, share=MIDDLE)))
            if middle.is_good:
                self._middles.append(middle.bits)
                self._middle_seconds.append(second)
        if not found.is_good:
            return
        if is_due or self._last is None or distance(found.bits, self._last) > MOVED_BITS:
            self._kept.append(found.bits)
            self._seconds.append(second)
            self._last = found.bits

    def hear(self, sound: Sound) -> None:
        """Listen to the film's sound, mastered."""
        self._sound = subprints(sound)

    def done(self) -> Fingerprints:
        """Tell what was seen and heard."""
        return Fingerprints(
            pictures=np.array(self._kept, np.uint8).reshape(-1, HASH_BYTES),
            seconds=np.array(self._seconds, np.uint32),
            sound=self._sound,
            middles=np.array(self._middles, np.uint8).reshape(-1, HASH_BYTES),
            middle_seconds=np.array(self._middle_seconds, np.uint32),
        )
