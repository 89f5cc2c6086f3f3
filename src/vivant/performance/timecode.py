"""Timecodes, hh:mm:ss:ff.fff, and the exact rate behind a column of them."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise

from vivant.errors import InputError

Moment = tuple[int, Fraction, bool]
"""Whole seconds, frames into the second, and whether two frames a minute were dropped."""

_PATTERN = re.compile(
    r"\s*(\d{1,2}):([0-5]?\d):([0-5]?\d)([:;])(\d{1,3}(?:\.\d{1,9})?)\s*", re.ASCII
)
_DAY_S = 24 * 3600
_NTSC = Fraction(1001, 1000)
ROUNDING = Fraction(1, 500)
"""Two roundings to a thousandth of a frame."""


class RateUnknownError(InputError):
    """A column of timecodes does not tell how many frames make a second."""

    code = "performance.rate-unknown"


def read_timecode(text: str) -> Moment | None:
    """Read one timecode; None when it is none."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, mark, frames = match.groups()
    return (int(hours) * 60 + int(minutes)) * 60 + int(seconds), Fraction(frames), mark == ";"


def write_timecode(frame: int, rate: Fraction) -> str:
    """Write when a frame comes, counted from 0, in the next whole number of frames a second."""
    base = -(-rate.numerator // rate.denominator)
    thousandths = round(Fraction(frame * base) / rate * 1000)
    seconds, rest = divmod(thousandths, base * 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours % 24:02}:{minutes:02}:{seconds:02}:{rest // 1000:02}.{rest % 1000:03}"


def rate_of(moments: list[Moment], *, known: Fraction | None) -> tuple[Fraction, list[int]]:
    """Find the exact rate behind a column of timecodes, and which frame each is.

    Args:
        moments: At least one, in order; a day may end between two.
        known: The rate, if the caller knows it.

    Returns:
        The rate, and the frame of each moment from 0 on; frames that were lost leave gaps.

    Raises:
        RateUnknownError: They do not run on, or last less than a second and no rate is given.
    """
    if len(moments) == 1:
        if known is None:
            raise _too_short(len(moments))
        return known, [0]
    base = _base_of(moments)
    if base is None:
        if known is None:
            raise _too_short(len(moments))
        base = -(-known.numerator // known.denominator)
    places = _counted(moments, base)
    steps = sorted(b - a for a, b in pairwise(places))
    step = steps[len(steps) // 2]
    if steps[0] <= 0 or step <= 0:
        message = (
            "The timecodes of the curves do not run on: each must be later than the one before."
        )
        raise RateUnknownError(message)
    frames = [round((place - places[0]) / step) for place in places]
    if frames[-1] and places[-1] > places[0]:  # the median step, made exact over the whole length
        step = (places[-1] - places[0]) / frames[-1]
        frames = [round((place - places[0]) / step) for place in places]
    if any(b <= a for a, b in pairwise(frames)):
        message = "The timecodes of the curves are too uneven to tell their frames apart."
        raise RateUnknownError(message)
    stray = max(abs(a - places[0] - step * b) for a, b in zip(places, frames, strict=True))
    return known or _simplest(base, step, frames=frames[-1], even=stray <= ROUNDING), frames


def _too_short(count: int) -> RateUnknownError:
    message = (
        f"The curves hold {count} frames within one second, too few to tell their rate. "
        f"Say the rate, such as 60."
    )
    return RateUnknownError(message)


def _base_of(moments: list[Moment]) -> int | None:
    """Tell in how many frames a second the timecodes count: from where they run over."""
    steps = sorted(b[1] - a[1] for a, b in pairwise(moments) if a[0] == b[0])
    step = steps[len(steps) // 2] if steps else Fraction(1)
    overs = Counter(
        round(a[1] + step - b[1]) for a, b in pairwise(moments) if (b[0] - a[0]) % _DAY_S == 1
    )
    if not overs:
        return None
    base = overs.most_common(1)[0][0]
    highest = max(moment[1] for moment in moments)
    return max(base, int(highest) + 1, 1)


def _counted(moments: list[Moment], base: int) -> list[Fraction]:
    """Count every moment in frames of the base, over midnight too."""
    counted: list[Fraction] = []
    days = 0
    for i, (seconds, frames, dropped) in enumerate(moments):
        if i and seconds < moments[i - 1][0] - _DAY_S // 2:
            days += 1
        place = Fraction((seconds + days * _DAY_S) * base) + frames
        if dropped:
            minutes = (seconds + days * _DAY_S) // 60
            place -= (base // 15) * (minutes - minutes // 10)
        counted.append(place)
    if moments[0][2]:  # what is dropped makes the count run at 1000/1001 of the base
        counted = [place * _NTSC for place in counted]
    return counted


def _simplest(base: int, step: Fraction, *, frames: int, even: bool) -> Fraction:
    """Find the simplest rate that explains the steps: a whole one, an NTSC one, or a small fraction."""
    blur = ROUNDING / frames
    for wished in (Fraction(1), _NTSC):
        if abs(step - wished) <= blur:
            return Fraction(base) / wished
    if not even and abs(step - 1) < Fraction(1, 400):  # a capture's own clock, which strays
        return Fraction(base) / min(Fraction(1), _NTSC, key=lambda wished: abs(step - wished))
    estimate = Fraction(base) / step
    slack = estimate * blur
    for most in (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 50, 100):
        simple = estimate.limit_denominator(most)
        if abs(simple - estimate) <= slack:
            return simple
    return estimate.limit_denominator(1001)
