"""Reads a performance at another rate: the same movement, other moments."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from vivant.performance.curves import Performance


def at_rate(performance: Performance, rate: Fraction) -> Performance:
    """Read a performance at another frame rate.

    A frame stands for the middle of its time on screen, so curves are read between the middles
    of the frames around it, in straight lines; before the first and after the last they stay.

    Args:
        performance: At its own rate.
        rate: Frames a second wanted, exact.

    Returns:
        As many frames as cover the same time, the last one counting even when it is partly over.
    """
    if rate == performance.rate or performance.frames == 0:
        return performance
    wanted = Fraction(performance.frames) / performance.rate * rate
    frames = max(1, -(-wanted.numerator // wanted.denominator))
    step = performance.rate / rate
    places = (np.arange(frames) + 0.5) * float(step) - 0.5
    known = np.arange(performance.frames)
    every = np.column_stack([performance.shapes, performance.head, performance.breath])
    read = np.column_stack([np.interp(places, known, curve) for curve in every.T])
    shapes, head = performance.shapes.shape[1], performance.head.shape[1]
    read = read.astype(np.float32)
    return Performance(
        rate=rate,
        shapes=np.ascontiguousarray(read[:, :shapes]),
        head=np.ascontiguousarray(read[:, shapes : shapes + head]),
        breath=np.ascontiguousarray(read[:, -1]),
    )
