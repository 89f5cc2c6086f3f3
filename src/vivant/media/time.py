"""Moments and lengths, exactly.

A rate is a ``Fraction`` of frames a second; a moment is a whole number of frames or
of samples. Frame *i* covers the time from ``i / rate`` up to ``(i + 1) / rate``.
Floats of seconds are only for people to read.
"""

from __future__ import annotations

from fractions import Fraction

from vivant.errors import InputError

_LONGEST = 24
_BROADCAST = {
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "59.94": Fraction(60000, 1001),
}


def rate_from(text: str) -> Fraction:
    """Read a frame rate as people write it: ``"25"``, ``"30000/1001"``, ``"29.97"``.

    Args:
        text: A whole number, a fraction, or one of the broadcast decimals (23.976,
            29.97, 59.94), which mean 24000/1001, 30000/1001 and 60000/1001.

    Returns:
        The exact rate, from 1 to 120 frames a second.

    Raises:
        InputError: It is not a rate, or it is out of range.
    """
    try:
        short = text[: _LONGEST + 1].lower().replace("e", "?")  # 1e999999999 would take for ever
        rate = _BROADCAST[text] if text in _BROADCAST else Fraction(short)
    except (ValueError, ZeroDivisionError) as error:
        shown = text[:_LONGEST]
        message = f"The frame rate must be a number such as 25 or 30000/1001; {shown!r} is none."
        raise InputError(message) from error
    if not 1 <= rate <= 120:
        message = (
            f"The frame rate is {float(rate):g}; it must lie between 1 and 120 frames a second."
        )
        raise InputError(message)
    return rate


def first_sample_of(frame: int, *, rate: Fraction, sample_rate_hz: int) -> int:
    """Tell the first sample heard under a frame (rounded down, exact for any length)."""
    return (frame * sample_rate_hz * rate.denominator) // rate.numerator


def frames_covering(samples: int, *, rate: Fraction, sample_rate_hz: int) -> int:
    """Count the frames that cover a sound; the last one counts even when the sound ends in it."""
    length = Fraction(samples, sample_rate_hz) * rate
    return -(-length.numerator // length.denominator)


def seconds_of(frames: int, rate: Fraction) -> float:
    """Tell the length of some frames in seconds, for people to read."""
    return float(Fraction(frames) / rate)
