"""Another rate shows the same movement."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vivant.performance.curves import Performance
from vivant.studio.pacing import at_rate

RATES = st.sampled_from(
    [Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(50), Fraction(60)]
)


def ramp(frames: int, rate: Fraction) -> Performance:
    """Every curve is the time at the middle of its frame, in seconds."""
    middle_s = ((np.arange(frames) + 0.5) / float(rate)).astype(np.float32)
    return Performance(
        rate=rate,
        shapes=np.tile(middle_s[:, None], (1, 52)),
        head=np.tile(middle_s[:, None], (1, 6)),
        breath=middle_s,
    )


@given(frames=st.integers(2, 400), old=RATES, new=RATES)
def test_a_movement_keeps_its_time(frames: int, old: Fraction, new: Fraction) -> None:
    read = at_rate(ramp(frames, old), new)

    middle_s = (np.arange(read.frames) + 0.5) / float(new)
    inside = (middle_s > 0.5 / old) & (middle_s < (frames - 0.5) / old)
    assert read.rate == new
    assert np.allclose(read.breath[inside], middle_s[inside], atol=1e-3)
    assert np.allclose(read.shapes[:, 7], read.breath)
    assert abs(read.frames / float(new) - frames / float(old)) < 1 / float(new) + 1e-6


def test_the_same_rate_changes_nothing() -> None:
    performance = ramp(10, Fraction(25))

    assert at_rate(performance, Fraction(25)) is performance
